//! Documents for people and programs: what the command line prints as JSON and the window shows.
//!
//! Amounts cross as text with their currency. Nothing here computes an amount.

pub mod companies;
pub mod connections;
pub mod deals;
pub mod duplicates;
pub mod effects;
pub mod exceptions;
pub mod leakage;
pub mod links;
pub mod reading;
pub mod receivables;
pub mod reconciliation;
pub mod rehearsal;
pub mod runs;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tieout_domain::money::grouped;
use ts_rs::TS;

/// An amount: canonical text with the digits of its currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Amount {
    pub amount: String,
    pub currency: String,
}

impl From<tieout_domain::Money> for Amount {
    fn from(money: tieout_domain::Money) -> Self {
        Self { amount: money.to_plain(), currency: money.currency().code().into() }
    }
}

impl Amount {
    /// As a sentence says it: `1,234.50 USD`, `(350.00) USD`.
    pub(crate) fn in_words(&self) -> String {
        match self.amount.strip_prefix('-') {
            None => format!("{} {}", grouped(&self.amount), self.currency),
            Some(digits) => format!("({}) {}", grouped(digits), self.currency),
        }
    }
}

/// Optional amounts as they cross.
pub fn amount(money: Option<tieout_domain::Money>) -> Option<Amount> {
    money.map(Amount::from)
}

/// A calendar date as ISO text.
pub fn date(of: Date) -> String {
    of.to_string()
}

/// An instant as RFC 3339 text in UTC.
pub fn instant(at: Timestamp) -> String {
    at.to_string()
}
