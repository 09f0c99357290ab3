//! Calls of the API and what every answer has in common: envelope, fault inside a success, time.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{Method, Response};
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use tieout_connect::error::ConnectorError;
use tieout_connect::json::Envelope;
use tieout_connect::mark;
use tieout_connect::ports::Answer;
use tieout_connect::session::{Call, Effect, Session};

use crate::entity::Entity;
use crate::errors::Fault;
use crate::query::{Select, encoded, wire_instant};

/// Sent with every call; older values are ignored by the tool since 2025 (`quickbooks §2`).
const MINOR_VERSION: &str = "minorversion=75";
/// Statements of one batch; the tool takes 30, but so many can time out (`quickbooks §4.10`).
pub(crate) const BATCH_ITEMS_MAX: usize = 10;

/// One record as it came.
pub(crate) type Raw = Box<RawValue>;
type Members = BTreeMap<String, Raw>;

/// The rows of one statement.
#[derive(Clone, Debug)]
pub(crate) struct Rows {
    pub records: Vec<Raw>,
    /// How many there are in all: always for a count, sometimes for a page.
    pub total: Option<u64>,
    pub server_time: Timestamp,
}

/// The API of one company.
pub(crate) struct Door {
    session: Session,
    prefix: String,
}

impl Door {
    pub fn new(session: Session, realm: &str) -> Self {
        Self { session, prefix: format!("/v3/company/{realm}") }
    }

    pub fn requests_sent(&self) -> u64 {
        self.session.requests_sent()
    }

    pub fn session(&self) -> &Session {
        &self.session
    }

    /// One record at its own address. A record that does not exist is `NotFound` (code 610).
    pub async fn record(&self, entity: Entity, id: &str) -> Answer<Raw> {
        let path = format!("/{}/{}", entity.path(), encoded(id));
        self.named(&path, entity.name()).await
    }

    /// The object of this name at a path of its own.
    pub async fn named(&self, path: &str, name: &str) -> Answer<Raw> {
        let response = self.session.call(Call::get(self.address(path, &[]))).await?;
        self.one(&response, name, Effect::Read)
    }

    /// The rows of a statement, one page of them.
    pub async fn rows(&self, select: &Select) -> Answer<Rows> {
        let address = self.address("/query", &[("query", &select.text())]);
        let response = self.session.call(Call::get(address)).await?;
        let (members, server_time) = self.members(&response, Effect::Read)?;
        rows_of(&members, select, server_time)
    }

    /// The answers of several statements in one request, in their order. All must succeed.
    pub async fn batch(&self, selects: &[Select]) -> Answer<Vec<Rows>> {
        self.batch_each(selects).await?.into_iter().collect()
    }

    /// As `batch`, each statement with a success of its own.
    pub async fn batch_each(&self, selects: &[Select]) -> Answer<Vec<Answer<Rows>>> {
        assert!(selects.len() <= BATCH_ITEMS_MAX, "a batch is made by our own code");
        let items = selects
            .iter()
            .enumerate()
            .map(|(position, select)| BatchItem { id: batch_id(position), query: select.text() });
        let body = json(&BatchBody { items: items.collect() });
        let call = Call::read(Method::POST, self.address("/batch", &[]), body);
        let response = self.session.call(call).await?;
        let (members, server_time) = self.members(&response, Effect::Read)?;
        let items: Vec<Members> = member(&members, "BatchItemResponse")?;
        let answer = |(position, select): (usize, &Select)| {
            let id = format!("\"{}\"", batch_id(position));
            let item = items
                .iter()
                .find(|item| item.get("bId").is_some_and(|own| own.get() == id))
                .ok_or_else(|| malformed("BatchItemResponse"))?;
            if let Some(fault) = Fault::in_members(item) {
                return Err(fault.into_error(Effect::Read));
            }
            rows_of(item, select, server_time)
        };
        Ok(selects.iter().enumerate().map(answer).collect())
    }

