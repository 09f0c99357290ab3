//! What every writer checks first: the shape of the sections, and that proved totals foot.

use std::collections::BTreeSet;

use tieout_domain::Money;

use crate::error::ReportError;
use crate::model::Report;
use crate::table::{Cell, Column, Kind, Print, Proof, Section, Sum, TotalLine, Value};

/// Columns of one section.
pub(crate) const COLUMNS_MAX: usize = 60;
/// Rows of one section; a sheet of a workbook holds about a million.
pub(crate) const ROWS_MAX: usize = 500_000;
/// Sections of a report.
pub(crate) const SECTIONS_MAX: usize = 200;
/// Characters of an id or a key, so that names of files and totals stay legal.
const NAME_CHARS_MAX: usize = 60;
/// Endings and names of the columns that the CSV writer adds.
const TAKEN_ENDINGS: [&str; 3] = ["_currency", "_url", "_flag"];
const TAKEN_KEYS: [&str; 2] = ["marks", "note"];

impl Report {
    /// Every section has a legal shape and its proved totals foot.
    pub fn check(&self) -> Result<(), ReportError> {
        if self.sections.len() > SECTIONS_MAX {
            let (section, of) = (self.id.clone(), "sections");
            return Err(ReportError::TooLarge { section, of, limit: SECTIONS_MAX });
        }
        let mut ids = BTreeSet::new();
        for section in &self.sections {
            if !ids.insert(section.id.as_str()) {
                return Err(bad_key(section, &section.id));
            }
            section.check()?;
        }
        Ok(())
    }
}

impl Section {
    /// The section has a legal shape and its proved totals foot.
    pub fn check(&self) -> Result<(), ReportError> {
        self.check_columns()?;
        if self.rows.len() > ROWS_MAX {
            let (section, of) = (self.id.clone(), "rows");
            return Err(ReportError::TooLarge { section, of, limit: ROWS_MAX });
        }
        self.check_rows()?;
        self.foot()
    }

    /// Re-adds every total. A total that is given as proved must be the sum of the cells that
    /// are printed above it, with no missing value among them.
    pub fn foot(&self) -> Result<(), ReportError> {
        for (position, line) in self.totals.iter().enumerate() {
            if line.rows.start > line.rows.end || line.rows.end > self.rows.len() {
                return Err(ReportError::UnknownRows { section: self.id.clone(), line: position });
            }
            for sum in &line.sums {
                let added = self.re_add(line, sum)?;
                if sum.proof.is_proved() && self.has_gap(line, sum)? {
                    let (section, column) = (self.id.clone(), sum.column.clone());
                    return Err(ReportError::GapUnderProof { section, column });
                }
                if sum.proof.is_proved() && added != sum.value {
                    let (section, column) = (self.id.clone(), sum.column.clone());
                    return Err(ReportError::DoesNotFoot { section, column });
                }
            }
        }
        Ok(())
    }

    /// Whether the cells above a total add up to it, proved or not.
    pub(crate) fn foots(&self, line: &TotalLine, sum: &Sum) -> Result<bool, ReportError> {
        Ok(self.re_add(line, sum)? == sum.value)
    }

    /// Reasons why totals of this section are not proved, each once, in order.
    pub(crate) fn reasons_unproved(&self) -> Vec<&str> {
        let mut reasons = Vec::new();
        for sum in self.totals.iter().flat_map(|line| &line.sums) {
            if let Proof::Unproved { why } = &sum.proof
                && !reasons.contains(&why.as_str())
            {
                reasons.push(why.as_str());
            }
        }
        reasons
    }

    fn re_add(&self, line: &TotalLine, sum: &Sum) -> Result<Value, ReportError> {
        let column = self.summed_column(sum)?;
        let cells = self.rows[line.rows.clone()].iter().map(|row| &row.cells[column]);
        match sum.value {
            Value::Money(value) => {
                let amounts = cells.filter_map(|cell| match cell {
                    Cell::Money(money) if money.currency() == value.currency() => Some(*money),
                    _ => None,
                });
                Money::sum(value.currency(), amounts).map(Value::Money).map_err(|source| {
                    let (section, column) = (self.id.clone(), sum.column.clone());
                    ReportError::Amount { section, column, source }
                })
            }
            Value::Count(_) => Ok(Value::Count(cells.fold(0_u64, |added, cell| match cell {
                Cell::Count(count) => added.saturating_add(*count),
                _ => added,
            }))),
        }
    }

