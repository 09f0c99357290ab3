import { describe, expect, it } from "vitest";

import type { GridGroup } from "../../api/types";
import { extendedFocus, followed, inRange, lineOf, movedFocus, rangeOf, type Focus } from "./focus";
import { layoutOf, type LayoutInput } from "./layout";

function group(key: string, first: number, count: number, withTotals = false): GridGroup {
  const totals = { label: key, currency: key, count, marks: [], why: "", cells: [] };
  return {
    key,
    label: key,
    note: "",
    glyph: "",
    first,
    count,
    sums: [],
    totals: withTotals ? totals : null,
  };
}

const GROUPED: LayoutInput = {
  total: 5,
  groups: [group("USD", 0, 3, true), group("GBP", 3, 2, true)],
  collapsed: new Set(),
  detail: null,
  totals: 1,
};

const drawn = (input: LayoutInput) => {
  const layout = layoutOf(input);
  return Array.from({ length: layout.lines }, (_, line) => {
    const at = layout.at(line);
    return "position" in at ? `${at.kind} ${at.position}` : `${at.kind} ${at.group.key}`;
  });
};

describe("lines", () => {
  it("are header, rows and subtotal per group", () => {
    expect(drawn(GROUPED)).toEqual([
      "group USD",
      "row 0",
      "row 1",
      "row 2",
      "subtotal USD",
      "group GBP",
      "row 3",
      "row 4",
      "subtotal GBP",
    ]);
  });

  it("leave out the rows of a collapsed group, not its sum", () => {
    expect(drawn({ ...GROUPED, collapsed: new Set(["USD"]) })).toEqual([
      "group USD",
      "subtotal USD",
      "group GBP",
      "row 3",
      "row 4",
      "subtotal GBP",
    ]);
  });

  it("unfold one row, also the last of a group", () => {
    expect(drawn({ ...GROUPED, detail: 2 }).slice(2, 5)).toEqual(["row 1", "row 2", "detail 2"]);
    expect(drawn({ ...GROUPED, detail: 0 }).slice(0, 4)).toEqual([
      "group USD",
      "row 0",
      "detail 0",
      "row 1",
    ]);
  });

  it.each([GROUPED, { ...GROUPED, detail: 1 }, { ...GROUPED, groups: [] }])(
    "find their way back from a target (%#)",
    (input) => {
      const layout = layoutOf(input);
      for (let line = -1; line < layout.lines + layout.totals; line += 1) {
        expect(layout.lineOf(layout.targetAt(line))).toBe(line);
      }
    },
  );

  it("stay few for a million rows", () => {
    const layout = layoutOf({ ...GROUPED, groups: [], total: 1_000_000 });
    expect(layout.at(999_999)).toEqual({ kind: "row", position: 999_999 });
    expect(layout.lineOf({ kind: "row", position: 500_000, key: null })).toBe(500_000);
  });
});

describe("focus", () => {
  const layout = layoutOf(GROUPED);
  const room = { layout, columns: ["a", "b", "c"], screen: 4 };
  const at = (position: number, column = "b"): Focus => ({
    target: { kind: "row", position, key: null },
    column,
  });

  it("walks over headers, rows, subtotals and totals and stops at the ends", () => {
    let focus: Focus = { target: { kind: "head" }, column: "b" };
    const seen: string[] = [];
    for (let step = 0; step < 12; step += 1) {
      seen.push(focus.target.kind);
      focus = movedFocus(focus, "down", room);
    }
    expect(seen.join(" ")).toBe(
      "head group row row row subtotal group row row subtotal total total",
    );
    expect(movedFocus({ target: { kind: "head" }, column: "a" }, "up", room).target.kind).toBe(
      "head",
    );
  });

  it("keeps its column between rows and stops at the edges of a row", () => {
    expect(movedFocus(at(0), "down", room).column).toBe("b");
    expect(movedFocus(at(0, "c"), "right", room).column).toBe("c");
    expect(movedFocus(at(0), "home", room).column).toBe("a");
    expect(movedFocus(at(0), "end", room).column).toBe("c");
  });

  it("pages, and jumps to the first and last line", () => {
    expect(lineOf(movedFocus(at(0), "page_down", room), layout)).toBe(5);
    expect(lineOf(movedFocus(at(4), "page_up", room), layout)).toBe(3);
    expect(lineOf(movedFocus(at(1), "last", room), layout)).toBe(8);
    expect(lineOf(movedFocus(at(1), "first", room), layout)).toBe(0);
  });

  it("extends over headers and sums to the next row, and stays where there is none", () => {
    expect(extendedFocus(at(2), "down", room).target).toMatchObject({ kind: "row", position: 3 });
    expect(extendedFocus(at(3), "up", room).target).toMatchObject({ kind: "row", position: 2 });
    expect(extendedFocus(at(2), "last", room).target).toMatchObject({ position: 4 });
    expect(extendedFocus(at(2), "first", room).target).toMatchObject({ position: 0 });
    expect(extendedFocus(at(4), "down", room)).toEqual(at(4));
    expect(extendedFocus(at(0), "up", room)).toEqual(at(0));
  });

  const keys = ["K", "L", "M", "N", "O"];
  const keyAt = (position: number) => keys[position] ?? null;
  const find = (key: string) => (keys.indexOf(key) < 0 ? null : keys.indexOf(key));

  it("follows its record after a sort", () => {
    const focus: Focus = { target: { kind: "row", position: 0, key: "N" }, column: "b" };
    expect(followed(focus, 5, keyAt, find).target).toEqual({ kind: "row", position: 3, key: "N" });
  });

  it("stays at its place when the record is gone, and never leaves the list", () => {
    const gone: Focus = { target: { kind: "row", position: 1, key: "Z" }, column: "b" };
    expect(followed(gone, 5, keyAt, find).target).toEqual({ kind: "row", position: 1, key: "L" });
    const below: Focus = { target: { kind: "row", position: 9, key: "Z" }, column: "b" };
    expect(followed(below, 5, keyAt, find).target).toMatchObject({ position: 4, key: "O" });
  });

  it("spans cells between anchor and focus in both directions", () => {
    const range = rangeOf({ position: 3, column: "c" }, at(1), room.columns);
    expect(range).toEqual({ from: 1, to: 3, columns: ["b", "c"] });
    expect([inRange(range, 2, "c"), inRange(range, 2, "a"), inRange(range, 4, "c")]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
