//! Payments of every kind: cash for an invoice, and cash given back (`xero §6.9`).

use tieout_connect::json::{Reading, Record};
use tieout_domain::facts::{
    Application, ApplicationKind, Fact, LedgerDocumentKind, QuarantineReason, Receipt, Refund,
    Stream,
};
use tieout_domain::ids::{CustomerId, DocumentId, IdError, ReceiptId, RefundId};
use tieout_domain::{Currency, Money};

use crate::reading::{Context, currency, magnitude, nested, stamp};
use crate::wire::document_day;

const FOR_INVOICE: &str = "ACCRECPAYMENT";
pub(crate) const OF_CREDIT: &str = "ARCREDITPAYMENT";
const OF_OVERPAYMENT: &str = "AROVERPAYMENTPAYMENT";
const OF_PREPAYMENT: &str = "ARPREPAYMENTPAYMENT";
const PAYABLES: [&str; 4] =
    ["ACCPAYPAYMENT", "APCREDITPAYMENT", "APOVERPAYMENTPAYMENT", "APPREPAYMENTPAYMENT"];

/// Reads a payment. `None`: it is about payables.
///
/// Its rate is never asked for: in lists it is often 0, and cash is in the invoice's currency.
pub(crate) fn read(record: &Record<'_>, context: Context) -> Reading<Option<Fact>> {
    let deleted = is_deleted(record)?;
    match record.raw_text("PaymentType")? {
        Some(FOR_INVOICE) => receipt(record, context, deleted).map(Fact::Receipt).map(Some),
        Some(OF_CREDIT) => refund(record, context, deleted).map(Fact::Refund).map(Some),
        Some(OF_OVERPAYMENT) => {
            returned(record, "Overpayment", context, deleted).map(Fact::Receipt).map(Some)
        }
        Some(OF_PREPAYMENT) => {
            returned(record, "Prepayment", context, deleted).map(Fact::Receipt).map(Some)
        }
        Some(kind) if PAYABLES.contains(&kind) => Ok(None),
        _ => Err(record.error("PaymentType", QuarantineReason::UnknownValue)),
    }
}

/// The feed in which a payment that cannot be read is kept aside: where its fact would stand.
pub(crate) fn stream_of(record: &Record<'_>) -> Stream {
    match record.raw_text("PaymentType") {
        Ok(Some(OF_CREDIT)) => Stream::Refunds,
        _ => Stream::Receipts,
    }
}

/// A reversed payment stays in the list, with its amount (`xero §0.1` 4).
fn is_deleted(record: &Record<'_>) -> Reading<bool> {
    match record.raw_text("Status")? {
        Some("AUTHORISED") => Ok(false),
        Some("DELETED") => Ok(true),
        _ => Err(record.error("Status", QuarantineReason::UnknownValue)),
    }
}

fn receipt(record: &Record<'_>, context: Context, deleted: bool) -> Reading<Receipt> {
    let invoice = document_of(record, "Invoice")?;
    let currency = currency(&invoice, context)?;
    let amount = magnitude(record, "Amount", currency)?;
    let effective_on = document_day(record)?;
    Ok(Receipt {
        id: record.id("PaymentID", ReceiptId::new)?,
        stamp: stamp(record, deleted)?,
        customer: customer_of(&invoice)?,
        effective_on,
        amount,
        unapplied_now: Money::zero(currency),
        reference: record.text_or_none("Reference")?,
        voided: deleted,
        applications: vec![Application {
            kind: ApplicationKind::Cash,
            document: invoice.id("InvoiceID", DocumentId::new)?,
            document_kind: LedgerDocumentKind::Invoice,
            credit: None,
            amount,
            applied_on: effective_on,
            source_effective_on: effective_on,
        }],
    })
}

/// Cash given back out of a credit note, which may come under the name of an invoice
/// (`xero §6.9`).
fn refund(record: &Record<'_>, context: Context, deleted: bool) -> Reading<Refund> {
    let (credit, id_field) = match nested(record, "CreditNote")? {
        Some(credit) => (credit, "CreditNoteID"),
        None => (document_of(record, "Invoice")?, "InvoiceID"),
    };
    let currency = currency(&credit, context)?;
    Ok(Refund {
        id: record.id("PaymentID", RefundId::new)?,
        stamp: stamp(record, deleted)?,
        number: record.text_or_none("Reference")?,
        customer: contact_id(&credit)?,
        effective_on: document_day(record)?,
        amount: magnitude(record, "Amount", currency)?,
        credit: Some(credit.id(id_field, DocumentId::new)?),
        voided: deleted,
    })
}

/// Cash given back out of money received on account: what was received stays as it was, and this is
/// a receipt of the same amount below zero on its own day, so receivables are right on every day.
fn returned(record: &Record<'_>, field: &str, context: Context, deleted: bool) -> Reading<Receipt> {
    let source = match nested(record, field)? {
        Some(source) => source,
        None => document_of(record, "Invoice")?,
    };
    let currency = currency(&source, context)?;
    let amount = below_zero(record, currency)?;
    Ok(Receipt {
        id: record.id("PaymentID", ReceiptId::new)?,
        stamp: stamp(record, deleted)?,
        customer: customer_of(&source)?,
        effective_on: document_day(record)?,
        amount,
        unapplied_now: amount,
        reference: record.text_or_none("Reference")?,
        voided: deleted,
        applications: Vec::new(),
    })
}

fn below_zero(record: &Record<'_>, currency: Currency) -> Reading<Money> {
    let amount = magnitude(record, "Amount", currency)?;
    amount.negated().map_err(|_| record.error("Amount", QuarantineReason::OutOfRange))
}

fn document_of<'a>(record: &Record<'a>, field: &str) -> Reading<Record<'a>> {
    crate::reading::required(record, field)
}

fn customer_of(document: &Record<'_>) -> Reading<CustomerId> {
    contact_id(document)?.ok_or_else(|| document.error("Contact", QuarantineReason::Malformed))
}

fn contact_id(document: &Record<'_>) -> Reading<Option<CustomerId>> {
    let make = |text: &str| -> Result<CustomerId, IdError> { CustomerId::new(text) };
    match nested(document, "Contact")? {
        Some(contact) => contact.id_or_none("ContactID", make),
        None => Ok(None),
    }
}
