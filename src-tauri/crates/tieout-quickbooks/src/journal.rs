//! Journal entries, as far as they touch receivables (`quickbooks §3.6`).

use tieout_connect::json::{Reading, Record};
use tieout_domain::facts::{Journal, JournalLine, QuarantineReason, Stamp};
use tieout_domain::ids::{CustomerId, JournalId};
use tieout_domain::{Currency, Money};

use crate::books::AccountKind;
use crate::reading::{Context, currency, reference, reference_text, stamp};

/// The version of a record that nobody has edited since it was made.
const FIRST_VERSION: &str = "0";

/// Reads the lines on receivables accounts. `None`: no such line, and never edited, so that no
/// earlier version can have had one. Applications are always empty: whatever ties a journal to an
/// invoice is a line of a payment and stands on that receipt, so that nothing counts twice.
pub(crate) fn read(record: &Record<'_>, context: Context<'_>) -> Reading<Option<Journal>> {
    let currency = currency(record, context.books)?;
    let mut lines = Vec::new();
    for (index, line) in record.records("Line")?.iter().enumerate() {
        lines.extend(read_line(line, index, currency, context)?);
    }
    let stamp = stamp(record)?;
    if is_beside_the_point(&lines, &stamp) {
        return Ok(None);
    }
    Ok(Some(Journal {
        id: record.id("Id", JournalId::new)?,
        stamp,
        number: record.text_or_none("DocNumber")?,
        effective_on: record.date("TxnDate")?,
        memo: record.lines_or_none("PrivateNote")?,
        lines,
        applications: Vec::new(),
    }))
}

/// A record without receivables lines matters only if an earlier version may have had some.
pub(crate) fn is_beside_the_point(lines: &[JournalLine], stamp: &Stamp) -> bool {
    lines.is_empty() && stamp.version == FIRST_VERSION && !stamp.deleted
}

fn read_line(
    line: &Record<'_>,
    index: usize,
    currency: Currency,
    context: Context<'_>,
) -> Reading<Option<JournalLine>> {
    let Some(detail) = line.record_or_none("JournalEntryLineDetail")? else {
        return Ok(None);
    };
    let account = reference_text(&detail, "AccountRef")?
        .ok_or_else(|| detail.error("AccountRef", QuarantineReason::Malformed))?;
    match context.books.account_kind(&account) {
        Some(AccountKind::Receivable) => {}
        Some(AccountKind::Other) => return Ok(None),
        None => return Err(detail.error("AccountRef", QuarantineReason::UnknownValue)),
    }
    let stated = line.money("Amount", currency)?;
    let amount = match detail.raw_text("PostingType")? {
        Some("Debit") => stated,
        Some("Credit") => as_credit(line, stated)?,
        _ => return Err(detail.error("PostingType", QuarantineReason::UnknownValue)),
    };
    if amount.is_zero() {
        return Ok(None);
    }
    let customer = customer_of(&detail)?;
    Ok(Some(JournalLine { position: position(line, index)?, customer, amount }))
}

/// The customer of a line; a vendor or an employee on it is nobody's receivable.
fn customer_of(detail: &Record<'_>) -> Reading<Option<CustomerId>> {
    match detail.record_or_none("Entity")? {
        Some(entity) if entity.raw_text("Type")?.is_none_or(|kind| kind == "Customer") => {
            reference(&entity, "EntityRef", CustomerId::new)
        }
        _ => Ok(None),
    }
}

/// The line's own number, else its place from 1.
pub(crate) fn position(line: &Record<'_>, index: usize) -> Reading<u32> {
    let out_of_range = |_| line.error("LineNum", QuarantineReason::OutOfRange);
    match line.whole_or_none("LineNum")? {
        Some(number) => {
            u32::try_from(number).map_err(|_| line.error("LineNum", QuarantineReason::OutOfRange))
        }
        None => u32::try_from(index + 1).map_err(out_of_range),
    }
}

/// The amount that a credit to receivables of this size has among journal lines.
pub(crate) fn as_credit(line: &Record<'_>, stated: Money) -> Reading<Money> {
    stated.negated().map_err(|_| line.error("Amount", QuarantineReason::OutOfRange))
}

#[cfg(test)]
mod tests;
