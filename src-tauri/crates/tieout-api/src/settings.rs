//! What is stored about a connection besides its tokens, as JSON text in the encrypted store.

mod xero;

use serde::{Deserialize, Serialize};
use tieout_connect::endpoint::{BaseUrl, Endpoint};
use tieout_connect::secret::Secret;
use tieout_domain::assignment::Property;
use tieout_domain::ids::{ConnectionId, CrmOrgId};
use tieout_quickbooks::{Agreement, App, Company, Environment, RedirectKind};
use tieout_salesforce::{LoginHost, SalesforceConfig, TraitChoices};
use tieout_store::{AssignmentRule, ConnectionRecord};

use crate::codes::Code;
use crate::failure::Failure;

pub use xero::{BROAD, GRANULAR, XeroSettings};

/// Brand words of stored connections.
pub const SALESFORCE: &str = "salesforce";
/// See `SALESFORCE`.
pub const QUICKBOOKS: &str = "quickbooks";
/// See `SALESFORCE`.
pub const XERO: &str = "xero";

/// A Salesforce connection.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SalesforceSettings {
    pub login_url: String,
    pub client_id: String,
    pub org: String,
}

/// A QuickBooks Online connection. The secret is customer-supplied; the store is encrypted.
#[derive(Clone, Serialize, Deserialize)]
pub struct QuickBooksSettings {
    /// `production`, `sandbox`, or the base address of a simulator.
    pub environment: String,
    pub client_id: String,
    pub client_secret: String,
    /// Https page that forwards to this computer, where loopback is refused.
    pub relay: Option<String>,
    pub pasted: bool,
    pub realm: String,
    pub own_numbers: bool,
}

impl SalesforceSettings {
    /// The connector's configuration; it reads what the rules look at.
    pub fn config(&self, rules: &[AssignmentRule]) -> Result<SalesforceConfig, Failure> {
        let host = LoginHost::parse(&self.login_url).map_err(|error| {
            Failure::caused(Code::UnsafeAddress, format!("`{}`", self.login_url), error)
        })?;
        let mut config = SalesforceConfig::new(host, self.client_id.clone());
        config.fields.traits = trait_choices(rules);
        Ok(config)
    }

    /// The organisation that was signed in to.
    pub fn org(&self) -> Result<CrmOrgId, Failure> {
        CrmOrgId::new(&self.org).map_err(|error| {
            Failure::caused(Code::DamagedFile, "the settings of a connection", error)
        })
    }
}

impl QuickBooksSettings {
    /// The customer's own app.
    pub fn app(&self) -> Result<App, Failure> {
        let environment = match self.environment.as_str() {
            "production" => Environment::Production,
            "sandbox" => Environment::Sandbox,
            address => Environment::At(BaseUrl::parse(address).map_err(|error| {
                Failure::caused(Code::UnsafeAddress, format!("`{address}`"), error)
            })?),
        };
        let page = |text: &String| {
            Endpoint::parse(text)
                .map_err(|error| Failure::caused(Code::UnsafeAddress, format!("`{text}`"), error))
        };
        let redirect = match (&self.relay, self.pasted) {
            (Some(address), true) => RedirectKind::Pasted { page: page(address)? },
            (Some(address), false) => RedirectKind::Relay { page: page(address)? },
            (None, _) => RedirectKind::Loopback,
        };
        let secret = Secret::new(self.client_secret.as_str());
        App::new(environment, &self.client_id, secret, redirect)
            .map_err(|error| Failure::caused(Code::Usage, error.to_string(), error))
    }

    /// The connected company.
    pub fn company(&self) -> Result<Company, Failure> {
        Company::new(self.app()?, &self.realm)
            .map_err(|error| Failure::caused(Code::DamagedFile, error.to_string(), error))
    }

    pub fn agreement(&self) -> Agreement {
        Agreement { own_numbers: self.own_numbers, ..Agreement::default() }
    }
}

/// What has to be read of the CRM so that every rule can be answered, each field once.
pub fn trait_choices(rules: &[AssignmentRule]) -> TraitChoices {
    let mut choices = TraitChoices::default();
    for condition in rules.iter().flat_map(|rule| &rule.conditions) {
        match &condition.property {
            Property::Deal(field) => choices.deal.push(field.clone()),
            Property::Account(field) => choices.account.push(field.clone()),
            Property::Owner(field) => choices.owner.push(field.clone()),
            Property::RecordType => choices.record_type = true,
            Property::Currency
            | Property::Kind
            | Property::BillingCountry
            | Property::BillingState => {}
        }
    }
    for fields in [&mut choices.deal, &mut choices.account, &mut choices.owner] {
        fields.sort_by_key(|field| field.to_ascii_lowercase());
        fields.dedup_by(|a, b| a.eq_ignore_ascii_case(b));
    }
    choices
}

/// The settings of a stored connection, by its brand.
pub enum Settings {
    Salesforce(SalesforceSettings),
    QuickBooks(Box<QuickBooksSettings>),
    Xero(Box<XeroSettings>),
}

impl Settings {
    /// Reads them. A brand that is not known comes from a newer version.
    pub fn of(record: &ConnectionRecord) -> Result<Self, Failure> {
        let text = &record.settings;
        Ok(match record.brand.as_str() {
            SALESFORCE => Self::Salesforce(from_text(text)?),
            QUICKBOOKS => Self::QuickBooks(Box::new(from_text(text)?)),
            XERO => Self::Xero(Box::new(from_text(text)?)),
            brand => {
                let detail = format!("this version knows no brand `{brand}`");
                return Err(Failure::new(Code::NewerFile, detail));
            }
        })
    }

    /// The org or the ledger that was signed in to.
    pub fn company(&self) -> String {
        match self {
            Self::Salesforce(of) => of.org.clone(),
            Self::QuickBooks(of) => format!("qbo:{}", of.realm),
            Self::Xero(of) => format!("xero:{}", of.tenant),
        }
    }

    /// The id of the app.
    pub fn app(&self) -> &str {
        match self {
            Self::Salesforce(of) => &of.client_id,
            Self::QuickBooks(of) => &of.client_id,
            Self::Xero(of) => &of.client_id,
        }
    }

    /// Under which name the sign-in of this connection is kept.
    pub fn grant(&self, connection: &ConnectionId) -> String {
        match self {
            Self::Salesforce(_) | Self::QuickBooks(_) => connection.to_string(),
            Self::Xero(of) => of.grant.clone(),
        }
    }
}

/// Writes settings as stored text.
pub fn to_text<T: Serialize>(settings: &T) -> String {
    serde_json::to_string(settings).expect("texts and flags always serialise")
}

/// Reads stored settings.
pub fn from_text<T: for<'a> Deserialize<'a>>(text: &str) -> Result<T, Failure> {
    serde_json::from_str(text)
        .map_err(|error| Failure::caused(Code::DamagedFile, "the settings of a connection", error))
}
