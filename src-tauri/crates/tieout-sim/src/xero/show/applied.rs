//! What was applied to a document, inside it (`xero §6.7, §6.8`).

use serde_json::{Value, json};

use super::super::document::{Allocation, Document, Kind};
use super::super::exact::{money, rate};
use super::super::stamps;
use super::Showing;

/// Live payments. In base currency their rate is 0.
pub fn payments(showing: Showing<'_>, document: &Document) -> Value {
    let shown = showing.books.payments_of(document).map(|payment| {
        let base = document.currency == showing.books.base_currency;
        let mut shown = json!({
            "PaymentID": payment.id,
            "Date": stamps::day(payment.date),
            "Amount": money(payment.amount),
            "Reference": payment.reference,
            "CurrencyRate": rate(if base { Default::default() } else { payment.rate }),
            "HasAccount": false,
            "HasValidationErrors": false,
        });
        if let Some(batch) = &payment.batch {
            shown["BatchPaymentID"] = json!(batch);
        }
        shown
    });
    shown.collect()
}

/// Credits of one kind on an invoice. Single reads date them by the allocation, lists by the
/// credit.
pub fn credits(showing: Showing<'_>, document: &Document, kind: Kind) -> Value {
    let books = showing.books;
    let own = books
        .allocations_of(document)
        .filter_map(|allocation| Some((allocation, books.document(kind, &allocation.from)?)));
    own.map(|(allocation, credit)| {
        let date = if showing.is_list() { credit.date } else { allocation.date };
        let mut shown = json!({
            kind.id_key(): credit.id,
            "AppliedAmount": money(allocation.amount),
            "DateString": stamps::day_text(date),
            "Date": stamps::day(date),
            "LineItems": [],
            "Total": money(credit.total),
        });
        if kind == Kind::CreditNote {
            shown["CreditNoteNumber"] = json!(credit.number);
            shown["ID"] = json!(credit.id);
            shown["HasErrors"] = json!(false);
        }
        shown
    })
    .collect()
}

/// Where a credit went.
pub fn allocations(showing: Showing<'_>, document: &Document) -> Value {
    showing.books.allocations_of(document).map(|one| allocation(showing, one)).collect()
}

/// One allocation with a stub of its invoice.
pub fn allocation(showing: Showing<'_>, allocation: &Allocation) -> Value {
    let number = showing.books.documents.get(&allocation.to).map(|invoice| &invoice.number);
    json!({
        "AllocationID": allocation.id,
        "Amount": money(allocation.amount),
        "Date": stamps::day(allocation.date),
        "Invoice": {
            "InvoiceID": allocation.to,
            "InvoiceNumber": number,
            "Payments": [],
            "CreditNotes": [],
            "Prepayments": [],
            "Overpayments": [],
            "HasErrors": false,
            "IsDiscounted": false,
            "LineItems": [],
        },
    })
}
