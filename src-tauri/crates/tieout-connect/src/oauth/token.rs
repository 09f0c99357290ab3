//! The token endpoint: code and refresh exchange. Requests are built by `oauth2`; answers are read
//! here, because that crate drops the status and knows one shape of error only.

use std::collections::BTreeMap;
use std::fmt;
use std::pin::Pin;
use std::sync::Mutex;

use bytes::Bytes;
use http::header::ACCEPT;
use http::{HeaderValue, StatusCode};
use oauth2::basic::BasicClient;
use oauth2::{
    AsyncHttpClient, AuthType, AuthorizationCode, ClientId, ClientSecret, EndpointNotSet,
    EndpointSet, HttpRequest, HttpResponse, PkceCodeVerifier, RefreshToken, RequestTokenError,
    TokenUrl,
};
use serde_json::Value;

use super::authorize::{PendingSignIn, redirect_url};
use super::config::{AuthIn, OAuthConfig};
use super::error::OAuthError;
use crate::endpoint::BaseUrl;
use crate::json::{excerpt, plain_word};
use crate::secret::Secret;
use crate::transport::{Transport, TransportError};

/// Most further fields, and longest value, that are kept of a token answer.
const EXTRA_COUNT_MAX: usize = 32;
const EXTRA_LENGTH_MAX: usize = 2_048;
/// Longest token that is taken. JWT access tokens are some 4 KB (`salesforce §2.1`).
const TOKEN_LENGTH_MAX: usize = 32 * 1024;
/// Fields of a token answer that have their own place, or must not be kept.
const NOT_EXTRA: [&str; 7] = [
    "access_token",
    "refresh_token",
    "expires_in",
    "instance_url",
    "id_token",
    "signature",
    "token_type",
];

/// A successful token answer.
#[derive(PartialEq, Eq)]
pub struct TokenAnswer {
    /// For calls.
    pub access: Secret,
    /// For renewals. `None`: unchanged, or none is given.
    pub refresh: Option<Secret>,
    /// Life of the access token, where the tool says it.
    pub expires_in_secs: Option<u32>,
    /// Checked against the encryption rule.
    pub instance_url: Option<String>,
    /// Every other text or number of the answer; no tokens, no signatures.
    pub extra: BTreeMap<String, String>,
}

impl fmt::Debug for TokenAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenAnswer")
            .field("access", &self.access)
            .field("refresh", &self.refresh)
            .field("expires_in_secs", &self.expires_in_secs)
            .field("extra", &self.extra.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

pub(super) async fn redeem(
    config: &OAuthConfig,
    transport: &dyn Transport,
    pending: &PendingSignIn,
    code: &Secret,
) -> Result<TokenAnswer, OAuthError> {
    let client = client(config).set_redirect_uri(redirect_url(&pending.redirect_uri)?);
    let mut request = client.exchange_code(AuthorizationCode::new(code.expose().to_owned()));
    if let Some(verifier) = &pending.verifier {
        request = request.set_pkce_verifier(PkceCodeVerifier::new(verifier.expose().to_owned()));
    }
    let wire = Wire::new(config, transport);
    let outcome = request.request_async(&wire).await;
    read_answer(config, wire, outcome.err())
}

pub(super) async fn refresh(
    config: &OAuthConfig,
    transport: &dyn Transport,
    refresh_token: &Secret,
) -> Result<TokenAnswer, OAuthError> {
    let client = client(config);
    let token = RefreshToken::new(refresh_token.expose().to_owned());
    let wire = Wire::new(config, transport);
    let outcome = client.exchange_refresh_token(&token).request_async(&wire).await;
    read_answer(config, wire, outcome.err())
}

type Client =
    BasicClient<EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

fn client(config: &OAuthConfig) -> Client {
    let auth_type = match config.auth_in {
        AuthIn::Basic => AuthType::BasicAuth,
        AuthIn::Body => AuthType::RequestBody,
    };
    let client = BasicClient::new(ClientId::new(config.client_id.clone()))
        .set_token_uri(TokenUrl::from_url(config.token_url.url().clone()))
        .set_auth_type(auth_type);
    match &config.client_secret {
        Some(secret) => client.set_client_secret(ClientSecret::new(secret.expose().to_owned())),
        None => client,
    }
}

/// Carries requests of `oauth2` over our transport and keeps the answer as it came.
struct Wire<'a> {
    config: &'a OAuthConfig,
    transport: &'a dyn Transport,
    answer: Mutex<Option<(StatusCode, Bytes)>>,
}

impl<'a> Wire<'a> {
    fn new(config: &'a OAuthConfig, transport: &'a dyn Transport) -> Self {
        Self { config, transport, answer: Mutex::new(None) }
    }

