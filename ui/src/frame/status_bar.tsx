import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import type { AppState, StatusCell } from "../api/types";
import { Glyph } from "../components/glyph/glyph";
import { Money } from "../components/money";
import { following } from "./address";
import { useMask } from "./mask";
import { percentOf, useRunning } from "./running";
import { useSelectionInView, type SelectionSums } from "./selection";
import styles from "./status_bar.module.css";

function ToActivity({ className, children }: { className?: string; children: ReactNode }) {
  return (
    <Link
      to="/activity"
      search={(now) => following(now)}
      className={`${styles.cell} ${className ?? ""}`}
      activeProps={{}}
    >
      {children}
    </Link>
  );
}

function Cell({ cell }: { cell: StatusCell }) {
  const mask = useMask();
  return (
    <ToActivity className={cell.minor ? styles.minor : undefined}>
      {cell.glyph === null ? null : <Glyph name={cell.glyph} />}
      <span>
        {cell.parts.map((part, at) =>
          part.strong ? <b key={at}>{mask(part.text)}</b> : <span key={at}>{mask(part.text)}</span>,
        )}
      </span>
    </ToActivity>
  );
}

function Proof({ proof }: { proof: NonNullable<AppState["proof"]> }) {
  return (
    <ToActivity className={proof.proved ? styles.proof : `${styles.proof} ${styles.unproved}`}>
      <Glyph name={proof.proved ? "tick" : "half_square"} />
      <span>{proof.text}</span>
    </ToActivity>
  );
}

/** "Running, 31%": one cell however many tasks there are; Activity lists them. */
function Running() {
  const [first] = useRunning();
  if (first === undefined) {
    return null;
  }
  const percent = percentOf(first);
  return (
    <ToActivity>
      <Glyph name="arc" />
      <span>{percent === null ? "Running" : `Running, ${percent}%`}</span>
    </ToActivity>
  );
}

const TENTH = 10;

/** Says progress only at each tenth, so that a reader is not flooded. */
function SpokenProgress() {
  const [first] = useRunning();
  const percent = first === undefined ? null : percentOf(first);
  const tenth = percent === null ? null : Math.floor(percent / TENTH) * TENTH;
  return (
    <span className="vh" role="status">
      {first === undefined ? "" : tenth === null ? "Running" : `Running, ${tenth}%`}
    </span>
  );
}

function Selection({ selection }: { selection: SelectionSums }) {
  return (
    <span className={styles.selection}>
      <span>{selection.label}</span>
      {selection.sums.map((sum) => (
        <span key={sum.currency} className={styles.sum}>
          <b>
            <Money amount={sum.amount} currency={sum.currency} quietZero={false} />
          </b>
          <span className="ccy">{sum.currency}</span>
        </span>
      ))}
      {selection.average === null ? null : (
        <span className={styles.sum}>
          Average
          <b>
            <Money
              amount={selection.average.amount}
              currency={selection.average.currency}
              quietZero={false}
            />
          </b>
        </span>
      )}
    </span>
  );
}

export function StatusBar({ app }: { app: AppState | undefined }) {
  const selection = useSelectionInView();
  return (
    <footer className={styles.status} aria-label="Completeness and last run" data-region="status">
      {app?.proof === undefined || app.proof === null ? null : <Proof proof={app.proof} />}
      {app?.status.map((cell, at) => (
        <Cell cell={cell} key={at} />
      ))}
      <Running />
      <SpokenProgress />
      <span className={styles.grow} />
      {selection === null ? null : <Selection selection={selection} />}
    </footer>
  );
}
