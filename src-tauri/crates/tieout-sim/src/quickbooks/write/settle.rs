//! What a write changes elsewhere: balances, links, customers and stock (`quickbooks §4.6`).

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::super::amount::{amount, money, number_at, object, objects, plain, reference, text};
use super::super::books::{Books, DocumentId, links_of};
use super::super::entity::Entity;
use super::super::ledger;
use super::super::row::{Body, Row, RowId};
use super::Writing;
use super::names::ancestors;

/// Stores the row, or removes it, and carries the change to everything that depends on it.
pub fn commit(writing: &mut Writing<'_>, entity: Entity, id: &RowId, row: Option<Row>) {
    let old = writing.books.get(entity, id.as_str()).map(|row| row.body.clone());
    let mut linked: BTreeSet<DocumentId> = BTreeSet::new();
    for body in old.iter().chain(row.as_ref().map(|row| &row.body)) {
        linked.extend(links_of(entity, body));
    }
    let debts = debt_changes(writing.books, entity, old.as_ref(), row.as_ref());
    let stock = stock_changes(entity, old.as_ref(), row.as_ref());
    match row {
        Some(mut row) => {
            mirror(writing.books, entity, id, &mut row.body);
            if let (Entity::Customer, Some(old)) = (entity, &old) {
                move_family(writing.books, old, &row.body);
            }
            writing.books.put(entity, id, row);
        }
        None => drop(writing.books.remove(entity, id)),
    }
    for (customer, change) in debts {
        move_debt(writing, &customer, change);
    }
    for (item, change) in stock {
        move_stock(writing, &item, change);
    }
    for (entity, id) in linked {
        refresh(writing, entity, &id);
    }
}

/// Customers of the document before and after, with the change of their debt, which may be zero.
fn debt_changes(
    books: &Books,
    entity: Entity,
    old: Option<&Body>,
    new: Option<&Row>,
) -> BTreeMap<RowId, Decimal> {
    let mut changes = BTreeMap::new();
    if !entity.is_transaction() {
        return changes;
    }
    let sides = [(old, Decimal::NEGATIVE_ONE), (new.map(|row| &row.body), Decimal::ONE)];
    for (body, sign) in sides {
        let Some(body) = body else { continue };
        if let Some(customer) = reference(body, "CustomerRef") {
            changes.entry(RowId::new(customer)).or_default();
        }
        for (customer, debt) in ledger::effects(books, entity, body) {
            *changes.entry(customer).or_default() += sign * debt;
        }
    }
    changes
}

/// The customer's last change moves with its documents, also on its parents; its token does not.
fn move_debt(writing: &mut Writing<'_>, customer: &RowId, change: Decimal) {
    let stamp = writing.stamp();
    let Some(row) = writing.books.row_mut(Entity::Customer, customer) else { return };
    let balance = amount(&row.body, "Balance") + change;
    row.body.insert("Balance".to_owned(), money(balance));
    let body = row.body.clone();
    row.updated = stamp;
    add_with_jobs(writing.books, customer, change);
    for above in parents(writing.books, &body) {
        add_with_jobs(writing.books, &above, change);
        if let Some(row) = writing.books.row_mut(Entity::Customer, &above) {
            row.updated = stamp;
        }
    }
}

/// A customer that moves below another parent takes its debt along.
fn move_family(books: &mut Books, old: &Body, new: &Body) {
    if reference(old, "ParentRef") == reference(new, "ParentRef") {
        return;
    }
    let debt = amount(new, "BalanceWithJobs");
    for above in parents(books, old) {
        add_with_jobs(books, &above, -debt);
    }
    for above in parents(books, new) {
        add_with_jobs(books, &above, debt);
    }
}

fn parents(books: &Books, customer: &Body) -> Vec<RowId> {
    ancestors(books, customer).into_iter().map(RowId::new).collect()
}

fn add_with_jobs(books: &mut Books, customer: &RowId, change: Decimal) {
    if let Some(row) = books.row_mut(Entity::Customer, customer) {
        let balance = amount(&row.body, "BalanceWithJobs") + change;
        row.body.insert("BalanceWithJobs".to_owned(), money(balance));
    }
}

