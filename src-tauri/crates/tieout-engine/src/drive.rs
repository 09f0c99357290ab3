//! Driving one promised document to its end: send, ask, adopt, or leave it to a person
//! (`design §4` effects, `finance-domain §6 R4`).

use jiff::{SignedDuration, Timestamp};
use tieout_connect::clock::Clock;
use tieout_connect::error::ConnectorError;
use tieout_connect::ports::{Ledger, ProposedDocument};
use tieout_domain::effect::{After, EffectState, Replay, after_not_found};
use tieout_domain::facts::{Document, Fact};
use tieout_domain::ids::RunId;
use tieout_store::{Effect, EffectMove, Store};

use crate::error::EngineError;
use crate::payload;
use crate::progress::CrashPoints;

/// Waits between two questions about one unknown outcome, in seconds. The last one repeats.
const ASK_AFTER_SECS: [i64; 6] = [65, 600, 1_200, 3_600, 21_600, 86_400];
/// Wait before an effect that certainly was not received is sent again, in seconds.
const SEND_AGAIN_AFTER_SECS: [i64; 5] = [5, 30, 120, 600, 1_800];

/// What driving needs besides the effect.
pub struct Driver<'a> {
    pub store: &'a mut Store,
    pub ledger: &'a dyn Ledger,
    pub replay: Replay,
    pub clock: &'a dyn Clock,
    pub crash_points: &'a dyn CrashPoints,
    pub run: &'a RunId,
}

