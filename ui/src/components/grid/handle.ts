import { useEffect, useRef, type Dispatch, type KeyboardEvent, type MouseEvent } from "react";

import { RESIZE_STEP, widthOf, type Column } from "./columns";
import { extendedFocus, movedFocus, type Focus } from "./focus";
import { actOf, types, type GridAct } from "./keymap";
import type { Layout, Line } from "./layout";
import type { GridAction, GridState } from "./state";
import { moved, sortedBy, toggled, withFilter, type GridView } from "./view";

/** `at`: what the panel hangs on; the header of the column where it is not given. */
export type GridPanel = { kind: "menu" | "filter" | "cell"; column: string; at?: Element };
export type RowOpening<R> = { row: R; position: number; key: string; peek: boolean };

/** What the keys and the pointer act on; made anew on every drawing. */
export type Hands<R> = {
  columns: readonly Column<R>[];
  view: GridView;
  onView: (view: GridView) => void;
  layout: Layout;
  collapsed: ReadonlySet<string>;
  state: GridState<R>;
  act: Dispatch<GridAction<R>>;
  put: (focus: Focus, extend?: boolean) => void;
  focusLine: number;
  screenLines: () => number;
  reveal: (line: number) => void;
  rowAt: (position: number) => R | undefined;
  keyOf: (row: R) => string;
  recordOf: (row: R) => string;
  onOpen: ((opening: RowOpening<R>) => void) | undefined;
  onSource: ((row: R) => void) | undefined;
  onClose: (() => void) | undefined;
  onPanel: (panel: GridPanel) => void;
  onFind: () => void;
  onCopy: () => void;
};

function lineIn<R>(hands: Hands<R>): Line | null {
  const { focusLine, layout } = hands;
  return focusLine >= 0 && focusLine < layout.lines ? layout.at(focusLine) : null;
}

function rowIn<R>(hands: Hands<R>): { row: R; position: number } | null {
  const line = lineIn(hands);
  if (line?.kind !== "row") return null;
  const row = hands.rowAt(line.position);
  return row === undefined ? null : { row, position: line.position };
}

export function fold<R>(hands: Hands<R>, key: string): void {
  hands.onView({ ...hands.view, collapsed: toggled([...hands.collapsed], key) });
}

function open<R>(hands: Hands<R>, peek: boolean, typed: string | null = null): boolean {
  const line = lineIn(hands);
  const column = hands.columns.find(({ id }) => id === hands.state.focus.column);
  if (line?.kind === "group") {
    fold(hands, line.group.key);
    return true;
  }
  if (hands.focusLine === -1 && column !== undefined) {
    if (column.sortable !== false) hands.onView(sortedBy(hands.view, column.id, false));
    return true;
  }
  const at = rowIn(hands);
  if (at === null) return false;
  const key = hands.keyOf(at.row);
  const value = column?.edit?.value(at.row) ?? null;
  if (!peek && column !== undefined && value !== null) {
    hands.act({ type: "edit", editing: { key, column: column.id, typed } });
    return true;
  }
  hands.onOpen?.({ ...at, key: hands.recordOf(at.row), peek });
  return hands.onOpen !== undefined;
}

function escape<R>(hands: Hands<R>): boolean {
  const { marked, anchor } = hands.state;
  if (marked === "all" || marked.size > 0 || anchor !== null) {
    hands.act({ type: "clear" });
    return true;
  }
  hands.onClose?.();
  return hands.onClose !== undefined;
}

/** Left and right fold a group; elsewhere they move. */
function folds<R>(act: GridAct, hands: Hands<R>): boolean {
  const line = lineIn(hands);
  if (act.do !== "move" || line?.kind !== "group") return false;
  const closes = act.move === "left";
  if (!closes && act.move !== "right") return false;
  if (hands.collapsed.has(line.group.key) !== closes) fold(hands, line.group.key);
  return true;
}

function move<R>(act: GridAct & { do: "move" }, hands: Hands<R>): boolean {
  if (folds(act, hands)) return true;
  const columns = hands.columns.map(({ id }) => id);
  const room = { layout: hands.layout, columns, screen: hands.screenLines() };
  const { focus } = hands.state;
  const next = act.extend
    ? extendedFocus(focus, act.move, room)
    : movedFocus(focus, act.move, room);
  hands.put(next, act.extend);
  const line = hands.layout.lineOf(next.target);
  if (line !== null) hands.reveal(line);
  return true;
}

function onColumn<R>(act: GridAct, column: Column<R>, hands: Hands<R>): boolean {
  const { view, onView, columns } = hands;
  const ids = columns.map(({ id }) => id);
  switch (act.do) {
    case "sort":
      if (column.sortable !== false) onView(sortedBy(view, column.id, act.second));
      return true;
    case "resize": {
      const width = Math.max(column.minWidth, widthOf(column, view) + act.by * RESIZE_STEP);
      onView({ ...view, widths: { ...view.widths, [column.id]: width } });
      return true;
    }
    case "shift":
      onView(moved(view, ids, column.id, ids.indexOf(column.id) + act.by));
      return true;
    case "menu":
      hands.onPanel({ kind: "menu", column: column.id });
      return true;
    case "filter": {
      const row = act.byValue ? rowIn(hands)?.row : undefined;
      const value = row === undefined ? null : column.text(row);
      if (value === null) hands.onPanel({ kind: "filter", column: column.id });
      else onView(withFilter(view, { column: column.id, op: "is", value }));
      return true;
    }
    default:
      return false;
  }
}

