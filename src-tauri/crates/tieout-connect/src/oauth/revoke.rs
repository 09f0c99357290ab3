//! Ending a grant at the tool.

use bytes::Bytes;
use data_encoding::BASE64;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Method, Request};
use url::form_urlencoded::{Serializer, byte_serialize};

use super::config::{AuthIn, OAuthConfig, RevokeBody};
use super::error::OAuthError;
use super::token::read_refusal;
use crate::secret::Secret;
use crate::transport::Transport;

/// Sent by hand: the `oauth2` crate revokes over https only, which no sandbox on loopback speaks.
pub(super) async fn revoke(
    config: &OAuthConfig,
    transport: &dyn Transport,
    token: &Secret,
) -> Result<(), OAuthError> {
    let Some(url) = &config.revoke_url else {
        return Ok(());
    };
    let request = request(config, url.as_str(), token)?;
    let response = transport.send(request).await?;
    if response.status().is_success() {
        return Ok(());
    }
    match read_refusal(config, response.status(), response.body()) {
        // A token that the tool no longer knows is as good as revoked.
        OAuthError::GrantRefused { .. } => Ok(()),
        error => Err(error),
    }
}

fn request(config: &OAuthConfig, url: &str, token: &Secret) -> Result<Request<Bytes>, OAuthError> {
    let unreadable = |_| OAuthError::Malformed { path: "request" };
    let secret = config.client_secret.as_ref();
    let in_body = config.auth_in == AuthIn::Body;
    let (content_type, body) = match config.revoke_body {
        RevokeBody::Json => {
            ("application/json", serde_json::json!({ "token": token.expose() }).to_string())
        }
        RevokeBody::Form | RevokeBody::FormWithClient => {
            let mut form = Serializer::new(String::new());
            form.append_pair("token", token.expose());
            let secret = secret.filter(|_| in_body);
            if secret.is_some() || config.revoke_body == RevokeBody::FormWithClient {
                form.append_pair("client_id", &config.client_id);
            }
            if let Some(secret) = secret {
                form.append_pair("client_secret", secret.expose());
            }
            ("application/x-www-form-urlencoded", form.finish())
        }
    };
    let mut request = Request::builder()
        .method(Method::POST)
        .uri(url)
        .header(ACCEPT, "application/json")
        .header(CONTENT_TYPE, content_type)
        .body(Bytes::from(body))
        .map_err(unreadable)?;
    if let (false, Some(secret)) = (in_body, secret) {
        let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
        let pair = format!("{}:{}", encoded(&config.client_id), encoded(secret.expose()));
        let basic = format!("Basic {}", BASE64.encode(pair.as_bytes()));
        let mut value = HeaderValue::try_from(basic)
            .map_err(|_| OAuthError::Malformed { path: "client_secret" })?;
        value.set_sensitive(true);
        request.headers_mut().insert(AUTHORIZATION, value);
    }
    Ok(request)
}
