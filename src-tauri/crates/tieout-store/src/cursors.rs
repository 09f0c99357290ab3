//! How far each feed is read.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use tieout_domain::facts::Stream;
use tieout_domain::ids::ConnectionId;

use crate::cell::{Reading, list};
use crate::error::StoreError;
use crate::store::Store;

/// Where one feed of one connection stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Inclusive: everything that changed before it has been read. `None`: never read to the end.
    pub mark: Option<Timestamp>,
    /// Which fields the feed was read with; when they change, it is read anew.
    pub fields_hash: Option<String>,
    /// A read that was begun and not finished.
    pub pending: Option<PendingRead>,
}

/// A read that is under way, as far as its pages are stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingRead {
    /// The lower bound it was begun with. `None`: everything.
    pub since: Option<Timestamp>,
    /// Where it goes on. `None`: at its first page.
    pub token: Option<String>,
    /// The server's time when the first page was asked for; the mark never passes it.
    pub began_server_time: Option<Timestamp>,
    pub highest_mark: Option<Timestamp>,
    pub pages: u32,
    pub records: u64,
}

/// How a page moves the cursor, in the same transaction as its facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CursorProgress {
    /// There are more pages; the mark stays.
    Page(PendingRead),
    /// The feed is read to its end. The mark never goes back, and never passes the moment at which
    /// a stored pending read began.
    Done { mark: Timestamp },
    /// The facts do not come from reading a feed: the resync of one deal, a created document.
    Unmoved,
}

const TABLE: &str = "cursor";
/// How a cursor is set back so that its feed is read from nothing.
const BEGUN_ANEW: &str = "mark = NULL, pending_since = NULL, pending_token = NULL,
    pending_began = NULL, pending_mark = NULL, pending_pages = NULL, pending_records = NULL,
    comparison_owed = 1";
const COLUMNS: &[&str] = &[
    "mark",
    "fields_hash",
    "pending_since",
    "pending_token",
    "pending_began",
    "pending_mark",
    "pending_pages",
    "pending_records",
];

impl Store {
    /// Where a feed stands. `None`: it was never read.
    pub fn cursor(
        &self,
        connection: &ConnectionId,
        stream: Stream,
    ) -> Result<Option<Cursor>, StoreError> {
        load(&self.db, connection, stream)
    }

    /// Notes which fields the feed is read with. If they were others before, the mark and a pending
    /// read are dropped, so that the next read begins from nothing. Says whether they were.
    pub fn set_fields_hash(
        &mut self,
        connection: &ConnectionId,
        stream: Stream,
        fields_hash: &str,
    ) -> Result<bool, StoreError> {
        // One instance writes, so what is read before the write lock still holds behind it.
        let before = load(&self.db, connection, stream)?;
        let known = before.as_ref().and_then(|cursor| cursor.fields_hash.as_deref());
        if known == Some(fields_hash) {
            return Ok(false);
        }
        let tx = self.write()?;
        tx.execute(
            &format!(
                "INSERT INTO cursor (connection, stream, fields_hash) VALUES (?1, ?2, ?3)
                 ON CONFLICT (connection, stream) DO UPDATE SET
                     fields_hash = excluded.fields_hash, {BEGUN_ANEW}"
            ),
            (connection.as_str(), stream.as_str(), fields_hash),
        )?;
        tx.commit()?;
        Ok(before.is_some())
    }

    /// Forgets how far every feed of a connection is read, so that all are read from nothing. Facts
    /// stay; reading them again appends nothing. Each feed owes a comparison of ids from then on.
    pub fn forget_cursors(&mut self, connection: &ConnectionId) -> Result<(), StoreError> {
        let tx = self.write()?;
        tx.execute(
            &format!("UPDATE cursor SET fields_hash = NULL, {BEGUN_ANEW} WHERE connection = ?1"),
            [connection.as_str()],
        )?;
        Ok(tx.commit()?)
    }

    /// Whether the feed was begun anew and its ids were not compared since with what is held: what
    /// was deleted before it was begun is not known.
    pub fn owes_comparison(
        &self,
        connection: &ConnectionId,
        stream: Stream,
    ) -> Result<bool, StoreError> {
        let sql = "SELECT comparison_owed FROM cursor WHERE connection = ?1 AND stream = ?2";
        let owed = self
            .db
            .prepare_cached(sql)?
            .query_row((connection.as_str(), stream.as_str()), |row| row.get(0))
            .optional()?;
        Ok(owed.unwrap_or(false))
    }

