import {
  useEffect,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
  type CSSProperties,
  type RefObject,
} from "react";

import type { CommandName, GridPage, GridTotal } from "../../api/types";
import { classes } from "../classes";
import { GridBar } from "./bar";
import {
  fitted,
  narrowestOf,
  pinPlaces,
  sidesOf,
  templateOf,
  totalsOf,
  visibleColumns,
  type Column,
} from "./columns";
import { useCopy } from "./copying";
import { fitOf, useDomFocus } from "./dom_focus";
import { rangeOf } from "./focus";
import { Foot } from "./foot";
import styles from "./grid.module.css";
import { keyDown, usePointer, type Hands } from "./handle";
import { HeadRow } from "./head";
import { frameOf, Lines } from "./lines";
import { GridMessage, Outdated } from "./message";
import { Panels, usePanel } from "./panel_slot";
import type { DataGridProps } from "./props";
import { onEdited, step, useReports } from "./reports";
import { useSaid } from "./said";
import { useSelectionReport } from "./selection";
import { useGrid, type Grid } from "./use_grid";

export type { DataGridProps, GridHandle } from "./props";

const NEVER_FOLDED = () => false;
const LINE_PX = 28;
/** Rows of the question before pale when its successor's answer takes longer than this. */
const PALE_AFTER_MS = 200;
/** Header and totals take about as much of a screen. */
const LINES_TAKEN = 4;

function useFitted<R>(visible: readonly Column<R>[], head: GridPage<R> | null): Column<R>[] {
  // Pages carry the same totals again; only other totals are other widths.
  const totals = JSON.stringify(totalsOf(head));
  return useMemo(() => fitted(visible, JSON.parse(totals) as GridTotal[]), [visible, totals]);
}

/** What keys and pointer act on, as far as the lines know it. */
function handsOf<C extends CommandName, R>(props: DataGridProps<C, R>, grid: Grid<R>) {
  const { view, onView, keyOf, recordOf = keyOf, onOpen, onSource, onClose } = props;
  const { pages, layout, collapsed, state, act, put, focusLine, scroller, virtual } = grid;
  const screenLines = () =>
    Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / LINE_PX) - LINES_TAKEN);
  const reveal = (line: number) => {
    if (line >= 0 && line < layout.lines) virtual.scrollToIndex(line, { align: "auto" });
  };
  const { rowAt } = pages;
  return {
    ...{ view, onView, keyOf, recordOf, onOpen, onSource, onClose },
    ...{ layout, collapsed, state, act, put, focusLine, rowAt, screenLines, reveal },
  };
}

/** Everything the grid does, apart from drawing it. */
function useDataGrid<C extends CommandName, R>(props: DataGridProps<C, R>) {
  const { columns: all, view, keyOf, noun, span } = props;
  const visible = useMemo(() => visibleColumns(all, view), [all, view]);
  const grid = useGrid({
    source: props.source,
    columns: visible,
    view,
    keyOf,
    folded: props.folded ?? NEVER_FOLDED,
    detailKey: props.detail?.key ?? null,
    at: props.at ?? 0,
  }) as Grid<R>;
  const { pages, state } = grid;
  const columns = useFitted(visible, pages.head);
  const places = useMemo(() => pinPlaces(columns, view), [columns, view]);
  const range = rangeOf(
    state.anchor,
    state.focus,
    columns.map(({ id }) => id),
  );
  const dom = useDomFocus(grid, columns, sidesOf(columns, places));
  const reports = useReports(props, grid);
  const panel = usePanel(grid, all);
  const [finding, setFinding] = useState(false);
  const sumColumns = (props.sumColumns ?? []).flatMap(
    (id) => all.find((one) => one.id === id) ?? [],
  );
  useSelectionReport({
    noun,
    columns,
    sumColumns,
    marked: state.marked,
    range,
    rowAt: pages.rowAt,
    head: pages.head,
    current: reports.row,
  });
  const copy = useCopy({ grid, columns, span, noun, range });
  const hands: Hands<R> = {
    ...handsOf(props, grid),
    columns,
    onPanel: panel.open,
    onFind: () => setFinding(true),
    onCopy: () => copy(),
  };
  const back = () => {
    dom.onFocus();
    dom.focusCell();
  };
  useImperativeHandle(props.handle, () => ({
    find: () => setFinding(true),
    focus: back,
    step: (by) => step(by, props, grid, reports),
  }));
  return { all, columns, places, grid, range, dom, panel, hands, finding, setFinding, back, copy };
}

