import type { FailureView } from "../../api/types";

/** Reply of `connect_forms()`: static, works before there is a workspace. */
export interface ConnectFormsView {
  systems: ConnectForm[];
  hand_off: HandOffView;
}

export type System = "salesforce" | "quickbooks";

/** What a person enters to connect one system. The UI draws the fields in order. */
export interface ConnectForm {
  system: System;
  name: string;
  /** "A Salesforce administrator, once". */
  needs: string;
  fields: ConnectField[];
  /** Addresses that must be registered at the app, one per line. */
  callbacks: string[];
  /** What is read and that nothing is written. */
  promise: string;
}

export interface ConnectField {
  /** Key in the params of `connect_start`. */
  id: "name" | "app_id" | "secret" | "address" | "relay";
  label: string;
  hint: string;
  preset: string;
  required: boolean;
  /** Never shown, never kept in the page. */
  secret: boolean;
  /** Ready choices, e.g. production and sandbox sign-in; empty for free text. */
  choices: { value: string; label: string }[];
}

/** Params of `connect_start`. */
export interface ConnectStart {
  system: System;
  name: string;
  app_id: string;
  secret: string | null;
  address: string | null;
  relay: string | null;
}

/** Reply of `connect_start`, `connect_paste` and `connect_state()`; changes are announced with the
 *  tag `connect`. `connect_state` answers `null` where no sign-in is under way. */
export interface ConnectState {
  system: System;
  title: string;
  /** waiting: the browser has it. checking: the page came back. done, failed: it ended. */
  stage: "waiting" | "checking" | "done" | "failed";
  steps: ConnectStep[];
  /** Sign-in address as text to copy. Holds no secret. */
  link: string;
  /** Instant at which the sign-in page stops to work; the UI counts down to it. */
  expires_at: string;
  /** The browser cannot come back by itself: only pasting the address finishes. */
  paste_only: boolean;
  remedies: SignInRemedy[];
  /** Filled when stage is failed. */
  failure: FailureView | null;
  /** What the user may read, in words, once it was checked. */
  findings: { ok: boolean; sentence: string; remedy: string }[];
}

export interface ConnectStep {
  state: "done" | "now" | "later" | "failed";
  title: string;
  note: string;
  /** "09:58:02", empty while it has not happened. */
  at: string;
}

/** One row of "What do you see in the browser?". */
export interface SignInRemedy {
  id: "not_installed" | "other_company" | "denied" | "nothing" | "vpn" | "not_admin" | "redirect";
  /** The exact texts as the browser shows them; the first is the title where it is a code. */
  seen: string[];
  title: string;
  sentence: string;
  action: "hand_off" | "open_again" | "copy_link" | "paste" | "none";
  /** The page came back with this error, or 40 s passed: the row is open and tinted. */
  hit: boolean;
}

/** The page for the Salesforce administrator. No secret on it. */
export interface HandOffView {
  title: string;
  lead: string;
  steps: { title: string; values: HandOffValue[] }[];
  questions: { asked: string; answer: string }[];
  /** The whole page as text, for a mail. */
  text: string;
}

export interface HandOffValue {
  label: string;
  /** Lines; several are copied as one value. */
  lines: string[];
  /** Set in the face of ids. */
  id: boolean;
  /** An instruction is read, a value is copied. */
  copy: boolean;
}

/** Reply of `open_sample()` comes when it is open; meanwhile `progress` events of task "sample"
 *  name these stages, in this order. */
export type SampleStage = "start" | "read" | "compare" | "create" | "write_back" | "ready";

declare module "../../api/types" {
  interface Params {
    connect_forms: Record<string, never>;
    connect_start: ConnectStart;
    connect_state: Record<string, never>;
    connect_paste: { address: string };
    new_workspace: Record<string, never>;
  }
  interface Reply {
    connect_forms: ConnectFormsView;
    connect_start: ConnectState;
    connect_state: ConnectState | null;
    connect_paste: ConnectState;
    /** Rust asks for the folder in a native dialog. `said` is empty when the person closed it. */
    new_workspace: Receipt;
  }
}
