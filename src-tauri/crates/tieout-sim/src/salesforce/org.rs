//! The state of one org: rows, sign-ins, open cursors, and what was deleted.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::config::{OrgConfig, Switches};
use super::cursor::Cursors;
use super::index::Index;
use super::oauth::SignIns;
use super::schema::{FieldDef, FieldKind, ObjectDef, Schema};
use super::value::{Value, as_text, whole_seconds};
use crate::sample::salesforce_id;

/// First serial number of ids that the org itself gives; the sample's are below.
const FIRST_SERIAL: u64 = 100_000;
/// Hours over which requests are counted.
const USAGE_HOURS: i64 = 24;

pub type Fields = BTreeMap<String, Value>;

/// One row. `before` is what others see until `shown_from`: a transaction that is not committed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Row {
    pub fields: Fields,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending: Option<Pending>,
}

/// A change that is stamped but not yet visible.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Pending {
    #[serde(with = "as_text")]
    pub shown_from: Timestamp,
    /// Absent for a new row.
    pub before: Option<Fields>,
}

/// A deletion as `getDeleted` tells it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Deletion {
    pub object: String,
    pub id: String,
    #[serde(with = "as_text")]
    pub at: Timestamp,
}

/// A change that happens by itself when the clock gets there.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Planned {
    #[serde(with = "as_text")]
    pub at: Timestamp,
    pub object: String,
    pub id: String,
    /// Laid over the row's fields; a row that is not there is made of them.
    pub fields: Fields,
}

pub type Table = BTreeMap<String, Row>;

/// Rows and deletions: what a rolled-back transaction restores.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Rows {
    pub tables: BTreeMap<String, Table>,
    pub deletions: Vec<Deletion>,
    pub serials: BTreeMap<String, u64>,
    #[serde(skip)]
    index: Index,
}

/// Everything that a snapshot keeps.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Org {
    pub config: OrgConfig,
    pub rows: Rows,
    /// What is still to come, in the order of time.
    pub planned: Vec<Planned>,
    pub sign_ins: SignIns,
    pub cursors: Cursors,
    /// Requests by hour since 1970.
    pub usage: BTreeMap<i64, u32>,
    /// Grows with each request, token and cursor.
    pub sequence: u64,
    #[serde(with = "as_text")]
    pub now: Timestamp,
    #[serde(skip)]
    pub schema: Arc<Schema>,
}

impl Org {
    pub fn new(config: OrgConfig, now: Timestamp) -> Self {
        let schema = Arc::new(Schema::of(&config.switches));
        Self {
            sign_ins: SignIns::default(),
            cursors: Cursors::default(),
            rows: Rows::default(),
            planned: Vec::new(),
            usage: BTreeMap::new(),
            sequence: config.seed,
            now: whole_seconds(now),
            config,
            schema,
        }
    }

    pub fn switches(&self) -> &Switches {
        &self.config.switches
    }

    /// Puts new switches in force, the schema with them.
    pub fn turn(&mut self, switches: Switches) {
        let is_same = Schema::is_same(&self.config.switches, &switches);
        self.config.switches = switches;
        if !is_same {
            self.shape();
        }
    }

    /// Makes the schema anew, and what follows from it.
    pub fn shape(&mut self) {
        self.schema = Arc::new(Schema::of(&self.config.switches));
        self.fill_currency();
        self.reindex();
    }

    fn reindex(&mut self) {
        let mut index = Index::default();
        for object in self.schema.objects() {
            for (id, row) in self.rows.tables.get(&object.name).into_iter().flatten() {
                index.put(object, id, &row.fields);
            }
        }
        self.rows.index = index;
    }

    /// Rows from before the org had several currencies get the corporate one.
    fn fill_currency(&mut self) {
        let currency = Value::text(&self.config.currency);
        let schema = Arc::clone(&self.schema);
        for object in schema.objects().filter(|object| object.field("CurrencyIsoCode").is_some()) {
            let rows = self.rows.tables.get_mut(&object.name).into_iter();
            for row in rows.flat_map(|table| table.values_mut()) {
                row.fields.entry("CurrencyIsoCode".to_owned()).or_insert_with(|| currency.clone());
            }
        }
    }

    /// Moves on to `to`, never back, and lets happen what was planned until then.
    pub fn advance_to(&mut self, to: Timestamp) {
        self.now = whole_seconds(to).max(self.now);
        let due = self.planned.partition_point(|planned| planned.at <= self.now);
        for planned in self.planned.drain(..due).collect::<Vec<_>>() {
            self.lay_over(planned);
        }
    }

    /// Lays the fields over a row now, or plans it if its moment is still to come.
    pub fn plan(&mut self, planned: Planned) {
        if planned.at <= self.now {
            self.lay_over(planned);
        } else {
            let place = self.planned.partition_point(|known| known.at <= planned.at);
            self.planned.insert(place, planned);
        }
    }

    fn lay_over(&mut self, planned: Planned) {
        let mut fields = self.row(&planned.object, &planned.id).cloned().unwrap_or_default();
        fields.extend(planned.fields);
        self.put_row(&planned.object, &planned.id, fields);
    }

    pub fn zone(&self) -> TimeZone {
        TimeZone::get(&self.config.zone).unwrap_or(TimeZone::UTC)
    }

    pub fn next_sequence(&mut self) -> u64 {
        self.sequence += 1;
        self.sequence
    }

