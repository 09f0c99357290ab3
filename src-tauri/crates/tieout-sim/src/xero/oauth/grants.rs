//! Codes, tokens and connections that were given out, and how long each is good for.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::super::guid::{self, Guid};
use super::jwt;

const CODE_LIFE: SignedDuration = SignedDuration::from_mins(5);
/// A refresh token that is not used for so long is dead.
const IDLE_MAX: SignedDuration = SignedDuration::from_hours(60 * 24);
/// How long the predecessor of a refresh token may be used again.
const GRACE: SignedDuration = SignedDuration::from_mins(30);
/// Access tokens that are remembered, expired ones included.
const ACCESS_TOKENS_MAX: usize = 200;

/// Everything that the one user of the app allowed.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Grants {
    codes: Vec<Code>,
    refresh: Vec<RefreshValue>,
    access: Vec<AccessValue>,
    /// Scopes accumulate across consents and only a revocation takes them back.
    scopes: BTreeSet<String>,
    pub connections: Vec<Connection>,
    made: u64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Code {
    value: String,
    redirect: String,
    challenge: String,
    event: Guid,
    until: Timestamp,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct RefreshValue {
    value: String,
    event: Guid,
    issued: Timestamp,
    replaced: Option<Timestamp>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct AccessValue {
    value: String,
    scopes: String,
    until: Timestamp,
}

/// One organisation that the user connected.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Connection {
    pub id: Guid,
    pub event: Guid,
    pub tenant: String,
    pub created: Timestamp,
    pub updated: Timestamp,
}

/// A pair of tokens as just given out.
#[derive(Clone, Debug)]
pub struct Pair {
    pub access: String,
    /// Only with `offline_access`.
    pub refresh: Option<String>,
    pub scopes: String,
}

/// What a bearer token is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bearer {
    /// Absent, malformed or revoked.
    Unknown,
    Expired(Timestamp),
    /// Good, with these scopes.
    Of(String),
}

/// What a consent was given for.
pub struct Consented<'a> {
    pub redirect: &'a str,
    pub challenge: &'a str,
    pub scopes: &'a str,
    /// All that this one consent connects.
    pub tenants: &'a [String],
}

/// The app and the life of its tokens.
#[derive(Clone, Copy)]
pub struct Terms<'a> {
    pub client: &'a str,
    pub seconds: i64,
    pub now: Timestamp,
}

impl RefreshValue {
    fn works(&self, now: Timestamp) -> bool {
        let used = now.duration_since(self.issued) <= IDLE_MAX;
        used && self.replaced.is_none_or(|at| now.duration_since(at) <= GRACE)
    }
}

impl Grants {
    /// Connects the organisation and gives a code for one exchange.
    pub fn consent(&mut self, to: &Consented<'_>, now: Timestamp) -> String {
        let event = self.id("event");
        self.scopes.extend(to.scopes.split(' ').map(str::to_owned));
        for tenant in to.tenants {
            self.connect(tenant, &event, now);
        }
        let value = self.secret(43);
        self.codes.retain(|code| code.until > now);
        self.codes.push(Code {
            value: value.clone(),
            redirect: to.redirect.to_owned(),
            challenge: to.challenge.to_owned(),
            event,
            until: after(now, CODE_LIFE),
        });
        value
    }

    fn connect(&mut self, tenant: &str, event: &Guid, now: Timestamp) {
        if let Some(known) = self.connections.iter_mut().find(|known| known.tenant == tenant) {
            known.event.clone_from(event);
            known.updated = now;
            return;
        }
        let id = self.id("connection");
        let (event, tenant) = (event.clone(), tenant.to_owned());
        self.connections.push(Connection { id, event, tenant, created: now, updated: now });
    }

    /// The tokens for a code. Any mismatch uses the code up.
    pub fn exchange(
        &mut self,
        code: &str,
        (redirect, verifier): (&str, &str),
        terms: Terms<'_>,
    ) -> Option<Pair> {
        let at = self.codes.iter().position(|known| known.value == code)?;
        let known = self.codes.remove(at);
        let proof = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
        let good =
            known.redirect == redirect && known.challenge == proof && known.until > terms.now;
        good.then(|| self.pair(&known.event, terms))
    }

    /// The next tokens. A retired token works for 30 minutes more.
    pub fn refresh(&mut self, token: &str, terms: Terms<'_>) -> Option<Pair> {
        let now = terms.now;
        self.refresh.retain(|known| known.works(now));
        let known = self.refresh.iter_mut().find(|known| known.value == token)?;
        known.replaced.get_or_insert(now);
        let event = known.event.clone();
        Some(self.pair(&event, terms))
    }

    /// Ends everything that the user allowed. Whether the token was one.
    pub fn revoke(&mut self, token: &str) -> bool {
        let known = self.refresh.iter().any(|known| known.value == token);
        if known {
            let made = self.made;
            *self = Self { made, ..Self::default() };
        }
        known
    }

    pub fn bearer(&self, header: Option<&str>, now: Timestamp) -> Bearer {
        let token = header.and_then(|all| all.strip_prefix("Bearer ")).map(str::trim);
        match self.access.iter().find(|known| Some(known.value.as_str()) == token) {
            None => Bearer::Unknown,
            Some(known) if known.until <= now => Bearer::Expired(known.until),
            Some(known) => Bearer::Of(known.scopes.clone()),
        }
    }

    pub fn is_connected(&self, tenant: &str) -> bool {
        self.connections.iter().any(|known| known.tenant == tenant)
    }

    fn pair(&mut self, event: &str, terms: Terms<'_>) -> Pair {
        let scopes = self.scopes.iter().cloned().collect::<Vec<_>>().join(" ");
        self.made += 1;
        let life = (terms.now, terms.seconds);
        let access = jwt::access(terms.client, &scopes, event, self.made, life);
        if self.access.len() == ACCESS_TOKENS_MAX {
            self.access.remove(0);
        }
        let until = after(terms.now, SignedDuration::from_secs(terms.seconds));
        self.access.push(AccessValue { value: access.clone(), scopes: scopes.clone(), until });
        let refresh = self.scopes.contains("offline_access").then(|| {
            let value = self.secret(43);
            let (event, issued) = (event.to_owned(), terms.now);
            self.refresh.push(RefreshValue { value: value.clone(), event, issued, replaced: None });
            value
        });
        Pair { access, refresh, scopes }
    }

    /// A value that was never given out before. It needs not be hard to guess here.
    fn secret(&mut self, characters: usize) -> String {
        self.made += 1;
        let mut text = URL_SAFE_NO_PAD.encode(Sha256::digest(format!("secret|{}", self.made)));
        text.truncate(characters);
        text
    }

    fn id(&mut self, what: &str) -> Guid {
        self.made += 1;
        guid::of(&format!("{what}|{}", self.made))
    }
}

fn after(now: Timestamp, life: SignedDuration) -> Timestamp {
    now.checked_add(life).unwrap_or(Timestamp::MAX)
}
