//! From a billable deal to a promised document, and to the ledger: gates, promise, send, ask.

use std::sync::Arc;

use jiff::Timestamp;
use tieout_connect::key::{content_hash, transaction_key};
use tieout_connect::ports::{Ledger, ProposedDocument, ProposedLine};
use tieout_domain::Money;
use tieout_domain::books::gating::{GateKeeper, Intention};
use tieout_domain::books::positions::DealRow;
use tieout_domain::effect::{DocumentKind, EffectState, Intent};
use tieout_domain::facts::{Deal, LedgerDocumentKind};
use tieout_domain::gates::{GateFinding, Moment, Proposal, ProposalError, content_text};
use tieout_domain::ids::{ConnectionId, CustomerId, DealId, DocumentId, RunId};
use tieout_store::{Effect, EffectFilter, EffectKind, EffectMove, Intended};

use crate::books::{KnownAt, LedgerView};
use crate::drive::Driver;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::payload;
use crate::progress::Event;

/// What to create.
#[derive(Clone, Debug)]
pub struct CreateRequest {
    pub ledger: ConnectionId,
    /// Empty: every deal that is due, has no document and passes all gates.
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
    /// Would be created: a dry run.
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

impl Engine {
    /// Creates the missing invoices, each exactly once.
    pub async fn create(&mut self, request: &CreateRequest) -> Result<CreateReport, EngineError> {
        let before = self.requests_sent();
        let writing = self.ledger(&request.ledger)?.writing;
        if !writing && !request.dry_run {
            return Err(EngineError::ReadOnly);
        }
        let view = self.view_today(&request.ledger)?;
        let mut planned = self.plan(&view, request)?;
        let ready: Vec<usize> = (0..planned.len())
            .filter(|at| matches!(planned[*at].0.outcome, Outcome::Ready))
            .collect();
        if ready.len() > request.limit as usize {
            return Err(EngineError::WriteLimit { wanted: ready.len(), limit: request.limit });
        }
        if !request.dry_run && !ready.is_empty() {
            let run = self.begin("create")?;
            let total = ready.len() as u64;
            for (done, at) in ready.into_iter().enumerate() {
                if self.cancel.requested() {
                    break;
                }
                let (planned, proposal) = &mut planned[at];
                let Some(proposal) = proposal.take() else {
                    continue;
                };
                let state = self.promise_and_send(&view, &proposal, request, &run.run).await?;
                planned.outcome = Outcome::Driven(state);
                self.observer.on(&Event::Creating { done: done as u64 + 1, total });
            }
            self.end(run)?;
        }
        let planned = planned.into_iter().map(|(planned, _)| planned).collect();
        Ok(CreateReport { planned, http_requests: self.requests_sent() - before })
    }

    /// The books of a ledger as of today in its zone.
    pub fn view_today(&self, ledger: &ConnectionId) -> Result<LedgerView, EngineError> {
        let probe = self.stored_probe(ledger)?.ok_or(EngineError::NothingToReport)?;
        let zone = jiff::tz::TimeZone::get(&probe.capabilities.time_zone)
            .unwrap_or(jiff::tz::TimeZone::UTC);
        let today = tieout_domain::dates::date_in_zone(self.clock.now(), &zone);
        self.view(ledger, KnownAt { as_of: today, known_at: None })
    }

    fn plan(
        &self,
        view: &LedgerView,
        request: &CreateRequest,
    ) -> Result<Vec<(Planned, Option<Proposal>)>, EngineError> {
        let reconciliation = view.reconcile()?;
        let gatekeeper = GateKeeper::new(&view.books, &view.frame);
        let mut plans = Vec::new();
        if request.deals.is_empty() {
            for row in reconciliation.billable() {
                plans.push(self.plan_one(view, &gatekeeper, row)?);
            }
            return Ok(plans);
        }
        for deal in &request.deals {
            let row = reconciliation.rows.iter().find(|row| row.deal == *deal);
            let row = row.ok_or_else(|| missing(view, &reconciliation.unassigned, deal))?;
            plans.push(self.plan_one(view, &gatekeeper, row)?);
        }
        Ok(plans)
    }

    fn plan_one(
        &self,
        view: &LedgerView,
        gatekeeper: &GateKeeper<'_>,
        row: &DealRow,
    ) -> Result<(Planned, Option<Proposal>), EngineError> {
        let deal = find_deal(view, &row.deal)?;
        let linked: Vec<DocumentId> =
            row.documents.iter().map(|document| document.document.clone()).collect();
        let effect = self.effect_of(view, &deal.id, 1)?;
        let planned = |outcome, net| Planned {
            deal: deal.id.clone(),
            key: self.key_of(view, &deal.id, 1),
            net,
            outcome,
        };
        let proposal = gatekeeper.propose(&Intention {
            deal,
            sequence: 1,
            moment: Moment::Propose,
            proposed_on: view.frame.today,
            billed_through: None,
            effect: effect.as_ref().map(|effect| effect.state),
            linked: &linked,
            suspected: &[],
        });
        match proposal {
            Ok(proposal) => Ok((planned(Outcome::Ready, Some(proposal.net)), Some(proposal))),
            Err(ProposalError::Gates(findings)) => {
                Ok((planned(Outcome::Blocked(findings), None), None))
            }
            Err(error) => Err(EngineError::Rule(error.to_string())),
        }
    }

