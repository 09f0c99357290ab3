//! Won, due and never invoiced.

use tieout_domain::books::leaks::leaks;
use tieout_domain::books::positions::DealRow;
use tieout_domain::status::BillingStatus;

use super::frame::{FrameOptions, view};
use crate::failure::Failure;
use crate::views::deals::GateView;
use crate::views::leakage::{LeakView, LeakageView};
use crate::views::{Amount, amount, date, instant};
use crate::workspace::Workspace;

/// What was due for more than the grace days and not invoiced; with `part` also what is left of
/// deals that were invoiced in part.
pub fn leakage(
    workspace: &Workspace,
    options: &FrameOptions,
    part: bool,
) -> Result<LeakageView, Failure> {
    let view = view(workspace, options)?;
    let reconciliation = view.reconcile()?;
    let found = leaks(&reconciliation.rows, part, view.frame.grace_days)?;
    let deals: Vec<LeakView> =
        found.rows.iter().chain(&found.without_amount).map(|row| leak_view(row)).collect();
    Ok(LeakageView {
        ledger: view.connection.to_string(),
        as_of: date(view.frame.as_of),
        known_at: instant(view.at),
        grace_days: view.frame.grace_days,
        count: deals.len(),
        totals: found.totals.into_iter().map(Amount::from).collect(),
        deals,
    })
}

fn leak_view(row: &DealRow) -> LeakView {
    LeakView {
        opportunity: row.deal.to_string(),
        reference: row.reference.clone(),
        name: row.name.clone(),
        account_id: row.account.as_ref().map(ToString::to_string),
        account: row.account_name.clone(),
        closed: date(row.close_date),
        age_days: row.age_days,
        leakage: amount(row.leakage),
        invoiced: amount(row.figures.as_ref().map(|figures| figures.invoiced)),
        billing: row.billing.as_str(),
        reason: reason(row).into(),
        gates: row.gates.iter().map(GateView::from).collect(),
    }
}

fn reason(row: &DealRow) -> &'static str {
    match (row.gates.first(), row.billing) {
        (_, BillingStatus::InFlight) => BillingStatus::InFlight.as_str(),
        (Some(gate), _) => gate.detail.code(),
        (None, BillingStatus::Unbilled) => "READY",
        (None, other) => other.as_str(),
    }
}
