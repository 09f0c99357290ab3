//! One record on its own, outside of any feed.

use serde_json::Value;
use tieout_connect::error::ConnectorError;
use tieout_connect::json::Record;
use tieout_connect::ports::Answer;
use tieout_domain::facts::{Document, Fact, LedgerDocumentKind, Receipt};
use tieout_domain::ids::{DocumentId, ReceiptId};

use crate::Xero;
use crate::door::{Raw, malformed};
use crate::kind::{Kind, receipt_record};
use crate::reading::{self, Context};

/// The facts of a record, or where in it reading failed.
pub(crate) fn facts_of(kind: Kind, raw: &Raw, context: Context) -> Answer<Vec<Fact>> {
    let value: Value = serde_json::from_str(raw.get()).map_err(|_| malformed(kind.name()))?;
    Record::of(&value)
        .and_then(|record| reading::facts_of(kind, &record, context))
        .map_err(|error| malformed(&format!("{}.{}", kind.name(), error.path)))
}

/// A document by its id. `None`: the tool does not have it. One that was deleted is still there and
/// says so.
pub(crate) async fn document(
    xero: &Xero,
    kind: LedgerDocumentKind,
    id: &DocumentId,
) -> Answer<Option<Document>> {
    let Some(kind) = Kind::of_document(kind) else { return Ok(None) };
    let facts = read(xero, kind, id.as_str()).await?;
    Ok(facts.into_iter().find_map(|fact| match fact {
        Fact::Document(document) => Some(document),
        _ => None,
    }))
}

/// A receipt by its id, as `document`.
pub(crate) async fn receipt(xero: &Xero, id: &ReceiptId) -> Answer<Option<Receipt>> {
    let (kind, own) = receipt_record(id.as_str());
    let facts = read(xero, kind, own).await?;
    Ok(facts.into_iter().find_map(|fact| match fact {
        Fact::Receipt(receipt) => Some(receipt),
        _ => None,
    }))
}

async fn read(xero: &Xero, kind: Kind, id: &str) -> Answer<Vec<Fact>> {
    let (raw, _) = match xero.door().record(kind, id).await {
        Ok(found) => found,
        Err(ConnectorError::NotFound) => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    facts_of(kind, &raw, xero.context().await?)
}

#[cfg(test)]
mod tests;
