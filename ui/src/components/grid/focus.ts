import type { Layout, Target } from "./layout";

export type Focus = { target: Target; column: string };
export type Anchor = { position: number; column: string };
export type Move =
  "up" | "down" | "left" | "right" | "home" | "end" | "page_up" | "page_down" | "first" | "last";

export type FocusRoom = {
  layout: Layout;
  /** Ids of the visible columns in drawn order. */
  columns: readonly string[];
  /** Lines of one screen. */
  screen: number;
};

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));

/** Where the focus stands in lines; a target that is no longer drawn leaves it near the top. */
export function lineOf(focus: Focus, layout: Layout): number {
  return layout.lineOf(focus.target) ?? clamp(0, -1, layout.lines + layout.totals - 1);
}

function movedLine(move: Move, line: number, { layout, screen }: FocusRoom): number {
  const lowest = layout.lines + layout.totals - 1;
  switch (move) {
    case "up":
      return Math.max(-1, line - 1);
    case "down":
      return Math.min(lowest, line + 1);
    case "page_up":
      return clamp(line - screen, Math.min(0, lowest), lowest);
    case "page_down":
      return clamp(line + screen, -1, Math.max(layout.lines - 1, line));
    case "first":
      return Math.min(0, lowest);
    case "last":
      return layout.lines === 0 ? lowest : layout.lines - 1;
    default:
      return line;
  }
}

function movedColumn(move: Move, column: string, columns: readonly string[]): string {
  const last = columns.length - 1;
  const at = Math.max(0, columns.indexOf(column));
  const to = { left: at - 1, right: at + 1, home: 0, end: last }[move as "left"] ?? at;
  return columns[clamp(to, 0, last)] ?? column;
}

export function movedFocus(focus: Focus, move: Move, room: FocusRoom): Focus {
  const line = lineOf(focus, room.layout);
  const to = movedLine(move, line, room);
  const column = movedColumn(move, focus.column, room.columns);
  return { target: to === line ? focus.target : room.layout.targetAt(to), column };
}

/** Where to look on when a range would end on a line that is no row. */
const ONWARD: Readonly<Record<Move, Move>> = {
  up: "up",
  page_up: "up",
  last: "up",
  down: "down",
  page_down: "down",
  first: "down",
  left: "left",
  right: "right",
  home: "home",
  end: "end",
};

/** A range consists of rows: headers and sums between them are stepped over. */
export function extendedFocus(focus: Focus, move: Move, room: FocusRoom): Focus {
  let next = movedFocus(focus, move, room);
  while (next.target.kind !== "row") {
    const further = movedFocus(next, ONWARD[move], room);
    if (lineOf(further, room.layout) === lineOf(next, room.layout)) return focus;
    next = further;
  }
  return next;
}

/**
 * After a sort, a filter or a refresh the focus follows its record where the record can be seen;
 * else it stays at its place and takes the record that stands there now.
 */
export function followed(
  focus: Focus,
  total: number,
  keyAt: (position: number) => string | null,
  find: (key: string) => number | null,
): Focus {
  const { target } = focus;
  if (target.kind !== "row") return focus;
  const here = keyAt(target.position);
  if (target.key !== null && here !== null && here !== target.key) {
    const elsewhere = find(target.key);
    if (elsewhere !== null) return { ...focus, target: { ...target, position: elsewhere } };
  }
  const position = clamp(target.position, 0, Math.max(0, total - 1));
  const key = keyAt(position) ?? target.key;
  if (position === target.position && key === target.key) return focus;
  return { ...focus, target: { kind: "row", position, key } };
}

export type CellRange = { from: number; to: number; columns: readonly string[] };

/** The cells between the anchor and the focus; null where nothing is spanned. */
export function rangeOf(
  anchor: Anchor | null,
  focus: Focus,
  columns: readonly string[],
): CellRange | null {
  if (anchor === null || focus.target.kind !== "row") return null;
  const ends = [columns.indexOf(anchor.column), columns.indexOf(focus.column)];
  const [left, right] = [Math.min(...ends), Math.max(...ends)];
  if (left < 0) return null;
  return {
    from: Math.min(anchor.position, focus.target.position),
    to: Math.max(anchor.position, focus.target.position),
    columns: columns.slice(left, right + 1),
  };
}

export function inRange(range: CellRange | null, position: number, column: string): boolean {
  return (
    range !== null &&
    position >= range.from &&
    position <= range.to &&
    range.columns.includes(column)
  );
}
