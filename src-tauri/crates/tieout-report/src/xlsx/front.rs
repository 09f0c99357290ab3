//! The first and the last sheet: what the report says and who signed; parameters and legend.

use rust_xlsxwriter::{ColNum, Format, Formula, RowNum, Worksheet};

use crate::error::ReportError;
use crate::model::{Fact, Report};
use crate::table::{Proof, Value, marks_used};
use crate::text::{print_date, print_moment};
use crate::xlsx::cells::put_words;
use crate::xlsx::grid::{Grid, rows};
use crate::xlsx::sheet::value;
use crate::xlsx::size::{lines, set_height};
use crate::xlsx::style;

/// Widths of the columns of the first sheet in characters.
const SUMMARY_WIDTHS: [u16; 7] = [30, 34, 22, 9, 20, 12, REASON_WIDTH];
const REASON_WIDTH: u16 = 46;
/// Width of the texts of the last sheet in characters.
const TEXT_WIDTH: u16 = 100;
/// Characters of the conclusion on one line, and the height of a line.
const CONCLUSION_CHARS: usize = 150;
const LINE_HEIGHT: u16 = 15;

/// Writes the first sheet. Totals are formulas that point at the sheets of the sections.
pub(crate) fn write_summary(
    sheet: &mut Worksheet,
    report: &Report,
    grids: &[Grid<'_>],
) -> Result<(), ReportError> {
    put_words(sheet, 0, 0, &report.title, &style::title())?;
    put_words(sheet, 1, 0, &report.subtitle, &style::fine())?;
    let mut row = 3;
    for fact in identity(report).iter().chain(&report.basis) {
        put_words(sheet, row, 0, &fact.label, &style::fine())?;
        put_words(sheet, row, 1, &fact.text, &Format::new())?;
        row += 1;
    }
    row += 1;
    put_words(sheet, row, 0, "Conclusion", &style::heading())?;
    row += 1;
    conclusion(sheet, report, row)?;
    row += 2;
    row = sign_off(sheet, report, row)?;
    row = totals(sheet, report, grids, row)?;
    for (column, width) in (0..).zip(SUMMARY_WIDTHS) {
        sheet.set_column_width(column, f64::from(width))?;
    }
    sheet.set_screen_gridlines(false);
    sheet.set_print_area(0, 0, row, last_column())?;
    Ok(())
}

/// Writes the last sheet.
pub(crate) fn write_parameters(sheet: &mut Worksheet, report: &Report) -> Result<(), ReportError> {
    put_words(sheet, 0, 0, "Parameters and sources", &style::title())?;
    let mut row = 2;
    let marks: Vec<Fact> = marks_used(&report.sections)
        .into_iter()
        .map(|mark| Fact::new(mark.sign(), mark.meaning()))
        .collect();
    let integrity = vec![
        Fact::new("Report", &report.id),
        Fact::new("Run", &report.run_id),
        Fact::new("Made by", format!("Tieout {}", report.product_version)),
        Fact::new("Made at", print_moment(&report.generated_at)),
        Fact::new("Hash of the content", &report.content_hash),
    ];
    let blocks = [
        ("Parameters", &report.parameters),
        ("Definitions", &report.definitions),
        ("Marks", &marks),
        ("Integrity", &integrity),
    ];
    for (title, facts) in blocks {
        if facts.is_empty() {
            continue;
        }
        put_words(sheet, row, 0, title, &style::heading())?;
        row += 1;
        for fact in facts {
            put_words(sheet, row, 0, &fact.label, &style::strong())?;
            put_words(sheet, row, 1, &fact.text, &style::wrapped())?;
            set_height(sheet, row, lines(&fact.text, usize::from(TEXT_WIDTH)))?;
            row += 1;
        }
        row += 1;
    }
    sheet.set_column_width(0, 34)?;
    sheet.set_column_width(1, f64::from(TEXT_WIDTH))?;
    sheet.set_screen_gridlines(false);
    sheet.set_print_area(0, 0, row, 1)?;
    Ok(())
}

fn identity(report: &Report) -> Vec<Fact> {
    vec![
        Fact::new("Report", &report.id),
        Fact::new("Entity", format!("{}, {}", report.entity, report.legal_name)),
        Fact::new("Period", &report.period),
        Fact::new("As of", print_date(report.as_of)),
        Fact::new("As known", print_moment(&report.known_at)),
        Fact::new("Currency", &report.currency),
        Fact::new("Status", &report.status),
        Fact::new("Run", &report.run_id),
    ]
}

fn conclusion(sheet: &mut Worksheet, report: &Report, row: RowNum) -> Result<(), ReportError> {
    let text = report.conclusion.plain();
    let lines = text.chars().count().div_ceil(CONCLUSION_CHARS).max(1);
    let height = u16::try_from(lines).unwrap_or(u16::MAX).saturating_mul(LINE_HEIGHT);
    sheet.merge_range(row, 0, row, last_column(), "", &style::wrapped())?;
    put_words(sheet, row, 0, &text, &style::wrapped())?;
    sheet.set_row_height(row, f64::from(height.min(400)))?;
    Ok(())
}

fn sign_off(
    sheet: &mut Worksheet,
    report: &Report,
    mut row: RowNum,
) -> Result<RowNum, ReportError> {
    let Some(sign_off) = &report.sign_off else { return Ok(row) };
    put_words(sheet, row, 0, "Sign-off", &style::heading())?;
    row += 1;
    let titles = ["Version and role", "Name", "Signed", "", "Identity proved by", "", "State"];
    put_line(sheet, row, &titles, &style::column_heading(false))?;
    row += 1;
    for signature in &sign_off.signatures {
        let role = format!("{} {}", signature.version, signature.role);
        let (by, at, proved_by) = match &signature.signed {
            Some(signed) => {
                (signed.by.as_str(), print_moment(&signed.at), signed.proved_by.as_str())
            }
            None => ("", String::new(), ""),
        };
        let state = match signature.comment.as_str() {
            "" => signature.state.clone(),
            comment => format!("{}: {comment}", signature.state),
        };
        let texts = [role.as_str(), by, &at, "", proved_by, "", &state];
        put_line(sheet, row, &texts, &Format::new())?;
        row += 1;
    }
    if let Some(reason) = &sign_off.override_reason {
        let text = format!("Signed in spite of an open point: {reason}");
        put_words(sheet, row, 0, &text, &style::fine())?;
        row += 1;
    }
    Ok(row + 1)
}

fn totals(
    sheet: &mut Worksheet,
    report: &Report,
    grids: &[Grid<'_>],
    mut row: RowNum,
) -> Result<RowNum, ReportError> {
    put_words(sheet, row, 0, "Totals", &style::heading())?;
    row += 1;
    let titles =
        ["Section", "Total", "Column", "Currency", "Value", "Proof", "Agreed to, or why not"];
    for (column, title) in (0..).zip(titles) {
        put_words(sheet, row, column, title, &style::column_heading(column == 4))?;
    }
    row += 1;
    for grid in grids {
        for (position, line) in grid.section.totals.iter().enumerate() {
            for sum in &line.sums {
                let (proof, reason) = match &sum.proof {
                    Proof::Proved { by } => ("proved", by),
                    Proof::Unproved { why } => ("not proved", why),
                };
                let currency = match sum.value {
                    Value::Money(money) => money.currency().to_string(),
                    Value::Count(_) => String::new(),
                };
                let title = grid.section.column(&sum.column);
                let column = title.map_or("", |at| grid.section.columns[at].title.as_str());
                let texts = [&grid.section.title, &line.label, column, &currency];
                put_line(sheet, row, &texts, &Format::new())?;
                let (_, text, format) = value(grid, sum, report.negatives)?;
                if let Some(reference) = grid.reference(position, sum) {
                    let formula = Formula::new(format!("={reference}")).set_result(text);
                    sheet.write_formula_with_format(row, 4, formula, &style::pointer(format))?;
                }
                put_words(sheet, row, 5, proof, &Format::new())?;
                put_words(sheet, row, 6, reason, &style::wrapped())?;
                set_height(sheet, row, lines(reason, usize::from(REASON_WIDTH)))?;
                row += 1;
            }
        }
    }
    Ok(row)
}

fn put_line(
    sheet: &mut Worksheet,
    row: RowNum,
    texts: &[&str],
    format: &Format,
) -> Result<(), ReportError> {
    for (position, text) in texts.iter().enumerate() {
        let column = ColNum::try_from(rows(position)).unwrap_or(ColNum::MAX);
        put_words(sheet, row, column, text, format)?;
    }
    Ok(())
}

fn last_column() -> ColNum {
    ColNum::try_from(SUMMARY_WIDTHS.len() - 1).unwrap_or(ColNum::MAX)
}
