import { classes } from "../classes";
import { Marks, Money, Total } from "../money";
import { Go } from "../phrase";
import { along } from "./geometry";
import styles from "./charts.module.css";
import type { ReasonsView } from "./preview";

/** Difference by reason: bars from a zero line in both directions, footed. A table by itself. */
export function Reasons({ view }: { view: ReasonsView }) {
  return (
    <table className={classes("t1", styles.reasons)}>
      <caption className="vh">
        {view.title}, {view.note}
      </caption>
      <tbody>
        {view.rows.map((row) => {
          const left = along(row.from, 100);
          const width = along(row.to, 100) - left;
          const side = row.amount.amount.startsWith("-") ? "minus" : "plus";
          return (
            <tr key={row.id}>
              <th scope="row">
                {row.target === null ? row.label : <Go target={row.target}>{row.label}</Go>}
              </th>
              <td className={styles.bars}>
                <span className={styles.zero} style={{ left: `${along(view.zero, 100)}%` }} />
                <span
                  className={styles.bar}
                  data-side={side}
                  style={{ left: `${left}%`, width: `${width}%` }}
                />
              </td>
              <td className="r">
                <Money amount={row.amount.amount} currency={row.amount.currency} />
              </td>
            </tr>
          );
        })}
        <tr className="foot">
          <th scope="row">
            {view.total.label} <Marks marks={view.total.marks} />
          </th>
          <td />
          <td className="r">
            <Total
              amount={view.total.amount.amount}
              currency={view.total.amount.currency}
              proof={view.total.proof}
            />
          </td>
        </tr>
      </tbody>
    </table>
  );
}
