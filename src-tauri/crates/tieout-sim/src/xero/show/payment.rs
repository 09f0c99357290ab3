//! Payments, batches and allocations (`xero §6.8, §6.9`).

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::super::document::{Allocation, Batch, Document, Kind, Payment};
use super::super::exact::{money, rate, two_places};
use super::super::guid::coin;
use super::super::stamps;
use super::super::write::payment::{status_name, type_name};
use super::{Place, Showing, applied, contact};

/// One payment. Lists name its document without amounts; single reads show it fully.
pub fn payment(showing: Showing<'_>, payment: &Payment) -> Value {
    let books = showing.books;
    let document = &books.documents[&payment.document];
    let base = document.currency == books.base_currency;
    // Rows of lists say 0 where the single read says 1 (`xero §6.9`).
    let shown_rate = if base && showing.is_list() { Decimal::ZERO } else { payment.rate };
    let mut shown = json!({
        "PaymentID": payment.id,
        "Date": stamps::day(payment.date),
        "BankAmount": money(payment.bank_amount),
        "Amount": money(payment.amount),
        "CurrencyRate": rate(shown_rate),
        "PaymentType": type_name(document),
        "Status": status_name(payment),
        "Reference": payment.reference,
        "IsReconciled": payment.reconciled,
        "HasAccount": true,
        "HasValidationErrors": false,
        "Account": account(showing, payment),
        place_of(payment, document): nested(showing, payment, document),
        "UpdatedDateUTC": stamps::instant(payment.updated),
        "UpdatedDateUTCString": stamps::second_text(payment.updated),
    });
    if let Some(batch) = payment.batch.as_ref().and_then(|id| books.batches.get(id)) {
        shown["BatchPaymentID"] = json!(batch.id);
        shown["BatchPayment"] = self::batch(showing, batch);
    }
    shown
}

/// The name only in single reads.
fn account(showing: Showing<'_>, payment: &Payment) -> Value {
    let Some(account) = showing.books.account(&payment.account) else { return json!({}) };
    let mut shown = json!({"AccountID": account.id, "Code": account.code});
    if showing.place == Place::Single {
        shown["Name"] = json!(account.name);
    }
    shown
}

/// The member that holds the document. A refunded credit note is now under its own name and now in
/// the place of an invoice (`xero §6.9`).
fn place_of(payment: &Payment, document: &Document) -> &'static str {
    match document.kind {
        Kind::CreditNote if coin(&payment.id) => Kind::Invoice.singular(),
        kind => kind.singular(),
    }
}

/// The paid document.
fn nested(showing: Showing<'_>, payment: &Payment, document: &Document) -> Value {
    let empty: [Value; 0] = [];
    let mut shown = json!({
        "Type": document.kind.type_name(document.sales),
        "Contact": contact::nested(Showing { place: Place::Paged, ..showing }, &document.contact),
        "CurrencyCode": document.currency,
        "Payments": empty,
        "CreditNotes": empty,
        "Prepayments": empty,
        "Overpayments": empty,
        "LineItems": empty,
        "InvoicePaymentServices": empty,
        "IsDiscounted": false,
        "HasErrors": false,
    });
    let place = place_of(payment, document);
    shown[format!("{place}ID")] = json!(document.id);
    if !document.number.is_empty() {
        shown[format!("{place}Number")] = json!(document.number);
    }
    if showing.place != Place::Single {
        return shown;
    }
    let books = showing.books;
    shown["Date"] = json!(stamps::day(document.date));
    shown["DateString"] = json!(stamps::day_text(document.date));
    shown["Status"] = json!(document.status.name());
    shown["LineAmountTypes"] = json!(document.amount_types.name());
    shown["SubTotal"] = money(document.sub_total);
    shown["TotalTax"] = money(document.total_tax);
    shown["Total"] = money(document.total);
    shown["AmountDue"] = money(books.open(document));
    shown["AmountPaid"] = money(books.applied(document, None).paid);
    shown["CurrencyRate"] = rate(document.rate);
    shown["UpdatedDateUTC"] = json!(stamps::instant(document.updated));
    shown["Payments"] = applied::payments(showing, document);
    // The first one has the id of its batch: never link through this list (`xero §6.7`).
    if let Some(batch) = &payment.batch
        && let Some(first) = shown["Payments"].get_mut(0)
    {
        first["PaymentID"] = json!(batch);
    }
    shown
}

/// A batch; its total is a text (`xero §3.3`).
pub fn batch(showing: Showing<'_>, batch: &Batch) -> Value {
    let parts = || batch.payments.iter().filter_map(|id| showing.books.payments.get(id));
    let first = parts().next().and_then(|one| showing.books.documents.get(&one.document));
    let sales = first.is_none_or(|document| document.sales);
    let payments: Vec<Value> = parts()
        .map(|one| {
            json!({"PaymentID": one.id, "Amount": money(one.amount),
                "Invoice": {"InvoiceID": one.document}})
        })
        .collect();
    let account = showing.books.account(&batch.account);
    json!({
        "Account": {"AccountID": batch.account, "Code": account.map(|account| &account.code)},
        "BatchPaymentID": batch.id,
        "Date": stamps::day(batch.date),
        "DateString": stamps::day_text(batch.date),
        "Type": if sales { "RECBATCH" } else { "PAYBATCH" },
        "Status": if batch.deleted { "DELETED" } else { "AUTHORISED" },
        "Reference": batch.reference,
        "TotalAmount": two_places(parts().map(|one| one.amount).sum()),
        "IsReconciled": false,
        "UpdatedDateUTC": stamps::instant(batch.updated),
        "Payments": payments,
    })
}

/// The answer to an allocation.
pub fn allocation(showing: Showing<'_>, id: &str) -> Value {
    let found: Option<&Allocation> = showing.books.allocations.get(id);
    found.map_or_else(|| json!({}), |found| applied::allocation(showing, found))
}
