//! What a section is: columns, rows, totals and the proof that each total carries.

use std::collections::BTreeSet;
use std::ops::Range;

use jiff::civil::Date;
use rust_decimal::Decimal;
use tieout_domain::{Currency, Money};

/// One table of a report; one sheet of the workbook and one CSV file.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// Names files and defined names: `reconciling-items`. Lower case, digits, hyphens.
    pub id: String,
    /// Heading and sheet name, in sentence case.
    pub title: String,
    /// Lines between heading and table: basis, filter, what is missing.
    pub notes: Vec<String>,
    /// At least one.
    pub columns: Vec<Column>,
    /// The data, in reading order. Totals are not rows.
    pub rows: Vec<Row>,
    /// Sums over ranges of rows, in reading order.
    pub totals: Vec<TotalLine>,
    /// What stands here if there are no rows: `Nothing was excluded in this period.`
    pub empty: String,
    /// How much of the page's width the print uses.
    pub span: Span,
}

impl Section {
    /// A section without notes and totals over the full width.
    pub fn new(
        id: impl Into<String>,
        title: impl Into<String>,
        columns: Vec<Column>,
        rows: Vec<Row>,
    ) -> Self {
        Self {
            id: id.into(),
            title: title.into(),
            notes: Vec::new(),
            columns,
            rows,
            totals: Vec::new(),
            empty: "Nothing to report.".to_owned(),
            span: Span::Full,
        }
    }

    /// Position of the column with a key.
    pub fn column(&self, key: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.key == key)
    }

    /// The currencies that stand in a column, in rows and in totals.
    pub fn currencies(&self, column: usize) -> BTreeSet<Currency> {
        let cells = self.rows.iter().filter_map(|row| match row.cells.get(column) {
            Some(Cell::Money(money)) => Some(money.currency()),
            _ => None,
        });
        let key = self.columns.get(column).map(|column| column.key.as_str());
        let sums = self.totals.iter().flat_map(|line| &line.sums);
        let totals = sums.filter(|sum| Some(sum.column.as_str()) == key);
        cells.chain(totals.filter_map(|sum| sum.value.currency())).collect()
    }

    /// The one currency of a money column; `None` if it is mixed or has no amounts.
    pub fn uniform_currency(&self, column: usize) -> Option<Currency> {
        let currencies = self.currencies(column);
        if currencies.len() == 1 { currencies.into_iter().next() } else { None }
    }

    /// Whether several currencies stand in a money column.
    pub fn is_mixed(&self, column: usize) -> bool {
        self.currencies(column).len() > 1
    }

    /// Whether any row or total carries a tick mark.
    pub fn has_marks(&self) -> bool {
        self.rows.iter().any(|row| !row.marks.is_empty())
            || self.totals.iter().any(|line| !line.marks.is_empty())
    }

    /// Whether any row carries a note.
    pub fn has_notes(&self) -> bool {
        self.rows.iter().any(|row| row.note.is_some())
    }
}

/// How much of the page's width the print of a section uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// All of it.
    Full,
    /// As much as the content needs.
    Natural,
    /// Half; two neighbours of this kind stand side by side if they fit on a page.
    Half,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Name in CSV files and defined names: lower case, digits, `_`, beginning with a letter.
    pub key: String,
    /// Heading, in sentence case.
    pub title: String,
    /// What its cells are.
    pub kind: Kind,
    /// The side that its cells stand on; figures always stand on the right.
    pub align: Align,
    /// Share of spare width, against the other columns; 0 never grows.
    pub weight: u16,
    /// Whether its text may stand on several lines. Without it the column is kept wide enough
    /// as long as the page allows.
    pub wrap: bool,
    /// Weight of the type.
    pub tone: Tone,
    /// Where the print shows it; CSV and workbook always have it as a column of its own.
    pub print: Print,
}

impl Column {
    /// A column with the manners of its kind.
    pub fn new(key: impl Into<String>, title: impl Into<String>, kind: Kind) -> Self {
        let (weight, wrap) = match kind {
            Kind::Text | Kind::Link => (2, true),
            Kind::Money => (1, false),
            Kind::Code | Kind::Date | Kind::Count | Kind::Decimal | Kind::Percent => (0, false),
        };
        Self {
            key: key.into(),
            title: title.into(),
            kind,
            align: if kind.is_figure() { Align::Right } else { Align::Left },
            weight,
            wrap,
            tone: Tone::Plain,
            print: Print::Own,
        }
    }

