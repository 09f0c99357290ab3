import { expect, it } from "vitest";

import type { Column } from "./columns";
import { CELLS_SUMMED_MAX, selectedOf, type SelectionInput } from "./selection";

type Row = { overdue: string; open: string };
const money = (id: keyof Row): Column<Row> => ({
  id,
  header: id === "overdue" ? "Overdue" : "Open",
  kind: "money",
  width: 80,
  minWidth: 60,
  text: (row) => row[id],
  currency: () => "USD",
});
const OVERDUE = money("overdue");
const OPEN = money("open");

function input(more: Partial<SelectionInput<Row>>): SelectionInput<Row> {
  return {
    noun: { one: "deal", many: "deals" },
    columns: [OVERDUE, OPEN],
    sumColumns: [OVERDUE, OPEN],
    marked: new Map(),
    range: null,
    rowAt: () => ({ overdue: "1.00", open: "2.00" }),
    head: null,
    current: undefined,
    ...more,
  };
}

it("says the first figure that the open record has", () => {
  const current = { overdue: "0.00", open: "7.50" };
  expect(selectedOf(input({ current }))).toEqual({
    label: "1 deal selected, open",
    amounts: [],
    ready: [{ amount: "7.50", currency: "USD" }],
  });
});

it("counts a range that is too large, or not loaded, and sums no part of it", () => {
  const columns = ["overdue", "open"];
  const large = { from: 0, to: CELLS_SUMMED_MAX, columns };
  expect(selectedOf(input({ range: large }))).toEqual({
    label: "10,002 cells",
    amounts: [],
    ready: null,
  });
  const range = { from: 0, to: 1, columns };
  const half = (position: number) => (position === 0 ? { overdue: "1", open: "2" } : undefined);
  expect(selectedOf(input({ range, rowAt: half }))?.amounts).toEqual([]);
  expect(selectedOf(input({ range }))?.amounts).toHaveLength(4);
});

it("says nothing when nothing is selected", () => {
  expect(selectedOf(input({}))).toBeNull();
});
