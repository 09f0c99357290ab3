//! Which ledger company keeps which deal of the one CRM (`finance-domain §16`: one company per
//! connection, each its own entity).
//!
//! At most one company keeps a deal. Where two could, none does: a deal that is billed in two
//! companies is billed twice. What was billed or promised in one company is never billed in
//! another, whatever the rules say now.

mod held;
mod outcome;
mod rules;
mod sentences;

use std::collections::{BTreeMap, BTreeSet};

use crate::currency::Currency;
use crate::facts::{Account, Deal, User};
use crate::ids::{AccountId, DealId, LedgerId, UserId};

pub use held::{Bearing, Held, held_deals, stands};
pub use outcome::{By, Outcome, Unkept};
pub use rules::{Condition, Property, PropertyError, Rule, Subject};
pub use sentences::Words;

/// A ledger company that a deal can belong to. Two connections of one ledger are one company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Company {
    pub ledger: LedgerId,
    /// For sentences.
    pub name: String,
    /// Enabled in it. Empty before it was read for the first time.
    pub currencies: Vec<Currency>,
    /// Disconnected: it keeps what it kept, and nothing is made in it.
    pub ended: bool,
}

/// Everything that decides which company keeps a deal.
#[derive(Clone, Copy, Debug)]
pub struct Assigning<'a> {
    pub companies: &'a [Company],
    pub rules: &'a [Rule],
    /// What people said of single deals; it overrides the rules.
    pub words: &'a BTreeMap<DealId, LedgerId>,
    pub held: &'a Held,
}

/// Companies that could keep a deal, and on whose word.
struct Claim {
    companies: BTreeSet<LedgerId>,
    by: By,
}

impl Assigning<'_> {
    /// Which company keeps the deal.
    pub fn outcome(&self, subject: &Subject<'_>) -> Outcome {
        let nobody = BTreeSet::new();
        let holders = self.held.get(&subject.deal.id).unwrap_or(&nobody);
        if holders.len() > 1 {
            return Outcome::Unkept(Unkept::HeldBySeveral(holders.clone()));
        }
        let claimed = match (holders.first(), self.claim(subject)) {
            (None, Err(why)) => Err(why),
            (None, Ok(claim)) if claim.companies.len() > 1 => {
                Err(Unkept::Contested(claim.companies))
            }
            (None, Ok(claim)) => {
                claim.companies.into_iter().next().map(|it| (it, claim.by)).ok_or(Unkept::NoRule)
            }
            (Some(holder), Err(Unkept::NoRule | Unkept::CurrencyNowhere)) => {
                Ok((holder.clone(), By::Held))
            }
            (Some(_), Err(why)) => Err(why),
            (Some(holder), Ok(claim)) => match claim.companies.contains(holder) {
                true if claim.companies.len() == 1 => Ok((holder.clone(), claim.by)),
                true => Ok((holder.clone(), By::Held)),
                false => {
                    Err(Unkept::HeldElsewhere { holder: holder.clone(), wanted: claim.companies })
                }
            },
        };
        match claimed {
            Ok((ledger, _)) if !self.is_enabled(&ledger, subject.deal.currency) => {
                Outcome::Unkept(Unkept::CurrencyNotEnabled(ledger))
            }
            Ok((ledger, by)) => Outcome::Kept { ledger, by },
            Err(why) => Outcome::Unkept(why),
        }
    }

    fn is_enabled(&self, ledger: &LedgerId, currency: Currency) -> bool {
        let mut companies = self.companies.iter().filter(|it| it.ledger == *ledger);
        companies.any(|company| company.currencies.contains(&currency))
    }

    /// A person's word, else the rules, else the currency where nobody has set a rule.
    fn claim(&self, subject: &Subject<'_>) -> Result<Claim, Unkept> {
        if let Some(ledger) = self.words.get(&subject.deal.id) {
            return Ok(Claim { companies: BTreeSet::from([ledger.clone()]), by: By::Person });
        }
        if self.rules.is_empty() {
            return self.by_currency(subject.deal.currency);
        }
        self.by_rules(subject)
    }

    fn by_currency(&self, currency: Currency) -> Result<Claim, Unkept> {
        let enabling = self.companies.iter().filter(|it| it.currencies.contains(&currency));
        let companies: BTreeSet<LedgerId> = enabling.map(|it| it.ledger.clone()).collect();
        if companies.is_empty() {
            return Err(Unkept::CurrencyNowhere);
        }
        Ok(Claim { companies, by: By::Currency })
    }

    /// A rule that cannot be answered yet could name another company, so nothing is concluded.
    fn by_rules(&self, subject: &Subject<'_>) -> Result<Claim, Unkept> {
        let (mut holding, mut open): (Vec<&Rule>, Vec<(&Rule, Property)>) = Default::default();
        let (otherwise, conditional): (Vec<&Rule>, Vec<&Rule>) =
            self.rules.iter().partition(|rule| rule.conditions.is_empty());
        for rule in conditional {
            match rule.holds(subject) {
                Ok(true) => holding.push(rule),
                Ok(false) => {}
                Err(property) => open.push((rule, property)),
            }
        }
        let companies = companies_of(&holding);
        let others = |(rule, _): &&(&Rule, Property)| !companies.contains(&rule.ledger);
        if companies.len() < 2
            && let Some((_, property)) = open.iter().find(others)
        {
            return Err(Unkept::NotRead(property.clone()));
        }
        match holding.first() {
            Some(first) => Ok(Claim { companies, by: By::Rule(first.name.clone()) }),
            None if otherwise.is_empty() => Err(Unkept::NoRule),
            None => Ok(Claim { companies: companies_of(&otherwise), by: By::Otherwise }),
        }
    }
}

