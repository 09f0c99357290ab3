import type { Amount, Proof, ReadingView, Status, Target } from "../../api/types";
import type { AgingView, BridgeView, TrendView } from "../../components/charts/preview";
import type { Phrase } from "../../components/phrase/preview";

/** Params of `overview`: the scope and the range that the bridge covers, ending with as-of. */
export type Range = "month" | "quarter" | "year";

export interface OverviewView {
  range: Range;
  /** "1 Apr to 30 Jun 2026, USD" and the closing rates where something is translated. */
  note: string;
  /** The conclusion, first on the screen. */
  claim: Phrase;
  /** `null` while nothing was sold in the range; then `empty` says so. */
  bridge: BridgeView | null;
  empty: string;
  /** What no figure of the bridge contains: "14 won deals in GBP and EUR belong to no connected
   *  company." Empty where nothing is left out. */
  left_out: { sentence: string; target: Target | null }[];
  /** By urgency, then money, then age. At most 8; `decisions_more` counts the rest. */
  decisions: Decision[];
  decisions_more: number;
  aging: AgingView;
  tie_outs: TieOutsView;
  /** `null` before two month ends are known. */
  dso: TrendView | null;
  /** "11 of 13 totals proved", ready; the list behind it is Activity. */
  completeness: { sentence: string; proved: number; of: number; complete: boolean };
  reading: ReadingView;
}

export interface Decision {
  id: string;
  status: Status;
  /** Account, workpaper or feed. */
  name: string;
  /** Why it waits: "Blocked: AQ-EDGE-AI has no item in QuickBooks". */
  reason: string;
  amount: Amount | null;
  /** "18 d", "21 min": ready, running things relative. */
  age: string;
  target: Target;
}

export interface TieOutsView {
  /** "Tie-outs, June". */
  title: string;
  /** "source less ours, USD". */
  note: string;
  columns: { ledger: string; label: string; workpaper: Status; target: Target }[];
  /** T1 … T5, one cell per column in the same order. */
  rows: { id: string; name: string; cells: TieOutCell[] }[];
}

export interface TieOutCell {
  /** `null` where the source could not be asked; then `status` says why. */
  difference: Amount | null;
  status: Status;
  /** E and the like, printed in place of the glyph; only if the check ran. */
  marks: string[];
  proof: Proof;
  target: Target;
}

declare module "../../api/types" {
  interface Params {
    overview: { scope: Scope; range: Range };
  }
  interface Reply {
    overview: OverviewView;
  }
}
