//! What went wrong with a connected system, in a class and a sentence without customer data.

use tieout_connect::error::ConnectorError;

/// The class of a connector error without its cause, which may hold customer data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub class: &'static str,
    pub text: String,
}

impl From<&ConnectorError> for Problem {
    fn from(error: &ConnectorError) -> Self {
        Self { class: class_of(error), text: error.to_string() }
    }
}

impl Problem {
    /// From the code under which an error was stored (`code_of`).
    pub(crate) fn of_code(code: &str) -> Self {
        let classes = ["not_permitted", "stale", "not_found"];
        match classes.into_iter().find(|class| *class == code) {
            Some(class) => Self { class, text: class.replace('_', " ") },
            None => Self { class: "rejected", text: format!("refused with code {code}") },
        }
    }
}

const fn class_of(error: &ConnectorError) -> &'static str {
    match error {
        ConnectorError::NotSent(_) => "not_reachable",
        ConnectorError::OutcomeUnknown(_) => "no_answer",
        ConnectorError::Throttled { .. } => "throttled",
        ConnectorError::BudgetSpent { .. } => "budget_spent",
        ConnectorError::SignInNeeded => "sign_in_needed",
        ConnectorError::NotPermitted { .. } => "not_permitted",
        ConnectorError::Rejected { .. } => "rejected",
        ConnectorError::PeriodClosed { .. } => "period_closed",
        ConnectorError::Stale => "stale",
        ConnectorError::NotFound => "not_found",
        ConnectorError::CursorLost => "cursor_lost",
        ConnectorError::Malformed { .. } => "malformed",
        ConnectorError::Cancelled => "cancelled",
    }
}

/// The code under which an error is stored: the tool's own where it gave one, else the class.
pub(crate) fn code_of(error: &ConnectorError) -> String {
    match error {
        ConnectorError::Rejected { code, .. } | ConnectorError::PeriodClosed { code } => {
            code.clone()
        }
        other => class_of(other).to_owned(),
    }
}