fn companies_of(rules: &[&Rule]) -> BTreeSet<LedgerId> {
    rules.iter().map(|rule| rule.ledger.clone()).collect()
}

/// Every deal of the organisation and the company that keeps it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assignments {
    companies: Vec<Company>,
    outcomes: BTreeMap<DealId, Outcome>,
}

impl Assignments {
    /// Assigns the deals. A deal that is not among them belongs to nobody.
    pub fn new(
        assigning: &Assigning<'_>,
        deals: &[Deal],
        accounts: &[Account],
        users: &[User],
    ) -> Self {
        let accounts: BTreeMap<&AccountId, &Account> =
            accounts.iter().map(|account| (&account.id, account)).collect();
        let users: BTreeMap<&UserId, &User> = users.iter().map(|user| (&user.id, user)).collect();
        let outcomes = deals.iter().map(|deal| {
            let account = deal.account.as_ref().and_then(|id| accounts.get(id).copied());
            let owner = deal.owner.as_ref().and_then(|id| users.get(id).copied());
            (deal.id.clone(), assigning.outcome(&Subject { deal, account, owner }))
        });
        Self { outcomes: outcomes.collect(), companies: assigning.companies.to_vec() }
    }

    /// A company that stands alone beside the CRM: it keeps the deals of its currencies.
    pub fn to_one(company: Company, deals: &[Deal]) -> Self {
        let (words, held) = (BTreeMap::new(), Held::new());
        let companies = [company];
        let assigning = Assigning { companies: &companies, rules: &[], words: &words, held: &held };
        Self::new(&assigning, deals, &[], &[])
    }

    /// The same, supposing that this company keeps these deals: to see what it has of them.
    #[must_use]
    pub fn supposing(mut self, ledger: &LedgerId, deals: &BTreeSet<DealId>) -> Self {
        for deal in deals {
            let outcome = Outcome::Kept { ledger: ledger.clone(), by: By::Held };
            self.outcomes.insert(deal.clone(), outcome);
        }
        self
    }

    pub fn of(&self, deal: &DealId) -> Option<&Outcome> {
        self.outcomes.get(deal)
    }

    /// Whether this company, and so no other, keeps the deal.
    pub fn keeps(&self, ledger: &LedgerId, deal: &DealId) -> bool {
        self.of(deal).and_then(Outcome::keeper) == Some(ledger)
    }

    /// Why no company keeps the deal.
    pub fn unkept(&self, deal: &DealId) -> Option<&Unkept> {
        match self.of(deal) {
            Some(Outcome::Unkept(why)) => Some(why),
            _ => None,
        }
    }

    pub fn companies(&self) -> &[Company] {
        &self.companies
    }

    /// The name of a company for sentences.
    pub fn name(&self, ledger: &LedgerId) -> String {
        let known = self.companies.iter().find(|company| company.ledger == *ledger);
        match known {
            Some(company) if company.ended => format!("`{}` (disconnected)", company.name),
            Some(company) => format!("`{}`", company.name),
            None => format!("`{ledger}`"),
        }
    }
}

#[cfg(test)]
mod tests;
