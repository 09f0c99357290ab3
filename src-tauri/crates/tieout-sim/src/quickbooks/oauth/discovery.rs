//! The discovery document.

use serde_json::json;

use super::super::answer::{Answer, Content};
use super::super::books::Books;
use super::super::call::Call;
use super::{AUTHORIZE_PATH, KEYS_PATH, REVOKE_PATH, TOKEN_PATH, USER_PATH};

/// The endpoints as the client reaches them. No `code_challenge_methods_supported`, no secretless
/// client: both are absent on the real service.
pub fn document(books: &Books, call: &Call) -> Answer {
    let base = books.config.public_base_url.as_ref().unwrap_or(&call.base);
    let at = |path: &str| format!("{base}{path}");
    let body = json!({
        "issuer": at("/op/v1"),
        "authorization_endpoint": at(AUTHORIZE_PATH),
        "token_endpoint": at(TOKEN_PATH),
        "userinfo_endpoint": at(USER_PATH),
        "revocation_endpoint": at(REVOKE_PATH),
        "jwks_uri": at(KEYS_PATH),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "email", "profile", "address", "phone"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "claims_supported": ["aud", "exp", "iat", "iss", "realmid", "sub"],
    });
    Answer::new(200, Content::OnlyJson(body))
}

/// No token is signed here, so there is no key.
pub fn keys() -> Answer {
    Answer::new(200, Content::OnlyJson(json!({"keys": []})))
}
