//! What kind of org is simulated, and the switches that a control call turns.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::value::as_text;
use super::{CLIENT_ID, USERNAME};
use crate::sample::Company;

/// Ports that the product registers (salesforce §2.2).
const PORTS: [u16; 5] = [56420, 58728, 59132, 61361, 62784];

/// Fixed properties of an org, chosen when it is made.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OrgConfig {
    /// 18 characters.
    pub org_id: String,
    pub org_name: String,
    pub username: String,
    pub client_id: String,
    /// Callback lines of the external client app; matched exactly.
    pub redirect_uris: Vec<String>,
    /// The corporate currency, which is also that of the only user.
    pub currency: String,
    /// IANA zone of the users: date literals and `CloseDate` follow it.
    pub zone: String,
    pub is_sandbox: bool,
    /// Start of the sequence that tokens are derived from.
    pub seed: u64,
    pub switches: Switches,
}

impl Default for OrgConfig {
    fn default() -> Self {
        let ours = PORTS.map(|port| format!("http://localhost:{port}/oauth/salesforce/callback"));
        let mut redirect_uris = Vec::from(ours);
        redirect_uris.push("http://localhost:1717/OauthRedirect".to_owned());
        Self {
            org_id: Company::ORG_ID.to_owned(),
            org_name: "Acme".to_owned(),
            username: USERNAME.to_owned(),
            client_id: CLIENT_ID.to_owned(),
            redirect_uris,
            currency: "USD".to_owned(),
            zone: "America/Los_Angeles".to_owned(),
            is_sandbox: false,
            seed: 1,
            switches: Switches::default(),
        }
    }
}

/// What may change while the org runs. A control call sends any part of it as JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Switches {
    /// `CurrencyIsoCode` on the objects, `CurrencyType`, aggregates in corporate currency.
    pub multi_currency: bool,
    /// `DatedConversionRate` exists and opportunities are converted by close date.
    pub dated_rates: bool,
    /// The fields and objects of salesforce §14.1 are installed and visible.
    pub tieout_fields: bool,
    /// Custom fields of this org alone: `Object.` and a line of the schema's notation.
    pub extra_fields: Vec<String>,
    /// The sample's refusals: the rule on D-1032 and the lock on Harrow Creek.
    pub story: bool,
    /// `Object.Field` names hidden by field-level security.
    pub hidden_fields: BTreeSet<String>,
    /// Ids of rows that are not shared with the user.
    pub hidden_records: BTreeSet<String>,
    pub validation_rules: Vec<ValidationRule>,
    pub locks: Vec<RowLock>,
    /// Requests per rolling 24 hours.
    pub daily_limit: u32,
    /// Requests of this app per rolling 24 hours, shown beside the org's.
    pub app_limit: Option<u32>,
    /// Rows of one page at most; Salesforce's own limit is 2,000.
    pub page_rows: usize,
    /// Rows of one child page at most.
    pub child_page_rows: usize,
    /// Each further page is one row shorter, down to one: page sizes are the server's choice.
    pub uneven_pages: bool,
    /// A refresh gives a new refresh token and ends the old one and its session.
    pub rotation: bool,
    /// So many refreshes are answered "already being processed", the token untouched.
    pub refresh_busy: u32,
    /// The authorize page says `OAUTH_APPROVAL_ERROR_GENERIC`.
    pub app_not_installed: bool,
    /// The authorize step ends at the callback with this error.
    pub authorize_error: Option<String>,
    /// Every 401 carries this message instead of "Session expired or invalid".
    pub session_message: Option<String>,
    /// Every session is refused, valid or not.
    pub refuse_sessions: bool,
    /// `instance_url` of the next token answers, instead of the host that was asked.
    pub instance_url: Option<String>,
    /// Seconds that the `Date` header is ahead of the clock.
    pub date_skew_secs: i64,
    /// Control edits become visible so many seconds after their own stamp.
    pub late_commit_secs: u32,
    /// Numbers from ten million on come in exponent form.
    pub exponents: bool,
    /// Messages come in another language; codes stay.
    pub localised: bool,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            multi_currency: false,
            dated_rates: false,
            tieout_fields: false,
            extra_fields: Vec::new(),
            story: false,
            hidden_fields: BTreeSet::new(),
            hidden_records: BTreeSet::new(),
            validation_rules: Vec::new(),
            locks: Vec::new(),
            daily_limit: 15_000,
            app_limit: None,
            page_rows: 2000,
            child_page_rows: 200,
            uneven_pages: false,
            rotation: true,
            refresh_busy: 0,
            app_not_installed: false,
            authorize_error: None,
            session_message: None,
            refuse_sessions: false,
            instance_url: None,
            date_skew_secs: 0,
            late_commit_secs: 0,
            exponents: false,
            localised: false,
        }
    }
}

/// Refuses a write with `FIELD_CUSTOM_VALIDATION_EXCEPTION`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValidationRule {
    pub name: String,
    pub object: String,
    /// A SOQL condition over the row as it would be written; empty holds always.
    #[serde(default)]
    pub when: String,
    /// The rule looks only at writes that name one of these fields; empty means every write.
    #[serde(default)]
    pub on_write_of: Vec<String>,
    /// Shown to the user as the administrator wrote it.
    pub message: String,
    #[serde(default = "yes")]
    pub active: bool,
    /// Part of the sample's story: in force only while `story` is on.
    #[serde(default)]
    pub story: bool,
}

/// Refuses writes to one row with `UNABLE_TO_LOCK_ROW` until a moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowLock {
    pub record_id: String,
    #[serde(with = "as_text")]
    pub until: Timestamp,
    #[serde(default)]
    pub story: bool,
}

fn yes() -> bool {
    true
}
