//! The token endpoint, revocation and user data (`quickbooks §1.3` to `§1.5`).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::super::answer::{Answer, Content};
use super::super::books::Books;
use super::super::call::Call;
use super::grants::Pair;

/// Asks for the seconds until the absolute end of the authorization.
const HARD_EXPIRY_HEADER: &str = "x-include-refresh-token-hard-expires-in";

/// Exchanges a code or a refresh token.
pub fn token(books: &mut Books, call: &Call, now: Timestamp) -> Answer {
    let form = call.form();
    let field =
        |name: &str| form.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    if !is_client(books, call, field("client_id"), field("client_secret")) {
        return Answer::token_error(401, "invalid_client", None);
    }
    let pair = match (field("grant_type"), field("code"), field("refresh_token")) {
        (Some("authorization_code"), Some(code), _) => {
            let redirect = field("redirect_uri").unwrap_or_default();
            let pair = books.grants.exchange(code, redirect, now);
            pair.ok_or_else(|| Answer::token_error(400, "invalid_grant", None))
        }
        (Some("refresh_token"), _, Some(token)) => {
            let every_time = books.config.rotate_every_refresh;
            let pair = books.grants.refresh(token, every_time, now);
            let description = Some("Incorrect or invalid refresh token");
            pair.ok_or_else(|| Answer::token_error(400, "invalid_grant", description))
        }
        (Some("authorization_code" | "refresh_token") | None, _, _) => {
            Err(Answer::token_error(400, "invalid_request", None))
        }
        (Some(_), _, _) => Err(Answer::token_error(400, "unsupported_grant_type", None)),
    };
    match pair {
        Ok(pair) => Answer::new(200, Content::OnlyJson(shown(&pair, call))),
        Err(answer) => answer,
    }
}

fn shown(pair: &Pair, call: &Call) -> Value {
    let mut body = json!({
        "token_type": "bearer",
        "expires_in": pair.access_seconds,
        "access_token": pair.access,
        "refresh_token": pair.refresh,
        "x_refresh_token_expires_in": pair.refresh_seconds,
    });
    if call.header(HARD_EXPIRY_HEADER) == Some("true") {
        body["x_refresh_token_hard_expires_in"] = json!(pair.hard_seconds);
    }
    body
}

/// A secret is needed, in the header or in the form.
fn is_client(books: &Books, call: &Call, id: Option<&str>, secret: Option<&str>) -> bool {
    let config = &books.config;
    let wanted = format!("{}:{}", config.client_id, config.client_secret);
    if let Some(basic) = call.header("authorization").and_then(|all| all.strip_prefix("Basic ")) {
        return STANDARD.decode(basic.trim()).is_ok_and(|given| given == wanted.as_bytes());
    }
    id == Some(config.client_id.as_str()) && secret == Some(config.client_secret.as_str())
}

/// Ends a connection. The token comes as JSON or as a form.
pub fn revoke(books: &mut Books, call: &Call) -> Answer {
    let form = call.form();
    let field =
        |name: &str| form.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    if !is_client(books, call, field("client_id"), field("client_secret")) {
        return Answer::token_error(401, "invalid_client", None);
    }
    let json: Option<Value> = serde_json::from_slice(&call.body).ok();
    let given = json.as_ref().and_then(|body| body["token"].as_str()).or_else(|| field("token"));
    match given {
        Some(token) if books.grants.revoke(token) => Answer::new(200, Content::Empty),
        _ => Answer::token_error(400, "invalid_request", None),
    }
}

/// Data of the signed-in person; needs the `openid` scope.
pub fn user(books: &Books, call: &Call, now: Timestamp) -> Answer {
    let scopes = books.grants.scopes(call.header("authorization"), now);
    if !scopes.is_some_and(|scopes| scopes.split(' ').any(|scope| scope == "openid")) {
        return Answer::unauthenticated(now);
    }
    let body = json!({
        "sub": "b053d994-07d5-468d-b7ee-22e349d2e739",
        "email": "books@example.com",
        "emailVerified": true,
        "givenName": "Pat",
        "familyName": "Doe",
        "phoneNumber": "+1 5555550100",
        "phoneNumberVerified": false,
    });
    Answer::new(200, Content::OnlyJson(body))
}
