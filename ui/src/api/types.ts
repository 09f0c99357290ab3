// Generated from the command table in Rust by `cargo xtask generate`. Do not edit.

/** Accepts what was proposed. */
export type AcceptReason = {
  /** The day whose variance is explained. */
  scope: Scope;
  opportunity: string;
  code: string;
};

/** A deal of the Account that is not paid. */
export type AccountDeal = { opportunity: string, name: string, status: Status, open: string };

/** Deals of the Account. */
export type AccountDeals = { note: string, rows: Array<AccountDeal> };

/** One open invoice of the Account. */
export type AccountInvoice = {
  number: string;
  dated: string;
  deal: string | null;
  opportunity: string | null;
  lateness: Status;
  open: string;
  /** Total incl. tax where a part is settled. */
  of: string | null;
  links: Array<OpenIn>;
};

/** The open invoices, footed. */
export type AccountInvoices = { note: string, rows: Array<AccountInvoice>, total: ProvedTotal };

/** A payment or a credit. */
export type AccountLine = { label: string, amount: string };

/** Payments or credits. */
export type AccountLines = { note: string, rows: Array<AccountLine> };

/** Which Account, in which currency. */
export type AccountParams = { scope: Scope, account: string, currency: string };

/** One Account in one currency. */
export type AccountRow = {
  /** Stable over sort, filter and refresh. */
  key: string;
  /** What `account` takes. */
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
  /** "An open invoice is disputed". */
  flag: Status | null;
  links: Array<OpenIn>;
};

/** The drawer of an Account. */
export type AccountView = {
  id: string;
  /** With the legal form. */
  name: string;
  currency: string;
  links: Array<OpenIn>;
  /** "30 Jun 2026, as known now". */
  note: string;
  aging: Array<AgingBand>;
  unapplied: string | null;
  receivable: ProvedTotal;
  invoices: AccountInvoices;
  payments: AccountLines;
  credits: AccountLines;
  deals: AccountDeals;
  salesforce: ShownFields;
  customers: LinkedCustomers;
  facts: Array<Fact>;
};

/** The screen. */
export type ActivityView = {
  /** "since 1 Jun: 1 unknown, 1 waiting, 1 refused, 13 confirmed". */
  outbox_note: string;
  /** What waits first, then the latest. */
  outbox: Array<EffectRow>;
  outbox_more: number;
  /** "every 30 min while open, next 10:00". */
  runs_note: string;
  runs: Array<RunRow>;
  /** Control totals of the newest run that fetched any. */
  totals: ControlTotals | null;
  failures: Array<FailureRow>;
  quarantine: Array<QuarantineRow>;
  /** Newest first. */
  decisions: Array<DecisionRow>;
  running: RunningTask | null;
  /** Why a run cannot be started now. */
  run_closed: string | null;
  reading: ReadingView;
};

/** One band of the aging bar. */
export type AgingBand = {
  band: number;
  label: string;
  amount: string;
  /** Of the whole bar; all bands together are 1000. */
  permille: number;
};

/** From which date a document ages. */
export type AgingChoice = "due_date" | "invoice_date";

/** One currency. Currencies are never added. */
export type AgingColumn = {
  currency: string;
  /** "54% late"; empty where nothing is open. */
  late: string;
  /** One per band, in their order. */
  segments: Array<AgingSegment>;
  unapplied: Amount;
  receivable: Amount;
  proof: Proof;
  marks: Array<string>;
};

/** One band of one currency. */
export type AgingSegment = {
  bucket: Bucket;
  amount: Amount;
  /** Of the open invoices, together 1000. */
  share: string;
  target: Target | null;
};

/** Receivables by age. */
export type AgingView = {
  /** "by due date". */
  basis: string;
  buckets: Array<BucketLabel>;
  columns: Array<AgingColumn>;
};

/** An amount: canonical text with the digits of its currency. */
export type Amount = { amount: string, currency: string };

/** How an amount inside a sentence is set. */
export type AmountTone = "plain" | "strong" | "gap";

/** One thing that the window is told. */
export type AppEvent =
  | { kind: "changed", tags: Array<Tag> }
  | { kind: "progress", progress: ProgressView }
  | { kind: "ended", task: string }
  | { kind: "command", id: string };

/** What the frame of the window shows. */
export type AppState = {
  version: string;
  /** `null`: first run. */
  workspace: WorkspaceName | null;
  /** A workspace of this person's own is there, whether or not it is the one that is open. */
  has_workspace: boolean;
  person: Person | null;
  ledgers: Array<LedgerName>;
  /** The day that a new window begins with. */
  as_of: string;
  periods: Array<PeriodChoice>;
  known: Array<KnownChoice>;
  waiting: Array<WaitingCount>;
  proof: ProofLine | null;
  status: Array<StatusCell>;
  /** Why this window cannot write. */
  read_only: string | null;
  /** Why the workspace did not open. */
  failure: FailureView | null;
  /** The task that was under way when the window asked. */
  running: ProgressView | null;
};

/** Which effect to ask about. */
export type AskNow = { key: string };

/** Steps that together are one sentence. */
export type BridgeBracket = { first: string, last: string, sentence: Array<PhrasePart> };

/** One step of a bridge. */
export type BridgeStep = {
  id: string;
  /** At most 16 letters. */
  label: string;
  /** Second line: "6 deals"; empty where there is none. */
  note: string;
  kind: StepKind;
  amount: Amount;
  /** Lower and upper edge of the bar. */
  low: string;
  high: string;
  /** Where the connector leaves to the right. */
  level: string;
  target: Target | null;
};

/** From one total to another, each step footed. */
export type BridgeView = {
  /** For the title of the picture and the caption of its table, without amounts. */
  title: string;
  currency: string;
  /** Where zero lies on the axis. */
  zero: string;
  steps: Array<BridgeStep>;
  bracket: BridgeBracket | null;
};

/** How late: one of five. */
export type Bucket = "not_due" | "days_1_30" | "days_31_60" | "days_61_90" | "days_over_90";

/** A band with its printed name. */
export type BucketLabel = { id: Bucket, label: string };

/** Differences by reason. */
export type ByReason = {
  note: string;
  /** Where zero lies, in per mille. */
  zero: number;
  rows: Array<ReasonBar>;
  total: ReasonTotal;
};

/** Requests to this system. */
export type CallBudget = {
  sentence: string;
  /** Used part of a limit, per mille; `null` where none is known. */
  share: string | null;
};

/** Which task to stop; without a name everything that is under way. */
export type CancelTask = { task?: string };

/** A document that says something else now. */
export type ChangeRow = {
  id: string;
  /** "Invoice entered late". */
  what: string;
  account: string;
  document: string;
  target: Target | null;
  /** On receivables. */
  effect: Amount;
  field: string;
  before: Amount;
  after: Amount;
  /** "dated 29 Jun". */
  dated: string;
  /** Who changed it and when, where that is known; else empty. */
  made: string;
};

/** A labelled amount. */
export type ChangeSum = { label: string, amount: Amount };

/** The state now. */
export type ChangeTotal = { label: string, amount: Amount, proof: Proof, marks: Array<string> };

