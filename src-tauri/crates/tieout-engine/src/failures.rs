//! Failure records in the CRM: one for each operation that was refused or failed, resolved when the
//! same operation succeeds (`finance-domain §6 R5, §16`).
//!
//! A record that cannot be written stays here as an effect and is tried again by the next run:
//! failing to tell never hides the failure.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use tieout_connect::key::content_hash;
use tieout_connect::ports::{CrmWrite, FieldValue, WriteTarget};
use tieout_domain::effect::EffectState;
use tieout_domain::ids::{ConnectionId, DealId, RunId};
use tieout_store::{Effect, EffectFilter, EffectKind};

use crate::engine::Engine;
use crate::error::EngineError;
use crate::problem::Problem;
use crate::shown::cut;
use crate::write_back::{Answered, WriteBackReport};
use crate::write_effects::{Earlier, hash_of_write, values_of};

/// An unknown outcome is a failure to tell about only after this time (`finance-domain §10`).
const UNKNOWN_ALERT_SECS: i64 = 900;
/// Longest texts that the CRM's fields take.
const CODE_MAX: usize = 80;
const TARGET_MAX: usize = 80;
const RECORD_MAX: usize = 18;
const TO_CRM: &str = "to_crm";
const TO_LEDGER: &str = "to_ledger";
const RESOLVED: &str = "resolved";
/// Failure records written with one call of the port.
const BATCH_RECORDS_MAX: usize = 200;

/// One operation that did not succeed.
struct Failure {
    direction: &'static str,
    entity: &'static str,
    /// The CRM record, where it has an id of its own.
    record: String,
    ledger: Option<String>,
    target: Option<String>,
    class: &'static str,
    code: Option<String>,
    text: String,
    fix: &'static str,
    state: &'static str,
    retries: i64,
    next: Option<Timestamp>,
}

impl Failure {
    /// The same failure of the same record is one record.
    fn fingerprint(&self) -> String {
        let Self { direction, entity, record, class, .. } = self;
        content_hash(format!("{direction}|{entity}|{record}|{class}").as_bytes())
    }

    fn write(&self, first_seen: Timestamp, now: Timestamp, run: &RunId) -> CrmWrite {
        let text = |text: &str| FieldValue::Text(text.to_owned());
        let optional = |of: &Option<String>, chars_max| {
            of.as_deref().map_or(FieldValue::Empty, |it| text(&cut(it, chars_max)))
        };
        let short = self.record.chars().count() <= RECORD_MAX;
        let record = short.then(|| self.record.clone());
        let target = self.target.clone().or_else(|| (!short).then(|| self.record.clone()));
        let fields = [
            ("Direction__c", text(self.direction)),
            ("Entity__c", text(self.entity)),
            ("Record_Id__c", optional(&record, RECORD_MAX)),
            ("Ledger__c", optional(&self.ledger, TARGET_MAX)),
            ("Target_Id__c", optional(&target, TARGET_MAX)),
            ("Error_Class__c", text(self.class)),
            ("Error_Code__c", optional(&self.code, CODE_MAX)),
            ("Error_Message__c", text(&self.text)),
            ("Suggested_Fix__c", text(self.fix)),
            ("Retry_Count__c", FieldValue::Count(self.retries)),
            ("Next_Retry__c", self.next.map_or(FieldValue::Empty, FieldValue::Instant)),
            ("First_Seen__c", FieldValue::Instant(first_seen)),
            ("Last_Seen__c", FieldValue::Instant(now)),
            ("State__c", text(self.state)),
            ("Run_Id__c", text(run.as_str())),
        ];
        CrmWrite {
            target: WriteTarget::Failure { fingerprint: self.fingerprint() },
            fields: fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        }
    }
}

impl Engine {
    /// Tells about the records of a write-back that could not be written, and resolves what was
    /// told about the others.
    pub(crate) async fn report_write_failures(
        &mut self,
        compared: &[WriteTarget],
        report: &WriteBackReport,
        earlier: &Earlier,
        run: &RunId,
    ) -> Result<(), EngineError> {
        let failures: Vec<Failure> = report
            .failed
            .iter()
            .map(|(target, problem)| write_failure(target, problem, earlier))
            .collect();
        let seen: BTreeSet<(String, String)> = compared
            .iter()
            .map(|target| {
                let (entity, record) = named(target);
                (entity.to_owned(), record)
            })
            .collect();
        // Of records that were not reached nothing is known, so nothing is resolved.
        let settled = report.not_tried == 0;
        let resolves = |said: &Said| settled && said.direction == TO_CRM && said.is_of(&seen);
        self.tell(failures, &resolves, run).await
    }