/// Quantities that leave the shelf, by item.
fn stock_changes(
    entity: Entity,
    old: Option<&Body>,
    new: Option<&Row>,
) -> BTreeMap<RowId, Decimal> {
    let leaving = match entity {
        Entity::Invoice | Entity::SalesReceipt => Decimal::ONE,
        Entity::CreditMemo | Entity::RefundReceipt => Decimal::NEGATIVE_ONE,
        _ => return BTreeMap::new(),
    };
    let mut changes = BTreeMap::new();
    for (body, sign) in [(old, -leaving), (new.map(|row| &row.body), leaving)] {
        let lines = body.into_iter().flat_map(|body| objects(body, "Line"));
        for detail in lines.filter_map(|line| object(line, "SalesItemLineDetail")) {
            if let Some(item) = reference(detail, "ItemRef") {
                *changes.entry(RowId::new(item)).or_default() += sign * amount(detail, "Qty");
            }
        }
    }
    changes
}

/// Only counted items move, and with them their token.
fn move_stock(writing: &mut Writing<'_>, item: &RowId, leaving: Decimal) {
    let stamp = writing.stamp();
    let Some(row) = writing.books.row_mut(Entity::Item, item) else { return };
    if text(&row.body, "Type") != Some("Inventory") || leaving.is_zero() {
        return;
    }
    let left = amount(&row.body, "QtyOnHand") - leaving;
    row.body.insert("QtyOnHand".to_owned(), plain(left));
    row.token += 1;
    row.updated = stamp;
}

/// A document that others settle gets its new balance, and with it a new token and time.
fn refresh(writing: &mut Writing<'_>, entity: Entity, id: &RowId) {
    let Some(row) = writing.books.get(entity, id.as_str()) else { return };
    let mut body = row.body.clone();
    mirror(writing.books, entity, id, &mut body);
    let stamp = writing.stamp();
    let Some(row) = writing.books.row_mut(entity, id) else { return };
    if row.body != body {
        row.body = body;
        row.token += 1;
        row.updated = stamp;
    }
}

/// Writes the members that follow from other documents.
pub fn mirror(books: &Books, entity: Entity, id: &RowId, body: &mut Body) {
    let document = (entity, id.clone());
    let applied = || ledger::applied(books, &document, None, None);
    match entity {
        Entity::Invoice => {
            let open = amount(body, "TotalAmt") - amount(body, "Deposit") - applied();
            body.insert("Balance".to_owned(), money(open));
            body.insert("LinkedTxn".to_owned(), links_to(books, &document));
        }
        Entity::CreditMemo => {
            let open = money(amount(body, "TotalAmt") - applied());
            body.insert("Balance".to_owned(), open.clone());
            body.insert("RemainingCredit".to_owned(), open);
            body.insert("LinkedTxn".to_owned(), links_to(books, &document));
        }
        Entity::SalesReceipt | Entity::RefundReceipt => {
            body.insert("Balance".to_owned(), json!(0));
        }
        Entity::JournalEntry => {
            body.insert("LinkedTxn".to_owned(), links_to(books, &document));
        }
        _ => return,
    }
    if entity.is_sales_form() {
        show_home_amounts(books, body);
    }
}

/// Paying documents, newest first.
fn links_to(books: &Books, document: &DocumentId) -> Value {
    let mut sources = books.sources(document.0, &document.1);
    sources.retain(|(entity, _)| *entity != Entity::Deposit);
    sources.sort_by(|a, b| b.1.cmp(&a.1));
    let links =
        sources.iter().map(|(entity, id)| json!({"TxnId": id.as_str(), "TxnType": entity.name()}));
    Value::Array(links.collect())
}

/// `HomeTotalAmt` and `HomeBalance`: rounded once on the total (`quickbooks §9`).
fn show_home_amounts(books: &Books, body: &mut Body) {
    let foreign = reference(body, "CurrencyRef") != Some(books.config.home_currency.as_str());
    if !books.config.multi_currency || !foreign {
        body.remove("HomeTotalAmt");
        body.remove("HomeBalance");
        return;
    }
    let rate = number_at(body, "ExchangeRate").unwrap_or(Decimal::ONE);
    let total = money(amount(body, "TotalAmt") * rate);
    let open = money(amount(body, "Balance") * rate);
    body.insert("HomeTotalAmt".to_owned(), total);
    body.insert("HomeBalance".to_owned(), open);
}
