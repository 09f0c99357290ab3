//! Deals from booking to cash.

use serde::Serialize;
use tieout_domain::books::positions::{DealRow, LinkedDocument};
use tieout_domain::facts::{LedgerDocumentKind, Stream};
use tieout_domain::gates::GateFinding;
use tieout_domain::reasons::ReasonProposal;
use ts_rs::TS;

use super::reading::ReadingView;
use super::{Amount, amount, date};

/// A document of a deal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct DealDocument {
    pub kind: &'static str,
    pub id: String,
    pub number: Option<String>,
    pub dated: String,
    pub due: Option<String>,
    /// The deal's share, net of tax.
    pub net: Amount,
    /// The deal's share, incl. tax.
    pub open: Amount,
    /// Matching tier: `M`, `0` to `5`.
    pub tier: &'static str,
    /// Dated after the as-of day: in no figure yet.
    pub after_as_of: bool,
}

/// A failing gate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct GateView {
    pub gate: &'static str,
    pub code: &'static str,
    pub subject: String,
    pub what: String,
    pub place: String,
    pub remedy: String,
}

impl From<&GateFinding> for GateView {
    fn from(finding: &GateFinding) -> Self {
        Self {
            gate: finding.gate.as_str(),
            code: finding.detail.code(),
            subject: finding.subject.clone(),
            what: finding.sentence.what.clone(),
            place: finding.sentence.place.clone(),
            remedy: finding.sentence.remedy.clone(),
        }
    }
}

/// A reason that a person gave, or that waits for one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ReasonView {
    pub code: String,
    pub amount: Amount,
    pub accepted: bool,
    pub owner: Option<String>,
    pub note: String,
    pub raised: String,
    pub target: Option<String>,
}

/// A reason that the facts suggest; a person accepts it or gives another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ProposedView {
    pub code: &'static str,
    /// In the sign of the variance.
    pub amount: Amount,
    /// What was seen.
    pub evidence: String,
}

impl From<&ReasonProposal> for ProposedView {
    fn from(proposal: &ReasonProposal) -> Self {
        Self {
            code: proposal.code.as_str(),
            amount: proposal.amount.into(),
            evidence: proposal.evidence.clone(),
        }
    }
}

/// One deal. Net: contract to variance, not_invoiced and the last three. Incl. tax: the rest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct DealView {
    pub opportunity: String,
    pub reference: Option<String>,
    pub name: String,
    pub account_id: Option<String>,
    pub account: String,
    pub closed: String,
    pub won_on: Option<String>,
    pub billing: &'static str,
    pub cash: &'static str,
    pub verdict: Option<&'static str>,
    pub contract: Option<Amount>,
    pub expected: Option<Amount>,
    pub invoiced: Option<Amount>,
    pub billed: Option<Amount>,
    pub variance: Option<Amount>,
    pub billed_incl_tax: Option<Amount>,
    pub collected: Option<Amount>,
    pub credits_applied: Option<Amount>,
    pub adjustments: Option<Amount>,
    pub open: Option<Amount>,
    pub not_invoiced: Option<Amount>,
    pub open_not_due: Option<Amount>,
    pub part_paid_remainder: Option<Amount>,
    pub overdue: Option<Amount>,
    pub open_net: Option<Amount>,
    pub settled_net: Option<Amount>,
    pub unpaid_net: Option<Amount>,
    pub leakage: Option<Amount>,
    pub age_days: i64,
    pub disputed: bool,
    pub outcome_unknown: bool,
    pub excluded: Option<String>,
    pub zero_tolerance: Vec<&'static str>,
    pub documents: Vec<DealDocument>,
    pub gates: Vec<GateView>,
    pub reasons: Vec<ReasonView>,
    /// Reasons that the facts suggest for a variance that nobody explained yet.
    pub proposed: Vec<ProposedView>,
}

/// Deals with their totals per currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct DealsView {
    pub ledger: String,
    pub as_of: String,
    pub known_at: String,
    pub reading: ReadingView,
    pub count: usize,
    pub deals: Vec<DealView>,
    pub totals: Vec<UnpaidTotals>,
}

