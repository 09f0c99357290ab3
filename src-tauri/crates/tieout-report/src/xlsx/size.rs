//! Widths of columns and heights of rows, so that nothing is cut on the screen or in print.

use rust_xlsxwriter::{RowNum, Worksheet};

use crate::error::ReportError;
use crate::table::{Cell, Column, Kind, Value, signs};
use crate::text::{MoneyStyle, Negatives, print_count, print_date, print_decimal, print_money};
use crate::xlsx::grid::{Grid, Holds};

/// Least and greatest width of a column in characters.
const WIDTH_MIN: usize = 8;
const WIDTH_MAX: usize = 52;
/// Height of a line in points, and the greatest height of a row that a workbook knows.
const LINE_HEIGHT: u16 = 15;
const HEIGHT_MAX: u16 = 405;

/// Width of every column in characters, between the limits.
pub(crate) fn widths(grid: &Grid<'_>) -> Vec<usize> {
    let columns = grid.columns.iter();
    columns.map(|column| column_width(grid, column.holds, &column.title)).collect()
}

/// Lines that a row needs at these widths.
pub(crate) fn row_lines(grid: &Grid<'_>, position: usize, widths: &[usize]) -> usize {
    let row = &grid.section.rows[position];
    let lines = grid.columns.iter().zip(widths).map(|(column, width)| match column.holds {
        Holds::Cells(source) => match &row.cells[source] {
            Cell::Text(text) | Cell::Flagged(text) | Cell::Link { text, .. } => lines(text, *width),
            _ => 1,
        },
        Holds::Note => lines(row.note.as_deref().unwrap_or_default(), *width),
        Holds::Currency(_) | Holds::Marks => 1,
    });
    lines.max().unwrap_or(1)
}

/// Lines that a heading needs beside its filter button.
pub(crate) fn heading_lines(title: &str, width: usize) -> usize {
    lines(title, width.saturating_sub(3))
}

/// Makes a row high enough for a number of lines; one line is what every row has anyway.
pub(crate) fn set_height(
    sheet: &mut Worksheet,
    row: RowNum,
    lines: usize,
) -> Result<(), ReportError> {
    if lines > 1 {
        let lines = u16::try_from(lines).unwrap_or(u16::MAX);
        let height = lines.saturating_mul(LINE_HEIGHT).min(HEIGHT_MAX);
        sheet.set_row_height(row, f64::from(height))?;
    }
    Ok(())
}

/// A width for the workbook, which counts in numbers.
pub(crate) fn number_of(width: usize) -> f64 {
    f64::from(u16::try_from(width).unwrap_or(u16::MAX))
}

/// Lines of a text that is broken at spaces. Wide letters need more room than the average.
pub(crate) fn lines(text: &str, width: usize) -> usize {
    let room = (width * 9 / 10).max(1);
    let mut lines = 0;
    for paragraph in text.split('\n') {
        let mut used = 0;
        lines += 1;
        for word in paragraph.split(' ') {
            let chars = word.chars().count();
            if used > 0 && used + 1 + chars > room {
                lines += 1;
                used = 0;
            }
            used += chars + usize::from(used > 0);
            lines += used.saturating_sub(1) / room;
            used -= used.saturating_sub(1) / room * room;
        }
    }
    lines
}

fn column_width(grid: &Grid<'_>, holds: Holds, title: &str) -> usize {
    let section = grid.section;
    let rows = section.rows.iter();
    let longest = match holds {
        Holds::Cells(position) => {
            let column = &section.columns[position];
            let cells = rows.map(|row| shown_chars(&row.cells[position], column));
            let sums = section.totals.iter().flat_map(|line| &line.sums);
            let sums = sums.filter(|sum| sum.column == column.key).map(|sum| match sum.value {
                Value::Money(money) => print_money(money, MoneyStyle::GRID).len(),
                Value::Count(count) => print_count(count).len(),
            });
            // Sums are bold, figures leave room for a bracket.
            cells.chain(sums.map(|chars| chars + 3)).max().unwrap_or_default()
        }
        Holds::Currency(_) => 3,
        Holds::Marks => rows.map(|row| signs(&row.marks).len()).max().unwrap_or_default(),
        Holds::Note => WIDTH_MAX,
    };
    let word = title.split(' ').map(|word| word.chars().count()).max().unwrap_or_default();
    // The filter button covers the end of a heading.
    (longest + 2).max(word + 4).clamp(WIDTH_MIN, WIDTH_MAX)
}

fn shown_chars(cell: &Cell, column: &Column) -> usize {
    match cell {
        Cell::Empty => 0,
        Cell::Text(text) | Cell::Flagged(text) | Cell::Link { text, .. } => {
            text.lines().map(|line| line.chars().count()).max().unwrap_or_default()
        }
        Cell::Money(money) => print_money(*money, MoneyStyle::GRID).len() + 2,
        Cell::Date(date) => print_date(*date).len(),
        Cell::Count(count) => print_count(*count).len() + 2,
        Cell::Decimal(value) => {
            let spare = if column.kind == Kind::Percent { 4 } else { 2 };
            print_decimal(*value, Negatives::Brackets).len() + spare
        }
    }
}
