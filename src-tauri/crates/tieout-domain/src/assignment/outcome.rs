//! What became of a deal: one company keeps it, or none does, and why.

use std::collections::BTreeSet;

use super::rules::Property;
use crate::ids::LedgerId;

/// On whose word a company keeps a deal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By {
    /// Nobody has set a rule, and it is the only company that enables the deal's currency.
    Currency,
    /// The first of its rules that holds.
    Rule(String),
    /// No other rule holds, and a rule without conditions names it.
    Otherwise,
    Person,
    /// It has billed the deal or promised to, and nothing gives the deal to another.
    Held,
}

impl By {
    /// The stable word.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Currency => "currency",
            Self::Rule(_) => "rule",
            Self::Otherwise => "otherwise",
            Self::Person => "person",
            Self::Held => "held",
        }
    }
}

/// Why no company keeps a deal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unkept {
    /// Nobody has set a rule, and no company enables the deal's currency.
    CurrencyNowhere,
    /// There are rules, and none holds.
    NoRule,
    /// The company that it is given to does not enable its currency.
    CurrencyNotEnabled(LedgerId),
    /// A rule asks for something that has not been read of this deal.
    NotRead(Property),
    /// Several companies could keep it.
    Contested(BTreeSet<LedgerId>),
    /// One company has billed it or promised to, and it is given to another now.
    HeldElsewhere { holder: LedgerId, wanted: BTreeSet<LedgerId> },
    /// Several companies have billed it or promised to.
    HeldBySeveral(BTreeSet<LedgerId>),
}

impl Unkept {
    /// The stable code.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::CurrencyNowhere => "CURRENCY_NOWHERE",
            Self::NoRule => "NO_RULE",
            Self::CurrencyNotEnabled(_) => "CURRENCY_NOT_ENABLED",
            Self::NotRead(_) => "NOT_READ",
            Self::Contested(_) => "CONTESTED",
            Self::HeldElsewhere { .. } => "HELD_ELSEWHERE",
            Self::HeldBySeveral(_) => "HELD_BY_SEVERAL",
        }
    }

    /// The companies that it is about.
    pub fn companies(&self) -> Vec<&LedgerId> {
        match self {
            Self::CurrencyNowhere | Self::NoRule | Self::NotRead(_) => Vec::new(),
            Self::CurrencyNotEnabled(one) => vec![one],
            Self::Contested(several) | Self::HeldBySeveral(several) => several.iter().collect(),
            Self::HeldElsewhere { holder, wanted } => {
                std::iter::once(holder).chain(wanted).collect()
            }
        }
    }

    /// Whether a person could still find that the deal is this company's. Then nothing that the
    /// company says of all its deals is proved.
    pub fn could_be_of(&self, ledger: &LedgerId) -> bool {
        match self {
            Self::CurrencyNowhere | Self::CurrencyNotEnabled(_) => false,
            Self::NoRule | Self::NotRead(_) => true,
            _ => self.companies().contains(&ledger),
        }
    }
}

/// Where a deal stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Kept { ledger: LedgerId, by: By },
    Unkept(Unkept),
}

impl Outcome {
    /// The one company that keeps the deal.
    pub fn keeper(&self) -> Option<&LedgerId> {
        match self {
            Self::Kept { ledger, .. } => Some(ledger),
            Self::Unkept(_) => None,
        }
    }
}
