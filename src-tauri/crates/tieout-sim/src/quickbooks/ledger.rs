//! The receivables sub-ledger: open items and what settles them, as of any day.
//!
//! A document counts from its own date. An application takes effect on the latest of the dates of
//! the paying document and of both sides (`finance-domain §3 D6`), so that the open items of a day
//! always add up to what was posted to receivables until that day.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::accounts;
use super::amount::{amount, number_at, object, objects, reference, text};
use super::books::{Books, DocumentId, target};
use super::entity::Entity;
use super::row::{Body, Row, RowId};

/// What one document does to what one customer owes. A journal may hold several.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ItemKey {
    pub document: DocumentId,
    pub customer: RowId,
}

/// One receivable or credit in document currency.
#[derive(Clone, Debug)]
pub struct OpenItem {
    pub key: ItemKey,
    pub on: Date,
    pub due: Date,
    pub number: String,
    /// Positive: the customer owes it.
    pub amount: Decimal,
    /// What is left of `amount` on the day asked for.
    pub open: Decimal,
    /// Home units per unit of the document's currency.
    pub rate: Decimal,
}

struct Application {
    debit: ItemKey,
    credit: ItemKey,
    amount: Decimal,
}

/// The document's date. Every stored transaction has one.
pub fn date(body: &Body) -> Date {
    let day = text(body, "TxnDate").and_then(|day| day.parse().ok());
    day.expect("a stored transaction has a date")
}

/// Home units per unit of the document's currency.
pub fn rate(body: &Body) -> Decimal {
    number_at(body, "ExchangeRate").unwrap_or(Decimal::ONE)
}

/// What the document adds to each customer's debt, in document currency. Positive: owes more.
pub fn effects(books: &Books, entity: Entity, body: &Body) -> BTreeMap<RowId, Decimal> {
    let mut effects = BTreeMap::new();
    let mut add = |customer: Option<&str>, amount: Decimal| {
        if let Some(customer) = customer {
            *effects.entry(RowId::new(customer)).or_default() += amount;
        }
    };
    let customer = reference(body, "CustomerRef");
    match entity {
        Entity::Invoice => add(customer, amount(body, "TotalAmt") - amount(body, "Deposit")),
        Entity::CreditMemo | Entity::Payment => add(customer, -amount(body, "TotalAmt")),
        Entity::RefundReceipt if refunded_credit(body).is_some() => {
            add(customer, amount(body, "TotalAmt"));
        }
        Entity::Deposit => {
            for (customer, amount) in deposit_credits(books, body) {
                add(Some(customer), -amount);
            }
        }
        Entity::JournalEntry => {
            for (customer, amount) in journal_lines(books, body) {
                add(customer, amount);
            }
        }
        _ => {}
    }
    effects
}

/// The credit memo that a refund receipt pays out. \[memory\] A refund receipt does not touch
/// receivables by itself; with this link it uses the credit up and debits receivables by it.
pub fn refunded_credit(body: &Body) -> Option<DocumentId> {
    objects(body, "LinkedTxn").filter_map(target).find(|(entity, _)| *entity == Entity::CreditMemo)
}

/// Direct lines of a deposit on receivables: customer and amount.
fn deposit_credits<'a>(books: &Books, body: &'a Body) -> Vec<(&'a str, Decimal)> {
    let lines = objects(body, "Line").filter_map(|line| {
        let detail = object(line, "DepositLineDetail")?;
        let account = reference(detail, "AccountRef")?;
        let customer = text(object(detail, "Entity")?, "value")?;
        accounts::is_receivable(books, account).then(|| (customer, amount(line, "Amount")))
    });
    lines.collect()
}

/// Lines of a journal on receivables: customer, if named, and debit less credit.
pub fn journal_lines<'a>(books: &Books, body: &'a Body) -> Vec<(Option<&'a str>, Decimal)> {
    let lines = objects(body, "Line").filter_map(|line| {
        let detail = object(line, "JournalEntryLineDetail")?;
        let account = reference(detail, "AccountRef")?;
        let customer = object(detail, "Entity").and_then(|name| reference(name, "EntityRef"));
        let debit = text(detail, "PostingType") == Some("Debit");
        let signed = if debit { amount(line, "Amount") } else { -amount(line, "Amount") };
        accounts::is_receivable(books, account).then_some((customer, signed))
    });
    lines.collect()
}

/// What other documents have taken off this one, whatever their dates: all of them, or those of one
/// payer. `without` is left out of the sum: the document that is just being written.
pub fn applied(
    books: &Books,
    document: &DocumentId,
    payer: Option<&str>,
    without: Option<&RowId>,
) -> Decimal {
    let sources = books.sources(document.0, &document.1);
    let sources = sources.iter().filter(|(_, id)| Some(id) != without);
    sources
        .filter_map(|(entity, id)| Some((*entity, books.get(*entity, id.as_str())?)))
        .filter(|(_, row)| payer.is_none() || reference(&row.body, "CustomerRef") == payer)
        .map(|(entity, row)| match entity {
            Entity::Payment => linked_amount(&row.body, document),
            Entity::RefundReceipt => amount(&row.body, "TotalAmt"),
            _ => Decimal::ZERO,
        })
        .sum()
}