    async fn carry(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let mut request = request.map(Bytes::from);
        let headers = request.headers_mut();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        for (name, value) in &self.config.token_headers {
            headers.insert(name.clone(), value.clone());
        }
        let response = self.transport.send(request).await?;
        let (status, body) = (response.status(), response.body().clone());
        *self.answer.lock().expect("no holder of the answer panics") = Some((status, body));
        Ok(response.map(|body| body.to_vec()))
    }
}

impl<'c> AsyncHttpClient<'c> for Wire<'_> {
    type Error = TransportError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, TransportError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.carry(request))
    }
}

type RequestFault = oauth2::basic::BasicRequestTokenError<TransportError>;

fn read_answer(
    config: &OAuthConfig,
    wire: Wire<'_>,
    fault: Option<RequestFault>,
) -> Result<TokenAnswer, OAuthError> {
    if let Some(RequestTokenError::Request(error)) = fault {
        return Err(error.into());
    }
    let answer = wire.answer.into_inner().expect("no holder of the answer panics");
    let (status, body) = answer.ok_or(OAuthError::Malformed { path: "request" })?;
    if status == StatusCode::OK {
        read_grant(&body)
    } else {
        Err(read_refusal(config, status, &body))
    }
}

fn read_grant(body: &Bytes) -> Result<TokenAnswer, OAuthError> {
    let malformed = |path| OAuthError::Malformed { path };
    let Ok(Value::Object(fields)) = serde_json::from_slice::<Value>(body) else {
        return Err(malformed("body"));
    };
    let text = |name: &str| fields.get(name).and_then(Value::as_str).filter(|t| !t.is_empty());
    let token = |name: &'static str| match text(name) {
        Some(text) if text.len() > TOKEN_LENGTH_MAX => Err(malformed(name)),
        found => Ok(found.map(Secret::new)),
    };
    if text("token_type").is_some_and(|kind| !kind.eq_ignore_ascii_case("bearer")) {
        return Err(malformed("token_type"));
    }
    let instance_url = text("instance_url")
        .map(|url| BaseUrl::parse(url).map(|base| base.as_str().to_owned()))
        .transpose()?;
    let extra = fields
        .iter()
        .filter(|(name, _)| !NOT_EXTRA.contains(&name.as_str()))
        .filter_map(|(name, value)| Some((name.clone(), plain_value(value)?)))
        .take(EXTRA_COUNT_MAX)
        .collect();
    Ok(TokenAnswer {
        access: token("access_token")?.ok_or(malformed("access_token"))?,
        refresh: token("refresh_token")?,
        expires_in_secs: fields
            .get("expires_in")
            .and_then(plain_value)
            .and_then(|t| t.parse().ok()),
        instance_url,
        extra,
    })
}

fn plain_value(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
    .filter(|text| text.len() <= EXTRA_LENGTH_MAX)
}

/// Classes of `salesforce §2.8` and `quickbooks §1.5`.
pub(super) fn read_refusal(config: &OAuthConfig, status: StatusCode, body: &Bytes) -> OAuthError {
    if status == StatusCode::TOO_MANY_REQUESTS {
        return OAuthError::RateLimited;
    }
    if status.is_server_error() {
        return OAuthError::ServerFault { status: status.as_u16() };
    }
    let Some((code, description)) = code_and_description(body) else {
        return OAuthError::Malformed { path: "body" };
    };
    let busy = |text: &String| config.busy_descriptions.iter().any(|known| known == text);
    match code.as_str() {
        "invalid_grant" if description.as_ref().is_some_and(busy) => OAuthError::Busy,
        "invalid_grant" => OAuthError::GrantRefused { description },
        "rate_limit_exceeded" => OAuthError::RateLimited,
        "unknown_error" | "server_error" | "temporarily_unavailable" => {
            OAuthError::ServerFault { status: status.as_u16() }
        }
        _ => OAuthError::AppRefused { code, description },
    }
}

/// Both shapes: a JSON object (or a list of one) and a form-encoded text.
fn code_and_description(body: &Bytes) -> Option<(String, Option<String>)> {
    let (code, description) = match serde_json::from_slice::<Value>(body) {
        Ok(Value::Object(fields)) => pair(&fields, "error", "error_description"),
        Ok(Value::Array(items)) => pair(items.first()?.as_object()?, "errorCode", "message"),
        _ => {
            let form: BTreeMap<String, String> =
                url::form_urlencoded::parse(body).into_owned().collect();
            (form.get("error").cloned(), form.get("error_description").cloned())
        }
    };
    Some((plain_word(&code?), description.map(|text| excerpt(&text))))
}

fn pair(
    fields: &serde_json::Map<String, Value>,
    code: &str,
    description: &str,
) -> (Option<String>, Option<String>) {
    let text = |name: &str| fields.get(name).and_then(Value::as_str).map(str::to_owned);
    (text(code), text(description))
}

#[cfg(test)]
mod tests;
