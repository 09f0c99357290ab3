import type { ConnectStep } from "../../api/types";
import type { ReactNode } from "react";

import { Glyph } from "../../components/glyph";
import styles from "./first-run.module.css";

const GLYPHS: Record<ConnectStep["state"], string> = {
  done: "complete",
  now: "running",
  later: "open",
  failed: "failed",
};
const WORDS: Record<ConnectStep["state"], string> = {
  done: "done",
  now: "now",
  later: "later",
  failed: "failed",
};

export type Step = Omit<ConnectStep, "note"> & { note: ReactNode };

/** What happened, what happens, what comes: each with its time. */
export function Steps({ of }: { of: readonly Step[] }) {
  return (
    <ol className={styles.steps}>
      {of.map((step) => (
        <li
          key={step.title}
          data-state={step.state}
          aria-current={step.state === "now" ? "step" : undefined}
        >
          <Glyph name={GLYPHS[step.state]} label={WORDS[step.state]} />
          <div>
            {step.title}
            {step.note === "" ? null : <p>{step.note}</p>}
          </div>
          <span className="dim small fig">{step.at}</span>
        </li>
      ))}
    </ol>
  );
}
