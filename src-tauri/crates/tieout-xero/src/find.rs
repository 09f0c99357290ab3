//! Asking for our invoice by its key (`xero §7.3`).

use tieout_connect::ports::{Answer, ProposedDocument};
use tieout_domain::effect::TransactionKey;
use tieout_domain::facts::Document;

use crate::Xero;
use crate::create::{document_of, require_invoice};
use crate::door::Raw;
use crate::kind::Kind;
use crate::note;
use crate::pages::all_pages;
use crate::read::{listing, text_of};
use crate::request::{Filter, Request};

/// Pages of one deal's invoices that are looked through.
const CANDIDATE_PAGES_MAX: u32 = 5;

/// The invoice with our key, or `None` if the tool does not show one now. Void and deleted ones are
/// found too: their number is used up.
///
/// With own numbers the number is asked for first; the link back is looked at in any case where we
/// write one, because a person may have changed the number. A record that carries our key and
/// cannot be read is an error, never `None`: it exists.
pub(crate) async fn find(xero: &Xero, proposal: &ProposedDocument) -> Answer<Option<Document>> {
    require_invoice(proposal)?;
    let context = xero.context().await?;
    let agreement = xero.agreement();
    if agreement.own_numbers {
        let by_number = Request::list(Kind::Invoice).with("InvoiceNumbers", proposal.key.as_str());
        if let Some(raw) = search(xero, &by_number, &proposal.key).await? {
            return document_of(&raw, context).map(Some);
        }
        if agreement.deal_pages.is_none() {
            return Ok(None);
        }
    }
    let of_deal = Filter::of(Kind::Invoice).equal_code("Reference", proposal.deal.as_str())?;
    let by_deal = Request::list(Kind::Invoice).filtered(&of_deal);
    match search(xero, &by_deal, &proposal.key).await? {
        Some(raw) => document_of(&raw, context).map(Some),
        None => Ok(None),
    }
}

/// The first sales invoice of a list that carries the key. More pages than are looked through are
/// an error: "not found" must mean that everything was looked at.
async fn search(xero: &Xero, request: &Request, key: &TransactionKey) -> Answer<Option<Raw>> {
    let rows = Kind::Invoice.page_rows().unwrap_or(1);
    let found = all_pages(xero.door(), Kind::Invoice, request, rows, CANDIDATE_PAGES_MAX).await?;
    Ok(found.records.into_iter().find(|raw| carries(raw, key)))
}

/// Whether a sales invoice carries our key as its number or in its link, however unreadable it is
/// otherwise. The number of a bill is the supplier's and may be anything.
fn carries(raw: &Raw, key: &TransactionKey) -> bool {
    let numbered = text_of(raw, "InvoiceNumber").as_deref() == Some(key.as_str());
    let linked = text_of(raw, "Url").and_then(|url| note::key_of_link(&url)).as_ref() == Some(key);
    let bill = text_of(raw, "Type").as_deref() == Some("ACCPAY");
    !bill && (numbered || linked)
}

/// All invoices of one customer, newest change first.
pub(crate) fn of_customer(id: &str) -> Request {
    listing(Kind::Invoice).with("ContactIDs", id).with("order", "UpdatedDateUTC DESC")
}

#[cfg(test)]
mod tests;
