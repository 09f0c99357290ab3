//! Tokens in the shape of a JWT. The signature is none that anybody could check.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::super::guid;

/// The one person who uses the organisations.
pub const USER: &str = "7f0d6c52-3b1e-4f7a-9c88-2a4b5c6d7e8f";

/// A 30-minute token with the claims of `xero §2.4`.
pub fn access(
    client: &str,
    scopes: &str,
    event: &str,
    serial: u64,
    life: (Timestamp, i64),
) -> String {
    let scope: Vec<&str> = scopes.split(' ').collect();
    signed(&json!({
        "nbf": life.0.as_second(),
        "exp": life.0.as_second() + life.1,
        "iss": "https://identity.xero.com",
        "aud": "https://identity.xero.com/resources",
        "client_id": client,
        "sub": guid::of(USER).replace('-', ""),
        "auth_time": life.0.as_second(),
        "xero_userid": USER,
        "global_session_id": guid::of(event).replace('-', ""),
        "jti": guid::of(&format!("jti|{serial}")).replace('-', ""),
        "authentication_event_id": event,
        "scope": scope,
    }))
}

/// Who signed in; lives five minutes.
pub fn identity(client: &str, now: Timestamp) -> String {
    signed(&json!({
        "nbf": now.as_second(),
        "exp": now.as_second() + 300,
        "iss": "https://identity.xero.com",
        "aud": client,
        "sub": guid::of(USER).replace('-', ""),
        "xero_userid": USER,
        "preferred_username": "books@example.com",
        "email": "books@example.com",
        "given_name": "Helen",
        "family_name": "Lyle",
    }))
}

fn signed(claims: &Value) -> String {
    let header = json!({"alg": "RS256", "kid": "1CAF8E66772D6DC028D6726FD0261581", "typ": "JWT"});
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let body = format!("{}.{}", part(&header), part(claims));
    let signature: Vec<u8> =
        (0..8u8).flat_map(|part| Sha256::digest(format!("{part}|{body}"))).collect();
    format!("{body}.{}", URL_SAFE_NO_PAD.encode(signature))
}
