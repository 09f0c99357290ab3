//! Reading one feed of one connection, page by page, into the store.
//!
//! The mark is inclusive with an overlap; it moves in the same transaction as the facts and never
//! passes the moment the read began (`design §4`, reading).

use jiff::{SignedDuration, Timestamp};
use tieout_connect::clock::Clock;
use tieout_connect::error::{Action, ConnectorError};
use tieout_connect::key::content_hash;
use tieout_connect::ports::{Capabilities, Page, PageToken, Read, ReadRequest, Source};
use tieout_domain::facts::{Fact, Quarantined, Stream};
use tieout_domain::ids::{ConnectionId, RunId};
use tieout_store::{CursorProgress, PendingRead, RecordOutcome, RecordedPage, Store};

use crate::error::EngineError;
use crate::progress::{Cancel, CrashPoints, Event, Observer};

/// A feed longer than this is a defect of the source, not a long feed.
const PAGES_MAX: u32 = 100_000;
/// How often one read may start again because its cursor died.
const RESTARTS_MAX: u32 = 3;

/// Everything that reading needs besides the stream.
pub struct Reader<'a> {
    pub store: &'a mut Store,
    pub source: &'a dyn Source,
    pub connection: &'a ConnectionId,
    pub capabilities: &'a Capabilities,
    pub run: &'a RunId,
    pub clock: &'a dyn Clock,
    pub observer: &'a dyn Observer,
    pub cancel: &'a Cancel,
    pub crash_points: &'a dyn CrashPoints,
}

/// What reading one feed came to.
#[derive(Debug, Default)]
pub struct StreamOutcome {
    pub pages: u32,
    pub records: u64,
    pub recorded: RecordOutcome,
    /// Why the feed was not read to its end; its mark stays where it was.
    pub failure: Option<ConnectorError>,
}

impl Reader<'_> {
    /// Reads the feed to its end, or until an error, and says how far it came. Only errors of the
    /// store are errors of the call: what the source did is part of the outcome.
    ///
    /// A read that an earlier run began ends at what was there then, so another follows from its
    /// mark: a run that says complete has read what was there when it began.
    pub async fn read(&mut self, stream: Stream) -> Result<StreamOutcome, EngineError> {
        let mut outcome = StreamOutcome::default();
        match self.source.shape(stream).await {
            Ok(shape) => self.note_shape(stream, shape)?,
            Err(error) => {
                outcome.failure = Some(error);
                return Ok(outcome);
            }
        }
        let mut restarts = 0;
        let mut pending = self.resume_or_begin(stream)?;
        let mut is_resumed = pending.began_server_time.is_some();
        let started = self.clock.now();
        while outcome.pages < PAGES_MAX {
            if self.cancel.requested() {
                outcome.failure = Some(ConnectorError::Cancelled);
                return Ok(outcome);
            }
            let request = ReadRequest {
                stream,
                since: pending.since,
                token: pending.token.clone().map(PageToken),
            };
            let page = match self.source.read(&request).await {
                Ok(page) => page,
                Err(error) if error.action() == Action::RestartRead && restarts < RESTARTS_MAX => {
                    restarts += 1;
                    pending.token = None;
                    continue;
                }
                Err(error) => {
                    outcome.failure = Some(error);
                    return Ok(outcome);
                }
            };
            if page.next.is_some() && page.next == request.token {
                outcome.failure = Some(ConnectorError::Malformed { path: "page token".into() });
                return Ok(outcome);
            }
            self.crash_points.pass("page in hand, not recorded")?;
            outcome.pages += 1;
            outcome.records += page.records.len() as u64;
            let total = page.total;
            let next = self.record(stream, page, &pending, &mut outcome)?;
            self.crash_points.pass("page recorded")?;
            self.tell(stream, &outcome, total, started);
            match next {
                Some(further) => pending = further,
                None if is_resumed => {
                    is_resumed = false;
                    pending = self.resume_or_begin(stream)?;
                }
                None => return Ok(outcome),
            }
        }
        outcome.failure = Some(ConnectorError::Malformed { path: "endless feed".into() });
        Ok(outcome)
    }

    /// Records that were read with other fields lack some: the feed begins anew.
    fn note_shape(&mut self, stream: Stream, shape: Option<String>) -> Result<(), EngineError> {
        if let Some(shape) = shape {
            let hash = content_hash(shape.as_bytes());
            self.store.set_fields_hash(self.connection, stream, &hash)?;
        }
        Ok(())
    }

    /// An interrupted read goes on where it stopped; otherwise a new one begins at the mark.
    fn resume_or_begin(&self, stream: Stream) -> Result<PendingRead, EngineError> {
        let cursor = self.store.cursor(self.connection, stream)?;
        if let Some(pending) = cursor.as_ref().and_then(|cursor| cursor.pending.clone()) {
            return Ok(pending);
        }
        let overlap = SignedDuration::from_secs(i64::from(self.capabilities.overlap_secs));
        let since = cursor
            .and_then(|cursor| cursor.mark)
            .map(|mark| mark.checked_sub(overlap).unwrap_or(Timestamp::MIN));
        Ok(PendingRead {
            since,
            token: None,
            began_server_time: None,
            highest_mark: None,
            pages: 0,
            records: 0,
        })
    }

    /// Stores one page and moves the cursor in one transaction. `None`: the feed is at its end.
    fn record(
        &mut self,
        stream: Stream,
        page: Page,
        pending: &PendingRead,
        outcome: &mut StreamOutcome,
    ) -> Result<Option<PendingRead>, EngineError> {
        let began = pending.began_server_time.unwrap_or(page.server_time);
        let mut facts: Vec<Fact> = Vec::with_capacity(page.records.len());
        let mut quarantined: Vec<Quarantined> = Vec::new();
        let count = page.records.len() as u64;
        for record in page.records {
            match record {
                Read::Fact(fact) => facts.push(*fact),
                Read::Quarantined(row) => quarantined.push(*row),
            }
        }
        let next = page.next.map(|token| PendingRead {
            since: pending.since,
            token: Some(token.0),
            began_server_time: Some(began),
            highest_mark: pending.highest_mark.max(page.mark),
            pages: pending.pages + 1,
            records: pending.records + count,
        });
        let progress = match &next {
            Some(pending) => CursorProgress::Page(pending.clone()),
            None => CursorProgress::Done { mark: self.mark_after(began) },
        };
        let recorded = self.store.record(RecordedPage {
            connection: self.connection,
            run: self.run,
            stream,
            observed_at: self.clock.now(),
            facts: &facts,
            quarantined: &quarantined,
            progress,
        })?;
        outcome.recorded.add(&recorded);
        Ok(next)
    }

    /// Everything visible before the read began has been read, so the mark may stand there, less
    /// the time that a change may take to become visible.
    fn mark_after(&self, began: Timestamp) -> Timestamp {
        let settle = SignedDuration::from_secs(i64::from(self.capabilities.settle_secs));
        began.checked_sub(settle).unwrap_or(Timestamp::MIN)
    }

    fn tell(
        &self,
        stream: Stream,
        outcome: &StreamOutcome,
        total: Option<u64>,
        started: Timestamp,
    ) {
        let elapsed = self.clock.now().duration_since(started).as_secs().max(0);
        let remaining_secs = total.map(|total| {
            let left = total.saturating_sub(outcome.records);
            u64::try_from(elapsed).unwrap_or(0) * left / outcome.records.max(1)
        });
        self.observer.on(&Event::Reading {
            connection: self.connection.clone(),
            stream,
            done: outcome.records,
            total,
            remaining_secs,
        });
    }
}
