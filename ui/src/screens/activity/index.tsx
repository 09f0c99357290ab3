import type { ActivityView } from "../../api/types";
import { Button } from "../../components/controls/button";
import { Tabs, type TabEntry } from "../../components/controls/tabs";
import { Skeleton } from "../../components/states/skeleton";
import { Failed } from "../../components/states/states";
import { useToast } from "../../components/toast/toast";
import { useAddress } from "../../frame/address";
import { useClosed } from "../../frame/scope";
import { useReply, useWrite } from "../../platform/reply";
import { Decisions } from "./decisions";
import { Failures } from "./failures";
import { Network } from "./network";
import { Outbox } from "./outbox";
import { Runs } from "./runs";
import styles from "./activity.module.css";

type View = "runs" | "failures" | "decisions" | "network";

function viewOf(text: string | undefined): View {
  return text === "failures" || text === "decisions" || text === "network" ? text : "runs";
}

function tabsOf(view: ActivityView | undefined): TabEntry<View>[] {
  const failed = view === undefined ? null : view.failures.length + view.quarantine.length;
  return [
    { value: "runs", label: "Runs and outbox" },
    { value: "failures", label: "Failures", count: failed },
    { value: "decisions", label: "Local decisions", count: view?.decisions.length ?? null },
    { value: "network", label: "Network" },
  ];
}

function RunNow({ closed }: { closed: string | null }) {
  const say = useToast();
  const run = useWrite("run_now");
  const looking = useClosed();
  return (
    <>
      <Button
        kind="primary"
        icon="sync"
        closed={looking ?? closed}
        onPress={() => run.mutate({}, { onSuccess: say })}
      >
        Run now
      </Button>
      {run.error === null ? null : (
        <span role="alert" className="small bad">
          {run.error.title}. {run.error.next_step}
        </span>
      )}
    </>
  );
}

function Panel({ view, at }: { view: ActivityView; at: View }) {
  if (at === "failures") return <Failures view={view} />;
  if (at === "decisions") return <Decisions of={view.decisions} />;
  return (
    <div className={styles.columns}>
      <Outbox view={view} />
      <Runs view={view} />
    </div>
  );
}

export function Screen() {
  const { search, patch } = useAddress();
  const at = viewOf(search["view"]);
  const reply = useReply("activity", {});
  return (
    <div className="page" aria-busy={reply.isFetching}>
      <div className="head">
        <h1>Activity</h1>
        <div className="acts">
          <RunNow closed={reply.data?.run_closed ?? null} />
        </div>
      </div>
      <p className="under">Everything this app read, promised and wrote, on this computer.</p>
      <Tabs
        label="Activity"
        tabs={tabsOf(reply.data)}
        value={at}
        onChange={(view) =>
          patch({ view: view === "runs" ? null : view, record: null }, { push: true })
        }
      >
        {at === "network" ? (
          <div className={`${styles.scroll} ${styles.list}`}>
            <Network />
          </div>
        ) : reply.isError ? (
          <Failed failure={reply.error} onRetry={() => void reply.refetch()} />
        ) : reply.data === undefined ? (
          <div className={styles.loading}>
            <Skeleton label="Loading the activity" widths={["60%", "80%", "72%", "66%", "78%"]} />
          </div>
        ) : (
          <Panel view={reply.data} at={at} />
        )}
      </Tabs>
    </div>
  );
}
