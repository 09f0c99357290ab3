import {
  defaultRangeExtractor,
  observeElementRect,
  useVirtualizer,
  type Range,
} from "@tanstack/react-virtual";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";

import type { CommandName, GridGroup } from "../../api/types";
import { useRootAttribute } from "../money/money";
import type { Column } from "./columns";
import { followed, lineOf } from "./focus";
import { layoutOf, type Layout } from "./layout";
import { offsetsFor, usePages, type GridSource, type Pages } from "./pages";
import { useGridState } from "./state";
import type { Density, GridView } from "./view";

const ROW_PX: Record<Density, number> = { compact: 24, standard: 28, comfortable: 36 };
const GROUP_PX = 31;
const SUBTOTAL_PX = 33;
const DETAIL_PX = 52;
export const HEAD_PX = 32;
const TOTAL_PX = 34;
const SINGLE_TOTAL_PX = 40;
const OVERSCAN_LINES = 16;
/** A window that is not laid out yet gets a first guess, so that rows are there at first paint. */
const FIRST_GUESS = { width: 1024, height: 640 };

export type GridCore<R> = {
  pages: Pages<R>;
  layout: Layout;
  /** Skeleton lines stand in for a total that is not known yet. */
  waiting: boolean;
};

function useLayout<R>(
  pages: Pages<R>,
  view: GridView,
  folded: (group: GridGroup) => boolean,
  detail: number | null,
) {
  const { head } = pages;
  // Pages carry the same groups again; only a different list is a different layout.
  const groups = JSON.stringify(head?.groups ?? []);
  const total = head?.total ?? 0;
  const totals = head?.totals.length ?? 0;
  return useMemo(() => {
    const list = JSON.parse(groups) as GridGroup[];
    const closed = view.collapsed ?? list.filter(folded).map((group) => group.key);
    const collapsed = new Set(closed);
    return {
      groups: list,
      collapsed,
      layout: layoutOf({ total, groups: list, collapsed, detail, totals }),
    };
  }, [groups, total, totals, detail, view.collapsed, folded]);
}

export function useDensity(view: GridView): Density {
  const root = useRootAttribute("data-density");
  const preferred = root === "compact" || root === "comfortable" ? root : "standard";
  return view.density ?? preferred;
}

export type GridSetup<C extends CommandName, R> = {
  source: GridSource<C, R>;
  columns: readonly Column<R>[];
  view: GridView;
  keyOf: (row: R) => string;
  folded: (group: GridGroup) => boolean;
  /** Key of the row that is unfolded. */
  detailKey: string | null;
  /** Position that an address brings back. */
  at: number;
};

function useLines(layout: Layout, rowPx: number, focusLine: number) {
  const scroller = useRef<HTMLDivElement>(null);
  const footPx = layout.totals === 1 ? SINGLE_TOTAL_PX : layout.totals * TOTAL_PX;
  const sizeOf = useCallback(
    (line: number) => {
      const { kind } = layout.at(line);
      if (kind === "row") return rowPx;
      return kind === "group" ? GROUP_PX : kind === "subtotal" ? SUBTOTAL_PX : DETAIL_PX;
    },
    [layout, rowPx],
  );
  // A new identity makes the virtualizer lay the lines out again within the same drawing.
  const getItemKey = useCallback(
    (line: number) => {
      const at = layout.at(line);
      return at.kind === "detail" ? `detail ${at.position}` : line;
    },
    [layout, rowPx],
  );
  const rangeExtractor = useCallback(
    (range: Range) => {
      const seen = defaultRangeExtractor(range);
      const keeps = focusLine >= 0 && focusLine < range.count && !seen.includes(focusLine);
      return keeps ? [...seen, focusLine].sort((a, b) => a - b) : seen;
    },
    [focusLine],
  );
  const virtual = useVirtualizer({
    count: layout.lines,
    getScrollElement: () => scroller.current,
    estimateSize: sizeOf,
    getItemKey,
    rangeExtractor,
    overscan: OVERSCAN_LINES,
    initialRect: FIRST_GUESS,
    scrollPaddingEnd: HEAD_PX + footPx,
    observeElementRect: (instance, report) =>
      observeElementRect(instance, (rect) => report(rect.height === 0 ? FIRST_GUESS : rect)),
  });
  return { scroller, virtual };
}

export function useGrid<C extends CommandName, R>(setup: GridSetup<C, R>) {
  const { source, columns, view, keyOf, folded, detailKey, at } = setup;
  const [wanted, setWanted] = useState({ first: at, last: at });
  const { state, act, put } = useGridState<R>(at, columns[0]?.id ?? "");
  const question = useMemo(
    () => ({ sort: [...view.sort], filters: [...view.filters], text: view.text }),
    [view.sort, view.filters, view.text],
  );
  const { target } = state.focus;
  const kept = target.kind === "row" ? target.position : null;
  const pages = usePages(source, question, wanted, kept);
  const detail = detailKey === null ? null : pages.find((row) => keyOf(row) === detailKey);
  const { layout, groups, collapsed } = useLayout(pages, view, folded, detail);
  const density = useDensity(view);
  const focusLine = lineOf(state.focus, layout);
  const { scroller, virtual } = useLines(layout, ROW_PX[density], focusLine);
  const items = virtual.getVirtualItems();

  useEffect(() => {
    const seen = items.flatMap(({ index }) => {
      const line = layout.at(index);
      return "position" in line && index !== focusLine ? [line.position] : [];
    });
    const [first, last] = [seen[0], seen.at(-1)];
    if (first === undefined || last === undefined) return;
    const total = pages.head?.total ?? null;
    const same = (a: number[], b: number[]) => a.join() === b.join();
    const now = offsetsFor(wanted.first, wanted.last, total);
    if (!same(now, offsetsFor(first, last, total))) setWanted({ first, last });
  });

  useEffect(() => {
    if (pages.behind || pages.head === null) return;
    const keyAt = (position: number) => {
      const row = pages.rowAt(position);
      return row === undefined ? null : keyOf(row);
    };
    const find = (key: string) => pages.find((row) => keyOf(row) === key);
    const next = followed(state.focus, pages.head.total, keyAt, find);
    if (next !== state.focus) put(next, state.anchor !== null);
  });

  return {
    pages,
    layout,
    groups,
    collapsed,
    density,
    focusLine,
    scroller,
    virtual,
    items,
    state,
    act,
    put,
  };
}

export type Grid<R> = ReturnType<typeof useGrid<CommandName, R>>;
