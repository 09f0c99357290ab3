//! Reports, read by account and never by label: labels hold codes and names that anybody can
//! change (`xero §8`).

use rust_decimal::Decimal;
use serde_json::Value;
use tieout_connect::json::{Reading, Record};
use tieout_connect::ports::Answer;
use tieout_domain::amount::read_decimal;

use crate::door::{Answered, malformed};
use crate::reading::list;

const NAME: &str = "Reports";
/// The attribute that names the account of a row.
const ACCOUNT: &str = "account";
/// How deep sections may nest, and most rows of a report.
const DEPTH_MAX: usize = 10;
const ROWS_MAX: usize = 20_000;

/// A report without its presentation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Report {
    rows: Vec<Row>,
}

/// A line that stands for something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// Id of the account, lower case.
    account: Option<String>,
    /// Blank where the cell says nothing.
    cells: Vec<String>,
}

impl Report {
    pub fn read(answered: &Answered) -> Answer<Self> {
        let raw = answered.only(NAME)?;
        let value: Value = serde_json::from_str(raw.get()).map_err(|_| malformed(NAME))?;
        let read = || -> Reading<Self> {
            let report = Record::of(&value)?;
            Ok(Self { rows: rows(list(&report, "Rows")?)? })
        };
        read().map_err(|error| malformed(&format!("{NAME}.{}", error.path)))
    }

    /// Lines of one of these accounts.
    pub fn of_accounts<'a>(&'a self, accounts: &'a [String]) -> impl Iterator<Item = &'a Row> {
        let is_one = |row: &&Row| row.account.as_ref().is_some_and(|id| accounts.contains(id));
        self.rows.iter().filter(is_one)
    }

    /// Whether any line names its account. A report with amounts of which none does cannot be read;
    /// books in which nothing was entered still have totals, of nothing.
    pub fn names_accounts(&self) -> bool {
        self.rows.iter().any(|row| row.account.is_some()) || self.rows.iter().all(Row::is_nothing)
    }
}

impl Row {
    /// Whether every amount of the line is blank or zero.
    fn is_nothing(&self) -> bool {
        let nothing = |at| self.amount(at).is_ok_and(|amount| amount.is_zero());
        (1..self.cells.len()).all(nothing)
    }

    /// The amount in a cell; blank is zero, a cell that is not there is an error.
    pub fn amount(&self, cell: usize) -> Answer<Decimal> {
        let text = self.cells.get(cell).ok_or_else(|| malformed("Rows.Cells"))?.trim();
        if text.is_empty() {
            return Ok(Decimal::ZERO);
        }
        read_decimal(text).map_err(|_| malformed("Rows.Cells.Value"))
    }
}

/// Sections are unfolded; headers and summaries are left out.
fn rows(top: Vec<Record<'_>>) -> Reading<Vec<Row>> {
    let mut read = Vec::new();
    let mut open = vec![top.into_iter()];
    while let Some(level) = open.last_mut() {
        let Some(row) = level.next() else {
            open.pop();
            continue;
        };
        let out_of_range = || row.error("Rows", tieout_domain::facts::QuarantineReason::OutOfRange);
        match row.raw_text("RowType")? {
            Some("Row") => read.push(read_row(&row)?),
            Some("Section") => {
                let inner = list(&row, "Rows")?;
                if open.len() >= DEPTH_MAX {
                    return Err(out_of_range());
                }
                open.push(inner.into_iter());
            }
            _ => {}
        }
        if read.len() > ROWS_MAX {
            return Err(out_of_range());
        }
    }
    Ok(read)
}

fn read_row(row: &Record<'_>) -> Reading<Row> {
    let mut account = None;
    let mut cells = Vec::new();
    for cell in list(row, "Cells")? {
        cells.push(cell.text_or_none("Value")?.unwrap_or_default());
        for attribute in list(&cell, "Attributes")? {
            if attribute.raw_text("Id")? == Some(ACCOUNT) && account.is_none() {
                account = attribute.raw_text("Value")?.map(str::to_ascii_lowercase);
            }
        }
    }
    Ok(Row { account, cells })
}