    /// The same with another tone.
    #[must_use]
    pub fn tone(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }

    /// The same with another share of spare width.
    #[must_use]
    pub fn weight(mut self, weight: u16) -> Self {
        self.weight = weight;
        self
    }

    /// The same, printed as the second line of another column.
    #[must_use]
    pub fn under(mut self, key: impl Into<String>) -> Self {
        self.print = Print::Under(key.into());
        self
    }

    /// The same, left out of the print; the print says so.
    #[must_use]
    pub fn omitted(mut self) -> Self {
        self.print = Print::Omit;
        self
    }

    /// The same without line breaks inside its cells.
    #[must_use]
    pub fn unbroken(mut self) -> Self {
        self.wrap = false;
        self
    }
}

/// What the cells of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Words.
    Text,
    /// Ids and codes: a face with a slashed zero.
    Code,
    /// Amounts.
    Money,
    /// Calendar dates.
    Date,
    /// Numbers of things.
    Count,
    /// Quantities, prices, rates.
    Decimal,
    /// Ratios: 0.026 is printed as 2.6%.
    Percent,
    /// Words with an address.
    Link,
}

impl Kind {
    /// Whether its cells are figures, which stand on the right.
    pub const fn is_figure(self) -> bool {
        matches!(self, Self::Money | Self::Count | Self::Decimal | Self::Percent)
    }
}

/// The side that text stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Left.
    Left,
    /// Right.
    Right,
}

/// Weight of the type in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Regular ink.
    Plain,
    /// Semibold: the name or the result of a row.
    Strong,
    /// Grey: numbers that only identify.
    Quiet,
}

/// Where the print shows a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Print {
    /// As a column.
    Own,
    /// As the smaller second line of the column with this key, which is `Own` itself.
    Under(String),
    /// Not at all; a line under the table names what the workbook has in addition.
    Omit,
}

/// A row.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// One per column.
    pub cells: Vec<Cell>,
    /// How it stands to the row above.
    pub level: Level,
    /// Checks that really ran on this row (`finance-domain §14`).
    pub marks: Vec<TickMark>,
    /// A sentence printed across the table under the row.
    pub note: Option<String>,
}

impl Row {
    /// A row without marks and note.
    pub fn new(cells: Vec<Cell>) -> Self {
        Self { cells, level: Level::Detail, marks: Vec::new(), note: None }
    }

    /// The same with tick marks.
    #[must_use]
    pub fn marked(mut self, marks: &[TickMark]) -> Self {
        self.marks = marks.to_vec();
        self
    }

    /// The same with a note.
    #[must_use]
    pub fn noted(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// The same as a part of the row above.
    #[must_use]
    pub fn part(mut self) -> Self {
        self.level = Level::Part;
        self
    }
}

/// How a row stands to the row above.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// On its own.
    Detail,
    /// A further line of the row above: no rule between them, and not parted by a page break.
    Part,
}

/// A cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Words; allowed in columns of text, code, date, decimal and percent (`n/a`).
    Text(String),
    /// An amount.
    Money(Money),
    /// A calendar date.
    Date(Date),
    /// A number of things.
    Count(u64),
    /// A quantity, price, rate, or a ratio in a percent column.
    Decimal(Decimal),
    /// Words with the address they lead to; only `https` and `http` become links.
    Link {
        /// The words.
        text: String,
        /// The address.
        url: String,
    },
    /// There is nothing to say. Not zero.
    Empty,
    /// A value that is missing or uncertain, with the word that says so (`unknown`). It counts
    /// in no sum, and a total over it cannot be proved.
    Flagged(String),
}

impl Cell {
    /// Words.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }
}

/// One printed line of sums over a range of rows.
#[derive(Clone, Debug, PartialEq)]
pub struct TotalLine {
    /// `37 deals`, `EUR`, `Closing, 30 Jun 2026`.
    pub label: String,
    /// Subtotal or total.
    pub rank: Rank,
    /// Positions of the rows that are added. The line stands under the last of them.
    pub rows: Range<usize>,
    /// One per summed column.
    pub sums: Vec<Sum>,
    /// Checks that really ran on this line.
    pub marks: Vec<TickMark>,
}

