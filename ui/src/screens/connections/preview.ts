import type { Amount, Fact, Proof, Receipt, Status, Target } from "../../api/types";
import type { Share } from "../../components/charts/preview";
import type { Phrase, ProvedAmount } from "../../components/phrase/preview";

/** Reply of `connections()`. */
export interface ConnectionsView {
  connections: Connection[];
  /** "Reads only. Nothing is written until you switch it on." or what is on. */
  note: string;
}

export interface Connection {
  name: string;
  brand: "salesforce" | "quickbooks";
  /** "QuickBooks Online". */
  brand_name: string;
  /** "Alder Quay Instruments, Inc."; "sandbox" stands in `status`, never here. */
  company: string;
  role: "crm" | "ledger";
  sandbox: boolean;
  /** "AQ-US"; "All" for the CRM. */
  entity: string;
  /** "Connected as p.raman", "Asks for a new sign-in". */
  status: Status;
  /** "Reads 9 objects, writes 12 fields". */
  may: string;
  /** One line each: object or kind of document, what is allowed, and the remedy if it is not. */
  permissions: Permission[];
  /** Ends of the last complete run and of the last run: "09:30". Empty before the first. */
  last_complete: string;
  last_run: string;
  next_run: string;
  calls: CallBudget;
  writing: WritingSwitch;
  /** Org id, app id, sign-in address, connected at: ready lines for the details. No secret. */
  facts: Fact[];
}

export interface Permission {
  what: string;
  reads: boolean;
  writes: boolean;
  /** Why not, in words, and what to do; empty where nothing is missing. */
  remedy: string;
}

export interface CallBudget {
  /** "2,114 of 98,000 today" or "312 today" where the system names no limit. */
  sentence: string;
  /** Used part of the limit, per mille; `null` without a limit. */
  share: Share | null;
}

export interface WritingSwitch {
  on: boolean;
  /** What switching it on allows, in words. */
  sentence: string;
  /** Why it cannot be switched now; `null` when it can. */
  closed: string | null;
}

/** Reply of `set_writing(connection, on, confirm)`. Switching on first answers with a rehearsal;
 *  the same call with `confirm: true` does it. Switching off is done at once. */
export type SetWritingReply =
  { kind: "rehearsal"; rehearsal: RehearsalView } | { kind: "done"; receipt: Receipt };

/** What creating would do with the last three months. Nothing was sent for it. */
export interface RehearsalView {
  connection: string;
  /** "1 Apr to 30 Jun 2026, 34 won deals". */
  period: string;
  /** One sentence that says what will be possible afterwards and what never happens by itself. */
  promise: string;
  /** Fates in words, each with deals and the contract amount per currency; they add up to `won`. */
  fates: { id: string; label: string; deals: number; amounts: Amount[] }[];
  won: { deals: number; amounts: ProvedAmount[] };
  /** Documents that would be created now, with their net. */
  to_create: { documents: number; net: Amount[] };
  /** Gates that stop deals: "AQ-EDGE-AI has no item", 1. */
  gates: { code: string; sentence: string; deals: number }[];
}

/** Reply of `mapping(scope)`. */
export interface MappingView {
  products: ProductMapping;
  customers: CustomerMapping;
  taxes: PlainMapping;
  currencies: PlainMapping;
}

export interface ProductMapping {
  /** Products that still wait, for the tab. */
  open: number;
  /** One per company. */
  coverage: Coverage[];
  companies: { ledger: string; label: string }[];
  rows: ProductRow[];
  /** One per currency that occurs; currencies are never added. */
  totals: ProductTotal[];
}

export interface Coverage {
  label: string;
  /** "9 of 10", ready; `percent` as text: "90%". */
  counted: string;
  percent: string;
  share: Share;
  /** "mapped, 164,250.00 USD blocked" in pieces. */
  sentence: Phrase;
}

export interface ProductRow {
  id: string;
  code: string;
  name: string;
  /** One per company, in the order of `companies`. */
  items: { code: string | null; status: Status | null }[];
  won: Amount[];
  blocked: Amount[];
  /** Open opportunities that carry the product; `null` where they are not read. */
  at_risk: Amount[] | null;
  detail: ProductDetail;
}

export interface ProductTotal {
  currency: string;
  won: Amount;
  won_proof: Proof;
  blocked: Amount;
  blocked_proof: Proof;
  marks: string[];
}

/** What the rail shows of one product. */
export interface ProductDetail {
  status: Status;
  sentence: string;
  waits: { label: string; note: string; amount: Amount; target: Target }[];
  waits_totals: ProvedAmount[];
  /** How to map it: products are mapped in Salesforce, so this is a remedy with the candidates'
   *  codes to enter, not a button. */
  candidates: { code: string; name: string; evidence: string[] }[];
  remedy: string;
}

export interface CustomerMapping {
  open: number;
  rows: CustomerRow[];
}

export interface CustomerRow {
  account: string;
  name: string;
  /** Id of the company, and its name as printed. */
  ledger: string;
  company: string;
  status: Status;
  /** Linked customers, normally one. */
  links: CustomerLink[];
  /** Suggested matches, best first, each with its evidence and what speaks against it. */
  candidates: CustomerCandidate[];
  /** Money of open deals that waits for the link. */
  at_risk: Amount[];
  target: Target;
}

export interface CustomerLink {
  customer: string;
  name: string;
  /** "certain", "suggested", "by a person". */
  tier: string;
  since: string;
  who: string;
  /** A document was made with it: it can only be replaced, not undone. */
  in_use: boolean;
}

export interface CustomerCandidate {
  customer: string;
  name: string;
  evidence: Evidence[];
}

/** A field with both raw values. */
export interface Evidence {
  field: string;
  crm: string;
  books: string;
  result: Status;
}

/** Currencies and tax codes: a short list, with what to do about an open row. */
export interface PlainMapping {
  open: number;
  rows: {
    id: string;
    name: string;
    company: string;
    maps_to: string;
    status: Status;
    deals: number;
    amounts: Amount[];
    remedy: string;
    target: Target | null;
  }[];
}

declare module "../../api/types" {
  interface Params {
    connections: Record<string, never>;
    mapping: { scope: Scope };
    set_writing: { connection: string; on: boolean; confirm: boolean };
    disconnect: { connection: string };
    /** One customer of the books for an Account, by a person. */
    link_customer: { account: string; ledger: string; customer: string; reason?: string };
    unlink_customer: { account: string; ledger: string; customer: string; reason?: string };
  }
  interface Reply {
    connections: ConnectionsView;
    mapping: MappingView;
    set_writing: SetWritingReply;
    disconnect: Receipt;
    link_customer: Receipt;
    unlink_customer: Receipt;
  }
}
