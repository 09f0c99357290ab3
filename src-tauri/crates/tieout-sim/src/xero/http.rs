//! Requests on their way in, and the words of injected faults.

use axum::body::Body;
use axum::extract::{Request, State};
use http::{Response, StatusCode};
use jiff::Timestamp;
use serde_json::json;

use super::answer::Answer;
use super::call::Call;
use super::platform::Platform;
use super::{XeroSim, api, oauth};
use crate::fault::FaultKind;
use crate::faulting::REQUEST_BYTES_MAX;

/// Where the accounting API begins.
const API_PATH: &str = "/api.xro/2.0/";

/// Paths are matched in any case; ids and numbers in them keep theirs.
pub fn route(platform: &mut Platform, call: &Call, crowded: bool, now: Timestamp) -> Answer {
    let segments = call.segments();
    let path: Vec<&str> = segments.iter().map(String::as_str).collect();
    let lower = call.path.to_ascii_lowercase();
    if lower.starts_with(API_PATH) {
        return api::answer(platform, call, &path[2..], crowded, now);
    }
    match (call.method.as_str(), lower.trim_end_matches('/')) {
        ("GET", "/.well-known/openid-configuration") => oauth::discovery(call),
        ("GET", "/identity/connect/authorize") => oauth::ask(platform, call, now),
        ("POST", "/identity/connect/authorize/decision") => oauth::decide(platform, call, now),
        ("POST", "/connect/token") => oauth::token(platform, call, now),
        ("POST", "/connect/revocation") => oauth::revoke(platform, call),
        ("GET", "/connections") => oauth::list(platform, call, now),
        ("DELETE", _) if lower.starts_with("/connections/") => {
            oauth::disconnect(platform, call, path.last().copied().unwrap_or_default(), now)
        }
        _ => Answer::not_found(),
    }
}

/// Every request of the service.
pub async fn answered(State(sim): State<XeroSim>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, REQUEST_BYTES_MAX).await else {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
        return response;
    };
    let call = Call::new(&parts, body);
    if !call.path.to_ascii_lowercase().starts_with(API_PATH) {
        return sim.respond(&call, false);
    }
    let tenant = call.header("xero-tenant-id").unwrap_or_default().to_owned();
    let place = sim.under_way.enter(&tenant);
    let limit = sim.config().concurrent_limit;
    if place.others() >= limit {
        return sim.respond(&call, true);
    }
    let response = sim.respond(&call, false);
    place.wait().await;
    response
}

/// How Xero words the faults of the plan. They stand in front of the state and do not know its
/// time.
pub fn brand_answer(kind: FaultKind, parts: &http::request::Parts) -> Response<Body> {
    let answer = match kind {
        FaultKind::Throttle | FaultKind::ThrottleXml => Answer::throttled("concurrent", None),
        FaultKind::ThrottleWithHint => {
            Answer::throttled("minute", Some(7)).with("X-MinLimit-Remaining", "0")
        }
        FaultKind::Unauthorized => {
            let detail = "TokenExpired: token expired at 01/01/1970 00:00:00";
            Answer::problem(401, "Unauthorized", detail)
        }
        FaultKind::FaultInside => failed_inside(parts.uri.path()),
        FaultKind::ServerErrorAfter => Answer::offline(),
        _ => Answer::broken(),
    };
    let mut response = answer.into_response(true, Timestamp::UNIX_EPOCH);
    response.headers_mut().remove(http::header::DATE);
    response
}

/// 200 with one element that failed, as with `summarizeErrors=false`.
fn failed_inside(path: &str) -> Answer {
    let plural = path.rsplit('/').next().unwrap_or("Invoices").to_owned();
    let element = json!({"HasErrors": true, "StatusAttributeString": "ERROR",
        "ValidationErrors": [{"Message": "An error occurred, please try again"}]});
    Answer::json(200, json!({"Status": "OK", plural: [element]}))
}
