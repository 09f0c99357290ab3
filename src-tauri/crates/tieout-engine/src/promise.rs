//! Making the promise of one document durable before anything is sent (`finance-domain §6 R4`).

use jiff::Timestamp;
use tieout_connect::key::transaction_key;
use tieout_connect::ports::{ProposedDocument, ProposedLine};
use tieout_domain::effect::{DocumentKind, EffectState};
use tieout_domain::facts::LedgerDocumentKind;
use tieout_domain::gates::{Proposal, ProposalLine};
use tieout_domain::ids::{ConnectionId, CrmOrgId, CustomerId, RunId};
use tieout_store::{Effect, EffectKind, EffectMove};

use crate::create::CreateRequest;
use crate::effects::hash_of;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::payload;
use crate::view::LedgerView;

impl Engine {
    /// Makes the promise durable and returns its key. What was refused or withdrawn is promised
    /// again under the same key; any other earlier promise of the same intent stays as it is.
    pub(crate) fn promise(
        &mut self,
        view: &LedgerView,
        (proposal, sequence): (&Proposal, u32),
        customer: CustomerId,
        request: &CreateRequest,
        run: &RunId,
    ) -> Result<String, EngineError> {
        let intent =
            self.intent(view, &proposal.deal, sequence).ok_or(EngineError::NothingToReport)?;
        let key = transaction_key(&intent);
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
        let (hash, payload) = (hash_of(proposal), payload::to_text(&document));
        let key = key.to_string();
        let now = self.clock.now();
        let held = self.store.effect(&key)?.map(|effect| effect.state);
        let again = matches!(held, Some(EffectState::Rejected | EffectState::Cancelled));
        if held.is_some() && !again {
            return Ok(key);
        }
        let detail = format!("invoice of {} approved", proposal.net.to_plain());
        self.store.append_audit(now, &request.approved_by, "document.approved", &key, &detail)?;
        if again {
            let anew = EffectMove {
                empty_answers: Some(0),
                run: Some(run.clone()),
                ..EffectMove::at(now, "promised again by a person")
            };
            self.store.promise_again(&key, &hash, &payload, &anew)?;
            return Ok(key);
        }
        self.store.intend(&Effect {
            key: key.clone(),
            ledger: Some(intent.ledger),
            deal: Some(proposal.deal.clone()),
            document_kind: Some(DocumentKind::Invoice),
            sequence: intent.sequence,
            content_hash: hash,
            payload,
            ..unsent(EffectKind::Document, &request.ledger, &intent.org, run, now)
        })?;
        Ok(key)
    }
}

/// An effect that nothing has happened to yet; key, subject and content are for the caller to fill.
pub(crate) fn unsent(
    kind: EffectKind,
    connection: &ConnectionId,
    org: &CrmOrgId,
    run: &RunId,
    now: Timestamp,
) -> Effect {
    Effect {
        key: String::new(),
        kind,
        connection: connection.clone(),
        org: org.clone(),
        ledger: None,
        deal: None,
        document_kind: None,
        sequence: 1,
        content_hash: String::new(),
        payload: String::new(),
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
    }
}

fn proposed_line(line: &ProposalLine) -> ProposedLine {
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
