//! Composite and composite graph: dependent calls in one (salesforce §9.4, §9.5).

use std::collections::BTreeMap;

use super::{Answer, Body, Call, check_version, decoded, dispatch};
use crate::salesforce::http::{Content, Reply, pairs};
use crate::salesforce::json::Json;
use crate::salesforce::org::Org;
use crate::salesforce::refusal::{Refusal, Refusals, render_all};

/// Calls of one composite.
const CALLS_MAX: usize = 25;
/// Queries and collections among them.
const HEAVY_CALLS_MAX: usize = 5;
/// Calls of all graphs together, and graphs.
const NODES_MAX: usize = 500;
const GRAPHS_MAX: usize = 75;
/// Headers that a part must not carry.
const CLOSED_HEADERS: [&str; 3] = ["accept", "authorization", "content-type"];

/// What one part answered.
struct Part {
    reference: String,
    reply: Reply,
}

pub fn composite(org: &mut Org, call: &Call) -> Answer {
    let body = Json::Object(call.object()?);
    let requests = body.get("compositeRequest").map_or(&[][..], Json::items);
    check(requests, CALLS_MAX)?;
    let heavy = |request: &&Json| {
        let url = request.get("url").and_then(Json::as_text).unwrap_or_default();
        url.contains("/query") || url.contains("/composite/")
    };
    if requests.iter().filter(heavy).count() > HEAVY_CALLS_MAX {
        return Err(vec![limit("At most 5 subrequests may be queries or collections")]);
    }
    let all_or_none = body.get("allOrNone").and_then(Json::as_bool).unwrap_or(false);
    let (parts, _) = run(org, call, requests, all_or_none);
    Ok(Reply::json(200, Json::object([("compositeResponse", render(parts))])))
}

pub fn graph(org: &mut Org, call: &Call) -> Answer {
    let body = Json::Object(call.object()?);
    let graphs = body.get("graphs").map_or(&[][..], Json::items);
    let requests = |graph: &Json| -> Vec<Json> {
        graph.get("compositeRequest").map_or(&[][..], Json::items).to_vec()
    };
    let nodes: usize = graphs.iter().map(|graph| requests(graph).len()).sum();
    if graphs.len() > GRAPHS_MAX || nodes > NODES_MAX {
        return Err(vec![limit("The graph limit was exceeded")]);
    }
    let mut answers = Vec::new();
    for graph in graphs {
        let requests = requests(graph);
        check(&requests, NODES_MAX)?;
        let (parts, succeeded) = run(org, call, &requests, true);
        answers.push(Json::object([
            ("graphId", graph.get("graphId").cloned().unwrap_or(Json::Null)),
            ("graphResponse", Json::object([("compositeResponse", render(parts))])),
            ("isSuccessful", Json::Bool(succeeded)),
        ]));
    }
    Ok(Reply::json(200, Json::object([("graphs", Json::List(answers))])))
}

fn limit(message: &str) -> Refusal {
    Refusal::new(400, "LIMIT_EXCEEDED", message)
}

/// What makes the whole call fail before anything runs.
fn check(requests: &[Json], most: usize) -> Result<(), Refusals> {
    if requests.len() > most {
        return Err(vec![limit("The composite request limit was exceeded")]);
    }
    let mut references = Vec::new();
    for request in requests {
        let reference = request.get("referenceId").and_then(Json::as_text).unwrap_or_default();
        let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        if reference.is_empty() || !reference.chars().all(plain) || references.contains(&reference)
        {
            let message = format!("Invalid reference ID: {reference}");
            return Err(vec![Refusal::new(400, "INVALID_INPUT", message)]);
        }
        references.push(reference);
        let headers = request.get("httpHeaders").map_or(&[][..], Json::members);
        let closed = headers
            .iter()
            .any(|(name, _)| CLOSED_HEADERS.contains(&name.to_ascii_lowercase().as_str()));
        if closed {
            let message = "Header is not allowed in a subrequest";
            return Err(vec![Refusal::new(400, "INVALID_INPUT", message)]);
        }
    }
    Ok(())
}