/** Both states and what lies between them. */
export type ChangesView = {
  /** "3 documents". */
  note: string;
  rows: Array<ChangeRow>;
  before: ChangeSum;
  change: ChangeSum;
  after: ChangeTotal;
};

/** What a person may decide. */
export type ChoiceId = "ask_now" | "found" | "send_again" | "give_up" | "accept";

/** What a person must give. */
export type ChoiceNeeds = "nothing" | "reason" | "number_and_reason";

/** Which organisation. */
export type ChooseParams = { organisation: string };

/** How many of the printed totals are proved. */
export type CompletenessLine = {
  /** "11 of 13 totals proved". */
  sentence: string;
  proved: number;
  of: number;
  complete: boolean;
};

/** One field. */
export type ConnectField = {
  id: FieldId;
  label: string;
  hint: string;
  preset: string;
  required: boolean;
  /** Never shown, never kept in the page. */
  secret: boolean;
  choices: Array<FieldChoice>;
  /** What a person calls a value of their own beside the choices; empty where there is none. */
  other: string;
};

/** What a person enters to connect one system. */
export type ConnectForm = {
  system: System;
  name: string;
  needs: string;
  fields: Array<ConnectField>;
  /** Addresses that must be registered at the app. */
  callbacks: Array<string>;
  /** What is read and that nothing is written. */
  promise: string;
};

/** The forms. */
export type ConnectFormsView = { systems: Array<ConnectForm>, hand_off: HandOffView };

/** How far the sign-in is. */
export type ConnectStage = "waiting" | "checking" | "choosing" | "done" | "failed";

/** What a person entered. */
export type ConnectStart = {
  system: System;
  name: string;
  app_id: string;
  secret: string | null;
  address: string | null;
  relay: string | null;
  calls: string | null;
  scopes: string | null;
};

/** A sign-in that is under way or has ended. */
export type ConnectState = {
  system: System;
  title: string;
  stage: ConnectStage;
  steps: Array<ConnectStep>;
  /** Sign-in address as text to copy. */
  link: string;
  /** When the sign-in page stops to work. */
  expires_at: string;
  /** Only pasting the address finishes. */
  paste_only: boolean;
  remedies: Array<SignInRemedy>;
  failure: FailureView | null;
  /** What a person chooses from while it is `choosing`. */
  organisations: Array<OrganisationChoice>;
  /** What the user may read, once it was checked. */
  findings: Array<Finding>;
};

/** One step. */
export type ConnectStep = {
  state: StepState;
  title: string;
  note: string;
  /** "09:58:02", empty while it has not happened. */
  at: string;
};

/** One connection. */
export type Connection = {
  name: string;
  brand: string;
  /** "QuickBooks Online". */
  brand_name: string;
  company: string;
  /** `crm` or `ledger`. */
  role: string;
  sandbox: boolean;
  /** The company whose books it keeps; "All" for the CRM. */
  entity: string;
  status: Status;
  /** "Reads 9 kinds of records, writes 2". */
  may: string;
  permissions: Array<Permission>;
  last_complete: string;
  last_run: string;
  next_run: string;
  calls: CallBudget;
  writing: WritingSwitch;
  /** No secret. */
  facts: Array<Fact>;
};

/** Everything that is connected. */
export type ConnectionsView = {
  connections: Array<Connection>;
  /** "Reads only. Nothing is written until you switch it on." or what is on. */
  note: string;
};

/** A section of the export. */
export type ContentsLine = {
  id: string;
  title: string;
  /** `null`: it has no rows to count. */
  count: number | null;
  target: Target | null;
};

/** One total. */
export type ControlTotal = {
  id: string;
  source: string;
  /** "Closed Won deals, USD". */
  records: string;
  source_count: number | null;
  /** `null`: the source can count but not add. */
  source_sum: Amount | null;
  held_count: number | null;
  held_sum: Amount;
  status: Status;
  marks: Array<string>;
  /** How the source was asked and why that proves it. */
  how: string;
};

/** What the sources counted and added by themselves, beside what is held. */
export type ControlTotals = {
  /** "Totals proved by the 09:30 run". */
  title: string;
  /** "11 of 13". */
  note: string;
  rows: Array<ControlTotal>;
};

/** How many products are mapped in one company. */
export type Coverage = {
  label: string;
  /** "9 of 10". */
  counted: string;
  /** "90%", rounded down. */
  percent: string;
  share: string;
  /** "mapped, 164,250.00 USD blocked". */
  sentence: Array<PhrasePart>;
};

/** Whether an invoice may be proposed. */
export type CreateHint = { closed: string | null };

/** What happened, in words. */
export type CreateOutcome = { status: Status, sentence: string };

/** Its invoice; without `confirm` it is only proposed. */
export type CreateParams = {
  opportunity: string;
  confirm: boolean;
  /** The company. `None`: the one that keeps the deal. */
  ledger: string | null;
};

/** A proposal before the confirmation, an outcome after it. */
export type CreateView = { proposal: InvoiceProposal | null, outcome: CreateOutcome | null };

/** Where unapplied credits and cash stand in the aging. */
export type CreditChoice = "separate" | "by_own_date" | "fifo";

/** A customer that may be the Account. */
export type CustomerCandidate = { customer: string, name: string, evidence: Array<Evidence> };

/** A linked customer. */
export type CustomerLink = {
  customer: string;
  name: string;
  /** "certain" or "by a person". */
  tier: string;
  /** Empty where the records themselves state it. */
  since: string;
  who: string;
  /** It has documents. */
  in_use: boolean;
};

/** Accounts and their customers. */
export type CustomerMapping = { open: number, rows: Array<CustomerRow> };

/** One Account in one company. */
export type CustomerRow = {
  account: string;
  name: string;
  ledger: string;
  company: string;
  status: Status;
  links: Array<CustomerLink>;
  /** Best first. */
  candidates: Array<CustomerCandidate>;
  /** Contracts of the deals that wait for the link. */
  at_risk: Array<Amount>;
  target: Target;
};

/** Which customer of the books is said to be an Account, or not to be. */
export type CustomerWord = {
  account: string;
  ledger: string;
  customer: string;
  /** Why; without one the log says where it was chosen. */
  reason?: string;
};

/** How many deals each view has. */
export type DealCounts = {
  unpaid: number;
  not_invoiced: number;
  leakage: number;
  blocked: number;
  all: number;
  excluded: number;
};

/** One figure of the block. */
export type DealFigure = { label: string, amount: string | null, strong: boolean };

/** One deal. */
export type DealGridRow = {
  /** Id of the Opportunity. */
  key: string;
  /** The customer's own reference, else the id. */
  reference: string;
  /** Without the legal form. */
  account: string;
  name: string;
  closed: string;
  age_days: number;
  currency: string;
  /** Net of tax; the next three incl. tax. `null`: the deal's amount is unknown. */
  not_invoiced: string | null;
  not_due: string | null;
  part_paid: string | null;
  overdue: string | null;
  /** Takes the place of the three invoice columns. */
  why: string | null;
  /** The same as whole sentences, where that says more. */
  why_in_full: string | null;
  contract: string | null;
  status: Status;
  disputed: boolean;
  links: Array<OpenIn>;
};

