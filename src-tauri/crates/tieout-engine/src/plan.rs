//! What a create run would do with each deal: gates asked, documents that stand against it found.

use std::collections::BTreeSet;

use tieout_connect::key::transaction_key;
use tieout_domain::assignment::Words;
use tieout_domain::books::gating::{GateKeeper, Intention};
use tieout_domain::books::positions::{DealRow, Standing};
use tieout_domain::books::reconciliation::Reconciliation;
use tieout_domain::effect::{DocumentKind, EffectState, Intent};
use tieout_domain::facts::Deal;
use tieout_domain::gates::{
    Gate, GateDetail, GateFinding, Moment, Proposal, ProposalError, Sentence,
};
use tieout_domain::ids::{DealId, DocumentId};
use tieout_store::{Effect, EffectFilter, EffectKind};

use crate::create::{CreateRequest, Outcome, Planned};
use crate::effects::{carrying, hash_of};
use crate::engine::Engine;
use crate::error::EngineError;
use crate::payload;
use crate::view::LedgerView;

/// The first document of its kind for a deal. A further one is a person's wish.
const FIRST: u32 = 1;

/// The document that is asked for, and those that stand against it: the deal's own, and those that
/// may be.
#[derive(Clone)]
pub(crate) struct Wanted {
    pub sequence: u32,
    pub linked: Vec<DocumentId>,
    pub suspected: Vec<DocumentId>,
}

/// What a deal of the request needs until it is promised.
pub(crate) struct Plan {
    pub planned: Planned,
    pub wanted: Wanted,
    pub proposal: Option<Proposal>,
}

