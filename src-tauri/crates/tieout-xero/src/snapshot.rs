//! One customer with its documents and what settles them, for the resync of one deal.

use tieout_connect::error::ConnectorError;
use tieout_connect::ports::{Answer, CustomerSnapshot, Read};
use tieout_domain::facts::Fact;
use tieout_domain::ids::CustomerId;

use crate::Xero;
use crate::door::{Door, Raw, malformed};
use crate::find::of_customer;
use crate::kind::{Kind, ROWS_MAX};
use crate::pages::some_pages;
use crate::read::{facts_within, listing, text_of};
use crate::request::{Filter, Request, is_guid};

/// Pages of one kind. Newest changes come first, so what is left out of a very long history is the
/// oldest part, which the feeds have read long ago.
const PAGES_MAX: u32 = 2;
/// Invoices whose payments are read, newest change first: a payment moves the stamp of its invoice,
/// so older ones have no payment that the feeds do not know. More would not fit one address.
const PAID_INVOICES_MAX: usize = 12;

/// Reads the contact, its invoices, its credit notes, and the payments of the invoices that changed
/// last, reversed ones included. Overpayments and prepayments cannot be asked for by customer and
/// come with their feeds.
pub(crate) async fn read(xero: &Xero, id: &CustomerId) -> Answer<CustomerSnapshot> {
    if !is_guid(id.as_str()) {
        return Err(ConnectorError::NotFound);
    }
    let context = xero.context().await?;
    let door = xero.door();
    let (contact, server_time) = door.record(Kind::Contact, id.as_str()).await?;
    let invoices = newest(door, Kind::Invoice, &of_customer(id.as_str())).await?;
    let credits = newest(door, Kind::CreditNote, &credits_of(id.as_str())?).await?;
    let payments = payments_of(door, &invoices).await?;
    let mut snapshot = CustomerSnapshot {
        customer: None,
        facts: Vec::new(),
        quarantined: Vec::new(),
        server_time,
    };
    let parts = [
        (Kind::Contact, vec![contact]),
        (Kind::Invoice, invoices),
        (Kind::CreditNote, credits),
        (Kind::Payment, payments),
    ];
    for (kind, records) in parts {
        for read in facts_within(kind, &records, context) {
            take(&mut snapshot, read);
        }
    }
    Ok(snapshot)
}

async fn newest(door: &Door, kind: Kind, request: &Request) -> Answer<Vec<Raw>> {
    let rows = kind.page_rows().unwrap_or(ROWS_MAX);
    let found = some_pages(door, kind, request, rows, PAGES_MAX).await?;
    if found.cut {
        tracing::warn!("a customer's oldest documents were left to the feeds");
    }
    Ok(found.records)
}

fn credits_of(id: &str) -> Answer<Request> {
    let filter = Filter::of(Kind::CreditNote).equal_guid("Contact.ContactID", id)?;
    let request = Request::list(Kind::CreditNote).filtered(&filter);
    Ok(request.with("order", "UpdatedDateUTC DESC"))
}

/// Payments name their invoice only, so they are asked for by invoice.
async fn payments_of(door: &Door, invoices: &[Raw]) -> Answer<Vec<Raw>> {
    let ids: Vec<String> =
        invoices.iter().filter_map(|raw| text_of(raw, Kind::Invoice.id_field())).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).take(PAID_INVOICES_MAX).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let filter = Filter::default().one_of("Invoice.InvoiceID", &ids)?;
    let request = listing(Kind::Payment).filtered(&filter);
    let rows = some_pages(door, Kind::Payment, &request, ROWS_MAX, PAGES_MAX).await?;
    if rows.cut { Err(malformed("too many payments")) } else { Ok(rows.records) }
}

fn take(snapshot: &mut CustomerSnapshot, read: Read) {
    match read {
        Read::Quarantined(aside) => snapshot.quarantined.push(*aside),
        Read::Fact(fact) => match *fact {
            Fact::Customer(customer) => snapshot.customer = Some(customer),
            other => snapshot.facts.push(other),
        },
    }
}

#[cfg(test)]
mod tests;
