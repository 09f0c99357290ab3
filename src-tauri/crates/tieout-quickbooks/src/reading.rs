//! What every record has in common, and which reader takes it.

use tieout_connect::json::{Reading, Record};
use tieout_domain::facts::{Fact, LedgerDocumentKind, QuarantineReason, Stamp};
use tieout_domain::ids::IdError;
use tieout_domain::{Currency, Money};

use crate::books::Books;
use crate::config::FieldLabels;
use crate::entity::Entity;
use crate::note;

/// What a reader must know besides the record.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub books: &'a Books,
    pub labels: &'a FieldLabels,
    /// Lines carry `TAX` or `NON` instead of a tax code of the list: a US company. Matters for
    /// items only.
    pub line_codes_are_flags: bool,
}

/// The word of a stub that stands for a deleted record.
const DELETED: &str = "Deleted";

/// Reads a record of one kind. `Ok(None)`: it says nothing about receivables and never did.
pub(crate) fn fact_of(
    entity: Entity,
    record: &Record<'_>,
    context: Context<'_>,
) -> Reading<Option<Fact>> {
    use LedgerDocumentKind::{CashSale, CreditMemo, Invoice};
    let document = |kind| {
        crate::document::read(kind, record, context).map(|document| Some(Fact::Document(document)))
    };
    match entity {
        Entity::Customer => {
            crate::customer::read(record, context).map(|customer| Some(Fact::Customer(customer)))
        }
        Entity::Item => crate::item::read(record, context).map(|item| Some(Fact::Item(item))),
        Entity::Invoice => document(Invoice),
        Entity::CreditMemo => document(CreditMemo),
        Entity::SalesReceipt => document(CashSale),
        Entity::Payment => {
            crate::receipt::read(record, context).map(|receipt| Some(Fact::Receipt(receipt)))
        }
        Entity::RefundReceipt => {
            crate::refund::read(record, context).map(|refund| Some(Fact::Refund(refund)))
        }
        Entity::JournalEntry => {
            crate::journal::read(record, context).map(|journal| journal.map(Fact::Journal))
        }
        Entity::Deposit => {
            crate::deposit::read(record, context).map(|journal| journal.map(Fact::Journal))
        }
        Entity::Vendor
        | Entity::Employee
        | Entity::Account
        | Entity::Term
        | Entity::TaxCode
        | Entity::CompanyCurrency
        | Entity::Preferences => Ok(None),
    }
}

/// The version word is the SyncToken: the change time also moves when nothing of the record that
/// we read has changed, e.g. on a customer whenever one of its documents posts (`quickbooks §4.6`).
pub(crate) fn stamp(record: &Record<'_>) -> Reading<Stamp> {
    Ok(Stamp {
        version: record.text("SyncToken")?,
        modified_at: record.record("MetaData")?.instant("LastUpdatedTime")?,
        deleted: is_deleted(record)?,
    })
}

/// A record of which only its id is left.
pub(crate) fn is_deleted(record: &Record<'_>) -> Reading<bool> {
    Ok(record.raw_text("status")? == Some(DELETED))
}

/// The currency of a transaction. A company without multi-currency may leave it out: then it is
/// the home currency. With multi-currency an absent one is unreadable, never guessed.
pub(crate) fn currency(record: &Record<'_>, books: &Books) -> Reading<Currency> {
    let on = record.date_or_none("TxnDate")?;
    match record.record_or_none("CurrencyRef")? {
        Some(reference) => reference.currency("value", on),
        None if books.multi_currency => {
            Err(record.error("CurrencyRef", QuarantineReason::Malformed))
        }
        None => Ok(books.home),
    }
}

/// The value of a reference: `{"value":"58","name":"Acme"}`. The name may be stale and is ignored.
pub(crate) fn reference<T>(
    record: &Record<'_>,
    field: &str,
    make: impl FnOnce(&str) -> Result<T, IdError>,
) -> Reading<Option<T>> {
    match record.record_or_none(field)? {
        Some(reference) => reference.id_or_none("value", make),
        None => Ok(None),
    }
}

/// The value of a reference as text.
pub(crate) fn reference_text(record: &Record<'_>, field: &str) -> Reading<Option<String>> {
    match record.record_or_none(field)? {
        Some(reference) => reference.text_or_none("value"),
        None => Ok(None),
    }
}

/// An amount that must not be negative: the kind of a document says which way it acts.
pub(crate) fn magnitude(
    record: &Record<'_>,
    field: &str,
    currency: Currency,
) -> Reading<Option<Money>> {
    let amount = record.money_or_none(field, currency)?;
    if amount.is_some_and(Money::is_negative) {
        return Err(record.error(field, QuarantineReason::OutOfRange));
    }
    Ok(amount)
}

/// As `magnitude`, where the field must be there: unknown is never zero.
pub(crate) fn required_magnitude(
    record: &Record<'_>,
    field: &str,
    currency: Currency,
) -> Reading<Money> {
    magnitude(record, field, currency)?
        .ok_or_else(|| record.error(field, QuarantineReason::Malformed))
}

/// Voided: total zero and a note that says so (`quickbooks §3.4`).
pub(crate) fn is_voided(record: &Record<'_>, total: Money) -> Reading<bool> {
    let note = record.lines_or_none("PrivateNote")?;
    Ok(total.is_zero() && note::says_voided(note.as_deref()))
}

/// An inactive name carries this suffix, which is not part of the name (`quickbooks §11` 32).
const INACTIVE_SUFFIX: &str = " (deleted)";

pub(crate) fn plain_name(name: &str, active: bool) -> String {
    let plain = if active { name } else { name.strip_suffix(INACTIVE_SUFFIX).unwrap_or(name) };
    plain.to_owned()
}

#[cfg(test)]
mod tests;