/// The importance of a line of sums.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rank {
    /// A rule above.
    Subtotal,
    /// A rule above and, if proved, a double rule below.
    Total,
}

/// A sum of one column.
#[derive(Clone, Debug, PartialEq)]
pub struct Sum {
    /// Key of a money or count column.
    pub column: String,
    /// What the sum is. An amount adds only the cells of its own currency.
    pub value: Value,
    /// Whether it was proved.
    pub proof: Proof,
}

impl Sum {
    /// A proved sum.
    pub fn proved(column: impl Into<String>, value: Value, by: impl Into<String>) -> Self {
        Self { column: column.into(), value, proof: Proof::Proved { by: by.into() } }
    }

    /// A sum that could not be proved.
    pub fn unproved(column: impl Into<String>, value: Value, why: impl Into<String>) -> Self {
        Self { column: column.into(), value, proof: Proof::Unproved { why: why.into() } }
    }
}

/// A figure that can be a sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// An amount.
    Money(Money),
    /// A number of things.
    Count(u64),
}

impl Value {
    /// The currency of an amount.
    pub const fn currency(self) -> Option<Currency> {
        match self {
            Self::Money(money) => Some(money.currency()),
            Self::Count(_) => None,
        }
    }
}

impl From<Money> for Value {
    fn from(money: Money) -> Self {
        Self::Money(money)
    }
}

impl From<u64> for Value {
    fn from(count: u64) -> Self {
        Self::Count(count)
    }
}

/// Whether a total was proved. A proved one must also foot: the writers re-add it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// Re-added and agreed to its source, which is named.
    Proved {
        /// What it was agreed to.
        by: String,
    },
    /// Printed with a dashed rule and the reason.
    Unproved {
        /// Why not.
        why: String,
    },
}

impl Proof {
    /// Whether it is proved.
    pub const fn is_proved(&self) -> bool {
        matches!(self, Self::Proved { .. })
    }
}

/// A tick mark of the workpaper (`finance-domain §14`). Only for a check that really ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TickMark {
    /// `[A]`
    AgreedToLedger,
    /// `[S]`
    AgreedToCrm,
    /// `[G]`
    AgreedToGeneralLedger,
    /// `[F]`
    Footed,
    /// `[X]`
    CrossFooted,
    /// `[R]`
    Recomputed,
    /// `[P]`
    AgreedToPriorWorkpaper,
    /// `[T]`
    WithinTolerance,
    /// `[E]`
    Explained,
    /// `[!]`
    Exception,
    /// `[M]`
    ManualDecision,
}

impl TickMark {
    /// The mark as printed.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::AgreedToLedger => "[A]",
            Self::AgreedToCrm => "[S]",
            Self::AgreedToGeneralLedger => "[G]",
            Self::Footed => "[F]",
            Self::CrossFooted => "[X]",
            Self::Recomputed => "[R]",
            Self::AgreedToPriorWorkpaper => "[P]",
            Self::WithinTolerance => "[T]",
            Self::Explained => "[E]",
            Self::Exception => "[!]",
            Self::ManualDecision => "[M]",
        }
    }

    /// What it says, for the legend.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::AgreedToLedger => "agreed to accounting tool",
            Self::AgreedToCrm => "agreed to CRM",
            Self::AgreedToGeneralLedger => "agreed to general ledger",
            Self::Footed => "footed",
            Self::CrossFooted => "cross-footed",
            Self::Recomputed => "recomputed",
            Self::AgreedToPriorWorkpaper => "agreed to prior workpaper",
            Self::WithinTolerance => "within tolerance",
            Self::Explained => "explained, see item",
            Self::Exception => "exception",
            Self::ManualDecision => "manual decision",
        }
    }
}

/// Signs of several marks with spaces between them: `[F] [X]`.
pub(crate) fn signs(marks: &[TickMark]) -> String {
    marks.iter().map(|mark| mark.sign()).collect::<Vec<_>>().join(" ")
}

/// The marks that stand anywhere in a report, in the order of the legend.
pub(crate) fn marks_used(sections: &[Section]) -> Vec<TickMark> {
    let rows = sections.iter().flat_map(|section| &section.rows).flat_map(|row| &row.marks);
    let lines = sections.iter().flat_map(|section| &section.totals);
    let used: BTreeSet<TickMark> =
        rows.chain(lines.flat_map(|line| &line.marks)).copied().collect();
    used.into_iter().collect()
}
