import { useCallback, useEffect, useState } from "react";

import type { AppEvent, FailureView, ProgressView, ResyncView } from "../../api/types";
import { useAppEvent } from "../../platform/context";
import { useWrite } from "../../platform/reply";
import { Button } from "../controls/button";
import { Glyph } from "../glyph/glyph";
import { CopyReference } from "../states/copy_reference";
import styles from "./resync.module.css";

/** Steps in the order in which they run. Progress names the stage it is in. */
const STAGES = [
  { stage: "crm", label: "Salesforce" },
  { stage: "books", label: "Books" },
  { stage: "compare", label: "Compare" },
] as const;

export type Resync = {
  run: () => void;
  running: boolean;
  progress: ProgressView | null;
  outcome: ResyncView | null;
  failure: FailureView | null;
};

/** One resync of one deal: its progress and its outcome belong to that deal only. */
export function useResync(opportunity: string, ledger: string | null): Resync {
  const { mutate, data, error, isPending, reset } = useWrite("resync_deal");
  const [progress, setProgress] = useState<ProgressView | null>(null);
  useEffect(() => {
    reset();
    setProgress(null);
  }, [opportunity, reset]);
  const hear = useCallback((event: AppEvent) => {
    if (event.kind === "progress" && event.progress.task === "resync") setProgress(event.progress);
  }, []);
  useAppEvent(hear);
  return {
    run: () => {
      if (isPending) return;
      setProgress(null);
      mutate({ opportunity, ledger });
    },
    running: isPending,
    progress: isPending ? progress : null,
    outcome: data ?? null,
    failure: error,
  };
}

function stageAt(progress: ProgressView | null): number {
  const at = STAGES.findIndex(({ stage }) => stage === progress?.stage);
  return Math.max(0, at);
}

function counts({ done, of }: ProgressView): string {
  if (done === null) return "";
  return of === null ? ` ${done}` : ` ${done} of ${of}`;
}

function Steps({ progress }: { progress: ProgressView | null }) {
  const now = stageAt(progress);
  return (
    <div>
      <ol className={styles.steps} aria-label="Progress of the resync">
        {STAGES.map(({ stage, label }, at) => (
          <li key={stage} aria-current={at === now ? "step" : undefined}>
            <Glyph name={at < now ? "tick" : at === now ? "arc" : "ring"} />
            {label}
            {at === now && progress !== null ? counts(progress) : ""}
          </li>
        ))}
      </ol>
      <p className={styles.hint} role="status">
        {progress?.sentence ?? "Reading again"}
      </p>
    </div>
  );
}

function Outcome({ outcome }: { outcome: ResyncView }) {
  return (
    <div className={styles.outcome} role="status">
      <p>
        <Glyph name={outcome.changed ? "dot" : "tick"} /> {outcome.sentence}
      </p>
      {outcome.changes.length > 0 && (
        <ul>
          {outcome.changes.map(({ field, system, before, after }) => (
            <li key={`${system} ${field}`}>
              {field}{" "}
              <span data-amount>
                {before} → {after}
              </span>{" "}
              in {system}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** The button, then its three steps, then what it found, all in one place. */
export function ResyncLine({ resync, hint }: { resync: Resync; hint: string }) {
  const failure = resync.failure ?? resync.outcome?.failure ?? null;
  if (resync.running) return <Steps progress={resync.progress} />;
  if (failure !== null) {
    return (
      <div className={styles.outcome} role="alert">
        <p>
          <Glyph name="square_bar" /> {failure.title}. {failure.detail} {failure.next_step}
        </p>
        <CopyReference code={failure.code} reference={failure.reference} />
      </div>
    );
  }
  if (resync.outcome !== null) return <Outcome outcome={resync.outcome} />;
  return <p className={styles.hint}>{hint}</p>;
}

export function ResyncButton({ resync, closed }: { resync: Resync; closed: string | null }) {
  return (
    <Button
      kind="primary"
      icon="sync"
      keys="R"
      onPress={resync.run}
      closed={resync.running ? "It is running." : closed}
    >
      Resync this deal
    </Button>
  );
}
