import { describe, expect, it } from "vitest";

import { slotsOf, type Slots } from "./slots";

const from = (first: number, count: number) => Array.from({ length: count }, (_, at) => first + at);
const none: Slots = new Map();

/** Lines whose elements a keyed list would take out and put in elsewhere. */
function movedOf(before: Slots, after: Slots): number[] {
  const order = [...before.values()];
  let last = -1;
  return [...after].flatMap(([line, slot]) => {
    const place = order.indexOf(slot);
    if (place < 0) return [];
    if (place < last) return [line];
    last = place;
    return [];
  });
}

describe("the slots of drawn rows", () => {
  it("stay with the lines that stay", () => {
    const before = slotsOf(none, from(0, 10));
    const after = slotsOf(before, from(4, 10));
    for (const line of from(4, 6)) expect(after.get(line)).toBe(before.get(line));
  });

  it("are used again when the list scrolls down or jumps", () => {
    let slots = slotsOf(none, from(0, 10));
    for (const first of [4, 8, 12, 500, 504, 99_000]) slots = slotsOf(slots, from(first, 10));
    expect([...slots.values()].toSorted((a, b) => a - b)).toEqual(from(0, 10));
  });

  it("are never given to two lines", () => {
    let slots = slotsOf(none, from(100, 10));
    for (const first of [103, 98, 90, 95, 40, 47, 44]) {
      slots = slotsOf(slots, from(first, 10));
      expect(new Set(slots.values()).size).toBe(10);
    }
  });

  it("never make a line that stays move", () => {
    let slots = slotsOf(none, [2, ...from(100, 10)]);
    for (const first of [103, 98, 90, 95, 140, 137]) {
      const after = slotsOf(slots, [2, ...from(first, 10)]);
      expect(movedOf(slots, after).filter((line) => slots.has(line))).toEqual([]);
      slots = after;
    }
  });
});
