//! Signing in (`quickbooks §1`): discovery, consent, tokens, revocation and user data.
//!
//! There is no `id_token`: the accounting scope does not need one, and clients that ask for
//! `openid` get the same data from the user endpoint.

mod consent;
mod discovery;
mod grants;
mod token;

pub use discovery::{document, keys};
pub use grants::{Bearer, Grants};
pub use token::{revoke, token, user};

pub use consent::{ask, decide};

/// The scope of the accounting API.
pub const ACCOUNTING: &str = "com.intuit.quickbooks.accounting";

/// Paths of the sign-in. On the real service they lie on several hosts.
pub const AUTHORIZE_PATH: &str = "/connect/oauth2";
pub const DECISION_PATH: &str = "/connect/oauth2/decision";
pub const TOKEN_PATH: &str = "/oauth2/v1/tokens/bearer";
pub const REVOKE_PATH: &str = "/v2/oauth2/tokens/revoke";
pub const USER_PATH: &str = "/v1/openid_connect/userinfo";
pub const KEYS_PATH: &str = "/op/v1/jwks";
