//! What is really in the books, for tests and for the demonstration's own comparison.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::{Value, json};

use super::books::Books;
use super::document::{Document, Kind, Payment};
use super::exact::two_places;
use super::platform::Tenant;
use super::posting;
use super::write::payment::{status_name, type_name};

/// How many and what they add up to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CountAndSum {
    pub count: u64,
    /// Two decimals, in document currency.
    pub sum: String,
}

/// One document as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TruthDocument {
    /// `Invoice`, `CreditNote`, ...
    pub kind: String,
    pub id: String,
    pub number: String,
    pub reference: String,
    pub url: String,
    pub on: Date,
    pub due: Option<Date>,
    pub contact: String,
    pub currency: String,
    /// Without tax, with tax, and what is open now: two decimals, document currency.
    pub net: String,
    pub total: String,
    pub open: String,
    /// `DRAFT`, `AUTHORISED`, ...
    pub status: String,
    /// Customers' side.
    pub sales: bool,
    /// Made through the API.
    pub by_app: bool,
    /// Invoices that a credit went to, with the amounts.
    pub applied_to: Vec<(String, String)>,
}

/// One payment or refund as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TruthPayment {
    pub id: String,
    /// `ACCRECPAYMENT`, `ARCREDITPAYMENT`, ...
    pub kind: String,
    pub document: String,
    pub on: Date,
    pub currency: String,
    pub amount: String,
    /// `AUTHORISED` or `DELETED`.
    pub status: String,
    pub reference: String,
}

/// One contact as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TruthContact {
    pub id: String,
    pub name: String,
    pub number: String,
    pub archived: bool,
}

/// A copy of one organisation's books at one moment. Everything is worked out when asked for.
#[derive(Clone, Debug)]
pub struct Truth {
    books: Books,
}

/// A closed range of accounting dates; `None` is all time.
pub type Period = Option<(Date, Date)>;

impl Truth {
    /// A copy of the books as they are.
    pub fn of(tenant: &Tenant) -> Self {
        Self { books: tenant.books.clone() }
    }

    /// Every document in order of id.
    pub fn documents(&self) -> Vec<TruthDocument> {
        self.books.documents.values().map(|document| self.document(document)).collect()
    }

    /// Documents whose number, reference or link holds the text, for example a transaction key.
    pub fn noted(&self, part: &str) -> Vec<TruthDocument> {
        let mut documents = self.documents();
        documents.retain(|document| {
            [&document.number, &document.reference, &document.url]
                .iter()
                .any(|it| it.contains(part))
        });
        documents
    }

    /// Every payment, deleted ones included, in order of id.
    pub fn payments(&self) -> Vec<TruthPayment> {
        self.books.payments.values().map(|payment| self.payment(payment)).collect()
    }

    /// Every contact in order of id.
    pub fn contacts(&self) -> Vec<TruthContact> {
        let contacts = self.books.contacts.values().map(|contact| TruthContact {
            id: contact.id.clone(),
            name: contact.name.clone(),
            number: contact.number.clone(),
            archived: contact.archived,
        });
        contacts.collect()
    }

    /// Approved sales documents of a kind by currency, by their date.
    pub fn sales(&self, kind: Kind, period: Period) -> BTreeMap<String, CountAndSum> {
        let posted = self.books.of_kind(kind).filter(|document| {
            document.sales && document.status.is_posted() && within(period, document.date)
        });
        summed(posted.map(|document| (document.currency.as_str(), document.total)))
    }

    /// Live payments of sales invoices by currency, by their date.
    pub fn receipts(&self, period: Period) -> BTreeMap<String, CountAndSum> {
        self.money(period, |kind| kind == Kind::Invoice)
    }

    /// Live refunds to customers by currency, by their date.
    pub fn refunds(&self, period: Period) -> BTreeMap<String, CountAndSum> {
        self.money(period, Kind::is_credit)
    }

    /// What every contact owes at the end of the day, in base currency. Negative: we owe.
    pub fn open_by_contact(&self, on: Date) -> BTreeMap<String, String> {
        let open = self.open(on).into_iter().filter(|(_, sum)| !sum.is_zero());
        open.map(|(id, sum)| (id, two_places(sum))).collect()
    }

    /// What all contacts together owe at the end of the day, in base currency.
    pub fn open_receivables(&self, on: Date) -> String {
        two_places(self.open(on).values().sum())
    }

    /// What is open at the end of the day by currency, in that currency.
    pub fn open_by_currency(&self, on: Date) -> BTreeMap<String, String> {
        let mut open: BTreeMap<String, Decimal> = BTreeMap::new();
        for document in self.receivables() {
            let amount = self.signed(document, on);
            *open.entry(document.currency.clone()).or_default() += amount;
        }
        open.into_iter().map(|(currency, sum)| (currency, two_places(sum))).collect()
    }

