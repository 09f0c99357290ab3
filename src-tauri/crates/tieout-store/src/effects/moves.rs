//! Promising, moving and asking.

use jiff::Timestamp;
use rusqlite::Connection;
use tieout_domain::effect::EffectState;
use tieout_domain::facts::Fact;
use tieout_domain::ids::RunId;

use super::row::{self, Effect, EffectEvent};
use crate::audit;
use crate::error::StoreError;
use crate::facts::record_one;
use crate::store::Store;

/// The code of an effect whose answer the end of the program cut off.
const CUT_OFF: &str = "no_answer";

/// What promising came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Intended {
    /// The promise is durable.
    New,
    /// The key was promised before. Compare `content_hash`: the caller decides what follows.
    Exists(Box<Effect>),
}

/// What a move changes beside the state. Build it with `EffectMove::at`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EffectMove {
    pub at: Timestamp,
    /// What happened, in a few words without customer data: it enters the audit chain.
    pub detail: String,
    /// `None` keeps the id that is there.
    pub result_id: Option<String>,
    /// `None` clears it.
    pub error_code: Option<String>,
    /// `None` clears it.
    pub error_text: Option<String>,
    /// `None` clears it. Only an intended effect has one.
    pub not_before: Option<Timestamp>,
    /// `None` clears it. Only an unknown outcome has one.
    pub next_ask_at: Option<Timestamp>,
    /// `None` keeps the count.
    pub empty_answers: Option<u32>,
    /// `None` keeps it. It never falls, and stays after a lost answer. Raised with a refusal it
    /// says that the refusal is definite: nothing came to be.
    pub attempt_group: Option<u32>,
    /// `None` counts one more on a move to `sent` and keeps the count on any other.
    pub attempts: Option<u32>,
    /// What a person adds.
    pub note: Option<String>,
    /// The run that moves it.
    pub run: Option<RunId>,
}

impl EffectMove {
    /// A move at a moment that changes nothing beside the state. `detail` says what happened, in a
    /// few words without customer data.
    pub fn at(at: Timestamp, detail: &str) -> Self {
        Self {
            at,
            detail: detail.to_owned(),
            result_id: None,
            error_code: None,
            error_text: None,
            not_before: None,
            next_ask_at: None,
            empty_answers: None,
            attempt_group: None,
            attempts: None,
            note: None,
            run: None,
        }
    }
}

impl Store {
    /// Makes a promise durable, unless its key was promised before. `ContentFrozen`: the effect
    /// given is not one that nothing can have received yet.
    pub fn intend(&mut self, effect: &Effect) -> Result<Intended, StoreError> {
        let mut batch = self.effect_batch()?;
        let promised = batch.intend(effect)?;
        batch.commit()?;
        Ok(promised)
    }

    /// Replaces the content of a promise that nothing can have received. `ContentFrozen` from the
    /// moment that a first byte may have left (`finance-domain §4`, invoice proposal).
    pub fn replace_content(
        &mut self,
        key: &str,
        at: Timestamp,
        content_hash: &str,
        payload: &str,
    ) -> Result<(), StoreError> {
        let tx = self.write()?;
        let effect = existing(&tx, key)?;
        if effect.state != EffectState::Intended || effect.first_sent_at.is_some() {
            return Err(StoreError::ContentFrozen { key: key.to_owned() });
        }
        row::update_content(&tx, key, content_hash, payload)?;
        let replaced = EffectMove::at(at, "content replaced");
        remember(&tx, Some(effect.state), &effect, &replaced)?;
        Ok(tx.commit()?)
    }

    /// Promises again what was refused or withdrawn, under the same key, as a person approved it.
    /// `IllegalMove` from any other state.
    ///
    /// `ContentFrozen`: the content differs, and a document with the earlier one may exist.
    pub fn promise_again(
        &mut self,
        key: &str,
        content_hash: &str,
        payload: &str,
        change: &EffectMove,
    ) -> Result<(), StoreError> {
        let tx = self.write()?;
        let before = existing(&tx, key)?;
        if !matches!(before.state, EffectState::Rejected | EffectState::Cancelled) {
            return Err(illegal(&before, EffectState::Rejected, EffectState::Intended));
        }
        if before.content_hash != content_hash || before.payload != payload {
            if before.first_sent_at.is_some() {
                return Err(StoreError::ContentFrozen { key: key.to_owned() });
            }
            row::update_content(&tx, key, content_hash, payload)?;
        }
        shift(&tx, key, before.state, EffectState::Intended, change)?;
        Ok(tx.commit()?)
    }

