import { useCallback, useMemo, useState, type ReactNode } from "react";

import type { FailureView, GridGroup } from "../../api/types";
import { command } from "../../commands/catalog";
import { useCommands } from "../../commands/context";
import { Button } from "../../components/controls/button";
import { Tabs } from "../../components/controls/tabs";
import {
  AddFilter, DataGrid, GridTools, useViewInAddress, type GridSource, type RowOpening,
} from "../../components/grid";
import { Phrase } from "../../components/phrase";
import { Incomplete, NothingYet } from "../../components/states/states";
import { useFailureToast, useToast } from "../../components/toast/toast";
import { useAct } from "../../frame/global_commands";
import { useGo } from "../../frame/address";
import { useClosed, useScope, yearStart } from "../../frame/scope";
import { usePlatform } from "../../platform/context";
import { useReply } from "../../platform/reply";
import { DecisionDialog, type Decision } from "../deals/decisions";
import { ExportButton } from "../list/export";
import styles from "../list/list.module.css";
import { booksOf, crmOf, useOpenIn } from "../list/open_in";
import { useListPlace, useOpenRecord } from "../list/record";
import { SaveViewButton, useSavedViews } from "../list/saved_views";
import { HIDDEN, reconColumns } from "./columns";
import type { ReconciliationView, ReconRow } from "./preview";
import { ProofRow } from "./proof";
import { Rail } from "./rail";
import { ReasonDialog } from "./reason_dialog";
import own from "./reconciliation.module.css";

const NOUN = { one: "deal", many: "deals" };
const keyOf = (row: ReconRow) => row.key;
/** Deals that agree need nobody: they are there, but folded. */
const isAgreed = (group: GridGroup) => group.key === "matched";
const TONES: Readonly<Record<string, string>> = { unexplained: "bad", in_tolerance: "soft" };
const toneOf = (group: GridGroup) => TONES[group.key];
/** From this width on there is room for the rail beside the list. */
const WIDE_PX = 1280;

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
          key={label} type="button" data-look={look} aria-pressed={isAlone(key)}
          style={{ flexGrow: Math.max(count, 3) }}
          onClick={() => onView({ ...view, collapsed: isAlone(key) ? null : othersOf(key) })}
        >
          <b>{count}</b>
          <span>{label}</span>
        </button>
      ))}
    </div>
  );
}

type Asked = { kind: "reason" | "note"; row: ReconRow };

/** Decisions about the row that is unfolded: they happen at once and can be undone. */
function useDecisions(row: ReconRow | undefined) {
  const platform = usePlatform();
  const scope = useScope();
  const act = useAct();
  const closed = useClosed();
  const open = useOpenIn();
  const [asked, setAsked] = useState<Asked | null>(null);
  const [decision, setDecision] = useState<Decision | null>(null);
  const none = row === undefined ? "Choose a deal first." : row.decidable ? null : "There is nothing to decide.";
  const shut = closed ?? none;
  const accept = () => {
    if (row?.proposed == null) return;
    act(platform.call("accept_reason", { scope, opportunity: row.key, code: row.proposed }));
  };
  const ask = (kind: Asked["kind"]) => {
    if (row !== undefined) setAsked({ kind, row });
  };
  const decide = (kind: "exclude" | "link") => {
    if (row !== undefined) setDecision({ kind, opportunity: row.key, name: row.name });
  };
  const unlink = (document: string) => {
    if (row !== undefined) {
      setDecision({ kind: "unlink", opportunity: row.key, name: row.name, document });
    }
  };
  const proposes = row?.proposed == null ? "Nothing is proposed for this deal." : null;
  const here = row === undefined ? "Choose a deal first." : null;
  useCommands([
    command("record.accept", accept, { closed: shut ?? proposes }),
    {
      id: "record.reason", title: "Give another reason", group: "Record", keys: ["R"],
      closed: shut, run: () => ask("reason"),
    },
    command("record.note", () => ask("note"), { closed: shut }),
    command("record.link", () => decide("link"), { closed: closed ?? here }),
    command("deal.exclude", () => decide("exclude"), { closed: closed ?? here }),
    ...(row?.documents ?? []).map(({ document, number }) => ({
      id: `record.unlink.${document}`, title: `Unlink ${number}`, group: "Record" as const,
      closed, run: () => unlink(document),
    })),
    command("record.open_salesforce", () => open(crmOf(row?.links ?? [])), { closed: here }),
    command("record.open_books", () => open(booksOf(row?.links ?? [])), { closed: here }),
  ]);
  return { closed, accept, ask, asked, setAsked, decision, setDecision };
}

