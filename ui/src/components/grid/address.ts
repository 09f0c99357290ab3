import { useCallback, useMemo, useRef } from "react";

import { useAddress } from "../../frame/address";
import { NAMES, searchOf, viewOf, type GridView } from "./view";

const PARTS = Object.keys(NAMES) as (keyof typeof NAMES)[];

/**
 * The view of the grid of this screen, kept in the address. A sort, a filter or a group is a step
 * that Back undoes; a column that is dragged wider is not.
 */
export function useViewInAddress(plain: Partial<GridView> = {}) {
  const { search, patch } = useAddress();
  const defaults = useRef(plain);
  const parts = PARTS.map((part) => search[part] ?? "").join("\n");
  const view = useMemo(() => {
    const read = viewOf(Object.fromEntries(PARTS.map((part) => [part, search[part]])));
    const sort = search["sort"] === undefined ? (defaults.current.sort ?? []) : read.sort;
    return { ...read, sort, hidden: search["hide"] === undefined ? (defaults.current.hidden ?? []) : read.hidden };
    // The parts stand for the search: other entries of the address do not make a new view.
  }, [parts]);
  const onView = useCallback(
    (next: GridView) => {
      const before = searchOf(view);
      const after = searchOf(next);
      const push = after.sort !== before.sort || after.filter !== before.filter;
      patch(after, { push });
    },
    [patch, view],
  );
  return { view, onView };
}