    async fn promise_and_send(
        &mut self,
        view: &LedgerView,
        proposal: &Proposal,
        request: &CreateRequest,
        run: &RunId,
    ) -> Result<EffectState, EngineError> {
        let customer = match &proposal.customer {
            Some(customer) => customer.clone(),
            None => match self.make_customer(view, &proposal.deal, run).await? {
                Ok(customer) => customer,
                Err(state) => return Ok(state),
            },
        };
        let key = self.promise(view, proposal, customer, request, run)?;
        self.crash_points.pass("document promised")?;
        self.send(&request.ledger, &key, run).await
    }

    /// Makes the promise durable. An earlier promise of the same intent stays as it is.
    fn promise(
        &mut self,
        view: &LedgerView,
        proposal: &Proposal,
        customer: CustomerId,
        request: &CreateRequest,
        run: &RunId,
    ) -> Result<String, EngineError> {
        let intent = self.intent(view, &proposal.deal, 1).ok_or(EngineError::NothingToReport)?;
        let key = transaction_key(&intent);
        let with_customer = Proposal { customer: Some(customer.clone()), ..proposal.clone() };
        let document = ProposedDocument {
            kind: LedgerDocumentKind::Invoice,
            key: key.clone(),
            deal: proposal.deal.clone(),
            customer,
            currency: proposal.currency,
            effective_on: proposal.effective_on,
            due_on: proposal.due_on,
            order_number: proposal.order_number.clone(),
            lines: proposal.lines.iter().map(proposed_line).collect(),
            exchange_rate: None,
        };
        let now = self.clock.now();
        let promised = self.store.intend(&Effect {
            key: key.to_string(),
            kind: EffectKind::Document,
            connection: request.ledger.clone(),
            org: intent.org.clone(),
            ledger: Some(intent.ledger.clone()),
            deal: Some(proposal.deal.clone()),
            document_kind: Some(DocumentKind::Invoice),
            sequence: intent.sequence,
            content_hash: content_hash(content_text(&with_customer).as_bytes()),
            payload: payload::to_text(&document),
            state: EffectState::Intended,
            attempt_group: 1,
            created_at: now,
            first_sent_at: None,
            last_sent_at: None,
            not_before: None,
            next_ask_at: None,
            empty_answers: 0,
            attempts: 0,
            result_id: None,
            error_code: None,
            error_text: None,
            run: run.clone(),
        })?;
        if matches!(promised, Intended::New) {
            let detail = format!("invoice of {} approved", proposal.net.to_plain());
            self.store.append_audit(
                now,
                &request.approved_by,
                "document.approved",
                key.as_str(),
                &detail,
            )?;
        }
        Ok(key.to_string())
    }

    /// Sends one intended document.
    pub(crate) async fn send(
        &mut self,
        connection: &ConnectionId,
        key: &str,
        run: &RunId,
    ) -> Result<EffectState, EngineError> {
        let port = self.ledger(connection)?.port.clone();
        let mut driver = self.driver(connection, &port, run)?;
        driver.send(key).await
    }

    /// Asks about every unknown outcome that is due, and sends again what may be sent again.
    pub async fn ask_unknown(&mut self, run: &RunId) -> Result<(), EngineError> {
        for (connection, port) in self.ledger_ports() {
            for effect in self.store.in_flight(&connection)? {
                if effect.kind != EffectKind::Document || effect.state != EffectState::Unknown {
                    continue;
                }
                let mut driver = self.driver(&connection, &port, run)?;
                driver.ask(&effect.key).await?;
            }
        }
        Ok(())
    }

    /// Sends what was promised and never left: after a crash, a throttle, or an answered question.
    /// Gates are asked again; a promise that they refuse now stays intended.
    pub async fn send_promised(
        &mut self,
        ledger: &ConnectionId,
        run: &RunId,
    ) -> Result<Vec<(String, EffectState)>, EngineError> {
        let writing = self.ledger(ledger)?.writing;
        let due: Vec<Effect> = self
            .store
            .in_flight(ledger)?
            .into_iter()
            .filter(|effect| effect.kind == EffectKind::Document)
            .filter(|effect| effect.state == EffectState::Intended)
            .collect();
        let mut sent = Vec::new();
        if due.is_empty() || !writing {
            return Ok(sent);
        }
        let view = self.view_today(ledger)?;
        let reconciliation = view.reconcile()?;
        for effect in due {
            let Some(deal) = &effect.deal else { continue };
            let row = reconciliation.rows.iter().find(|row| row.deal == *deal);
            if row.is_none_or(|row| !self.passes_at_send(&view, row, &effect)) {
                continue;
            }
            let state = self.send(ledger, &effect.key, run).await?;
            sent.push((effect.key, state));
        }
        Ok(sent)
    }

