import { useMemo } from "react";

import type { AppState, Scope } from "../api/types";
import { useReply } from "../platform/reply";
import { useAddress } from "./address";

/** Company, date and knowledge that every figure on the screen belongs to. */
export function useScope(): Scope {
  const { search } = useAddress();
  const { data: app } = useReply("app_state", {});
  const ledger = search["ledger"] ?? ledgerOf(app);
  const as_of = search["as_of"] ?? app?.as_of ?? "";
  const known_at = search["known_at"] ?? null;
  return useMemo(() => ({ ledger, as_of, known_at }), [ledger, as_of, known_at]);
}

/** Why nothing can be written from this window now; `null` when it can. */
export function useClosed(): string | null {
  const { known_at } = useScope();
  const { data: app } = useReply("app_state", {});
  if (known_at !== null) {
    return "Nothing can be changed while you look back.";
  }
  return app?.read_only ?? null;
}

/** Of several companies a window begins with the first; the only one needs no name. */
export function ledgerOf(app: AppState | undefined): string | null {
  const [first, second] = app?.ledgers ?? [];
  return first === undefined || second === undefined ? null : first.id;
}

/** First day of the year in which dates are shown without their year. */
export function yearStart(app: AppState | undefined): string {
  return app === undefined || app.as_of === "" ? "" : `${app.as_of.slice(0, 4)}-01-01`;
}
