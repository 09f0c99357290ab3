import { memo, type CSSProperties, type ReactNode } from "react";

import type { GridGroup, GridTotal } from "../../api/types";
import { day } from "../../format/dates";
import { classes } from "../classes";
import { Glyph } from "../glyph/glyph";
import { Marks, Money, Total } from "../money/money";
import { cellsOf, isNumeric, type Column, type RowSpan } from "./columns";
import { CellEditor } from "./editor";
import styles from "./grid.module.css";
import { counted, type Noun } from "./selection";
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
      return <span className={styles.text} title={text}>{text}</span>;
  }
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
  const melted = reason === null || span === undefined ? [] : span.columns;
  const cells = cellsOf(columns, melted.length === 0 ? null : melted);
  const said = cells.find((cell) => melted.includes(cell.column.id))?.column.id;
  const focusedAt = columns.findIndex((column) => column.id === frame.focused);
  const look = classes(
    styles.row, props.marked && styles.selected, props.current && styles.current,
  );
  return (
    <div
      role="row" className={look} data-line={frame.line} style={place(frame)}
      aria-rowindex={frame.rowIndex} aria-selected={props.marked || props.current}
    >
      {cells.map(({ column, index, span: width }) => {
        const isRanged = ranged.includes(column.id);
        const isMelted = melted.includes(column.id);
        const hasFocus = focusedAt >= index && focusedAt < index + width;
        const seen = { ...frame, focused: hasFocus ? column.id : null };
        return (
          <div
            key={column.id} role={index === 0 ? "rowheader" : "gridcell"}
            className={classes(
              isMelted ? classes(styles.cell, styles.why) : cellLook(column, frame),
              isRanged && styles.ranged,
            )}
            {...cellProps(seen, column.id, index, width)}
            {...(isRanged ? { "aria-selected": true } : {})}
          >
            {isMelted ? (
              column.id === said && <span className={styles.text} title={reason ?? ""}>{reason}</span>
            ) : editing?.column === column.id && column.edit !== undefined ? (
              <CellEditor
                edit={column.edit} row={row} typed={editing.typed}
                label={column.header} onDone={props.onEdited}
              />
            ) : (
              <Content column={column} row={row} />
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
    same("row") && same("columns") && same("span") && same("marked") && same("current") &&
    same("editing")
  );
}) as typeof DataRowDrawn;

const WIDTHS = ["62%", "46%", "70%", "54%", "58%"];

/** The shape of a row whose page is on its way. */
export function SkeletonRow<R>({ frame, columns }: { frame: RowFrame; columns: readonly Column<R>[] }) {
  return (
    <div role="row" className={styles.row} data-line={frame.line} style={place(frame)}
      aria-rowindex={frame.rowIndex}>
      {columns.map((column, index) => (
        <div
          key={column.id} role={index === 0 ? "rowheader" : "gridcell"}
          className={cellLook(column, frame)} {...cellProps(frame, column.id, index)}
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

type GroupRowProps<R> = {
  frame: RowFrame;
  group: GridGroup;
  folded: boolean;
  columns: readonly Column<R>[];
  /** Column at which the sums of a group begin. */
  sumsAt: number;
  tone: string | undefined;
  noun: Noun;
};

export function GroupRow<R>({ frame, group, folded, columns, sumsAt, tone, noun }: GroupRowProps<R>) {
  const withSums = group.sums.length > 0 && sumsAt > 0;
  const width = withSums ? sumsAt : columns.length;
  const first = columns[0]?.id ?? "";
  const isFocused = frame.focused !== null;
  const count = group.glyph === ""
    ? counted(group.count, noun)
    : group.count.toLocaleString("en-US");
  const said = group.note === "" ? count : `${count}, ${group.note}`;
  return (
    <div
      role="row" className={classes(styles.row, styles.group, folded && styles.folded)}
      data-line={frame.line} style={place(frame)} aria-rowindex={frame.rowIndex}
    >
      <div
        role="rowheader" className={styles.cell} aria-expanded={!folded} data-fold={group.key}
        {...cellProps({ ...frame, focused: isFocused ? first : null }, first, 0, width)}
      >
        {group.glyph !== "" && <Glyph name={group.glyph} tone={tone} />}
        <span>{group.label}</span>
        <span className={styles.note}>{folded ? `${said}, collapsed` : said}</span>
        <svg className={styles.fold} viewBox="0 0 9 9" aria-hidden="true">
          <path d="m1.5 3 3 3 3-3" />
        </svg>
      </div>
      {withSums && (
        <div
          role="gridcell" className={classes(styles.cell, styles.sums)}
          aria-colindex={width + 1} aria-colspan={columns.length - width}
          style={{ gridColumn: `span ${columns.length - width}` }}
        >
          {group.sums.map(({ amount, currency }) => (
            <span className={styles.sum} key={currency}>
              <Money amount={amount} currency={currency} quietZero={false} />
              <span className="ccy">{currency}</span>
            </span>
          ))}
        </div>
      )}
    </div>
  );
}

type TotalRowProps<R> = {
  frame: RowFrame;
  total: GridTotal;
  columns: readonly Column<R>[];
  noun: Noun;
  /** "4 of 9, filtered" in the place of the label. */
  label?: string | undefined;
  subtotal?: boolean;
};

/** Rules stand under the figures of each column, as on paper, and say what was proved. */
export function TotalRow<R>({ frame, total, columns, noun, label, subtotal }: TotalRowProps<R>) {
  const unproved = total.cells.some((cell) => cell.proof === "unproved");
  return (
    <div
      role="row" className={classes(styles.row, subtotal === true && styles.total)}
      data-line={frame.line} style={place(frame)} aria-rowindex={frame.rowIndex}
    >
      {columns.map((column, index) => {
        const cell = total.cells.find((one) => one.column === column.id);
        return (
          <div
            key={column.id} role={index === 0 ? "rowheader" : "gridcell"}
            className={cellLook(column, frame)} {...cellProps(frame, column.id, index)}
          >
            {index === 0 && (
              <>
                <span className={styles.text}>{label ?? total.label}</span>
                <Marks marks={total.marks} why={total.why} />
                {unproved && <Glyph name="half_square" label="provisional" />}
              </>
            )}
            {cell !== undefined && (
              <Total amount={cell.amount} currency={total.currency} proof={cell.proof} />
            )}
            {column.footer === "count" && (
              <span className={styles.quiet}>{counted(total.count, noun)}</span>
            )}
            {column.footer === "currency" && <span className="ccy">{total.currency}</span>}
          </div>
        );
      })}
    </div>
  );
}
