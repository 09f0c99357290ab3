//! Document numbers of sales forms (`quickbooks §3.4`).

use serde_json::json;

use super::super::amount::text;
use super::super::entity::Entity;
use super::super::refusal::Refusal;
use super::super::row::{Body, Row, RowId};
use super::Writing;

/// Asks for the next number even where the company has its own numbering.
const AUTO_GENERATE: &str = "AUTO_GENERATE";

/// Sets the number: the given one, or the next of the company's counter, or none where the company
/// numbers by itself. A given number does not move the counter.
pub fn number(
    writing: &mut Writing<'_>,
    entity: Entity,
    body: &mut Body,
    old: Option<(&RowId, &Row)>,
) -> Result<(), Refusal> {
    let given = text(body, "DocNumber").map(str::to_owned);
    let had = old.and_then(|(_, row)| text(&row.body, "DocNumber"));
    let automatic = !writing.books.config.custom_txn_numbers && old.is_none();
    let number = match given {
        Some(asked) if asked == AUTO_GENERATE => next(writing),
        Some(own) => {
            if had != Some(own.as_str()) {
                check_unused(writing, entity, &own, old.map(|(id, _)| id))?;
            }
            own
        }
        None if automatic => next(writing),
        None => match had {
            Some(had) => had.to_owned(),
            None => return Ok(()),
        },
    };
    body.insert("DocNumber".to_owned(), json!(number));
    Ok(())
}

fn next(writing: &mut Writing<'_>) -> String {
    let number = writing.books.next_number;
    writing.books.next_number += 1;
    number.to_string()
}

fn check_unused(
    writing: &Writing<'_>,
    entity: Entity,
    number: &str,
    own: Option<&RowId>,
) -> Result<(), Refusal> {
    if writing.allow_duplicate_number || !writing.books.config.warn_duplicate_numbers {
        return Ok(());
    }
    let mut others = writing.books.all(entity).filter(|(id, _)| Some(*id) != own);
    match others.find(|(_, row)| text(&row.body, "DocNumber") == Some(number)) {
        Some((id, _)) => Err(Refusal::duplicate_number(number, entity, id.as_str())),
        None => Ok(()),
    }
}
