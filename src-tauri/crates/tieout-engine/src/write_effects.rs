//! Write-backs as promised effects: each is durable before it leaves and has a history, like every
//! other side effect. They are idempotent, so a lost answer is settled by comparing again.

use tieout_connect::error::ConnectorError;
use tieout_connect::key::content_hash;
use tieout_connect::ports::{Crm, CrmWrite, FieldValue, WriteTarget};
use tieout_domain::effect::EffectState;
use tieout_domain::ids::{ConnectionId, RunId};
use tieout_store::{Effect, EffectFilter, EffectKind, EffectMove, Intended};

use crate::engine::Engine;
use crate::error::EngineError;
use crate::run::Problem;
use crate::write_back::{WriteBackReport, state_after};

impl Engine {
    /// Promises a batch of writes and marks them as sent. Earlier promises for the same record that
    /// never ended are superseded: the newer figures say everything that they said.
    pub(crate) fn promise_writes(
        &mut self,
        connection: &ConnectionId,
        writes: &[CrmWrite],
        run: &RunId,
    ) -> Result<Vec<String>, EngineError> {
        let org = self.crm.as_ref().ok_or(EngineError::NothingToReport)?.port.org().clone();
        let mut earlier = self.store.effects(&EffectFilter {
            connection: Some(connection.clone()),
            kind: Some(EffectKind::WriteBack),
            ..EffectFilter::default()
        })?;
        let mut keys = Vec::with_capacity(writes.len());
        for write in writes {
            let subject = subject(&write.target);
            let prefix = format!("write:{subject}:");
            let of_record = earlier.iter().filter(|effect| effect.key.starts_with(&prefix));
            let last = of_record.clone().map(|effect| effect.sequence).max().unwrap_or(0);
            let open: Vec<Effect> =
                of_record.filter(|effect| effect.state.in_flight()).cloned().collect();
            for effect in open {
                self.supersede(&effect)?;
            }
            let payload = payload(write);
            let effect = Effect {
                key: format!("{prefix}{}", last + 1),
                kind: EffectKind::WriteBack,
                connection: connection.clone(),
                org: org.clone(),
                ledger: None,
                deal: match &write.target {
                    WriteTarget::Deal(deal) => Some(deal.clone()),
                    _ => None,
                },
                document_kind: None,
                sequence: last + 1,
                content_hash: content_hash(payload.as_bytes()),
                payload,
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
            };
            if let Intended::Exists(_) = self.store.intend(&effect)? {
                return Err(EngineError::Payload { key: effect.key });
            }
            let sent = self.step("sent", 1);
            let (from, to) = (EffectState::Intended, EffectState::Sent);
            self.store.move_effect(&effect.key, from, to, &sent)?;
            keys.push(effect.key.clone());
            earlier.push(effect);
        }
        Ok(keys)
    }

    /// Records what the CRM answered to one write.
    pub(crate) fn settle_write(
        &mut self,
        key: &str,
        outcome: &Result<(), ConnectorError>,
    ) -> Result<(), EngineError> {
        let to = state_after(outcome);
        let mut change = self.step("answered", 1);
        if let Err(error) = outcome {
            change.detail = error.to_string();
            change.error_text = Some(error.to_string());
            if let ConnectorError::Rejected { code, text, .. } = error {
                change.error_code = Some(code.clone());
                change.error_text = Some(text.clone());
            }
        }
        Ok(self.store.move_effect(key, EffectState::Sent, to, &change)?)
    }

    fn supersede(&mut self, effect: &Effect) -> Result<(), EngineError> {
        let key = effect.key.as_str();
        let newer = self.step("superseded by newer figures", effect.attempts);
        match effect.state {
            EffectState::Sent => {
                self.store.move_effect(key, EffectState::Sent, EffectState::Intended, &newer)?;
            }
            EffectState::Unknown => {
                self.store.move_effect(key, EffectState::Unknown, EffectState::Intended, &newer)?;
            }
            _ => {}
        }
        let (from, to) = (EffectState::Intended, EffectState::Cancelled);
        Ok(self.store.move_effect(key, from, to, &newer)?)
    }

    fn step(&self, detail: &str, attempts: u32) -> EffectMove {
        EffectMove { attempts: Some(attempts), ..EffectMove::at(self.clock.now(), detail) }
    }

    /// One failure record in the CRM per record that could not be written (`finance-domain §16`).
    /// If that write fails too, the local record remains and the next run tries again.
    pub(crate) async fn report_failures(
        &mut self,
        crm: &dyn Crm,
        report: &WriteBackReport,
        run: &RunId,
    ) -> Result<(), EngineError> {
        if report.failed.is_empty() {
            return Ok(());
        }
        let now = self.clock.now();
        let records: Vec<CrmWrite> = report
            .failed
            .iter()
            .map(|(target, problem)| failure_record(target, problem, now, run))
            .collect();
        match crm.write(&records).await {
            Ok(outcomes) => {
                let failed = outcomes.iter().filter(|outcome| outcome.is_err()).count();
                if failed > 0 {
                    tracing::warn!(failed, "failure records could not be written");
                }
            }
            Err(error) => tracing::warn!(%error, "failure records could not be written"),
        }
        Ok(())
    }
}

/// The upsert key is a hash of direction, entity, record, class: the same failure is one record.
fn failure_record(
    target: &WriteTarget,
    problem: &Problem,
    now: jiff::Timestamp,
    run: &RunId,
) -> CrmWrite {
    let (entity, record) = match target {
        WriteTarget::Deal(id) => ("Opportunity", id.to_string()),
        WriteTarget::Account(id) => ("Account", id.to_string()),
        WriteTarget::LedgerAccount { key } => ("Ledger account", key.clone()),
        WriteTarget::Failure { fingerprint } => ("Failure", fingerprint.clone()),
        WriteTarget::Task { token } => ("Task", token.clone()),
    };
    let identity = format!("to_crm|{entity}|{record}|{}", problem.class);
    let text = |value: &str| FieldValue::Text(value.into());
    let fields = vec![
        ("Direction__c".into(), text("to_crm")),
        ("Entity__c".into(), text(entity)),
        ("Record_Id__c".into(), FieldValue::Text(record)),
        ("Error_Class__c".into(), text(problem.class)),
        ("Error_Message__c".into(), text(&problem.text)),
        ("Last_Seen__c".into(), FieldValue::Instant(now)),
        ("State__c".into(), text("open")),
        ("Run_Id__c".into(), FieldValue::Text(run.to_string())),
    ];
    CrmWrite {
        target: WriteTarget::Failure { fingerprint: content_hash(identity.as_bytes()) },
        fields,
    }
}

fn subject(target: &WriteTarget) -> String {
    match target {
        WriteTarget::Deal(id) => format!("deal/{id}"),
        WriteTarget::Account(id) => format!("account/{id}"),
        WriteTarget::LedgerAccount { key } => format!("ledger_account/{key}"),
        WriteTarget::Failure { fingerprint } => format!("failure/{fingerprint}"),
        WriteTarget::Task { token } => format!("task/{token}"),
    }
}

/// The fields as JSON text, in their order.
fn payload(write: &CrmWrite) -> String {
    let fields: Vec<serde_json::Value> = write
        .fields
        .iter()
        .map(|(name, value)| serde_json::json!([name, value_text(value)]))
        .collect();
    serde_json::Value::Array(fields).to_string()
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
