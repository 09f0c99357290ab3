//! One deal's row in every report (`finance-domain §8, §10`).

use jiff::civil::Date;

use super::{Exclusion, ReasonDecision};
use crate::effect::EffectState;
use crate::facts::LedgerDocumentKind;
use crate::figures::DealFigures;
use crate::gates::GateFinding;
use crate::ids::{AccountId, DealId, DocumentId};
use crate::matching::Tier;
use crate::money::Money;
use crate::reasons::ReasonProposal;
use crate::status::{BillingStatus, CashStatus};
use crate::verdict::Verdict;

/// A document that belongs to a deal by a confirmed link, as of the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkedDocument {
    pub document: DocumentId,
    pub kind: LedgerDocumentKind,
    pub number: Option<String>,
    pub effective_on: Date,
    pub due_on: Option<Date>,
    /// The deal's share of the net.
    pub net: Money,
    /// The deal's share, incl. tax; zero for a credit memo that takes billing back.
    pub open: Money,
    pub tier: Tier,
    /// Dated after the as-of day: it counts in no figure yet.
    pub after_as_of: bool,
    pub standing: Standing,
}

/// What a linked document is in the ledger now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Draft,
    Posted,
    /// It was a bill, and bills nothing any more.
    Void,
    /// The ledger has it no more.
    Deleted,
}

/// One deal's row in every report.
#[derive(Clone, Debug)]
pub struct DealRow {
    pub deal: DealId,
    pub reference: Option<String>,
    pub name: String,
    pub account: Option<AccountId>,
    pub account_name: String,
    pub close_date: Date,
    /// The day the stage changed to won, in the entity's zone.
    pub won_on: Option<Date>,
    /// In the population at the day (`§3 D5`). Others are here because they were billed: deals that
    /// are no longer won or were deleted, and deals that close later.
    pub won: bool,
    /// `None`: the contract amount is unknown.
    pub figures: Option<DealFigures>,
    pub billing: BillingStatus,
    pub cash: CashStatus,
    /// `None`: nothing is expected and nothing is billed, so there is nothing to compare.
    pub verdict: Option<Verdict>,
    /// In the deal's own sign; `None` for a deal that is not won.
    pub leakage: Option<Money>,
    pub documents: Vec<LinkedDocument>,
    /// Documents that may belong to it and wait for a person to say whether they do.
    pub suspected: Vec<DocumentId>,
    /// Failing gates of a deal without a posted document.
    pub gates: Vec<GateFinding>,
    /// Codes of the zero-tolerance list that this deal raises (`§8 V3`).
    pub zero_tolerance: Vec<&'static str>,
    /// Reasons that people gave; accepted ones explain.
    pub reasons: Vec<ReasonDecision>,
    /// Reasons that the facts suggest for a variance that nobody explained yet.
    pub proposed: Vec<ReasonProposal>,
    pub exclusion: Option<Exclusion>,
    /// Days since the close date.
    pub age_days: i64,
    pub disputed: bool,
    /// An outcome that nobody knows yet.
    pub outcome_unknown: bool,
    /// Where the promise of its customer stands, as long as the ledger has none.
    pub customer_promise: Option<EffectState>,
}

impl DealRow {
    /// Whether everything that billed it was voided, deleted or credited in full: only then may a
    /// person ask for a further document.
    pub fn is_taken_back(&self) -> bool {
        let ended = |it: &LinkedDocument| match it.standing {
            Standing::Draft => false,
            Standing::Posted => !it.after_as_of,
            Standing::Void | Standing::Deleted => true,
        };
        let nothing = self.figures.as_ref().is_none_or(|figures| figures.billed.is_zero());
        nothing && self.documents.iter().all(ended)
    }

    /// Whether a create run looks at it: nothing of it is posted, and what is due could be sent. A
    /// customer on its way is no reason to leave it: the run asks for the customer.
    pub fn is_billable(&self) -> bool {
        let ready = match self.billing {
            BillingStatus::Unbilled => true,
            BillingStatus::InFlight => self.customer_promise.is_some(),
            _ => false,
        };
        ready && self.documents.iter().all(|it| it.standing == Standing::Deleted)
    }

    /// Whether it belongs to "Unpaid Closed Won" (`§10`). Roundings of shares of documents that
    /// are settled as a whole are nothing open.
    pub fn is_unpaid(&self) -> bool {
        let Some(figures) = self.figures.filter(|_| self.won) else {
            return self.won && self.billing != BillingStatus::Excluded;
        };
        if matches!(self.cash, CashStatus::Overdue | CashStatus::PartPaid | CashStatus::Open) {
            return figures.is_unpaid(self.billing);
        }
        let nothing = Money::zero(figures.open.currency());
        DealFigures { open: nothing, ..figures }.is_unpaid(self.billing)
    }
}
