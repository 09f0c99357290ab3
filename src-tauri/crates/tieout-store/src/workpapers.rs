//! Frozen snapshots and their sign-offs (`finance-domain §14`).

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params, params_from_iter};
use sha2::{Digest, Sha256};
use tieout_domain::ids::ConnectionId;

use crate::cell::{Cells, Reading, list, places};
use crate::decisions::Decided;
use crate::error::StoreError;
use crate::store::Store;
use crate::words::words;
use crate::{audit, clock};

words! {
    /// Where a workpaper stands (`finance-domain §10`).
    WorkpaperState {
        /// Being worked on; its snapshot may be replaced.
        Draft = "draft",
        /// Signed by the preparer; frozen from here on.
        Prepared = "prepared",
        /// Signed by somebody else.
        Reviewed = "reviewed",
        /// Closed with its period.
        Locked = "locked",
        /// A source figure of the period changed after a sign-off.
        Suspended = "suspended",
        /// By a person with a reason; the next version begins as a draft.
        Reopened = "reopened",
    }
}

impl WorkpaperState {
    /// The moves of §10, and back to draft when a limit changes (§8 V5).
    pub const fn may_become(self, next: Self) -> bool {
        use WorkpaperState::{Draft, Locked, Prepared, Reopened, Reviewed, Suspended};
        matches!(
            (self, next),
            (Draft, Prepared)
                | (Prepared, Reviewed | Draft | Suspended | Reopened)
                | (Reviewed, Locked | Draft | Suspended | Reopened)
                | (Locked, Suspended | Reopened)
                | (Suspended, Reopened)
        )
    }
}

/// One version of one workpaper, without its snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkpaperRecord {
    pub id: String,
    /// From 1.
    pub version: u32,
    /// The ledger whose period it is about.
    pub connection: ConnectionId,
    /// The period's name: `2026-06`.
    pub period: String,
    pub state: WorkpaperState,
    /// What was known at this moment is what the snapshot shows.
    pub known_at: Timestamp,
    /// SHA-256 of the snapshot in lower-case hex.
    pub hash: String,
    pub created_at: Timestamp,
    pub created_by: String,
}

/// One sign-off or other move of a workpaper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkpaperMove {
    pub from: WorkpaperState,
    pub to: WorkpaperState,
    pub decided: Decided,
}

const TABLE: &str = "workpaper";
const COLUMNS: &[&str] = &[
    "id",
    "version",
    "connection",
    "period",
    "state",
    "known_at",
    "hash",
    "created_at",
    "created_by",
];
const MOVE_COLUMNS: &[&str] = &["from_state", "to_state", "reason", "actor", "at"];

impl Store {
    /// Keeps a draft with its snapshot; a draft with the same id and version is replaced, anything
    /// further is frozen (`AppendOnly`). What is observed from now on counts as not known at its
    /// `known_at`. `SnapshotHash`: the hash is not that of the bytes.
    pub fn save_workpaper(
        &mut self,
        workpaper: &WorkpaperRecord,
        snapshot: &[u8],
    ) -> Result<(), StoreError> {
        if HEXLOWER.encode(&Sha256::digest(snapshot)) != workpaper.hash {
            return Err(StoreError::SnapshotHash { id: workpaper.id.clone() });
        }
        if workpaper.state != WorkpaperState::Draft {
            return Err(illegal(&workpaper.id, WorkpaperState::Draft, workpaper.state));
        }
        let tx = self.write()?;
        let sql = format!(
            "INSERT INTO {TABLE} ({}, snapshot) VALUES ({})
             ON CONFLICT (id, version) DO UPDATE SET known_at = excluded.known_at,
                 snapshot = excluded.snapshot, hash = excluded.hash",
            list(COLUMNS),
            places(COLUMNS.len() + 1)
        );
        let mut cells = row_cells(workpaper).into_values();
        cells.push(snapshot.to_vec().into());
        tx.execute(&sql, params_from_iter(cells))?;
        clock::close(&tx, workpaper.known_at)?;
        audit::append(
            &tx,
            workpaper.created_at,
            &workpaper.created_by,
            "workpaper.saved",
            &subject(&workpaper.id, workpaper.version),
            &format!("period {}; snapshot {}", workpaper.period, workpaper.hash),
        )?;
        Ok(tx.commit()?)
    }

    /// One version of a workpaper with its snapshot. The reader compares bytes and hash.
    pub fn workpaper(
        &self,
        id: &str,
        version: u32,
    ) -> Result<Option<(WorkpaperRecord, Vec<u8>)>, StoreError> {
        let sql = format!(
            "SELECT {}, snapshot FROM {TABLE} WHERE id = ?1 AND version = ?2",
            list(COLUMNS)
        );
        self.db
            .query_row(&sql, (id, version), |row| {
                let cells = Reading::of_row(TABLE, COLUMNS, row, 0);
                Ok((cells, row.get::<_, Vec<u8>>(COLUMNS.len())?))
            })
            .optional()?
            .map(|(cells, snapshot)| Ok((read(&mut cells?)?, snapshot)))
            .transpose()
    }

