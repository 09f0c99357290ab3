import { Fragment } from "react";

import type { Amount, TieOutLine, WorkpaperTieOut } from "../../api/types";
import { Glyph } from "../../components/glyph";
import { Marks, Money } from "../../components/money";
import { Phrase } from "../../components/phrase";
import styles from "./workpapers.module.css";

function Figure({ of }: { of: Amount | null }) {
  return of === null ? (
    <span className="dim">not asked</span>
  ) : (
    <Money amount={of.amount} currency={of.currency} />
  );
}

function Line({ of }: { of: TieOutLine }) {
  return (
    <>
      <td>{of.source_name}</td>
      <td className="r dim">{of.source_count}</td>
      <td className="r">
        <Figure of={of.source} />
      </td>
      <td className="r dim">{of.held_count}</td>
      <td className="r">
        <Figure of={of.held} />
      </td>
      <td className="r medium">{of.difference === null ? null : <Figure of={of.difference} />}</td>
      <td>
        <Glyph name={of.status.glyph} tone={of.status.tone} label={of.status.word} />
      </td>
    </>
  );
}

function TieOut({ of }: { of: WorkpaperTieOut }) {
  const span = of.lines.length;
  return (
    <tbody>
      {of.lines.map((line, at) => (
        <tr key={line.source_name}>
          {at === 0 ? (
            <>
              <td rowSpan={span}>
                <span className="id dim">{of.id}</span>
              </td>
              <th scope="rowgroup" rowSpan={span}>
                {of.name}
              </th>
            </>
          ) : null}
          <Line of={line} />
          {at === 0 ? (
            <>
              <td rowSpan={span}>
                <Marks marks={of.marks} />
              </td>
              <td rowSpan={span} className="dim small fig">
                {of.read}
              </td>
            </>
          ) : null}
        </tr>
      ))}
      {of.explained.map((one, at) => (
        <tr className={styles.why} key={at}>
          <td />
          <td />
          <td colSpan={9}>
            <Marks marks={[one.mark]} /> <Phrase of={one.sentence} />
          </td>
        </tr>
      ))}
    </tbody>
  );
}

/** Five tie-outs: what the source says, what is held here, and the difference. */
export function TieOuts({ of }: { of: WorkpaperTieOut[] }) {
  return (
    <table className={styles.ties}>
      <caption className="vh">Five tie-outs</caption>
      <thead>
        <tr>
          <th scope="col">
            <span className="vh">No.</span>
          </th>
          <th scope="col">Tie-out</th>
          <th scope="col">Source</th>
          <th scope="colgroup" className="r" colSpan={2}>
            Source says
          </th>
          <th scope="colgroup" className="r" colSpan={2}>
            Tieout holds
          </th>
          <th scope="col" className="r">
            Difference
          </th>
          <th scope="col">
            <span className="vh">State</span>
          </th>
          <th scope="col">Marks</th>
          <th scope="col">Read</th>
        </tr>
      </thead>
      {of.map((tie) => (
        <Fragment key={tie.id}>
          <TieOut of={tie} />
        </Fragment>
      ))}
    </table>
  );
}
