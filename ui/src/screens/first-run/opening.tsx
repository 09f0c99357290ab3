import type { FailureView } from "../../api/types";
import { useCommands } from "../../commands/context";
import { Button } from "../../components/controls/button";
import { Failed } from "../../components/states/states";
import { percentOf, useProgress } from "../../frame/running";
import { Page } from "./page";
import { Steps, type Step } from "./steps";
import styles from "./first-run.module.css";

/** What `progress` events of the sample name, in this order. */
type SampleStage = "start" | "read" | "compare" | "create" | "write_back" | "ready";

const STAGES: readonly { id: SampleStage; title: string }[] = [
  { id: "start", title: "Start Salesforce and QuickBooks of the sample, on this computer" },
  { id: "read", title: "Read deals, customers, invoices and payments" },
  { id: "compare", title: "Compare every total with its source" },
  { id: "create", title: "Create the invoices that are due, each once" },
  { id: "write_back", title: "Write what is owed back to the accounts" },
  { id: "ready", title: "Add up June" },
];

function stepsAt(stage: string, sentence: string): Step[] {
  const now = Math.max(
    0,
    STAGES.findIndex((one) => one.id === stage),
  );
  return STAGES.map(({ title }, at) => ({
    title,
    state: at < now ? "done" : at === now ? "now" : "later",
    note: at === now ? sentence : "",
    at: "",
  }));
}

/** The sample company opens: real runs against simulated systems, told as they happen. */
export function Opening(props: {
  failure: FailureView | null;
  onCancel: () => void;
  onRetry: () => void;
}) {
  const progress = useProgress("sample");
  const percent = progress === null ? null : percentOf(progress);
  const { failure, onCancel, onRetry } = props;
  const cancel = { id: "first.cancel", title: "Cancel", group: "File" as const, run: onCancel };
  useCommands([{ ...cancel, keys: ["Escape"] }]);
  return (
    <Page foot={<span>The sample stays on this computer and contacts no host.</span>}>
      <h1>Opening the sample company</h1>
      <p className={styles.lead}>
        Alder Quay Instruments closes June. Both systems are simulated here; the runs are real.
      </p>
      {failure === null ? (
        <>
          <div className={styles.narrow} aria-live="polite">
            <Steps of={stepsAt(progress?.stage ?? "start", progress?.sentence ?? "")} />
          </div>
          {percent === null ? null : (
            <div
              className={styles.meter}
              role="progressbar"
              aria-label="Opening the sample company"
              aria-valuenow={percent}
              aria-valuemin={0}
              aria-valuemax={100}
            >
              <span style={{ width: `${percent}%` }} />
            </div>
          )}
          <div className={styles.acts}>
            <Button kind="quiet" keys="Escape" onPress={onCancel}>
              Cancel
            </Button>
          </div>
        </>
      ) : (
        <Failed
          failure={failure}
          action={<Button onPress={onCancel}>Back</Button>}
          onRetry={onRetry}
        />
      )}
    </Page>
  );
}
