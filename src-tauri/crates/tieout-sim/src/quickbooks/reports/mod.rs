//! Reports computed from the same ledger as everything else (`quickbooks §4.9`).

mod aging;
mod balances;
mod document_list;
mod general_ledger;
mod table;

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

use super::books::Books;
use super::call::Call;
use super::pacific;
use super::refusal::Refusal;

/// What the parameters of a report ask for.
pub struct Asked {
    /// The day the report stands on.
    pub on: Date,
    pub from: Option<Date>,
    pub to: Option<Date>,
    /// Ids; empty is everybody.
    pub customers: Vec<String>,
    /// Names as sent; empty is everything.
    pub kinds: Vec<String>,
    /// Age from the transaction date instead of the due date.
    pub by_txn_date: bool,
}

impl Asked {
    fn read(books: &Books, call: &Call, now: Timestamp) -> Result<Self, Refusal> {
        let day = |name: &str| match call.parameter(name).filter(|text| !text.is_empty()) {
            None => Ok(None),
            Some(text) => {
                pacific::calendar_day(text).map(Some).ok_or_else(|| Refusal::bad_date(name))
            }
        };
        let list = |name: &str| {
            let given = call.parameter(name).unwrap_or_default();
            given.split(',').filter(|part| !part.is_empty()).map(str::to_owned).collect()
        };
        let today = pacific::day(now);
        let (from, to) = (day("start_date")?, day("end_date")?);
        let as_of_today = call.parameter("aging_method") == Some("Current");
        let on = if as_of_today { None } else { day("report_date")?.or(to) };
        Ok(Self {
            on: on.unwrap_or(today),
            from,
            to,
            customers: list("customer"),
            kinds: list("transaction_type"),
            by_txn_date: books.config.age_from_txn_date,
        })
    }

    /// Whether the report speaks about this customer.
    pub fn covers(&self, customer: &str) -> bool {
        self.customers.is_empty() || self.customers.iter().any(|wanted| wanted == customer)
    }
}

/// The report of that name.
pub fn report(books: &Books, name: &str, call: &Call, now: Timestamp) -> Result<Value, Refusal> {
    let asked = Asked::read(books, call, now)?;
    let table = match name {
        "AgedReceivables" => aging::summary(books, &asked),
        "AgedReceivableDetail" => aging::detail(books, &asked),
        "CustomerBalance" => balances::customers(books, &asked),
        "TransactionList" => document_list::transactions(books, &asked),
        "TrialBalance" => general_ledger::trial_balance(books, &asked),
        "BalanceSheet" => general_ledger::balance_sheet(books, &asked),
        other => return Err(Refusal::unsupported(&format!("report {other}"))),
    };
    Ok(table.to_json(&books.config.home_currency, now))
}
