//! From rows to a page of a grid: sorted, filtered and added by SQL, with what proves each total.

use std::rc::Rc;

use rust_decimal::Decimal;
use serde::Serialize;
use tieout_domain::{Currency, Money};
use tieout_store::{
    Comparison, Condition, CurrencySum, PAGE_ROWS_MAX, Sheet, SheetColumn, SheetPage, SheetQuery,
    SheetRow, SheetValue,
};
use ts_rs::TS;

use super::reader::Held;
use super::shapes::{
    FilterOp, GridGroup, GridPage, GridQuery, GridTotal, Proof, TotalCell, WrittenRow,
};
use crate::codes::Code;
use crate::export::Proven;
use crate::failure::Failure;
use crate::views::{Amount, date, instant};

/// A group of a grid, in its place.
pub(crate) struct GroupWords {
    pub key: String,
    pub label: String,
    pub note: String,
    pub glyph: &'static str,
}

/// How a grid's totals are worded and proved.
pub(crate) struct GridWords<'a> {
    pub groups: &'a [GroupWords],
    /// The column whose sum stands in a group's header.
    pub main: &'static str,
    /// "14 accounts".
    pub counted: &'a dyn Fn(u32) -> String,
    /// What proves a total of this column in this currency, while no filter is on.
    pub proof: &'a dyn Fn(&str, &str) -> Option<Proven>,
    pub marks: &'a dyn Fn(&str) -> Vec<String>,
    /// A totals row inside each group as well.
    pub totals_in_groups: bool,
}

/// The sheet of a grid, filled when it is first asked for.
pub(crate) fn sheet(
    held: &Held,
    name: &'static str,
    columns: &[SheetColumn],
    rows: impl FnOnce() -> Result<Vec<SheetRow>, Failure>,
) -> Result<Rc<Sheet>, Failure> {
    if let Some(sheet) = held.sheets.borrow().get(name) {
        return Ok(sheet.clone());
    }
    let sheet = Rc::new(Sheet::fill(columns, rows()?)?);
    held.sheets.borrow_mut().insert(name, sheet.clone());
    Ok(sheet)
}

/// One row for the sheet; `shown` is what the window gets back.
pub(crate) fn row<R: Serialize>(
    group: u32,
    id: impl Into<String>,
    currency: &str,
    values: Vec<SheetValue>,
    shown: &R,
) -> Result<SheetRow, Failure> {
    let shown = serde_json::to_string(shown)
        .map_err(|error| Failure::caused(Code::Unexpected, "a row cannot be written", error))?;
    Ok(SheetRow { group, id: id.into(), currency: currency.to_owned(), values, shown })
}

pub(crate) fn text(words: impl Into<String>) -> SheetValue {
    SheetValue::Text(words.into())
}

pub(crate) fn maybe(words: Option<String>) -> SheetValue {
    words.map_or(SheetValue::Missing, SheetValue::Text)
}

pub(crate) fn money(amount: Option<Money>) -> SheetValue {
    amount.map_or(SheetValue::Missing, |amount| SheetValue::Money(amount.minor()))
}

/// A page of the sheet.
pub(crate) fn page<R: TS>(
    held: &Held,
    sheet: &Sheet,
    query: &GridQuery,
    words: &GridWords<'_>,
) -> Result<GridPage<R>, Failure> {
    let asked = asked(held, sheet, query)?;
    let page = sheet.page(&asked)?;
    let filtered = page.total != page.unfiltered;
    let rows = page.rows.iter().map(|text| WrittenRow::new(text.clone()));
    let rows: Result<Vec<WrittenRow<R>>, _> = rows.collect();
    let rows = rows.map_err(|error| Failure::caused(Code::Unexpected, "a row of a grid", error))?;
    Ok(GridPage {
        total: page.total,
        unfiltered: page.unfiltered,
        offset: query.offset,
        rows,
        groups: groups(&page, words, filtered)?,
        totals: totals(&page, None, words, filtered)?,
        reading: held.reading.clone(),
        as_of: date(held.view.frame.as_of),
        known_at: instant(held.view.at),
    })
}

