//! The reconciliation in one document: tie-outs, results, what is left over.

use serde::Serialize;
use tieout_domain::assignment::Assignments;
use tieout_domain::books::population::{Unassigned, UnassignedReason};
use tieout_domain::books::proof::{Proofs, SourceTotal};
use tieout_domain::tieouts::TieOutLine;
use ts_rs::TS;

use super::deals::{DealView, UnpaidTotals};
use super::reading::ReadingView;
use super::receivables::AgingRow;
use super::{Amount, amount};

/// One line of a tie-out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct TieOutView {
    /// `T1` to `T5`.
    pub tie_out: &'static str,
    pub name: String,
    pub source_count: Option<u64>,
    pub source: Option<Amount>,
    pub held_count: Option<u64>,
    pub held: Amount,
    /// Source less held.
    pub difference: Option<Amount>,
    /// `AGREED`, `EXPLAINED`, `FAILED`, `UNPROVED`.
    pub status: &'static str,
    pub explained_by: Vec<ExplainedView>,
}

/// A listed part of a difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ExplainedView {
    pub reference: String,
    pub amount: Amount,
}

impl From<&TieOutLine> for TieOutView {
    fn from(line: &TieOutLine) -> Self {
        Self {
            tie_out: line.tie_out.as_str(),
            name: line.name.clone(),
            source_count: line.source.and_then(|total| total.count),
            source: amount(line.source.map(|total| total.amount)),
            held_count: line.held.count,
            held: line.held.amount.into(),
            difference: amount(line.difference),
            status: line.status.as_str(),
            explained_by: line
                .explained_by
                .iter()
                .map(|item| ExplainedView {
                    reference: item.reference.clone(),
                    amount: item.amount.into(),
                })
                .collect(),
        }
    }
}

/// Deals per verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct VerdictView {
    pub verdict: &'static str,
    pub deals: u64,
    pub net: Amount,
    pub absolute: Amount,
}

/// T4 line by line, each with the sign it has in the sum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct RollForwardView {
    pub opening: Amount,
    pub invoices: Amount,
    pub credits: Amount,
    pub cash: Amount,
    pub write_offs: Amount,
    pub refunds: Amount,
    pub closing: Option<Amount>,
}

/// T5 line by line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct BridgeView {
    pub opening: Amount,
    pub new_won: Amount,
    pub increases: Amount,
    pub billed: Amount,
    pub reductions: Amount,
    pub scope: Amount,
    pub closing: Option<Amount>,
}

/// Won deals that no company keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct UnassignedView {
    pub currency: String,
    pub deals: u64,
    pub sum: Amount,
    pub without_amount: u64,
    pub reasons: Vec<UnassignedReasonView>,
}

/// The same deals by why no company keeps them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct UnassignedReasonView {
    /// `CURRENCY_NOWHERE`, `NO_RULE`, `CURRENCY_NOT_ENABLED`, `NOT_READ`, `CONTESTED`,
    /// `HELD_ELSEWHERE` or `HELD_BY_SEVERAL`.
    pub code: &'static str,
    /// Ledger ids of the companies that it is about.
    pub companies: Vec<String>,
    pub deals: u64,
    pub sum: Amount,
    pub without_amount: u64,
    pub what: String,
    pub remedy: String,
    pub opportunities: Vec<String>,
}

/// Deals of one currency that no company keeps, with the reasons in words.
pub fn unassigned_view(assignments: &Assignments, row: &Unassigned) -> UnassignedView {
    let reason = |it: &UnassignedReason| {
        let (what, remedy) = assignments.words(&it.why);
        UnassignedReasonView {
            code: it.why.as_str(),
            companies: it.why.companies().into_iter().map(ToString::to_string).collect(),
            deals: it.deals.count,
            sum: it.deals.sum.into(),
            without_amount: it.deals.without_amount,
            what,
            remedy,
            opportunities: it.deals.deals.iter().map(ToString::to_string).collect(),
        }
    };
    UnassignedView {
        currency: row.currency.code().into(),
        deals: row.count,
        sum: row.sum.into(),
        without_amount: row.without_amount,
        reasons: row.reasons.iter().map(reason).collect(),
    }
}

/// A count and sum that the source computed, beside what is held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct CompletenessView {
    pub connection: String,
    pub measure: String,
    pub currency: String,
    pub from: String,
    pub to: String,
    pub source_count: u64,
    pub source_sum: Option<Amount>,
    pub held_count: u64,
    pub held_sum: Amount,
    pub agrees: bool,
    pub source: String,
    pub proof: String,
}

/// A total that a source gave, as evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct SourceView {
    pub measure: &'static str,
    pub currency: String,
    pub count: u64,
    pub sum: Option<Amount>,
    pub source: String,
}

impl From<&SourceTotal> for SourceView {
    fn from(total: &SourceTotal) -> Self {
        Self {
            measure: total.measure.as_str(),
            currency: total.currency.code().into(),
            count: total.count,
            sum: amount(total.sum),
            source: total.source.clone(),
        }
    }
}

/// Variances that no limit flagged, together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ToleratedView {
    pub count: u64,
    pub net: Amount,
    pub absolute: Amount,
    /// The absolute sum is above the period materiality.
    pub alert: bool,
}

/// One ledger company, reconciled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ReconciliationView {
    pub ledger: String,
    pub company: String,
    pub sandbox: bool,
    pub period_from: String,
    pub period_to: String,
    pub as_of: String,
    pub known_at: String,
    pub run: Option<String>,
    /// Every tie-out agrees or is explained.
    pub ties_out: bool,
    pub reading: ReadingView,
    /// One sentence: totals, difference, verdict.
    pub conclusion: String,
    pub tie_outs: Vec<TieOutView>,
    pub roll_forward: RollForwardView,
    pub bridge: BridgeView,
    pub verdicts: Vec<VerdictView>,
    pub tolerated: ToleratedView,
    /// Deals beyond the limits, of zero tolerance, or uncertain.
    pub flagged: Vec<DealView>,
    pub unpaid: Vec<UnpaidTotals>,
    pub receivables: Vec<AgingRow>,
    pub unassigned: Vec<UnassignedView>,
    pub excluded: Vec<DealView>,
    pub orphans: Vec<String>,
}

/// T4 with the sign of each line in the sum.
pub fn roll_forward_view(proofs: &Proofs) -> RollForwardView {
    let of = &proofs.roll_forward;
    let less = |money: tieout_domain::Money| Amount::from(money.negated().unwrap_or(money));
    RollForwardView {
        opening: of.opening.into(),
        invoices: of.invoices.into(),
        credits: less(of.credits),
        cash: less(of.cash),
        write_offs: less(of.write_offs),
        refunds: of.refunds.into(),
        closing: amount(of.closing().ok()),
    }
}

/// T5 with the sign of each line in the sum.
pub fn bridge_view(proofs: &Proofs) -> BridgeView {
    let of = &proofs.bridge;
    let less = |money: tieout_domain::Money| Amount::from(money.negated().unwrap_or(money));
    BridgeView {
        opening: of.opening.into(),
        new_won: of.new_won.into(),
        increases: of.increases.into(),
        billed: less(of.billed),
        reductions: less(of.reductions),
        scope: of.scope_in.checked_sub(of.scope_out).unwrap_or(of.scope_in).into(),
        closing: amount(of.closing().ok()),
    }
}
