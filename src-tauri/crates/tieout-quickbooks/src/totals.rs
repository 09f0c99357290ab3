//! Counts and sums that QuickBooks itself states (tie-outs T2 and T3, `quickbooks §4.9`).

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;
use tieout_connect::error::ConnectorError;
use tieout_connect::ports::{Answer, ControlTotal, DateRange, Measure, Read};
use tieout_domain::facts::{Fact, JournalLine, Stream};
use tieout_domain::{Currency, Money};

use crate::QuickBooks;
use crate::books::Books;
use crate::door::{Raw, malformed};
use crate::entity::Entity;
use crate::feed::without_copies;
use crate::query::{PAGE_ROWS_MAX, Select};
use crate::read::facts;
use crate::report::Report;

/// Pages of journals of one period that are read to add them up.
const JOURNAL_PAGES_MAX: u32 = 100;
/// Keys under which the list of transactions may state the amount of a document.
const AMOUNT_KEYS: [&str; 5] =
    ["subt_nat_home_amount", "subt_nat_amount", "nat_home_amount", "nat_amount", "amount"];
const BY_THE_TOOL: &str = "count and sum stated by QuickBooks";
const COUNT_ONLY: &str = "count over all currencies stated by QuickBooks; its reports add in home \
currency only, which is no sum of these documents";
const SUM_UNREADABLE: &str =
    "count stated by QuickBooks; its report states no amounts for this kind";
const BY_DATE: &str = "added up by Tieout from all journals and deposits of the period, read by \
date; QuickBooks states no such total";

/// A kind of document whose totals are asked for, and the names that the report may know it by.
struct Counted {
    measure: Measure,
    entity: Entity,
    report_types: &'static [&'static str],
}

const COUNTED: [Counted; 4] = [
    Counted { measure: Measure::Invoices, entity: Entity::Invoice, report_types: &["Invoice"] },
    Counted {
        measure: Measure::CreditMemos,
        entity: Entity::CreditMemo,
        report_types: &["CreditMemo"],
    },
    Counted {
        measure: Measure::Receipts,
        entity: Entity::Payment,
        report_types: &["ReceivePayment", "Payment"],
    },
    Counted {
        measure: Measure::Refunds,
        entity: Entity::RefundReceipt,
        report_types: &["CreditRefund", "RefundReceipt"],
    },
];

impl Counted {
    /// Payments of zero only tie a credit to an invoice, or are voided: no receipts. Voided and
    /// free invoices are counted, at zero.
    fn select(&self, range: DateRange) -> Select {
        let select = Select::count(self.entity).dated(range.from, range.to);
        match self.measure {
            Measure::Receipts => select.more_than("TotalAmt", "0"),
            _ => select,
        }
    }
}

/// Totals of the documents dated in a range.
pub(crate) async fn period(quickbooks: &QuickBooks, range: DateRange) -> Answer<Vec<ControlTotal>> {
    let books = quickbooks.books().await?;
    let selects: Vec<Select> = COUNTED.iter().map(|counted| counted.select(range)).collect();
    let counts = quickbooks.door().batch(&selects).await?;
    let mut totals = Vec::new();
    for ((counted, select), rows) in COUNTED.iter().zip(&selects).zip(counts) {
        let count = rows.total.ok_or_else(|| malformed("totalCount"))?;
        let (sum, named) = if books.multi_currency {
            (None, None)
        } else {
            listed_sum(quickbooks, counted, range, count, books.home).await?
        };
        let report = named.map(|name| format!("; report TransactionList of {name}"));
        totals.push(ControlTotal {
            measure: counted.measure,
            currency: books.home,
            count,
            proof: match (sum, books.multi_currency) {
                (Some(_), _) => BY_THE_TOOL,
                (None, true) => COUNT_ONLY,
                (None, false) => SUM_UNREADABLE,
            }
            .to_owned(),
            sum,
            count_without_amount: 0,
            source: format!("{}{}", select.text(), report.unwrap_or_default()),
        });
    }
    totals.extend(adjustments(quickbooks, range, &books).await?);
    Ok(totals)
}

