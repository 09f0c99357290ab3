import { Failed } from "../components/states/states";
import { Skeleton } from "../components/states/skeleton";

/** While the code of a screen is being read from the disk. */
export function ScreenPending() {
  return (
    <div className="page">
      <div className="head">
        <Skeleton label="Opening the screen" widths={[180]} />
      </div>
    </div>
  );
}

/** A fault of this program, not of the data: the rest of the window keeps working. */
export function ScreenFailed({ error, reset }: { error: unknown; reset: () => void }) {
  return (
    <div className="page">
      <Failed
        failure={{
          code: "TIE-9001",
          title: "This screen could not be drawn",
          detail: error instanceof Error ? error.message : String(error),
          next_step: "Figures and documents are not affected.",
          reference: "",
        }}
        onRetry={reset}
      />
    </div>
  );
}
