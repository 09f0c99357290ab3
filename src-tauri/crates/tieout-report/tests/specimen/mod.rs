//! Two reports to look at and to test with: a workpaper, and one that is hard to print.
#![allow(dead_code)]

mod hard;
mod workpaper;

pub use hard::hard;
pub use workpaper::workpaper;

use rust_decimal::Decimal;
use tieout_domain::{Currency, Money};
use tieout_report::{Cell, Proof, Rank, Sum, TickMark, TotalLine, Value};

pub fn money(amount: &str, code: &str) -> Money {
    let currency = Currency::parse(code).expect("the specimen is legal");
    Money::from_decimal(Decimal::from_str_exact(amount).expect("the specimen is legal"), currency)
        .expect("the specimen is legal")
}

pub fn usd(amount: &str) -> Cell {
    if amount.is_empty() { Cell::Empty } else { Cell::Money(money(amount, "USD")) }
}

pub fn proved(column: &str, value: impl Into<Value>) -> Sum {
    let (column, value) = (column.to_owned(), value.into());
    Sum { column, value, proof: Proof::Proved { by: "QuickBooks report".to_owned() } }
}

pub fn total(
    label: &str,
    rank: Rank,
    rows: std::ops::Range<usize>,
    sums: Vec<Sum>,
    marks: &[TickMark],
) -> TotalLine {
    TotalLine { label: label.to_owned(), rank, rows, sums, marks: marks.to_vec() }
}
