//! The trial balance: movement of the month, and balance (`xero §8`).

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::Value;

use super::super::answer::Answer;
use super::super::chart::Account;
use super::super::exact::two_places;
use super::super::guid::Guid;
use super::super::platform::Tenant;
use super::super::posting;
use super::{Days, cell, framed, header, pointing, row, section, sides, unless_zero};

const COLUMNS: [&str; 5] = ["Account", "Debit", "Credit", "YTD Debit", "YTD Credit"];
/// Sections in their order, with the class that each holds.
const SECTIONS: [(&str, &str); 5] = [
    ("Revenue", "REVENUE"),
    ("Expenses", "EXPENSE"),
    ("Assets", "ASSET"),
    ("Liabilities", "LIABILITY"),
    ("Equity", "EQUITY"),
];

/// Month and year to date of one account.
type Sums = BTreeMap<Guid, (Decimal, Decimal)>;

pub fn answer(tenant: &Tenant, days: Days) -> Answer {
    let sums = sums(tenant, days.as_at);
    let mut rows = vec![header(&COLUMNS)];
    let mut totals = [Decimal::ZERO; 4];
    for (title, class) in SECTIONS {
        let accounts = tenant.books.accounts.iter().filter(|account| account.class() == class);
        let mut lines = Vec::new();
        for account in accounts {
            let (month, year) = sums.get(&account.id).copied().unwrap_or_default();
            if month.is_zero() && year.is_zero() {
                continue;
            }
            let columns = [sides(month), sides(year)];
            let columns = [columns[0].0, columns[0].1, columns[1].0, columns[1].1];
            for (total, column) in totals.iter_mut().zip(columns) {
                *total += column;
            }
            lines.push(line(account, columns));
        }
        if !lines.is_empty() {
            rows.push(section(title, lines));
        }
    }
    let sums = totals.iter().map(|total| cell(&two_places(*total)));
    let total = row("SummaryRow", [cell("Total")].into_iter().chain(sums).collect());
    rows.push(section("", vec![total]));
    framed(tenant, ("TrialBalance", "Trial Balance"), days, rows)
}

/// Blank cells of the month have no value at all; blank balances are empty texts.
fn line(account: &Account, columns: [Decimal; 4]) -> Value {
    let name = match account.code.as_str() {
        "" => account.name.clone(),
        code => format!("{} ({code})", account.name),
    };
    let id = &account.id;
    let month = columns[..2].iter().map(|amount| pointing(unless_zero(*amount), "account", id));
    let year = columns[2..]
        .iter()
        .map(|amount| pointing(Some(unless_zero(*amount).unwrap_or_default()), "account", id));
    let first = pointing(Some(name), "account", id);
    row("Row", [first].into_iter().chain(month).chain(year).collect())
}

/// Profit and loss accounts begin anew each financial year; what was before is retained earnings.
fn sums(tenant: &Tenant, as_at: Date) -> Sums {
    let books = &tenant.books;
    let year = year_start(tenant.config.year_end, as_at);
    let retained = &books.system("RETAINEDEARNINGS").id;
    let mut sums = Sums::new();
    for entry in posting::entries(books).into_iter().filter(|entry| entry.on <= as_at) {
        let class = books.account(&entry.account).map_or("ASSET", Account::class);
        let earlier = matches!(class, "REVENUE" | "EXPENSE") && entry.on < year;
        let account = if earlier { retained } else { &entry.account };
        let (month, balance) = sums.entry(account.clone()).or_default();
        *balance += entry.amount;
        if !earlier && entry.on >= as_at.first_of_month() {
            *month += entry.amount;
        }
    }
    sums
}

/// The first day of the financial year that a day lies in.
pub fn year_start((month, day): (i8, i8), on: Date) -> Date {
    let end = |year: i16| Date::new(year, month, day).or_else(|_| Date::new(year, month, 28));
    let ends = [on.year() - 1, on.year() - 2].map(end);
    let this = end(on.year());
    let last = [this.ok(), ends[0].clone().ok(), ends[1].clone().ok()].into_iter().flatten();
    let last = last.filter(|end| *end < on).max().unwrap_or(Date::MIN);
    last.tomorrow().unwrap_or(on)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn starts(end: (i8, i8), on: &str, expected: &str) {
        assert_eq!(year_start(end, on.parse().unwrap()), expected.parse().unwrap());
    }

    #[test]
    fn financial_years_start_after_their_end() {
        starts((3, 31), "2026-06-30", "2026-04-01");
        starts((3, 31), "2026-03-31", "2025-04-01");
        starts((12, 31), "2026-01-01", "2026-01-01");
        starts((2, 29), "2026-02-28", "2025-03-01");
    }
}
