//! Making a customer that the ledger does not have: one per cluster of Accounts, promised before
//! it is sent, asked for by our mark when the answer is lost (`finance-domain §6 R2`).

use tieout_connect::error::ConnectorError;
use tieout_connect::key::content_hash;
use tieout_connect::ports::ProposedCustomer;
use tieout_domain::effect::EffectState;
use tieout_domain::facts::{Customer, Fact, Stream};
use tieout_domain::ids::{ConnectionId, CustomerId, DealId, RunId};
use tieout_store::{CursorProgress, Effect, EffectKind, EffectMove, Intended, RecordedPage};

use crate::books::LedgerView;
use crate::engine::Engine;
use crate::error::EngineError;

impl Engine {
    /// The customer for a deal whose Account has none. `Err(state)`: it could not be made now, and
    /// the state says why.
    pub(crate) async fn make_customer(
        &mut self,
        view: &LedgerView,
        deal: &DealId,
        run: &RunId,
    ) -> Result<Result<CustomerId, EffectState>, EngineError> {
        let proposal = proposed(view, deal)?;
        let connection = view.connection.clone();
        let key = self.promise_customer(view, &proposal, deal, run)?;
        let effect =
            self.store.effect(&key)?.ok_or_else(|| EngineError::NoSuchEffect(key.clone()))?;
        if let (EffectState::Confirmed, Some(id)) = (effect.state, &effect.result_id) {
            let id = CustomerId::new(id).map_err(|_| EngineError::Payload { key: key.clone() })?;
            return Ok(Ok(id));
        }
        let port = self.ledger(&connection)?.port.clone();
        let found = port.customer_candidates(&proposal).await?;
        let ours = found.into_iter().find(|it| it.account.as_ref() == Some(&proposal.account));
        if let Some(customer) = ours {
            return self.adopt_customer(&connection, &effect, customer, run).map(Ok);
        }
        if effect.state == EffectState::Unknown {
            return Ok(Err(EffectState::Unknown));
        }
        let now = self.clock.now();
        self.store.move_effect(
            &key,
            EffectState::Intended,
            EffectState::Sent,
            &EffectMove {
                attempts: Some(effect.attempts + 1),
                run: Some(run.clone()),
                ..EffectMove::at(now, "sent")
            },
        )?;
        self.crash_points.pass("customer promised and sent")?;
        match port.create_customer(&proposal).await {
            Ok(customer) => {
                let sent = Effect { state: EffectState::Sent, ..effect };
                self.adopt_customer(&connection, &sent, customer, run).map(Ok)
            }
            Err(error) => self.customer_failed(&key, &error).map(Err),
        }
    }

    fn promise_customer(
        &mut self,
        view: &LedgerView,
        proposal: &ProposedCustomer,
        deal: &DealId,
        run: &RunId,
    ) -> Result<String, EngineError> {
        let org = self.crm.as_ref().ok_or(EngineError::NothingToReport)?.port.org().clone();
        let key = format!("customer:{}:{}", view.books.ledger, proposal.account);
        let promised = self.store.intend(&Effect {
            key: key.clone(),
            kind: EffectKind::Customer,
            connection: view.connection.clone(),
            org,
            ledger: Some(view.books.ledger.clone()),
            deal: Some(deal.clone()),
            document_kind: None,
            sequence: 1,
            content_hash: content_hash(proposal.account.as_str().as_bytes()),
            payload: proposal.account.to_string(),
            state: EffectState::Intended,
            attempt_group: 1,
            created_at: self.clock.now(),
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
        match promised {
            Intended::New | Intended::Exists(_) => Ok(key),
        }
    }

    fn adopt_customer(
        &mut self,
        connection: &ConnectionId,
        effect: &Effect,
        customer: Customer,
        run: &RunId,
    ) -> Result<CustomerId, EngineError> {
        let now = self.clock.now();
        let id = customer.id.clone();
        if effect.state == EffectState::Intended {
            let sent = EffectMove {
                attempts: Some(effect.attempts + 1),
                ..EffectMove::at(now, "the ledger already has a customer with our mark")
            };
            let (from, to) = (EffectState::Intended, EffectState::Sent);
            self.store.move_effect(&effect.key, from, to, &sent)?;
        }
        let from = match effect.state {
            EffectState::Unknown => EffectState::Unknown,
            _ => EffectState::Sent,
        };
        self.store.record(RecordedPage {
            connection,
            run,
            stream: Stream::Customers,
            observed_at: now,
            facts: &[Fact::Customer(customer)],
            quarantined: &[],
            progress: CursorProgress::Unmoved,
        })?;
        let done = EffectMove {
            result_id: Some(id.to_string()),

            ..EffectMove::at(now, "the customer is there")
        };
        self.store.move_effect(&effect.key, from, EffectState::Confirmed, &done)?;
        Ok(id)
    }

    fn customer_failed(
        &mut self,
        key: &str,
        error: &ConnectorError,
    ) -> Result<EffectState, EngineError> {
        let to = if error.certainly_not_received() {
            EffectState::Intended
        } else if error.is_refusal() {
            EffectState::Rejected
        } else {
            EffectState::Unknown
        };
        let failed = EffectMove {
            error_text: Some(error.to_string()),

            ..EffectMove::at(self.clock.now(), "the customer was not confirmed")
        };
        self.store.move_effect(key, EffectState::Sent, to, &failed)?;
        Ok(to)
    }
}

fn proposed(view: &LedgerView, deal: &DealId) -> Result<ProposedCustomer, EngineError> {
    let found = view.books.deals.iter().find(|known| known.id == *deal);
    let deal = found.ok_or_else(|| EngineError::NoSuchDeal(deal.to_string()))?;
    let account = deal
        .account
        .as_ref()
        .and_then(|id| view.books.accounts.iter().find(|account| account.id == *id))
        .ok_or_else(|| EngineError::NoSuchDeal(deal.id.to_string()))?;
    Ok(ProposedCustomer {
        account: account.id.clone(),
        name: account.name.clone(),
        currency: deal.currency,
        address: account.address.clone(),
    })
}
