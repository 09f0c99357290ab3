//! Why no company keeps a deal, or which other one does, in plain English.

use super::{Assignments, Outcome, Unkept};
use crate::ids::{DealId, LedgerId};

/// What is the matter, and what to do about it.
pub type Words = (String, String);

impl Assignments {
    /// Why this company does not keep the deal. `None`: it does.
    pub fn outside(&self, ledger: &LedgerId, deal: &DealId) -> Option<Words> {
        match self.of(deal) {
            Some(Outcome::Kept { ledger: keeper, .. }) if keeper == ledger => None,
            Some(Outcome::Kept { ledger: keeper, .. }) => Some((
                format!("The deal belongs to {}, not to {}", self.name(keeper), self.name(ledger)),
                format!("Ask {} for its invoice, or assign the deal.", self.name(keeper)),
            )),
            Some(Outcome::Unkept(why)) => Some(self.words(why)),
            None => Some(self.words(&Unkept::NoRule)),
        }
    }

    /// Why no company keeps a deal, and what to do about it.
    pub fn words(&self, why: &Unkept) -> Words {
        let (what, remedy) = match why {
            Unkept::CurrencyNowhere => (
                "No connected company enables its currency".to_owned(),
                "Connect the company that keeps its books.".to_owned(),
            ),
            Unkept::NoRule => (
                "No rule gives it to a company".to_owned(),
                "Add a rule, or assign the deal.".to_owned(),
            ),
            Unkept::CurrencyNotEnabled(ledger) => (
                format!("It is given to {}, which does not enable its currency", self.name(ledger)),
                "Enable the currency there, change the rules, or assign the deal.".to_owned(),
            ),
            Unkept::NotRead(property) => (
                format!("A rule asks for `{property}`, which was not read of this deal"),
                "Sync; if it stays so, the field is not visible in Salesforce.".to_owned(),
            ),
            Unkept::Contested(several) => (
                format!("It could belong to {}", self.names(several)),
                "Add a rule that says which, or assign the deal.".to_owned(),
            ),
            Unkept::HeldElsewhere { holder, wanted } => (
                format!(
                    "{} has an invoice of it or a promise of one, and it is given to {} now",
                    self.name(holder),
                    self.names(wanted)
                ),
                "Assign the deal to the first, or void its invoice or withdraw its promise there."
                    .to_owned(),
            ),
            Unkept::HeldBySeveral(several) => (
                format!("Invoices of it, or promises of them, are in {}", self.names(several)),
                "Void or withdraw all but one.".to_owned(),
            ),
        };
        (what, remedy)
    }

    fn names<'a>(&self, ledgers: impl IntoIterator<Item = &'a LedgerId>) -> String {
        let names: Vec<String> = ledgers.into_iter().map(|ledger| self.name(ledger)).collect();
        names.join(" and ")
    }
}
