import { useRef } from "react";

// A row that scrolls out gives its element to one that scrolls in. A thrown scroll passes thousands
// of rows, and a web view frees elements late: made anew each time they would fill the memory.

export type Slots = ReadonlyMap<number, number>;

/**
 * The slot of each line, in the order of the lines. A line that stays keeps its slot. One that
 * comes takes a slot that became free, unless a line that stays would have to move in the page for
 * it: an element that moves loses the focus.
 */
export function slotsOf(before: Slots, lines: readonly number[]): Slots {
  const places = new Map([...before.keys()].map((line, place) => [line, place]));
  const coming = new Set(lines);
  const free = [...before].flatMap(([line, slot]) =>
    coming.has(line) ? [] : [{ slot, place: places.get(line) ?? 0 }],
  );
  // The place of the next line that stays, per line.
  const limits = new Map<number, number>();
  let limit = Number.POSITIVE_INFINITY;
  for (const line of lines.toReversed()) {
    limit = places.get(line) ?? limit;
    limits.set(line, limit);
  }
  let fresh = Math.max(-1, ...before.values()) + 1;
  const slots = new Map<number, number>();
  for (const line of lines) {
    const kept = before.get(line);
    const first = free[0];
    if (kept !== undefined) slots.set(line, kept);
    else if (first !== undefined && first.place < (limits.get(line) ?? 0)) {
      slots.set(line, first.slot);
      free.shift();
    } else slots.set(line, fresh++);
  }
  return slots;
}

/** The slots of the rows that are drawn now. */
export function useSlots(lines: readonly number[]): Slots {
  const kept = useRef<Slots>(new Map());
  kept.current = slotsOf(kept.current, lines);
  return kept.current;
}
