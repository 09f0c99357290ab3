//! What the authorization-code flow of one app at one tool looks like. All of it is data.

use crate::endpoint::Endpoint;
use crate::secret::Secret;

/// The addresses, the app and its rules.
#[derive(Clone, Debug)]
pub struct OAuthConfig {
    /// Where the browser is sent.
    pub authorize_url: Endpoint,
    /// Where codes and refresh tokens are exchanged.
    pub token_url: Endpoint,
    /// `None`: a grant can only be forgotten.
    pub revoke_url: Option<Endpoint>,
    /// The app's public name.
    pub client_id: String,
    /// `None`: a public client, which must not send one.
    pub client_secret: Option<Secret>,
    /// What is asked for, joined by spaces on the wire.
    pub scopes: Vec<String>,
    /// Prove with PKCE S256 that who redeems the code is who asked for it.
    pub pkce: bool,
    /// Where the app names itself to the token endpoint.
    pub auth_in: AuthIn,
    /// How the code comes back.
    pub redirect: Redirect,
    /// What the browser is shown then.
    pub answer: CallbackAnswer,
    /// Further parameters of the authorize address, such as `prompt`.
    pub authorize_params: Vec<(String, String)>,
    /// Further headers of token requests.
    pub token_headers: Vec<(http::HeaderName, http::HeaderValue)>,
    /// How a token is handed to the revocation endpoint.
    pub revoke_body: RevokeBody,
    /// Descriptions of an `invalid_grant` that is not final, word for word: another refresh is
    /// under way (`salesforce §2.8`). The tool offers no code for it.
    pub busy_descriptions: Vec<String>,
}

/// Where the client's identity goes in token requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthIn {
    /// In an `Authorization: Basic` header.
    Basic,
    /// In the form body.
    Body,
}

/// How the code comes back. Redirect addresses are matched exactly, so ports are a fixed list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Redirect {
    /// `http://localhost:{port}{path}`, the first free port of the list.
    Loopback { ports: Vec<u16>, path: String },
    /// A registered https page that sends the browser on to `http://127.0.0.1:{port}{path}` with
    /// the query intact; the port is the part of `state` after its last dot.
    Relay { page: Endpoint, ports: Vec<u16>, path: String },
    /// A registered https page whose address a person copies into the app.
    Pasted { page: Endpoint },
}

/// What the browser is answered when the code has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallbackAnswer {
    /// A plain page: "You can close this window".
    Page,
    /// 302, where the brand forbids to render anything with the code (`quickbooks §1.6`). The
    /// address carries nothing of the callback.
    SendTo(Endpoint),
    /// 302 to our own plain page on the same port, so that the code leaves the address bar.
    OwnPage,
}

/// The form that the revocation endpoint reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevokeBody {
    /// `token=…`
    Form,
    /// `token=…&client_id=…`, for a public client that must name itself (`xero §2.6`).
    FormWithClient,
    /// `{"token": "…"}`
    Json,
}
