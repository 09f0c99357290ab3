import type { GridGroup, GridTotal } from "../../api/types";
import { classes } from "../classes";
import { Glyph } from "../glyph/glyph";
import { Marks, Money, Total } from "../money/money";
import type { Column } from "./columns";
import styles from "./grid.module.css";
import { cellLook, cellProps, place, type RowFrame } from "./rows";
import { counted, type Noun } from "./selection";

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

export function GroupRow<R>({
  frame,
  group,
  folded,
  columns,
  sumsAt,
  tone,
  noun,
}: GroupRowProps<R>) {
  const withSums = group.sums.length > 0 && sumsAt > 0;
  const width = withSums ? sumsAt : columns.length;
  const first = columns[0]?.id ?? "";
  const isFocused = frame.focused !== null;
  const count =
    group.glyph === "" ? counted(group.count, noun) : group.count.toLocaleString("en-US");
  const said = group.note === "" ? count : `${count}, ${group.note}`;
  return (
    <div
      role="row"
      className={classes(styles.row, styles.group, folded && styles.folded)}
      data-line={frame.line}
      style={place(frame)}
      aria-rowindex={frame.rowIndex}
    >
      <div
        role="rowheader"
        className={styles.cell}
        aria-expanded={!folded}
        data-fold={group.key}
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
          role="gridcell"
          className={classes(styles.cell, styles.sums)}
          aria-colindex={width + 1}
          aria-colspan={columns.length - width}
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
      role="row"
      className={classes(styles.row, subtotal === true && styles.total)}
      data-line={frame.line}
      style={place(frame)}
      aria-rowindex={frame.rowIndex}
    >
      {columns.map((column, index) => {
        const cell = total.cells.find((one) => one.column === column.id);
        return (
          <div
            key={column.id}
            role={index === 0 ? "rowheader" : "gridcell"}
            className={cellLook(column, frame)}
            {...cellProps(frame, column.id, index)}
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
