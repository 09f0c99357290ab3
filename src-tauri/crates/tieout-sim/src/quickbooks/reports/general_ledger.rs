//! Balances of accounts.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::super::accounts;
use super::super::books::Books;
use super::super::entity::Entity;
use super::super::posting;
use super::super::row::{Body, RowId};
use super::Asked;
use super::table::{Cell, Line, Table, column};

/// Every account with a balance, debit or credit.
pub fn trial_balance(books: &Books, asked: &Asked) -> Table {
    let balances = posting::trial_balance(books, Some(asked.on));
    let (mut debits, mut credits) = (Decimal::ZERO, Decimal::ZERO);
    let mut rows = Vec::new();
    for (id, account, balance) in listed(books, &balances) {
        let (debit, credit) = if balance >= Decimal::ZERO {
            (balance, Decimal::ZERO)
        } else {
            (Decimal::ZERO, -balance)
        };
        debits += debit;
        credits += credit;
        rows.push(Line::Data(vec![
            Cell::of(accounts::title(account), id.as_str()),
            Cell::amount(debit),
            Cell::amount(credit),
        ]));
    }
    let total = vec![Cell::text("TOTAL"), Cell::amount(debits), Cell::amount(credits)];
    rows.push(Line::grand_total(total));
    Table {
        name: "TrialBalance",
        from: asked.from.unwrap_or(asked.on),
        to: asked.on,
        options: Vec::new(),
        columns: vec![
            column("", "Account", "account"),
            column("Debit", "Money", "debit"),
            column("Credit", "Money", "credit"),
        ],
        rows,
    }
}

fn listed<'b>(
    books: &'b Books,
    balances: &BTreeMap<RowId, Decimal>,
) -> Vec<(&'b RowId, &'b Body, Decimal)> {
    let accounts = books.all(Entity::Account).filter_map(|(id, row)| {
        let balance = balances.get(id).copied().filter(|balance| !balance.is_zero())?;
        Some((id, &row.body, balance))
    });
    accounts.collect()
}

/// Assets on one side, liabilities and equity with the income so far on the other.
pub fn balance_sheet(books: &Books, asked: &Asked) -> Table {
    let balances = posting::trial_balance(books, Some(asked.on));
    let listed = listed(books, &balances);
    let of_class = |class: &'static str| -> Vec<&(&RowId, &Body, Decimal)> {
        let own = |account: &Body| {
            accounts::classification(accounts::account_type(account)) == Some(class)
        };
        listed.iter().filter(|(_, account, _)| own(account)).collect()
    };
    let sum = |class| of_class(class).iter().map(|(_, _, balance)| *balance).sum::<Decimal>();
    let assets = section("ASSETS", "TotalAssets", by_type(&of_class("Asset")), sum("Asset"));
    let income = -(sum("Revenue") + sum("Expense"));
    let mut equity = by_type(&of_class("Equity"));
    equity.push(Line::Data(vec![Cell::text("Net Income"), Cell::amount(income)]));
    let mut other = by_type(&of_class("Liability"));
    let equity_sum = income - sum("Equity");
    other.push(section("Equity", "Equity", equity, equity_sum));
    let other_sum = equity_sum - sum("Liability");
    let other = section("LIABILITIES AND EQUITY", "TotalLiabilitiesAndEquity", other, other_sum);
    Table {
        name: "BalanceSheet",
        from: asked.from.unwrap_or(asked.on),
        to: asked.on,
        options: Vec::new(),
        columns: vec![column("", "Account", "account"), column("Total", "Money", "total")],
        rows: vec![assets, other],
    }
}

fn section(title: &str, group: &'static str, rows: Vec<Line>, total: Decimal) -> Line {
    Line::Section {
        group: Some(group),
        header: Some(vec![Cell::text(title), Cell::default()]),
        rows,
        summary: vec![Cell::text(format!("Total {title}")), Cell::amount(total)],
    }
}

/// One section per account type, each account positive on its natural side.
fn by_type(listed: &[&(&RowId, &Body, Decimal)]) -> Vec<Line> {
    let mut types: BTreeMap<&str, Vec<Line>> = BTreeMap::new();
    let mut totals: BTreeMap<&str, Decimal> = BTreeMap::new();
    for (id, account, balance) in listed {
        let kind = accounts::account_type(account);
        let natural = if accounts::is_debit_account(account) { *balance } else { -*balance };
        let row = vec![Cell::of(accounts::title(account), id.as_str()), Cell::amount(natural)];
        types.entry(kind).or_default().push(Line::Data(row));
        *totals.entry(kind).or_default() += natural;
    }
    let group = |kind: &str| match kind {
        accounts::RECEIVABLE_TYPE => "AR",
        "Bank" => "BankAccounts",
        _ => "Other",
    };
    types.into_iter().map(|(kind, rows)| section(kind, group(kind), rows, totals[kind])).collect()
}
