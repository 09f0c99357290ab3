//! What a person or a program is told when something did not work: a code, a title, one sentence
//! of detail, a next step. Causes are mapped by their structure, never by their text.

use std::fmt;

use tieout_connect::error::ConnectorError;
use tieout_connect::oauth::OAuthError;
use tieout_domain::books::BooksError;
use tieout_engine::EngineError;
use tieout_store::StoreError;
use tieout_vault::VaultError;

use crate::codes::Code;

/// A failure on its way to a person.
#[derive(Debug)]
pub struct Failure {
    pub code: Code,
    /// What exactly, in one sentence. Shown here, never logged: it may name a record.
    pub detail: String,
    /// What to do about this one, where the step of the code is not the right one.
    pub hint: Option<String>,
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Failure {
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), hint: None, source: None }
    }

    pub fn caused(
        code: Code,
        detail: impl Into<String>,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self { code, detail: detail.into(), hint: None, source: Some(source.into()) }
    }

    /// With another next step than the one of its code.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Whether another instance holds the lock of the workspace.
    pub fn is_locked(&self) -> bool {
        let cause = self.source.as_ref().and_then(|source| source.downcast_ref::<StoreError>());
        matches!(cause, Some(StoreError::WorkspaceInUse))
    }

    /// The first thing to do about it.
    pub fn next_step(&self) -> &str {
        self.hint.as_deref().unwrap_or(self.code.next_step())
    }

    /// Every cause in turn, outermost first. Ours hold no customer data.
    pub fn causes(&self) -> Vec<String> {
        let mut causes = Vec::new();
        let mut cause: Option<&(dyn std::error::Error + 'static)> =
            self.source.as_ref().map(|source| source.as_ref() as _);
        while let Some(error) = cause {
            causes.push(error.to_string());
            cause = error.source();
        }
        causes
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.as_str(), self.code.title())?;
        if self.detail.is_empty() { Ok(()) } else { write!(f, ": {}", self.detail) }
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| source.as_ref() as _)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let code = match &error {
            StoreError::WrongKey => Code::WrongKey,
            StoreError::NewerFile { .. } => Code::NewerFile,
            StoreError::DiskFull(_) => Code::DiskFull,
            StoreError::Corrupt(_)
            | StoreError::NotEncrypted
            | StoreError::NotAWorkspace
            | StoreError::Unreadable { .. } => Code::DamagedFile,
            StoreError::WorkspaceInUse | StoreError::ReadOnly(_) | StoreError::Busy(_) => {
                Code::SecondInstance
            }
            StoreError::CannotOpen(_) => Code::UnreadableFile,
            StoreError::File { source, .. } if is_full(source) => Code::DiskFull,
            StoreError::File { .. } => Code::CannotWrite,
            StoreError::NoSuchEffect { .. } => Code::NoSuchEffect,
            _ => Code::Unexpected,
        };
        Self::caused(code, error.to_string(), error)
    }
}

/// Whether an input or output error says that no space is left.
pub(crate) fn is_full(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded)
}

impl From<VaultError> for Failure {
    fn from(error: VaultError) -> Self {
        let code = match &error {
            VaultError::WrongPassphrase | VaultError::NotOpened | VaultError::EmptyPassphrase => {
                Code::WrongKey
            }
            VaultError::NoKey
            | VaultError::KeyringSilent { .. }
            | VaultError::KeyringStuck { .. }
            | VaultError::KeyringLocked(_)
            | VaultError::NoKeyring
            | VaultError::KeyringFailed(_)
            | VaultError::KeyringEntryDamaged
            | VaultError::NotKept => Code::KeyringUnavailable,
            VaultError::HeaderDamaged => Code::DamagedFile,
            VaultError::HeaderUnknown(_) | VaultError::SealUnknown(_) => Code::NewerFile,
            VaultError::File { source, .. } if is_full(source) => Code::DiskFull,
            VaultError::File { .. } => Code::CannotWrite,
            VaultError::KeyExists | VaultError::Stretching(_) | VaultError::NoEntropy(_) => {
                Code::Unexpected
            }
        };
        Self::caused(code, error.to_string(), error)
    }
}

impl From<ConnectorError> for Failure {
    fn from(error: ConnectorError) -> Self {
        let code = match &error {
            ConnectorError::NotSent(_) | ConnectorError::OutcomeUnknown(_) => Code::NotReachable,
            ConnectorError::Throttled { .. } | ConnectorError::BudgetSpent { .. } => {
                Code::AskedToWait
            }
            ConnectorError::SignInNeeded => Code::SignInNeeded,
            ConnectorError::NotPermitted { .. } => Code::PermissionMissing,
            ConnectorError::Rejected { .. }
            | ConnectorError::PeriodClosed { .. }
            | ConnectorError::Stale => Code::RefusedByLedger,
            ConnectorError::NotFound => Code::NoSuchDeal,
            ConnectorError::CursorLost | ConnectorError::Malformed { .. } => Code::UnexpectedAnswer,
            ConnectorError::Cancelled => Code::Interrupted,
        };
        Self::caused(code, error.to_string(), error)
    }
}

