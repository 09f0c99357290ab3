//! Asking for our document by its key (`quickbooks §3.9`, `§4.8`).

use serde_json::Value;
use tieout_connect::ports::{Answer, ProposedDocument};
use tieout_domain::effect::TransactionKey;
use tieout_domain::facts::Document;

use crate::QuickBooks;
use crate::create::document_of;
use crate::door::{Raw, malformed};
use crate::entity::Entity;
use crate::note;
use crate::query::{PAGE_ROWS_MAX, Select};
use crate::reading::Context;

/// Pages of one customer's documents of one day that are looked through.
const CANDIDATE_PAGES_MAX: u32 = 5;

/// The document with our key, or `None` if the tool does not show one now.
///
/// With own numbers the number is asked for first; the note is looked at in any case, because a
/// person may have changed the number. A record that carries our key and cannot be read is an
/// error, never `None`: it exists.
pub(crate) async fn find(
    quickbooks: &QuickBooks,
    proposal: &ProposedDocument,
) -> Answer<Option<Document>> {
    let entity = Entity::of_document(proposal.kind);
    let books = quickbooks.books().await?;
    let context =
        Context { books: &books, labels: quickbooks.labels(), line_codes_are_flags: false };
    if quickbooks.agreement().own_numbers {
        let by_number = Select::all(entity).equals("DocNumber", proposal.key.as_str());
        if let Some(raw) = search(quickbooks, by_number, &proposal.key).await? {
            return document_of(entity, &raw, context).map(Some);
        }
    }
    let by_day = Select::all(entity)
        .equals("CustomerRef", proposal.customer.as_str())
        .equals("TxnDate", &proposal.effective_on.to_string());
    match search(quickbooks, by_day, &proposal.key).await? {
        Some(raw) => document_of(entity, &raw, context).map(Some),
        None => Ok(None),
    }
}

/// The first record of a statement that carries the key. More pages than are looked through are
/// an error: "not found" must mean that everything was looked at.
async fn search(
    quickbooks: &QuickBooks,
    select: Select,
    key: &TransactionKey,
) -> Answer<Option<Raw>> {
    let mut start = 1;
    for _ in 0..CANDIDATE_PAGES_MAX {
        let rows = quickbooks.door().rows(&select.clone().starting_at(start)).await?;
        let count = rows.records.len();
        for raw in rows.records {
            if carries(&raw, key)? {
                return Ok(Some(raw));
            }
        }
        if count < PAGE_ROWS_MAX as usize {
            return Ok(None);
        }
        start += u32::try_from(count).map_err(|_| malformed("page"))?;
    }
    Err(malformed("too many candidates"))
}

/// Whether a record carries our key in its note or as its number, however unreadable it is
/// otherwise. A record that cannot be looked into is an error: it might be ours.
fn carries(raw: &Raw, key: &TransactionKey) -> Answer<bool> {
    let value: Value = serde_json::from_str(raw.get()).map_err(|_| malformed("candidate"))?;
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    let noted = text("PrivateNote").and_then(note::key_of);
    Ok(noted.as_ref() == Some(key) || text("DocNumber") == Some(key.as_str()))
}

#[cfg(test)]
mod tests;
