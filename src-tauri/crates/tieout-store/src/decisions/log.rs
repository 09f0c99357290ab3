//! Saving and reading decisions of every kind.

use jiff::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params_from_iter};

use crate::audit;
use crate::cell::{Cells, Reading, list, places};
use crate::error::StoreError;
use crate::store::Store;

/// Who decided, when and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// A person, or `engine` for a rule.
    pub actor: String,
    pub at: Timestamp,
    pub reason: String,
}

/// One kind of decision and its table. `COLUMNS` begins with the `KEYS` columns that name what the
/// decision is about; who, when and why are columns of every such table and not among them.
pub(super) trait Decision: Sized {
    const TABLE: &'static str;
    const COLUMNS: &'static [&'static str];
    const KEYS: usize;
    /// Whether a row still says something: SQL over its columns.
    const STANDS: &'static str;

    fn cells(&self) -> Cells;
    fn read(cells: &mut Reading, decided: Decided) -> Result<Self, StoreError>;
    fn decided(&self) -> &Decided;
    /// The word of the audit trail: `linked`, `withdrawn`.
    fn verb(&self) -> &'static str;
}

const DECIDED_COLUMNS: &[&str] = &["reason", "actor", "at"];

impl Store {
    /// Appends a decision with its audit entry. False, and nothing written, when what it says is
    /// already the latest decision on its subject.
    pub(super) fn decide<D: Decision>(&mut self, decision: &D) -> Result<bool, StoreError> {
        let tx = self.write()?;
        let cells = decision.cells().into_values();
        let before = latest::<D>(&tx, &cells[..D::KEYS])?;
        if before.as_ref() == Some(&cells) {
            return Ok(false);
        }
        let decided = decision.decided();
        let who = Cells::new().text(&decided.reason).text(&decided.actor).instant(decided.at);
        let sql = format!(
            "INSERT INTO {} ({}, {}) VALUES ({})",
            D::TABLE,
            list(D::COLUMNS),
            list(DECIDED_COLUMNS),
            places(D::COLUMNS.len() + DECIDED_COLUMNS.len())
        );
        tx.prepare_cached(&sql)?
            .execute(params_from_iter(cells.iter().cloned().chain(who.into_values())))?;
        let subject: Vec<String> = cells[..D::KEYS].iter().map(shown).collect();
        audit::append(
            &tx,
            decided.at,
            &decided.actor,
            &format!("{}.{}", D::TABLE, decision.verb()),
            &subject.join(" "),
            &difference::<D>(before.as_deref(), &cells, &decided.reason),
        )?;
        tx.commit()?;
        Ok(true)
    }

    /// The last decision on each subject made at or before `known_at` (`None`: now), in the order
    /// in which they were made, as far as it still says something.
    pub(super) fn decided_at<D: Decision>(
        &self,
        known_at: Option<Timestamp>,
    ) -> Result<Vec<D>, StoreError> {
        let same: Vec<String> = D::COLUMNS[..D::KEYS]
            .iter()
            .map(|column| format!("later.{column} = held.{column}"))
            .collect();
        let condition = format!(
            "{} AND at <= ?1 AND NOT EXISTS (
                 SELECT 1 FROM {} AS later
                 WHERE {} AND later.seq > held.seq AND later.at <= ?1)",
            D::STANDS,
            D::TABLE,
            same.join(" AND ")
        );
        self.decisions(&condition, known_at.map_or(i64::MAX, Timestamp::as_microsecond))
    }

    /// Every decision of a kind, oldest first.
    pub(super) fn decided_ever<D: Decision>(&self) -> Result<Vec<D>, StoreError> {
        self.decisions("at <= ?1", i64::MAX)
    }

    fn decisions<D: Decision>(&self, condition: &str, until: i64) -> Result<Vec<D>, StoreError> {
        let sql = format!(
            "SELECT {}, {} FROM {} AS held WHERE {condition} ORDER BY seq",
            list(DECIDED_COLUMNS),
            list(D::COLUMNS),
            D::TABLE
        );
        let mut query = self.db.prepare_cached(&sql)?;
        query
            .query_and_then([until], |row| {
                let mut who = Reading::of_row(D::TABLE, DECIDED_COLUMNS, row, 0)?;
                let (reason, actor, at) = (who.text()?, who.text()?, who.instant()?);
                let mut cells = Reading::of_row(D::TABLE, D::COLUMNS, row, DECIDED_COLUMNS.len())?;
                D::read(&mut cells, Decided { actor, at, reason })
            })?
            .collect()
    }
}

/// The cells of the latest decision on the same subject.
fn latest<D: Decision>(db: &Connection, key: &[Value]) -> Result<Option<Vec<Value>>, StoreError> {
    let conditions: Vec<String> =
        D::COLUMNS[..D::KEYS].iter().map(|column| format!("{column} = ?")).collect();
    let sql = format!(
        "SELECT {} FROM {} WHERE {} ORDER BY seq DESC LIMIT 1",
        list(D::COLUMNS),
        D::TABLE,
        conditions.join(" AND ")
    );
    let cells = db
        .prepare_cached(&sql)?
        .query_row(params_from_iter(key), |row| {
            (0..D::COLUMNS.len()).map(|at| row.get::<_, Value>(at)).collect()
        })
        .optional()?;
    Ok(cells)
}

/// `column: before -> after` for everything that the decision changes, then the reason.
fn difference<D: Decision>(before: Option<&[Value]>, after: &[Value], reason: &str) -> String {
    let mut parts: Vec<String> = Vec::new();
    for (at, column) in D::COLUMNS.iter().enumerate().skip(D::KEYS) {
        let was = before.map(|cells| &cells[at]);
        if was != Some(&after[at]) {
            let was = was.map_or_else(|| "none".to_owned(), shown);
            parts.push(format!("{column}: {was} -> {}", shown(&after[at])));
        }
    }
    parts.push(format!("reason: {reason}"));
    parts.join("; ")
}

fn shown(cell: &Value) -> String {
    match cell {
        Value::Null => "none".to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Text(text) => text.clone(),
        Value::Real(_) | Value::Blob(_) => "?".to_owned(),
    }
}
