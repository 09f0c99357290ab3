//! Creating one document, once (`quickbooks §3.4`, `§4.8`).

use tieout_connect::error::{BoxError, ConnectorError};
use tieout_connect::ports::{Answer, ProposedDocument};
use tieout_domain::facts::{Document, Fact, LedgerDocumentKind};

use crate::QuickBooks;
use crate::body::{self, BodyError};
use crate::door::Raw;
use crate::entity::Entity;
use crate::reading::Context;
use crate::single;

/// Sends the document. The request id is the key and the attempt group, so that the tool answers a
/// repeat with the first document instead of making another. Nothing here is ever retried.
///
/// What comes back is the document as stored, figures and number included; whether it is what was
/// promised is for the caller to judge. An answer that does not carry our key says nothing about
/// our document, so its outcome is unknown.
pub(crate) async fn create(
    quickbooks: &QuickBooks,
    proposal: &ProposedDocument,
    attempt_group: u32,
) -> Answer<Document> {
    if proposal.kind == LedgerDocumentKind::CashSale {
        return Err(ConnectorError::NotPermitted {
            what: "Tieout creates invoices and credit memos only".to_owned(),
        });
    }
    let books = quickbooks.books().await.map_err(before_sending)?;
    let about = quickbooks.about().await.map_err(before_sending)?;
    let terms = body::Terms {
        books: &books,
        labels: quickbooks.labels(),
        own_numbers: quickbooks.agreement().own_numbers,
        line_codes_are_flags: about.line_codes_are_flags(),
    };
    let body = body::of(proposal, terms).map_err(refused_here)?;
    let entity = Entity::of_document(proposal.kind);
    let request_id = format!("{}.{attempt_group}", proposal.key);
    let answer = quickbooks.door().create(entity, Some(&request_id), &body).await?;
    let context =
        Context { books: &books, labels: quickbooks.labels(), line_codes_are_flags: false };
    let document = document_of(entity, &answer, context)?;
    if document.key.as_ref() == Some(&proposal.key) {
        Ok(document)
    } else {
        Err(ConnectorError::OutcomeUnknown(Box::new(OtherKey)))
    }
}

/// A document from one record; a record that cannot be read is `Malformed` at its place, which a
/// writer takes as an unknown outcome.
pub(crate) fn document_of(entity: Entity, raw: &Raw, context: Context<'_>) -> Answer<Document> {
    match single::fact_of(entity, raw, context)? {
        Some(Fact::Document(document)) => Ok(document),
        _ => Err(crate::door::malformed(entity.name())),
    }
}

/// What goes wrong while the settings are read goes wrong before anything was sent. Only answers
/// that say so themselves keep their own class.
pub(crate) fn before_sending(error: ConnectorError) -> ConnectorError {
    match error {
        error @ (ConnectorError::NotSent(_)
        | ConnectorError::Throttled { .. }
        | ConnectorError::BudgetSpent { .. }
        | ConnectorError::SignInNeeded
        | ConnectorError::NotPermitted { .. }
        | ConnectorError::Cancelled) => error,
        other => ConnectorError::NotSent(BoxError::from(other)),
    }
}

/// A proposal that QuickBooks would refuse, refused without sending it.
fn refused_here(error: BodyError) -> ConnectorError {
    ConnectorError::Rejected {
        code: error.code().to_owned(),
        field: Some(error.field().to_owned()),
        text: error.to_string(),
    }
}

/// The answer to a create carries another key than ours, or none.
#[derive(Debug, thiserror::Error)]
#[error("the document in the answer does not carry our key")]
struct OtherKey;

#[cfg(test)]
mod tests;
