//! One page of one feed (`salesforce §5.1, §6`).

use http::HeaderMap;
use jiff::Timestamp;
use serde_json::value::RawValue;
use tieout_connect::error::ConnectorError;
use tieout_connect::json::read_records;
use tieout_connect::mark::server_time;
use tieout_connect::ports::{Answer, Page, ReadRequest};
use tieout_connect::session::Session;

use crate::config::SalesforceConfig;
use crate::deleted;
use crate::errors::asks_too_much;
use crate::organization::Organization;
use crate::query::{QueryPage, next_page};
use crate::records::{Context, fact_of};
use crate::shapes::{Shape, shape_of};
use crate::soql::{instant, query_call};
use crate::token::{KEYSET_ROWS_MAX, KEYSET_ROWS_MIN, Next, RowPlace};

/// Reads the page that the request asks for.
pub(crate) async fn read_page(
    session: &Session,
    config: &SalesforceConfig,
    organization: &Organization,
    request: &ReadRequest,
) -> Answer<Page> {
    let schema = &organization.schema;
    let Some(shape) = shape_of(request.stream, schema, &config.fields)? else {
        return Ok(empty_page(session.clock().now()));
    };
    if request.stream.has_amounts() && !schema.multi_currency() {
        organization.only_currency()?;
    }
    let feed = Feed { session, config, organization, request, shape };
    match request.token.as_ref().map(Next::parse).transpose()? {
        None => feed.first_page().await,
        Some(Next::Locator(path)) => feed.page_behind(&path).await,
        Some(Next::Keyset { rows, after }) => feed.rows_behind(rows, after).await,
        Some(Next::Deletions { from, to }) => {
            deleted::read_deletions(session, request.stream, feed.shape.object, from, to).await
        }
    }
}

fn empty_page(server_time: Timestamp) -> Page {
    Page { records: Vec::new(), next: None, mark: None, server_time, total: Some(0) }
}

trait HasAmounts {
    fn has_amounts(self) -> bool;
}

impl HasAmounts for tieout_domain::facts::Stream {
    fn has_amounts(self) -> bool {
        matches!(self, Self::Deals | Self::DealLines | Self::ScheduleLines | Self::DealEvents)
    }
}

struct Feed<'a> {
    session: &'a Session,
    config: &'a SalesforceConfig,
    organization: &'a Organization,
    request: &'a ReadRequest,
    shape: Shape,
}

impl Feed<'_> {
    /// The whole answer, in pages of the organisation's own size. Where that is too much at a
    /// time, the same rows in small portions.
    async fn first_page(&self) -> Answer<Page> {
        let statement = self.statement(None, None);
        match self.session.call(query_call(self.shape.rows, &statement)).await {
            Ok(response) => {
                self.located(QueryPage::read(response.body(), "query")?, response.headers())
            }
            Err(error) if asks_too_much(&error) => self.rows_behind(KEYSET_ROWS_MAX, None).await,
            Err(error) => Err(error),
        }
    }

    async fn page_behind(&self, path: &str) -> Answer<Page> {
        let response = next_page(self.session, path).await?;
        self.located(QueryPage::read(response.body(), "query")?, response.headers())
    }

    /// At most `rows` rows behind a place in the order, fewer if that is still too much.
    async fn rows_behind(&self, rows: u32, after: Option<RowPlace>) -> Answer<Page> {
        let mut rows = rows.clamp(KEYSET_ROWS_MIN, KEYSET_ROWS_MAX);
        loop {
            let statement = self.statement(after.as_ref(), Some(rows));
            match self.session.call(query_call(self.shape.rows, &statement)).await {
                Err(error) if asks_too_much(&error) && rows > KEYSET_ROWS_MIN => {
                    rows = (rows / 2).max(KEYSET_ROWS_MIN);
                }
                Err(error) => return Err(error),
                Ok(response) => {
                    let page = QueryPage::read(response.body(), "query")?;
                    return self.portion(page, rows, response.headers());
                }
            }
        }
    }

    fn statement(&self, after: Option<&RowPlace>, rows: Option<u32>) -> String {
        let cursor = self.shape.cursor;
        let condition = match (after, self.request.since) {
            (Some(place), _) => format!(" WHERE {}", place.condition(cursor)),
            (None, Some(since)) => format!(" WHERE {cursor} >= {}", instant(since)),
            (None, None) => String::new(),
        };
        let limit = rows.map(|rows| format!(" LIMIT {rows}")).unwrap_or_default();
        format!("{}{condition}{}{limit}", self.shape.select(), self.shape.order())
    }

    fn located(&self, page: QueryPage, headers: &HeaderMap) -> Answer<Page> {
        let time = server_time(headers, self.session.clock().now());
        let next = match &page.next {
            Some(path) => Some(Next::Locator(path.clone())),
            None => self.behind_the_rows(time),
        };
        Ok(self.page(&page, next, time, Some(page.total_size)))
    }

    fn portion(&self, page: QueryPage, rows: u32, headers: &HeaderMap) -> Answer<Page> {
        let time = server_time(headers, self.session.clock().now());
        let ended = page.done && page.total_size < u64::from(rows);
        let next = match page.records.last() {
            Some(last) if !ended => Some(Next::Keyset { rows, after: Some(self.place_of(last)?) }),
            _ => self.behind_the_rows(time),
        };
        Ok(self.page(&page, next, time, None))
    }

    /// Behind the last row come the deletions that rows cannot tell (`salesforce §5.6`).
    fn behind_the_rows(&self, time: Timestamp) -> Option<Next> {
        let from = self.request.since?;
        let object = self.organization.schema.object(self.shape.object)?;
        let hard = deleted::is_deleted_hard(self.request.stream) && object.replicateable;
        hard.then_some(Next::Deletions { from, to: time })
    }

    fn page(
        &self,
        page: &QueryPage,
        next: Option<Next>,
        server_time: Timestamp,
        total: Option<u64>,
    ) -> Page {
        let stream = self.request.stream;
        let context = Context { organization: self.organization, choices: &self.config.fields };
        let records =
            read_records(stream, &page.records, "Id", |record| fact_of(stream, record, context));
        let changed = page.records.iter().filter_map(|raw| self.changed_at(raw));
        Page {
            records,
            next: next.map(|next| next.to_token()),
            mark: changed.max(),
            server_time,
            total,
        }
    }

    /// Counts for the mark even where the rest of the record cannot be read: it was received.
    fn changed_at(&self, raw: &RawValue) -> Option<Timestamp> {
        field(raw, self.shape.cursor)?.parse().ok()
    }

    fn place_of(&self, raw: &RawValue) -> Answer<RowPlace> {
        let place = || Some(RowPlace { at: self.changed_at(raw)?, id: field(raw, "Id")? });
        place().ok_or_else(|| ConnectorError::Malformed { path: "query.records".to_owned() })
    }
}

fn field(raw: &RawValue, name: &str) -> Option<String> {
    let fields: std::collections::BTreeMap<String, &RawValue> =
        serde_json::from_str(raw.get()).ok()?;
    serde_json::from_str(fields.get(name)?.get()).ok()
}

#[cfg(test)]
mod tests;
