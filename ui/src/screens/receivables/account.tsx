import type { AccountView } from "../../api/types";
import { classes } from "../../components/classes";
import { Drawer, DrawerActions, DrawerSection, DrawerTitle } from "../../components/drawer";
import { StatusWord } from "../../components/glyph";
import { Marks, Money, Total } from "../../components/money";
import { Facts, Go } from "../../components/phrase";
import { Skeleton } from "../../components/states/skeleton";
import { Failed } from "../../components/states/states";
import { shortDay } from "../../format/dates";
import { useScope } from "../../frame/scope";
import { useReply } from "../../platform/reply";
import { OpenButtons, useOpenIn } from "../list/open_in";
import type { useOpenRecord } from "../list/record";
import styles from "./account.module.css";

type Opened = ReturnType<typeof useOpenRecord>;

/** The record in the address, as Rust names it: the account and the currency. */
export const recordOf = (account: string, currency: string) => `${account}|${currency}`;

function partsOf(record: string): { account: string; currency: string } {
  const at = record.lastIndexOf("|");
  return at < 0
    ? { account: record, currency: "" }
    : { account: record.slice(0, at), currency: record.slice(at + 1) };
}

function Aging({ of }: { of: AccountView }) {
  const late = of.aging.map(({ label, permille }) => `${label} ${permille / 10}%`).join(", ");
  return (
    <DrawerSection title="Receivable" more={of.note}>
      {of.aging.length > 0 && (
        <div className={styles.stack} role="img" aria-label={`Aging: ${late}`}>
          {of.aging.map(({ band, permille }) => (
            <span key={band} data-band={band} style={{ flexGrow: permille }} />
          ))}
        </div>
      )}
      <dl className={styles.aging}>
        {of.aging.map(({ band, label, amount }) => (
          <div key={band}>
            <dt>
              <span className={styles.swatch} data-band={band} />
              {label}
            </dt>
            <dd>
              <Money amount={amount} currency={of.currency} />
            </dd>
          </div>
        ))}
        {of.unapplied !== null && (
          <div>
            <dt>
              <span className={styles.swatch} />
              Unapplied
            </dt>
            <dd>
              <Money amount={of.unapplied} currency={of.currency} />
            </dd>
          </div>
        )}
        <div className={styles.foot}>
          <dt>
            Receivable <Marks marks={of.receivable.marks} />
          </dt>
          <dd>
            <Total
              {...of.receivable}
              currency={of.currency}
              showCurrency
              className={styles.total}
            />
          </dd>
        </div>
      </dl>
    </DrawerSection>
  );
}

function Invoices({ of, year }: { of: AccountView; year: string }) {
  const open = useOpenIn();
  const { rows, note, total } = of.invoices;
  return (
    <DrawerSection title="Open invoices" more={note}>
      {rows.length > 0 && (
        <table className="t1">
          <thead>
            <tr>
              <th scope="col">Invoice, dated</th>
              <th scope="col">Lateness</th>
              <th scope="col" className="r">
                Open, {of.currency}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.number}>
                <td>
                  <button
                    type="button"
                    className={classes(styles.link, "id")}
                    onClick={() => open(row.links[0])}
                  >
                    {row.number}
                  </button>
                  <span className="soft small">&ensp;{shortDay(row.dated, year)}</span>
                  {row.deal !== null && <div className="small soft">{row.deal}</div>}
                </td>
                <td className="small nowrap">
                  <StatusWord
                    glyph={row.lateness.glyph}
                    word={row.lateness.word}
                    tone={row.lateness.tone}
                  />
                </td>
                <td className="r medium">
                  <Money amount={row.open} currency={of.currency} />
                  {row.of !== null && (
                    <div className={classes("small soft", styles.of)}>
                      of <Money amount={row.of} currency={of.currency} />
                    </div>
                  )}
                </td>
              </tr>
            ))}
            <tr className="foot">
              <td colSpan={2} />
              <td className="r">
                <Total {...total} currency={of.currency} className={styles.sum} />
              </td>
            </tr>
          </tbody>
        </table>
      )}
    </DrawerSection>
  );
}

