import type { OverviewView, Range } from "../../api/types";
import { Bridge } from "../../components/charts";
import { Segments } from "../../components/controls/choice";
import { Phrase } from "../../components/phrase";
import { Go } from "../../components/phrase";
import { Failed, NothingYet } from "../../components/states/states";
import { useAddress } from "../../frame/address";
import { useScope } from "../../frame/scope";
import { useReply } from "../../platform/reply";
import { ExportMenu } from "../workpapers/export-menu";
import { Decisions } from "./decisions";
import { Lateness } from "./lateness";
import { OverviewSkeleton } from "./skeleton";
import { Ties } from "./ties";
import styles from "./overview.module.css";

const RANGES: readonly { value: Range; label: string }[] = [
  { value: "month", label: "Month" },
  { value: "quarter", label: "Quarter to date" },
  { value: "year", label: "Year" },
];

function rangeOf(text: string | undefined): Range {
  return RANGES.find((range) => range.value === text)?.value ?? "quarter";
}

function Head({ note, range }: { note: string; range: Range }) {
  const { patch } = useAddress();
  return (
    <div className="head">
      <h1>Overview</h1>
      <span className="dim small fig">{note}</span>
      <div className="acts">
        <Segments
          label="Range"
          options={RANGES}
          value={range}
          onChange={(value) => patch({ range: value === "quarter" ? null : value })}
        />
        <ExportMenu />
      </div>
    </div>
  );
}

/** What the figures leave out, each with the place that says more. */
function LeftOut({ of }: { of: OverviewView["left_out"] }) {
  return of.map((one) => (
    <p className={styles.leftOut} key={one.sentence}>
      {one.target === null ? one.sentence : <Go target={one.target}>{one.sentence}</Go>}
    </p>
  ));
}

function Content({ view }: { view: OverviewView }) {
  return (
    <>
      <p className={styles.claim}>
        <Phrase of={view.claim} />
      </p>
      <LeftOut of={view.left_out} />
      {view.bridge === null ? (
        <NothingYet title="Nothing was sold in this range">{view.empty}</NothingYet>
      ) : (
        <Bridge
          id="overview.bridge"
          name="the bridge"
          view={view.bridge}
          main
          className={styles.bridge}
        />
      )}
      <div className={styles.three}>
        <Decisions view={view} />
        <Lateness view={view.aging} />
        <Ties view={view} />
      </div>
    </>
  );
}

export function Screen() {
  const { search } = useAddress();
  const range = rangeOf(search["range"]);
  const scope = useScope();
  const enabled = scope.as_of !== "";
  const reply = useReply("overview", { scope, range }, { enabled, keep: true });
  return (
    <div className="page scroll" aria-busy={reply.isFetching}>
      <Head note={reply.data?.note ?? ""} range={range} />
      {reply.isError ? (
        <Failed failure={reply.error} onRetry={() => void reply.refetch()} />
      ) : reply.data === undefined ? (
        <OverviewSkeleton />
      ) : (
        <Content view={reply.data} />
      )}
    </div>
  );
}
