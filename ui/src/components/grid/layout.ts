import type { GridGroup } from "../../api/types";

// A grid of a million rows is a few segments. Lines are what is drawn under the header: group
// headers, rows, an unfolded detail, subtotals. Positions count rows only, in the order of SQL.

export type Line =
  | { kind: "group"; group: GridGroup }
  | { kind: "row"; position: number }
  | { kind: "detail"; position: number }
  | { kind: "subtotal"; group: GridGroup };

export type Target =
  | { kind: "head" }
  | { kind: "group"; key: string }
  | { kind: "row"; position: number; key: string | null }
  | { kind: "detail"; position: number }
  | { kind: "subtotal"; key: string }
  | { kind: "total"; index: number };

type Segment = { line: number; count: number; at: (offset: number) => Line };

export type Layout = {
  /** Lines under the header, totals not counted. */
  lines: number;
  totals: number;
  at: (line: number) => Line;
  /** -1 is the header, `lines` and up are the totals; null: this target is not drawn. */
  lineOf: (target: Target) => number | null;
  targetAt: (line: number) => Target;
};

export type LayoutInput = {
  total: number;
  groups: readonly GridGroup[];
  collapsed: ReadonlySet<string>;
  /** Position of the row that is unfolded. */
  detail: number | null;
  totals: number;
};

function segmentsOf({ total, groups, collapsed, detail }: LayoutInput): Segment[] {
  const segments: Segment[] = [];
  let line = 0;
  const add = (count: number, at: Segment["at"]) => {
    if (count > 0) segments.push({ line, count, at });
    line += count;
  };
  const addRows = (first: number, count: number) => {
    const unfolds = detail !== null && detail >= first && detail < first + count;
    const upper = unfolds ? detail - first + 1 : count;
    add(upper, (offset) => ({ kind: "row", position: first + offset }));
    if (!unfolds) return;
    add(1, () => ({ kind: "detail", position: detail }));
    add(count - upper, (offset) => ({ kind: "row", position: first + upper + offset }));
  };
  if (groups.length === 0) addRows(0, total);
  for (const group of groups) {
    add(1, () => ({ kind: "group", group }));
    if (!collapsed.has(group.key)) addRows(group.first, group.count);
    if (group.totals !== null) add(1, () => ({ kind: "subtotal", group }));
  }
  return segments;
}

function segmentAt(segments: readonly Segment[], line: number): Segment | undefined {
  let low = 0;
  let high = segments.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((segments[middle]?.line ?? 0) <= line) low = middle;
    else high = middle - 1;
  }
  return segments[low];
}

function matches(line: Line, target: Target): boolean {
  if (line.kind === "group" || line.kind === "subtotal") {
    return line.kind === target.kind && line.group.key === target.key;
  }
  return line.kind === "detail" && target.kind === "detail" && line.position === target.position;
}

export function layoutOf(input: LayoutInput): Layout {
  const segments = segmentsOf(input);
  const last = segments.at(-1);
  const lines = last === undefined ? 0 : last.line + last.count;

  const at = (line: number): Line => {
    const segment = segmentAt(segments, line);
    if (segment === undefined) throw new RangeError(`no line ${line} among ${lines}`);
    return segment.at(line - segment.line);
  };
  const rowLine = (position: number): number | null => {
    for (const { line, count, at: lineAt } of segments) {
      const first = lineAt(0);
      if (first.kind !== "row") continue;
      const offset = position - first.position;
      if (offset >= 0 && offset < count) return line + offset;
    }
    return null;
  };
  const lineOf = (target: Target): number | null => {
    if (target.kind === "head") return -1;
    if (target.kind === "total") return target.index < input.totals ? lines + target.index : null;
    if (target.kind === "row") return rowLine(target.position);
    const found = segments.find((segment) => matches(segment.at(0), target));
    return found?.line ?? null;
  };
  const targetAt = (line: number): Target => {
    if (line < 0) return { kind: "head" };
    if (line >= lines) return { kind: "total", index: line - lines };
    const drawn = at(line);
    if (drawn.kind === "row") return { kind: "row", position: drawn.position, key: null };
    if (drawn.kind === "detail") return { kind: "detail", position: drawn.position };
    return { kind: drawn.kind, key: drawn.group.key };
  };
  return { lines, totals: input.totals, at, lineOf, targetAt };
}
