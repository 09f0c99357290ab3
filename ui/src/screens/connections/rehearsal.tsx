import type { RehearsalView } from "../../api/types";
import { Total } from "../../components/money";
import { Amounts } from "../../components/phrase";
import styles from "./connections.module.css";

/** The deals one by one, for whoever does not want to believe the sums. */
function Listed({ of }: { of: RehearsalView }) {
  const labels = new Map(of.fates.map((fate) => [fate.id, fate.label]));
  return (
    <details className={styles.listed}>
      <summary>Show the deals one by one</summary>
      <table className="t1">
        <caption className="vh">Deals of the rehearsal</caption>
        <tbody>
          {of.deals.map((deal) => (
            <tr key={deal.opportunity}>
              <th scope="row">
                {deal.name}
                <small>{deal.note}</small>
              </th>
              <td>{labels.get(deal.fate) ?? deal.fate}</td>
              <td className="r">
                <Amounts of={deal.amount === null ? [] : [deal.amount]} empty="no amount" />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {of.more === 0 ? null : <p className="soft small">{of.more} more are counted above.</p>}
    </details>
  );
}

/** What the last three months would have made. Each deal has one fate, and they add up. */
export function Rehearsal({ of }: { of: RehearsalView }) {
  // In a CRM nothing is created, so there is nothing to rehearse.
  if (of.period === "") {
    return null;
  }
  return (
    <>
      <p className="soft small">Rehearsed over {of.period}. Nothing was sent.</p>
      <table className={`t1 ${styles.fates}`}>
        <caption className="vh">Fate of the won deals</caption>
        <thead>
          <tr>
            <th scope="col">Deals that</th>
            <th scope="col" className="r">
              Deals
            </th>
            <th scope="col" className="r">
              Contract, net
            </th>
          </tr>
        </thead>
        <tbody>
          {of.fates.map((fate) => (
            <tr key={fate.id}>
              <th scope="row">{fate.label}</th>
              <td className="r">{fate.deals}</td>
              <td className="r">
                <Amounts of={fate.amounts} />
              </td>
            </tr>
          ))}
          <tr className="foot">
            <th scope="row">All won deals</th>
            <td className="r">{of.won.deals}</td>
            <td className="r">
              {of.won.amounts.map((one) => (
                <Total
                  key={one.amount.currency}
                  amount={one.amount.amount}
                  currency={one.amount.currency}
                  proof={one.proof}
                  showCurrency
                  className={styles.total}
                />
              ))}
            </td>
          </tr>
        </tbody>
      </table>
      {of.gates.length === 0 ? null : (
        <ul className={styles.gates} aria-label="What stops deals">
          {of.gates.map((gate) => (
            <li key={gate.code} className="small">
              {gate.sentence} <span className="dim">{gate.deals} stopped</span>
            </li>
          ))}
        </ul>
      )}
      <Listed of={of} />
      <p className={styles.create}>
        Now it would create {of.to_create.documents}{" "}
        {of.to_create.documents === 1 ? "invoice" : "invoices"}, net{" "}
        <Amounts of={of.to_create.net} empty="nothing" />
      </p>
    </>
  );
}
