//! Calls of the accounting API and what every answer has in common: envelope, paging, time.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tieout_connect::error::ConnectorError;
use tieout_connect::json::Envelope;
use tieout_connect::mark;
use tieout_connect::ports::Answer;
use tieout_connect::session::{Call, Session};

use crate::kind::Kind;
use crate::request::Request;
use crate::wire::read_instant;

/// Where the accounting API begins.
const ACCOUNTING: &str = "/api.xro/2.0";
const TENANT: HeaderName = HeaderName::from_static("xero-tenant-id");
const IDEMPOTENCY: HeaderName = HeaderName::from_static("idempotency-key");

/// One record as it came.
pub(crate) type Raw = Box<RawValue>;

/// What the tool says about the pages of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Pagination {
    pub page_count: u32,
    pub item_count: u64,
}

/// An answer with its envelope taken off.
#[derive(Debug)]
pub(crate) struct Answered {
    members: BTreeMap<String, Raw>,
    /// The server's time.
    pub at: Timestamp,
    /// `None`: the call was not paged.
    pub pages: Option<Pagination>,
}

impl Answered {
    /// The records under a name. An answer always holds the list that was asked for.
    pub fn records(&self, name: &str) -> Answer<Vec<Raw>> {
        let raw = self.members.get(name).ok_or_else(|| malformed(name))?;
        serde_json::from_str(raw.get()).map_err(|_| malformed(name))
    }

    /// The only record of a single read.
    pub fn only(&self, name: &str) -> Answer<Raw> {
        let mut records = self.records(name)?;
        match (records.pop(), records.pop()) {
            (Some(only), None) => Ok(only),
            _ => Err(malformed(name)),
        }
    }
}

/// The API of one organisation.
pub(crate) struct Door {
    session: Session,
    tenant: HeaderValue,
}

impl Door {
    pub fn new(session: Session, tenant: HeaderValue) -> Self {
        Self { session, tenant }
    }

    pub fn session(&self) -> &Session {
        &self.session
    }

    pub fn requests_sent(&self) -> u64 {
        self.session.requests_sent()
    }

    /// Asks, always for JSON: without being asked for it the tool answers XML.
    pub async fn read(&self, request: &Request) -> Answer<Answered> {
        let mut call = self.of_tenant(Call::get(format!("{ACCOUNTING}{}", request.target()?)));
        if let Some(since) = &request.since {
            let value = HeaderValue::try_from(since).map_err(|_| malformed("since"))?;
            call = call.header(http::header::IF_MODIFIED_SINCE, value);
        }
        opened(&self.session.call(call).await?)
    }

    /// One record by its id, number or code.
    pub async fn record(&self, kind: Kind, id: &str) -> Answer<(Raw, Timestamp)> {
        let answered = self.read(&Request::one(kind, id)).await?;
        Ok((answered.only(kind.name())?, answered.at))
    }

    /// Creates, once. `PUT` refuses what exists, `POST` would overwrite it (`xero §7.1`).
    pub async fn create(
        &self,
        request: &Request,
        idempotency: Option<&str>,
        body: &impl Serialize,
    ) -> Answer<Answered> {
        let body = serde_json::to_vec(body).expect("our own bodies are texts and numbers");
        let path = format!("{ACCOUNTING}{}", request.target()?);
        let mut call = self.of_tenant(Call::write(Method::PUT, path, body));
        if let Some(value) = idempotency {
            let value = HeaderValue::try_from(value).map_err(|_| malformed("idempotency"))?;
            call = call.header(IDEMPOTENCY, value);
        }
        opened(&self.session.call(call).await?)
    }

    fn of_tenant(&self, call: Call) -> Call {
        call.header(TENANT, self.tenant.clone())
    }
}

/// Takes the envelope off. The time is the tool's own, from the envelope or the header: the clock
/// of this computer never marks how far was read (`xero §3.5`).
fn opened(response: &Response<Bytes>) -> Answer<Answered> {
    let members: BTreeMap<String, Raw> = Envelope::read(response.body(), "body")?;
    let stated = members
        .get("DateTimeUTC")
        .and_then(|raw| serde_json::from_str::<String>(raw.get()).ok())
        .and_then(|text| read_instant(&text));
    let at = match stated {
        Some(at) => at,
        None => header_time(response).ok_or_else(|| malformed("DateTimeUTC"))?,
    };
    let pages = match members.get("pagination") {
        Some(raw) if raw.get() != "null" => {
            Some(serde_json::from_str(raw.get()).map_err(|_| malformed("pagination"))?)
        }
        _ => None,
    };
    Ok(Answered { members, at, pages })
}

fn header_time(response: &Response<Bytes>) -> Option<Timestamp> {
    let at = mark::server_time(response.headers(), Timestamp::MIN);
    (at != Timestamp::MIN).then_some(at)
}

pub(crate) fn malformed(path: &str) -> ConnectorError {
    ConnectorError::Malformed { path: path.to_owned() }
}

#[cfg(test)]
mod tests;
