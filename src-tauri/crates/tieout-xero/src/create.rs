//! Creating one invoice, once (`xero §7.3`).

use serde_json::Value;
use tieout_connect::error::{BoxError, ConnectorError};
use tieout_connect::ports::{Answer, ProposedDocument};
use tieout_domain::facts::{Document, Fact, LedgerDocumentKind};

use crate::Xero;
use crate::body::{self, Body, BodyError};
use crate::door::{Raw, malformed};
use crate::errors::{Refusal, VALIDATION};
use crate::kind::Kind;
use crate::lists::Lists;
use crate::prices::Prices;
use crate::reading::Context;
use crate::request::{Request, is_guid};
use crate::single::facts_of;

/// What a refused element carries as its id. It is never stored.
const NO_ID: &str = "00000000-0000-0000-0000-000000000000";

/// Sends the invoice. The idempotency value is the key and the attempt group: within its six
/// minutes a repeat is answered with the first answer. Nothing here is ever retried.
///
/// What comes back is the document as stored, figures and number included; whether it is what was
/// promised is for the caller to judge. An answer that does not carry our key says nothing about
/// our document, so its outcome is unknown.
pub(crate) async fn create(
    xero: &Xero,
    proposal: &ProposedDocument,
    attempt_group: u32,
) -> Answer<Document> {
    require_invoice(proposal)?;
    let body = prepared(xero, proposal).await?;
    // Read before anything is sent: what fails afterwards must not look as if nothing was.
    let context = xero.context().await.map_err(before_sending)?;
    let request = creating(Kind::Invoice).with("unitdp", "4");
    let idempotency = format!("{}.{attempt_group}", proposal.key);
    let answer = xero.door().create(&request, Some(&idempotency), &body).await;
    let answered = match answer {
        Ok(answered) => answered,
        Err(error) => return Err(closed_or(xero, proposal, error).await),
    };
    let raw = match accepted(&answered.only(Kind::Invoice.name())?, Kind::Invoice) {
        Ok(raw) => raw,
        Err(error) => return Err(closed_or(xero, proposal, error).await),
    };
    let document = document_of(&raw, context)?;
    if document.key.as_ref() == Some(&proposal.key) {
        Ok(document)
    } else {
        Err(ConnectorError::OutcomeUnknown(Box::new(OtherKey)))
    }
}

/// Tieout makes invoices; nobody could prove that a second credit note would be refused.
pub(crate) fn require_invoice(proposal: &ProposedDocument) -> Answer<()> {
    match proposal.kind {
        LedgerDocumentKind::Invoice => Ok(()),
        LedgerDocumentKind::CreditMemo | LedgerDocumentKind::CashSale => {
            Err(ConnectorError::NotPermitted {
                what: "in Xero, Tieout creates invoices only".to_owned(),
            })
        }
    }
}

/// Each element says for itself whether it was accepted.
pub(crate) fn creating(kind: Kind) -> Request {
    Request::at(format!("/{}", kind.name())).with("summarizeErrors", "false")
}

/// The body, with everything read that it needs. An item or currency that is not known may be a new
/// one: then its list is read afresh, once.
async fn prepared(xero: &Xero, proposal: &ProposedDocument) -> Answer<Body> {
    let organisation = xero.organisation().await.map_err(before_sending)?;
    let mut lists = xero.lists().await.map_err(before_sending)?;
    let mut prices = xero.prices().await.map_err(before_sending)?;
    let body = |lists: &Lists, prices: &Prices| {
        let (home, currencies) = (organisation.home, &lists.currencies);
        let agreement = xero.agreement();
        body::of(proposal, body::Terms { home, currencies, prices, agreement })
    };
    if let Err(BodyError::CurrencyNotThere(_)) = body(&lists, &prices) {
        lists = xero.reload_lists().await.map_err(before_sending)?;
    }
    if let Err(BodyError::ItemNotThere(_)) = body(&lists, &prices) {
        prices = xero.reload_prices().await.map_err(before_sending)?;
    }
    body(&lists, &prices).map_err(refused_here)
}

/// The element, if it was accepted. Its own word is judged, since a refused element echoes what
/// was asked; where an answer leaves the word out, its errors and its id decide (`xero §7.5`).
pub(crate) fn accepted(raw: &Raw, kind: Kind) -> Answer<Raw> {
    let value: Value = serde_json::from_str(raw.get()).map_err(|_| malformed(kind.name()))?;
    let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
    let has_errors = [("HasErrors"), ("HasValidationErrors")]
        .iter()
        .any(|name| value.get(*name).and_then(Value::as_bool) == Some(true));
    let listed = value.get("ValidationErrors").and_then(Value::as_array);
    let refused = match text("StatusAttributeString") {
        "OK" | "WARNING" => false,
        "ERROR" => true,
        _ => has_errors || listed.is_some_and(|errors| !errors.is_empty()),
    };
    if refused {
        return Err(Refusal::of_element(&value).into_error());
    }
    let id = text(kind.id_field());
    if !is_guid(id) || id == NO_ID {
        return Err(ConnectorError::OutcomeUnknown(Box::new(NoId)));
    }
    let warnings = value.get("Warnings").and_then(Value::as_array).map_or(0, Vec::len);
    if warnings > 0 {
        tracing::warn!(warnings, "Xero accepted a record with warnings");
    }
    Ok(raw.clone())
}

/// A refused validation of a document that is dated in the closed books is a matter of the period:
/// the tool has no code for it, so its lock dates are read (`xero §6.1`).
async fn closed_or(
    xero: &Xero,
    proposal: &ProposedDocument,
    error: ConnectorError,
) -> ConnectorError {
    let ConnectorError::Rejected { code, .. } = &error else { return error };
    if code != VALIDATION {
        return error;
    }
    let organisation = xero.reload_organisation().await.ok();
    let closed_to = organisation.and_then(|organisation| organisation.closed_to);
    if closed_to.is_some_and(|day| proposal.effective_on <= day) {
        return ConnectorError::PeriodClosed { code: code.clone() };
    }
    error
}

/// A document from one record; a record that cannot be read is `Malformed` at its place, which a
/// writer takes as an unknown outcome.
pub(crate) fn document_of(raw: &Raw, context: Context) -> Answer<Document> {
    let documents =
        facts_of(Kind::Invoice, raw, context)?.into_iter().find_map(|fact| match fact {
            Fact::Document(document) => Some(document),
            _ => None,
        });
    documents.ok_or_else(|| malformed(Kind::Invoice.name()))
}

/// What goes wrong while settings are read goes wrong before anything was sent. Only answers that
/// say so themselves keep their own class.
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

/// A proposal that Xero would refuse, refused without sending it.
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

/// An accepted element without an id of its own.
#[derive(Debug, thiserror::Error)]
#[error("the record in the answer has no id")]
struct NoId;

#[cfg(test)]
mod tests;
