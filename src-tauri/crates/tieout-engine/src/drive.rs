//! Driving one promised document to its end: send, ask, adopt, or leave it to a person
//! (`design §4` effects, `finance-domain §6 R4`).

use std::time::Duration;

use jiff::Timestamp;
use tieout_connect::clock::Clock;
use tieout_connect::error::ConnectorError;
use tieout_connect::ports::{Ledger, ProposedDocument};
use tieout_domain::effect::{After, EffectState, Replay, after_not_found};
use tieout_domain::facts::{Document, DocumentStatus, Fact, Stamp};
use tieout_domain::ids::RunId;
use tieout_store::{Effect, EffectEvent, EffectMove, Store};

use crate::dossier::NOT_FOUND;
use crate::error::EngineError;
use crate::origin::{FOUND, READ};
use crate::payload;
use crate::problem::code_of;
use crate::progress::CrashPoints;
use crate::waits;

/// An answer to a create about a document that was changed longer ago may be an old one.
const FRESH_SECS: u64 = 120;
/// The note of a document that is there as it was promised.
const AS_PROMISED: &str = "the document is there as promised";
/// Sends of one effect whose answer may be lost before only a person sends it again.
const LOST_ANSWERS_MAX: usize = 3;

/// What driving needs besides the effect.
pub struct Driver<'a> {
    pub store: &'a mut Store,
    pub ledger: &'a dyn Ledger,
    pub replay: Replay,
    pub clock: &'a dyn Clock,
    pub crash_points: &'a dyn CrashPoints,
    pub run: &'a RunId,
}

/// When an unknown outcome is asked about, and what never left is sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timing {
    /// On the schedule of the effect.
    WhenDue,
    /// At once: a person wants it.
    Now,
}

