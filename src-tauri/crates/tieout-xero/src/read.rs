//! Reading a feed page by page.

use std::cell::RefCell;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tieout_connect::error::ConnectorError;
use tieout_connect::json::{Record, read_records};
use tieout_connect::ports::{Answer, Page, PageToken, Read, ReadRequest};
use tieout_domain::facts::{Fact, Stream};

use crate::Xero;
use crate::door::{Raw, malformed};
use crate::kind::{Kind, receipt_id};
use crate::look::look_again;
use crate::pages::follows;
use crate::payment;
use crate::reading::{Context, facts_of};
use crate::request::{Filter, Request};
use crate::settings::marked_before;
use crate::wire::read_instant;

/// Where a feed goes on: which of its parts, which page, and how many rows came so far.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Token {
    part: usize,
    /// Whether what is open is read again besides the changes.
    again: bool,
    page: u32,
    rows: u64,
    /// Rows of this part, as its first page said.
    total: Option<u64>,
    /// Id of the first row of the page before, to notice a page that has no effect.
    first: Option<String>,
}

impl Token {
    fn start_of(part: usize, again: bool) -> Self {
        Self { part, again, page: 1, ..Self::default() }
    }

    fn read(token: &PageToken) -> Answer<Self> {
        serde_json::from_str(&token.0).map_err(|_| ConnectorError::CursorLost)
    }

    fn write(&self) -> PageToken {
        PageToken(serde_json::to_string(self).expect("numbers and texts serialise"))
    }
}

/// A part of a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// What changed, or everything in a first read.
    Changes(Kind),
    /// What is open, changed or not.
    Open(Kind),
    /// Everything, changed or not.
    Whole(Kind),
}

impl Part {
    const fn kind(self) -> Kind {
        match self {
            Self::Changes(kind) | Self::Open(kind) | Self::Whole(kind) => kind,
        }
    }

    fn request(self, since: Option<Timestamp>) -> Request {
        match self {
            Self::Changes(kind) => listing(kind).changed_since(since),
            Self::Open(kind) => {
                Request::list(kind).filtered(&Filter::of(kind).equal("Status", "AUTHORISED"))
            }
            Self::Whole(kind) => listing(kind),
        }
    }
}

/// The parts of a feed. The due date of a part-paid invoice changes without a trace in its stamp,
/// and so may a use that is taken back, so what is open is read `again` now and then (`xero §10`).
fn parts(stream: Stream, again: bool) -> Vec<Part> {
    let of_kind = |kind: Kind| match kind {
        Kind::Invoice | Kind::CreditNote if again => vec![Part::Changes(kind), Part::Open(kind)],
        Kind::Overpayment | Kind::Prepayment if again => vec![Part::Whole(kind)],
        _ => vec![Part::Changes(kind)],
    };
    Kind::of_stream(stream).iter().copied().flat_map(of_kind).collect()
}

/// The first read of a day that is no first read at all. It is told from the day that the last one
/// was marked with, so that it needs no memory of its own.
fn is_first_of_day(since: Option<Timestamp>, now: Timestamp) -> bool {
    let Some(mark) = since.map(marked_before) else { return false };
    let day = |at: Timestamp| at.to_zoned(TimeZone::UTC).date();
    day(mark) < day(now)
}

/// Reads one page of a feed.
pub(crate) async fn read(xero: &Xero, request: &ReadRequest) -> Answer<Page> {
    if request.stream == Stream::Refunds {
        return refunds(xero).await;
    }
    let token = match &request.token {
        Some(token) => Token::read(token)?,
        None => {
            let now = xero.session().clock().now();
            Token::start_of(0, is_first_of_day(request.since, now))
        }
    };
    let parts = parts(request.stream, token.again);
    let Some(part) = parts.get(token.part) else {
        return Err(match parts[..] {
            [] => ConnectorError::NotPermitted {
                what: format!("Xero has no {}", request.stream.as_str()),
            },
            _ => ConnectorError::CursorLost,
        });
    };
    let mut page = read_page(xero, *part, &token, request.since).await?;
    if page.next.is_none() && token.part + 1 < parts.len() {
        page.next = Some(Token::start_of(token.part + 1, token.again).write());
    }
    Ok(page)
}

