//! What an answer of QuickBooks means. Decided by status, structure and code, never by text: texts
//! are localized (`quickbooks §4.11`, `§4.12`).

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use http::{Response, StatusCode};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use tieout_connect::error::ConnectorError;
use tieout_connect::json::{plain_word, said};
use tieout_connect::session::{Call, Dialect, Effect, Verdict, retry_after};

/// How long we wait when the tool throttles and names no time (`quickbooks §4.12`).
pub(crate) const THROTTLE_WAIT_SECS: u64 = 60;
/// A success larger than this is no fault in disguise, and is looked into only by its reader.
const FAULT_BYTES_MAX: usize = 64 * 1024;
/// Most errors of one fault that are looked at.
const ERRORS_MAX: usize = 20;
/// Codes from here on are severe errors of the tool's own side.
const SEVERE_CODES_FROM: u32 = 10_000;

/// The wire of QuickBooks, for the session.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct QuickBooksDialect;

impl Dialect for QuickBooksDialect {
    fn judge(&self, call: &Call, response: &Response<Bytes>) -> Verdict {
        let (status, body) = (response.status(), response.body());
        if status == StatusCode::TOO_MANY_REQUESTS {
            let wait = Duration::from_secs(THROTTLE_WAIT_SECS);
            return Verdict::Throttled {
                retry_after: Some(retry_after(response.headers()).unwrap_or(wait)),
            };
        }
        if status.is_success() {
            return judge_success(call.effect, body);
        }
        match Fault::in_body(body) {
            Some(fault) => judge_fault(&fault, status, call.effect),
            None => judge_status(status),
        }
    }
}

/// A success may still hold a fault, an HTML page, or half a body.
fn judge_success(effect: Effect, body: &Bytes) -> Verdict {
    if !looks_whole(body) {
        return Verdict::ServerFault;
    }
    let fault = if body.len() <= FAULT_BYTES_MAX { Fault::in_body(body) } else { None };
    match fault {
        Some(fault) => judge_fault(&fault, StatusCode::OK, effect),
        None => Verdict::Deliver,
    }
}

/// One JSON object from its first brace to its last; anything else is a page or a torn answer.
fn looks_whole(body: &Bytes) -> bool {
    let trimmed = body.trim_ascii();
    trimmed.first() == Some(&b'{') && trimmed.last() == Some(&b'}')
}

/// Answers that hold no fault of either envelope: XML, HTML, empty, or somebody between us.
fn judge_status(status: StatusCode) -> Verdict {
    match status.as_u16() {
        401 => Verdict::TokenRefused,
        408 | 500..=599 => Verdict::ServerFault,
        403 => not_permitted("QuickBooks refuses this app access to the company"),
        404 => not_permitted("QuickBooks does not know this company at this address"),
        code @ 400..=499 => Verdict::Fail(ConnectorError::Rejected {
            code: format!("HTTP {code}"),
            field: None,
            text: String::new(),
        }),
        code => Verdict::Fail(ConnectorError::Malformed { path: format!("HTTP {code}") }),
    }
}

fn judge_fault(fault: &Fault, status: StatusCode, effect: Effect) -> Verdict {
    let known = fault.verdict(effect);
    // Behind a server error only codes that say "not acted on" are believed.
    let believed = matches!(known, Verdict::Throttled { .. } | Verdict::TokenRefused);
    match status.as_u16() {
        401 => Verdict::TokenRefused,
        408 | 500..=599 if !believed => Verdict::ServerFault,
        _ => known,
    }
}

/// One error as the tool states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub code: String,
    pub element: Option<String>,
    /// For the person at this computer only: it may hold customer data.
    pub text: String,
}

#[derive(Deserialize)]
struct WireFault {
    #[serde(alias = "error", rename = "Error", default)]
    errors: Vec<WireError>,
}

#[derive(Deserialize)]
struct WireError {
    code: Option<Value>,
    element: Option<Value>,
    #[serde(alias = "detail", rename = "Detail")]
    detail: Option<Value>,
    #[serde(alias = "message", rename = "Message")]
    message: Option<Value>,
}

impl Fault {
    /// The fault of an answer, in either envelope: `Fault` of the application, `fault` of the
    /// gateway.
    pub fn in_body(body: &Bytes) -> Option<Self> {
        let members: BTreeMap<String, Box<RawValue>> = serde_json::from_slice(body).ok()?;
        Self::in_members(&members)
    }

