import { useMemo, useState, type ReactNode } from "react";

import type { GridPage, OpenIn, ReceivablesTab, ReceivablesView } from "../../api/types";
import { command } from "../../commands/catalog";
import { useCommands } from "../../commands/context";
import { Tabs } from "../../components/controls/tabs";
import { useDrawerWidth } from "../../components/drawer";
import { DataGrid, useViewInAddress, type Column, type GridSource } from "../../components/grid";
import { Phrase } from "../../components/phrase";
import { Incomplete, NothingDue, NothingYet } from "../../components/states/states";
import { useAddress } from "../../frame/address";
import { useScope, yearStart } from "../../frame/scope";
import { useReply } from "../../platform/reply";
import { ExportButton } from "../list/export";
import styles from "../list/list.module.css";
import { booksOf, useOpenIn } from "../list/open_in";
import { useListPlace, useOpenRecord } from "../list/record";
import { SaveViewButton, useSavedViews } from "../list/saved_views";
import { AccountDrawer, recordOf } from "./account";
import { ACCOUNT_COLUMNS, INVOICE_COLUMNS, UNAPPLIED_COLUMNS } from "./columns";

const TABS: readonly ReceivablesTab[] = ["accounts", "invoices", "unapplied"];

type ListProps<R> = {
  tab: ReceivablesTab;
  label: string;
  noun: { one: string; many: string };
  columns: Column<R>[];
  pageOf: (reply: ReceivablesView) => GridPage<R> | null;
  recordOf: (row: R) => string;
  sumColumn: string;
  nothing: ReactNode;
  opened: ReturnType<typeof useOpenRecord>;
  lead?: ReactNode;
  onReply: (reply: ReceivablesView) => void;
};

/** One of the three lists: the grid over the pages of its tab. */
function List<R extends { key: string; links: OpenIn[] }>(props: ListProps<R>) {
  const { tab, columns, pageOf, opened } = props;
  const scope = useScope();
  const { view, onView } = useViewInAddress();
  const place = useListPlace();
  const open = useOpenIn();
  const source = useMemo(
    (): GridSource<"receivables", R> => ({
      command: "receivables",
      params: (query) => ({ scope, tab, query }),
      page: pageOf,
    }),
    [scope, tab, pageOf],
  );
  return (
    <DataGrid
      label={props.label}
      noun={props.noun}
      source={source}
      columns={columns}
      view={view}
      onView={onView}
      keyOf={(row) => row.key}
      recordOf={props.recordOf}
      current={opened.key}
      onOpen={opened.onOpen}
      onSource={(row) => open(booksOf(row.links))}
      sumColumns={[props.sumColumn]}
      nothing={props.nothing}
      bar="always"
      barLead={props.lead}
      {...place}
      onReply={props.onReply}
      handle={opened.handle}
      onPlace={opened.onPlace}
      {...(opened.key === null ? {} : { onClose: opened.close })}
    />
  );
}

const ACCOUNTS = { one: "account", many: "accounts" };
const INVOICES = { one: "invoice", many: "invoices" };
const DOCUMENTS = { one: "document", many: "documents" };

const NOT_YET = (
  <NothingYet title="No receivables yet">
    The first run reads invoices, payments and credits from the books.
  </NothingYet>
);

function useTab(): [ReceivablesTab, (tab: string) => void] {
  const { search, patch } = useAddress();
  const tab = TABS.find((one) => one === search["view"]) ?? "accounts";
  const parts = {
    sort: null,
    filter: null,
    find: null,
    fold: null,
    order: null,
    hide: null,
    wide: null,
    pin: null,
  };
  return [tab, (next) => patch({ ...parts, view: next, record: null, at: null }, { push: true })];
}

type ListsProps = Pick<ListProps<never>, "tab" | "onReply"> & {
  opened: ReturnType<typeof useOpenRecord>;
  /** Several currencies, one group each. */
  grouped: boolean;
};

function Lists({ tab, opened, onReply, grouped }: ListsProps) {
  if (tab === "accounts") {
    return (
      <List
        key={tab}
        tab={tab}
        label="Receivables by account"
        noun={ACCOUNTS}
        columns={ACCOUNT_COLUMNS}
        pageOf={accountsOf}
        recordOf={(row) => recordOf(row.account, row.currency)}
        sumColumn="receivable"
        nothing={NOT_YET}
        opened={opened}
        onReply={onReply}
        lead={grouped && <span className={styles.chip}>Group: currency</span>}
      />
    );
  }
  if (tab === "invoices") {
    return (
      <List
        key={tab}
        tab={tab}
        label="Open invoices"
        noun={INVOICES}
        columns={INVOICE_COLUMNS}
        pageOf={invoicesOf}
        recordOf={(row) => recordOf(row.account_key, row.currency)}
        sumColumn="open"
        nothing={NOT_YET}
        opened={opened}
        onReply={onReply}
      />
    );
  }
  return (
    <List
      key={tab}
      tab={tab}
      label="Unapplied credits and payments"
      noun={DOCUMENTS}
      columns={UNAPPLIED_COLUMNS}
      pageOf={unappliedOf}
      recordOf={(row) => recordOf(row.account_key, row.currency)}
      sumColumn="unapplied"
      opened={opened}
      onReply={onReply}
      nothing={
        <NothingDue title="Nothing is unapplied">
          Every payment and credit is used by an invoice in full.
        </NothingDue>
      }
    />
  );
}

const accountsOf = (reply: ReceivablesView) => reply.accounts;
const invoicesOf = (reply: ReceivablesView) => reply.invoices;
const unappliedOf = (reply: ReceivablesView) => reply.unapplied;

export function Screen() {
  const [tab, setTab] = useTab();
  const opened = useOpenRecord();
  const [width, setWidth] = useDrawerWidth("receivables", 392);
  const views = useSavedViews("receivables");
  const [data, setData] = useState<ReceivablesView>();
  const { data: app } = useReply("app_state", {});
  useCommands([command("edit.find_in_list", () => opened.handle.current?.find())]);
  const page = data?.accounts ?? data?.invoices ?? data?.unapplied ?? null;
  return (
    <div className={styles.split}>
      <div className="page">
        <div className="head">
          <h1>Receivables</h1>
          <div className="acts">
            <SaveViewButton views={views} />
            <ExportButton what={tab === "accounts" ? "receivables" : tab} />
          </div>
        </div>
        <p className={`under ${styles.under}`}>
          {data !== undefined && <Phrase of={data.sentence} />}
        </p>
        <div className={styles.tabs}>
          <Tabs
            label="Lists of receivables"
            value={views.current ?? tab}
            tabs={[
              { value: "accounts", label: "By account" },
              { value: "invoices", label: "By invoice", count: data?.counts.invoices ?? null },
              { value: "unapplied", label: "Unapplied", count: data?.counts.unapplied ?? null },
              ...views.tabs,
            ]}
            onChange={(next) => {
              if (!views.show(next)) setTab(next);
            }}
          />
        </div>
        {page !== null && <Incomplete reading={page.reading} />}
        <div className={styles.panel}>
          <Lists
            tab={tab}
            opened={opened}
            onReply={setData}
            grouped={(data?.accounts?.groups.length ?? 0) > 0}
          />
        </div>
      </div>
      {opened.key !== null && (
        <AccountDrawer
          opened={opened}
          record={opened.key}
          width={width}
          onWidth={setWidth}
          year={yearStart(app)}
        />
      )}
    </div>
  );
}
