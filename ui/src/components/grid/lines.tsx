import type { CSSProperties, ReactNode } from "react";

import type { GridGroup } from "../../api/types";
import type { Column, PinPlaces, RowSpan } from "./columns";
import { inRange, type CellRange } from "./focus";
import styles from "./grid.module.css";
import type { Line } from "./layout";
import { GroupRow, TotalRow } from "./group_row";
import { DataRow, SkeletonRow, type RowFrame } from "./rows";
import type { Noun } from "./selection";
import { useSlots } from "./slots";
import type { Grid } from "./use_grid";

export type LinesProps<R> = {
  grid: Grid<R>;
  columns: readonly Column<R>[];
  places: PinPlaces;
  noun: Noun;
  span: RowSpan<R> | undefined;
  keyOf: (row: R) => string;
  recordOf: (row: R) => string;
  current: string | null;
  range: CellRange | null;
  sumsAt: string | undefined;
  toneOf: ((group: GridGroup) => string | undefined) | undefined;
  detail: ((row: R) => ReactNode) | undefined;
  onEdited: (value: string | null) => void;
};

/** What a row needs to know of its place; `top` null: it is laid out by the page. */
export function frameOf<R>(
  grid: Grid<R>,
  places: PinPlaces,
  line: number,
  top: number | null,
): RowFrame {
  return {
    line,
    top,
    rowIndex: line + 2,
    pins: places as Record<string, CSSProperties>,
    focused: grid.focusLine === line ? grid.state.focus.column : null,
  };
}

/** The unfolded row below another: one cell over all columns. */
function DetailRow<R>({
  of,
  line,
  top,
}: {
  of: LinesProps<R> & { row: R };
  line: number;
  top: number;
}) {
  const { grid, columns } = of;
  return (
    <div
      ref={grid.virtual.measureElement}
      data-index={line}
      role="row"
      className={styles.detail}
      data-line={line}
      style={{ transform: `translateY(${top}px)` }}
      aria-rowindex={line + 2}
    >
      <div
        role="gridcell"
        className={styles.cell}
        data-cell={columns[0]?.id}
        aria-colindex={1}
        aria-colspan={columns.length}
        tabIndex={grid.focusLine === line ? 0 : -1}
      >
        {of.detail?.(of.row)}
      </div>
    </div>
  );
}

function RowLine<R>({
  of,
  position,
  frame,
}: {
  of: LinesProps<R>;
  position: number;
  frame: RowFrame;
}) {
  const { grid, columns, keyOf, range } = of;
  const row = grid.pages.rowAt(position);
  if (row === undefined) return <SkeletonRow frame={frame} columns={columns} />;
  const { marked, anchor, editing } = grid.state;
  const key = keyOf(row);
  const ids = columns.map(({ id }) => id);
  return (
    <DataRow
      frame={frame}
      row={row}
      columns={columns}
      span={of.span}
      marked={marked === "all" || marked.has(key)}
      current={of.recordOf(row) === of.current}
      ranged={anchor === null ? [] : ids.filter((id) => inRange(range, position, id))}
      editing={editing?.key === key ? editing : null}
      onEdited={of.onEdited}
    />
  );
}

function LineDrawn<R>({
  of,
  line,
  at,
  top,
}: {
  of: LinesProps<R>;
  line: Line;
  at: number;
  top: number;
}) {
  const { grid, columns, places, noun } = of;
  const frame = frameOf(grid, places, at, top);
  switch (line.kind) {
    case "group":
      return (
        <GroupRow
          frame={frame}
          group={line.group}
          folded={grid.collapsed.has(line.group.key)}
          columns={columns}
          sumsAt={columns.findIndex(({ id }) => id === of.sumsAt)}
          tone={of.toneOf?.(line.group)}
          noun={noun}
        />
      );
    case "subtotal":
      return line.group.totals === null ? null : (
        <TotalRow frame={frame} total={line.group.totals} columns={columns} noun={noun} subtotal />
      );
    case "detail": {
      const row = grid.pages.rowAt(line.position);
      return row === undefined ? null : <DetailRow of={{ ...of, row }} line={at} top={top} />;
    }
    case "row":
      return <RowLine of={of} position={line.position} frame={frame} />;
  }
}

/** The lines in the window, each at its place. */
export function Lines<R>(props: LinesProps<R>) {
  const { layout, virtual, items } = props.grid;
  const lines = items.map(({ index }) => index);
  const slots = useSlots(lines.filter((line) => layout.at(line).kind === "row"));
  return (
    <div role="rowgroup" className={styles.body} style={{ height: virtual.getTotalSize() }}>
      {items.map(({ index, start, key }) => (
        <LineDrawn
          of={props}
          line={layout.at(index)}
          at={index}
          top={start}
          key={slots.has(index) ? `row ${slots.get(index)}` : `line ${key}`}
        />
      ))}
    </div>
  );
}
