import type { CommandId } from "../commands/catalog";
import type { IconName } from "../components/icon/icon";

export type PlaceName =
  | "overview"
  | "receivables"
  | "deals"
  | "reconciliation"
  | "workpapers"
  | "activity"
  | "connections"
  | "settings";

export type Place = {
  name: PlaceName;
  path: `/${PlaceName}`;
  label: string;
  icon: IconName;
  go: CommandId;
};

function place(name: PlaceName, label: string): Place {
  return { name, path: `/${name}`, label, icon: name, go: `go.${name}` };
}

export const WORK: readonly Place[] = [
  place("overview", "Overview"),
  place("receivables", "Receivables"),
  place("deals", "Deals"),
  place("reconciliation", "Reconciliation"),
  place("workpapers", "Workpapers"),
];

export const SYSTEM: readonly Place[] = [
  place("activity", "Activity"),
  place("connections", "Connections & mapping"),
  place("settings", "Settings"),
];
