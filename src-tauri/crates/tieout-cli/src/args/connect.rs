//! `tieout connect`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Systems that can be connected.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Brand {
    Salesforce,
    Quickbooks,
    Xero,
}

#[derive(Args, Debug)]
pub struct ConnectArgs {
    /// What to sign in to.
    pub brand: Brand,
    /// Name of the connection [default: the brand].
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Where to sign in, when it is not production: `https://test.salesforce.com` or your
    /// My Domain; for QuickBooks the word `sandbox`; or the address of a simulator.
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// Id of your own app: the consumer key in Salesforce, the client id at Intuit and at Xero.
    #[arg(long, value_name = "ID", env = "TIEOUT_CLIENT_ID")]
    pub client_id: Option<String>,
    /// Secret of the app (QuickBooks only); better given in the environment than here.
    #[arg(long, value_name = "SECRET", env = "TIEOUT_CLIENT_SECRET", hide_env_values = true)]
    pub client_secret: Option<String>,
    /// Your https page that forwards to this computer: QuickBooks refuses `localhost` with
    /// production keys.
    #[arg(long, value_name = "URL")]
    pub relay: Option<String>,
    /// Open no browser: print the address as one JSON line and wait for the redirect.
    #[arg(long)]
    pub print_url: bool,
    /// Finish by hand: read the address that the browser ended on from standard input.
    #[arg(long)]
    pub paste: bool,
    /// Certificate authority to trust besides the usual ones (PEM), for a sandbox with TLS.
    #[arg(long, value_name = "FILE")]
    pub ca: Option<PathBuf>,
    #[command(flatten)]
    pub xero: XeroArgs,
}

/// Heading of the flags that only Xero takes.
const XERO: &str = "Xero";

/// Whose numbers invoices get.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbers {
    /// Our key, which no second invoice can take.
    Own,
    /// The next number of the organisation.
    Xero,
}

/// As what invoices begin.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// A person approves each in Xero.
    Draft,
    Approved,
}

#[derive(Args, Debug)]
pub struct XeroArgs {
    /// Which organisation, by name or id, where the sign-in reaches several.
    #[arg(long, value_name = "NAME", help_heading = XERO)]
    pub organisation: Option<String>,
    /// Scopes that the app knows: `granular`, `broad` (made before March 2026), or the scopes
    /// themselves, separated by blanks [default: granular].
    #[arg(long, value_name = "SCOPES", help_heading = XERO)]
    pub scopes: Option<String>,
    /// Calls a day that the app's plan allows for one organisation: 1000 in the free plan
    /// [default: 5000].
    #[arg(long, value_name = "COUNT", help_heading = XERO)]
    pub calls_per_day: Option<u32>,
    /// Whose numbers invoices get [default: xero].
    #[arg(long, value_enum, help_heading = XERO)]
    pub numbers: Option<Numbers>,
    /// As what invoices begin [default: draft].
    #[arg(long, value_enum, help_heading = XERO)]
    pub status: Option<Status>,
    /// The organisation's time zone, where Xero's own cannot be understood: `Europe/London`.
    #[arg(long, value_name = "ZONE", help_heading = XERO)]
    pub time_zone: Option<String>,
}
