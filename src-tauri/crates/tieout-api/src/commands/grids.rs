//! Grids and the reconciliation, as documents.

use std::collections::BTreeMap;

use tieout_domain::aging::Bucket;
use tieout_domain::books::positions::DealRow;
use tieout_domain::books::reconciliation::Reconciliation;
use tieout_domain::facts::Stream;
use tieout_domain::figures::DealFigures;
use tieout_domain::tieouts::TieOutStatus;
use tieout_domain::verdict::Verdict;
use tieout_domain::{Currency, Money};
use tieout_engine::LedgerView;

use super::frame::{FrameOptions, view};
use crate::codes::Code;
use crate::export::{Lack, lacks};
use crate::failure::Failure;
use crate::views::deals::{DealView, DealsView, UnpaidTotals};
use crate::views::reading::{LackView, ReadingView};
use crate::views::receivables::{AgingRow, ReceivablesView, receivables_view};
use crate::views::reconciliation::{
    ReconciliationView, TieOutView, ToleratedView, VerdictView, bridge_view, roll_forward_view,
    unassigned_view,
};
use crate::views::{date, instant};
use crate::workspace::Workspace;

/// The reconciliation of one ledger.
pub fn reconcile(
    workspace: &Workspace,
    options: &FrameOptions,
) -> Result<ReconciliationView, Failure> {
    let view = view(workspace, options)?;
    let reconciliation = view.reconcile()?;
    reconciliation_view(workspace, &view, &reconciliation)
}

/// Whether everything was read that this view rests on.
pub(crate) fn reading(workspace: &Workspace, view: &LedgerView) -> Result<ReadingView, Failure> {
    let (lacks, read_at) = lacks(workspace, view)?;
    let gap = |lack: Lack| LackView { what: lack.what, remedy: lack.remedy };
    Ok(ReadingView {
        complete: lacks.is_empty(),
        read_at: read_at.map(instant),
        gaps: lacks.into_iter().map(gap).collect(),
    })
}

/// Receivables per Account.
pub fn receivables(
    workspace: &Workspace,
    options: &FrameOptions,
) -> Result<ReceivablesView, Failure> {
    let view = view(workspace, options)?;
    let reconciliation = view.reconcile()?;
    let ledger = workspace.engine.ledger(&view.connection)?.port.clone();
    let reading = reading(workspace, &view)?;
    receivables_view(&view, reading, &reconciliation.receivables, |id| {
        ledger.deep_link(Stream::Invoices, id)
    })
}

/// Closed Won deals: the unpaid ones, or all.
pub fn deals(
    workspace: &Workspace,
    options: &FrameOptions,
    all: bool,
) -> Result<DealsView, Failure> {
    let view = view(workspace, options)?;
    let reconciliation = view.reconcile()?;
    let rows: Vec<&DealRow> =
        reconciliation.rows.iter().filter(|row| all || row.is_unpaid()).collect();
    Ok(DealsView {
        ledger: view.connection.to_string(),
        as_of: date(view.frame.as_of),
        known_at: instant(view.at),
        reading: reading(workspace, &view)?,
        count: rows.len(),
        totals: unpaid_totals(&reconciliation)?,
        deals: rows.into_iter().map(DealView::from).collect(),
    })
}

