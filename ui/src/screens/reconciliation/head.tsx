import { type ReactNode } from "react";

import type { ReconciliationView } from "../../api/types";
import { Button } from "../../components/controls/button";
import { Tabs } from "../../components/controls/tabs";
import { useViewInAddress } from "../../components/grid";
import { Phrase } from "../../components/phrase";
import { count as grouped } from "../../format/count";
import { useAct } from "../../frame/global_commands";
import { useGo } from "../../frame/address";
import { useClosed } from "../../frame/scope";
import { usePlatform } from "../../platform/context";
import { ExportButton } from "../list/export";
import styles from "../list/list.module.css";
import { SaveViewButton, useSavedViews } from "../list/saved_views";
import own from "./reconciliation.module.css";

type View = ReturnType<typeof useViewInAddress>;

/** Each part shows its group alone; pressed again, it shows all. */
function Result({ of, view, onView }: { of: ReconciliationView } & View) {
  const keys = of.grid.groups.map((group) => group.key);
  const othersOf = (key: string) => keys.filter((one) => one !== key);
  const isAlone = (key: string) =>
    view.collapsed !== null && view.collapsed.join() === othersOf(key).join();
  return (
    <div className={own.result} role="group" aria-label="Result of the comparison">
      {of.verdicts.map(({ key, label, count, look }) => (
        <button
          key={label}
          type="button"
          data-look={look}
          aria-pressed={isAlone(key)}
          style={{ flexGrow: Math.max(count, 3) }}
          onClick={() => onView({ ...view, collapsed: isAlone(key) ? null : othersOf(key) })}
        >
          <b>{grouped(count)}</b>
          <span>{label}</span>
        </button>
      ))}
    </div>
  );
}

export function Head({
  data,
  grid,
  toggleRail,
  tools,
}: {
  data: ReconciliationView | undefined;
  grid: View;
  toggleRail: () => void;
  tools: ReactNode;
}) {
  const platform = usePlatform();
  const act = useAct();
  const closed = useClosed();
  const go = useGo();
  const views = useSavedViews("reconciliation");
  const plain = () => go("/reconciliation");
  return (
    <>
      <div className="head">
        <h1>Reconciliation</h1>
        <div className="acts">
          <SaveViewButton views={views} />
          <Button onPress={toggleRail}>Rules and limits</Button>
          <ExportButton what="reconciliation" />
          <Button kind="primary" closed={closed} onPress={() => act(platform.call("run_now", {}))}>
            Run again
          </Button>
        </div>
      </div>
      <div className={own.underrow}>
        <p className={`under ${own.under}`}>
          {data !== undefined && <Phrase of={data.sentence} />}
        </p>
        {tools}
      </div>
      {views.tabs.length > 0 && (
        <div className={styles.tabs}>
          <Tabs
            label="Views of the reconciliation"
            value={views.current ?? "all"}
            tabs={[{ value: "all", label: "All" }, ...views.tabs]}
            onChange={(next) => {
              if (!views.show(next)) plain();
            }}
          />
        </div>
      )}
      {data !== undefined && <Result of={data} {...grid} />}
    </>
  );
}
