//! A section while it is filled. Every sum is re-added from the section's own cells, so that no
//! total can be printed that its rows do not make.

use std::collections::BTreeMap;
use std::ops::Range;

use tieout_domain::{Currency, Money, MoneyError};
use tieout_report::{
    Cell, Column, Kind, Proof, Rank, Row, Section, Span, Sum, TickMark, TotalLine, Value,
};

use super::witness::Standing;
use crate::codes::Code;
use crate::failure::Failure;

/// A section under construction.
pub(super) struct Sheet {
    section: Section,
}

/// A line of sums that is wanted: what it is called, over which rows, in which currency.
pub(super) struct Line<'a> {
    label: String,
    rank: Rank,
    rows: Range<usize>,
    currency: Currency,
    wanted: Vec<Wanted<'a>>,
    marks: Vec<TickMark>,
    is_marked: bool,
}

/// One column to add, what was found out about it, and the figure it must come to, where another
/// computation made it.
struct Wanted<'a> {
    column: &'a str,
    standing: Standing,
    expected: Option<Value>,
}

impl<'a> Line<'a> {
    /// A total over a range of rows. A sum in money adds only cells of `currency`.
    pub(super) fn over(label: impl Into<String>, rows: Range<usize>, currency: Currency) -> Self {
        let (label, rank) = (label.into(), Rank::Total);
        Self { label, rank, rows, currency, wanted: Vec::new(), marks: Vec::new(), is_marked: true }
    }

    /// The sum of one more column.
    pub(super) fn sum(mut self, column: &'a str, standing: &Standing) -> Self {
        self.wanted.push(Wanted { column, standing: standing.clone(), expected: None });
        self
    }

    /// The sum of one more column, which is proved only if it is also this figure.
    pub(super) fn sum_of(
        mut self,
        column: &'a str,
        expected: impl Into<Value>,
        standing: &Standing,
    ) -> Self {
        let (standing, expected) = (standing.clone(), Some(expected.into()));
        self.wanted.push(Wanted { column, standing, expected });
        self
    }

    /// The same, where the other figure may be missing.
    pub(super) fn sum_to(
        mut self,
        column: &'a str,
        expected: Option<Money>,
        standing: &Standing,
    ) -> Self {
        let (standing, expected) = (standing.clone(), expected.map(Value::from));
        self.wanted.push(Wanted { column, standing, expected });
        self
    }

    /// Further checks that ran on this line; `[F]` is added by the re-adding itself.
    pub(super) fn marked(mut self, marks: &[TickMark]) -> Self {
        self.marks.extend_from_slice(marks);
        self
    }

    /// A line on the way to a total.
    pub(super) fn subtotal(mut self) -> Self {
        self.rank = Rank::Subtotal;
        self
    }

    /// Without `[F]`, where the table has no room for marks. Its proof is told all the same.
    pub(super) fn unmarked(mut self) -> Self {
        self.is_marked = false;
        self
    }
}

impl Sheet {
    /// A section without rows.
    pub(super) fn new(id: &str, title: impl Into<String>, columns: Vec<Column>) -> Self {
        Self { section: Section::new(id, title, columns, Vec::new()) }
    }

    /// A line between heading and table.
    pub(super) fn note(mut self, text: impl Into<String>) -> Self {
        self.section.notes.push(text.into());
        self
    }

    /// What stands there if there are no rows.
    pub(super) fn or_else(mut self, text: impl Into<String>) -> Self {
        self.section.empty = text.into();
        self
    }

    /// How much of the page's width the print uses.
    pub(super) fn span(mut self, span: Span) -> Self {
        self.section.span = span;
        self
    }

    /// One more row.
    pub(super) fn push(&mut self, row: Row) {
        self.section.rows.push(row);
    }

    /// Rows so far.
    pub(super) fn len(&self) -> usize {
        self.section.rows.len()
    }

