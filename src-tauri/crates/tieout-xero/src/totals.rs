//! Counts and balances that Xero itself states (tie-outs T2 and T3, `xero §7.3`, `§8`).

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::Value;
use tieout_connect::ports::{Answer, ControlTotal, DateRange, Measure};
use tieout_domain::{Currency, Money};

use crate::Xero;
use crate::door::{Raw, malformed};
use crate::kind::{Kind, ROWS_MAX};
use crate::pages::all_pages;
use crate::read::listing;
use crate::report::Report;
use crate::request::{Filter, Request};
use crate::wire::read_day;

/// Pages of overpayments or prepayments that are counted through.
const PREPAID_PAGES_MAX: u32 = 50;
const COUNT_ONLY: &str =
    "count over all currencies stated by Xero; it adds no amounts of these documents";
const COUNTED_HERE: &str = "payments counted by Xero, overpayments and prepayments counted by Tieout \
in Xero's own list; Xero adds no amounts of either";
const BY_THE_TOOL: &str = "stated by Xero";
const NO_AGED_REPORT: &str = "stated by Xero in its balance sheet; it has no aged report over all \
customers";
/// Words by which money received on account is told from money spent.
const RECEIVED: [&str; 4] =
    ["RECEIVE-OVERPAYMENT", "RECEIVE-PREPAYMENT", "AROVERPAYMENT", "ARPREPAYMENT"];

/// Totals of the documents dated in a range. Deleted ones are left out and void ones are counted,
/// as the facts are.
pub(crate) async fn period(xero: &Xero, range: DateRange) -> Answer<Vec<ControlTotal>> {
    let home = xero.organisation().await?.home;
    let documents = |kind| Filter::of(kind).unequal("Status", "DELETED");
    let payments =
        |word| Filter::default().equal("PaymentType", word).equal("Status", "AUTHORISED");
    let counted = [
        (Measure::Invoices, Kind::Invoice, documents(Kind::Invoice)),
        (Measure::CreditMemos, Kind::CreditNote, documents(Kind::CreditNote)),
        (Measure::Receipts, Kind::Payment, payments("ACCRECPAYMENT")),
        (Measure::Refunds, Kind::Payment, payments(crate::payment::OF_CREDIT)),
    ];
    let mut totals = Vec::new();
    for (measure, kind, filter) in counted {
        let request = Request::list(kind).filtered(&filter.dated(range.from, range.to));
        let mut count = stated_count(xero, kind, &request).await?;
        let mut proof = COUNT_ONLY;
        if measure == Measure::Receipts {
            for prepaid in [Kind::Overpayment, Kind::Prepayment] {
                count += prepaid_within(xero, prepaid, range).await?;
            }
            proof = COUNTED_HERE;
        }
        totals.push(ControlTotal {
            measure,
            currency: home,
            count,
            sum: None,
            count_without_amount: 0,
            source: request.shown(),
            proof: proof.to_owned(),
        });
    }
    Ok(totals)
}

/// How many rows a list has, by the tool's own word.
async fn stated_count(xero: &Xero, kind: Kind, request: &Request) -> Answer<u64> {
    let answered = xero.door().read(&request.clone().page(1, 1)).await?;
    let rows = answered.records(kind.name())?;
    match answered.pages {
        Some(pages) => Ok(pages.item_count),
        None if rows.is_empty() => Ok(0),
        None => Err(malformed("pagination.itemCount")),
    }
}

/// Money received on account that is dated in the range. No filter of theirs is known to be
/// dependable, and there are few.
async fn prepaid_within(xero: &Xero, kind: Kind, range: DateRange) -> Answer<u64> {
    let rows = all_pages(xero.door(), kind, &listing(kind), ROWS_MAX, PREPAID_PAGES_MAX).await?;
    let mut count = 0;
    for raw in &rows.records {
        count += u64::from(is_received_within(kind, raw, range)?);
    }
    Ok(count)
}

fn is_received_within(kind: Kind, raw: &Raw, range: DateRange) -> Answer<bool> {
    let value: Value = serde_json::from_str(raw.get()).map_err(|_| malformed(kind.name()))?;
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    if !text("Type").is_some_and(|word| RECEIVED.contains(&word)) {
        return Ok(false);
    }
    let day = ["Date", "DateString"].iter().find_map(|name| text(name).and_then(read_day));
    let day = day.ok_or_else(|| malformed(&format!("{}.Date", kind.name())))?;
    Ok(range.from <= day && day <= range.to)
}

/// Receivables and their control account at a date, both in home currency.
pub(crate) async fn balances(xero: &Xero, as_of: Date) -> Answer<Vec<ControlTotal>> {
    let home = xero.organisation().await?.home;
    let lists = xero.lists().await?;
    let sheet = Request::at("/Reports/BalanceSheet")
        .with("date", as_of.to_string())
        .with("standardLayout", "true")
        .with("paymentsOnly", "false");
    let trial = Request::at("/Reports/TrialBalance")
        .with("date", as_of.to_string())
        .with("paymentsOnly", "false");
    let lines = [
        (Measure::AgedReceivables, sheet, Columns::Balance, NO_AGED_REPORT),
        (Measure::ControlAccount, trial, Columns::DebitCredit, BY_THE_TOOL),
    ];
    let mut totals = Vec::new();
    for (measure, request, columns, proof) in lines {
        let report = Report::read(&xero.door().read(&request).await?)?;
        let (count, sum) = of_debtors(&report, &lists.debtors, columns, home)?;
        totals.push(ControlTotal {
            measure,
            currency: home,
            count,
            sum: Some(sum),
            count_without_amount: 0,
            source: format!("{}, account SystemAccount DEBTORS", request.shown()),
            proof: proof.to_owned(),
        });
    }
    Ok(totals)
}

/// Where a report keeps what an account stands at. Headings are words for people; the places are
/// part of the shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Columns {
    /// Account, balance, then earlier periods.
    Balance,
    /// Account, debit and credit of the month, debit and credit of the year.
    DebitCredit,
}

/// The sum over the control accounts, and how many of them have a line. One that stands at nothing
/// may have none.
fn of_debtors(
    report: &Report,
    debtors: &[String],
    columns: Columns,
    home: Currency,
) -> Answer<(u64, Money)> {
    if !report.names_accounts() {
        return Err(malformed("Reports.Rows.Cells.Attributes"));
    }
    let out_of_range = || malformed("Reports.sum");
    let (mut count, mut sum) = (0, Decimal::ZERO);
    for row in report.of_accounts(debtors) {
        let balance = match columns {
            Columns::Balance => row.amount(1)?,
            Columns::DebitCredit => {
                row.amount(3)?.checked_sub(row.amount(4)?).ok_or_else(out_of_range)?
            }
        };
        sum = sum.checked_add(balance).ok_or_else(out_of_range)?;
        count += 1;
    }
    let sum = Money::from_decimal(sum, home).map_err(|_| out_of_range())?;
    Ok((count, sum))
}

#[cfg(test)]
mod tests;
