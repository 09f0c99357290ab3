//! From a billable deal to a document in the ledger: gates, customer, promise, send.

use tieout_connect::key::transaction_key;
use tieout_domain::Money;
use tieout_domain::books::gating::{GateKeeper, Intention};
use tieout_domain::books::population::Unassigned;
use tieout_domain::books::positions::DealRow;
use tieout_domain::books::reconciliation::Reconciliation;
use tieout_domain::effect::{DocumentKind, EffectState, Intent};
use tieout_domain::facts::Deal;
use tieout_domain::gates::{
    Gate, GateDetail, GateFinding, Moment, Proposal, ProposalError, Sentence,
};
use tieout_domain::ids::{ConnectionId, DealId, DocumentId, RunId};
use tieout_domain::matching::{LinkState, MatchOutcome};
use tieout_store::Effect;

use crate::customers::CustomerStep;
use crate::effects::hash_of;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::payload;
use crate::progress::Event;
use crate::run::Gap;
use crate::view::{KnownAt, LedgerView};

/// The first document of its kind for a deal. A further one is a person's wish.
const SEQUENCE: u32 = 1;

/// What to create.
#[derive(Clone, Debug)]
pub struct CreateRequest {
    pub ledger: ConnectionId,
    /// Empty: every deal that is due, has no document and passes all gates. A deal that is named is
    /// promised again even if its promise was refused or withdrawn before.
    pub deals: Vec<DealId>,
    pub dry_run: bool,
    /// Documents that this run may create.
    pub limit: u32,
    /// Who approved it, for the audit trail.
    pub approved_by: String,
}

/// One deal of the request and where it stands.
#[derive(Clone, Debug)]
pub struct Planned {
    pub deal: DealId,
    pub key: Option<String>,
    pub net: Option<Money>,
    pub outcome: Outcome,
}

/// What became of one deal.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// Would be created: a dry run, or the run was cancelled before.
    Ready,
    /// All failing gates at once. Nothing was created, not even in part.
    Blocked(Vec<GateFinding>),
    /// Promised, and in this state now.
    Driven(EffectState),
}

/// What a create run came to.
#[derive(Clone, Debug)]
pub struct CreateReport {
    pub planned: Vec<Planned>,
    pub http_requests: u64,
}

impl CreateReport {
    /// Documents that exist now because of this run.
    pub fn created(&self) -> usize {
        let confirmed =
            |it: &&Planned| matches!(it.outcome, Outcome::Driven(EffectState::Confirmed));
        self.planned.iter().filter(confirmed).count()
    }
}

/// Documents that stand against a new one: the deal's own, and those that may be.
pub(crate) struct Documents {
    pub linked: Vec<DocumentId>,
    pub suspected: Vec<DocumentId>,
}

/// What a deal of the request needs until it is promised.
struct Plan {
    planned: Planned,
    documents: Documents,
    proposal: Option<Proposal>,
}

impl Engine {
    /// Creates the missing invoices, each exactly once. `NothingToReport`: a feed was never read to
    /// its end, so a document that is there may look as if it were missing.
    pub async fn create(&mut self, request: &CreateRequest) -> Result<CreateReport, EngineError> {
        let before = self.requests_sent();
        let writing = self.ledger(&request.ledger)?.writing;
        if !writing && !request.dry_run {
            return Err(EngineError::ReadOnly);
        }
        if !self.is_read(&request.ledger)? {
            return Err(EngineError::NothingToReport);
        }
        let waiting = self.waiting(request)?;
        let view = self.view_today(&request.ledger)?;
        let mut plans = self.plan(&view, request)?;
        plans.retain(|plan| waiting.iter().all(|it| it.deal.as_ref() != Some(&plan.planned.deal)));
        let ready = plans.iter().filter(|plan| plan.proposal.is_some()).count();
        let due = waiting.iter().filter(|effect| self.is_due(effect)).count();
        let wanted = ready + due;
        if !request.dry_run && wanted > request.limit as usize {
            return Err(EngineError::WriteLimit { wanted, limit: request.limit });
        }
        if !request.dry_run && wanted > 0 {
            self.carry_out(view, &mut plans, &waiting, request).await?;
        }
        let mut planned = self.as_they_stand(&waiting)?;
        planned.extend(plans.into_iter().map(|plan| plan.planned));
        Ok(CreateReport { planned, http_requests: self.requests_sent() - before })
    }

