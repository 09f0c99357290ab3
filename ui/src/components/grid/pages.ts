import { useQueries, useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import { useEffect, useRef } from "react";

import type { CommandName, FailureView, GridPage, GridQuery, Params, Reply } from "../../api/types";
import { usePlatform } from "../../platform/context";

/** One page is a few screens, so that a wheel never outruns the page after it. */
export const PAGE_ROWS = 200;
/** Pages kept in memory; the one that was not looked at for longest goes first. */
export const PAGES_KEPT_MAX = 12;
/** Pages of an earlier question are let go after this; asking again costs a few milliseconds. */
const PAGE_KEPT_MS = 5_000;

export type Question = Omit<GridQuery, "offset" | "limit">;

export type GridSource<C extends CommandName, R> = {
  command: C;
  params: (query: GridQuery) => Params[C];
  /** null: this answer holds another list. */
  page: (reply: Reply[C]) => GridPage<R> | null;
};

export type Pages<R, A = unknown> = {
  /** The newest answer as it came, for what a screen shows besides the rows. */
  answer: A | undefined;
  /** Counts, groups and totals; null until the first answer. */
  head: GridPage<R> | null;
  rowAt: (position: number) => R | undefined;
  /** Position of the first loaded row that fits; null where none is loaded. */
  find: (fits: (row: R) => boolean) => number | null;
  failure: FailureView | null;
  /** What is shown answers the question before. */
  behind: boolean;
  retry: () => void;
  /** Loads what is missing, for a copy of rows that are not in the window. */
  load: (from: number, to: number) => Promise<R[]>;
};

type Known<R> = { question: string; pages: Map<number, GridPage<R>> };

const pageOf = (position: number) => Math.floor(position / PAGE_ROWS) * PAGE_ROWS;

/** The page offsets that a stretch of positions needs, with a neighbour on either side. */
export function offsetsFor(first: number, last: number, total: number | null): number[] {
  const from = Math.max(0, Math.floor(first / PAGE_ROWS) - 1);
  const to = Math.floor(Math.max(first, last) / PAGE_ROWS) + 1;
  const end = total === null ? Math.floor(first / PAGE_ROWS) : Math.ceil(total / PAGE_ROWS) - 1;
  const start = total === null ? end : from;
  const count = Math.max(1, Math.min(to, Math.max(end, 0)) - start + 1);
  return Array.from({ length: count }, (_, at) => (start + at) * PAGE_ROWS);
}

/** Drops the pages that were asked for longest ago. Returns the offsets that were dropped. */
export function dropOldest<V>(pages: Map<number, V>, wanted: readonly number[]): number[] {
  const dropped: number[] = [];
  for (const offset of pages.keys()) {
    if (pages.size <= PAGES_KEPT_MAX) break;
    if (wanted.includes(offset)) continue;
    pages.delete(offset);
    dropped.push(offset);
  }
  return dropped;
}

function useKnown<R>(
  question: string,
  offsets: readonly number[],
  answers: readonly (GridPage<R> | undefined)[],
): { known: Known<R>; behind: boolean } {
  const kept = useRef<Known<R>>({ question, pages: new Map() });
  const answered = answers.some((page) => page !== undefined);
  if (kept.current.question !== question && answered) {
    kept.current = { question, pages: new Map() };
  }
  const behind = kept.current.question !== question;
  if (!behind) {
    offsets.forEach((offset, at) => {
      const page = answers[at];
      if (page === undefined) return;
      // Set anew, so that the order of the map is the order of use.
      kept.current.pages.delete(offset);
      kept.current.pages.set(offset, page);
    });
  }
  return { known: kept.current, behind };
}

export function usePages<C extends CommandName, R>(
  source: GridSource<C, R>,
  question: Question,
  range: { first: number; last: number },
  /** Position that keeps its row although it is out of the window: the one in focus. */
  kept: number | null,
): Pages<R, Reply[C]> {
  const platform = usePlatform();
  const client = useQueryClient();
  const total = useRef<number | null>(null);
  const paramsAt = (offset: number) => source.params({ ...question, offset, limit: PAGE_ROWS });
  const queryAt = (offset: number) => ({
    queryKey: [source.command, paramsAt(offset)],
    queryFn: () => platform.call(source.command, paramsAt(offset)),
    gcTime: PAGE_KEPT_MS,
  });
  const identity = JSON.stringify([source.command, paramsAt(0)]);
  const asked = useRef(identity);
  if (asked.current !== identity) {
    asked.current = identity;
    total.current = null;
  }
  const seen = offsetsFor(range.first, range.last, total.current);
  const keeps = kept !== null && kept < (total.current ?? 0) ? [pageOf(kept)] : [];
  const offsets = [...new Set([...seen, ...keeps])];
  const results = useQueries({
    queries: offsets.map(queryAt),
  }) as UseQueryResult<Reply[C], FailureView>[];
  const answers = results.map((result) =>
    result.data === undefined ? undefined : (source.page(result.data) ?? undefined),
  );
  const { known, behind } = useKnown(identity, offsets, answers);
  const head = [...known.pages.values()].at(-1) ?? null;
  if (!behind && head !== null) total.current = head.total;

  useEffect(() => {
    for (const offset of dropOldest(known.pages, offsets)) {
      client.removeQueries({ queryKey: [source.command, paramsAt(offset)], exact: true });
    }
  });

  return {
    answer: results.find((result) => result.data !== undefined)?.data,
    head,
    behind: behind && head !== null,
    failure: results.find((result) => result.error !== null)?.error ?? null,
    rowAt: (position) => {
      const offset = pageOf(position);
      return known.pages.get(offset)?.rows[position - offset];
    },
    find: (fits) => {
      for (const [offset, { rows }] of known.pages) {
        const at = rows.findIndex(fits);
        if (at >= 0) return offset + at;
      }
      return null;
    },
    retry: () => results.forEach((result) => void result.refetch()),
    load: async (from, to) => {
      const rows: R[] = [];
      for (let offset = pageOf(from); offset <= to; offset += PAGE_ROWS) {
        const reply = await client.fetchQuery(queryAt(offset));
        const page = source.page(reply)?.rows ?? [];
        rows.push(...page.slice(Math.max(0, from - offset), to - offset + 1));
      }
      return rows;
    },
  };
}
