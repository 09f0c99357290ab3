//! The gates that a deal passes before anything is written for it (`finance-domain §6`).
//!
//! All failing gates are reported at once. The same check runs when a document is proposed and
//! again when it is sent.

mod check;
mod content;
mod dates;
mod finding;
mod lines;
mod proposal;
mod sentences;

pub use check::check;
pub use content::content_text;
pub use dates::{DateChoice, DateError, chosen_date, first_open_day};
pub use finding::{Gate, GateDetail, GateFinding, NamedLine, Sentence};
pub use proposal::{Proposal, ProposalError, ProposalLine, propose};

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::currency::Currency;
use crate::effect::{DocumentKind, EffectState};
use crate::facts::{Deal, DealLine, Product, ScheduleLine};
use crate::identity::{CustomerDecision, ItemIndex};
use crate::ids::{DealLineId, DocumentId, ProductId};

/// What the target ledger company accepts: settings of the connection and of the company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerRules {
    /// Name of the tool for sentences: `QuickBooks`.
    pub ledger_name: String,
    /// Name of the company in it.
    pub company: String,
    /// Currencies enabled in the company.
    pub currencies: Vec<Currency>,
    /// Last day of the closed books; a document dated on or before it is refused (`§3 D7`).
    pub closed_to: Option<Date>,
    /// Tax codes that a line may carry. Empty: the tool determines tax by itself.
    pub tax_codes: Vec<String>,
    /// What a line takes when the CRM names no code. `None`: send no code.
    pub default_tax_code: Option<String>,
}

/// What is known about the customer that the document is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GateCustomer {
    pub decision: CustomerDecision,
    /// The one currency of the customer, where the tool gives it one.
    pub currency: Option<Currency>,
    pub terms_days: Option<u32>,
}

/// When the gates are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Before a document is promised.
    Propose,
    /// Again, right before the promised document is sent: its own promise is no obstacle.
    Send,
}

/// Everything that the gates look at, for one intended document of one deal.
#[derive(Clone, Copy, Debug)]
pub struct GateInput<'a> {
    pub moment: Moment,
    pub kind: DocumentKind,
    pub deal: &'a Deal,
    /// Why this company does not keep the deal, in words. `None`: it keeps it.
    pub outside: Option<&'a crate::assignment::Words>,
    /// Deleted lines are left out by the gates.
    pub lines: &'a [DealLine],
    pub schedule: &'a [ScheduleLine],
    pub products: &'a BTreeMap<ProductId, Product>,
    pub items: &'a ItemIndex<'a>,
    /// `None`: the deal has no Account, or the Account has not been read.
    pub customer: Option<&'a GateCustomer>,
    pub rules: &'a LedgerRules,
    /// The tax code that the CRM's mapping names for a line; absent: the default of the ledger.
    pub tax_codes: &'a BTreeMap<DealLineId, String>,
    /// The date that the document would carry, in the calendar of the company.
    pub proposed_on: Date,
    /// Earlier documents of this deal bill the schedule up to this date, it included.
    pub billed_through: Option<Date>,
    /// Where the promise of a customer for the deal's Account stands, if one was made.
    pub customer_promise: Option<EffectState>,
    /// State of the effect of this very intent, if there is one.
    pub effect: Option<EffectState>,
    /// Documents of the deal that stand against another one, our own and others', drafts too.
    pub linked: &'a [DocumentId],
    /// Documents that may belong to the deal and wait for a person: suggested, ambiguous, conflict.
    pub suspected: &'a [DocumentId],
}

impl<'a> GateInput<'a> {
    /// The lines that count, in their order on the deal.
    pub(crate) fn live_lines(&self) -> Vec<&'a DealLine> {
        let mut lines: Vec<&DealLine> =
            self.lines.iter().filter(|line| !line.stamp.deleted).collect();
        lines.sort_by(|a, b| (a.position, &a.id).cmp(&(b.position, &b.id)));
        lines
    }

    /// The product of a line, if it is known.
    pub(crate) fn product(&self, line: &DealLine) -> Option<&'a Product> {
        line.product.as_ref().and_then(|product| self.products.get(product))
    }

    /// The tax code that a line takes.
    pub(crate) fn tax_code(&self, line: &DealLine) -> Option<&'a str> {
        let named = self.tax_codes.get(&line.id).map(String::as_str);
        named.or(self.rules.default_tax_code.as_deref())
    }
}

#[cfg(test)]
mod tests;
