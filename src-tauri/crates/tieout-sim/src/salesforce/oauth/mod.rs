//! Sign-in: codes, grants with rotating refresh tokens, sessions (salesforce §2).

pub mod authorize;
pub mod identity;
pub mod token;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256, Sha512};

use super::org::Org;
use super::value::as_text;

/// Life of an authorization code.
const CODE_SECS: i64 = 15 * 60;
/// A refresh token that is not used for 30 days dies.
const REFRESH_IDLE_SECS: i64 = 30 * 24 * 3600;
/// A session that is not used for two hours dies.
const SESSION_IDLE_SECS: i64 = 2 * 3600;
/// Grants of one user to one app; a further one silently ends the oldest (salesforce §2.1).
const GRANTS_MAX: usize = 5;
/// Rotated-out tokens of a grant that are remembered for the detection of reuse.
const RETIRED_MAX: usize = 1000;

/// Codes, grants and sessions of an org.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct SignIns {
    codes: Vec<Code>,
    grants: Vec<Grant>,
    sessions: Vec<Session>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Code {
    text: String,
    client_id: String,
    redirect_uri: String,
    scope: String,
    challenge: String,
    user_id: String,
    #[serde(with = "as_text")]
    issued: Timestamp,
}

/// What a user allowed once: a chain of refresh tokens of which one is alive.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Grant {
    serial: u64,
    client_id: String,
    user_id: String,
    scope: String,
    current: Option<String>,
    retired: Vec<String>,
    #[serde(with = "as_text")]
    used: Timestamp,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Session {
    pub token: String,
    pub user_id: String,
    /// Absent for a session that the control opened.
    grant: Option<u64>,
    #[serde(with = "as_text")]
    used: Timestamp,
}

/// Text that looks random and follows from the org's seed alone.
fn token_text(org: &mut Org, kind: &str, length: usize) -> String {
    let sequence = org.next_sequence();
    let digest = Sha512::digest(format!("{}/{kind}/{sequence}", org.config.seed));
    let more = Sha512::digest(digest);
    let text = URL_SAFE_NO_PAD.encode([digest, more].concat());
    text.chars().take(length).map(|letter| if letter == '-' { '.' } else { letter }).collect()
}

/// Opens a session: `<15-char org id>!AQEAQ...` (salesforce §2.5).
pub fn open_session(org: &mut Org, user_id: &str, grant: Option<u64>) -> String {
    let tail = token_text(org, "session", 80);
    let token = format!("{}!AQEAQ{tail}", &org.config.org_id[..15]);
    let now = org.now;
    drop_stale_sessions(org);
    org.sign_ins.sessions.push(Session {
        token: token.clone(),
        user_id: user_id.to_owned(),
        grant,
        used: now,
    });
    token
}

fn drop_stale_sessions(org: &mut Org) {
    let oldest = org.ago(SESSION_IDLE_SECS);
    org.sign_ins.sessions.retain(|session| session.used >= oldest);
}

/// The session of a token, its idle clock set back; nothing for a dead or unknown one.
pub fn use_session(org: &mut Org, token: &str) -> Option<Session> {
    drop_stale_sessions(org);
    let now = org.now;
    let session = org.sign_ins.sessions.iter_mut().find(|session| session.token == token)?;
    session.used = now;
    Some(session.clone())
}

/// Ends every session; grants stay.
pub fn end_all_sessions(org: &mut Org) {
    org.sign_ins.sessions.clear();
}

fn end_grant(org: &mut Org, serial: u64) {
    org.sign_ins.sessions.retain(|session| session.grant != Some(serial));
    if let Some(grant) = org.sign_ins.grants.iter_mut().find(|grant| grant.serial == serial) {
        grant.retired.extend(grant.current.take());
    }
}

/// The challenge that a verifier answers (RFC 7636).
fn challenge_of(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
}

/// Stands for the signature, which a public client cannot verify.
fn signature_of(id: &str, issued_at: &str) -> String {
    STANDARD.encode(Sha256::digest(format!("{id}{issued_at}")))
}
