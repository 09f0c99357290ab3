//! Reading a feed page by page.

use std::cell::RefCell;

use jiff::Timestamp;
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
use crate::wire::read_instant;

/// Where a feed goes on: which of its kinds, which page, and how many rows came so far.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Token {
    kind: usize,
    page: u32,
    rows: u64,
    /// Id of the first row of the page before, to notice a page that has no effect.
    first: Option<String>,
}

impl Token {
    fn start_of(kind: usize) -> Self {
        Self { kind, page: 1, ..Self::default() }
    }

    fn read(token: &PageToken) -> Answer<Self> {
        serde_json::from_str(&token.0).map_err(|_| ConnectorError::CursorLost)
    }

    fn write(&self) -> PageToken {
        PageToken(serde_json::to_string(self).expect("numbers and texts serialise"))
    }
}

/// Reads one page of a feed.
pub(crate) async fn read(xero: &Xero, request: &ReadRequest) -> Answer<Page> {
    let kinds = Kind::of_stream(request.stream);
    if request.stream == Stream::Refunds {
        return refunds(xero).await;
    }
    let token = match &request.token {
        Some(token) => Token::read(token)?,
        None => Token::start_of(0),
    };
    let Some(kind) = kinds.get(token.kind) else {
        return Err(match kinds {
            [] => ConnectorError::NotPermitted {
                what: format!("Xero has no {}", request.stream.as_str()),
            },
            _ => ConnectorError::CursorLost,
        });
    };
    let mut page = read_page(xero, *kind, &token, request.since).await?;
    if page.next.is_none() && token.kind + 1 < kinds.len() {
        page.next = Some(Token::start_of(token.kind + 1).write());
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
    kind: Kind,
    token: &Token,
    since: Option<Timestamp>,
) -> Answer<Page> {
    let base = listing(kind).changed_since(since);
    let request = match kind.page_rows() {
        Some(rows) => base.page(token.page, rows).with("order", format!("{} ASC", kind.id_field())),
        None => base,
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
    let total = answered.pages.map(|pages| pages.item_count);
    let more =
        kind.page_rows().is_some_and(|asked| follows(&answered, token.page, asked, records.len()));
    if !more && total.is_some_and(|total| rows < total) {
        // Rows were lost between two pages: from the mark again.
        return Err(ConnectorError::CursorLost);
    }
    let context = xero.context().await?;
    let mut reads = facts_within(kind, &records, context);
    look_again(xero.door(), kind, &mut reads, context).await?;
    Ok(Page {
        mark: records.iter().filter_map(changed_at).max(),
        records: reads,
        next: more.then(|| Token { page: token.page + 1, rows, first, ..*token }.write()),
        server_time: answered.at,
        total,
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
