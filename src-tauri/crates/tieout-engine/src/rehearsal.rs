//! A rehearsal of creating, before the first write: nothing is promised and nothing is sent.

use std::collections::BTreeMap;

use tieout_domain::books::rehearsal::{Ahead, Rehearsal, rehearse};
use tieout_domain::dates::Period;
use tieout_domain::gates::{GateDetail, GateFinding};
use tieout_domain::ids::DealId;

use crate::create::{CreateRequest, Outcome};
use crate::engine::Engine;
use crate::error::EngineError;
use crate::plan::Plan;
use crate::view::LedgerView;

impl Engine {
    /// What would become of the deals won in the period, as a create run of now decides.
    /// `NothingToReport`: a feed was never read to its end, so nobody can know.
    pub fn rehearse(&self, view: &LedgerView, period: Period) -> Result<Rehearsal, EngineError> {
        if !self.is_read(&view.connection)? {
            return Err(EngineError::NothingToReport);
        }
        let everything = CreateRequest {
            ledger: view.connection.clone(),
            deals: Vec::new(),
            further: false,
            dry_run: true,
            limit: 0,
            approved_by: String::new(),
        };
        let plans = self.plan(view, &everything)?;
        let ahead: BTreeMap<DealId, Ahead> = plans.into_iter().map(ahead).collect();
        let reconciliation = view.reconcile()?;
        let picture = (reconciliation.rows.as_slice(), &reconciliation.matches);
        Ok(rehearse(&view.books, &view.frame, picture, &ahead, period)?)
    }
}

fn ahead(plan: Plan) -> (DealId, Ahead) {
    let Plan { planned, proposal, .. } = plan;
    let ahead = match (planned.outcome, proposal) {
        (Outcome::Blocked(findings), _) => on_its_way(findings),
        (Outcome::Driven(state), _) => Ahead::Promised(state),
        (Outcome::Ready, Some(proposal)) => Ahead::Create(proposal.net),
        (Outcome::Ready | Outcome::Found(_), None) | (Outcome::Found(_), Some(_)) => {
            Ahead::Blocked(Vec::new())
        }
    };
    (planned.deal, ahead)
}

/// A promise that has no outcome yet stands against another one like a gate.
fn on_its_way(findings: Vec<GateFinding>) -> Ahead {
    let sent = findings.iter().find_map(|finding| match finding.detail {
        GateDetail::EffectInFlight { state } => Some(state),
        _ => None,
    });
    sent.map_or(Ahead::Blocked(findings), Ahead::Promised)
}
