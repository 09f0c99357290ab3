import type { GridPage, Proof } from "../../api/types";
import type { ReasonsView } from "../../components/charts/preview";
import type { Phrase, Status } from "../../components/phrase/preview";
import type { OpenIn } from "../receivables/preview";

/** A proposal, as arithmetic: 12,600.00 expected less 0.00 billed less … leaves 0.00. */
export interface ProposalProof {
  sentence: Phrase;
  terms: { amount: string; label: string }[];
  leaves: string;
  proof: Proof;
}

export interface ReconRow {
  /** Id of the Opportunity. */
  key: string;
  account: string;
  name: string;
  /** null: the amount of the deal is unknown. */
  expected: string | null;
  billed: string | null;
  difference: string | null;
  currency: string;
  /** "Cut-off?" while it is only proposed. */
  reason: Status;
  /** Code of the proposal that A accepts; null without one. */
  proposed: string | null;
  owner: string;
  note: string;
  age_days: number | null;
  target: string | null;
  /** What unfolds below the row; null where there is nothing to decide or tell. */
  proof: ProposalProof | null;
  /** A person may give this row a reason, an owner, a note, a target. */
  decidable: boolean;
  /** Documents linked to the deal, for unlink. */
  documents: { document: string; number: string }[];
  links: OpenIn[];
}

export interface ReconciliationView {
  sentence: Phrase;
  /** `look`: total, limit, step, bad, unsure. */
  verdicts: { key: string; label: string; count: number; look: string }[];
  grid: GridPage<ReconRow>;
  /** Codes and names that a person may choose. */
  reasons: { code: string; label: string }[];
  people: string[];
}

export interface WhatIfView {
  ledger: string;
  currency: string;
  limit: string;
  /** "AQ-US, or 0.5% if larger". */
  note: string;
  /** The stops of the slider, as decimal text, ascending. */
  stops: string[];
  /** "250.00 USD, 10 flagged". */
  said: string;
  rows: { limit: string; items: number; net: string; absolute: string; current: boolean }[];
  /** What is flagged at every limit. */
  always: string;
  small: { label: string; net: string; absolute: string; materiality: string; status: Status };
  by_reason: ReasonsView;
}

declare module "../../api/types" {
  interface Params {
    reconciliation: { scope: Scope; query: GridQuery };
    what_if: { scope: Scope; limit: string | null };
    accept_reason: { scope: Scope; opportunity: string; code: string };
    give_reason: {
      scope: Scope;
      opportunity: string;
      code: string | null;
      owner: string | null;
      note: string | null;
      target: string | null;
    };
  }
  interface Reply {
    reconciliation: ReconciliationView;
    what_if: WhatIfView;
    accept_reason: Receipt;
    give_reason: Receipt;
  }
}
