//! From a billable deal to a document in the ledger: gates, customer, promise, send.

use tieout_domain::Money;
use tieout_domain::effect::EffectState;
use tieout_domain::gates::{GateDetail, GateFinding, Proposal, Sentence};
use tieout_domain::ids::{ConnectionId, DealId, DocumentId, RunId};
use tieout_store::Effect;

use crate::customers::CustomerStep;
use crate::drive::{Timing, is_due};
use crate::effects::{carrying, held_at_send};
use crate::engine::Engine;
use crate::error::EngineError;
use crate::plan::Plan;
use crate::progress::Event;
use crate::run::{Gap, RunReport};
use crate::view::LedgerView;

/// What to create.
#[derive(Clone, Debug)]
pub struct CreateRequest {
    pub ledger: ConnectionId,
    /// Empty: every deal that is due, has no document and passes all gates. A deal that is named is
    /// promised again even if its promise was refused or withdrawn before.
    pub deals: Vec<DealId>,
    /// A person asks for a further document of the named deals, whose earlier ones were all voided,
    /// deleted or credited in full. Ignored where no deal is named.
    pub further: bool,
    pub dry_run: bool,
    /// Documents that this run may create.
    pub limit: u32,
    /// Who approved it, for the audit trail.
    pub approved_by: String,
}

impl CreateRequest {
    /// Who names a deal does not want to wait for what was put off.
    fn timing(&self) -> Timing {
        if self.deals.is_empty() { Timing::WhenDue } else { Timing::Now }
    }
}

/// One deal of the request and where it stands.
#[derive(Clone, Debug)]
pub struct Planned {
    pub deal: DealId,
    pub key: Option<String>,
    pub net: Option<Money>,
    pub outcome: Outcome,
}

/// Whether a deal is read again before a document is made of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reading {
    Again,
    /// It was read a moment ago.
    Fresh,
}

/// What became of one deal.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// Would be created: a dry run, or the run was cancelled before.
    Ready,
    /// Of a dry run: the ledger has a document with this key already. It would be adopted, and
    /// nothing sent.
    Found(DocumentId),
    /// All failing gates at once. Nothing was created, not even in part.
    Blocked(Vec<GateFinding>),
    /// Promised, and in this state now.
    Driven(EffectState),
}

/// What a create run came to.
#[derive(Clone, Debug)]
pub struct CreateReport {
    pub planned: Vec<Planned>,
    /// Of a dry run: what each deal that is ready would be billed.
    pub proposals: Vec<Proposal>,
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

impl Engine {
    /// Creates the missing invoices, each exactly once, with what is new in the ledger, each deal
    /// and its customers' documents read again before. `NothingToReport`: a feed was never read to
    /// its end, so a document that is there may look as if it were missing.
    pub async fn create(&mut self, request: &CreateRequest) -> Result<CreateReport, EngineError> {
        self.create_with(request, Reading::Again).await
    }

    /// The same for deals that were read again a moment ago.
    pub(crate) async fn create_from_fresh(
        &mut self,
        request: &CreateRequest,
    ) -> Result<CreateReport, EngineError> {
        self.create_with(request, Reading::Fresh).await
    }