    /// Every version of every workpaper, without snapshots.
    pub fn workpapers(&self) -> Result<Vec<WorkpaperRecord>, StoreError> {
        let sql = format!(
            "SELECT {} FROM {TABLE} ORDER BY connection, period, id, version",
            list(COLUMNS)
        );
        let mut query = self.db.prepare_cached(&sql)?;
        query
            .query_and_then([], |row| read(&mut Reading::of_row(TABLE, COLUMNS, row, 0)?))?
            .collect()
    }

    /// Moves a workpaper: sign-off, lock, suspension, reopening. `IllegalWorkpaperMove` when the
    /// move is not allowed from where it stands; `SamePerson` when a preparer reviews.
    pub fn move_workpaper(
        &mut self,
        id: &str,
        version: u32,
        to: WorkpaperState,
        decided: &Decided,
    ) -> Result<(), StoreError> {
        let tx = self.write()?;
        let from = state_of(&tx, id, version)?;
        if !from.may_become(to) {
            return Err(illegal(id, to, from));
        }
        if to == WorkpaperState::Reviewed && preparer(&tx, id, version)? == decided.actor {
            return Err(StoreError::SamePerson { id: id.to_owned() });
        }
        tx.execute(
            "UPDATE workpaper SET state = ?3 WHERE id = ?1 AND version = ?2",
            (id, version, to.as_str()),
        )?;
        tx.execute(
            "INSERT INTO workpaper_move (id, version, from_state, to_state, reason, actor, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                id,
                version,
                from.as_str(),
                to.as_str(),
                decided.reason,
                decided.actor,
                decided.at.as_microsecond(),
            ],
        )?;
        audit::append(
            &tx,
            decided.at,
            &decided.actor,
            &format!("workpaper.{}", to.as_str()),
            &subject(id, version),
            &format!("{} -> {}; reason: {}", from.as_str(), to.as_str(), decided.reason),
        )?;
        Ok(tx.commit()?)
    }

    /// Every move of one version of a workpaper, oldest first.
    pub fn workpaper_moves(
        &self,
        id: &str,
        version: u32,
    ) -> Result<Vec<WorkpaperMove>, StoreError> {
        let sql = format!(
            "SELECT {} FROM workpaper_move WHERE id = ?1 AND version = ?2 ORDER BY seq",
            list(MOVE_COLUMNS)
        );
        let mut query = self.db.prepare_cached(&sql)?;
        query
            .query_and_then((id, version), |row| {
                let mut cells = Reading::of_row("workpaper_move", MOVE_COLUMNS, row, 0)?;
                let from = cells.word(WorkpaperState::parse)?;
                let to = cells.word(WorkpaperState::parse)?;
                let (reason, actor, at) = (cells.text()?, cells.text()?, cells.instant()?);
                Ok(WorkpaperMove { from, to, decided: Decided { actor, at, reason } })
            })?
            .collect()
    }
}

fn state_of(db: &Connection, id: &str, version: u32) -> Result<WorkpaperState, StoreError> {
    let sql = "SELECT state FROM workpaper WHERE id = ?1 AND version = ?2";
    let word: Option<String> = db.query_row(sql, (id, version), |row| row.get(0)).optional()?;
    let word = word.ok_or_else(|| StoreError::NoSuchWorkpaper { id: id.to_owned(), version })?;
    WorkpaperState::parse(&word).ok_or(StoreError::Unreadable { table: TABLE, column: "state" })
}

/// Who signed as preparer last. A prepared workpaper always has one.
fn preparer(db: &Connection, id: &str, version: u32) -> Result<String, StoreError> {
    Ok(db.query_row(
        "SELECT actor FROM workpaper_move WHERE id = ?1 AND version = ?2 AND to_state = 'prepared'
         ORDER BY seq DESC LIMIT 1",
        (id, version),
        |row| row.get(0),
    )?)
}

fn row_cells(workpaper: &WorkpaperRecord) -> Cells {
    Cells::new()
        .text(&workpaper.id)
        .int(i64::from(workpaper.version))
        .text(workpaper.connection.as_str())
        .text(&workpaper.period)
        .text(workpaper.state.as_str())
        .instant(workpaper.known_at)
        .text(&workpaper.hash)
        .instant(workpaper.created_at)
        .text(&workpaper.created_by)
}

fn read(cells: &mut Reading) -> Result<WorkpaperRecord, StoreError> {
    Ok(WorkpaperRecord {
        id: cells.text()?,
        version: cells.number()?,
        connection: cells.id(ConnectionId::new)?,
        period: cells.text()?,
        state: cells.word(WorkpaperState::parse)?,
        known_at: cells.instant()?,
        hash: cells.text()?,
        created_at: cells.instant()?,
        created_by: cells.text()?,
    })
}

fn subject(id: &str, version: u32) -> String {
    format!("{id} version {version}")
}

fn illegal(id: &str, to: WorkpaperState, found: WorkpaperState) -> StoreError {
    StoreError::IllegalWorkpaperMove { id: id.to_owned(), to, found }
}