    /// The ids of the feed were compared with what is held.
    pub fn note_compared(
        &mut self,
        connection: &ConnectionId,
        stream: Stream,
    ) -> Result<(), StoreError> {
        let tx = self.write()?;
        tx.prepare_cached(
            "UPDATE cursor SET comparison_owed = 0 WHERE connection = ?1 AND stream = ?2",
        )?
        .execute((connection.as_str(), stream.as_str()))?;
        Ok(tx.commit()?)
    }
}

/// Moves the cursor of the feed inside the caller's transaction.
pub(crate) fn advance(
    db: &Connection,
    connection: &ConnectionId,
    stream: Stream,
    progress: &CursorProgress,
) -> Result<(), StoreError> {
    match progress {
        CursorProgress::Unmoved => Ok(()),
        CursorProgress::Page(pending) => save_pending(db, connection, stream, pending),
        CursorProgress::Done { mark } => {
            let before = load(db, connection, stream)?;
            let began = before.and_then(|cursor| cursor.pending?.began_server_time);
            if began.is_some_and(|began| *mark > began) {
                return Err(StoreError::MarkTooLate);
            }
            finish(db, connection, stream, *mark)
        }
    }
}

fn save_pending(
    db: &Connection,
    connection: &ConnectionId,
    stream: Stream,
    pending: &PendingRead,
) -> Result<(), StoreError> {
    db.prepare_cached(
        "INSERT INTO cursor (connection, stream, pending_since, pending_token, pending_began,
             pending_mark, pending_pages, pending_records)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (connection, stream) DO UPDATE SET
             pending_since = excluded.pending_since,
             pending_token = excluded.pending_token,
             pending_began = excluded.pending_began,
             pending_mark = excluded.pending_mark,
             pending_pages = excluded.pending_pages,
             pending_records = excluded.pending_records",
    )?
    .execute(params![
        connection.as_str(),
        stream.as_str(),
        pending.since.map(Timestamp::as_microsecond),
        pending.token,
        pending.began_server_time.map(Timestamp::as_microsecond),
        pending.highest_mark.map(Timestamp::as_microsecond),
        pending.pages,
        i64::try_from(pending.records).unwrap_or(i64::MAX),
    ])?;
    Ok(())
}

fn finish(
    db: &Connection,
    connection: &ConnectionId,
    stream: Stream,
    mark: Timestamp,
) -> Result<(), StoreError> {
    db.prepare_cached(
        "INSERT INTO cursor (connection, stream, mark) VALUES (?1, ?2, ?3)
         ON CONFLICT (connection, stream) DO UPDATE SET
             mark = max(coalesce(mark, excluded.mark), excluded.mark),
             pending_since = NULL,
             pending_token = NULL,
             pending_began = NULL,
             pending_mark = NULL,
             pending_pages = NULL,
             pending_records = NULL",
    )?
    .execute((connection.as_str(), stream.as_str(), mark.as_microsecond()))?;
    Ok(())
}

fn load(
    db: &Connection,
    connection: &ConnectionId,
    stream: Stream,
) -> Result<Option<Cursor>, StoreError> {
    let sql =
        format!("SELECT {} FROM {TABLE} WHERE connection = ?1 AND stream = ?2", list(COLUMNS));
    db.prepare_cached(&sql)?
        .query_row((connection.as_str(), stream.as_str()), |row| {
            Ok(Reading::of_row(TABLE, COLUMNS, row, 0))
        })
        .optional()?
        .map(|cells| read(&mut cells?))
        .transpose()
}

fn read(cells: &mut Reading) -> Result<Cursor, StoreError> {
    let (mark, fields_hash) = (cells.opt_instant()?, cells.opt_text()?);
    let (since, token) = (cells.opt_instant()?, cells.opt_text()?);
    let (began_server_time, highest_mark) = (cells.opt_instant()?, cells.opt_instant()?);
    let (pages, records) = (cells.opt_number()?, cells.opt_number()?);
    let pending = pages.zip(records).map(|(pages, records)| PendingRead {
        since,
        token,
        began_server_time,
        highest_mark,
        pages,
        records,
    });
    Ok(Cursor { mark, fields_hash, pending })
}