/** An answer that comes at once is not announced: it costs more to pale all rows and ink them. */
function useLate(behind: boolean): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!behind) return;
    const timer = setTimeout(() => setLate(true), PALE_AFTER_MS);
    return () => {
      clearTimeout(timer);
      setLate(false);
    };
  }, [behind]);
  return behind && late;
}

/** The field that filters by text takes the focus when it appears. */
function useFindField(finding: boolean): RefObject<HTMLInputElement | null> {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (finding) field.current?.focus();
  }, [finding]);
  return field;
}

function Sheet<C extends CommandName, R>({
  of,
  parts,
}: {
  of: DataGridProps<C, R>;
  parts: ReturnType<typeof useDataGrid<C, R>>;
}) {
  const { view, onView, noun, keyOf, recordOf = keyOf } = of;
  const { grid, columns, places, panel, range, back } = parts;
  const style = {
    "--cols": templateOf(columns, view),
    minWidth: narrowestOf(columns, view),
  } as CSSProperties;
  return (
    <div className={styles.sheet} style={style}>
      <div role="rowgroup" className={styles.top}>
        <HeadRow
          frame={frameOf(grid, places, -1, null)}
          columns={columns}
          view={view}
          onView={onView}
          onMenu={(column) => panel.open({ kind: "menu", column })}
          fit={(column) => fitOf(grid.scroller.current, column)}
        />
      </div>
      {grid.layout.lines > 0 && (
        <Lines
          grid={grid}
          columns={columns}
          places={places}
          noun={noun}
          span={of.span}
          keyOf={keyOf}
          recordOf={recordOf}
          current={of.current ?? null}
          range={range}
          sumsAt={of.sumsAt}
          toneOf={of.toneOf}
          detail={of.detail?.render}
          onEdited={onEdited({ grid, columns, keyOf, back })}
        />
      )}
      <Foot grid={grid} columns={columns} places={places} noun={noun} />
    </div>
  );
}

/** One component for every list: a window of the pages that SQL sorted, filtered and summed. */
export function DataGrid<C extends CommandName, R>(props: DataGridProps<C, R>) {
  const { view, onView, noun } = props;
  const parts = useDataGrid(props);
  const { all, columns, grid, dom, hands, finding, setFinding, back, panel, copy } = parts;
  const { pages, layout } = grid;
  const pointer = usePointer(hands);
  const field = useFindField(finding);
  const isLate = useLate(pages.behind);
  const said = useSaid(grid, columns, view, noun);
  const loading = pages.head === null && pages.failure === null;
  const bar = props.bar === "always" || view.filters.length > 0 || view.text !== "" || finding;
  const look = classes(
    styles.frame,
    props.flush === true && !bar && styles.flush,
    isLate && styles.behind,
    props.tight === true && styles.tight,
  );
  const findEnds = () => {
    setFinding(false);
    back();
  };
  return (
    <div className={look} data-density={grid.density}>
      {bar && (
        <GridBar
          columns={all}
          view={view}
          onView={onView}
          findRef={field}
          finding={finding}
          lead={props.barLead}
          onFindEnd={findEnds}
        />
      )}
      <Outdated pages={pages} />
      <div
        ref={grid.scroller}
        className={styles.scroller}
        role="grid"
        aria-label={props.label}
        aria-multiselectable="true"
        aria-busy={loading || pages.behind}
        aria-rowcount={loading ? -1 : 1 + layout.lines + layout.totals}
        aria-colcount={columns.length}
        onKeyDown={(event) => keyDown(event, hands)}
        onFocus={dom.onFocus}
        onBlur={dom.onBlur}
        {...pointer}
      >
        <Sheet of={props} parts={parts} />
      </div>
      <GridMessage
        loading={loading}
        pages={pages}
        view={view}
        onView={onView}
        all={all}
        columns={columns}
        noun={noun}
        nothing={props.nothing}
        template={templateOf(columns, view)}
      />
      <Panels of={props} panel={panel} onCopy={copy} />
      <div className="vh" role="status">
        {said}
      </div>
    </div>
  );
}