/** Which deal. */
export type DealParams = { scope: Scope, opportunity: string };

/** The drawer of a deal. */
export type DealView = {
  opportunity: string;
  reference: string;
  name: string;
  /** With the legal form. */
  account: string;
  status: Status;
  currency: string;
  links: Array<OpenIn>;
  resync: ResyncHint;
  create: CreateHint | null;
  figures: Array<DealFigure>;
  events: Array<TimelineEvent>;
  evidence: Array<EvidenceView>;
  reasons: Array<GivenReason>;
  excluded: ExcludedBy | null;
};

/** What is asked. */
export type DealsParams = { scope: Scope, view: DealsTab, query: GridQuery };

/** The views of the screen. */
export type DealsTab = "unpaid" | "not_invoiced" | "leakage" | "blocked" | "all" | "excluded";

/** The screen. */
export type DealsView = {
  sentence: Array<PhrasePart>;
  counts: DealCounts;
  grid: GridPage<DealGridRow>;
};

/** One thing that waits. */
export type Decision = {
  id: string;
  status: Status;
  /** Account, workpaper or feed. */
  name: string;
  /** Why it waits: "Blocked, no QuickBooks item: Edge inference add-on". */
  reason: string;
  amount: Amount | null;
  /** "18 d", "21 min"; empty where it has no age. */
  age: string;
  target: Target;
};

/** One decision. */
export type DecisionRow = {
  id: string;
  at: string;
  who: string;
  said: string;
  /** Reason that the person gave; empty where none was asked. */
  reason: string;
  /** Only the newest can be taken back by `undo`. */
  undo: boolean;
  target: Target | null;
};

export type Density = "standard" | "compact" | "comfortable";

/** Which connection to end. */
export type Disconnect = { connection: string };

/** One way out. */
export type EffectChoice = {
  id: ChoiceId;
  title: string;
  /** What it does and what it cannot do; of a closed one when it opens and why. */
  sentence: string;
  open: boolean;
  needs: ChoiceNeeds;
  dangerous: boolean;
};

/** One line of the history; every attempt has its own. */
export type EffectEvent = {
  /** "09:21:14"; with the day where it was not today. */
  at: string;
  glyph: string;
  tone: Tone;
  title: string;
  detail: Array<PhrasePart>;
};

/** One promised side effect. */
export type EffectRow = {
  key: string;
  status: Status;
  /** "Quillan Pharma". */
  subject: string;
  /** "create invoice for GMP monitoring". */
  promise: string;
  /** Net of tax; `null` where the effect carries no money. */
  net: Amount | null;
  /** "09:21" today, "15 Jun" before. */
  since: string;
  facts: Array<Fact>;
  history: Array<EffectEvent>;
  /** Empty where nothing is to be decided; the dangerous one stands last. */
  choices: Array<EffectChoice>;
  /** The deal of this effect. */
  target: Target | null;
};

/** Minutes between two runs. */
export type Every = "off" | "15" | "30" | "60" | "240";

/** A field with both raw values. */
export type Evidence = { field: string, crm: string, books: string, result: Status };

/** Fields of the two records beside each other. */
export type EvidenceRow = {
  field: string;
  crm: string;
  books: string;
  result: string;
  /** Set in the face of ids. */
  id: boolean;
};

/** Why a document belongs to a deal. */
export type EvidenceView = {
  title: string;
  /** "tier 0, certain". */
  tier: string;
  crm: string;
  books: string;
  rows: Array<EvidenceRow>;
  tolerance: string | null;
  /** Each with why it lost. */
  rivals: Array<string>;
  score: Array<ScorePoint>;
  /** "Rule our-key, version 1". */
  rule: string;
  /** For `unlink`. */
  document: string | null;
};

/** Leaves a deal out, with a reason. */
export type ExcludeDeal = { scope: Scope, opportunity: string, reason: string };

/** Who left the deal out, and why. */
export type ExcludedBy = { reason: string, by: string };

/** What explains a difference. */
export type ExplainedLine = { mark: string, sentence: Array<PhrasePart> };

/** Kind of file. */
export type ExportForm = "pdf" | "xlsx" | "csv";

/** The paper that pages are made for. */
export type ExportPaper = "a4" | "letter";

/** What is asked. */
export type ExportParams = {
  scope: Scope;
  what: ExportWhat;
  format: ExportForm;
  paper: ExportPaper;
  /**
   * Filters and order of the grid as the window shows it; `null`: all rows, as the workpaper
   * has them.
   */
  shown: GridQuery | null;
};

/** What became of it. */
export type ExportReply =
  | { kind: "written", said: string, files: Array<ExportedFile> }
  | { kind: "closed" };

/** What is written. */
export type ExportWhat =
  | "workpaper"
  | "receivables"
  | "invoices"
  | "unapplied"
  | "deals"
  | "unpaid"
  | "not_invoiced"
  | "leakage"
  | "blocked"
  | "excluded"
  | "reconciliation";

/** A file that was written. */
export type ExportedFile = {
  name: string;
  /** SHA-256, as recorded in the audit trail. */
  hash: string;
  /** Totals in it that no independent total agreed with. */
  unproved: number;
};

/** One value with a name, ready to print. */
export type Fact = { label: string, value: string };

/** Something that was refused or not read. */
export type FailureRow = {
  id: string;
  status: Status;
  title: string;
  /** What it means for figures and documents. Texts of other systems stand after a colon. */
  detail: string;
  next_step: string;
  code: string;
  /** "TIE-4002, 6 Jul 09:31:04". */
  reference: string;
  retry: Retry;
  target: Target | null;
};

/** What a person is told about something that did not work. */
export type FailureView = {
  /** `TIE-NNNN`. The window branches on this alone. */
  code: string;
  title: string;
  detail: string;
  next_step: string;
  /** "TIE-2001, 6 Jul 2026 16:30:41 UTC": to tell support. */
  reference: string;
};

/** A ready choice of a field. */
export type FieldChoice = { value: string, label: string };

/** Key of a field in the parameters of `connect_start`. */
export type FieldId = "name" | "app_id" | "secret" | "address" | "relay" | "calls" | "scopes";

/** One filter chip. An amount is decimal text, a day ISO text. */
export type Filter = { column: string, op: FilterOp, value: string };

/** How a column is compared. */
export type FilterOp = "is" | "is_not" | "contains" | "at_least" | "at_most";

/** What is looked for. */
export type FindParams = { text: string };

/** Everything that fits. */
export type FindView = { groups: Array<FoundGroup> };

/** What was found about the connected user. */
export type Finding = { ok: boolean, sentence: string, remedy: string };

/** Things of one kind, best first. */
export type FoundGroup = { title: string, found: Array<FoundView> };

/** What kind of thing was found. */
export type FoundKind = "deal" | "account" | "document" | "amount";

