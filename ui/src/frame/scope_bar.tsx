import { useState } from "react";
import { Button as AriaButton } from "react-aria-components";

import type { AppState } from "../api/types";
import { command, keysOf } from "../commands/catalog";
import { useCommands, useRegistry } from "../commands/context";
import { IconButton } from "../components/controls/button";
import { Menu, type MenuGroup } from "../components/controls/menu";
import { Chevron, Icon } from "../components/icon/icon";
import { Keys } from "../components/keys/keys";
import { clock, day, monthOf } from "../format/dates";
import { MOVES_WINDOW } from "../platform/title_bar";
import { useAddress } from "./address";
import { AnotherDay } from "./another_day";
import { usePreferences } from "./preferences";
import { useScope } from "./scope";
import styles from "./scope_bar.module.css";

type ControlName = "entity" | "period" | "as_of" | "known";
const OTHER = "other";
const NOW = "now";

type ControlProps = {
  label: string;
  value: string;
  groups: MenuGroup[];
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onChoose: (id: string) => void;
};

function Control(props: ControlProps) {
  return (
    <Menu
      label={props.label}
      groups={props.groups}
      open={props.open}
      onOpenChange={props.onOpenChange}
      onAction={props.onChoose}
      trigger={
        <AriaButton className={styles.control}>
          <span className={styles.label}>{props.label}</span>{" "}
          <span className={styles.value}>{props.value}</span>
          <Chevron />
        </AriaButton>
      }
    />
  );
}

function entityGroups(app: AppState | undefined, ledger: string | null): MenuGroup[] {
  const all = app?.ledgers ?? [];
  const entries = all.map((one) => ({
    id: one.id,
    label: one.name,
    note: one.currency,
    checked: one.id === ledger || all.length === 1,
  }));
  return [{ entries }];
}

function periodGroups(app: AppState | undefined, asOf: string): MenuGroup[] {
  const month = asOf.slice(0, 7);
  const entries = (app?.periods ?? []).map((one) => ({
    id: one.as_of,
    label: one.label,
    checked: one.as_of.slice(0, 7) === month,
  }));
  return [{ entries }];
}

function dayGroups(app: AppState | undefined, asOf: string): MenuGroup[] {
  const ends = (app?.periods ?? []).map((one) => one.as_of);
  const days = ends.includes(asOf) || asOf === "" ? ends : [asOf, ...ends];
  const entries = days.map((one) => ({ id: one, label: day(one), checked: one === asOf }));
  return [{ entries }, { entries: [{ id: OTHER, label: "Another day…" }] }];
}

function knownGroups(app: AppState | undefined, known: string | null): MenuGroup[] {
  const moments = (app?.known ?? []).map((one) => ({
    id: one.known_at,
    label: one.label,
    note: one.note,
    checked: one.known_at === known,
  }));
  return [
    { entries: [{ id: NOW, label: "now", checked: known === null }] },
    { title: "What was known", entries: moments },
  ];
}

export function knownLabel(app: AppState | undefined, known: string): string {
  const moment = app?.known.find((one) => one.known_at === known);
  return moment?.label ?? `${day(known)} ${clock(known)}`;
}

function ScopeControls({ app }: { app: AppState | undefined }) {
  const { ledger, as_of, known_at } = useScope();
  const { patch } = useAddress();
  const [open, setOpen] = useState<ControlName | null>(null);
  const [asking, setAsking] = useState(false);
  useCommands([
    command("scope.entity", () => setOpen("entity")),
    command("scope.period", () => setOpen("period")),
    command("scope.as_of", () => setOpen("as_of")),
  ]);
  const opening = (name: ControlName) => ({
    open: open === name,
    onOpenChange: (now: boolean) => setOpen(now ? name : null),
  });
  const ledgers = app?.ledgers ?? [];
  const chosen = ledgers.find((one) => one.id === ledger) ?? ledgers[0];
  return (
    <div className={styles.controls}>
      <Control
        label="Entity"
        value={chosen?.name ?? "none"}
        groups={entityGroups(app, ledger)}
        {...opening("entity")}
        onChoose={(id) => patch({ ledger: id }, { push: true })}
      />
      <span className={styles.sep} />
      <Control
        label="Period"
        value={as_of === "" ? "…" : monthOf(as_of)}
        groups={periodGroups(app, as_of)}
        {...opening("period")}
        onChoose={(id) => patch({ as_of: id }, { push: true })}
      />
      <span className={styles.sep} />
      <Control
        label="As of"
        value={as_of === "" ? "…" : day(as_of)}
        groups={dayGroups(app, as_of)}
        {...opening("as_of")}
        onChoose={(id) => (id === OTHER ? setAsking(true) : patch({ as_of: id }, { push: true }))}
      />
      <span className={styles.sep} />
      <Control
        label="As known"
        value={known_at === null ? "now" : knownLabel(app, known_at)}
        groups={knownGroups(app, known_at)}
        {...opening("known")}
        onChoose={(id) => patch({ known_at: id === NOW ? null : id }, { push: true })}
      />
      <AnotherDay
        open={asking}
        from={as_of}
        onClose={() => setAsking(false)}
        onChoose={(as_of) => patch({ as_of }, { push: true })}
      />
    </div>
  );
}

export function ScopeBar({ app }: { app: AppState | undefined }) {
  const registry = useRegistry();
  const { hide_amounts } = usePreferences();
  const find = keysOf("palette.open") ?? "";
  return (
    <header className={styles.scope} aria-label="Scope" data-region="scope" {...MOVES_WINDOW}>
      <ScopeControls app={app} />
      <div className={styles.end}>
        <AriaButton className={styles.find} onPress={() => registry.run("palette.open")}>
          <Icon name="find" />
          <span>Find or do anything</span>
          <Keys of={find} />
        </AriaButton>
        <IconButton
          icon="eye"
          label={hide_amounts ? "Show amounts" : "Hide amounts"}
          keys={keysOf("view.hide_amounts")}
          onPress={() => registry.run("view.hide_amounts")}
        />
        <IconButton
          icon="help"
          label="Keyboard shortcuts"
          keys={keysOf("help.keys")}
          onPress={() => registry.run("help.keys")}
        />
      </div>
    </header>
  );
}
