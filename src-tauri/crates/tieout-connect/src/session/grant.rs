//! What a sign-in gave us, as it is sealed and stored.

use std::collections::BTreeMap;
use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::oauth::TokenAnswer;
use crate::secret::Secret;

/// Tokens and what came with them. `Debug` shows neither tokens nor company ids.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredGrant {
    pub access: Secret,
    /// `None`: the tool gave none, a person signs in again when the access token ends.
    pub refresh: Option<Secret>,
    /// The refresh token before the present one and when it was replaced, where the tool still
    /// takes it for a while (`quickbooks §1.4`).
    pub previous_refresh: Option<(Secret, Timestamp)>,
    pub obtained_at: Timestamp,
    /// `None`: the tool does not say; only its refusal tells.
    pub expires_at: Option<Timestamp>,
    /// Base of every call, where the token answer names it (`salesforce §1`).
    pub instance_url: Option<String>,
    /// Everything else of the token answer and of the callback, such as `realmId` and `id`.
    pub extra: BTreeMap<String, String>,
}

/// The stored bytes are not a grant of a version that we know.
#[derive(Debug, thiserror::Error)]
#[error("the stored sign-in cannot be read")]
pub struct GrantUnreadable;

impl StoredGrant {
    /// The grant of a new sign-in. `callback` are the further parameters of the redirect.
    pub fn first(answer: TokenAnswer, callback: BTreeMap<String, String>, now: Timestamp) -> Self {
        let mut extra = answer.extra;
        extra.extend(callback);
        Self {
            access: answer.access,
            refresh: answer.refresh,
            previous_refresh: None,
            obtained_at: now,
            expires_at: expiry(now, answer.expires_in_secs),
            instance_url: answer.instance_url,
            extra,
        }
    }

    /// The grant after a renewal: what the answer leaves out stays as it was, and the base address
    /// follows the answer (`salesforce §1`). `keep_previous`: the replaced token is still good.
    pub fn renewed(&self, answer: TokenAnswer, now: Timestamp, keep_previous: bool) -> Self {
        let replaced = match (&self.refresh, &answer.refresh) {
            (Some(old), Some(new)) if old != new => Some((old.clone(), now)),
            _ => self.previous_refresh.clone(),
        };
        let mut extra = self.extra.clone();
        extra.extend(answer.extra);
        Self {
            access: answer.access,
            refresh: answer.refresh.or_else(|| self.refresh.clone()),
            previous_refresh: replaced.filter(|_| keep_previous),
            obtained_at: now,
            expires_at: expiry(now, answer.expires_in_secs),
            instance_url: answer.instance_url.or_else(|| self.instance_url.clone()),
            extra,
        }
    }

    /// Canonical bytes for sealing: equal grants have equal bytes. Wiped when dropped.
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let sealed = Sealed {
            version: VERSION,
            access: Token::of(&self.access),
            refresh: self.refresh.as_ref().map(Token::of),
            previous_refresh: self
                .previous_refresh
                .as_ref()
                .map(|(token, at)| (Token::of(token), at.to_string())),
            obtained_at: self.obtained_at.to_string(),
            expires_at: self.expires_at.map(|at| at.to_string()),
            instance_url: self.instance_url.clone(),
            extra: self.extra.clone(),
        };
        Zeroizing::new(serde_json::to_vec(&sealed).expect("texts and maps of texts serialise"))
    }

    /// Reads what `to_bytes` wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, GrantUnreadable> {
        let sealed: Sealed = serde_json::from_slice(bytes).map_err(|_| GrantUnreadable)?;
        if sealed.version != VERSION {
            return Err(GrantUnreadable);
        }
        let instant = |text: &str| text.parse::<Timestamp>().map_err(|_| GrantUnreadable);
        let previous = sealed.previous_refresh.as_ref();
        Ok(Self {
            access: sealed.access.secret(),
            refresh: sealed.refresh.as_ref().map(Token::secret),
            previous_refresh: previous
                .map(|(token, at)| instant(at).map(|at| (token.secret(), at)))
                .transpose()?,
            obtained_at: instant(&sealed.obtained_at)?,
            expires_at: sealed.expires_at.as_deref().map(instant).transpose()?,
            instance_url: sealed.instance_url,
            extra: sealed.extra,
        })
    }
}

impl fmt::Debug for StoredGrant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredGrant")
            .field("access", &self.access)
            .field("refresh", &self.refresh)
            .field("previous_refresh", &self.previous_refresh)
            .field("obtained_at", &self.obtained_at)
            .field("expires_at", &self.expires_at)
            .field("extra", &self.extra.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

const VERSION: u32 = 1;

/// A token on its way into or out of bytes.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(transparent)]
struct Token(String);

impl Token {
    fn of(secret: &Secret) -> Self {
        Self(secret.expose().to_owned())
    }

    fn secret(&self) -> Secret {
        Secret::new(self.0.as_str())
    }
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    version: u32,
    access: Token,
    refresh: Option<Token>,
    previous_refresh: Option<(Token, String)>,
    obtained_at: String,
    expires_at: Option<String>,
    instance_url: Option<String>,
    extra: BTreeMap<String, String>,
}

fn expiry(now: Timestamp, secs: Option<u32>) -> Option<Timestamp> {
    now.checked_add(SignedDuration::from_secs(i64::from(secs?))).ok()
}

#[cfg(test)]
mod tests;
