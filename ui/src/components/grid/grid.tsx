import {
  useEffect, useId, useImperativeHandle, useMemo, useRef, useState,
  type CSSProperties, type ReactNode, type Ref,
} from "react";

import type { CommandName, GridGroup, Reply } from "../../api/types";
import { useAmountsHidden } from "../money/money";
import { useToast } from "../toast/toast";
import { classes } from "../classes";
import { GridBar } from "./bar";
import {
  END_PX, narrowestOf, pinPlaces, templateOf, visibleColumns, type Column, type RowSpan,
} from "./columns";
import { tableOf } from "./copy";
import { inRange, rangeOf } from "./focus";
import styles from "./grid.module.css";
import { keyDown, usePointer, type GridPanel, type Hands, type RowOpening } from "./handle";
import { HeadRow } from "./head";
import type { GridSource } from "./pages";
import { FilterPanel, HeaderMenu } from "./panels";
import { DataRow, GroupRow, SkeletonRow, TotalRow, type RowFrame } from "./rows";
import { COPY_ROWS_MAX, counted, useSelectionReport, type Noun } from "./selection";
import { GridMessage } from "./message";
import { useGrid, type Grid } from "./use_grid";
import { useSaid } from "./said";
import type { GridView } from "./view";

export type GridHandle = {
  /** Back to the cell that had the focus. */
  focus: () => void;
  /** Opens the record before or after the open one. */
  step: (by: 1 | -1) => void;
  /** The field that filters by text. */
  find: () => void;
};

export type DataGridProps<C extends CommandName, R> = {
  label: string;
  noun: Noun;
  source: GridSource<C, R>;
  columns: readonly Column<R>[];
  view: GridView;
  onView: (view: GridView) => void;
  /** Stable over sort, filter and refresh. */
  keyOf: (row: R) => string;
  /** Key of the record that a row opens, where that is not the row itself. */
  recordOf?: (row: R) => string;
  /** Hears each answer, for what the screen shows besides the rows. */
  onReply?: (reply: Reply[C]) => void;
  span?: RowSpan<R>;
  /** Key of the record whose drawer is open. */
  current?: string | null;
  onOpen?: (opening: RowOpening<R>) => void;
  onSource?: (row: R) => void;
  onClose?: () => void;
  /** Position of the open record in the list, for "9 of 32". */
  onPlace?: (place: { position: number | null; total: number }) => void;
  /** The open record's row as it is now; undefined while the list does not show it. */
  onCurrent?: (row: R | undefined) => void;
  detail?: { key: string | null; render: (row: R) => ReactNode };
  /** Money column whose sum stands for a selected row. */
  sumColumn?: string;
  /** Column at which the sums of a group begin. */
  sumsAt?: string;
  folded?: (group: GridGroup) => boolean;
  /** Colour of a group's glyph where its shape has another meaning here. */
  toneOf?: (group: GridGroup) => string | undefined;
  /** Shown when the list is empty without any filter. */
  nothing: ReactNode;
  /** "always": with its bar of filters and tools. Else the bar comes with the first filter. */
  bar?: "always" | "filtered";
  barLead?: ReactNode;
  flush?: boolean;
  /** Less room in the cells, for lists of many columns. */
  tight?: boolean;
  at?: number;
  onAt?: (position: number) => void;
  handle?: Ref<GridHandle>;
};

const NEVER_FOLDED = () => false;