/// The reconciliation as a document.
pub(crate) fn reconciliation_view(
    workspace: &Workspace,
    view: &LedgerView,
    reconciliation: &Reconciliation,
) -> Result<ReconciliationView, Failure> {
    let frame = &view.frame;
    let totals = reconciliation.receivables.totals()?;
    let verdicts = reconciliation.by_verdict(frame)?;
    let excluded = reconciliation.rows.iter().filter(|row| row.exclusion.is_some());
    let reading = reading(workspace, view)?;
    Ok(ReconciliationView {
        ledger: view.connection.to_string(),
        company: view.company.clone(),
        sandbox: view.sandbox,
        period_from: date(frame.period.start()),
        period_to: date(frame.period.end()),
        as_of: date(frame.as_of),
        known_at: instant(view.at),
        run: view.run.as_ref().map(ToString::to_string),
        ties_out: reconciliation.ties_out(),
        conclusion: conclusion(view, reconciliation, reading.complete)?,
        reading,
        tie_outs: reconciliation.proofs.lines.iter().map(TieOutView::from).collect(),
        roll_forward: roll_forward_view(&reconciliation.proofs),
        bridge: bridge_view(&reconciliation.proofs),
        verdicts: verdicts
            .iter()
            .map(|count| VerdictView {
                verdict: count.verdict.as_str(),
                deals: count.deals,
                net: count.net.into(),
                absolute: count.absolute.into(),
            })
            .collect(),
        tolerated: ToleratedView {
            count: reconciliation.tolerated.count,
            net: reconciliation.tolerated.net_sum.into(),
            absolute: reconciliation.tolerated.absolute_sum.into(),
            alert: reconciliation.tolerated.alert,
        },
        flagged: reconciliation.flagged(frame)?.into_iter().map(DealView::from).collect(),
        unpaid: unpaid_totals(reconciliation)?,
        receivables: totals
            .iter()
            .map(|(_, aging, total)| AgingRow {
                not_due: aging.bucket(Bucket::Current).into(),
                days_1_30: aging.bucket(Bucket::From1To30).into(),
                days_31_60: aging.bucket(Bucket::From31To60).into(),
                days_61_90: aging.bucket(Bucket::From61To90).into(),
                days_over_90: aging.bucket(Bucket::Over90).into(),
                unapplied: aging.unapplied().into(),
                receivable: (*total).into(),
            })
            .collect(),
        unassigned: reconciliation
            .unassigned
            .iter()
            .map(|row| unassigned_view(&view.books.assignments, row))
            .collect(),
        excluded: excluded.map(DealView::from).collect(),
        orphans: reconciliation.matches.orphans.iter().map(|it| it.id.to_string()).collect(),
    })
}

/// One sentence: what was compared, what is left, and whether the totals are proved.
fn conclusion(
    view: &LedgerView,
    reconciliation: &Reconciliation,
    complete: bool,
) -> Result<String, Failure> {
    let verdicts = reconciliation.by_verdict(&view.frame)?;
    let of = |verdict: Verdict| {
        verdicts.iter().find(|it| it.verdict == verdict).map_or(0, |it| it.deals)
    };
    let compared: u64 = verdicts.iter().map(|it| it.deals).sum();
    let open = of(Verdict::Unexplained) + of(Verdict::Uncertain);
    let failed = reconciliation
        .proofs
        .lines
        .iter()
        .filter(|line| matches!(line.status, TieOutStatus::Failed | TieOutStatus::Unproved));
    let proof = match failed.count() {
        0 if !complete => "the tie-outs hold for what was read, which is incomplete".to_owned(),
        0 => "all tie-outs hold".to_owned(),
        1 => "one tie-out line does not hold".to_owned(),
        several => format!("{several} tie-out lines do not hold"),
    };
    Ok(format!(
        "Of {} compared at {}, {}, {}, {}; {proof}.",
        counted(compared, "deal", "deals"),
        view.frame.as_of,
        counted(of(Verdict::Matched) + of(Verdict::MatchedInTolerance), "agrees", "agree"),
        counted(of(Verdict::Explained), "is explained", "are explained"),
        counted(open, "needs a person", "need a person"),
    ))
}

pub(super) fn counted(count: u64, one: &str, several: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}

/// The columns of unpaid Closed Won per currency.
fn unpaid_totals(reconciliation: &Reconciliation) -> Result<Vec<UnpaidTotals>, Failure> {
    let mut by_currency: BTreeMap<Currency, Vec<&DealFigures>> = BTreeMap::new();
    for row in reconciliation.unpaid() {
        if let Some(figures) = &row.figures {
            by_currency.entry(figures.contract.currency()).or_default().push(figures);
        }
    }
    let sum = |currency, rows: &[&DealFigures], of: fn(&DealFigures) -> Money| {
        Money::sum(currency, rows.iter().map(|figures| of(figures)))
            .map_err(|error| Failure::caused(Code::DoesNotFoot, "unpaid Closed Won", error))
    };
    by_currency
        .iter()
        .map(|(currency, rows)| {
            Ok(UnpaidTotals {
                currency: currency.code().into(),
                deals: rows.len(),
                not_invoiced: sum(*currency, rows, |it| it.not_invoiced)?.into(),
                open_not_due: sum(*currency, rows, |it| it.open_not_due)?.into(),
                part_paid_remainder: sum(*currency, rows, |it| it.part_paid_remainder)?.into(),
                overdue: sum(*currency, rows, |it| it.overdue)?.into(),
                unpaid_net: sum(*currency, rows, |it| it.unpaid_net)?.into(),
            })
        })
        .collect()
}
