//! What a person does about one effect: ask about it now, name the document that was found, and
//! from when on it may be sent again.

use jiff::{SignedDuration, Timestamp};
use tieout_connect::ports::ProposedDocument;
use tieout_domain::books::reconciliation::Reconciliation;
use tieout_domain::effect::{EffectState, Replay};
use tieout_domain::facts::{Document, DocumentStatus, Fact, LedgerDocumentKind};
use tieout_domain::ids::DealId;
use tieout_store::{Effect, EffectKind, EffectMove};

use crate::drive::Timing;
use crate::effects::DECIDED;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::links::{LinkRequest, LinkSubject, Word};
use crate::payload;

/// Empty answers after which a person may send what a tool does not show.
const EMPTY_ANSWERS_MIN: u32 = 2;

/// Whether a person may have an unknown outcome sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendAgain {
    Open,
    /// A late first copy can still appear until then.
    NotBefore(Timestamp),
    /// The tool must say so many times more that it does not know the key.
    AfterAnswers(u32),
}

/// A document that a person has found for an effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundByHand {
    pub key: String,
    /// Its number or id, as typed.
    pub number: String,
    pub actor: String,
    pub reason: String,
}

impl Engine {
    /// From when on a person may have it sent again. A tool that refuses or replays our key itself
    /// needs no waiting (`finance-domain §6 R4`).
    pub fn send_again(&self, effect: &Effect) -> Result<SendAgain, EngineError> {
        if effect.state != EffectState::Unknown || effect.kind != EffectKind::Document {
            return Ok(SendAgain::Open);
        }
        let probe = self.stored_probe(&effect.connection)?;
        let probe = probe.ok_or(EngineError::NothingToReport)?;
        let Replay::MarkerSearch { visible_after_secs } = probe.capabilities.replay else {
            return Ok(SendAgain::Open);
        };
        let wait = SignedDuration::from_secs(i64::from(visible_after_secs));
        let sent = effect.last_sent_at.unwrap_or(effect.created_at);
        let visible = sent.checked_add(wait).unwrap_or(Timestamp::MAX);
        Ok(match EMPTY_ANSWERS_MIN.saturating_sub(effect.empty_answers) {
            _ if visible > self.clock.now() => SendAgain::NotBefore(visible),
            0 => SendAgain::Open,
            missing => SendAgain::AfterAnswers(missing),
        })
    }

    /// Asks the ledger about one unknown outcome now. Never sends.
    pub async fn ask_about(&mut self, key: &str) -> Result<EffectState, EngineError> {
        let effect = self.unknown_document(key, "asked about")?;
        let port = self.ledger(&effect.connection)?.port.clone();
        let mut run = self.begin("ask", "person")?;
        let before = self.requests_sent();
        let asked = std::slice::from_ref(&effect);
        let gaps = self.ask_each(&effect.connection, &port, asked, Timing::Now, &run.run).await;
        run.http_requests = self.requests_sent() - before;
        run.gaps.extend(gaps?);
        self.end(run)?;
        Ok(self.store.effect(key)?.map_or(effect.state, |effect| effect.state))
    }

