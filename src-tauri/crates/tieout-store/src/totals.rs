//! Control totals: what the source computed beside what we hold (tie-outs T1, T2 and T3).

use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::{OptionalExtension, params};
use tieout_domain::ids::{ConnectionId, RunId};
use tieout_domain::{Currency, Money};

use crate::cell::{Reading, list};
use crate::error::StoreError;
use crate::store::Store;

/// One measure of one connection in one currency, for documents or deals dated `from` to `to`, both
/// ends included; for a balance both are the day it is taken at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TotalRow {
    pub connection: ConnectionId,
    pub measure: String,
    pub currency: Currency,
    pub from: Date,
    pub to: Date,
    pub source_count: u64,
    /// `None`: the source can count but not add.
    pub source_sum: Option<Money>,
    pub held_count: u64,
    pub held_sum: Money,
    /// How the two were made comparable (`finance-domain §14 T1`).
    pub proof: String,
    /// Which query or report said so.
    pub source: String,
}

const TABLE: &str = "control_total";
const COLUMNS: &[&str] = &[
    "connection",
    "measure",
    "currency",
    "from_on",
    "to_on",
    "source_count",
    "source_sum_minor",
    "held_count",
    "held_sum_minor",
    "proof",
    "source",
];

impl Store {
    /// Adds the totals of a run. They are never changed. `MixedCurrencies`: a sum is in another
    /// currency than its row.
    pub fn save_totals(&mut self, run: &RunId, rows: &[TotalRow]) -> Result<(), StoreError> {
        let tx = self.write()?;
        let mut insert = tx.prepare_cached(
            "INSERT INTO control_total (run, connection, measure, currency, from_on, to_on,
                 source_count, source_sum_minor, held_count, held_sum_minor, proof, source)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        )?;
        for row in rows {
            let mut sums = row.source_sum.iter().chain([&row.held_sum]);
            if sums.any(|sum| sum.currency() != row.currency) {
                return Err(StoreError::MixedCurrencies);
            }
            insert.execute(params![
                run.as_str(),
                row.connection.as_str(),
                row.measure,
                row.currency.code(),
                row.from.to_string(),
                row.to.to_string(),
                i64::try_from(row.source_count).unwrap_or(i64::MAX),
                row.source_sum.map(Money::minor),
                i64::try_from(row.held_count).unwrap_or(i64::MAX),
                row.held_sum.minor(),
                row.proof,
                row.source,
            ])?;
        }
        drop(insert);
        Ok(tx.commit()?)
    }

    /// The latest run that kept totals of a connection; with a moment, of those that ended by then.
    pub fn last_with_totals(
        &self,
        connection: &ConnectionId,
        ended_by: Option<Timestamp>,
    ) -> Result<Option<RunId>, StoreError> {
        let sql = "SELECT id FROM run
                   WHERE (?2 IS NULL OR ended_at <= ?2) AND EXISTS (
                       SELECT 1 FROM control_total AS told
                       WHERE told.run = run.id AND told.connection = ?1)
                   ORDER BY started_at DESC, rowid DESC LIMIT 1";
        let ended_by = ended_by.map(Timestamp::as_microsecond);
        let found: Option<String> = self
            .db
            .prepare_cached(sql)?
            .query_row((connection.as_str(), ended_by), |row| row.get(0))
            .optional()?;
        let unreadable = |_| StoreError::Unreadable { table: "run", column: "id" };
        found.map(|id| RunId::new(&id).map_err(unreadable)).transpose()
    }

    /// The totals of a run, in the order in which they were saved.
    pub fn totals(&self, run: &RunId) -> Result<Vec<TotalRow>, StoreError> {
        let sql = format!("SELECT {} FROM {TABLE} WHERE run = ?1 ORDER BY total_id", list(COLUMNS));
        self.db
            .prepare_cached(&sql)?
            .query_and_then([run.as_str()], |row| {
                read(&mut Reading::of_row(TABLE, COLUMNS, row, 0)?)
            })?
            .collect()
    }
}

fn read(cells: &mut Reading) -> Result<TotalRow, StoreError> {
    let connection = cells.id(ConnectionId::new)?;
    let measure = cells.text()?;
    let currency = cells.currency()?;
    let money = |minor| Money::from_minor(minor, currency);
    Ok(TotalRow {
        connection,
        measure,
        currency,
        from: cells.date()?,
        to: cells.date()?,
        source_count: cells.number()?,
        source_sum: cells.opt_int()?.map(money),
        held_count: cells.number()?,
        held_sum: money(cells.int()?),
        proof: cells.text()?,
        source: cells.text()?,
    })
}
