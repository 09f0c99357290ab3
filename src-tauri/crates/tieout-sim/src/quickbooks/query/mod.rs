//! The query language (`quickbooks §4.1`).

mod parse;
mod run;
mod tokens;

pub use run::run;
