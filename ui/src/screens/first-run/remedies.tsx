import type { SignInRemedy } from "../../api/types";
import { Button } from "../../components/controls/button";
import styles from "./first-run.module.css";

type Acts = Record<Exclude<SignInRemedy["action"], "none">, () => void>;

const LABELS: Record<keyof Acts, string> = {
  hand_off: "Make the page for your administrator",
  open_again: "Open the page again",
  copy_link: "Copy the link",
  paste: "Paste the address",
};

function Row({ of, hit, acts }: { of: SignInRemedy; hit: boolean; acts: Acts }) {
  const [first, ...others] = of.seen;
  const { action } = of;
  return (
    <li className={hit ? styles.hit : undefined} data-hit={hit}>
      {of.title === "" ? <b className="id">{first}</b> : <b>{of.title}</b>}
      <p>
        {(of.title === "" ? others : of.seen).map((text) => (
          <span key={text}>
            {of.title === "" ? "Or" : "It says"} <q className={styles.quote}>{text}</q>.{" "}
          </span>
        ))}
        {of.sentence}
      </p>
      {action === "none" ? null : (
        <Button kind="quiet" className={styles.remedy ?? ""} onPress={acts[action]}>
          {LABELS[action]}
        </Button>
      )}
    </li>
  );
}

/** What a person may see instead of a consent page, and the one thing to do about each. */
export function Remedies(props: { of: SignInRemedy[]; late: boolean; acts: Acts }) {
  const { of, late, acts } = props;
  const answered = of.some((row) => row.hit);
  return (
    <aside className={styles.help} aria-label="Help with sign-in">
      <h2>What do you see in the browser?</h2>
      <ul>
        {of.map((row, at) => (
          <Row of={row} key={row.id} acts={acts} hit={row.hit || (late && !answered && at === 0)} />
        ))}
      </ul>
    </aside>
  );
}