/// How much of a grid is looked at: `page` or `whole`.
pub(crate) type Look<R> =
    fn(&Held, &Sheet, &GridQuery, &GridWords<'_>) -> Result<GridPage<R>, Failure>;

/// Every row that the filter lets through. A sheet holds at most what a report can print.
pub(crate) fn whole<R: TS>(
    held: &Held,
    sheet: &Sheet,
    query: &GridQuery,
    words: &GridWords<'_>,
) -> Result<GridPage<R>, Failure> {
    let from = |offset: u32| GridQuery { offset, limit: PAGE_ROWS_MAX, ..query.clone() };
    let mut all = page(held, sheet, &from(0), words)?;
    for offset in (PAGE_ROWS_MAX..all.total).step_by(PAGE_ROWS_MAX as usize) {
        all.rows.extend(page(held, sheet, &from(offset), words)?.rows);
    }
    Ok(all)
}

/// The window's question in the words of the sheet. A column that the grid does not have is left
/// out: an address may be older than the program.
pub(crate) fn asked(held: &Held, sheet: &Sheet, query: &GridQuery) -> Result<SheetQuery, Failure> {
    let sort = query.sort.iter();
    let sort = sort.filter_map(|key| Some((sheet.column(&key.column)?.name, key.descending)));
    let mut conditions = Vec::new();
    for filter in &query.filters {
        let Some(column) = sheet.column(&filter.column) else { continue };
        let value = match column.kind {
            tieout_store::SheetKind::Money => minor_text(&filter.value, held)?,
            _ => filter.value.clone(),
        };
        let comparison = match filter.op {
            FilterOp::Is => Comparison::Is,
            FilterOp::IsNot => Comparison::IsNot,
            FilterOp::Contains => Comparison::Contains,
            FilterOp::AtLeast => Comparison::AtLeast,
            FilterOp::AtMost => Comparison::AtMost,
        };
        conditions.push(Condition { column: column.name, comparison, value });
    }
    Ok(SheetQuery {
        sort: sort.collect(),
        conditions,
        text: query.text.clone(),
        offset: query.offset,
        limit: query.limit,
    })
}

/// A typed amount in minor units of the ledger's own currency.
fn minor_text(typed: &str, held: &Held) -> Result<String, Failure> {
    let plain: String = typed.chars().filter(|c| !matches!(c, ',' | ' ' | '\u{a0}')).collect();
    let unreadable = || Failure::new(Code::Usage, format!("`{typed}` is not an amount"));
    let decimal: Decimal = plain.parse().map_err(|_| unreadable())?;
    let money = Money::from_decimal(decimal, held.view.frame.functional);
    money.map(|money| money.minor().to_string()).map_err(|_| unreadable())
}

fn groups(
    page: &SheetPage,
    words: &GridWords<'_>,
    filtered: bool,
) -> Result<Vec<GridGroup>, Failure> {
    let mut groups = Vec::new();
    for counted in &page.groups {
        let at = counted.group as usize;
        let Some(told) = words.groups.get(at) else { continue };
        let ours = page.sums.iter().filter(|sum| sum.group == Some(counted.group));
        let sums = ours.map(|sum| main_sum(sum, words.main)).collect::<Result<Vec<_>, _>>()?;
        let totals = match words.totals_in_groups {
            true => totals(page, Some(counted.group), words, filtered)?.into_iter().next(),
            false => None,
        };
        groups.push(GridGroup {
            key: told.key.clone(),
            label: told.label.clone(),
            note: told.note.clone(),
            glyph: told.glyph.to_owned(),
            first: counted.first,
            count: counted.count,
            sums: sums.into_iter().flatten().collect(),
            totals,
        });
    }
    Ok(groups)
}

fn main_sum(sum: &CurrencySum, main: &str) -> Result<Option<Amount>, Failure> {
    let minor = sum.sums.iter().find(|(column, _)| *column == main).and_then(|(_, sum)| *sum);
    let Some(minor) = minor else { return Ok(None) };
    Ok(Some(Money::from_minor(minor, currency(&sum.currency)?).into()))
}

fn totals(
    page: &SheetPage,
    group: Option<u32>,
    words: &GridWords<'_>,
    filtered: bool,
) -> Result<Vec<GridTotal>, Failure> {
    let ours = page.sums.iter().filter(|sum| sum.group == group);
    ours.map(|sum| total(sum, words, filtered)).collect()
}

fn total(sum: &CurrencySum, words: &GridWords<'_>, filtered: bool) -> Result<GridTotal, Failure> {
    let of = currency(&sum.currency)?;
    let mut why = String::new();
    let mut cells = Vec::new();
    for (column, minor) in &sum.sums {
        let Some(minor) = minor else { continue };
        let proven = (words.proof)(column, &sum.currency).filter(|_| !filtered);
        let proof = match &proven {
            None => Proof::Sum,
            Some(proven) if proven.agreed => Proof::Agreed,
            Some(_) => Proof::Unproved,
        };
        if let Some(proven) = proven
            && (why.is_empty() || !proven.agreed)
        {
            why = proven.why;
        }
        let amount = Money::from_minor(*minor, of).to_plain();
        cells.push(TotalCell { column: (*column).to_owned(), amount, proof });
    }
    Ok(GridTotal {
        label: sum.currency.clone(),
        currency: sum.currency.clone(),
        count: sum.rows,
        marks: if filtered { Vec::new() } else { (words.marks)(&sum.currency) },
        why: if why.is_empty() { (words.counted)(sum.rows) } else { why },
        cells,
    })
}

fn currency(code: &str) -> Result<Currency, Failure> {
    Currency::parse(code)
        .map_err(|error| Failure::caused(Code::Unexpected, "a currency of a grid", error))
}
