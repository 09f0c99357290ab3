//! What documents post to the accounts of the general ledger.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::accounts;
use super::amount::{amount, cents, object, objects, reference, text};
use super::books::Books;
use super::entity::Entity;
use super::ledger::{self, date, rate};
use super::row::{Body, RowId};

/// Debit less credit per account, in document currency.
type Postings = Vec<(RowId, Decimal)>;

/// Debit less credit per account at the end of `day`, in home currency. Foreign receivables stand
/// at the rate of each open document, as in the recorded report (`quickbooks §4.9`); what that
/// leaves over is exchange gain or loss.
pub fn trial_balance(books: &Books, day: Option<Date>) -> BTreeMap<RowId, Decimal> {
    let mut balances: BTreeMap<RowId, Decimal> = BTreeMap::new();
    for (body, postings) in posted(books, day) {
        for (account, amount) in postings {
            if !is_foreign_receivable(books, &account) {
                *balances.entry(account).or_default() += cents(amount * rate(body));
            }
        }
    }
    for item in ledger::open_items(books, day) {
        let account = receivable_of(books, &item.key.customer);
        if is_foreign_receivable(books, &account) {
            *balances.entry(account).or_default() += cents(item.open * item.rate);
        }
    }
    let left_over: Decimal = balances.values().sum();
    *balances.entry(RowId::new(accounts::EXCHANGE_GAIN)).or_default() -= left_over;
    balances
}

/// `CurrentBalance`: in the account's own currency, positive on its natural side.
pub fn account_balance(books: &Books, account: &RowId) -> Decimal {
    let foreign = is_foreign_receivable(books, account);
    let mut debits = Decimal::ZERO;
    for (body, postings) in posted(books, None) {
        let rate = if foreign { Decimal::ONE } else { rate(body) };
        let own = postings.iter().filter(|(posted, _)| posted == account);
        debits += own.map(|(_, amount)| cents(*amount * rate)).sum::<Decimal>();
    }
    let row = books.get(Entity::Account, account.as_str());
    let natural = row.is_none_or(|row| accounts::is_debit_account(&row.body));
    if natural { debits } else { -debits }
}

/// The sum of all receivables accounts at the end of `day`, in home currency.
pub fn control_balance(books: &Books, day: Option<Date>) -> Decimal {
    let balances = trial_balance(books, day);
    let control = balances.iter().filter(|(id, _)| accounts::is_receivable(books, id.as_str()));
    control.map(|(_, balance)| *balance).sum()
}

fn posted(books: &Books, day: Option<Date>) -> impl Iterator<Item = (&Body, Postings)> {
    let transactions = Entity::ALL.into_iter().filter(|entity| entity.is_transaction());
    transactions
        .flat_map(|entity| books.all(entity).map(move |(_, row)| (entity, &row.body)))
        .filter(move |(_, body)| day.is_none_or(|day| date(body) <= day))
        .map(|(entity, body)| (body, postings(books, entity, body)))
}

fn is_foreign_receivable(books: &Books, account: &RowId) -> bool {
    let Some(row) = books.get(Entity::Account, account.as_str()) else { return false };
    let home = books.config.home_currency.as_str();
    accounts::account_type(&row.body) == accounts::RECEIVABLE_TYPE
        && reference(&row.body, "CurrencyRef").is_some_and(|currency| currency != home)
}

fn receivable_of(books: &Books, customer: &RowId) -> RowId {
    let row = books.get(Entity::Customer, customer.as_str());
    let currency = row.and_then(|row| reference(&row.body, "CurrencyRef"));
    accounts::receivable_of(books, currency.unwrap_or(&books.config.home_currency))
}

fn document_receivable(books: &Books, body: &Body) -> RowId {
    let home = books.config.home_currency.as_str();
    accounts::receivable_of(books, reference(body, "CurrencyRef").unwrap_or(home))
}

