//! One run over every connection: probe, read every feed, compare totals, ask about unknown
//! outcomes.

use tieout_connect::error::{Action, ConnectorError};
use tieout_connect::ports::{ControlTotal, DateRange};
use tieout_domain::facts::{Fact, Stream};
use tieout_domain::ids::{ConnectionId, RunId};
use tieout_store::Role;

use crate::compare::{COUNTED_FEEDS, Compared, compare};
use crate::drive::Timing;
use crate::engine::{Engine, Probed, SourcePort};
use crate::error::EngineError;
use crate::problem::Problem;
use crate::progress::Event;
use crate::read::{Reader, StreamOutcome};
use crate::run::{BalanceLine, FeedCount, Gap, RunReport, SyncRequest};

impl Engine {
    /// Reads what changed everywhere and proves that nothing is missing.
    pub async fn sync(&mut self, request: &SyncRequest) -> Result<RunReport, EngineError> {
        let sources = self.chosen(request.only.as_ref())?;
        let mut report = self.begin("sync", &request.trigger)?;
        let requests_before = self.requests_sent();
        for (connection, port) in sources {
            if self.cancel.requested() {
                report.gaps.push(Gap::cancelled(&connection));
                continue;
            }
            self.sync_connection(&connection, &port, request, &mut report).await?;
        }
        for (ledger, _) in self.ledger_ports() {
            self.adopt_read_customers(&ledger, &report.run)?;
            self.adopt_read_documents(&ledger, &report.run)?;
        }
        let unanswered = self.ask_all(Timing::WhenDue, &report.run).await?;
        report.gaps.extend(unanswered);
        self.note_quarantine(&mut report)?;
        report.http_requests = self.requests_sent() - requests_before;
        self.end(report)
    }

    fn chosen(
        &self,
        only: Option<&ConnectionId>,
    ) -> Result<Vec<(ConnectionId, SourcePort)>, EngineError> {
        let mut sources = self.sources();
        if let Some(only) = only {
            sources.retain(|(connection, _)| connection == only);
            if sources.is_empty() {
                return Err(EngineError::NoSuchConnection(only.to_string()));
            }
        }
        Ok(sources)
    }

    async fn sync_connection(
        &mut self,
        connection: &ConnectionId,
        port: &SourcePort,
        request: &SyncRequest,
        report: &mut RunReport,
    ) -> Result<(), EngineError> {
        self.observer.on(&Event::Connecting { connection: connection.clone() });
        let Some(probed) = self.probe(connection, port, report).await? else {
            return Ok(());
        };
        if request.full {
            self.store.forget_cursors(connection)?;
        }
        for stream in probed.capabilities.streams.clone() {
            if self.cancel.requested() {
                break;
            }
            let outcome = self.read_feed(&probed, port, stream, &report.run).await?;
            note_feed(connection, stream, &outcome, report);
            if outcome.failure.is_some_and(|error| error.action() == Action::SignIn) {
                return Ok(());
            }
        }
        if self.cancel.requested() {
            report.gaps.push(Gap::cancelled(connection));
            return Ok(());
        }
        if !report.lacks_a_feed(connection) {
            let mut streams = probed.capabilities.streams.clone();
            if !request.full {
                streams = self.streams_begun_anew(connection, streams)?;
            }
            self.sweep(&probed, port, &streams, report).await?;
        }
        self.observer.on(&Event::Comparing { connection: connection.clone() });
        self.compare_totals(&probed, port, request, report).await?;
        self.fetch_balances(connection, port, request, report).await
    }

    /// `None`: this connection cannot be read now, and the report says why.
    async fn probe(
        &mut self,
        connection: &ConnectionId,
        port: &SourcePort,
        report: &mut RunReport,
    ) -> Result<Option<Probed>, EngineError> {
        let probe = match port.source().probe().await {
            Ok(probe) => probe,
            Err(error) => {
                report.gaps.push(unusable(connection, &error));
                return Ok(None);
            }
        };
        let text = crate::capabilities::to_text(&probe.name, probe.sandbox, &probe.capabilities);
        self.store.save_capabilities(connection, &text, self.clock.now())?;
        let blocking = probe.missing.iter().filter(|missing| missing.blocks_reading);
        for missing in blocking.clone() {
            report.gaps.push(Gap::Missing {
                connection: connection.clone(),
                what: missing.what.clone(),
                remedy: missing.remedy.clone(),
            });
        }
        let readable = blocking.count() == 0;
        Ok(readable
            .then(|| Probed { connection: connection.clone(), capabilities: probe.capabilities }))
    }

