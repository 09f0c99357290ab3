//! Reading a feed: from the list of changes where it reaches, else page by page.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tieout_connect::error::ConnectorError;
use tieout_connect::json::read_records;
use tieout_connect::ports::{Answer, Page, PageToken, Read, ReadRequest};
use tieout_domain::facts::{Fact, Gone, QuarantineReason, Stream};

use crate::QuickBooks;
use crate::changes::{FeedChanges, reaches_back_to};
use crate::door::{Raw, malformed};
use crate::entity::{Entity, fact_id};
use crate::feed::{FeedPage, Head, Position, head_of, read_page, without_copies};
use crate::query::Select;
use crate::reading::{Context, fact_of};

/// Most ids that are listed for the comparison that catches what a feed lost.
const IDS_MAX: u64 = 20_000;

/// Where a feed goes on: which of its kinds, where in that kind, and how many rows there are.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Token {
    kind: usize,
    position: Position,
    total: Option<u64>,
}

impl Token {
    fn read(token: &PageToken) -> Answer<Self> {
        serde_json::from_str(&token.0).map_err(|_| ConnectorError::CursorLost)
    }

    fn write(&self) -> PageToken {
        PageToken(serde_json::to_string(self).expect("numbers and texts serialise"))
    }
}

/// Reads one page of a feed.
pub(crate) async fn read(quickbooks: &QuickBooks, request: &ReadRequest) -> Answer<Page> {
    let kinds = Entity::of_stream(request.stream);
    if kinds.is_empty() {
        return Err(ConnectorError::NotPermitted {
            what: format!("QuickBooks has no {}", request.stream.as_str()),
        });
    }
    if let Some(token) = &request.token {
        return read_on(quickbooks, request.stream, Token::read(token)?, request.since).await;
    }
    if let Some(since) = request.since {
        let now = quickbooks.door().session().clock().now();
        if reaches_back_to(since, now) {
            let changes = quickbooks.changes(request.stream, since).await?;
            if let Some(changes) = changes {
                return from_changes(quickbooks, request.stream, since, changes).await;
            }
        }
    }
    let total = match (kinds, request.since) {
        ([kind], None) => quickbooks.door().rows(&Select::count(*kind)).await?.total,
        _ => None,
    };
    let token = Token { kind: 0, position: Position::first(request.since), total };
    read_on(quickbooks, request.stream, token, request.since).await
}

/// The page at a token.
async fn read_on(
    quickbooks: &QuickBooks,
    stream: Stream,
    token: Token,
    since: Option<Timestamp>,
) -> Answer<Page> {
    let kinds = Entity::of_stream(stream);
    let kind = *kinds.get(token.kind).ok_or(ConnectorError::CursorLost)?;
    let FeedPage { records, server_time, next } =
        read_page(quickbooks.door(), kind, &token.position).await?;
    let next = match next {
        Some(position) => Some(Token { position, ..token }),
        None if token.kind + 1 < kinds.len() => {
            Some(Token { kind: token.kind + 1, position: Position::first(since), ..token })
        }
        None => None,
    };
    Ok(Page {
        mark: highest_change(&records),
        records: facts(quickbooks, stream, kind, &records).await?,
        next: next.map(|token| token.write()),
        server_time,
        total: token.total,
    })
}

/// All changes of a feed as one page.
async fn from_changes(
    quickbooks: &QuickBooks,
    stream: Stream,
    since: Timestamp,
    changes: FeedChanges,
) -> Answer<Page> {
    let mut page = Page {
        records: Vec::new(),
        next: None,
        mark: None,
        server_time: changes.server_time,
        total: None,
    };
    for (kind, listed) in changes.records {
        let mut live = Vec::new();
        for raw in without_copies(listed) {
            let head = head_of(&raw);
            if head.changed_at.is_some_and(|at| at < since) {
                continue;
            }
            page.mark = page.mark.max(head.changed_at);
            if !head.deleted {
                live.push(raw);
                continue;
            }
            match verify_deletion(quickbooks, stream, kind, &head, changes.server_time).await? {
                Deletion::Gone(gone) => page.records.push(Read::Fact(Box::new(Fact::Gone(gone)))),
                Deletion::Alive(raw) => live.push(raw),
                Deletion::Nameless => live.push(raw),
            }
        }
        page.records.extend(facts(quickbooks, stream, kind, &live).await?);
    }
    Ok(page)
}

