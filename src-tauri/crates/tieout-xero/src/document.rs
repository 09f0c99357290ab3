//! Invoices, and what credit notes have in common with them (`xero §6.4`, `§6.8`).

use rust_decimal::Decimal;
use tieout_connect::json::{Reading, Record};
use tieout_domain::document_status::{PlatformWord, canonical_status};
use tieout_domain::effect::TransactionKey;
use tieout_domain::facts::{Document, DocumentStatus, LedgerDocumentKind, QuarantineReason};
use tieout_domain::ids::{CustomerId, DocumentId};
use tieout_domain::{Currency, Money};

use crate::lines;
use crate::note;
use crate::reading::{Context, currency, magnitude, magnitude_or_zero, required, stamp};
use crate::wire::{day_or_none, document_day};

/// A sales invoice; bills share its list and are none of ours.
const SALES: &str = "ACCREC";
const BILL: &str = "ACCPAY";

/// Reads an invoice. `None`: it is a bill.
pub(crate) fn read_invoice(record: &Record<'_>, context: Context) -> Reading<Option<Document>> {
    match record.raw_text("Type")? {
        Some(SALES) => read(LedgerDocumentKind::Invoice, record, context).map(Some),
        Some(BILL) => Ok(None),
        _ => Err(record.error("Type", QuarantineReason::UnknownValue)),
    }
}

/// Where the two kinds of documents keep the same thing.
struct Fields {
    id: &'static str,
    number: &'static str,
    balance: &'static str,
}

const fn fields(kind: LedgerDocumentKind) -> Fields {
    match kind {
        LedgerDocumentKind::CreditMemo => {
            Fields { id: "CreditNoteID", number: "CreditNoteNumber", balance: "RemainingCredit" }
        }
        LedgerDocumentKind::Invoice | LedgerDocumentKind::CashSale => {
            Fields { id: "InvoiceID", number: "InvoiceNumber", balance: "AmountDue" }
        }
    }
}

/// Reads a document with its figures exactly as given; net is the total less the tax, and so holds
/// a rounding amount where there is one.
pub(crate) fn read(
    kind: LedgerDocumentKind,
    record: &Record<'_>,
    context: Context,
) -> Reading<Document> {
    let fields = fields(kind);
    let currency = currency(record, context)?;
    let total = magnitude(record, "Total", currency)?;
    let tax = match record.money_or_none("TotalTax", currency)? {
        Some(tax) => tax,
        None => return Err(record.error("TotalTax", QuarantineReason::Malformed)),
    };
    let net = total
        .checked_sub(tax)
        .map_err(|_| record.error("TotalTax", QuarantineReason::OutOfRange))?;
    let word = word(record)?;
    let balance_now = balance(record, fields.balance, word, total)?;
    let status = status(record, word, total, balance_now)?;
    let number = record.text_or_none(fields.number)?;
    let url = record.raw_text("Url")?;
    let reference = record.text_or_none("Reference")?;
    Ok(Document {
        id: record.id(fields.id, DocumentId::new)?,
        stamp: stamp(record, word == PlatformWord::Deleted)?,
        kind,
        customer: required(record, "Contact")?.id("ContactID", CustomerId::new)?,
        currency,
        effective_on: document_day(record)?,
        due_on: day_or_none(record, "DueDate")?,
        terms_days: None,
        net,
        tax,
        total,
        balance_now,
        status,
        key: key_of(number.as_deref(), url),
        deal_reference: deal_reference(url, reference.as_deref()),
        order_number: reference.as_deref().and_then(note::beside_deal),
        memo: None,
        exchange_rate: exchange_rate(record, currency, context)?,
        disputed: false,
        lines: lines::read(record, currency)?,
        number,
    })
}

/// Our key from the number; the link back carries it too where documents take the tool's numbers.
fn key_of(number: Option<&str>, url: Option<&str>) -> Option<TransactionKey> {
    number
        .and_then(|number| TransactionKey::parse(number).ok())
        .or_else(|| url.and_then(note::key_of_link))
}

/// The deal that the link or the reference names; else the reference as it stands, which may be the
/// customer's own name for the deal.
fn deal_reference(url: Option<&str>, reference: Option<&str>) -> Option<String> {
    url.and_then(note::deal_of_link)
        .or_else(|| reference.and_then(note::deal_in))
        .or_else(|| reference.map(str::to_owned))
}

fn word(record: &Record<'_>) -> Reading<PlatformWord> {
    match record.raw_text("Status")? {
        Some("DRAFT" | "SUBMITTED") => Ok(PlatformWord::Draft),
        Some("AUTHORISED") => Ok(PlatformWord::Posted),
        Some("PAID") => Ok(PlatformWord::Paid),
        Some("VOIDED") => Ok(PlatformWord::Void),
        Some("DELETED") => Ok(PlatformWord::Deleted),
        _ => Err(record.error("Status", QuarantineReason::UnknownValue)),
    }
}

/// What is open or unapplied now, between zero and the total. A void answer may still show the
/// amount of before (`xero §6.6`); what is void or deleted has nothing open.
fn balance(record: &Record<'_>, field: &str, word: PlatformWord, total: Money) -> Reading<Money> {
    if matches!(word, PlatformWord::Void | PlatformWord::Deleted) {
        return Ok(Money::zero(total.currency()));
    }
    let balance = match word {
        // A paid document may leave its zero out; an open one may not.
        PlatformWord::Paid => magnitude_or_zero(record, field, total.currency())?,
        _ => magnitude(record, field, total.currency())?,
    };
    if balance.minor() > total.minor() {
        return Err(record.error(field, QuarantineReason::OutOfRange));
    }
    Ok(balance)
}

/// Amounts decide between open, part paid and paid; `FullyPaidOnDate` is never asked, since it
/// stays behind when a payment is deleted (`xero §9.2`).
fn status(
    record: &Record<'_>,
    word: PlatformWord,
    total: Money,
    balance: Money,
) -> Reading<DocumentStatus> {
    let known = canonical_status(word, total, balance)
        .map_err(|_| record.error("Status", QuarantineReason::OutOfRange))?;
    if known.disputed_by_word {
        tracing::warn!("a document's status word and its amounts differ");
    }
    Ok(known.status)
}

/// Home units for one foreign unit. The tool states foreign units for one home unit, so it is
/// divided by; on a base document it may be missing or 0, and there it is none. Unknown on a
/// foreign one stays unknown (`xero §9.4`).
fn exchange_rate(
    record: &Record<'_>,
    currency: Currency,
    context: Context,
) -> Reading<Option<Decimal>> {
    if currency == context.home {
        return Ok(None);
    }
    match record.decimal_or_none("CurrencyRate")? {
        Some(rate) if rate.is_sign_negative() && !rate.is_zero() => {
            Err(record.error("CurrencyRate", QuarantineReason::OutOfRange))
        }
        Some(rate) if !rate.is_zero() => Decimal::ONE
            .checked_div(rate)
            .map(|rate| Some(rate.normalize()))
            .ok_or_else(|| record.error("CurrencyRate", QuarantineReason::OutOfRange)),
        _ => Ok(None),
    }
}
