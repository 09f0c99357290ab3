import type { ActivityView, FailureRow, QuarantineRow } from "../../api/types";
import { Button } from "../../components/controls/button";
import { Go, Status } from "../../components/phrase";
import { CopyReference } from "../../components/states/copy_reference";
import { Incomplete, NothingDue } from "../../components/states/states";
import { useToast } from "../../components/toast/toast";
import { count } from "../../format/count";
import { useClosed } from "../../frame/scope";
import { useWrite } from "../../platform/reply";
import styles from "./activity.module.css";

function Retry({ of }: { of: FailureRow["retry"] }) {
  const say = useToast();
  const closed = useClosed();
  const run = useWrite("run_now");
  const resync = useWrite("resync_deal");
  if (of.kind === "none") {
    return null;
  }
  const failed = run.error ?? resync.error;
  const press = () => {
    if (of.kind === "run") {
      run.mutate({}, { onSuccess: say });
    } else {
      resync.mutate({ opportunity: of.opportunity, ledger: null });
    }
  };
  return (
    <>
      <Button icon="sync" closed={closed} onPress={press}>
        {of.kind === "run" ? "Run again" : "Resync this deal"}
      </Button>
      {failed === null ? null : (
        <span role="alert" className="small bad">
          {failed.title}. {failed.next_step}
        </span>
      )}
    </>
  );
}

function Failure({ of }: { of: FailureRow }) {
  return (
    <li className={styles.failure}>
      <Status of={of.status} />
      <div>
        <h3>{of.title}</h3>
        <p className="soft">{of.detail}</p>
        <p>{of.next_step}</p>
        <div className={styles.acts}>
          <Retry of={of.retry} />
          {of.target === null ? null : <Go target={of.target}>Open the record</Go>}
        </div>
        <CopyReference code={of.code} reference={of.reference} />
      </div>
    </li>
  );
}

function Quarantine({ of }: { of: QuarantineRow[] }) {
  return (
    <table className="t1">
      <caption className="vh">Records kept aside</caption>
      <thead>
        <tr>
          <th scope="col">Record</th>
          <th scope="col">Why it could not be read</th>
          <th scope="col">What to do</th>
          <th scope="col" className="r">
            Since
          </th>
        </tr>
      </thead>
      <tbody>
        {of.map((row) => (
          <tr key={row.id}>
            <th scope="row">
              {row.source} <span className="id">{row.record}</span>
            </th>
            <td>{row.why}</td>
            <td>{row.remedy}</td>
            <td className="r fig soft">{row.since}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function unknownWords(unknown: number): string {
  return unknown === 1 ? "1 outcome is unknown" : `${count(unknown)} outcomes are unknown`;
}

/** What was refused or broke, and the records that are kept aside whole. */
export function Failures({ view }: { view: ActivityView }) {
  const { failures, quarantine } = view;
  const unknown = view.outbox.filter((effect) => effect.status.tone === "unsure").length;
  return (
    <div className={styles.scroll}>
      <Incomplete reading={view.reading} />
      <section className={styles.list} aria-labelledby="failures">
        <div className="h2row">
          <h2 id="failures">Failures</h2>
          <span className="more">nothing fails unseen: each is listed until it is over</span>
        </div>
        {failures.length === 0 ? (
          <NothingDue title="Nothing failed">
            {unknown === 0
              ? "No write was refused, and none waits for an answer."
              : `No write was refused. ${unknownWords(unknown)}: see Runs and outbox.`}
          </NothingDue>
        ) : (
          <ol>
            {failures.map((failure) => (
              <Failure of={failure} key={failure.id} />
            ))}
          </ol>
        )}
      </section>
      <section className={styles.list} aria-labelledby="quarantine">
        <div className="h2row">
          <h2 id="quarantine">Kept aside</h2>
          <span className="more">records that could not be read; they enter no figure</span>
        </div>
        {quarantine.length === 0 ? (
          <NothingDue title="Nothing is kept aside">Every record was readable.</NothingDue>
        ) : (
          <Quarantine of={quarantine} />
        )}
      </section>
    </div>
  );
}
