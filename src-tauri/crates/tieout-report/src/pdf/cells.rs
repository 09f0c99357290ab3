//! What a cell looks like in print: its words or its figure, face and ink.

use crate::pdf::metrics::{Face, Mpt, pt};
use crate::pdf::page::{Ink, Style};
use crate::table::{Cell, Column, Kind, Tone, Value};
use crate::text::{
    MoneyStyle, Negatives, Zeros, print_count, print_date, print_decimal, print_money,
    print_percent,
};

/// Sizes of the type in one table; all follow from the size of its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Scale {
    /// Size of the cells.
    pub(crate) body: Mpt,
    /// Distance of baselines in cells.
    pub(crate) leading: Mpt,
    /// Size of the second lines.
    pub(crate) second: Mpt,
    /// Distance of baselines of second lines.
    pub(crate) second_leading: Mpt,
    /// Size of the column headings.
    pub(crate) head: Mpt,
    /// Distance of baselines in column headings.
    pub(crate) head_leading: Mpt,
}

impl Scale {
    /// From the size of the body in hundredths of a point.
    pub(crate) const fn new(body: i64) -> Self {
        let second = if body - 60 < 740 { body - 60 } else { 740 };
        let head = if body - 40 < 740 { body - 40 } else { 740 };
        Self {
            body: pt(body),
            leading: pt(body * 137 / 100),
            second: pt(second),
            second_leading: pt(second * 130 / 100),
            head: pt(head),
            head_leading: pt(head * 127 / 100),
        }
    }

    /// Style of the cells of a column.
    pub(crate) fn cell(self, column: &Column) -> Style {
        let (face, ink) = face_of(column);
        Style::sized(face, self.body, self.leading, ink)
    }

    /// Style of a column that is printed as second line.
    pub(crate) fn second(self, column: &Column) -> Style {
        let face = if column.kind == Kind::Code { Face::Code } else { Face::Regular };
        Style::sized(face, self.second, self.second_leading, Ink::Grey)
    }

    /// Style of lines of sums.
    pub(crate) const fn total(self) -> Style {
        Style::sized(Face::SemiBold, self.body, self.leading, Ink::Black)
    }

    /// Style of column headings.
    pub(crate) const fn heading(self) -> Style {
        Style::sized(Face::Medium, self.head, self.head_leading, Ink::Grey)
    }

    /// Style of tick marks.
    pub(crate) const fn marks(self) -> Style {
        let size = self.body * 85 / 100;
        Style::sized(Face::SemiBold, size, self.leading, Ink::Accent).beside(self.total())
    }

    /// Style of notes under a row.
    pub(crate) const fn note(self) -> Style {
        Style::sized(Face::Regular, self.second, self.second_leading, Ink::Grey)
    }
}

/// Face and ink of the cells of a column.
pub(crate) fn face_of(column: &Column) -> (Face, Ink) {
    let ink = if column.tone == Tone::Quiet { Ink::Quiet } else { Ink::Black };
    let face = match (column.kind, column.tone) {
        (_, Tone::Strong) => Face::SemiBold,
        (Kind::Code, _) => Face::Code,
        _ => Face::Regular,
    };
    (face, ink)
}

/// How a cell is printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// Nothing.
    Nothing,
    /// Words, which may wrap.
    Words(String),
    /// A figure, which never wraps.
    Figure(Figure),
}

/// A figure in parts, so that figures of a column align at the point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Figure {
    /// Currency code, printed only in mixed columns.
    pub(crate) code: String,
    /// Up to the point, with an opening bracket or minus.
    pub(crate) whole: String,
    /// The point and what follows it.
    pub(crate) fraction: String,
    /// A closing bracket, which hangs over the edge of the column of digits.
    pub(crate) bracket: String,
}

impl Figure {
    /// From printed text.
    pub(crate) fn new(code: &str, text: &str) -> Self {
        let (digits, bracket) = match text.strip_suffix(')') {
            Some(digits) => (digits, ")"),
            None => (text, ""),
        };
        let point = digits.find(['.', '%']).unwrap_or(digits.len());
        let (whole, fraction) = digits.split_at(point);
        Self {
            code: code.to_owned(),
            whole: whole.to_owned(),
            fraction: fraction.to_owned(),
            bracket: bracket.to_owned(),
        }
    }

    /// A dash for zero stands at the edge of the digits, not at the point.
    pub(crate) fn is_dash(&self) -> bool {
        self.whole == "-" && self.fraction.is_empty()
    }

    /// The point and digits that a figure with fewer decimals than others of its column lacks:
    /// so much room it leaves on its right, and points stand under each other. A dash for zero
    /// stands at the edge.
    pub(crate) fn missing(&self, places: usize) -> String {
        let own = self.fraction.chars().count();
        match places.saturating_sub(own) {
            _ if self.is_dash() => String::new(),
            0 => String::new(),
            lacking if own == 0 => format!(".{}", "0".repeat(lacking - 1)),
            lacking => "0".repeat(lacking),
        }
    }

    /// All of it.
    pub(crate) fn text(&self) -> String {
        format!("{}{}{}", self.whole, self.fraction, self.bracket)
    }
}

/// How a cell of a column is printed.
pub(crate) fn shown(cell: &Cell, column: &Column, negatives: Negatives) -> Shown {
    let figure = |code: &str, text: String| Shown::Figure(Figure::new(code, &text));
    match cell {
        Cell::Empty => Shown::Nothing,
        Cell::Text(text) | Cell::Flagged(text) | Cell::Link { text, .. } => {
            Shown::Words(text.clone())
        }
        Cell::Date(date) => Shown::Words(print_date(*date)),
        Cell::Money(money) => {
            let style = MoneyStyle { negatives, zeros: Zeros::Dash };
            figure(money.currency().code(), print_money(*money, style))
        }
        Cell::Count(count) => figure("", print_count(*count)),
        Cell::Decimal(value) if column.kind == Kind::Percent => {
            figure("", print_percent(*value, negatives))
        }
        Cell::Decimal(value) => figure("", print_decimal(*value, negatives)),
    }
}

/// How a sum is printed.
pub(crate) fn shown_value(value: Value, negatives: Negatives) -> Figure {
    match value {
        Value::Money(money) => {
            let style = MoneyStyle { negatives, zeros: Zeros::Dash };
            Figure::new(money.currency().code(), &print_money(money, style))
        }
        Value::Count(count) => Figure::new("", &print_count(count)),
    }
}

/// The words of a cell on one line, for columns that are printed as second lines.
pub(crate) fn words_of(shown: &Shown) -> String {
    match shown {
        Shown::Nothing => String::new(),
        Shown::Words(words) => words.clone(),
        Shown::Figure(figure) => figure.text(),
    }
}
