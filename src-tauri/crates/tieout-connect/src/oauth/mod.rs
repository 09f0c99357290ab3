//! Sign-in with the authorization-code flow: authorize, wait for the browser, redeem, renew, end.
//!
//! ```text
//! bind a port -> begin (address with state and PKCE) -> browser -> callback -> redeem -> grant
//! ```

mod authorize;
mod callback;
mod config;
mod error;
mod loopback;
mod pasted;
mod revoke;
mod token;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

pub use authorize::PendingSignIn;
pub use callback::Callback;
pub use config::{AuthIn, CallbackAnswer, OAuthConfig, Redirect, RevokeBody};
pub use error::OAuthError;
pub use loopback::{ClosingPage, Listener, WaitLimits};
pub use pasted::read_pasted;
pub use token::TokenAnswer;

use crate::cancel::Cancel;
use crate::clock::Entropy;
use crate::secret::Secret;
use crate::transport::Transport;

/// How long a sign-in in the browser is waited for.
pub const SIGN_IN_WAIT: Duration = Duration::from_secs(10 * 60);

/// One app at one tool.
#[derive(Clone)]
pub struct OAuthClient {
    config: Arc<OAuthConfig>,
    transport: Arc<dyn Transport>,
    entropy: Arc<dyn Entropy>,
}

/// A finished sign-in. `callback` holds the further parameters of the redirect, such as `realmId`.
#[derive(Debug)]
pub struct SignedIn {
    /// The tokens. To be stored before they are used.
    pub answer: TokenAnswer,
    /// Further parameters of the redirect, by name; neither code nor state.
    pub callback: BTreeMap<String, String>,
    /// What the browser still shows; none without a listener.
    pub closing: Option<ClosingPage>,
}

impl OAuthClient {
    /// A client of one app. Sends nothing by itself.
    pub fn new(
        config: OAuthConfig,
        transport: Arc<dyn Transport>,
        entropy: Arc<dyn Entropy>,
    ) -> Self {
        Self { config: Arc::new(config), transport, entropy }
    }

    /// What the flow looks like.
    pub fn config(&self) -> &OAuthConfig {
        &self.config
    }

    /// The whole flow over loopback or a relay page: binds the port, hands the address to `open`,
    /// waits and redeems. `open` must not block. For `Redirect::Pasted` use `begin` and `redeem`.
    pub async fn sign_in(
        &self,
        open: impl FnOnce(&str) + Send,
        limits: WaitLimits,
        cancel: &Cancel,
    ) -> Result<SignedIn, OAuthError> {
        let (ports, path) = match &self.config.redirect {
            Redirect::Loopback { ports, path } | Redirect::Relay { ports, path, .. } => {
                (ports, path)
            }
            Redirect::Pasted { .. } => return Err(OAuthError::NoListener),
        };
        let listener = Listener::bind(ports).await?;
        let pending = self.begin(Some(listener.port()))?;
        open(&pending.authorize_url);
        let (callback, closing) =
            listener.wait(path, pending.state(), &self.config.answer, limits, cancel).await?;
        let signed_in = self.redeem(&pending, callback).await?;
        Ok(SignedIn { closing: Some(closing), ..signed_in })
    }

    /// Makes the address to open. `port` is the bound one; none for `Redirect::Pasted`.
    pub fn begin(&self, port: Option<u16>) -> Result<PendingSignIn, OAuthError> {
        authorize::begin(&self.config, self.entropy.as_ref(), port)
    }

    /// Exchanges the code. Codes are single-use: after any error the sign-in starts anew.
    pub async fn redeem(
        &self,
        pending: &PendingSignIn,
        callback: Callback,
    ) -> Result<SignedIn, OAuthError> {
        let answer = token::redeem(&self.config, self.transport.as_ref(), pending, &callback.code);
        Ok(SignedIn { answer: answer.await?, callback: callback.extra, closing: None })
    }

    /// Exchanges a refresh token once, without any retry. The caller stores the answer durably
    /// before it uses it, and lets one renewal run at a time.
    pub async fn refresh(&self, refresh_token: &Secret) -> Result<TokenAnswer, OAuthError> {
        token::refresh(&self.config, self.transport.as_ref(), refresh_token).await
    }

    /// Ends the grant at the tool. The caller forgets its tokens whatever comes back.
    pub async fn revoke(&self, token: &Secret) -> Result<(), OAuthError> {
        revoke::revoke(&self.config, self.transport.as_ref(), token).await
    }
}

#[cfg(test)]
mod tests;
