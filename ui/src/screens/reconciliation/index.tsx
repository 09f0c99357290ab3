import { useMemo, useState } from "react";

import type { GridGroup, ReconRow, ReconciliationView } from "../../api/types";
import { command } from "../../commands/catalog";
import { useCommands } from "../../commands/context";
import {
  AddFilter,
  DataGrid,
  GridTools,
  useViewInAddress,
  type GridSource,
  type RowOpening,
} from "../../components/grid";
import { Incomplete, NothingYet } from "../../components/states/states";
import { useScope, yearStart } from "../../frame/scope";
import { useReply } from "../../platform/reply";
import styles from "../list/list.module.css";
import { booksOf, useOpenIn } from "../list/open_in";
import { useListPlace, useOpenRecord } from "../list/record";
import { HIDDEN, reconColumns } from "./columns";
import { Rail } from "./rail";
import { Dialogs, useDecisions, useDetail, useOwnedFields } from "./decisions";
import { Head } from "./head";
import own from "./reconciliation.module.css";

const NOUN = { one: "deal", many: "deals" };
const SUMMED = ["difference"];
const keyOf = (row: ReconRow) => row.key;
/** Deals that agree need nobody: they are there, but folded. */
const isAgreed = (group: GridGroup) => group.key === "matched";
const TONES: Readonly<Record<string, string>> = { unexplained: "bad", in_tolerance: "soft" };
const toneOf = (group: GridGroup) => TONES[group.key];
/** From this width on there is room for the rail beside the list. */
const WIDE_PX = 1400;

function useRail() {
  // Until a person opens or closes it, the width of the window decides.
  const [isOpen, setOpen] = useState<boolean | null>(null);
  const toggle = () => setOpen((now) => !(now ?? window.innerWidth >= WIDE_PX));
  useCommands([command("view.rail", toggle)]);
  return { isOpen, toggle };
}

function useSource() {
  const scope = useScope();
  return useMemo(
    (): GridSource<"reconciliation", ReconRow> => ({
      command: "reconciliation",
      params: (query) => ({ scope, query }),
      page: (reply) => reply.grid,
    }),
    [scope],
  );
}

const NOTHING = (
  <NothingYet title="Nothing is compared yet">
    The first complete run compares each won deal with what was billed.
  </NothingYet>
);

function useColumns(people: string[] | undefined) {
  const { data: app } = useReply("app_state", {});
  const save = useOwnedFields();
  const year = yearStart(app);
  return useMemo(() => reconColumns({ people: people ?? [], year, save }), [people, year, save]);
}

export function Screen() {
  const [data, setData] = useState<ReconciliationView>();
  const [row, setRow] = useState<ReconRow>();
  const opened = useOpenRecord();
  const grid = useViewInAddress(HIDDEN);
  const place = useListPlace();
  const open = useOpenIn();
  const rail = useRail();
  const source = useSource();
  const decisions = useDecisions(row);
  const detail = useDetail(row, decisions);
  useCommands([command("edit.find_in_list", () => opened.handle.current?.find())]);
  const columns = useColumns(data?.people);
  const onOpen = (opening: RowOpening<ReconRow>) => {
    if (opening.key === opened.key) opened.close();
    else opened.onOpen({ key: opening.key, peek: true });
  };
  return (
    <div className={styles.split}>
      <div className="page">
        <Head
          data={data}
          grid={grid}
          toggleRail={rail.toggle}
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
            label="Reconciliation worklist"
            noun={NOUN}
            source={source}
            columns={columns}
            {...grid}
            {...place}
            keyOf={keyOf}
            current={opened.key}
            sumColumns={SUMMED}
            sumsAt="difference"
            folded={isAgreed}
            nothing={NOTHING}
            onReply={setData}
            handle={opened.handle}
            onPlace={opened.onPlace}
            onSource={(one) => open(booksOf(one.links))}
            onOpen={onOpen}
            tight
            toneOf={toneOf}
            onCurrent={setRow}
            detail={detail}
            {...(opened.key === null ? {} : { onClose: opened.close })}
          />
        </div>
      </div>
      <Rail isOpen={rail.isOpen} />
      <Dialogs of={decisions} data={data} />
    </div>
  );
}