    pub(crate) async fn read_feed(
        &mut self,
        probed: &Probed,
        port: &SourcePort,
        stream: Stream,
        run: &RunId,
    ) -> Result<StreamOutcome, EngineError> {
        Reader {
            store: &mut self.store,
            source: port.source(),
            connection: &probed.connection,
            capabilities: &probed.capabilities,
            run,
            clock: self.clock.as_ref(),
            observer: self.observer.as_ref(),
            cancel: &self.cancel,
            crash_points: self.crash_points.as_ref(),
        }
        .read(stream)
        .await
    }

    async fn compare_totals(
        &mut self,
        probed: &Probed,
        port: &SourcePort,
        request: &SyncRequest,
        report: &mut RunReport,
    ) -> Result<(), EngineError> {
        let connection = &probed.connection;
        let mut told: Vec<(DateRange, Vec<ControlTotal>)> = Vec::new();
        for range in &request.ranges {
            let totals = match port {
                SourcePort::Crm(crm) => crm.won_totals(*range).await,
                SourcePort::Ledger(ledger) => ledger.period_totals(*range).await,
            };
            match totals {
                Ok(totals) => told.push((*range, totals)),
                Err(error) => report.gaps.push(unusable(connection, &error)),
            }
        }
        let role = port.role();
        let mut compared = compare_all(role, &told, &self.held_facts(probed)?)?;
        if !request.full && !report.lacks_a_feed(connection) {
            let doubtful = self.streams_in_doubt(connection, &compared)?;
            if self.sweep(probed, port, &doubtful, report).await? {
                compared = compare_all(role, &told, &self.held_facts(probed)?)?;
            }
        }
        for line in compared {
            if !line.agrees() {
                let compared = Box::new(line.clone());
                report.gaps.push(Gap::Total { connection: connection.clone(), compared });
            }
            report.totals.push((connection.clone(), line));
        }
        Ok(())
    }

    async fn fetch_balances(
        &mut self,
        connection: &ConnectionId,
        port: &SourcePort,
        request: &SyncRequest,
        report: &mut RunReport,
    ) -> Result<(), EngineError> {
        let SourcePort::Ledger(ledger) = port else {
            return Ok(());
        };
        for at in &request.balances_at {
            match ledger.balance_totals(*at).await {
                Ok(totals) => report.balances.extend(totals.into_iter().map(|total| BalanceLine {
                    connection: connection.clone(),
                    at: *at,
                    total,
                })),
                Err(error) => report.gaps.push(unusable(connection, &error)),
            }
        }
        Ok(())
    }

    /// What is held of every feed that totals count.
    fn held_facts(&self, probed: &Probed) -> Result<Vec<Fact>, EngineError> {
        let mut facts = Vec::new();
        let streams = probed.capabilities.streams.iter();
        for stream in streams.filter(|stream| COUNTED_FEEDS.contains(stream)) {
            facts.extend(self.store.facts(&probed.connection, *stream, None)?);
        }
        Ok(facts)
    }
}

fn compare_all(
    role: Role,
    told: &[(DateRange, Vec<ControlTotal>)],
    facts: &[Fact],
) -> Result<Vec<Compared>, EngineError> {
    let mut compared = Vec::new();
    for (range, totals) in told {
        compared.extend(compare(role, totals, facts, *range)?);
    }
    Ok(compared)
}

fn unusable(connection: &ConnectionId, error: &ConnectorError) -> Gap {
    Gap::Connection { connection: connection.clone(), problem: Problem::from(error) }
}

pub(crate) fn note_feed(
    connection: &ConnectionId,
    stream: Stream,
    outcome: &StreamOutcome,
    report: &mut RunReport,
) {
    report.feeds.push(FeedCount {
        connection: connection.clone(),
        stream,
        records: outcome.records,
        new: outcome.recorded.new,
        changed: outcome.recorded.changed,
        deleted: outcome.recorded.deleted,
    });
    if let Some(error) = &outcome.failure {
        let problem = Problem::from(error);
        report.gaps.push(Gap::Feed { connection: connection.clone(), stream, problem });
    }
}