    /// The fault among the members of an answer that was already read.
    pub fn in_members(members: &BTreeMap<String, Box<RawValue>>) -> Option<Self> {
        let raw = ["Fault", "fault"]
            .into_iter()
            .find_map(|name| members.get(name).filter(|raw| raw.get() != "null"))?;
        let wire: WireFault =
            serde_json::from_str(raw.get()).unwrap_or(WireFault { errors: vec![] });
        Some(Self::of(&wire))
    }

    /// The first error decides; the texts of all are kept. A fault without errors has no code.
    fn of(wire: &WireFault) -> Self {
        let first = wire.errors.first();
        let texts: Vec<String> = wire
            .errors
            .iter()
            .take(ERRORS_MAX)
            .filter_map(|error| {
                plain(error.detail.as_ref()).or_else(|| plain(error.message.as_ref()))
            })
            .collect();
        Self {
            code: first.and_then(|error| word(error.code.as_ref())).unwrap_or_default(),
            element: first.and_then(|error| word(error.element.as_ref())),
            text: said(&texts.join("; ")),
        }
    }

    /// As an error, where nothing can be tried again any more.
    pub fn into_error(self, effect: Effect) -> ConnectorError {
        match self.verdict(effect) {
            Verdict::Fail(error) => error,
            Verdict::TokenRefused => ConnectorError::SignInNeeded,
            Verdict::Throttled { retry_after } => ConnectorError::Throttled { retry_after },
            Verdict::ServerFault | Verdict::Deliver => {
                ConnectorError::OutcomeUnknown(Box::new(ToolFault { code: self.code }))
            }
        }
    }

    /// The table of `quickbooks §4.12`.
    fn verdict(&self, effect: Effect) -> Verdict {
        let wait = Duration::from_secs(THROTTLE_WAIT_SECS);
        match (self.number(), effect) {
            (3200, _) => Verdict::TokenRefused,
            // Throttled, or the company is moved, locked or in maintenance: not acted on.
            (3001 | 130 | 140 | 150, _) => Verdict::Throttled { retry_after: Some(wait) },
            (3100 | 3201, _) => not_permitted(APP_REFUSED),
            (120, _) => not_permitted(NO_ADMIN),
            (6190, _) => not_permitted(SUBSCRIPTION_ENDED),
            (5020, _) => not_permitted("the user who connected QuickBooks may not do this"),
            (5030, _) => not_permitted("the plan of this QuickBooks company does not include this"),
            (600, Effect::Write) => {
                Verdict::Fail(ConnectorError::OutcomeUnknown(Box::new(RequestIdKnown)))
            }
            (610, Effect::Read) => Verdict::Fail(ConnectorError::NotFound),
            (6200 | 6210, _) => self.period_closed(),
            // A create has no version that could be stale (`quickbooks §4.12`, 5010).
            (5010, Effect::Write) => self.period_closed(),
            (5010, Effect::Read) => Verdict::Fail(ConnectorError::Stale),
            (code, _) if code >= SEVERE_CODES_FROM => Verdict::ServerFault,
            _ => Verdict::Fail(ConnectorError::Rejected {
                code: self.code.clone(),
                field: self.element.clone(),
                text: self.text.clone(),
            }),
        }
    }

    fn period_closed(&self) -> Verdict {
        Verdict::Fail(ConnectorError::PeriodClosed { code: self.code.clone() })
    }

    /// The code as a number, since the gateway pads it with zeros; 0 where there is none.
    fn number(&self) -> u32 {
        self.code.trim().parse().unwrap_or(0)
    }
}

const APP_REFUSED: &str = "QuickBooks refuses this app for this company: it was disconnected there, \
or the keys belong to the other environment (sandbox or live) or another company";
const NO_ADMIN: &str =
    "the user who connected QuickBooks is no longer an administrator of the company";
const SUBSCRIPTION_ENDED: &str =
    "the QuickBooks subscription of this company has ended, it can only be read";

fn not_permitted(what: &str) -> Verdict {
    Verdict::Fail(ConnectorError::NotPermitted { what: what.to_owned() })
}

/// The tool failed on its side.
#[derive(Debug, thiserror::Error)]
#[error("QuickBooks failed with code {code}")]
struct ToolFault {
    code: String,
}

/// A request with this id has been received before: what came of it must be asked for.
#[derive(Debug, thiserror::Error)]
#[error("QuickBooks has seen this request id before")]
struct RequestIdKnown;

fn word(value: Option<&Value>) -> Option<String> {
    plain(value).map(|text| plain_word(&text)).filter(|word| !word.is_empty())
}

fn plain(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
