import { useEffect, useRef } from "react";

import type { Column } from "./columns";
import type { Grid } from "./use_grid";

/** The cell of a row that covers a column: a melted cell covers several. */
function cellIn(row: Element | null, index: number): HTMLElement | null {
  const cells = [...(row?.querySelectorAll<HTMLElement>("[data-cell]") ?? [])];
  const before = cells.filter((cell) => Number(cell.getAttribute("aria-colindex")) <= index + 1);
  return before.at(-1) ?? cells[0] ?? null;
}

/** Keeps a focused cell clear of the pinned columns beside it. */
function clearOfPins(scroller: HTMLElement, cell: HTMLElement, left: number, right: number): void {
  if (getComputedStyle(cell).position === "sticky") return;
  const from = cell.offsetLeft;
  const to = from + cell.offsetWidth;
  if (from < scroller.scrollLeft + left) scroller.scrollLeft = from - left;
  else if (to > scroller.scrollLeft + scroller.clientWidth - right) {
    scroller.scrollLeft = to - scroller.clientWidth + right;
  }
}

/** The element in focus follows the state of the grid for as long as the grid has the focus. */
export function useDomFocus<R>(
  grid: Grid<R>,
  columns: readonly Column<R>[],
  pins: {
    left: number;
    right: number;
  },
) {
  const owns = useRef(false);
  const { scroller, focusLine, state } = grid;
  const focusCell = () => {
    const row = scroller.current?.querySelector(`[data-line="${focusLine}"]`) ?? null;
    const cell = cellIn(
      row,
      columns.findIndex(({ id }) => id === state.focus.column),
    );
    if (cell === null || cell.contains(document.activeElement)) return;
    cell.focus({ preventScroll: true });
    if (scroller.current !== null) clearOfPins(scroller.current, cell, pins.left, pins.right);
  };
  useEffect(() => {
    if (owns.current) focusCell();
  });
  return {
    focusCell,
    onFocus: () => {
      owns.current = true;
    },
    onBlur: (event: { relatedTarget: EventTarget | null; target: Element }) => {
      const to = event.relatedTarget;
      const left = to instanceof Node ? !scroller.current?.contains(to) : event.target.isConnected;
      if (left) owns.current = false;
    },
  };
}

/** Width that shows the widest drawn cell of a column in full. */
export function fitOf(scroller: HTMLElement | null, column: string): number {
  const cells = [...(scroller?.querySelectorAll(`[data-cell="${column}"]`) ?? [])];
  const widths = cells.map((cell) => {
    const inside = document.createRange();
    inside.selectNodeContents(cell);
    return Math.ceil(inside.getBoundingClientRect().width);
  });
  return Math.max(48, ...widths.map((width) => width + 20));
}
