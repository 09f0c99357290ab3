//! Promised side effects and their history.

use jiff::Timestamp;
use serde::Serialize;
use tieout_engine::is_adopted;
use tieout_store::{Effect, EffectEvent, EffectKind};
use ts_rs::TS;

use super::{Amount, instant};

const SECS_OF_DAY: i64 = 86_400;

/// One moment in the life of an effect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct EffectEventView {
    pub at: String,
    pub from: Option<&'static str>,
    pub to: &'static str,
    pub detail: String,
    pub note: Option<String>,
}

impl From<&EffectEvent> for EffectEventView {
    fn from(event: &EffectEvent) -> Self {
        Self {
            at: instant(event.at),
            from: event.from.map(|state| state.as_str()),
            to: event.to.as_str(),
            detail: event.detail.clone(),
            note: event.note.clone(),
        }
    }
}

/// One promised side effect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct EffectView {
    pub key: String,
    pub kind: &'static str,
    pub connection: String,
    pub opportunity: Option<String>,
    pub state: &'static str,
    pub promised_at: String,
    pub first_sent_at: Option<String>,
    /// When it may be sent again, or is asked about next.
    pub next_at: Option<String>,
    pub attempts: u32,
    pub empty_answers: u32,
    pub result_id: Option<String>,
    /// A document that was found in the ledger and linked, not created.
    pub adopted: bool,
    pub error_code: Option<String>,
    pub error_text: Option<String>,
    /// Before tax; of a document.
    pub amount: Option<Amount>,
    /// Whole days since it was promised.
    pub age_days: i64,
    /// Everything that one needs to decide. Only where one effect or those that wait are asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dossier: Option<DossierView>,
    pub history: Vec<EffectEventView>,
}

/// All effects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct EffectsView {
    pub count: usize,
    pub effects: Vec<EffectView>,
}

/// A line of a promised document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct PromisedLineView {
    pub item: String,
    pub description: Option<String>,
    pub quantity: String,
    pub unit_price: Option<String>,
    pub amount: Amount,
}

/// What was or is to be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct PromisedDocumentView {
    /// `invoice` or `credit_memo`.
    pub kind: &'static str,
    pub customer_id: String,
    pub customer: Option<String>,
    pub dated: String,
    pub due: Option<String>,
    pub order_number: Option<String>,
    pub net: Option<Amount>,
    pub lines: Vec<PromisedLineView>,
}

/// A question about an unknown outcome, and its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct QuestionView {
    pub at: String,
    /// `found`, `not_found` or `no_answer`.
    pub answer: &'static str,
    /// The document that was found, or why there was no answer.
    pub detail: Option<String>,
}

/// What a person may decide now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct DecisionChoice {
    /// `send-again`, `give-up` or `accept`.
    pub decision: &'static str,
    pub does: &'static str,
    pub risk: &'static str,
}

/// One effect in words, for the person who has to decide about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct DossierView {
    pub deal: Option<String>,
    pub reference: Option<String>,
    pub document: Option<PromisedDocumentView>,
    /// When it was sent, oldest first.
    pub sent: Vec<String>,
    pub asked: Vec<QuestionView>,
    /// Only of an unknown outcome.
    pub asked_next_at: Option<String>,
    pub choices: Vec<DecisionChoice>,
    /// The same as sentences, in order.
    pub sentences: Vec<String>,
}

impl EffectView {
    pub fn new(
        effect: &Effect,
        history: &[EffectEvent],
        amount: Option<Amount>,
        now: Timestamp,
    ) -> Self {
        Self {
            key: effect.key.clone(),
            kind: effect.kind.as_str(),
            connection: effect.connection.to_string(),
            opportunity: effect.deal.as_ref().map(ToString::to_string),
            state: effect.state.as_str(),
            promised_at: instant(effect.created_at),
            first_sent_at: effect.first_sent_at.map(instant),
            next_at: effect.next_ask_at.or(effect.not_before).map(instant),
            attempts: effect.attempts,
            empty_answers: effect.empty_answers,
            result_id: effect.result_id.clone(),
            adopted: effect.kind == EffectKind::Document && is_adopted(history),
            error_code: effect.error_code.clone(),
            error_text: effect.error_text.clone(),
            amount,
            age_days: now.duration_since(effect.created_at).as_secs() / SECS_OF_DAY,
            dossier: None,
            history: history.iter().map(EffectEventView::from).collect(),
        }
    }
}
