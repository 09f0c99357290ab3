//! The general ledger, worked out from the documents (`xero §6.10, §9.3, §9.4`).
//!
//! What stands on a control account is, for every document, what is open of it at the document's
//! own rate. The difference that another rate makes at payment is the realised gain.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::books::Books;
use super::document::{Document, Kind};
use super::exact::cents;
use super::guid::Guid;

/// One posting in base currency; debits are positive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub on: Date,
    pub account: Guid,
    pub amount: Decimal,
}

/// Money or credit that moved what is open of a document.
struct Move<'a> {
    on: Date,
    id: &'a str,
    amount: Decimal,
    /// The bank account, and what reached it in base currency.
    bank: Option<(&'a str, Decimal)>,
}

/// Every posting. The sum is zero.
pub fn entries(books: &Books) -> Vec<Entry> {
    let mut entries = Vec::new();
    for document in books.documents.values().filter(|document| document.status.is_posted()) {
        documents(books, document, &mut entries);
        moves(books, document, &mut entries);
    }
    entries.retain(|entry| !entry.amount.is_zero());
    entries
}

/// The balance of an account at the end of the day; debits are positive.
pub fn balance(books: &Books, account: &str, on: Date) -> Decimal {
    let entries = entries(books).into_iter();
    let own = entries.filter(|entry| entry.account == account && entry.on <= on);
    own.map(|entry| entry.amount).sum()
}

/// What is open at the end of the day, in the document's currency. Payments count from their own
/// date, also where that lies before the document's.
pub fn open_on(books: &Books, document: &Document, on: Date) -> Decimal {
    let total = if document.date <= on { document.total } else { Decimal::ZERO };
    let applied = books.applied(document, Some(on));
    total - applied.paid - applied.credited
}

/// Plus where the control account of the side is debited: invoices to customers, credits from
/// suppliers.
fn sign(document: &Document) -> Decimal {
    let debit = document.sales != document.kind.is_credit();
    if debit { Decimal::ONE } else { Decimal::NEGATIVE_ONE }
}

fn control<'a>(books: &'a Books, document: &Document) -> &'a str {
    &books.system(if document.sales { "DEBTORS" } else { "CREDITORS" }).id
}

fn documents(books: &Books, document: &Document, entries: &mut Vec<Entry>) {
    let on = document.date;
    let mut post = |account: &str, amount: Decimal| {
        entries.push(Entry { on, account: account.to_owned(), amount });
    };
    let base = |amount: Decimal| Books::in_base(amount, document.rate);
    let whole = base(document.total);
    let bank = document.bank.as_deref();
    match (document.kind, bank) {
        (Kind::Overpayment | Kind::Prepayment, Some(bank)) => {
            post(control(books, document), sign(document) * whole);
            post(bank, -sign(document) * whole);
            return;
        }
        (Kind::BankTransaction, Some(bank)) => post(bank, sign(document) * whole),
        _ => post(control(books, document), sign(document) * whole),
    }
    let mut left = whole;
    let tax = base(document.total_tax);
    post(&books.system("GST").id, -sign(document) * tax);
    left -= tax;
    for line in &document.lines {
        let net = base(line.net(document.amount_types));
        let account = line.account.as_deref().unwrap_or(&books.system("HISTORICAL").id);
        post(account, -sign(document) * net);
        left -= net;
    }
    // Cents that translation line by line leaves over, and `RoundingAmount`.
    post(&books.system("ROUNDING").id, -sign(document) * left);
}

fn moves(books: &Books, document: &Document, entries: &mut Vec<Entry>) {
    let payments = books.payments_of(document).map(|payment| Move {
        on: payment.date,
        id: &payment.id,
        amount: payment.amount,
        bank: Some((&payment.account, Books::in_base(payment.amount, payment.rate))),
    });
    let credits = books.allocations_of(document).map(|credit| Move {
        on: credit.date,
        id: &credit.id,
        amount: credit.amount,
        bank: None,
    });
    let mut all: Vec<Move<'_>> = payments.chain(credits).collect();
    all.sort_by(|a, b| (a.on, a.id).cmp(&(b.on, b.id)));
    let mut open = document.total;
    let gains = &books.system("REALISEDCURRENCYGAIN").id;
    for one in all {
        let before = Books::in_base(open, document.rate);
        open -= one.amount;
        let fallen = sign(document) * (before - Books::in_base(open, document.rate));
        let mut post = |account: &str, amount: Decimal| {
            entries.push(Entry { on: one.on, account: account.to_owned(), amount: cents(amount) });
        };
        post(control(books, document), -fallen);
        let reached = one.bank.map_or(Decimal::ZERO, |(account, amount)| {
            post(account, sign(document) * amount);
            sign(document) * amount
        });
        post(gains, fallen - reached);
    }
}
