//! Clusters of Accounts that are one customer: through merges in the CRM and through confirmed
//! links to the same customer (`finance-domain §7 K1`). Never through likeness.

use std::collections::{BTreeMap, BTreeSet};

use super::links::IdentityLinks;
use crate::facts::Account;
use crate::ids::{AccountId, CustomerId, LedgerId};

/// The longest chain of merges that is followed; a longer one, or a circle, is a broken merge.
pub const MERGE_STEPS_MAX: usize = 20;

/// Which customers of one ledger are the same customer as an Account.
pub type CustomersOfAccount = BTreeMap<AccountId, BTreeSet<CustomerId>>;

/// Accounts grouped by identity. The groups do not depend on the order of the input.
#[derive(Clone, Debug, Default)]
pub struct Clusters {
    /// The smallest Account id of the cluster that an Account belongs to.
    representatives: BTreeMap<AccountId, AccountId>,
    members: BTreeMap<AccountId, BTreeSet<AccountId>>,
    customers: BTreeMap<(LedgerId, AccountId), BTreeSet<CustomerId>>,
    survivors: BTreeMap<AccountId, AccountId>,
    broken_merges: BTreeSet<AccountId>,
}

impl Clusters {
    /// Builds the groups from all known Accounts and links.
    pub fn build(accounts: &[Account], links: &IdentityLinks) -> Self {
        let merged: BTreeMap<&AccountId, &AccountId> = accounts
            .iter()
            .filter_map(|account| account.merged_into.as_ref().map(|into| (&account.id, into)))
            .collect();
        let mut clusters = Self::default();
        let mut joined = Joined::default();
        for account in accounts {
            joined.add(&account.id);
            match survivor(&account.id, &merged) {
                Some(last) => {
                    joined.join(&account.id, last);
                    clusters.survivors.insert(account.id.clone(), last.clone());
                }
                None => {
                    clusters.broken_merges.insert(account.id.clone());
                }
            }
        }
        let mut first_of: BTreeMap<(&LedgerId, &CustomerId), &AccountId> = BTreeMap::new();
        for link in links.confirmed() {
            joined.add(&link.account);
            let first = first_of.entry((&link.ledger, &link.customer)).or_insert(&link.account);
            joined.join(first, &link.account);
        }
        clusters.fill(&joined, links);
        clusters
    }

    fn fill(&mut self, joined: &Joined, links: &IdentityLinks) {
        for account in joined.parents.keys() {
            let root = joined.root(account);
            self.representatives.insert(account.clone(), root.clone());
            self.members.entry(root.clone()).or_default().insert(account.clone());
        }
        for link in links.confirmed() {
            let root = joined.root(&link.account);
            self.customers
                .entry((link.ledger.clone(), root.clone()))
                .or_default()
                .insert(link.customer.clone());
        }
    }

    /// The Account that stands for the cluster; an unknown Account stands for itself.
    pub fn representative<'a>(&'a self, account: &'a AccountId) -> &'a AccountId {
        self.representatives.get(account).unwrap_or(account)
    }

    /// All Accounts of the cluster, in ascending order. Empty for an unknown Account.
    pub fn members(&self, account: &AccountId) -> impl Iterator<Item = &AccountId> {
        self.members.get(self.representative(account)).into_iter().flatten()
    }

    /// The Account that lives on after all merges. `None` for an unknown Account or broken merge.
    pub fn survivor(&self, account: &AccountId) -> Option<&AccountId> {
        self.survivors.get(account)
    }

    /// The Account itself and those that were merged into it, in ascending order.
    pub fn aliases(&self, account: &AccountId) -> BTreeSet<AccountId> {
        let mut aliases: BTreeSet<AccountId> = self
            .survivors
            .iter()
            .filter(|(_, last)| *last == account)
            .map(|(loser, _)| loser.clone())
            .collect();
        aliases.insert(account.clone());
        aliases
    }

    /// Accounts whose chain of merges is a circle or longer than `MERGE_STEPS_MAX`.
    pub fn broken_merges(&self) -> &BTreeSet<AccountId> {
        &self.broken_merges
    }

    /// Which customers of a ledger are the same customer as each Account: confirmed links of the
    /// Account and of every Account of its cluster.
    pub fn customers_in(&self, ledger: &LedgerId) -> CustomersOfAccount {
        self.representatives
            .iter()
            .filter_map(|(account, root)| {
                let customers = self.customers.get(&(ledger.clone(), root.clone()))?;
                Some((account.clone(), customers.clone()))
            })
            .collect()
    }
}

/// Follows merges to the Account that lives on. `None`: a circle or too long a chain.
fn survivor<'a>(
    account: &'a AccountId,
    merged: &BTreeMap<&'a AccountId, &'a AccountId>,
) -> Option<&'a AccountId> {
    let mut last = account;
    for _ in 0..=MERGE_STEPS_MAX {
        match merged.get(last) {
            Some(next) => last = next,
            None => return Some(last),
        }
    }
    None
}

/// Disjoint sets whose root is always their smallest member, so that it depends on no order.
#[derive(Default)]
struct Joined {
    parents: BTreeMap<AccountId, AccountId>,
}

impl Joined {
    fn add(&mut self, account: &AccountId) {
        if !self.parents.contains_key(account) {
            self.parents.insert(account.clone(), account.clone());
        }
    }

    /// Parents are always smaller than their children, so the walk ends.
    fn root<'a>(&'a self, account: &'a AccountId) -> &'a AccountId {
        let mut at = account;
        while let Some(parent) = self.parents.get(at).filter(|parent| *parent != at) {
            at = parent;
        }
        at
    }

    fn join(&mut self, a: &AccountId, b: &AccountId) {
        self.add(a);
        self.add(b);
        let (a, b) = (self.root(a).clone(), self.root(b).clone());
        let (small, large) = if a <= b { (a, b) } else { (b, a) };
        self.parents.insert(large, small);
    }
}
