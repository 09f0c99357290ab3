import { useEffect, useMemo, useState } from "react";

import type { Amount, GridPage } from "../../api/types";
import { useSelectionSums, type SelectionSums } from "../../frame/selection";
import { figure } from "../../format/money";
import { useReply } from "../../platform/reply";
import type { Column } from "./columns";
import type { CellRange } from "./focus";

export type Noun = { one: string; many: string };
/** Rows that were marked one by one, or all rows of the filter. */
export type Marked<R> = ReadonlyMap<string, R> | "all";

/** More cells than this are counted, not summed: a sum over a part would be wrong. */
export const CELLS_SUMMED_MAX = 5_000;
export const COPY_ROWS_MAX = 20_000;
/** While a range is dragged nothing is asked. */
const SETTLES_AFTER_MS = 120;

export function counted(count: number, noun: Noun): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? noun.one : noun.many}`;
}

function amountIn<R>(column: Column<R>, row: R): Amount | null {
  const amount = column.kind === "money" ? column.text(row) : null;
  if (amount === null || column.currency === undefined) return null;
  return { amount, currency: column.currency(row) };
}

export type SelectionInput<R> = {
  noun: Noun;
  columns: readonly Column<R>[];
  sumColumns: readonly Column<R>[];
  marked: Marked<R>;
  range: CellRange | null;
  rowAt: (position: number) => R | undefined;
  head: GridPage<R> | null;
  current: R | undefined;
};

/** What is selected: a label, and the amounts that Rust is asked to add. */
export type Selected = { label: string; amounts: Amount[]; ready: Amount[] | null };

function named<R>(text: string, column: Column<R> | undefined): string {
  return column === undefined ? text : `${text}, ${column.header.toLowerCase()}`;
}

function rangeSelected<R>(input: SelectionInput<R>, range: CellRange): Selected {
  const count = (range.to - range.from + 1) * range.columns.length;
  const label = `${count.toLocaleString("en-US")} cells`;
  if (count > CELLS_SUMMED_MAX) return { label, amounts: [], ready: null };
  const inside = input.columns.filter((column) => range.columns.includes(column.id));
  const amounts: Amount[] = [];
  for (let position = range.from; position <= range.to; position += 1) {
    const row = input.rowAt(position);
    if (row === undefined) return { label, amounts: [], ready: null };
    amounts.push(...inside.flatMap((column) => amountIn(column, row) ?? []));
  }
  return { label, amounts, ready: null };
}

export function selectedOf<R>(input: SelectionInput<R>): Selected | null {
  const { marked, range, sumColumns, noun, head, current } = input;
  const [sumColumn] = sumColumns;
  if (marked === "all") {
    const total = head?.total ?? 0;
    const sums = (head?.totals ?? []).flatMap(({ currency, cells }) => {
      const cell = cells.find(({ column }) => column === sumColumn?.id);
      return cell === undefined ? [] : [{ amount: cell.amount, currency }];
    });
    return { label: named(`all ${counted(total, noun)}`, sumColumn), amounts: [], ready: sums };
  }
  const sumsOf = (rows: R[]) =>
    sumColumn === undefined ? [] : rows.flatMap((row) => amountIn(sumColumn, row) ?? []);
  if (marked.size > 0) {
    const amounts = sumsOf([...marked.values()]);
    return {
      label: named(`${counted(marked.size, noun)} selected`, sumColumn),
      amounts,
      ready: null,
    };
  }
  if (range !== null && (range.from !== range.to || range.columns.length > 1)) {
    return rangeSelected(input, range);
  }
  if (current === undefined) return null;
  const said = sumColumns.find((column) => !isZero(amountIn(column, current))) ?? sumColumn;
  const only = said === undefined ? null : amountIn(said, current);
  const ready = only === null ? [] : [only];
  return { label: named(`1 ${noun.one} selected`, said), amounts: [], ready };
}

function isZero(of: Amount | null): boolean {
  return of === null || figure(of.amount, of.currency).sign === "zero";
}

/** Hands the selection to the status bar. The page adds nothing: sums come from Rust. */
export function useSelectionReport<R>(input: SelectionInput<R>): void {
  const selected = selectedOf(input);
  const identity = JSON.stringify(selected);
  const [settled, setSettled] = useState<string>("null");
  useEffect(() => {
    const timer = setTimeout(() => setSettled(identity), SETTLES_AFTER_MS);
    return () => clearTimeout(timer);
  }, [identity]);
  const asked = JSON.parse(settled) as Selected | null;
  const amounts = asked?.amounts ?? [];
  const { data } = useReply("selection_sum", { amounts }, { enabled: amounts.length > 0 });
  const said = useMemo((): SelectionSums | null => {
    const now = JSON.parse(settled) as Selected | null;
    if (now === null) return null;
    const sums = now.ready ?? data?.sums ?? [];
    return { label: now.label, sums, average: now.ready === null ? (data?.average ?? null) : null };
  }, [settled, data]);
  useSelectionSums(said);
}
