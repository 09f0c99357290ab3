//! The words, formulas and rules of Tieout (`finance-domain`). Pure: no input or output, no clock,
//! no async, no serialisation, no floating point.

pub mod currency;
pub mod effect;
pub mod facts;
pub mod ids;
pub mod money;

pub use currency::{Currency, CurrencyError};
pub use money::{Money, MoneyError};
