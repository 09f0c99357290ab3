//! Reports, read by column key, column type and group: titles are localized, sections nest, blank
//! is zero (`quickbooks §4.9`).

use std::vec::IntoIter;

use rust_decimal::Decimal;
use serde_json::Value;
use tieout_connect::json::{Reading, Record};
use tieout_connect::ports::Answer;
use tieout_domain::amount::read_decimal;

use crate::door::malformed;

/// How deep sections of a report may nest.
const DEPTH_MAX: usize = 20;

/// A report without its presentation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Report {
    columns: Vec<Column>,
    rows: Vec<Row>,
    /// The currency of its amounts, as it says.
    pub currency: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Column {
    key: Option<String>,
    is_money: bool,
}

/// A line of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    kind: RowKind,
    group: Option<String>,
    cells: Vec<Cell>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RowKind {
    Record,
    Heading,
    Total,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Cell {
    text: String,
    id: Option<String>,
}

impl Report {
    /// Reads a report. `name` says in errors which one.
    pub fn read(value: &Value, name: &str) -> Answer<Self> {
        let read = || -> Reading<Self> {
            let report = Record::of(value)?;
            let currency = match report.record_or_none("Header")? {
                Some(header) => header.text_or_none("Currency")?,
                None => None,
            };
            let columns = read_columns(&report.record("Columns")?)?;
            let rows = match report.record_or_none("Rows")? {
                Some(rows) => read_rows(rows.records("Row")?)?,
                None => Vec::new(),
            };
            Ok(Self { columns, rows, currency })
        };
        read().map_err(|error| malformed(&format!("{name}.{}", error.path)))
    }

    /// Lines that stand for one record each.
    pub fn records(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| row.kind == RowKind::Record)
    }

    /// The closing line of a group.
    pub fn total_of(&self, group: &str) -> Option<&Row> {
        let closes = |row: &&Row| row.kind == RowKind::Total && row.group.as_deref() == Some(group);
        self.rows.iter().find(closes)
    }

    /// Distinct ids of the first column, of records and of headings alike.
    pub fn first_column_ids(&self) -> Vec<&str> {
        let mut ids: Vec<&str> = self.rows.iter().filter_map(Row::first_id).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    pub fn is_empty(&self) -> bool {
        self.records().next().is_none()
    }

    /// Positions of the columns of money, in their order.
    pub fn money_columns(&self) -> Vec<usize> {
        let money = self.columns.iter().enumerate().filter(|(_, column)| column.is_money);
        money.map(|(position, _)| position).collect()
    }

    /// The column of the first known key.
    pub fn column_of(&self, keys: &[&str]) -> Option<usize> {
        keys.iter().find_map(|key| {
            self.columns.iter().position(|column| column.key.as_deref() == Some(key))
        })
    }
}

impl Row {
    /// The amount in a column; blank is zero.
    pub fn amount(&self, column: usize) -> Answer<Decimal> {
        let text = self.cells.get(column).map_or("", |cell| cell.text.trim());
        if text.is_empty() {
            return Ok(Decimal::ZERO);
        }
        read_decimal(text).map_err(|_| malformed(&format!("Rows.ColData[{column}]")))
    }

    /// The id behind the first cell.
    pub fn first_id(&self) -> Option<&str> {
        self.cells.first().and_then(|cell| cell.id.as_deref())
    }
}

/// The innermost columns: grouped ones hold theirs inside.
fn read_columns(columns: &Record<'_>) -> Reading<Vec<Column>> {
    let mut read = Vec::new();
    let mut open: Vec<IntoIter<Record<'_>>> = vec![columns.records("Column")?.into_iter()];
    while let Some(level) = open.last_mut() {
        let Some(column) = level.next() else {
            open.pop();
            continue;
        };
        let inner = match column.record_or_none("Columns")? {
            Some(inner) => inner.records("Column")?,
            None => Vec::new(),
        };
        if inner.is_empty() {
            read.push(Column {
                key: column_key(&column)?,
                is_money: column.raw_text("ColType")? == Some("Money"),
            });
        } else if open.len() < DEPTH_MAX {
            open.push(inner.into_iter());
        } else {
            return Err(column.error("Columns", tieout_domain::facts::QuarantineReason::OutOfRange));
        }
    }
    Ok(read)
}

fn column_key(column: &Record<'_>) -> Reading<Option<String>> {
    for pair in column.records("MetaData")? {
        if pair.raw_text("Name")? == Some("ColKey") {
            return pair.text_or_none("Value");
        }
    }
    Ok(None)
}

fn pending(rows: Vec<Record<'_>>) -> Vec<Pending<'_>> {
    rows.into_iter().map(Pending::Row).collect()
}

/// What is still to be read of a report: a row, or the closing line of a section.
enum Pending<'a> {
    Row(Record<'a>),
    Total(Row),
}

fn read_rows(rows: Vec<Record<'_>>) -> Reading<Vec<Row>> {
    let mut read = Vec::new();
    let mut open: Vec<IntoIter<Pending<'_>>> = vec![pending(rows).into_iter()];
    while let Some(level) = open.last_mut() {
        let row = match level.next() {
            None => {
                open.pop();
                continue;
            }
            Some(Pending::Total(row)) => {
                read.push(row);
                continue;
            }
            Some(Pending::Row(row)) => row,
        };
        let group = row.text_or_none("group")?;
        if row.has("ColData") {
            read.push(Row { kind: RowKind::Record, group: group.clone(), cells: cells(&row)? });
        }
        if let Some(header) = row.record_or_none("Header")? {
            read.push(Row { kind: RowKind::Heading, group: group.clone(), cells: cells(&header)? });
        }
        let mut inside = match row.record_or_none("Rows")? {
            Some(inner) => pending(inner.records("Row")?),
            None => Vec::new(),
        };
        if let Some(summary) = row.record_or_none("Summary")? {
            let cells = cells(&summary)?;
            inside.push(Pending::Total(Row { kind: RowKind::Total, group, cells }));
        }
        if open.len() >= DEPTH_MAX {
            return Err(row.error("Rows", tieout_domain::facts::QuarantineReason::OutOfRange));
        }
        open.push(inside.into_iter());
    }
    Ok(read)
}

fn cells(row: &Record<'_>) -> Reading<Vec<Cell>> {
    row.records("ColData")?
        .iter()
        .map(|cell| {
            let text = cell.text_or_none("value")?.unwrap_or_default();
            Ok(Cell { text, id: cell.text_or_none("id")? })
        })
        .collect()
}

#[cfg(test)]
mod tests;
