//! One record at a time (salesforce §9.1, §9.2).

use std::sync::Arc;

use jiff::Timestamp;

use super::{Answer, Call};
use crate::salesforce::dml;
use crate::salesforce::dml::convert::value;
use crate::salesforce::http::Reply;
use crate::salesforce::ids::full_id;
use crate::salesforce::json::Json;
use crate::salesforce::org::{Fields, Org};
use crate::salesforce::refusal::{Refusal, Refusals};
use crate::salesforce::schema::{FieldDef, FieldKind, ObjectDef};
use crate::salesforce::soql::render::{attributes, field_value};
use crate::salesforce::value::Value;

/// First version whose upsert answers 200 with a body.
const UPSERT_BODY_SINCE: u32 = 46;

pub fn create(org: &mut Org, call: &Call, object: &Arc<ObjectDef>) -> Answer {
    let body = call.object()?;
    let id = dml::insert(org, call.actor(), object, &body)?;
    Ok(saved(call, object, &id, 201, None))
}

fn saved(call: &Call, object: &ObjectDef, id: &str, status: u16, created: Option<bool>) -> Reply {
    let mut members = vec![
        ("id", Json::text(id)),
        ("success", Json::Bool(true)),
        ("errors", Json::List(Vec::new())),
    ];
    members.extend(created.map(|created| ("created", Json::Bool(created))));
    let location = call.url(&format!("sobjects/{}/{id}", object.name));
    Reply::json(status, Json::object(members)).with("location", location)
}

/// The id of a path; what is none is not found.
fn path_id(id: &str) -> Result<String, Refusals> {
    full_id(id).ok_or_else(|| {
        let message = "Provided external ID field does not exist or is not accessible: ";
        vec![Refusal::new(404, "NOT_FOUND", format!("{message}{id}"))]
    })
}

pub fn read(org: &Org, call: &Call, object: &ObjectDef, id: &str) -> Answer {
    let id = path_id(id)?;
    let fields = dml::live_row(org, object, &id)?;
    let wanted = wanted_fields(org, call.param("fields"), object)?;
    Ok(Reply::json(200, record(org, &call.version, object, fields, &wanted)))
}

/// The fields of a `fields=A,B` parameter, all that the user sees without one.
pub fn wanted_fields(
    org: &Org,
    names: Option<&str>,
    object: &ObjectDef,
) -> Result<Vec<Arc<FieldDef>>, Refusals> {
    let Some(names) = names.filter(|names| !names.trim().is_empty()) else {
        return Ok(org.schema.fields(object).cloned().collect());
    };
    let field = |name: &str| {
        org.schema.field(object, name).cloned().ok_or_else(|| {
            let message = format!("No such column '{name}' on entity '{}'", object.name);
            vec![Refusal::new(400, "INVALID_FIELD", message)]
        })
    };
    names.split(',').map(|name| field(name.trim())).collect()
}

/// A record with `attributes` first and `Id` last, as the row resource writes it.
pub fn record(
    org: &Org,
    version: &str,
    object: &ObjectDef,
    fields: &Fields,
    wanted: &[Arc<FieldDef>],
) -> Json {
    let id = fields.get("Id").and_then(|id| id.as_text()).unwrap_or_default();
    let mut members = vec![("attributes".to_owned(), attributes(&object.name, id, version))];
    for field in wanted {
        members.push((field.name.clone(), field_value(org, fields, field)));
    }
    if !wanted.iter().any(|field| field.kind == FieldKind::Id) {
        members.push(("Id".to_owned(), Json::text(id)));
    }
    Json::Object(members)
}

pub fn update(org: &mut Org, call: &Call, object: &Arc<ObjectDef>, id: &str) -> Answer {
    let id = path_id(id)?;
    let body = call.object()?;
    if body.iter().any(|(name, _)| name.eq_ignore_ascii_case("id")) {
        let message = "The Id field should not be specified in the sobject data.";
        return Err(vec![Refusal::of_write("INVALID_FIELD", message, ["Id".to_owned()])]);
    }
    let fields = dml::live_row(org, object, &id)?;
    if let Some(since) = call.header("if-unmodified-since").and_then(http_date) {
        dml::unchanged_since(fields, since)?;
    }
    dml::update(org, call.actor(), object, &id, &body)?;
    Ok(Reply::empty(204))
}

