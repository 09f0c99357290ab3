// What a chart needs. Positions are whole thousandths of the axis (0 … 1000): Rust made them from
// the amounts; the UI multiplies them with pixels and never reads an amount as a number.
import type { Amount, Proof, Target } from "../../api/types";
import type { Phrase } from "../phrase/preview";

export type Share = string | number;

export interface BridgeView {
  /** For the title of the picture and the caption of its table, without amounts. */
  title: string;
  currency: string;
  /** Where zero lies on the axis; "0" unless a level is negative. */
  zero: Share;
  steps: BridgeStep[];
  /** Steps that together are one sentence; `null` where none of them has an amount. */
  bracket: { first: string; last: string; sentence: Phrase } | null;
}

export interface BridgeStep {
  id: string;
  /** At most 16 letters: "Not invoiced". Two words may break in a narrow window. */
  label: string;
  /** Second line: "6 deals"; empty where there is none. */
  note: string;
  /** total: from zero, solid. step: grey. The other three are hatched in their colour. */
  kind: "total" | "step" | "missing" | "blocked" | "unknown";
  amount: Amount;
  /** Lower and upper edge of the bar. */
  low: Share;
  high: Share;
  /** Level on which the dotted connector leaves to the right. */
  level: Share;
  /** The list behind the mark. */
  target: Target | null;
}

export type Bucket = "not_due" | "days_1_30" | "days_31_60" | "days_61_90" | "days_over_90";

export interface AgingView {
  /** "by due date" or "by invoice date". */
  basis: string;
  /** The five buckets in order, with their printed names. */
  buckets: { id: Bucket; label: string }[];
  columns: AgingColumn[];
}

/** One currency of one or more companies. Currencies are never added. */
export interface AgingColumn {
  currency: string;
  /** Share of what is late in words: "54% late"; empty where nothing is open. */
  late: string;
  /** One per bucket, in the order of `buckets`. Shares of the open invoices, together 1000. */
  segments: { bucket: Bucket; amount: Amount; share: Share; target: Target | null }[];
  unapplied: Amount;
  receivable: Amount;
  proof: Proof;
  marks: string[];
}

export interface TrendView {
  title: string;
  /** "AQ-US, month end". */
  note: string;
  /** Stated, because the axis does not begin at zero: "axis from 25 to 65 days". */
  axis: string;
  points: TrendPoint[];
  /** Words after the last two figures: "days", "at best". */
  unit: string;
  best_label: string;
}

export interface TrendPoint {
  label: string;
  /** Full name for the table: "30 Jun 2026". */
  date: string;
  /** Ratio as text with two digits: "54.28"; "n/a" without a denominator. */
  value: string;
  best: string;
  /** Heights; `null` where the figure is n/a, then the line is interrupted. */
  share: Share | null;
  best_share: Share | null;
  target: Target | null;
}

/** Difference by reason: bars from a zero line in both directions, sorted by size, footed. */
export interface ReasonsView {
  title: string;
  note: string;
  /** Where the zero line stands, so that the longest bar of each side fits. */
  zero: Share;
  rows: {
    id: string;
    label: string;
    amount: Amount;
    from: Share;
    to: Share;
    target: Target | null;
  }[];
  total: { label: string; amount: Amount; proof: Proof; marks: string[] };
}
