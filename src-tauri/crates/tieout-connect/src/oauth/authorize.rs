//! The address that the browser opens.

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use oauth2::{
    AuthUrl, ClientId, CsrfToken, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
};

use super::config::{OAuthConfig, Redirect};
use super::error::OAuthError;
use crate::clock::Entropy;
use crate::endpoint::EndpointError;
use crate::secret::Secret;

/// 128 bits, as both contract sheets demand.
const STATE_BYTES: usize = 16;
/// 256 bits make the 43 characters that RFC 7636 asks for at least.
const VERIFIER_BYTES: usize = 32;

/// A sign-in that was begun: what must be remembered until the code comes back. Lives in memory
/// only and is good for one code.
pub struct PendingSignIn {
    /// To be opened in the person's own browser.
    pub authorize_url: String,
    pub(super) state: Secret,
    pub(super) verifier: Option<Secret>,
    pub(super) redirect_uri: String,
}

impl PendingSignIn {
    /// What the callback must carry.
    pub fn state(&self) -> &Secret {
        &self.state
    }
}

impl fmt::Debug for PendingSignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PendingSignIn")
            .field("redirect_uri", &self.redirect_uri)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

/// Makes state, verifier and address. A relay finds the port after the last dot of the state.
pub(super) fn begin(
    config: &OAuthConfig,
    entropy: &dyn Entropy,
    port: Option<u16>,
) -> Result<PendingSignIn, OAuthError> {
    let redirect_uri = redirect_uri(&config.redirect, port)?;
    let state = match (&config.redirect, port) {
        (Redirect::Relay { .. }, Some(port)) => {
            format!("{}.{port}", random(entropy, STATE_BYTES))
        }
        _ => random(entropy, STATE_BYTES),
    };
    let verifier = config.pkce.then(|| random(entropy, VERIFIER_BYTES));
    let client = oauth2::basic::BasicClient::new(ClientId::new(config.client_id.clone()))
        .set_auth_uri(AuthUrl::from_url(config.authorize_url.url().clone()))
        .set_redirect_uri(redirect_url(&redirect_uri)?);
    let mut request = client
        .authorize_url(|| CsrfToken::new(state.clone()))
        .add_scopes(config.scopes.iter().cloned().map(Scope::new));
    if let Some(verifier) = &verifier {
        let verifier = PkceCodeVerifier::new(verifier.clone());
        request =
            request.set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
    }
    for (name, value) in &config.authorize_params {
        request = request.add_extra_param(name.clone(), value.clone());
    }
    let (url, _) = request.url();
    Ok(PendingSignIn {
        authorize_url: url.into(),
        state: Secret::new(state),
        verifier: verifier.map(Secret::new),
        redirect_uri,
    })
}

pub(super) fn redirect_url(text: &str) -> Result<RedirectUrl, OAuthError> {
    RedirectUrl::new(text.to_owned()).map_err(|_| EndpointError::Unreadable.into())
}

/// The registered address, character by character: it is matched exactly.
fn redirect_uri(redirect: &Redirect, port: Option<u16>) -> Result<String, OAuthError> {
    match (redirect, port) {
        (Redirect::Loopback { path, .. }, Some(port)) => {
            Ok(format!("http://localhost:{port}{path}"))
        }
        (Redirect::Relay { page, .. } | Redirect::Pasted { page }, _) => {
            Ok(page.as_str().to_owned())
        }
        (Redirect::Loopback { .. }, None) => Err(OAuthError::NoListener),
    }
}

fn random(entropy: &dyn Entropy, length: usize) -> String {
    let mut bytes = vec![0; length];
    entropy.fill(&mut bytes);
    BASE64URL_NOPAD.encode(&bytes)
}