impl Driver<'_> {
    /// Sends an intended document once. The row is committed as sent before the first byte leaves.
    /// Anything else, and what is to wait, stays as it is.
    pub async fn send(&mut self, key: &str, timing: Timing) -> Result<EffectState, EngineError> {
        let effect = self.effect(key)?;
        let proposal = self.proposal(&effect)?;
        if effect.state != EffectState::Intended || !is_due(&effect, timing, self.clock.now()) {
            return Ok(effect.state);
        }
        let sent = EffectMove {
            attempts: Some(effect.attempts + 1),
            empty_answers: Some(0),
            ..self.note("sent")
        };
        self.store.move_effect(key, EffectState::Intended, EffectState::Sent, &sent)?;
        self.crash_points.pass("intent recorded")?;
        if let Some(state) = self.already_there(&effect, &proposal).await? {
            return Ok(state);
        }
        let answer = self.ledger.create(&proposal, effect.attempt_group).await;
        self.crash_points.pass("answer in hand, not recorded")?;
        let state = match answer {
            Ok(document) => self.answered(&effect, &proposal, document).await?,
            Err(error) if error.certainly_not_received() => self.not_received(&effect, &error)?,
            Err(error) if error.is_refusal() => self.refused(&effect, &proposal, &error).await?,
            Err(error) => self.unknown(key, &error)?,
        };
        self.crash_points.pass("outcome recorded")?;
        Ok(state)
    }

    /// A tool that remembers our request gives the first answer again, also when people have voided
    /// or deleted the document since. So an answer that may be an old one is read back.
    async fn answered(
        &mut self,
        effect: &Effect,
        proposal: &ProposedDocument,
        document: Document,
    ) -> Result<EffectState, EngineError> {
        let (key, from) = (effect.key.as_str(), EffectState::Sent);
        let age = waits::age_secs(document.stamp.modified_at, self.clock.now());
        let is_old = effect.first_sent_at.is_some() || age.is_none_or(|age| age > FRESH_SECS);
        if !is_old || !matches!(self.replay, Replay::NativeKey { .. }) {
            return self.settle(key, from, proposal, &document, AS_PROMISED);
        }
        let now = self.ledger.document(document.kind, &document.id).await;
        self.crash_points.pass("answer read back, not recorded")?;
        match now {
            Ok(Some(now)) => self.settle(key, from, proposal, &now, FOUND),
            Ok(None) | Err(ConnectorError::NotFound) => {
                let stamp = Stamp { deleted: true, ..document.stamp };
                let gone = Document { stamp, status: DocumentStatus::Deleted, ..document };
                self.settle(key, from, proposal, &gone, FOUND)
            }
            Err(error) => self.unknown(key, &error),
        }
    }

    /// Another copy of this workspace may have sent the document: a restored backup, a second
    /// computer. Only a tool that refuses a second document with our id needs no question first.
    async fn already_there(
        &mut self,
        effect: &Effect,
        proposal: &ProposedDocument,
    ) -> Result<Option<EffectState>, EngineError> {
        if self.replay == Replay::UniqueExternalId {
            return Ok(None);
        }
        let found = self.ledger.find(proposal).await;
        self.crash_points.pass("asked before sending, not recorded")?;
        match found {
            Ok(None) => Ok(None),
            Ok(Some(document)) => {
                self.settle(&effect.key, EffectState::Sent, proposal, &document, FOUND).map(Some)
            }
            Err(error) => self.not_received(effect, &error).map(Some),
        }
    }

    /// Asks the tool for the key of an unknown outcome. Never sends. Says why there was no answer.
    pub async fn ask(
        &mut self,
        key: &str,
        timing: Timing,
    ) -> Result<Option<ConnectorError>, EngineError> {
        let effect = self.effect(key)?;
        let now = self.clock.now();
        let waits = timing == Timing::WhenDue && effect.next_ask_at.is_some_and(|at| at > now);
        if effect.state != EffectState::Unknown || waits {
            return Ok(None);
        }
        let proposal = self.proposal(&effect)?;
        let answer = self.ledger.find(&proposal).await;
        self.crash_points.pass("look-up in hand, not recorded")?;
        match answer {
            Ok(Some(document)) => {
                self.settle(key, EffectState::Unknown, &proposal, &document, AS_PROMISED)?;
                Ok(None)
            }
            Ok(None) => self.not_found(&effect).map(|()| None),
            Err(error) => {
                let past = Past::of(&self.store.effect_history(key)?);
                let now = self.clock.now();
                let next = waits::ask_at(now, past.asked + 1);
                self.store.note_ask(key, now, &error.to_string(), next, None)?;
                Ok(Some(error))
            }
        }
    }

    /// Settles an effect with a document that carries its key and came by reading.
    pub fn adopt(&mut self, key: &str, document: &Document) -> Result<EffectState, EngineError> {
        let effect = self.effect(key)?;
        let proposal = self.proposal(&effect)?;
        match effect.state {
            EffectState::Unknown => {
                self.settle(key, EffectState::Unknown, &proposal, document, AS_PROMISED)
            }
            EffectState::Intended => {
                let sent = EffectMove { attempts: Some(effect.attempts.max(1)), ..self.note(READ) };
                self.store.move_effect(key, EffectState::Intended, EffectState::Sent, &sent)?;
                self.settle(key, EffectState::Sent, &proposal, document, AS_PROMISED)
            }
            state => Ok(state),
        }
    }

    /// Confirms a document that is the promised one, or raises a conflict.
    fn settle(
        &mut self,
        key: &str,
        from: EffectState,
        proposal: &ProposedDocument,
        document: &Document,
        how: &str,
    ) -> Result<EffectState, EngineError> {
        let (to, detail) = if payload::is_promised(proposal, document) {
            (EffectState::Confirmed, how)
        } else {
            (EffectState::Conflict, "a document carries our key with other content")
        };
        let found = EffectMove { result_id: Some(document.id.to_string()), ..self.note(detail) };
        self.store.settle_effect(key, from, to, &found, &Fact::Document(document.clone()))?;
        Ok(to)
    }

    fn not_received(
        &mut self,
        effect: &Effect,
        error: &ConnectorError,
    ) -> Result<EffectState, EngineError> {
        let at = waits::send_at(self.clock.now(), effect.attempts, wish(error));
        let back = EffectMove {
            not_before: Some(at),
            error_code: Some(code_of(error)),
            error_text: Some(error.to_string()),
            ..self.note("certainly not received")
        };
        self.store.move_effect(&effect.key, EffectState::Sent, EffectState::Intended, &back)?;
        Ok(EffectState::Intended)
    }

    /// A refusal may be a refusal because the document already exists, so the key is asked for
    /// before the refusal is believed. While an earlier answer is lost, an empty look-up proves
    /// nothing either.
    async fn refused(
        &mut self,
        effect: &Effect,
        proposal: &ProposedDocument,
        error: &ConnectorError,
    ) -> Result<EffectState, EngineError> {
        let found = self.ledger.find(proposal).await;
        self.crash_points.pass("asked after a refusal, not recorded")?;
        match found {
            Ok(Some(document)) => {
                return self.settle(&effect.key, EffectState::Sent, proposal, &document, FOUND);
            }
            Ok(None) if effect.first_sent_at.is_none() => {}
            Ok(None) | Err(_) => return self.unknown(&effect.key, error),
        }
        let no = EffectMove {
            error_code: Some(code_of(error)),
            error_text: Some(refusal_text(error)),
            attempt_group: Some(effect.attempt_group + 1),
            ..self.note("refused")
        };
        self.store.move_effect(&effect.key, EffectState::Sent, EffectState::Rejected, &no)?;
        Ok(EffectState::Rejected)
    }

    fn unknown(&mut self, key: &str, error: &ConnectorError) -> Result<EffectState, EngineError> {
        let unknown = EffectMove {
            next_ask_at: Some(waits::ask_at(self.clock.now(), 0)),
            error_code: Some(code_of(error)),
            error_text: Some(refusal_text(error)),
            ..self.note("no answer that says what happened")
        };
        self.store.move_effect(key, EffectState::Sent, EffectState::Unknown, &unknown)?;
        Ok(EffectState::Unknown)
    }

    /// The tool does not show our key now. What may follow depends on the replay class.
    fn not_found(&mut self, effect: &Effect) -> Result<(), EngineError> {
        let now = self.clock.now();
        let past = Past::of(&self.store.effect_history(&effect.key)?);
        let (age, counts) = self.evidence(effect);
        let empty_answers = effect.empty_answers + u32::from(counts);
        let after = after_not_found(self.replay, age, empty_answers);
        if after == After::SendAgainSameKey && past.lost < LOST_ANSWERS_MAX {
            let again = EffectMove {
                empty_answers: Some(empty_answers),
                ..self.note("not found; the same key may be sent again")
            };
            let (from, to) = (EffectState::Unknown, EffectState::Intended);
            return Ok(self.store.move_effect(&effect.key, from, to, &again)?);
        }
        let next = waits::ask_at(now, past.asked + 1);
        Ok(self.store.note_ask(&effect.key, now, NOT_FOUND, next, Some(empty_answers))?)
    }

    /// The age that the replay class asks for, and whether an empty answer now is evidence.
    ///
    /// A tool's memory of our key is counted from the first send, what must become visible from the
    /// last. A clock that was set back proves neither.
    fn evidence(&self, effect: &Effect) -> (u64, bool) {
        let now = self.clock.now();
        let since = |at: Option<Timestamp>| at.and_then(|at| waits::age_secs(at, now));
        match self.replay {
            Replay::NativeKey { .. } => (since(effect.first_sent_at).unwrap_or(u64::MAX), true),
            Replay::UniqueExternalId => (0, true),
            Replay::MarkerSearch { visible_after_secs } => {
                let age = since(effect.last_sent_at).unwrap_or(0);
                (age, age >= u64::from(visible_after_secs))
            }
        }
    }

    fn effect(&self, key: &str) -> Result<Effect, EngineError> {
        self.store.effect(key)?.ok_or_else(|| EngineError::NoSuchEffect(key.into()))
    }

    fn proposal(&self, effect: &Effect) -> Result<ProposedDocument, EngineError> {
        payload::from_text(&effect.payload)
            .ok_or_else(|| EngineError::Payload { key: effect.key.clone() })
    }

    fn note(&self, detail: &str) -> EffectMove {
        EffectMove { run: Some(self.run.clone()), ..EffectMove::at(self.clock.now(), detail) }
    }
}

