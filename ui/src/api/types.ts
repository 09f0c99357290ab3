// A preview of the generated file of this name. Screens that need a command before the generated
// file arrives add it by merging: declare module "../../api/types" { interface Params { … } }.

/** Canonical decimal text, for example "-1234.50". */
export type Amount = { amount: string; currency: string };

export type FailureView = {
  code: string;
  title: string;
  detail: string;
  next_step: string;
  reference: string;
};

export type Tag =
  | "app"
  | "figures"
  | "decisions"
  | "effects"
  | "runs"
  | "connections"
  | "connect"
  | "settings"
  | "preferences";

export type ProgressView = {
  task: string;
  stage: string;
  sentence: string;
  done: number | null;
  of: number | null;
};

export type AppEvent =
  | { kind: "changed"; tags: Tag[] }
  | { kind: "progress"; progress: ProgressView }
  | { kind: "ended"; task: string }
  | { kind: "command"; id: string };

/** The period is the month of `as_of`. */
export type Scope = { ledger: string | null; as_of: string; known_at: string | null };

export type SortKey = { column: string; descending: boolean };
export type Filter = {
  column: string;
  op: "is" | "is_not" | "contains" | "at_least" | "at_most";
  value: string;
};
export type GridQuery = {
  sort: SortKey[];
  filters: Filter[];
  text: string;
  offset: number;
  limit: number;
};

/** agreed: double rule. unproved: dashed rule. sum: re-added, nothing to compare with. */
export type Proof = "agreed" | "unproved" | "sum";
export type TotalCell = { column: string; amount: string; proof: Proof };
export type GridTotal = {
  label: string;
  currency: string;
  count: number;
  marks: string[];
  /** What the totals were agreed to, or why not. */
  why: string;
  cells: TotalCell[];
};
export type GridGroup = {
  key: string;
  label: string;
  note: string;
  glyph: string;
  first: number;
  count: number;
  sums: Amount[];
  totals: GridTotal | null;
};
export type ReadingView = {
  complete: boolean;
  read_at: string | null;
  gaps: { what: string; remedy: string }[];
};
export type GridPage<R> = {
  total: number;
  unfiltered: number;
  offset: number;
  rows: R[];
  groups: GridGroup[];
  totals: GridTotal[];
  reading: ReadingView;
  as_of: string;
  known_at: string;
};

export type Receipt = { said: string; undo: boolean };

export type WorkspaceName = { name: string; note: string; sample: boolean };
export type Person = { name: string; role: string };
export type LedgerName = { id: string; name: string; currency: string };
/** A count that waits for a person, with the word that says what waits. */
export type WaitingCount = { screen: string; count: number; what: string };
/** A text whose figures stand out: "Last run **09:30**, incomplete". */
export type StatusPart = { text: string; strong: boolean };
export type StatusCell = {
  parts: StatusPart[];
  glyph: string | null;
  /** Left out first when the window is narrow. */
  minor: boolean;
};
export type PeriodChoice = { label: string; as_of: string };
/** A moment to look back to: a run that ended, a signature. */
export type KnownChoice = { label: string; note: string; known_at: string };
export type ProofLine = { text: string; proved: boolean };
export type AppState = {
  version: string;
  /** `null`: first run. */
  workspace: WorkspaceName | null;
  /** A workspace of this person's own is there, whether or not it is the one that is open. */
  has_workspace: boolean;
  person: Person | null;
  ledgers: LedgerName[];
  /** As-of date a new window begins with. */
  as_of: string;
  periods: PeriodChoice[];
  known: KnownChoice[];
  waiting: WaitingCount[];
  /** "11 of 13 totals proved"; `null` before the first run. */
  proof: ProofLine | null;
  status: StatusCell[];
  /** Why this window cannot write, for example because another one has the workspace open. */
  read_only: string | null;
  /** Why the workspace did not open. */
  failure: FailureView | null;
  /** A task that was under way when the window opened; `progress` events carry it on. */
  running: ProgressView | null;
};

export type Notices = {
  finished: boolean;
  failed: boolean;
  sign_in: boolean;
  unknown: boolean;
  limit: boolean;
};
export type Preferences = {
  theme: "system" | "light" | "dark";
  density: "standard" | "compact" | "comfortable";
  negative: "brackets" | "minus";
  single_keys: boolean;
  hide_amounts: boolean;
  hide_names: boolean;
  autostart: boolean;
  keep_in_tray: boolean;
  schedule: "off" | "every15" | "every30" | "every60" | "every240";
  paper: "a4" | "letter";
  notify: Notices;
  person: string;
  views: Record<string, string>;
};
/** What changes; the rest stays. */
export type PreferenceChange = Partial<Preferences>;

/** A place in the window. The UI turns it into an address; Rust never writes an address. */
export type Target = {
  screen: string;
  view: string | null;
  record: string | null;
  ledger: string | null;
  as_of: string | null;
};
export type FoundView = {
  kind: "deal" | "account" | "document" | "amount";
  label: string;
  note: string;
  amount: Amount | null;
  target: Target;
};
export type FoundGroup = { title: string; found: FoundView[] };

export interface Params {
  app_state: Record<string, never>;
  open_sample: Record<string, never>;
  close_sample: Record<string, never>;
  preferences: Record<string, never>;
  set_preferences: PreferenceChange;
  undo: Record<string, never>;
  redo: Record<string, never>;
  run_now: Record<string, never>;
  cancel_task: Record<string, never>;
  find: { text: string };
}
export interface Reply {
  app_state: AppState;
  open_sample: Receipt;
  close_sample: Receipt;
  preferences: Preferences;
  set_preferences: Receipt;
  undo: Receipt;
  redo: Receipt;
  run_now: Receipt;
  cancel_task: Receipt;
  find: { groups: FoundGroup[] };
}
export type CommandName = keyof Params & keyof Reply;