/** One thing that fits. */
export type FoundView = {
  kind: FoundKind;
  /** "Invoice 2275". */
  label: string;
  /** "Kestrel Ridge Aerospace, 11 d late". */
  note: string;
  amount: Amount | null;
  target: Target;
};

/** One gate of the check before a document. */
export type GateWord = {
  passed: boolean;
  word: string;
  /** Of a failing one what is wrong and what helps. */
  detail: string | null;
};

/** Gives a reason, an owner, a note or a target; `null` leaves what is there. */
export type GiveReason = {
  scope: Scope;
  opportunity: string;
  code: string | null;
  owner: string | null;
  note: string | null;
  /** ISO date; empty takes it away. */
  target: string | null;
};

/** A reason that was given. */
export type GivenReason = {
  status: Status;
  amount: string;
  note: string;
  owner: string;
  target: string | null;
};

/** A group of rows: positions `first` to `first + count` of the filtered order. */
export type GridGroup = {
  key: string;
  label: string;
  note: string;
  glyph: string;
  first: number;
  count: number;
  /** The main figure of the group, per currency. */
  sums: Array<Amount>;
  totals: GridTotal | null;
};

/** A page of a grid, with the counts and totals of everything that the filter lets through. */
export type GridPage<R> = {
  total: number;
  unfiltered: number;
  offset: number;
  rows: Array<R>;
  groups: Array<GridGroup>;
  totals: Array<GridTotal>;
  reading: ReadingView;
  as_of: string;
  known_at: string;
};

/** A window of a grid. */
export type GridQuery = {
  sort: Array<SortKey>;
  filters: Array<Filter>;
  text: string;
  offset: number;
  limit: number;
};

/** A totals row: one currency. */
export type GridTotal = {
  label: string;
  currency: string;
  count: number;
  /** Checks that ran: `[A]`, `[F]`. */
  marks: Array<string>;
  /** What the totals were agreed to, or why not. */
  why: string;
  cells: Array<TotalCell>;
};

/** What an administrator asks. */
export type HandOffQuestion = { asked: string, answer: string };

/** One step. */
export type HandOffStep = { title: string, values: Array<HandOffValue> };

/** One value to enter, or what to do. */
export type HandOffValue = {
  label: string;
  /** Several are copied as one value. */
  lines: Array<string>;
  /** Set in the face of ids. */
  id: boolean;
  /** An instruction is read, a value is copied. */
  copy: boolean;
};

/** The page for the Salesforce administrator. No secret stands on it. */
export type HandOffView = {
  title: string;
  lead: string;
  steps: Array<HandOffStep>;
  questions: Array<HandOffQuestion>;
  /** The whole page as text, for a mail. */
  text: string;
};

/** Takes a deal that was left out in again. */
export type IncludeDeal = { scope: Scope, opportunity: string };

/** What will exist after the confirmation. */
export type InvoiceProposal = {
  title: string;
  body: string;
  customer: string;
  customer_id: string;
  purpose: string;
  dated: string;
  due: string;
  currency: string;
  lines: Array<ProposedLineView>;
  net: string;
  /** "computed by QuickBooks": tax is not ours to state before it exists. */
  tax_label: string;
  /** `null`: not known before the books compute it. */
  tax: string | null;
  /** Net of tax, re-added from the lines. */
  total: ProposedTotal;
  warnings: Array<ProposalWarning>;
  key: string;
  button: string;
};

/** One open invoice. */
export type InvoiceRow = {
  key: string;
  number: string;
  /** Without the legal form. */
  account: string;
  account_key: string;
  /** Names of the deals that it bills. */
  deal: string | null;
  dated: string;
  due: string;
  /** No due date and no terms were given: the document's own date was taken. */
  due_assumed: boolean;
  lateness: Status;
  total: string;
  open: string;
  currency: string;
  disputed: boolean;
  links: Array<OpenIn>;
};

/** An item that may be the one. */
export type ItemCandidate = { code: string, name: string, evidence: Array<string> };

/** A moment to look back to. */
export type KnownChoice = { label: string, note: string, known_at: string };

/** Something that was not read, and what to do. */
export type LackView = { what: string, remedy: string };

/** A company that keeps books. */
export type LedgerName = { id: string, name: string, currency: string };

/** What no figure of the bridge contains. */
export type LeftOut = {
  /** "14 won deals in EUR and GBP belong to no connected company." */
  sentence: string;
  target: Target | null;
};

/** What changes, as texts. */
export type LimitChanges = {
  flag_amount?: string;
  flag_percent?: string;
  rounding?: string;
  grace_days?: string;
  materiality?: string;
  aging_basis?: AgingChoice;
  credit_policy?: CreditChoice;
};

/** The limits of one company. */
export type LimitColumn = {
  ledger: string;
  label: string;
  currency: string;
  flag_amount: string;
  /** `0.50`: half a percent. */
  flag_percent: string;
  rounding: string;
  grace_days: string;
  materiality: string;
  aging_basis: AgingChoice;
  credit_policy: CreditChoice;
  /** "10 deals flagged, 4 within the limit". */
  effect: string;
  /** Net of what is flagged, in the company's own currency. */
  effect_net: Amount;
  /** Why limits cannot be changed now. */
  closed: string | null;
};

/** The limits, one column per company. */
export type LimitsView = { lead: string, always: string, columns: Array<LimitColumn> };

/** A document that may be linked to the deal. */
export type LinkCandidate = {
  document: string;
  number: string;
  account: string;
  dated: string;
  net: string;
  currency: string;
  /** Why it is offered. */
  why: string;
};

/** Documents that a person may link. */
export type LinkCandidates = { candidates: Array<LinkCandidate> };

/** Says that a document belongs to a deal, or that it does not. */
export type LinkParams = {
  scope: Scope;
  opportunity: string;
  /** Its id or its number. */
  document: string;
  reason: string;
};

/** A customer that the Account is linked to. */
export type LinkedCustomer = {
  id: string;
  name: string;
  /** Who or what linked them. */
  by: string;
  links: Array<OpenIn>;
};

/** The link between the systems. */
export type LinkedCustomers = { status: Status, note: string, rows: Array<LinkedCustomer> };

/** A document that can be unlinked. */
export type LinkedNumber = { document: string, number: string };

/** A column of the table. */
export type MappingCompany = { ledger: string, label: string };

/** The screen. */
export type MappingView = {
  products: ProductMapping;
  customers: CustomerMapping;
  taxes: PlainMapping;
  currencies: PlainMapping;
};

/** One movement with its sign. */
export type MovementRow = {
  label: string;
  /** The first mark, or empty. */
  mark: string;
  amount: Amount;
};

/** From an opening to a closing balance. */
export type MovementTable = {
  title: string;
  /** "Movement in June 2026". */
  head: string;
  currency: string;
  rows: Array<MovementRow>;
  total: MovementTotal;
};

/** The closing balance. */
export type MovementTotal = { label: string, marks: Array<string>, amount: Amount, proof: Proof };

export type NegativeStyle = "brackets" | "minus";

/** One host. */
export type NetworkHost = {
  host: string;
  purpose: string;
  /** Connection that it belongs to, empty for none. */
  connection: string;
  requests: number;
  /** "1.2 MB". */
  sent: string;
  received: string;
  last: string;
};

