//! Every command and flag of `tieout`.

mod companies;
mod connect;
mod review;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use tieout_api::{Failure, commands};

pub use companies::{AssignArgs, CompaniesArgs};
pub use connect::{Brand, ConnectArgs, Numbers, Status};
pub use review::{
    DecideArgs, Decision, DuplicatesArgs, EffectsArgs, LeakageArgs, LinkArgs, RehearseArgs,
};

/// Salesforce and your accounting tool, agreed to the cent, on this computer.
///
/// Every command exits with 0 only when what it was asked is complete. With --json it prints one
/// JSON document on standard output; messages and logs go to standard error.
#[derive(Parser, Debug)]
#[command(name = "tieout", bin_name = "tieout", version, propagate_version = true)]
#[command(max_term_width = 100)]
#[command(after_help = "\
A first month:
  tieout demo --out report          see it on the sample company; connects to nothing real
  tieout connect salesforce --client-id KEY
  tieout connect quickbooks --client-id ID       or: tieout connect xero --client-id ID
  tieout sync                       read both and prove that nothing is missing
  tieout reconcile --as-of 2026-06-30
  tieout create --dry-run           which invoices are missing, and what blocks them
  tieout export --period 2026-06 --format xlsx --out june.xlsx

Exit codes: 0 complete, 1 incomplete or something needs a person, 2 the command was not understood
(TIE-1001), 3 failed with another code TIE-NNNN.")]
pub struct Cli {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub command: Command,
}

fn date(text: &str) -> Result<String, String> {
    checked(text, commands::check_date)
}

fn moment(text: &str) -> Result<String, String> {
    checked(text, commands::check_moment)
}

fn month(text: &str) -> Result<String, String> {
    checked(text, commands::check_month)
}

fn effect_state(text: &str) -> Result<String, String> {
    checked(text, commands::check_state)
}

fn effect_kind(text: &str) -> Result<String, String> {
    checked(text, commands::check_kind)
}

/// The text as it was typed, or why it is not one of its kind.
fn checked(text: &str, check: fn(&str) -> Result<(), Failure>) -> Result<String, String> {
    check(text).map(|()| text.to_owned()).map_err(|failure| failure.detail)
}

/// Heading of the flags that every command takes.
const COMMON: &str = "Common options";

/// Flags that every command takes.
#[derive(Args, Debug, Clone)]
pub struct Common {
    /// Folder of the workspace [default: the user's data folder, `tieout`].
    #[arg(long, global = true, value_name = "DIR", env = "TIEOUT_WORKSPACE")]
    #[arg(help_heading = COMMON)]
    pub workspace: Option<PathBuf>,
    /// Print one JSON document instead of text (`src-tauri/docs/cli.md` has its form).
    #[arg(long, global = true, help_heading = COMMON)]
    pub json: bool,
    /// Log more (-v, -vv). Logs never hold tokens, secrets or customer names.
    #[arg(short, long, global = true, action = clap::ArgAction::Count, help_heading = COMMON)]
    pub verbose: u8,
}

