import type { Amount } from "../../api/types";
import type { Fact, Status } from "../../components/phrase/preview";

/** Reply of `settings(scope)`. What belongs to this computer (theme, density, negative amounts,
 *  single keys, privacy) is the reply of `preferences()`. */
export interface SettingsView {
  workspace: Fact[];
  /** One column per company. */
  limits: LimitsView;
  schedule: ScheduleView;
  /** Where data lies: folder, database, backups, key, with sizes. */
  data: Fact[];
  about: Fact[];
}

export interface LimitsView {
  /** "A limit decides what is flagged, never what is shown. …" */
  lead: string;
  /** What is flagged whatever the limit. */
  always: string;
  columns: LimitColumn[];
}

export interface LimitColumn {
  ledger: string;
  label: string;
  currency: string;
  /** Canonical texts as they are stored; the UI sends back texts. */
  flag_amount: string;
  flag_percent: string;
  rounding: string;
  grace_days: string;
  materiality: string;
  aging_basis: "due_date" | "invoice_date";
  credit_policy: "separate" | "by_own_date" | "fifo";
  /** What the present limits do in the scope: "10 flagged, 4 within the limit". */
  effect: string;
  effect_net: Amount;
  /** Why limits cannot be changed now; `null` when they can. */
  closed: string | null;
}

/** Params of `set_limits`: changes only. A reason is asked, because figures look different. */
export interface SetLimits {
  ledger: string;
  changes: Partial<
    Pick<
      LimitColumn,
      | "flag_amount"
      | "flag_percent"
      | "rounding"
      | "grace_days"
      | "materiality"
      | "aging_basis"
      | "credit_policy"
    >
  >;
  reason: string;
}

export interface ScheduleView {
  /** Minutes as text, or "off". */
  every: "off" | "15" | "30" | "60" | "240";
  /** "next 10:00". */
  next: string;
  catch_up: boolean;
  status: Status;
}

declare module "../../api/types" {
  interface Params {
    settings: { scope: Scope };
    set_limits: SetLimits;
  }
  interface Reply {
    settings: SettingsView;
    set_limits: Receipt;
  }
}
