//! REST: one table of resources, used by calls and by the parts of a composite call alike.

mod batch;
mod collections;
mod composite;
mod describe;
mod discovery;
mod query;
mod records;
mod replication;

use http::HeaderMap;

use super::dml::Actor;
use super::http::{Content, Incoming, Reply, find};
use super::json::Json;
use super::oauth::{Session, use_session};
use super::org::Org;
use super::refusal::{Refusal, Refusals};
use super::schema::ObjectDef;

/// Longest request target; headers count too in the real thing (salesforce §5.1).
const TARGET_BYTES_MAX: usize = 16_384;
/// Versions that answer.
pub const OLDEST_VERSION: u32 = 31;
pub const NEWEST_VERSION: u32 = 68;
/// Versions that were retired.
const RETIRED_FROM: u32 = 20;

/// One call of a resource, alone or inside a composite.
pub struct Call {
    pub method: String,
    /// `v66.0`
    pub version: String,
    /// Decoded segments below the version.
    pub path: Vec<String>,
    pub query: Vec<(String, String)>,
    pub headers: HeaderMap,
    pub body: Body,
    pub base: String,
    pub session: Session,
    /// Composites do not nest.
    pub is_part: bool,
}

/// A body as bytes, or as JSON that a composite already read.
pub enum Body {
    Bytes(bytes::Bytes),
    Json(Json),
}

pub type Answer = Result<Reply, Refusals>;

impl Call {
    pub fn param(&self, name: &str) -> Option<&str> {
        find(&self.query, name)
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    pub fn actor(&self) -> Actor<'_> {
        Actor { user_id: &self.session.user_id, is_ordinary: true }
    }

    /// The body as an object.
    pub fn object(&self) -> Result<Vec<(String, Json)>, Refusals> {
        let json = match &self.body {
            Body::Json(json) => json.clone(),
            Body::Bytes(bytes) => {
                Json::parse(bytes).map_err(|error| vec![Refusal::unreadable(&error)])?
            }
        };
        match json {
            Json::Object(members) => Ok(members),
            _ => {
                let message = "The HTTP entity body is required to be one JSON object";
                Err(vec![Refusal::new(400, "JSON_PARSER_ERROR", message)])
            }
        }
    }

    /// The path of a resource of this version.
    pub fn url(&self, rest: &str) -> String {
        format!("/services/data/{}/{rest}", self.version)
    }
}

/// `/services/data/...`: versions without a session, all else with one.
pub fn answer(org: &mut Org, request: &Incoming) -> Reply {
    let mut segments = request.path.split('/').skip(3).filter(|segment| !segment.is_empty());
    let Some(version) = segments.next() else { return discovery::versions() };
    if let Err(refusal) = check_version(version) {
        return Reply::refused(&[refusal]);
    }
    let session = match session(org, request) {
        Ok(session) => session,
        Err(refusal) => return Reply::refused(&[refusal]),
    };
    if !org.count_request() {
        let message = "TotalRequests Limit exceeded.";
        let refusal = Refusal::new(403, "REQUEST_LIMIT_EXCEEDED", message);
        return with_usage(org, localised(org, Reply::refused(&[refusal])));
    }
    if request.target_bytes > TARGET_BYTES_MAX {
        let refusal = Refusal::new(414, "URI_TOO_LONG", "URI Too Long");
        return with_usage(org, Reply::refused(&[refusal]));
    }
    let call = Call {
        method: request.method.clone(),
        version: version.to_owned(),
        path: segments.map(decoded).collect(),
        query: request.query.clone(),
        headers: request.headers.clone(),
        body: Body::Bytes(request.body.clone()),
        base: request.base.clone(),
        session,
        is_part: false,
    };
    let reply = dispatch(org, &call).unwrap_or_else(|refusals| Reply::refused(&refusals));
    with_usage(org, localised(org, reply))
}

fn check_version(text: &str) -> Result<(), Refusal> {
    let number = text.strip_prefix('v').and_then(|text| text.strip_suffix(".0"));
    match number.and_then(|number| number.parse::<u32>().ok()) {
        Some(OLDEST_VERSION..=NEWEST_VERSION) => Ok(()),
        Some(RETIRED_FROM..OLDEST_VERSION) => {
            let message = "This API version has been retired and is no longer available.";
            Err(Refusal::new(410, "GONE", message))
        }
        _ => Err(Refusal::not_found()),
    }
}

/// The session of a request, or why it is refused (salesforce §2.9).
pub fn session(org: &mut Org, request: &Incoming) -> Result<Session, Refusal> {
    let text = org.switches().session_message.clone();
    let text = text.unwrap_or_else(|| "Session expired or invalid".to_owned());
    let refused = || Refusal::session(&text);
    let token = request.token().ok_or_else(refused)?;
    if org.switches().refuse_sessions || org.switches().session_message.is_some() {
        return Err(refused());
    }
    use_session(org, token).ok_or_else(refused)
}

/// `Sforce-Limit-Info`; a 204 comes without it (salesforce §3.2).
fn with_usage(org: &Org, reply: Reply) -> Reply {
    if reply.status == 204 {
        return reply;
    }
    let used = org.used();
    let mut text = format!("api-usage={used}/{}", org.switches().daily_limit);
    if let Some(limit) = org.switches().app_limit {
        text += &format!("; per-app-api-usage={used}/{limit}(appName=Tieout)");
    }
    reply.with("sforce-limit-info", text)
}

