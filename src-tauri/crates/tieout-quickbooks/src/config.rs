//! One app of the customer at QuickBooks, and the one company it was connected to.

use tieout_connect::endpoint::{BaseUrl, Endpoint};
use tieout_connect::oauth::{AuthIn, CallbackAnswer, OAuthConfig, Redirect, RevokeBody};
use tieout_connect::secret::Secret;
use tieout_connect::session::StoredGrant;
use tieout_domain::ids::LedgerId;

use crate::discovery::Endpoints;

/// The only scope that is needed; there is none for reading alone (`quickbooks §1.2`).
const SCOPE: &str = "com.intuit.quickbooks.accounting";
/// Ports that the loopback redirect may listen on; registered addresses are matched exactly.
const LOOPBACK_PORTS: [u16; 3] = [53_682, 53_683, 53_684];
/// Path of the loopback redirect: `http://localhost:53682/quickbooks`.
const LOOPBACK_PATH: &str = "/quickbooks";
/// Longest company id.
const REALM_DIGITS_MAX: usize = 20;
/// Where the sign-in keeps the company id: it exists in the redirect only (`quickbooks §1.3`).
pub const REALM_FIELD: &str = "realmId";

/// Which installation of QuickBooks the keys belong to. Keys of one never work with another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Environment {
    Production,
    Sandbox,
    /// Everything at one base address: a simulator.
    At(BaseUrl),
}

impl Environment {
    /// Where the paths of the API begin.
    pub fn api(&self) -> BaseUrl {
        match self {
            Self::Production => own_base("https://quickbooks.api.intuit.com"),
            Self::Sandbox => own_base("https://sandbox-quickbooks.api.intuit.com"),
            Self::At(base) => base.clone(),
        }
    }

    /// Where a person's browser finds records. A simulator has no pages, so its records are shown
    /// under the address that a sandbox company would have.
    pub(crate) const fn pages(&self) -> &'static str {
        match self {
            Self::Production => "https://app.qbo.intuit.com",
            Self::Sandbox | Self::At(_) => "https://sandbox.qbo.intuit.com",
        }
    }

    /// No real money is behind the company.
    pub const fn is_sandbox(&self) -> bool {
        !matches!(self, Self::Production)
    }
}

fn own_base(text: &str) -> BaseUrl {
    BaseUrl::parse(text).expect("our own constants are https addresses")
}

/// How the code of the sign-in comes back (`quickbooks §1.6`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RedirectKind {
    /// Straight to this computer: development keys and simulators only.
    Loopback,
    /// A registered https page that sends the browser on to this computer.
    Relay { page: Endpoint },
    /// A registered https page whose address a person copies.
    Pasted { page: Endpoint },
}

/// Why an app or a company cannot be used as given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    #[error("the client id or the client secret is missing")]
    KeysMissing,
    /// Live keys take registered https addresses only.
    #[error("live keys cannot send the sign-in straight to this computer")]
    LoopbackWithLiveKeys,
    #[error("the redirect page must be an https address")]
    PageNotHttps,
    #[error("the sign-in named no company")]
    RealmMissing,
    #[error("the company id is not a number")]
    RealmNotDigits,
    /// A person signed in to another company than the one of this connection.
    #[error("another company was chosen than the one of this connection")]
    OtherRealm,
}

/// The customer's own app: its keys, the environment they belong to, and its redirect.
#[derive(Clone, Debug)]
pub struct App {
    environment: Environment,
    client_id: String,
    client_secret: Secret,
    redirect: RedirectKind,
}

impl App {
    /// Binds keys and environment; refuses what the tool would refuse.
    pub fn new(
        environment: Environment,
        client_id: &str,
        client_secret: Secret,
        redirect: RedirectKind,
    ) -> Result<Self, ConfigError> {
        if client_id.trim().is_empty() || client_secret.is_empty() {
            return Err(ConfigError::KeysMissing);
        }
        match &redirect {
            RedirectKind::Loopback if environment == Environment::Production => {
                return Err(ConfigError::LoopbackWithLiveKeys);
            }
            RedirectKind::Relay { page } | RedirectKind::Pasted { page }
                if page.url().scheme() != "https" =>
            {
                return Err(ConfigError::PageNotHttps);
            }
            _ => {}
        }
        let client_id = client_id.trim().to_owned();
        Ok(Self { environment, client_id, client_secret, redirect })
    }

