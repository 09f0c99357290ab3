//! The list of changes, one call for all kinds of records, shared by the feeds of one run
//! (`quickbooks §4.4`).

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use tieout_connect::ports::Answer;
use tieout_domain::facts::Stream;

use crate::door::{Door, Raw};
use crate::entity::Entity;

/// Most objects over all kinds together; at this number the list is cut short without a word.
const OBJECTS_MAX: usize = 1_000;
/// The tool looks back 30 days; we stop trusting the list well before.
const LOOK_BACK_DAYS_MAX: i64 = 25;
const HOURS_OF_DAY: i64 = 24;
/// How long one answer may serve the other feeds of a run.
const SHARED_SECS_MAX: i64 = 300;

/// What the list says about one feed.
pub(crate) struct FeedChanges {
    /// Per kind of record, in the order of the feed's kinds.
    pub records: Vec<(Entity, Vec<Raw>)>,
    pub server_time: Timestamp,
}

/// The last list that was asked for.
#[derive(Default)]
pub(crate) struct ChangeList {
    last: Option<Asked>,
}

struct Asked {
    since: Timestamp,
    at: Timestamp,
    server_time: Timestamp,
    /// `None`: too many changes, the list was cut short and is worth nothing.
    records: Option<BTreeMap<Entity, Vec<Raw>>>,
    /// Feeds that had their part: asking again means a new run, which needs a new list.
    served: BTreeSet<Stream>,
}

/// Whether the list may be asked about a moment so long ago.
pub(crate) fn reaches_back_to(since: Timestamp, now: Timestamp) -> bool {
    let limit = SignedDuration::from_hours(LOOK_BACK_DAYS_MAX * HOURS_OF_DAY);
    now.duration_since(since) < limit
}

impl ChangeList {
    /// The changes of one feed. `None`: there are too many, read the feed by pages.
    ///
    /// One answer serves every feed once, as long as it reaches back far enough and is fresh.
    pub async fn of(
        &mut self,
        door: &Door,
        stream: Stream,
        since: Timestamp,
    ) -> Answer<Option<FeedChanges>> {
        let now = door.session().clock().now();
        if !self.last.as_ref().is_some_and(|asked| asked.serves(stream, since, now)) {
            self.last = None;
            self.last = Some(ask(door, since, now).await?);
        }
        Ok(self.last.as_mut().and_then(|asked| asked.serve(stream)))
    }
}

async fn ask(door: &Door, since: Timestamp, now: Timestamp) -> Answer<Asked> {
    let (lists, server_time) = door.changes(&Entity::FEEDS, since).await?;
    let objects: usize = lists.iter().map(Vec::len).sum();
    let whole = objects < OBJECTS_MAX;
    let records = whole.then(|| Entity::FEEDS.into_iter().zip(lists).collect());
    Ok(Asked { since, at: now, server_time, records, served: BTreeSet::new() })
}

impl Asked {
    fn serves(&self, stream: Stream, since: Timestamp, now: Timestamp) -> bool {
        let age = now.duration_since(self.at).as_secs();
        self.since <= since
            && (0..=SHARED_SECS_MAX).contains(&age)
            && !self.served.contains(&stream)
    }

    fn serve(&mut self, stream: Stream) -> Option<FeedChanges> {
        self.served.insert(stream);
        let records = self.records.as_mut()?;
        let kinds = Entity::of_stream(stream).iter();
        let records = kinds.map(|kind| (*kind, records.remove(kind).unwrap_or_default())).collect();
        Some(FeedChanges { records, server_time: self.server_time })
    }
}
