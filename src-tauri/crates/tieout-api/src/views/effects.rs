//! Promised side effects and their history.

use serde::Serialize;
use tieout_engine::is_adopted;
use tieout_store::{Effect, EffectEvent, EffectKind};

use super::instant;

/// One moment in the life of an effect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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
    pub history: Vec<EffectEventView>,
}

/// All effects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EffectsView {
    pub count: usize,
    pub effects: Vec<EffectView>,
}

impl EffectView {
    pub fn new(effect: &Effect, history: &[EffectEvent]) -> Self {
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
            history: history.iter().map(EffectEventView::from).collect(),
        }
    }
}
