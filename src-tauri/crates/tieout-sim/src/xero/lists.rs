//! Lists of documents, contacts and payments, with the parameters of each (`xero §3.7`).

use super::answer::Answer;
use super::api::Visit;
use super::contact::{Contact, folded};
use super::document::{Document, Kind, Payment};
use super::list::{Reading, Shape, contact_fact, document_fact, payment_fact, select};
use super::reads::listed;
use super::show::{self, Place};

const INVOICES_BY: [&str; 13] = [
    "Status",
    "Type",
    "Contact.ContactID",
    "Contact.Name",
    "Contact.ContactNumber",
    "Reference",
    "InvoiceNumber",
    "InvoiceID",
    "AmountPaid",
    "Date",
    "DueDate",
    "AmountDue",
    "UpdatedDateUTC",
];
const CONTACTS_BY: [&str; 3] = ["Name", "EmailAddress", "AccountNumber"];
const PAYMENTS_BY: [&str; 6] =
    ["PaymentType", "Status", "Date", "Invoice.InvoiceID", "Reference", "PaymentID"];

/// The place of a row: whether the list is a summary, paged, or neither.
fn place(visit: &Visit<'_>, paged: bool) -> Place {
    match (visit.call.switch("summaryOnly"), paged) {
        (Some(true), _) => Place::Summary,
        (_, true) => Place::Paged,
        (_, false) => Place::Unpaged,
    }
}

pub fn documents(visit: &Visit<'_>, kind: Kind) -> Answer {
    let books = &visit.tenant.books;
    let rows = books.documents.values().filter(|document| {
        let own = document.kind == kind;
        let made_so = kind == Kind::BankTransaction && document.bank_transaction.is_some();
        (own || made_so) && is_asked_for(visit, document)
    });
    let reading = Reading {
        id: |document: &Document| &document.id,
        updated: |document| document.updated,
        fact: &|document, path| document_fact(books, document, path),
    };
    let optimised: &'static [&'static str] = &INVOICES_BY;
    let type_name = kind.singular();
    let shape = Shape { type_name, paged: true, since: true, optimised };
    let high = visit.tenant.config.high_volume && kind == Kind::Invoice;
    match select(visit.call, rows.collect(), shape, high, &reading) {
        Ok(found) => {
            let showing = visit.showing(place(visit, found.page.is_some()));
            let shown = found.rows.iter().map(|document| {
                if kind == Kind::BankTransaction && document.kind != kind {
                    show::as_bank_transaction(showing, document)
                } else {
                    show::document(showing, document)
                }
            });
            listed(kind.plural(), shown.collect(), found.page)
        }
        Err(refused) => refused,
    }
}

/// The list parameters of documents.
fn is_asked_for(visit: &Visit<'_>, document: &Document) -> bool {
    let call = visit.call;
    let among = |name: &str, value: &str| {
        call.list(name).is_none_or(|list| list.iter().any(|one| one.eq_ignore_ascii_case(value)))
    };
    let sought = call.parameter("searchTerm").is_none_or(|term| {
        let term = folded(term);
        [&document.number, &document.reference].iter().any(|text| folded(text).contains(&term))
    });
    let by_app = call.switch("createdByMyApp") != Some(true) || document.by_app;
    let number = match document.kind {
        Kind::Prepayment => &document.reference,
        _ => &document.number,
    };
    among("IDs", &document.id)
        && among("InvoiceNumbers", number)
        && among("References", &document.reference)
        && among("ContactIDs", &document.contact)
        && among("Statuses", document.status.name())
        && sought
        && by_app
}

pub fn contacts(visit: &Visit<'_>) -> Answer {
    let call = visit.call;
    let archived = call.switch("includeArchived") == Some(true);
    let ids = call.list("IDs");
    let term = call.parameter("searchTerm").map(folded);
    let rows = visit.tenant.books.contacts.values().filter(|contact| {
        let named = ids
            .as_ref()
            .is_none_or(|ids| ids.iter().any(|id| id.eq_ignore_ascii_case(&contact.id)));
        (archived || !contact.archived) && named && is_found(contact, term.as_deref())
    });
    let reading = Reading {
        id: |contact: &Contact| &contact.id,
        updated: |contact| contact.updated,
        fact: &|contact, path| contact_fact(contact, path),
    };
    let shape = Shape { type_name: "Contact", paged: true, since: true, optimised: &CONTACTS_BY };
    match select(call, rows.collect(), shape, false, &reading) {
        Ok(found) => {
            let showing = visit.showing(place(visit, found.page.is_some()));
            let balances = visit.balances();
            let shown = found.rows.iter().map(|one| show::contact(showing, one, &balances));
            listed("Contacts", shown.collect(), found.page)
        }
        Err(refused) => refused,
    }
}

fn is_found(contact: &Contact, term: Option<&str>) -> bool {
    let Some(term) = term else { return true };
    let texts = [
        &contact.name,
        &contact.first_name,
        &contact.last_name,
        &contact.number,
        &contact.company_number,
        &contact.email,
    ];
    texts.iter().any(|text| folded(text).contains(term))
}

/// Deleted ones are among them, with their amount (`xero §6.9`).
pub fn payments(visit: &Visit<'_>) -> Answer {
    let books = &visit.tenant.books;
    let reading = Reading {
        id: |payment: &Payment| &payment.id,
        updated: |payment| payment.updated,
        fact: &|payment, path| payment_fact(books, payment, path),
    };
    let shape = Shape { type_name: "Payment", paged: true, since: true, optimised: &PAYMENTS_BY };
    match select(visit.call, books.payments.values().collect(), shape, false, &reading) {
        Ok(found) => {
            let showing = visit.showing(Place::Paged);
            let shown = found.rows.iter().map(|one| show::payment(showing, one));
            listed("Payments", shown.collect(), found.page)
        }
        Err(refused) => refused,
    }
}
