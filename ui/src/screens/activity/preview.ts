import type { Amount, ReadingView } from "../../api/types";
import type { Fact, Phrase, Status, Target } from "../../components/phrase/preview";

/** Reply of `activity()`. */
export interface ActivityView {
  /** "since 1 Jun: 1 unknown, 1 waiting, 1 refused, 13 confirmed". */
  outbox_note: string;
  /** What waits first (unknown, conflict, waiting, refused), then the latest confirmed; at most 200
   *  rows, `outbox_more` counts the older ones. */
  outbox: EffectRow[];
  outbox_more: number;
  /** "every 30 min while open, next 10:00". */
  runs_note: string;
  /** Newest first, at most 50. */
  runs: RunRow[];
  /** Control totals of the newest run that ended. */
  totals: ControlTotals | null;
  failures: FailureRow[];
  quarantine: QuarantineRow[];
  /** Local decisions, newest first, at most 200. */
  decisions: DecisionRow[];
  /** Filled while a task runs; `progress` events carry it on. */
  running: RunningTask | null;
  /** Why a run cannot be started now; `null` when it can. */
  run_closed: string | null;
  reading: ReadingView;
}

export interface EffectRow {
  key: string;
  /** "Unknown", "Waits, 09:50", "Refused", "Confirmed". */
  status: Status;
  /** "Quillan Pharma". */
  subject: string;
  /** "create invoice for GMP monitoring". */
  promise: string;
  /** Net of tax; `null` where the effect carries no money. */
  net: Amount | null;
  /** "09:21" today, "15 Jun" before. */
  since: string;
  /** "key TIE-KULY…, attempt 1, 2 empty answers". */
  facts: Fact[];
  history: EffectEvent[];
  /** Empty where nothing is to be decided. Else in this order, the dangerous one last. */
  choices: EffectChoice[];
  /** Deal drawer of this effect. */
  target: Target | null;
}

/** One line of the history, in words; every attempt has its own. */
export interface EffectEvent {
  /** "09:21:14"; with the day where it was not today. */
  at: string;
  glyph: string;
  tone: Status["tone"];
  title: string;
  detail: Phrase;
}

export interface EffectChoice {
  /** ask_now calls the command `ask_now`, the others `resolve_effect` with this decision. */
  id: "ask_now" | "found" | "send_again" | "give_up" | "accept";
  title: string;
  /** What it does and what it cannot do; of a closed one when it opens and why. */
  sentence: string;
  open: boolean;
  /** What a person must give: a reason, and for `found` the number of the document. */
  needs: "nothing" | "reason" | "number_and_reason";
  dangerous: boolean;
}

export interface RunRow {
  run: string;
  /** "09:30", with the day where it was not today. */
  at: string;
  status: Status;
  /** "1 min 12 s"; empty while it runs. */
  took: string;
  /** What is missing, in words; empty where nothing is. */
  note: string;
  /** "58 requests, 351 records, 2 changed". */
  counts: string;
  feeds: RunFeed[];
  gaps: { code: string; what: string; remedy: string }[];
}

/** Counts as integers: they are no money. */
export interface RunFeed {
  connection: string;
  feed: string;
  records: number;
  new: number;
  changed: number;
  deleted: number;
}

export interface ControlTotals {
  /** "Totals proved by the 09:30 run". */
  title: string;
  /** "11 of 13". */
  note: string;
  rows: ControlTotal[];
}

export interface ControlTotal {
  id: string;
  source: string;
  /** "Closed Won deals, USD". */
  records: string;
  source_count: number | null;
  source_sum: Amount;
  held_count: number | null;
  held_sum: Amount;
  status: Status;
  marks: string[];
  /** How the source was asked and why that proves it, for the row's description. */
  how: string;
}

export interface FailureRow {
  id: string;
  status: Status;
  title: string;
  /** What it means for figures and documents. Foreign texts after a colon, as given. */
  detail: string;
  next_step: string;
  code: string;
  /** "run 4,182, 6 Jul 09:30:41". */
  reference: string;
  /** Which retry helps: a run, a resync of that deal, or none. */
  retry: { kind: "run" } | { kind: "resync"; opportunity: string } | { kind: "none" };
  target: Target | null;
}

export interface QuarantineRow {
  id: string;
  source: string;
  /** "invoice 2040". */
  record: string;
  why: string;
  since: string;
  remedy: string;
}

export interface DecisionRow {
  id: string;
  at: string;
  who: string;
  said: string;
  /** Reason that the person gave; empty where none was asked. */
  reason: string;
  /** Only the newest can be undone by `undo`. */
  undo: boolean;
  target: Target | null;
}

export interface RunningTask {
  task: string;
  name: string;
  /** "Jan 2024 to Oct 2025". */
  period: string;
  done: number | null;
  of: number | null;
  /** "1,204 of 3,871 documents". */
  sentence: string;
  /** "about 6 min left", empty before it can be said. */
  left: string;
  /** What it does not affect, and what cancel keeps. */
  promise: string;
}

/** Reply of `network()`: every host contacted. */
export interface NetworkView {
  /** "4 hosts, 1,204 requests since 3 Jul". */
  note: string;
  hosts: NetworkHost[];
}

export interface NetworkHost {
  host: string;
  purpose: string;
  /** Connection it belongs to, empty for the app's own. */
  connection: string;
  requests: number;
  /** "1.2 MB", ready. */
  sent: string;
  received: string;
  last: string;
}

declare module "../../api/types" {
  interface Params {
    activity: Record<string, never>;
    network: Record<string, never>;
    ask_now: { key: string };
    /** `number` names the document for `found`. */
    resolve_effect: {
      key: string;
      decision: Exclude<EffectChoice["id"], "ask_now">;
      number: string | null;
      reason: string;
    };
  }
  interface Reply {
    activity: ActivityView;
    network: NetworkView;
    ask_now: Receipt;
    resolve_effect: Receipt;
  }
}
