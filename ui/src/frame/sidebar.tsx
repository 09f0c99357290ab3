import { Link } from "@tanstack/react-router";

import type { AppState } from "../api/types";
import { Button as AriaButton } from "react-aria-components";
import { useRegistry } from "../commands/context";
import { classes } from "../components/classes";
import { Menu } from "../components/controls/menu";
import { Chevron, Icon, Mark } from "../components/icon/icon";
import { count } from "../format/count";
import { MOVES_WINDOW } from "../platform/title_bar";
import { following } from "./address";
import { SYSTEM, WORK, type Place } from "./places";
import styles from "./sidebar.module.css";

function Entry({ place, app }: { place: Place; app: AppState | undefined }) {
  const waiting = app?.waiting.find((one) => one.screen === place.name && one.count > 0);
  return (
    <Link to={place.path} search={(now) => following(now)} className={styles.entry}>
      <Icon name={place.icon} />
      <span className={styles.word}>{place.label}</span>{" "}
      {waiting === undefined ? null : (
        <span className={styles.count}>
          {count(waiting.count)} <span className="vh">{waiting.what}</span>
        </span>
      )}
    </Link>
  );
}

function Workspace({ app }: { app: AppState | undefined }) {
  const registry = useRegistry();
  const workspace = app?.workspace ?? null;
  if (workspace === null) {
    return <span className={styles.name}>Tieout</span>;
  }
  const entries = [
    { id: "go.connections", label: "Connections & mapping" },
    { id: "go.settings", label: "Settings" },
    workspace.sample
      ? { id: "file.close_sample", label: "Close the sample company" }
      : { id: "file.open_sample", label: "Open the sample company" },
  ];
  return (
    <Menu
      label="Workspace"
      groups={[{ title: `${workspace.name} ${workspace.note}`, entries }]}
      onAction={(id) => registry.run(id)}
      trigger={
        <AriaButton className={styles.workspace}>
          <span className="vh">Workspace:</span>{" "}
          <span className={styles.names}>
            <span className={styles.name} title={workspace.name}>
              {workspace.name}
            </span>{" "}
            <span className={classes("dim", "small", styles.kind)}>{workspace.note}</span>
          </span>
          <Chevron />
        </AriaButton>
      }
    />
  );
}

export function Sidebar({ app }: { app: AppState | undefined }) {
  return (
    <aside className={styles.side} aria-label="Workspace and navigation" data-region="sidebar">
      <div className={styles.brand} {...MOVES_WINDOW}>
        <Mark className={styles.mark} />
        <Workspace app={app} />
      </div>
      <nav className={styles.nav} aria-label="Work">
        {WORK.map((place) => (
          <Entry key={place.name} place={place} app={app} />
        ))}
      </nav>
      <nav className={styles.nav} aria-label="System">
        {SYSTEM.map((place) => (
          <Entry key={place.name} place={place} app={app} />
        ))}
      </nav>
      {app?.person === undefined || app.person === null ? null : (
        <div className={styles.who}>
          <span>{app.person.name}</span>
          <span className="dim">{app.person.role}</span>
        </div>
      )}
    </aside>
  );
}
