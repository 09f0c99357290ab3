import type { WorkpaperView } from "../../api/types";
import { Phrase, Status } from "../../components/phrase";
import { Bridge } from "../../components/charts";
import { Skeleton } from "../../components/states/skeleton";
import { Failed, Incomplete, NothingYet } from "../../components/states/states";
import { useScope } from "../../frame/scope";
import { useReply } from "../../platform/reply";
import { ExportMenu } from "./export-menu";
import { MovementTable } from "./movement-table";
import { Rail } from "./rail";
import { Results } from "./results";
import { TieOuts } from "./tie-outs";
import styles from "./workpapers.module.css";

function Meta({ view }: { view: WorkpaperView }) {
  return (
    <dl className={styles.meta}>
      {view.meta.map((fact) => (
        <div key={fact.label}>
          <dt>{fact.label}</dt>
          <dd>{fact.value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Paper({ view }: { view: WorkpaperView }) {
  return (
    <div className={`scroll ${styles.paper}`}>
      <div className={`head ${styles.head}`}>
        <h1>{view.title}</h1>
        <div className="acts">
          <Status of={view.status} />
          <ExportMenu />
        </div>
      </div>
      <Meta view={view} />
      <p className={styles.conclusion}>
        <Phrase of={view.conclusion} />
      </p>
      <TieOuts of={view.tie_outs} />
      <div className={styles.two}>
        <div>
          <Results of={view.results} />
          <p className={`small soft fig ${styles.tolerated}`}>
            <Phrase of={view.tolerated} />
          </p>
        </div>
        <MovementTable of={view.roll_forward} />
      </div>
      <div className={styles.two}>
        {view.backlog_bridge === null ? null : (
          <Bridge
            id="workpaper.backlog"
            name={view.backlog.title}
            view={view.backlog_bridge}
            main
            className={styles.bridge ?? ""}
          />
        )}
        <MovementTable of={view.backlog} />
      </div>
    </div>
  );
}

function Workpaper() {
  const scope = useScope();
  const enabled = scope.as_of !== "";
  const reply = useReply("workpaper", { scope }, { enabled, keep: true });
  if (reply.isError || reply.data === undefined) {
    return (
      <div className="page">
        <div className="head">
          <h1>Workpapers</h1>
        </div>
        <div className={styles.loading}>
          {reply.isError ? (
            <Failed failure={reply.error} onRetry={() => void reply.refetch()} />
          ) : (
            <Skeleton label="Loading the workpaper" widths={["40%", "70%", "90%", "90%", "82%"]} />
          )}
        </div>
      </div>
    );
  }
  return (
    <div className={`main rail ${styles.screen}`}>
      <div className="page" aria-busy={reply.isFetching}>
        <Incomplete reading={reply.data.reading} />
        <Paper view={reply.data} />
      </div>
      <Rail view={reply.data} />
    </div>
  );
}

export function Screen() {
  const { data: app } = useReply("app_state", {});
  const ledgers = app?.ledgers ?? [];
  if (app !== undefined && ledgers.length === 0) {
    return (
      <div className="page">
        <div className="head">
          <h1>Workpapers</h1>
        </div>
        <NothingYet title="No workpaper yet">
          Connect the accounting company and run once. The workpaper of the month is then here.
        </NothingYet>
      </div>
    );
  }
  return <Workpaper />;
}
