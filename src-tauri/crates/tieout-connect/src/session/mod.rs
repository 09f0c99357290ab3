//! One signed-in connection: addresses, tokens, budget, retries of reads.
//!
//! ```text
//! call -> budget -> token (renewed early if due) -> transport -> dialect judges
//!                        ^ once, single-flight, stored before use | 401
//! ```

mod call;
mod dialect;
mod grant;
mod renew;
mod retry;
mod store;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{HeaderValue, Request, Response};
use jiff::SignedDuration;

pub use call::{Call, Effect, Renewal};
pub use dialect::{Dialect, Verdict, retry_after};
pub use grant::{GrantUnreadable, StoredGrant};
pub use retry::{READ_TRIES_MAX, RETRY_AFTER_SECS_MAX};
pub use store::{StoreError, StoreLock, TokenStore};

use self::renew::Tokens;
use self::retry::Pauses;
use crate::budget::{Budget, BudgetLimits, BudgetUse};
use crate::cancel::Cancel;
use crate::clock::{Clock, Entropy};
use crate::endpoint::BaseUrl;
use crate::error::ConnectorError;
use crate::oauth::{OAuthClient, OAuthConfig};
use crate::secret::Secret;
use crate::transport::{Transport, TransportError};

/// Renewals, each with one replay, that one call may cause (`salesforce §2.9`).
const RENEWALS_MAX: usize = 1;

/// Where the paths of calls begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Base {
    /// Always the same host.
    Fixed(BaseUrl),
    /// `instance_url` of the grant, which may change with every renewal.
    Instance,
}

/// When and how the access token is renewed, besides a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RenewalPolicy {
    /// Renew this long before the token ends. `None`: only when it is refused.
    pub early_secs: Option<u32>,
    /// How long a replaced refresh token still works. Zero: using it would end the grant
    /// (`salesforce §2.6`), so it is not even kept.
    pub previous_lives_secs: u32,
}

/// Everything a session is made of.
pub struct SessionParts {
    pub transport: Arc<dyn Transport>,
    pub oauth: OAuthConfig,
    pub store: Arc<dyn TokenStore>,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
    pub dialect: Arc<dyn Dialect>,
    pub base: Base,
    pub renewal: RenewalPolicy,
    pub budget: BudgetLimits,
    pub cancel: Cancel,
}

/// A connection that can be called. Shared by reference; every method may run concurrently.
pub struct Session {
    transport: Arc<dyn Transport>,
    sent: Arc<AtomicU64>,
    tokens: Arc<Tokens>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    dialect: Arc<dyn Dialect>,
    base: Base,
    budget: Budget,
    cancel: Cancel,
}

impl Session {
    /// A session whose tokens are in the store. Sends nothing until it is called.
    pub fn new(parts: SessionParts) -> Self {
        let sent = Arc::new(AtomicU64::new(0));
        let transport: Arc<dyn Transport> =
            Arc::new(Counted { inner: parts.transport, sent: sent.clone() });
        let oauth = OAuthClient::new(parts.oauth, transport.clone(), parts.entropy.clone());
        let tokens = Tokens::new(oauth, parts.store, parts.clock.clone(), parts.renewal);
        Self {
            sent,
            tokens: Arc::new(tokens),
            budget: Budget::new(parts.budget, parts.clock.clone(), parts.cancel.clone()),
            transport,
            clock: parts.clock,
            entropy: parts.entropy,
            dialect: parts.dialect,
            base: parts.base,
            cancel: parts.cancel,
        }
    }

    /// Sends a call and returns an answer that the dialect let through.
    ///
    /// Reads are tried up to `READ_TRIES_MAX` times with full jitter. Writes are sent once: a lost
    /// answer is `OutcomeUnknown`, only a refused token is followed by one replay, because a
    /// request refused with it was certainly not acted on.
    pub async fn call(&self, call: Call) -> Result<Response<Bytes>, ConnectorError> {
        let mut pauses = Pauses::new(self.entropy.as_ref());
        let mut renewals_left = RENEWALS_MAX;
        loop {
            let fault = match self.call_once(&call, &mut renewals_left).await {
                Ok(response) => return Ok(response),
                Err(fault) => fault,
            };
            let pause = match call.effect {
                Effect::Write => None,
                Effect::Read => pauses.before_next_try(&fault),
            };
            let Some(pause) = pause else {
                return Err(fault);
            };
            let slept = self.cancel.unless_cancelled(self.clock.sleep(pause)).await;
            slept.ok_or(ConnectorError::Cancelled)?;
        }
    }

    /// The present grant, for `instance_url` and for what came with the sign-in.
    pub async fn grant(&self) -> Result<StoredGrant, ConnectorError> {
        self.tokens.present().await
    }

    /// Renews the tokens if the last renewal is older than `age_secs`, so that an idle grant does
    /// not die (`salesforce §2.6` rule 5). Returns whether it did.
    pub async fn renew_if_older(&self, age_secs: u32) -> Result<bool, ConnectorError> {
        let grant = self.tokens.present().await?;
        let age = self.clock.now().duration_since(grant.obtained_at);
        if age < SignedDuration::from_secs(i64::from(age_secs)) {
            return Ok(false);
        }
        Tokens::renewed(&self.tokens, &grant.access).await.map(|_| true)
    }

