//! The comparison of ids that finds what a feed lost: records that it never brought, and deletions
//! that it never told (`design §4` reading).

use std::collections::BTreeSet;

use jiff::Timestamp;
use tieout_connect::error::ConnectorError;
use tieout_connect::ports::{Answer, Ledger, Measure};
use tieout_domain::facts::{Deal, Fact, Gone, LedgerDocumentKind, Stream};
use tieout_domain::ids::{ConnectionId, CustomerId, DealId, DocumentId, IdError, ReceiptId, RunId};
use tieout_store::{CursorProgress, RecordedPage, TotalRow};

use crate::compare::{Compared, measure_word};
use crate::engine::{Engine, Probed, SourcePort};
use crate::error::EngineError;
use crate::problem::Problem;
use crate::progress::Event;
use crate::run::{Gap, RunReport};
use crate::sync::note_feed;

/// Records of one feed that may turn out to be deleted in one run. More look like a list that lost
/// its rows, and then nothing is believed.
const DELETIONS_MAX: usize = 200;

impl Engine {
    /// Feeds whose count differs from the source's, where listing ids may mend it: not while a
    /// record of the feed is kept aside, which explains the difference, and not again where the
    /// last run counted the very same.
    pub(crate) fn streams_in_doubt(
        &self,
        connection: &ConnectionId,
        compared: &[Compared],
    ) -> Result<Vec<Stream>, EngineError> {
        let aside = self.store.quarantine(true)?;
        let is_aside = |stream: Stream| {
            aside.iter().any(|row| row.connection == *connection && row.stream == stream)
        };
        let counted = self.counted_last(connection)?;
        let is_old = |line: &Compared| {
            counted.iter().any(|row| {
                row.measure == measure_word(line.measure)
                    && (row.currency, row.from, row.to)
                        == (line.currency, line.range.from, line.range.to)
                    && (row.source_count, row.held_count) == (line.source_count, line.held_count)
            })
        };
        let differing = compared.iter().filter(|line| line.source_count != line.held_count);
        let streams: BTreeSet<Stream> = differing
            .filter(|line| !is_old(line))
            .filter_map(|line| stream_of(line.measure))
            .collect();
        Ok(streams.into_iter().filter(|stream| !is_aside(*stream)).collect())
    }

    /// Feeds that were begun anew by a run that did not come to the comparison of their ids, or
    /// because their fields changed: no feed tells what was deleted before it was begun.
    pub(crate) fn streams_begun_anew(
        &self,
        connection: &ConnectionId,
        streams: Vec<Stream>,
    ) -> Result<Vec<Stream>, EngineError> {
        let mut owing = Vec::new();
        for stream in streams {
            if self.store.owes_comparison(connection, stream)? {
                owing.push(stream);
            }
        }
        Ok(owing)
    }

    /// What the last run that compared this connection's totals counted.
    fn counted_last(&self, connection: &ConnectionId) -> Result<Vec<TotalRow>, EngineError> {
        let Some(run) = self.store.last_with_totals(connection, None)? else {
            return Ok(Vec::new());
        };
        let mut totals = self.store.totals(&run)?;
        totals.retain(|total| total.connection == *connection);
        Ok(totals)
    }

    /// Compares the ids of these feeds with what is held, and records the deletions that it finds.
    /// Says whether anything that is held may have changed.
    pub(crate) async fn sweep(
        &mut self,
        probed: &Probed,
        port: &SourcePort,
        streams: &[Stream],
        report: &mut RunReport,
    ) -> Result<bool, EngineError> {
        let mut listed = false;
        for stream in streams {
            if self.cancel.requested() {
                report.gaps.push(Gap::cancelled(&probed.connection));
                break;
            }
            let connection = probed.connection.clone();
            self.observer.on(&Event::Comparing { connection: connection.clone() });
            match port.source().ids(*stream).await {
                Ok(None) => self.store.note_compared(&connection, *stream)?,
                Ok(Some(ids)) => {
                    let before = report.gaps.len();
                    self.sweep_feed(probed, port, *stream, &ids, report).await?;
                    listed = true;
                    if report.gaps.len() == before {
                        self.store.note_compared(&connection, *stream)?;
                    }
                }
                Err(error) => {
                    let problem = Problem::from(&error);
                    report.gaps.push(Gap::Feed { connection, stream: *stream, problem });
                }
            }
        }
        Ok(listed)
    }

    async fn sweep_feed(
        &mut self,
        probed: &Probed,
        port: &SourcePort,
        stream: Stream,
        ids: &[String],
        report: &mut RunReport,
    ) -> Result<(), EngineError> {
        let connection = &probed.connection;
        if !self.never_brought(connection, stream, ids)?.is_empty() {
            // It may have come to be after its feed was read: then the feed brings it now.
            let outcome = self.read_feed(probed, port, stream, &report.run).await?;
            note_feed(connection, stream, &outcome, report);
        }
        let lost = self.never_brought(connection, stream, ids)?.len();
        if lost > 0 {
            let text = format!("{lost} records are there and were never brought: read all again");
            report.gaps.push(gap(connection, stream, "lost_records", text));
        }
        let there: BTreeSet<&str> = ids.iter().map(String::as_str).collect();
        let facts = self.store.facts(connection, stream, None)?;
        let held = facts.iter().filter(|fact| !is_deleted(fact)).map(Fact::id);
        let missing: Vec<&str> = held.filter(|id| !there.contains(id)).collect();
        if missing.len() > DELETIONS_MAX {
            let text = format!("{} records are not listed any more: not believed", missing.len());
            report.gaps.push(gap(connection, stream, "not_listed", text));
            return Ok(());
        }
        let mut gone = Vec::new();
        for id in missing {
            match is_there(port, stream, id).await {
                Ok(false) => gone.push(gone_fact(stream, id, self.clock.now())),
                Ok(true) => {}
                Err(error) => {
                    let problem = Problem::from(&error);
                    report.gaps.push(Gap::Feed { connection: connection.clone(), stream, problem });
                    break;
                }
            }
        }
        self.record_deletions(connection, stream, &gone, &report.run)
    }

