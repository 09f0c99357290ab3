//! What can go wrong with a sign-in or a renewal, in the classes that lead to different advice.

use crate::endpoint::EndpointError;
use crate::error::{BoxError, ConnectorError};
use crate::transport::TransportError;

/// An error of the authorization-code flow. `Display` shows no token, code or state; descriptions
/// are the tool's words for the person at this computer.
#[derive(Debug, thiserror::Error)]
pub enum OAuthError {
    /// A sign-in is under way in another program on every port of the list.
    #[error("no free port to receive the sign-in: {ports:?}")]
    PortsBusy { ports: Vec<u16> },
    /// The redirect of this app is pasted by a person; there is nothing to listen to.
    #[error("this app has no redirect to this computer")]
    NoListener,
    /// An address of the configuration or of the answer breaks the encryption rule.
    #[error("the address cannot be used")]
    Endpoint(#[from] EndpointError),
    /// Nobody finished in the browser.
    #[error("the sign-in was not finished in time")]
    TimedOut,
    /// A person stopped it here.
    #[error("the sign-in was cancelled")]
    Cancelled,
    /// Something floods the port.
    #[error("too many requests while waiting for the sign-in")]
    Flooded,
    /// The tool or the person refused consent; `code` is the tool's.
    #[error("the sign-in was refused with code {code}")]
    Denied { code: String, description: Option<String> },
    /// A pasted address that belongs to no sign-in of ours, or to an older one.
    #[error("the address belongs to another sign-in")]
    WrongState,
    /// A pasted text that is no address with a code.
    #[error("the text holds no sign-in code")]
    NoCode,
    /// The grant is gone for good: a person must sign in again.
    #[error("the sign-in is no longer valid")]
    GrantRefused { description: Option<String> },
    /// Another renewal of the same grant is under way; try again shortly.
    #[error("another renewal is under way")]
    Busy,
    /// The token endpoint asks us to wait.
    #[error("too many sign-ins, try again later")]
    RateLimited,
    /// The app's id, secret, scopes or redirect are wrong; an administrator must change something.
    #[error("the app was refused with code {code}")]
    AppRefused { code: String, description: Option<String> },
    /// 5xx or an HTML page: the renewal may have happened.
    #[error("the sign-in server failed with status {status}")]
    ServerFault { status: u16 },
    /// The token endpoint was certainly not reached.
    #[error("the sign-in server was not reached")]
    NotSent(#[source] BoxError),
    /// The renewal may have happened, but its answer was lost.
    #[error("the sign-in server gave no answer")]
    NoAnswer(#[source] BoxError),
    /// An answer without a usable token; `path` names the place.
    #[error("unexpected answer of the sign-in server at {path}")]
    Malformed { path: &'static str },
}

impl OAuthError {
    /// The same renewal may be tried again: it did not happen, or the tool says "not now".
    pub(crate) const fn is_transient(&self) -> bool {
        matches!(self, Self::Busy | Self::RateLimited | Self::NotSent(_))
    }

    /// The renewal may have happened although we hold no answer.
    pub(crate) const fn is_unknown(&self) -> bool {
        matches!(self, Self::NoAnswer(_) | Self::ServerFault { .. })
    }
}

impl From<TransportError> for OAuthError {
    fn from(error: TransportError) -> Self {
        match error {
            TransportError::NotSent(cause) => Self::NotSent(cause),
            TransportError::NoAnswer(cause) => Self::NoAnswer(cause),
            TransportError::TooLarge => Self::Malformed { path: "body" },
        }
    }
}

/// For a call that needed a token and got none: the call itself was certainly not acted on.
impl From<OAuthError> for ConnectorError {
    fn from(error: OAuthError) -> Self {
        match error {
            OAuthError::GrantRefused { .. } | OAuthError::Denied { .. } => Self::SignInNeeded,
            OAuthError::AppRefused { code, .. } => {
                Self::NotPermitted { what: format!("the sign-in app was refused with code {code}") }
            }
            OAuthError::Busy | OAuthError::RateLimited => Self::Throttled { retry_after: None },
            OAuthError::Cancelled => Self::Cancelled,
            other => Self::NotSent(Box::new(other)),
        }
    }
}