/// Refunds are payments and came with them, so their own feed has nothing to add.
async fn refunds(xero: &Xero) -> Answer<Page> {
    Ok(Page {
        records: Vec::new(),
        next: None,
        mark: None,
        server_time: xero.last_time().await?,
        total: None,
    })
}

/// A page in the order of ids. The order of changes would lose a row whenever one before it is
/// edited between two pages and moves to the end; ids never move, so that a row may come twice and
/// none is left out (`xero §3.6`).
async fn read_page(
    xero: &Xero,
    part: Part,
    token: &Token,
    since: Option<Timestamp>,
) -> Answer<Page> {
    let kind = part.kind();
    let request = match kind.page_rows() {
        Some(rows) => part
            .request(since)
            .page(token.page, rows)
            .with("order", format!("{} ASC", kind.id_field())),
        None => part.request(since),
    };
    let answered = xero.door().read(&request).await?;
    xero.note_time(answered.at);
    let records = answered.records(kind.name())?;
    let rows = token.rows + records.len() as u64;
    let first = records.first().and_then(|raw| text_of(raw, kind.id_field()));
    if token.page > 1 && first.is_some() && first == token.first {
        // Going on would repeat this page for ever.
        return Err(malformed("page"));
    }
    let counted = answered.pages.map(|pages| pages.item_count);
    let total = token.total.or(counted);
    let more =
        kind.page_rows().is_some_and(|asked| follows(&answered, token.page, asked, records.len()));
    if !more && total.is_some_and(|total| rows < total) {
        // Fewer rows came than there were when the read began: from the mark again.
        return Err(ConnectorError::CursorLost);
    }
    let context = xero.context().await?;
    let mut reads = facts_within(kind, &records, context);
    look_again(xero.door(), kind, &mut reads, context).await?;
    let next = Token { page: token.page + 1, rows, total, first, ..*token };
    Ok(Page {
        mark: records.iter().filter_map(changed_at).max(),
        records: reads,
        next: more.then(|| next.write()),
        server_time: answered.at,
        total: counted,
    })
}

/// The rows of a kind that are about receivables, archived contacts included.
pub(crate) fn listing(kind: Kind) -> Request {
    let request = Request::list(kind).filtered(&Filter::of(kind));
    match kind {
        Kind::Contact => request.with("includeArchived", "true"),
        _ => request,
    }
}

/// Facts of records of one kind, and the records that could not become one.
pub(crate) fn facts_within(kind: Kind, records: &[Raw], context: Context) -> Vec<Read> {
    let further = RefCell::new(Vec::new());
    let first = |record: &Record<'_>| {
        let mut facts = facts_of(kind, record, context)?.into_iter();
        let first = facts.next();
        further.borrow_mut().extend(facts);
        Ok(first)
    };
    let mut reads = read_records(kind.stream(), records, kind.id_field(), first);
    for read in &mut reads {
        if let Read::Quarantined(aside) = read {
            aside.id = aside_id(kind, &aside.id);
            aside.stream = aside_stream(kind, &aside.raw);
        }
    }
    let further = further.into_inner().into_iter();
    reads.extend(further.map(|fact: Fact| Read::Fact(Box::new(fact))));
    reads
}

fn aside_id(kind: Kind, id: &str) -> String {
    if kind.stream() == Stream::Receipts { receipt_id(kind, id) } else { id.to_owned() }
}

/// A payment is kept aside where its fact would stand.
fn aside_stream(kind: Kind, raw: &str) -> Stream {
    if kind != Kind::Payment {
        return kind.stream();
    }
    let value: Value = serde_json::from_str(raw).unwrap_or_default();
    Record::of(&value).map_or(Stream::Receipts, |record| payment::stream_of(&record))
}

/// A text of a record, whatever is wrong with the rest of it.
pub(crate) fn text_of(raw: &Raw, field: &str) -> Option<String> {
    let value: Value = serde_json::from_str(raw.get()).ok()?;
    value.get(field).and_then(Value::as_str).map(str::to_owned).filter(|text| !text.is_empty())
}

fn changed_at(raw: &Raw) -> Option<Timestamp> {
    read_instant(&text_of(raw, "UpdatedDateUTC")?)
}

#[cfg(test)]
mod tests;