/** Every host contacted. */
export type NetworkView = {
  /** "4 hosts, 1,204 requests since the workspace was opened". */
  note: string;
  hosts: Array<NetworkHost>;
};

/** A command without parameters. */
export type Nothing = Record<string, never>;

/** Which causes notify. */
export type Notices = {
  finished: boolean;
  failed: boolean;
  sign_in: boolean;
  unknown: boolean;
  limit: boolean;
};

/** One deal. */
export type OneDeal = {
  opportunity: string;
  /** The company. `None`: the one that keeps the deal. */
  ledger: string | null;
};

/** A system in which a record can be opened. */
export type OpenIn = {
  /** "Salesforce", "QuickBooks". */
  system: string;
  /** `null`: the record has no address there. */
  link: string | null;
};

/** A link to open. */
export type OpenLinkParams = { link: string };

/** An organisation that the sign-in reaches. */
export type OrganisationChoice = { id: string, name: string };

/** What is asked. */
export type OverviewParams = { scope: Scope, range: Range };

/** The screen. */
export type OverviewView = {
  range: Range;
  /** "1 Apr to 30 Jun, USD". */
  note: string;
  /** The conclusion, first on the screen. */
  claim: Array<PhrasePart>;
  /** `null` while nothing was sold in the range; then `empty` says so. */
  bridge: BridgeView | null;
  empty: string;
  left_out: Array<LeftOut>;
  /** By urgency, then money, then age; `decisions_more` counts the rest. */
  decisions: Array<Decision>;
  decisions_more: number;
  aging: AgingView;
  tie_outs: TieOutsView;
  /** `null` before two month ends are known. */
  dso: TrendView | null;
  completeness: CompletenessLine;
  reading: ReadingView;
};

/** Two records of one amount, close in time. */
export type PairRow = {
  /** "invoice", "credit memo", "sales receipt" or "deal". */
  kind: string;
  first: TwinRecord;
  second: TwinRecord;
  /** Account or customer; empty where neither is known. */
  name: string;
  /** What the later one would be too much. */
  at_risk: Amount;
  /** "3 days apart", "on one day". */
  apart: string;
  /** "same customer, same items". */
  evidence: string;
  /** Who said that they are two, and why; `null` while nobody did. */
  cleared: string | null;
};

/** A person's word on one pair. */
export type PairWord = {
  scope: Scope;
  first: string;
  second: string;
  /** They are two; false takes such a word back. */
  cleared: boolean;
  reason: string;
};

/** All pairs of a company. */
export type PairsView = {
  /** What is listed, and how much is at risk. */
  sentence: string;
  /** Pairs that nobody has cleared. */
  open: number;
  /** Open pairs first, documents before deals. */
  rows: Array<PairRow>;
  /** Pairs beyond those that are listed. */
  more: number;
};

export type PaperChoice = "a4" | "letter";

/** A pasted address. */
export type PasteParams = { address: string };

/** A month of the scope bar. */
export type PeriodChoice = { label: string, as_of: string };

/** One kind of record. */
export type Permission = {
  what: string;
  reads: boolean;
  writes: boolean;
  /** Why not, and what to do; empty where nothing is missing. */
  remedy: string;
};

/** Who decides here. */
export type Person = {
  name: string;
  /** "Preparer". */
  role: string;
};

/** A piece of a sentence, so that amounts can be set as figures and hidden. */
export type PhrasePart =
  | { kind: "text", text: string }
  | { kind: "amount", amount: Amount, tone: AmountTone, target: Target | null }
  | { kind: "id", text: string, target: Target | null };

/** A short list, with what to do about an open row. */
export type PlainMapping = { open: number, rows: Array<PlainMappingRow> };

/** One tax code or currency of one company. */
export type PlainMappingRow = {
  id: string;
  name: string;
  company: string;
  maps_to: string;
  status: Status;
  deals: number;
  amounts: Array<Amount>;
  remedy: string;
  target: Target | null;
};

/** What changes; the rest stays. */
export type PreferenceChange = {
  theme?: Theme;
  density?: Density;
  negative?: NegativeStyle;
  single_keys?: boolean;
  hide_amounts?: boolean;
  autostart?: boolean;
  keep_in_tray?: boolean;
  schedule?: Schedule;
  paper?: PaperChoice;
  notify?: Notices;
  person?: string;
  saved_views?: Array<SavedView>;
};

/** Everything that is kept for this computer. What an older version did not know is preset. */
export type Preferences = {
  theme: Theme;
  density: Density;
  negative: NegativeStyle;
  single_keys: boolean;
  hide_amounts: boolean;
  autostart: boolean;
  keep_in_tray: boolean;
  schedule: Schedule;
  paper: PaperChoice;
  notify: Notices;
  /** Who decides here; empty: the name of this computer's account. */
  person: string;
  saved_views: Array<SavedView>;
};

/** One product in full. */
export type ProductDetail = {
  status: Status;
  sentence: string;
  waits: Array<ProductWait>;
  waits_totals: Array<ProvedAmount>;
  candidates: Array<ItemCandidate>;
  remedy: string;
};

/** The item of a product in one company. */
export type ProductItem = {
  code: string | null;
  /** `null`: mapped. */
  status: Status | null;
};

/** Products and their items. */
export type ProductMapping = {
  /** Products that still wait. */
  open: number;
  coverage: Array<Coverage>;
  companies: Array<MappingCompany>;
  rows: Array<ProductRow>;
  /** One per currency; currencies are never added. */
  totals: Array<ProductTotal>;
};

/** One product. */
export type ProductRow = {
  id: string;
  code: string;
  name: string;
  /** One per company. */
  items: Array<ProductItem>;
  /** Lines of won deals up to the day. */
  won: Array<Amount>;
  /** Contracts of the deals that it stops. */
  blocked: Array<Amount>;
  /** Lines of open Opportunities; `null` where none were read. */
  at_risk: Array<Amount> | null;
  detail: ProductDetail;
};

/** A totals row. */
export type ProductTotal = {
  currency: string;
  won: Amount;
  won_proof: Proof;
  blocked: Amount;
  blocked_proof: Proof;
  marks: Array<string>;
};

/** Money that waits for a product. */
export type ProductWait = { label: string, note: string, amount: Amount, target: Target };

/** How far a task is. */
export type ProgressView = {
  task: string;
  stage: string;
  /** "Reading invoices from quickbooks". */
  sentence: string;
  done: number | null;
  of: number | null;
};

/**
 * What the rule under a total says. `agreed`: re-added here and agreed to its source, a double
 * rule. `unproved`: a dashed rule. `sum`: re-added here, and there is nothing to compare it with.
 */
export type Proof = "agreed" | "unproved" | "sum";

/** How many of the printed totals were agreed to their source. */
export type ProofLine = { text: string, proved: boolean };

/** A proposal, as arithmetic. */
export type ProposalProof = {
  sentence: Array<PhrasePart>;
  terms: Array<ProposalTerm>;
  leaves: string;
  proof: Proof;
};

