//! Answers to statements: one page, or all pages of a small answer.

use bytes::Bytes;
use http::Response;
use serde::Deserialize;
use serde_json::value::RawValue;
use tieout_connect::error::ConnectorError;
use tieout_connect::json::Envelope;
use tieout_connect::ports::Answer;
use tieout_connect::session::{Call, Renewal, Session};

use crate::errors;
use crate::soql::{Rows, ours, query_call};

/// Most pages that an answer read as a whole may have.
const WHOLE_PAGES_MAX: usize = 200;

/// One page of an answer (`salesforce §5.1`). Only `next` says whether there is more.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct QueryPage {
    pub total_size: u64,
    pub done: bool,
    #[serde(rename = "nextRecordsUrl")]
    pub next: Option<String>,
    pub records: Vec<Box<RawValue>>,
}

impl QueryPage {
    /// Reads a page; one that says there is more and not where is `Malformed`.
    pub fn read(body: &Bytes, path: &str) -> Answer<Self> {
        Self::checked(Envelope::read(body, path)?, path)
    }

    /// Reads one answer out of several in a call: a page, or why there is none.
    pub fn of_part(status: u16, text: &str, path: &str) -> Answer<Self> {
        match status {
            200 => Self::of_text(text, path),
            _ => Err(errors::of_part_text(status, text, path)),
        }
    }

    fn of_text(text: &str, path: &str) -> Answer<Self> {
        let page = serde_json::from_str(text);
        let page = page.map_err(|_| ConnectorError::Malformed { path: path.to_owned() })?;
        Self::checked(page, path)
    }

    fn checked(page: Self, path: &str) -> Answer<Self> {
        if page.done == page.next.is_some() {
            return Err(ConnectorError::Malformed { path: format!("{path}.nextRecordsUrl") });
        }
        Ok(page)
    }
}

/// The call of the page behind a locator. A locator dies with the session that opened it, so it is
/// never replayed after a renewal (`salesforce §2.9`).
pub(crate) fn next_call(next: &str) -> Call {
    ours(Call::get(next)).renewal(Renewal::CursorLost)
}

/// A locator that is gone answers 400 or 404; both mean that this read starts again.
pub(crate) async fn next_page(session: &Session, next: &str) -> Answer<Response<Bytes>> {
    match session.call(next_call(next)).await {
        Err(ConnectorError::NotFound) => Err(ConnectorError::CursorLost),
        other => other,
    }
}

/// Every record of a statement whose answer is small. `None`: more than `records_max`.
pub(crate) async fn all_records(
    session: &Session,
    rows: Rows,
    statement: &str,
    records_max: usize,
) -> Answer<Option<Vec<Box<RawValue>>>> {
    let response = session.call(query_call(rows, statement)).await?;
    let first = QueryPage::read(response.body(), "query")?;
    if usize::try_from(first.total_size).map_or(true, |size| size > records_max) {
        return Ok(None);
    }
    rest_of(session, first).await.map(Some)
}

/// The records of a page and of all pages behind it.
pub(crate) async fn rest_of(session: &Session, first: QueryPage) -> Answer<Vec<Box<RawValue>>> {
    let (mut records, mut next) = (first.records, first.next);
    for _ in 0..WHOLE_PAGES_MAX {
        let Some(path) = next else { return Ok(records) };
        let response = next_page(session, &path).await?;
        let page = QueryPage::read(response.body(), "query")?;
        records.extend(page.records);
        next = page.next;
    }
    Err(ConnectorError::Malformed { path: "query.nextRecordsUrl".to_owned() })
}
