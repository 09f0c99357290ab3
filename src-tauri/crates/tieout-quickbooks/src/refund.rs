//! Refund receipts: money out (`quickbooks §3.6`).

use tieout_connect::json::{Reading, Record};
use tieout_domain::facts::{QuarantineReason, Refund};
use tieout_domain::ids::{CustomerId, DocumentId, RefundId};

use crate::reading::{Context, currency, is_voided, reference, required_magnitude, stamp};

/// A refund that links a credit memo uses it up; one without link does not touch receivables.
pub(crate) fn read(record: &Record<'_>, context: Context<'_>) -> Reading<Refund> {
    let currency = currency(record, context.books)?;
    let amount = required_magnitude(record, "TotalAmt", currency)?;
    Ok(Refund {
        id: record.id("Id", RefundId::new)?,
        stamp: stamp(record)?,
        number: record.text_or_none("DocNumber")?,
        customer: reference(record, "CustomerRef", CustomerId::new)?,
        effective_on: record.date("TxnDate")?,
        amount,
        credit: credit_of(record)?,
        voided: is_voided(record, amount)?,
    })
}

/// The credit memo may be linked from the head or from a line. Two of them cannot be told apart by
/// amount, so such a refund is kept aside.
fn credit_of(record: &Record<'_>) -> Reading<Option<DocumentId>> {
    let mut links = record.records("LinkedTxn")?;
    for line in record.records("Line")? {
        links.extend(line.records("LinkedTxn")?);
    }
    let mut credit: Option<DocumentId> = None;
    for link in links {
        if link.raw_text("TxnType")? != Some("CreditMemo") {
            continue;
        }
        let id = link.id("TxnId", DocumentId::new)?;
        if credit.as_ref().is_some_and(|known| *known != id) {
            return Err(link.error("TxnId", QuarantineReason::UnknownValue));
        }
        credit = Some(id);
    }
    Ok(credit)
}
