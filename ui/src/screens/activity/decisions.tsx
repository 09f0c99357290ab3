import type { DecisionRow } from "../../api/types";
import { Button } from "../../components/controls/button";
import { Go } from "../../components/phrase";
import { NothingYet } from "../../components/states/states";
import { useToast } from "../../components/toast/toast";
import { useClosed } from "../../frame/scope";
import { useWrite } from "../../platform/reply";
import styles from "./activity.module.css";

function Undo() {
  const say = useToast();
  const closed = useClosed();
  const undo = useWrite("undo");
  return (
    <>
      <Button
        className={styles.low ?? ""}
        closed={closed}
        onPress={() => undo.mutate({}, { onSuccess: say })}
      >
        Undo
      </Button>
      {undo.error === null ? null : (
        <span role="alert" className="small bad">
          {undo.error.title}. {undo.error.next_step}
        </span>
      )}
    </>
  );
}

/** What people decided here: who, when, why. The log keeps it for ever. */
export function Decisions({ of }: { of: DecisionRow[] }) {
  if (of.length === 0) {
    return (
      <NothingYet title="Nothing was decided yet">
        Reasons, links and exclusions that people give are listed here.
      </NothingYet>
    );
  }
  return (
    <div className={`${styles.scroll} ${styles.list}`}>
      <table className="t1">
        <caption className="vh">Local decisions, newest first</caption>
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Who</th>
            <th scope="col">Decision</th>
            <th scope="col">Reason</th>
            <th scope="col" className="r">
              <span className="vh">Undo</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {of.map((row) => (
            <tr key={row.id}>
              <td className="fig soft nowrap">{row.at}</td>
              <td className="nowrap">{row.who}</td>
              <th scope="row">
                {row.target === null ? row.said : <Go target={row.target}>{row.said}</Go>}
              </th>
              <td className="soft">{row.reason}</td>
              <td className="r">{row.undo ? <Undo /> : null}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
