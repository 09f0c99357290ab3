//! Making a customer that the ledger does not have: one per Account that lives on, promised before
//! it is sent, asked for by our mark when the answer is lost (`finance-domain §6 R2`).

use tieout_connect::error::ConnectorError;
use tieout_connect::key::content_hash;
use tieout_connect::ports::{Ledger, ProposedCustomer};
use tieout_domain::books::gating::GateKeeper;
use tieout_domain::effect::EffectState;
use tieout_domain::facts::{Customer, Fact, Stream};
use tieout_domain::gates::{Gate, GateDetail, GateFinding, Sentence};
use tieout_domain::identity::{Clusters, CustomerDecision};
use tieout_domain::ids::{ConnectionId, CustomerId, DealId, RunId};
use tieout_store::{CursorProgress, Effect, EffectFilter, EffectKind, EffectMove, RecordedPage};

use crate::engine::Engine;
use crate::error::EngineError;
use crate::plan::find_deal;
use crate::problem::code_of;
use crate::promise::unsent;
use crate::view::LedgerView;
use crate::waits;

/// What looking for a deal's customer came to. The books hold more than before.
pub(crate) enum CustomerStep {
    /// The books say now who the customer is, or why nobody can be taken: ask the gates again.
    Looked,
    /// It could not be made now; this is the state of its promise.
    Waits(EffectState),
}

impl Engine {
    /// Looks for the customer of a deal whose Account has none, and makes it if there is none.
    pub(crate) async fn customer_for(
        &mut self,
        view: &LedgerView,
        deal: &DealId,
        named: &[DealId],
        run: &RunId,
    ) -> Result<CustomerStep, EngineError> {
        let proposal = proposed(view, deal)?;
        let effect = self.promise_customer(view, &proposal, deal, run)?;
        let connection = view.connection.clone();
        let port = self.ledger(&connection)?.port.clone();
        let candidates = match port.customer_candidates(&proposal).await {
            Ok(candidates) => candidates,
            Err(error) => {
                tracing::warn!(%error, "the ledger's customers could not be looked through");
                return Ok(CustomerStep::Waits(effect.state));
            }
        };
        self.crash_points.pass("customer candidates in hand, not recorded")?;
        self.record_customers(&connection, &candidates, run)?;
        let mark = Some(&proposal.account);
        if let Some(ours) = candidates.iter().find(|it| it.account.as_ref() == mark) {
            self.adopt_customer(&effect, ours, run)?;
            return Ok(CustomerStep::Looked);
        }
        let fresh = self.view_today(&connection)?;
        let decision = GateKeeper::new(&fresh.books, &fresh.frame)
            .customer(find_deal(&fresh, deal)?)
            .map(|customer| customer.decision);
        if decision != Some(CustomerDecision::Create) {
            return Ok(CustomerStep::Looked);
        }
        let put_off = effect.not_before.is_some_and(|at| at > self.clock.now());
        let waits = put_off && !named.contains(deal);
        let ended = matches!(effect.state, EffectState::Rejected | EffectState::Cancelled);
        match effect.state {
            EffectState::Intended if !waits => {}
            _ if ended && named.contains(deal) => self.promise_customer_again(&effect, run)?,
            state => return Ok(CustomerStep::Waits(state)),
        }
        self.send_customer(port.as_ref(), &effect, &proposal, run).await
    }

    async fn send_customer(
        &mut self,
        port: &dyn Ledger,
        effect: &Effect,
        proposal: &ProposedCustomer,
        run: &RunId,
    ) -> Result<CustomerStep, EngineError> {
        let sent =
            EffectMove { attempts: Some(effect.attempts + 1), ..self.customer_step("sent", run) };
        let (from, to) = (EffectState::Intended, EffectState::Sent);
        self.store.move_effect(&effect.key, from, to, &sent)?;
        self.crash_points.pass("customer promise recorded as sent")?;
        let answer = port.create_customer(proposal).await;
        self.crash_points.pass("customer in hand, not recorded")?;
        match answer {
            Ok(customer) => {
                let sent = Effect { state: EffectState::Sent, ..effect.clone() };
                self.adopt_customer(&sent, &customer, run)?;
                Ok(CustomerStep::Looked)
            }
            Err(error) => self.customer_failed(effect, &error, run).map(CustomerStep::Waits),
        }
    }