/// The sum of the amounts that the list of transactions states, as magnitudes: documents are
/// positive here, whichever sign the list gives them. The first name that the report knows counts.
async fn listed_sum(
    quickbooks: &QuickBooks,
    counted: &Counted,
    range: DateRange,
    count: u64,
    home: Currency,
) -> Answer<(Option<Money>, Option<&'static str>)> {
    if count == 0 {
        return Ok((Some(Money::zero(home)), None));
    }
    for name in counted.report_types {
        let (from, to) = (range.from.to_string(), range.to.to_string());
        let parameters =
            [("start_date", from.as_str()), ("end_date", &to), ("transaction_type", name)];
        let value = match quickbooks.door().report("TransactionList", &parameters).await {
            Ok(value) => value,
            // The name is not one of the report's words: the next one may be.
            Err(ConnectorError::Rejected { .. }) => continue,
            Err(error) => return Err(error),
        };
        let report = Report::read(&value, "TransactionList")?;
        if report.is_empty() {
            continue;
        }
        require_home(&report, home)?;
        let Some(column) = amount_column(&report) else { return Ok((None, Some(name))) };
        let mut sum = Decimal::ZERO;
        for row in report.records() {
            let amount = row.amount(column)?.abs();
            sum = sum.checked_add(amount).ok_or_else(|| malformed("TransactionList.sum"))?;
        }
        return money(sum, home, "TransactionList.sum").map(|sum| (Some(sum), Some(*name)));
    }
    Ok((None, None))
}

fn amount_column(report: &Report) -> Option<usize> {
    report.column_of(&AMOUNT_KEYS).or_else(|| match report.money_columns().as_slice() {
        [only] => Some(*only),
        _ => None,
    })
}

/// Journal lines that lower a customer's receivable: how many, and by how much.
async fn adjustments(
    quickbooks: &QuickBooks,
    range: DateRange,
    books: &Books,
) -> Answer<Vec<ControlTotal>> {
    let mut sums: BTreeMap<Currency, (u64, Money)> = BTreeMap::new();
    sums.insert(books.home, (0, Money::zero(books.home)));
    for kind in Entity::of_stream(Stream::Journals) {
        let records = dated_records(quickbooks, *kind, range).await?;
        for read in facts(quickbooks, Stream::Journals, *kind, &records).await? {
            let Read::Fact(fact) = read else { continue };
            let Fact::Journal(journal) = *fact else { continue };
            let lowers = |line: &&JournalLine| line.customer.is_some() && line.amount.is_negative();
            for line in journal.lines.iter().filter(lowers) {
                let currency = line.amount.currency();
                let (count, sum) = sums.entry(currency).or_insert((0, Money::zero(currency)));
                *count += 1;
                *sum = sum.checked_sub(line.amount).map_err(|_| malformed("JournalEntry.sum"))?;
            }
        }
    }
    let total = |(currency, (count, sum))| ControlTotal {
        measure: Measure::Adjustments,
        currency,
        count,
        sum: Some(sum),
        count_without_amount: 0,
        source: Select::all(Entity::JournalEntry).dated(range.from, range.to).text(),
        proof: BY_DATE.to_owned(),
    };
    Ok(sums.into_iter().map(total).collect())
}

/// All records of a kind that are dated in the range. Newest change first: what is edited while
/// we read comes twice rather than never.
async fn dated_records(
    quickbooks: &QuickBooks,
    kind: Entity,
    range: DateRange,
) -> Answer<Vec<Raw>> {
    let select = Select::all(kind).dated(range.from, range.to).newest_change_first();
    let mut records = Vec::new();
    let mut start: u32 = 1;
    for _ in 0..JOURNAL_PAGES_MAX {
        let rows = quickbooks.door().rows(&select.clone().starting_at(start)).await?;
        let count = rows.records.len();
        records.extend(rows.records);
        if count < PAGE_ROWS_MAX as usize {
            return Ok(without_copies(records));
        }
        start += u32::try_from(count).map_err(|_| malformed("page"))?;
    }
    Err(malformed("too many journals"))
}

