import { memo, type CSSProperties, type ReactNode } from "react";

import { day } from "../../format/dates";
import { classes } from "../classes";
import { Money } from "../money/money";
import { cellsOf, isNumeric, type Column, type RowSpan } from "./columns";
import { CellEditor } from "./editor";
import styles from "./grid.module.css";
import type { Editing } from "./state";

export type RowFrame = {
  line: number;
  /** The header is row one. */
  rowIndex: number;
  top: number | null;
  /** Column that holds the focus, when it is in this row. */
  focused: string | null;
  /** Offsets of pinned columns from their edge. */
  pins: Readonly<Record<string, CSSProperties>>;
};

export const cellId = (grid: string, line: number, column: string) => `${grid}-${line}-${column}`;

export function place(frame: RowFrame): CSSProperties {
  return frame.top === null ? {} : { transform: `translateY(${frame.top}px)` };
}

/** What every cell carries so that a click, the focus and a reader find it. */
export function cellProps(frame: RowFrame, column: string, index: number, span = 1) {
  const pin = frame.pins[column];
  return {
    "data-cell": column,
    tabIndex: frame.focused === column ? 0 : -1,
    "aria-colindex": index + 1,
    ...(span > 1 ? { "aria-colspan": span } : {}),
    style: { ...(span > 1 ? { gridColumn: `span ${span}` } : {}), ...pin },
  };
}

export function cellLook<R>(column: Column<R>, frame: RowFrame): string {
  return classes(
    styles.cell,
    isNumeric(column.kind) && styles.number,
    column.kind === "date" && styles.figure,
    column.strong === true && styles.strong,
    frame.pins[column.id] !== undefined && styles.pinned,
  );
}

function Content<R>({ column, row }: { column: Column<R>; row: R }): ReactNode {
  if (column.cell !== undefined) return column.cell(row);
  const text = column.text(row);
  if (text === null) {
    const why = column.missing?.(row);
    return why === undefined ? null : <span className="vh">{why}</span>;
  }
  switch (column.kind) {
    case "money":
      return <Money amount={text} currency={column.currency?.(row) ?? ""} />;
    case "date":
      return day(text);
    case "currency":
      return <span className="ccy">{text}</span>;
    default:
      return (
        <span className={styles.text} title={text}>
          {text}
        </span>
      );
  }
}

/** What may remember something, such as an amount that was revealed, is made anew for each row. */
function ownOf<R>(column: Column<R>, line: number): number {
  return column.cell === undefined && column.kind !== "money" ? -1 : line;
}

type DataRowProps<R> = {
  frame: RowFrame;
  row: R;
  columns: readonly Column<R>[];
  span: RowSpan<R> | undefined;
  marked: boolean;
  current: boolean;
  /** Columns of this row inside the selected range. */
  ranged: readonly string[];
  editing: Editing | null;
  onEdited: (value: string | null) => void;
};

function DataRowDrawn<R>(props: DataRowProps<R>) {
  const { frame, row, columns, span, ranged, editing } = props;
  const reason = span?.text(row) ?? null;
  const whole = span?.full?.(row) ?? reason ?? "";
  const melted = reason === null || span === undefined ? [] : span.columns;
  const cells = cellsOf(columns, melted.length === 0 ? null : melted);
  const said = cells.find((cell) => melted.includes(cell.column.id))?.column.id;
  const focusedAt = columns.findIndex((column) => column.id === frame.focused);
  const look = classes(
    styles.row,
    props.marked && styles.selected,
    props.current && styles.current,
  );
  return (
    <div
      role="row"
      className={look}
      data-line={frame.line}
      style={place(frame)}
      aria-rowindex={frame.rowIndex}
      aria-selected={props.marked || props.current}
    >
      {cells.map(({ column, index, span: width }) => {
        const isRanged = ranged.includes(column.id);
        const isMelted = melted.includes(column.id);
        const hasFocus = focusedAt >= index && focusedAt < index + width;
        const seen = { ...frame, focused: hasFocus ? column.id : null };
        return (
          <div
            key={column.id}
            role={index === 0 ? "rowheader" : "gridcell"}
            className={classes(
              isMelted ? classes(styles.cell, styles.why) : cellLook(column, frame),
              isRanged && styles.ranged,
            )}
            {...cellProps(seen, column.id, index, width)}
            {...(isRanged ? { "aria-selected": true } : {})}
          >
            {isMelted ? (
              column.id === said && (
                <span className={styles.text} title={whole}>
                  {reason}
                </span>
              )
            ) : editing?.column === column.id && column.edit !== undefined ? (
              <CellEditor
                key={`editor ${editing.key}`}
                edit={column.edit}
                row={row}
                typed={editing.typed}
                label={column.header}
                onDone={props.onEdited}
              />
            ) : (
              <Content key={ownOf(column, frame.line)} column={column} row={row} />
            )}
          </div>
        );
      })}
    </div>
  );
}

/** A row is drawn again only when something in it changed, not on every scroll. */
export const DataRow = memo(DataRowDrawn, (before, after) => {
  const same = (name: keyof DataRowProps<unknown>) => before[name] === after[name];
  return (
    before.frame.top === after.frame.top &&
    before.frame.line === after.frame.line &&
    before.frame.rowIndex === after.frame.rowIndex &&
    before.frame.focused === after.frame.focused &&
    before.frame.pins === after.frame.pins &&
    before.ranged.join() === after.ranged.join() &&
    same("row") &&
    same("columns") &&
    same("span") &&
    same("marked") &&
    same("current") &&
    same("editing")
  );
}) as typeof DataRowDrawn;

const WIDTHS = ["62%", "46%", "70%", "54%", "58%"];

/** The shape of a row whose page is on its way. */
export function SkeletonRow<R>({
  frame,
  columns,
}: {
  frame: RowFrame;
  columns: readonly Column<R>[];
}) {
  return (
    <div
      role="row"
      className={styles.row}
      data-line={frame.line}
      style={place(frame)}
      aria-rowindex={frame.rowIndex}
    >
      {columns.map((column, index) => (
        <div
          key={column.id}
          role={index === 0 ? "rowheader" : "gridcell"}
          className={cellLook(column, frame)}
          {...cellProps(frame, column.id, index)}
        >
          {index === 0 && <span className="vh">loading</span>}
          <span
            className={styles.skeleton}
            style={{ width: WIDTHS[(frame.line + index) % WIDTHS.length] }}
          />
        </div>
      ))}
    </div>
  );
}