/// The sum of a payment's lines that name the document.
pub fn linked_amount(payment: &Body, document: &DocumentId) -> Decimal {
    let lines = objects(payment, "Line").filter(|line| {
        objects(line, "LinkedTxn").filter_map(target).any(|linked| linked == *document)
    });
    lines.map(|line| amount(line, "Amount")).sum()
}

/// Everything that is open at the end of `day`, or ever when no day is given. Items without an open
/// part are left out.
pub fn open_items(books: &Books, day: Option<Date>) -> Vec<OpenItem> {
    let mut items = all_items(books, day);
    for application in applications(books, &items) {
        if let Some(debit) = items.get_mut(&application.debit) {
            debit.open -= application.amount;
        }
        if let Some(credit) = items.get_mut(&application.credit) {
            credit.open += application.amount;
        }
    }
    items.into_values().filter(|item| !item.open.is_zero()).collect()
}

fn all_items(books: &Books, day: Option<Date>) -> BTreeMap<ItemKey, OpenItem> {
    let mut items = BTreeMap::new();
    for entity in Entity::ALL.into_iter().filter(|entity| entity.is_transaction()) {
        for (id, row) in books.all(entity) {
            let on = date(&row.body);
            if day.is_some_and(|day| on > day) {
                continue;
            }
            for (customer, amount) in effects(books, entity, &row.body) {
                let key = ItemKey { document: (entity, id.clone()), customer };
                items.insert(key.clone(), item(key, &row.body, on, amount));
            }
        }
    }
    items
}

fn item(key: ItemKey, body: &Body, on: Date, amount: Decimal) -> OpenItem {
    let due = text(body, "DueDate").and_then(|day| day.parse().ok()).unwrap_or(on);
    let number = text(body, "DocNumber").or_else(|| text(body, "PaymentRefNum"));
    let number = number.unwrap_or_default().to_owned();
    OpenItem { key, on, due, number, amount, open: amount, rate: rate(body) }
}

/// Applications whose both sides are among `items`. The money of a payment is one of them, so an
/// application counts from the latest of the three dates on.
fn applications(books: &Books, items: &BTreeMap<ItemKey, OpenItem>) -> Vec<Application> {
    let mut all = Vec::new();
    for (id, row) in books.all(Entity::Payment) {
        all.extend(of_payment(id, row, items));
    }
    for (id, row) in books.all(Entity::RefundReceipt) {
        all.extend(of_refund(id, row, items));
    }
    all
}

/// A payment's credits are taken up by the debit lines in their order, cash covers the rest
/// (`quickbooks §3.5`).
fn of_payment(id: &RowId, row: &Row, items: &BTreeMap<ItemKey, OpenItem>) -> Vec<Application> {
    let Some(customer) = reference(&row.body, "CustomerRef") else { return Vec::new() };
    let cash = ItemKey { document: (Entity::Payment, id.clone()), customer: RowId::new(customer) };
    let (mut debits, mut credits) = (Vec::new(), Vec::new());
    for line in objects(&row.body, "Line") {
        let Some(document) = objects(line, "LinkedTxn").find_map(target) else { continue };
        let Some(linked) = linked_item(items, document, &cash.customer) else { continue };
        let side = if linked.amount < Decimal::ZERO { &mut credits } else { &mut debits };
        side.push((linked, amount(line, "Amount")));
    }
    let Some(cash) = items.get(&cash) else { return Vec::new() };
    credits.push((cash, amount(&row.body, "TotalAmt")));
    paired(debits, credits)
}

/// The item of a linked document: the payer's own, or the only one (a sub-customer's invoice).
fn linked_item<'a>(
    items: &'a BTreeMap<ItemKey, OpenItem>,
    document: DocumentId,
    payer: &RowId,
) -> Option<&'a OpenItem> {
    let own = ItemKey { document, customer: payer.clone() };
    items.get(&own).or_else(|| items.values().find(|item| item.key.document == own.document))
}

fn paired(
    debits: Vec<(&OpenItem, Decimal)>,
    mut credits: Vec<(&OpenItem, Decimal)>,
) -> Vec<Application> {
    let mut all = Vec::new();
    for (debit, mut left) in debits {
        for (credit, unused) in &mut credits {
            let amount = left.min(*unused);
            if amount <= Decimal::ZERO {
                continue;
            }
            left -= amount;
            *unused -= amount;
            all.push(Application { debit: debit.key.clone(), credit: credit.key.clone(), amount });
        }
    }
    all
}

fn of_refund(id: &RowId, row: &Row, items: &BTreeMap<ItemKey, OpenItem>) -> Option<Application> {
    let customer = RowId::new(reference(&row.body, "CustomerRef")?);
    let key = |document| ItemKey { document, customer: customer.clone() };
    let debit = items.get(&key((Entity::RefundReceipt, id.clone())))?;
    let credit = items.get(&key(refunded_credit(&row.body)?))?;
    Some(Application { debit: debit.key.clone(), credit: credit.key.clone(), amount: debit.amount })
}
