import type { OverviewView, Target, TieOutCell, TieOutsView } from "../../api/types";
import { Trend } from "../../components/charts";
import { Glyph } from "../../components/glyph";
import { Marks, Money } from "../../components/money";
import { Go, Status } from "../../components/phrase";
import styles from "./overview.module.css";

const ACTIVITY: Target = {
  screen: "activity",
  view: null,
  record: null,
  ledger: null,
  as_of: null,
};

/** A difference with the shape of its state, or with the marks of what explains it. */
function Cell({ of }: { of: TieOutCell }) {
  return (
    <Go target={of.target} className={styles.tie}>
      {of.difference === null ? (
        <span className="soft">{of.status.word}</span>
      ) : (
        <Money amount={of.difference.amount} currency={of.difference.currency} />
      )}
      <span className={styles.mark}>
        {of.marks.length > 0 ? (
          <>
            <Marks marks={of.marks} />
            <span className="vh">{of.status.word}</span>
          </>
        ) : (
          <Glyph name={of.status.glyph} tone={of.status.tone} label={of.status.word} />
        )}
      </span>
    </Go>
  );
}

function Table({ of }: { of: TieOutsView }) {
  return (
    <table className={`t1 ${styles.ties}`}>
      <caption className="vh">
        {of.title}, {of.note}
      </caption>
      <thead>
        <tr>
          <th scope="col">
            <span className="vh">Tie-out</span>
          </th>
          {of.columns.map((column) => (
            <th scope="col" className="r" key={column.ledger}>
              {column.label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {of.rows.map((row) => (
          <tr key={row.id}>
            <th scope="row">
              <span className="dim id">{row.id}</span>&ensp;{row.name}
            </th>
            {row.cells.map((cell, at) => (
              <td className="r" key={of.columns[at]?.ledger ?? at}>
                <Cell of={cell} />
              </td>
            ))}
          </tr>
        ))}
        <tr>
          <th scope="row">Workpaper</th>
          {of.columns.map((column) => (
            <td className="r" key={column.ledger}>
              <Go target={column.target} className={styles.tie}>
                <Status of={column.workpaper} />
              </Go>
            </td>
          ))}
        </tr>
      </tbody>
    </table>
  );
}

function Completeness({ of }: { of: OverviewView["completeness"] }) {
  return (
    <p className={styles.complete}>
      <Go target={ACTIVITY}>
        <Glyph name={of.complete ? "complete" : "incomplete"} /> {of.sentence}
      </Go>
    </p>
  );
}

/** Whether the month ties out, per company, and how long customers take to pay. */
export function Ties({ view }: { view: OverviewView }) {
  const { tie_outs, dso } = view;
  return (
    <section aria-labelledby="ties">
      <div>
        <div className="h2row">
          <h2 id="ties">{tie_outs.title}</h2>
          <span className="more">{tie_outs.note}</span>
        </div>
        <Table of={tie_outs} />
        <Completeness of={view.completeness} />
      </div>
      {dso === null ? null : (
        <div>
          <div className={`h2row ${styles.second}`}>
            <h2>{dso.title}</h2>
            <span className="more">{dso.note}</span>
          </div>
          <Trend id="overview.dso" view={dso} />
        </div>
      )}
    </section>
  );
}
