//! What the engine did when, and whether it could do all of it.

use jiff::Timestamp;
use rusqlite::{Connection, Row, params};
use tieout_domain::ids::RunId;

use crate::audit;
use crate::cell::{Reading, list};
use crate::error::StoreError;
use crate::store::Store;

/// One engine run as it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunRecord {
    pub id: RunId,
    /// `sync`, `resync`, `reconcile`, …
    pub kind: String,
    pub started_at: Timestamp,
    /// What asked for it: a button, a schedule, a push, a start.
    pub trigger: String,
}

/// Whether a run did everything it was asked to. An incomplete run never says "no differences".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Completeness {
    Complete,
    Incomplete {
        /// What is missing, one sentence each; at least one.
        reasons: Vec<String>,
    },
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunEnd {
    pub ended_at: Timestamp,
    pub completeness: Completeness,
    /// JSON text.
    pub counts: String,
    pub http_requests: u64,
}

/// A run with what is known of it so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunRow {
    pub run: RunRecord,
    /// When it last said how far it is.
    pub progressed_at: Option<Timestamp>,
    /// JSON text, `{}` before the first progress.
    pub counts: String,
    pub http_requests: u64,
    /// `None`: it runs, or it was interrupted.
    pub end: Option<RunEnd>,
}

const TABLE: &str = "run";
const COLUMNS: &[&str] = &[
    "id",
    "kind",
    "trigger_word",
    "started_at",
    "progressed_at",
    "counts",
    "http_requests",
    "ended_at",
    "completeness",
];

impl Store {
    /// Begins a run. Facts, totals and effects refer to it, so it comes first.
    pub fn start_run(&mut self, run: &RunRecord) -> Result<(), StoreError> {
        let tx = self.write()?;
        tx.prepare_cached(
            "INSERT INTO run (id, kind, trigger_word, started_at, counts, http_requests)
             VALUES (?1, ?2, ?3, ?4, '{}', 0)",
        )?
        .execute(params![
            run.id.as_str(),
            run.kind,
            run.trigger,
            run.started_at.as_microsecond()
        ])?;
        Ok(tx.commit()?)
    }

    /// Notes how far a run is. `counts` is JSON text.
    pub fn run_progress(
        &mut self,
        run: &RunId,
        at: Timestamp,
        counts: &str,
        http_requests: u64,
    ) -> Result<(), StoreError> {
        let tx = self.write()?;
        let changed = tx
            .prepare_cached(
                "UPDATE run SET progressed_at = ?2, counts = ?3, http_requests = ?4
                 WHERE id = ?1 AND ended_at IS NULL",
            )?
            .execute(params![run.as_str(), at.as_microsecond(), counts, stored(http_requests)])?;
        under_way(changed, run)?;
        Ok(tx.commit()?)
    }

    /// Ends a run for good and writes it into the audit chain. `NoSuchRun`: none is under way.
    pub fn finish_run(&mut self, run: &RunId, end: &RunEnd) -> Result<(), StoreError> {
        let (word, reasons): (_, &[String]) = match &end.completeness {
            Completeness::Complete => ("complete", &[]),
            Completeness::Incomplete { reasons } => ("incomplete", reasons),
        };
        let tx = self.write()?;
        let changed = tx
            .prepare_cached(
                "UPDATE run SET ended_at = ?2, completeness = ?3, counts = ?4, http_requests = ?5
                 WHERE id = ?1 AND ended_at IS NULL",
            )?
            .execute(params![
                run.as_str(),
                end.ended_at.as_microsecond(),
                word,
                end.counts,
                stored(end.http_requests),
            ])?;
        under_way(changed, run)?;
        let mut gap =
            tx.prepare_cached("INSERT INTO run_gap (run, ordinal, reason) VALUES (?1, ?2, ?3)")?;
        for (ordinal, reason) in (0_i64..).zip(reasons) {
            gap.execute((run.as_str(), ordinal, reason))?;
        }
        drop(gap);
        let detail = format!("{word}; {}", end.counts);
        audit::append(&tx, end.ended_at, "engine", "run.finished", run.as_str(), &detail)?;
        Ok(tx.commit()?)
    }

    /// The latest runs, newest first.
    pub fn runs(&self, limit: u32) -> Result<Vec<RunRow>, StoreError> {
        self.runs_where("", limit)
    }

    /// Runs that never ended, newest first. Before this instance starts one, each was cut off.
    pub fn interrupted_runs(&self) -> Result<Vec<RunRow>, StoreError> {
        self.runs_where("WHERE ended_at IS NULL", u32::MAX)
    }

    fn runs_where(&self, condition: &str, limit: u32) -> Result<Vec<RunRow>, StoreError> {
        let columns = list(COLUMNS);
        let sql = format!(
            "SELECT {columns} FROM {TABLE} {condition}
             ORDER BY started_at DESC, rowid DESC LIMIT ?1"
        );
        let mut query = self.db.prepare_cached(&sql)?;
        query.query_and_then([limit], |row| read(&self.db, row))?.collect()
    }
}

fn read(db: &Connection, row: &Row<'_>) -> Result<RunRow, StoreError> {
    let mut cells = Reading::of_row(TABLE, COLUMNS, row, 0)?;
    let id = cells.id(RunId::new)?;
    let (kind, trigger) = (cells.text()?, cells.text()?);
    let run = RunRecord { id, kind, trigger, started_at: cells.instant()? };
    let progressed_at = cells.opt_instant()?;
    let (counts, http_requests) = (cells.text()?, cells.number()?);
    let ended_at = cells.opt_instant()?;
    let complete = cells.opt_word(|word| match word {
        "complete" => Some(true),
        "incomplete" => Some(false),
        _ => None,
    })?;
    let end = match ended_at.zip(complete) {
        None => None,
        Some((ended_at, complete)) => Some(RunEnd {
            ended_at,
            completeness: if complete {
                Completeness::Complete
            } else {
                Completeness::Incomplete { reasons: gaps(db, &run.id)? }
            },
            counts: counts.clone(),
            http_requests,
        }),
    };
    Ok(RunRow { run, progressed_at, counts, http_requests, end })
}

fn gaps(db: &Connection, run: &RunId) -> Result<Vec<String>, StoreError> {
    let mut query =
        db.prepare_cached("SELECT reason FROM run_gap WHERE run = ?1 ORDER BY ordinal")?;
    let reasons = query.query_map([run.as_str()], |row| row.get(0))?;
    Ok(reasons.collect::<Result<_, _>>()?)
}

fn under_way(changed: usize, run: &RunId) -> Result<(), StoreError> {
    match changed {
        0 => Err(StoreError::NoSuchRun { run: run.to_string() }),
        _ => Ok(()),
    }
}

fn stored(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