/// `Tue, 24 Nov 2026 05:43:30 GMT`
pub fn http_date(text: &str) -> Option<Timestamp> {
    let text = text.trim().strip_suffix("GMT")?;
    Timestamp::strptime("%a, %d %b %Y %H:%M:%S %z", format!("{text}+0000")).ok()
}

pub fn delete(org: &mut Org, call: &Call, object: &Arc<ObjectDef>, id: &str) -> Answer {
    let id = path_id(id)?;
    dml::delete::delete(org, call.actor(), object, &id)?;
    Ok(Reply::empty(204))
}

/// `/sobjects/X/Field__c/value`.
pub fn by_external_id(
    org: &mut Org,
    call: &Call,
    object: &Arc<ObjectDef>,
    field: &str,
    text: &str,
) -> Answer {
    let key = key_field(org, object, field)?;
    // An unreadable key matches nothing.
    let wanted = value(org, object, &key, &Json::text(text)).unwrap_or(Value::Null);
    let found = dml::unique::matches(org, object, &key, &wanted);
    if found.len() > 1 {
        let url = |id: &String| Json::text(call.url(&format!("sobjects/{}/{id}", object.name)));
        return Ok(Reply::json(300, Json::list(found.iter().map(url))));
    }
    let found = found.into_iter().next();
    match (call.method.as_str(), found) {
        ("PATCH", found) => upsert(org, call, object, &key, text, found),
        ("GET", Some(id)) => read(org, call, object, &id),
        ("DELETE", Some(id)) => delete(org, call, object, &id),
        ("GET" | "DELETE", None) => Err(vec![Refusal::not_found()]),
        (method, _) => Err(vec![Refusal::not_allowed(method, "GET,PATCH,DELETE")]),
    }
}

/// A field that may serve as a key; this is also what missing field-level security looks like.
pub fn key_field(org: &Org, object: &ObjectDef, name: &str) -> Result<Arc<FieldDef>, Refusals> {
    let field = org.schema.field(object, name).filter(|field| field.id_lookup);
    field.cloned().ok_or_else(|| {
        let message =
            format!("Provided external ID field does not exist or is not accessible: {name}");
        vec![Refusal::new(404, "NOT_FOUND", message)]
    })
}

fn upsert(
    org: &mut Org,
    call: &Call,
    object: &Arc<ObjectDef>,
    key: &FieldDef,
    text: &str,
    found: Option<String>,
) -> Answer {
    let mut body = call.object()?;
    let names = |(name, _): &(String, Json)| {
        name.eq_ignore_ascii_case(&key.name) || name.eq_ignore_ascii_case("id")
    };
    if body.iter().any(names) {
        let message =
            format!("The {} field should not be specified in the sobject data.", key.name);
        return Err(vec![Refusal::of_write("INVALID_FIELD", message, [key.name.clone()])]);
    }
    if let Some(id) = found {
        dml::update(org, call.actor(), object, &id, &body)?;
        let number = call.version[1..].split('.').next().and_then(|number| number.parse().ok());
        if number.is_some_and(|number: u32| number < UPSERT_BODY_SINCE) {
            return Ok(Reply::empty(204));
        }
        return Ok(saved(call, object, &id, 200, Some(false)));
    }
    let update_only = call.param("updateOnly") == Some("true");
    if update_only || key.kind == FieldKind::Id {
        return Err(vec![Refusal::not_found()]);
    }
    body.push((key.name.clone(), Json::text(text)));
    let id = dml::insert(org, call.actor(), object, &body)?;
    Ok(saved(call, object, &id, 201, Some(true)))
}