    /// Ids that are there, and neither held nor kept aside here.
    fn never_brought(
        &self,
        connection: &ConnectionId,
        stream: Stream,
        ids: &[String],
    ) -> Result<Vec<String>, EngineError> {
        let facts = self.store.facts(connection, stream, None)?;
        let aside = self.store.quarantine(true)?;
        let aside = aside
            .iter()
            .filter(|row| row.connection == *connection && row.stream == stream)
            .map(|row| row.record_id.as_str());
        let known: BTreeSet<&str> = facts.iter().map(Fact::id).chain(aside).collect();
        Ok(ids.iter().filter(|id| !known.contains(id.as_str())).cloned().collect())
    }

    fn record_deletions(
        &mut self,
        connection: &ConnectionId,
        stream: Stream,
        gone: &[Fact],
        run: &RunId,
    ) -> Result<(), EngineError> {
        self.store.record(RecordedPage {
            connection,
            run,
            stream,
            observed_at: self.clock.now(),
            facts: gone,
            quarantined: &[],
            progress: CursorProgress::Unmoved,
        })?;
        self.crash_points.pass("deletions recorded")
    }
}

/// Reads a record that is not listed before its deletion is believed, where the port can.
async fn is_there(port: &SourcePort, stream: Stream, id: &str) -> Answer<bool> {
    match port {
        SourcePort::Crm(crm) if stream == Stream::Deals => {
            let id = DealId::new(id).map_err(unreadable)?;
            let is_deleted = |deal: &Deal| deal.stamp.deleted;
            found(crm.deal(&id).await.map(Some), |it| it.deal.as_ref().is_some_and(is_deleted))
        }
        SourcePort::Crm(_) => Ok(false),
        SourcePort::Ledger(ledger) => is_in_ledger(ledger.as_ref(), stream, id).await,
    }
}

async fn is_in_ledger(ledger: &dyn Ledger, stream: Stream, id: &str) -> Answer<bool> {
    let kind = match stream {
        Stream::Invoices => LedgerDocumentKind::Invoice,
        Stream::CreditMemos => LedgerDocumentKind::CreditMemo,
        Stream::CashSales => LedgerDocumentKind::CashSale,
        Stream::Receipts => {
            let id = ReceiptId::new(id).map_err(unreadable)?;
            return found(ledger.receipt(&id).await, |receipt| receipt.stamp.deleted);
        }
        Stream::Customers => {
            let id = CustomerId::new(id).map_err(unreadable)?;
            let customer = ledger.customer(&id).await.map(|snapshot| snapshot.customer);
            return found(customer, |customer| customer.stamp.deleted);
        }
        _ => return Ok(false),
    };
    let id = DocumentId::new(id).map_err(unreadable)?;
    found(ledger.document(kind, &id).await, |document| document.stamp.deleted)
}

fn unreadable(_: IdError) -> ConnectorError {
    ConnectorError::Malformed { path: "id".into() }
}

fn found<T>(answer: Answer<Option<T>>, is_deleted: impl Fn(&T) -> bool) -> Answer<bool> {
    match answer {
        Ok(record) => Ok(record.is_some_and(|record| !is_deleted(&record))),
        Err(ConnectorError::NotFound) => Ok(false),
        Err(error) => Err(error),
    }
}

fn gone_fact(stream: Stream, id: &str, deleted_at: Timestamp) -> Fact {
    Fact::Gone(Gone { stream, id: id.to_owned(), deleted_at })
}

fn is_deleted(fact: &Fact) -> bool {
    match fact {
        Fact::Account(it) => it.stamp.deleted,
        Fact::Product(it) => it.stamp.deleted,
        Fact::Deal(it) => it.stamp.deleted,
        Fact::DealLine(it) => it.stamp.deleted,
        Fact::ScheduleLine(it) => it.stamp.deleted,
        Fact::DealEvent(it) => it.stamp.deleted,
        Fact::User(it) => it.stamp.deleted,
        Fact::Customer(it) => it.stamp.deleted,
        Fact::Item(it) => it.stamp.deleted,
        Fact::Document(it) => it.stamp.deleted,
        Fact::Receipt(it) => it.stamp.deleted,
        Fact::Refund(it) => it.stamp.deleted,
        Fact::Journal(it) => it.stamp.deleted,
        Fact::Gone(_) => true,
    }
}

fn gap(connection: &ConnectionId, stream: Stream, class: &'static str, text: String) -> Gap {
    Gap::Feed { connection: connection.clone(), stream, problem: Problem { class, text } }
}

/// The feed that a measure counts.
const fn stream_of(measure: Measure) -> Option<Stream> {
    match measure {
        Measure::WonDeals => Some(Stream::Deals),
        Measure::Invoices => Some(Stream::Invoices),
        Measure::CreditMemos => Some(Stream::CreditMemos),
        Measure::Receipts => Some(Stream::Receipts),
        Measure::Refunds => Some(Stream::Refunds),
        Measure::Adjustments => Some(Stream::Journals),
        Measure::AgedReceivables | Measure::ControlAccount => None,
    }
}
