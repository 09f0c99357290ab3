import { useMemo, useState } from "react";

import type { DealGridRow, DealsTab, DealsView } from "../../api/types";
import { command } from "../../commands/catalog";
import { useCommands } from "../../commands/context";
import { Tabs } from "../../components/controls/tabs";
import { useDrawerWidth } from "../../components/drawer";
import {
  AddFilter,
  DataGrid,
  GridTools,
  useViewInAddress,
  type GridSource,
} from "../../components/grid";
import { Phrase } from "../../components/phrase";
import { Incomplete, NothingDue, NothingYet } from "../../components/states/states";
import { useAddress } from "../../frame/address";
import { useScope } from "../../frame/scope";
import { useReply } from "../../platform/reply";
import { ExportButton } from "../list/export";
import styles from "../list/list.module.css";
import { booksOf, useOpenIn } from "../list/open_in";
import { useListPlace, useOpenRecord } from "../list/record";
import { SaveViewButton, useSavedViews } from "../list/saved_views";
import { DEAL_COLUMNS, HIDDEN, WHY } from "./columns";
import { DealDrawer } from "./deal";
import { Duplicates } from "./duplicates";

const NOUN = { one: "deal", many: "deals" };
const LABELS: Record<DealsTab, string> = {
  unpaid: "Unpaid",
  not_invoiced: "Not invoiced",
  leakage: "Leakage",
  blocked: "Blocked",
  all: "All won",
  excluded: "Excluded",
};
const TABS = Object.keys(LABELS) as DealsTab[];
/** The report of each view. */
const EXPORTED = {
  unpaid: "unpaid",
  not_invoiced: "not_invoiced",
  leakage: "leakage",
  blocked: "blocked",
  all: "deals",
  excluded: "excluded",
} as const;
/** What a selected deal is summed by: the first of these that it has. */
const OPEN_FIRST = ["overdue", "part_paid", "not_due", "not_invoiced"];
const UNINVOICED_FIRST = ["not_invoiced", "overdue", "part_paid", "not_due"];
const INVOICED_LAST: readonly DealsTab[] = ["not_invoiced", "leakage", "blocked"];
/** Pairs of records are no deals, and stand in a list of their own. */
const DUPLICATES = "duplicates";
const CLEARED = {
  sort: null,
  filter: null,
  find: null,
  fold: null,
  order: null,
  hide: null,
  wide: null,
  pin: null,
  record: null,
  at: null,
};

function Nothing({ tab }: { tab: DealsTab }) {
  if (tab === "all") {
    return (
      <NothingYet title="No won deals yet">
        The first run reads the Closed Won deals from Salesforce.
      </NothingYet>
    );
  }
  const words: Record<Exclude<DealsTab, "all">, [string, string]> = {
    unpaid: ["Every won deal is paid", "Nothing is open, nothing waits for an invoice."],
    not_invoiced: ["Every deal that is due is invoiced", "Nothing waits for an invoice."],
    leakage: ["Nothing leaks", "Nothing that was due for longer than the grace days is missing."],
    blocked: ["No gate blocks a deal", "Each won deal can become an invoice."],
    excluded: ["No deal is excluded", "All won deals are in the population."],
  };
  const [title, text] = words[tab];
  return <NothingDue title={title}>{text}</NothingDue>;
}

function useTab(): DealsTab {
  const { search } = useAddress();
  return TABS.find((one) => one === search["view"]) ?? "unpaid";
}

type ListProps = {
  tab: DealsTab;
  opened: ReturnType<typeof useOpenRecord>;
  onReply: (reply: DealsView) => void;
  grid: ReturnType<typeof useViewInAddress>;
};

function List({ tab, opened, onReply, grid }: ListProps) {
  const scope = useScope();
  const place = useListPlace();
  const open = useOpenIn();
  const source = useMemo(
    (): GridSource<"deals", DealGridRow> => ({
      command: "deals",
      params: (query) => ({ scope, view: tab, query }),
      page: (reply) => reply.grid,
    }),
    [scope, tab],
  );
  return (
    <DataGrid
      label={`${LABELS[tab]} Closed Won deals`}
      noun={NOUN}
      source={source}
      columns={DEAL_COLUMNS}
      {...grid}
      {...place}
      keyOf={(row) => row.key}
      span={WHY}
      current={opened.key}
      onOpen={opened.onOpen}
      onSource={(row) => open(booksOf(row.links))}
      onReply={onReply}
      sumColumns={INVOICED_LAST.includes(tab) ? UNINVOICED_FIRST : OPEN_FIRST}
      nothing={<Nothing tab={tab} />}
      flush
      handle={opened.handle}
      onPlace={opened.onPlace}
      {...(opened.key === null ? {} : { onClose: opened.close })}
    />
  );
}

export function Screen() {
  const tab = useTab();
  const { patch } = useAddress();
  const opened = useOpenRecord();
  const [data, setData] = useState<DealsView>();
  const [width, setWidth] = useDrawerWidth("deals", 448);
  const views = useSavedViews("deals");
  const grid = useViewInAddress(HIDDEN[tab]);
  useCommands([command("edit.find_in_list", () => opened.handle.current?.find())]);
  const pairs = useReply("duplicates", { scope: useScope() });
  const isPairs = useAddress().search["view"] === DUPLICATES;
  const tabs = [
    ...TABS.map((value) => ({ value, label: LABELS[value], count: data?.counts[value] ?? null })),
    { value: DUPLICATES, label: "Possible duplicates", count: pairs.data?.open ?? null },
  ];
  const show = (next: string) => {
    if (!views.show(next)) patch({ ...CLEARED, view: next }, { push: true });
  };
  return (
    <div className={styles.split}>
      <div className="page">
        <div className="head">
          <h1>Deals</h1>
          <div className="acts">
            {!isPairs && <SaveViewButton views={views} />}
            {!isPairs && <ExportButton what={EXPORTED[tab]} />}
          </div>
        </div>
        <p className={`under ${styles.under}`}>
          {isPairs ? pairs.data?.sentence : data !== undefined && <Phrase of={data.sentence} />}
        </p>
        <div className={styles.tabs}>
          <Tabs
            label="Views of deals"
            value={isPairs ? DUPLICATES : (views.current ?? tab)}
            tabs={[...tabs, ...views.tabs]}
            onChange={show}
          />
          {!isPairs && (
            <div className={styles.tools}>
              <AddFilter columns={DEAL_COLUMNS} {...grid} />
              <GridTools columns={DEAL_COLUMNS} {...grid} />
            </div>
          )}
        </div>
        {data !== undefined && <Incomplete reading={data.grid.reading} />}
        {isPairs ? (
          <Duplicates failure={pairs.error} view={pairs.data} />
        ) : (
          <div className={styles.panel}>
            <List key={tab} tab={tab} opened={opened} onReply={setData} grid={grid} />
          </div>
        )}
      </div>
      {opened.key !== null && (
        <DealDrawer opened={opened} opportunity={opened.key} width={width} onWidth={setWidth} />
      )}
    </div>
  );
}