    /// Re-adds the columns of a line and rules it off. A missing value, a figure that the rows do
    /// not make, or a source that did not agree leaves a sum unproved, with the reason.
    pub(super) fn rule_off(&mut self, line: Line<'_>) -> Result<(), Failure> {
        let Line { label, rank, rows, currency, wanted, mut marks, is_marked } = line;
        let mut sums = Vec::new();
        for Wanted { column, standing, expected } in wanted {
            let value = self.re_add(column, &rows, currency)?;
            let proof = self.proof(column, &rows, standing, value, expected);
            sums.push(Sum { column: column.to_owned(), value, proof });
        }
        if is_marked {
            marks.push(TickMark::Footed);
        }
        marks.sort_unstable();
        marks.dedup();
        self.section.totals.push(TotalLine { label, rank, rows, sums, marks });
        Ok(())
    }

    /// The section as it is printed.
    pub(super) fn finish(self) -> Section {
        self.section
    }

    fn re_add(
        &self,
        column: &str,
        rows: &Range<usize>,
        currency: Currency,
    ) -> Result<Value, Failure> {
        let at = self.position(column)?;
        let cells = self.section.rows[rows.clone()].iter().map(|row| &row.cells[at]);
        if self.section.columns[at].kind == Kind::Count {
            return Ok(Value::Count(cells.fold(0, |sum: u64, cell| match cell {
                Cell::Count(count) => sum.saturating_add(*count),
                _ => sum,
            })));
        }
        let amounts = cells.filter_map(|cell| match cell {
            Cell::Money(money) if money.currency() == currency => Some(*money),
            _ => None,
        });
        let sum = Money::sum(currency, amounts).map_err(does_not_add(&self.section.id))?;
        Ok(Value::Money(sum))
    }

    fn proof(
        &self,
        column: &str,
        rows: &Range<usize>,
        standing: Standing,
        value: Value,
        expected: Option<Value>,
    ) -> Proof {
        let missing = self.missing(column, rows);
        if missing > 0 {
            let values = super::words::counted(missing, "value is", "values are");
            return Proof::Unproved { why: format!("{values} missing from the sum.") };
        }
        if let Some(expected) = expected.filter(|expected| *expected != value) {
            let (added, stated) = (shown(value), shown(expected));
            let why = format!("re-added the rows make {added}, computed otherwise {stated}.");
            return Proof::Unproved { why };
        }
        standing.into_proof()
    }

    fn missing(&self, column: &str, rows: &Range<usize>) -> u64 {
        let Some(at) = self.section.column(column) else { return 0 };
        let rows = self.section.rows[rows.clone()].iter();
        rows.filter(|row| matches!(row.cells[at], Cell::Flagged(_))).count() as u64
    }

    fn position(&self, column: &str) -> Result<usize, Failure> {
        let missing = || Failure::new(Code::Unexpected, format!("no column `{column}`"));
        self.section.column(column).ok_or_else(missing)
    }
}

fn shown(value: Value) -> String {
    match value {
        Value::Money(money) => super::words::amount_in(money),
        Value::Count(count) => tieout_report::print_count(count),
    }
}

/// Amounts of one subject that cannot be combined.
pub(super) fn does_not_add(subject: &str) -> impl Fn(MoneyError) -> Failure {
    move |error| Failure::caused(Code::DoesNotFoot, subject, error)
}

/// Things by currency: the first currency first, then by code. Order inside a currency is kept.
pub(super) fn by_currency<T>(
    things: impl IntoIterator<Item = T>,
    currency_of: impl Fn(&T) -> Currency,
    first: Currency,
) -> Vec<(Currency, Vec<T>)> {
    let mut groups: BTreeMap<(bool, Currency), Vec<T>> = BTreeMap::new();
    for thing in things {
        let currency = currency_of(&thing);
        groups.entry((currency != first, currency)).or_default().push(thing);
    }
    groups.into_iter().map(|((_, currency), things)| (currency, things)).collect()
}

/// The label of a total: with its currency only where there are several.
pub(super) fn label(text: impl Into<String>, currency: Currency, groups: usize) -> String {
    let text = text.into();
    if groups > 1 { format!("{currency}: {text}") } else { text }
}

