import type { ChangeRow, ChangesView, WorkpaperView } from "../../api/types";
import { Marks, Money, Total } from "../../components/money";
import { Go } from "../../components/phrase";
import { count } from "../../format/count";
import { VerifyFile } from "./verify";
import styles from "./workpapers.module.css";

function Change({ of }: { of: ChangeRow }) {
  return (
    <li>
      <div className={styles.pair}>
        <span>
          <b className="medium">{of.what}</b>
          <br />
          <span className="soft small">
            {of.account},{" "}
            {of.target === null ? (
              <span className="id">{of.document}</span>
            ) : (
              <Go target={of.target} className="id">
                {of.document}
              </Go>
            )}
          </span>
        </span>
        <span className="medium">
          <Money amount={of.effect.amount} currency={of.effect.currency} />
        </span>
      </div>
      <div className={`${styles.pair} small soft`}>
        <span>{of.field}</span>
        <span className="fig">
          <s>
            <span className="vh">before </span>
            <Money amount={of.before.amount} currency={of.before.currency} />
          </s>
          {"→ "}
          <Money amount={of.after.amount} currency={of.after.currency} />
        </span>
      </div>
      <div className={`${styles.pair} small dim fig`}>
        <span>{of.dated}</span>
        <span>{of.made}</span>
      </div>
    </li>
  );
}

function Changes({ of }: { of: ChangesView }) {
  const { before, change, after } = of;
  return (
    <section aria-labelledby="changes">
      <div className="h2row">
        <h2 id="changes">Changed since</h2>
        <span className="more">{of.note}</span>
      </div>
      <ol className={styles.changes}>
        {of.rows.map((row) => (
          <Change of={row} key={row.id} />
        ))}
      </ol>
      <dl className={`kv ${styles.sum}`}>
        <dt>{before.label}</dt>
        <dd>
          <Money amount={before.amount.amount} currency={before.amount.currency} />
        </dd>
        <dt>{change.label}</dt>
        <dd>
          <Money amount={change.amount.amount} currency={change.amount.currency} />
        </dd>
        <dt className="strong">
          {after.label} <Marks marks={after.marks} />
        </dt>
        <dd>
          <Total
            amount={after.amount.amount}
            currency={after.amount.currency}
            proof={after.proof}
          />
        </dd>
      </dl>
    </section>
  );
}

/** The audit trail behind the figures and the exported files. */
function Integrity({ of }: { of: WorkpaperView["verify"] }) {
  return (
    <section aria-labelledby="integrity">
      <div className="h2row">
        <h2 id="integrity">Integrity</h2>
      </div>
      <p className="small soft">
        {of.sentence}, ending in <span className={`id ${styles.hash}`}>{of.hash}</span>
      </p>
      <p className={styles.acts}>
        <VerifyFile />
      </p>
    </section>
  );
}

export function Rail({ view }: { view: WorkpaperView }) {
  return (
    <aside className={styles.rail} aria-label="About this workpaper">
      {view.changes === null ? null : <Changes of={view.changes} />}
      <section aria-labelledby="contents">
        <div className="h2row">
          <h2 id="contents">Contents of the file</h2>
        </div>
        <ol className={styles.contents}>
          {view.contents.map((part) => (
            <li key={part.id}>
              {part.target === null ? (
                <span>{part.title}</span>
              ) : (
                <Go target={part.target}>{part.title}</Go>
              )}
              <span className="dim fig">{part.count === null ? null : count(part.count)}</span>
            </li>
          ))}
        </ol>
      </section>
      <Integrity of={view.verify} />
    </aside>
  );
}