/// Runs the parts in order. Parts that refer to a failed one are halted; with `all_or_none` one
/// failure undoes and halts all.
fn run(org: &mut Org, call: &Call, requests: &[Json], all_or_none: bool) -> (Vec<Part>, bool) {
    let before = all_or_none.then(|| org.rows.clone());
    let mut known: BTreeMap<String, Json> = BTreeMap::new();
    let mut parts: Vec<Part> = Vec::new();
    let mut failed = false;
    for request in requests {
        let reference = request.get("referenceId").and_then(Json::as_text).unwrap_or_default();
        let reply = if failed && all_or_none {
            halted()
        } else {
            match filled(request, &known) {
                None => halted(),
                Some(request) => run_part(org, call, &request),
            }
        };
        match (&reply.content, reply.status < 400) {
            (Content::Json(json), true) => {
                known.insert(reference.to_owned(), json.clone());
            }
            (_, succeeded) => failed |= !succeeded,
        }
        parts.push(Part { reference: reference.to_owned(), reply });
    }
    if let (true, Some(before)) = (failed, before) {
        org.rows = before;
        for part in parts.iter_mut().filter(|part| part.reply.status < 400) {
            part.reply = halted();
        }
    }
    (parts, !failed)
}

fn halted() -> Reply {
    let message = "The transaction was rolled back since another operation in the same \
                   transaction failed.";
    Reply::json(400, render_all(&[Refusal::new(400, "PROCESSING_HALTED", message)]))
}

fn run_part(org: &mut Org, call: &Call, request: &Json) -> Reply {
    let of = |name: &str| request.get(name).and_then(Json::as_text).unwrap_or_default();
    let body = request.get("body").cloned().unwrap_or(Json::Null);
    part(call, of("method"), of("url"), body)
        .and_then(|part| dispatch(org, &part))
        .unwrap_or_else(|refusals| Reply::refused(&refusals))
}

/// A part as a call of its own, in the session of the whole.
pub fn part(call: &Call, method: &str, url: &str, body: Json) -> Result<Call, Refusals> {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let rest = path.strip_prefix("/services/data/").ok_or_else(|| vec![Refusal::not_found()])?;
    let mut segments = rest.split('/').filter(|segment| !segment.is_empty());
    let version = segments.next().unwrap_or_default().to_owned();
    check_version(&version).map_err(|refusal| vec![refusal])?;
    Ok(Call {
        method: method.to_owned(),
        version,
        path: segments.map(decoded).collect(),
        query: pairs(query.as_bytes()),
        headers: http::HeaderMap::new(),
        body: Body::Json(body),
        base: call.base.clone(),
        session: call.session.clone(),
        is_part: true,
    })
}

/// The request with every `@{reference.path}` replaced; nothing if one has no value.
fn filled(request: &Json, known: &BTreeMap<String, Json>) -> Option<Json> {
    match request {
        Json::Text(text) => filled_text(text, known).map(Json::Text),
        Json::List(items) => {
            items.iter().map(|item| filled(item, known)).collect::<Option<_>>().map(Json::List)
        }
        Json::Object(members) => members
            .iter()
            .map(|(name, value)| Some((name.clone(), filled(value, known)?)))
            .collect::<Option<_>>()
            .map(Json::Object),
        other => Some(other.clone()),
    }
}

fn filled_text(text: &str, known: &BTreeMap<String, Json>) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("@{") {
        let end = start + rest[start..].find('}')?;
        out.push_str(&rest[..start]);
        out.push_str(&looked_up(&rest[start + 2..end], known)?);
        rest = &rest[end + 1..];
    }
    out.push_str(rest);
    Some(out)
}

/// `ref.records[0].Id` in the answers so far.
fn looked_up(path: &str, known: &BTreeMap<String, Json>) -> Option<String> {
    let (reference, path) = path.split_once('.')?;
    let rendered = known.get(reference)?.to_string();
    // Query rows are kept rendered: read them again to look inside.
    let whole = Json::parse(rendered.as_bytes()).ok()?;
    let mut place = &whole;
    for step in path.split('.') {
        let (name, index) = match step.strip_suffix(']').and_then(|step| step.split_once('[')) {
            Some((name, index)) => (name, Some(index.parse::<usize>().ok()?)),
            None => (step, None),
        };
        place = place.get(name)?;
        if let Some(index) = index {
            place = place.items().get(index)?;
        }
    }
    match place {
        Json::Text(text) => Some(text.clone()),
        Json::Null | Json::List(_) | Json::Object(_) => None,
        other => Some(other.to_string()),
    }
}

fn render(parts: Vec<Part>) -> Json {
    Json::list(parts.into_iter().map(|part| {
        let location = part.reply.headers.iter().find(|(name, _)| *name == "location");
        let headers = location.map(|(_, location)| ("Location", Json::text(location)));
        let content = match part.reply.content {
            Content::Json(json) => json,
            _ => Json::Null,
        };
        Json::object([
            ("body", content),
            ("httpHeaders", Json::object(headers)),
            ("httpStatusCode", Json::int(part.reply.status)),
            ("referenceId", Json::Text(part.reference)),
        ])
    }))
}
