import { useState } from "react";

import type { DealView, EvidenceView, Target } from "../../api/types";
import { command } from "../../commands/catalog";
import { useCommands } from "../../commands/context";
import { Button, IconButton } from "../../components/controls/button";
import { Menu, type MenuEntry } from "../../components/controls/menu";
import { Drawer, DrawerActions, DrawerSection, DrawerTitle } from "../../components/drawer";
import { Evidence } from "../../components/evidence";
import { Figures } from "../../components/figures";
import { StatusWord } from "../../components/glyph";
import { Money } from "../../components/money";
import { Go } from "../../components/phrase";
import { ResyncButton, ResyncLine, useResync } from "../../components/resync";
import { Skeleton } from "../../components/states/skeleton";
import { Failed } from "../../components/states/states";
import { Timeline, useTimeline } from "../../components/timeline";
import { useToast } from "../../components/toast/toast";
import { useAct } from "../../frame/global_commands";
import { useClosed, useScope } from "../../frame/scope";
import { usePlatform } from "../../platform/context";
import { useReply } from "../../platform/reply";
import { OpenButtons } from "../list/open_in";
import type { useOpenRecord } from "../list/record";
import { CreateDialog } from "./create";
import { DecisionDialog, type Decision } from "./decisions";
import styles from "./deals.module.css";

const ACTIVITY: Target = {
  screen: "activity",
  view: null,
  record: null,
  ledger: null,
  as_of: null,
};

type DealDrawerProps = {
  opened: ReturnType<typeof useOpenRecord>;
  opportunity: string;
  width: number;
  onWidth: (width: number) => void;
};

function evidenceText(all: EvidenceView[]): string {
  return all
    .map(({ title, tier, rows, rivals, rule }) =>
      [
        `${title} (${tier})`,
        ...rows.map(({ field, crm, books, result }) => `${field}\t${crm}\t${books}\t${result}`),
        ...rivals.map((rival) => `Rival: ${rival}`),
        rule,
      ].join("\n"),
    )
    .join("\n\n");
}

function entriesOf({ evidence, excluded }: DealView, shut: boolean): MenuEntry[] {
  const documents = evidence.flatMap(({ document }) => document ?? []);
  return [
    { id: "link", label: "Link a document…", keys: "L", closed: shut },
    ...documents.map((document) => ({
      id: `unlink ${document}`,
      label: `Unlink ${document}…`,
      closed: shut,
    })),
    excluded === null
      ? { id: "exclude", label: "Exclude this deal…", closed: shut }
      : { id: "include", label: "Include this deal again", closed: shut },
    {
      id: "copy",
      label: "Copy evidence as text",
      keys: "Mod+Shift+E",
      closed: documents.length === 0,
    },
  ];
}

/** Decisions about the open deal, in its menu and as commands. */
function useDealActions(deal: DealView, resync: ReturnType<typeof useResync>) {
  const platform = usePlatform();
  const scope = useScope();
  const act = useAct();
  const say = useToast();
  const closed = useClosed();
  const [decision, setDecision] = useState<Decision | null>(null);
  const [creates, setCreates] = useState(false);
  const { opportunity, name } = deal;
  const createClosed = closed ?? deal.create?.closed ?? null;
  const copy = () => {
    void navigator.clipboard
      .writeText(evidenceText(deal.evidence))
      .then(() => say({ said: "Evidence copied", undo: false }));
  };
  const include = () => act(platform.call("include_deal", { scope, opportunity }));
  const exclude = () => setDecision({ kind: "exclude", opportunity, name });
  const link = () => setDecision({ kind: "link", opportunity, name });
  useCommands([
    command("deal.resync", resync.run, { closed: closed ?? deal.resync.closed }),
    ...(deal.create === null
      ? []
      : [command("deal.create_invoice", () => setCreates(true), { closed: createClosed })]),
    deal.excluded === null
      ? command("deal.exclude", exclude, { closed })
      : command("deal.include", include, { closed }),
    command("record.link", link, { closed }),
    ...(deal.evidence.length === 0 ? [] : [command("record.copy_evidence", copy)]),
  ]);
  const choose = (id: string) => {
    if (id === "link") link();
    else if (id === "exclude") exclude();
    else if (id === "include") include();
    else if (id === "copy") copy();
    else setDecision({ kind: "unlink", opportunity, name, document: id.slice("unlink ".length) });
  };
  return {
    entries: entriesOf(deal, closed !== null),
    choose,
    closed,
    createClosed,
    create: () => setCreates(true),
    dialogs: (
      <>
        {decision !== null && (
          <DecisionDialog decision={decision} onClose={() => setDecision(null)} />
        )}
        {creates && <CreateDialog opportunity={opportunity} onClose={() => setCreates(false)} />}
      </>
    ),
  };
}

