//! What became known between two moments: the change list of a suspended workpaper.

use jiff::Timestamp;
use tieout_domain::facts::{Fact, Stream};
use tieout_domain::ids::ConnectionId;

use super::form::layout;
use super::version::{self, Record};
use crate::error::StoreError;
use crate::store::Store;

/// One record that is known differently at the second moment than at the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub stream: Stream,
    pub id: String,
    /// As known at the first moment. `None`: not observed by then.
    pub before: Option<Fact>,
    /// As known at the second moment; `stamp.deleted` for a deletion.
    pub after: Fact,
    /// When `after` was first observed.
    pub observed_at: Timestamp,
}

impl Store {
    /// What was observed after `from_known_at` and at or before `to_known_at`, by feed and id. A
    /// record that changed and changed back is not a change.
    pub fn changes_between(
        &self,
        connection: &ConnectionId,
        from_known_at: Timestamp,
        to_known_at: Timestamp,
    ) -> Result<Vec<Change>, StoreError> {
        let (from, to) = (from_known_at.as_microsecond(), to_known_at.as_microsecond());
        let mut changes = Vec::new();
        for stream in Stream::ALL {
            for id in self.observed_between(connection, stream, from, to)? {
                changes.extend(self.change(connection, stream, id, from, to)?);
            }
        }
        Ok(changes)
    }

    fn observed_between(
        &self,
        connection: &ConnectionId,
        stream: Stream,
        from: i64,
        to: i64,
    ) -> Result<Vec<String>, StoreError> {
        let sql = format!(
            "SELECT DISTINCT id FROM {} AND observed_at > ?2 AND observed_at <= ?3 ORDER BY id",
            layout(stream).of_connection()
        );
        let mut query = self.db.prepare_cached(&sql)?;
        let ids = query.query_map((connection.as_str(), from, to), |row| row.get(0))?;
        Ok(ids.collect::<Result<_, _>>()?)
    }

    fn change(
        &self,
        connection: &ConnectionId,
        stream: Stream,
        id: String,
        from: i64,
        to: i64,
    ) -> Result<Option<Change>, StoreError> {
        let record = Record { connection, stream, id: &id };
        let before = version::latest(&self.db, record, from)?;
        let Some(after) = version::latest(&self.db, record, to)? else { return Ok(None) };
        if before.as_ref().is_some_and(|before| before.form == after.form) {
            return Ok(None);
        }
        let observed_at = Timestamp::from_microsecond(after.observed_at).map_err(|_| {
            StoreError::Unreadable { table: layout(stream).table, column: "observed_at" }
        })?;
        let before = before.map(|version| version.into_fact(stream)).transpose()?;
        Ok(Some(Change { stream, id, before, after: after.into_fact(stream)?, observed_at }))
    }
}