    fn passes_at_send(&self, view: &LedgerView, row: &DealRow, effect: &Effect) -> bool {
        let Ok(deal) = find_deal(view, &row.deal) else {
            return false;
        };
        let linked: Vec<DocumentId> =
            row.documents.iter().map(|document| document.document.clone()).collect();
        let gatekeeper = GateKeeper::new(&view.books, &view.frame);
        let findings = gatekeeper.findings(&Intention {
            deal,
            sequence: effect.sequence,
            moment: Moment::Send,
            proposed_on: view.frame.today,
            billed_through: None,
            effect: Some(effect.state),
            linked: &linked,
            suspected: &[],
        });
        findings.is_empty()
    }

    /// A person looked and decides about an effect that cannot go on by itself.
    pub fn resolve(
        &mut self,
        key: &str,
        send_again: bool,
        actor: &str,
        reason: &str,
    ) -> Result<EffectState, EngineError> {
        let effect =
            self.store.effect(key)?.ok_or_else(|| EngineError::NoSuchEffect(key.into()))?;
        let to = match (effect.state, send_again) {
            (EffectState::Unknown | EffectState::Rejected, true) => EffectState::Intended,
            (EffectState::Unknown, false) => EffectState::Rejected,
            (EffectState::Intended, false) => EffectState::Cancelled,
            (state, _) => {
                let wanted = if send_again { "sent again" } else { "given up" };
                return Err(EngineError::NotNow { state: state.as_str(), wanted });
            }
        };
        let now = self.clock.now();
        let text = (to == EffectState::Rejected).then(|| reason.to_owned());
        let decided = EffectMove {
            note: Some(reason.into()),
            error_text: text,

            ..EffectMove::at(now, "decided by a person")
        };
        self.store.move_effect(key, effect.state, to, &decided)?;
        self.store.append_audit(now, actor, "effect.resolved", key, reason)?;
        Ok(to)
    }

    pub(crate) fn ledger_ports(&self) -> Vec<(ConnectionId, Arc<dyn Ledger>)> {
        self.ledgers.iter().map(|ledger| (ledger.id.clone(), ledger.port.clone())).collect()
    }

    fn driver<'a>(
        &'a mut self,
        connection: &ConnectionId,
        port: &'a Arc<dyn Ledger>,
        run: &'a RunId,
    ) -> Result<Driver<'a>, EngineError> {
        let probe = self.stored_probe(connection)?.ok_or(EngineError::NothingToReport)?;
        Ok(Driver {
            store: &mut self.store,
            ledger: port.as_ref(),
            replay: probe.capabilities.replay,
            clock: self.clock.as_ref(),
            crash_points: self.crash_points.as_ref(),
            run,
        })
    }

    fn intent(&self, view: &LedgerView, deal: &DealId, sequence: u32) -> Option<Intent> {
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

    /// Effects that wait for a person or for an answer.
    pub fn effects(&self) -> Result<Vec<Effect>, EngineError> {
        Ok(self.store.effects(&EffectFilter::default())?)
    }

    /// The moment of the engine's clock.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

fn find_deal<'a>(view: &'a LedgerView, id: &DealId) -> Result<&'a Deal, EngineError> {
    view.books
        .deals
        .iter()
        .find(|deal| deal.id == *id)
        .ok_or_else(|| EngineError::NoSuchDeal(id.to_string()))
}

fn missing(
    view: &LedgerView,
    unassigned: &[tieout_domain::books::population::Unassigned],
    deal: &DealId,
) -> EngineError {
    if unassigned.iter().any(|row| row.deals.contains(deal)) {
        EngineError::Unassigned(deal.to_string())
    } else if view.books.deals.iter().any(|known| known.id == *deal) {
        EngineError::Rule("the deal is not won, or not yet due".into())
    } else {
        EngineError::NoSuchDeal(deal.to_string())
    }
}

fn proposed_line(line: &tieout_domain::gates::ProposalLine) -> ProposedLine {
    ProposedLine {
        item: line.item.clone(),
        description: line.description.clone(),
        quantity: line.quantity,
        unit_price: line.unit_price,
        amount: line.amount,
        tax_code: line.tax_code.clone(),
        service_date: line.service_date,
    }
}
