import type { ReactNode } from "react";

import type { GridPage, GridTotal } from "../../api/types";
import { figure } from "../../format/money";
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
export type RowSpan<R> = {
  columns: readonly string[];
  text: (row: R) => string | null;
  /** The whole reason, where the columns hold a short one. */
  full?: (row: R) => string | null;
};

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

/** Room left of the first column, inside its cell so that a pinned one keeps it. */
export const EDGE_PX = 18;
export const END_PX = 8;

function grows<R>(column: Column<R>, columns: readonly Column<R>[], view: GridView): boolean {
  // Offsets of several pinned columns are known only when their widths are.
  const pinnedTwice =
    pinOf(column, view) !== "none" &&
    columns.filter((one) => pinOf(one, view) === pinOf(column, view)).length > 1;
  return column.grow !== undefined && view.widths[column.id] === undefined && !pinnedTwice;
}

/** The template of every row; a width that a person chose no longer grows. */
export function templateOf<R>(columns: readonly Column<R>[], view: GridView): string {
  const track = (column: Column<R>, at: number) => {
    const edge = at === 0 ? EDGE_PX : 0;
    return grows(column, columns, view)
      ? `minmax(${column.minWidth + edge}px, ${column.grow}fr)`
      : `${widthOf(column, view) + edge}px`;
  };
  return columns.map(track).join(" ");
}

/** Below this width the sheet scrolls sideways. */
export function narrowestOf<R>(columns: readonly Column<R>[], view: GridView): number {
  const least = (column: Column<R>) =>
    grows(column, columns, view) ? column.minWidth : widthOf(column, view);
  return columns.reduce((sum, column) => sum + least(column), EDGE_PX + END_PX);
}

/** Widths in pixels of the signs of a figure at 13 px, semibold. */
const DIGIT_PX = 8.1;
const SIGN_PX = 3.9;
const FIGURE_ROOM_PX = 15;

function figureWidth(amount: string, currency: string): number {
  const signs = [...figure(amount, currency).text];
  const width = signs.reduce((sum, sign) => sum + (/\d/.test(sign) ? DIGIT_PX : SIGN_PX), 0);
  return Math.ceil(width) + FIGURE_ROOM_PX;
}

/** Amounts are never cut: a column grows to the widest total that stands in it. */
export function fitted<R>(
  columns: readonly Column<R>[],
  totals: readonly GridTotal[],
): Column<R>[] {
  return columns.map((column) => {
    if (column.kind !== "money") return column;
    const needs = totals.flatMap(({ currency, cells }) =>
      cells
        .filter((cell) => cell.column === column.id)
        .map((cell) => figureWidth(cell.amount, currency)),
    );
    const width = Math.max(column.width, ...needs);
    return width === column.width ? column : { ...column, width };
  });
}

export type PinPlaces = Readonly<Record<string, { left?: number; right?: number }>>;

/** Distance of each pinned column from its edge. */
export function pinPlaces<R>(columns: readonly Column<R>[], view: GridView): PinPlaces {
  const places: Record<string, { left?: number; right?: number }> = {};
  let left = 0;
  columns.forEach((column, at) => {
    if (pinOf(column, view) !== "left") return;
    places[column.id] = { left };
    left += widthOf(column, view) + (at === 0 ? EDGE_PX : 0);
  });
  let right = 0;
  for (const column of columns.toReversed()) {
    if (pinOf(column, view) !== "right") continue;
    places[column.id] = { right };
    right += widthOf(column, view);
  }
  return places;
}

/** Room that the pinned columns of each side take. */
export function sidesOf<R>(columns: readonly Column<R>[], places: PinPlaces) {
  const room = (side: "left" | "right") =>
    columns.reduce((most, { id, minWidth }) => {
      const from = places[id]?.[side];
      return from === undefined ? most : Math.max(most, from + minWidth);
    }, 0);
  return { left: room("left"), right: room("right") };
}

/** All totals that are printed, of groups and of the whole. */
export function totalsOf<R>(head: GridPage<R> | null): GridTotal[] {
  if (head === null) return [];
  return [...head.totals, ...head.groups.flatMap(({ totals }) => totals ?? [])];
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
