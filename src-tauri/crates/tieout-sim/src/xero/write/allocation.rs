//! Applying credits to invoices, and taking that back (`xero §6.8, §6.10`).

use rust_decimal::Decimal;

use super::super::call::{self, Body};
use super::super::document::{Allocation, Document, Kind, Status};
use super::super::exact::cents;
use super::{Problems, Refused, Writing, Written};

/// Applies a part of the credit to one invoice.
pub fn create(
    writing: &mut Writing<'_>,
    kind: Kind,
    credit: &str,
    body: &Body,
) -> Result<Written, Refused> {
    let books = &writing.tenant.books;
    let credit = books.document(kind, credit).ok_or(Refused::NotFound)?.clone();
    let invoice = call::object(body, "Invoice").and_then(|named| call::text(named, "InvoiceID"));
    let invoice = invoice.ok_or("An invoice must be specified")?.to_ascii_lowercase();
    let invoice = books.document(Kind::Invoice, &invoice).ok_or(Refused::NotFound)?.clone();
    let amount = cents(call::number(body, "Amount").unwrap_or_default());
    let sent = call::date(body, "Date").unwrap_or_else(|| writing.today());
    // The later of the two documents' dates; a sent date counts only when it is later still.
    let date = sent.max(credit.date).max(invoice.date);
    let mut problems = Problems::default();
    check(writing, &credit, &invoice, amount, &mut problems);
    writing.check_lock(date, &mut problems);
    problems.into_result()?;
    let id = writing.books().guids.next();
    let (from, to) = (credit.id, invoice.id);
    let allocation =
        Allocation { id: id.clone(), from: from.clone(), to: to.clone(), amount, date };
    writing.books().allocations.insert(id.clone(), allocation);
    for document in [from, to] {
        if let Some(document) = writing.books().documents.get_mut(&document) {
            document.allocations.push(id.clone());
        }
        writing.settle(&document);
    }
    Ok(Written { id, ..Written::default() })
}

fn check(
    writing: &Writing<'_>,
    credit: &Document,
    invoice: &Document,
    amount: Decimal,
    problems: &mut Problems,
) {
    let books = &writing.tenant.books;
    if invoice.status == Status::Paid {
        problems.add("The invoice has already been paid off");
        return;
    }
    if !credit.status.is_posted() || !invoice.status.is_posted() {
        problems.add("Both documents must be authorised: not of valid status for modification");
        return;
    }
    if credit.contact != invoice.contact {
        problems.add("Allocations are only possible between documents of the same contact");
    }
    if credit.currency != invoice.currency || credit.sales != invoice.sales {
        problems.add("Allocations are only possible between documents of the same currency");
    }
    if amount <= Decimal::ZERO {
        problems.add("Allocation amount must be greater than zero");
    }
    if amount > books.open(credit) || amount > books.open(invoice) {
        problems.add("Allocation amount is greater than amount outstanding");
    }
}

/// Takes an allocation back; both documents get the stamp.
pub fn delete(writing: &mut Writing<'_>, credit: &str, id: &str) -> Result<Allocation, Refused> {
    let known = writing.tenant.books.allocations.get(id).filter(|known| known.from == credit);
    let allocation = known.ok_or(Refused::NotFound)?.clone();
    let mut problems = Problems::default();
    writing.check_lock(allocation.date, &mut problems);
    problems.into_result()?;
    writing.books().allocations.remove(id);
    for document in [&allocation.from, &allocation.to] {
        if let Some(document) = writing.books().documents.get_mut(document) {
            document.allocations.retain(|known| known != id);
        }
        writing.settle(document);
    }
    Ok(allocation)
}