function useOwnedFields() {
  const platform = usePlatform();
  const scope = useScope();
  const say = useToast();
  const sayFailure = useFailureToast();
  return useCallback(
    (row: ReconRow, change: { owner?: string; note?: string; target?: string }) => {
      const { owner = null, note = null, target = null } = change;
      platform
        .call("give_reason", { scope, opportunity: row.key, code: null, owner, note, target })
        .then(say, (failure: FailureView) => sayFailure(failure));
    },
    [platform, scope, say, sayFailure],
  );
}

function useRail() {
  // Until a person opens or closes it, the width of the window decides.
  const [isOpen, setOpen] = useState<boolean | null>(null);
  const toggle = () => setOpen((now) => !(now ?? window.innerWidth >= WIDE_PX));
  useCommands([command("view.rail", toggle)]);
  return { isOpen, toggle };
}

function useSource() {
  const scope = useScope();
  return useMemo((): GridSource<"reconciliation", ReconRow> => ({
    command: "reconciliation",
    params: (query) => ({ scope, query }),
    page: (reply) => reply.grid,
  }), [scope]);
}

const NOTHING = (
  <NothingYet title="Nothing is compared yet">
    The first complete run compares each won deal with what was billed.
  </NothingYet>
);

function Head({ data, grid, toggleRail, tools }: {
  data: ReconciliationView | undefined; grid: View; toggleRail: () => void; tools: ReactNode;
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
        <p className={`under ${styles.under}`}>{data !== undefined && <Phrase of={data.sentence} />}</p>
        {tools}
      </div>
      {views.tabs.length > 0 && (
        <div className={styles.tabs}>
          <Tabs
            label="Views of the reconciliation" value={views.current ?? "all"}
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

/** What unfolds below a row that waits for a decision, or that has one. */
function useDetail(row: ReconRow | undefined, decisions: ReturnType<typeof useDecisions>) {
  const { closed, accept, ask } = decisions;
  return {
    key: row?.decidable === true ? row.key : null,
    render: (one: ReconRow) => (
      <ProofRow
        row={one} closed={closed} onAccept={accept} onReason={() => ask("reason")}
        onNote={() => ask("note")}
      />
    ),
  };
}

function Dialogs({ of, data }: {
  of: ReturnType<typeof useDecisions>; data: ReconciliationView | undefined;
}) {
  return (
    <>
      {of.asked !== null && data !== undefined && (
        <ReasonDialog {...of.asked} view={data} onClose={() => of.setAsked(null)} />
      )}
      {of.decision !== null && (
        <DecisionDialog decision={of.decision} onClose={() => of.setDecision(null)} />
      )}
    </>
  );
}

export function Screen() {
  const { data: app } = useReply("app_state", {});
  const [data, setData] = useState<ReconciliationView>();
  const [row, setRow] = useState<ReconRow>();
  const opened = useOpenRecord();
  const grid = useViewInAddress(HIDDEN);
  const place = useListPlace();
  const open = useOpenIn();
  const rail = useRail();
  const save = useOwnedFields();
  const source = useSource();
  const decisions = useDecisions(row);
  const detail = useDetail(row, decisions);
  useCommands([command("edit.find_in_list", () => opened.handle.current?.find())]);
  const people = data?.people;
  const year = yearStart(app);
  const columns = useMemo(
    () => reconColumns({ people: people ?? [], year, save }),
    [people, year, save],
  );
  const onOpen = (opening: RowOpening<ReconRow>) => {
    if (opening.key === opened.key) opened.close();
    else opened.onOpen({ key: opening.key, peek: true });
  };
  return (
    <div className={styles.split}>
      <div className="page">
        <Head
          data={data} grid={grid} toggleRail={rail.toggle}
          tools={
            <div className={own.tools}>
              <AddFilter columns={columns} {...grid} />
              <GridTools columns={columns} {...grid} />
            </div>
          }
        />
        {data !== undefined && <Incomplete reading={data.grid.reading} />}
        <div className={styles.panel}>
          <DataGrid
            label="Reconciliation worklist" noun={NOUN} source={source} columns={columns} {...grid}
            {...place} keyOf={keyOf} current={opened.key} sumColumn="difference" sumsAt="difference"
            folded={isAgreed} nothing={NOTHING} onReply={setData} handle={opened.handle}
            onPlace={opened.onPlace} onSource={(one) => open(booksOf(one.links))} onOpen={onOpen}
            tight toneOf={toneOf} onCurrent={setRow} detail={detail}
            {...(opened.key === null ? {} : { onClose: opened.close })}
          />
        </div>
      </div>
      <Rail isOpen={rail.isOpen} />
      <Dialogs of={decisions} data={data} />
    </div>
  );
}
