import type { AgingColumn, AgingView } from "../../api/types";
import { classes } from "../classes";
import { Marks, Money, Total } from "../money";
import { Go, useFigureText } from "../phrase";
import { along } from "./geometry";
import styles from "./charts.module.css";

function Segment({
  of,
  label,
  name,
}: {
  of: AgingColumn["segments"][number];
  label: string;
  name: string;
}) {
  const look = { className: styles[of.bucket], style: { flexGrow: of.share, flexBasis: 0 } };
  return of.target === null ? (
    <span {...look} title={name} />
  ) : (
    <Go target={of.target} {...look} title={name} label={`${name}, ${label}`}>
      {null}
    </Go>
  );
}

/** One bar of 100 % per currency. The table under it is its legend. */
export function AgingBars({ view }: { view: AgingView }) {
  const text = useFigureText();
  const names = new Map(view.buckets.map((bucket) => [bucket.id, bucket.label]));
  return (
    <div className={styles.aging}>
      {view.columns.map((column) => (
        <div key={column.currency}>
          <span className="ccy">{column.currency}</span>
          <div className={styles.stack} role="group" aria-label={`${column.currency} by lateness`}>
            {column.segments
              .filter((segment) => along(segment.share, 1) > 0)
              .map((segment) => {
                const amount = text(segment.amount);
                const words = [names.get(segment.bucket), amount, column.currency];
                const name = words.filter((word) => word !== null).join(" ");
                return (
                  <Segment key={segment.bucket} of={segment} name={name} label={column.late} />
                );
              })}
          </div>
          <span className={styles.late}>{column.late}</span>
        </div>
      ))}
    </div>
  );
}

function BucketRow({ view, at }: { view: AgingView; at: number }) {
  const bucket = view.buckets[at];
  if (bucket === undefined) {
    return null;
  }
  return (
    <tr>
      <th scope="row">
        <span className={classes(styles.swatch, styles[bucket.id])} />
        {bucket.label}
      </th>
      {view.columns.map((column) => {
        const segment = column.segments[at];
        return (
          <td className="r" key={column.currency}>
            {segment === undefined ? null : (
              <Money amount={segment.amount.amount} currency={column.currency} />
            )}
          </td>
        );
      })}
    </tr>
  );
}

/** The figures of the bars: five buckets, what is unapplied, and the ruled total per currency. */
export function AgingTable({ view }: { view: AgingView }) {
  return (
    <table className={classes("t1", styles.buckets)}>
      <caption className="vh">Receivables {view.basis}</caption>
      <thead>
        <tr>
          <th scope="col">
            <span className="vh">Bucket</span>
          </th>
          {view.columns.map((column) => (
            <th scope="col" className="r" key={column.currency}>
              {column.currency}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {view.buckets.map((bucket, at) => (
          <BucketRow view={view} at={at} key={bucket.id} />
        ))}
        <tr>
          <th scope="row">
            <span className={styles.swatch} />
            Unapplied
          </th>
          {view.columns.map((column) => (
            <td className="r" key={column.currency}>
              <Money amount={column.unapplied.amount} currency={column.currency} />
            </td>
          ))}
        </tr>
        <tr className="foot">
          <th scope="row">
            <span className={styles.swatch} />
            Receivables
          </th>
          {view.columns.map((column) => (
            <td className="r" key={column.currency}>
              <Total
                amount={column.receivable.amount}
                currency={column.currency}
                proof={column.proof}
                className={styles.total}
              />
              <Marks marks={column.marks} />
            </td>
          ))}
        </tr>
      </tbody>
    </table>
  );
}
