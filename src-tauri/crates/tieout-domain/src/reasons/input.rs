//! What reasons are derived from: the figures of one deal and the records behind them.

use jiff::civil::Date;

use crate::dates::Period;
use crate::effect::EffectState;
use crate::facts::{DealLine, Document};
use crate::gates::Gate;
use crate::ids::ItemId;
use crate::matching::{ConflictReason, LinkKind};
use crate::money::Money;
use crate::schedule::ScheduleItem;

/// A deal line with the item that its product is mapped to.
#[derive(Clone, Debug)]
pub struct ReasonLine<'a> {
    pub line: &'a DealLine,
    /// `None`: not mapped, and then lines are not compared.
    pub item: Option<ItemId>,
}

/// A posted document with a confirmed link to the deal.
#[derive(Clone, Debug)]
pub struct ReasonDocument<'a> {
    pub document: &'a Document,
    pub kind: LinkKind,
    /// Net share that belongs to the deal; positive.
    pub allocated: Money,
    /// From when the share counts.
    pub effective_on: Date,
    /// Credit memos: cash returned for it, incl. tax.
    pub refunded: Money,
}

/// A document that billed the deal until it was voided or deleted.
#[derive(Clone, Debug)]
pub struct EndedDocument<'a> {
    /// Its net is what it had, or zero where the ledger keeps nothing of it.
    pub document: &'a Document,
    /// The ledger has it no more; otherwise it is void.
    pub deleted: bool,
}

/// One deal as of a day, all amounts in its currency, net of tax unless said otherwise. The figures
/// have the deal's own sign.
#[derive(Clone, Debug)]
pub struct ReasonInput<'a> {
    pub as_of: Date,
    /// `A`, zero for a deal that is no longer won.
    pub contract: Money,
    /// `E`.
    pub expected: Money,
    /// `I`.
    pub invoiced: Money,
    /// `B`.
    pub billed: Money,
    /// `W`, incl. tax.
    pub written_off: Money,
    pub won: bool,
    pub close_date: Date,
    /// The period that the close date lies in.
    pub close_period: Period,
    /// The day on which the stage changed to won, in the entity's zone, where it is known.
    pub became_won_on: Option<Date>,
    /// Contract amount as it was when the first document was posted, where history tells it.
    pub contract_when_posted: Option<Money>,
    pub schedule: &'a [ScheduleItem],
    pub lines: &'a [ReasonLine<'a>],
    /// Also documents dated after `as_of`.
    pub documents: &'a [ReasonDocument<'a>],
    /// Of dates up to `as_of`.
    pub ended: &'a [EndedDocument<'a>],
    /// The latest effect that creates a document for the deal.
    pub effect: Option<EffectState>,
    /// Gates that fail now.
    pub failing: &'a [Gate],
    /// Conflicts of explicit evidence about the deal.
    pub conflicts: &'a [ConflictReason],
    /// Minor units of the document currency.
    pub rounding_limit_minor: u32,
}

impl<'a> ReasonInput<'a> {
    /// Billing documents in effect at the day.
    pub(super) fn bills(&self) -> impl Iterator<Item = &'a ReasonDocument<'a>> {
        let as_of = self.as_of;
        self.documents
            .iter()
            .filter(move |at| at.kind == LinkKind::Bills && at.effective_on <= as_of)
    }

    /// Billing documents dated after the day.
    pub(super) fn later_bills(&self) -> impl Iterator<Item = &'a ReasonDocument<'a>> {
        let as_of = self.as_of;
        self.documents
            .iter()
            .filter(move |at| at.kind == LinkKind::Bills && at.effective_on > as_of)
    }

    /// Credit memos in effect at the day.
    pub(super) fn credits(&self) -> impl Iterator<Item = &'a ReasonDocument<'a>> {
        let as_of = self.as_of;
        self.documents
            .iter()
            .filter(move |at| at.kind == LinkKind::Credits && at.effective_on <= as_of)
    }
}

/// How a sentence names a document: its number, else its id.
pub(super) fn name(document: &Document) -> &str {
    document.number.as_deref().unwrap_or(document.id.as_str())
}
