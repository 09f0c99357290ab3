//! One app of the customer at Xero, and one organisation that it was connected to.

use http::HeaderValue;
use tieout_connect::endpoint::{BaseUrl, Endpoint};
use tieout_connect::oauth::{AuthIn, CallbackAnswer, OAuthConfig, Redirect, RevokeBody};
use tieout_domain::ids::LedgerId;

use crate::request::is_guid;
use crate::scopes::Scopes;

/// Ports that the redirect may listen on. A registered address is matched exactly, port included,
/// and only `localhost` can be registered (`xero §2.2`).
const LOOPBACK_PORTS: [u16; 3] = [53_692, 53_693, 53_694];
const LOOPBACK_PATH: &str = "/xero";

/// Calls per organisation and day of a paid tier and of the free one (`xero §2.10`).
pub const CALLS_PER_DAY: u32 = 5_000;
pub const CALLS_PER_DAY_FREE: u32 = 1_000;

/// Where Xero is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Environment {
    /// There is one Xero; demo companies are organisations in it.
    Live,
    /// Everything at one base address: a simulator.
    At(BaseUrl),
}

impl Environment {
    /// Where the paths of the API begin.
    pub fn api(&self) -> BaseUrl {
        match self {
            Self::Live => BaseUrl::parse("https://api.xero.com").expect("our own https address"),
            Self::At(base) => base.clone(),
        }
    }

    fn endpoint(&self, live: &str, path: &str) -> Endpoint {
        match self {
            Self::Live => Endpoint::parse(&format!("{live}{path}")).expect("our own https address"),
            Self::At(base) => base.join(path).expect("our own paths stay on the base"),
        }
    }
}

/// Why an app or an organisation cannot be used as given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    #[error("the client id is missing")]
    ClientIdMissing,
    #[error("the organisation's id is not a tenant id")]
    TenantMalformed,
    /// A person signed in to other organisations than the one of this connection.
    #[error("another organisation was chosen than the one of this connection")]
    OtherTenant,
    #[error("an app can make at least {CALLS_PER_DAY_FREE} calls a day")]
    TooFewCalls,
}

/// The customer's own app: a client id, and nothing secret.
#[derive(Clone, Debug)]
pub struct App {
    environment: Environment,
    client_id: String,
    scopes: Scopes,
    calls_per_day: u32,
}

impl App {
    /// An app of a paid tier.
    pub fn new(
        environment: Environment,
        client_id: &str,
        scopes: Scopes,
    ) -> Result<Self, ConfigError> {
        let client_id = client_id.trim().to_owned();
        if client_id.is_empty() {
            return Err(ConfigError::ClientIdMissing);
        }
        Ok(Self { environment, client_id, scopes, calls_per_day: CALLS_PER_DAY })
    }

    /// Sets how many calls a day the app's tier allows one organisation.
    pub fn calls_per_day(self, calls: u32) -> Result<Self, ConfigError> {
        if calls < CALLS_PER_DAY_FREE {
            return Err(ConfigError::TooFewCalls);
        }
        Ok(Self { calls_per_day: calls, ..self })
    }

    /// The lines that are registered as redirect addresses of the app, exactly.
    pub fn callback_urls() -> Vec<String> {
        LOOPBACK_PORTS.map(|port| format!("http://localhost:{port}{LOOPBACK_PATH}")).to_vec()
    }

    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    pub fn scopes(&self) -> &Scopes {
        &self.scopes
    }

    /// Calls of one organisation and day.
    pub fn daily_calls(&self) -> u32 {
        self.calls_per_day
    }

    /// The sign-in of this app: PKCE without a secret.
    pub fn oauth(&self) -> OAuthConfig {
        let at = |live, path| self.environment.endpoint(live, path);
        OAuthConfig {
            authorize_url: at("https://login.xero.com", "/identity/connect/authorize"),
            token_url: at("https://identity.xero.com", "/connect/token"),
            revoke_url: Some(at("https://identity.xero.com", "/connect/revocation")),
            client_id: self.client_id.clone(),
            client_secret: None,
            scopes: self.scopes.list().to_vec(),
            pkce: true,
            auth_in: AuthIn::Body,
            redirect: Redirect::Loopback {
                ports: LOOPBACK_PORTS.to_vec(),
                path: LOOPBACK_PATH.to_owned(),
            },
            answer: CallbackAnswer::Page,
            authorize_params: Vec::new(),
            token_headers: Vec::new(),
            revoke_body: RevokeBody::FormWithClient,
            busy_descriptions: Vec::new(),
        }
    }
}

/// An app together with one organisation that it was connected to.
#[derive(Clone, Debug)]
pub struct Company {
    app: App,
    tenant: String,
    ledger: LedgerId,
}

