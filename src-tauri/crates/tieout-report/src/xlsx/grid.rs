//! Which cell of a sheet holds what. Pure, so that other sheets can point at totals.

use rust_xlsxwriter::utility::{row_col_to_cell, row_col_to_cell_absolute};
use rust_xlsxwriter::{ColNum, RowNum, quote_sheet_name};

use crate::table::{Column, Kind, Section, Sum, TotalLine, Value};
use crate::xlsx::names::Names;

/// What a column of a sheet holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holds {
    /// The cells of a column of the section.
    Cells(usize),
    /// The currencies of a mixed money column.
    Currency(usize),
    /// Tick marks.
    Marks,
    /// Notes of rows.
    Note,
}

/// A column of a sheet.
#[derive(Clone, Debug)]
pub(crate) struct SheetColumn {
    /// What it holds.
    pub(crate) holds: Holds,
    /// Heading; used once per sheet, as tables demand.
    pub(crate) title: String,
}

/// The grid of a section's sheet.
#[derive(Clone, Debug)]
pub(crate) struct Grid<'a> {
    /// The section.
    pub(crate) section: &'a Section,
    /// Name of the sheet.
    pub(crate) sheet: String,
    /// Columns from the left.
    pub(crate) columns: Vec<SheetColumn>,
    /// Row of the column headings.
    pub(crate) heading: RowNum,
}

/// Characters of a heading; tables allow 255.
const TITLE_CHARS_MAX: usize = 200;
/// Rows above the notes: title, scope.
pub(crate) const TITLE_ROWS: RowNum = 2;

impl<'a> Grid<'a> {
    /// The grid of a section.
    pub(crate) fn new(section: &'a Section, sheet: String) -> Self {
        let notes = rows(section.notes.len());
        let columns = columns(section);
        Self { section, sheet, columns, heading: TITLE_ROWS + notes + 1 }
    }

    /// Row of the section's row at a position.
    pub(crate) fn row(&self, position: usize) -> RowNum {
        self.heading + 1 + rows(position)
    }

    /// Row of a line of sums.
    pub(crate) fn total_row(&self, line: usize) -> RowNum {
        self.row(self.section.rows.len().max(1)) + rows(line)
    }

    /// Last row that is used.
    pub(crate) fn last_row(&self) -> RowNum {
        self.total_row(self.section.totals.len()).saturating_sub(1)
    }

    /// Last column that is used.
    pub(crate) fn last_column(&self) -> ColNum {
        column_number(self.columns.len().saturating_sub(1))
    }

    /// Column that holds something.
    pub(crate) fn column_of(&self, holds: Holds) -> Option<ColNum> {
        let at = self.columns.iter().position(|column| column.holds == holds);
        at.map(column_number)
    }

    /// Column in which the label of a line of sums stands: the first that it does not sum.
    pub(crate) fn label_column(&self, line: &TotalLine) -> ColNum {
        let summed = |column: &SheetColumn| match column.holds {
            Holds::Cells(position) => {
                let key = &self.section.columns[position].key;
                line.sums.iter().any(|sum| sum.column == *key)
            }
            Holds::Currency(_) | Holds::Marks | Holds::Note => true,
        };
        let first = self.columns.iter().position(|column| !summed(column));
        column_number(first.unwrap_or(self.columns.len()))
    }

    /// The formula that adds what a sum adds; `None` if it adds no rows. Rounded to the digits
    /// of the currency, because the sum of binary fractions need not be a whole cent.
    pub(crate) fn formula(&self, line: &TotalLine, sum: &Sum) -> Option<String> {
        let position = self.section.column(&sum.column)?;
        let column = self.column_of(Holds::Cells(position))?;
        if line.rows.is_empty() {
            return None;
        }
        let range = |column| {
            let first = row_col_to_cell(self.row(line.rows.start), column);
            format!("{first}:{}", row_col_to_cell(self.row(line.rows.end - 1), column))
        };
        let cells = range(column);
        match (sum.value, self.column_of(Holds::Currency(position))) {
            (Value::Count(_), _) => Some(format!("=SUM({cells})")),
            (Value::Money(money), None) => {
                Some(format!("=ROUND(SUM({cells}),{})", money.currency().digits()))
            }
            (Value::Money(money), Some(codes)) => {
                let (codes, code) = (range(codes), money.currency());
                let digits = code.digits();
                Some(format!("=ROUND(SUMIF({codes},\"{code}\",{cells}),{digits})"))
            }
        }
    }

    /// The cell of a sum as other sheets name it: `'Five tie-outs'!$D$12`.
    pub(crate) fn reference(&self, line: usize, sum: &Sum) -> Option<String> {
        let position = self.section.column(&sum.column)?;
        let column = self.column_of(Holds::Cells(position))?;
        let cell = row_col_to_cell_absolute(self.total_row(line), column);
        Some(format!("{}!{cell}", quote_sheet_name(&self.sheet)))
    }
}

fn columns(section: &Section) -> Vec<SheetColumn> {
    let mut titles = Names::default();
    let mut columns = Vec::new();
    let mut push = |holds, title: &str| {
        let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
        let title = if title.is_empty() { "Column" } else { &title };
        let title = titles.free(title, TITLE_CHARS_MAX, " ");
        columns.push(SheetColumn { holds, title });
    };
    for (position, column) in section.columns.iter().enumerate() {
        push(Holds::Cells(position), &heading(section, position, column));
        if column.kind == Kind::Money && section.is_mixed(position) {
            push(Holds::Currency(position), &format!("{}, currency", column.title));
        }
    }
    if section.has_marks() {
        push(Holds::Marks, "Marks");
    }
    if section.has_notes() {
        push(Holds::Note, "Note");
    }
    columns
}

fn heading(section: &Section, position: usize, column: &Column) -> String {
    match section.uniform_currency(position) {
        Some(currency) => format!("{}, {currency}", column.title),
        None => column.title.clone(),
    }
}

/// A position as a row; positions are limited by `ROWS_MAX` before any sheet is made.
pub(crate) fn rows(position: usize) -> RowNum {
    RowNum::try_from(position).unwrap_or(RowNum::MAX)
}

/// A position as a column; positions are limited by `COLUMNS_MAX` before any sheet is made.
pub(crate) fn column_number(position: usize) -> ColNum {
    ColNum::try_from(position).unwrap_or(ColNum::MAX)
}
