//! Voiding and deleting documents (`quickbooks §3.4, §3.5`).

use serde_json::{Value, json};

use super::super::amount::{amount, text};
use super::super::books::{DocumentId, Tombstone};
use super::super::entity::Entity;
use super::super::refusal::Refusal;
use super::super::row::{Body, Row, RowId};
use super::{Writing, payment, settle};

const VOIDED: &str = "Voided";

/// Keeps the document and its number, and takes all its amounts out.
pub fn void(
    writing: &mut Writing<'_>,
    entity: Entity,
    id: &RowId,
    input: &Body,
) -> Result<Value, Refusal> {
    if !matches!(entity, Entity::Invoice | Entity::Payment | Entity::SalesReceipt) {
        return Err(Refusal::unsupported(&format!("void of {}", entity.name())));
    }
    let old = writing.current(entity, id, input)?;
    if is_voided(&old.body) {
        return Ok(writing.shown(entity, id));
    }
    writing.check_period(entity, &old.body)?;
    check_not_banked(writing, entity, id)?;
    release(writing, &(entity, id.clone()));
    let Some(row) = writing.books.get(entity, id.as_str()) else {
        return Err(Refusal::not_found());
    };
    let mut row = row.clone();
    row.body = emptied(&row.body, entity);
    row.token = old.token + 1;
    row.updated = writing.stamp();
    settle::commit(writing, entity, id, Some(row));
    Ok(writing.shown(entity, id))
}

/// Whether the document was voided: nothing in it, and a note that says so.
pub fn is_voided(body: &Body) -> bool {
    let noted = text(body, "PrivateNote").is_some_and(|note| note.starts_with(VOIDED));
    noted && amount(body, "TotalAmt").is_zero()
}

fn emptied(body: &Body, entity: Entity) -> Body {
    let mut body = body.clone();
    let note = match text(&body, "PrivateNote") {
        Some(note) => format!("{VOIDED} - {note}"),
        None => VOIDED.to_owned(),
    };
    let note: String = note.chars().take(4000).collect();
    body.insert("PrivateNote".to_owned(), json!(note));
    body.insert("TotalAmt".to_owned(), json!(0));
    if entity == Entity::Payment {
        body.insert("Line".to_owned(), json!([]));
        body.insert("UnappliedAmt".to_owned(), json!(0));
        return body;
    }
    body.remove("Deposit");
    body.insert("TxnTaxDetail".to_owned(), json!({"TotalTax": 0}));
    if let Some(lines) = body.get_mut("Line").and_then(Value::as_array_mut) {
        lines.iter_mut().for_each(empty_line);
    }
    body
}

/// The item and the tax code stay.
fn empty_line(line: &mut Value) {
    if line.get("Amount").is_some() {
        line["Amount"] = json!(0);
    }
    if let Some(detail) = line.get_mut("SalesItemLineDetail").and_then(Value::as_object_mut) {
        detail.remove("UnitPrice");
        detail.remove("Qty");
        detail.remove("TaxInclusiveAmt");
    }
    let members = line.get_mut("GroupLineDetail").and_then(|group| group.get_mut("Line"));
    if let Some(members) = members.and_then(Value::as_array_mut) {
        members.iter_mut().for_each(empty_line);
    }
}

/// Removes a document. Only CDC remembers it.
pub fn delete(
    writing: &mut Writing<'_>,
    entity: Entity,
    id: &RowId,
    input: &Body,
) -> Result<Value, Refusal> {
    if !entity.is_transaction() {
        return Err(Refusal::unsupported(&format!("delete of {}", entity.name())));
    }
    let old = writing.current(entity, id, input)?;
    writing.check_period(entity, &old.body)?;
    check_not_banked(writing, entity, id)?;
    release(writing, &(entity, id.clone()));
    settle::commit(writing, entity, id, None);
    let at = writing.stamp();
    writing.books.tombstones.push(Tombstone { entity, id: id.clone(), at });
    Ok(json!({"domain": "QBO", "status": "Deleted", "Id": id.as_str()}))
}

fn check_not_banked(writing: &Writing<'_>, entity: Entity, id: &RowId) -> Result<(), Refusal> {
    let sources = writing.books.sources(entity, id);
    let banked = sources.iter().any(|(source, _)| *source == Entity::Deposit)
        && matches!(entity, Entity::Payment | Entity::SalesReceipt);
    if banked { Err(Refusal::deposited()) } else { Ok(()) }
}

/// Payments that were applied to the document become unapplied; a refund of it stands alone.
fn release(writing: &mut Writing<'_>, document: &DocumentId) {
    for (entity, id) in writing.books.sources(document.0, &document.1) {
        let Some(row) = writing.books.get(entity, id.as_str()) else { continue };
        let body = match entity {
            Entity::Payment => payment::without(writing.books, &row.body, document),
            Entity::RefundReceipt => {
                let mut body = row.body.clone();
                body.remove("LinkedTxn");
                body
            }
            _ => continue,
        };
        let row = Row { token: row.token + 1, updated: writing.stamp(), body, ..row.clone() };
        settle::commit(writing, entity, &id, Some(row));
    }
}
