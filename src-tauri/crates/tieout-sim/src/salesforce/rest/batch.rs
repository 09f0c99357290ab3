//! Composite batch: independent calls in one (salesforce §4.3).

use super::composite::part;
use super::{Answer, Call, dispatch};
use crate::salesforce::http::{Content, Reply};
use crate::salesforce::json::Json;
use crate::salesforce::org::Org;
use crate::salesforce::refusal::{Refusal, render_all};

/// Calls of one batch.
const CALLS_MAX: usize = 25;

pub fn batch(org: &mut Org, call: &Call) -> Answer {
    let body = Json::Object(call.object()?);
    let requests = body.get("batchRequests").map_or(&[][..], Json::items);
    if requests.len() > CALLS_MAX {
        let message = "The batch request limit of 25 was exceeded";
        return Err(vec![Refusal::new(400, "LIMIT_EXCEEDED", message)]);
    }
    let halts = body.get("haltOnError").and_then(Json::as_bool).unwrap_or(false);
    let mut results: Vec<Json> = Vec::new();
    let mut failed = false;
    for request in requests {
        if failed && halts {
            let message = "Batch processing was halted by a previous error";
            let refusal = Refusal::new(412, "BATCH_PROCESSING_HALTED", message);
            results.push(result(412, render_all(&[refusal])));
            continue;
        }
        let url = request.get("url").and_then(Json::as_text).unwrap_or_default();
        let method = request.get("method").and_then(Json::as_text).unwrap_or_default();
        let body = request.get("richInput").cloned().unwrap_or(Json::Null);
        let reply = part(call, method, &absolute(url), body)
            .and_then(|part| dispatch(org, &part))
            .unwrap_or_else(|refusals| Reply::refused(&refusals));
        failed |= reply.status >= 400;
        let content = match reply.content {
            Content::Json(json) => json,
            _ => Json::Null,
        };
        results.push(result(reply.status, content));
    }
    Ok(Reply::json(
        200,
        Json::object([("hasErrors", Json::Bool(failed)), ("results", Json::List(results))]),
    ))
}

/// Batch urls may leave `/services/data` away.
fn absolute(url: &str) -> String {
    if url.starts_with('/') { url.to_owned() } else { format!("/services/data/{url}") }
}

fn result(status: u16, content: Json) -> Json {
    Json::object([("statusCode", Json::int(status)), ("result", content)])
}
