//! What may change on a document that something was applied to (`xero §6.6`).

use super::super::books::Books;
use super::super::document::{Document, Line, Status};
use super::Problems;

/// On paid or part-paid documents only texts, dates due, numbers, contacts and the coding of lines.
pub fn check(books: &Books, old: &Document, new: &Document, problems: &mut Problems) {
    if !books.is_applied(old) {
        return;
    }
    let credited = books.allocations_of(old).next().is_some();
    let moved = credited && old.contact != new.contact;
    if moved || fixed(old) != fixed(new) || old.lines.len() != new.lines.len() {
        return refuse(problems);
    }
    if old.lines.iter().zip(&new.lines).any(|(old, new)| fixed_line(old) != fixed_line(new)) {
        refuse(problems);
    }
}

fn refuse(problems: &mut Problems) {
    problems
        .add("This document cannot be edited as it has a payment or credit note allocated to it.");
}

/// What must stay of the head.
fn fixed(document: &Document) -> impl PartialEq + use<'_> {
    (
        (document.date, document.amount_types, &document.currency, document.rate),
        (document.total, document.total_tax, document.rounding),
    )
}

/// What must stay of a line: all but description, account and tracking.
fn fixed_line(line: &Line) -> impl PartialEq + use<'_> {
    (
        (&line.id, line.quantity, line.unit, &line.item_code),
        (&line.tax_type, line.tax, line.amount, line.discount_rate, line.discount_amount),
    )
}

/// A change that moves no stamp: due date and sent mark of part-paid documents (`xero §3.5`).
pub fn is_silent(books: &Books, old: &Document, new: &Document) -> bool {
    let part_paid = old.status == Status::Authorised && books.is_applied(old);
    let mut same = new.clone();
    same.due = old.due;
    same.sent = old.sent;
    part_paid && (old.due, old.sent) != (new.due, new.sent) && is_equal(old, &same)
}

fn is_equal(old: &Document, new: &Document) -> bool {
    old.reference == new.reference
        && old.number == new.number
        && old.contact == new.contact
        && old.theme == new.theme
        && old.url == new.url
        && old.expected_payment == new.expected_payment
        && old.lines == new.lines
}
