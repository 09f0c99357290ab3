//! Sign-in: authorization code with PKCE, refresh, revocation and connections (`xero §2`).

mod connections;
mod consent;
mod grants;
mod jwt;
mod scopes;
mod token;

pub use connections::{disconnect, expired, list};
pub use consent::{ask, decide};
pub use grants::{Bearer, Grants};
pub use scopes::allows;
pub use token::{revoke, token};

use serde_json::json;

use super::answer::Answer;
use super::call::Call;

/// Where the form of the consent page goes.
const DECISION_PATH: &str = "/identity/connect/authorize/decision";

/// The discovery document: all hosts on the base that the client used.
pub fn discovery(call: &Call) -> Answer {
    let base = &call.base;
    Answer::json(
        200,
        json!({
            "issuer": "https://identity.xero.com",
            "authorization_endpoint": format!("{base}/identity/connect/authorize"),
            "token_endpoint": format!("{base}/connect/token"),
            "userinfo_endpoint": format!("{base}/connect/userinfo"),
            "revocation_endpoint": format!("{base}/connect/revocation"),
            "scopes_supported": ["openid", "profile", "email", "offline_access"],
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "code_challenge_methods_supported": ["S256"],
        }),
    )
}

fn field<'a>(fields: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let found = fields.iter().find(|(known, value)| known == name && !value.is_empty());
    found.map(|(_, value)| value.as_str())
}
