//! Effects as they lie in the store, and reading them.

use jiff::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params_from_iter};
use tieout_domain::effect::{DocumentKind, EffectState};
use tieout_domain::ids::{ConnectionId, CrmOrgId, DealId, LedgerId, RunId};

use crate::cell::{Cells, Reading, list, places};
use crate::error::StoreError;
use crate::store::Store;
use crate::words::words;

words! {
    /// What an effect brings about.
    EffectKind {
        /// An invoice or credit memo in a ledger.
        Document = "document",
        /// A customer in a ledger.
        Customer = "customer",
        /// Figures and statuses in the CRM.
        WriteBack = "write_back",
        /// An overdue task in the CRM.
        Task = "task",
        /// A failure record in the CRM.
        FailureRecord = "failure_record",
    }
}

/// One promised side effect and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// Made from the intent, never from the attempt or the content. For a document the transaction
    /// key.
    pub key: String,
    pub kind: EffectKind,
    /// The system that it is brought about in.
    pub connection: ConnectionId,
    pub org: CrmOrgId,
    /// The company it concerns. A document always has one.
    pub ledger: Option<LedgerId>,
    pub deal: Option<DealId>,
    /// Of a document, and of nothing else.
    pub document_kind: Option<DocumentKind>,
    /// From 1 for a document.
    pub sequence: u32,
    pub content_hash: String,
    /// The content in the engine's own form. Customer data: never log it.
    pub payload: String,
    pub state: EffectState,
    /// From 1; part of the tool's own idempotency value.
    pub attempt_group: u32,
    pub created_at: Timestamp,
    /// Since when a document with this content may exist. Empty again after a send that the tool
    /// certainly did not receive or definitely refused, unless an earlier one had an unknown
    /// outcome.
    pub first_sent_at: Option<Timestamp>,
    pub last_sent_at: Option<Timestamp>,
    /// Of an intended effect: not to be sent before.
    pub not_before: Option<Timestamp>,
    /// Of an unknown outcome: when to ask next.
    pub next_ask_at: Option<Timestamp>,
    /// Answers that count as "not found" (`effect::after_not_found`).
    pub empty_answers: u32,
    /// How often it was sent.
    pub attempts: u32,
    /// The tool's id of what came to be.
    pub result_id: Option<String>,
    pub error_code: Option<String>,
    /// May hold customer data: for the person at this computer only, never logged.
    pub error_text: Option<String>,
    /// The run that promised it.
    pub run: RunId,
}

/// One line of an effect's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EffectEvent {
    pub key: String,
    pub at: Timestamp,
    /// `None`: the promise itself.
    pub from: Option<EffectState>,
    /// Equal to `from` when it was asked about or rewritten without a move.
    pub to: EffectState,
    pub detail: String,
    pub note: Option<String>,
    pub attempt_group: u32,
    pub attempts: u32,
    pub empty_answers: u32,
    pub result_id: Option<String>,
    pub error_code: Option<String>,
    pub error_text: Option<String>,
    pub run: Option<RunId>,
}

/// Which effects to list. The default lists all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EffectFilter {
    pub connection: Option<ConnectionId>,
    pub kind: Option<EffectKind>,
    /// Empty: any state.
    pub states: Vec<EffectState>,
    pub deal: Option<DealId>,
    pub limit: Option<u32>,
}

const TABLE: &str = "effect";
const COLUMNS: &[&str] = &[
    "key",
    "kind",
    "connection",
    "org",
    "ledger",
    "deal",
    "document_kind",
    "sequence",
    "content_hash",
    "payload",
    "state",
    "attempt_group",
    "created_at",
    "first_sent_at",
    "last_sent_at",
    "not_before",
    "next_ask_at",
    "empty_answers",
    "attempts",
    "result_id",
    "error_code",
    "error_text",
    "run",
];
/// What a move may change: everything from the state on, but for creation and origin.
const MOVED_COLUMNS: &[&str] = &[
    "state",
    "attempt_group",
    "first_sent_at",
    "last_sent_at",
    "not_before",
    "next_ask_at",
    "empty_answers",
    "attempts",
    "result_id",
    "error_code",
    "error_text",
];
const HISTORY_TABLE: &str = "effect_history";
const HISTORY_COLUMNS: &[&str] = &[
    "key",
    "at",
    "from_state",
    "to_state",
    "detail",
    "note",
    "attempt_group",
    "attempts",
    "empty_answers",
    "result_id",
    "error_code",
    "error_text",
    "run",
];

