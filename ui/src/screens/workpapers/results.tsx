import type { Amount, WorkpaperResults } from "../../api/types";
import { Marks, Money, RULE_WORDS, Total } from "../../components/money";
import { Go } from "../../components/phrase";
import styles from "./workpapers.module.css";

/** Deals of one verdict may have no amount, or several currencies: then nothing is added. */
function Figure({ of }: { of: Amount | null }) {
  return of === null ? (
    <span className="dim">not added</span>
  ) : (
    <Money amount={of.amount} currency={of.currency} />
  );
}

function Foot({ of }: { of: NonNullable<WorkpaperResults["total"]> }) {
  return (
    <tr className="foot">
      <th scope="row">
        All <Marks marks={of.marks} />
      </th>
      <td className="r">
        <span className={`t ${of.proof}`} title={RULE_WORDS[of.proof]}>
          {of.deals}
        </span>
      </td>
      <td className="r">
        <Total
          amount={of.net.amount}
          currency={of.net.currency}
          proof={of.proof}
          className={styles.total}
        />
      </td>
      <td className="r">
        <Total
          amount={of.absolute.amount}
          currency={of.absolute.currency}
          proof={of.proof}
          className={styles.total}
        />
      </td>
    </tr>
  );
}

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
                <Figure of={row.net} />
              </td>
              <td className="r">
                <Figure of={row.absolute} />
              </td>
            </tr>
          ))}
          {total === null ? null : <Foot of={total} />}
        </tbody>
      </table>
    </>
  );
}