function dealTarget(opportunity: string) {
  return { screen: "deals" as const, view: "all", record: opportunity, ledger: null, as_of: null };
}

type Lines = { note: string; rows: { label: string; amount: string }[] };

function MoneyLines({ title, of, currency }: { title: string; of: Lines; currency: string }) {
  return (
    <DrawerSection title={title} more={of.note}>
      {of.rows.length > 0 && (
        <dl className="kv">
          {of.rows.map(({ label, amount }) => (
            <div key={label} className={styles.pair}>
              <dt>{label}</dt>
              <dd>
                <Money amount={amount} currency={currency} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </DrawerSection>
  );
}

function Deals({ of }: { of: AccountView }) {
  return (
    <DrawerSection title="Deals" more={of.deals.note}>
      <dl className="kv">
        {of.deals.rows.map((deal) => (
          <div key={deal.opportunity} className={styles.pair}>
            <dt className="small">
              <Go target={dealTarget(deal.opportunity)}>{deal.name}</Go>
              <br />
              <StatusWord
                glyph={deal.status.glyph}
                word={deal.status.word}
                tone={deal.status.tone}
              />
            </dt>
            <dd>
              <Money amount={deal.open} currency={of.currency} />
            </dd>
          </div>
        ))}
      </dl>
    </DrawerSection>
  );
}

function Salesforce({ of }: { of: AccountView }) {
  return (
    <DrawerSection title="Fields in Salesforce" more={of.salesforce.note}>
      <dl className="kv">
        {of.salesforce.rows.map(({ label, text, amount, marks }) => (
          <div key={label} className={styles.pair}>
            <dt>{label}</dt>
            <dd>
              <Marks marks={marks} />{" "}
              {amount === null ? text : <Money amount={amount} currency={of.currency} />}
            </dd>
          </div>
        ))}
      </dl>
    </DrawerSection>
  );
}

function Customers({ of }: { of: AccountView }) {
  const open = useOpenIn();
  const { status, note, rows } = of.customers;
  return (
    <DrawerSection title="Customer in the books" more={note}>
      <StatusWord glyph={status.glyph} word={status.word} tone={status.tone} />
      <ul className={styles.customers}>
        {rows.map(({ id, name, by, links }) => (
          <li key={id}>
            <button
              type="button"
              className={classes(styles.link, "id")}
              onClick={() => open(links[0])}
            >
              {id}
            </button>
            <span>{name}</span>
            <span className="small soft">{by}</span>
          </li>
        ))}
      </ul>
      <Facts of={of.facts} />
    </DrawerSection>
  );
}

type AccountDrawerProps = {
  opened: Opened;
  record: string;
  width: number;
  onWidth: (width: number) => void;
  year: string;
};

/** One Account in one currency, from its aging down to the link between the systems. */
export function AccountDrawer({ opened, record, width, onWidth, year }: AccountDrawerProps) {
  const scope = useScope();
  const { data, error, refetch } = useReply(
    "account",
    { scope, ...partsOf(record) },
    { keep: true },
  );
  return (
    <Drawer
      label={data === undefined ? "Account" : `Account: ${data.name}`}
      kind="Account"
      id={data?.customers.rows.map(({ id }) => id).join(", ") ?? ""}
      noun="account"
      position={opened.place.position}
      total={opened.place.total}
      width={width}
      onWidth={onWidth}
      onStep={opened.step}
      onClose={opened.close}
      focusIn={opened.entered}
      head={
        data !== undefined && (
          <>
            <DrawerTitle>{data.name}</DrawerTitle>
            <DrawerActions>
              <OpenButtons links={data.links} />
            </DrawerActions>
          </>
        )
      }
    >
      {error !== null && <Failed failure={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && (
        <Skeleton label="Reading the account" widths={["100%", "60%", "70%", "64%", "80%"]} />
      )}
      {data !== undefined && (
        <>
          <Aging of={data} />
          <Invoices of={data} year={year} />
          <MoneyLines title="Payments" of={data.payments} currency={data.currency} />
          <MoneyLines title="Credits" of={data.credits} currency={data.currency} />
          <Deals of={data} />
          <Salesforce of={data} />
          <Customers of={data} />
        </>
      )}
    </Drawer>
  );
}
