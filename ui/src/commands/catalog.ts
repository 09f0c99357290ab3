import type { IconName } from "../components/icon/icon";
import type { Chord } from "../components/keys/chord";
import table from "./catalog.json";
import type { Command, CommandGroup } from "./registry";

// The native menus are built from the same table, so an id means one thing everywhere.
export type CommandId = keyof typeof table;

type Entry = { title: string; group: string; keys: Chord[] };

const ICONS: Partial<Record<CommandId, IconName>> = {
  "go.overview": "overview",
  "go.receivables": "receivables",
  "go.deals": "deals",
  "go.reconciliation": "reconciliation",
  "go.workpapers": "workpapers",
  "go.activity": "activity",
  "go.connections": "connections",
  "go.settings": "settings",
  "deal.resync": "sync",
  "record.open_salesforce": "out",
  "record.open_books": "out",
  "record.copy_evidence": "copy",
  "view.copy_link": "copy",
  "view.hide_amounts": "eye",
  "run.now": "sync",
  "palette.open": "find",
  "help.keys": "help",
  "file.export": "file",
  "file.print": "file",
};

const GROUPS: readonly CommandGroup[] = ["File", "Edit", "View", "Go", "Record", "Window", "Help"];

function groupOf(name: string): CommandGroup {
  const group = GROUPS.find((one) => one === name);
  if (group === undefined) {
    throw new Error(`the command catalog names a group that is not there: ${name}`);
  }
  return group;
}

export const CATALOG_IDS = Object.keys(table) as CommandId[];

/** The chord to print beside a control that does the same as the command. */
export function keysOf(id: CommandId): Chord | undefined {
  const entry: Entry = table[id];
  return entry.keys[0];
}

/** A command of the catalog with what it does here; `more` may say another title. */
export function command(
  id: CommandId,
  run: () => void,
  more: Partial<Omit<Command, "id" | "run">> = {},
): Command {
  const entry: Entry = table[id];
  const icon = ICONS[id];
  return {
    id,
    title: entry.title,
    group: groupOf(entry.group),
    keys: entry.keys,
    ...(icon === undefined ? {} : { icon }),
    ...more,
    run,
  };
}