/** Does what the key means here; false where it means nothing and others may have it. */
function perform<R>(act: GridAct, hands: Hands<R>): boolean {
  const column = hands.columns.find(({ id }) => id === hands.state.focus.column);
  switch (act.do) {
    case "move":
      return move(act, hands);
    case "open":
      return open(hands, false);
    case "peek":
      return open(hands, true);
    case "escape":
      return escape(hands);
    case "all":
      hands.act({ type: "all" });
      return true;
    case "copy":
      hands.onCopy();
      return true;
    case "find":
      hands.onFind();
      return true;
    case "mark": {
      const at = rowIn(hands);
      if (at !== null) hands.act({ type: "mark", key: hands.keyOf(at.row), row: at.row });
      return at !== null;
    }
    case "source": {
      const at = rowIn(hands);
      if (at !== null) hands.onSource?.(at.row);
      return at !== null;
    }
    default:
      return column !== undefined && onColumn(act, column, hands);
  }
}

export function keyDown<R>(event: KeyboardEvent<HTMLElement>, hands: Hands<R>): void {
  const target = event.target as HTMLElement;
  const cell = target.closest<HTMLElement>("[data-cell]");
  if (cell !== null && cell !== target) {
    // A control inside a cell has its own keys; Escape comes back to the cell.
    if (event.key !== "Escape") return;
    cell.focus();
    event.preventDefault();
    event.stopPropagation();
    return;
  }
  const line = lineIn(hands);
  if (event.key === "Enter" && line?.kind === "detail") {
    target.querySelector<HTMLElement>("button, a[href]")?.focus();
    event.preventDefault();
    return;
  }
  const column = hands.columns.find(({ id }) => id === hands.state.focus.column);
  const at = rowIn(hands);
  const edits = at !== null && (column?.edit?.value(at.row) ?? null) !== null;
  const act = edits && types(event.nativeEvent) ? null : actOf(event.nativeEvent);
  const done =
    act === null
      ? edits && types(event.nativeEvent) && open(hands, false, event.key)
      : perform(act, hands);
  if (!done) return;
  event.preventDefault();
  event.stopPropagation();
}

type CellAt = { line: number; column: string; fold: string | null };

function cellUnder(event: MouseEvent): CellAt | null {
  const cell = (event.target as Element).closest("[data-cell]");
  const line = cell?.closest("[data-line]")?.getAttribute("data-line");
  const column = cell?.getAttribute("data-cell");
  if (line === null || line === undefined || column === null || column === undefined) return null;
  return { line: Number(line), column, fold: cell?.getAttribute("data-fold") ?? null };
}

/** Press, drag over cells, click. A drag selects; a click opens the record beside the list. */
export function usePointer<R>(hands: Hands<R>) {
  const dragged = useRef(false);
  const pressed = useRef<string | null>(null);
  const latest = useRef(hands);
  useEffect(() => {
    latest.current = hands;
  });
  const focusAt = (at: CellAt, extend: boolean) =>
    latest.current.put(
      { target: latest.current.layout.targetAt(at.line), column: at.column },
      extend,
    );
  return {
    onMouseDown: (event: MouseEvent) => {
      const at = cellUnder(event);
      if (at === null || event.button !== 0 || at.line < 0) return;
      dragged.current = false;
      pressed.current = `${at.line} ${at.column}`;
      focusAt(at, event.shiftKey);
    },
    onMouseOver: (event: MouseEvent) => {
      const at = cellUnder(event);
      if (at === null || event.buttons !== 1 || pressed.current === null || at.line < 0) return;
      if (pressed.current === `${at.line} ${at.column}`) return;
      dragged.current = true;
      if (latest.current.layout.targetAt(at.line).kind !== "row") return;
      focusAt(at, true);
    },
    onMouseUp: () => {
      pressed.current = null;
    },
    onContextMenu: (event: MouseEvent) => {
      const at = cellUnder(event);
      if (at === null || at.line < 0) return;
      event.preventDefault();
      const { state, focusLine, onPanel } = latest.current;
      const { marked, anchor } = state;
      const hasMarks = marked === "all" || marked.size > 0;
      // A menu on a selection belongs to the selection.
      if (anchor === null && !hasMarks && focusLine !== at.line) focusAt(at, false);
      const cell = (event.target as Element).closest("[data-cell]") ?? undefined;
      onPanel({ kind: "cell", column: at.column, ...(cell === undefined ? {} : { at: cell }) });
    },
    onClick: (event: MouseEvent) => {
      const at = cellUnder(event);
      const isControl = (event.target as Element).closest("a, button, input, select") !== null;
      if (at === null || dragged.current || event.shiftKey || isControl || at.line < 0) return;
      const { layout, rowAt, keyOf, recordOf, act, onOpen } = latest.current;
      if (at.fold !== null) return fold(latest.current, at.fold);
      if (at.line >= layout.lines) return;
      const line = layout.at(at.line);
      const row = line.kind === "row" ? rowAt(line.position) : undefined;
      if (line.kind !== "row" || row === undefined) return;
      if (event.metaKey || event.ctrlKey) act({ type: "mark", key: keyOf(row), row });
      else onOpen?.({ row, position: line.position, key: recordOf(row), peek: true });
    },
  };
}
