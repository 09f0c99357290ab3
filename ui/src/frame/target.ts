import { useCallback } from "react";

import type { Target } from "../api/types";
import type { Address } from "../router";
import { useGo, type Changes } from "./address";
import { SYSTEM, WORK } from "./places";

/** Path and search of a place that the program named. */
export function addressOf(target: Target): { path: string; view: Changes } {
  const place = [...WORK, ...SYSTEM].find((one) => one.name === target.screen);
  const view: Changes = { view: target.view, record: target.record };
  if (target.ledger !== null) {
    view["ledger"] = target.ledger;
  }
  if (target.as_of !== null) {
    view["as_of"] = target.as_of;
  }
  return { path: place?.path ?? "/overview", view };
}

/** For links: the search text of the target on top of the scope in force. */
export function searchOf(target: Target, scope: Address): Address {
  const { view } = addressOf(target);
  const kept = Object.entries({ ...scope, ...view }).filter(
    (pair): pair is [string, string] => typeof pair[1] === "string" && pair[1] !== "",
  );
  return Object.fromEntries(kept);
}

export function useOpenTarget(): (target: Target) => void {
  const go = useGo();
  return useCallback(
    (target) => {
      const { path, view } = addressOf(target);
      go(path, view);
    },
    [go],
  );
}
