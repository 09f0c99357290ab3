import type { Amount, Proof, Target } from "../../api/types";

/** A whole number of thousandths of an axis, made in Rust. It is a position, no money. */
export type Share = string | number;

/** Difference by reason: bars from a zero line in both directions, sorted by size, footed. */
export interface ReasonsView {
  title: string;
  note: string;
  /** Where the zero line stands, so that the longest bar of each side fits. */
  zero: Share;
  rows: ReasonRow[];
  total: { label: string; amount: Amount; proof: Proof; marks: string[] };
}

export interface ReasonRow {
  id: string;
  label: string;
  amount: Amount;
  from: Share;
  to: Share;
  target: Target | null;
}