function useCopy<R>(grid: Grid<R>, columns: readonly Column<R>[], props: {
  span?: RowSpan<R> | undefined; noun: Noun; range: ReturnType<typeof rangeOf>;
}) {
  const say = useToast();
  const hidden = useAmountsHidden();
  const warned = useRef(false);
  const { pages, state, focusLine, layout } = grid;
  const write = async (rows: R[], of: readonly Column<R>[]) => {
    const headers = rows.length > 1 || of.length > 1;
    const reason = (row: R) => props.span?.text(row) ?? null;
    await navigator.clipboard.writeText(tableOf(of, rows, reason, { headers, format: "tsv" }));
    say({ said: `Copied ${counted(rows.length * of.length, { one: "cell", many: "cells" })}`, undo: false });
  };
  const chosen = async () => {
    const { marked, focus } = state;
    const total = pages.head?.total ?? 0;
    if (marked === "all") {
      if (total <= COPY_ROWS_MAX) return write(await pages.load(0, total - 1), columns);
      const most = counted(COPY_ROWS_MAX, props.noun);
      return say({ said: `A copy takes at most ${most}. Export the list instead.`, undo: false });
    }
    if (marked.size > 0) return write([...marked.values()], columns);
    const { range } = props;
    if (range !== null) {
      const inside = columns.filter(({ id }) => range.columns.includes(id));
      return write(await pages.load(range.from, range.to), inside);
    }
    const line = focusLine >= 0 && focusLine < layout.lines ? layout.at(focusLine) : null;
    const row = line?.kind === "row" ? pages.rowAt(line.position) : undefined;
    if (row !== undefined) await write([row], columns.filter(({ id }) => id === focus.column));
  };
  return () => {
    if (hidden && !warned.current) {
      warned.current = true;
      say({ said: "Amounts are hidden. Copy once more to copy the figures.", undo: false });
      return;
    }
    void chosen().catch(() => say({ said: "The clipboard refused the copy.", undo: false }));
  };
}

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
function useDomFocus<R>(grid: Grid<R>, columns: readonly Column<R>[], pins: {
  left: number; right: number;
}) {
  const owns = useRef(false);
  const { scroller, focusLine, state } = grid;
  const focusCell = () => {
    const row = scroller.current?.querySelector(`[data-line="${focusLine}"]`) ?? null;
    const cell = cellIn(row, columns.findIndex(({ id }) => id === state.focus.column));
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

export function DataGrid<C extends CommandName, R>(props: DataGridProps<C, R>) {
  const { columns: all, view, onView, keyOf, span, noun, current = null } = props;
  const { folded = NEVER_FOLDED, detail, onPlace, onAt, onReply, onCurrent, recordOf = keyOf } = props;
  const columns = useMemo(() => visibleColumns(all, view), [all, view]);
  const grid = useGrid({
    source: props.source, columns, view, keyOf, folded,
    detailKey: detail?.key ?? null, at: props.at ?? 0,
  }) as Grid<R>;
  const { pages, layout, state, act, put, focusLine, scroller, virtual, items } = grid;
  const [panel, setPanel] = useState<GridPanel | null>(null);
  const [finding, setFinding] = useState(false);
  const findRef = useRef<HTMLInputElement>(null);
  const anchor = useRef<Element | null>(null);
  const id = useId();
  const ids = columns.map((column) => column.id);
  const range = rangeOf(state.anchor, state.focus, ids);
  const place = useMemo(() => pinPlaces(columns, view), [columns, view]);
  const sides = useMemo(() => {
    const sum = (side: "left" | "right") => columns
      .filter(({ id: one }) => place[one]?.[side] !== undefined)
      .reduce((most, column) => Math.max(most, (place[column.id]?.[side] ?? 0) + column.minWidth), 0);
    return { left: sum("left"), right: sum("right") };
  }, [columns, place]);
  const dom = useDomFocus(grid, columns, sides);
  const openAt = current === null ? null : pages.find((row) => recordOf(row) === current);
  const currentRow = openAt === null ? undefined : pages.rowAt(openAt);
  const total = pages.head?.total ?? 0;

  useSelectionReport({
    noun, columns, sumColumn: all.find((column) => column.id === props.sumColumn),
    marked: state.marked, range, rowAt: pages.rowAt, head: pages.head, current: currentRow,
  });
  const { answer } = pages;
  useEffect(() => {
    if (answer !== undefined) onReply?.(answer as Reply[C]);
  }, [onReply, answer]);
  useEffect(() => onCurrent?.(currentRow), [onCurrent, currentRow]);
  useEffect(() => onPlace?.({ position: openAt, total }), [onPlace, openAt, total]);
  useEffect(() => {
    if (finding) findRef.current?.focus();
  }, [finding]);
  const position = state.focus.target.kind === "row" ? state.focus.target.position : null;
  useEffect(() => {
    if (position !== null && position > 0) onAt?.(position);
  }, [onAt, position]);

  const copy = useCopy(grid, columns, { span, noun, range });
  const hands: Hands<R> = {
    columns, view, onView, layout, groups: grid.groups, collapsed: grid.collapsed,
    state, act, put, focusLine, keyOf, recordOf,
    screenLines: () => Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / 28) - 4),
    reveal: (line) => {
      if (line >= 0 && line < layout.lines) virtual.scrollToIndex(line, { align: "auto" });
    },
    rowAt: pages.rowAt,
    onOpen: props.onOpen, onSource: props.onSource, onClose: props.onClose,
    onPanel: (opened) => {
      anchor.current = scroller.current?.querySelector(
        `[role=columnheader][data-cell="${opened.column}"]`,
      ) ?? null;
      setPanel(opened);
    },
    onFind: () => setFinding(true),
    onCopy: copy,
  };
  const pointer = usePointer(hands);

  useImperativeHandle(props.handle, () => ({
    find: () => setFinding(true),
    focus: () => {
      dom.onFocus();
      dom.focusCell();
    },
    step: (by) => {
      const from = openAt ?? position ?? -1;
      for (let to = from + by; to >= 0 && to < total; to += by) {
        const line = layout.lineOf({ kind: "row", position: to, key: null });
        const row = pages.rowAt(to);
        if (row === undefined) return;
        // Rows of collapsed groups are not drawn, so they are stepped over.
        if (line === null) continue;
        put({ target: { kind: "row", position: to, key: keyOf(row) }, column: state.focus.column });
        virtual.scrollToIndex(line, { align: "auto" });
        props.onOpen?.({ row, position: to, key: recordOf(row), peek: true });
        return;
      }
    },
  }));

  const said = useSaid(grid, columns, view, noun);
  const frameOf = (line: number, top: number | null): RowFrame => ({
    line, top, rowIndex: line + 2, pins: place as Record<string, CSSProperties>,
    focused: focusLine === line ? state.focus.column : null,
  });
  const finish = (value: string | null) => {
    const { editing } = state;
    const column = columns.find((one) => one.id === editing?.column);
    const row = editing === null ? null : pages.find((one) => keyOf(one) === editing.key);
    const edited = row === null ? undefined : pages.rowAt(row);
    act({ type: "edit", editing: null });
    if (value !== null && edited !== undefined) column?.edit?.save(edited, value);
    dom.onFocus();
  };
  const drawn = items.map((item) => {
    const line = layout.at(item.index);
    const frame = frameOf(item.index, item.start);
    if (line.kind === "group") {
      const closed = grid.collapsed.has(line.group.key);
      const sumsAt = props.sumsAt === undefined ? 0 : ids.indexOf(props.sumsAt);
      return (
        <GroupRow
          key={item.index} frame={frame} group={line.group} folded={closed} columns={columns}
          sumsAt={sumsAt} tone={props.toneOf?.(line.group)} noun={noun}
        />
      );
    }
    if (line.kind === "subtotal") {
      const { totals } = line.group;
      return totals === null ? null : (
        <TotalRow key={item.index} frame={frame} total={totals} columns={columns} noun={noun} subtotal />
      );
    }
    const row = pages.rowAt(line.position);
    if (row === undefined) return <SkeletonRow key={item.index} frame={frame} columns={columns} />;
    if (line.kind === "detail") {
      return (
        <div
          key={`detail ${item.index}`} ref={virtual.measureElement} data-index={item.index}
          role="row" className={styles.detail} data-line={item.index}
          style={{ transform: `translateY(${item.start}px)` }} aria-rowindex={item.index + 2}
        >
          <div
            role="gridcell" className={styles.cell} data-cell={ids[0]} aria-colindex={1}
            aria-colspan={columns.length} tabIndex={frame.focused === null ? -1 : 0}
          >
            {detail?.render(row)}
          </div>
        </div>
      );
    }
    const key = keyOf(row);
    return (
      <DataRow
        key={item.index} frame={frame} row={row} columns={columns} span={span}
        marked={state.marked === "all" || state.marked.has(key)} current={recordOf(row) === current}
        ranged={state.anchor === null ? [] : ids.filter((one) => inRange(range, line.position, one))}
        editing={state.editing?.key === key ? state.editing : null} onEdited={finish}
      />
    );
  });

  const totals = pages.head?.totals ?? [];
  const filtered = pages.head !== null && total < pages.head.unfiltered;
  const loading = pages.head === null && pages.failure === null;
  const style = {
    "--cols": templateOf(columns, view),
    minWidth: narrowestOf(columns, view) + END_PX,
  } as CSSProperties;
  const chosenColumn = all.find((column) => column.id === panel?.column);
  const panelProps = chosenColumn === undefined ? null : {
    columns: all, column: chosenColumn, view, onView, anchor, onClose: () => setPanel(null),
  };
  const showsBar = props.bar === "always" || view.filters.length > 0 || view.text !== "" || finding;
  return (
    <div
      className={classes(
        styles.frame, props.flush === true && !showsBar && styles.flush, pages.behind && styles.behind,
        props.tight === true && styles.tight,
      )}
      data-density={grid.density}
    >
      {showsBar && (
        <GridBar
          columns={all} view={view} onView={onView} findRef={findRef} finding={finding}
          lead={props.barLead}
          onFindEnd={() => {
            setFinding(false);
            dom.onFocus();
            dom.focusCell();
          }}
        />
      )}
      <div
        ref={scroller} className={styles.scroller} role="grid" aria-label={props.label}
        aria-multiselectable="true" aria-busy={loading || pages.behind}
        aria-rowcount={loading ? -1 : 1 + layout.lines + layout.totals}
        aria-colcount={columns.length} id={id}
        onKeyDown={(event) => keyDown(event, hands)} onFocus={dom.onFocus} onBlur={dom.onBlur}
        {...pointer}
      >
        <div className={styles.sheet} style={style}>
          <div role="rowgroup">
            <HeadRow
              frame={frameOf(-1, null)} columns={columns} view={view} onView={onView}
              onMenu={(column) => hands.onPanel({ kind: "menu", column })}
              fit={(column) => fitOf(scroller.current, column)}
            />
          </div>
          {layout.lines > 0 && (
            <div role="rowgroup" className={styles.body} style={{ height: virtual.getTotalSize() }}>
              {drawn}
            </div>
          )}
          {totals.length > 0 && total > 0 && (
            <div role="rowgroup" className={classes(styles.foot, totals.length === 1 && styles.single)}>
              {totals.map((one, at) => (
                <TotalRow
                  key={one.currency + one.label} frame={frameOf(layout.lines + at, null)} total={one}
                  columns={columns} noun={noun}
                  label={filtered && at === 0 && totals.length === 1
                    ? `${total} of ${pages.head?.unfiltered ?? total}, filtered` : undefined}
                />
              ))}
            </div>
          )}
        </div>
      </div>
      <GridMessage
        loading={loading} pages={pages} view={view} onView={onView} all={all} columns={columns}
        noun={noun} nothing={props.nothing} template={templateOf(columns, view)}
      />
      {panelProps !== null && panel?.kind === "menu" && (
        <HeaderMenu
          {...panelProps}
          onFilter={() => setPanel({ kind: "filter", column: panelProps.column.id })}
        />
      )}
      {panelProps !== null && panel?.kind === "filter" && <FilterPanel {...panelProps} />}
      <div className="vh" role="status">{said}</div>
    </div>
  );
}

/** Width that shows the widest drawn cell of a column in full. */
function fitOf(scroller: HTMLElement | null, column: string): number {
  const cells = [...(scroller?.querySelectorAll(`[data-cell="${column}"]`) ?? [])];
  const widths = cells.map((cell) => {
    const inside = document.createRange();
    inside.selectNodeContents(cell);
    return Math.ceil(inside.getBoundingClientRect().width);
  });
  return Math.max(48, ...widths.map((width) => width + 20));
}