    /// Takes a person's word that a document is the one of an unknown outcome. It is read again and
    /// must be for the promised customer, in the promised currency, of the promised net, and no
    /// other deal's; then the deal is linked and the effect is confirmed.
    pub async fn adopt_found(&mut self, found: &FoundByHand) -> Result<EffectState, EngineError> {
        let effect = self.unknown_document(&found.key, "linked")?;
        let promised = payload::from_text(&effect.payload)
            .ok_or_else(|| EngineError::Payload { key: effect.key.clone() })?;
        let ledger = self.ledger(&effect.connection)?;
        if ledger.ended {
            return Err(EngineError::ReadOnly);
        }
        let port = ledger.port.clone();
        let view = self.view_today(&effect.connection)?;
        let known = numbered(&view.books.documents, &found.number)?;
        let (kind, id) = (known.kind, known.id.clone());
        let reconciliation = view.reconcile()?;
        refuse_anothers(&reconciliation, &promised.deal, known)?;
        let document = port.document(kind, &id).await?;
        let document = document.ok_or_else(|| {
            EngineError::NoSuchRecord("the ledger does not have this document any more".into())
        })?;
        refuse_other(&promised, &document)?;
        self.link(&LinkRequest {
            ledger: effect.connection.clone(),
            deal: promised.deal.clone(),
            subject: LinkSubject::Document(format!("id:{id}")),
            word: Word::Is,
            actor: found.actor.clone(),
            reason: found.reason.clone(),
        })?;
        let now = self.clock.now();
        self.store.append_audit(now, &found.actor, "effect.resolved", &found.key, &found.reason)?;
        let decided = EffectMove {
            result_id: Some(id.to_string()),
            note: Some(found.reason.clone()),
            ..EffectMove::at(now, DECIDED)
        };
        let (from, to) = (EffectState::Unknown, EffectState::Confirmed);
        self.store.settle_effect(&found.key, from, to, &decided, &Fact::Document(document))?;
        Ok(to)
    }

    fn unknown_document(&self, key: &str, wanted: &'static str) -> Result<Effect, EngineError> {
        let effect =
            self.store.effect(key)?.ok_or_else(|| EngineError::NoSuchEffect(key.into()))?;
        if effect.state != EffectState::Unknown || effect.kind != EffectKind::Document {
            return Err(EngineError::NotNow { state: effect.state.as_str(), wanted });
        }
        Ok(effect)
    }
}

/// The one invoice of this number or id.
fn numbered<'a>(documents: &'a [Document], typed: &str) -> Result<&'a Document, EngineError> {
    let typed = typed.trim();
    let named = |it: &&Document| it.number.as_deref() == Some(typed) || it.id.as_str() == typed;
    let invoices = documents.iter().filter(|it| it.kind == LedgerDocumentKind::Invoice);
    let found: Vec<&Document> = invoices.filter(|it| !it.stamp.deleted).filter(named).collect();
    match found.as_slice() {
        [one] => Ok(one),
        [] => Err(EngineError::NoSuchRecord(format!(
            "no invoice with the number `{typed}` was read; run once, so that it is read"
        ))),
        _ => Err(EngineError::NoSuchRecord(format!("several invoices answer to `{typed}`"))),
    }
}

fn refuse_anothers(
    reconciliation: &Reconciliation,
    deal: &DealId,
    document: &Document,
) -> Result<(), EngineError> {
    let mut others = reconciliation.rows.iter().filter(|row| row.deal != *deal);
    let bills = |it: &tieout_domain::books::positions::LinkedDocument| {
        (it.kind, &it.document) == (document.kind, &document.id)
    };
    match others.find(|row| row.documents.iter().any(bills)) {
        Some(row) => Err(EngineError::LinkRefused(format!("it bills the deal `{}`", row.name))),
        None => Ok(()),
    }
}

fn refuse_other(promised: &ProposedDocument, document: &Document) -> Result<(), EngineError> {
    let refused = |why: String| Err(EngineError::LinkRefused(why));
    let stands = matches!(
        document.status,
        DocumentStatus::Open | DocumentStatus::PartPaid | DocumentStatus::Paid
    );
    if document.stamp.deleted || !stands {
        return refused("the document is no posted invoice of the ledger".into());
    }
    if document.key.as_ref().is_some_and(|key| *key != promised.key) {
        return refused("the document carries the key of another promise".into());
    }
    if document.currency != promised.currency {
        let (ours, theirs) = (promised.currency, document.currency);
        return refused(format!("the invoice was promised in {ours}, the document is in {theirs}"));
    }
    if document.customer != promised.customer {
        return refused(format!(
            "the invoice was promised to customer `{}`, the document is for `{}`",
            promised.customer, document.customer
        ));
    }
    let net = payload::net_total(promised)?;
    if net != document.net {
        return refused(format!(
            "the invoice was promised with {net} net, the document has {}",
            document.net
        ));
    }
    Ok(())
}