#[derive(Subcommand, Debug)]
pub enum Command {
    /// Run the sample company: connect, sync, create missing invoices, reconcile, write reports.
    ///
    /// Nothing leaves this computer: Salesforce and QuickBooks Online are simulated in the process.
    /// Run it twice: the second run creates nothing and writes nothing.
    #[command(after_help = "\
Prints what was created and written back, the five tie-outs, the results per deal, and the files.

Example:
  tieout demo --workspace /tmp/tour --out /tmp/tour-report")]
    Demo(DemoArgs),
    /// Simulated Salesforce, QuickBooks Online and Xero for trying things out.
    #[command(subcommand)]
    Sandbox(SandboxCommand),
    /// Sign in to Salesforce, QuickBooks Online or Xero through the browser.
    ///
    /// The sign-in is kept encrypted in the workspace. A new connection only reads; writing is
    /// turned on separately with `tieout connections --allow-writing NAME`.
    #[command(after_help = "\
Prints the name of the connection and the id of the organisation or company that was signed in to.

Examples:
  tieout connect salesforce --client-id CONSUMER_KEY
  tieout connect salesforce --client-id CONSUMER_KEY --base-url https://test.salesforce.com
  TIEOUT_CLIENT_SECRET=... tieout connect quickbooks --client-id ID --base-url sandbox
  tieout connect xero --client-id ID
  tieout connect xero --client-id ID --name uk --organisation 'Alder Quay UK Ltd'")]
    Connect(ConnectArgs),
    /// List connections, turn writing on or off, or disconnect.
    #[command(after_help = "\
Prints one line per connection: name, company, id, whether it may write, whether it is signed in.

Examples:
  tieout connections
  tieout connections --allow-writing quickbooks    Tieout may now create invoices there
  tieout connections --read-only quickbooks        and now it may not")]
    Connections(ConnectionsArgs),
    /// Which accounting company keeps which deals, and which won deals have none.
    ///
    /// Without rules a deal belongs to the only company that enables its currency. Where several
    /// could keep it, none does and nothing is billed, until `tieout assign` says which.
    #[command(after_help = "\
Prints per company and currency the won deals that it keeps; the rules and what people said of
single deals, with who and why; and each won deal that no company keeps, with the reason. Exits with
0 only if every won deal has a company.

Example:
  tieout companies --as-of 2026-06-30")]
    Companies(CompaniesArgs),
    /// Say which company keeps a deal, or set a rule that says it of many.
    ///
    /// A rule looks at `currency`, `type`, `record-type`, `billing-country`, `billing-state`, or a
    /// field as `deal.NAME`, `account.NAME`, `owner.NAME` (owner.UserRole.Name). A deal for which
    /// rules of two companies hold belongs to neither. What was billed in one company is never
    /// billed in another, whatever the rules say now. `,` separates values; `\,` is a comma.
    #[command(after_help = "\
Prints what was said, how many won deals changed their company, and those that have none now.

Examples:
  tieout assign --rule europe --company aq-eu --when billing-country=DE,AT,FR --reason 'as agreed'
  tieout assign --rule rest --company aq-us --reason 'all others'
  tieout assign --rule europe --undo --reason 'closed'
  tieout assign 0065g00000ABCdEAAX --company aq-eu --reason 'contract names it'
  tieout assign 0065g00000ABCdEAAX --undo --reason 'was a mistake'")]
    Assign(AssignArgs),
    /// Read what changed since the last run and compare counts and sums with the sources.
    ///
    /// What was promised earlier and is still open is asked about or sent, and changed figures are
    /// written back to Salesforce where writing is allowed.
    #[command(after_help = "\
Prints the records per feed; beside every count and sum that we hold, the one that the source itself
computed; the number of requests; and `Complete.` or `INCOMPLETE.` with each reason.

Examples:
  tieout sync
  tieout sync --period 2026-06      also compare the totals of June with the sources")]
    Sync(SyncArgs),
    /// Read one Opportunity and its invoices and payments again, and evaluate it.
    #[command(after_help = "\
Prints how the deal stands now: billing, cash, result, billed and open amount, and the requests.

Examples:
  tieout resync 0065g00000ABCdEAAX
  tieout resync https://acme.lightning.force.com/lightning/r/Opportunity/0065g00000ABCdEAAX/view")]
    Resync(ResyncArgs),
    /// Say what creating would do with the deals won in a time, before the first write.
    ///
    /// Works on what the last sync read, also where writing is off; promises and sends nothing.
    /// Every won deal has one fate, and the fates add up to the won total in every currency.
    #[command(after_help = "\
Prints per fate and currency how many deals it is and their contract amounts: create, blocked,
ambiguous, matched, promised, not due, excluded, elsewhere, unassigned; by which gate deals are
blocked, by which evidence documents were matched; and the deals that need a person.

Examples:
  tieout rehearse                   the last three full months
  tieout rehearse --from 2026-01-01 --to 2026-06-30")]
    Rehearse(RehearseArgs),
    /// Create the missing invoices of Closed Won deals, each exactly once.
    ///
    /// A deal is invoiced only when every check (gate) is open: won, one currency, an item for each
    /// product, a customer, no invoice yet, no closed period. It can be stopped at any moment and
    /// run again: no deal gets a second invoice.
    #[command(after_help = "\
Prints one line per deal: its amount before tax, and whether it was created, is ready, or is blocked
by which gate and what opens it; then what all that are still to be created come to. More than
--limit are refused as a whole (TIE-4008).

Examples:
  tieout create --dry-run           look first: nothing is created
  tieout create                     every deal that is ready
  tieout create 0065g00000ABCdEAAX  only this one
  tieout create 0065g00000ABCdEAAX --further
                                    its invoice was voided: make another")]
    Create(CreateArgs),
    /// Compare deals with billing and cash, and prove it with five tie-outs.
    ///
    /// Works on what the last sync read; sends nothing. The default period is the last full month.
    #[command(after_help = "\
Prints the five tie-outs with both sides and their difference, how many deals agree, are explained
or need a person, those deals one by one, and a conclusion. Exits with 0 only if all tie-outs hold.

Examples:
  tieout reconcile --as-of 2026-06-30
  tieout reconcile --as-of 2026-06-30 --known-at 2026-07-02T17:40-07:00
                                    the same day, as it was known when the month was signed")]
    Reconcile(ReconcileArgs),
    /// What customers owe, per Salesforce Account and by age.
    #[command(after_help = "\
Prints one line per Account and currency: not due, 1-30, 31-60, 61-90 and over 90 days overdue,
payments and credits not applied to any invoice, and the total.

Examples:
  tieout ar --as-of 2026-06-30
  tieout ar --format csv > receivables.csv")]
    Ar(GridArgs),
    /// Closed Won deals that are not fully paid.
    #[command(after_help = "\
Prints one line per deal with four figures: not invoiced (before tax), and open and not due,
part-paid, and overdue (all with tax); then the totals per currency.

Examples:
  tieout deals --as-of 2026-06-30
  tieout deals --all --format csv > deals.csv")]
    Deals(DealsArgs),
    /// What needs a person: variances, blocked deals, unreadable records, unknown outcomes.
    #[command(after_help = "\
Prints one line per matter: kind, code, record, Account, amount, and what it is about. With --json
also what to do about each. Exits with 0 only if nothing needs a person.

Example:
  tieout exceptions --as-of 2026-06-30")]
    Exceptions(GridArgs),
    /// Closed Won, due, and never invoiced when the grace days were over.
    #[command(after_help = "\
Prints one line per deal, by currency and the largest amount first: Account, close date, age, what
is due and not invoiced (before tax), and why: the gate that stops it, or READY where nothing does;
then the totals per currency. Exits with 1 if there is one.

Examples:
  tieout leakage
  tieout leakage --as-of 2026-06-30 --part")]
    Leakage(LeakageArgs),
    /// Pairs of invoices, and of won deals, that may be there twice.
    ///
    /// The same amount within seven days: of two documents for the same customer or deal, of two
    /// deals of the same Account. Void and deleted documents are left out, and documents that bill
    /// different deals.
    #[command(after_help = "\
Prints one line per pair: both numbers, dates, amount at risk, what they have in common, and who
cleared it. Exits with 1 if nobody has cleared one.

Examples:
  tieout duplicates
  tieout duplicates --clear 2278 2279 --reason 'two deliveries, two orders'
  tieout duplicates --reopen 2278 2279 --reason 'it was one order'")]
    Duplicates(DuplicatesArgs),
    /// Say which invoice belongs to a deal, or which customer its Account is.
    ///
    /// Answers the gates that ask a person: POSSIBLE_INVOICE, CUSTOMER_AMBIGUOUS and
    /// PROBABLE_DUPLICATE. Who says it and why go into the audit trail; no invoice or customer is
    /// changed. Of several customers that are linked, the one that was linked last is billed.
    #[command(after_help = "\
Prints what was said, the gates that it opened, and those that still stop the deal.

Examples:
  tieout link 0065g00000ABCdEAAX --invoice 1042 --reason 'billed by hand in June'
  tieout link 0065g00000ABCdEAAX --invoice 1042 --not --reason 'that one is for the training'
  tieout link 0065g00000ABCdEAAX --customer 58 --reason 'same tax certificate'
  tieout link 0065g00000ABCdEAAX --customer 58 --undo --reason 'was a mistake'")]
    Link(LinkArgs),
    /// Accept a reason for a deal's variance, or leave a deal out with a reason.
    ///
    /// The decision, who made it and why go into the audit trail. It changes no invoice.
    #[command(after_help = "\
Prints the deal and what is now decided about it.

Examples:
  tieout decide 0065g00000ABCdEAAX --accept CUTOFF --note 'invoiced on 2 July'
  tieout decide 0065g00000ABCdEAAX --withdraw CUTOFF --note 'was voided since'
  tieout decide 0065g00000ABCdEAAX --exclude 'intercompany'
  tieout decide 0065g00000ABCdEAAX --include 'sold to a third party after all'")]
    Decide(DecideArgs),
    /// Write the workpaper of a month as PDF, Excel workbook or CSV files.
    ///
    /// The file's hash is recorded in the audit trail: `tieout verify FILE` tells later whether the
    /// file is still the one that was written.
    #[command(after_help = "\
Prints the path, size and SHA-256 hash of each file. Exits with 1 if a total in it is not proved:
the file is written all the same, marked as unproved, and the reasons are printed.

Examples:
  tieout export --period 2026-06 --format pdf --out june.pdf
  tieout export --period 2026-06 --format csv --out june-csv")]
    Export(ExportArgs),
    /// Check that the workspace and its audit trail, or an exported file, were not changed.
    #[command(after_help = "\
Prints how many audit entries follow from each other and, for a file, its hash.

Examples:
  tieout verify                     the workspace file, and its audit trail entry by entry
  tieout verify june.pdf            is this the file that was exported?")]
    Verify(VerifyArgs),
    /// Everything that Tieout promised to write in a connected system, and what became of it.
    ///
    /// An effect is promised (`intended`), then `sent`, then `confirmed`, `rejected` or, when no
    /// answer came, `unknown`: then the tool is asked whether the document exists before anything
    /// is sent again.
    #[command(after_help = "\
Prints one line per effect: whole key, kind, Opportunity, state, when it is asked about next,
result; `adopted` beside a result that was found and not created. With a KEY in words what was sent,
when, what was asked and found, when it is asked next, what a person may decide now and what each
choice does and risks; then every step with its time. With --waiting one line per effect that needs
a person or waits, with amount and age. Exits with 0 only if every effect that is shown is settled.

Examples:
  tieout effects
  tieout effects --waiting
  tieout effects --kind document --state unknown
  tieout effects TIE-X7E3SVACC4K5GTKP
  tieout effects --ask              ask now about every unknown outcome
  tieout effects --resolve KEY --decision send-again --reason 'looked in QuickBooks: not there'")]
    Effects(EffectsArgs),
    /// Print a completion script for a shell.
    #[command(after_help = "\
Example:
  tieout completions bash > ~/.local/share/bash-completion/completions/tieout")]
    Completions { shell: clap_complete::Shell },
}