    /// The receivables account of the general ledger at the end of the day.
    pub fn control_balance(&self, on: Date) -> String {
        let control = &self.books.system("DEBTORS").id;
        two_places(posting::balance(&self.books, control, on))
    }

    /// Totals of a period and receivables at its end, as the control interface shows them.
    pub fn to_json(&self, period: (Date, Date)) -> Value {
        let both = |of: &dyn Fn(Period) -> BTreeMap<String, CountAndSum>| {
            let (all, own) = (of(None), of(Some(period)));
            json!({"all": all, "period": own})
        };
        json!({
            "period": {"from": period.0.to_string(), "to": period.1.to_string()},
            "invoices": both(&|period| self.sales(Kind::Invoice, period)),
            "credit_notes": both(&|period| self.sales(Kind::CreditNote, period)),
            "payments": both(&|period| self.receipts(period)),
            "refunds": both(&|period| self.refunds(period)),
            "open_receivables": self.open_receivables(period.1),
            "open_by_contact": self.open_by_contact(period.1),
            "open_by_currency": self.open_by_currency(period.1),
            "control_balance": self.control_balance(period.1),
            "documents": self.documents(),
            "payment_list": self.payments(),
            "contacts": self.contacts(),
        })
    }

    fn receivables(&self) -> impl Iterator<Item = &Document> {
        self.books.documents.values().filter(|document| {
            document.sales && document.status.is_posted() && document.kind != Kind::BankTransaction
        })
    }

    fn signed(&self, document: &Document, on: Date) -> Decimal {
        let open = posting::open_on(&self.books, document, on);
        if document.kind.is_credit() { -open } else { open }
    }

    fn open(&self, on: Date) -> BTreeMap<String, Decimal> {
        let mut open: BTreeMap<String, Decimal> = BTreeMap::new();
        for document in self.receivables() {
            let amount = Books::in_base(self.signed(document, on), document.rate);
            *open.entry(document.contact.clone()).or_default() += amount;
        }
        open
    }

    fn money(&self, period: Period, wanted: fn(Kind) -> bool) -> BTreeMap<String, CountAndSum> {
        let live = self.books.payments.values().filter(|payment| !payment.deleted);
        let own = live.filter_map(|payment| {
            let document = self.books.documents.get(&payment.document)?;
            let counts = document.sales && wanted(document.kind) && within(period, payment.date);
            counts.then_some((document.currency.as_str(), payment.amount))
        });
        summed(own)
    }

    fn document(&self, document: &Document) -> TruthDocument {
        let own = self.books.allocations_of(document).filter(|one| one.from == document.id);
        TruthDocument {
            kind: document.kind.singular().to_owned(),
            id: document.id.clone(),
            number: document.number.clone(),
            reference: document.reference.clone(),
            url: document.url.clone(),
            on: document.date,
            due: document.due,
            contact: document.contact.clone(),
            currency: document.currency.clone(),
            net: two_places(document.sub_total),
            total: two_places(document.total),
            open: two_places(self.books.open(document)),
            status: document.status.name().to_owned(),
            sales: document.sales,
            by_app: document.by_app,
            applied_to: own.map(|one| (one.to.clone(), two_places(one.amount))).collect(),
        }
    }

    fn payment(&self, payment: &Payment) -> TruthPayment {
        let document = self.books.documents.get(&payment.document);
        TruthPayment {
            id: payment.id.clone(),
            kind: document.map_or("", type_name).to_owned(),
            document: payment.document.clone(),
            on: payment.date,
            currency: document.map(|document| document.currency.clone()).unwrap_or_default(),
            amount: two_places(payment.amount),
            status: status_name(payment).to_owned(),
            reference: payment.reference.clone(),
        }
    }
}

fn within(period: Period, on: Date) -> bool {
    period.is_none_or(|(from, to)| from <= on && on <= to)
}

fn summed<'a>(amounts: impl Iterator<Item = (&'a str, Decimal)>) -> BTreeMap<String, CountAndSum> {
    let mut sums: BTreeMap<String, (u64, Decimal)> = BTreeMap::new();
    for (currency, amount) in amounts {
        let (count, sum) = sums.entry(currency.to_owned()).or_default();
        *count += 1;
        *sum += amount;
    }
    let texts = sums
        .into_iter()
        .map(|(currency, (count, sum))| (currency, CountAndSum { count, sum: two_places(sum) }));
    texts.collect()
}