    /// Tells about every document and customer of a ledger that was refused, is in conflict, or has
    /// had no answer for a while.
    pub(crate) async fn report_document_failures(
        &mut self,
        ledger: &ConnectionId,
        run: &RunId,
    ) -> Result<(), EngineError> {
        self.report_failures_of(ledger, None, run).await
    }

    /// The same, for one deal only where one is given.
    pub(crate) async fn report_failures_of(
        &mut self,
        ledger: &ConnectionId,
        only: Option<&DealId>,
        run: &RunId,
    ) -> Result<(), EngineError> {
        let id = self.ledger(ledger)?.port.ledger().to_string();
        let now = self.clock.now();
        let mut failures = Vec::new();
        for kind in [EffectKind::Document, EffectKind::Customer] {
            let effects = self.store.effects(&EffectFilter {
                connection: Some(ledger.clone()),
                kind: Some(kind),
                deal: only.cloned(),
                ..EffectFilter::default()
            })?;
            failures.extend(effects.iter().filter_map(|it| ledger_failure(it, &id, now)));
        }
        let chosen = only.map(DealId::as_str);
        let resolves = |said: &Said| {
            let ours = said.ledger.as_deref() == Some(id.as_str());
            ours && said.direction == TO_LEDGER && chosen.is_none_or(|deal| said.record == deal)
        };
        self.tell(failures, &resolves, run).await
    }

    /// Writes what is new about these failures, and resolves what was told earlier and holds no
    /// more. Without permission to write, the local records are all there is.
    async fn tell(
        &mut self,
        failures: Vec<Failure>,
        resolves: &dyn Fn(&Said) -> bool,
        run: &RunId,
    ) -> Result<(), EngineError> {
        let Some(crm) = self.crm.as_ref().filter(|crm| crm.writing) else {
            return Ok(());
        };
        let (port, connection) = (crm.port.clone(), crm.id.clone());
        let mut earlier = self.earlier_writes(&connection, EffectKind::FailureRecord)?;
        let now = self.clock.now();
        let mut writes: Vec<CrmWrite> = failures
            .iter()
            .map(|failure| {
                let target = WriteTarget::Failure { fingerprint: failure.fingerprint() };
                failure.write(first_seen(earlier.of(&target)).unwrap_or(now), now, run)
            })
            .collect();
        let holds: BTreeSet<WriteTarget> = writes.iter().map(|it| it.target.clone()).collect();
        let said = earlier.targets().filter(|target| !holds.contains(target));
        writes.extend(said.filter_map(|target| {
            let last = Said::last_of(earlier.of(&target))?;
            resolves(&last).then(|| resolved(target, now, run))
        }));
        writes.retain(|write| {
            is_new(write, earlier.of(&write.target)) && earlier.refused_lately(write, now).is_none()
        });
        for batch in writes.chunks(BATCH_RECORDS_MAX) {
            let keys = self.promise_writes(&connection, batch, &mut earlier, run)?;
            self.crash_points.pass("failure records promised")?;
            let answered = Answered::new(port.write(batch).await);
            self.crash_points.pass("failure records answered, not recorded")?;
            self.settle_writes(&keys, &answered, &mut earlier, run)?;
            let failed = (0..keys.len()).filter(|place| answered.of(*place).is_err()).count();
            if failed > 0 {
                tracing::warn!(failed, "failure records could not be written");
            }
        }
        Ok(())
    }
}

/// What a failure record told last.
struct Said {
    direction: String,
    entity: String,
    record: String,
    ledger: Option<String>,
}

impl Said {
    /// `None`: nothing was told, or it was resolved.
    fn last_of(effects: &[Effect]) -> Option<Self> {
        let told = effects.iter().rev().find(|effect| effect.state == EffectState::Confirmed)?;
        let values = values_of(&told.payload);
        let value = |name: &str| values.get(name).cloned();
        if value("State__c").as_deref() == Some(RESOLVED) {
            return None;
        }
        Some(Self {
            direction: value("Direction__c")?,
            entity: value("Entity__c")?,
            record: value("Record_Id__c").or_else(|| value("Target_Id__c"))?,
            ledger: value("Ledger__c"),
        })
    }

