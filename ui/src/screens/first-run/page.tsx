import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { Mark } from "../../components/icon/icon";
import { useReply } from "../../platform/reply";
import styles from "./first-run.module.css";

/** A page without the frame: there is no company to look at yet. */
export function Page(props: { children: ReactNode; foot: ReactNode; className?: string }) {
  const { data: app } = useReply("app_state", {});
  const there = app?.workspace ?? null;
  return (
    <div className={styles.page}>
      <header className={styles.top}>
        <Mark className={styles.brand} />
        <b>Tieout</b>
        <span className={`dim small ${styles.end}`}>
          {there === null ? (
            "Nothing has been sent from this computer"
          ) : (
            <Link to="/connections">Back to {there.name}</Link>
          )}
        </span>
      </header>
      <main className={`${styles.main} ${props.className ?? ""}`}>{props.children}</main>
      <footer className={styles.foot}>{props.foot}</footer>
    </div>
  );
}
