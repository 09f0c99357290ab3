import type { ActivityView, EffectEvent, EffectRow } from "../../api/types";
import { classes } from "../../components/classes";
import { Money } from "../../components/money";
import { Facts, Go, Phrase, Status } from "../../components/phrase";
import { Glyph } from "../../components/glyph";
import { NothingYet } from "../../components/states/states";
import { count } from "../../format/count";
import { useAddress } from "../../frame/address";
import { Choices } from "./choices";
import styles from "./activity.module.css";

/** Every attempt has its own line; none is summarised. */
function History({ of }: { of: EffectEvent[] }) {
  return (
    <ol className={styles.history} aria-label="History">
      {of.map((event, at) => (
        <li key={at}>
          <time>{event.at}</time>
          <span className={styles.node}>
            <Glyph name={event.glyph} tone={event.tone} />
          </span>
          <div>
            {event.title}
            <small>
              <Phrase of={event.detail} />
            </small>
          </div>
        </li>
      ))}
    </ol>
  );
}

function Detail({ of, id }: { of: EffectRow; id: string }) {
  return (
    <tr className={styles.detail} id={id}>
      <td colSpan={5}>
        <div className={classes(of.choices.length > 0 && styles.decide)}>
          <div>
            <History of={of.history} />
            <Facts of={of.facts} />
            {of.target === null ? null : (
              <p className={styles.more}>
                <Go target={of.target}>Open the deal</Go>
              </p>
            )}
          </div>
          {of.choices.length === 0 ? null : <Choices effect={of} />}
        </div>
      </td>
    </tr>
  );
}

function Row(props: { of: EffectRow; open: boolean; onToggle: () => void }) {
  const { of, open } = props;
  const id = `effect-${of.key}`;
  return (
    <>
      <tr className={classes(styles.row, open && styles.open)}>
        <td>
          <Status of={of.status} />
        </td>
        <th scope="row" colSpan={of.net === null ? 3 : 1}>
          <button
            type="button"
            className={styles.toggle}
            aria-expanded={open}
            aria-controls={open ? id : undefined}
            onClick={props.onToggle}
          >
            {of.subject}
            <span className="dim">, {of.promise}</span>
          </button>
        </th>
        {of.net === null ? null : (
          <>
            <td className="r">
              <Money amount={of.net.amount} currency={of.net.currency} quietZero={false} />
            </td>
            <td>
              <span className="ccy">{of.net.currency}</span>
            </td>
          </>
        )}
        <td className="r fig soft">{of.since}</td>
      </tr>
      {open ? <Detail of={of} id={id} /> : null}
    </>
  );
}

/** What was promised, sent and confirmed; what waits for a person stands first. */
export function Outbox({ view }: { view: ActivityView }) {
  const { search, patch } = useAddress();
  const first = view.outbox.find((effect) => effect.choices.length > 0)?.key ?? "";
  const open = search["record"] ?? first;
  return (
    <section className={styles.outbox} aria-labelledby="outbox">
      <div className={`h2row ${styles.title}`}>
        <h2 id="outbox">Outbox</h2>
        <span className="more">{view.outbox_note}</span>
      </div>
      {view.outbox.length === 0 ? (
        <NothingYet title="Nothing was promised yet">
          Tieout writes nothing until you switch it on in Connections &amp; mapping.
        </NothingYet>
      ) : (
        <table className={styles.table}>
          <caption className="vh">Promised side effects</caption>
          <thead>
            <tr>
              <th scope="col">State</th>
              <th scope="col">Promise</th>
              <th scope="col" className="r">
                Net
              </th>
              <th scope="col">
                <span className="vh">Currency</span>
              </th>
              <th scope="col" className="r">
                Since
              </th>
            </tr>
          </thead>
          <tbody>
            {view.outbox.map((effect) => (
              <Row
                key={effect.key}
                of={effect}
                open={effect.key === open}
                onToggle={() => patch({ record: effect.key === open ? "none" : effect.key })}
              />
            ))}
          </tbody>
        </table>
      )}
      {view.outbox_more === 0 ? null : (
        <p className={`small dim fig ${styles.older}`}>
          {count(view.outbox_more)} more are kept and not listed here.
        </p>
      )}
    </section>
  );
}
