//! What an answer of Xero means. Decided by status, headers and the members of an error, never by
//! searching its text (`xero §4`, `§5`).

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode};
use serde_json::{Map, Value};
use tieout_connect::budget::DailyUse;
use tieout_connect::error::ConnectorError;
use tieout_connect::json::{plain_word, said};
use tieout_connect::session::{Call, Dialect, Effect, Verdict, retry_after};

/// How long we wait when the tool throttles and names no time (`xero §5`).
const THROTTLE_WAIT: Duration = Duration::from_secs(5);
/// How long the tool is left alone when it or the organisation is offline (`xero §4.4`).
const OFFLINE_WAIT: Duration = Duration::from_secs(5 * 60);
/// How long we wait for a new day when the tool does not say.
const DAY_WAIT: Duration = Duration::from_secs(60 * 60);
/// Most members of an error that are looked through for what it says, and most messages taken.
const VALUES_MAX: usize = 5_000;
const MESSAGES_MAX: usize = 10;

const SCOPE_MISSING: &str = "this sign-in does not cover what was asked: sign in to Xero again and \
allow everything that is listed";
const NOT_CONNECTED: &str = "the organisation is not connected any more: it was disconnected inside \
Xero, or it is a demo company that was replaced";
const ROLE_LACKS: &str = "the role of the user who connected Xero does not allow this";

/// The wire of Xero, for the session.
#[derive(Clone, Copy, Debug)]
pub(crate) struct XeroDialect {
    /// What the app may call one organisation per day: 5,000, or 1,000 in the free tier.
    pub calls_per_day: u32,
}

impl Dialect for XeroDialect {
    fn judge(&self, call: &Call, response: &Response<Bytes>) -> Verdict {
        let (status, body) = (response.status(), response.body());
        match status.as_u16() {
            200..=299 if is_whole(status, body) => Verdict::Deliver,
            200..=299 => Verdict::ServerFault,
            401 => judge_unauthorised(body),
            403 => judge_forbidden(body),
            404 => Verdict::Fail(ConnectorError::NotFound),
            429 => judge_throttle(response.headers()),
            503 => judge_offline(call.effect, response.headers()),
            501 => refused(status, body),
            408 | 500..=599 => Verdict::ServerFault,
            400..=499 => judge_refusal(call.effect, status, body),
            code => Verdict::Fail(ConnectorError::Malformed { path: format!("HTTP {code}") }),
        }
    }

    /// Our calls alone count against the day: other apps have days of their own (`xero §5`).
    fn daily_use(&self, headers: &HeaderMap) -> Option<DailyUse> {
        let left = calls_left(headers, DAY_LEFT)?;
        let limit = u64::from(self.calls_per_day);
        Some(DailyUse { used: limit.saturating_sub(left), limit })
    }
}

const DAY_LEFT: &str = "x-daylimit-remaining";
const PROBLEM: &str = "x-rate-limit-problem";

fn calls_left(headers: &HeaderMap, name: &str) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok()
}

/// One JSON object or list from end to end, or nothing where there is nothing to say. XML, a page
/// and half a body are no answer, whatever the status is.
fn is_whole(status: StatusCode, body: &Bytes) -> bool {
    let trimmed = body.trim_ascii();
    if status == StatusCode::NO_CONTENT {
        return trimmed.is_empty();
    }
    matches!((trimmed.first(), trimmed.last()), (Some(b'{'), Some(b'}')) | (Some(b'['), Some(b']')))
}

/// The word that `Detail` begins with: `TokenExpired: token expired at …`.
fn detail_word(body: &Bytes) -> String {
    let detail = members(body).and_then(|members| text_of(&members, "detail"));
    let word = detail.as_deref().and_then(|text| text.split([':', ' ']).next()).unwrap_or_default();
    plain_word(word)
}

/// A missing scope comes as 401, and no new token helps (`xero §4.3`).
fn judge_unauthorised(body: &Bytes) -> Verdict {
    match detail_word(body).as_str() {
        "AuthorizationUnsuccessful" => not_permitted(SCOPE_MISSING),
        _ => Verdict::TokenRefused,
    }
}

fn judge_forbidden(body: &Bytes) -> Verdict {
    match detail_word(body).as_str() {
        "AuthenticationUnsuccessful" => not_permitted(NOT_CONNECTED),
        _ => not_permitted(ROLE_LACKS),
    }
}

fn not_permitted(what: &str) -> Verdict {
    Verdict::Fail(ConnectorError::NotPermitted { what: what.to_owned() })
}