/** One term of a proposal's arithmetic: the first, less each of the others. */
export type ProposalTerm = { amount: string, label: string };

/** Something to look at before confirming. */
export type ProposalWarning = { tone: Tone, glyph: string, text: string };

/** A line of a proposed invoice. */
export type ProposedLineView = { item: string, amount: string };

/** A total of a proposed invoice. */
export type ProposedTotal = { amount: string, proof: Proof };

/** A printed total. */
export type ProvedAmount = { amount: Amount, proof: Proof };

/** A total with what its rule says. */
export type ProvedTotal = { amount: string, proof: Proof, marks: Array<string> };

/** A record that could not be read: it is kept whole and enters no figure. */
export type QuarantineRow = {
  id: string;
  source: string;
  /** "invoice 2040". */
  record: string;
  why: string;
  since: string;
  remedy: string;
};

/** What the bridge covers, ending with the as-of day. */
export type Range = "month" | "quarter" | "year";

/** Stands in every document with figures: a total without it could be taken for the whole. */
export type ReadingView = {
  /** Every feed was read to its end, no record is kept aside, and nothing is disconnected. */
  complete: boolean;
  /** When the run that fetched the control totals ended. */
  read_at: string | null;
  gaps: Array<LackView>;
};

/** One bar of the differences by reason. */
export type ReasonBar = {
  label: string;
  amount: string;
  /** Ends of the bar in per mille of the width. */
  from: number;
  to: number;
};

/** A reason that a person may choose. */
export type ReasonChoice = { code: string, label: string };

/** A footed total of the bars. */
export type ReasonTotal = { amount: string, proof: Proof };

/** Reply of each local decision. */
export type Receipt = {
  /** What was done, for the toast. */
  said: string;
  /** Whether `undo` takes it back. */
  undo: boolean;
};

/** How many rows each grid has. */
export type ReceivablesCounts = { accounts: number, invoices: number, unapplied: number };

/** What is asked. */
export type ReceivablesParams = { scope: Scope, tab: ReceivablesTab, query: GridQuery };

/** The three grids of the screen. */
export type ReceivablesTab = "accounts" | "invoices" | "unapplied";

/** The screen with one of its grids. */
export type ReceivablesView = {
  sentence: Array<PhrasePart>;
  counts: ReceivablesCounts;
  accounts: GridPage<AccountRow> | null;
  invoices: GridPage<InvoiceRow> | null;
  unapplied: GridPage<UnappliedRow> | null;
};

/** One compared deal. */
export type ReconRow = {
  /** Id of the Opportunity. */
  key: string;
  /** Without the legal form. */
  account: string;
  name: string;
  /** `null`: the deal's amount is unknown. */
  expected: string | null;
  billed: string | null;
  /** Billed less expected. */
  difference: string | null;
  currency: string;
  reason: Status;
  /** Code of the proposal that `accept_reason` takes. */
  proposed: string | null;
  owner: string;
  note: string;
  age_days: number | null;
  target: string | null;
  proof: ProposalProof | null;
  decidable: boolean;
  documents: Array<LinkedNumber>;
  links: Array<OpenIn>;
};

/** What is asked. */
export type ReconciliationParams = { scope: Scope, query: GridQuery };

/** The screen. */
export type ReconciliationView = {
  sentence: Array<PhrasePart>;
  verdicts: Array<VerdictCount>;
  grid: GridPage<ReconRow>;
  reasons: Array<ReasonChoice>;
  /** Who owns an item already, and who decides here. */
  people: Array<string>;
};

/** What creating would do with the last three months. */
export type RehearsalView = {
  connection: string;
  /** "1 Apr to 30 Jun 2026, 34 won deals"; empty for a CRM, where nothing is created. */
  period: string;
  /** What will be possible afterwards, and what never happens by itself. */
  promise: string;
  /** They add up to `won`. */
  fates: Array<RehearsedFate>;
  won: RehearsedWon;
  to_create: RehearsedCreate;
  gates: Array<RehearsedGate>;
  /** Each deal, those that would get an invoice first, then those that are stopped. */
  deals: Array<RehearsedDeal>;
  /** Deals beyond those that are listed. */
  more: number;
};

/** Documents that would be created now, with their net. */
export type RehearsedCreate = { documents: number, net: Array<Amount> };

/** One won deal and what creating would do with it. */
export type RehearsedDeal = {
  opportunity: string;
  name: string;
  /** One of the fates. */
  fate: string;
  /** Net of the invoice that it would get, else its contract; `null`: it has no amount. */
  amount: Amount | null;
  /** What stops it, or the documents that it has. */
  note: string;
};

/** Deals with one fate. */
export type RehearsedFate = { id: string, label: string, deals: number, amounts: Array<Amount> };

/** A gate that stops deals. */
export type RehearsedGate = { code: string, sentence: string, deals: number };

/** All won deals of the time. */
export type RehearsedWon = { deals: number, amounts: Array<ProvedAmount> };

/** What helps. */
export type RemedyAction = "hand_off" | "open_again" | "copy_link" | "paste" | "none";

/** What a person may see instead of a consent page. */
export type RemedyId =
  | "not_installed"
  | "other_company"
  | "denied"
  | "nothing"
  | "vpn"
  | "not_admin"
  | "redirect"
  | "scope"
  | "limit";

/** What a person decides about an effect. */
export type ResolveEffect = {
  key: string;
  decision: ChoiceId;
  /** Of the document, for `found`. */
  number: string | null;
  reason: string;
};

/** Deals with one verdict. */
export type ResultRow = {
  id: string;
  label: string;
  deals: number;
  /** `null`: the amount of one of the deals is unknown. */
  net: Amount | null;
  absolute: Amount | null;
  target: Target;
};

/** All deals that were compared. */
export type ResultTotal = {
  deals: number;
  net: Amount;
  absolute: Amount;
  proof: Proof;
  marks: Array<string>;
};

/** A field that changed since the deal was read before. */
export type ResyncChange = { field: string, system: string, before: string, after: string };

/** What resyncing does, or why it cannot be done. */
export type ResyncHint = { hint: string, closed: string | null };

/** What reading one deal again came to. */
export type ResyncView = {
  changed: boolean;
  sentence: string;
  changes: Array<ResyncChange>;
  /** What could not be read. */
  failure: FailureView | null;
};

/** Which retry helps. */
export type Retry = { kind: "run" } | { kind: "resync", opportunity: string } | { kind: "none" };

/** Records of one feed. */
export type RunFeed = {
  connection: string;
  feed: string;
  records: number;
  new: number;
  changed: number;
  deleted: number;
};

/** What a run could not read. */
export type RunGap = { code: string, what: string, remedy: string };

/** One run. */
export type RunRow = {
  run: string;
  /** "09:30", with the day where it was not today. */
  at: string;
  status: Status;
  /** "1 min 12 s"; empty while it runs. */
  took: string;
  /** What is missing; empty where nothing is. */
  note: string;
  /** "58 requests, 351 records, 2 changed". */
  counts: string;
  feeds: Array<RunFeed>;
  gaps: Array<RunGap>;
};

