//! The second time axis: when a version was first observed (`finance-domain §3 D3`).
//!
//! A laptop's clock may be set back. If a later version carried an earlier moment, it would slip
//! into what was known at a signed moment; so the axis never goes back.

use jiff::Timestamp;
use rusqlite::Connection;

use crate::error::StoreError;
use crate::store::Store;

impl Store {
    /// The moment to pass as `known_at` for "as known now": the clock's, or the latest observation
    /// if the clock was set back.
    pub fn known_now(&self, now: Timestamp) -> Result<Timestamp, StoreError> {
        let latest = latest(&self.db)?;
        instant(now.as_microsecond().max(latest))
    }
}

/// The moment to stamp an observation made at `at` with, and remembers it.
pub(crate) fn observe(db: &Connection, at: Timestamp) -> Result<Timestamp, StoreError> {
    let (given, latest) = (at.as_microsecond(), latest(db)?);
    let stamped = if given < latest { latest.saturating_add(1) } else { given };
    remember(db, stamped)?;
    instant(stamped)
}

/// What is observed from now on was not known at `known_at`.
pub(crate) fn close(db: &Connection, known_at: Timestamp) -> Result<(), StoreError> {
    let after = known_at.as_microsecond().saturating_add(1);
    remember(db, after.max(latest(db)?))
}

fn latest(db: &Connection) -> Result<i64, StoreError> {
    let mut query = db.prepare_cached("SELECT latest FROM observation_clock")?;
    Ok(query.query_row([], |row| row.get(0))?)
}

fn remember(db: &Connection, latest: i64) -> Result<(), StoreError> {
    db.prepare_cached("UPDATE observation_clock SET latest = ?1")?.execute([latest])?;
    Ok(())
}

fn instant(microsecond: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_microsecond(microsecond)
        .map_err(|_| StoreError::Unreadable { table: "observation_clock", column: "latest" })
}
