//! Every command and flag of `tieout`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Salesforce and your accounting tool, agreed to the cent, on this computer.
///
/// Every command exits with 0 only when what it was asked is complete. With --json it prints one
/// JSON document on standard output; messages and logs go to standard error.
#[derive(Parser, Debug)]
#[command(name = "tieout", version, propagate_version = true, max_term_width = 100)]
#[command(after_help = "\
Examples:
  tieout demo --out report          the sample company from start to reconciled month
  tieout connect salesforce         sign in through the browser
  tieout sync                       read what changed and prove that nothing is missing
  tieout reconcile --as-of 2026-06-30
  tieout export --period 2026-06 --format xlsx --out june.xlsx")]
pub struct Cli {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub command: Command,
}

/// Flags that every command takes.
#[derive(Args, Debug, Clone)]
pub struct Common {
    /// Folder of the workspace [default: the user's data folder, `tieout`].
    #[arg(long, global = true, value_name = "DIR", env = "TIEOUT_WORKSPACE")]
    pub workspace: Option<PathBuf>,
    /// Print one JSON document instead of text (`src-tauri/docs/cli.md` has its form).
    #[arg(long, global = true)]
    pub json: bool,
    /// Log more (-v, -vv). Logs never hold tokens, secrets or customer names.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

#[derive(Subcommand, Debug)]
pub enum Command {
    /// Run the sample company: connect, sync, create missing invoices, reconcile, write reports.
    Demo(DemoArgs),
    /// Simulated Salesforce and QuickBooks Online for trying things out.
    #[command(subcommand)]
    Sandbox(SandboxCommand),
    /// Sign in to a system through the browser, or with given credentials.
    Connect(ConnectArgs),
    /// List connections, turn writing on or off, or disconnect.
    Connections(ConnectionsArgs),
    /// Read what changed since the last run and compare counts and sums with the sources.
    Sync(SyncArgs),
    /// Read and evaluate exactly one Opportunity, end to end.
    Resync(ResyncArgs),
    /// Create the missing invoices of Closed Won deals, each exactly once.
    Create(CreateArgs),
    /// Compare deals with billing and cash, and prove it with five tie-outs.
    Reconcile(ReconcileArgs),
    /// Receivables per Account with aging.
    Ar(GridArgs),
    /// Closed Won deals that are not fully paid.
    Deals(DealsArgs),
    /// What needs a person: variances, blocked deals, quarantine, unknown outcomes.
    Exceptions(GridArgs),
    /// Accept a reason for a deal's variance, or leave a deal out with a reason.
    Decide(DecideArgs),
    /// Write the workpaper of a period.
    Export(ExportArgs),
    /// Check the audit trail of a workspace, or an exported file against its recorded hash.
    Verify(VerifyArgs),
    /// Every promised side effect and its history.
    Effects(EffectsArgs),
    /// Print a completion script for a shell.
    Completions { shell: clap_complete::Shell },
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

/// Systems that can be connected.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Brand {
    Salesforce,
    Quickbooks,
}

#[derive(Args, Debug)]
pub struct ConnectArgs {
    pub brand: Brand,
    /// Name of the connection [default: the brand].
    #[arg(long)]
    pub name: Option<String>,
    /// Base address of the sign-in and interface, for a sandbox or a simulator.
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// Client id of the app in the customer's own org or developer account.
    #[arg(long, env = "TIEOUT_CLIENT_ID")]
    pub client_id: Option<String>,
    /// Client secret; better given in the environment than on the command line.
    #[arg(long, env = "TIEOUT_CLIENT_SECRET", hide_env_values = true)]
    pub client_secret: Option<String>,
    /// Address of an https page that forwards to this computer, for tools that refuse loopback.
    #[arg(long, value_name = "URL")]
    pub relay: Option<String>,
    /// Open no browser: print the address as one JSON line and wait for the redirect.
    #[arg(long)]
    pub print_url: bool,
    /// Finish by hand: read the address that the browser ended on from standard input.
    #[arg(long)]
    pub paste: bool,
    /// Extra certificate authority for a TLS sandbox.
    #[arg(long, value_name = "FILE")]
    pub ca: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub struct ConnectionsArgs {
    /// Turn writing on for a connection.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["read_only", "disconnect"])]
    pub allow_writing: Option<String>,
    /// Turn writing off for a connection.
    #[arg(long, value_name = "NAME", conflicts_with = "disconnect")]
    pub read_only: Option<String>,
    /// Revoke the grant and forget its tokens; local figures stay.
    #[arg(long, value_name = "NAME")]
    pub disconnect: Option<String>,
}

#[derive(Args, Debug)]
pub struct SyncArgs {
    /// Only this connection.
    #[arg(long, value_name = "NAME")]
    pub connection: Option<String>,
    /// Read everything again instead of what changed.
    #[arg(long)]
    pub full: bool,
    /// Month whose totals are compared, `2026-06` [default: the last full month].
    #[arg(long, value_name = "MONTH")]
    pub period: Option<String>,
}

#[derive(Args, Debug)]
pub struct ResyncArgs {
    /// 15- or 18-character id of the Opportunity, or the address of its page.
    pub opportunity: String,
    /// Also create its invoice if all gates are open.
    #[arg(long)]
    pub create: bool,
}

#[derive(Args, Debug)]
pub struct CreateArgs {
    /// Opportunities; none means every deal that is ready.
    pub opportunities: Vec<String>,
    /// Only say what would be created and what is blocked.
    #[arg(long)]
    pub dry_run: bool,
    /// Most documents that this run may create.
    #[arg(long, default_value_t = 25)]
    pub limit: u32,
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
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,
    /// Moment of knowledge, `2026-07-02T17:40-07:00` [default: now].
    #[arg(long, value_name = "TIME")]
    pub known_at: Option<String>,
    /// Ledger connection [default: the only one].
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

#[derive(Args, Debug)]
pub struct DecideArgs {
    pub opportunity: String,
    /// Reason code to accept for the whole variance, such as `CUTOFF`.
    #[arg(long, value_name = "CODE", required_unless_present = "exclude")]
    pub accept: Option<String>,
    /// Leave the deal out of the reconciliation, with this reason.
    #[arg(long, value_name = "REASON", conflicts_with = "accept")]
    pub exclude: Option<String>,
    /// A sentence for the reviewer.
    #[arg(long, default_value = "")]
    pub note: String,
    /// Who decides [default: the user of this computer].
    #[arg(long)]
    pub actor: Option<String>,
    #[command(flatten)]
    pub frame: FrameArgs,
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
    #[arg(long, value_name = "MONTH")]
    pub period: String,
    #[arg(long, value_enum)]
    pub format: ExportFormat,
    /// File to write; for CSV a folder.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    #[arg(long, value_enum, default_value_t)]
    pub paper: Paper,
    /// Moment of knowledge [default: now].
    #[arg(long, value_name = "TIME")]
    pub known_at: Option<String>,
    /// Ledger connection [default: the only one].
    #[arg(long, value_name = "NAME")]
    pub ledger: Option<String>,
}

#[derive(Args, Debug)]
pub struct VerifyArgs {
    /// An exported file; none checks the workspace's audit trail.
    pub file: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub struct EffectsArgs {
    /// One effect with its whole history.
    #[arg(long, value_name = "KEY")]
    pub key: Option<String>,
    /// Ask the tool about every unknown outcome now.
    #[arg(long)]
    pub ask: bool,
    /// Decide an unknown outcome or a refusal by hand.
    #[arg(long, value_name = "KEY", requires = "decision")]
    pub resolve: Option<String>,
    /// What is decided for --resolve.
    #[arg(long, value_enum, requires = "reason")]
    pub decision: Option<Decision>,
    /// Why, for the audit trail.
    #[arg(long)]
    pub reason: Option<String>,
}

/// What a person may decide about an effect that cannot go on by itself.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// I looked: no document exists. Send it again with the same key.
    SendAgain,
    /// It shall not be created.
    GiveUp,
}
