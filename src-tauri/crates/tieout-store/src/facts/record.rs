//! Recording what a page told: facts, quarantine and cursor in one transaction.

use jiff::Timestamp;
use rusqlite::Connection;
use tieout_domain::facts::{Fact, Gone, Quarantined, Stream};
use tieout_domain::ids::{ConnectionId, RunId};

use super::form::Form;
use super::version::{self, Record, Version};
use crate::clock;
use crate::cursors::{self, CursorProgress};
use crate::error::StoreError;
use crate::quarantine::{self, Resolution};
use crate::store::Store;

/// One page of one feed, or whatever else was read of one connection at one moment.
#[derive(Clone, Debug)]
pub struct RecordedPage<'a> {
    pub connection: &'a ConnectionId,
    pub run: &'a RunId,
    /// The feed whose cursor moves. The facts may be of any feed of the connection.
    pub stream: Stream,
    /// The clock's time. Facts are stamped with it, or later if the clock was set back.
    pub observed_at: Timestamp,
    pub facts: &'a [Fact],
    pub quarantined: &'a [Quarantined],
    pub progress: CursorProgress,
}

/// What recording came to, in records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RecordOutcome {
    /// Seen for the first time.
    pub new: u64,
    /// Another version than the last one.
    pub changed: u64,
    /// Nothing appended: as already stored, or a deletion of a record that we never had.
    pub unchanged: u64,
    /// Deleted at the source, and not before.
    pub deleted: u64,
    pub quarantined: u64,
}

impl RecordOutcome {
    /// Adds another outcome to this one.
    pub fn add(&mut self, other: &Self) {
        self.new += other.new;
        self.changed += other.changed;
        self.unchanged += other.unchanged;
        self.deleted += other.deleted;
        self.quarantined += other.quarantined;
    }
}

impl Store {
    /// Records a page. A version is appended only where the fact differs from the latest one, so
    /// reading the same page again appends nothing. A fact that is read well, and a deletion,
    /// resolve the record's open quarantine row. The cursor moves in the same transaction.
    pub fn record(&mut self, page: RecordedPage<'_>) -> Result<RecordOutcome, StoreError> {
        let tx = self.write()?;
        let outcome = record_page(&tx, &page)?;
        cursors::advance(&tx, page.connection, page.stream, &page.progress)?;
        tx.commit()?;
        Ok(outcome)
    }
}

fn record_page(db: &Connection, page: &RecordedPage<'_>) -> Result<RecordOutcome, StoreError> {
    let mut outcome = RecordOutcome::default();
    // Nothing is observed on an empty page, so the second time axis stays where it is.
    if page.facts.is_empty() && page.quarantined.is_empty() {
        return Ok(outcome);
    }
    let observed_at = clock::observe(db, page.observed_at)?;
    let recording = Recording { connection: page.connection, run: page.run, observed_at };
    for fact in page.facts {
        recording.fact(db, fact, &mut outcome)?;
    }
    for record in page.quarantined {
        quarantine::put(db, page.connection, page.run, observed_at, record)?;
        outcome.quarantined += 1;
    }
    Ok(outcome)
}

/// Records one fact inside the caller's transaction.
pub(crate) fn record_one(
    db: &Connection,
    connection: &ConnectionId,
    run: &RunId,
    at: Timestamp,
    fact: &Fact,
) -> Result<(), StoreError> {
    let observed_at = clock::observe(db, at)?;
    let recording = Recording { connection, run, observed_at };
    recording.fact(db, fact, &mut RecordOutcome::default())
}

struct Recording<'a> {
    connection: &'a ConnectionId,
    run: &'a RunId,
    observed_at: Timestamp,
}

impl Recording<'_> {
    fn fact(
        &self,
        db: &Connection,
        fact: &Fact,
        outcome: &mut RecordOutcome,
    ) -> Result<(), StoreError> {
        let stream = fact.stream();
        let record = Record { connection: self.connection, stream, id: fact.id() };
        let latest = version::latest(db, record, i64::MAX)?;
        let resolution = match Form::of(fact) {
            Ok(form) => {
                self.version(db, record, latest, form, outcome)?;
                Resolution::Read
            }
            Err(gone) => {
                self.deletion(db, record, latest, gone, outcome)?;
                Resolution::Gone
            }
        };
        quarantine::resolve(db, self.connection, stream, record.id, self.observed_at, resolution)
    }

    fn version(
        &self,
        db: &Connection,
        record: Record<'_>,
        latest: Option<Version>,
        form: Form,
        outcome: &mut RecordOutcome,
    ) -> Result<(), StoreError> {
        let Some(latest) = latest else {
            outcome.new += 1;
            return self.append(db, record, 1, &form);
        };
        if latest.form == form || is_outdated(db, record, &latest, &form)? {
            outcome.unchanged += 1;
            return Ok(());
        }
        if form.deleted && !latest.form.deleted {
            outcome.deleted += 1;
        } else {
            outcome.changed += 1;
        }
        self.append(db, record, latest.version_no + 1, &form)
    }

    /// The source tells only that the record is gone, so the version repeats what was known last.
    fn deletion(
        &self,
        db: &Connection,
        record: Record<'_>,
        latest: Option<Version>,
        gone: &Gone,
        outcome: &mut RecordOutcome,
    ) -> Result<(), StoreError> {
        match latest {
            Some(latest) if !latest.form.deleted => {
                outcome.deleted += 1;
                let modified_at = gone.deleted_at.as_microsecond();
                let form = Form { modified_at, deleted: true, ..latest.form };
                self.append(db, record, latest.version_no + 1, &form)
            }
            _ => {
                outcome.unchanged += 1;
                Ok(())
            }
        }
    }

    fn append(
        &self,
        db: &Connection,
        record: Record<'_>,
        version_no: i64,
        form: &Form,
    ) -> Result<(), StoreError> {
        version::append(db, record, version_no, self.observed_at.as_microsecond(), self.run, form)
    }
}

/// A page that overlaps an earlier one may bring a version that is already behind us. A record that
/// is deleted here and read again is never outdated: it was hidden or restored.
fn is_outdated(
    db: &Connection,
    record: Record<'_>,
    latest: &Version,
    form: &Form,
) -> Result<bool, StoreError> {
    let earlier = form.modified_at < latest.form.modified_at && !latest.form.deleted;
    Ok(earlier && version::is_stored(db, record, form)?)
}
