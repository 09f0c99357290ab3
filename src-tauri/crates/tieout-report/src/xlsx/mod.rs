//! The workbook (`finance-domain §14`): auditors re-perform it, so every sum is a live formula.

mod cells;
mod front;
mod grid;
mod names;
mod number;
mod sheet;
mod size;
mod style;

use jiff::tz::TimeZone;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet};

use crate::error::ReportError;
use crate::model::{Paper, Report};
use crate::table::{Rank, Value};
use crate::xlsx::cells::header_text;
use crate::xlsx::grid::Grid;
use crate::xlsx::names::Names;

/// Characters of a name of a total.
const NAME_CHARS_MAX: usize = 200;

/// The report as a workbook: a summary, one sheet per section, parameters. The same report and
/// paper give the same bytes.
///
/// Amounts and dates are real numbers and dates; sums are live `SUM` or `SUMIF` formulas whose
/// stored results equal the report's; every sum has a name made of `total` or `subtotal`,
/// section, column, and currency or `count`: `total_aging_by_customer_over_90_USD`. Headings are
/// frozen, filtered and repeated in print; page set-up is landscape. No macros, no links but
/// those of link cells.
///
/// # Errors
/// What [`Report::check`] finds, and [`ReportError::AmountTooLarge`] for an amount above 2^53
/// minor units, which the numbers of a workbook cannot hold.
pub fn xlsx(report: &Report, paper: Paper) -> Result<Vec<u8>, ReportError> {
    report.check()?;
    let mut names = Names::default();
    let summary = names.sheet("Summary");
    let parameters = names.sheet("Parameters");
    let grids: Vec<Grid<'_>> = report
        .sections
        .iter()
        .map(|section| Grid::new(section, names.sheet(&section.title)))
        .collect();

    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(report)?);
    let sheet = workbook.add_worksheet();
    set_up(sheet, &summary, report, paper)?;
    front::write_summary(sheet, report, &grids)?;
    let mut table_names = Names::default();
    for grid in &grids {
        let sheet = workbook.add_worksheet();
        set_up(sheet, &grid.sheet, report, paper)?;
        let name = format!("rows_{}", grid.section.id.replace('-', "_"));
        let name = table_names.free(&name, NAME_CHARS_MAX, "_");
        sheet::write(sheet, grid, report, &name)?;
    }
    let sheet = workbook.add_worksheet();
    set_up(sheet, &parameters, report, paper)?;
    front::write_parameters(sheet, report)?;
    name_totals(&mut workbook, &grids)?;
    Ok(workbook.save_to_buffer()?)
}

fn set_up(
    sheet: &mut Worksheet,
    name: &str,
    report: &Report,
    paper: Paper,
) -> Result<(), ReportError> {
    sheet.set_name(name)?;
    sheet.set_landscape();
    sheet.set_paper_size(match paper {
        Paper::Letter => 1,
        Paper::A4 => 9,
    });
    sheet.set_print_fit_to_pages(1, 0);
    let (left, right) = (header_text(&report.legal_name), header_text(&report.id));
    sheet.set_header(format!("&L{left}&R{right}"));
    let state = header_text(&report.status);
    let run = header_text(&format!("run {}", report.run_id));
    sheet.set_footer(format!("&L{state}&C{run}&RPage &P of &N"));
    Ok(())
}

/// Who made it and when; the time is the report's, so that a second rendering is the same.
fn properties(report: &Report) -> Result<DocProperties, ReportError> {
    let made = report.generated_at.with_time_zone(TimeZone::UTC).datetime();
    let part = |value: i8| u8::try_from(value).unwrap_or_default();
    let year = u16::try_from(made.year()).unwrap_or(1_900);
    let date = ExcelDateTime::from_ymd(year, part(made.month()), part(made.day()))?;
    let time = date.and_hms(
        u16::from(part(made.hour())),
        part(made.minute()),
        f64::from(part(made.second())),
    )?;
    Ok(DocProperties::new()
        .set_title(format!("{} {}", report.title, report.id))
        .set_subject(format!("{}, {}", report.period, report.status))
        .set_author(&report.legal_name)
        .set_comment(format!("Tieout {}, run {}", report.product_version, report.run_id))
        .set_creation_datetime(&time))
}

fn name_totals(workbook: &mut Workbook, grids: &[Grid<'_>]) -> Result<(), ReportError> {
    let mut names = Names::default();
    for grid in grids {
        for (position, line) in grid.section.totals.iter().enumerate() {
            for sum in &line.sums {
                let Some(reference) = grid.reference(position, sum) else { continue };
                let unit = match sum.value {
                    Value::Money(money) => money.currency().to_string(),
                    Value::Count(_) => "count".to_owned(),
                };
                let section = grid.section.id.replace('-', "_");
                let rank = match line.rank {
                    Rank::Subtotal => "subtotal",
                    Rank::Total => "total",
                };
                let name = format!("{rank}_{section}_{}_{unit}", sum.column);
                let name = names.free(&name, NAME_CHARS_MAX, "_");
                workbook.define_name(name, &format!("={reference}"))?;
            }
        }
    }
    Ok(())
}
