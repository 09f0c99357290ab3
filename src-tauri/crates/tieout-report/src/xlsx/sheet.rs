//! The sheet of a section: title, notes, a table that can be filtered, sums under it.

use rust_xlsxwriter::{ColNum, Format, Formula, RowNum, Table, TableColumn, TableStyle, Worksheet};

use crate::error::ReportError;
use crate::model::{Report, leads_somewhere};
use crate::table::{Cell, Kind, Sum, Tone, TotalLine, Value, signs};
use crate::text::Negatives;
use crate::xlsx::cells::{excel_date, put_words};
use crate::xlsx::grid::{Grid, Holds, column_number, rows};
use crate::xlsx::size::{heading_lines, number_of, row_lines, set_height, widths};
use crate::xlsx::{number, style};

/// Links of one sheet that a workbook accepts; further ones are words.
const LINKS_MAX: usize = 60_000;

/// Writes a section's sheet.
pub(crate) fn write(
    sheet: &mut Worksheet,
    grid: &Grid<'_>,
    report: &Report,
    table_name: &str,
) -> Result<(), ReportError> {
    let section = grid.section;
    put_words(sheet, 0, 0, &section.title, &style::title())?;
    let scope = format!("{}; {}; {}", report.legal_name, report.period, report.status);
    put_words(sheet, 1, 0, &scope, &style::fine())?;
    for (position, note) in section.notes.iter().enumerate() {
        put_words(sheet, 2 + rows(position), 0, note, &style::fine())?;
    }
    headings(sheet, grid, table_name)?;
    let widths = widths(grid);
    for (position, width) in widths.iter().enumerate() {
        sheet.set_column_width(column_number(position), number_of(*width))?;
    }
    let titles = grid.columns.iter().zip(&widths);
    let tallest = titles.map(|(column, width)| heading_lines(&column.title, *width)).max();
    set_height(sheet, grid.heading, tallest.unwrap_or(1))?;
    let mut links = 0;
    for position in 0..section.rows.len() {
        row(sheet, grid, position, report.negatives, &mut links)?;
        set_height(sheet, grid.row(position), row_lines(grid, position, &widths))?;
    }
    if section.rows.is_empty() {
        put_words(sheet, grid.row(0), 0, &section.empty, &style::fine())?;
    }
    for (position, line) in section.totals.iter().enumerate() {
        total(sheet, grid, position, line, report.negatives)?;
    }
    sheet.set_freeze_panes(grid.heading + 1, 0)?;
    sheet.set_repeat_rows(grid.heading, grid.heading)?;
    sheet.set_print_area(0, 0, grid.last_row(), grid.last_column())?;
    Ok(())
}

fn headings(sheet: &mut Worksheet, grid: &Grid<'_>, table_name: &str) -> Result<(), ReportError> {
    let section = grid.section;
    let right = |holds| match holds {
        Holds::Cells(position) => section.columns[position].kind.is_figure(),
        Holds::Currency(_) | Holds::Marks | Holds::Note => false,
    };
    if section.rows.is_empty() {
        for (position, column) in grid.columns.iter().enumerate() {
            let format = style::column_heading(right(column.holds));
            put_words(sheet, grid.heading, column_number(position), &column.title, &format)?;
        }
        return Ok(());
    }
    let columns: Vec<TableColumn> = grid
        .columns
        .iter()
        .map(|column| {
            let format = style::column_heading(right(column.holds));
            TableColumn::new().set_header(&column.title).set_header_format(format)
        })
        .collect();
    let table = Table::new().set_name(table_name).set_style(TableStyle::None).set_columns(&columns);
    let last = grid.row(section.rows.len() - 1);
    sheet.add_table(grid.heading, 0, last, grid.last_column(), &table)?;
    Ok(())
}

fn row(
    sheet: &mut Worksheet,
    grid: &Grid<'_>,
    position: usize,
    negatives: Negatives,
    links: &mut usize,
) -> Result<(), ReportError> {
    let row = &grid.section.rows[position];
    let at = grid.row(position);
    for (index, column) in grid.columns.iter().enumerate() {
        let place = (at, column_number(index));
        match column.holds {
            Holds::Cells(source) => {
                cell(sheet, grid, place, source, &row.cells[source], negatives, links)?;
            }
            Holds::Currency(source) => {
                let code = match &row.cells[source] {
                    Cell::Money(money) => money.currency().to_string(),
                    _ => String::new(),
                };
                put_words(sheet, place.0, place.1, &code, &style::words(Tone::Quiet))?;
            }
            Holds::Marks => {
                put_words(sheet, place.0, place.1, &signs(&row.marks), &style::link())?;
            }
            Holds::Note => {
                let note = row.note.as_deref().unwrap_or_default();
                put_words(sheet, place.0, place.1, note, &style::words(Tone::Plain))?;
            }
        }
    }
    Ok(())
}

