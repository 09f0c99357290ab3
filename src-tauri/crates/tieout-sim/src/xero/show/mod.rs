//! Objects as the wire shows them. Which keys are there depends on where they are shown
//! (`xero §3.2`).

mod applied;
mod balances;
mod contact;
mod document;
mod organisation;
mod payment;
mod settings;

pub use balances::Balances;
pub use contact::contact;
pub use document::{as_bank_transaction, document};
pub use organisation::{actions, organisation};
pub use payment::{allocation, batch, payment};
pub use settings::{account, category, currency, item, tax_rate, theme};

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::books::Books;
use super::guid::coin;

/// Where an object is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Read by its id.
    Single,
    /// A row of a paged list.
    Paged,
    /// A row of a list that is not paged: documents have no lines there.
    Unpaged,
    /// A row of `summaryOnly=true`.
    Summary,
    /// The answer to a write.
    Written,
}

/// How to show.
#[derive(Clone, Copy)]
pub struct Showing<'a> {
    pub books: &'a Books,
    /// Places of unit prices.
    pub places: u32,
    pub place: Place,
    /// Writes leave out keys that others have.
    pub omit_keys: bool,
}

impl Showing<'_> {
    pub fn is_list(&self) -> bool {
        matches!(self.place, Place::Paged | Place::Unpaged | Place::Summary)
    }

    /// `CurrencyRate` is often missing on rows in base currency (`xero §9.4`).
    fn rate(&self, id: &str, currency: &str, rate: Decimal) -> Option<Value> {
        let absent = self.is_list() && currency == self.books.base_currency && coin(id);
        (!absent).then(|| super::exact::rate(rate))
    }
}

/// No value is now the empty string and now no key (`xero §3.2`).
fn put_text(object: &mut Value, key: &str, text: &str, id: &str) {
    if !text.is_empty() || coin(id) {
        object[key] = json!(text);
    }
}

/// A text that is only there when there is one.
fn put_if_any(object: &mut Value, key: &str, text: &str) {
    if !text.is_empty() {
        object[key] = json!(text);
    }
}
