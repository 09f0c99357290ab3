import type { SettingsView } from "../../api/types";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef, type ReactNode } from "react";

import { Facts } from "../../components/phrase";
import { Skeleton } from "../../components/states/skeleton";
import { Failed } from "../../components/states/states";
import { useAddress } from "../../frame/address";
import { useScope } from "../../frame/scope";
import { useReply } from "../../platform/reply";
import type { Address } from "../../router";
import { Network } from "../activity/network";
import { Display } from "./display";
import { Limits } from "./limits";
import { Notifications } from "./notifications";
import { Privacy } from "./privacy";
import { Runs } from "./runs";
import { Workspace } from "./workspace";
import styles from "./settings.module.css";

const SECTIONS = [
  { id: "limits", title: "Limits and materiality" },
  { id: "display", title: "Display" },
  { id: "runs", title: "Runs and this computer" },
  { id: "notifications", title: "Notifications" },
  { id: "privacy", title: "Privacy" },
  { id: "workspace", title: "Workspace" },
  { id: "data", title: "Where data lies" },
  { id: "network", title: "Network" },
  { id: "about", title: "About" },
] as const;

type SectionId = (typeof SECTIONS)[number]["id"];

function sectionOf(text: string | undefined): SectionId {
  return SECTIONS.find((section) => section.id === text)?.id ?? "limits";
}

function Nav({ at }: { at: SectionId }) {
  const { search } = useAddress();
  return (
    <nav className={styles.nav} aria-label="Settings sections">
      <h1>Settings</h1>
      <ul>
        {SECTIONS.map(({ id, title }) => (
          <li key={id}>
            <Link
              to="/settings"
              search={{ ...search, view: id } as Address}
              aria-current={id === at ? "true" : undefined}
              activeProps={{}}
            >
              {title}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Section({ id, children }: { id: SectionId; children: ReactNode }) {
  const title = SECTIONS.find((section) => section.id === id)?.title ?? "";
  return (
    <section id={`settings-${id}`} className={styles.section} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{title}</h2>
      {children}
    </section>
  );
}

function Sections({ view }: { view: SettingsView }) {
  return (
    <>
      <Section id="limits">
        <Limits view={view.limits} />
      </Section>
      <Section id="display">
        <Display />
      </Section>
      <Section id="runs">
        <Runs view={view.schedule} />
      </Section>
      <Section id="notifications">
        <Notifications />
      </Section>
      <Section id="privacy">
        <Privacy />
      </Section>
      <Section id="workspace">
        <Workspace facts={view.workspace} />
      </Section>
      <Section id="data">
        <p className={`soft ${styles.lead}`}>
          Everything lies in one folder of this computer. There is no server of ours.
        </p>
        <Facts of={view.data} />
      </Section>
      <Section id="network">
        <p className={`soft ${styles.lead}`}>
          Every host that was contacted, with requests, bytes and purpose.
        </p>
        <Network />
      </Section>
      <Section id="about">
        <Facts of={view.about} />
      </Section>
    </>
  );
}

/** Room above a section that was jumped to. */
const ABOVE_PX = 20;

/** Brings the section that the address names to the top of the page. */
function useShown(view: string | undefined, ready: boolean) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const page = place.current;
    const id = `#settings-${sectionOf(view)}`;
    const section = page?.querySelector<HTMLElement>(id) ?? null;
    if (view !== undefined && ready && page !== null && section !== null) {
      page.scrollTop = section.offsetTop - ABOVE_PX;
    }
  }, [view, ready]);
  return place;
}

export function Screen() {
  const { search } = useAddress();
  const scope = useScope();
  const enabled = scope.as_of !== "";
  const reply = useReply("settings", { scope }, { enabled, keep: true });
  const place = useShown(search["view"], reply.data !== undefined);
  return (
    <div className={`page ${styles.screen}`} aria-busy={reply.isFetching}>
      <Nav at={sectionOf(search["view"])} />
      <div className={`scroll ${styles.page}`} ref={place}>
        {reply.isError ? (
          <Failed failure={reply.error} onRetry={() => void reply.refetch()} />
        ) : reply.data === undefined ? (
          <Skeleton label="Loading the settings" widths={["40%", "70%", "66%", "72%", "60%"]} />
        ) : (
          <Sections view={reply.data} />
        )}
      </div>
    </div>
  );
}