fn cell(
    sheet: &mut Worksheet,
    grid: &Grid<'_>,
    (row, at): (RowNum, ColNum),
    source: usize,
    cell: &Cell,
    negatives: Negatives,
    links: &mut usize,
) -> Result<(), ReportError> {
    let column = &grid.section.columns[source];
    let words = style::words(column.tone);
    match cell {
        Cell::Empty => put_words(sheet, row, at, "", &words),
        Cell::Text(text) | Cell::Flagged(text) => put_words(sheet, row, at, text, &words),
        Cell::Link { text, url } if leads_somewhere(url) && *links < LINKS_MAX => {
            *links += 1;
            let words = if text.is_empty() { url } else { text };
            sheet.write_url_with_options(row, at, url.as_str(), words, "", Some(&style::link()))?;
            Ok(())
        }
        Cell::Link { text, .. } => put_words(sheet, row, at, text, &words),
        Cell::Date(date) => match excel_date(*date) {
            Some(date) => {
                sheet.write_datetime_with_format(row, at, date, &style::date())?;
                Ok(())
            }
            None => put_words(sheet, row, at, &date.to_string(), &words),
        },
        Cell::Money(money) => {
            let amount = number::amount(*money).ok_or_else(|| too_large(grid, &column.key))?;
            let format = style::amount(money.currency(), negatives, column.tone);
            sheet.write_number_with_format(row, at, amount, &format)?;
            Ok(())
        }
        Cell::Count(count) => {
            let count = number::count(*count).ok_or_else(|| too_large(grid, &column.key))?;
            let format = style::figure(Kind::Count, 0, negatives, column.tone);
            sheet.write_number_with_format(row, at, count, &format)?;
            Ok(())
        }
        Cell::Decimal(value) => match number::decimal(*value) {
            Some(exact) => {
                let format = style::figure(column.kind, value.scale(), negatives, column.tone);
                sheet.write_number_with_format(row, at, exact, &format)?;
                Ok(())
            }
            None => put_words(sheet, row, at, &value.to_string(), &words),
        },
    }
}

fn total(
    sheet: &mut Worksheet,
    grid: &Grid<'_>,
    position: usize,
    line: &TotalLine,
    negatives: Negatives,
) -> Result<(), ReportError> {
    let row = grid.total_row(position);
    let bold = Format::new().set_bold();
    put_words(sheet, row, grid.label_column(line), &line.label, &bold)?;
    for sum in &line.sums {
        let Some(source) = grid.section.column(&sum.column) else { continue };
        let Some(at) = grid.column_of(Holds::Cells(source)) else { continue };
        sum_cell(sheet, grid, (row, at), line, sum, negatives)?;
        if let (Some(codes), Value::Money(money)) =
            (grid.column_of(Holds::Currency(source)), sum.value)
        {
            put_words(sheet, row, codes, money.currency().code(), &bold)?;
        }
    }
    if let Some(at) = grid.column_of(Holds::Marks) {
        put_words(sheet, row, at, &signs(&line.marks), &style::link())?;
    }
    Ok(())
}

/// A sum is a live formula whose stored result is ours. A total that could not be proved and
/// does not foot is a number, since the formula would show another one.
fn sum_cell(
    sheet: &mut Worksheet,
    grid: &Grid<'_>,
    (row, at): (RowNum, ColNum),
    line: &TotalLine,
    sum: &Sum,
    negatives: Negatives,
) -> Result<(), ReportError> {
    let (number, text, format) = value(grid, sum, negatives)?;
    let format = style::sum(format, line.rank, &sum.proof);
    match grid.formula(line, sum) {
        Some(formula) if grid.section.foots(line, sum)? => {
            let formula = Formula::new(formula).set_result(text);
            sheet.write_formula_with_format(row, at, formula, &format)?;
        }
        _ => {
            sheet.write_number_with_format(row, at, number, &format)?;
        }
    }
    Ok(())
}

/// A sum as a number, as plain text and with the format of its column.
pub(crate) fn value(
    grid: &Grid<'_>,
    sum: &Sum,
    negatives: Negatives,
) -> Result<(f64, String, Format), ReportError> {
    let (number, text, format) = match sum.value {
        Value::Money(money) => (
            number::amount(money),
            money.to_plain(),
            style::amount(money.currency(), negatives, Tone::Strong),
        ),
        Value::Count(count) => (
            number::count(count),
            count.to_string(),
            style::figure(Kind::Count, 0, negatives, Tone::Strong),
        ),
    };
    let number = number.ok_or_else(|| too_large(grid, &sum.column))?;
    Ok((number, text, format))
}

fn too_large(grid: &Grid<'_>, column: &str) -> ReportError {
    let section = grid.section.id.clone();
    ReportError::AmountTooLarge { section, column: column.to_owned() }
}
