import type { ReactNode } from "react";

import type { GridView, Pin } from "./view";

export type ColumnKind = "text" | "money" | "date" | "count" | "status" | "ref" | "currency";

/** What a person may change in a cell, because it belongs to this product. */
export type CellEdit<R> = {
  kind: "text" | "date" | "choice";
  choices?: readonly string[];
  /** null: this row's value is not ours to change. */
  value: (row: R) => string | null;
  save: (row: R, value: string) => void;
};

export type Column<R> = {
  id: string;
  header: string;
  kind: ColumnKind;
  /** The header is read but not drawn, for columns that explain themselves. */
  quietHeader?: boolean;
  hint?: string;
  width: number;
  minWidth: number;
  /** Share of the free width; none keeps the width. */
  grow?: number;
  pin?: Pin;
  sortable?: boolean;
  filterable?: boolean;
  strong?: boolean;
  /** Text of the cell: decimal for money, ISO for dates. It is copied and filtered by. */
  text: (row: R) => string | null;
  currency?: (row: R) => string;
  cell?: (row: R) => ReactNode;
  /** Why an empty cell is empty, said on focus. */
  missing?: (row: R) => string;
  edit?: CellEdit<R>;
  /** What the totals row shows here besides the sums of money columns. */
  footer?: "count" | "currency";
};

/** A reason that takes the place of columns which have nothing to say for a row. */
export type RowSpan<R> = { columns: readonly string[]; text: (row: R) => string | null };

export const isNumeric = (kind: ColumnKind): boolean => kind === "money" || kind === "count";

const RESIZED_MIN = 40;
export const RESIZE_STEP = 8;

export function pinOf<R>(column: Column<R>, view: GridView): Pin {
  return view.pins[column.id] ?? column.pin ?? "none";
}

/** Visible columns in drawn order: pinned left, free, pinned right. */
export function visibleColumns<R>(columns: readonly Column<R>[], view: GridView): Column<R>[] {
  const rank = new Map(view.order.map((id, at) => [id, at]));
  const placed = columns
    .map((column, at) => ({ column, at: rank.get(column.id) ?? view.order.length + at }))
    .sort((a, b) => a.at - b.at)
    .map(({ column }) => column)
    .filter((column) => !view.hidden.includes(column.id));
  const side = (pin: Pin) => placed.filter((column) => pinOf(column, view) === pin);
  return [...side("left"), ...side("none"), ...side("right")];
}

export function widthOf<R>(column: Column<R>, view: GridView): number {
  const chosen = view.widths[column.id];
  return chosen === undefined ? column.width : Math.max(RESIZED_MIN, chosen);
}

/** The template of every row; a width that a person chose no longer grows. */
export function templateOf<R>(columns: readonly Column<R>[], view: GridView): string {
  const track = (column: Column<R>) => {
    const grows = column.grow !== undefined && view.widths[column.id] === undefined;
    return grows ? `minmax(${column.minWidth}px, ${column.grow}fr)` : `${widthOf(column, view)}px`;
  };
  return columns.map(track).join(" ");
}

/** Below this width the sheet scrolls sideways. */
export function narrowestOf<R>(columns: readonly Column<R>[], view: GridView): number {
  const least = (column: Column<R>) =>
    column.grow !== undefined && view.widths[column.id] === undefined
      ? column.minWidth
      : widthOf(column, view);
  return columns.reduce((sum, column) => sum + least(column), 0);
}

export type CellPlace<R> = { column: Column<R>; index: number; span: number };

/** Cells of a row: neighbours among the spanned columns melt into one cell with the reason. */
export function cellsOf<R>(
  columns: readonly Column<R>[],
  spanned: readonly string[] | null,
): CellPlace<R>[] {
  const cells: CellPlace<R>[] = [];
  columns.forEach((column, index) => {
    const before = cells.at(-1);
    const melts =
      spanned !== null &&
      spanned.includes(column.id) &&
      before !== undefined &&
      spanned.includes(before.column.id);
    if (melts) before.span += 1;
    else cells.push({ column, index, span: 1 });
  });
  return cells;
}