fn localised(org: &Org, mut reply: Reply) -> Reply {
    if let (true, Content::Json(json)) = (org.switches().localised, &mut reply.content) {
        translate(json);
    }
    reply
}

/// Puts another language into the messages, as an org of such users does; codes stay.
fn translate(json: &mut Json) {
    match json {
        Json::List(items) => items.iter_mut().for_each(translate),
        Json::Object(members) => {
            let code = members.iter().find(|(name, _)| name == "errorCode" || name == "statusCode");
            let code = code.and_then(|(_, code)| code.as_text().map(str::to_owned));
            for (name, value) in members {
                match (&code, &value) {
                    (Some(code), Json::Text(_)) if name == "message" => {
                        *value = Json::text(format!("A operação não foi concluída ({code})."));
                    }
                    _ => translate(value),
                }
            }
        }
        _ => {}
    }
}

/// Percent-decoding of one segment.
fn decoded(segment: &str) -> String {
    let pair = format!("s={}", segment.replace('+', "%2B"));
    super::http::pairs(pair.as_bytes()).pop().map_or_else(String::new, |(_, value)| value)
}

/// The table of resources.
pub fn dispatch(org: &mut Org, call: &Call) -> Answer {
    let path: Vec<&str> = call.path.iter().map(String::as_str).collect();
    let method = call.method.as_str();
    match (path.as_slice(), method) {
        ([], "GET") => Ok(discovery::resources(org, call)),
        (["limits"], "GET") => Ok(discovery::limits(org)),
        (["limits", "recordCount"], "GET") => Ok(discovery::record_count(org, call)),
        (["connect", "organization"], "GET") => Ok(discovery::organization(org)),
        (["recent"], "GET") => Ok(Reply::json(200, Json::List(Vec::new()))),
        (["query" | "queryAll"], "GET") => query::query(org, call, path[0] == "queryAll"),
        (["query" | "queryAll", locator], "GET") => query::more(org, call, locator),
        (["sobjects"], "GET") => describe::global(org, call),
        (["sobjects", object], _) => on_object(org, call, object),
        (["sobjects", object, "describe"], "GET") => describe::object(org, call, object),
        (["sobjects", object, "deleted"], "GET") => replication::deleted(org, call, object),
        (["sobjects", object, "updated"], "GET") => replication::updated(org, call, object),
        (["sobjects", object, id], _) => on_record(org, call, object, id),
        (["sobjects", object, field, value], _) => on_external_id(org, call, object, field, value),
        (["composite", ..], _) => on_composite(org, call, &path[1..]),
        ([_], _) | (["limits" | "connect" | "query" | "queryAll", ..], _)
            if known_for_get(&path) && method != "GET" =>
        {
            Err(vec![Refusal::not_allowed(method, "GET")])
        }
        _ => Err(vec![Refusal::not_found()]),
    }
}

fn known_for_get(path: &[&str]) -> bool {
    matches!(
        path,
        ["limits" | "recent" | "query" | "queryAll" | "sobjects"]
            | ["limits", "recordCount"]
            | ["connect", "organization"]
    )
}

fn on_object(org: &mut Org, call: &Call, object: &str) -> Answer {
    let object = known_object(org, object)?;
    match call.method.as_str() {
        "GET" => Ok(describe::basic(call, &object)),
        "POST" => records::create(org, call, &object),
        method => Err(vec![Refusal::not_allowed(method, "GET,POST")]),
    }
}

fn on_record(org: &mut Org, call: &Call, object: &str, id: &str) -> Answer {
    let object = known_object(org, object)?;
    match call.method.as_str() {
        "GET" => records::read(org, call, &object, id),
        "PATCH" => records::update(org, call, &object, id),
        "DELETE" => records::delete(org, call, &object, id),
        method => Err(vec![Refusal::not_allowed(method, "GET,PATCH,DELETE")]),
    }
}

fn on_external_id(org: &mut Org, call: &Call, object: &str, field: &str, value: &str) -> Answer {
    // A value with a slash breaks the path (salesforce §9.2).
    if value.contains('/') {
        return Err(vec![Refusal::not_found()]);
    }
    let object = known_object(org, object)?;
    records::by_external_id(org, call, &object, field, value)
}

fn on_composite(org: &mut Org, call: &Call, path: &[&str]) -> Answer {
    let is_collection = path.first() == Some(&"sobjects");
    if call.is_part && !is_collection {
        let message = "Composite requests cannot be nested";
        return Err(vec![Refusal::new(400, "INVALID_INPUT", message)]);
    }
    match (path, call.method.as_str()) {
        ([], "POST") => composite::composite(org, call),
        (["graph"], "POST") => composite::graph(org, call),
        (["batch"], "POST") => batch::batch(org, call),
        (["sobjects"], "POST") => collections::create(org, call),
        (["sobjects"], "PATCH") => collections::update(org, call),
        (["sobjects"], "DELETE") => collections::delete(org, call),
        (["sobjects", object], "POST" | "GET") => collections::retrieve(org, call, object),
        (["sobjects", object, field], "PATCH") => collections::upsert(org, call, object, field),
        _ => Err(vec![Refusal::not_found()]),
    }
}

/// The object of a path, or 404.
pub fn known_object(org: &Org, name: &str) -> Result<std::sync::Arc<ObjectDef>, Refusals> {
    org.schema.object(name).cloned().ok_or_else(|| vec![Refusal::not_found()])
}