/// A money cell, or the word that says that the amount is not known.
pub(super) fn money(amount: Option<Money>) -> Cell {
    amount.map_or_else(|| Cell::Flagged("unknown".to_owned()), Cell::Money)
}

/// A text cell; nothing where there is no text.
pub(super) fn text(words: impl Into<String>) -> Cell {
    let words = words.into();
    if words.is_empty() { Cell::Empty } else { Cell::Text(words) }
}

/// A date cell; nothing where there is no date.
pub(super) fn date(of: Option<jiff::civil::Date>) -> Cell {
    of.map_or(Cell::Empty, Cell::Date)
}

/// Words that lead to a record where it has a page.
pub(super) fn link(words: impl Into<String>, url: Option<String>) -> Cell {
    let words = words.into();
    match url {
        Some(url) => Cell::Link { text: words, url },
        None => text(words),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usd(minor: i64) -> Money {
        Money::from_minor(minor, Currency::parse("USD").unwrap())
    }

    fn eur(minor: i64) -> Money {
        Money::from_minor(minor, Currency::parse("EUR").unwrap())
    }

    fn sheet(cells: Vec<Cell>) -> Sheet {
        let mut sheet = Sheet::new("open", "Open", vec![Column::new("open", "Open", Kind::Money)]);
        for cell in cells {
            sheet.push(Row::new(vec![cell]));
        }
        sheet
    }

    #[track_caller]
    fn check(cells: Vec<Cell>, expected: Option<Money>, standing: Standing, want: (Money, &str)) {
        let mut sheet = sheet(cells);
        let rows = 0..sheet.len();
        let line = Line::over("All", rows, usd(0).currency());
        let line = match expected {
            Some(expected) => line.sum_of("open", expected, &standing),
            None => line.sum("open", &standing),
        };
        sheet.rule_off(line).unwrap();
        let section = sheet.finish();
        section.check().unwrap();
        let sum = &section.totals[0].sums[0];
        let word = match &sum.proof {
            Proof::Proved { by } => format!("proved by {by}"),
            Proof::Unproved { why } => why.clone(),
        };
        assert_eq!((sum.value, word.as_str()), (Value::Money(want.0), want.1));
    }

    fn agreed() -> Standing {
        Standing::Agreed("the ledger".to_owned())
    }

    #[test]
    fn a_sum_that_its_source_agrees_with_is_proved() {
        let cells = vec![Cell::Money(usd(100)), Cell::Money(usd(-30))];
        check(cells, Some(usd(70)), agreed(), (usd(70), "proved by the ledger"));
    }

    #[test]
    fn a_sum_without_its_source_is_not_proved() {
        let not = Standing::Not("the ledger gave no total.".to_owned());
        check(vec![Cell::Money(usd(100))], None, not, (usd(100), "the ledger gave no total."));
    }

    #[test]
    fn a_figure_that_the_rows_do_not_make_is_not_proved() {
        let why = "re-added the rows make 1.00 USD, computed otherwise 1.01 USD.";
        check(vec![Cell::Money(usd(100))], Some(usd(101)), agreed(), (usd(100), why));
    }

    #[test]
    fn a_missing_value_leaves_the_sum_unproved() {
        let cells = vec![Cell::Money(usd(100)), money(None)];
        check(cells, None, agreed(), (usd(100), "1 value is missing from the sum."));
    }

    #[test]
    fn a_currency_adds_only_its_own_cells() {
        let cells = vec![Cell::Money(usd(100)), Cell::Money(eur(900))];
        check(cells, None, agreed(), (usd(100), "proved by the ledger"));
    }

    #[test]
    fn the_first_currency_stands_first() {
        let groups = by_currency([eur(1), usd(2), eur(3)], |it| it.currency(), usd(0).currency());
        let codes: Vec<&str> = groups.iter().map(|(currency, _)| currency.code()).collect();
        assert_eq!(codes, ["USD", "EUR"]);
        assert_eq!(groups[1].1, [eur(1), eur(3)]);
    }
}
