//! The typed tree of one query. Every name carries its place for error messages.

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;

#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    pub select: Vec<SelectItem>,
    pub from: Name,
    pub alias: Option<String>,
    pub filter: Option<Expr>,
    pub group: Vec<Path>,
    pub having: Option<Expr>,
    pub order: Vec<Order>,
    pub limit: Option<usize>,
    pub offset: Option<(usize, usize)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    pub text: String,
    pub at: usize,
}

/// `Account.Owner.Name`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    pub steps: Vec<String>,
    pub at: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub enum SelectItem {
    Field {
        path: Path,
        alias: Option<String>,
    },
    Aggregate {
        aggregate: Aggregate,
        alias: Option<String>,
    },
    /// `convertCurrency(Amount)`.
    Converted {
        path: Path,
        alias: Option<String>,
    },
    Children(Box<Query>),
    /// `FIELDS(ALL)` and its kin.
    AllFields {
        which: Which,
        at: usize,
    },
    /// `COUNT()` alone: only the number of rows.
    CountRows,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    All,
    Standard,
    Custom,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aggregate {
    pub function: Function,
    pub path: Path,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    Count,
    CountDistinct,
    Sum,
    Avg,
    Min,
    Max,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Not(Box<Expr>),
    Compare { left: Operand, op: Op, right: Literal, at: usize },
    In { path: Path, negated: bool, set: Vec<Literal>, at: usize },
    InQuery { path: Path, negated: bool, query: Box<Query> },
    Includes { path: Path, negated: bool, sets: Vec<Literal> },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operand {
    Path(Path),
    /// Only in HAVING.
    Aggregate(Aggregate),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    Like,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    Null,
    Bool(bool),
    /// Escapes are still in the text: LIKE reads `\_` otherwise than `=` does.
    Text(String),
    Number(Decimal),
    Amount(String, Decimal),
    Date(Date),
    Instant(Timestamp),
    /// `TODAY`, `LAST_N_DAYS:30`.
    Relative(String, Option<i64>),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    pub by: Operand,
    pub descending: bool,
    pub nulls_last: bool,
}