impl Company {
    /// Takes a tenant id as listed or stored. Everything local is keyed by it: it stays the same
    /// when the organisation is connected again, the connection's own id does not (`xero §2.9`).
    pub fn new(app: App, tenant: &str) -> Result<Self, ConfigError> {
        let tenant = tenant.trim().to_ascii_lowercase();
        if !is_guid(&tenant) {
            return Err(ConfigError::TenantMalformed);
        }
        let ledger = LedgerId::new(&format!("xero:{tenant}")).expect("a GUID is an identifier");
        Ok(Self { app, tenant, ledger })
    }

    pub fn app(&self) -> &App {
        &self.app
    }

    /// The tenant id, lower case.
    pub fn tenant(&self) -> &str {
        &self.tenant
    }

    /// `xero:<tenantId>`.
    pub fn ledger(&self) -> &LedgerId {
        &self.ledger
    }

    pub(crate) fn tenant_header(&self) -> HeaderValue {
        HeaderValue::try_from(self.tenant.as_str()).expect("a GUID is a header value")
    }
}

/// In which status documents of ours begin (`xero §6.6`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Approval {
    /// A person approves each in Xero.
    #[default]
    Draft,
    /// A person decided that they are approved at once.
    Approved,
}

/// What the customer decided for this connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Agreement {
    /// Documents that we create carry our key as their number.
    pub own_numbers: bool,
    pub approval: Approval,
    /// Where the pages of deals are, such as `https://example.my.salesforce.com`: documents link
    /// back to their deal. Without own numbers that link carries our key and must be there.
    pub deal_pages: Option<BaseUrl>,
    /// IANA name of the organisation's time zone, where Xero's own cannot be understood.
    pub time_zone: Option<String>,
    /// The organisation's short code as the last probe found it, for addresses of pages.
    pub short_code: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scopes::{Access, Names};

    fn app(environment: Environment) -> App {
        App::new(environment, " 0A1B2C3D ", Scopes::default()).unwrap()
    }

    #[test]
    fn a_sign_in_proves_itself_without_a_secret() {
        let oauth = app(Environment::Live).oauth();
        assert!(oauth.pkce && oauth.client_secret.is_none());
        assert_eq!(oauth.auth_in, AuthIn::Body);
        assert_eq!(oauth.client_id, "0A1B2C3D");
        assert_eq!(
            oauth.authorize_url.as_str(),
            "https://login.xero.com/identity/connect/authorize"
        );
        assert_eq!(oauth.token_url.as_str(), "https://identity.xero.com/connect/token");
    }

    #[test]
    fn redirects_are_localhost_and_nothing_else() {
        let urls = App::callback_urls();
        assert_eq!(urls[0], "http://localhost:53692/xero");
        assert!(urls.iter().all(|url| url.starts_with("http://localhost:")));
    }

    #[test]
    fn a_simulator_serves_every_host() {
        let base = BaseUrl::parse("http://127.0.0.1:4040").unwrap();
        let app = app(Environment::At(base));
        let oauth = app.oauth();
        assert_eq!(
            oauth.authorize_url.as_str(),
            "http://127.0.0.1:4040/identity/connect/authorize"
        );
        assert_eq!(oauth.token_url.as_str(), "http://127.0.0.1:4040/connect/token");
        assert_eq!(app.environment().api().as_str(), "http://127.0.0.1:4040");
    }

    #[test]
    fn scopes_are_configuration() {
        let broad = Scopes::of(Names::Broad, Access::ReadOnly);
        let app = App::new(Environment::Live, "id", broad.clone()).unwrap();
        assert_eq!(app.oauth().scopes, broad.list());
    }

    #[test]
    fn an_app_has_an_id() {
        let refused = App::new(Environment::Live, "  ", Scopes::default()).unwrap_err();
        assert_eq!(refused, ConfigError::ClientIdMissing);
    }

    #[test]
    fn no_tier_has_fewer_calls_than_the_free_one() {
        let app = app(Environment::Live);
        assert_eq!(app.daily_calls(), 5_000);
        assert_eq!(app.clone().calls_per_day(1_000).unwrap().daily_calls(), 1_000);
        assert_eq!(app.calls_per_day(999).unwrap_err(), ConfigError::TooFewCalls);
    }

    #[test]
    fn an_organisation_is_known_by_its_tenant_id() {
        let company = |tenant| Company::new(app(Environment::Live), tenant);
        let known = company("9D3E2A51-7C44-4E0B-A1B7-5F1A2C3D4E5F").unwrap();
        assert_eq!(known.ledger().as_str(), "xero:9d3e2a51-7c44-4e0b-a1b7-5f1a2c3d4e5f");
        assert_eq!(company("northwind").unwrap_err(), ConfigError::TenantMalformed);
    }
}
