//! Several operations in one request (`quickbooks §4.10`).

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::api::replayed;
use super::books::Books;
use super::entity::Entity;
use super::refusal::Refusal;
use super::row::Body;
use super::write::{Author, Operation, Writing};
use super::{cdc, query};

/// Items of one batch.
const ITEMS_MAX: usize = 30;

/// The `BatchItemResponse` array: items one after another, each for itself. With a `requestid` each
/// item is replayed under that id and its own `bId`.
pub fn run(
    books: &mut Books,
    input: &Body,
    request_id: Option<&str>,
    now: Timestamp,
) -> Result<Value, Refusal> {
    let items = input.get("BatchItemRequest").and_then(Value::as_array);
    let items = items.ok_or_else(|| Refusal::missing("BatchItemRequest"))?;
    if items.len() > ITEMS_MAX {
        return Err(Refusal::batch_too_long(ITEMS_MAX));
    }
    let mut answers = Vec::new();
    for item in items.iter().filter_map(Value::as_object) {
        let item_id = item.get("bId").cloned().unwrap_or(Value::Null);
        let key = request_id.map(|id| format!("{id}/{item_id}"));
        let answer = replayed(books, key.as_deref(), |books| one(books, item, now));
        let mut answer = match answer {
            Ok(Value::Object(answer)) => answer,
            Ok(_) => Map::new(),
            Err(refusal) => Map::from_iter([("Fault".to_owned(), refusal.to_json())]),
        };
        answer.insert("bId".to_owned(), item_id);
        answers.push(Value::Object(answer));
    }
    Ok(Value::Array(answers))
}

fn one(books: &mut Books, item: &Body, now: Timestamp) -> Result<Value, Refusal> {
    if let Some(statement) = item.get("Query").and_then(Value::as_str) {
        return Ok(json!({"QueryResponse": query::run(books, statement)?}));
    }
    if let Some(asked) = item.get("CDCQuery") {
        let entities = asked["Entities"].as_str().unwrap_or_default();
        let since = asked["ChangedSince"].as_str().unwrap_or_default();
        return Ok(json!({"CDCResponse": cdc::changes(books, entities, since, now)?}));
    }
    let found = item.iter().find_map(|(name, value)| {
        let entity = Entity::ALL.into_iter().find(|entity| entity.name() == name)?;
        Some((entity, value.as_object()?))
    });
    let (entity, members) = found.ok_or_else(|| Refusal::unsupported("batch item"))?;
    let voids = item.get("optionsData").and_then(Value::as_str) == Some("void");
    let operation = match item.get("operation").and_then(Value::as_str) {
        Some("create" | "update") if voids => Operation::Void,
        Some("create" | "update") => Operation::Save,
        Some("delete") => Operation::Delete,
        Some("void") if entity == Entity::Invoice => Operation::Void,
        other => return Err(Refusal::unsupported(other.unwrap_or("without a name"))),
    };
    let stored = Writing::new(books, now, Author::Api).perform(entity, operation, members)?;
    Ok(json!({(entity.name()): stored}))
}
