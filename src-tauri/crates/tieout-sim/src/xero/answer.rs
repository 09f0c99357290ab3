//! Answers: the envelope, and the errors in their many shapes (`xero §3.2, §4`).

use std::fmt::Write as _;

use axum::body::Body as HttpBody;
use http::header::{CONTENT_TYPE, DATE, HeaderName, LOCATION};
use http::{HeaderValue, Response, StatusCode};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::guid;
use super::stamps;

/// An answer before it is put on the wire.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Content,
}

/// The body of an answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Content {
    Empty,
    /// An API object: turned into XML for clients that do not ask for JSON.
    Json(Value),
    /// JSON whoever asks.
    OnlyJson(Value),
    Html(String),
    Text(String),
    /// Bytes with their type.
    File(String, Vec<u8>),
}

impl Answer {
    pub fn new(status: u16, body: Content) -> Self {
        Self { status, headers: Vec::new(), body }
    }

    pub fn empty(status: u16) -> Self {
        Self::new(status, Content::Empty)
    }

    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// JSON whoever asks.
    pub fn json(status: u16, body: Value) -> Self {
        Self::new(status, Content::OnlyJson(body))
    }

    /// 400 with an error number (`xero §4.2`).
    pub fn bad_request(number: u32, kind: &str, message: &str) -> Self {
        let body = json!({"ErrorNumber": number, "Type": kind, "Message": message});
        Self::new(400, Content::Json(body))
    }

    /// 400 of a filter (`xero §4.2`).
    pub fn bad_filter(message: &str) -> Self {
        Self::bad_request(16, "QueryParseException", message)
    }

    /// 400 with the failing elements (`xero §4.1`).
    pub fn invalid(elements: Vec<Value>) -> Self {
        let message = "A validation exception occurred";
        let body = json!({"ErrorNumber": 10, "Type": "ValidationException", "Message": message,
            "Elements": elements});
        Self::new(400, Content::Json(body))
    }

    /// 401 and 403 (`xero §4.3`).
    pub fn problem(status: u16, title: &str, detail: &str) -> Self {
        let instance = guid::of(detail);
        let body = json!({"Type": null, "Title": title, "Status": status, "Detail": detail,
            "Instance": instance, "Extensions": {}});
        Self::json(status, body)
    }

    /// 404 as a sentence (`xero §4.4`).
    pub fn not_found() -> Self {
        Self::html(404, "The resource you're looking for cannot be found")
    }

    /// 429 without a body; one about concurrency has no hint (`xero §5`).
    pub fn throttled(problem: &str, retry_after: Option<i64>) -> Self {
        let answer = Self::empty(429).with("X-Rate-Limit-Problem", problem);
        match retry_after {
            Some(seconds) => answer.with("Retry-After", &seconds.to_string()),
            None => answer,
        }
    }

    /// 500 with the problem body (`xero §4.4`).
    pub fn broken() -> Self {
        let detail = "An error occurred in Xero. Check the API Status page \
                      https://developer.xero.com/api-status for current service status.";
        let body = json!({"Title": "An error occurred", "Detail": detail, "Status": 500,
            "Instance": guid::of(detail)});
        Self::json(500, body)
    }

    /// 503 as text (`xero §4.4`).
    pub fn offline() -> Self {
        let text = "The Xero API is currently offline for maintenance";
        Self::new(503, Content::Text(text.to_owned()))
    }

    pub fn html(status: u16, inner: &str) -> Self {
        let page = format!(
            "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Xero</title>\
             </head><body>{inner}</body></html>\n"
        );
        Self::new(status, Content::Html(page))
    }

    pub fn redirect(to: &str) -> Self {
        Self::empty(302).with(LOCATION.as_str(), to)
    }

    /// The HTTP response, dated by the simulator's own clock.
    pub fn into_response(self, wants_json: bool, now: Timestamp) -> Response<HttpBody> {
        let (kind, bytes) = match self.body {
            Content::Empty => (String::new(), Vec::new()),
            Content::Json(body) if !wants_json => ("text/xml; charset=utf-8".into(), xml(&body)),
            Content::Json(body) | Content::OnlyJson(body) => {
                ("application/json; charset=utf-8".into(), body.to_string().into_bytes())
            }
            Content::Html(page) => ("text/html; charset=utf-8".into(), page.into_bytes()),
            Content::Text(text) => ("text/plain".into(), text.into_bytes()),
            Content::File(kind, bytes) => (kind, bytes),
        };
        let mut response = Response::new(HttpBody::from(bytes));
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or_default();
        let headers = response.headers_mut();
        if let Ok(kind) = HeaderValue::from_str(&kind)
            && !kind.is_empty()
        {
            headers.insert(CONTENT_TYPE, kind);
        }
        if let Ok(date) = HeaderValue::from_str(&stamps::http_date(now)) {
            headers.insert(DATE, date);
        }
        for (name, value) in self.headers {
            let name = HeaderName::from_bytes(name.as_bytes());
            if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(&value)) {
                headers.insert(name, value);
            }
        }
        response
    }
}

/// What clients get that did not ask for JSON: the members as elements. A stub; real XML differs
/// in its dates and in the names of list members.
fn xml(body: &Value) -> Vec<u8> {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?><Response>");
    for (name, value) in body.as_object().into_iter().flatten() {
        element(&mut out, name, value);
    }
    out.push_str("</Response>");
    out.into_bytes()
}

fn element(out: &mut String, name: &str, value: &Value) {
    match value {
        Value::Null => {}
        Value::Array(items) => items.iter().for_each(|item| element(out, name, item)),
        Value::Object(members) => {
            let _ = write!(out, "<{name}>");
            for (name, value) in members {
                element(out, name, value);
            }
            let _ = write!(out, "</{name}>");
        }
        Value::String(text) => {
            let _ = write!(out, "<{name}>{}</{name}>", escaped(text));
        }
        other => {
            let _ = write!(out, "<{name}>{other}</{name}>");
        }
    }
}

/// Text that is safe between tags and inside double quotes.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
