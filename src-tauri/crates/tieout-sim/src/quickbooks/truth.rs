//! What is really in the books, for tests and for the demonstration's own comparison.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::{Value, json};

use super::amount::{amount, cents, objects, reference, text, two_places};
use super::books::{Books, target};
use super::entity::Entity;
use super::ledger::{date, journal_lines, open_items};
use super::posting;
use super::row::{Row, RowId};
use super::write::is_voided;

/// How many documents and what they add up to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CountAndSum {
    /// Documents that were not voided.
    pub count: u64,
    /// Their total with tax in document currency, two decimals.
    pub sum: String,
}

/// One document as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TruthDocument {
    /// `Invoice`, `Payment`, ...
    pub kind: String,
    /// Unique within its kind.
    pub id: String,
    /// `DocNumber`.
    pub number: Option<String>,
    /// `TxnDate`.
    pub on: Date,
    /// The id of the customer, if the document has one.
    pub customer: Option<String>,
    /// With tax, in document currency, two decimals.
    pub total: String,
    /// What is open of it now, two decimals; zero for kinds without a balance.
    pub open: String,
    /// `PrivateNote`; empty when there is none.
    pub note: String,
    /// All its amounts are zero since.
    pub voided: bool,
    /// Kinds and ids of the documents that this one is applied to.
    pub applied_to: Vec<(String, String)>,
}

/// One customer as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TruthCustomer {
    pub id: String,
    /// `DisplayName`.
    pub name: String,
    /// `Notes`; empty when there are none.
    pub notes: String,
    pub active: bool,
}

/// The books at one moment. Everything is worked out when it is asked for.
#[derive(Clone, Debug)]
pub struct Truth {
    books: Arc<Books>,
}

/// A closed range of accounting dates; `None` is all time.
pub type Period = Option<(Date, Date)>;

impl Truth {
    /// Every document in order of kind and id.
    pub fn documents(&self) -> Vec<TruthDocument> {
        let transactions = Entity::ALL.into_iter().filter(|entity| entity.is_transaction());
        let rows = transactions
            .flat_map(|entity| self.books.all(entity).map(move |(id, row)| (entity, id, row)));
        rows.map(|(entity, id, row)| document(entity, id, row)).collect()
    }

    /// Every customer in order of id.
    pub fn customers(&self) -> Vec<TruthCustomer> {
        let rows = self.books.all(Entity::Customer);
        rows.map(|(id, row)| TruthCustomer {
            id: id.as_str().to_owned(),
            name: text(&row.body, "DisplayName").unwrap_or_default().to_owned(),
            notes: text(&row.body, "Notes").unwrap_or_default().to_owned(),
            active: row.body.get("Active").and_then(Value::as_bool).unwrap_or(true),
        })
        .collect()
    }

    /// Documents whose private note holds the text, for example a transaction key.
    pub fn noted(&self, part: &str) -> Vec<TruthDocument> {
        let mut documents = self.documents();
        documents.retain(|document| document.note.contains(part));
        documents
    }

    /// Invoices by their date.
    pub fn invoices(&self, period: Period) -> CountAndSum {
        self.counted(Entity::Invoice, period)
    }

    /// Credit memos by their date.
    pub fn credit_memos(&self, period: Period) -> CountAndSum {
        self.counted(Entity::CreditMemo, period)
    }

    /// Payments that brought money: those of zero only apply credits.
    pub fn payments(&self, period: Period) -> CountAndSum {
        self.counted(Entity::Payment, period)
    }

    /// Refund receipts by their date.
    pub fn refunds(&self, period: Period) -> CountAndSum {
        self.counted(Entity::RefundReceipt, period)
    }

    /// Journals that credit receivables of a customer, by the journal's date.
    pub fn write_offs(&self, period: Period) -> CountAndSum {
        let journals = self.books.all(Entity::JournalEntry);
        let lines = journals
            .filter(|(_, row)| within(period, date(&row.body)))
            .flat_map(|(_, row)| journal_lines(&self.books, &row.body));
        let credits = lines
            .filter(|(customer, amount)| customer.is_some() && *amount < Decimal::ZERO)
            .map(|(_, amount)| -amount);
        summed(credits)
    }

