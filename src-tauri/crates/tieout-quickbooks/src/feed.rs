//! Paging through one kind of record by change time (`quickbooks §4.3`).
//!
//! Offsets alone lose rows while data changes, so the bound moves with the last row read. Only when
//! a whole page shares one second does the position step through that second.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tieout_connect::ports::Answer;

use crate::door::{Door, Raw, malformed};
use crate::entity::Entity;
use crate::query::{PAGE_ROWS_MAX, Select};

/// What paging must know of a row, read without understanding the rest of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Head {
    pub id: Option<String>,
    pub changed_at: Option<Timestamp>,
    pub deleted: bool,
}

#[derive(Deserialize)]
struct WireHead {
    #[serde(rename = "Id")]
    id: Option<Value>,
    status: Option<Value>,
    #[serde(rename = "MetaData")]
    meta: Option<Value>,
}

/// Reads the head of a row, whatever is wrong with the rest.
pub(crate) fn head_of(raw: &Raw) -> Head {
    let Ok(wire) = serde_json::from_str::<WireHead>(raw.get()) else { return Head::default() };
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    let changed = wire.meta.as_ref().and_then(|meta| text(meta.get("LastUpdatedTime")));
    Head {
        id: text(wire.id.as_ref()).filter(|id| !id.is_empty()),
        changed_at: changed.and_then(|at| at.parse().ok()),
        deleted: text(wire.status.as_ref()).as_deref() == Some("Deleted"),
    }
}

/// Where paging through one kind of record goes on. Whole seconds, as the tool keeps them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Position {
    /// Seconds since the epoch; nothing earlier is asked for.
    bound: Option<i64>,
    start: u32,
    /// Id of the first row of the page before, to notice a position that has no effect.
    first: Option<String>,
    /// Ids delivered with exactly the change time of the bound, which comes again.
    seen: BTreeSet<String>,
}

/// Rows that were not delivered before, in the order of their change.
pub(crate) struct FeedPage {
    pub records: Vec<Raw>,
    pub server_time: Timestamp,
    pub next: Option<Position>,
}

impl Position {
    pub fn first(since: Option<Timestamp>) -> Self {
        Self { bound: since.map(Timestamp::as_second), start: 1, ..Self::default() }
    }

    fn select(&self, entity: Entity) -> Answer<Select> {
        let select = Select::all(entity).oldest_change_first().starting_at(self.start);
        match self.bound {
            Some(second) => {
                let bound = Timestamp::from_second(second).map_err(|_| malformed("bound"))?;
                Ok(select.changed_since(bound))
            }
            None => Ok(select),
        }
    }

    /// The position after a page, or `None` at the end. A page of the size asked for, or longer,
    /// always means that there may be more.
    fn after(&self, heads: &[Head]) -> Answer<Option<Self>> {
        if heads.len() < PAGE_ROWS_MAX as usize {
            return Ok(None);
        }
        let second = |head: &Head| head.changed_at.map(Timestamp::as_second);
        let last = heads.iter().filter_map(second).max().ok_or_else(|| malformed(CHANGED))?;
        let first = heads.first().and_then(|head| head.id.clone());
        let at_last = heads.iter().filter(|head| second(head) == Some(last));
        let ids: BTreeSet<String> = at_last.filter_map(|head| head.id.clone()).collect();
        match self.bound {
            Some(bound) if last < bound => Err(malformed(CHANGED)),
            Some(bound) if last == bound => {
                let step = u32::try_from(heads.len()).map_err(|_| malformed("page"))?;
                let start = self.start.checked_add(step).ok_or_else(|| malformed("page"))?;
                let seen = self.seen.union(&ids).cloned().collect();
                Ok(Some(Self { bound: self.bound, start, first, seen }))
            }
            _ => Ok(Some(Self { bound: Some(last), start: 1, first, seen: ids })),
        }
    }

    /// Delivered by an earlier page, and not changed since.
    fn has_delivered(&self, head: &Head) -> bool {
        let at_bound = head.changed_at.map(Timestamp::as_second) == self.bound;
        at_bound && head.id.as_ref().is_some_and(|id| self.seen.contains(id))
    }
}

const CHANGED: &str = "MetaData.LastUpdatedTime";

/// Reads the page at a position.
pub(crate) async fn read_page(
    door: &Door,
    entity: Entity,
    position: &Position,
) -> Answer<FeedPage> {
    let rows = door.rows(&position.select(entity)?).await?;
    let heads: Vec<Head> = rows.records.iter().map(head_of).collect();
    let first = heads.first().and_then(|head| head.id.as_ref());
    if position.start > 1 && first.is_some() && first == position.first.as_ref() {
        // The tool was seen to ignore positions: going on would repeat this page for ever.
        return Err(malformed("STARTPOSITION"));
    }
    let next = position.after(&heads)?;
    let new =
        rows.records.into_iter().zip(&heads).filter(|(_, head)| !position.has_delivered(head));
    let records = without_copies(new.map(|(raw, _)| raw).collect());
    Ok(FeedPage { records, server_time: rows.server_time, next })
}

/// Drops rows that repeat an earlier one to the letter: a page may hold such (`quickbooks §4.3`),
/// and nothing is lost with them. Rows of one id that differ stay, to be kept aside.
pub(crate) fn without_copies(records: Vec<Raw>) -> Vec<Raw> {
    let mut kept: BTreeSet<String> = BTreeSet::new();
    records.into_iter().filter(|raw| kept.insert(raw.get().to_owned())).collect()
}

#[cfg(test)]
mod tests;
