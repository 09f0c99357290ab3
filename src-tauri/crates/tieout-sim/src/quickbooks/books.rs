//! The whole state of one company: what a snapshot holds.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::amount::{objects, text};
use super::config::CompanyConfig;
use super::edit::Scheduled;
use super::entity::Entity;
use super::oauth::Grants;
use super::refusal::Refusal;
use super::row::{Body, Row, RowId};

/// A first answer that a repeated `requestid` gets again.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Replay {
    pub stored: Value,
    pub refusal: Option<Refusal>,
}

/// A deleted row, as CDC remembers it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Tombstone {
    pub entity: Entity,
    pub id: RowId,
    pub at: Timestamp,
}

/// A document, by kind and id.
pub type DocumentId = (Entity, RowId);

/// One company's books with everything that a restart must not lose.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Books {
    pub config: CompanyConfig,
    pub opened: Timestamp,
    pub rows: BTreeMap<Entity, BTreeMap<RowId, Row>>,
    pub sequences: BTreeMap<String, u64>,
    /// The next automatic document number: one counter for all sales forms (`quickbooks §3.4`).
    pub next_number: u64,
    pub tombstones: Vec<Tombstone>,
    pub replays: BTreeMap<String, Replay>,
    /// Home units per foreign unit as text, by currency and day.
    pub rates: BTreeMap<String, BTreeMap<Date, String>>,
    pub schedule: Vec<Scheduled>,
    /// Scheduled edits that the books refused.
    pub failed_edits: Vec<String>,
    pub grants: Grants,
    /// Answers given so far; makes the support ids.
    pub answers: u64,
    /// Which documents link to a document. Rebuilt after a restore.
    #[serde(skip)]
    pub linking: BTreeMap<DocumentId, BTreeSet<DocumentId>>,
}

impl Books {
    pub fn new(config: CompanyConfig, opened: Timestamp) -> Self {
        Self {
            config,
            opened,
            rows: BTreeMap::new(),
            sequences: BTreeMap::new(),
            next_number: 1001,
            tombstones: Vec::new(),
            replays: BTreeMap::new(),
            rates: BTreeMap::new(),
            schedule: Vec::new(),
            failed_edits: Vec::new(),
            grants: Grants::default(),
            answers: 0,
            linking: BTreeMap::new(),
        }
    }

    /// Rows of an entity in id order.
    pub fn all(&self, entity: Entity) -> impl Iterator<Item = (&RowId, &Row)> {
        self.rows.get(&entity).into_iter().flatten()
    }

    pub fn get(&self, entity: Entity, id: &str) -> Option<&Row> {
        self.rows.get(&entity)?.get(&RowId::new(id))
    }

    pub fn row_mut(&mut self, entity: Entity, id: &RowId) -> Option<&mut Row> {
        self.rows.get_mut(&entity)?.get_mut(id)
    }

    /// A new id of the entity's sequence.
    pub fn next_id(&mut self, entity: Entity) -> RowId {
        let last = self.sequences.entry(entity.sequence().to_owned()).or_default();
        *last += 1;
        RowId::new(last.to_string())
    }

    /// Takes note of an id that was given from outside, so that it is never given out again.
    pub fn reserve_id(&mut self, entity: Entity, id: &RowId) {
        if let Ok(given) = id.as_str().parse::<u64>() {
            let last = self.sequences.entry(entity.sequence().to_owned()).or_default();
            *last = (*last).max(given);
        }
    }

    pub fn next_address_id(&mut self) -> String {
        let last = self.sequences.entry("addresses".to_owned()).or_default();
        *last += 1;
        last.to_string()
    }

    /// Takes `row` in, in place of an older one, and keeps the index of links.
    pub fn put(&mut self, entity: Entity, id: &RowId, row: Row) {
        self.unlink(entity, id);
        for target in links_of(entity, &row.body) {
            self.linking.entry(target).or_default().insert((entity, id.clone()));
        }
        self.rows.entry(entity).or_default().insert(id.clone(), row);
    }

    /// Takes the row out.
    pub fn remove(&mut self, entity: Entity, id: &RowId) -> Option<Row> {
        self.unlink(entity, id);
        self.rows.get_mut(&entity)?.remove(id)
    }

    fn unlink(&mut self, entity: Entity, id: &RowId) {
        let Some(row) = self.rows.get(&entity).and_then(|rows| rows.get(id)) else { return };
        let source = (entity, id.clone());
        for target in links_of(entity, &row.body) {
            if let Some(sources) = self.linking.get_mut(&target) {
                sources.remove(&source);
            }
        }
    }

    /// Makes the index of links anew.
    pub fn relink(&mut self) {
        self.linking.clear();
        for (entity, rows) in &self.rows {
            for (id, row) in rows {
                for target in links_of(*entity, &row.body) {
                    self.linking.entry(target).or_default().insert((*entity, id.clone()));
                }
            }
        }
    }

    /// Documents that link to this one, in order of kind and id.
    pub fn sources(&self, entity: Entity, id: &RowId) -> Vec<DocumentId> {
        let sources = self.linking.get(&(entity, id.clone()));
        sources.into_iter().flatten().cloned().collect()
    }

    /// The company's list rate on a day: home units per foreign unit.
    pub fn rate_on(&self, currency: &str, day: Date) -> Option<Decimal> {
        if currency == self.config.home_currency {
            return Some(Decimal::ONE);
        }
        let (_, rate) = self.rates.get(currency)?.range(..=day).next_back()?;
        rate.parse().ok()
    }
}

/// Targets of the links that this entity stores itself. An invoice's own `LinkedTxn` is only a
/// mirror: links are written on the paying side (`quickbooks §3.5`).
pub fn links_of(entity: Entity, body: &Body) -> Vec<DocumentId> {
    let own = match entity {
        Entity::Payment | Entity::Deposit => lines_links(body),
        Entity::RefundReceipt => objects(body, "LinkedTxn").collect(),
        _ => Vec::new(),
    };
    own.into_iter().filter_map(target).collect()
}

fn lines_links(body: &Body) -> Vec<&Map<String, Value>> {
    objects(body, "Line").flat_map(|line| objects(line, "LinkedTxn")).collect()
}

/// The document that a link names.
pub fn target(link: &Body) -> Option<DocumentId> {
    let entity = Entity::parse(text(link, "TxnType")?)?;
    Some((entity, RowId::new(text(link, "TxnId")?)))
}
