//! Overpayments and prepayments: money received beyond or without an invoice (`xero §6.10`).

use tieout_connect::json::{Reading, Record};
use tieout_domain::Money;
use tieout_domain::facts::{ApplicationKind, QuarantineReason, Receipt};
use tieout_domain::ids::{CustomerId, ReceiptId};

use crate::credit::{Source, allocations};
use crate::kind::{Kind, receipt_id};
use crate::reading::{Context, currency, magnitude, magnitude_or_zero, required, stamp};
use crate::wire::document_day;

const RECEIVED: [&str; 4] =
    ["RECEIVE-OVERPAYMENT", "RECEIVE-PREPAYMENT", "AROVERPAYMENT", "ARPREPAYMENT"];
const SPENT: [&str; 4] = ["SPEND-OVERPAYMENT", "SPEND-PREPAYMENT", "APOVERPAYMENT", "APPREPAYMENT"];

/// Reads money received on account. `None`: it was spent.
pub(crate) fn read(kind: Kind, record: &Record<'_>, context: Context) -> Reading<Option<Receipt>> {
    match record.raw_text("Type")? {
        Some(word) if RECEIVED.contains(&word) => {}
        Some(word) if SPENT.contains(&word) => return Ok(None),
        _ => return Err(record.error("Type", QuarantineReason::UnknownValue)),
    }
    let currency = currency(record, context)?;
    let amount = magnitude(record, "Total", currency)?;
    let effective_on = document_day(record)?;
    let voided = is_voided(record)?;
    let unapplied_now = unapplied(record, voided, amount)?;
    let source = Source {
        on: effective_on,
        total: amount,
        left: unapplied_now,
        kind: ApplicationKind::Cash,
        credit: None,
    };
    let applications = if voided { Vec::new() } else { allocations(record, &source)? };
    let id = receipt_id(kind, &record.text(kind.id_field())?);
    let too_long = |_| record.error(kind.id_field(), QuarantineReason::OutOfRange);
    Ok(Some(Receipt {
        id: ReceiptId::new(&id).map_err(too_long)?,
        stamp: stamp(record, false)?,
        customer: required(record, "Contact")?.id("ContactID", CustomerId::new)?,
        effective_on,
        amount,
        unapplied_now,
        reference: record.text_or_none("Reference")?,
        voided,
        applications,
    }))
}

fn is_voided(record: &Record<'_>) -> Reading<bool> {
    match record.raw_text("Status")? {
        Some("AUTHORISED" | "PAID") => Ok(false),
        Some("VOIDED") => Ok(true),
        _ => Err(record.error("Status", QuarantineReason::UnknownValue)),
    }
}

/// What is left of it. One that is used up may leave its zero out.
fn unapplied(record: &Record<'_>, voided: bool, amount: Money) -> Reading<Money> {
    let currency = amount.currency();
    if voided {
        return Ok(Money::zero(currency));
    }
    let left = match record.raw_text("Status")? {
        Some("PAID") => magnitude_or_zero(record, "RemainingCredit", currency)?,
        _ => magnitude(record, "RemainingCredit", currency)?,
    };
    if left.minor() > amount.minor() {
        return Err(record.error("RemainingCredit", QuarantineReason::OutOfRange));
    }
    Ok(left)
}
