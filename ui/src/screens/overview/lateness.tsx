import type { AgingView } from "../../api/types";
import { AgingBars, AgingTable } from "../../components/charts";
import { NothingYet } from "../../components/states/states";

export function Lateness({ view }: { view: AgingView }) {
  return (
    <section aria-labelledby="lateness">
      <div className="h2row">
        <h2 id="lateness">Receivables by lateness</h2>
        <span className="more">{view.basis}</span>
      </div>
      {view.columns.length === 0 ? (
        <NothingYet title="No receivables">Nothing is open on this date.</NothingYet>
      ) : (
        <>
          <AgingBars view={view} />
          <AgingTable view={view} />
        </>
      )}
    </section>
  );
}