    /// What every customer owes at the end of the day, in home currency. Negative: we owe.
    pub fn open_by_customer(&self, on: Date) -> BTreeMap<String, String> {
        let open = self.open(on).into_iter();
        open.map(|(id, sum)| (id, two_places(sum))).collect()
    }

    /// What all customers together owe at the end of the day, in home currency.
    pub fn open_receivables(&self, on: Date) -> String {
        two_places(self.open(on).values().sum())
    }

    /// The receivables accounts of the general ledger at the end of the day, in home currency.
    pub fn control_balance(&self, on: Date) -> String {
        two_places(posting::control_balance(&self.books, Some(on)))
    }

    fn open(&self, on: Date) -> BTreeMap<String, Decimal> {
        let mut open = BTreeMap::new();
        for item in open_items(&self.books, Some(on)) {
            let customer = item.key.customer.as_str().to_owned();
            *open.entry(customer).or_default() += cents(item.open * item.rate);
        }
        open
    }

    /// Totals of a period and receivables at its end, as the control interface shows them.
    pub fn to_json(&self, period: (Date, Date)) -> Value {
        let both = |of: fn(&Self, Period) -> CountAndSum| {
            let (all, own) = (of(self, None), of(self, Some(period)));
            json!({"all": all, "period": own})
        };
        json!({
            "period": {"from": period.0.to_string(), "to": period.1.to_string()},
            "invoices": both(Self::invoices),
            "credit_memos": both(Self::credit_memos),
            "payments": both(Self::payments),
            "refunds": both(Self::refunds),
            "write_offs": both(Self::write_offs),
            "open_receivables": self.open_receivables(period.1),
            "open_by_customer": self.open_by_customer(period.1),
            "control_balance": self.control_balance(period.1),
            "documents": self.documents(),
        })
    }

    fn counted(&self, entity: Entity, period: Period) -> CountAndSum {
        let own = self.books.all(entity).map(|(_, row)| &row.body);
        let own = own.filter(|body| !is_voided(body) && within(period, date(body)));
        let totals = own.map(|body| amount(body, "TotalAmt"));
        summed(totals.filter(|total| entity != Entity::Payment || *total > Decimal::ZERO))
    }
}

fn within(period: Period, on: Date) -> bool {
    period.is_none_or(|(from, to)| from <= on && on <= to)
}

fn summed(amounts: impl Iterator<Item = Decimal>) -> CountAndSum {
    let (mut count, mut sum) = (0, Decimal::ZERO);
    for amount in amounts {
        count += 1;
        sum += amount;
    }
    CountAndSum { count, sum: two_places(sum) }
}

/// The books as they are, whatever is done to them later.
pub fn of(books: Arc<Books>) -> Truth {
    Truth { books }
}

fn document(entity: Entity, id: &RowId, row: &Row) -> TruthDocument {
    let body = &row.body;
    let open = if entity == Entity::Payment { "UnappliedAmt" } else { "Balance" };
    let applied = objects(body, "Line")
        .flat_map(|line| objects(line, "LinkedTxn"))
        .filter_map(target)
        .map(|(entity, id)| (entity.name().to_owned(), id.as_str().to_owned()));
    TruthDocument {
        kind: entity.name().to_owned(),
        id: id.as_str().to_owned(),
        number: text(body, "DocNumber").map(str::to_owned),
        on: date(body),
        customer: reference(body, "CustomerRef").map(str::to_owned),
        total: two_places(amount(body, "TotalAmt")),
        open: two_places(amount(body, open)),
        note: text(body, "PrivateNote").unwrap_or_default().to_owned(),
        voided: is_voided(body),
        applied_to: applied.collect(),
    }
}