    /// Moves an effect. `IllegalMove` when the domain does not allow the move, or when the effect
    /// is not in `from` any more; then nothing has changed.
    pub fn move_effect(
        &mut self,
        key: &str,
        from: EffectState,
        to: EffectState,
        change: &EffectMove,
    ) -> Result<(), StoreError> {
        let mut batch = self.effect_batch()?;
        batch.move_effect(key, from, to, change)?;
        batch.commit()
    }

    /// Moves an effect and records the fact that proves where it went, in one transaction. The fact
    /// belongs to the effect's connection and is observed at the moment of the move.
    pub fn settle_effect(
        &mut self,
        key: &str,
        from: EffectState,
        to: EffectState,
        change: &EffectMove,
        fact: &Fact,
    ) -> Result<(), StoreError> {
        let tx = self.write()?;
        let effect = shift(&tx, key, from, to, change)?;
        let run = change.run.as_ref().unwrap_or(&effect.run);
        record_one(&tx, &effect.connection, run, change.at, fact)?;
        tx.commit()?;
        tell(key, from, to);
        Ok(())
    }

    /// Notes that the tool was asked about an unknown outcome and nothing moved. `empty_answers` is
    /// the new count, `None` keeps it. `IllegalMove` when the outcome is not unknown any more.
    pub fn note_ask(
        &mut self,
        key: &str,
        at: Timestamp,
        detail: &str,
        next_ask_at: Timestamp,
        empty_answers: Option<u32>,
    ) -> Result<(), StoreError> {
        let tx = self.write()?;
        let before = existing(&tx, key)?;
        if before.state != EffectState::Unknown {
            return Err(illegal(&before, EffectState::Unknown, EffectState::Unknown));
        }
        let effect = Effect {
            next_ask_at: Some(next_ask_at),
            empty_answers: empty_answers.unwrap_or(before.empty_answers),
            ..before
        };
        row::update(&tx, &effect)?;
        let asked = EffectMove::at(at, detail);
        remember(&tx, Some(effect.state), &effect, &asked)?;
        Ok(tx.commit()?)
    }

    /// Effects that were sent when the last instance ended have an unknown outcome. Call it once
    /// after opening, before anything is sent. Returns their keys; they may be asked about at once.
    pub fn recover_sent(&mut self, at: Timestamp) -> Result<Vec<String>, StoreError> {
        let tx = self.write()?;
        let mut query = tx.prepare_cached(
            "SELECT key FROM effect
             WHERE connection IN (SELECT id FROM connection) AND state = ?1 ORDER BY rowid",
        )?;
        let keys = query
            .query_map([EffectState::Sent.as_str()], |row| row.get(0))?
            .collect::<Result<Vec<String>, _>>()?;
        drop(query);
        for key in &keys {
            let cut_off = EffectMove {
                next_ask_at: Some(at),
                error_code: Some(CUT_OFF.to_owned()),
                ..EffectMove::at(at, "the program ended before an answer was recorded")
            };
            shift(&tx, key, EffectState::Sent, EffectState::Unknown, &cut_off)?;
        }
        tx.commit()?;
        Ok(keys)
    }
}

pub(super) fn tell(key: &str, from: EffectState, to: EffectState) {
    tracing::info!(key, from = from.as_str(), to = to.as_str(), "an effect moved");
}

