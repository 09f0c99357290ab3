//! Puts the fault plan and the request log in front of a simulator's router.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderValue, Response, StatusCode};
use serde::Serialize;

use crate::drop::Dropped;
use crate::fault::{FaultKind, FaultPlan};

/// Largest request body that a simulator reads.
pub const REQUEST_BYTES_MAX: usize = 50 * 1024 * 1024;
/// Lines that a request log keeps; older ones are forgotten.
pub const LOG_LINES_MAX: usize = 10_000;

const MAINTENANCE_PAGE: &str = "<!DOCTYPE html>\n<html><head><title>We'll be right back</title>\
    </head><body><h1>Scheduled maintenance</h1></body></html>\n";

/// One request as the simulator saw it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RequestLine {
    pub method: String,
    /// Path with query, as sent.
    pub path: String,
    /// Absent when the connection was dropped.
    pub status: Option<u16>,
}

/// The last requests of one simulator, oldest first. Clones share the lines.
#[derive(Clone, Debug, Default)]
pub struct RequestLog {
    lines: Arc<Mutex<VecDeque<RequestLine>>>,
}

impl RequestLog {
    pub fn lines(&self) -> Vec<RequestLine> {
        self.lock().iter().cloned().collect()
    }

    pub fn clear(&self) {
        self.lock().clear();
    }

    fn push(&self, line: RequestLine) {
        let mut lines = self.lock();
        if lines.len() == LOG_LINES_MAX {
            lines.pop_front();
        }
        lines.push_back(line);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, VecDeque<RequestLine>> {
        self.lines.lock().expect("no holder of the request log panics")
    }
}

/// The answer of one brand to `kind`: called for `Throttle`, `ThrottleWithHint`, `ThrottleXml`,
/// `ServerErrorBefore`, `ServerErrorAfter`, `FaultInside` and `Unauthorized`.
pub type BrandAnswer = fn(FaultKind, &Parts) -> Response<Body>;

#[derive(Clone)]
struct Front {
    plan: FaultPlan,
    log: RequestLog,
    answer: BrandAnswer,
}

/// Wraps `router`, so that each request first meets the plan and is then logged. A rule's
/// `path_contains` sees path and query both as sent and percent-decoded.
pub fn with_faults(
    router: Router,
    plan: FaultPlan,
    log: RequestLog,
    answer: BrandAnswer,
) -> Router {
    router.layer(from_fn_with_state(Front { plan, log, answer }, meet))
}

async fn meet(State(front): State<Front>, request: Request, next: Next) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let method = parts.method.to_string();
    let path = parts.uri.path_and_query().map_or_else(String::new, ToString::to_string);
    let response = match axum::body::to_bytes(body, REQUEST_BYTES_MAX).await {
        Ok(body) => {
            let seen = format!("{path}\n{}", decoded(&path));
            let fault = front.plan.take(&method, &seen, &body);
            suffer(fault, front.answer, parts, body, next).await
        }
        Err(_) => status_only(StatusCode::PAYLOAD_TOO_LARGE),
    };
    let status = (!Dropped::marks(&response)).then(|| response.status().as_u16());
    front.log.push(RequestLine { method, path, status });
    response
}

async fn suffer(
    fault: Option<FaultKind>,
    answer: BrandAnswer,
    parts: Parts,
    body: Bytes,
    next: Next,
) -> Response<Body> {
    let Some(kind) = fault else {
        return next.run(Request::from_parts(parts, Body::from(body))).await;
    };
    let head = parts.clone();
    let commit = next.run(Request::from_parts(parts, Body::from(body)));
    match kind {
        FaultKind::Throttle
        | FaultKind::ThrottleWithHint
        | FaultKind::ThrottleXml
        | FaultKind::ServerErrorBefore
        | FaultKind::FaultInside
        | FaultKind::Unauthorized => answer(kind, &head),
        FaultKind::Html => html(StatusCode::BAD_GATEWAY),
        FaultKind::DropBefore => Dropped::response(),
        FaultKind::ServerErrorAfter => {
            commit.await;
            answer(kind, &head)
        }
        FaultKind::HtmlAfter => {
            commit.await;
            html(StatusCode::OK)
        }
        FaultKind::DropAfter => {
            commit.await;
            Dropped::response()
        }
        FaultKind::TruncatedAfter => truncated(commit.await).await,
    }
}

/// Half of the body under status 200, as when a proxy closes early.
async fn truncated(response: Response<Body>) -> Response<Body> {
    let (mut head, body) = response.into_parts();
    let whole = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    head.status = StatusCode::OK;
    head.headers.remove(CONTENT_LENGTH);
    Response::from_parts(head, Body::from(whole.slice(..whole.len() / 2)))
}

fn html(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::from(MAINTENANCE_PAGE));
    *response.status_mut() = status;
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}

fn status_only(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// `%xx` and `+` undone; what does not decode is kept as it is.
fn decoded(path: &str) -> String {
    let bytes = path.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let pair = bytes.get(at + 1..at + 3).and_then(|pair| std::str::from_utf8(pair).ok());
        match (bytes[at], pair.and_then(|pair| u8::from_str_radix(pair, 16).ok())) {
            (b'%', Some(byte)) => {
                out.push(byte);
                at += 3;
            }
            (b'+', _) => {
                out.push(b' ');
                at += 1;
            }
            (byte, _) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}