/// What one read says about a record that the list calls deleted.
enum Deletion {
    Gone(Gone),
    /// The list was wrong: here is the record.
    Alive(Raw),
    /// The stub has no id to ask for; it is kept aside like any unreadable record.
    Nameless,
}

/// The list was seen to call living records deleted, so each deletion is verified by one read.
async fn verify_deletion(
    quickbooks: &QuickBooks,
    stream: Stream,
    kind: Entity,
    head: &Head,
    server_time: Timestamp,
) -> Answer<Deletion> {
    let Some(id) = &head.id else { return Ok(Deletion::Nameless) };
    let gone = || {
        Deletion::Gone(Gone {
            stream,
            id: fact_id(kind, id),
            deleted_at: head.changed_at.unwrap_or(server_time),
        })
    };
    match quickbooks.door().record(kind, id).await {
        Ok(raw) if head_of(&raw).deleted => Ok(gone()),
        Ok(raw) => Ok(Deletion::Alive(raw)),
        Err(ConnectorError::NotFound) => Ok(gone()),
        Err(error) => Err(error),
    }
}

/// Facts of records of one kind. An account that the settings do not know yet may be a new one:
/// then the settings are read afresh, once.
pub(crate) async fn facts(
    quickbooks: &QuickBooks,
    stream: Stream,
    kind: Entity,
    records: &[Raw],
) -> Answer<Vec<Read>> {
    let line_codes_are_flags = match kind {
        Entity::Item => quickbooks.about().await?.line_codes_are_flags(),
        _ => false,
    };
    let books = quickbooks.books().await?;
    let labels = quickbooks.labels();
    let context = Context { books: &books, labels, line_codes_are_flags };
    let reads = facts_within(stream, kind, records, context);
    if !reads.iter().any(names_unknown_account) {
        return Ok(reads);
    }
    let books = quickbooks.reload_books().await?;
    let context = Context { books: &books, labels, line_codes_are_flags };
    Ok(facts_within(stream, kind, records, context))
}

/// Facts of records of one kind, with the settings at hand.
pub(crate) fn facts_within(
    stream: Stream,
    kind: Entity,
    records: &[Raw],
    context: Context<'_>,
) -> Vec<Read> {
    let mut reads = read_records(stream, records, "Id", |record| fact_of(kind, record, context));
    for read in &mut reads {
        if let Read::Quarantined(aside) = read {
            aside.id = fact_id(kind, &aside.id);
        }
    }
    reads
}

fn names_unknown_account(read: &Read) -> bool {
    match read {
        Read::Quarantined(aside) => {
            aside.reason == QuarantineReason::UnknownValue && aside.path.ends_with("AccountRef")
        }
        Read::Fact(_) => false,
    }
}

fn highest_change(records: &[Raw]) -> Option<Timestamp> {
    records.iter().filter_map(|raw| head_of(raw).changed_at).max()
}

/// Ids of a feed that exist now. `None` for journals, whose feed leaves out what does not touch
/// receivables, and for feeds with more than `IDS_MAX` records.
pub(crate) async fn ids(quickbooks: &QuickBooks, stream: Stream) -> Answer<Option<Vec<String>>> {
    let [kind] = Entity::of_stream(stream) else { return Ok(None) };
    let door = quickbooks.door();
    let total =
        door.rows(&Select::count(*kind)).await?.total.ok_or_else(|| malformed("totalCount"))?;
    if total > IDS_MAX {
        return Ok(None);
    }
    let mut ids = Vec::new();
    let mut position = Some(Position::first(None));
    while let Some(at) = position {
        let page = read_page(door, *kind, &at).await?;
        let names = page.records.iter().map(|raw| head_of(raw).id.ok_or_else(|| malformed("Id")));
        ids.extend(names.collect::<Answer<Vec<String>>>()?);
        if ids.len() as u64 > IDS_MAX {
            return Ok(None);
        }
        position = page.next;
    }
    ids.sort_unstable();
    ids.dedup();
    Ok(Some(ids))
}

#[cfg(test)]
mod tests;
