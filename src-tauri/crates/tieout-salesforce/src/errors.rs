//! The error catalogue (`salesforce §10`): from codes to the classes that the engine acts on.

use std::time::Duration;

use serde_json::Value;
use tieout_connect::error::ConnectorError;
use tieout_connect::json::{plain_word, said};

/// Pause after too many long requests at one time (`salesforce §10`).
const CONCURRENT_PAUSE: Duration = Duration::from_secs(30);

/// Fields of one refusal that are named.
const FIELDS_MAX: usize = 10;

/// One element of an error answer. The message is localised and may hold customer data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub code: String,
    pub message: String,
    pub fields: Vec<String>,
}

/// Codes that mean a missing right or setting, in words that say what is missing.
const NOT_PERMITTED: [(&str, &str); 17] = [
    ("API_DISABLED_FOR_ORG", "this edition of Salesforce has no API access"),
    ("API_CURRENTLY_DISABLED", "API access is switched off for this organisation"),
    ("FUNCTIONALITY_NOT_ENABLED", "a feature is switched off in this organisation"),
    ("FORBIDDEN", "this user lacks the right to do this"),
    ("INSUFFICIENT_ACCESS", "this user lacks the right to do this"),
    ("INSUFFICIENT_ACCESS_OR_READONLY", "this user may not change the record"),
    ("INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", "this user cannot see a related record"),
    ("INVALID_FIELD", "a field is missing or not visible to this user"),
    ("INVALID_FIELD_FOR_INSERT_UPDATE", "a field may not be changed by this user"),
    ("INVALID_TYPE", "an object is missing or not visible to this user"),
    ("INVALID_TYPE_FOR_OPERATION", "an object does not allow this operation"),
    ("INVALID_AUTH_HEADER", "the sign-in app issues tokens that this interface refuses"),
    ("INVALID_JWT_FORMAT", "the sign-in app issues tokens that this interface refuses"),
    ("STORAGE_LIMIT_EXCEEDED", "the storage of the organisation is full"),
    ("UNSUPPORTED_API_VERSION", "the API version of this program was retired"),
    ("GONE", "the API version of this program was retired"),
    ("METHOD_NOT_ALLOWED", "an object does not allow this operation"),
];

/// Codes after which nothing was done and the same call may pass later.
const LATER: [&str; 5] = [
    "UNABLE_TO_LOCK_ROW",
    "SERVER_UNAVAILABLE",
    "INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE",
    "TXN_SECURITY_METERING_ERROR",
    "TOO_MANY_APEX_REQUESTS",
];

/// Codes after which the same read may pass with fewer rows at a time.
const TOO_MUCH: [&str; 3] = ["QUERY_TIMEOUT", "OPERATION_TOO_LARGE", "REQUEST_RUNNING_TOO_LONG"];

/// Whether the answer was that a query asks for too much at a time (`salesforce §5.1`).
pub(crate) fn asks_too_much(error: &ConnectorError) -> bool {
    matches!(error, ConnectorError::Rejected { code, .. } if TOO_MUCH.contains(&code.as_str()))
}

/// The class of one refusal. Unknown codes are kept and are final: new ones come all the time.
pub(crate) fn class_of(refusal: Refusal) -> ConnectorError {
    let Refusal { code, message, fields } = refusal;
    if let Some((_, what)) = NOT_PERMITTED.iter().find(|(known, _)| *known == code) {
        let named = fields.join(", ");
        let what =
            if named.is_empty() { format!("{what} ({code})") } else { format!("{what}: {named}") };
        return ConnectorError::NotPermitted { what };
    }
    if LATER.contains(&code.as_str()) {
        return ConnectorError::Throttled { retry_after: None };
    }
    match code.as_str() {
        "REQUEST_LIMIT_EXCEEDED" => {
            ConnectorError::Throttled { retry_after: Some(CONCURRENT_PAUSE) }
        }
        "INVALID_QUERY_LOCATOR" => ConnectorError::CursorLost,
        "NOT_FOUND" | "ENTITY_IS_DELETED" => ConnectorError::NotFound,
        // Without a field named it is the record itself that is gone (`salesforce §10`).
        "INVALID_CROSS_REFERENCE_KEY" if fields.is_empty() => ConnectorError::NotFound,
        _ => {
            let field = Some(fields.join(", ")).filter(|fields| !fields.is_empty());
            ConnectorError::Rejected { code, field, text: message }
        }
    }
}

/// The refusals of an error body: an array of objects, or a single one. `None`: not an error body,
/// such as an HTML page.
pub(crate) fn refusals_of(body: &Value) -> Option<Vec<Refusal>> {
    match body {
        Value::Array(items) if !items.is_empty() => items.iter().map(refusal_of).collect(),
        Value::Object(_) => Some(vec![refusal_of(body)?]),
        _ => None,
    }
}

/// REST says `errorCode`, collections say `statusCode` (`salesforce §9.3`), OAuth says `error`.
fn refusal_of(item: &Value) -> Option<Refusal> {
    let text = |name: &str| item.get(name).and_then(Value::as_str);
    let code = text("errorCode").or_else(|| text("statusCode")).or_else(|| text("error"))?;
    let fields = item.get("fields").and_then(Value::as_array);
    let fields = fields.into_iter().flatten().filter_map(Value::as_str).map(plain_word);
    let message = text("message").or_else(|| text("error_description"));
    Some(Refusal {
        code: plain_word(code),
        message: said(message.unwrap_or_default()),
        fields: fields.take(FIELDS_MAX).collect(),
    })
}

/// The error of a sub-request inside a composite or batch answer of status 200.
pub(crate) fn of_part_text(status: u16, text: &str, path: &str) -> ConnectorError {
    of_part(status, &serde_json::from_str(text).unwrap_or_default(), path)
}

fn of_part(status: u16, body: &Value, path: &str) -> ConnectorError {
    let first = refusals_of(body).and_then(|all| all.into_iter().next());
    match first {
        Some(refusal) => class_of(refusal),
        None if status == 404 => ConnectorError::NotFound,
        None => ConnectorError::Malformed { path: path.to_owned() },
    }
}

/// The error of a question asked before a write: whatever it was, nothing was written.
pub(crate) fn nothing_sent(error: ConnectorError) -> ConnectorError {
    match error {
        ConnectorError::OutcomeUnknown(_)
        | ConnectorError::Malformed { .. }
        | ConnectorError::CursorLost => ConnectorError::NotSent(Box::new(error)),
        definite => definite,
    }
}

#[cfg(test)]
mod tests;
