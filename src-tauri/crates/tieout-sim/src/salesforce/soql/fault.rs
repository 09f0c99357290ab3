//! Errors of a query, with the layout that points at a place in the text (salesforce §5.4).

use crate::salesforce::refusal::Refusal;

/// Why a query is refused. `at` is a byte offset into its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryFault {
    pub code: &'static str,
    pub message: String,
    pub at: Option<usize>,
}

impl QueryFault {
    pub fn malformed(message: impl Into<String>, at: usize) -> Self {
        Self { code: "MALFORMED_QUERY", message: message.into(), at: Some(at) }
    }

    pub fn unexpected(token: &str, at: usize) -> Self {
        Self::malformed(format!("unexpected token: {token}"), at)
    }

    pub fn field(message: impl Into<String>, at: usize) -> Self {
        Self { code: "INVALID_FIELD", message: message.into(), at: Some(at) }
    }

    pub fn no_column(name: &str, object: &str, at: usize) -> Self {
        Self::field(
            format!(
                "No such column '{name}' on entity '{object}'. If you are attempting to use a \
                 custom field, be sure to append the '__c' after the custom field name. Please \
                 reference your WSDL or the describe call for the appropriate names."
            ),
            at,
        )
    }

    pub fn no_relationship(name: &str, at: usize) -> Self {
        Self::field(
            format!(
                "Didn't understand relationship '{name}' in field path. If you are attempting to \
                 use a custom relationship, be sure to append the '__r' after the custom \
                 relationship name. Please reference your WSDL or the describe call for the \
                 appropriate names."
            ),
            at,
        )
    }

    pub fn no_object(name: &str, at: usize) -> Self {
        Self {
            code: "INVALID_TYPE",
            message: format!(
                "sObject type '{name}' is not supported. If you are attempting to use a custom \
                 object, be sure to append the '__c' after the entity name. Please reference your \
                 WSDL or the describe call for the appropriate names."
            ),
            at: Some(at),
        }
    }

    /// The refusal of the whole call, the query quoted with a caret under the place.
    pub fn refusal(&self, query: &str) -> Refusal {
        let Some(at) = self.at else { return Refusal::new(400, self.code, &self.message) };
        let at = at.min(query.len());
        let before = query.get(..at).unwrap_or(query);
        let row = before.matches('\n').count() + 1;
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let column = before[line_start..].chars().count() + 1;
        let line = query[line_start..].lines().next().unwrap_or_default();
        let caret = " ".repeat(column - 1);
        let message =
            format!("\n{line}\n{caret}^\nERROR at Row:{row}:Column:{column}\n{}", self.message);
        Refusal::new(400, self.code, message)
    }
}
