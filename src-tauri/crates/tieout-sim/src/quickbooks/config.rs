//! What a simulated company is set to. Every member can be switched while it runs.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How the company taxes (`quickbooks §6`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaxMode {
    /// `UsingSalesTax` is off: no tax at all.
    Off,
    /// US with rates of the company's own: `TAX` lines take the rate of the document's tax code,
    /// or of the customer's default one.
    UsManual,
    /// US automated sales tax: `TAX` lines take one stub rate.
    UsAutomated,
    /// Outside the US: every line needs a `TaxCode` id.
    Vat,
}

/// Which redirect URIs the sign-in accepts (`quickbooks §1.6`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RedirectRules {
    /// Development keys: any port and path on localhost, and what is registered.
    Development,
    /// Production keys: only what is registered, and of that only https on a real host.
    Production,
}

/// What the consent page does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Consent {
    /// Shows a form with *Allow* and *Deny*.
    Ask,
    /// Redirects at once with a code.
    Allow,
    /// Redirects at once with `access_denied`.
    Deny,
}

/// The settings of one company and of the app that connects to it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CompanyConfig {
    /// Digits; the id in every path.
    pub realm: String,
    /// The app that may connect, and its secret.
    pub client_id: String,
    pub client_secret: String,
    /// The names in `CompanyInfo`.
    pub company_name: String,
    pub legal_name: String,
    /// Two letters.
    pub country: String,
    /// ISO 4217.
    pub home_currency: String,
    /// `CurrencyPrefs.MultiCurrencyEnabled`.
    pub multi_currency: bool,
    /// How tax is decided; a switch adds the tax codes of the new mode.
    pub tax_mode: TaxMode,
    /// Percent of the company's own tax code (id `2`), as text.
    pub sales_tax_percent: String,
    /// The tax code that new customers get, and the fall-back of US documents.
    pub default_tax_code: Option<String>,
    /// `SalesFormsPrefs.CustomTxnNumbers`: documents without a number stay without one.
    pub custom_txn_numbers: bool,
    /// A second document of one kind with the same number is refused with 6140.
    pub warn_duplicate_numbers: bool,
    /// `AccountingInfoPrefs.BookCloseDate`: documents dated on or before it are locked.
    pub book_close_date: Option<Date>,
    /// A locked document is answered with 5010 instead of 6210.
    pub closed_period_as_5010: bool,
    /// Number of the home currency's receivables account, if accounts have numbers.
    pub receivable_number: Option<String>,
    /// Name of the home currency's receivables account.
    pub receivable_name: String,
    /// The item of lines that name none.
    pub default_item: Option<String>,
    /// Names of the legacy custom fields 1 to 3 of sales forms.
    pub sales_custom_fields: Vec<String>,
    /// `SalesFormsPrefs.AllowDeposit`: `Invoice.Deposit` is taken.
    pub allow_deposit: bool,
    /// `ReportPrefs.CalcAgingReportFromTxnDate`.
    pub age_from_txn_date: bool,
    /// Where clients reach the simulator, for the discovery document: needed behind TLS. By default
    /// plain http on the host that the request names.
    pub public_base_url: Option<String>,
    /// Which redirect URIs are taken.
    pub redirects: RedirectRules,
    /// Redirect URIs registered for the app, compared character by character.
    pub registered_redirects: Vec<String>,
    /// What the consent page does.
    pub consent: Consent,
    /// The refresh token changes on every refresh instead of once a day.
    pub rotate_every_refresh: bool,
    /// A repeated `requestid` is answered with the stored first answer. Off, it is ignored, as
    /// users have reported (`quickbooks §4.8`).
    pub replay_request_ids: bool,
    /// Ids that CDC leaves out.
    pub cdc_omits: Vec<String>,
    /// Pages hold one row more than asked for where one more exists (`quickbooks §4.3`).
    pub page_repeats_row: bool,
}

impl Default for CompanyConfig {
    fn default() -> Self {
        Self {
            realm: super::QuickBooksSim::REALM.to_owned(),
            client_id: super::QuickBooksSim::CLIENT_ID.to_owned(),
            client_secret: super::QuickBooksSim::CLIENT_SECRET.to_owned(),
            company_name: "Sandbox Company US 1".to_owned(),
            legal_name: "Sandbox Company US 1".to_owned(),
            country: "US".to_owned(),
            home_currency: "USD".to_owned(),
            multi_currency: false,
            tax_mode: TaxMode::UsManual,
            sales_tax_percent: "8".to_owned(),
            default_tax_code: None,
            custom_txn_numbers: false,
            warn_duplicate_numbers: true,
            book_close_date: None,
            closed_period_as_5010: false,
            receivable_number: None,
            receivable_name: "Accounts Receivable (A/R)".to_owned(),
            default_item: Some("1".to_owned()),
            sales_custom_fields: Vec::new(),
            allow_deposit: false,
            age_from_txn_date: false,
            public_base_url: None,
            redirects: RedirectRules::Development,
            registered_redirects: Vec::new(),
            consent: Consent::Ask,
            rotate_every_refresh: false,
            replay_request_ids: true,
            cdc_omits: Vec::new(),
            page_repeats_row: false,
        }
    }
}

impl CompanyConfig {
    /// The settings with the members of `changes` replaced. Unknown members and wrong types are
    /// refused as a whole.
    pub fn switched(&self, changes: &Value) -> Result<Self, serde_json::Error> {
        let mut merged = serde_json::to_value(self)?;
        if let (Some(all), Some(some)) = (merged.as_object_mut(), changes.as_object()) {
            all.extend(some.iter().map(|(name, value)| (name.clone(), value.clone())));
        }
        serde_json::from_value(merged)
    }
}
