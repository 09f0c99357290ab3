//! Reports, computed from the same documents (`xero §8`).

mod aged;
mod sheet;
mod trial;

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::answer::{Answer, Content};
use super::call::Call;
use super::exact::two_places;
use super::platform::Tenant;
use super::stamps;

/// The day that a report is as of, and today.
#[derive(Clone, Copy)]
struct Days {
    as_at: Date,
    today: Date,
    now: Timestamp,
}

/// The report of that name, in any case.
pub fn answer(tenant: &Tenant, call: &Call, name: &str, now: Timestamp) -> Answer {
    let today = stamps::day_in(now, &tenant.config.zone);
    let as_at = match call.parameter("date").map(stamps::read_day) {
        None => today,
        Some(Some(date)) => date,
        Some(None) => {
            return Answer::bad_request(10, "ValidationException", "date must be a valid date");
        }
    };
    let days = Days { as_at, today, now };
    match name.to_ascii_lowercase().as_str() {
        "trialbalance" => trial::answer(tenant, days),
        "balancesheet" => sheet::answer(tenant, days),
        "agedreceivablesbycontact" => aged::answer(tenant, call, days),
        _ => Answer::not_found(),
    }
}

/// The frame of every report.
fn framed(tenant: &Tenant, (id, name): (&str, &str), days: Days, rows: Vec<Value>) -> Answer {
    let as_at = format!("As at {}", stamps::long_day(days.as_at));
    let report = json!({
        "ReportID": id,
        "ReportName": name,
        "ReportType": id,
        "ReportTitles": [name, tenant.config.name, as_at],
        "ReportDate": stamps::long_day(days.today),
        "UpdatedDateUTC": stamps::bare_instant(days.now),
        "Fields": [],
        "Rows": rows,
    });
    Answer::new(200, Content::Json(json!({"Reports": [report]})))
}

fn header(names: &[&str]) -> Value {
    let cells: Vec<Value> = names.iter().map(|name| json!({"Value": name})).collect();
    json!({"RowType": "Header", "Cells": cells})
}

fn section(title: &str, rows: Vec<Value>) -> Value {
    json!({"RowType": "Section", "Title": title, "Rows": rows})
}

fn row(kind: &str, cells: Vec<Value>) -> Value {
    json!({"RowType": kind, "Cells": cells})
}

/// A cell that points to something; a blank one has no `Value`.
fn pointing(value: Option<String>, what: &str, id: &str) -> Value {
    let mut cell = json!({"Attributes": [{"Id": what, "Value": id}]});
    if let Some(value) = value {
        cell["Value"] = json!(value);
    }
    cell
}

fn cell(value: &str) -> Value {
    json!({"Value": value})
}

/// The amount, or nothing where it is zero.
fn unless_zero(amount: Decimal) -> Option<String> {
    (!amount.is_zero()).then(|| two_places(amount))
}

/// A debit balance in the first of two columns, a credit balance in the second.
fn sides(balance: Decimal) -> (Decimal, Decimal) {
    if balance < Decimal::ZERO { (Decimal::ZERO, -balance) } else { (balance, Decimal::ZERO) }
}
