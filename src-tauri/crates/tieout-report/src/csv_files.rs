//! CSV: one clean table per section, control totals in a file of their own (RFC 4180, UTF-8).

use csv::{Terminator, Writer, WriterBuilder};

use crate::error::ReportError;
use crate::model::Report;
use crate::table::{Cell, Kind, Proof, Rank, Row, Section, Value, signs};
use crate::text::neutralised;

/// A file with the name it should have inside a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedFile {
    /// `03-reconciling-items.csv`
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Every section as a file, each with totals followed by its file of totals.
pub fn csv_files(report: &Report) -> Result<Vec<NamedFile>, ReportError> {
    report.check()?;
    let mut files = Vec::new();
    for (position, section) in report.sections.iter().enumerate() {
        let name = format!("{:02}-{}", position + 1, section.id);
        files.push(NamedFile { name: format!("{name}.csv"), bytes: csv(section)? });
        if !section.totals.is_empty() {
            let bytes = csv_totals(section)?;
            files.push(NamedFile { name: format!("{name}.totals.csv"), bytes });
        }
    }
    Ok(files)
}

/// The rows of a section. Header: the keys of the columns. A money column is followed by its
/// currency, a link by its address, a column with missing values by the words that say why.
/// Figures are plain (`-1234.50`), dates ISO, words neutralised against formula reading.
pub fn csv(section: &Section) -> Result<Vec<u8>, ReportError> {
    section.check()?;
    let mut writer = writer();
    let flagged: Vec<bool> = (0..section.columns.len()).map(|at| has_flag(section, at)).collect();
    writer.write_record(header(section, &flagged))?;
    for row in &section.rows {
        writer.write_record(record(section, row, &flagged))?;
    }
    finished(writer)
}

/// The totals of a section, one line per sum, with the rows it adds (counted from 1) and proof.
pub fn csv_totals(section: &Section) -> Result<Vec<u8>, ReportError> {
    section.check()?;
    let mut writer = writer();
    writer.write_record([
        "label",
        "rank",
        "column",
        "value",
        "currency",
        "first_row",
        "last_row",
        "proof",
        "proof_note",
        "marks",
    ])?;
    for line in &section.totals {
        let rank = match line.rank {
            Rank::Subtotal => "subtotal",
            Rank::Total => "total",
        };
        let (first, last) = if line.rows.is_empty() {
            (String::new(), String::new())
        } else {
            ((line.rows.start + 1).to_string(), line.rows.end.to_string())
        };
        for sum in &line.sums {
            let (value, currency) = match sum.value {
                Value::Money(money) => (money.to_plain(), money.currency().to_string()),
                Value::Count(count) => (count.to_string(), String::new()),
            };
            let (proof, reason) = match &sum.proof {
                Proof::Proved { by } => ("proved", by),
                Proof::Unproved { why } => ("unproved", why),
            };
            let (label, reason) = (neutralised(&line.label), neutralised(reason));
            let marks = signs(&line.marks);
            writer.write_record([
                &*label,
                rank,
                &*sum.column,
                &*value,
                &*currency,
                &*first,
                &*last,
                proof,
                &*reason,
                &*marks,
            ])?;
        }
    }
    finished(writer)
}

fn header(section: &Section, flagged: &[bool]) -> Vec<String> {
    let mut names = Vec::new();
    for (column, flagged) in section.columns.iter().zip(flagged) {
        names.push(column.key.clone());
        match column.kind {
            Kind::Money => names.push(format!("{}_currency", column.key)),
            Kind::Link => names.push(format!("{}_url", column.key)),
            _ => {}
        }
        if *flagged {
            names.push(format!("{}_flag", column.key));
        }
    }
    if section.has_marks() {
        names.push("marks".to_owned());
    }
    if section.has_notes() {
        names.push("note".to_owned());
    }
    names
}

fn record(section: &Section, row: &Row, flagged: &[bool]) -> Vec<String> {
    let mut fields = Vec::new();
    for ((column, cell), flagged) in section.columns.iter().zip(&row.cells).zip(flagged) {
        let (value, beside) = plain(cell);
        fields.push(value);
        if matches!(column.kind, Kind::Money | Kind::Link) {
            fields.push(beside);
        }
        if *flagged {
            fields.push(match cell {
                Cell::Flagged(word) => neutralised(word).into_owned(),
                _ => String::new(),
            });
        }
    }
    if section.has_marks() {
        fields.push(signs(&row.marks));
    }
    if section.has_notes() {
        fields.push(neutralised(row.note.as_deref().unwrap_or_default()).into_owned());
    }
    fields
}

/// The field of a cell, and the field beside it (currency, address).
fn plain(cell: &Cell) -> (String, String) {
    let alone = |field: String| (field, String::new());
    match cell {
        Cell::Text(text) => alone(neutralised(text).into_owned()),
        Cell::Money(money) => (money.to_plain(), money.currency().to_string()),
        Cell::Date(date) => alone(date.to_string()),
        Cell::Count(count) => alone(count.to_string()),
        Cell::Decimal(value) => alone(value.to_string()),
        Cell::Link { text, url } => (neutralised(text).into_owned(), neutralised(url).into_owned()),
        Cell::Empty | Cell::Flagged(_) => alone(String::new()),
    }
}

fn has_flag(section: &Section, column: usize) -> bool {
    section.rows.iter().any(|row| matches!(row.cells.get(column), Some(Cell::Flagged(_))))
}

fn writer() -> Writer<Vec<u8>> {
    WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new())
}

fn finished(writer: Writer<Vec<u8>>) -> Result<Vec<u8>, ReportError> {
    writer.into_inner().map_err(|error| ReportError::Document(error.into_error()))
}
