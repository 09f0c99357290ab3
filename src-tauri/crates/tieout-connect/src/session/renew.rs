//! Renewal of tokens: one at a time across tasks and processes, stored before it is used.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use jiff::SignedDuration;

use super::grant::StoredGrant;
use super::store::TokenStore;
use super::{RenewalPolicy, not_sent};
use crate::clock::Clock;
use crate::error::ConnectorError;
use crate::oauth::{OAuthClient, OAuthError, TokenAnswer};
use crate::secret::Secret;

/// Pauses before a renewal is tried again (`salesforce §2.6` rule 3).
const BUSY_PAUSES_SECS: [u64; 3] = [1, 2, 4];
/// Times that a renewal without an answer is repeated with the same token (rule 4).
const UNKNOWN_REPEATS_MAX: usize = 1;

/// The tokens of one connection.
pub(super) struct Tokens {
    oauth: OAuthClient,
    store: Arc<dyn TokenStore>,
    clock: Arc<dyn Clock>,
    policy: RenewalPolicy,
    cached: Mutex<Option<StoredGrant>>,
    turn: tokio::sync::Mutex<Turn>,
}

/// What only the task whose turn it is may touch.
#[derive(Default)]
struct Turn {
    /// A renewed grant that the store could not take, with the access token it replaces. Its
    /// refresh token is the only living one, so saving it comes before anything else.
    unsaved: Option<(Secret, StoredGrant)>,
    /// A refresh token that was refused for good, so that we do not ask again on every call.
    refused: Option<Secret>,
}

impl Tokens {
    pub fn new(
        oauth: OAuthClient,
        store: Arc<dyn TokenStore>,
        clock: Arc<dyn Clock>,
        policy: RenewalPolicy,
    ) -> Self {
        let (cached, turn) = (Mutex::default(), tokio::sync::Mutex::default());
        Self { oauth, store, clock, policy, cached, turn }
    }

    /// The grant as it stands, never renewed here.
    pub async fn present(&self) -> Result<StoredGrant, ConnectorError> {
        let cached = self.cached().clone();
        if let Some(grant) = cached {
            return Ok(grant);
        }
        let stored = self.store.load().await.map_err(not_sent)?;
        let grant = stored.ok_or(ConnectorError::SignInNeeded)?;
        *self.cached() = Some(grant.clone());
        Ok(grant)
    }

    /// The grant, renewed first if its access token is about to end.
    pub async fn fresh(tokens: &Arc<Self>) -> Result<StoredGrant, ConnectorError> {
        let grant = tokens.present().await?;
        let due = grant.expires_at.zip(tokens.policy.early_secs).is_some_and(|(ends, early)| {
            let early = SignedDuration::from_secs(i64::from(early));
            ends.duration_since(tokens.clock.now()) <= early
        });
        if due { Self::renewed(tokens, &grant.access).await } else { Ok(grant) }
    }

    /// A grant with another access token than `used`.
    ///
    /// Runs as a task of its own: a caller that is dropped meanwhile must not take the only copy
    /// of a rotated refresh token with it.
    pub async fn renewed(tokens: &Arc<Self>, used: &Secret) -> Result<StoredGrant, ConnectorError> {
        let (tokens, used) = (tokens.clone(), used.clone());
        tokio::spawn(async move { tokens.renew(&used).await }).await.map_err(not_sent)?
    }

    /// Revokes and forgets. See `Session::disconnect`.
    pub async fn disconnect(&self) -> Result<Result<(), ConnectorError>, ConnectorError> {
        let _turn = self.turn.lock().await;
        let _lock = self.store.lock().await.map_err(not_sent)?;
        let stored = self.store.load().await.map_err(not_sent)?;
        let revoked = match stored.map(|grant| grant.refresh.unwrap_or(grant.access)) {
            Some(token) => self.oauth.revoke(&token).await.map_err(ConnectorError::from),
            None => Ok(()),
        };
        *self.cached() = None;
        self.store.clear().await.map_err(not_sent)?;
        Ok(revoked)
    }

