//! Writes into the CRM as promised effects: each is durable before it leaves and has a history,
//! like every other side effect. They are idempotent, so a lost answer is settled by comparing
//! again.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use tieout_connect::error::ConnectorError;
use tieout_connect::key::content_hash;
use tieout_connect::ports::{CrmWrite, FieldValue, WriteTarget};
use tieout_domain::effect::EffectState;
use tieout_domain::ids::{AccountId, ConnectionId, DealId, RunId};
use tieout_store::{
    Effect, EffectBatch, EffectFilter, EffectKind, EffectMove, Intended, StoreError,
};

use crate::engine::Engine;
use crate::error::EngineError;
use crate::problem::{Problem, code_of};
use crate::promise::unsent;
use crate::write_back::Answered;

/// Fields that are written only together with another that changed, and are no content.
const COMPANIONS: [&str; 8] = [
    "Tieout_As_Of__c",
    "Tieout_Run_Id__c",
    "Tieout_Last_Synced__c",
    "As_Of__c",
    "Run_Id__c",
    "Last_Synced__c",
    "First_Seen__c",
    "Last_Seen__c",
];
/// The note of a write that a newer one of the same record makes needless.
const SUPERSEDED: &str = "superseded by newer figures";
/// Wait after each refusal of the same content in a row, in seconds. The last one repeats.
const REFUSED_AGAIN_AFTER_SECS: [i64; 5] = [0, 0, 3_600, 21_600, 86_400];

/// Whether a field says nothing by itself.
pub(crate) fn is_companion(name: &str) -> bool {
    COMPANIONS.contains(&name)
}

/// Earlier writes of one kind, by the record that they were for.
pub(crate) struct Earlier {
    kind: EffectKind,
    by_subject: BTreeMap<String, Vec<Effect>>,
}

impl Earlier {
    /// Every write for this record, oldest first.
    pub fn of(&self, target: &WriteTarget) -> &[Effect] {
        self.by_subject.get(&subject(target)).map_or(&[], Vec::as_slice)
    }

    /// Records that were ever written.
    pub fn targets(&self) -> impl Iterator<Item = WriteTarget> {
        self.by_subject.keys().filter_map(|subject| target_of(subject))
    }

    /// What the CRM said to this very content before, while it is too early to try it again.
    pub fn refused_lately(&self, write: &CrmWrite, now: Timestamp) -> Option<Problem> {
        let hash = hash_of_write(write);
        let row = self.of(&write.target).iter().rev();
        let refused: Vec<&Effect> = row
            .take_while(|it| it.state == EffectState::Rejected && it.content_hash == hash)
            .collect();
        let last = refused.first()?;
        let wait = REFUSED_AGAIN_AFTER_SECS[(refused.len() - 1).min(4)];
        let again = last.last_sent_at?.checked_add(SignedDuration::from_secs(wait)).ok()?;
        (again > now).then(|| Problem::of_code(last.error_code.as_deref().unwrap_or_default()))
    }

    /// How often in a row this record was refused.
    pub fn refusals(&self, target: &WriteTarget) -> usize {
        let row = self.of(target).iter().rev();
        row.take_while(|effect| effect.state == EffectState::Rejected).count()
    }
}

impl Engine {
    /// Everything of one kind that was ever written into the CRM.
    pub(crate) fn earlier_writes(
        &self,
        connection: &ConnectionId,
        kind: EffectKind,
    ) -> Result<Earlier, EngineError> {
        let mut effects = self.store.effects(&EffectFilter {
            connection: Some(connection.clone()),
            kind: Some(kind),
            ..EffectFilter::default()
        })?;
        effects.sort_by_key(|effect| effect.sequence);
        let mut by_subject: BTreeMap<String, Vec<Effect>> = BTreeMap::new();
        for effect in effects {
            let subject = subject_of(&effect.key).to_owned();
            by_subject.entry(subject).or_default().push(effect);
        }
        Ok(Earlier { kind, by_subject })
    }

