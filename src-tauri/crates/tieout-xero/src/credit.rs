//! Credit notes: the document, and the invoices it is used for (`xero §6.8`).

use jiff::civil::Date;
use tieout_connect::json::{Reading, Record};
use tieout_domain::Money;
use tieout_domain::facts::{
    Application, ApplicationKind, Document, Fact, Gone, LedgerDocumentKind, QuarantineReason,
    Receipt, Stream,
};
use tieout_domain::ids::{DocumentId, ReceiptId};

use crate::document;
use crate::kind::{Kind, receipt_id};
use crate::reading::{Context, list, magnitude, required};
use crate::wire::day_or_none;

const SALES: &str = "ACCRECCREDIT";
const BILL: &str = "ACCPAYCREDIT";

/// Reads a credit note. Its uses stand on a receipt of zero, which ties it to invoices as a payment
/// without cash would; a note that is used for nothing has none, and may have had one.
pub(crate) fn read(record: &Record<'_>, context: Context) -> Reading<Vec<Fact>> {
    match record.raw_text("Type")? {
        Some(SALES) => {}
        Some(BILL) => return Ok(Vec::new()),
        _ => return Err(record.error("Type", QuarantineReason::UnknownValue)),
    }
    let document = document::read(LedgerDocumentKind::CreditMemo, record, context)?;
    let uses = uses(record, &document)?;
    Ok(vec![Fact::Document(document), uses])
}

fn uses(record: &Record<'_>, credit: &Document) -> Reading<Fact> {
    let source = Source {
        on: credit.effective_on,
        total: credit.total,
        left: credit.balance_now,
        kind: ApplicationKind::Credit,
        credit: Some(&credit.id),
    };
    let applications = allocations(record, &source)?;
    let id = receipt_id(Kind::CreditNote, credit.id.as_str());
    if applications.is_empty() {
        let deleted_at = credit.stamp.modified_at;
        return Ok(Fact::Gone(Gone { stream: Stream::Receipts, id, deleted_at }));
    }
    let too_long = |_| record.error("CreditNoteID", QuarantineReason::OutOfRange);
    Ok(Fact::Receipt(Receipt {
        id: ReceiptId::new(&id).map_err(too_long)?,
        stamp: credit.stamp.clone(),
        customer: credit.customer.clone(),
        effective_on: credit.effective_on,
        amount: Money::zero(credit.currency),
        unapplied_now: Money::zero(credit.currency),
        reference: credit.number.clone(),
        voided: false,
        applications,
    }))
}

/// What is used up by allocations.
pub(crate) struct Source<'a> {
    pub on: Date,
    pub total: Money,
    pub left: Money,
    pub kind: ApplicationKind,
    pub credit: Option<&'a DocumentId>,
}

/// The allocations of a credit note, overpayment or prepayment. Their own date is taken: the date
/// beside an embedded credit of an invoice is another one in lists (`xero §6.7`). What is allocated
/// and what is left never exceed the total.
pub(crate) fn allocations(record: &Record<'_>, source: &Source<'_>) -> Reading<Vec<Application>> {
    let mut applications = Vec::new();
    let mut used = source.left;
    for allocation in list(record, "Allocations")? {
        let amount = magnitude(&allocation, "Amount", source.total.currency())?;
        used = used
            .checked_add(amount)
            .map_err(|_| allocation.error("Amount", QuarantineReason::OutOfRange))?;
        let invoice = required(&allocation, "Invoice")?;
        applications.push(Application {
            kind: source.kind,
            document: invoice.id("InvoiceID", DocumentId::new)?,
            document_kind: LedgerDocumentKind::Invoice,
            credit: source.credit.cloned(),
            amount,
            applied_on: day_or_none(&allocation, "Date")?.unwrap_or(source.on),
            source_effective_on: source.on,
        });
    }
    if used.minor() > source.total.minor() {
        return Err(record.error("Allocations", QuarantineReason::OutOfRange));
    }
    Ok(applications)
}
