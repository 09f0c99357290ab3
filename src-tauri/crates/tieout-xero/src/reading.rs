//! What every record has in common, and which reader takes it.

use tieout_connect::json::{Reading, Record};
use tieout_domain::facts::{Fact, QuarantineReason, Stamp};
use tieout_domain::{Currency, Money};

use crate::kind::Kind;
use crate::wire::instant;

/// What a reader must know besides the record.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context {
    pub home: Currency,
    /// Nothing but the home currency is usable, so a record without a currency is in it.
    pub one_currency: bool,
}

/// Reads a record of one kind. Nothing: it is about payables and never was about receivables.
///
/// A credit note is two facts: the document, and what it is used for.
pub(crate) fn facts_of(kind: Kind, record: &Record<'_>, context: Context) -> Reading<Vec<Fact>> {
    match kind {
        Kind::Contact => crate::contact::read(record).map(|it| vec![Fact::Customer(it)]),
        Kind::Item => crate::item::read(record).map(|it| vec![Fact::Item(it)]),
        Kind::Invoice => crate::document::read_invoice(record, context)
            .map(|document| document.into_iter().map(Fact::Document).collect()),
        Kind::CreditNote => crate::credit::read(record, context),
        Kind::Payment => {
            crate::payment::read(record, context).map(|fact| fact.into_iter().collect())
        }
        Kind::Overpayment | Kind::Prepayment => crate::prepaid::read(kind, record, context)
            .map(|receipt| receipt.into_iter().map(Fact::Receipt).collect()),
    }
}

/// The version word is the change time to the millisecond; records have no other.
pub(crate) fn stamp(record: &Record<'_>, deleted: bool) -> Reading<Stamp> {
    let modified_at = instant(record, "UpdatedDateUTC")?;
    Ok(Stamp { version: modified_at.as_millisecond().to_string(), modified_at, deleted })
}

/// The currency of a record. One that leaves it out is in the home currency only where there is no
/// other: absence means nothing by itself (`xero §3.2`).
pub(crate) fn currency(record: &Record<'_>, context: Context) -> Reading<Currency> {
    match record.currency_or_none("CurrencyCode", None)? {
        Some(currency) => Ok(currency),
        None if context.one_currency => Ok(context.home),
        None => Err(record.error("CurrencyCode", QuarantineReason::Malformed)),
    }
}

/// A list of objects. Absent, null and an empty text all mean that there are none (`xero §3.2`).
pub(crate) fn list<'a>(record: &Record<'a>, field: &str) -> Reading<Vec<Record<'a>>> {
    match record.value(field).and_then(serde_json::Value::as_str) {
        Some("") => Ok(Vec::new()),
        _ => record.records(field),
    }
}

/// A nested object. An empty text is none.
pub(crate) fn nested<'a>(record: &Record<'a>, field: &str) -> Reading<Option<Record<'a>>> {
    match record.value(field).and_then(serde_json::Value::as_str) {
        Some("") => Ok(None),
        _ => record.record_or_none(field),
    }
}

/// A nested object that must be there.
pub(crate) fn required<'a>(record: &Record<'a>, field: &str) -> Reading<Record<'a>> {
    nested(record, field)?.ok_or_else(|| record.error(field, QuarantineReason::Malformed))
}

/// A switch that is off where it is absent; some come as text (`xero §3.3`).
pub(crate) fn is_on(record: &Record<'_>, field: &str) -> Reading<Option<bool>> {
    match record.value(field).and_then(serde_json::Value::as_str) {
        Some("") => Ok(None),
        Some(text) if text.eq_ignore_ascii_case("true") => Ok(Some(true)),
        Some(text) if text.eq_ignore_ascii_case("false") => Ok(Some(false)),
        _ => record.flag_or_none(field),
    }
}

/// An amount that must be there and not be negative: the kind of a record says which way it acts.
pub(crate) fn magnitude(record: &Record<'_>, field: &str, currency: Currency) -> Reading<Money> {
    let amount = record.money(field, currency)?;
    if amount.is_negative() {
        return Err(record.error(field, QuarantineReason::OutOfRange));
    }
    Ok(amount)
}

/// As `magnitude`, where an absent amount is zero because the tool leaves zeros out.
pub(crate) fn magnitude_or_zero(
    record: &Record<'_>,
    field: &str,
    currency: Currency,
) -> Reading<Money> {
    match record.money_or_none(field, currency)? {
        Some(_) => magnitude(record, field, currency),
        None => Ok(Money::zero(currency)),
    }
}

#[cfg(test)]
mod tests;