/// After the day's limit the minute may still have room, so the day is looked at first. The words
/// of the problem are undocumented and compared as a beginning (`xero §5`).
fn judge_throttle(headers: &HeaderMap) -> Verdict {
    let named = retry_after(headers);
    let problem = headers.get(PROBLEM).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_day = problem.trim().to_ascii_lowercase().starts_with("day");
    if is_day || calls_left(headers, DAY_LEFT) == Some(0) {
        let retry_after = Some(named.unwrap_or(DAY_WAIT));
        return Verdict::Fail(ConnectorError::BudgetSpent { retry_after });
    }
    Verdict::Throttled { retry_after: Some(named.unwrap_or(THROTTLE_WAIT)) }
}

/// A read waits. What became of a write is not said.
fn judge_offline(effect: Effect, headers: &HeaderMap) -> Verdict {
    match effect {
        Effect::Read => {
            Verdict::Throttled { retry_after: Some(retry_after(headers).unwrap_or(OFFLINE_WAIT)) }
        }
        Effect::Write => Verdict::ServerFault,
    }
}

/// A refused write says so in members of its own. One that has none may be about an idempotency
/// value that was seen with another body: then an earlier attempt may have arrived, and only asking
/// tells (`xero §4.2`).
fn judge_refusal(effect: Effect, status: StatusCode, body: &Bytes) -> Verdict {
    let explained = Refusal::of(body).is_some();
    if status == StatusCode::BAD_REQUEST && effect == Effect::Write && !explained {
        return Verdict::ServerFault;
    }
    refused(status, body)
}

fn refused(status: StatusCode, body: &Bytes) -> Verdict {
    let known = Refusal::of(body);
    Verdict::Fail(match known {
        Some(refusal) => refusal.into_error(),
        None => ConnectorError::Rejected {
            code: format!("HTTP {}", status.as_u16()),
            field: None,
            text: String::new(),
        },
    })
}

/// A refusal with its number: 10 validation, 14 body, 16 filter, 17 envelope, 51 volume.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub code: String,
    /// For the person at this computer only: it may hold customer data.
    pub text: String,
}

/// The number of a refused validation.
pub(crate) const VALIDATION: &str = "10";

impl Refusal {
    fn of(body: &Bytes) -> Option<Self> {
        let members = members(body)?;
        let code = match members.get("ErrorNumber")? {
            Value::Number(number) => number.to_string(),
            Value::String(text) => text.clone(),
            _ => return None,
        };
        let whole = Value::Object(members);
        let mut messages = messages_of(&whole);
        if messages.is_empty() {
            messages.extend(whole.get("Message").and_then(Value::as_str).map(str::to_owned));
        }
        Some(Self { code: plain_word(&code), text: said(&messages.join("; ")) })
    }

    /// The refusal of one element inside a success.
    pub fn of_element(element: &Value) -> Self {
        Self { code: VALIDATION.to_owned(), text: said(&messages_of(element).join("; ")) }
    }

    pub fn into_error(self) -> ConnectorError {
        ConnectorError::Rejected { code: self.code, field: None, text: self.text }
    }
}

/// All messages of validation errors, wherever they lie: on the element, its contact, its lines.
/// One sample of the documentation says `Description` where all others say `Message`.
fn messages_of(value: &Value) -> Vec<String> {
    let mut messages: Vec<String> = Vec::new();
    let mut open = vec![value];
    for _ in 0..VALUES_MAX {
        let Some(at) = open.pop() else { break };
        match at {
            Value::Array(items) => open.extend(items.iter().rev()),
            Value::Object(members) => {
                let errors = members.get("ValidationErrors").and_then(Value::as_array);
                for error in errors.into_iter().flatten().filter_map(Value::as_object) {
                    let said = text_of(error, "message").or_else(|| text_of(error, "description"));
                    messages.extend(said.filter(|text| !messages.contains(text)));
                }
                open.extend(members.values().filter(|value| value.is_array() || value.is_object()));
            }
            _ => {}
        }
        if messages.len() >= MESSAGES_MAX {
            messages.truncate(MESSAGES_MAX);
            break;
        }
    }
    messages
}

fn members(body: &Bytes) -> Option<Map<String, Value>> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(members)) => Some(members),
        _ => None,
    }
}

/// The text of a member whose name comes in any case.
fn text_of(members: &Map<String, Value>, name: &str) -> Option<String> {
    let found = members.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    found.and_then(|(_, value)| value.as_str()).map(str::to_owned).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests;
