import type { FailureView, GridPage, Proof } from "../../api/types";
import type { Phrase, Status } from "../../components/phrase/preview";
import type { OpenIn } from "../receivables/preview";

export type DealsTab = "unpaid" | "not_invoiced" | "blocked" | "all" | "excluded";

export interface DealGridRow {
  /** Id of the Opportunity. */
  key: string;
  /** "D-1027". */
  reference: string;
  /** Without the legal form. */
  account: string;
  name: string;
  closed: string;
  age_days: number;
  currency: string;
  /** Net of tax; the other three incl. tax. null: unknown. */
  not_invoiced: string | null;
  not_due: string | null;
  part_paid: string | null;
  overdue: string | null;
  /** Reason that takes the place of the three invoice columns. */
  why: string | null;
  contract: string | null;
  status: Status;
  disputed: boolean;
  links: OpenIn[];
}

export interface DealsView {
  sentence: Phrase;
  counts: Record<DealsTab, number>;
  grid: GridPage<DealGridRow>;
}

export interface GateWord {
  passed: boolean;
  word: string;
  /** What is wrong and what helps, for a failing gate. */
  detail: string | null;
}

export interface TimelineEvent {
  /** Ready text: "6 May 16:02", "16:14". */
  when: string;
  glyph: string;
  tone: string;
  sentence: Phrase;
  second: Phrase | null;
  amount: string | null;
  gates: GateWord[];
  /** Shown once the rest is opened. */
  minor: boolean;
}

export interface EvidenceView {
  title: string;
  /** "tier 0, certain". */
  tier: string;
  /** Names of the two systems. */
  crm: string;
  books: string;
  rows: { field: string; crm: string; books: string; result: string; id: boolean }[];
  tolerance: string | null;
  /** Each with why it lost. */
  rivals: string[];
  /** Additive points of a scored match. */
  score: { field: string; points: string }[];
  /** "Rule R0 v3". */
  rule: string;
  /** Document of the link, for unlink. */
  document: string | null;
}

export interface DealView {
  opportunity: string;
  reference: string;
  name: string;
  /** With the legal form. */
  account: string;
  status: Status;
  currency: string;
  links: OpenIn[];
  resync: { hint: string; closed: string | null };
  /** Whether an invoice may be proposed; `closed` says why not. null: not for this deal. */
  create: { closed: string | null } | null;
  figures: { label: string; amount: string | null; strong: boolean }[];
  events: TimelineEvent[];
  evidence: EvidenceView[];
  reasons: { status: Status; amount: string; note: string; owner: string; target: string | null }[];
  excluded: { reason: string; by: string } | null;
}

export interface ResyncView {
  changed: boolean;
  /** "Nothing changed since 09:30." */
  sentence: string;
  changes: { field: string; system: string; before: string; after: string }[];
  failure: FailureView | null;
}

export interface InvoiceProposal {
  /** "Create one invoice in QuickBooks?" */
  title: string;
  body: string;
  customer: string;
  customer_id: string;
  /** "Test cell instrumentation, second milestone of 18 Jun". */
  purpose: string;
  dated: string;
  due: string;
  currency: string;
  lines: { item: string; amount: string }[];
  net: string;
  tax_label: string;
  /** null: the books compute it. */
  tax: string | null;
  total: { amount: string; proof: Proof };
  warnings: { tone: string; glyph: string; text: string }[];
  key: string;
  /** "Create this invoice". */
  button: string;
}

export interface CreateView {
  /** Before the confirmation. */
  proposal: InvoiceProposal | null;
  /** After it: what happened, in words. */
  outcome: { status: Status; sentence: string } | null;
}

declare module "../../api/types" {
  interface Params {
    deals: { scope: Scope; view: DealsTab; query: GridQuery };
    deal: { scope: Scope; opportunity: string };
    resync_deal: { opportunity: string };
    create_invoice: { opportunity: string; confirm: boolean };
    exclude_deal: { scope: Scope; opportunity: string; reason: string };
    include_deal: { scope: Scope; opportunity: string };
    link: { scope: Scope; opportunity: string; document: string; reason: string };
    unlink: { scope: Scope; opportunity: string; document: string; reason: string };
    link_candidates: { scope: Scope; opportunity: string };
  }
  interface Reply {
    deals: DealsView;
    deal: DealView;
    resync_deal: ResyncView;
    create_invoice: CreateView;
    exclude_deal: Receipt;
    include_deal: Receipt;
    link: Receipt;
    unlink: Receipt;
    link_candidates: {
      candidates: { document: string; number: string; account: string; dated: string; net: string; currency: string; why: string }[];
    };
  }
}