    /// The lines that are registered as redirect addresses of development keys, exactly.
    pub fn callback_urls() -> Vec<String> {
        LOOPBACK_PORTS.map(|port| format!("http://localhost:{port}{LOOPBACK_PATH}")).to_vec()
    }

    /// The environment that the keys belong to.
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    /// The sign-in of this app. The browser is always sent on by a 302 and never shown a page at
    /// the address that holds the code (`quickbooks §1.6`).
    pub fn oauth(&self, endpoints: &Endpoints) -> OAuthConfig {
        let ports = LOOPBACK_PORTS.to_vec();
        let path = LOOPBACK_PATH.to_owned();
        OAuthConfig {
            authorize_url: endpoints.authorize.clone(),
            token_url: endpoints.token.clone(),
            revoke_url: Some(endpoints.revoke.clone()),
            client_id: self.client_id.clone(),
            client_secret: Some(self.client_secret.clone()),
            scopes: vec![SCOPE.to_owned()],
            pkce: false,
            auth_in: AuthIn::Basic,
            redirect: match &self.redirect {
                RedirectKind::Loopback => Redirect::Loopback { ports, path },
                RedirectKind::Relay { page } => Redirect::Relay { page: page.clone(), ports, path },
                RedirectKind::Pasted { page } => Redirect::Pasted { page: page.clone() },
            },
            answer: CallbackAnswer::OwnPage,
            authorize_params: Vec::new(),
            token_headers: vec![(
                http::HeaderName::from_static("x-include-refresh-token-hard-expires-in"),
                http::HeaderValue::from_static("true"),
            )],
            revoke_body: RevokeBody::Json,
            busy_descriptions: Vec::new(),
        }
    }
}

/// An app together with the company it was connected to. Keys, company and host always belong
/// together, so there is no way to call one with the others of another (`quickbooks §11` 26).
#[derive(Clone, Debug)]
pub struct Company {
    app: App,
    realm: String,
    ledger: LedgerId,
}

impl Company {
    /// Takes a company id as typed or stored.
    pub fn new(app: App, realm: &str) -> Result<Self, ConfigError> {
        let digits = !realm.is_empty() && realm.bytes().all(|byte| byte.is_ascii_digit());
        if !digits || realm.len() > REALM_DIGITS_MAX {
            return Err(ConfigError::RealmNotDigits);
        }
        let ledger = LedgerId::new(&format!("qbo:{realm}")).expect("digits make an identifier");
        Ok(Self { app, realm: realm.to_owned(), ledger })
    }

    /// Takes the company that the sign-in named. `expected` is the company of an existing
    /// connection, which a new sign-in must not change.
    pub fn of_sign_in(
        app: App,
        grant: &StoredGrant,
        expected: Option<&LedgerId>,
    ) -> Result<Self, ConfigError> {
        let realm = grant.extra.get(REALM_FIELD).ok_or(ConfigError::RealmMissing)?;
        let company = Self::new(app, realm)?;
        match expected {
            Some(ledger) if *ledger != company.ledger => Err(ConfigError::OtherRealm),
            _ => Ok(company),
        }
    }

    /// The app that was connected.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// The company id, digits only.
    pub fn realm(&self) -> &str {
        &self.realm
    }

    /// `qbo:<realm>`.
    pub fn ledger(&self) -> &LedgerId {
        &self.ledger
    }
}

/// The labels of custom fields of sales forms that the customer agreed with us on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldLabels {
    /// Holds the CRM's deal id or reference.
    pub deal: String,
    /// Not empty: the invoice is disputed.
    pub dispute: String,
    /// Holds the customer's order number, if there is such a field.
    pub order_number: Option<String>,
}

impl Default for FieldLabels {
    fn default() -> Self {
        Self { deal: "Opportunity".to_owned(), dispute: "Dispute".to_owned(), order_number: None }
    }
}

/// What the customer decided for this connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Agreement {
    /// Documents that we create carry our key as their number.
    pub own_numbers: bool,
    pub labels: FieldLabels,
    /// IANA name of the company's time zone, where the company itself does not say it rightly.
    pub time_zone: Option<String>,
}

#[cfg(test)]
mod tests;