    /// Documents of the request that were promised before and have not left yet, or whose outcome
    /// is not known: they are told too, so that nobody takes them for done.
    fn waiting(&self, request: &CreateRequest) -> Result<Vec<Effect>, EngineError> {
        let mut waiting = self.promised_documents(&request.ledger, EffectState::Intended)?;
        if request.deals.is_empty() {
            waiting.extend(self.promised_documents(&request.ledger, EffectState::Unknown)?);
        } else {
            waiting.retain(|it| it.deal.as_ref().is_some_and(|deal| request.deals.contains(deal)));
        }
        Ok(waiting)
    }

    fn as_they_stand(&self, waiting: &[Effect]) -> Result<Vec<Planned>, EngineError> {
        let mut told: Vec<Planned> = Vec::new();
        for effect in waiting {
            let state = self.store.effect(&effect.key)?.map_or(effect.state, |now| now.state);
            if let Some(deal) = effect.deal.clone() {
                let (key, outcome) = (Some(effect.key.clone()), Outcome::Driven(state));
                told.push(Planned { deal, key, net: None, outcome });
            }
        }
        Ok(told)
    }

    /// Sends what waits and is due, then drives every plan that is ready, one after the other.
    async fn carry_out(
        &mut self,
        mut view: LedgerView,
        plans: &mut [Plan],
        waiting: &[Effect],
        request: &CreateRequest,
    ) -> Result<(), EngineError> {
        let before = self.requests_sent();
        let mut run = self.begin("create", &request.approved_by)?;
        let wanted = |effect: &Effect| waiting.iter().any(|it| it.key == effect.key);
        self.send_due(&request.ledger, wanted, &run.run).await?;
        let ready: Vec<&mut Plan> = plans.iter_mut().filter(|it| it.proposal.is_some()).collect();
        let total = ready.len() as u64;
        for (done, plan) in ready.into_iter().enumerate() {
            if self.cancel.requested() {
                run.gaps.push(Gap::cancelled(&request.ledger));
                break;
            }
            plan.planned.outcome = self.fulfil(&mut view, plan, request, &run.run).await?;
            self.observer.on(&Event::Creating { done: done as u64 + 1, total });
        }
        self.report_document_failures(&request.ledger, &run.run).await?;
        run.http_requests = self.requests_sent() - before;
        self.end(run)?;
        Ok(())
    }

    /// One deal from its gates to an answer, with the books as they are at this moment.
    async fn fulfil(
        &mut self,
        view: &mut LedgerView,
        plan: &Plan,
        request: &CreateRequest,
        run: &RunId,
    ) -> Result<Outcome, EngineError> {
        let deal = &plan.planned.deal;
        let mut now = self.propose(view, deal, &plan.documents, &request.deals)?;
        if now.as_ref().is_ok_and(|proposal| proposal.customer.is_none()) {
            let step = self.customer_for(view, deal, &request.deals, run).await?;
            *view = self.view_today(&request.ledger)?;
            now = self.propose(view, deal, &plan.documents, &request.deals)?;
            if let (Ok(_), CustomerStep::Waits(state)) = (&now, step) {
                return Ok(Outcome::Driven(state));
            }
        }
        let (proposal, customer) = match now {
            Err(findings) => return Ok(Outcome::Blocked(findings)),
            Ok(proposal) => match proposal.customer.clone() {
                Some(customer) => (proposal, customer),
                None => return Ok(Outcome::Blocked(vec![self.customer_refused(view, deal)?])),
            },
        };
        let key = self.promise(view, &proposal, customer, request, run)?;
        self.crash_points.pass("document promised")?;
        let port = self.ledger(&request.ledger)?.port.clone();
        let state = self.driver(&request.ledger, &port, run)?.send(&key).await?;
        Ok(Outcome::Driven(state))
    }

    /// The books of a ledger as of today in its zone.
    pub fn view_today(&self, ledger: &ConnectionId) -> Result<LedgerView, EngineError> {
        let probe = self.stored_probe(ledger)?.ok_or(EngineError::NothingToReport)?;
        let zone = jiff::tz::TimeZone::get(&probe.capabilities.time_zone)
            .unwrap_or(jiff::tz::TimeZone::UTC);
        let today = tieout_domain::dates::date_in_zone(self.clock.now(), &zone);
        self.view(ledger, KnownAt { as_of: today, known_at: None })
    }

    fn plan(&self, view: &LedgerView, request: &CreateRequest) -> Result<Vec<Plan>, EngineError> {
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
    fn propose(
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