    /// What changed since a moment, for several kinds at once, in the order of the kinds.
    pub async fn changes(
        &self,
        entities: &[Entity],
        since: Timestamp,
    ) -> Answer<(Vec<Vec<Raw>>, Timestamp)> {
        let names: Vec<&str> = entities.iter().map(|entity| entity.name()).collect();
        let since = wire_instant(since);
        let address =
            self.address("/cdc", &[("entities", &names.join(",")), ("changedSince", &since)]);
        let response = self.session.call(Call::get(address)).await?;
        let (members, server_time) = self.members(&response, Effect::Read)?;
        let answers: Vec<Members> = member(&members, "CDCResponse")?;
        let mut parts: Vec<Members> = Vec::new();
        for answer in &answers {
            if let Some(fault) = Fault::in_members(answer) {
                return Err(fault.into_error(Effect::Read));
            }
            let found: Vec<Members> = member(answer, "QueryResponse")?;
            parts.extend(found);
        }
        let records = entities.iter().map(|entity| {
            let named = parts.iter().filter(|part| part.contains_key(entity.name()));
            let lists: Answer<Vec<Vec<Raw>>> =
                named.map(|part| member(part, entity.name())).collect();
            Ok(lists?.into_iter().flatten().collect())
        });
        Ok((records.collect::<Answer<_>>()?, server_time))
    }

    /// A report, whole.
    pub async fn report(
        &self,
        name: &str,
        parameters: &[(&str, &str)],
    ) -> Answer<serde_json::Value> {
        let address = self.address(&format!("/reports/{name}"), parameters);
        let response = self.session.call(Call::get(address)).await?;
        let (members, _) = self.members(&response, Effect::Read)?;
        if !members.contains_key("Columns") {
            return Err(malformed("Columns"));
        }
        Envelope::read(response.body(), name)
    }

    /// Creates one record, once. The answer is the record as stored, or the stored first answer
    /// to the same request id.
    pub async fn create(
        &self,
        entity: Entity,
        request_id: Option<&str>,
        body: &impl Serialize,
    ) -> Answer<Raw> {
        let parameters: Vec<(&str, &str)> =
            request_id.iter().map(|id| ("requestid", *id)).collect();
        let address = self.address(&format!("/{}", entity.path()), &parameters);
        let call = Call::write(Method::POST, address, json(body));
        let response = self.session.call(call).await?;
        self.one(&response, entity.name(), Effect::Write)
    }

    fn address(&self, path: &str, parameters: &[(&str, &str)]) -> String {
        let mut address = format!("{}{path}?", self.prefix);
        for (name, value) in parameters {
            address.push_str(&format!("{name}={}&", encoded(value)));
        }
        address.push_str(MINOR_VERSION);
        address
    }

    fn one(&self, response: &Response<Bytes>, name: &str, effect: Effect) -> Answer<Raw> {
        let (members, _) = self.members(response, effect)?;
        member(&members, name)
    }

    /// The members of an answer, after a look whether a success is a fault in disguise, and the
    /// server's time: the `time` member, else the `Date` header, else our own clock.
    fn members(&self, response: &Response<Bytes>, effect: Effect) -> Answer<(Members, Timestamp)> {
        let members: Members = Envelope::read(response.body(), "body")?;
        if let Some(fault) = Fault::in_members(&members) {
            return Err(fault.into_error(effect));
        }
        let stated = members
            .get("time")
            .and_then(|raw| serde_json::from_str::<String>(raw.get()).ok())
            .and_then(|text| text.parse::<Timestamp>().ok());
        let now = self.session.clock().now();
        let time = stated.unwrap_or_else(|| mark::server_time(response.headers(), now));
        Ok((members, time))
    }
}

/// The rows under the name of their kind; an answer without any is empty, one without the
/// envelope is no answer.
fn rows_of(members: &Members, select: &Select, server_time: Timestamp) -> Answer<Rows> {
    let answer: Members = member(members, "QueryResponse")?;
    let records = match answer.get(select.entity().name()) {
        Some(_) => member(&answer, select.entity().name())?,
        None => Vec::new(),
    };
    let total = match answer.get("totalCount") {
        Some(_) => Some(member(&answer, "totalCount")?),
        None => None,
    };
    Ok(Rows { records, total, server_time })
}

fn member<T: DeserializeOwned>(members: &Members, name: &str) -> Answer<T> {
    let raw = members.get(name).ok_or_else(|| malformed(name))?;
    serde_json::from_str(raw.get()).map_err(|_| malformed(name))
}

pub(crate) fn malformed(path: &str) -> ConnectorError {
    ConnectorError::Malformed { path: path.to_owned() }
}

fn json(body: &impl Serialize) -> Bytes {
    Bytes::from(serde_json::to_vec(body).expect("our own bodies are texts, flags and numbers"))
}

fn batch_id(position: usize) -> String {
    format!("q{position}")
}

#[derive(Serialize)]
struct BatchBody {
    #[serde(rename = "BatchItemRequest")]
    items: Vec<BatchItem>,
}

#[derive(Serialize)]
struct BatchItem {
    #[serde(rename = "bId")]
    id: String,
    #[serde(rename = "Query")]
    query: String,
}

#[cfg(test)]
mod tests;
