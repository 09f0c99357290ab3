import type { EvidenceView } from "../../api/types";
import { classes } from "../classes";
import { useMask } from "../../frame/mask";
import styles from "./evidence.module.css";

/** Both raw values of every field that was compared, so that a reader can redo the decision. */
export function Evidence({ evidence }: { evidence: EvidenceView }) {
  const mask = useMask();
  const { rows, tolerance, rivals, score, rule } = evidence;
  const lost =
    rivals.length === 0
      ? "No rival."
      : `${rivals.length} ${rivals.length === 1 ? "rival" : "rivals"}: ${rivals.join("; ")}.`;
  return (
    <>
      <table className={classes("t1", styles.evidence)}>
        <thead>
          <tr>
            <th scope="col">
              <span className="vh">Field</span>
            </th>
            <th scope="col">{evidence.crm}</th>
            <th scope="col">{evidence.books}</th>
            <th scope="col" className="r">
              Result
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ field, crm, books, result, id }) => (
            <tr key={field}>
              <th scope="row">{field}</th>
              <td className={id ? "id" : undefined}>{mask(crm)}</td>
              <td className={id ? "id" : undefined}>{mask(books)}</td>
              <td className="r">{mask(result)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {score.length > 0 && (
        <ul className={styles.score} aria-label="Points of the match">
          {score.map(({ field, points }) => (
            <li key={field}>
              {field} <b>{points}</b>
            </li>
          ))}
        </ul>
      )}
      <p className={classes("small", "soft", styles.foot)}>
        {tolerance !== null && `${mask(tolerance)}. `}
        {mask(lost)} {rule}.
      </p>
    </>
  );
}
