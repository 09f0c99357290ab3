//! What a person decides about one Salesforce connection.

use tieout_connect::budget::{BudgetLimits, DailyShare};
use tieout_connect::endpoint::EndpointError;
use tieout_connect::oauth::{AuthIn, CallbackAnswer, OAuthConfig, Redirect, RevokeBody};
use tieout_connect::secret::Secret;
use tieout_connect::session::RenewalPolicy;
use tieout_domain::Currency;

use crate::login_host::LoginHost;

/// The one version of the interface that this connector was written for and tested with.
pub const API_VERSION: &str = "66.0";
/// Ports of the registered callback addresses, in the order in which they are tried.
pub const CALLBACK_PORTS: [u16; 5] = [56_420, 58_728, 59_132, 61_361, 62_784];
/// Path of the registered callback addresses.
pub const CALLBACK_PATH: &str = "/oauth/salesforce/callback";
/// A grant unused for 30 days dies; at start it is renewed when older (`salesforce §2.6`).
pub const HEARTBEAT_SECS: u32 = 20 * 86_400;

/// Everything about one connection that is not a token.
#[derive(Clone, Debug)]
pub struct SalesforceConfig {
    pub login_host: LoginHost,
    /// Consumer key of the customer's own or of the packaged app (`salesforce §2.1`).
    pub client_id: String,
    /// Only where the app insists on one; a desktop app has none.
    pub client_secret: Option<Secret>,
    pub fields: FieldChoices,
    /// The currency of an organisation without multiple currencies, as told by a person; used
    /// only where the organisation itself does not say.
    pub org_currency: Option<Currency>,
}

/// Names of the fields that each organisation chooses for itself. A chosen field that is missing
/// or not visible is left out of reading and reported by the probe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChoices {
    /// On Opportunity: the customer's own reference of the deal.
    pub deal_reference: Option<String>,
    /// On Opportunity: purchase order or order number.
    pub order_number: Option<String>,
    /// On Account: tax or VAT number; Salesforce has no standard field for it.
    pub tax_number: Option<String>,
    /// On Product2: the item code of the accounting tool (`finance-domain §6 R1`).
    pub item_code: String,
    pub traits: TraitChoices,
}

/// What rules of assignment look at. One dot leads to a field of the record that a field points at,
/// as in `UserRole.Name`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TraitChoices {
    /// On Opportunity.
    pub deal: Vec<String>,
    /// On Account.
    pub account: Vec<String>,
    /// On User.
    pub owner: Vec<String>,
    /// Whether the record type of an Opportunity is read.
    pub record_type: bool,
}

impl Default for FieldChoices {
    fn default() -> Self {
        Self {
            deal_reference: Some("Reference__c".to_owned()),
            order_number: None,
            tax_number: None,
            item_code: "Tieout_External_Id__c".to_owned(),
            traits: TraitChoices::default(),
        }
    }
}

impl SalesforceConfig {
    /// With the defaults of every choice.
    pub fn new(login_host: LoginHost, client_id: impl Into<String>) -> Self {
        let (client_secret, fields, org_currency) = (None, FieldChoices::default(), None);
        Self { login_host, client_id: client_id.into(), client_secret, fields, org_currency }
    }

    /// The sign-in flow: code with PKCE to a fixed port on `localhost` (`salesforce §2.2`).
    pub fn oauth(&self) -> Result<OAuthConfig, EndpointError> {
        let base = self.login_host.base();
        Ok(OAuthConfig {
            authorize_url: base.join("/services/oauth2/authorize")?,
            token_url: base.join("/services/oauth2/token")?,
            revoke_url: Some(base.join("/services/oauth2/revoke")?),
            client_id: self.client_id.clone(),
            client_secret: self.client_secret.clone(),
            scopes: ["api", "refresh_token", "openid"].map(str::to_owned).to_vec(),
            pkce: true,
            auth_in: AuthIn::Body,
            redirect: Redirect::Loopback {
                ports: CALLBACK_PORTS.to_vec(),
                path: CALLBACK_PATH.to_owned(),
            },
            answer: CallbackAnswer::Page,
            authorize_params: Vec::new(),
            token_headers: Vec::new(),
            revoke_body: RevokeBody::Form,
            busy_descriptions: vec!["token request is already being processed".to_owned()],
        })
    }

    /// The lines that an administrator registers as callback addresses, exactly.
    pub fn callback_urls() -> Vec<String> {
        CALLBACK_PORTS.map(|port| format!("http://localhost:{port}{CALLBACK_PATH}")).to_vec()
    }
}

/// Four readers and one writer, a quarter of the day's calls, and none once everybody has used
/// four fifths (`salesforce §11`).
pub(crate) const BUDGET: BudgetLimits = BudgetLimits {
    in_flight_max: 5,
    writes_in_flight_max: 1,
    per_minute_max: None,
    daily: Some(DailyShare { ours_percent: 25, everybody_percent: 80 }),
};

/// Only a refusal says that a session ended, and a replaced refresh token must never be used: it
/// would revoke the grant (`salesforce §2.6`).
pub(crate) const RENEWAL: RenewalPolicy =
    RenewalPolicy { early_secs: None, previous_lives_secs: 0 };

/// Path of the pinned version of the interface, continued by `rest`.
pub(crate) fn api_path(rest: &str) -> String {
    format!("/services/data/v{API_VERSION}{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sign_in_goes_to_the_login_host() {
        let host = LoginHost::parse("https://acme.lightning.force.com").unwrap();
        let oauth = SalesforceConfig::new(host, "3MVG9").oauth().unwrap();
        let want = "https://acme.my.salesforce.com/services/oauth2/token";
        assert_eq!(oauth.token_url.as_str(), want);
        assert!(oauth.pkce && oauth.client_secret.is_none());
    }

    #[test]
    fn five_callback_addresses_are_registered() {
        let urls = SalesforceConfig::callback_urls();
        assert_eq!(urls.len(), 5);
        assert_eq!(urls[0], "http://localhost:56420/oauth/salesforce/callback");
    }
}
