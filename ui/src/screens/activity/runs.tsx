import type {
  ActivityView,
  ControlTotal,
  ControlTotals,
  RunningTask,
  RunRow,
} from "../../api/types";
import { useState } from "react";

import { Button } from "../../components/controls/button";
import { Marks, Money } from "../../components/money";
import { Glyph } from "../../components/glyph";
import { Status } from "../../components/phrase";
import { NothingYet } from "../../components/states/states";
import { count } from "../../format/count";
import { percentOf, useRunning } from "../../frame/running";
import { useWrite } from "../../platform/reply";
import { RunDetail } from "./run-detail";
import styles from "./activity.module.css";

const NAMES: Record<string, string> = {
  sample: "Opening the sample company",
  run: "Reading both sides",
  resync: "Reading one deal again",
  connect: "Signing in",
  create: "Creating an invoice",
  export: "Writing a file",
};

/** What the events say wins over what was true when the screen was opened. */
function useRunningTask(known: RunningTask | null): RunningTask | null {
  const live = useRunning().at(-1);
  if (live === undefined) {
    return known;
  }
  const { task, done, of, sentence } = live;
  const same = known?.task === task ? known : null;
  const name = same?.name ?? NAMES[task] ?? task;
  const rest = { period: same?.period ?? "", left: same?.left ?? "", promise: same?.promise ?? "" };
  return { task, name, done, of, sentence, ...rest };
}

function Running({ of }: { of: RunningTask }) {
  const cancel = useWrite("cancel_task");
  const percent = percentOf(of);
  return (
    <section aria-labelledby="running">
      <div className="h2row">
        <h2 id="running">Running</h2>
      </div>
      <div className={styles.progress}>
        <div className={styles.line}>
          <b className="medium">{of.name}</b>
          <span className="soft">{of.period}</span>
          <Button className={styles.low ?? ""} onPress={() => cancel.mutate({ task: of.task })}>
            Cancel
          </Button>
        </div>
        {percent === null ? null : (
          <div
            className={styles.meter}
            role="progressbar"
            aria-label={of.name}
            aria-valuemin={0}
            aria-valuemax={100}
            aria-valuenow={percent}
            aria-valuetext={[of.sentence, of.left].filter((text) => text !== "").join(", ")}
          >
            <span style={{ width: `${percent}%` }} />
          </div>
        )}
        <div className={`${styles.line} small soft`}>
          <span>{of.sentence}</span>
          <span>{of.left}</span>
        </div>
        {of.promise === "" ? null : <p className="small dim">{of.promise}</p>}
      </div>
    </section>
  );
}

function Run({ of, open, onToggle }: { of: RunRow; open: boolean; onToggle: () => void }) {
  return (
    <li>
      <button type="button" className={styles.run} aria-expanded={open} onClick={onToggle}>
        <span className="fig">{of.at}</span>
        <Status of={of.status} />
        <span className={`dim small fig ${styles.counts}`}>{of.counts}</span>
        <span className="soft small fig">{of.took}</span>
        {of.note === "" ? null : <span className={`soft small ${styles.note}`}>{of.note}</span>}
      </button>
      {open ? <RunDetail of={of} /> : null}
    </li>
  );
}

function RunList({ view }: { view: ActivityView }) {
  const [open, setOpen] = useState<string | null>(null);
  return (
    <section aria-labelledby="runs">
      <div className={`h2row ${styles.next}`}>
        <h2 id="runs">Runs</h2>
        <span className="more">{view.runs_note}</span>
      </div>
      {view.runs.length === 0 ? (
        <NothingYet title="No run yet">The first run reads everything once.</NothingYet>
      ) : (
        <ol className={styles.runs}>
          {view.runs.map((run) => (
            <Run
              key={run.run}
              of={run}
              open={run.run === open}
              onToggle={() => setOpen(run.run === open ? null : run.run)}
            />
          ))}
        </ol>
      )}
    </section>
  );
}

function Total({ of }: { of: ControlTotal }) {
  return (
    <tr className={of.status.tone === "ok" ? undefined : styles.short} title={of.how}>
      <td>{of.source}</td>
      <th scope="row">{of.records}</th>
      <td className="r">{of.source_count === null ? null : count(of.source_count)}</td>
      <td className="r">
        {of.source_sum === null ? (
          <span className="dim">not added</span>
        ) : (
          <Money amount={of.source_sum.amount} currency={of.source_sum.currency} />
        )}
      </td>
      <td className="r">{of.held_count === null ? null : count(of.held_count)}</td>
      <td className="r">
        <Money amount={of.held_sum.amount} currency={of.held_sum.currency} />
      </td>
      <td className="r">
        {of.marks.length > 0 ? (
          <>
            <Marks marks={of.marks} />
            <span className="vh">{of.status.word}</span>
          </>
        ) : (
          <Glyph name={of.status.glyph} tone={of.status.tone} label={of.status.word} />
        )}
      </td>
    </tr>
  );
}

/** Beside what is held here stands what the source itself counted and added. */
function Totals({ of }: { of: ControlTotals }) {
  return (
    <section aria-labelledby="totals">
      <div className={`h2row ${styles.next}`}>
        <h2 id="totals">{of.title}</h2>
        <span className="more">{of.note}</span>
      </div>
      <table className={`t1 small ${styles.totals}`}>
        <caption className="vh">{of.title}</caption>
        <thead>
          <tr>
            <th scope="col">Source</th>
            <th scope="col">Records</th>
            <th scope="colgroup" className="r" colSpan={2}>
              Source says
            </th>
            <th scope="colgroup" className="r" colSpan={2}>
              Held here
            </th>
            <th scope="col" className="r">
              <span className="vh">State</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {of.rows.map((row) => (
            <Total of={row} key={row.id} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

export function Runs({ view }: { view: ActivityView }) {
  const running = useRunningTask(view.running);
  return (
    <div className={styles.side}>
      {running === null ? null : <Running of={running} />}
      <RunList view={view} />
      {view.totals === null ? null : <Totals of={view.totals} />}
    </div>
  );
}
