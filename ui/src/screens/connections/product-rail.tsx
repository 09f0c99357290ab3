import type { ProductDetail, ProductRow } from "../../api/types";
import { IconButton } from "../../components/controls/button";
import { classes } from "../../components/classes";
import { Money, Total } from "../../components/money";
import { Go, Status } from "../../components/phrase";
import styles from "./connections.module.css";

/** The money of deals that cannot be invoiced before the product is mapped. */
function Waits({ of }: { of: ProductDetail }) {
  if (of.waits.length === 0) {
    return null;
  }
  return (
    <section>
      <h2>What waits for it</h2>
      <dl className="kv">
        {of.waits.map((one) => (
          <div key={one.label} className={styles.pair}>
            <dt>
              <Go target={one.target}>{one.label}</Go>
              {one.note === "" ? null : <span className="dim small"> {one.note}</span>}
            </dt>
            <dd>
              <Money amount={one.amount.amount} currency={one.amount.currency} />
            </dd>
          </div>
        ))}
        {of.waits_totals.map((one) => (
          <div key={one.amount.currency} className={styles.pair}>
            <dt className="strong">At risk, {one.amount.currency}</dt>
            <dd>
              <Total amount={one.amount.amount} currency={one.amount.currency} proof={one.proof} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Candidates({ of }: { of: ProductDetail["candidates"] }) {
  if (of.length === 0) {
    return null;
  }
  return (
    <section>
      <h2>Codes that may be meant</h2>
      <ul className={styles.candidates}>
        {of.map((one) => (
          <li key={one.code}>
            <b className="id medium">{one.code}</b> <span className="soft">{one.name}</span>
            {one.evidence.map((text) => (
              <p className="small dim" key={text}>
                {text}
              </p>
            ))}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** One product beside its list: what waits for it, and which code would map it. */
export function ProductRail(props: { product: ProductRow; chosen: boolean; onClose: () => void }) {
  const { product, chosen } = props;
  const { detail } = product;
  return (
    <aside
      className={classes(styles.rail, chosen && styles.railChosen)}
      aria-label={`Map ${product.code}`}
    >
      <section>
        <p className={`small dim ${styles.railHead}`}>
          Product
          <IconButton small icon="close" label="Close" onPress={props.onClose} />
        </p>
        <h2 className={`id ${styles.code}`}>{product.code}</h2>
        <p className="soft">{detail.sentence}</p>
        <p className={styles.state}>
          <Status of={detail.status} />
        </p>
      </section>
      <Waits of={detail} />
      <Candidates of={detail.candidates} />
      {detail.remedy === "" ? null : (
        <section>
          <h2>What to do</h2>
          <p className="small soft">{detail.remedy}</p>
        </section>
      )}
    </aside>
  );
}