/// Aged receivables and the control accounts at a date, both in home currency.
pub(crate) async fn balances(quickbooks: &QuickBooks, as_of: Date) -> Answer<Vec<ControlTotal>> {
    let books = quickbooks.books().await?;
    let aged = aged_receivables(quickbooks, as_of, books.home).await?;
    Ok(vec![aged, control_account(quickbooks, as_of, &books).await?])
}

/// The count is that of customers with a line.
async fn aged_receivables(
    quickbooks: &QuickBooks,
    as_of: Date,
    home: Currency,
) -> Answer<ControlTotal> {
    const NAME: &str = "AgedReceivables";
    let date = as_of.to_string();
    // Without the method the tool may age by today's applications (`finance-domain §11` G5).
    let parameters = [("report_date", date.as_str()), ("aging_method", "Report_Date")];
    let report = Report::read(&quickbooks.door().report(NAME, &parameters).await?, NAME)?;
    require_home(&report, home)?;
    let column = report.column_of(&["total"]).or_else(|| report.money_columns().last().copied());
    let column = column.ok_or_else(|| malformed("AgedReceivables.Columns"))?;
    let sum = match report.total_of("GrandTotal") {
        Some(total) => total.amount(column)?,
        None if report.is_empty() => Decimal::ZERO,
        None => return Err(malformed("AgedReceivables.GrandTotal")),
    };
    Ok(ControlTotal {
        measure: Measure::AgedReceivables,
        currency: home,
        count: report.first_column_ids().len() as u64,
        sum: Some(money(sum, home, "AgedReceivables.GrandTotal")?),
        count_without_amount: 0,
        source: format!("report AgedReceivables at {as_of}, aged as of that date"),
        proof: BY_THE_TOOL.to_owned(),
    })
}

/// Debit less credit over all receivables accounts; the count is that of accounts with a line.
async fn control_account(
    quickbooks: &QuickBooks,
    as_of: Date,
    books: &Books,
) -> Answer<ControlTotal> {
    const NAME: &str = "TrialBalance";
    let (from, to) = (as_of.first_of_month().to_string(), as_of.to_string());
    let parameters =
        [("start_date", from.as_str()), ("end_date", &to), ("accounting_method", "Accrual")];
    let report = Report::read(&quickbooks.door().report(NAME, &parameters).await?, NAME)?;
    require_home(&report, books.home)?;
    let [debit, credit, ..] = report.money_columns()[..] else {
        return Err(malformed("TrialBalance.Columns"));
    };
    if !report.is_empty() && report.records().all(|row| row.first_id().is_none()) {
        return Err(malformed("TrialBalance.Rows.id"));
    }
    let accounts = books.receivable_accounts();
    let (mut sum, mut count) = (Decimal::ZERO, 0);
    for row in report.records() {
        if row.first_id().is_some_and(|id| accounts.contains(&id)) {
            let balance = row.amount(debit)?.checked_sub(row.amount(credit)?);
            sum = balance
                .and_then(|balance| sum.checked_add(balance))
                .ok_or_else(|| malformed("TrialBalance.sum"))?;
            count += 1;
        }
    }
    Ok(ControlTotal {
        measure: Measure::ControlAccount,
        currency: books.home,
        count,
        sum: Some(money(sum, books.home, "TrialBalance.sum")?),
        count_without_amount: 0,
        source: format!("report TrialBalance at {as_of}, accounts of type Accounts Receivable"),
        proof: BY_THE_TOOL.to_owned(),
    })
}

/// A report in another currency than the company's own cannot be compared with anything.
fn require_home(report: &Report, home: Currency) -> Answer<()> {
    match &report.currency {
        Some(code) if code != home.code() => Err(malformed("Header.Currency")),
        _ => Ok(()),
    }
}

fn money(sum: Decimal, home: Currency, place: &str) -> Answer<Money> {
    Money::from_decimal(sum, home).map_err(|_| malformed(place))
}

#[cfg(test)]
mod tests;