    async fn create_with(
        &mut self,
        request: &CreateRequest,
        reading: Reading,
    ) -> Result<CreateReport, EngineError> {
        let before = self.requests_sent();
        if !request.dry_run && self.refuses_writing(&request.ledger)? {
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
        let (timing, now) = (request.timing(), self.clock.now());
        let promised = waiting.iter().filter(|effect| effect.state == EffectState::Intended);
        let due = promised.filter(|effect| is_due(effect, timing, now)).count();
        let wanted = ready + due;
        if !request.dry_run && wanted > request.limit as usize {
            return Err(EngineError::WriteLimit { wanted, limit: request.limit });
        }
        if !request.dry_run && wanted > 0 {
            self.carry_out(&mut plans, &waiting, request, reading).await?;
        }
        let mut planned = self.as_they_stand(request, &waiting)?;
        let mut proposals = Vec::new();
        for mut plan in plans {
            if request.dry_run {
                plan.find(&view);
                proposals.extend(plan.proposal);
            }
            planned.push(plan.planned);
        }
        Ok(CreateReport { planned, proposals, http_requests: self.requests_sent() - before })
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

    /// What became of them; where gates hold one back, which.
    fn as_they_stand(
        &self,
        request: &CreateRequest,
        waiting: &[Effect],
    ) -> Result<Vec<Planned>, EngineError> {
        let mut told: Vec<Planned> = Vec::new();
        if waiting.is_empty() {
            return Ok(told);
        }
        let view = self.view_today(&request.ledger)?;
        let reconciliation = view.reconcile()?;
        for effect in waiting {
            let now = self.store.effect(&effect.key)?.unwrap_or_else(|| effect.clone());
            let held = match now.state {
                EffectState::Intended => held_at_send(&view, &reconciliation, &now),
                _ => Vec::new(),
            };
            if let Some(deal) = now.deal {
                let outcome = match held.is_empty() {
                    true => Outcome::Driven(now.state),
                    false => Outcome::Blocked(held),
                };
                told.push(Planned { deal, key: Some(now.key), net: None, outcome });
            }
        }
        Ok(told)
    }

    /// Reads what the ledger has got since it was read, sends what waits and is due, then drives
    /// every plan that is ready, one after the other.
    async fn carry_out(
        &mut self,
        plans: &mut [Plan],
        waiting: &[Effect],
        request: &CreateRequest,
        reading: Reading,
    ) -> Result<(), EngineError> {
        let before = self.requests_sent();
        let mut run = self.begin("create", &request.approved_by)?;
        let ready: Vec<&mut Plan> = plans.iter_mut().filter(|it| it.proposal.is_some()).collect();
        if !self.read_ledger_again(&request.ledger, &mut run).await? {
            for plan in ready {
                plan.planned.outcome = not_read_again(&plan.planned.deal);
            }
            run.http_requests = self.requests_sent() - before;
            self.end(run)?;
            return Ok(());
        }
        let readable = self.waiting_read_again(waiting, request, reading, &mut run).await?;
        let wanted = |effect: &Effect| readable.contains(&effect.key);
        self.send_due(&request.ledger, wanted, request.timing(), &run.run).await?;
        let total = ready.len() as u64;
        for (done, plan) in ready.into_iter().enumerate() {
            if self.cancel.requested() {
                run.gaps.push(Gap::cancelled(&request.ledger));
                break;
            }
            let deal = plan.planned.deal.clone();
            let again = reading == Reading::Again;
            if again && !self.read_again(&request.ledger, &deal, &mut run).await? {
                plan.planned.outcome = not_read_again(&deal);
                continue;
            }
            let mut view = self.view_today(&request.ledger)?;
            *plan = self.plan_deal(&view, &view.reconcile()?, &deal, request)?;
            if plan.proposal.is_some() {
                plan.planned.outcome = self.fulfil(&mut view, plan, request, &run.run).await?;
            }
            self.observer.on(&Event::Creating { done: done as u64 + 1, total });
        }
        self.report_document_failures(&request.ledger, &run.run).await?;
        run.http_requests = self.requests_sent() - before;
        self.end(run)?;
        Ok(())
    }

    /// Keys of the promises that are due and whose deals could be read again.
    async fn waiting_read_again(
        &mut self,
        waiting: &[Effect],
        request: &CreateRequest,
        reading: Reading,
        run: &mut RunReport,
    ) -> Result<Vec<String>, EngineError> {
        let mut keys = Vec::new();
        for effect in waiting.iter().filter(|it| it.state == EffectState::Intended) {
            let due = is_due(effect, request.timing(), self.clock.now());
            let Some(deal) = effect.deal.as_ref().filter(|_| due) else { continue };
            let fresh = reading == Reading::Fresh;
            if fresh || self.read_again(&request.ledger, deal, run).await? {
                keys.push(effect.key.clone());
            }
        }
        Ok(keys)
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
        let mut now = self.propose(view, deal, &plan.wanted, &request.deals)?;
        if now.as_ref().is_ok_and(|proposal| proposal.customer.is_none()) {
            let step = self.customer_for(view, deal, &request.deals, run).await?;
            *view = self.view_today(&request.ledger)?;
            if let CustomerStep::Waits(state) = step {
                return Ok(Outcome::Driven(state));
            }
            now = self.propose(view, deal, &plan.wanted, &request.deals)?;
        }
        let (proposal, customer) = match now {
            Err(findings) => return Ok(Outcome::Blocked(findings)),
            Ok(proposal) => match proposal.customer.clone() {
                Some(customer) => (proposal, customer),
                None => return Ok(Outcome::Blocked(vec![self.customer_refused(view, deal)?])),
            },
        };
        let key = self.promise(view, (&proposal, plan.wanted.sequence), customer, request, run)?;
        self.crash_points.pass("document promised")?;
        let port = self.ledger(&request.ledger)?.port.clone();
        let mut driver = self.driver(&request.ledger, &port, run)?;
        let state = match carrying(view, &key) {
            Some(document) => driver.adopt(&key, document)?,
            None => driver.send(&key, Timing::Now).await?,
        };
        Ok(Outcome::Driven(state))
    }
}

fn not_read_again(deal: &DealId) -> Outcome {
    let detail = GateDetail::NotReadAgain;
    Outcome::Blocked(vec![GateFinding {
        gate: detail.gate(),
        subject: deal.to_string(),
        sentence: Sentence {
            what: "The deal or its customer's documents could not be read again just now".into(),
            place: format!("Opportunity {deal}"),
            remedy: "Start a run to see what is in the way, then ask for the invoice again".into(),
        },
        detail,
    }])
}
