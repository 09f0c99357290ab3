//! Payments (`quickbooks §3.5`).

use jiff::civil::Date;
use tieout_connect::json::{ReadError, Reading, Record};
use tieout_domain::facts::{
    Application, ApplicationKind, LedgerDocumentKind, QuarantineReason, Receipt,
};
use tieout_domain::ids::{CustomerId, DocumentId, ReceiptId};
use tieout_domain::{Currency, Money};

use crate::reading::{
    Context, currency, is_voided, magnitude, reference, required_magnitude, stamp,
};
use crate::settle::{Link, Linked, SettleError, Settled, settle, sum_of};

/// Reads a payment with everything that its lines settle. All applications that a payment states
/// stand on this fact and on no other: cash, credits and adjustments by journal alike.
pub(crate) fn read(record: &Record<'_>, context: Context<'_>) -> Reading<Receipt> {
    let currency = currency(record, context.books)?;
    let amount = required_magnitude(record, "TotalAmt", currency)?;
    let effective_on = record.date("TxnDate")?;
    let links = read_links(record, currency)?;
    let unapplied_now = unapplied(record, amount, &links)?;
    let cash = amount
        .checked_sub(unapplied_now)
        .map_err(|_| record.error("UnappliedAmt", QuarantineReason::OutOfRange))?;
    let settled = settle(cash, &links).map_err(|error| unsettled(record, error))?;
    Ok(Receipt {
        id: record.id("Id", ReceiptId::new)?,
        stamp: stamp(record)?,
        customer: reference(record, "CustomerRef", CustomerId::new)?
            .ok_or_else(|| record.error("CustomerRef", QuarantineReason::Malformed))?,
        effective_on,
        amount,
        unapplied_now,
        reference: record.text_or_none("PaymentRefNum")?,
        voided: is_voided(record, amount)?,
        applications: settled.into_iter().map(|part| application(part, effective_on)).collect(),
    })
}

fn unsettled(record: &Record<'_>, error: SettleError) -> ReadError {
    let reason = match error {
        SettleError::Unbalanced => QuarantineReason::Malformed,
        SettleError::Amount(_) => QuarantineReason::OutOfRange,
    };
    record.error("Line", reason)
}

fn read_links(record: &Record<'_>, currency: Currency) -> Reading<Vec<Link>> {
    let mut links = Vec::new();
    for line in record.records("Line")? {
        let linked = line.records("LinkedTxn")?;
        let [link] = linked.as_slice() else {
            if linked.is_empty() {
                continue;
            }
            return Err(line.error("LinkedTxn", QuarantineReason::Malformed));
        };
        let amount = required_magnitude(&line, "Amount", currency)?;
        if !amount.is_zero() {
            links.push(Link { to: linked_to(link)?, amount });
        }
    }
    Ok(links)
}

fn linked_to(link: &Record<'_>) -> Reading<Linked> {
    match link.raw_text("TxnType")? {
        Some("Invoice") => link.id("TxnId", DocumentId::new).map(Linked::Invoice),
        Some("CreditMemo") => link.id("TxnId", DocumentId::new).map(Linked::CreditMemo),
        Some("JournalEntry") => Ok(Linked::Journal),
        Some("Deposit" | "CreditCardCredit") => Ok(Linked::OtherCredit),
        Some("Expense" | "Check" | "StatementCharge") => Ok(Linked::OtherDebit),
        _ => Err(link.error("TxnType", QuarantineReason::UnknownValue)),
    }
}

/// The unapplied part as stated; where it is left out, what the lines leave of the money. With
/// journals among the lines that cannot be told, since their side is not known.
fn unapplied(record: &Record<'_>, total: Money, links: &[Link]) -> Reading<Money> {
    let out_of_range = || record.error("UnappliedAmt", QuarantineReason::OutOfRange);
    if let Some(stated) = magnitude(record, "UnappliedAmt", total.currency())? {
        return if stated.minor() <= total.minor() { Ok(stated) } else { Err(out_of_range()) };
    }
    if links.iter().any(|link| link.to == Linked::Journal) {
        return Err(record.error("UnappliedAmt", QuarantineReason::Malformed));
    }
    let sum =
        |of: fn(&Linked) -> bool| sum_of(total.currency(), links, of).map_err(|_| out_of_range());
    let debits = sum(|to| matches!(to, Linked::Invoice(_) | Linked::OtherDebit))?;
    let credits = sum(|to| matches!(to, Linked::CreditMemo(_) | Linked::OtherCredit))?;
    let left = total.checked_add(credits).and_then(|means| means.checked_sub(debits));
    match left {
        Ok(left) if !left.is_negative() && left.minor() <= total.minor() => Ok(left),
        _ => Err(out_of_range()),
    }
}

/// The payment's date stands for both dates: the tool keeps no date per line, and the date of a
/// credit memo is on the credit memo (`finance-domain §3 D6`).
fn application(part: Settled, on: Date) -> Application {
    let document_kind = match part.kind {
        ApplicationKind::Refund => LedgerDocumentKind::CreditMemo,
        _ => LedgerDocumentKind::Invoice,
    };
    Application {
        kind: part.kind,
        document: part.document,
        document_kind,
        credit: part.credit,
        amount: part.amount,
        applied_on: on,
        source_effective_on: on,
    }
}

#[cfg(test)]
mod tests;