fn postings(books: &Books, entity: Entity, body: &Body) -> Postings {
    let total = amount(body, "TotalAmt");
    match entity {
        Entity::Invoice => {
            let paid_with_it = amount(body, "Deposit");
            let mut all = sale(books, body);
            all.push((document_receivable(books, body), total - paid_with_it));
            all.push((RowId::new(accounts::UNDEPOSITED_FUNDS), paid_with_it));
            all
        }
        Entity::SalesReceipt => {
            let mut all = sale(books, body);
            all.push((banked_to(body), total));
            all
        }
        Entity::CreditMemo => {
            let mut all = reversed(sale(books, body));
            all.push((document_receivable(books, body), -total));
            all
        }
        // The credit memo has taken the income back already: the refund only pays it out.
        Entity::RefundReceipt if ledger::refunded_credit(body).is_some() => {
            vec![(document_receivable(books, body), total), (banked_to(body), -total)]
        }
        Entity::RefundReceipt => {
            let mut all = reversed(sale(books, body));
            all.push((banked_to(body), -total));
            all
        }
        Entity::Payment => {
            vec![(banked_to(body), total), (document_receivable(books, body), -total)]
        }
        Entity::Deposit => deposit(body),
        Entity::JournalEntry => journal(body),
        _ => Vec::new(),
    }
}

fn banked_to(body: &Body) -> RowId {
    RowId::new(reference(body, "DepositToAccountRef").unwrap_or(accounts::UNDEPOSITED_FUNDS))
}

fn reversed(postings: Postings) -> Postings {
    postings.into_iter().map(|(account, amount)| (account, -amount)).collect()
}

/// Income, discount and tax of a sale; the side of the buyer is left to the caller.
fn sale(books: &Books, body: &Body) -> Postings {
    let mut all = Postings::new();
    sale_lines(books, body, &mut all);
    let tax = object(body, "TxnTaxDetail").map(|detail| amount(detail, "TotalTax"));
    all.push((RowId::new(accounts::TAX_PAYABLE), -tax.unwrap_or_default()));
    all
}

fn sale_lines(books: &Books, body: &Body, all: &mut Postings) {
    for line in objects(body, "Line") {
        let money = amount(line, "Amount");
        if let Some(detail) = object(line, "SalesItemLineDetail") {
            all.push((income_account(books, detail), -money));
        } else if let Some(detail) = object(line, "DiscountLineDetail") {
            let account = reference(detail, "DiscountAccountRef").unwrap_or(accounts::DISCOUNTS);
            all.push((RowId::new(account), money));
        } else if let Some(detail) = object(line, "GroupLineDetail") {
            sale_lines(books, detail, all);
        }
    }
}

fn income_account(books: &Books, detail: &Body) -> RowId {
    let item = reference(detail, "ItemRef").and_then(|id| books.get(Entity::Item, id));
    let account = reference(detail, "ItemAccountRef")
        .or_else(|| reference(&item?.body, "IncomeAccountRef"))
        .unwrap_or(accounts::SERVICES);
    RowId::new(account)
}

fn deposit(body: &Body) -> Postings {
    let mut all = vec![(banked_to(body), amount(body, "TotalAmt"))];
    if let Some(cash) = object(body, "CashBack") {
        let account = reference(cash, "AccountRef").unwrap_or(accounts::CHECKING);
        all.push((RowId::new(account), amount(cash, "Amount")));
    }
    for line in objects(body, "Line") {
        let detail = object(line, "DepositLineDetail");
        let account = detail.and_then(|detail| reference(detail, "AccountRef"));
        let account = account.unwrap_or(accounts::UNDEPOSITED_FUNDS);
        all.push((RowId::new(account), -amount(line, "Amount")));
    }
    all
}

fn journal(body: &Body) -> Postings {
    let lines = objects(body, "Line").filter_map(|line| {
        let detail = object(line, "JournalEntryLineDetail")?;
        let account = RowId::new(reference(detail, "AccountRef")?);
        let debit = text(detail, "PostingType") == Some("Debit");
        let money = amount(line, "Amount");
        Some((account, if debit { money } else { -money }))
    });
    lines.collect()
}
