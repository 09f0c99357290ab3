//! What customers owe, by age.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::super::amount::cents;
use super::super::books::Books;
use super::super::entity::Entity;
use super::super::ledger::{OpenItem, open_items};
use super::super::row::RowId;
use super::Asked;
use super::balances::{by_parent, customer_name};
use super::document_list::kind_title;
use super::table::{Cell, Line, Table, column};

const BUCKETS: usize = 5;
const TITLES: [&str; BUCKETS] = [
    "Current",
    "1 - 30 days past due",
    "31 - 60 days past due",
    "61 - 90 days past due",
    "91 or more days past due",
];

/// Amounts in the five buckets.
type Aged = [Decimal; BUCKETS];

/// One row per customer. Credits and unapplied money stand in the bucket of their own date.
pub fn summary(books: &Books, asked: &Asked) -> Table {
    let mut by_customer: BTreeMap<RowId, Aged> = BTreeMap::new();
    for item in covered(books, asked) {
        let aged = by_customer.entry(item.key.customer.clone()).or_default();
        aged[bucket(&item, asked)] += home(&item);
    }
    let total = by_customer.values().fold(Aged::default(), added);
    let mut rows = by_parent(books, &by_customer, cells, |a, b| added(a, &b));
    let mut summary = vec![Cell::text("TOTAL")];
    summary.extend(cells(&total));
    rows.push(Line::grand_total(summary));
    let money = |title, key| column(title, "Money", key);
    Table {
        name: "AgedReceivables",
        from: asked.on,
        to: asked.on,
        options: vec![("report_date", asked.on.to_string())],
        columns: vec![
            column("", "Customer", "cust_name"),
            money("Current", "current"),
            money("1 - 30", "0"),
            money("31 - 60", "1"),
            money("61 - 90", "2"),
            money("91 and over", "3"),
            money("Total", "total"),
        ],
        rows,
    }
}

fn covered(books: &Books, asked: &Asked) -> Vec<OpenItem> {
    let mut items = open_items(books, Some(asked.on));
    items.retain(|item| asked.covers(item.key.customer.as_str()));
    items
}

/// The open amount in home currency, at the document's own rate.
fn home(item: &OpenItem) -> Decimal {
    cents(item.open * item.rate)
}

fn added(mut sum: Aged, other: &Aged) -> Aged {
    for (sum, other) in sum.iter_mut().zip(other) {
        *sum += other;
    }
    sum
}

fn cells(aged: &Aged) -> Vec<Cell> {
    let mut cells: Vec<Cell> = aged.iter().map(|amount| Cell::amount(*amount)).collect();
    cells.push(Cell::amount(aged.iter().sum()));
    cells
}

fn bucket(item: &OpenItem, asked: &Asked) -> usize {
    let from = if asked.by_txn_date { item.on } else { item.due };
    match days_between(from, asked.on) {
        days if days <= 0 => 0,
        1..=30 => 1,
        31..=60 => 2,
        61..=90 => 3,
        _ => 4,
    }
}

fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map(|span| span.get_days()).unwrap_or_default()
}

/// One row per open document, oldest bucket first.
pub fn detail(books: &Books, asked: &Asked) -> Table {
    let items = covered(books, asked);
    let mut rows = Vec::new();
    for at in (0..BUCKETS).rev() {
        let own: Vec<&OpenItem> = items.iter().filter(|item| bucket(item, asked) == at).collect();
        if own.is_empty() {
            continue;
        }
        let open: Decimal = own.iter().map(|item| home(item)).sum();
        rows.push(Line::Section {
            group: None,
            header: Some(padded(Cell::text(TITLES[at]), Decimal::ZERO)),
            rows: own.iter().map(|item| detail_row(books, item)).collect(),
            summary: padded(Cell::text(format!("Total for {}", TITLES[at])), open),
        });
    }
    let total = items.iter().map(home).sum();
    rows.push(Line::grand_total(padded(Cell::text("TOTAL"), total)));
    Table {
        name: "AgedReceivableDetail",
        from: asked.on,
        to: asked.on,
        options: vec![("report_date", asked.on.to_string())],
        columns: vec![
            column("Date", "Date", "tx_date"),
            column("Transaction Type", "String", "txn_type"),
            column("Num", "String", "doc_num"),
            column("Customer", "String", "cust_name"),
            column("Due Date", "Date", "due_date"),
            column("Amount", "Money", "subt_amount"),
            column("Open Balance", "Money", "subt_open_bal"),
        ],
        rows,
    }
}

fn padded(first: Cell, open: Decimal) -> Vec<Cell> {
    let mut cells = vec![first];
    cells.resize(6, Cell::default());
    cells.push(Cell::amount(open));
    cells
}

fn detail_row(books: &Books, item: &OpenItem) -> Line {
    let (entity, id) = &item.key.document;
    let customer = item.key.customer.as_str();
    let due = if *entity == Entity::Invoice { item.due.to_string() } else { String::new() };
    Line::Data(vec![
        Cell::text(item.on.to_string()),
        Cell::of(kind_title(*entity), id.as_str()),
        Cell::text(item.number.clone()),
        Cell::of(customer_name(books, customer), customer),
        Cell::text(due),
        Cell::amount(cents(item.amount * item.rate)),
        Cell::amount(home(item)),
    ])
}
