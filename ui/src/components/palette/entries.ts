import type { FoundGroup, FoundView } from "../../api/types";
import type { Command } from "../../commands/registry";
import { day } from "../../format/dates";
import { typedDay } from "../../format/typed_day";
import type { IconName } from "../icon/icon";

export type Prefix = ">" | "@" | "#" | "?" | "";

export type Entry = { id: string } & (
  | { kind: "command"; command: Command }
  | { kind: "found"; found: FoundView; icon: IconName }
  | { kind: "day"; day: string }
);
export type EntryGroup = { title: string; entries: Entry[] };

const PREFIXES: readonly Prefix[] = [">", "@", "#", "?"];
/** More commands than a screen holds are found by typing. */
const COMMANDS_MAX = 12;
const AS_OF = /^(?:as of|asof)\s+(.+)$/i;

const FOUND_ICONS: Record<FoundView["kind"], IconName> = {
  deal: "deals",
  account: "receivables",
  document: "file",
  amount: "find",
};

export function splitPrefix(typed: string): { prefix: Prefix; text: string } {
  const text = typed.trimStart();
  const prefix = PREFIXES.find((one) => one !== "" && text.startsWith(one)) ?? "";
  return { prefix, text: text.slice(prefix.length).trim() };
}

/** Every word that was typed begins a word of the command. */
export function matches(command: Command, text: string): boolean {
  const all = `${command.title} ${command.note ?? ""} ${command.words ?? ""} ${command.group}`;
  const words = all.toLowerCase().split(/[^\p{L}\p{N}]+/u);
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((typed) => words.some((word) => word.startsWith(typed)));
}

/** A title that begins with the text comes before one that only contains it. */
function byTitle(text: string): (a: Command, b: Command) => number {
  const rank = (one: Command) => (one.title.toLowerCase().startsWith(text.toLowerCase()) ? 0 : 1);
  return (a, b) => rank(a) - rank(b);
}

function commandEntry(command: Command): Entry {
  return { id: command.id, kind: "command", command };
}

function groupOfCommands(title: string, commands: readonly Command[]): EntryGroup {
  return { title, entries: commands.map(commandEntry) };
}

const TITLES: [string, (command: Command) => boolean][] = [
  ["For the selection", (command) => command.group === "Record"],
  ["Go to", (command) => command.group === "Go"],
  ["Commands", (command) => command.group !== "Record" && command.group !== "Go"],
];

function commandGroups(commands: readonly Command[], text: string): EntryGroup[] {
  const found = commands
    .filter((command) => command.id !== "palette.open" && (text === "" || matches(command, text)))
    .sort(byTitle(text));
  return TITLES.map(([title, belongs]) =>
    groupOfCommands(title, found.filter(belongs).slice(0, COMMANDS_MAX)),
  );
}

function foundGroups(groups: readonly FoundGroup[], prefix: Prefix): EntryGroup[] {
  const wanted = { "@": "account", "#": "document" }[prefix as string];
  return groups.map(({ title, found }, at) => ({
    title,
    entries: found
      .filter((one) => wanted === undefined || one.kind === wanted)
      .map(
        (one, nth): Entry => ({
          id: `found-${at}-${nth}`,
          kind: "found",
          found: one,
          icon: FOUND_ICONS[one.kind],
        }),
      ),
  }));
}

function dayGroup(text: string, asOf: string): EntryGroup[] {
  const typed = AS_OF.exec(text)?.[1];
  const read = typed === undefined ? null : typedDay(typed, Number(asOf.slice(0, 4)));
  if (read === null) {
    return [];
  }
  return [{ title: "Scope", entries: [{ id: `as-of-${read}`, kind: "day", day: read }] }];
}

export type Asked = {
  typed: string;
  commands: readonly Command[];
  found: readonly FoundGroup[];
  /** Ids of commands, latest first. */
  recent: readonly string[];
  asOf: string;
};

/** What the palette lists, in order. */
export function entryGroups({ typed, found, recent, asOf, ...asked }: Asked): EntryGroup[] {
  const commands = asked.commands.filter((command) => command.unlisted !== true);
  const { prefix, text } = splitPrefix(typed);
  if (prefix === "?") {
    const withKeys = commands.filter((command) => (command.keys?.length ?? 0) > 0);
    return filled(commandGroups(withKeys, text));
  }
  if (prefix === ">") {
    return filled(commandGroups(commands, text));
  }
  if (prefix === "@" || prefix === "#") {
    return filled(foundGroups(found, prefix));
  }
  if (text === "") {
    const latest = recent.flatMap((id) => commands.find((command) => command.id === id) ?? []);
    const rest = commands.filter((command) => !recent.includes(command.id));
    return filled([groupOfCommands("Recent", latest), ...commandGroups(rest, "")]);
  }
  return filled([
    ...foundGroups(found, ""),
    ...dayGroup(text, asOf),
    ...commandGroups(commands, text),
  ]);
}

function filled(groups: EntryGroup[]): EntryGroup[] {
  return groups.filter((group) => group.entries.length > 0);
}

export function nameOf(entry: Entry): string {
  if (entry.kind === "command") {
    return entry.command.title;
  }
  return entry.kind === "day" ? `As of ${day(entry.day)}` : entry.found.label;
}