impl Driver<'_> {
    /// Sends an intended document once. The row is committed as sent before the first byte leaves.
    pub async fn send(&mut self, key: &str) -> Result<EffectState, EngineError> {
        let effect = self.effect(key)?;
        let proposal = self.proposal(&effect)?;
        let now = self.clock.now();
        if effect.state != EffectState::Intended || effect.not_before.is_some_and(|at| at > now) {
            return Ok(effect.state);
        }
        let sent = EffectMove { attempts: Some(effect.attempts + 1), ..self.note("sent") };
        self.store.move_effect(key, EffectState::Intended, EffectState::Sent, &sent)?;
        self.crash_points.pass("intent recorded")?;
        let answer = self.ledger.create(&proposal, effect.attempt_group).await;
        self.crash_points.pass("answer in hand, not recorded")?;
        let state = match answer {
            Ok(document) => self.settle(key, EffectState::Sent, &proposal, &document)?,
            Err(error) if error.certainly_not_received() => {
                self.back_to_intended(&effect, &error)?
            }
            Err(error) if error.is_refusal() => self.refused(&effect, &proposal, &error).await?,
            Err(error) => self.unknown(&effect, &error)?,
        };
        self.crash_points.pass("outcome recorded")?;
        Ok(state)
    }

    /// Asks the tool for the key of an unknown outcome. Never sends.
    pub async fn ask(&mut self, key: &str) -> Result<EffectState, EngineError> {
        let effect = self.effect(key)?;
        let now = self.clock.now();
        if effect.state != EffectState::Unknown || effect.next_ask_at.is_some_and(|at| at > now) {
            return Ok(effect.state);
        }
        let proposal = self.proposal(&effect)?;
        let answer = self.ledger.find(&proposal).await;
        self.crash_points.pass("look-up in hand, not recorded")?;
        match answer {
            Ok(Some(document)) => self.settle(key, EffectState::Unknown, &proposal, &document),
            Ok(None) => self.not_found(&effect),
            Err(error) => {
                let next = self.next_ask(&effect);
                self.store.note_ask(key, self.clock.now(), &error.to_string(), next, None)?;
                Ok(EffectState::Unknown)
            }
        }
    }

    /// Confirms a document that is the promised one, or raises a conflict.
    fn settle(
        &mut self,
        key: &str,
        from: EffectState,
        proposal: &ProposedDocument,
        document: &Document,
    ) -> Result<EffectState, EngineError> {
        let (to, detail) = if payload::is_promised(proposal, document) {
            (EffectState::Confirmed, "the document is there as promised")
        } else {
            (EffectState::Conflict, "a document carries our key with other content")
        };
        let found = EffectMove { result_id: Some(document.id.to_string()), ..self.note(detail) };
        self.store.settle_effect(key, from, to, &found, &Fact::Document(document.clone()))?;
        Ok(to)
    }

    fn back_to_intended(
        &mut self,
        effect: &Effect,
        error: &ConnectorError,
    ) -> Result<EffectState, EngineError> {
        let wait = match error {
            ConnectorError::Throttled { retry_after: Some(hint) }
            | ConnectorError::BudgetSpent { retry_after: Some(hint) } => {
                SignedDuration::try_from(*hint).unwrap_or(SignedDuration::from_secs(60))
            }
            _ => step(&SEND_AGAIN_AFTER_SECS, effect.attempts),
        };
        let back = EffectMove {
            not_before: Some(later(self.clock.now(), wait)),
            error_text: Some(error.to_string()),
            ..self.note("certainly not received")
        };
        self.store.move_effect(&effect.key, EffectState::Sent, EffectState::Intended, &back)?;
        Ok(EffectState::Intended)
    }

    /// A refusal may be a refusal because the document already exists, so the key is asked for
    /// before the refusal is believed.
    async fn refused(
        &mut self,
        effect: &Effect,
        proposal: &ProposedDocument,
        error: &ConnectorError,
    ) -> Result<EffectState, EngineError> {
        if let Ok(Some(document)) = self.ledger.find(proposal).await {
            return self.settle(&effect.key, EffectState::Sent, proposal, &document);
        }
        let (code, text) = refusal_words(error);
        let no = EffectMove {
            error_code: Some(code),
            error_text: Some(text),
            attempt_group: Some(effect.attempt_group + 1),
            ..self.note("refused")
        };
        self.store.move_effect(&effect.key, EffectState::Sent, EffectState::Rejected, &no)?;
        Ok(EffectState::Rejected)
    }

    fn unknown(
        &mut self,
        effect: &Effect,
        error: &ConnectorError,
    ) -> Result<EffectState, EngineError> {
        let unknown = EffectMove {
            next_ask_at: Some(later(self.clock.now(), step(&ASK_AFTER_SECS, 0))),
            empty_answers: Some(0),
            error_text: Some(error.to_string()),
            ..self.note("no answer that says what happened")
        };
        self.store.move_effect(&effect.key, EffectState::Sent, EffectState::Unknown, &unknown)?;
        Ok(EffectState::Unknown)
    }

    /// The tool does not show our key now. What may follow depends on the replay class.
    fn not_found(&mut self, effect: &Effect) -> Result<EffectState, EngineError> {
        let now = self.clock.now();
        let age = age_secs(effect.first_sent_at, now);
        let counts = match self.replay {
            Replay::MarkerSearch { visible_after_secs } => age >= u64::from(visible_after_secs),
            Replay::NativeKey { .. } | Replay::UniqueExternalId => true,
        };
        let empty_answers = effect.empty_answers + u32::from(counts);
        if after_not_found(self.replay, age, empty_answers) == After::SendAgainSameKey {
            let again = EffectMove {
                empty_answers: Some(empty_answers),
                ..self.note("not found; the same key may be sent again")
            };
            let (from, to) = (EffectState::Unknown, EffectState::Intended);
            self.store.move_effect(&effect.key, from, to, &again)?;
            return Ok(EffectState::Intended);
        }
        let counted = Effect { empty_answers, ..effect.clone() };
        let next = self.next_ask(&counted);
        self.store.note_ask(&effect.key, now, "not found", next, Some(empty_answers))?;
        Ok(EffectState::Unknown)
    }

    fn next_ask(&self, effect: &Effect) -> Timestamp {
        later(self.clock.now(), step(&ASK_AFTER_SECS, effect.empty_answers.max(1)))
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

/// The code and the text for the person at this computer.
fn refusal_words(error: &ConnectorError) -> (String, String) {
    match error {
        ConnectorError::Rejected { code, text, .. } => (code.clone(), text.clone()),
        ConnectorError::PeriodClosed { code } => (code.clone(), error.to_string()),
        ConnectorError::NotPermitted { what } => ("NOT_PERMITTED".into(), what.clone()),
        other => ("REFUSED".into(), other.to_string()),
    }
}

fn step(steps: &[i64], at: u32) -> SignedDuration {
    let last = steps.len() - 1;
    let index = usize::try_from(at).unwrap_or(last).min(last);
    SignedDuration::from_secs(steps[index])
}

fn later(now: Timestamp, wait: SignedDuration) -> Timestamp {
    now.checked_add(wait).unwrap_or(Timestamp::MAX)
}

fn age_secs(since: Option<Timestamp>, now: Timestamp) -> u64 {
    since.map_or(0, |at| u64::try_from(now.duration_since(at).as_secs()).unwrap_or(0))
}
