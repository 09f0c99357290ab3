//! Reading and appending one version.

use rusqlite::types::Value;
use rusqlite::{Connection, Row, params_from_iter};
use tieout_domain::facts::{Fact, Stream};
use tieout_domain::ids::{ConnectionId, RunId};

use super::form::{ChildLayout, ChildRows, Form, Layout, layout};
use crate::cell::{list, places};
use crate::error::StoreError;

/// One record of one feed of one connection.
#[derive(Clone, Copy)]
pub(super) struct Record<'a> {
    pub(super) connection: &'a ConnectionId,
    pub(super) stream: Stream,
    pub(super) id: &'a str,
}

/// One version as it lies in the store. Instants are microseconds UTC.
pub(super) struct Version {
    pub(super) id: String,
    pub(super) version_no: i64,
    pub(super) observed_at: i64,
    pub(super) run: String,
    pub(super) form: Form,
}

/// What every version has, in the order in which it is selected, before the payload.
const HEAD: &str =
    "version_id, version_no, observed_at, run, source_version, modified_at, deleted, id";
const HEAD_CELLS: usize = 8;

impl Layout {
    /// The table, named `held`, limited to one feed of one connection.
    pub(super) fn of_connection(&self) -> String {
        let only = self.kind.map(|kind| format!(" AND held.kind = '{kind}'")).unwrap_or_default();
        format!("{} AS held WHERE held.connection = ?1{only}", self.table)
    }

    pub(super) fn select(&self) -> String {
        format!("SELECT {HEAD}, {} FROM {}", list(self.columns), self.of_connection())
    }

    /// The latest version of record `?2` as known at `?3`. The plus keeps SQLite from searching by
    /// time, where it would read every version of every record.
    pub(crate) fn select_latest(&self) -> String {
        format!(
            "{} AND id = ?2 AND +observed_at <= ?3 ORDER BY version_no DESC LIMIT 1",
            self.select()
        )
    }

    /// The latest versions of all records as known at `?2`.
    pub(crate) fn select_known(&self) -> String {
        let same_kind = if self.kind.is_some() { "AND later.kind = held.kind" } else { "" };
        format!(
            "{} AND +held.observed_at <= ?2 AND held.version_no = (
                 SELECT max(later.version_no) FROM {} AS later
                 WHERE later.connection = held.connection AND later.id = held.id {same_kind}
                     AND +later.observed_at <= ?2)
             ORDER BY id",
            self.select(),
            self.table
        )
    }
}

impl Version {
    /// From a row of `Layout::select`, with its child rows.
    pub(super) fn read(
        db: &Connection,
        layout: &Layout,
        row: &Row<'_>,
    ) -> Result<Self, StoreError> {
        let version_id: i64 = row.get(0)?;
        let payload = (HEAD_CELLS..HEAD_CELLS + layout.columns.len())
            .map(|at| row.get::<_, Value>(at))
            .collect::<Result<_, _>>()?;
        let children = layout
            .children
            .iter()
            .map(|child| child_rows(db, child, version_id))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            version_no: row.get(1)?,
            observed_at: row.get(2)?,
            run: row.get(3)?,
            id: row.get(7)?,
            form: Form {
                source_version: row.get(4)?,
                modified_at: row.get(5)?,
                deleted: row.get(6)?,
                payload,
                children,
            },
        })
    }

    pub(super) fn into_fact(self, stream: Stream) -> Result<Fact, StoreError> {
        self.form.into_fact(stream, &self.id)
    }
}

/// The latest version of a record observed at or before `known_at`, in microseconds.
pub(super) fn latest(
    db: &Connection,
    record: Record<'_>,
    known_at: i64,
) -> Result<Option<Version>, StoreError> {
    let layout = layout(record.stream);
    let mut query = db.prepare_cached(&layout.select_latest())?;
    let mut rows = query.query((record.connection.as_str(), record.id, known_at))?;
    rows.next()?.map(|row| Version::read(db, layout, row)).transpose()
}

/// Whether this very version of the record is stored: same word of the source, same change time.
pub(super) fn is_stored(
    db: &Connection,
    record: Record<'_>,
    form: &Form,
) -> Result<bool, StoreError> {
    let sql = format!(
        "SELECT 1 FROM {} AND id = ?2 AND source_version = ?3 AND modified_at = ?4",
        layout(record.stream).of_connection()
    );
    Ok(db.prepare_cached(&sql)?.exists((
        record.connection.as_str(),
        record.id,
        &form.source_version,
        form.modified_at,
    ))?)
}

/// Appends a version with its child rows.
pub(super) fn append(
    db: &Connection,
    record: Record<'_>,
    version_no: i64,
    observed_at: i64,
    run: &RunId,
    form: &Form,
) -> Result<(), StoreError> {
    let layout = layout(record.stream);
    let mut columns = vec!["connection", "id", "version_no", "observed_at", "run"];
    columns.extend(["source_version", "modified_at", "deleted"]);
    let mut cells: Vec<Value> = vec![
        record.connection.to_string().into(),
        record.id.to_owned().into(),
        version_no.into(),
        observed_at.into(),
        run.to_string().into(),
        form.source_version.clone().into(),
        form.modified_at.into(),
        form.deleted.into(),
    ];
    if let Some(kind) = layout.kind {
        columns.push("kind");
        cells.push(kind.to_owned().into());
    }
    columns.extend(layout.columns);
    cells.extend(form.payload.iter().cloned());
    let version_id = insert(db, layout.table, &columns, cells)?;
    for (child, rows) in layout.children.iter().zip(&form.children) {
        append_children(db, child, version_id, rows)?;
    }
    Ok(())
}

fn append_children(
    db: &Connection,
    child: &ChildLayout,
    version_id: i64,
    rows: &ChildRows,
) -> Result<(), StoreError> {
    let mut columns = vec!["version_id", "ordinal"];
    columns.extend(child.columns);
    for (ordinal, row) in (0_i64..).zip(rows) {
        let mut cells: Vec<Value> = vec![version_id.into(), ordinal.into()];
        cells.extend(row.iter().cloned());
        insert(db, child.table, &columns, cells)?;
    }
    Ok(())
}

fn insert(
    db: &Connection,
    table: &str,
    columns: &[&str],
    cells: Vec<Value>,
) -> Result<i64, StoreError> {
    let sql = format!("INSERT INTO {table} ({}) VALUES ({})", list(columns), places(columns.len()));
    db.prepare_cached(&sql)?.execute(params_from_iter(cells))?;
    Ok(db.last_insert_rowid())
}

fn child_rows(
    db: &Connection,
    child: &ChildLayout,
    version_id: i64,
) -> Result<ChildRows, StoreError> {
    let sql = format!(
        "SELECT {} FROM {} WHERE version_id = ?1 ORDER BY ordinal",
        list(child.columns),
        child.table
    );
    let mut query = db.prepare_cached(&sql)?;
    let rows = query.query_map([version_id], |row| {
        (0..child.columns.len()).map(|at| row.get::<_, Value>(at)).collect()
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
