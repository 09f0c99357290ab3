//! sObject Collections: up to 200 records in one call (salesforce §9.3).

use std::collections::BTreeSet;
use std::sync::Arc;

use super::records::{key_field, record, wanted_fields};
use super::{Answer, Call, known_object};
use crate::salesforce::dml;
use crate::salesforce::dml::convert::value;
use crate::salesforce::http::Reply;
use crate::salesforce::ids::full_id;
use crate::salesforce::json::Json;
use crate::salesforce::org::Org;
use crate::salesforce::refusal::{Refusal, Refusals};
use crate::salesforce::schema::ObjectDef;

/// Records of one call.
const RECORDS_MAX: usize = 200;
/// Runs of records of one type in one call.
const CHUNKS_MAX: usize = 10;

/// What became of one record.
enum Outcome {
    Saved { id: String, created: Option<bool> },
    Refused(Refusals),
}

type Members = Vec<(String, Json)>;

pub fn create(org: &mut Org, call: &Call) -> Answer {
    let (records, all_or_none) = records(call, "")?;
    Ok(each(org, all_or_none, None, records, |org, record| {
        let object = object_of(org, &record)?;
        dml::insert(org, call.actor(), &object, &record).map(|id| (id, None))
    }))
}

pub fn update(org: &mut Org, call: &Call) -> Answer {
    let (records, all_or_none) = records(call, "id")?;
    let mut seen = BTreeSet::new();
    Ok(each(org, all_or_none, None, records, |org, record| {
        let object = object_of(org, &record)?;
        let id = record.iter().find(|(name, _)| name.eq_ignore_ascii_case("id"));
        let id = id.and_then(|(_, id)| id.as_text()).and_then(full_id);
        let id = id.ok_or_else(|| {
            let message = "Id not specified in an update call";
            vec![Refusal::of_write("MISSING_ARGUMENT", message, ["Id".to_owned()])]
        })?;
        once(&mut seen, &id)?;
        dml::update(org, call.actor(), &object, &id, &record)
            .map(|()| (id, None))
            .map_err(not_found_in_row)
    }))
}

pub fn upsert(org: &mut Org, call: &Call, object: &str, field: &str) -> Answer {
    let path_object = known_object(org, object)?;
    let key = key_field(org, &path_object, field)?;
    let (records, all_or_none) = records(call, &key.name)?;
    let mut seen = BTreeSet::new();
    Ok(each(org, all_or_none, Some(false), records, |org, record| {
        let object = object_of(org, &record)?;
        let given = record.iter().find(|(name, _)| name.eq_ignore_ascii_case(&key.name));
        let given = given.map_or(Json::Null, |(_, given)| given.clone());
        let by_id = key.name == "Id";
        if given == Json::Null && !by_id {
            let message = format!("{} not specified", key.name);
            let fields = [key.name.clone()];
            return Err(vec![Refusal::of_write("MISSING_ARGUMENT", message, fields)]);
        }
        if given != Json::Null {
            once(&mut seen, &given.to_string())?;
        }
        let wanted = value(org, &object, &key, &given)?;
        let found = match (by_id, wanted.as_text()) {
            (true, Some(id)) => vec![id.to_owned()],
            (true, None) => Vec::new(),
            _ => dml::unique::matches(org, &object, &key, &wanted),
        };
        match found.as_slice() {
            [] => dml::insert(org, call.actor(), &object, &record).map(|id| (id, Some(true))),
            [id] => dml::update(org, call.actor(), &object, id, &record)
                .map(|()| (id.clone(), Some(false)))
                .map_err(not_found_in_row),
            _ => {
                let message = format!("{}: more than one record found", key.name);
                let fields = [key.name.clone()];
                Err(vec![Refusal::of_write("DUPLICATE_EXTERNAL_ID", message, fields)])
            }
        }
    }))
}

pub fn delete(org: &mut Org, call: &Call) -> Answer {
    let ids: Vec<_> = call.param("ids").unwrap_or_default().split(',').map(str::trim).collect();
    within(ids.len())?;
    let all_or_none = call.param("allOrNone") == Some("true");
    let records = ids.iter().map(|id| vec![("id".to_owned(), Json::text(*id))]).collect();
    let mut seen = BTreeSet::new();
    Ok(each(org, all_or_none, None, records, |org, record| {
        let text = record[0].1.as_text().unwrap_or_default().to_owned();
        let id = full_id(&text)
            .ok_or_else(|| vec![Refusal::of_write("MALFORMED_ID", format!("bad id {text}"), [])])?;
        once(&mut seen, &id)?;
        let object = org.schema.object_of_id(&id).cloned().ok_or_else(cross_reference)?;
        dml::delete::delete(org, call.actor(), &object, &id)
            .map(|()| (id, None))
            .map_err(not_found_in_row)
    }))
}

/// POST or GET of ids and fields: null for what is not there.
pub fn retrieve(org: &Org, call: &Call, object: &str) -> Answer {
    let object = known_object(org, object)?;
    let (ids, names) = if call.method == "GET" {
        let list = |name: &str| -> Vec<String> {
            call.param(name).unwrap_or_default().split(',').map(str::to_owned).collect()
        };
        (list("ids"), list("fields"))
    } else {
        let body = Json::Object(call.object()?);
        let list = |name: &str| -> Vec<String> {
            let items = body.get(name).map_or(&[][..], Json::items);
            items.iter().filter_map(|item| item.as_text().map(str::to_owned)).collect()
        };
        (list("ids"), list("fields"))
    };
    within(ids.len())?;
    let wanted = wanted_fields(org, Some(&names.join(",")), &object)?;
    let found = ids.iter().map(|id| {
        let id = full_id(id)?;
        let fields = dml::live_row(org, &object, &id).ok()?;
        Some(record(org, &call.version, &object, fields, &wanted))
    });
    Ok(Reply::json(200, Json::list(found.map(|found| found.unwrap_or(Json::Null)))))
}

