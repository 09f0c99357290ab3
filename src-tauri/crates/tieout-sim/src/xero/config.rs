//! What the app and each organisation are set to. Every member can be switched while it runs.

use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What the consent page does (`xero §14.1`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Consent {
    /// Shows a form with *Allow*.
    Ask,
    /// Redirects at once with a code.
    Allow,
    /// Redirects at once with `access_denied`.
    Deny,
    /// Shows an error page about the scope, and never comes back.
    ScopePage,
    /// Shows the page of the connection limit, and never comes back.
    LimitPage,
}

/// Which scopes the app may ask for (`xero §2.8`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScopeFamily {
    /// Apps made since 2 March 2026.
    Granular,
    /// Old apps.
    Broad,
    /// Old apps until September 2027.
    Both,
}

/// The registered app.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AppConfig {
    /// 32 upper-case hexadecimal digits.
    pub client_id: String,
    /// In `ProviderName` and on the consent page.
    pub app_name: String,
    /// Compared character by character; `127.0.0.1` cannot be registered.
    pub registered_redirects: Vec<String>,
    /// What the consent page does.
    pub consent: Consent,
    /// The organisation that the next consent connects; by default the first unconnected one.
    pub consent_tenant: Option<String>,
    /// The consent connects every organisation of the person at once: a matter of the highest tier.
    pub bulk_connect: bool,
    pub scopes: ScopeFamily,
    /// Life of an access token.
    pub access_seconds: i64,
    /// Calls per organisation and minute.
    pub minute_limit: u32,
    /// Calls per organisation and day: 1,000 on the free tier, else 5,000.
    pub day_limit: u32,
    /// Requests of an organisation under way at a time.
    pub concurrent_limit: u32,
    /// Organisations that may be connected.
    pub connections_max: usize,
    /// Write answers leave out keys that others have.
    pub omit_keys: bool,
}

impl Default for AppConfig {
    fn default() -> Self {
        let redirects =
            [53_682, 53_683, 53_684].map(|port| format!("http://localhost:{port}/callback"));
        Self {
            client_id: super::XeroSim::CLIENT_ID.to_owned(),
            app_name: "Tieout".to_owned(),
            registered_redirects: redirects.to_vec(),
            consent: Consent::Ask,
            consent_tenant: None,
            bulk_connect: false,
            scopes: ScopeFamily::Both,
            access_seconds: 1800,
            minute_limit: 60,
            day_limit: 5000,
            concurrent_limit: 5,
            connections_max: 5,
            omit_keys: false,
        }
    }
}

/// One organisation.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TenantConfig {
    pub tenant_id: String,
    pub name: String,
    pub legal_name: String,
    /// Starts with `!`.
    pub short_code: String,
    /// ISO 4217.
    pub base_currency: String,
    /// Two letters; decides the tax rates.
    pub country: String,
    /// `Version`: `UK`, `NZ`, `AU`, `US` or `GLOBAL`.
    pub version: String,
    /// Name of the IANA list.
    pub zone: String,
    /// `Timezone` as the wire has it: a Windows name in capitals without blanks.
    pub windows_zone: String,
    pub is_demo: bool,
    /// Month and day of the financial year's end.
    pub year_end: (i8, i8),
    pub period_lock_date: Option<Date>,
    pub end_of_year_lock_date: Option<Date>,
    /// Foreign currencies that the organisation has; a switch adds new ones.
    pub currencies: Vec<String>,
    /// Percent of `OUTPUT` in the US and elsewhere abroad, as text.
    pub sales_tax_percent: String,
    /// Endpoints that the user's role does not allow, for example `Reports`.
    pub forbidden: Vec<String>,
    /// Filters that are not optimised are refused with error 51.
    pub high_volume: bool,
    /// `RoundingAmount` is taken.
    pub rounding_amounts: bool,
    /// Invoices that the plan still lets be approved.
    pub approvals_left: Option<u32>,
    /// Lines of zero lose their account (`xero §7.6`).
    pub zero_lines_lose_account: bool,
}

impl Default for TenantConfig {
    fn default() -> Self {
        Self {
            tenant_id: super::XeroSim::TENANT.to_owned(),
            name: "Northwind Tools Ltd".to_owned(),
            legal_name: "Northwind Tools Limited".to_owned(),
            short_code: "!n4Qx7".to_owned(),
            base_currency: "NZD".to_owned(),
            country: "NZ".to_owned(),
            version: "NZ".to_owned(),
            zone: "Pacific/Auckland".to_owned(),
            windows_zone: "NEWZEALANDSTANDARDTIME".to_owned(),
            is_demo: false,
            year_end: (3, 31),
            period_lock_date: None,
            end_of_year_lock_date: None,
            currencies: vec!["EUR".to_owned(), "USD".to_owned()],
            sales_tax_percent: "0".to_owned(),
            forbidden: Vec::new(),
            high_volume: false,
            rounding_amounts: false,
            approvals_left: None,
            zero_lines_lose_account: false,
        }
    }
}

/// The settings with the members of `changes` replaced. Unknown members and wrong types are refused
/// as a whole.
pub fn switched<T>(config: &T, changes: &Value) -> Result<T, serde_json::Error>
where
    T: Serialize + DeserializeOwned,
{
    let mut merged = serde_json::to_value(config)?;
    if let (Some(all), Some(some)) = (merged.as_object_mut(), changes.as_object()) {
        all.extend(some.iter().map(|(name, value)| (name.clone(), value.clone())));
    }
    serde_json::from_value(merged)
}