    /// Promises these writes and marks them as sent, all in one transaction; returns their keys, in
    /// the same order. Earlier promises for the same records that never ended are superseded: the
    /// newer values say everything that they said.
    pub(crate) fn promise_writes(
        &mut self,
        connection: &ConnectionId,
        writes: &[CrmWrite],
        earlier: &mut Earlier,
        run: &RunId,
    ) -> Result<Vec<String>, EngineError> {
        let org = self.crm.as_ref().ok_or(EngineError::NothingToReport)?.port.org().clone();
        let now = self.clock.now();
        let (sent, newer) = (self.write_step("sent", run), self.write_step(SUPERSEDED, run));
        let mut batch = self.store.effect_batch()?;
        let mut keys = Vec::with_capacity(writes.len());
        for write in writes {
            let subject = subject(&write.target);
            let held = earlier.by_subject.entry(subject.clone()).or_default();
            for effect in held.iter_mut().filter(|effect| effect.state.in_flight()) {
                supersede(&mut batch, effect, &newer)?;
                effect.state = EffectState::Cancelled;
            }
            let sequence = held.last().map_or(0, |effect| effect.sequence) + 1;
            let mut effect = Effect {
                key: format!("{}:{subject}:{sequence}", earlier.kind.as_str()),
                deal: match &write.target {
                    WriteTarget::Deal(deal) => Some(deal.clone()),
                    _ => None,
                },
                sequence,
                content_hash: hash_of_write(write),
                payload: payload(&write.fields),
                ..unsent(earlier.kind, connection, &org, run, now)
            };
            if let Intended::Exists(_) = batch.intend(&effect)? {
                return Err(EngineError::Payload { key: effect.key });
            }
            batch.move_effect(&effect.key, EffectState::Intended, EffectState::Sent, &sent)?;
            effect.state = EffectState::Sent;
            keys.push(effect.key.clone());
            held.push(effect);
        }
        batch.commit()?;
        Ok(keys)
    }

    /// Records what the CRM answered to these writes, all in one transaction.
    pub(crate) fn settle_writes(
        &mut self,
        keys: &[String],
        answered: &Answered,
        earlier: &mut Earlier,
        run: &RunId,
    ) -> Result<(), EngineError> {
        let step = self.write_step("answered", run);
        let mut batch = self.store.effect_batch()?;
        for (place, key) in keys.iter().enumerate() {
            let outcome = answered.of(place);
            let (to, mut change) = (state_after(outcome), step.clone());
            if let Err(error) = outcome {
                change.detail = error.to_string();
                change.error_code = Some(code_of(error));
                change.error_text = Some(match error {
                    ConnectorError::Rejected { text, .. } => text.clone(),
                    other => other.to_string(),
                });
            }
            batch.move_effect(key, EffectState::Sent, to, &change)?;
            let held = earlier.by_subject.get_mut(subject_of(key)).and_then(|row| row.last_mut());
            if let Some(effect) = held.filter(|effect| effect.key == *key) {
                effect.state = to;
                effect.error_code = change.error_code;
                effect.last_sent_at = Some(change.at);
            }
        }
        Ok(batch.commit()?)
    }

    /// Ends earlier writes of a record that shows everything: a lost answer was a success, and what
    /// never left is not needed.
    pub(crate) fn settle_shown(
        &mut self,
        target: &WriteTarget,
        earlier: &Earlier,
        run: &RunId,
    ) -> Result<(), EngineError> {
        let (shown, newer) =
            (self.write_step("the record shows it", run), self.write_step(SUPERSEDED, run));
        for effect in earlier.of(target).iter().filter(|effect| effect.state.in_flight()) {
            let mut batch = self.store.effect_batch()?;
            if effect.state == EffectState::Unknown {
                let (from, to) = (EffectState::Unknown, EffectState::Confirmed);
                batch.move_effect(&effect.key, from, to, &shown)?;
            } else {
                supersede(&mut batch, effect, &newer)?;
            }
            batch.commit()?;
        }
        Ok(())
    }

    fn write_step(&self, detail: &str, run: &RunId) -> EffectMove {
        EffectMove { run: Some(run.clone()), ..EffectMove::at(self.clock.now(), detail) }
    }
}

fn supersede(
    batch: &mut EffectBatch<'_>,
    effect: &Effect,
    newer: &EffectMove,
) -> Result<(), StoreError> {
    let key = effect.key.as_str();
    if effect.state != EffectState::Intended {
        batch.move_effect(key, effect.state, EffectState::Intended, newer)?;
    }
    batch.move_effect(key, EffectState::Intended, EffectState::Cancelled, newer)
}

/// The state that an answer of the CRM leads to. Writes are idempotent: what was certainly not
/// received goes back to intended, and everything else is settled by comparing again.
fn state_after(outcome: &Result<(), ConnectorError>) -> EffectState {
    match outcome {
        Ok(()) => EffectState::Confirmed,
        Err(error) if error.is_refusal() => EffectState::Rejected,
        Err(error) if error.certainly_not_received() => EffectState::Intended,
        Err(_) => EffectState::Unknown,
    }
}

const DEAL: &str = "deal/";
const ACCOUNT: &str = "account/";
const LEDGER_ACCOUNT: &str = "ledger_account/";
const FAILURE: &str = "failure/";
const TASK: &str = "task/";

fn subject(target: &WriteTarget) -> String {
    match target {
        WriteTarget::Deal(id) => format!("{DEAL}{id}"),
        WriteTarget::Account(id) => format!("{ACCOUNT}{id}"),
        WriteTarget::LedgerAccount { key } => format!("{LEDGER_ACCOUNT}{key}"),
        WriteTarget::Failure { fingerprint } => format!("{FAILURE}{fingerprint}"),
        WriteTarget::Task { token } => format!("{TASK}{token}"),
    }
}

