import type { Amount, Coverage, ProductMapping, ProductRow, ProductTotal } from "../../api/types";
import { along } from "../../components/charts/geometry";
import { classes } from "../../components/classes";
import { Marks, Money, Total } from "../../components/money";
import { Amounts, Phrase, Status } from "../../components/phrase";
import { NothingYet } from "../../components/states/states";
import { useAddress } from "../../frame/address";
import styles from "./connections.module.css";

function CoverageBar({ of }: { of: Coverage }) {
  return (
    <div>
      <span>{of.label}</span>
      <span
        className={styles.meter}
        role="meter"
        aria-label={`Products mapped, ${of.label}`}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={along(of.share, 100)}
        aria-valuetext={of.percent}
      >
        <span style={{ width: `${along(of.share, 100)}%` }} />
      </span>
      <b className="medium">{of.counted}</b>
      <span className="soft">
        {of.percent} <Phrase of={of.sentence} />
      </span>
    </div>
  );
}

/** The one currency of a column, to print in its header; `null` where several occur. */
function currencyOf(lists: readonly (readonly Amount[])[]): string | null {
  const all = new Set(lists.flat().map((amount) => amount.currency));
  const [first] = all;
  return all.size === 1 && first !== undefined ? first : null;
}

type Currencies = { won: string | null; blocked: string | null; risk: string | null };

function currenciesOf(rows: readonly ProductRow[]): Currencies {
  return {
    won: currencyOf(rows.map((row) => row.won)),
    blocked: currencyOf(rows.map((row) => row.blocked)),
    risk: currencyOf(rows.map((row) => row.at_risk ?? [])),
  };
}

function Cell({ of, currency }: { of: Amount[]; currency: string | null }) {
  const [only] = of;
  if (currency === null || only === undefined) {
    return <Amounts of={of} />;
  }
  return <Money amount={only.amount} currency={only.currency} />;
}

function Header({ label, currency }: { label: string; currency: string | null }) {
  return (
    <th scope="col" className={currency === null ? `r ${styles.mixed}` : "r"}>
      {label}
      {currency === null ? "" : `, ${currency}`}
    </th>
  );
}

function Row(props: {
  of: ProductRow;
  chosen: boolean;
  currencies: Currencies;
  onChoose: () => void;
}) {
  const { of, chosen, currencies, onChoose } = props;
  return (
    <tr className={classes(styles.row, chosen && styles.chosen)}>
      <th scope="row">
        <button type="button" aria-pressed={chosen} onClick={onChoose} className={styles.choose}>
          <span className="id">{of.code}</span>&ensp;<span className="soft">{of.name}</span>
        </button>
      </th>
      {of.items.map((item, at) => (
        <td key={at}>
          {item.status === null ? (
            <span className="id">{item.code}</span>
          ) : (
            <Status of={item.status} />
          )}
        </td>
      ))}
      <td className="r">
        <Cell of={of.won} currency={currencies.won} />
      </td>
      <td className="r">
        <Cell of={of.blocked} currency={currencies.blocked} />
      </td>
      <td className="r">
        {of.at_risk === null ? (
          <span className="dim">not read</span>
        ) : (
          <Cell of={of.at_risk} currency={currencies.risk} />
        )}
      </td>
    </tr>
  );
}

function TotalRow({ of, items }: { of: ProductTotal; items: number }) {
  return (
    <tr className={styles.totals}>
      <th scope="row">
        All products <span className="ccy">{of.currency}</span> <Marks marks={of.marks} />
      </th>
      {Array.from({ length: items }, (_, at) => (
        <td key={at} />
      ))}
      <td className="r">
        <Total amount={of.won.amount} currency={of.currency} proof={of.won_proof} />
      </td>
      <td className="r">
        <Total amount={of.blocked.amount} currency={of.currency} proof={of.blocked_proof} />
      </td>
      <td />
    </tr>
  );
}

function Table({ view, shown }: { view: ProductMapping; shown: string }) {
  const { patch } = useAddress();
  const currencies = currenciesOf(view.rows);
  return (
    <table className={classes(styles.grid, styles.products)}>
      <caption className="vh">Product mapping</caption>
      <thead>
        <tr>
          <th scope="col">Product in Salesforce</th>
          {view.companies.map((company) => (
            <th scope="col" key={company.ledger}>
              {company.label} item
            </th>
          ))}
          <Header label="Won" currency={currencies.won} />
          <Header label="Blocked now" currency={currencies.blocked} />
          <Header label="Pipeline at risk" currency={currencies.risk} />
        </tr>
      </thead>
      <tbody>
        {view.rows.map((row) => (
          <Row
            key={row.id}
            of={row}
            chosen={shown === row.id}
            currencies={currencies}
            onChoose={() => patch({ record: row.id })}
          />
        ))}
      </tbody>
      <tfoot>
        {view.totals.map((total) => (
          <TotalRow key={total.currency} of={total} items={view.companies.length} />
        ))}
      </tfoot>
    </table>
  );
}

/** Which products have an item in the books, and what money waits for those that have none. */
export function Products({ view, shown }: { view: ProductMapping; shown: string }) {
  if (view.rows.length === 0) {
    return (
      <NothingYet title="No products yet">The first run reads them from Salesforce.</NothingYet>
    );
  }
  return (
    <>
      <div className={styles.coverage}>
        {view.coverage.map((coverage) => (
          <CoverageBar of={coverage} key={coverage.label} />
        ))}
      </div>
      <Table view={view} shown={shown} />
    </>
  );
}