impl Store {
    /// One effect by its key.
    pub fn effect(&self, key: &str) -> Result<Option<Effect>, StoreError> {
        load(&self.db, key)
    }

    /// Effects that meet every part of the filter, in the order in which they were promised.
    pub fn effects(&self, filter: &EffectFilter) -> Result<Vec<Effect>, StoreError> {
        let mut conditions: Vec<String> = vec!["1 = 1".into()];
        let mut cells: Vec<Value> = Vec::new();
        let mut only = |column: &str, word: Option<&str>| {
            if let Some(word) = word {
                conditions.push(format!("{column} = ?"));
                cells.push(word.to_owned().into());
            }
        };
        only("connection", filter.connection.as_ref().map(ConnectionId::as_str));
        only("kind", filter.kind.map(EffectKind::as_str));
        only("deal", filter.deal.as_ref().map(DealId::as_str));
        if !filter.states.is_empty() {
            conditions.push(format!("state IN ({})", places(filter.states.len())));
            cells.extend(filter.states.iter().map(|state| Value::from(state.as_str().to_owned())));
        }
        cells.push(i64::from(filter.limit.unwrap_or(u32::MAX)).into());
        let sql = format!(
            "SELECT {} FROM {TABLE} WHERE {} ORDER BY created_at, rowid LIMIT ?",
            list(COLUMNS),
            conditions.join(" AND ")
        );
        let mut query = self.db.prepare_cached(&sql)?;
        query
            .query_and_then(params_from_iter(cells), |row| {
                read(&mut Reading::of_row(TABLE, COLUMNS, row, 0)?)
            })?
            .collect()
    }

    /// Effects of a connection that may exist or still come to exist: intended, sent, unknown.
    pub fn in_flight(&self, connection: &ConnectionId) -> Result<Vec<Effect>, StoreError> {
        let states = EffectState::ALL.into_iter().filter(|state| state.in_flight()).collect();
        self.effects(&EffectFilter {
            connection: Some(connection.clone()),
            states,
            ..EffectFilter::default()
        })
    }

    /// Everything that happened to an effect, oldest first.
    pub fn effect_history(&self, key: &str) -> Result<Vec<EffectEvent>, StoreError> {
        let sql = format!(
            "SELECT {} FROM {HISTORY_TABLE} WHERE key = ?1 ORDER BY seq",
            list(HISTORY_COLUMNS)
        );
        let mut query = self.db.prepare_cached(&sql)?;
        query
            .query_and_then([key], |row| {
                read_event(&mut Reading::of_row(HISTORY_TABLE, HISTORY_COLUMNS, row, 0)?)
            })?
            .collect()
    }
}

pub(super) fn load(db: &Connection, key: &str) -> Result<Option<Effect>, StoreError> {
    let sql = format!("SELECT {} FROM {TABLE} WHERE key = ?1", list(COLUMNS));
    db.prepare_cached(&sql)?
        .query_row([key], |row| Ok(Reading::of_row(TABLE, COLUMNS, row, 0)))
        .optional()?
        .map(|cells| read(&mut cells?))
        .transpose()
}

pub(super) fn insert(db: &Connection, effect: &Effect) -> Result<(), StoreError> {
    let cells = Cells::new()
        .text(&effect.key)
        .text(effect.kind.as_str())
        .text(effect.connection.as_str())
        .text(effect.org.as_str())
        .opt_text(effect.ledger.as_ref().map(LedgerId::as_str))
        .opt_text(effect.deal.as_ref().map(DealId::as_str))
        .opt_text(effect.document_kind.map(DocumentKind::as_str))
        .int(i64::from(effect.sequence))
        .text(&effect.content_hash)
        .text(&effect.payload)
        .text(effect.state.as_str())
        .int(i64::from(effect.attempt_group))
        .instant(effect.created_at)
        .opt_instant(effect.first_sent_at)
        .opt_instant(effect.last_sent_at)
        .opt_instant(effect.not_before)
        .opt_instant(effect.next_ask_at)
        .int(i64::from(effect.empty_answers))
        .int(i64::from(effect.attempts))
        .opt_text(effect.result_id.as_deref())
        .opt_text(effect.error_code.as_deref())
        .opt_text(effect.error_text.as_deref())
        .text(effect.run.as_str());
    let sql = format!("INSERT INTO {TABLE} ({}) VALUES ({})", list(COLUMNS), places(COLUMNS.len()));
    db.prepare_cached(&sql)?.execute(params_from_iter(cells.into_values()))?;
    Ok(())
}

