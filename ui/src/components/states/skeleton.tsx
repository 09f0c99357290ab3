import { useEffect, useState, type ReactNode } from "react";

import styles from "./states.module.css";

/** A quick answer must not flicker through a skeleton. */
const SKELETON_AFTER_MS = 300;

/** Shows its content only once loading has lasted long enough to be noticed. */
export function AfterAWhile({ children }: { children: ReactNode }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), SKELETON_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return late ? children : null;
}

/** One bar in the place of a text or a figure. */
export function Bar({ width }: { width: number | string }) {
  return <span className={styles.bar} style={{ width }} />;
}

/** Lines of a page part that is still being read. */
export function Skeleton(props: { label: string; widths: readonly (number | string)[] }) {
  return (
    <div aria-busy="true" role="status">
      <span className="vh">{props.label}</span>
      <AfterAWhile>
        {props.widths.map((width, at) => (
          <div className={styles.barline} key={at}>
            <Bar width={width} />
          </div>
        ))}
      </AfterAWhile>
    </div>
  );
}