/** What is under way. */
export type RunningTask = {
  task: string;
  name: string;
  /** Dates that it covers; empty where it covers all. */
  period: string;
  done: number | null;
  of: number | null;
  sentence: string;
  /** Time left; empty while nobody can say. */
  left: string;
  /** What it does not affect, and what cancelling keeps. */
  promise: string;
};

/** A view of a list that a person named. */
export type SavedView = {
  screen: string;
  name: string;
  /** Fields of the address: columns, sort, filters, text. */
  search: { [key in string]: string };
};

/** Minutes between two runs while the program is open. */
export type Schedule = "off" | "every15" | "every30" | "every60" | "every240";

/** When the program runs by itself. */
export type ScheduleView = {
  every: Every;
  /** "next 10:00"; empty where nothing is planned. */
  next: string;
  /** A run that a sleeping computer missed is made up for. */
  catch_up: boolean;
  status: Status;
};

/** Which company, as of which day, as known when. The period is the month of `as_of`. */
export type Scope = {
  /** Name of the ledger connection; `null`: the only one. */
  ledger: string | null;
  /** ISO date. */
  as_of: string;
  /** RFC 3339 instant; `null`: now. */
  known_at: string | null;
};

/** Parameters of a screen that needs the scope alone. */
export type ScopeParams = { scope: Scope };

/** Points of a scored match. */
export type ScorePoint = { field: string, points: string };

/** What is selected. */
export type SelectionParams = { amounts: Array<Amount> };

/** Currencies are never added to each other. */
export type SelectionSum = {
  count: number;
  /** One per currency, by code. */
  sums: Array<Amount>;
  /** Where everything is in one currency. */
  average: Amount | null;
};

/** Changes of one company's limits; what is not named stays. */
export type SetLimits = { ledger: string, changes: LimitChanges, reason: string };

/** Which switch, and whether it is confirmed. */
export type SetWriting = { connection: string, on: boolean, confirm: boolean };

/** What switching came to: first what it would do, then that it is done. */
export type SetWritingReply =
  | { kind: "rehearsal", rehearsal: RehearsalView }
  | { kind: "done", receipt: Receipt };

/** Everything of this workspace that can be set. */
export type SettingsView = {
  workspace: Array<Fact>;
  limits: LimitsView;
  schedule: ScheduleView;
  data: Array<Fact>;
  about: Array<Fact>;
};

/** What Salesforce is told. */
export type ShownField = {
  label: string;
  text: string | null;
  amount: string | null;
  marks: Array<string>;
};

/** The figures on the Account's page. */
export type ShownFields = { note: string, rows: Array<ShownField> };

/** One row of "What do you see in the browser?". */
export type SignInRemedy = {
  id: RemedyId;
  /** The exact texts as the browser shows them. */
  seen: Array<string>;
  title: string;
  sentence: string;
  action: RemedyAction;
  /** The page came back with this error: the row is open. */
  hit: boolean;
};

/** The differences below the limit, together. */
export type SmallDifferences = {
  label: string;
  net: string;
  absolute: string;
  materiality: string;
  status: Status;
};

/** One key of a sort. */
export type SortKey = { column: string, descending: boolean };

/** Shape, word and colour, always the three together. */
export type Status = {
  /**
   * Name of a glyph of the design's table: `tick`, `ring`, `half`, `late`, `missing`, `blocked`,
   * `unknown`, `incomplete`, `twice`, `suspended`, `running`, `flag`, `excluded`, `ahead`.
   */
  glyph: string;
  word: string;
  tone: Tone;
};

/** One cell of the status bar. */
export type StatusCell = {
  parts: Array<StatusPart>;
  glyph: string | null;
  /** Left out first where the window is narrow. */
  minor: boolean;
};

/** A text of the status bar whose figures stand out. */
export type StatusPart = { text: string, strong: boolean };

/** How a step of a bridge is drawn. */
export type StepKind = "total" | "step" | "missing" | "blocked" | "unknown";

/** Where a step stands. */
export type StepState = "done" | "now" | "later" | "failed";

/** A system that can be connected. */
export type System = "salesforce" | "quickbooks" | "xero";

/** What a reply rests on. A change of a tag makes every reply that reads it stale. */
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

/** A place in the window. The window turns it into an address. */
export type Target = {
  /**
   * `overview`, `receivables`, `deals`, `reconciliation`, `workpapers`, `activity`,
   * `connections` or `settings`.
   */
  screen: string;
  /** Tab or saved view, `null` for the first. */
  view: string | null;
  /** Id of the record whose drawer opens. */
  record: string | null;
  /** Company and day to look at; `null` leaves the scope as it is. */
  ledger: string | null;
  as_of: string | null;
};

export type Theme = "system" | "light" | "dark";

/** One tie-out of one company. */
export type TieOutCell = {
  /** `null` where the source could not be asked; then `status` says why. */
  difference: Amount | null;
  status: Status;
  /** `[E]`, printed in place of the glyph. */
  marks: Array<string>;
  proof: Proof;
  target: Target;
};

/** One company with its books. */
export type TieOutColumn = { ledger: string, label: string, workpaper: Status, target: Target };

/** What one line compares. */
export type TieOutLine = {
  /** "QuickBooks: invoices". */
  source_name: string;
  /** Empty where nothing is counted. */
  source_count: string;
  /** `null`: the source stated none. */
  source: Amount | null;
  held_count: string;
  held: Amount;
  difference: Amount | null;
  status: Status;
};

/** One of the five, one cell per company. */
export type TieOutRow = { id: string, name: string, cells: Array<TieOutCell> };

/** The table of tie-outs. */
export type TieOutsView = {
  /** "Tie-outs, June". */
  title: string;
  /** "source less ours, USD". */
  note: string;
  columns: Array<TieOutColumn>;
  /** T1 to T5, one cell per column in the same order. */
  rows: Array<TieOutRow>;
};

/** One line of the timeline. */
export type TimelineEvent = {
  /** "6 May 16:02", "26 Jun". */
  when: string;
  glyph: string;
  tone: Tone;
  sentence: Array<PhrasePart>;
  second: Array<PhrasePart> | null;
  amount: string | null;
  gates: Array<GateWord>;
  /** Shown once the rest is opened. */
  minor: boolean;
};

/** Which of the semantic colours; shape and word carry the meaning as well. */
export type Tone = "ok" | "warn" | "bad" | "unsure" | "soft";

/** One figure of a totals row. */
export type TotalCell = { column: string, amount: string, proof: Proof };

/** One month end. */
export type TrendPoint = {
  label: string;
  /** "30 Jun 2026". */
  date: string;
  /** "54.28"; "n/a" without a denominator. */
  value: string;
  best: string;
  /** `null`: the figure is n/a, and the line is interrupted. */
  share: string | null;
  best_share: string | null;
  target: Target | null;
};

/** A figure over several month ends. */
export type TrendView = {
  title: string;
  /** "Alder Quay Instruments, month end". */
  note: string;
  /** Stated, because the axis does not begin at zero: "axis from 25 to 61 days". */
  axis: string;
  points: Array<TrendPoint>;
  /** After the last figure: "days". */
  unit: string;
  best_label: string;
};

