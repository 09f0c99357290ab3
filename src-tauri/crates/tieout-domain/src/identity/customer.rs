//! Which customer of a ledger an Account is: the first key with a hit decides
//! (`finance-domain §6 R2`).

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::duplicates::{Likeness, likenesses, tax_numbers, unlike};
use super::links::{IdentityLink, IdentityLinks, LookupKey, Standing};
use super::tax_number::TaxComparison;
use crate::currency::Currency;
use crate::facts::{Account, Customer};
use crate::ids::{AccountId, CustomerId, LedgerId};

/// One Account, asked about in one ledger.
#[derive(Clone, Copy, Debug)]
pub struct CustomerQuestion<'a> {
    pub account: &'a Account,
    /// The Account and those merged into it: any of their ids may stand in a customer record.
    pub aliases: &'a BTreeSet<AccountId>,
    pub ledger: &'a LedgerId,
    /// The currency of the document to be made, to choose among several linked customers.
    pub currency: Option<Currency>,
    pub customers: &'a [Customer],
    pub links: &'a IdentityLinks,
}

/// A customer that may be the Account, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub customer: CustomerId,
    pub likenesses: Vec<Likeness>,
}

/// Why a person is asked although one customer was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskReason {
    /// The tax number is the same and the names share no word: a VAT group or a typing error.
    NamesUnlike,
    /// The customer that was found is inactive in the ledger.
    Inactive,
}

/// What follows for a document that needs a customer. Only `Link` and `Create` go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CustomerDecision {
    Link {
        customer: CustomerId,
        by: LookupKey,
    },
    /// No customer of the ledger is or resembles the Account.
    Create,
    /// `CUSTOMER_AMBIGUOUS`: several hits on one key.
    Ambiguous {
        by: LookupKey,
        customers: Vec<CustomerId>,
    },
    /// A customer that was not linked looks like the Account: a person links or rejects it first.
    ProbableDuplicate {
        candidates: Vec<Candidate>,
    },
    /// `TAXID_CONFLICT`: the linked customer has another tax number than the Account.
    TaxIdConflict {
        customer: CustomerId,
        by: LookupKey,
    },
    Ask {
        customer: CustomerId,
        by: LookupKey,
        why: AskReason,
    },
}

/// Decides by the strongest key that has a hit. The order of `customers` does not matter.
pub fn decide_customer(question: &CustomerQuestion<'_>) -> CustomerDecision {
    let asked = Asked::new(question);
    for by in [LookupKey::StoredLink, LookupKey::ExternalId, LookupKey::TaxNumber] {
        let hits = hits(&asked, by);
        if let Some(decision) = decide_by(&asked, by, &hits) {
            return decision;
        }
    }
    match lookalikes(&asked) {
        candidates if candidates.is_empty() => CustomerDecision::Create,
        candidates => CustomerDecision::ProbableDuplicate { candidates },
    }
}

/// The question with what the links say about each customer and the Account.
struct Asked<'a> {
    account: &'a Account,
    question: CustomerQuestion<'a>,
    /// The Account's own link, else the strongest one of an Account merged into it.
    known: BTreeMap<&'a CustomerId, &'a IdentityLink>,
}

impl<'a> Asked<'a> {
    fn new(question: &CustomerQuestion<'a>) -> Self {
        let mut known: BTreeMap<&CustomerId, &IdentityLink> = BTreeMap::new();
        for alias in question.aliases.iter().filter(|alias| **alias != question.account.id) {
            for link in question.links.of_account(question.ledger, alias) {
                let held = known.entry(&link.customer).or_insert(link);
                if (held.standing, held.billed) < (link.standing, link.billed) {
                    *held = link;
                }
            }
        }
        let own = question.links.of_account(question.ledger, &question.account.id);
        known.extend(own.map(|link| (&link.customer, link)));
        Self { account: question.account, question: *question, known }
    }

    fn standing(&self, customer: &Customer) -> Option<Standing> {
        self.known.get(&customer.id).map(|link| link.standing)
    }

    /// Since when new invoices go to this customer.
    fn billed_since(&self, customer: &Customer) -> Option<Timestamp> {
        let link = self.known.get(&customer.id).filter(|link| link.billed);
        link.map(|link| link.at)
    }
}

/// Customers that a key finds, by ascending id. A pair that a person rejected is no hit.
fn hits<'a>(asked: &Asked<'a>, by: LookupKey) -> Vec<&'a Customer> {
    let mut found: Vec<&Customer> = asked
        .question
        .customers
        .iter()
        .filter(|customer| !customer.stamp.deleted && is_hit(asked, by, customer))
        .collect();
    found.sort_by(|a, b| a.id.cmp(&b.id));
    found.dedup_by(|a, b| a.id == b.id);
    found
}

