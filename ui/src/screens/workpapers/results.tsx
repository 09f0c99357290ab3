import { Marks, Money, RULE_WORDS, Total } from "../../components/money";
import { Go } from "../../components/phrase";
import styles from "./workpapers.module.css";
import type { WorkpaperResults } from "./preview";

/** Deals against invoices, by verdict. Absolute sums ignore signs: netting hides nothing. */
export function Results({ of }: { of: WorkpaperResults }) {
  const { total } = of;
  return (
    <>
      <div className="h2row">
        <h2 id="results">Deals against invoices</h2>
      </div>
      <table className={`t1 ${styles.plain}`} aria-labelledby="results">
        <thead>
          <tr>
            <th scope="col">Result</th>
            <th scope="col" className="r">
              Deals
            </th>
            <th scope="col" className="r">
              Net
            </th>
            <th scope="col" className="r">
              Absolute
            </th>
          </tr>
        </thead>
        <tbody>
          {of.rows.map((row) => (
            <tr key={row.id}>
              <th scope="row">
                <Go target={row.target}>{row.label}</Go>
              </th>
              <td className="r">{row.deals}</td>
              <td className="r">
                <Money amount={row.net.amount} currency={row.net.currency} />
              </td>
              <td className="r">
                <Money amount={row.absolute.amount} currency={row.absolute.currency} />
              </td>
            </tr>
          ))}
          <tr className="foot">
            <th scope="row">
              All <Marks marks={total.marks} />
            </th>
            <td className="r">
              <span className={`t ${total.proof}`} title={RULE_WORDS[total.proof]}>
                {total.deals}
              </span>
            </td>
            <td className="r">
              <Total
                amount={total.net.amount}
                currency={total.net.currency}
                proof={total.proof}
                className={styles.total}
              />
            </td>
            <td className="r">
              <Total
                amount={total.absolute.amount}
                currency={total.absolute.currency}
                proof={total.proof}
                className={styles.total}
              />
            </td>
          </tr>
        </tbody>
      </table>
    </>
  );
}
