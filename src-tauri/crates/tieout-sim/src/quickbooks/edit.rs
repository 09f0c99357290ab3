//! What people do inside the product: at once or at a set time.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::books::Books;
use super::entity::Entity;
use super::refusal::Refusal;
use super::row::{Body, RowId};
use super::write::{Author, Operation, Writing};

/// What is done with the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EditKind {
    /// A new object; an `Id` in the body is used as it is.
    Create,
    /// Only the members in the body change; no sync token is needed.
    Update,
    Void,
    Delete,
}

/// One edit by a person who works in QuickBooks.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Edit {
    /// `Invoice`, `Payment`, ...
    pub entity: String,
    /// What is done with it.
    pub operation: EditKind,
    /// Members as on the wire.
    pub body: Value,
}

/// An edit that will have happened at `at`, whenever the books are looked at after that.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Scheduled {
    pub at: Timestamp,
    pub edit: Edit,
}

/// Does the edit as of `at`.
pub fn perform(books: &mut Books, edit: &Edit, at: Timestamp) -> Result<Value, Refusal> {
    let entity = Entity::parse(&edit.entity).ok_or_else(|| Refusal::unsupported(&edit.entity))?;
    let members = edit.body.as_object().cloned().unwrap_or_default();
    let mut writing = Writing::new(books, at, Author::Clerk);
    writing.allow_duplicate_number = true;
    match edit.operation {
        EditKind::Create => create(&mut writing, entity, members),
        EditKind::Update => {
            let mut sparse = members;
            sparse.insert("sparse".to_owned(), Value::Bool(true));
            writing.perform(entity, Operation::Save, &sparse)
        }
        EditKind::Void => writing.perform(entity, Operation::Void, &members),
        EditKind::Delete => writing.perform(entity, Operation::Delete, &members),
    }
}

fn create(writing: &mut Writing<'_>, entity: Entity, mut members: Body) -> Result<Value, Refusal> {
    let wanted = match members.remove("Id") {
        Some(Value::String(id)) => Some(RowId::new(id)),
        _ => None,
    };
    match wanted {
        Some(id) if writing.books.get(entity, id.as_str()).is_some() => Err(Refusal::stale()),
        Some(id) => writing.create(entity, id, &members),
        None => writing.perform(entity, Operation::Save, &members),
    }
}

/// Does every scheduled edit whose time has come, in order of time. One that the books refuse is
/// noted and dropped.
pub fn catch_up(books: &mut Books, now: Timestamp) {
    let (mut due, later): (Vec<Scheduled>, Vec<Scheduled>) =
        std::mem::take(&mut books.schedule).into_iter().partition(|edit| edit.at <= now);
    books.schedule = later;
    due.sort_by_key(|scheduled| scheduled.at);
    for scheduled in due {
        if let Err(refusal) = perform(books, &scheduled.edit, scheduled.at) {
            let at = scheduled.at;
            let what = &scheduled.edit.entity;
            books.failed_edits.push(format!("{at} {what}: {} {}", refusal.code, refusal.detail));
        }
    }
}