/// Promises an effect inside the caller's transaction, unless its key was promised before.
pub(super) fn promise(db: &Connection, effect: &Effect) -> Result<Intended, StoreError> {
    if effect.state != EffectState::Intended || effect.first_sent_at.is_some() {
        return Err(StoreError::ContentFrozen { key: effect.key.clone() });
    }
    if let Some(before) = row::load(db, &effect.key)? {
        return Ok(Intended::Exists(Box::new(before)));
    }
    row::insert(db, effect)?;
    let promise = EffectMove {
        run: Some(effect.run.clone()),
        ..EffectMove::at(effect.created_at, "promised")
    };
    remember(db, None, effect, &promise)?;
    Ok(Intended::New)
}

/// Checks and makes one move inside the caller's transaction; returns the effect as it is now.
pub(super) fn shift(
    db: &Connection,
    key: &str,
    from: EffectState,
    to: EffectState,
    change: &EffectMove,
) -> Result<Effect, StoreError> {
    let before = existing(db, key)?;
    if before.state != from || !from.may_become(to) {
        return Err(illegal(&before, from, to));
    }
    let effect = moved(db, before, to, change)?;
    row::update(db, &effect)?;
    remember(db, Some(from), &effect, change)?;
    Ok(effect)
}

fn moved(
    db: &Connection,
    before: Effect,
    to: EffectState,
    change: &EffectMove,
) -> Result<Effect, StoreError> {
    let attempt_group = change.attempt_group.unwrap_or(before.attempt_group);
    let after_lost_answer = before.state == EffectState::Unknown && to == EffectState::Intended;
    if attempt_group < before.attempt_group
        || (after_lost_answer && attempt_group != before.attempt_group)
    {
        return Err(StoreError::AttemptGroup { key: before.key });
    }
    let sends = to == EffectState::Sent;
    let refused = to == EffectState::Rejected && attempt_group > before.attempt_group;
    let no_effect = before.state == EffectState::Sent && (to == EffectState::Intended || refused);
    let first_sent_at = match before.first_sent_at {
        None if sends => Some(change.at),
        Some(_) if no_effect && !was_ever_unknown(db, &before.key)? => None,
        first => first,
    };
    Ok(Effect {
        state: to,
        attempt_group,
        first_sent_at,
        last_sent_at: if sends { Some(change.at) } else { before.last_sent_at },
        not_before: change.not_before,
        next_ask_at: change.next_ask_at,
        empty_answers: change.empty_answers.unwrap_or(before.empty_answers),
        attempts: change.attempts.unwrap_or(before.attempts + u32::from(sends)),
        result_id: change.result_id.clone().or(before.result_id),
        error_code: change.error_code.clone(),
        error_text: change.error_text.clone(),
        ..before
    })
}

/// Whether an earlier send may have been received all the same.
fn was_ever_unknown(db: &Connection, key: &str) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM effect_history WHERE key = ?1 AND to_state = ?2";
    Ok(db.prepare_cached(sql)?.exists((key, EffectState::Unknown.as_str()))?)
}

/// History and audit of what just happened to an effect.
fn remember(
    db: &Connection,
    from: Option<EffectState>,
    effect: &Effect,
    change: &EffectMove,
) -> Result<(), StoreError> {
    row::insert_event(
        db,
        &EffectEvent {
            key: effect.key.clone(),
            at: change.at,
            from,
            to: effect.state,
            detail: change.detail.clone(),
            note: change.note.clone(),
            attempt_group: effect.attempt_group,
            attempts: effect.attempts,
            empty_answers: effect.empty_answers,
            result_id: effect.result_id.clone(),
            error_code: effect.error_code.clone(),
            error_text: effect.error_text.clone(),
            run: change.run.clone(),
        },
    )?;
    let before = from.map_or("nothing", EffectState::as_str);
    let text = format!("{before} -> {}: {}", effect.state.as_str(), change.detail);
    audit::append(db, change.at, "engine", "effect.moved", &effect.key, &text)
}

fn existing(db: &Connection, key: &str) -> Result<Effect, StoreError> {
    row::load(db, key)?.ok_or_else(|| StoreError::NoSuchEffect { key: key.to_owned() })
}

fn illegal(effect: &Effect, from: EffectState, to: EffectState) -> StoreError {
    StoreError::IllegalMove { key: effect.key.clone(), from, to, found: effect.state }
}
