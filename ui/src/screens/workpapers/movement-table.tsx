import type { MovementTable as View } from "../../api/types";
import { useId } from "react";

import { Marks, Money, Total } from "../../components/money";
import styles from "./workpapers.module.css";

/** From opening to closing, each movement with its mark, and the ruled sum. */
export function MovementTable({ of }: { of: View }) {
  const id = useId();
  const { total } = of;
  return (
    <div>
      <div className="h2row">
        <h2 id={id}>{of.title}</h2>
      </div>
      <table className={`t1 ${styles.plain}`} aria-labelledby={id}>
        <thead>
          <tr>
            <th scope="col">{of.head}</th>
            <th scope="col">
              <span className="vh">Mark</span>
            </th>
            <th scope="col" className="r">
              {of.currency}
            </th>
          </tr>
        </thead>
        <tbody>
          {of.rows.map((row) => (
            <tr key={row.label}>
              <th scope="row">{row.label}</th>
              <td>
                <Marks marks={row.mark === "" ? [] : [row.mark]} />
              </td>
              <td className="r">
                <Money amount={row.amount.amount} currency={row.amount.currency} />
              </td>
            </tr>
          ))}
          <tr className="foot">
            <th scope="row">{total.label}</th>
            <td>
              <Marks marks={total.marks} />
            </td>
            <td className="r">
              <Total
                amount={total.amount.amount}
                currency={total.amount.currency}
                proof={total.proof}
              />
            </td>
          </tr>
        </tbody>
      </table>
    </div>
  );
}