impl Command {
    /// Whether the command may run beside an instance that writes.
    pub fn only_reads(&self) -> bool {
        match self {
            Self::Reconcile(_)
            | Self::Ar(_)
            | Self::Deals(_)
            | Self::Exceptions(_)
            | Self::Rehearse(_)
            | Self::Leakage(_)
            | Self::Companies(_)
            | Self::Verify(_) => true,
            Self::Duplicates(args) => args.clear.is_none() && args.reopen.is_none(),
            Self::Effects(args) => !args.ask && args.resolve.is_none(),
            Self::Connections(args) => {
                args.allow_writing.is_none()
                    && args.read_only.is_none()
                    && args.disconnect.is_none()
            }
            _ => false,
        }
    }
}

#[derive(Args, Debug)]
pub struct DemoArgs {
    /// Folder for the PDF, XLSX and CSV files.
    #[arg(long, value_name = "DIR", default_value = "tieout-demo")]
    pub out: PathBuf,
}

#[derive(Subcommand, Debug)]
pub enum SandboxCommand {
    /// Serve the simulators on this computer until the process is told to stop.
    #[command(after_help = "\
Prints one JSON line with the addresses and the credentials of both simulators, and a control
address for faults, edits and truth; then serves until Ctrl-C or SIGTERM. Nothing is kept.

Example:
  tieout sandbox serve --tls-certificate cert.pem")]
    Serve(ServeArgs),
}

