//! Rules: a company takes the deals for which all conditions hold.

use std::fmt;

use crate::facts::{Account, Deal, Traits, User};
use crate::ids::LedgerId;

/// What a condition looks at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Property {
    Currency,
    /// The deal's own type.
    Kind,
    RecordType,
    BillingCountry,
    BillingState,
    /// A field of the deal that a rule chose.
    Deal(String),
    /// A field of its Account.
    Account(String),
    /// A field of the person who owns it.
    Owner(String),
}

/// The text names nothing that a rule can look at.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is nothing that a rule can look at; it is `currency`, `type`, `record-type`, \
     `billing-country`, `billing-state`, or a field as `deal.NAME`, `account.NAME`, `owner.NAME`"
)]
pub struct PropertyError(pub String);

const PLAIN: [(&str, Property); 5] = [
    ("currency", Property::Currency),
    ("type", Property::Kind),
    ("record-type", Property::RecordType),
    ("billing-country", Property::BillingCountry),
    ("billing-state", Property::BillingState),
];

/// Longest name of a field, with room to spare.
const FIELD_LENGTH_MAX: usize = 100;

impl Property {
    /// Reads the stable words. A field's name is letters, digits and underscores, so that it can be
    /// asked for as it is; one dot leads to a record that the field points at.
    pub fn parse(text: &str) -> Result<Self, PropertyError> {
        let refused = || PropertyError(text.to_owned());
        if let Some((_, property)) = PLAIN.into_iter().find(|(word, _)| *word == text) {
            return Ok(property);
        }
        let (of, field) = text.split_once('.').ok_or_else(refused)?;
        let is_name = |part: &str| {
            part.starts_with(|c: char| c.is_ascii_alphabetic())
                && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        };
        let fits = field.len() <= FIELD_LENGTH_MAX && field.split('.').count() <= 2;
        if !fits || !field.split('.').all(is_name) {
            return Err(refused());
        }
        match of {
            "deal" => Ok(Self::Deal(field.to_owned())),
            "account" => Ok(Self::Account(field.to_owned())),
            "owner" => Ok(Self::Owner(field.to_owned())),
            _ => Err(refused()),
        }
    }
}

impl fmt::Display for Property {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Deal(field) => write!(f, "deal.{field}"),
            Self::Account(field) => write!(f, "account.{field}"),
            Self::Owner(field) => write!(f, "owner.{field}"),
            plain => {
                let known = PLAIN.iter().find(|(_, property)| property == plain);
                f.write_str(known.map_or("", |(word, _)| word))
            }
        }
    }
}

/// A property is one of these values, whatever their case and the spaces around them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    pub property: Property,
    /// An empty one means that the record has none.
    pub any_of: Vec<String>,
}

/// A company takes the deals for which all conditions hold. Without conditions it takes those for
/// which no other rule holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    pub name: String,
    pub ledger: LedgerId,
    pub conditions: Vec<Condition>,
}

/// A deal with what hangs on it, as far as it was read.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    pub deal: &'a Deal,
    pub account: Option<&'a Account>,
    pub owner: Option<&'a User>,
}

impl Rule {
    /// Whether every condition holds. `Err`: this property was not read, and the others hold.
    pub fn holds(&self, subject: &Subject<'_>) -> Result<bool, Property> {
        let mut unread = None;
        for condition in &self.conditions {
            match subject.value(&condition.property) {
                Some(value) if condition.is_met_by(value) => {}
                Some(_) => return Ok(false),
                None => unread = unread.or(Some(condition.property.clone())),
            }
        }
        unread.map_or(Ok(true), Err)
    }
}

impl Condition {
    fn is_met_by(&self, value: &str) -> bool {
        let folded = |text: &str| text.trim().to_lowercase();
        let value = folded(value);
        self.any_of.iter().any(|wanted| folded(wanted) == value)
    }
}

impl<'a> Subject<'a> {
    /// The value of a property; empty where the record has none. `None`: it was not read.
    fn value(&self, property: &Property) -> Option<&'a str> {
        let known = |value: &'a Option<String>| Some(value.as_deref().unwrap_or_default());
        match property {
            Property::Currency => Some(self.deal.currency.code()),
            Property::Kind => known(&self.deal.kind),
            Property::RecordType => self.deal.record_type.as_deref(),
            Property::Deal(field) => trait_of(&self.deal.traits, field),
            Property::BillingCountry => self.of_account(|it| known(&it.address.country)),
            Property::BillingState => self.of_account(|it| known(&it.address.region)),
            Property::Account(field) => self.of_account(|it| trait_of(&it.traits, field)),
            Property::Owner(field) => match (&self.deal.owner, self.owner) {
                (None, _) => Some(""),
                (Some(_), owner) => trait_of(&owner?.traits, field),
            },
        }
    }

    /// A deal without an Account has none of its properties; of one that was not read nobody knows.
    fn of_account(&self, of: impl FnOnce(&'a Account) -> Option<&'a str>) -> Option<&'a str> {
        match (&self.deal.account, self.account) {
            (None, _) => Some(""),
            (Some(_), account) => of(account?),
        }
    }
}

/// Names of fields do not differ by case.
fn trait_of<'a>(traits: &'a Traits, field: &str) -> Option<&'a str> {
    let mut known = traits.iter();
    known.find(|(name, _)| name.eq_ignore_ascii_case(field)).map(|(_, value)| value.as_str())
}