    /// Settles promises of customers that reading has brought meanwhile.
    pub(crate) fn adopt_read_customers(
        &mut self,
        connection: &ConnectionId,
        run: &RunId,
    ) -> Result<(), EngineError> {
        let waiting = self.store.effects(&EffectFilter {
            connection: Some(connection.clone()),
            kind: Some(EffectKind::Customer),
            states: vec![EffectState::Unknown, EffectState::Intended],
            ..EffectFilter::default()
        })?;
        if waiting.is_empty() {
            return Ok(());
        }
        let held = self.store.facts(connection, Stream::Customers, None)?;
        for effect in waiting {
            let ours = held.iter().find_map(|fact| match fact {
                Fact::Customer(customer) if is_marked(customer, &effect.payload) => Some(customer),
                _ => None,
            });
            if let Some(customer) = ours {
                self.adopt_customer(&effect, customer, run)?;
            }
        }
        Ok(())
    }

    /// Why a customer that is there is not taken: a person said that it is not the Account.
    pub(crate) fn customer_refused(
        &self,
        view: &LedgerView,
        deal: &DealId,
    ) -> Result<GateFinding, EngineError> {
        let proposal = proposed(view, deal)?;
        let effect = self.store.effect(&customer_key(view, &proposal))?;
        let made = effect.and_then(|effect| CustomerId::new(&effect.result_id?).ok());
        Ok(GateFinding {
            gate: Gate::Customer,
            subject: deal.to_string(),
            sentence: Sentence {
                what: "The customer that was made for this Account is not linked to it".into(),
                place: format!("Opportunity {deal}"),
                remedy: "Link the Account to a customer by hand".into(),
            },
            detail: GateDetail::CustomerAmbiguous { customers: made.into_iter().collect() },
        })
    }

    /// The promise of the customer, made durable if it is new.
    fn promise_customer(
        &mut self,
        view: &LedgerView,
        proposal: &ProposedCustomer,
        deal: &DealId,
        run: &RunId,
    ) -> Result<Effect, EngineError> {
        let key = customer_key(view, proposal);
        if let Some(held) = self.store.effect(&key)? {
            return Ok(held);
        }
        let org = self.crm.as_ref().ok_or(EngineError::NothingToReport)?.port.org().clone();
        let now = self.clock.now();
        let effect = Effect {
            key,
            ledger: Some(view.books.ledger.clone()),
            deal: Some(deal.clone()),
            content_hash: content_hash(proposal.account.as_str().as_bytes()),
            payload: proposal.account.to_string(),
            ..unsent(EffectKind::Customer, &view.connection, &org, run, now)
        };
        self.store.intend(&effect)?;
        Ok(effect)
    }

    fn promise_customer_again(&mut self, effect: &Effect, run: &RunId) -> Result<(), EngineError> {
        let anew = self.customer_step("promised again by a person", run);
        let (hash, payload) = (&effect.content_hash, &effect.payload);
        Ok(self.store.promise_again(&effect.key, hash, payload, &anew)?)
    }

    fn record_customers(
        &mut self,
        connection: &ConnectionId,
        customers: &[Customer],
        run: &RunId,
    ) -> Result<(), EngineError> {
        let facts: Vec<Fact> = customers.iter().cloned().map(Fact::Customer).collect();
        self.store.record(RecordedPage {
            connection,
            run,
            stream: Stream::Customers,
            observed_at: self.clock.now(),
            facts: &facts,
            quarantined: &[],
            progress: CursorProgress::Unmoved,
        })?;
        Ok(())
    }