/// The subject inside a key: between the kind and the sequence.
fn subject_of(key: &str) -> &str {
    let rest = key.split_once(':').map_or(key, |(_, rest)| rest);
    rest.rsplit_once(':').map_or(rest, |(subject, _)| subject)
}

/// The record that a subject names.
fn target_of(subject: &str) -> Option<WriteTarget> {
    if let Some(id) = subject.strip_prefix(DEAL) {
        return DealId::new(id).ok().map(WriteTarget::Deal);
    }
    if let Some(id) = subject.strip_prefix(ACCOUNT) {
        return AccountId::new(id).ok().map(WriteTarget::Account);
    }
    let owned = |text: &str| text.to_owned();
    if let Some(key) = subject.strip_prefix(LEDGER_ACCOUNT) {
        return Some(WriteTarget::LedgerAccount { key: owned(key) });
    }
    if let Some(print) = subject.strip_prefix(FAILURE) {
        return Some(WriteTarget::Failure { fingerprint: owned(print) });
    }
    subject.strip_prefix(TASK).map(|token| WriteTarget::Task { token: owned(token) })
}

/// The fields as JSON text, in their order.
fn payload(fields: &[(String, FieldValue)]) -> String {
    let fields: Vec<serde_json::Value> =
        fields.iter().map(|(name, value)| serde_json::json!([name, value_text(value)])).collect();
    serde_json::Value::Array(fields).to_string()
}

/// Reads the values that `payload` wrote, as texts. Nothing else is ever read back.
pub(crate) fn values_of(payload: &str) -> BTreeMap<String, String> {
    let fields: Vec<(String, Option<String>)> = serde_json::from_str(payload).unwrap_or_default();
    fields.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

/// Hash of what a write says, without the fields that change with every run.
pub(crate) fn hash_of_write(write: &CrmWrite) -> String {
    let said: Vec<(String, FieldValue)> =
        write.fields.iter().filter(|(name, _)| !is_companion(name)).cloned().collect();
    content_hash(payload(&said).as_bytes())
}

fn value_text(value: &FieldValue) -> Option<String> {
    match value {
        FieldValue::Text(text) => Some(text.clone()),
        FieldValue::Amount(money) => Some(money.to_string()),
        FieldValue::Count(count) => Some(count.to_string()),
        FieldValue::Number(number) => Some(number.normalize().to_string()),
        FieldValue::Date(date) => Some(date.to_string()),
        FieldValue::Instant(at) => Some(at.to_string()),
        FieldValue::Empty => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(target: WriteTarget) {
        let key = format!("write_back:{}:17", subject(&target));
        assert_eq!(target_of(subject_of(&key)), Some(target));
    }

    #[test]
    fn a_key_names_its_record() {
        check(WriteTarget::Deal(DealId::new("006D1").unwrap()));
        check(WriteTarget::Account(AccountId::new("001A").unwrap()));
        check(WriteTarget::LedgerAccount { key: "qbo:9130|58|USD".into() });
        check(WriteTarget::Failure { fingerprint: "ab12".into() });
        check(WriteTarget::Task { token: "INV-1:30".into() });
    }

    fn write(fields: &[(&str, &str)]) -> CrmWrite {
        let text = |(name, value): &(&str, &str)| {
            ((*name).to_owned(), FieldValue::Text((*value).to_owned()))
        };
        CrmWrite {
            target: WriteTarget::Deal(DealId::new("006D1").unwrap()),
            fields: fields.iter().map(text).collect(),
        }
    }

    #[test]
    fn another_run_says_the_same() {
        let first = write(&[("Tieout_Cash_Status__c", "OPEN"), ("Tieout_Run_Id__c", "r1")]);
        let second = write(&[("Tieout_Cash_Status__c", "OPEN"), ("Tieout_Run_Id__c", "r2")]);
        let other = write(&[("Tieout_Cash_Status__c", "PAID"), ("Tieout_Run_Id__c", "r1")]);
        assert_eq!(hash_of_write(&first), hash_of_write(&second));
        assert_ne!(hash_of_write(&first), hash_of_write(&other));
    }

    #[test]
    fn values_are_read_back_as_texts() {
        let values = values_of(&payload(&[
            ("State__c".into(), FieldValue::Text("open".into())),
            ("Next_Retry__c".into(), FieldValue::Empty),
            ("Retry_Count__c".into(), FieldValue::Count(3)),
        ]));
        let lines: Vec<String> = values.iter().map(|(name, it)| format!("{name}={it}")).collect();
        assert_eq!(lines, ["Retry_Count__c=3", "State__c=open"]);
        assert!(values_of("not ours").is_empty());
    }
}
