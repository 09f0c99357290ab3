import { useRef } from "react";

import { useAmountsHidden } from "../money/money";
import { useToast } from "../toast/toast";
import type { Column, RowSpan } from "./columns";
import { tableOf, type CopyOptions } from "./copy";
import type { CellRange } from "./focus";
import { COPY_ROWS_MAX, counted, type Noun } from "./selection";
import type { Grid } from "./use_grid";

const PLAIN: CopyOptions = { headers: "auto", format: "tsv" };
const CELLS = { one: "cell", many: "cells" };
const ONCE_MORE = "Amounts are hidden. Copy once more to copy the figures.";

type Chosen<R> = { rows: R[]; columns: readonly Column<R>[] } | "too many" | null;

type CopyInput<R> = {
  grid: Grid<R>;
  columns: readonly Column<R>[];
  span: RowSpan<R> | undefined;
  noun: Noun;
  range: CellRange | null;
};

/** What a copy takes: marked rows, else the range, else the cell in focus. */
async function chosenOf<R>({ grid, columns, range }: CopyInput<R>): Promise<Chosen<R>> {
  const { pages, state, focusLine, layout } = grid;
  const { marked, focus } = state;
  if (marked === "all") {
    const total = pages.head?.total ?? 0;
    if (total > COPY_ROWS_MAX) return "too many";
    return { rows: await pages.load(0, total - 1), columns };
  }
  if (marked.size > 0) return { rows: [...marked.values()], columns };
  if (range !== null) {
    if (range.to - range.from >= COPY_ROWS_MAX) return "too many";
    const inside = columns.filter(({ id }) => range.columns.includes(id));
    return { rows: await pages.load(range.from, range.to), columns: inside };
  }
  const line = focusLine >= 0 && focusLine < layout.lines ? layout.at(focusLine) : null;
  const row = line?.kind === "row" ? pages.rowAt(line.position) : undefined;
  if (row === undefined) return null;
  return { rows: [row], columns: columns.filter(({ id }) => id === focus.column) };
}

/** Copies for a spreadsheet. While amounts are hidden it asks once. */
export function useCopy<R>(input: CopyInput<R>): (options?: CopyOptions) => void {
  const say = useToast();
  const hidden = useAmountsHidden();
  const warned = useRef(false);
  const { span, noun } = input;
  const copy = async (options: CopyOptions) => {
    const chosen = await chosenOf(input);
    if (chosen === null) return;
    if (chosen === "too many") {
      const most = counted(COPY_ROWS_MAX, noun);
      say({ said: `A copy takes at most ${most}. Export the list instead.`, undo: false });
      return;
    }
    const { rows, columns } = chosen;
    const reasonOf = (row: R) => span?.text(row) ?? null;
    const table = tableOf(columns, rows, reasonOf, options);
    await navigator.clipboard.writeText(table);
    say({ said: `Copied ${counted(rows.length * columns.length, CELLS)}`, undo: false });
  };
  return (options = PLAIN) => {
    if (hidden && !warned.current) {
      warned.current = true;
      say({ said: ONCE_MORE, undo: false });
      return;
    }
    void copy(options).catch(() => say({ said: "The clipboard refused the copy.", undo: false }));
  };
}