    /// Confirms the promise with the customer that is there, from whatever state it is in.
    fn adopt_customer(
        &mut self,
        effect: &Effect,
        customer: &Customer,
        run: &RunId,
    ) -> Result<(), EngineError> {
        let mut from = effect.state;
        if from == EffectState::Confirmed {
            return Ok(());
        }
        if matches!(from, EffectState::Rejected | EffectState::Cancelled) {
            self.promise_customer_again(effect, run)?;
            from = EffectState::Intended;
        }
        if from == EffectState::Intended {
            let sent = EffectMove {
                attempts: Some(effect.attempts.max(1)),
                ..self.customer_step("the ledger already has a customer with our mark", run)
            };
            self.store.move_effect(&effect.key, from, EffectState::Sent, &sent)?;
            from = EffectState::Sent;
        }
        let done = EffectMove {
            result_id: Some(customer.id.to_string()),
            ..self.customer_step("the customer is there", run)
        };
        let fact = Fact::Customer(customer.clone());
        self.store.settle_effect(&effect.key, from, EffectState::Confirmed, &done, &fact)?;
        Ok(())
    }

    fn customer_failed(
        &mut self,
        effect: &Effect,
        error: &ConnectorError,
        run: &RunId,
    ) -> Result<EffectState, EngineError> {
        let now = self.clock.now();
        let failed = EffectMove {
            error_code: Some(code_of(error)),
            error_text: Some(error.to_string()),
            ..self.customer_step("the customer was not confirmed", run)
        };
        let (to, change) = if error.certainly_not_received() {
            let not_before = Some(waits::send_at(now, effect.attempts, None));
            (EffectState::Intended, EffectMove { not_before, ..failed })
        } else if error.is_refusal() {
            let attempt_group = Some(effect.attempt_group + 1);
            (EffectState::Rejected, EffectMove { attempt_group, ..failed })
        } else {
            let next_ask_at = Some(waits::ask_at(now, 0));
            (EffectState::Unknown, EffectMove { next_ask_at, ..failed })
        };
        self.store.move_effect(&effect.key, EffectState::Sent, to, &change)?;
        Ok(to)
    }

    fn customer_step(&self, detail: &str, run: &RunId) -> EffectMove {
        EffectMove { run: Some(run.clone()), ..EffectMove::at(self.clock.now(), detail) }
    }

    /// Customers that were made for Accounts of this ledger, as far as they are confirmed.
    pub(crate) fn customers_made(
        &self,
        connection: &ConnectionId,
    ) -> Result<Vec<Effect>, EngineError> {
        Ok(self.store.effects(&EffectFilter {
            connection: Some(connection.clone()),
            kind: Some(EffectKind::Customer),
            states: vec![EffectState::Confirmed],
            ..EffectFilter::default()
        })?)
    }
}

/// Whether a customer record that exists names this Account.
fn is_marked(customer: &Customer, account: &str) -> bool {
    !customer.stamp.deleted && customer.account.as_ref().is_some_and(|it| it.as_str() == account)
}

fn customer_key(view: &LedgerView, proposal: &ProposedCustomer) -> String {
    format!("customer:{}:{}", view.books.ledger, proposal.account)
}

/// Of the Account that lives on after all merges, so that two deals of one customer make one.
fn proposed(view: &LedgerView, deal: &DealId) -> Result<ProposedCustomer, EngineError> {
    let deal = find_deal(view, deal)?;
    let clusters = Clusters::build(&view.books.accounts, &view.books.identity);
    let account = deal
        .account
        .as_ref()
        .map(|id| clusters.survivor(id).unwrap_or(id))
        .and_then(|id| view.books.accounts.iter().find(|account| account.id == *id))
        .ok_or_else(|| EngineError::NoSuchDeal(deal.id.to_string()))?;
    Ok(ProposedCustomer {
        account: account.id.clone(),
        name: account.name.clone(),
        currency: deal.currency,
        address: account.address.clone(),
    })
}