#[derive(Args, Debug)]
pub struct ServeArgs {
    /// Address to listen on; port 0 takes free ports.
    #[arg(long, default_value = "127.0.0.1:0", value_name = "ADDRESS")]
    pub listen: std::net::SocketAddr,
    /// Seed of generated ids; the sample company itself is always the same.
    #[arg(long, default_value_t = 0)]
    pub seed: u64,
    /// Also listen with TLS and write the self-signed certificate to this file.
    #[arg(long, value_name = "FILE")]
    pub tls_certificate: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub struct ConnectionsArgs {
    /// Let Tieout write there: create invoices, or put figures on Accounts and Opportunities.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["read_only", "disconnect"])]
    pub allow_writing: Option<String>,
    /// Let Tieout only read there.
    #[arg(long, value_name = "NAME", conflicts_with = "disconnect")]
    pub read_only: Option<String>,
    /// End the sign-in at the tool and forget it here; the figures that were read stay.
    #[arg(long, value_name = "NAME")]
    pub disconnect: Option<String>,
}

#[derive(Args, Debug)]
pub struct SyncArgs {
    /// Only this connection.
    #[arg(long, value_name = "NAME")]
    pub connection: Option<String>,
    /// Read everything again, not only what changed. Nothing is lost or doubled by it.
    #[arg(long)]
    pub full: bool,
    /// Month whose totals are compared, `2026-06` [default: the last full month].
    #[arg(long, value_name = "MONTH", value_parser = month)]
    pub period: Option<String>,
}

#[derive(Args, Debug)]
pub struct ResyncArgs {
    /// 15- or 18-character id of the Opportunity, or the address of its page.
    pub opportunity: String,
    /// Also create its invoice if it is missing and nothing blocks it.
    #[arg(long)]
    pub create: bool,
    /// Which accounting company, by the name of its connection [default: the only one].
    #[arg(long, value_name = "NAME")]
    pub ledger: Option<String>,
}

#[derive(Args, Debug)]
pub struct CreateArgs {
    /// Ids or page addresses of Opportunities; none means every deal that is ready.
    pub opportunities: Vec<String>,
    /// Bill the named deals once more: their earlier invoices were all voided, deleted or credited
    /// in full.
    #[arg(long, requires = "opportunities")]
    pub further: bool,
    /// Only say what would be created and what is blocked.
    #[arg(long)]
    pub dry_run: bool,
    /// Refuse to create anything if more invoices than this are missing; a higher number confirms
    /// a larger run.
    #[arg(long, value_name = "COUNT", default_value_t = 25)]
    pub limit: u32,
    /// In which accounting company, by the name of its connection [default: the only one].
    #[arg(long, value_name = "NAME")]
    pub ledger: Option<String>,
}

#[derive(Args, Debug)]
pub struct ReconcileArgs {
    #[command(flatten)]
    pub frame: FrameArgs,
}

/// As of which day, and as known when.
#[derive(Args, Debug, Clone)]
pub struct FrameArgs {
    /// Day the figures stand at, `2026-06-30` [default: end of the last full month].
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub as_of: Option<String>,
    /// As it was known at this moment: later entries and changes are left out,
    /// `2026-07-02T17:40-07:00` [default: now].
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub known_at: Option<String>,
    /// Which accounting company, by the name of its connection [default: the only one].
    #[arg(long, value_name = "NAME")]
    pub ledger: Option<String>,
}

/// Form of a grid.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum GridFormat {
    #[default]
    Table,
    Csv,
}

