//! Feeds that page by change time, with scripted faults.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};

use jiff::Timestamp;
use tieout_connect::clock::Clock;
use tieout_connect::error::ConnectorError;
use tieout_connect::ports::{Answer, Page, PageToken, Read, ReadRequest};
use tieout_connect::testing::VirtualClock;
use tieout_domain::facts::{Fact, Gone, Quarantined, Stream};

/// What happens instead of an answer.
#[derive(Clone, Copy, Debug)]
pub enum ReadFault {
    Unreachable,
    CursorLost,
    SignIn,
    /// The answer names the token that it was asked with.
    SameToken,
}

struct Row {
    stream: Stream,
    id: String,
    at: Timestamp,
    /// Told by the feed; `false` for what the source lost.
    told: bool,
    read: Read,
}

#[derive(Default)]
struct State {
    rows: Vec<Row>,
    faults: VecDeque<(Stream, usize, ReadFault)>,
    requests: Vec<ReadRequest>,
    page_records_max: usize,
    shape: Option<String>,
}

pub struct Feeds {
    clock: Arc<VirtualClock>,
    state: Mutex<State>,
}

impl Feeds {
    pub fn new(clock: Arc<VirtualClock>) -> Self {
        Self { clock, state: Mutex::new(State { page_records_max: 100, ..State::default() }) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Adds a record, or a new version of it, changed now.
    pub fn put(&self, fact: Fact) {
        self.put_at(fact, self.clock.now());
    }

    /// The same, changed at another moment of the server's clock.
    pub fn put_at(&self, fact: Fact, at: Timestamp) {
        self.put_row(fact.stream(), fact.id().to_owned(), at, true, Read::Fact(Box::new(fact)));
    }

    /// A record that exists and that the feed never tells.
    pub fn put_untold(&self, fact: Fact) {
        let at = self.clock.now();
        self.put_row(fact.stream(), fact.id().to_owned(), at, false, Read::Fact(Box::new(fact)));
    }

    /// A record that cannot be read, changed now.
    pub fn put_unreadable(&self, record: Quarantined) {
        let (stream, id) = (record.stream, record.id.clone());
        self.put_row(stream, id, self.clock.now(), true, Read::Quarantined(Box::new(record)));
    }

    fn put_row(&self, stream: Stream, id: String, at: Timestamp, told: bool, read: Read) {
        let mut state = self.state();
        state.rows.retain(|row| row.stream != stream || row.id != id);
        state.rows.push(Row { stream, id, at, told, read });
    }

    /// Deletes a record, as a fact of the feed.
    pub fn delete(&self, stream: Stream, id: &str) {
        let deleted_at = self.clock.now();
        let gone = Fact::Gone(Gone { stream, id: id.to_owned(), deleted_at });
        self.put_row(stream, id.to_owned(), deleted_at, true, Read::Fact(Box::new(gone)));
    }

    /// Removes a record without telling.
    pub fn lose(&self, stream: Stream, id: &str) {
        self.state().rows.retain(|row| row.stream != stream || row.id != id);
    }

    /// The `page`-th page of a feed (from 0) fails once.
    pub fn fail(&self, stream: Stream, page: usize, fault: ReadFault) {
        self.state().faults.push_back((stream, page, fault));
    }

    pub fn page_by(&self, records: usize) {
        self.state().page_records_max = records;
    }

    pub fn shape_is(&self, shape: &str) {
        self.state().shape = Some(shape.to_owned());
    }

    pub fn shape(&self) -> Option<String> {
        self.state().shape.clone()
    }

    /// Every request for a feed so far: lower bound and token.
    pub fn requests(&self, stream: Stream) -> Vec<(Option<Timestamp>, Option<String>)> {
        let state = self.state();
        let of_stream = state.requests.iter().filter(|request| request.stream == stream);
        of_stream.map(|it| (it.since, it.token.clone().map(|token| token.0))).collect()
    }

    pub fn count(&self) -> usize {
        self.state().requests.len()
    }

    /// Every fact that exists now.
    pub fn facts(&self) -> Vec<Fact> {
        let state = self.state();
        let facts = state.rows.iter().filter_map(|row| match &row.read {
            Read::Fact(fact) if !matches!(**fact, Fact::Gone(_)) => Some((**fact).clone()),
            _ => None,
        });
        facts.collect()
    }

    pub fn ids(&self, stream: Stream) -> Vec<String> {
        let is_gone =
            |read: &Read| matches!(read, Read::Fact(fact) if matches!(**fact, Fact::Gone(_)));
        let state = self.state();
        let rows = state.rows.iter().filter(|row| row.stream == stream && !is_gone(&row.read));
        rows.map(|row| row.id.clone()).collect()
    }

    pub fn read(&self, request: &ReadRequest) -> Answer<Page> {
        let now = self.clock.now();
        let mut state = self.state();
        state.requests.push(request.clone());
        let start: usize = match &request.token {
            Some(token) => token.0.parse().map_err(|_| ConnectorError::CursorLost)?,
            None => 0,
        };
        let page = start / state.page_records_max;
        let fault = state.faults.iter().position(|it| it.0 == request.stream && it.1 == page);
        let fault = fault.and_then(|at| state.faults.remove(at)).map(|(_, _, fault)| fault);
        match fault {
            Some(ReadFault::Unreachable) => {
                return Err(ConnectorError::OutcomeUnknown("no answer".into()));
            }
            Some(ReadFault::CursorLost) => return Err(ConnectorError::CursorLost),
            Some(ReadFault::SignIn) => return Err(ConnectorError::SignInNeeded),
            Some(ReadFault::SameToken) | None => {}
        }
        let mut rows: Vec<&Row> = state
            .rows
            .iter()
            .filter(|row| row.told && row.stream == request.stream)
            .filter(|row| request.since.is_none_or(|since| row.at >= since))
            .collect();
        rows.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
        let total = rows.len();
        let end = (start + state.page_records_max).min(total);
        let on_page = &rows[start.min(total)..end];
        let next = (end < total).then(|| PageToken(end.to_string()));
        Ok(Page {
            mark: on_page.iter().map(|row| row.at).max(),
            records: on_page.iter().map(|row| row.read.clone()).collect(),
            next: match fault {
                Some(ReadFault::SameToken) => request.token.clone().or(next),
                _ => next,
            },
            server_time: now,
            total: Some(total as u64),
        })
    }
}
