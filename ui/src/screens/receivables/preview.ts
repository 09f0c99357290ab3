import type { GridPage, Proof } from "../../api/types";
import type { Fact, Phrase, Status } from "../../components/phrase/preview";

export type ReceivablesTab = "accounts" | "invoices" | "unapplied";

/** A system in which a record can be opened: `open_link({ link })`. `link` null: no address. */
export interface OpenIn {
  system: string;
  link: string | null;
}

/** One Account in one currency. */
export interface AccountRow {
  /** Stable over sort, filter and refresh: account and currency. */
  key: string;
  /** What `account(scope, account, currency)` takes. */
  account: string;
  /** Without the legal form. */
  name: string;
  currency: string;
  not_due: string;
  days_1_30: string;
  days_31_60: string;
  days_61_90: string;
  days_over_90: string;
  unapplied: string;
  receivable: string;
  /** "One invoice is disputed"; null without a mark. */
  flag: Status | null;
  links: OpenIn[];
}

export interface InvoiceRow {
  key: string;
  number: string;
  account: string;
  account_key: string;
  deal: string | null;
  dated: string;
  due: string;
  lateness: Status;
  total: string;
  open: string;
  currency: string;
  links: OpenIn[];
}

/** A credit or a payment with something left. */
export interface UnappliedRow {
  key: string;
  kind: string;
  number: string;
  account: string;
  account_key: string;
  dated: string;
  total: string;
  unapplied: string;
  currency: string;
  note: string;
  links: OpenIn[];
}

export interface ReceivablesView {
  /** Under the title. */
  sentence: Phrase;
  counts: { accounts: number; invoices: number; unapplied: number };
  accounts: GridPage<AccountRow> | null;
  invoices: GridPage<InvoiceRow> | null;
  unapplied: GridPage<UnappliedRow> | null;
}

export interface ProvedTotal {
  amount: string;
  proof: Proof;
  marks: string[];
}

export interface AccountView {
  /** "0116". */
  id: string;
  /** With the legal form. */
  name: string;
  currency: string;
  links: OpenIn[];
  /** "30 Jun 2026, as known now". */
  note: string;
  /** `permille` of the bar; together 1000. Bands without an amount are left out. */
  aging: { band: number; label: string; amount: string; permille: number }[];
  /** "Unapplied" below the bands; null when nothing is unapplied. */
  unapplied: string | null;
  receivable: ProvedTotal;
  invoices: {
    note: string;
    rows: {
      number: string;
      dated: string;
      deal: string | null;
      opportunity: string | null;
      lateness: Status;
      open: string;
      /** Total incl. tax where a part is paid. */
      of: string | null;
      links: OpenIn[];
    }[];
    total: ProvedTotal;
  };
  payments: { note: string; rows: { label: string; amount: string }[] };
  credits: { note: string; rows: { label: string; amount: string }[] };
  deals: { note: string; rows: { opportunity: string; name: string; status: Status; open: string }[] };
  salesforce: { note: string; rows: { label: string; text: string | null; amount: string | null; marks: string[] }[] };
  customers: {
    status: Status;
    note: string;
    rows: { id: string; name: string; by: string; links: OpenIn[] }[];
  };
  facts: Fact[];
}

declare module "../../api/types" {
  interface Params {
    receivables: { scope: Scope; tab: ReceivablesTab; query: GridQuery };
    account: { scope: Scope; account: string; currency: string };
    open_link: { link: string };
    selection_sum: { amounts: Amount[] };
  }
  interface Reply {
    receivables: ReceivablesView;
    account: AccountView;
    open_link: Receipt;
    selection_sum: { count: number; sums: Amount[]; average: Amount | null };
  }
}
