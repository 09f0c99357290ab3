//! `PUT`, `POST` and `DELETE` of every endpoint (`xero §7.1`).

use serde_json::{Value, json};

use super::answer::{Answer, Content};
use super::api::Visit;
use super::call::Body;
use super::document::Kind;
use super::platform::Tenant;
use super::reads::kind_of;
use super::show::{self, Balances, Place, Showing};
use super::write::{
    self, Author, Refused, Writing, Written, allocation, bank, batch, contact, document, item,
    payment,
};
use super::{notes, stamps};

/// Writes one element.
type One = fn(&mut Writing<'_>, &Body, Option<&str>) -> Result<Written, Refused>;
/// Shows what was written.
type Shown = fn(Showing<'_>, &Written) -> Value;

pub fn answer(visit: &mut Visit<'_>, path: &[&str]) -> Answer {
    let deletes = visit.call.method == "DELETE";
    let [first, rest @ ..] = path else { return Answer::not_found() };
    let endpoint = first.to_ascii_lowercase();
    match (kind_of(first), rest) {
        (Some(kind), [id, part, rest @ ..]) if part.eq_ignore_ascii_case("Allocations") => {
            allocations(visit, kind, &id.to_ascii_lowercase(), rest.first().copied())
        }
        (_, [id, part, more @ ..]) if !deletes => notes::write(visit, (first, id), part, more),
        (None, [id]) if deletes && endpoint == "items" => delete_item(visit, id),
        _ if deletes => Answer::not_found(),
        (Some(Kind::Overpayment | Kind::Prepayment), _) => Answer::not_found(),
        (Some(Kind::Invoice), rest) => elements(
            visit,
            ("Invoices", "InvoiceID"),
            rest.first().copied(),
            |writing, body, id| document::save(writing, Kind::Invoice, body, id),
            written_document,
        ),
        (Some(Kind::CreditNote), rest) => elements(
            visit,
            ("CreditNotes", "CreditNoteID"),
            rest.first().copied(),
            |writing, body, id| document::save(writing, Kind::CreditNote, body, id),
            written_document,
        ),
        (Some(Kind::BankTransaction), rest) => elements(
            visit,
            ("BankTransactions", "BankTransactionID"),
            rest.first().copied(),
            bank::save,
            written_document,
        ),
        (None, rest) => other(visit, &endpoint, rest.first().copied()),
    }
}

fn other(visit: &mut Visit<'_>, endpoint: &str, id: Option<&str>) -> Answer {
    match endpoint {
        "contacts" => {
            elements(visit, ("Contacts", "ContactID"), id, contact::save, |showing, it| {
                let balances = Balances::new(showing.books, jiff::civil::Date::MIN);
                show::contact(showing, &showing.books.contacts[&it.id], &balances)
            })
        }
        "items" => elements(visit, ("Items", "ItemID"), id, item::save, |showing, written| {
            show::item(showing, &showing.books.items[&written.id])
        }),
        "payments" => {
            elements(visit, ("Payments", "PaymentID"), id, payment::save, |showing, it| {
                show::payment(showing, &showing.books.payments[&it.id])
            })
        }
        "batchpayments" => {
            elements(visit, ("BatchPayments", "BatchPaymentID"), id, batch::save, |showing, it| {
                show::batch(showing, &showing.books.batches[&it.id])
            })
        }
        "currencies" => currencies(visit),
        "organisation" | "organisations" => Answer::empty(501),
        _ => Answer::not_found(),
    }
}

/// A document, or the bank transaction that made it. A voided one still shows what was open.
fn written_document(showing: Showing<'_>, written: &Written) -> Value {
    let document = &showing.books.documents[&written.id];
    let mut shown = if document.bank_transaction.is_some() {
        show::as_bank_transaction(showing, document)
    } else {
        show::document(showing, document)
    };
    if let Some(open) = written.open_before
        && document.kind == Kind::Invoice
    {
        shown["AmountDue"] = super::exact::money(open);
    }
    shown
}

/// Reads the elements, writes each, and answers.
fn elements(
    visit: &mut Visit<'_>,
    (plural, id_key): (&'static str, &'static str),
    id: Option<&str>,
    one: One,
    shown: Shown,
) -> Answer {
    let elements = match write::read(visit.call, plural, id_key) {
        Ok(elements) => elements,
        Err(refused) => return refused,
    };
    let create_only = visit.call.method == "PUT" && id.is_none();
    let (places, now, omit_keys) = (visit.call.unit_places(), visit.now, visit.app.omit_keys);
    write::answer(
        visit.tenant,
        visit.call,
        &elements,
        |tenant: &mut Tenant, body| {
            let author = Author::App;
            one(&mut Writing { tenant, now, author, places, create_only }, body, id)
        },
        |tenant, written| {
            let books = &tenant.books;
            shown(Showing { books, places, place: Place::Written, omit_keys }, written)
        },
    )
}

/// `PUT /CreditNotes/{id}/Allocations`, and `DELETE` with the allocation's id.
fn allocations(visit: &mut Visit<'_>, kind: Kind, credit: &str, id: Option<&str>) -> Answer {
    if !kind.is_credit() {
        return Answer::not_found();
    }
    let (now, author, places) = (visit.now, Author::App, 2);
    if visit.call.method != "DELETE" {
        let elements = match write::read(visit.call, "Allocations", "AllocationID") {
            Ok(elements) => elements,
            Err(refused) => return refused,
        };
        return write::answer(
            visit.tenant,
            visit.call,
            &elements,
            |tenant, body| {
                let mut writing = Writing { tenant, now, author, places, create_only: true };
                allocation::create(&mut writing, kind, credit, body)
            },
            |tenant, written| {
                let books = &tenant.books;
                let place = Place::Written;
                show::allocation(Showing { books, places, place, omit_keys: false }, &written.id)
            },
        );
    }
    let mut writing = Writing { tenant: visit.tenant, now, author, places, create_only: false };
    match allocation::delete(&mut writing, credit, &id.unwrap_or_default().to_ascii_lowercase()) {
        Ok(gone) => Answer::new(
            200,
            Content::Json(json!({
                "AllocationID": gone.id,
                "Date": stamps::day(gone.date),
                "Invoice": {"InvoiceID": gone.to},
                "IsDeleted": true,
            })),
        ),
        Err(Refused::Invalid(problems)) => {
            let asked = Body::new();
            Answer::invalid(vec![write::echo(&asked, "AllocationID", &problems, false)])
        }
        Err(Refused::NotFound) => Answer::not_found(),
        Err(Refused::Broken) => Answer::broken(),
    }
}

/// Really gone (`xero §6.3`).
fn delete_item(visit: &mut Visit<'_>, id: &str) -> Answer {
    let books = &mut visit.tenant.books;
    let found = item::find(books, id).map(|item| item.id.clone());
    match found.and_then(|id| books.items.remove(&id)) {
        Some(_) => Answer::empty(204),
        None => Answer::not_found(),
    }
}

/// Adds a currency; none can be removed (`xero §6.14`).
fn currencies(visit: &mut Visit<'_>) -> Answer {
    let elements = match write::read(visit.call, "Currencies", "Code") {
        Ok(elements) => elements,
        Err(refused) => return refused,
    };
    let codes: Vec<String> = elements
        .bodies
        .iter()
        .filter_map(|body| super::call::text(body, "Code").map(str::to_owned))
        .collect();
    if codes.is_empty() {
        return Answer::bad_request(10, "ValidationException", "Code must be specified");
    }
    visit.tenant.config.currencies.extend(codes.iter().cloned());
    let Tenant { books, config, .. } = &mut *visit.tenant;
    super::chart::subscribe(books, config, visit.now);
    let shown: Vec<Value> = codes.iter().map(|code| show::currency(code)).collect();
    Answer::new(200, Content::Json(json!({"Currencies": shown})))
}
