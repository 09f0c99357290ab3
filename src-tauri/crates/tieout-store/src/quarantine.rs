//! Records that are kept whole and counted, but enter no figure (`finance-domain §9`).

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use tieout_domain::facts::{QuarantineReason, Quarantined, Stream};
use tieout_domain::ids::{ConnectionId, RunId};

use crate::cell::{Reading, list};
use crate::error::StoreError;
use crate::store::Store;
use crate::words::quarantine_reason;

/// One record that could not become a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuarantineRow {
    pub connection: ConnectionId,
    pub stream: Stream,
    /// The record's id, or its place in the answer where the id cannot be read.
    pub record_id: String,
    pub reason: QuarantineReason,
    pub path: String,
    pub excerpt: String,
    /// The whole record as it came. Customer data: never log it.
    pub raw: String,
    pub first_seen_at: Timestamp,
    pub last_seen_at: Timestamp,
    /// How often it came like this.
    pub times: u32,
    /// When it was read well, was gone, or came with another defect. `None`: still open.
    pub resolved_at: Option<Timestamp>,
}

/// What ended a quarantine.
#[derive(Clone, Copy)]
pub(crate) enum Resolution {
    Read,
    Gone,
    Superseded,
}

impl Resolution {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Gone => "gone",
            Self::Superseded => "superseded",
        }
    }
}

const TABLE: &str = "quarantine";
const COLUMNS: &[&str] = &[
    "connection",
    "stream",
    "record",
    "reason",
    "path",
    "excerpt",
    "raw",
    "first_seen_at",
    "last_seen_at",
    "times",
    "resolved_at",
];

impl Store {
    /// Quarantined records, oldest first; with `open_only` those that still wait.
    pub fn quarantine(&self, open_only: bool) -> Result<Vec<QuarantineRow>, StoreError> {
        let open = if open_only { "WHERE resolved_at IS NULL" } else { "" };
        let columns = list(COLUMNS);
        let sql = format!("SELECT {columns} FROM {TABLE} {open} ORDER BY quarantine_id");
        self.db
            .prepare_cached(&sql)?
            .query_and_then([], |row| read(&mut Reading::of_row(TABLE, COLUMNS, row, 0)?))?
            .collect()
    }
}

/// Keeps a record. The same defect again is counted; another defect closes the earlier row.
pub(crate) fn put(
    db: &Connection,
    connection: &ConnectionId,
    run: &RunId,
    at: Timestamp,
    record: &Quarantined,
) -> Result<(), StoreError> {
    let same: Option<bool> = db
        .prepare_cached(
            "SELECT reason = ?4 AND path = ?5 AND raw = ?6 FROM quarantine
             WHERE connection = ?1 AND stream = ?2 AND record = ?3 AND resolved_at IS NULL",
        )?
        .query_row(
            params![
                connection.as_str(),
                record.stream.as_str(),
                record.id,
                record.reason.as_str(),
                record.path,
                record.raw,
            ],
            |row| row.get(0),
        )
        .optional()?;
    match same {
        Some(true) => count_again(db, connection, at, record),
        Some(false) => {
            resolve(db, connection, record.stream, &record.id, at, Resolution::Superseded)?;
            insert(db, connection, run, at, record)
        }
        None => insert(db, connection, run, at, record),
    }
}

/// Closes the open row of a record, if there is one.
pub(crate) fn resolve(
    db: &Connection,
    connection: &ConnectionId,
    stream: Stream,
    record: &str,
    at: Timestamp,
    resolution: Resolution,
) -> Result<(), StoreError> {
    db.prepare_cached(
        "UPDATE quarantine SET resolved_at = ?4, resolution = ?5
         WHERE connection = ?1 AND stream = ?2 AND record = ?3 AND resolved_at IS NULL",
    )?
    .execute(params![
        connection.as_str(),
        stream.as_str(),
        record,
        at.as_microsecond(),
        resolution.as_str(),
    ])?;
    Ok(())
}

fn count_again(
    db: &Connection,
    connection: &ConnectionId,
    at: Timestamp,
    record: &Quarantined,
) -> Result<(), StoreError> {
    db.prepare_cached(
        "UPDATE quarantine SET last_seen_at = ?4, times = times + 1
         WHERE connection = ?1 AND stream = ?2 AND record = ?3 AND resolved_at IS NULL",
    )?
    .execute((
        connection.as_str(),
        record.stream.as_str(),
        &record.id,
        at.as_microsecond(),
    ))?;
    Ok(())
}

fn insert(
    db: &Connection,
    connection: &ConnectionId,
    run: &RunId,
    at: Timestamp,
    record: &Quarantined,
) -> Result<(), StoreError> {
    db.prepare_cached(
        "INSERT INTO quarantine (connection, stream, record, reason, path, excerpt, raw,
             first_run, first_seen_at, last_seen_at, times)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, 1)",
    )?
    .execute(params![
        connection.as_str(),
        record.stream.as_str(),
        record.id,
        record.reason.as_str(),
        record.path,
        record.excerpt,
        record.raw,
        run.as_str(),
        at.as_microsecond(),
    ])?;
    Ok(())
}

fn read(cells: &mut Reading) -> Result<QuarantineRow, StoreError> {
    Ok(QuarantineRow {
        connection: cells.id(ConnectionId::new)?,
        stream: cells.word(Stream::parse)?,
        record_id: cells.text()?,
        reason: cells.word(quarantine_reason)?,
        path: cells.text()?,
        excerpt: cells.text()?,
        raw: cells.text()?,
        first_seen_at: cells.instant()?,
        last_seen_at: cells.instant()?,
        times: cells.number()?,
        resolved_at: cells.opt_instant()?,
    })
}