/// The records of a body and `allOrNone`. `attributes` must come before all other members; only
/// the record's key may stand before it, where jsforce puts it.
fn records(call: &Call, key: &str) -> Result<(Vec<Members>, bool), Refusals> {
    let body = Json::Object(call.object()?);
    let all_or_none = body.get("allOrNone").and_then(Json::as_bool).unwrap_or(false);
    let items = body.get("records").map_or(&[][..], Json::items);
    within(items.len())?;
    let mut types: Vec<&str> = Vec::new();
    for item in items {
        let mut members = item.members().iter();
        let first = members.find(|(name, _)| !name.eq_ignore_ascii_case(key));
        let kind = first.and_then(kind_of);
        let Some(kind) = kind else {
            let message = "Nested object for polymorphic foreign key must have an attributes \
                           field before any other fields.";
            return Err(vec![Refusal::new(400, "JSON_PARSER_ERROR", message)]);
        };
        if types.last() != Some(&kind) {
            types.push(kind);
        }
    }
    if types.len() > CHUNKS_MAX {
        let message = "Cannot have more than 10 chunks in a single operation. Please rearrange \
                       the data to reduce chunking.";
        return Err(vec![Refusal::new(400, "LIMIT_EXCEEDED", message)]);
    }
    Ok((items.iter().map(|item| item.members().to_vec()).collect(), all_or_none))
}

/// The type that an `attributes` member names.
fn kind_of((name, value): &(String, Json)) -> Option<&str> {
    if name == "attributes" { value.get("type")?.as_text() } else { None }
}

fn within(count: usize) -> Result<(), Refusals> {
    if count <= RECORDS_MAX {
        return Ok(());
    }
    let message = "record limit reached. cannot submit more than 200 records into this call";
    Err(vec![Refusal::new(400, "EXCEEDED_ID_LIMIT", message)])
}

fn object_of(org: &Org, record: &Members) -> Result<Arc<ObjectDef>, Refusals> {
    let name = record.iter().find_map(kind_of).unwrap_or_default();
    org.schema.object(name).cloned().ok_or_else(|| {
        let message = format!("sObject type '{name}' is not supported.");
        vec![Refusal::of_write("INVALID_TYPE", message, [])]
    })
}

fn once(seen: &mut BTreeSet<String>, key: &str) -> Result<(), Refusals> {
    if seen.insert(key.to_owned()) {
        return Ok(());
    }
    let message = format!("Duplicate external id specified: {}", key.trim_matches('"'));
    Err(vec![Refusal::of_write("DUPLICATE_VALUE", message, [])])
}

fn cross_reference() -> Refusals {
    vec![Refusal::of_write("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", [])]
}

/// Inside a collection a missing id is a bad reference (salesforce §10).
fn not_found_in_row(refusals: Refusals) -> Refusals {
    let missing = refusals.iter().any(|refusal| refusal.code == "NOT_FOUND");
    if missing { cross_reference() } else { refusals }
}

/// Saves record by record; with `all_or_none` one refusal undoes all.
fn each(
    org: &mut Org,
    all_or_none: bool,
    created_when_refused: Option<bool>,
    records: Vec<Members>,
    mut save: impl FnMut(&mut Org, Members) -> Result<(String, Option<bool>), Refusals>,
) -> Reply {
    let before = all_or_none.then(|| org.rows.clone());
    let mut outcomes = Vec::new();
    for record in records {
        outcomes.push(match save(org, record) {
            Ok((id, created)) => Outcome::Saved { id, created },
            Err(refusals) => Outcome::Refused(refusals),
        });
    }
    let failed = outcomes.iter().any(|outcome| matches!(outcome, Outcome::Refused(_)));
    if let (true, Some(before)) = (failed, before) {
        org.rows = before;
        for outcome in &mut outcomes {
            if matches!(outcome, Outcome::Saved { .. }) {
                *outcome = Outcome::Refused(vec![rolled_back()]);
            }
        }
    }
    let rows = outcomes.iter().map(|outcome| rendered(outcome, created_when_refused));
    Reply::json(200, Json::list(rows))
}

fn rolled_back() -> Refusal {
    let message = "Record rolled back because not all records were valid and the request was \
                   using AllOrNone header";
    Refusal::of_write("ALL_OR_NONE_OPERATION_ROLLED_BACK", message, [])
}

fn rendered(outcome: &Outcome, created_when_refused: Option<bool>) -> Json {
    match outcome {
        Outcome::Saved { id, created } => {
            let mut members = vec![
                ("id", Json::text(id)),
                ("success", Json::Bool(true)),
                ("errors", Json::List(Vec::new())),
            ];
            members.extend(created.map(|created| ("created", Json::Bool(created))));
            Json::object(members)
        }
        Outcome::Refused(refusals) => {
            let errors = refusals.iter().map(Refusal::render_in_row);
            let mut members = vec![("success", Json::Bool(false)), ("errors", Json::list(errors))];
            let created = created_when_refused.map(|created| ("created", Json::Bool(created)));
            members.extend(created);
            Json::object(members)
        }
    }
}
