//! How Salesforce words the faults that a control call injects.

use axum::body::Body;
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::request::Parts;
use http::{HeaderValue, Response, StatusCode};

use super::json::Json;
use super::refusal::{Refusal, render_all};
use crate::fault::FaultKind;

/// Seconds that a throttled answer with a hint asks to wait.
const RETRY_AFTER_SECS: &str = "7";

pub fn answer(kind: FaultKind, head: &Parts) -> Response<Body> {
    let refusal = refusal(kind);
    let status = if kind == FaultKind::FaultInside { 200 } else { refusal.status };
    let is_oauth = head.uri.path().starts_with("/services/oauth2/");
    let json = if is_oauth { oauth_form(&refusal) } else { render_all(&[refusal]) };
    let mut response = Response::new(Body::from(json.to_string()));
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json;charset=UTF-8"));
    if kind == FaultKind::ThrottleWithHint {
        headers.insert(RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER_SECS));
    }
    response
}

fn oauth_form(refusal: &Refusal) -> Json {
    let error = if refusal.status == 429 { "rate_limit_exceeded" } else { "unknown_error" };
    Json::object([
        ("error", Json::text(error)),
        ("error_description", Json::text(&refusal.message)),
    ])
}

fn refusal(kind: FaultKind) -> Refusal {
    match kind {
        FaultKind::Throttle | FaultKind::ThrottleWithHint | FaultKind::ThrottleXml => {
            let message = "ConcurrentRequests (Concurrent API Requests) Limit exceeded.";
            Refusal::new(429, "REQUEST_LIMIT_EXCEEDED", message)
        }
        FaultKind::Unauthorized => Refusal::session("Session expired or invalid"),
        FaultKind::ServerErrorAfter => {
            Refusal::new(503, "SERVER_UNAVAILABLE", "Server is too busy. Please try again later.")
        }
        _ => {
            let message = "An unexpected error occurred. Please include this ErrorId if you \
                           contact support: 1234567890-12345 (-1234567890)";
            Refusal::new(500, "UNKNOWN_EXCEPTION", message)
        }
    }
}
