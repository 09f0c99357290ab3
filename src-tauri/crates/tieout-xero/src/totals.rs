//! Counts and balances that Xero itself states (tie-outs T2 and T3, `xero §7.3`, `§8`).

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::Value;
use tieout_connect::ports::{Answer, ControlTotal, DateRange, Measure};
use tieout_domain::facts::Fact;
use tieout_domain::{Currency, Money};

use crate::Xero;
use crate::door::{Raw, malformed};
use crate::kind::{Kind, ROWS_MAX};
use crate::pages::all_pages;
use crate::read::listing;
use crate::reading::Context;
use crate::report::Report;
use crate::request::{Filter, Request};
use crate::single::facts_of;
use crate::wire::read_day;

/// Pages of overpayments or prepayments that are counted through.
const PREPAID_PAGES_MAX: u32 = 50;
/// Longest range of which amounts are added here. A longer one would be read a second time as a
/// whole, and Xero charges what is read.
const ADDED_DAYS_MAX: i32 = 100;
const COUNT_ONLY: &str =
    "count over all currencies stated by Xero; it adds no amounts of these documents";
const COUNTED_HERE: &str = "payments counted by Xero, overpayments and prepayments counted by Tieout \
in Xero's own list; Xero adds no amounts of either";
const ADDED_HERE: &str = "counted by Xero over all currencies; added by Tieout from a list of its own, \
read by date, because Xero adds no amounts";
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
    let days = (range.to - range.from).get_days();
    let rows_max = if days < ADDED_DAYS_MAX { ROWS_MAX } else { 1 };
    let mut totals = Vec::new();
    for (measure, kind, filter) in counted {
        let request = Request::list(kind).filtered(&filter.dated(range.from, range.to));
        let mut stated = stated(xero, kind, &request, rows_max).await?;
        let mut proof = COUNT_ONLY;
        if measure == Measure::Receipts {
            for prepaid in [Kind::Overpayment, Kind::Prepayment] {
                let within = prepaid_within(xero, prepaid, range).await?;
                stated.count += within.len() as u64;
                stated.rows.extend(within.into_iter().map(|raw| (prepaid, raw)));
            }
            proof = COUNTED_HERE;
        }
        let total = |currency, count, sum, proof: &str| ControlTotal {
            measure,
            currency,
            count,
            sum,
            count_without_amount: 0,
            source: request.shown(),
            proof: proof.to_owned(),
        };
        match added(&stated, xero.context().await?)? {
            Some(sums) => totals.extend(
                sums.into_iter()
                    .map(|(currency, (count, sum))| total(currency, count, Some(sum), ADDED_HERE)),
            ),
            None => totals.push(total(home, stated.count, None, proof)),
        }
    }
    Ok(totals)
}

/// What the tool says of a list, and the rows of it that came along.
struct Stated {
    count: u64,
    rows: Vec<(Kind, Raw)>,
}

/// How many rows a list has, by the tool's own word, with its first rows.
async fn stated(xero: &Xero, kind: Kind, request: &Request, rows_max: u32) -> Answer<Stated> {
    let answered = xero.door().read(&request.clone().page(1, rows_max)).await?;
    let rows = answered.records(kind.name())?;
    let count = match answered.pages {
        Some(pages) => pages.item_count,
        None if rows.is_empty() => 0,
        None => return Err(malformed("pagination.itemCount")),
    };
    Ok(Stated { count, rows: rows.into_iter().map(|raw| (kind, raw)).collect() })
}

/// Count and sum per currency, the home currency always. `None`: not all rows came along, or one of
/// them cannot be read, and then a sum would be of something else than the count.
fn added(stated: &Stated, context: Context) -> Answer<Option<Sums>> {
    let mut sums = Sums::from([(context.home, (0, Money::zero(context.home)))]);
    let mut count = 0;
    for (kind, raw) in &stated.rows {
        let Ok(facts) = facts_of(*kind, raw, context) else { return Ok(None) };
        for amount in facts.iter().filter_map(counted_amount) {
            let currency = amount.currency();
            let sum = sums.entry(currency).or_insert((0, Money::zero(currency)));
            sum.0 += 1;
            sum.1 = sum.1.checked_add(amount).map_err(|_| malformed("sum"))?;
            count += 1;
        }
    }
    Ok((count == stated.count).then_some(sums))
}

type Sums = BTreeMap<Currency, (u64, Money)>;

fn counted_amount(fact: &Fact) -> Option<Money> {
    match fact {
        Fact::Document(document) => Some(document.total),
        Fact::Receipt(receipt) if receipt.amount.is_positive() => Some(receipt.amount),
        Fact::Refund(refund) => Some(refund.amount),
        _ => None,
    }
}

/// Money received on account that is dated in the range. No filter of theirs is known to be
/// dependable, and there are few.
async fn prepaid_within(xero: &Xero, kind: Kind, range: DateRange) -> Answer<Vec<Raw>> {
    let rows = all_pages(xero.door(), kind, &listing(kind), ROWS_MAX, PREPAID_PAGES_MAX).await?;
    let mut within = Vec::new();
    for raw in rows.records {
        if is_received_within(kind, &raw, range)? {
            within.push(raw);
        }
    }
    Ok(within)
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
