//! Writing one value into one cell.

use jiff::civil::Date;
use rust_xlsxwriter::{ColNum, ExcelDateTime, Format, RowNum, Worksheet};

use crate::error::ReportError;
use crate::text::looks_like_formula;

/// Characters of one cell; the rest is in the CSV file, and the cell says so.
const TEXT_UNITS_MAX: usize = 32_000;
const CUT: &str = " … (cut here; the CSV file has all of it)";

/// Writes words. Words that a spreadsheet could take for a formula carry the mark that a person
/// sets by typing an apostrophe, so they stay words even when the cell is edited; the words
/// themselves are not changed (`finance-domain §2 M8`).
pub(crate) fn put_words(
    sheet: &mut Worksheet,
    row: RowNum,
    column: ColNum,
    text: &str,
    format: &Format,
) -> Result<(), ReportError> {
    let text = short_enough(text);
    if looks_like_formula(&text) {
        let quoted = format.clone().set_quote_prefix();
        sheet.write_string_with_format(row, column, text, &quoted)?;
    } else if text.is_empty() {
        sheet.write_blank(row, column, format)?;
    } else {
        sheet.write_string_with_format(row, column, text, format)?;
    }
    Ok(())
}

/// A calendar date as a workbook's date; `None` before 1900, which a workbook does not know.
pub(crate) fn excel_date(date: Date) -> Option<ExcelDateTime> {
    let year = u16::try_from(date.year()).ok()?;
    let (month, day) = (u8::try_from(date.month()).ok()?, u8::try_from(date.day()).ok()?);
    ExcelDateTime::from_ymd(year, month, day).ok()
}

/// Text for a header or a footer, in which `&` begins a command; cut to what may stand there.
pub(crate) fn header_text(text: &str) -> String {
    text.chars().take(60).collect::<String>().replace('&', "&&")
}

fn short_enough(text: &str) -> String {
    let mut units = 0;
    let fits = |sign: &char| {
        units += sign.len_utf16();
        units <= TEXT_UNITS_MAX
    };
    let short: String = text.chars().take_while(fits).collect();
    if short.len() == text.len() { short } else { format!("{short}{CUT}") }
}
