import { useState } from "react";

import { Button } from "../../components/controls/button";
import { Dialog } from "../../components/controls/dialog";
import { TextField } from "../../components/controls/text_field";
import { Amounts, Go, Status } from "../../components/phrase";
import { Failed, NothingYet } from "../../components/states/states";
import { useToast } from "../../components/toast/toast";
import { useAddress } from "../../frame/address";
import { useClosed } from "../../frame/scope";
import { useWrite } from "../../platform/reply";
import styles from "./connections.module.css";
import type { CustomerCandidate, CustomerMapping, CustomerRow } from "./preview";

type Word = { row: CustomerRow; customer: string; name: string; link: boolean };

/** A person's word is kept with its reason and can be undone. */
function Reason({ word, onClose }: { word: Word; onClose: () => void }) {
  const say = useToast();
  const link = useWrite("link_customer");
  const unlink = useWrite("unlink_customer");
  const [reason, setReason] = useState("");
  const closed = reason.trim() === "" ? "Give a reason first." : null;
  const { account, ledger } = word.row;
  const act = word.link ? link : unlink;
  const verb = word.link ? "Link" : "Unlink";
  const confirm = () => {
    if (closed !== null) return;
    act.mutate(
      { account, ledger, customer: word.customer, reason: reason.trim() },
      {
        onSuccess: (receipt) => {
          say(receipt);
          onClose();
        },
      },
    );
  };
  return (
    <Dialog
      open
      onClose={onClose}
      onConfirm={confirm}
      title={`${verb} ${word.row.name} and ${word.name}?`}
      lead={`Customer ${word.customer} of ${word.row.company}. Nothing is changed in the books.`}
      actions={
        <>
          <Button onPress={onClose}>Not now</Button>
          <Button kind="primary" closed={closed} onPress={confirm}>
            {verb} this customer
          </Button>
        </>
      }
    >
      <TextField label="Reason" shown lines={2} autoFocus value={reason} onChange={setReason} />
      {act.error === null ? null : <Failed failure={act.error} />}
    </Dialog>
  );
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

function Detail({ row, onWord }: { row: CustomerRow; onWord: (word: Word) => void }) {
  const closed = useClosed();
  return (
    <tr className={styles.detail}>
      <td colSpan={5}>
        <ul className={styles.links}>
          {row.links.map((link) => (
            <li key={link.customer}>
              <span>
                {link.name} <span className="id soft">{link.customer}</span>
              </span>
              <span className="soft">
                {link.tier}, {link.who}, {link.since}
              </span>
              {link.in_use ? (
                <span className="dim small">in use: it can be replaced, not undone</span>
              ) : (
                <Button
                  closed={closed}
                  onPress={() =>
                    onWord({ row, customer: link.customer, name: link.name, link: false })
                  }
                >
                  Unlink {link.customer}
                </Button>
              )}
            </li>
          ))}
        </ul>
        <div className={styles.candidateList}>
          {row.candidates.map((one) => (
            <Candidate
              key={one.customer}
              of={one}
              onLink={() => onWord({ row, customer: one.customer, name: one.name, link: true })}
            />
          ))}
        </div>
        <Go target={row.target}>Open the account</Go>
      </td>
    </tr>
  );
}

/** Which customer of the books each Account is, why, and what waits for the answer. */
export function Customers({ view }: { view: CustomerMapping }) {
  const { search, patch } = useAddress();
  const [word, setWord] = useState<Word | null>(null);
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
              {isOpen ? <Detail row={row} onWord={setWord} /> : null}
            </tbody>
          );
        })}
      </table>
      {word === null ? null : <Reason word={word} onClose={() => setWord(null)} />}
    </>
  );
}
