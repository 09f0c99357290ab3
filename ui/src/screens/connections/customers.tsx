import type { CustomerCandidate, CustomerMapping, CustomerRow } from "../../api/types";
import { Button } from "../../components/controls/button";
import { Amounts, Go, Status } from "../../components/phrase";
import { Failed, NothingYet } from "../../components/states/states";
import { useToast } from "../../components/toast/toast";
import { useAddress } from "../../frame/address";
import { useClosed } from "../../frame/scope";
import { useWrite } from "../../platform/reply";
import styles from "./connections.module.css";

/** A person's word takes effect at once, is kept in the log, and can be undone. */
function useWord(row: CustomerRow) {
  const say = useToast();
  const link = useWrite("link_customer");
  const unlink = useWrite("unlink_customer");
  const { account, ledger } = row;
  const done = { onSuccess: say };
  return {
    link: (customer: string) => link.mutate({ account, ledger, customer }, done),
    unlink: (customer: string) => unlink.mutate({ account, ledger, customer }, done),
    failure: link.error ?? unlink.error,
  };
}

function Candidate({ of, onLink }: { of: CustomerCandidate; onLink: () => void }) {
  const closed = useClosed();
  return (
    <div className={styles.candidate}>
      <p>
        <b className="medium">{of.name}</b> <span className="id soft">{of.customer}</span>
      </p>
      <table className="t1 small">
        <caption className="vh">Evidence for {of.customer}</caption>
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">Salesforce</th>
            <th scope="col">Books</th>
            <th scope="col">Result</th>
          </tr>
        </thead>
        <tbody>
          {of.evidence.map((line) => (
            <tr key={line.field}>
              <th scope="row">{line.field}</th>
              <td>{line.crm}</td>
              <td>{line.books}</td>
              <td>
                <Status of={line.result} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Button closed={closed} onPress={onLink}>
        Link to {of.customer}
      </Button>
    </div>
  );
}

/** "by a person, M. Velez, 11 May": what is not known is left away. */
function origin(...parts: string[]): string {
  return parts.filter((part) => part !== "").join(", ");
}

function Detail({ row }: { row: CustomerRow }) {
  const closed = useClosed();
  const word = useWord(row);
  return (
    <tr className={styles.detail}>
      <td colSpan={5}>
        <ul className={styles.links}>
          {row.links.map((link) => (
            <li key={link.customer}>
              <span>
                {link.name} <span className="id soft">{link.customer}</span>
              </span>
              <span className="soft">{origin(link.tier, link.who, link.since)}</span>
              {link.in_use ? (
                <span className="dim small">in use: it can be replaced, not undone</span>
              ) : (
                <Button closed={closed} onPress={() => word.unlink(link.customer)}>
                  Unlink {link.customer}
                </Button>
              )}
            </li>
          ))}
        </ul>
        <div className={styles.candidateList}>
          {row.candidates.map((one) => (
            <Candidate key={one.customer} of={one} onLink={() => word.link(one.customer)} />
          ))}
        </div>
        {word.failure === null ? null : <Failed failure={word.failure} />}
        <Go target={row.target}>Open the account</Go>
      </td>
    </tr>
  );
}

/** Which customer of the books each Account is, why, and what waits for the answer. */
export function Customers({ view }: { view: CustomerMapping }) {
  const { search, patch } = useAddress();
  const first = view.rows.find((row) => row.candidates.length > 0)?.account;
  const open = search["record"] ?? first;
  if (view.rows.length === 0) {
    return (
      <NothingYet title="No customers yet">The first run reads them from the books.</NothingYet>
    );
  }
  return (
    <>
      <table className={styles.grid}>
        <caption className="vh">Customer links</caption>
        <thead>
          <tr>
            <th scope="col">Account in Salesforce</th>
            <th scope="col">Company</th>
            <th scope="col">State</th>
            <th scope="col">Customer</th>
            <th scope="col" className="r">
              Waits for it
            </th>
          </tr>
        </thead>
        {view.rows.map((row) => {
          const id = `${row.account} ${row.ledger}`;
          const isOpen = row.account === open;
          return (
            <tbody key={id}>
              <tr className={`${styles.row} ${isOpen ? styles.chosen : ""}`}>
                <th scope="row">
                  <button
                    type="button"
                    className={styles.choose}
                    aria-expanded={isOpen}
                    onClick={() => patch({ record: isOpen ? "none" : row.account })}
                  >
                    {row.name}
                  </button>
                </th>
                <td>{row.company}</td>
                <td>
                  <Status of={row.status} />
                </td>
                <td>
                  <span className="id">{row.links.map((link) => link.customer).join(", ")}</span>
                </td>
                <td className="r">
                  <Amounts of={row.at_risk} />
                </td>
              </tr>
              {isOpen ? <Detail row={row} /> : null}
            </tbody>
          );
        })}
      </table>
    </>
  );
}
