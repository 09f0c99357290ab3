import { useEffect, useState } from "react";

import type { Column } from "./columns";
import { counted, type Noun } from "./selection";
import type { Grid } from "./use_grid";
import type { GridView } from "./view";

/** Readers hear what changed once it has settled. */
const SAID_AFTER_MS = 500;

function sortWords<R>(columns: readonly Column<R>[], view: GridView): string {
  const keys = view.sort.map(({ column, descending }) => {
    const header = columns.find(({ id }) => id === column)?.header ?? column;
    return `${header}, ${descending ? "descending" : "ascending"}`;
  });
  return keys.length === 0 ? "" : `sorted by ${keys.join(", then ")}`;
}

/** What the polite region says: how many records, in which order. */
export function useSaid<R>(
  grid: Grid<R>,
  columns: readonly Column<R>[],
  view: GridView,
  noun: Noun,
): string {
  const { head, behind } = grid.pages;
  const count = head === null ? "" : counted(head.total, noun);
  const filtered =
    head !== null && head.total < head.unfiltered
      ? ` of ${head.unfiltered.toLocaleString("en-US")}, filtered`
      : "";
  const order = sortWords(columns, view);
  const words = [`${count}${filtered}`, order].filter((part) => part !== "").join(", ");
  const [said, setSaid] = useState("");
  useEffect(() => {
    if (behind) return;
    const timer = setTimeout(() => setSaid(words), SAID_AFTER_MS);
    return () => clearTimeout(timer);
  }, [words, behind]);
  return said;
}
