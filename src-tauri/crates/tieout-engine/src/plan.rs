//! What a create run would do with each deal: gates asked, documents that stand against it found.

use tieout_connect::key::transaction_key;
use tieout_domain::books::gating::{GateKeeper, Intention};
use tieout_domain::books::population::Unassigned;
use tieout_domain::books::positions::DealRow;
use tieout_domain::books::reconciliation::Reconciliation;
use tieout_domain::effect::{DocumentKind, EffectState, Intent};
use tieout_domain::facts::Deal;
use tieout_domain::gates::{
    Gate, GateDetail, GateFinding, Moment, Proposal, ProposalError, Sentence,
};
use tieout_domain::ids::{DealId, DocumentId};
use tieout_domain::matching::{LinkState, MatchOutcome};
use tieout_store::Effect;

use crate::create::{CreateRequest, Outcome, Planned};
use crate::effects::hash_of;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::payload;
use crate::view::LedgerView;

/// The first document of its kind for a deal. A further one is a person's wish.
const SEQUENCE: u32 = 1;

/// Documents that stand against a new one: the deal's own, and those that may be.
pub(crate) struct Documents {
    pub linked: Vec<DocumentId>,
    pub suspected: Vec<DocumentId>,
}

/// What a deal of the request needs until it is promised.
pub(crate) struct Plan {
    pub planned: Planned,
    pub documents: Documents,
    pub proposal: Option<Proposal>,
}

impl Engine {
    pub(crate) fn plan(
        &self,
        view: &LedgerView,
        request: &CreateRequest,
    ) -> Result<Vec<Plan>, EngineError> {
        let reconciliation = view.reconcile()?;
        let mut plans: Vec<Plan> = Vec::new();
        if request.deals.is_empty() {
            for row in reconciliation.billable().chain(reconciliation.blocked()) {
                let documents = documents_of(&reconciliation, row);
                plans.push(self.plan_one(view, &row.deal, documents, &[])?);
            }
            return Ok(plans);
        }
        for deal in &request.deals {
            if plans.iter().any(|plan| plan.planned.deal == *deal) {
                continue;
            }
            let row = reconciliation.rows.iter().find(|row| row.deal == *deal);
            plans.push(match row {
                Some(row) => {
                    let documents = documents_of(&reconciliation, row);
                    self.plan_one(view, deal, documents, &request.deals)?
                }
                None => self.plan_outside(view, &reconciliation.unassigned, deal)?,
            });
        }
        Ok(plans)
    }

    fn plan_one(
        &self,
        view: &LedgerView,
        deal: &DealId,
        documents: Documents,
        named: &[DealId],
    ) -> Result<Plan, EngineError> {
        let withdrawn = self
            .effect_of(view, deal)?
            .filter(|effect| effect.state == EffectState::Cancelled && !named.contains(deal));
        let (outcome, proposal) = match withdrawn {
            Some(effect) => (Outcome::Driven(effect.state), None),
            None => match self.propose(view, deal, &documents, named)? {
                Ok(proposal) => (Outcome::Ready, Some(proposal)),
                Err(findings) => (Outcome::Blocked(findings), None),
            },
        };
        let planned = Planned {
            deal: deal.clone(),
            key: self.intent(view, deal).map(|intent| transaction_key(&intent).to_string()),
            net: proposal.as_ref().map(|proposal| proposal.net),
            outcome,
        };
        Ok(Plan { planned, documents, proposal })
    }

    /// A named deal that the ledger's population does not hold: its gates say why, if they do.
    fn plan_outside(
        &self,
        view: &LedgerView,
        unassigned: &[Unassigned],
        deal: &DealId,
    ) -> Result<Plan, EngineError> {
        if unassigned.iter().any(|row| row.deals.contains(deal)) {
            return Err(EngineError::Unassigned(deal.to_string()));
        }
        let documents = Documents { linked: Vec::new(), suspected: Vec::new() };
        let plan = self.plan_one(view, deal, documents, std::slice::from_ref(deal))?;
        match plan.proposal {
            None => Ok(plan),
            Some(_) => {
                let outcome = Outcome::Blocked(vec![not_due(view, deal)]);
                let planned = Planned { outcome, net: None, ..plan.planned };
                Ok(Plan { planned, proposal: None, ..plan })
            }
        }
    }

