//! Facts as known at a moment.

use jiff::Timestamp;
use tieout_domain::facts::{Fact, Stream};
use tieout_domain::ids::{ConnectionId, RunId};

use super::form::layout;
use super::version::{self, Record, Version};
use crate::error::StoreError;
use crate::store::Store;

/// One version of one record, with when and by which run it was first observed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactVersion {
    /// From 1.
    pub version_no: u32,
    pub observed_at: Timestamp,
    pub run: RunId,
    pub fact: Fact,
}

impl Store {
    /// The latest version of every record of a feed that was observed at or before `known_at`
    /// (`None`: now), ordered by id. Deleted records are among them, with `stamp.deleted`.
    pub fn facts(
        &self,
        connection: &ConnectionId,
        stream: Stream,
        known_at: Option<Timestamp>,
    ) -> Result<Vec<Fact>, StoreError> {
        let layout = layout(stream);
        let mut query = self.db.prepare_cached(&layout.select_known())?;
        query
            .query_and_then((connection.as_str(), until(known_at)), |row| {
                Version::read(&self.db, layout, row)?.into_fact(stream)
            })?
            .collect()
    }

    /// One record as known at `known_at` (`None`: now). `None`: not observed by then.
    pub fn fact(
        &self,
        connection: &ConnectionId,
        stream: Stream,
        id: &str,
        known_at: Option<Timestamp>,
    ) -> Result<Option<Fact>, StoreError> {
        let record = Record { connection, stream, id };
        let version = version::latest(&self.db, record, until(known_at))?;
        version.map(|version| version.into_fact(stream)).transpose()
    }

    /// Every version of one record, oldest first.
    pub fn fact_versions(
        &self,
        connection: &ConnectionId,
        stream: Stream,
        id: &str,
    ) -> Result<Vec<FactVersion>, StoreError> {
        let layout = layout(stream);
        let unreadable = |column| StoreError::Unreadable { table: layout.table, column };
        let sql = format!("{} AND id = ?2 ORDER BY version_no", layout.select());
        let mut query = self.db.prepare_cached(&sql)?;
        query
            .query_and_then((connection.as_str(), id), |row| {
                let version = Version::read(&self.db, layout, row)?;
                Ok(FactVersion {
                    version_no: u32::try_from(version.version_no)
                        .map_err(|_| unreadable("version_no"))?,
                    observed_at: Timestamp::from_microsecond(version.observed_at)
                        .map_err(|_| unreadable("observed_at"))?,
                    run: RunId::new(&version.run).map_err(|_| unreadable("run"))?,
                    fact: version.into_fact(stream)?,
                })
            })?
            .collect()
    }
}

fn until(known_at: Option<Timestamp>) -> i64 {
    known_at.map_or(i64::MAX, Timestamp::as_microsecond)
}
