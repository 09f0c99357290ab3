//! A frozen report to the bytes of a PDF, a workbook or CSV files (`finance-domain §14`).
//!
//! Pure: the same [`Report`] gives the same bytes, on any day and on any machine. Nothing here
//! reads a clock, a file or a setting. Every writer checks the report first ([`Report::check`]):
//! a total that says it was proved and does not foot is an error, never a double rule.
//!
//! Amounts stay integers or decimal text. The one place where a figure becomes a binary number
//! is the cell of a workbook, because that file format has no other numbers (`xlsx::number`).

mod canonical;
mod check;
mod csv_files;
mod error;
mod model;
mod pdf;
mod table;
mod text;
mod xlsx;

pub use canonical::canonical;
pub use csv_files::{NamedFile, csv, csv_files, csv_totals};
pub use error::ReportError;
pub use model::{Fact, Paper, Prose, Report, SignOff, Signature, Signed};
pub use pdf::pdf;
pub use table::{
    Align, Cell, Column, Kind, Level, Print, Proof, Rank, Row, Section, Span, Sum, TickMark, Tone,
    TotalLine, Value,
};
pub use text::{
    MoneyStyle, Negatives, Zeros, neutralised, print_count, print_date, print_decimal,
    print_moment, print_money, print_percent,
};
pub use xlsx::xlsx;

#[cfg(test)]
extern crate self as tieout_report;
#[cfg(test)]
#[path = "../tests/specimen/mod.rs"]
mod specimen;