    fn has_gap(&self, line: &TotalLine, sum: &Sum) -> Result<bool, ReportError> {
        let column = self.summed_column(sum)?;
        let rows = &self.rows[line.rows.clone()];
        Ok(rows.iter().any(|row| matches!(row.cells[column], Cell::Flagged(_))))
    }

    fn summed_column(&self, sum: &Sum) -> Result<usize, ReportError> {
        let position = self.column(&sum.column).ok_or_else(|| self.unknown(&sum.column))?;
        match (self.columns[position].kind, sum.value) {
            (Kind::Money, Value::Money(_)) | (Kind::Count, Value::Count(_)) => Ok(position),
            _ => Err(self.unknown(&sum.column)),
        }
    }

    fn check_columns(&self) -> Result<(), ReportError> {
        if self.columns.is_empty() {
            return Err(ReportError::NoColumns { section: self.id.clone() });
        }
        if self.columns.len() > COLUMNS_MAX {
            let (section, of) = (self.id.clone(), "columns");
            return Err(ReportError::TooLarge { section, of, limit: COLUMNS_MAX });
        }
        if !is_name(&self.id, '-') {
            return Err(bad_key(self, &self.id));
        }
        let mut keys = BTreeSet::new();
        for column in &self.columns {
            let key = column.key.as_str();
            let taken = TAKEN_KEYS.contains(&key)
                || TAKEN_ENDINGS.iter().any(|ending| key.ends_with(ending));
            if !is_name(key, '_') || taken || !keys.insert(key) {
                return Err(bad_key(self, key));
            }
            self.check_print(column)?;
        }
        if self.columns.iter().all(|column| column.print != Print::Own) {
            return Err(ReportError::NoColumns { section: self.id.clone() });
        }
        Ok(())
    }

    fn check_print(&self, column: &Column) -> Result<(), ReportError> {
        let Print::Under(above) = &column.print else { return Ok(()) };
        let position = self.column(above).ok_or_else(|| self.unknown(above))?;
        if self.columns[position].print == Print::Own && column.kind != Kind::Money {
            Ok(())
        } else {
            Err(self.unknown(above))
        }
    }

    fn check_rows(&self) -> Result<(), ReportError> {
        for (position, row) in self.rows.iter().enumerate() {
            if row.cells.len() != self.columns.len() {
                return Err(ReportError::RowShape {
                    section: self.id.clone(),
                    row: position,
                    cells: row.cells.len(),
                    columns: self.columns.len(),
                });
            }
            for (cell, column) in row.cells.iter().zip(&self.columns) {
                if !holds(column.kind, cell) {
                    return Err(ReportError::CellKind {
                        section: self.id.clone(),
                        row: position,
                        column: column.key.clone(),
                    });
                }
            }
        }
        Ok(())
    }

    fn unknown(&self, column: &str) -> ReportError {
        ReportError::UnknownColumn { section: self.id.clone(), column: column.to_owned() }
    }
}

fn bad_key(section: &Section, key: &str) -> ReportError {
    let key = key.chars().take(NAME_CHARS_MAX).collect();
    ReportError::BadKey { section: section.id.clone(), key }
}

fn is_name(text: &str, joint: char) -> bool {
    let legal = |sign: char| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == joint;
    text.len() <= NAME_CHARS_MAX
        && text.starts_with(|sign: char| sign.is_ascii_lowercase())
        && text.chars().all(legal)
}

fn holds(kind: Kind, cell: &Cell) -> bool {
    match cell {
        Cell::Empty | Cell::Flagged(_) => true,
        Cell::Text(_) => !matches!(kind, Kind::Money | Kind::Count),
        Cell::Money(_) => kind == Kind::Money,
        Cell::Date(_) => kind == Kind::Date,
        Cell::Count(_) => kind == Kind::Count,
        Cell::Decimal(_) => matches!(kind, Kind::Decimal | Kind::Percent),
        Cell::Link { .. } => kind == Kind::Link,
    }
}

#[cfg(test)]
mod tests {
    use tieout_domain::Currency;

    use super::*;
    use crate::table::{Rank, Row};

    fn money(minor: i64, code: &str) -> Money {
        Money::from_minor(minor, Currency::parse(code).unwrap())
    }

