//! The words, formulas and rules of Tieout (`finance-domain`). Pure: no input or output, no clock,
//! no async, no serialisation, no floating point.

pub mod aging;
pub mod allocate;
pub mod amount;
pub mod assignment;
pub mod books;
pub mod currency;
pub mod dates;
pub mod document_status;
pub mod effect;
mod exact;
pub mod facts;
pub mod figures;
pub mod fx;
pub mod gates;
pub mod identity;
pub mod ids;
pub mod limits;
pub mod line;
pub mod matching;
pub mod money;
mod natural;
pub mod open;
pub mod ratios;
pub mod reasons;
pub mod rollup;
pub mod rounding;
pub mod salesforce_id;
pub mod schedule;
pub mod shares;
pub mod status;
pub mod tasks;
pub mod tieouts;
pub mod verdict;

pub use currency::{Currency, CurrencyError};
pub use money::{Money, MoneyError};
