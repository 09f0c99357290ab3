//! Customers to be made for a batch of deals: one per cluster of Accounts, however many deals wait
//! for it (`finance-domain §6 R2`).

use std::collections::{BTreeMap, BTreeSet};

use super::clusters::Clusters;
use crate::ids::{AccountId, DealId};

/// One customer to be made, and the deals that wait for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCustomer {
    /// The Account that lives on, or the one that stands for the cluster.
    pub account: AccountId,
    pub deals: BTreeSet<DealId>,
}

/// Groups the deals whose decision is `Create`. In ascending order of Account.
pub fn new_customers<'a>(
    waiting: impl IntoIterator<Item = (&'a DealId, &'a AccountId)>,
    clusters: &Clusters,
) -> Vec<NewCustomer> {
    let mut by_account: BTreeMap<AccountId, BTreeSet<DealId>> = BTreeMap::new();
    for (deal, account) in waiting {
        let stands = clusters.representative(account);
        let account = clusters.survivor(stands).unwrap_or(stands);
        by_account.entry(account.clone()).or_default().insert(deal.clone());
    }
    by_account.into_iter().map(|(account, deals)| NewCustomer { account, deals }).collect()
}