    /// A new id of this object.
    pub fn new_id(&mut self, object: &ObjectDef) -> String {
        let serial = self.rows.serials.entry(object.name.clone()).or_insert(FIRST_SERIAL);
        *serial += 1;
        salesforce_id(&object.prefix, *serial)
    }

    pub fn table(&self, object: &str) -> Option<&Table> {
        self.rows.tables.get(object)
    }

    /// Makes a row or replaces its fields; what readers do not see yet stays unseen.
    pub fn put_row(&mut self, object: &str, id: &str, fields: Fields) {
        let schema = Arc::clone(&self.schema);
        let table = self.rows.tables.entry(object.to_owned()).or_default();
        let empty = || Row { fields: Fields::new(), pending: None };
        let row = table.entry(id.to_owned()).or_insert_with(empty);
        if let Some(object) = schema.object(object) {
            self.rows.index.take(object, id, &row.fields);
            self.rows.index.put(object, id, &fields);
        }
        row.fields = fields;
    }

    /// Takes a row out for good.
    pub fn drop_row(&mut self, object: &str, id: &str) {
        let row = self.rows.tables.get_mut(object).and_then(|table| table.remove(id));
        if let (Some(row), Some(object)) = (row, self.schema.object(object)) {
            self.rows.index.take(object, id, &row.fields);
        }
    }

    /// Keeps a row's newest change from readers until a moment.
    pub fn hold_back(&mut self, object: &ObjectDef, id: &str, pending: Pending) {
        // Readers look for what the row was before: the index lists both.
        if let Some(before) = &pending.before {
            self.rows.index.put(object, id, before);
        }
        let row = self.rows.tables.get_mut(&object.name).and_then(|table| table.get_mut(id));
        if let Some(row) = row {
            row.pending = Some(pending);
        }
    }

    /// The rows whose `field` may have this value: all of them where no index helps.
    pub fn rows_with<'a>(
        &'a self,
        object: &ObjectDef,
        field: &FieldDef,
        value: &Value,
    ) -> Vec<(&'a String, &'a Row)> {
        let Some(table) = self.table(&object.name) else { return Vec::new() };
        match self.rows.index.find(object, field, value) {
            Some(ids) => ids.iter().filter_map(|id| table.get_key_value(id)).collect(),
            None => table.iter().collect(),
        }
    }

    /// Ids of live rows of `object` whose field `name` refers to `parent`, in order.
    pub fn children(&self, object: &str, name: &str, parent: &str) -> Vec<String> {
        let Some(object) = self.schema.object(object) else { return Vec::new() };
        let Some(field) = object.field(name) else { return Vec::new() };
        let refers = |fields: &Fields| {
            fields.get(name).and_then(Value::as_text) == Some(parent)
                && !fields.get("IsDeleted").is_some_and(Value::is_true)
        };
        let rows = self.rows_with(object, field, &Value::text(parent));
        rows.into_iter().filter(|(_, row)| refers(&row.fields)).map(|(id, _)| id.clone()).collect()
    }

    /// The newest state of a row, committed or not.
    pub fn row(&self, object: &str, id: &str) -> Option<&Fields> {
        self.table(object)?.get(id).map(|row| &row.fields)
    }

    /// The row as a reader sees it now: nothing if it is not committed or not shared.
    pub fn seen<'a>(&self, id: &str, row: &'a Row) -> Option<&'a Fields> {
        if self.switches().hidden_records.contains(id) {
            return None;
        }
        match &row.pending {
            Some(pending) if self.now < pending.shown_from => pending.before.as_ref(),
            _ => Some(&row.fields),
        }
    }

    /// The row of this id as a reader sees it now, deleted ones included.
    pub fn seen_by_id(&self, object: &str, id: &str) -> Option<&Fields> {
        let row = self.table(object)?.get(id)?;
        self.seen(id, row)
    }

    /// All rows of an object that a reader sees now, in the order of their ids.
    pub fn seen_rows<'a>(&'a self, object: &str) -> Vec<(&'a String, &'a Fields)> {
        let Some(table) = self.table(object) else { return Vec::new() };
        table.iter().filter_map(|(id, row)| Some((id, self.seen(id, row)?))).collect()
    }

    /// What `field` reads in `fields`: formulas computed, compound addresses left to the caller.
    pub fn read(&self, fields: &Fields, field: &FieldDef) -> Value {
        let name = field.formula.as_deref().unwrap_or(&field.name);
        match fields.get(name) {
            None if field.kind == FieldKind::Bool => Value::Bool(false),
            None => Value::Null,
            Some(value) => value.clone(),
        }
    }

    /// Counts one request; false when the day's limit is used up.
    pub fn count_request(&mut self) -> bool {
        if self.used() >= self.switches().daily_limit {
            return false;
        }
        let hour = self.hour();
        self.usage.retain(|known, _| *known > hour - USAGE_HOURS);
        *self.usage.entry(hour).or_default() += 1;
        true
    }

    /// Requests of the last 24 hours.
    pub fn used(&self) -> u32 {
        let hour = self.hour();
        self.usage.iter().filter(|(known, _)| **known > hour - USAGE_HOURS).map(|(_, n)| *n).sum()
    }

    fn hour(&self) -> i64 {
        self.now.as_second().div_euclid(3600)
    }

    pub fn ago(&self, secs: i64) -> Timestamp {
        self.now.saturating_sub(SignedDuration::from_secs(secs)).unwrap_or(Timestamp::MIN)
    }
}
