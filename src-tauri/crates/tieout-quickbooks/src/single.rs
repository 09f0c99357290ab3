//! One record on its own, outside of any feed.

use serde_json::Value;
use tieout_connect::error::ConnectorError;
use tieout_connect::json::Record;
use tieout_connect::ports::Answer;
use tieout_domain::facts::{Document, Fact, LedgerDocumentKind, Receipt};
use tieout_domain::ids::{DocumentId, ReceiptId};

use crate::QuickBooks;
use crate::door::{Raw, malformed};
use crate::entity::Entity;
use crate::feed::head_of;
use crate::reading::{self, Context};

/// The fact of a record, or where in it reading failed.
pub(crate) fn fact_of(entity: Entity, raw: &Raw, context: Context<'_>) -> Answer<Option<Fact>> {
    let value: Value = serde_json::from_str(raw.get()).map_err(|_| malformed(entity.name()))?;
    Record::of(&value)
        .and_then(|record| reading::fact_of(entity, &record, context))
        .map_err(|error| malformed(&format!("{}.{}", entity.name(), error.path)))
}

/// A document by its id. `None`: the tool says that it does not exist (code 610), or that it is
/// deleted.
pub(crate) async fn document(
    quickbooks: &QuickBooks,
    kind: LedgerDocumentKind,
    id: &DocumentId,
) -> Answer<Option<Document>> {
    match read(quickbooks, Entity::of_document(kind), id.as_str()).await? {
        Some(Fact::Document(document)) => Ok(Some(document)),
        _ => Ok(None),
    }
}

/// A payment by its id, as `document`.
pub(crate) async fn receipt(quickbooks: &QuickBooks, id: &ReceiptId) -> Answer<Option<Receipt>> {
    match read(quickbooks, Entity::Payment, id.as_str()).await? {
        Some(Fact::Receipt(receipt)) => Ok(Some(receipt)),
        _ => Ok(None),
    }
}

async fn read(quickbooks: &QuickBooks, entity: Entity, id: &str) -> Answer<Option<Fact>> {
    let raw = match quickbooks.door().record(entity, id).await {
        Ok(raw) => raw,
        Err(ConnectorError::NotFound) => return Ok(None),
        Err(error) => return Err(error),
    };
    if head_of(&raw).deleted {
        return Ok(None);
    }
    let books = quickbooks.books().await?;
    let labels = quickbooks.labels();
    fact_of(entity, &raw, Context { books: &books, labels, line_codes_are_flags: false })
}

#[cfg(test)]
mod tests;
