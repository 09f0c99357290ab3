import { useCallback, useMemo } from "react";

import { useAddress } from "../../frame/address";
import { NAMES, searchOf, viewOf, type GridView } from "./view";

const PARTS = Object.keys(NAMES) as (keyof typeof NAMES)[];

const NONE_HIDDEN = "none";

/**
 * The view of the grid of this screen, kept in the address. A sort, a filter or a group is a step
 * that Back undoes; a column that is dragged wider is not. `hidden` names the columns that are out
 * of sight until a person asks for them.
 */
export function useViewInAddress(hidden: readonly string[] = []) {
  const { search, patch } = useAddress();
  const parts = PARTS.map((part) => search[part] ?? "").join("\n");
  const usual = hidden.join("\n");
  const view = useMemo((): GridView => {
    const read = viewOf(Object.fromEntries(PARTS.map((part) => [part, search[part]])));
    const chosen = search["hide"] ?? "";
    if (chosen === NONE_HIDDEN) return { ...read, hidden: [] };
    return chosen === "" ? { ...read, hidden: usual === "" ? [] : usual.split("\n") } : read;
    // The parts stand for the search: other entries of the address do not make a new view.
  }, [parts, usual]);
  const onView = useCallback(
    (next: GridView) => {
      const before = searchOf(view);
      const after = searchOf(next);
      const push = after.sort !== before.sort || after.filter !== before.filter;
      const isUsual = next.hidden.join("\n") === usual;
      const hide = isUsual ? "" : next.hidden.length === 0 ? NONE_HIDDEN : after.hide;
      patch({ ...after, hide }, { push });
    },
    [patch, view, usual],
  );
  return { view, onView };
}
