//! Answers in the three shapes of `quickbooks §4.11`, and in XML for who does not ask for JSON.

use std::fmt::Write as _;

use axum::body::Body as HttpBody;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName, LOCATION, WWW_AUTHENTICATE};
use http::{HeaderValue, Response, StatusCode};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::pacific;
use super::refusal::Refusal;

const QBO_VERSION: &str = "1988.128";

/// An answer before it is put on the wire.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(HeaderName, String)>,
    pub body: Content,
}

/// The body of an answer.
#[derive(Clone, Debug)]
pub enum Content {
    Empty,
    /// An API object: turned into XML for clients that do not ask for JSON.
    Json(Value),
    /// JSON whoever asks: the token endpoint and discovery.
    OnlyJson(Value),
    Html(String),
    Xml(String),
    Pdf(Vec<u8>),
}

impl Answer {
    pub fn new(status: u16, body: Content) -> Self {
        Self { status, headers: Vec::new(), body }
    }

    pub fn with(mut self, name: HeaderName, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// The same without the server's time.
    pub fn without_time(mut self) -> Self {
        if let Content::Json(body) | Content::OnlyJson(body) = &mut self.body
            && let Some(members) = body.as_object_mut()
        {
            members.remove("time");
        }
        self
    }

    /// 200 with the members of `payload` and the server's `time`.
    pub fn success(mut payload: Value, now: Timestamp) -> Self {
        payload["time"] = json!(pacific::stamp_with_millis(now));
        Self::new(200, Content::Json(payload))
            .with(HeaderName::from_static("qbo-version"), QBO_VERSION)
    }

    /// A report: without `time` (`quickbooks §4.9`).
    pub fn report(payload: Value) -> Self {
        Self::new(200, Content::Json(payload))
            .with(HeaderName::from_static("qbo-version"), QBO_VERSION)
    }

    /// Envelope A.
    pub fn refused(refusal: &Refusal, now: Timestamp) -> Self {
        let time = pacific::stamp_with_millis(now);
        let body = json!({"Fault": refusal.to_json(), "time": time});
        Self::new(refusal.status, Content::Json(body))
    }

    /// Envelope B of an expired, revoked or unknown token.
    pub fn unauthenticated(now: Timestamp) -> Self {
        let message = "message=AuthenticationFailed; errorCode=003200; statusCode=401";
        let body = gateway(message, "Token expired or unknown", "3200", "AUTHENTICATION", now);
        let challenge = r#"Bearer realm="Intuit", error="invalid_token""#;
        Self::new(401, Content::Json(body)).with(WWW_AUTHENTICATE, challenge)
    }

    /// Envelope B of a token that is for another company.
    pub fn unauthorized(now: Timestamp) -> Self {
        let message = "message=ApplicationAuthorizationFailed; errorCode=003100; statusCode=403";
        Self::new(403, Content::Json(gateway(message, "", "3100", "AUTHORIZATION", now)))
    }

    /// Envelope B of the throttle. Its JSON was never recorded; this follows the other gateway
    /// faults (`quickbooks §13.2`).
    pub fn throttled(now: Timestamp) -> Self {
        let message = "message=ThrottleExceeded; errorCode=003001; statusCode=429";
        let detail = "The request limit was reached.  Try again later";
        Self::new(429, Content::OnlyJson(gateway(message, detail, "3001", "SERVICE", now)))
    }

    /// The throttle as it was recorded: XML, also for clients that asked for JSON.
    pub fn throttled_xml() -> Self {
        let body = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\
            <IntuitResponse xmlns=\"http://schema.intuit.com/finance/v3\"><Fault type=\"SERVICE\">\
            <Error code=\"3001\"><Message>message=ThrottleExceeded; errorCode=003001; \
            statusCode=429</Message><Detail>The request limit was reached.  Try again later\
            </Detail></Error></Fault></IntuitResponse>";
        Self::new(429, Content::Xml(body.to_owned()))
    }

    /// Shape C of the token endpoint.
    pub fn token_error(status: u16, error: &str, description: Option<&str>) -> Self {
        let mut body = json!({"error": error});
        if let Some(description) = description {
            body["error_description"] = json!(description);
        }
        Self::new(status, Content::OnlyJson(body))
    }

    pub fn html(status: u16, title: &str, inner: &str) -> Self {
        let page = format!(
            "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}\
             </title></head><body>{inner}</body></html>\n"
        );
        Self::new(status, Content::Html(page))
    }

    pub fn redirect(to: &str) -> Self {
        Self::new(302, Content::Empty).with(LOCATION, to)
    }

    /// The HTTP response. `support_id` goes into `intuit_tid`.
    pub fn into_response(self, wants_json: bool, support_id: &str) -> Response<HttpBody> {
        let ok = self.status == 200;
        let (kind, bytes) = match self.body {
            Content::Empty => (None, Vec::new()),
            Content::Json(body) if !wants_json => (Some("application/xml"), xml(&body).into()),
            Content::Json(body) | Content::OnlyJson(body) => {
                let kind = if ok { "application/json;charset=utf-8" } else { "application/json" };
                (Some(kind), body.to_string().into_bytes())
            }
            Content::Html(page) => (Some("text/html; charset=utf-8"), page.into_bytes()),
            Content::Xml(text) => (Some("application/xml"), text.into_bytes()),
            Content::Pdf(bytes) => (Some("application/pdf"), bytes),
        };
        let mut response = Response::new(HttpBody::from(bytes));
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or_default();
        let headers = response.headers_mut();
        if let Some(kind) = kind {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        }
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache, no-store"));
        if let Ok(id) = HeaderValue::from_str(support_id) {
            headers.insert("intuit_tid", id);
        }
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        }
        response
    }
}

fn gateway(message: &str, detail: &str, code: &str, kind: &str, now: Timestamp) -> Value {
    json!({
        "warnings": null,
        "intuitObject": null,
        "fault": {
            "error": [{"message": message, "detail": detail, "code": code, "element": null}],
            "type": kind,
        },
        "report": null,
        "queryResponse": null,
        "batchItemResponse": [],
        "attachableResponse": [],
        "syncErrorResponse": null,
        "requestId": null,
        "time": now.as_millisecond(),
        "status": null,
        "cdcresponse": [],
    })
}

/// The JSON form written as elements under `IntuitResponse`.
fn xml(body: &Value) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\
         <IntuitResponse xmlns=\"http://schema.intuit.com/finance/v3\">",
    );
    for (name, value) in body.as_object().into_iter().flatten() {
        element(&mut out, name, value);
    }
    out.push_str("</IntuitResponse>");
    out
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
