//! Codes and tokens that were given out, and how long each is good for.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

const CODE_LIFE: SignedDuration = SignedDuration::from_mins(10);
const ACCESS_LIFE: SignedDuration = SignedDuration::from_hours(1);
/// How often the refresh token changes its value, and how long the predecessor still works.
const ROTATION: SignedDuration = SignedDuration::from_hours(24);
/// A refresh token that is not used for so long is dead.
const IDLE_MAX: SignedDuration = SignedDuration::from_hours(100 * 24);
/// What a fresh refresh token states: 101 days.
const STATED_LIFE: SignedDuration = SignedDuration::from_secs(8_726_400);
/// The absolute end of one authorization: five years.
const HARD_LIFE: SignedDuration = SignedDuration::from_hours(5 * 365 * 24);
/// Access tokens of one connection that are remembered.
const ACCESS_TOKENS_MAX: usize = 50;

/// All connections of the app to this company.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Grants {
    codes: Vec<Code>,
    connections: Vec<Connection>,
    made: u64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Code {
    value: String,
    redirect: String,
    realm: String,
    scopes: String,
    until: Timestamp,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Connection {
    realm: String,
    scopes: String,
    granted: Timestamp,
    used: Timestamp,
    /// The last one is current.
    refresh: Vec<RefreshValue>,
    access: Vec<AccessValue>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct RefreshValue {
    value: String,
    issued: Timestamp,
    replaced: Option<Timestamp>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct AccessValue {
    value: String,
    until: Timestamp,
}

/// A pair of tokens as just given out.
#[derive(Clone, Debug)]
pub struct Pair {
    pub access: String,
    pub access_seconds: i64,
    pub refresh: String,
    pub refresh_seconds: i64,
    pub hard_seconds: i64,
}

/// Who a bearer token belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bearer {
    /// Absent, unknown, expired or revoked.
    Unknown,
    /// Good for this realm.
    Of(String),
}

impl Grants {
    /// A code for one exchange.
    pub fn code(&mut self, redirect: &str, realm: &str, scopes: &str, now: Timestamp) -> String {
        let value = self.secret("AB11", 40);
        self.codes.retain(|code| code.until > now);
        self.codes.push(Code {
            value: value.clone(),
            redirect: redirect.to_owned(),
            realm: realm.to_owned(),
            scopes: scopes.to_owned(),
            until: after(now, CODE_LIFE),
        });
        value
    }

    /// Exchanges a code: once, in time, with the redirect it was made for. A new authorization of a
    /// company ends the earlier ones \[memory\].
    pub fn exchange(&mut self, code: &str, redirect: &str, now: Timestamp) -> Option<Pair> {
        let at = self.codes.iter().position(|known| known.value == code)?;
        let code = self.codes.remove(at);
        if code.redirect != redirect || code.until <= now {
            return None;
        }
        self.connections.retain(|known| known.realm != code.realm);
        let first = self.refresh_value(now);
        self.connections.push(Connection {
            realm: code.realm,
            scopes: code.scopes,
            granted: now,
            used: now,
            refresh: vec![first],
            access: Vec::new(),
        });
        let last = self.connections.len() - 1;
        Some(self.pair(last, now))
    }

    /// Exchanges a refresh token for a new pair. The value changes when it is a day old, or always
    /// with `every_time`; the predecessor works for another day.
    pub fn refresh(&mut self, token: &str, every_time: bool, now: Timestamp) -> Option<Pair> {
        let at = self.connections.iter().position(|connection| {
            connection.refresh.iter().any(|value| value.value == token && value.works(now))
        })?;
        let connection = &self.connections[at];
        let idle = now.duration_since(connection.used) > IDLE_MAX;
        let over = now.duration_since(connection.granted) > HARD_LIFE;
        if idle || over {
            return None;
        }
        let current = connection.refresh.last()?;
        if every_time || now.duration_since(current.issued) >= ROTATION {
            let next = self.refresh_value(now);
            let values = &mut self.connections[at].refresh;
            values.retain(|value| value.works(now));
            for value in values.iter_mut().filter(|value| value.replaced.is_none()) {
                value.replaced = Some(now);
            }
            values.push(next);
        }
        self.connections[at].used = now;
        Some(self.pair(at, now))
    }

    /// Ends the connection of a refresh token, or the one access token. False when unknown.
    pub fn revoke(&mut self, token: &str) -> bool {
        let owns =
            |connection: &Connection| connection.refresh.iter().any(|value| value.value == token);
        if let Some(at) = self.connections.iter().position(owns) {
            self.connections.remove(at);
            return true;
        }
        for connection in &mut self.connections {
            let before = connection.access.len();
            connection.access.retain(|access| access.value != token);
            if connection.access.len() < before {
                return true;
            }
        }
        false
    }

    /// The user disconnects the app inside the product: every token dies.
    pub fn disconnect(&mut self) {
        self.connections.clear();
    }

    /// Whom the `Authorization` header speaks for.
    pub fn bearer(&self, header: Option<&str>, now: Timestamp) -> Bearer {
        match self.connection(header, now) {
            Some(connection) => Bearer::Of(connection.realm.clone()),
            None => Bearer::Unknown,
        }
    }

    /// The scopes that go with the `Authorization` header.
    pub fn scopes(&self, header: Option<&str>, now: Timestamp) -> Option<&str> {
        self.connection(header, now).map(|connection| connection.scopes.as_str())
    }

    fn connection(&self, header: Option<&str>, now: Timestamp) -> Option<&Connection> {
        let token = header?.strip_prefix("Bearer ")?.trim();
        self.connections.iter().find(|connection| {
            let known = connection.access.iter().find(|access| access.value == token);
            known.is_some_and(|access| access.until > now)
        })
    }

    fn pair(&mut self, at: usize, now: Timestamp) -> Pair {
        let access = self.secret("eyJlbmMiOiJBMTI4Q0JDLUhTMjU2IiwiYWxnIjoiZGlyIn0..", 640);
        let connection = &mut self.connections[at];
        connection.access.retain(|known| known.until > now);
        if connection.access.len() == ACCESS_TOKENS_MAX {
            connection.access.remove(0);
        }
        let until = after(now, ACCESS_LIFE);
        connection.access.push(AccessValue { value: access.clone(), until });
        let current = connection.refresh.last().expect("a connection has a refresh token");
        Pair {
            access,
            access_seconds: ACCESS_LIFE.as_secs(),
            refresh: current.value.clone(),
            refresh_seconds: left(STATED_LIFE, current.issued, now),
            hard_seconds: left(HARD_LIFE, connection.granted, now),
        }
    }

    fn refresh_value(&mut self, now: Timestamp) -> RefreshValue {
        RefreshValue { value: self.secret("RT1-39-H0-", 32), issued: now, replaced: None }
    }

    /// A value that was never given out before. It needs not be hard to guess here.
    fn secret(&mut self, prefix: &str, characters: usize) -> String {
        self.made += 1;
        let mut tail = String::new();
        for part in 0u64.. {
            if tail.len() >= characters {
                break;
            }
            let digest = Sha256::digest(format!("{prefix}|{}|{part}", self.made));
            tail.push_str(&URL_SAFE_NO_PAD.encode(digest));
        }
        tail.truncate(characters);
        format!("{prefix}{tail}")
    }
}

impl RefreshValue {
    fn works(&self, now: Timestamp) -> bool {
        self.replaced.is_none_or(|replaced| now.duration_since(replaced) <= ROTATION)
    }
}

fn after(now: Timestamp, life: SignedDuration) -> Timestamp {
    now.checked_add(life).unwrap_or(Timestamp::MAX)
}

fn left(life: SignedDuration, from: Timestamp, now: Timestamp) -> i64 {
    (life.as_secs() - now.duration_since(from).as_secs()).max(0)
}
