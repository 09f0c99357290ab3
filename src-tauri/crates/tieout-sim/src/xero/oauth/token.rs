//! The token endpoint and revocation (`xero §2.4` to `§2.7`).

use jiff::Timestamp;
use serde_json::json;

use super::super::answer::Answer;
use super::super::call::Call;
use super::super::platform::Platform;
use super::grants::{Pair, Terms};
use super::{field, jwt};

/// Shortest and longest code verifier.
const VERIFIER: std::ops::RangeInclusive<usize> = 43..=128;

/// Exchanges a code or a refresh token.
pub fn token(platform: &mut Platform, call: &Call, now: Timestamp) -> Answer {
    let form = match client(platform, call) {
        Ok(form) => form,
        Err(refused) => return refused,
    };
    let config = &platform.config;
    let (client, seconds) = (config.client_id.clone(), config.access_seconds);
    let terms = Terms { client: &client, seconds, now };
    let pair = match field(&form, "grant_type") {
        Some("authorization_code") => {
            let code = field(&form, "code");
            let (redirect, verifier) =
                (field(&form, "redirect_uri"), field(&form, "code_verifier"));
            let (Some(code), Some(redirect), Some(verifier)) = (code, redirect, verifier) else {
                return refused("invalid_request");
            };
            let proper = VERIFIER.contains(&verifier.len());
            let given = (redirect, verifier);
            proper.then(|| platform.grants.exchange(code, given, terms)).flatten()
        }
        Some("refresh_token") => match field(&form, "refresh_token") {
            Some(token) => platform.grants.refresh(token, terms),
            None => return refused("invalid_request"),
        },
        Some("client_credentials") => return refused("unauthorized_client"),
        Some(_) => return refused("unsupported_grant_type"),
        None => return refused("invalid_request"),
    };
    match pair {
        Some(pair) => Answer::json(200, shown(&pair, terms)),
        None => refused("invalid_grant"),
    }
}

/// Ends all connections of the user with the app: 200 and no body.
pub fn revoke(platform: &mut Platform, call: &Call) -> Answer {
    let form = match client(platform, call) {
        Ok(form) => form,
        Err(refused) => return refused,
    };
    let Some(token) = field(&form, "token") else { return refused("invalid_request") };
    // A token that is unknown is as good as revoked.
    platform.grants.revoke(token);
    Answer::empty(200)
}

/// The fields of the form, if it is a form of the app. No secret is needed, and none is taken.
fn client(platform: &Platform, call: &Call) -> Result<Vec<(String, String)>, Answer> {
    let kind = call.header("content-type").unwrap_or_default();
    if !kind.starts_with("application/x-www-form-urlencoded") {
        return Err(refused("invalid_request"));
    }
    let form = call.form();
    match field(&form, "client_id") {
        None => Err(refused("invalid_request")),
        Some(id) if id == platform.config.client_id => Ok(form),
        Some(_) => Err(refused("invalid_client")),
    }
}

fn shown(pair: &Pair, terms: Terms<'_>) -> serde_json::Value {
    let mut body = json!({
        "access_token": pair.access,
        "expires_in": terms.seconds,
        "token_type": "Bearer",
        "scope": pair.scopes,
    });
    if let Some(refresh) = &pair.refresh {
        body["refresh_token"] = json!(refresh);
    }
    if pair.scopes.split(' ').any(|scope| scope == "openid") {
        body["id_token"] = json!(jwt::identity(terms.client, terms.now));
    }
    body
}

fn refused(error: &str) -> Answer {
    Answer::json(400, json!({"error": error}))
}