/// Whether the token endpoint knows no app with this id and secret (RFC 6749, 5.2).
fn is_of_the_app(code: &str) -> bool {
    matches!(code, "invalid_client" | "invalid_client_id" | "invalid_client_credentials")
}

/// Whether Salesforce lets nobody in before an administrator has installed the app
/// (`salesforce §2.4`).
fn wants_installation(code: &str) -> bool {
    matches!(code, "OAUTH_APPROVAL_ERROR_GENERIC" | "OAUTH_EC_APP_NOT_FOUND")
}

impl From<OAuthError> for Failure {
    fn from(error: OAuthError) -> Self {
        let code = match &error {
            OAuthError::PortsBusy { .. } => Code::CallbackPortsBusy,
            OAuthError::Endpoint(_) => Code::UnsafeAddress,
            OAuthError::AppRefused { code, .. } if is_of_the_app(code) => Code::WrongApp,
            OAuthError::AppRefused { .. } => Code::AppNotInstalled,
            OAuthError::Denied { code, .. } if wants_installation(code) => Code::AppNotInstalled,
            OAuthError::GrantRefused { .. } => Code::SignInNeeded,
            OAuthError::Busy | OAuthError::RateLimited => Code::AskedToWait,
            OAuthError::NotSent(_) | OAuthError::NoAnswer(_) | OAuthError::ServerFault { .. } => {
                Code::NotReachable
            }
            OAuthError::Malformed { .. } => Code::UnexpectedAnswer,
            OAuthError::NoListener
            | OAuthError::TimedOut
            | OAuthError::Cancelled
            | OAuthError::Flooded
            | OAuthError::Denied { .. }
            | OAuthError::WrongState
            | OAuthError::NoCode => Code::SignInRefused,
        };
        Self::caused(code, error.to_string(), error)
    }
}

impl From<BooksError> for Failure {
    fn from(error: BooksError) -> Self {
        Self::caused(Code::DoesNotFoot, error.to_string(), error)
    }
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Store(error) => error.into(),
            EngineError::Connector(error) => error.into(),
            EngineError::Books(error) => error.into(),
            other => {
                let code = match &other {
                    EngineError::NoSuchConnection(_) => Code::NoSuchConnection,
                    EngineError::NoSuchDeal(_) => Code::NoSuchDeal,
                    EngineError::NoSuchEffect(_) => Code::NoSuchEffect,
                    EngineError::NotNow { .. } | EngineError::NothingSaid => Code::NotNow,
                    EngineError::NoSuchRecord(_) => Code::NoSuchRecord,
                    EngineError::LinkRefused(_) => Code::LinkRefused,
                    EngineError::ReadOnly => Code::ReadOnlyConnection,
                    EngineError::WriteLimit { .. } => Code::WriteLimit,
                    EngineError::NothingToReport => Code::NothingToReport,
                    EngineError::Payload { .. } => Code::DamagedFile,
                    _ => Code::Unexpected,
                };
                let hint = match &other {
                    EngineError::WriteLimit { wanted, .. } => Some(format!(
                        "Check the list with `tieout create --dry-run`, then confirm with \
                         `--limit {wanted}`."
                    )),
                    _ => None,
                };
                Self { hint, ..Self::caused(code, other.to_string(), other) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_is_too_large_says_how_to_confirm_it() {
        let failure = Failure::from(EngineError::WriteLimit { wanted: 40, limit: 25 });
        assert_eq!(failure.code, Code::WriteLimit);
        assert!(failure.detail.contains("one run may create 25"), "{}", failure.detail);
        assert!(failure.next_step().contains("`--limit 40`"), "{}", failure.next_step());
    }

    #[test]
    fn an_app_that_nobody_installed_is_not_a_person_who_said_no() {
        let denied = |code: &str| {
            let error = OAuthError::Denied { code: code.to_owned(), description: None };
            Failure::from(error).code
        };
        assert_eq!(denied("OAUTH_APPROVAL_ERROR_GENERIC"), Code::AppNotInstalled);
        assert_eq!(denied("access_denied"), Code::SignInRefused);
    }

    #[test]
    fn a_decision_that_comes_too_late_is_no_internal_error() {
        let error = EngineError::NotNow { state: "confirmed", wanted: "sent again" };
        let failure = Failure::from(error);
        assert_eq!(failure.code, Code::NotNow);
        assert_eq!(failure.detail, "an effect in state `confirmed` cannot be sent again");
    }
}
