//! Change data capture (`quickbooks §4.4`).

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::books::Books;
use super::entity::Entity;
use super::refusal::Refusal;
use super::row::{Row, RowId};
use super::{pacific, show};

/// Days that the feed looks back. What lies before is left out without a word: whether the service
/// refuses or cuts today is unverified (`quickbooks §13.6`), and cutting is the harder case.
const LOOK_BACK_DAYS: i64 = 30;
/// Objects over all entities of one answer.
const OBJECTS_MAX: usize = 1_000;

/// The `CDCResponse` array.
pub fn changes(
    books: &Books,
    entities: &str,
    since: &str,
    now: Timestamp,
) -> Result<Value, Refusal> {
    let since = pacific::moment(since).ok_or_else(|| Refusal::bad_date("changedSince"))?;
    let since = since.max(pacific::later(now, -LOOK_BACK_DAYS));
    let mut left = OBJECTS_MAX;
    let mut parts = Vec::new();
    for name in entities.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        let entity = Entity::parse(name).filter(|entity| entity.is_in_cdc());
        let entity = entity.ok_or_else(|| {
            Refusal::query_meaning(&format!("invalid context declaration: {name}"))
        })?;
        let mut objects = changed(books, entity, since);
        objects.truncate(left);
        left -= objects.len();
        parts.push(part(entity, objects));
    }
    if parts.is_empty() {
        return Err(Refusal::missing("entities"));
    }
    Ok(json!([{"QueryResponse": parts}]))
}

fn part(entity: Entity, objects: Vec<Value>) -> Value {
    if objects.is_empty() {
        return json!({});
    }
    let mut part = Map::new();
    part.insert("startPosition".to_owned(), json!(1));
    part.insert("maxResults".to_owned(), json!(objects.len()));
    part.insert(entity.name().to_owned(), Value::Array(objects));
    Value::Object(part)
}

/// Full objects of what exists, stubs of what was deleted, oldest change first.
fn changed(books: &Books, entity: Entity, since: Timestamp) -> Vec<Value> {
    let omitted = |id: &RowId| books.config.cdc_omits.iter().any(|omitted| omitted == id.as_str());
    let mut rows: Vec<(&RowId, &Row)> = books
        .all(entity)
        .filter(|(id, row)| row.updated >= pacific::whole_second(since) && !omitted(id))
        .collect();
    rows.sort_by_key(|(_, row)| row.updated);
    let mut objects: Vec<Value> =
        rows.into_iter().map(|(id, row)| show::object(books, entity, id, row)).collect();
    let stubs = books
        .tombstones
        .iter()
        .filter(|gone| gone.entity == entity && gone.at >= since && !omitted(&gone.id))
        .map(|gone| {
            json!({
                "domain": "QBO",
                "status": "Deleted",
                "Id": gone.id.as_str(),
                "MetaData": {"LastUpdatedTime": pacific::stamp(gone.at)},
            })
        });
    objects.extend(stubs);
    objects
}
