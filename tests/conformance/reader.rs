//! Reads a feed as a run does: from its mark less the overlap, page by page, again from the mark
//! when a cursor is lost.

use std::collections::BTreeMap;

use jiff::Timestamp;
use tieout_connect::error::ConnectorError;
use tieout_connect::mark;
use tieout_connect::ports::{Answer, Capabilities, Page, Read, ReadRequest, Source};
use tieout_domain::facts::{Document, DocumentStatus, Fact, Quarantined, Stream};

/// Times that a read begins anew.
const RESTARTS_MAX: u32 = 3;
/// Pages of one feed, beyond which a connector goes round in a circle.
const PAGES_MAX: usize = 2_000;

/// What one run found.
#[derive(Debug, Default)]
pub struct Run {
    pub facts: Vec<Fact>,
    pub aside: Vec<Quarantined>,
    pub pages: usize,
}

impl Run {
    pub fn of(&self, id: &str) -> Vec<&Fact> {
        self.facts.iter().filter(|fact| fact.id() == id).collect()
    }
}

/// One feed as one connection knows it.
pub struct Reader<'a, P: Source + ?Sized> {
    source: &'a P,
    stream: Stream,
    overlap_secs: u32,
    settle_secs: u32,
    pub mark: Option<Timestamp>,
    /// The last version of every record.
    known: BTreeMap<String, Fact>,
}

impl<'a, P: Source + ?Sized> Reader<'a, P> {
    pub fn new(source: &'a P, stream: Stream, capabilities: &Capabilities) -> Self {
        Self {
            source,
            stream,
            overlap_secs: capabilities.overlap_secs,
            settle_secs: capabilities.settle_secs,
            mark: None,
            known: BTreeMap::new(),
        }
    }

    /// Reads what is new. The mark moves only when the whole feed was read.
    pub async fn run(&mut self) -> Answer<Run> {
        let since = mark::since(self.mark, self.overlap_secs);
        for _ in 0..RESTARTS_MAX {
            match self.once(since).await {
                Err(ConnectorError::CursorLost) => {}
                Err(error) => return Err(error),
                Ok((run, mark)) => {
                    self.mark = mark;
                    for fact in &run.facts {
                        self.known.insert(fact.id().to_owned(), fact.clone());
                    }
                    return Ok(run);
                }
            }
        }
        Err(ConnectorError::CursorLost)
    }

    async fn once(&self, since: Option<Timestamp>) -> Answer<(Run, Option<Timestamp>)> {
        let mut run = Run::default();
        let (mut token, mut begun, mut highest) = (None, None, None);
        loop {
            let request = ReadRequest { stream: self.stream, since, token };
            let Page { records, next, mark, server_time, .. } = self.source.read(&request).await?;
            run.pages += 1;
            assert!(run.pages <= PAGES_MAX, "the feed has no end");
            begun = begun.or(Some(server_time));
            highest = highest.max(mark);
            for record in records {
                match record {
                    Read::Fact(fact) => run.facts.push(*fact),
                    Read::Quarantined(aside) => run.aside.push(*aside),
                }
            }
            token = next;
            if token.is_none() {
                break;
            }
        }
        let begun = begun.expect("a feed has at least one page");
        Ok((run, mark::next_mark(self.mark, highest, begun, self.settle_secs)))
    }

    /// The last version of a record.
    pub fn known(&self, id: &str) -> Option<&Fact> {
        self.known.get(id)
    }

    /// Ids of the main feed that count.
    pub fn living(&self) -> Vec<String> {
        let living = self.known.values().filter(|fact| !is_gone(fact));
        let own = living.filter(|fact| fact.stream() == self.stream);
        own.map(|fact| fact.id().to_owned()).collect()
    }
}

/// A deletion is a fact, in one of the forms that a tool has for it.
pub fn is_gone(fact: &Fact) -> bool {
    match fact {
        Fact::Gone(_) => true,
        Fact::Deal(deal) => deal.stamp.deleted,
        Fact::Document(Document { stamp, status, .. }) => {
            stamp.deleted || *status == DocumentStatus::Deleted
        }
        _ => false,
    }
}

/// The amount of a record of a main feed, as text.
pub fn amount_of(fact: &Fact) -> Option<String> {
    match fact {
        Fact::Deal(deal) => deal.amount.map(|amount| amount.to_plain()),
        Fact::Document(document) => Some(document.total.to_plain()),
        _ => None,
    }
}
