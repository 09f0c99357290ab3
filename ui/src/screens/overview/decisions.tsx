import type { Decision, OverviewView } from "../../api/types";
import { Glyph } from "../../components/glyph";
import { Money } from "../../components/money";
import { Go } from "../../components/phrase";
import { NothingDue } from "../../components/states/states";
import styles from "./overview.module.css";

function Row({ of }: { of: Decision }) {
  return (
    <li>
      <Go target={of.target} className={styles.need}>
        <span>
          <Glyph name={of.status.glyph} tone={of.status.tone} label={of.status.word} />
        </span>
        <span className={styles.words}>
          <span className={styles.line}>
            <b className="medium">{of.name}</b>
            {of.amount === null ? null : (
              <span className="fig nowrap">
                <Money amount={of.amount.amount} currency={of.amount.currency} quietZero={false} />
                <span className={`ccy ${styles.ccy}`}>{of.amount.currency}</span>
              </span>
            )}
          </span>
          <span className={styles.line}>
            <small>{of.reason}</small>
            <span className="fig dim small nowrap">{of.age}</span>
          </span>
        </span>
      </Go>
    </li>
  );
}

/** What waits for a person, the urgent first. */
export function Decisions({ view }: { view: OverviewView }) {
  const { decisions, decisions_more } = view;
  return (
    <section aria-labelledby="decisions">
      <div className="h2row">
        <h2 id="decisions">Needs a decision</h2>
        <span className="more">sorted by urgency, then money</span>
      </div>
      {decisions.length === 0 ? (
        <NothingDue title="Nothing waits for you">{view.completeness.sentence}</NothingDue>
      ) : (
        <ol>
          {decisions.map((decision) => (
            <Row of={decision} key={decision.id} />
          ))}
        </ol>
      )}
      {decisions_more === 0 ? null : (
        <p className="small dim fig">{decisions_more} more wait in Deals and Reconciliation.</p>
      )}
    </section>
  );
}