    fn is_of(&self, records: &BTreeSet<(String, String)>) -> bool {
        let cut_off = |(entity, record): &&(String, String)| {
            *entity == self.entity && cut(record, TARGET_MAX) == self.record
        };
        records.iter().any(|record| cut_off(&record))
    }
}

/// When the episode that the latest record belongs to began.
fn first_seen(effects: &[Effect]) -> Option<Timestamp> {
    let is_resolved = |effect: &&Effect| {
        values_of(&effect.payload).get("State__c").is_some_and(|state| state == RESOLVED)
    };
    let episode = effects.iter().rev().take_while(|effect| !is_resolved(effect));
    episode.last().map(|effect| effect.created_at)
}

/// Whether the CRM does not show this already.
fn is_new(write: &CrmWrite, earlier: &[Effect]) -> bool {
    earlier.last().is_none_or(|last| {
        last.state != EffectState::Confirmed || last.content_hash != hash_of_write(write)
    })
}

fn resolved(target: WriteTarget, now: Timestamp, run: &RunId) -> CrmWrite {
    let fields = vec![
        ("State__c".to_owned(), FieldValue::Text(RESOLVED.into())),
        ("Next_Retry__c".to_owned(), FieldValue::Empty),
        ("Last_Seen__c".to_owned(), FieldValue::Instant(now)),
        ("Run_Id__c".to_owned(), FieldValue::Text(run.to_string())),
    ];
    CrmWrite { target, fields }
}

fn write_failure(target: &WriteTarget, problem: &Problem, earlier: &Earlier) -> Failure {
    let (entity, record) = named(target);
    Failure {
        direction: TO_CRM,
        entity,
        record,
        ledger: None,
        target: None,
        class: problem.class,
        code: earlier.of(target).last().and_then(|effect| effect.error_code.clone()),
        text: problem.text.clone(),
        fix: "Change the rule or permission that refuses the update; the next run writes it again",
        state: "open",
        retries: i64::try_from(earlier.refusals(target)).unwrap_or(i64::MAX),
        next: None,
    }
}

/// Entity and id of a record that is written.
fn named(target: &WriteTarget) -> (&'static str, String) {
    match target {
        WriteTarget::Deal(id) => ("Opportunity", id.to_string()),
        WriteTarget::Account(id) => ("Account", id.to_string()),
        WriteTarget::LedgerAccount { key } => ("Ledger account", key.clone()),
        WriteTarget::Failure { fingerprint } => ("Failure", fingerprint.clone()),
        WriteTarget::Task { token } => ("Task", token.clone()),
    }
}

/// `None`: the effect is under way as it should be, or done.
fn ledger_failure(effect: &Effect, ledger: &str, now: Timestamp) -> Option<Failure> {
    let code = effect.error_code.clone();
    let since = effect.last_sent_at.unwrap_or(effect.created_at);
    let is_old = now.duration_since(since) >= SignedDuration::from_secs(UNKNOWN_ALERT_SECS);
    let (class, text, fix, state) = match effect.state {
        EffectState::Rejected => (
            "rejected",
            format!("The ledger refused it with code {}", code.as_deref().unwrap_or("none")),
            "Put right what the ledger refuses, then approve this Opportunity again by name",
            "needs_person",
        ),
        EffectState::Conflict => (
            "conflict",
            "A document with our key has other content than was promised".to_owned(),
            "Compare the document with the Opportunity and correct the one that is wrong",
            "needs_person",
        ),
        EffectState::Unknown if is_old => (
            "unknown",
            "The ledger gave no answer; it is asked for our key and never sent blindly".to_owned(),
            "Look for the document in the ledger; decide only if it stays unknown",
            "retrying",
        ),
        _ => return None,
    };
    let (entity, record) = match effect.kind {
        // The promise of a customer holds the Account's id and nothing else.
        EffectKind::Customer => ("Account", effect.payload.clone()),
        _ => ("Opportunity", effect.deal.as_ref()?.to_string()),
    };
    Some(Failure {
        direction: TO_LEDGER,
        entity,
        record,
        ledger: Some(ledger.to_owned()),
        target: effect.result_id.clone(),
        class,
        code,
        text,
        fix,
        state,
        retries: i64::from(effect.attempts),
        next: effect.next_ask_at,
    })
}
