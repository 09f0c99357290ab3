//! What is stored about an organisation of Xero.

use serde::{Deserialize, Serialize};
use tieout_connect::endpoint::BaseUrl;
use tieout_xero::{
    Access, Agreement, App, Approval, CALLS_PER_DAY, Company, Environment, Names, Scopes,
};

use crate::codes::Code;
use crate::failure::Failure;

/// Where Xero is, in stored settings and on the command line.
pub const LIVE: &str = "production";
/// Scopes of an app that was made since March 2026.
pub const GRANULAR: &str = "granular";
/// Scopes of an older app.
pub const BROAD: &str = "broad";

/// An organisation of Xero. Nothing in it is secret: the app has none.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct XeroSettings {
    /// `production`, or the base address of a simulator.
    pub environment: String,
    pub client_id: String,
    /// `granular`, `broad`, or the scopes themselves, separated by blanks.
    pub scopes: String,
    /// Calls that the app's tier allows one organisation a day.
    pub calls_per_day: u32,
    /// Lower case. Empty before a person has signed in.
    pub tenant: String,
    /// Names the one sign-in that all organisations of a person and an app share.
    pub grant: String,
    pub own_numbers: bool,
    /// Documents of ours begin as approved, not as drafts.
    pub approved: bool,
    /// Where the pages of deals are, once a Salesforce organisation was there to say it.
    pub deal_pages: Option<String>,
    pub time_zone: Option<String>,
    /// As the last probe found it.
    pub short_code: Option<String>,
}

impl XeroSettings {
    /// An app that nobody has signed in with. Documents in a simulator carry our key as their
    /// number: there are no pages on the web that they could link back to.
    pub fn new(environment: Option<String>, client_id: String) -> Self {
        let environment = environment.unwrap_or_else(|| LIVE.into());
        Self {
            own_numbers: environment != LIVE,
            environment,
            client_id,
            scopes: GRANULAR.into(),
            calls_per_day: CALLS_PER_DAY,
            tenant: String::new(),
            grant: String::new(),
            approved: false,
            deal_pages: None,
            time_zone: None,
            short_code: None,
        }
    }

    /// The customer's own app.
    pub fn app(&self) -> Result<App, Failure> {
        let environment = match self.environment.as_str() {
            LIVE => Environment::Live,
            address => Environment::At(base(address)?),
        };
        let scopes = match self.scopes.as_str() {
            GRANULAR => Scopes::of(Names::Granular, Access::default()),
            BROAD => Scopes::of(Names::Broad, Access::default()),
            custom => Scopes::custom(custom),
        };
        App::new(environment, &self.client_id, scopes)
            .and_then(|app| app.calls_per_day(self.calls_per_day))
            .map_err(|error| Failure::caused(Code::Usage, error.to_string(), error))
    }

    /// The connected organisation.
    pub fn company(&self) -> Result<Company, Failure> {
        Company::new(self.app()?, &self.tenant)
            .map_err(|error| Failure::caused(Code::DamagedFile, error.to_string(), error))
    }

    /// What was decided. `crm` is where the pages of deals are now, for settings that never learnt
    /// it: what was learnt stays, because documents that exist link back through it.
    pub fn agreement(&self, crm: Option<BaseUrl>) -> Result<Agreement, Failure> {
        let kept = self.deal_pages.as_deref().map(base).transpose()?;
        Ok(Agreement {
            own_numbers: self.own_numbers,
            approval: if self.approved { Approval::Approved } else { Approval::Draft },
            deal_pages: kept.or(crm),
            time_zone: self.time_zone.clone(),
            short_code: self.short_code.clone(),
        })
    }
}

fn base(address: &str) -> Result<BaseUrl, Failure> {
    BaseUrl::parse(address)
        .map_err(|error| Failure::caused(Code::UnsafeAddress, format!("`{address}`"), error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> XeroSettings {
        XeroSettings::new(None, "0A1B2C3D".into())
    }

    #[test]
    fn scopes_are_granular_broad_or_the_customers_own() {
        let asked = |scopes: &str| {
            let settings = XeroSettings { scopes: scopes.into(), ..settings() };
            settings.app().unwrap().oauth().scopes.join(" ")
        };
        assert!(asked(GRANULAR).contains("accounting.invoices"));
        assert!(asked(BROAD).contains("accounting.transactions"));
        assert_eq!(
            asked("accounting.contacts.read"),
            "accounting.contacts.read openid offline_access"
        );
    }

    #[test]
    fn an_app_of_no_tier_is_refused() {
        let settings = XeroSettings { calls_per_day: 10, ..settings() };
        assert_eq!(settings.app().unwrap_err().code, Code::Usage);
    }

    #[test]
    fn a_page_that_was_learnt_stays() {
        let at = |text: &str| BaseUrl::parse(text).unwrap();
        let now = Some(at("https://renamed.my.salesforce.com"));
        let pages = |settings: &XeroSettings| settings.agreement(now.clone()).unwrap().deal_pages;
        assert_eq!(pages(&settings()), now);
        let first = "https://first.my.salesforce.com";
        let learnt = XeroSettings { deal_pages: Some(first.into()), ..settings() };
        assert_eq!(pages(&learnt), Some(at(first)));
    }
}
