//! Bank deposits, as far as a line of one goes straight to receivables (`quickbooks §3.6`).

use tieout_connect::json::{Reading, Record};
use tieout_domain::Currency;
use tieout_domain::facts::{Journal, JournalLine, QuarantineReason};
use tieout_domain::ids::{CustomerId, JournalId};

use crate::books::AccountKind;
use crate::entity::{Entity, fact_id};
use crate::journal::{as_credit, is_beside_the_point, position};
use crate::reading::{Context, currency, reference_text, stamp};

/// A direct line to receivables acts as a credit of its customer without being a payment, so the
/// deposit is told as a journal. Deposits that only bank payments are `None`.
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
    let own = record.id("Id", |id| JournalId::new(&fact_id(Entity::Deposit, id)))?;
    Ok(Some(Journal {
        id: own,
        stamp,
        number: record.text_or_none("DocNumber")?,
        effective_on: record.date("TxnDate")?,
        memo: record.lines_or_none("PrivateNote")?,
        lines,
        applications: Vec::new(),
    }))
}

fn read_line(
    line: &Record<'_>,
    index: usize,
    currency: Currency,
    context: Context<'_>,
) -> Reading<Option<JournalLine>> {
    let Some(detail) = line.record_or_none("DepositLineDetail")? else {
        return Ok(None);
    };
    let Some(account) = reference_text(&detail, "AccountRef")? else {
        return Ok(None);
    };
    match context.books.account_kind(&account) {
        Some(AccountKind::Receivable) => {}
        Some(AccountKind::Other) => return Ok(None),
        None => return Err(detail.error("AccountRef", QuarantineReason::UnknownValue)),
    }
    let amount = as_credit(line, line.money("Amount", currency)?)?;
    if amount.is_zero() {
        return Ok(None);
    }
    let customer = match detail.record_or_none("Entity")? {
        Some(payer) if is_customer(&payer)? => payer.id_or_none("value", CustomerId::new)?,
        _ => None,
    };
    Ok(Some(JournalLine { position: position(line, index)?, customer, amount }))
}

/// The payer of a line is a reference with its kind; without one it can only be a customer, since
/// the line is on receivables.
fn is_customer(payer: &Record<'_>) -> Reading<bool> {
    Ok(payer.raw_text("type")?.is_none_or(|kind| kind.eq_ignore_ascii_case("customer")))
}