function Head({ deal }: { deal: DealView }) {
  const resync = useResync(deal.opportunity, useScope().ledger);
  const actions = useDealActions(deal, resync);
  return (
    <>
      <div className={styles.name}>
        <DrawerTitle>{deal.name}</DrawerTitle>
        <Menu
          trigger={<IconButton small icon="dots" label="More actions" />}
          label="More actions"
          groups={[{ entries: actions.entries }]}
          onAction={actions.choose}
        />
      </div>
      <p className={styles.status}>
        <span className="soft">{deal.account}</span>
        <StatusWord glyph={deal.status.glyph} word={deal.status.word} tone={deal.status.tone} />
      </p>
      <DrawerActions>
        <ResyncButton resync={resync} closed={actions.closed ?? deal.resync.closed} />
        <OpenButtons links={deal.links} />
        {deal.create !== null && (
          <Button onPress={actions.create} closed={actions.createClosed}>
            Create invoice…
          </Button>
        )}
      </DrawerActions>
      <ResyncLine resync={resync} hint={deal.resync.hint} />
      {actions.dialogs}
    </>
  );
}

function Body({ deal }: { deal: DealView }) {
  const timeline = useTimeline(deal.events);
  return (
    <>
      {deal.excluded !== null && (
        <section className={styles.excluded}>
          <StatusWord glyph="crossed_ring" tone="soft" word={`Excluded by ${deal.excluded.by}`} />
          <p className="soft">{deal.excluded.reason}</p>
        </section>
      )}
      <section className={styles.figures}>
        <Figures figures={deal.figures} currency={deal.currency} />
      </section>
      <DrawerSection title="What happened" more={timeline.more}>
        <Timeline events={timeline.shown} currency={deal.currency} />
      </DrawerSection>
      {deal.status.tone === "unsure" && (
        <DrawerSection title="What you can do">
          <Go target={ACTIVITY}>Ask the books, or decide, in Activity</Go>
        </DrawerSection>
      )}
      {deal.evidence.map((evidence) => (
        <DrawerSection key={evidence.title} title={evidence.title} more={evidence.tier}>
          <Evidence evidence={evidence} />
        </DrawerSection>
      ))}
      {deal.reasons.length > 0 && (
        <DrawerSection title="Reason of the difference">
          {deal.reasons.map(({ status, amount, note, owner }) => (
            <p key={`${status.word}${amount}`}>
              <StatusWord glyph={status.glyph} word={status.word} tone={status.tone} />{" "}
              <Money amount={amount} currency={deal.currency} />{" "}
              <span className="soft">{[owner, note].filter((part) => part !== "").join(", ")}</span>
            </p>
          ))}
        </DrawerSection>
      )}
    </>
  );
}

/** One deal from Closed Won to cash, and everything a person may do about it. */
export function DealDrawer({ opened, opportunity, width, onWidth }: DealDrawerProps) {
  const scope = useScope();
  const { data, error, refetch } = useReply("deal", { scope, opportunity }, { keep: true });
  return (
    <Drawer
      label={data === undefined ? "Deal" : `Deal: ${data.name}`}
      kind="Deal"
      id={data?.reference ?? ""}
      noun="deal"
      position={opened.place.position}
      total={opened.place.total}
      width={width}
      onWidth={onWidth}
      onStep={opened.step}
      onClose={opened.close}
      focusIn={opened.entered}
      head={data !== undefined && <Head deal={data} key={data.opportunity} />}
    >
      {error !== null && <Failed failure={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && (
        <Skeleton label="Reading the deal" widths={["100%", "80%", "70%", "90%", "60%"]} />
      )}
      {data !== undefined && <Body deal={data} />}
    </Drawer>
  );
}
