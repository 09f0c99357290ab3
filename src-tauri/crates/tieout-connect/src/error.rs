//! Error classes of every connected system. Classified by status and structure, never by text.

use std::time::Duration;

/// A boxed cause.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// What went wrong with one call, in the classes that the engine acts on.
///
/// No variant's `Display` shows a secret or customer data; the cause is in `source`.
#[derive(Debug, thiserror::Error)]
pub enum ConnectorError {
    /// Certainly not received by the tool. Safe to send again.
    #[error("the request was not sent")]
    NotSent(#[source] BoxError),
    /// Timeout, reset after send, 5xx or an unreadable success: a write may have happened.
    #[error("the outcome is unknown")]
    OutcomeUnknown(#[source] BoxError),
    /// The tool asks us to wait. Not received, safe to send again later.
    #[error("asked to wait")]
    Throttled { retry_after: Option<Duration> },
    /// Our own share of the day's calls is used up (`salesforce §11`, `quickbooks §5`).
    #[error("our share of the daily calls is used up")]
    BudgetSpent { retry_after: Option<Duration> },
    /// The grant is gone: a person must sign in again.
    #[error("sign-in needed")]
    SignInNeeded,
    /// A permission, scope, plan feature or setting is missing; `what` says it in plain words.
    #[error("not permitted: {what}")]
    NotPermitted { what: String },
    /// Refused for good. `code` is the tool's own; `text` may hold customer data and is shown to
    /// the person at this computer only, never logged.
    #[error("refused with code {code}")]
    Rejected { code: String, field: Option<String>, text: String },
    /// Posting into a closed period (`finance-domain §3 D7`).
    #[error("the accounting period is closed")]
    PeriodClosed { code: String },
    /// The record changed under us: read again and start over.
    #[error("the record changed meanwhile")]
    Stale,
    /// The addressed record does not exist or is not visible to this user.
    #[error("not found")]
    NotFound,
    /// A cursor died (query locator, session): start this read again from its mark.
    #[error("the page cursor is no longer valid")]
    CursorLost,
    /// An answer that is not what the contract says: HTML, half a body, a missing envelope.
    #[error("unexpected answer at {path}")]
    Malformed { path: String },
    /// The caller cancelled between pages.
    #[error("cancelled")]
    Cancelled,
}

/// What the engine does about a class of error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Reads: again, with back-off. Writes: back to intended, not before a while.
    RetryLater,
    /// Writes: only asking for the key may follow. Reads: again, with back-off.
    AskFirst,
    /// Stop this connection and tell the person to sign in.
    SignIn,
    /// Stop this operation and tell a person what to change.
    TellPerson,
    /// Read again from the mark.
    RestartRead,
    /// The person asked for it.
    Stop,
}

impl ConnectorError {
    /// One mapping from class to action, for the whole product.
    pub const fn action(&self) -> Action {
        match self {
            Self::NotSent(_) | Self::Throttled { .. } | Self::BudgetSpent { .. } => {
                Action::RetryLater
            }
            Self::OutcomeUnknown(_) | Self::Malformed { .. } => Action::AskFirst,
            Self::SignInNeeded => Action::SignIn,
            Self::NotPermitted { .. }
            | Self::Rejected { .. }
            | Self::PeriodClosed { .. }
            | Self::Stale
            | Self::NotFound => Action::TellPerson,
            Self::CursorLost => Action::RestartRead,
            Self::Cancelled => Action::Stop,
        }
    }

    /// For a write: the tool certainly did not act on it.
    pub const fn certainly_not_received(&self) -> bool {
        matches!(
            self,
            Self::NotSent(_)
                | Self::Throttled { .. }
                | Self::BudgetSpent { .. }
                | Self::SignInNeeded
                | Self::Cancelled
        )
    }

    /// For a write: the tool gave a definite "no".
    pub const fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::Rejected { .. }
                | Self::PeriodClosed { .. }
                | Self::NotPermitted { .. }
                | Self::NotFound
                | Self::Stale
        )
    }
}
