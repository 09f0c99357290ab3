import type { Amount, Fact, Proof, ReadingView, Status, Target } from "../../api/types";
import type { BridgeView } from "../../components/charts/preview";
import type { Phrase } from "../../components/phrase/preview";

/** Reply of `workpaper(scope)`; the scope names one company. Signing arrives later. */
export interface WorkpaperView {
  ledger: string;
  /** "Receivables workpaper, June 2026". */
  title: string;
  /** Entity, books, basis, workpaper, version. */
  meta: Fact[];
  status: Status;
  conclusion: Phrase;
  tie_outs: WorkpaperTieOut[];
  results: WorkpaperResults;
  roll_forward: MovementTable;
  /** Backlog from opening to closing: the table of T5, and its picture where it can be drawn. */
  backlog: MovementTable;
  backlog_bridge: BridgeView | null;
  /** Small differences within the limit: sentence with the share of materiality. */
  tolerated: Phrase;
  /** Sections of the export with their counts. */
  contents: { id: string; title: string; count: number | null; target: Target | null }[];
  /** What one version says against another: filled when known-at was set back. */
  changes: ChangesView | null;
  verify: { sentence: string; hash: string };
  reading: ReadingView;
}

/** One tie-out; T2 has several lines. */
export interface WorkpaperTieOut {
  id: string;
  name: string;
  lines: TieOutLine[];
  marks: string[];
  /** "09:30". */
  read: string;
  /** Explanations under the lines: "[E] JE-0619, 19 Jun: …". */
  explained: { mark: string; sentence: Phrase }[];
}

export interface TieOutLine {
  /** "QuickBooks invoices". */
  source_name: string;
  /** "13 deals", "aging"; empty where nothing is counted. */
  source_count: string;
  source: Amount | null;
  held_count: string;
  held: Amount;
  difference: Amount | null;
  status: Status;
}

export interface WorkpaperResults {
  rows: {
    id: string;
    label: string;
    deals: number;
    net: Amount;
    absolute: Amount;
    target: Target;
  }[];
  total: { deals: number; net: Amount; absolute: Amount; proof: Proof; marks: string[] };
}

export interface MovementTable {
  title: string;
  head: string;
  currency: string;
  rows: { label: string; mark: string; amount: Amount }[];
  total: { label: string; marks: string[]; amount: Amount; proof: Proof };
}

export interface ChangesView {
  /** "3 records, seen 09:30". */
  note: string;
  rows: ChangeRow[];
  before: { label: string; amount: Amount };
  change: { label: string; amount: Amount };
  after: { label: string; amount: Amount; proof: Proof; marks: string[] };
}

export interface ChangeRow {
  id: string;
  what: string;
  account: string;
  document: string;
  target: Target | null;
  effect: Amount;
  field: string;
  before: Amount;
  after: Amount;
  dated: string;
  made: string;
}

/** Params of `export_report(scope, what, format, paper)`. Rust opens the native dialog. `what` is
 *  `workpaper` here. The reply says where the file lies, or that the person closed the dialog. */
export type ExportReply =
  | { kind: "written"; said: string; files: { name: string; hash: string; unproved: number }[] }
  | { kind: "closed" };

/** What checking an exported file against the audit trail found. */
export type VerifyReply =
  | { kind: "verified"; said: string; hash: string }
  | { kind: "refused"; said: string; next_step: string }
  | { kind: "closed" };

declare module "../../api/types" {
  interface Params {
    workpaper: { scope: Scope };
    export_report: {
      scope: Scope;
      what: string;
      format: "pdf" | "xlsx" | "csv";
      paper: "a4" | "letter";
    };
    /** Opens a native dialog for the file to check. */
    verify: Record<string, never>;
  }
  interface Reply {
    workpaper: WorkpaperView;
    export_report: ExportReply;
    verify: VerifyReply;
  }
}
