//! What each customer owes in all.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::super::amount::{cents, reference, text};
use super::super::books::Books;
use super::super::entity::Entity;
use super::super::ledger::open_items;
use super::super::row::RowId;
use super::Asked;
use super::table::{Cell, Line, Table, column};

/// One row per customer that owes or is owed.
pub fn customers(books: &Books, asked: &Asked) -> Table {
    let mut balances: BTreeMap<RowId, Decimal> = BTreeMap::new();
    for item in open_items(books, Some(asked.on)) {
        if asked.covers(item.key.customer.as_str()) {
            *balances.entry(item.key.customer).or_default() += cents(item.open * item.rate);
        }
    }
    let total: Decimal = balances.values().sum();
    let cells = |balance: &Decimal| vec![Cell::amount(*balance)];
    let mut rows = by_parent(books, &balances, cells, |a, b| a + b);
    rows.push(Line::grand_total(vec![Cell::text("TOTAL"), Cell::amount(total)]));
    Table {
        name: "CustomerBalance",
        from: asked.on,
        to: asked.on,
        options: vec![("report_date", asked.on.to_string())],
        columns: vec![column("", "Customer", "cust_name"), column("Total", "Money", "total")],
        rows,
    }
}

pub fn customer_name(books: &Books, customer: &str) -> String {
    let row = books.get(Entity::Customer, customer);
    row.and_then(|row| text(&row.body, "DisplayName")).unwrap_or_default().to_owned()
}

/// Rows by name; sub-customers nest below their parent as a section with a total.
pub fn by_parent<V: Clone>(
    books: &Books,
    values: &BTreeMap<RowId, V>,
    cells: impl Fn(&V) -> Vec<Cell> + Copy,
    added: impl Fn(V, V) -> V + Copy,
) -> Vec<Line> {
    let mut shown: BTreeSet<RowId> = values.keys().cloned().collect();
    for id in values.keys() {
        shown.extend(parents(books, id));
    }
    let forest = Forest { books, values, shown: &shown, cells, added };
    let mut tops: Vec<&RowId> = shown.iter().filter(|id| parent(books, id).is_none()).collect();
    tops.sort_by_key(|id| customer_name(books, id.as_str()));
    tops.into_iter().map(|id| forest.line(id).0).collect()
}

fn parent(books: &Books, id: &RowId) -> Option<RowId> {
    let row = books.get(Entity::Customer, id.as_str())?;
    reference(&row.body, "ParentRef").map(RowId::new)
}

fn parents(books: &Books, id: &RowId) -> Vec<RowId> {
    let mut above = Vec::new();
    let mut next = parent(books, id);
    while let Some(id) = next.filter(|id| !above.contains(id)) {
        next = parent(books, &id);
        above.push(id);
    }
    above
}

struct Forest<'a, V, C, A> {
    books: &'a Books,
    values: &'a BTreeMap<RowId, V>,
    shown: &'a BTreeSet<RowId>,
    cells: C,
    added: A,
}

impl<V: Clone, C: Fn(&V) -> Vec<Cell>, A: Fn(V, V) -> V> Forest<'_, V, C, A> {
    /// The row or section of a customer and the value of all of it.
    fn line(&self, id: &RowId) -> (Line, Option<V>) {
        let own = self.values.get(id);
        let name = Cell::of(customer_name(self.books, id.as_str()), id.as_str());
        let children: Vec<&RowId> = self
            .shown
            .iter()
            .filter(|child| parent(self.books, child).as_ref() == Some(id))
            .collect();
        let own_row = own.map(|value| Line::Data(self.row(name.clone(), value)));
        if children.is_empty() {
            let row = own_row.unwrap_or_else(|| Line::Data(vec![name]));
            return (row, own.cloned());
        }
        let mut rows: Vec<Line> = own_row.into_iter().collect();
        let mut total = own.cloned();
        for child in children {
            let (row, value) = self.line(child);
            rows.push(row);
            total = match (total, value) {
                (Some(a), Some(b)) => Some((self.added)(a, b)),
                (a, b) => a.or(b),
            };
        }
        let title = Cell::text(format!("Total {}", name.value));
        let summary = match &total {
            Some(value) => self.row(title, value),
            None => vec![title],
        };
        let section = Line::Section { group: None, header: Some(vec![name]), rows, summary };
        (section, total)
    }

    fn row(&self, first: Cell, value: &V) -> Vec<Cell> {
        let mut cells = vec![first];
        cells.extend((self.cells)(value));
        cells
    }
}
