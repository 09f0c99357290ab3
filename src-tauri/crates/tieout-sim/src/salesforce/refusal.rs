//! A refusal in Salesforce's words: status, code, message, fields (salesforce §3.5, §10).

use super::json::{Json, NotJson};

/// One error of a call or of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub status: u16,
    pub code: &'static str,
    pub message: String,
    /// Present, perhaps empty, on errors of a write.
    pub fields: Option<Vec<String>>,
}

/// All that was wrong with one call or row; never empty.
pub type Refusals = Vec<Refusal>;

impl Refusal {
    pub fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), fields: None }
    }

    /// A 400 about a write.
    pub fn of_write(
        code: &'static str,
        message: impl Into<String>,
        fields: impl IntoIterator<Item = String>,
    ) -> Self {
        let fields = Some(fields.into_iter().collect());
        Self { status: 400, code, message: message.into(), fields }
    }

    pub fn not_found() -> Self {
        Self::new(404, "NOT_FOUND", "The requested resource does not exist")
    }

    pub fn not_allowed(method: &str, allowed: &str) -> Self {
        let message = format!("HTTP Method '{method}' not allowed. Allowed are {allowed}");
        Self::new(405, "METHOD_NOT_ALLOWED", message)
    }

    pub fn unreadable(error: &NotJson) -> Self {
        let message = format!(
            "Unexpected character or end of input at [line:{}, column:{}]",
            error.line, error.column
        );
        Self::new(400, "JSON_PARSER_ERROR", message)
    }

    pub fn session(message: &str) -> Self {
        Self::new(401, "INVALID_SESSION_ID", message)
    }

    /// The form of single calls: `errorCode`.
    pub fn render(&self) -> Json {
        let mut members =
            vec![("message", Json::text(&self.message)), ("errorCode", Json::text(self.code))];
        if let Some(fields) = &self.fields {
            members.push(("fields", Json::list(fields.iter().map(Json::text))));
        }
        Json::object(members)
    }

    /// The form of rows in collections: `statusCode` (salesforce §9.3).
    pub fn render_in_row(&self) -> Json {
        let fields = self.fields.iter().flatten();
        Json::object([
            ("statusCode", Json::text(self.code)),
            ("message", Json::text(&self.message)),
            ("fields", Json::list(fields.map(Json::text))),
        ])
    }
}

/// The error body of a whole call.
pub fn render_all(refusals: &[Refusal]) -> Json {
    Json::list(refusals.iter().map(Refusal::render))
}
