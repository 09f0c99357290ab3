//! Addresses of the sign-in, from the tool's own discovery document (`quickbooks §1.1`).

use bytes::Bytes;
use http::Request;
use http::header::ACCEPT;
use serde::Deserialize;
use tieout_connect::endpoint::Endpoint;
use tieout_connect::transport::Transport;

use crate::config::Environment;

const AUTHORIZE: &str = "https://appcenter.intuit.com/connect/oauth2";
const TOKEN: &str = "https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer";
const REVOKE: &str = "https://developer.api.intuit.com/v2/oauth2/tokens/revoke";
const DISCOVERY: &str = "https://developer.api.intuit.com/.well-known/openid_configuration";
const DISCOVERY_SANDBOX: &str =
    "https://developer.api.intuit.com/.well-known/openid_sandbox_configuration";
/// A discovered address outside this domain is not believed: the client secret goes there.
const DOMAIN: &str = ".intuit.com";

/// Where the sign-in happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoints {
    /// Opened in the person's browser.
    pub authorize: Endpoint,
    /// Exchanges codes and refresh tokens.
    pub token: Endpoint,
    /// Ends a grant.
    pub revoke: Endpoint,
}

#[derive(Deserialize)]
struct Document {
    authorization_endpoint: String,
    token_endpoint: String,
    revocation_endpoint: String,
}

impl Endpoints {
    /// The addresses as they are known, for when the document cannot be had.
    pub fn known(environment: &Environment) -> Self {
        let own = |text: &str| Endpoint::parse(text).expect("our own constants are web addresses");
        match environment {
            Environment::Production | Environment::Sandbox => {
                Self { authorize: own(AUTHORIZE), token: own(TOKEN), revoke: own(REVOKE) }
            }
            Environment::At(base) => {
                let at = |path: &str| base.join(path).expect("our own paths stay on the base");
                Self {
                    authorize: at("/connect/oauth2"),
                    token: at("/oauth2/v1/tokens/bearer"),
                    revoke: at("/v2/oauth2/tokens/revoke"),
                }
            }
        }
    }

    /// Reads the discovery document. Whatever is wrong with it, the known addresses are used: a
    /// sign-in must not fail because of a document that says what we know.
    pub async fn discover(environment: &Environment, transport: &dyn Transport) -> Self {
        match Self::read(environment, transport).await {
            Some(found) => found,
            None => {
                tracing::warn!("no usable discovery document, using the known addresses");
                Self::known(environment)
            }
        }
    }

    async fn read(environment: &Environment, transport: &dyn Transport) -> Option<Self> {
        let request = Request::get(discovery_url(environment)?)
            .header(ACCEPT, "application/json")
            .body(Bytes::new())
            .ok()?;
        let response = transport.send(request).await.ok()?;
        if !response.status().is_success() {
            return None;
        }
        let document: Document = serde_json::from_slice(response.body()).ok()?;
        let believed = |text: &str| {
            Endpoint::parse(text).ok().filter(|endpoint| is_believed(environment, endpoint))
        };
        Some(Self {
            authorize: believed(&document.authorization_endpoint)?,
            token: believed(&document.token_endpoint)?,
            revoke: believed(&document.revocation_endpoint)?,
        })
    }
}

fn discovery_url(environment: &Environment) -> Option<String> {
    match environment {
        Environment::Production => Some(DISCOVERY.to_owned()),
        Environment::Sandbox => Some(DISCOVERY_SANDBOX.to_owned()),
        Environment::At(base) => {
            let endpoint = base.join("/.well-known/openid_sandbox_configuration").ok()?;
            Some(endpoint.as_str().to_owned())
        }
    }
}

fn is_believed(environment: &Environment, endpoint: &Endpoint) -> bool {
    let host = endpoint.url().host_str().unwrap_or_default();
    match environment {
        Environment::Production | Environment::Sandbox => host.ends_with(DOMAIN),
        Environment::At(base) => host == base.host(),
    }
}

#[cfg(test)]
mod tests {
    use tieout_connect::endpoint::BaseUrl;
    use tieout_connect::testing::{ScriptedTransport, json_answer};

    use super::*;

    const GOOD: &str = r#"{"issuer":"https://oauth.platform.intuit.com/op/v1",
        "authorization_endpoint":"https://new.intuit.com/connect",
        "token_endpoint":"https://oauth.platform.intuit.com/t",
        "revocation_endpoint":"https://developer.api.intuit.com/r"}"#;

    async fn discover(status: u16, body: &str, environment: &Environment) -> Endpoints {
        let transport = ScriptedTransport::new();
        transport.push(json_answer(status, body));
        let found = Endpoints::discover(environment, transport.as_ref()).await;
        assert_eq!(transport.requests().len(), 1);
        found
    }

    #[tokio::test]
    async fn the_document_decides() {
        let found = discover(200, GOOD, &Environment::Production).await;
        assert_eq!(found.authorize.as_str(), "https://new.intuit.com/connect");
    }

    #[tokio::test]
    async fn without_a_document_the_known_addresses_are_used() {
        let known = Endpoints::known(&Environment::Sandbox);
        for (status, body) in [(500, "{}"), (200, "<html>"), (200, "{}"), (200, "")] {
            assert_eq!(discover(status, body, &Environment::Sandbox).await, known);
        }
    }

    #[tokio::test]
    async fn a_document_cannot_send_the_secret_elsewhere() {
        let evil = GOOD.replace("oauth.platform.intuit.com/t", "evil.example/t");
        let plain = GOOD.replace("https://new.intuit.com", "http://new.intuit.com");
        for body in [evil, plain] {
            let found = discover(200, &body, &Environment::Production).await;
            assert_eq!(found, Endpoints::known(&Environment::Production));
        }
    }

    #[tokio::test]
    async fn a_simulator_serves_everything_itself() {
        let base = BaseUrl::parse("http://127.0.0.1:4040").unwrap();
        let found = discover(404, "", &Environment::At(base)).await;
        assert_eq!(found.token.as_str(), "http://127.0.0.1:4040/oauth2/v1/tokens/bearer");
    }
}