/// Whether nothing says to wait, or a person does not want to.
pub(crate) fn is_due(effect: &Effect, timing: Timing, now: Timestamp) -> bool {
    timing == Timing::Now || effect.not_before.is_none_or(|at| at <= now)
}

/// What an effect's history says about its answers.
struct Past {
    /// Sends whose outcome was unknown.
    lost: usize,
    /// Questions since the last of them.
    asked: usize,
}

impl Past {
    fn of(history: &[EffectEvent]) -> Self {
        let is_lost = |event: &&EffectEvent| {
            event.from == Some(EffectState::Sent) && event.to == EffectState::Unknown
        };
        let is_question = |event: &&EffectEvent| {
            event.from == Some(EffectState::Unknown) && event.to == EffectState::Unknown
        };
        let since = history.iter().rev().take_while(|event| !is_lost(event));
        Self {
            lost: history.iter().filter(is_lost).count(),
            asked: since.filter(is_question).count(),
        }
    }
}

/// How long the tool asks us to wait.
fn wish(error: &ConnectorError) -> Option<Duration> {
    match error {
        ConnectorError::Throttled { retry_after } | ConnectorError::BudgetSpent { retry_after } => {
            *retry_after
        }
        _ => None,
    }
}

/// The text for the person at this computer.
fn refusal_text(error: &ConnectorError) -> String {
    match error {
        ConnectorError::Rejected { text, .. } => text.clone(),
        other => other.to_string(),
    }
}