/// The four columns of unpaid Closed Won, summed in one currency. The first and the last are net,
/// the others incl. tax; they are never added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct UnpaidTotals {
    pub currency: String,
    pub deals: usize,
    pub not_invoiced: Amount,
    pub open_not_due: Amount,
    pub part_paid_remainder: Amount,
    pub overdue: Amount,
    pub unpaid_net: Amount,
}

impl From<&DealRow> for DealView {
    fn from(row: &DealRow) -> Self {
        let figure = |of: fn(&tieout_domain::figures::DealFigures) -> tieout_domain::Money| {
            row.figures.as_ref().map(|figures| Amount::from(of(figures)))
        };
        Self {
            opportunity: row.deal.to_string(),
            reference: row.reference.clone(),
            name: row.name.clone(),
            account_id: row.account.as_ref().map(ToString::to_string),
            account: row.account_name.clone(),
            closed: date(row.close_date),
            won_on: row.won_on.map(date),
            billing: row.billing.as_str(),
            cash: row.cash.as_str(),
            verdict: row.verdict.map(|verdict| verdict.as_str()),
            contract: figure(|it| it.contract),
            expected: figure(|it| it.expected),
            invoiced: figure(|it| it.invoiced),
            billed: figure(|it| it.billed),
            variance: figure(|it| it.variance),
            billed_incl_tax: figure(|it| it.billed_incl_tax),
            collected: figure(|it| it.collected),
            credits_applied: figure(|it| it.credits_applied),
            adjustments: figure(|it| it.adjustments),
            open: figure(|it| it.open),
            not_invoiced: figure(|it| it.not_invoiced),
            open_not_due: figure(|it| it.open_not_due),
            part_paid_remainder: figure(|it| it.part_paid_remainder),
            overdue: figure(|it| it.overdue),
            open_net: figure(|it| it.open_net),
            settled_net: figure(|it| it.settled_net),
            unpaid_net: figure(|it| it.unpaid_net),
            leakage: amount(row.leakage),
            age_days: row.age_days,
            disputed: row.disputed,
            outcome_unknown: row.outcome_unknown,
            excluded: row.exclusion.as_ref().map(|exclusion| exclusion.reason.clone()),
            zero_tolerance: row.zero_tolerance.clone(),
            documents: row.documents.iter().map(DealDocument::from).collect(),
            gates: row.gates.iter().map(GateView::from).collect(),
            proposed: row.proposed.iter().map(ProposedView::from).collect(),
            reasons: row
                .reasons
                .iter()
                .map(|reason| ReasonView {
                    code: reason.code.clone(),
                    amount: reason.amount.into(),
                    accepted: reason.accepted,
                    owner: reason.owner.clone(),
                    note: reason.note.clone(),
                    raised: date(reason.raised),
                    target: reason.target.map(date),
                })
                .collect(),
        }
    }
}

impl From<&LinkedDocument> for DealDocument {
    fn from(document: &LinkedDocument) -> Self {
        Self {
            kind: kind_word(document.kind),
            id: document.document.to_string(),
            number: document.number.clone(),
            dated: date(document.effective_on),
            due: document.due_on.map(date),
            net: document.net.into(),
            open: document.open.into(),
            tier: document.tier.as_str(),
            after_as_of: document.after_as_of,
        }
    }
}

pub(crate) const fn kind_word(kind: LedgerDocumentKind) -> &'static str {
    match kind {
        LedgerDocumentKind::Invoice => "invoice",
        LedgerDocumentKind::CreditMemo => "credit_memo",
        LedgerDocumentKind::CashSale => "cash_sale",
    }
}

/// The feed that documents of a kind come by.
pub(crate) const fn stream_of(kind: LedgerDocumentKind) -> Stream {
    match kind {
        LedgerDocumentKind::Invoice => Stream::Invoices,
        LedgerDocumentKind::CreditMemo => Stream::CreditMemos,
        LedgerDocumentKind::CashSale => Stream::CashSales,
    }
}
