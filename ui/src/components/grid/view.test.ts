import { describe, expect, it } from "vitest";

import { moved, PLAIN_VIEW, searchOf, sortedBy, viewOf, withFilter, type GridView } from "./view";

const RICH: GridView = {
  sort: [
    { column: "receivable", descending: true },
    { column: "name", descending: false },
  ],
  filters: [
    { column: "owner", op: "is", value: "L. Okafor ~ 50%" },
    { column: "open", op: "at_least", value: "-10.00" },
  ],
  text: "rail",
  collapsed: ["GBP"],
  order: ["name", "receivable"],
  hidden: ["unapplied"],
  widths: { name: 180 },
  pins: { receivable: "right" },
  density: "compact",
};

describe("a view in the address", () => {
  it("comes back as it was", () => {
    expect(viewOf(searchOf(RICH))).toEqual(RICH);
    expect(viewOf(searchOf(PLAIN_VIEW))).toEqual(PLAIN_VIEW);
  });

  it("tells nothing folded from as the groups come", () => {
    expect(viewOf(searchOf({ ...PLAIN_VIEW, collapsed: [] })).collapsed).toEqual([]);
  });

  it("is empty when nothing was chosen", () => {
    expect(Object.values(searchOf(PLAIN_VIEW)).join("")).toBe("");
  });

  it("leaves out what it cannot read", () => {
    const view = viewOf({
      sort: "%E0%A4%A",
      filter: "a~like~b",
      wide: "name~wide",
      pin: "a~up",
      rows: "huge",
    });
    expect(view).toEqual(PLAIN_VIEW);
  });
});

describe("sorting", () => {
  it("turns around, and takes a second key only with Shift", () => {
    const once = sortedBy(PLAIN_VIEW, "open", false);
    expect(once.sort).toEqual([{ column: "open", descending: true }]);
    expect(sortedBy(once, "open", false).sort).toEqual([{ column: "open", descending: false }]);
    const twice = sortedBy(once, "name", true);
    expect(twice.sort.map((key) => key.column)).toEqual(["open", "name"]);
    expect(sortedBy(twice, "dated", true).sort.map((key) => key.column)).toEqual(["open", "dated"]);
    expect(sortedBy(twice, "dated", false).sort.map((key) => key.column)).toEqual(["dated"]);
  });
});

it("takes a filter once", () => {
  const filter = { column: "ccy", op: "is", value: "EUR" } as const;
  expect(withFilter(withFilter(PLAIN_VIEW, filter), filter).filters).toEqual([filter]);
});

it("moves a column among the visible ones and keeps the hidden", () => {
  const view = { ...PLAIN_VIEW, hidden: ["x"] };
  expect(moved(view, ["a", "b", "c"], "a", 2).order).toEqual(["b", "c", "a", "x"]);
  expect(moved(view, ["a", "b", "c"], "a", -1)).toBe(view);
});