impl Plan {
    /// Nothing is proposed where the ledger has a document with the key: it is what would be
    /// adopted, with the amount that it has.
    pub(crate) fn find(&mut self, view: &LedgerView) {
        let key = self.planned.key.as_deref().filter(|_| self.proposal.is_some());
        if let Some(document) = key.and_then(|key| carrying(view, key)) {
            self.planned.net = Some(document.net);
            self.planned.outcome = Outcome::Found(document.id.clone());
            self.proposal = None;
        }
    }
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
                let wanted = self.document_wanted(view, row, request)?;
                plans.push(self.plan_one(view, &row.deal, wanted, &[])?);
            }
            self.hold_back_what_others_bill(view, &mut plans)?;
            return Ok(plans);
        }
        for deal in &request.deals {
            if plans.iter().any(|plan| plan.planned.deal == *deal) {
                continue;
            }
            plans.push(self.plan_deal(view, &reconciliation, deal, request)?);
        }
        self.hold_back_what_others_bill(view, &mut plans)?;
        Ok(plans)
    }

    /// A deal that another company may have billed already is not billed here.
    fn hold_back_what_others_bill(
        &self,
        view: &LedgerView,
        plans: &mut [Plan],
    ) -> Result<(), EngineError> {
        let ready = plans.iter().filter(|plan| plan.proposal.is_some());
        let ready: BTreeSet<DealId> = ready.map(|plan| plan.planned.deal.clone()).collect();
        let mut elsewhere = self.billed_elsewhere(view, &ready)?;
        for plan in plans {
            if let Some(words) = elsewhere.remove(&plan.planned.deal) {
                let finding = not_of_this_company(&plan.planned.deal, words);
                plan.planned.outcome = Outcome::Blocked(vec![finding]);
                plan.planned.net = None;
                plan.proposal = None;
            }
        }
        Ok(())
    }

    /// One deal of the request as the books are.
    pub(crate) fn plan_deal(
        &self,
        view: &LedgerView,
        reconciliation: &Reconciliation,
        deal: &DealId,
        request: &CreateRequest,
    ) -> Result<Plan, EngineError> {
        match reconciliation.rows.iter().find(|row| row.deal == *deal) {
            Some(row) => {
                let wanted = self.document_wanted(view, row, request)?;
                self.plan_one(view, deal, wanted, &request.deals)
            }
            None => self.plan_outside(view, deal),
        }
    }

    /// Which document of the deal the request means: the one that was promised last, or a further
    /// one where a person asks for it and everything that billed the deal was taken back.
    fn document_wanted(
        &self,
        view: &LedgerView,
        row: &DealRow,
        request: &CreateRequest,
    ) -> Result<Wanted, EngineError> {
        let last = self.last_promise(view, &row.deal)?;
        let ended = last.as_ref().is_some_and(|effect| {
            matches!(effect.state, EffectState::Confirmed | EffectState::Conflict)
        });
        let asked = request.further && !request.deals.is_empty();
        let further = asked && ended && row.is_taken_back();
        let sequence = last.map_or(FIRST, |effect| effect.sequence) + u32::from(further);
        let mut linked = standing_against(row, asked || sequence > FIRST);
        // Our own document, whose promise is not settled here yet: it is adopted, never sent again.
        let own = self.key_of(view, &row.deal, sequence).and_then(|key| carrying(view, &key));
        let own = own.filter(|_| further || !ended);
        linked.retain(|document| own.is_none_or(|own| own.id != *document));
        Ok(Wanted { sequence, linked, suspected: row.suspected.clone() })
    }

    fn last_promise(
        &self,
        view: &LedgerView,
        deal: &DealId,
    ) -> Result<Option<Effect>, EngineError> {
        let mut promised = self.store.effects(&EffectFilter {
            connection: Some(view.connection.clone()),
            kind: Some(EffectKind::Document),
            deal: Some(deal.clone()),
            ..EffectFilter::default()
        })?;
        promised.retain(|effect| effect.document_kind == Some(DocumentKind::Invoice));
        Ok(promised.into_iter().max_by_key(|effect| effect.sequence))
    }

    fn plan_one(
        &self,
        view: &LedgerView,
        deal: &DealId,
        wanted: Wanted,
        named: &[DealId],
    ) -> Result<Plan, EngineError> {
        let withdrawn = self
            .effect_of(view, deal, wanted.sequence)?
            .filter(|effect| effect.state == EffectState::Cancelled && !named.contains(deal));
        let (outcome, proposal) = match withdrawn {
            Some(effect) => (Outcome::Driven(effect.state), None),
            None => match self.propose(view, deal, &wanted, named)? {
                Ok(proposal) => (Outcome::Ready, Some(proposal)),
                Err(findings) => (Outcome::Blocked(findings), None),
            },
        };
        let planned = Planned {
            deal: deal.clone(),
            key: self.key_of(view, deal, wanted.sequence),
            net: proposal.as_ref().map(|proposal| proposal.net),
            outcome,
        };
        Ok(Plan { planned, wanted, proposal })
    }

    /// A named deal that the ledger's population does not hold: its gates say why, if they do.
    fn plan_outside(&self, view: &LedgerView, deal: &DealId) -> Result<Plan, EngineError> {
        let wanted = Wanted { sequence: FIRST, linked: Vec::new(), suspected: Vec::new() };
        let plan = self.plan_one(view, deal, wanted, std::slice::from_ref(deal))?;
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
        wanted: &Wanted,
        named: &[DealId],
    ) -> Result<Result<Proposal, Vec<GateFinding>>, EngineError> {
        let effect = self.effect_of(view, deal, wanted.sequence)?;
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
                moment: Moment::Propose,
                proposed_on: dated.as_ref().map_or(view.frame.today, |it| it.effective_on),
                billed_through: None,
                effect: state,
                by_name: named.contains(&deal.id),
                linked: &wanted.linked,
                suspected: &wanted.suspected,
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

    pub(crate) fn intent(&self, view: &LedgerView, deal: &DealId, sequence: u32) -> Option<Intent> {
        let crm = self.crm.as_ref()?;
        Some(Intent {
            org: crm.port.org().clone(),
            ledger: view.books.ledger.clone(),
            deal: deal.clone(),
            kind: DocumentKind::Invoice,
            sequence,
        })
    }

    fn key_of(&self, view: &LedgerView, deal: &DealId, sequence: u32) -> Option<String> {
        self.intent(view, deal, sequence).map(|intent| transaction_key(&intent).to_string())
    }

    fn effect_of(
        &self,
        view: &LedgerView,
        deal: &DealId,
        sequence: u32,
    ) -> Result<Option<Effect>, EngineError> {
        match self.key_of(view, deal, sequence) {
            Some(key) => Ok(self.store.effect(&key)?),
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

fn not_of_this_company(deal: &DealId, (what, remedy): Words) -> GateFinding {
    let place = format!("Opportunity {deal}");
    let sentence = Sentence { what: what.clone(), place, remedy: remedy.clone() };
    let detail = GateDetail::NotOfThisCompany { what, remedy };
    GateFinding { gate: detail.gate(), subject: deal.to_string(), sentence, detail }
}

pub(crate) fn find_deal<'a>(view: &'a LedgerView, id: &DealId) -> Result<&'a Deal, EngineError> {
    view.books
        .deals
        .iter()
        .find(|deal| deal.id == *id)
        .ok_or_else(|| EngineError::NoSuchDeal(id.to_string()))
}

/// The deal's documents that a new one would stand beside. What was taken back stands against
/// nothing that follows it.
pub(crate) fn standing_against(row: &DealRow, follows: bool) -> Vec<DocumentId> {
    if follows && row.is_taken_back() {
        return Vec::new();
    }
    let there = row.documents.iter().filter(|linked| linked.standing != Standing::Deleted);
    there.map(|linked| linked.document.clone()).collect()
}