    /// Ends the grant at the tool and forgets it here, whatever the tool says. The outer error is
    /// that of forgetting; the inner one says that the tool may still hold the grant.
    pub async fn disconnect(&self) -> Result<Result<(), ConnectorError>, ConnectorError> {
        self.tokens.disconnect().await
    }

    /// Requests sent since this session was made, sign-in and renewals included.
    pub fn requests_sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    /// The use of the budget, for the screen.
    pub fn budget_use(&self) -> BudgetUse {
        self.budget.used()
    }

    /// The clock that everything of this session goes by.
    pub fn clock(&self) -> &dyn Clock {
        self.clock.as_ref()
    }

    async fn call_once(
        &self,
        call: &Call,
        renewals_left: &mut usize,
    ) -> Result<Response<Bytes>, ConnectorError> {
        let grant = match call.renewal {
            Renewal::Replay => Tokens::fresh(&self.tokens).await?,
            Renewal::CursorLost | Renewal::Never => self.tokens.present().await?,
        };
        let response = self.send(call, &grant).await?;
        let verdict = self.dialect.judge(call, &response);
        if !matches!(verdict, Verdict::TokenRefused) {
            return settle(verdict, response);
        }
        if call.renewal == Renewal::Never || *renewals_left == 0 {
            return Err(ConnectorError::SignInNeeded);
        }
        *renewals_left -= 1;
        let renewed = Tokens::renewed(&self.tokens, &grant.access).await?;
        if call.renewal == Renewal::CursorLost {
            return Err(ConnectorError::CursorLost);
        }
        let response = self.send(call, &renewed).await?;
        match self.dialect.judge(call, &response) {
            // A second refusal is final: endless loops are the best-known client bug.
            Verdict::TokenRefused => Err(ConnectorError::SignInNeeded),
            verdict => settle(verdict, response),
        }
    }

    async fn send(
        &self,
        call: &Call,
        grant: &StoredGrant,
    ) -> Result<Response<Bytes>, ConnectorError> {
        let request = self.request(call, grant)?;
        let _permit = self.budget.enter(call.effect).await?;
        let sent = self.transport.send(request).await;
        let response = sent.map_err(|error| lost(error, call.effect))?;
        if let Some(report) = self.dialect.daily_use(response.headers()) {
            self.budget.observe(report);
        }
        Ok(response)
    }

    fn request(&self, call: &Call, grant: &StoredGrant) -> Result<Request<Bytes>, ConnectorError> {
        let base = match &self.base {
            Base::Fixed(base) => base.clone(),
            Base::Instance => {
                let missing = || ConnectorError::Malformed { path: "instance_url".to_owned() };
                let url = grant.instance_url.as_deref().ok_or_else(missing)?;
                BaseUrl::parse(url).map_err(not_sent)?
            }
        };
        let endpoint = base.join(&call.path).map_err(not_sent)?;
        let mut request = Request::builder()
            .method(call.method.clone())
            .uri(endpoint.as_str())
            .body(call.body.clone())
            .map_err(not_sent)?;
        *request.headers_mut() = call.headers.clone();
        request.headers_mut().insert(AUTHORIZATION, bearer(&grant.access)?);
        Ok(request)
    }
}

fn bearer(access: &Secret) -> Result<HeaderValue, ConnectorError> {
    let mut value =
        HeaderValue::try_from(format!("Bearer {}", access.expose())).map_err(not_sent)?;
    value.set_sensitive(true);
    Ok(value)
}

fn not_sent(error: impl std::error::Error + Send + Sync + 'static) -> ConnectorError {
    ConnectorError::NotSent(Box::new(error))
}

/// A request without a complete answer.
fn lost(error: TransportError, effect: Effect) -> ConnectorError {
    match (error, effect) {
        (TransportError::NotSent(cause), _) => ConnectorError::NotSent(cause),
        (TransportError::NoAnswer(cause), _) => ConnectorError::OutcomeUnknown(cause),
        (TransportError::TooLarge, Effect::Read) => {
            ConnectorError::Malformed { path: "body".to_owned() }
        }
        (error @ TransportError::TooLarge, Effect::Write) => {
            ConnectorError::OutcomeUnknown(Box::new(error))
        }
    }
}

/// The tool failed on its side; a write may have happened.
#[derive(Debug, thiserror::Error)]
#[error("the tool answered with status {0}")]
struct ServerFault(u16);

fn settle(verdict: Verdict, response: Response<Bytes>) -> Result<Response<Bytes>, ConnectorError> {
    match verdict {
        Verdict::Deliver => Ok(response),
        Verdict::TokenRefused => Err(ConnectorError::SignInNeeded),
        Verdict::Throttled { retry_after } => Err(ConnectorError::Throttled { retry_after }),
        Verdict::ServerFault => {
            let fault = ServerFault(response.status().as_u16());
            Err(ConnectorError::OutcomeUnknown(Box::new(fault)))
        }
        Verdict::Fail(error) => Err(error),
    }
}

/// Counts what really goes out.
struct Counted {
    inner: Arc<dyn Transport>,
    sent: Arc<AtomicU64>,
}

#[async_trait]
impl Transport for Counted {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        self.sent.fetch_add(1, Ordering::Relaxed);
        self.inner.send(request).await
    }
}

#[cfg(test)]
mod tests;