    fn section(amounts: Vec<Cell>) -> Section {
        let columns = vec![
            Column::new("name", "Name", Kind::Text),
            Column::new("open", "Open", Kind::Money),
            Column::new("deals", "Deals", Kind::Count),
        ];
        let row = |cell| Row::new(vec![Cell::text("x"), cell, Cell::Count(2)]);
        Section::new("items", "Items", columns, amounts.into_iter().map(row).collect())
    }

    fn with(mut section: Section, column: &str, value: Value, proved: bool) -> Section {
        let sum = if proved {
            Sum::proved(column, value, "ledger")
        } else {
            Sum::unproved(column, value, "page 3 of 4 was not read")
        };
        let rows = 0..section.rows.len();
        let (label, rank, marks) = ("All".to_owned(), Rank::Total, Vec::new());
        section.totals.push(TotalLine { label, rank, rows, sums: vec![sum], marks });
        section
    }

    fn two() -> Section {
        section(vec![Cell::Money(money(100, "USD")), Cell::Money(money(-250, "USD"))])
    }

    #[track_caller]
    fn check(section: &Section, expected: &str) {
        let outcome = section.check().map_or_else(|error| error.to_string(), |()| "foots".into());
        assert_eq!(outcome, expected);
    }

    const DOES_NOT: &str = "column `open` of section `items` does not add up to its proved total";

    #[test]
    fn a_proved_total_is_the_sum_of_its_rows() {
        check(&with(two(), "open", money(-150, "USD").into(), true), "foots");
        check(&with(two(), "open", money(-149, "USD").into(), true), DOES_NOT);
        check(&with(two(), "deals", 4.into(), true), "foots");
        check(
            &with(two(), "deals", 5.into(), true),
            "column `deals` of section `items` does not add up to its proved total",
        );
    }

    #[test]
    fn a_total_that_is_not_proved_may_differ_and_is_never_called_proved() {
        check(&with(two(), "open", money(999, "USD").into(), false), "foots");
    }

    #[test]
    fn a_currency_adds_only_its_own_cells() {
        let mixed = section(vec![Cell::Money(money(100, "USD")), Cell::Money(money(700, "JPY"))]);
        let mixed = with(mixed, "open", money(100, "USD").into(), true);
        check(&with(mixed.clone(), "open", money(700, "JPY").into(), true), "foots");
        check(&with(mixed, "open", money(800, "JPY").into(), true), DOES_NOT);
    }

    #[test]
    fn a_missing_value_leaves_no_proof() {
        let gap = section(vec![Cell::Money(money(100, "USD")), Cell::Flagged("unknown".into())]);
        check(
            &with(gap.clone(), "open", money(100, "USD").into(), true),
            "column `open` of section `items` has a gap under its proved total",
        );
        check(&with(gap, "open", money(100, "USD").into(), false), "foots");
    }

    #[test]
    fn the_sum_of_no_rows_is_zero() {
        check(&with(section(vec![]), "open", money(0, "USD").into(), true), "foots");
        check(&with(section(vec![]), "open", money(1, "USD").into(), true), DOES_NOT);
    }

    #[test]
    fn amounts_beyond_the_range_are_an_error() {
        let most = || Cell::Money(money(i64::MAX, "USD"));
        check(
            &with(section(vec![most(), most()]), "open", money(0, "USD").into(), false),
            "column `open` of section `items` cannot be added",
        );
    }

    #[test]
    fn a_total_names_a_column_that_can_be_added_and_rows_that_exist() {
        let unknown = "section `items` has no column `name` that can be used so";
        check(&with(two(), "name", 4.into(), true), unknown);
        let mut beyond = with(two(), "open", money(-150, "USD").into(), true);
        beyond.totals[0].rows = 0..3;
        check(&beyond, "total 0 of section `items` adds rows that do not exist");
    }

    #[test]
    fn a_row_has_one_cell_of_the_right_kind_per_column() {
        let mut short = two();
        short.rows[1].cells.pop();
        check(&short, "row 1 of section `items` has 2 cells for 3 columns");
        let wrong = section(vec![Cell::text("1.00")]);
        check(&wrong, "row 0 of section `items` has a wrong kind of cell in column `open`");
    }

    #[test]
    fn names_are_legal_and_used_once() {
        for key in ["Open", "1st", "", "open_currency", "marks", "deals", "a b"] {
            let mut section = two();
            section.columns[1].key = key.to_owned();
            check(
                &section,
                &format!("`{key}` in section `items` cannot be used as a name, or is used twice"),
            );
        }
    }
}