fn is_hit(asked: &Asked<'_>, by: LookupKey, customer: &Customer) -> bool {
    let standing = asked.standing(customer);
    match by {
        LookupKey::StoredLink => standing == Some(Standing::Confirmed),
        _ if standing == Some(Standing::Rejected) => false,
        LookupKey::ExternalId => customer
            .account
            .as_ref()
            .is_some_and(|account| asked.question.aliases.contains(account)),
        LookupKey::TaxNumber => tax_numbers(asked.account, customer) == TaxComparison::Same,
        LookupKey::Likeness => !likenesses(asked.account, customer).is_empty(),
    }
}

fn decide_by(asked: &Asked<'_>, by: LookupKey, hits: &[&Customer]) -> Option<CustomerDecision> {
    let active: Vec<&Customer> = hits.iter().copied().filter(|hit| hit.active).collect();
    let one = match (active.as_slice(), hits) {
        ([], []) => return None,
        ([], [inactive, ..]) => {
            let customer = inactive.id.clone();
            return Some(CustomerDecision::Ask { customer, by, why: AskReason::Inactive });
        }
        ([one], _) => *one,
        (several, _) => match billed_one(asked, by, several) {
            Some(one) => one,
            None => {
                let customers = several.iter().map(|hit| hit.id.clone()).collect();
                return Some(CustomerDecision::Ambiguous { by, customers });
            }
        },
    };
    Some(decide_one(asked, by, one, hits))
}

fn decide_one(
    asked: &Asked<'_>,
    by: LookupKey,
    one: &Customer,
    hits: &[&Customer],
) -> CustomerDecision {
    let customer = one.id.clone();
    if by == LookupKey::TaxNumber {
        return if unlike(asked.account, one) {
            CustomerDecision::Ask { customer, by, why: AskReason::NamesUnlike }
        } else {
            CustomerDecision::Link { customer, by }
        };
    }
    if tax_numbers(asked.account, one) == TaxComparison::Different {
        return CustomerDecision::TaxIdConflict { customer, by };
    }
    let twins = tax_twins(asked, hits);
    if twins.is_empty() {
        CustomerDecision::Link { customer, by }
    } else {
        CustomerDecision::ProbableDuplicate { candidates: twins }
    }
}

/// Several linked customers of one Account are allowed: the one that was marked as billed last is
/// taken, else the only one in the currency of the document. Other keys have no such mark.
fn billed_one<'a>(
    asked: &Asked<'_>,
    by: LookupKey,
    several: &[&'a Customer],
) -> Option<&'a Customer> {
    if by != LookupKey::StoredLink {
        return None;
    }
    let fits = |customer: &&&Customer| match (asked.question.currency, customer.currency) {
        (Some(wanted), Some(has)) => wanted == has,
        _ => true,
    };
    let in_currency: Vec<&Customer> = several.iter().filter(fits).copied().collect();
    let last = in_currency.iter().filter_map(|customer| asked.billed_since(customer)).max();
    let is_last = |customer: &&Customer| last.is_some() && asked.billed_since(customer) == last;
    let billed: Vec<&Customer> = in_currency.iter().copied().filter(is_last).collect();
    match (billed.as_slice(), in_currency.as_slice()) {
        ([one], _) | ([], [one]) => several.iter().copied().find(|hit| hit.id == one.id),
        _ => None,
    }
}

/// Active customers with the Account's own tax number and a similar name that nobody linked or
/// rejected: creation is refused while they are unresolved (`finance-domain §5` failure 2).
fn tax_twins(asked: &Asked<'_>, hits: &[&Customer]) -> Vec<Candidate> {
    let found = self::hits(asked, LookupKey::TaxNumber);
    found
        .into_iter()
        .filter(|twin| twin.active && !hits.iter().any(|hit| hit.id == twin.id))
        .filter(|twin| asked.standing(twin) != Some(Standing::Confirmed))
        .filter(|twin| !unlike(asked.account, twin))
        .map(|twin| Candidate {
            customer: twin.id.clone(),
            likenesses: likenesses(asked.account, twin),
        })
        .collect()
}

fn lookalikes(asked: &Asked<'_>) -> Vec<Candidate> {
    hits(asked, LookupKey::Likeness)
        .into_iter()
        .map(|customer| Candidate {
            customer: customer.id.clone(),
            likenesses: likenesses(asked.account, customer),
        })
        .collect()
}
