import { useEffect } from "react";

import type { CommandName, Reply } from "../../api/types";
import type { Column } from "./columns";
import type { DataGridProps } from "./props";
import type { Grid } from "./use_grid";

/** Tells the screen what the answers and the focus are. */
export function useReports<C extends CommandName, R>(props: DataGridProps<C, R>, grid: Grid<R>) {
  const { onReply, onCurrent, onPlace, onAt, current = null, recordOf = props.keyOf } = props;
  const { pages, state } = grid;
  const { answer } = pages;
  const total = pages.head?.total ?? 0;
  const openAt = current === null ? null : pages.find((row) => recordOf(row) === current);
  const row = openAt === null ? undefined : pages.rowAt(openAt);
  const position = state.focus.target.kind === "row" ? state.focus.target.position : null;
  useEffect(() => {
    if (answer !== undefined) onReply?.(answer as Reply[C]);
  }, [onReply, answer]);
  useEffect(() => onCurrent?.(row), [onCurrent, row]);
  useEffect(() => onPlace?.({ position: openAt, total }), [onPlace, openAt, total]);
  useEffect(() => {
    if (position !== null && position > 0) onAt?.(position);
  }, [onAt, position]);
  return { openAt, row, position, total };
}

type Stepping = { openAt: number | null; position: number | null; total: number };

/** Opens the next record that is drawn; rows of collapsed groups are stepped over. */
export function step<C extends CommandName, R>(
  by: 1 | -1,
  props: DataGridProps<C, R>,
  grid: Grid<R>,
  { openAt, position, total }: Stepping,
): void {
  const { keyOf, recordOf = keyOf } = props;
  const from = openAt ?? position ?? -1;
  for (let to = from + by; to >= 0 && to < total; to += by) {
    const line = grid.layout.lineOf({ kind: "row", position: to, key: null });
    const row = grid.pages.rowAt(to);
    if (row === undefined) return;
    if (line === null) continue;
    const { column } = grid.state.focus;
    grid.put({ target: { kind: "row", position: to, key: keyOf(row) }, column });
    grid.virtual.scrollToIndex(line, { align: "auto" });
    props.onOpen?.({ row, position: to, key: recordOf(row), peek: true });
    return;
  }
}

/** Saves or restores a cell that was edited, and gives the focus back to it. */
export function onEdited<R>(of: {
  grid: Grid<R>;
  columns: readonly Column<R>[];
  keyOf: (row: R) => string;
  back: () => void;
}) {
  const { grid, columns, keyOf, back } = of;
  return (value: string | null) => {
    const { editing } = grid.state;
    const column = columns.find((one) => one.id === editing?.column);
    const at = editing === null ? null : grid.pages.find((row) => keyOf(row) === editing.key);
    const row = at === null ? undefined : grid.pages.rowAt(at);
    grid.act({ type: "edit", editing: null });
    if (value !== null && row !== undefined) column?.edit?.save(row, value);
    back();
  };
}
