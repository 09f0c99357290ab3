import { expect, test } from "vitest";

import type { FoundGroup } from "../../api/types";
import { command } from "../../commands/catalog";
import { entryGroups, nameOf, splitPrefix, type Asked } from "./entries";

const nothing = () => undefined;
const COMMANDS = [
  command("go.reconciliation", nothing, { note: "6 to decide" }),
  command("file.export", nothing),
  command("deal.resync", nothing),
  command("file.open_sample", nothing),
];
const TARGET = { screen: "deals", view: null, record: "D-1", ledger: null, as_of: null };
const FOUND: FoundGroup[] = [
  {
    title: "Best matches",
    found: [
      { kind: "account", label: "Kestrel Ridge", note: "", amount: null, target: TARGET },
      { kind: "document", label: "Invoice 2275", note: "", amount: null, target: TARGET },
    ],
  },
];

function lines(typed: string, more: Partial<Asked> = {}): string[] {
  const groups = entryGroups({
    typed,
    commands: COMMANDS,
    found: [],
    recent: [],
    asOf: "2026-06-30",
    ...more,
  });
  return groups.map((group) => `${group.title}: ${group.entries.map(nameOf).join(", ")}`);
}

test("nothing typed lists what can be done, for the selection first", () => {
  expect(lines("")).toEqual([
    "For the selection: Resync this deal",
    "Go to: Reconciliation",
    "Commands: Export, Open the sample company",
  ]);
});

test("recent commands come first, once", () => {
  expect(lines("", { recent: ["file.export", "deal.resync"] })).toEqual([
    "Recent: Export, Resync this deal",
    "Go to: Reconciliation",
    "Commands: Open the sample company",
  ]);
});

test("records come before commands", () => {
  expect(lines("re", { found: FOUND })).toEqual([
    "Best matches: Kestrel Ridge, Invoice 2275",
    "For the selection: Resync this deal",
    "Go to: Reconciliation",
  ]);
});

test("prefixes choose the kind", () => {
  expect(lines(">exp", { found: FOUND })).toEqual(["Commands: Export"]);
  expect(lines("@k", { found: FOUND })).toEqual(["Best matches: Kestrel Ridge"]);
  expect(lines("#2", { found: FOUND })).toEqual(["Best matches: Invoice 2275"]);
});

test("? lists only what has keys", () => {
  expect(lines("?")).toEqual([
    "For the selection: Resync this deal",
    "Go to: Reconciliation",
    "Commands: Export",
  ]);
});

test("a day in words changes the scope", () => {
  expect(lines("as of 31 may")).toEqual(["Scope: As of 31 May 2026"]);
  expect(lines("as of 32 may")).toEqual([]);
});

test("every typed word begins a word of the title, note or group", () => {
  expect(lines("decide rec")).toEqual(["Go to: Reconciliation"]);
  expect(lines("ecide")).toEqual([]);
});

test("what is unlisted is not listed", () => {
  expect(lines("", { commands: [command("file.export", nothing, { unlisted: true })] })).toEqual(
    [],
  );
});

test("a prefix is taken off with the space around", () => {
  expect(splitPrefix("  > export ")).toEqual({ prefix: ">", text: "export" });
  expect(splitPrefix("-5.00")).toEqual({ prefix: "", text: "-5.00" });
});