    /// Asks the gates. For a deal that a person named, a refused or withdrawn promise is no
    /// obstacle; where a document with its content may exist, only that content may follow.
    pub(crate) fn propose(
        &self,
        view: &LedgerView,
        deal: &DealId,
        documents: &Documents,
        named: &[DealId],
    ) -> Result<Result<Proposal, Vec<GateFinding>>, EngineError> {
        let effect = self.effect_of(view, deal)?;
        let again = effect.as_ref().filter(|effect| {
            let ended = matches!(effect.state, EffectState::Rejected | EffectState::Cancelled);
            ended && named.contains(deal)
        });
        let frozen = again.filter(|effect| effect.first_sent_at.is_some());
        let dated = frozen.and_then(|effect| payload::from_text(&effect.payload));
        let ask = |state: Option<EffectState>| {
            let deal = find_deal(view, deal)?;
            let gatekeeper = GateKeeper::new(&view.books, &view.frame);
            let proposed = gatekeeper.propose(&Intention {
                deal,
                sequence: SEQUENCE,
                moment: Moment::Propose,
                proposed_on: dated.as_ref().map_or(view.frame.today, |it| it.effective_on),
                billed_through: None,
                effect: state,
                linked: &documents.linked,
                suspected: &documents.suspected,
            });
            match proposed {
                Ok(proposal) => Ok(Ok(proposal)),
                Err(ProposalError::Gates(findings)) => Ok(Err(findings)),
                Err(error) => Err(EngineError::Rule(error.to_string())),
            }
        };
        let state = effect.as_ref().map(|effect| effect.state);
        let proposed = ask(if again.is_some() { None } else { state })?;
        match (&proposed, frozen) {
            (Ok(proposal), Some(effect)) if hash_of(proposal) != effect.content_hash => {
                ask(Some(EffectState::Rejected))
            }
            _ => Ok(proposed),
        }
    }

    pub(crate) fn intent(&self, view: &LedgerView, deal: &DealId) -> Option<Intent> {
        let crm = self.crm.as_ref()?;
        Some(Intent {
            org: crm.port.org().clone(),
            ledger: view.books.ledger.clone(),
            deal: deal.clone(),
            kind: DocumentKind::Invoice,
            sequence: SEQUENCE,
        })
    }

    fn effect_of(&self, view: &LedgerView, deal: &DealId) -> Result<Option<Effect>, EngineError> {
        match self.intent(view, deal) {
            Some(intent) => Ok(self.store.effect(transaction_key(&intent).as_str())?),
            None => Ok(None),
        }
    }
}

/// A deal that passes every gate and closes after today.
fn not_due(view: &LedgerView, deal: &DealId) -> GateFinding {
    let on = view.frame.today;
    GateFinding {
        gate: Gate::Amount,
        subject: deal.to_string(),
        sentence: Sentence {
            what: format!("Nothing of this deal is due by {on}"),
            place: format!("Opportunity {deal}"),
            remedy: "Wait for its close date, or correct the date in the CRM".into(),
        },
        detail: GateDetail::NothingDue { on },
    }
}

pub(crate) fn find_deal<'a>(view: &'a LedgerView, id: &DealId) -> Result<&'a Deal, EngineError> {
    view.books
        .deals
        .iter()
        .find(|deal| deal.id == *id)
        .ok_or_else(|| EngineError::NoSuchDeal(id.to_string()))
}

/// Documents linked to a deal, and those that wait for a person to say whether they are.
pub(crate) fn documents_of(reconciliation: &Reconciliation, row: &DealRow) -> Documents {
    let linked = row.documents.iter().map(|document| document.document.clone()).collect();
    let matches = &reconciliation.matches;
    let suggested = matches
        .links
        .iter()
        .filter(|link| link.deal == row.deal && link.state == LinkState::Suggested)
        .map(|link| link.document.id.clone());
    let undecided = matches.outcomes.iter().flat_map(|outcome| match outcome {
        MatchOutcome::Ambiguous { deals, documents, .. } if deals.contains(&row.deal) => {
            documents.iter().map(|document| document.id.clone()).collect()
        }
        MatchOutcome::Conflict { deal, document, .. } if *deal == row.deal => {
            vec![document.id.clone()]
        }
        MatchOutcome::Uncertain { deal: Some(deal), document } if *deal == row.deal => {
            vec![document.id.clone()]
        }
        _ => Vec::new(),
    });
    let mut suspected: Vec<DocumentId> = suggested.chain(undecided).collect();
    suspected.sort();
    suspected.dedup();
    Documents { linked, suspected }
}
