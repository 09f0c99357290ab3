//! What one contact owes, document by document (`xero §8`).

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::Value;

use super::super::answer::Answer;
use super::super::books::Books;
use super::super::call::Call;
use super::super::document::{Document, Kind};
use super::super::exact::two_places;
use super::super::platform::Tenant;
use super::super::{posting, stamps};
use super::{Days, cell, framed, header, pointing, row, section};

const COLUMNS: [&str; 8] = ["Date", "Number", "Due Date", "", "Total", "Paid", "Credited", "Due"];

pub fn answer(tenant: &Tenant, call: &Call, days: Days) -> Answer {
    let books = &tenant.books;
    let id = call.parameter("contactId").unwrap_or_default().to_ascii_lowercase();
    if !books.contacts.contains_key(&id) {
        return Answer::not_found();
    }
    let bound = |name: &str| call.parameter(name).and_then(stamps::read_day);
    let (from, to) = (bound("fromDate"), bound("toDate"));
    let mut own: Vec<&Document> = books
        .documents
        .values()
        .filter(|document| {
            let receivable = document.sales && document.kind != Kind::BankTransaction;
            let period = from.is_none_or(|from| document.date >= from)
                && to.is_none_or(|to| document.date <= to);
            let posted = document.status.is_posted() && document.date <= days.as_at;
            document.contact == id && receivable && period && posted
        })
        .filter(|document| !posting::open_on(books, document, days.as_at).is_zero())
        .collect();
    own.sort_by_key(|document| (document.date, &document.id));
    let mut totals = [Decimal::ZERO; 4];
    let mut rows = Vec::new();
    for document in own {
        let amounts = amounts(books, document, days.as_at);
        for (total, amount) in totals.iter_mut().zip(amounts) {
            *total += amount;
        }
        rows.push(line(document, amounts, days.as_at));
    }
    let sums = totals.iter().map(|total| cell(&two_places(*total)));
    let blank = [cell("Total"), cell(""), cell(""), cell("")];
    rows.push(row("SummaryRow", blank.into_iter().chain(sums).collect()));
    let rows = vec![header(&COLUMNS), section("Invoices", rows)];
    framed(tenant, ("AgedReceivablesByContact", "Aged Receivables By Contact"), days, rows)
}

/// Total, paid, credited and due in base currency; credits are negative.
fn amounts(books: &Books, document: &Document, on: Date) -> [Decimal; 4] {
    let applied = books.applied(document, Some(on));
    let sign = if document.kind.is_credit() { Decimal::NEGATIVE_ONE } else { Decimal::ONE };
    let base = |amount: Decimal| sign * Books::in_base(amount, document.rate);
    let (total, due) = (base(document.total), base(posting::open_on(books, document, on)));
    let credited = base(applied.credited);
    // What translation leaves over in cents belongs to the payments.
    [total, total - due - credited, credited, due]
}

fn line(document: &Document, amounts: [Decimal; 4], on: Date) -> Value {
    let late = document.due.filter(|due| *due < on);
    let late = late.and_then(|due| on.since(due).ok()).map(|span| span.get_days());
    let texts = [
        stamps::day_text(document.date),
        document.number.clone(),
        document.due.map(stamps::day_text).unwrap_or_default(),
        late.map(|days| format!("{days} days overdue")).unwrap_or_default(),
    ];
    let amounts = amounts.map(two_places);
    let cells = texts.into_iter().chain(amounts);
    row("Row", cells.map(|text| pointing(Some(text), "invoiceID", &document.id)).collect())
}
