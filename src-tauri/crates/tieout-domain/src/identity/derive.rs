//! Links that the records themselves state, and links that a person is asked about.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::clusters::Clusters;
use super::countries::country_code;
use super::duplicates::{Likeness, domain, likenesses, tax_numbers, unlike};
use super::folding::normalised;
use super::links::{IdentityLink, IdentityLinks, LinkedBy, LookupKey, Standing};
use super::names::normalised_name;
use super::tax_number::{TaxComparison, comparable_tax_number, is_masked};
use crate::facts::{Account, Customer};
use crate::ids::{AccountId, LedgerId};

/// New statements about pairs that nobody has said anything about, in ascending order.
///
/// Confirmed: the customer record names the Account, or the only active customer with the
/// Account's tax number has a similar name. Suggested: every other likeness, and a named Account
/// with another tax number. Several customers may name one Account; all of them are its own.
pub fn derive_links(
    ledger: &LedgerId,
    accounts: &[Account],
    customers: &[Customer],
    held: &IdentityLinks,
    at: Timestamp,
) -> Vec<IdentityLink> {
    let clusters = Clusters::build(accounts, held);
    let index = CustomerIndex::new(customers);
    let mut links = Vec::new();
    for account in accounts.iter().filter(|account| is_current(account)) {
        let aliases = clusters.aliases(&account.id);
        let known: BTreeSet<_> = aliases
            .iter()
            .flat_map(|alias| held.of_account(ledger, alias))
            .map(|link| &link.customer)
            .collect();
        let candidates = index.candidates(account, &aliases);
        let taxed = candidates.iter().filter(|found| found.active && same_tax(account, found));
        let sole_taxed = taxed.count() == 1;
        for customer in candidates.iter().filter(|found| !known.contains(&found.id)) {
            if let Some(said) = statement(account, &aliases, customer, sole_taxed) {
                links.push(said.about(ledger, account, customer, at));
            }
        }
    }
    links.sort_by(|a, b| (&a.account, &a.customer).cmp(&(&b.account, &b.customer)));
    links
}

/// Deleted Accounts and losers of a merge ask for nobody.
fn is_current(account: &Account) -> bool {
    !account.stamp.deleted && account.merged_into.is_none()
}

struct Statement {
    standing: Standing,
    by: LookupKey,
    reason: String,
}

impl Statement {
    fn about(
        self,
        ledger: &LedgerId,
        account: &Account,
        customer: &Customer,
        at: Timestamp,
    ) -> IdentityLink {
        IdentityLink {
            ledger: ledger.clone(),
            account: account.id.clone(),
            customer: customer.id.clone(),
            standing: self.standing,
            by: LinkedBy::Rule(self.by),
            reason: self.reason,
            at,
            billed: false,
        }
    }
}

fn statement(
    account: &Account,
    aliases: &BTreeSet<AccountId>,
    customer: &Customer,
    sole_taxed: bool,
) -> Option<Statement> {
    let said = |standing, by, reason: &str| Statement { standing, by, reason: reason.to_owned() };
    if customer.account.as_ref().is_some_and(|named| aliases.contains(named)) {
        let by = LookupKey::ExternalId;
        return Some(if tax_numbers(account, customer) == TaxComparison::Different {
            let reason = "the customer record names the Account, the tax numbers differ";
            said(Standing::Suggested, by, reason)
        } else {
            said(Standing::Confirmed, by, "the customer record names the Account")
        });
    }
    if same_tax(account, customer) {
        let sure = sole_taxed && customer.active && !unlike(account, customer);
        let standing = if sure { Standing::Confirmed } else { Standing::Suggested };
        return Some(said(standing, LookupKey::TaxNumber, "the same tax number"));
    }
    let alike = likenesses(account, customer);
    let words: Vec<&str> = alike.iter().copied().map(Likeness::words).collect();
    let reason = format!("the same {}", words.join(", "));
    (!alike.is_empty()).then(|| said(Standing::Suggested, LookupKey::Likeness, &reason))
}

fn same_tax(account: &Account, customer: &Customer) -> bool {
    tax_numbers(account, customer) == TaxComparison::Same
}

/// Something that two records can have in common, as text that is looked up.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Trait {
    Account(AccountId),
    /// Digits and letters without any prefix that the record's country gives it.
    TaxNumber(String),
    Name(String),
    Domain(String),
    Address(String),
}

/// Customers by everything that may make one alike to an Account, so that not every pair of records
/// is compared.
struct CustomerIndex<'a> {
    by_trait: BTreeMap<Trait, Vec<&'a Customer>>,
}

impl<'a> CustomerIndex<'a> {
    fn new(customers: &'a [Customer]) -> Self {
        let mut by_trait: BTreeMap<Trait, Vec<&Customer>> = BTreeMap::new();
        for customer in customers.iter().filter(|customer| !customer.stamp.deleted) {
            let names = [Some(customer.name.as_str()), customer.legal_name.as_deref()];
            let domains = [customer.email.as_deref(), customer.website.as_deref()];
            let traits = names
                .into_iter()
                .flatten()
                .map(|name| Trait::Name(normalised_name(name)))
                .chain(domains.into_iter().flatten().filter_map(domain).map(Trait::Domain))
                .chain(customer.account.clone().map(Trait::Account))
                .chain(tax_traits(customer.tax_number.as_deref(), &customer.address))
                .chain(address_trait(&customer.address));
            for found in traits.collect::<BTreeSet<_>>() {
                by_trait.entry(found).or_default().push(customer);
            }
        }
        Self { by_trait }
    }

    /// Customers that share a trait with the Account, by ascending id, each once.
    fn candidates(&self, account: &Account, aliases: &BTreeSet<AccountId>) -> Vec<&'a Customer> {
        let traits = aliases
            .iter()
            .cloned()
            .map(Trait::Account)
            .chain([Trait::Name(normalised_name(&account.name))])
            .chain(account.website.as_deref().and_then(domain).map(Trait::Domain))
            .chain(tax_traits(account.tax_number.as_deref(), &account.address))
            .chain(address_trait(&account.address));
        let mut found: BTreeMap<&str, &Customer> = BTreeMap::new();
        for shared in traits.filter_map(|shared| self.by_trait.get(&shared)) {
            found.extend(shared.iter().map(|customer| (customer.id.as_str(), *customer)));
        }
        found.into_values().collect()
    }
}

/// With and without a prefix of two letters, and as the record's own country reads it: the other
/// record may say less.
fn tax_traits(number: Option<&str>, address: &crate::facts::Address) -> BTreeSet<Trait> {
    let Some(number) = number.filter(|number| !is_masked(number)) else {
        return BTreeSet::new();
    };
    let country = address.country.as_deref().and_then(country_code);
    let plain = comparable_tax_number(number, None);
    let bare = comparable_tax_number(number, country.as_deref());
    let rest = plain.trim_start_matches(|c: char| c.is_ascii_uppercase());
    let without_prefix = if plain.len() == rest.len() + 2 { rest } else { "" }.to_owned();
    let known = [plain, bare, without_prefix].into_iter().filter(|text| !text.is_empty());
    known.map(Trait::TaxNumber).collect()
}

fn address_trait(address: &crate::facts::Address) -> Option<Trait> {
    let street = normalised(address.street.as_deref()?);
    let postal_code = normalised(address.postal_code.as_deref()?);
    let tells = !street.is_empty() && !postal_code.is_empty();
    tells.then(|| Trait::Address(format!("{street}/{postal_code}")))
}
