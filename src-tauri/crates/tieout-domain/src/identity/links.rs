//! Links between Accounts and customers: many-to-many, with who made them and why
//! (`finance-domain §4`, write-once identity).

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::ids::{AccountId, CustomerId, LedgerId};

/// By which key a customer was found (`finance-domain §6 R2`), strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LookupKey {
    /// A link that is stored and confirmed.
    StoredLink,
    /// The Account's id stands in the customer record.
    ExternalId,
    /// Equal tax numbers of one country.
    TaxNumber,
    /// Name, domain or address only.
    Likeness,
}

impl LookupKey {
    /// Stable word for storage and evidence.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::StoredLink => "stored_link",
            Self::ExternalId => "external_id",
            Self::TaxNumber => "tax_number",
            Self::Likeness => "likeness",
        }
    }
}

/// Who said that two records are the same customer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LinkedBy {
    Rule(LookupKey),
    /// The name of the person at this computer.
    Person(String),
}

/// What a link is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Shown to a person; feeds no figure.
    Suggested,
    Confirmed,
    /// A person said that the two are not the same.
    Rejected,
}

/// One statement about one Account and one customer. History is a list of these; none is changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityLink {
    pub ledger: LedgerId,
    pub account: AccountId,
    pub customer: CustomerId,
    pub standing: Standing,
    pub by: LinkedBy,
    pub reason: String,
    pub at: Timestamp,
    /// New invoices of this Account go to this customer, where the Account has several.
    pub billed: bool,
}

/// The links that hold, made from their whole history.
#[derive(Clone, Debug, Default)]
pub struct IdentityLinks {
    by_account: BTreeMap<(LedgerId, AccountId), BTreeMap<CustomerId, IdentityLink>>,
}

impl IdentityLinks {
    /// The latest statement about a pair holds; a rule never replaces a person's statement. The
    /// order of the history does not matter.
    pub fn from_history(history: impl IntoIterator<Item = IdentityLink>) -> Self {
        let mut links = Self::default();
        for link in history {
            let account = (link.ledger.clone(), link.account.clone());
            let customers = links.by_account.entry(account).or_default();
            let held = customers.get(&link.customer);
            if held.is_none_or(|held| weight(held) < weight(&link)) {
                customers.insert(link.customer.clone(), link);
            }
        }
        links
    }

    /// All links that hold, rejected ones included, in the order of ledger, Account, customer.
    pub fn iter(&self) -> impl Iterator<Item = &IdentityLink> {
        self.by_account.values().flat_map(BTreeMap::values)
    }

    /// The links of one Account that hold, rejected ones included.
    pub fn of_account(
        &self,
        ledger: &LedgerId,
        account: &AccountId,
    ) -> impl Iterator<Item = &IdentityLink> {
        let customers = self.by_account.get(&(ledger.clone(), account.clone()));
        customers.into_iter().flat_map(BTreeMap::values)
    }

    /// Only the confirmed ones.
    pub fn confirmed(&self) -> impl Iterator<Item = &IdentityLink> {
        self.iter().filter(|link| link.standing == Standing::Confirmed)
    }
}

/// A person before a rule, then the later one; at one instant the more careful one.
fn weight(link: &IdentityLink) -> (bool, Timestamp, Standing, bool, &LinkedBy, &str) {
    let by_person = matches!(link.by, LinkedBy::Person(_));
    (by_person, link.at, link.standing, link.billed, &link.by, &link.reason)
}