/** One of the two. */
export type TwinRecord = {
  id: string;
  /** Number of the document or reference of the deal, else its id. */
  name: string;
  dated: string;
  link: OpenIn;
};

/** A credit or a payment with something left. */
export type UnappliedRow = {
  key: string;
  kind: string;
  number: string;
  account: string;
  account_key: string;
  dated: string;
  total: string;
  /** Negative: it lowers what the customer owes. */
  unapplied: string;
  currency: string;
  note: string;
  links: Array<OpenIn>;
};

/** Deals of one verdict, for the strip above the grid. */
export type VerdictCount = {
  key: string;
  label: string;
  count: number;
  /** `total`, `limit`, `step`, `bad` or `unsure`. */
  look: string;
};

/** What anybody can check. */
export type VerifyLine = {
  /** "1,284 entries of the audit trail, unbroken". */
  sentence: string;
  /** The beginning of the report's content hash: "9b1e 44c7". */
  hash: string;
};

/** What a check came to. */
export type VerifyReply =
  | {
    "kind": "checked";
    status: Status;
    sentence: string;
    facts: Array<Fact>;
    /** SHA-256 of a file that was exported here; empty for any other. */
    hash: string;
  }
  | { kind: "closed" };

/** A count that waits for a person. */
export type WaitingCount = { screen: string, count: number, what: string };

/** Which limit is tried; `null`: the one in force. */
export type WhatIfParams = {
  scope: Scope;
  /** Decimal text. */
  limit: string | null;
};

/** What one limit flags. */
export type WhatIfRow = {
  limit: string;
  items: number;
  net: string;
  absolute: string;
  current: boolean;
};

/** The rail beside the worklist. */
export type WhatIfView = {
  ledger: string;
  currency: string;
  limit: string;
  note: string;
  stops: Array<string>;
  said: string;
  rows: Array<WhatIfRow>;
  always: string;
  small: SmallDifferences;
  by_reason: ByReason;
};

/** Deals by verdict. */
export type WorkpaperResults = {
  rows: Array<ResultRow>;
  /** `null`: nothing was due or billed. */
  total: ResultTotal | null;
};

/** One tie-out; T2 has several lines. */
export type WorkpaperTieOut = {
  id: string;
  name: string;
  lines: Array<TieOutLine>;
  marks: Array<string>;
  /** "09:30". */
  read: string;
  /** What stands under the lines. */
  explained: Array<ExplainedLine>;
};

/** The screen. */
export type WorkpaperView = {
  ledger: string;
  /** "Receivables workpaper, June 2026". */
  title: string;
  /** Entity, books, basis, workpaper, version. */
  meta: Array<Fact>;
  status: Status;
  conclusion: Array<PhrasePart>;
  tie_outs: Array<WorkpaperTieOut>;
  results: WorkpaperResults;
  roll_forward: MovementTable;
  /** The table of T5, and its picture where it can be drawn. */
  backlog: MovementTable;
  backlog_bridge: BridgeView | null;
  /** Small differences within the limit, with their share of materiality. */
  tolerated: Array<PhrasePart>;
  /** Sections of the export with their counts. */
  contents: Array<ContentsLine>;
  /** Filled where known-at was set back. */
  changes: ChangesView | null;
  verify: VerifyLine;
  reading: ReadingView;
};

/** The workspace that is open. */
export type WorkspaceName = {
  name: string;
  /** "sample", or empty. */
  note: string;
  sample: boolean;
};

/** Whether Tieout may write there. */
export type WritingSwitch = {
  on: boolean;
  sentence: string;
  /** Why it cannot be switched now. */
  closed: string | null;
};

export interface Params {
  preferences: Nothing;
  set_preferences: PreferenceChange;
  cancel_task: CancelTask;
  connect_forms: Nothing;
  connect_state: Nothing;
  connect_paste: PasteParams;
  connect_choose: ChooseParams;
  new_workspace: Nothing;
  app_state: Nothing;
  receivables: ReceivablesParams;
  deals: DealsParams;
  duplicates: ScopeParams;
  account: AccountParams;
  what_if: WhatIfParams;
  deal: DealParams;
  link_candidates: DealParams;
  reconciliation: ReconciliationParams;
  activity: Nothing;
  connections: Nothing;
  mapping: ScopeParams;
  network: Nothing;
  open_link: OpenLinkParams;
  settings: ScopeParams;
  overview: OverviewParams;
  workpaper: ScopeParams;
  find: FindParams;
  selection_sum: SelectionParams;
  open_sample: Nothing;
  close_sample: Nothing;
  run_now: Nothing;
  connect_start: ConnectStart;
  set_writing: SetWriting;
  disconnect: Disconnect;
  link_customer: CustomerWord;
  unlink_customer: CustomerWord;
  ask_now: AskNow;
  resolve_effect: ResolveEffect;
  export_report: ExportParams;
  verify_file: Nothing;
  set_limits: SetLimits;
  resync_deal: OneDeal;
  create_invoice: CreateParams;
  accept_reason: AcceptReason;
  give_reason: GiveReason;
  exclude_deal: ExcludeDeal;
  include_deal: IncludeDeal;
  clear_pair: PairWord;
  link: LinkParams;
  unlink: LinkParams;
  undo: Nothing;
  redo: Nothing;
}

export interface Reply {
  preferences: Preferences;
  set_preferences: Receipt;
  cancel_task: Receipt;
  connect_forms: ConnectFormsView;
  connect_state: ConnectState | null;
  connect_paste: ConnectState;
  connect_choose: ConnectState;
  new_workspace: Receipt;
  app_state: AppState;
  receivables: ReceivablesView;
  deals: DealsView;
  duplicates: PairsView;
  account: AccountView;
  what_if: WhatIfView;
  deal: DealView;
  link_candidates: LinkCandidates;
  reconciliation: ReconciliationView;
  activity: ActivityView;
  connections: ConnectionsView;
  mapping: MappingView;
  network: NetworkView;
  open_link: Receipt;
  settings: SettingsView;
  overview: OverviewView;
  workpaper: WorkpaperView;
  find: FindView;
  selection_sum: SelectionSum;
  open_sample: Receipt;
  close_sample: Receipt;
  run_now: Receipt;
  connect_start: ConnectState;
  set_writing: SetWritingReply;
  disconnect: Receipt;
  link_customer: Receipt;
  unlink_customer: Receipt;
  ask_now: Receipt;
  resolve_effect: Receipt;
  export_report: ExportReply;
  verify_file: VerifyReply;
  set_limits: Receipt;
  resync_deal: ResyncView;
  create_invoice: CreateView;
  accept_reason: Receipt;
  give_reason: Receipt;
  exclude_deal: Receipt;
  include_deal: Receipt;
  clear_pair: Receipt;
  link: Receipt;
  unlink: Receipt;
  undo: Receipt;
  redo: Receipt;
}

export type CommandName = keyof Params & keyof Reply;
