//! What creating would do, before anything is written.

use serde::Serialize;
use tieout_domain::books::rehearsal::{DealSum, Fate, Rehearsal, Rehearsed};
use ts_rs::TS;

use super::deals::GateView;
use super::{Amount, amount, date};

/// Deals of one currency together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct SumView {
    pub currency: String,
    pub deals: u64,
    /// Contract amounts before tax, of deals with an amount.
    pub sum: Amount,
    pub without_amount: u64,
}

impl From<&DealSum> for SumView {
    fn from(of: &DealSum) -> Self {
        Self {
            currency: of.currency.code().into(),
            deals: of.deals,
            sum: of.sum.into(),
            without_amount: of.without_amount,
        }
    }
}

/// Deals with one fate: `create`, `blocked`, `ambiguous`, `matched`, `promised`, `not_due`,
/// `excluded`, `unassigned`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct FateView {
    pub fate: &'static str,
    pub sums: Vec<SumView>,
}

/// Matched deals by their strongest link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct TierView {
    pub tier: &'static str,
    pub sums: Vec<SumView>,
}

/// Deals at one gate. A deal counts at each gate that stops it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct GateCount {
    pub code: &'static str,
    pub deals: u64,
}

/// Documents by the rule that linked them (`matched`), or by what keeps them from it (`ambiguous`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct EvidenceView {
    pub fate: &'static str,
    pub tier: &'static str,
    pub rule: &'static str,
    pub documents: u64,
}

/// One won deal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct RehearsedView {
    pub opportunity: String,
    pub reference: Option<String>,
    pub name: String,
    pub account_id: Option<String>,
    pub closed: String,
    pub contract: Option<Amount>,
    pub fate: &'static str,
    /// Net of the document that would be created: what is due of the contract.
    pub to_create: Option<Amount>,
    pub tier: Option<&'static str>,
    /// Linked documents; of an ambiguous deal those that may be its own.
    pub documents: Vec<String>,
    pub gates: Vec<GateView>,
}

/// The rehearsal of one ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct RehearsalView {
    pub ledger: String,
    pub company: String,
    /// Whether Tieout may write there.
    pub writing: bool,
    pub from: String,
    pub to: String,
    pub as_of: String,
    /// Won in the time. The fates add up to it, in every currency.
    pub won: Vec<SumView>,
    pub fates: Vec<FateView>,
    /// Documents that would be created, with their net.
    pub to_create: Vec<SumView>,
    pub matched_by: Vec<TierView>,
    pub evidence: Vec<EvidenceView>,
    pub gates: Vec<GateCount>,
    pub deals: Vec<RehearsedView>,
}

pub(crate) fn fate_views(rehearsal: &Rehearsal) -> Vec<FateView> {
    let fates = Fate::ALL.into_iter().filter_map(|fate| {
        let sums = rehearsal.fates.get(&fate)?;
        Some(FateView { fate: fate.as_str(), sums: sum_views(sums) })
    });
    fates.collect()
}

pub(crate) fn sum_views(sums: &[DealSum]) -> Vec<SumView> {
    sums.iter().map(SumView::from).collect()
}

impl From<&Rehearsed> for RehearsedView {
    fn from(of: &Rehearsed) -> Self {
        Self {
            opportunity: of.deal.to_string(),
            reference: of.reference.clone(),
            name: of.name.clone(),
            account_id: of.account.as_ref().map(ToString::to_string),
            closed: date(of.close_date),
            contract: amount(of.contract),
            fate: of.fate.as_str(),
            to_create: amount(of.to_create),
            tier: of.tier.map(|tier| tier.as_str()),
            documents: of.documents.iter().map(ToString::to_string).collect(),
            gates: of.gates.iter().map(GateView::from).collect(),
        }
    }
}