/// Writes what a move may change.
pub(super) fn update(db: &Connection, effect: &Effect) -> Result<(), StoreError> {
    let cells = Cells::new()
        .text(effect.state.as_str())
        .int(i64::from(effect.attempt_group))
        .opt_instant(effect.first_sent_at)
        .opt_instant(effect.last_sent_at)
        .opt_instant(effect.not_before)
        .opt_instant(effect.next_ask_at)
        .int(i64::from(effect.empty_answers))
        .int(i64::from(effect.attempts))
        .opt_text(effect.result_id.as_deref())
        .opt_text(effect.error_code.as_deref())
        .opt_text(effect.error_text.as_deref())
        .text(&effect.key);
    let changes: Vec<String> = MOVED_COLUMNS.iter().map(|column| format!("{column} = ?")).collect();
    let sql = format!("UPDATE {TABLE} SET {} WHERE key = ?", changes.join(", "));
    db.prepare_cached(&sql)?.execute(params_from_iter(cells.into_values()))?;
    Ok(())
}

pub(super) fn update_content(
    db: &Connection,
    key: &str,
    content_hash: &str,
    payload: &str,
) -> Result<(), StoreError> {
    db.prepare_cached("UPDATE effect SET content_hash = ?2, payload = ?3 WHERE key = ?1")?
        .execute([key, content_hash, payload])?;
    Ok(())
}

pub(super) fn insert_event(db: &Connection, event: &EffectEvent) -> Result<(), StoreError> {
    let cells = Cells::new()
        .text(&event.key)
        .instant(event.at)
        .opt_text(event.from.map(EffectState::as_str))
        .text(event.to.as_str())
        .text(&event.detail)
        .opt_text(event.note.as_deref())
        .int(i64::from(event.attempt_group))
        .int(i64::from(event.attempts))
        .int(i64::from(event.empty_answers))
        .opt_text(event.result_id.as_deref())
        .opt_text(event.error_code.as_deref())
        .opt_text(event.error_text.as_deref())
        .opt_text(event.run.as_ref().map(RunId::as_str));
    let sql = format!(
        "INSERT INTO {HISTORY_TABLE} ({}) VALUES ({})",
        list(HISTORY_COLUMNS),
        places(HISTORY_COLUMNS.len())
    );
    db.prepare_cached(&sql)?.execute(params_from_iter(cells.into_values()))?;
    Ok(())
}

fn document_kind(word: &str) -> Option<DocumentKind> {
    [DocumentKind::Invoice, DocumentKind::CreditMemo].into_iter().find(|kind| kind.as_str() == word)
}

fn read(cells: &mut Reading) -> Result<Effect, StoreError> {
    Ok(Effect {
        key: cells.text()?,
        kind: cells.word(EffectKind::parse)?,
        connection: cells.id(ConnectionId::new)?,
        org: cells.id(CrmOrgId::new)?,
        ledger: cells.opt_id(LedgerId::new)?,
        deal: cells.opt_id(DealId::new)?,
        document_kind: cells.opt_word(document_kind)?,
        sequence: cells.number()?,
        content_hash: cells.text()?,
        payload: cells.text()?,
        state: cells.word(EffectState::parse)?,
        attempt_group: cells.number()?,
        created_at: cells.instant()?,
        first_sent_at: cells.opt_instant()?,
        last_sent_at: cells.opt_instant()?,
        not_before: cells.opt_instant()?,
        next_ask_at: cells.opt_instant()?,
        empty_answers: cells.number()?,
        attempts: cells.number()?,
        result_id: cells.opt_text()?,
        error_code: cells.opt_text()?,
        error_text: cells.opt_text()?,
        run: cells.id(RunId::new)?,
    })
}

fn read_event(cells: &mut Reading) -> Result<EffectEvent, StoreError> {
    Ok(EffectEvent {
        key: cells.text()?,
        at: cells.instant()?,
        from: cells.opt_word(EffectState::parse)?,
        to: cells.word(EffectState::parse)?,
        detail: cells.text()?,
        note: cells.opt_text()?,
        attempt_group: cells.number()?,
        attempts: cells.number()?,
        empty_answers: cells.number()?,
        result_id: cells.opt_text()?,
        error_code: cells.opt_text()?,
        error_text: cells.opt_text()?,
        run: cells.opt_id(RunId::new)?,
    })
}