#[derive(Args, Debug)]
pub struct GridArgs {
    #[command(flatten)]
    pub frame: FrameArgs,
    /// Table for reading, or CSV for a spreadsheet or a program: plain figures, a currency column,
    /// ids, no totals.
    #[arg(long, value_enum, default_value_t)]
    pub format: GridFormat,
}

#[derive(Args, Debug)]
pub struct DealsArgs {
    #[command(flatten)]
    pub grid: GridArgs,
    /// Every Closed Won deal, not only unpaid ones.
    #[arg(long)]
    pub all: bool,
}

/// File forms of an export.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    Pdf,
    Xlsx,
    Csv,
}

/// Paper of a PDF.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Paper {
    #[default]
    A4,
    Letter,
}

#[derive(Args, Debug)]
pub struct ExportArgs {
    /// Month, `2026-06`.
    #[arg(long, value_name = "MONTH", value_parser = month)]
    pub period: String,
    /// PDF to sign, workbook to work with, or CSV files for other programs.
    #[arg(long, value_enum)]
    pub format: ExportFormat,
    /// File to write; for CSV a folder.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// Paper of the PDF.
    #[arg(long, value_enum, default_value_t)]
    pub paper: Paper,
    /// As it was known at this moment, `2026-07-02T17:40-07:00` [default: now].
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub known_at: Option<String>,
    /// Which accounting company, by the name of its connection [default: the only one].
    #[arg(long, value_name = "NAME")]
    pub ledger: Option<String>,
}

#[derive(Args, Debug)]
pub struct VerifyArgs {
    /// An exported file; without one the workspace itself is checked.
    pub file: Option<PathBuf>,
}