    async fn renew(&self, used: &Secret) -> Result<StoredGrant, ConnectorError> {
        let mut turn = self.turn.lock().await;
        let cached = self.cached().clone();
        if let Some(grant) = cached.filter(|grant| grant.access != *used) {
            return Ok(grant);
        }
        let _lock = self.store.lock().await.map_err(not_sent)?;
        let Some(stored) = self.store.load().await.map_err(not_sent)? else {
            *self.cached() = None;
            return Err(ConnectorError::SignInNeeded);
        };
        let grant = if stored.access == *used {
            self.renew_stored(&mut turn, &stored).await?
        } else {
            stored
        };
        *self.cached() = Some(grant.clone());
        Ok(grant)
    }

    /// Renews what is stored and stores the result before anybody can use it.
    async fn renew_stored(
        &self,
        turn: &mut Turn,
        stored: &StoredGrant,
    ) -> Result<StoredGrant, ConnectorError> {
        let kept = turn.unsaved.take().filter(|(replaces, _)| *replaces == stored.access);
        let renewed = match kept {
            Some((_, renewed)) => renewed,
            None => {
                let answer = self.exchange(turn, stored).await?;
                let keep_previous = self.policy.previous_lives_secs > 0;
                stored.renewed(answer, self.clock.now(), keep_previous)
            }
        };
        if let Err(error) = self.store.save(&renewed).await {
            turn.unsaved = Some((stored.access.clone(), renewed));
            return Err(not_sent(error));
        }
        Ok(renewed)
    }

    /// With the present refresh token, then with the one before it where that may still live.
    async fn exchange(
        &self,
        turn: &mut Turn,
        stored: &StoredGrant,
    ) -> Result<TokenAnswer, ConnectorError> {
        let refresh = stored.refresh.as_ref().ok_or(ConnectorError::SignInNeeded)?;
        if turn.refused.as_ref() == Some(refresh) {
            return Err(ConnectorError::SignInNeeded);
        }
        let refusal = match self.exchange_patiently(refresh).await {
            Err(refusal @ OAuthError::GrantRefused { .. }) => refusal,
            other => return other.map_err(ConnectorError::from),
        };
        let answer = match self.living_previous(stored) {
            Some(previous) => self.exchange_patiently(previous).await,
            None => Err(refusal),
        };
        if matches!(answer, Err(OAuthError::GrantRefused { .. })) {
            turn.refused = Some(refresh.clone());
        }
        answer.map_err(ConnectorError::from)
    }

    fn living_previous<'a>(&self, stored: &'a StoredGrant) -> Option<&'a Secret> {
        let (previous, replaced_at) = stored.previous_refresh.as_ref()?;
        let life = SignedDuration::from_secs(i64::from(self.policy.previous_lives_secs));
        (self.clock.now().duration_since(*replaced_at) < life).then_some(previous)
    }

    async fn exchange_patiently(&self, refresh: &Secret) -> Result<TokenAnswer, OAuthError> {
        let mut unknown_repeats = 0;
        let mut pauses = BUSY_PAUSES_SECS.into_iter();
        loop {
            let fault = match self.oauth.refresh(refresh).await {
                Err(fault) if fault.is_transient() => fault,
                Err(fault) if fault.is_unknown() && unknown_repeats < UNKNOWN_REPEATS_MAX => {
                    unknown_repeats += 1;
                    fault
                }
                settled => return settled,
            };
            let Some(pause_secs) = pauses.next() else {
                return Err(fault);
            };
            self.clock.sleep(Duration::from_secs(pause_secs)).await;
        }
    }

    fn cached(&self) -> MutexGuard<'_, Option<StoredGrant>> {
        self.cached.lock().expect("no holder of the cached grant panics")
    }
}
