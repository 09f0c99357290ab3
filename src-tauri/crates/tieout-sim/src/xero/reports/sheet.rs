//! The balance sheet in its standard layout (`xero §8`).

use rust_decimal::Decimal;
use serde_json::Value;

use super::super::answer::Answer;
use super::super::chart::Account;
use super::super::exact::two_places;
use super::super::platform::Tenant;
use super::super::posting;
use super::super::stamps;
use super::{Days, cell, framed, header, pointing, row, section};

/// Title, class, whether bank accounts only, and the sign of a usual balance.
const SECTIONS: [(&str, &str, Option<bool>, Decimal); 3] = [
    ("Bank", "ASSET", Some(true), Decimal::ONE),
    ("Current Assets", "ASSET", Some(false), Decimal::ONE),
    ("Current Liabilities", "LIABILITY", None, Decimal::NEGATIVE_ONE),
];

pub fn answer(tenant: &Tenant, days: Days) -> Answer {
    let books = &tenant.books;
    let entries = posting::entries(books);
    let balance = |account: &Account| -> Decimal {
        let own =
            entries.iter().filter(|entry| entry.account == account.id && entry.on <= days.as_at);
        own.map(|entry| entry.amount).sum()
    };
    let mut rows = vec![header(&["", &stamps::short_day(days.as_at)])];
    let mut net = Decimal::ZERO;
    for (title, class, bank, sign) in SECTIONS {
        let own = |account: &&Account| {
            account.class() == class && bank.is_none_or(|bank| account.is_bank() == bank)
        };
        let mut total = Decimal::ZERO;
        let mut lines = Vec::new();
        for account in books.accounts.iter().filter(own) {
            let amount = sign * balance(account);
            if !amount.is_zero() {
                total += amount;
                lines.push(line(account, amount));
            }
        }
        lines.push(summary(&format!("Total {title}"), total));
        net += sign * total;
        rows.push(section(title, lines));
    }
    rows.push(section("", vec![row("Row", vec![cell("Net Assets"), cell(&two_places(net))])]));
    let mut equity = Vec::new();
    let mut earnings = net;
    for account in books.accounts.iter().filter(|account| account.class() == "EQUITY") {
        let amount = -balance(account);
        if !amount.is_zero() {
            earnings -= amount;
            equity.push(line(account, amount));
        }
    }
    equity.push(row("Row", vec![cell("Current Year Earnings"), cell(&two_places(earnings))]));
    equity.push(summary("Total Equity", net));
    rows.push(section("Equity", equity));
    framed(tenant, ("BalanceSheet", "Balance Sheet"), days, rows)
}

fn line(account: &Account, amount: Decimal) -> Value {
    let cells = [account.name.clone(), two_places(amount)];
    row("Row", cells.into_iter().map(|text| pointing(Some(text), "account", &account.id)).collect())
}

fn summary(title: &str, total: Decimal) -> Value {
    row("SummaryRow", vec![cell(title), cell(&two_places(total))])
}
