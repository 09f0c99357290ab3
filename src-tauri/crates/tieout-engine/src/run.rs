//! One run: probe, read every feed, compare totals, ask about unknown outcomes.
//!
//! What goes wrong with one connection or one feed makes the run incomplete and is named; the rest
//! goes through.

use jiff::Timestamp;
use jiff::civil::Date;
use tieout_connect::error::ConnectorError;
use tieout_connect::ports::{ControlTotal, DateRange};
use tieout_domain::Money;
use tieout_domain::facts::{Fact, Stream};
use tieout_domain::ids::{ConnectionId, RunId};
use tieout_store::{Completeness, RunEnd, RunRecord, TotalRow};

use crate::compare::{Compared, compare, measure_word};
use crate::engine::{Engine, Probed, SourcePort};
use crate::error::EngineError;
use crate::progress::Event;
use crate::read::{Reader, StreamOutcome};

/// What a run is asked to do.
#[derive(Clone, Debug)]
pub struct SyncRequest {
    /// Why it runs: `button`, `schedule`, `start`, `demo`.
    pub trigger: String,
    pub only: Option<ConnectionId>,
    /// Forget the marks and read everything again.
    pub full: bool,
    /// Ranges of document dates whose totals are compared.
    pub ranges: Vec<DateRange>,
    /// Days at which the ledger's own balances are fetched.
    pub balances_at: Vec<Date>,
}

/// Why a run is not complete, for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gap {
    /// A connection could not be used at all.
    Connection { connection: ConnectionId, problem: Problem },
    /// A feed was not read to its end.
    Feed { connection: ConnectionId, stream: Stream, problem: Problem },
    /// A record is kept aside.
    Quarantined {
        connection: ConnectionId,
        stream: Stream,
        id: String,
        reason: String,
        path: String,
    },
    /// A total of the source differs from ours.
    Total { connection: ConnectionId, compared: Box<Compared> },
    /// A permission or setting is missing.
    Missing { connection: ConnectionId, what: String, remedy: String },
}

/// The class of a connector error without its cause, which may hold customer data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub class: &'static str,
    pub text: String,
}

impl From<&ConnectorError> for Problem {
    fn from(error: &ConnectorError) -> Self {
        Self { class: class_word(error), text: error.to_string() }
    }
}

/// What reading one feed came to.
#[derive(Clone, Debug)]
pub struct FeedCount {
    pub connection: ConnectionId,
    pub stream: Stream,
    pub records: u64,
    pub new: u64,
    pub changed: u64,
    pub deleted: u64,
}

/// A ledger's own balance at a day.
#[derive(Clone, Debug)]
pub struct BalanceLine {
    pub connection: ConnectionId,
    pub at: Date,
    pub total: ControlTotal,
}

/// What a run came to.
#[derive(Clone, Debug)]
pub struct RunReport {
    pub run: RunId,
    pub started_at: Timestamp,
    pub ended_at: Timestamp,
    pub feeds: Vec<FeedCount>,
    pub totals: Vec<(ConnectionId, Compared)>,
    pub balances: Vec<BalanceLine>,
    /// Empty: the run is complete.
    pub gaps: Vec<Gap>,
    pub http_requests: u64,
}

impl RunReport {
    pub fn is_complete(&self) -> bool {
        self.gaps.is_empty()
    }
}

impl Engine {
    /// Reads what changed everywhere and proves that nothing is missing.
    pub async fn sync(&mut self, request: &SyncRequest) -> Result<RunReport, EngineError> {
        let mut report = self.begin(&request.trigger)?;
        let requests_before = self.requests_sent();
        self.store.recover_sent(self.clock.now())?;
        for (connection, port) in self.sources() {
            if request.only.as_ref().is_some_and(|only| *only != connection) {
                continue;
            }
            self.sync_connection(&connection, &port, request, &mut report).await?;
        }
        self.ask_unknown(&report.run).await?;
        report.http_requests = self.requests_sent() - requests_before;
        self.end(report)
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
            let outcome = self.read_feed(&probed, port, stream, &report.run).await?;
            note_feed(connection, stream, &outcome, report);
            if self.cancel.requested() {
                return Ok(());
            }
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
                let problem = Problem::from(&error);
                let connection = connection.clone();
                report.gaps.push(Gap::Connection { connection, problem });
                return Ok(None);
            }
        };
        let text = crate::capabilities::to_text(&probe.name, probe.sandbox, &probe.capabilities);
        self.store.save_capabilities(connection, &text, self.clock.now())?;
        for missing in probe.missing.iter().filter(|missing| missing.blocks_reading) {
            report.gaps.push(Gap::Missing {
                connection: connection.clone(),
                what: missing.what.clone(),
                remedy: missing.remedy.clone(),
            });
        }
        let blocked = probe.missing.iter().any(|missing| missing.blocks_reading);
        Ok((!blocked)
            .then(|| Probed { connection: connection.clone(), capabilities: probe.capabilities }))
    }

    async fn read_feed(
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
        let facts = self.held_facts(probed)?;
        for range in &request.ranges {
            let totals = match port {
                SourcePort::Crm(crm) => crm.won_totals(*range).await,
                SourcePort::Ledger(ledger) => ledger.period_totals(*range).await,
            };
            let totals = match totals {
                Ok(totals) => totals,
                Err(error) => {
                    let (connection, problem) = (probed.connection.clone(), Problem::from(&error));
                    report.gaps.push(Gap::Connection { connection, problem });
                    return Ok(());
                }
            };
            for compared in compare(&totals, &facts, *range)? {
                if !compared.agrees() {
                    report.gaps.push(Gap::Total {
                        connection: probed.connection.clone(),
                        compared: Box::new(compared.clone()),
                    });
                }
                report.totals.push((probed.connection.clone(), compared));
            }
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
                Err(error) => report.gaps.push(Gap::Connection {
                    connection: connection.clone(),
                    problem: Problem::from(&error),
                }),
            }
        }
        Ok(())
    }

    fn held_facts(&self, probed: &Probed) -> Result<Vec<Fact>, EngineError> {
        let mut facts = Vec::new();
        for stream in &probed.capabilities.streams {
            facts.extend(self.store.facts(&probed.connection, *stream, None)?);
        }
        Ok(facts)
    }

    pub(crate) fn begin(&mut self, trigger: &str) -> Result<RunReport, EngineError> {
        let started_at = self.clock.now();
        let run = self.run_ids.next(started_at);
        self.store.start_run(&RunRecord {
            id: run.clone(),
            kind: "sync".into(),
            started_at,
            trigger: trigger.into(),
        })?;
        self.observer.on(&Event::RunStarted { run: run.clone() });
        Ok(RunReport {
            run,
            started_at,
            ended_at: started_at,
            feeds: Vec::new(),
            totals: Vec::new(),
            balances: Vec::new(),
            gaps: Vec::new(),
            http_requests: 0,
        })
    }

    pub(crate) fn end(&mut self, mut report: RunReport) -> Result<RunReport, EngineError> {
        self.note_quarantine(&mut report)?;
        report.ended_at = self.clock.now();
        let rows: Vec<TotalRow> = total_rows(&report);
        self.store.save_totals(&report.run, &rows)?;
        let completeness = if report.is_complete() {
            Completeness::Complete
        } else {
            Completeness::Incomplete { reasons: report.gaps.iter().map(Gap::sentence).collect() }
        };
        self.store.finish_run(
            &report.run,
            &RunEnd {
                ended_at: report.ended_at,
                completeness,
                counts: feed_counts(&report),
                http_requests: report.http_requests,
            },
        )?;
        let complete = report.is_complete();
        self.observer.on(&Event::RunEnded { run: report.run.clone(), complete });
        Ok(report)
    }

    fn note_quarantine(&self, report: &mut RunReport) -> Result<(), EngineError> {
        for row in self.store.quarantine(true)? {
            report.gaps.push(Gap::Quarantined {
                connection: row.connection,
                stream: row.stream,
                id: row.record_id,
                reason: row.reason.as_str().into(),
                path: row.path,
            });
        }
        Ok(())
    }
}

fn note_feed(
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

fn total_rows(report: &RunReport) -> Vec<TotalRow> {
    let counted = report.totals.iter().map(|(connection, compared)| TotalRow {
        connection: connection.clone(),
        measure: measure_word(compared.measure).into(),
        currency: compared.currency,
        from: compared.range.from,
        to: compared.range.to,
        source_count: compared.source_count,
        source_sum: compared.source_sum,
        held_count: compared.held_count,
        held_sum: compared.held_sum,
        proof: compared.proof.clone(),
        source: compared.source.clone(),
    });
    let balances = report.balances.iter().map(|line| TotalRow {
        connection: line.connection.clone(),
        measure: measure_word(line.total.measure).into(),
        currency: line.total.currency,
        from: line.at,
        to: line.at,
        source_count: line.total.count,
        source_sum: line.total.sum,
        held_count: 0,
        held_sum: Money::zero(line.total.currency),
        proof: line.total.proof.clone(),
        source: line.total.source.clone(),
    });
    counted.chain(balances).collect()
}

/// Counts per feed as JSON text for the run's record.
fn feed_counts(report: &RunReport) -> String {
    let feeds: Vec<serde_json::Value> = report
        .feeds
        .iter()
        .map(|feed| {
            serde_json::json!({
                "connection": feed.connection.as_str(),
                "stream": feed.stream.as_str(),
                "records": feed.records,
                "new": feed.new,
                "changed": feed.changed,
                "deleted": feed.deleted,
            })
        })
        .collect();
    serde_json::Value::Array(feeds).to_string()
}

const fn class_word(error: &ConnectorError) -> &'static str {
    match error {
        ConnectorError::NotSent(_) => "not_reachable",
        ConnectorError::OutcomeUnknown(_) => "no_answer",
        ConnectorError::Throttled { .. } => "throttled",
        ConnectorError::BudgetSpent { .. } => "budget_spent",
        ConnectorError::SignInNeeded => "sign_in_needed",
        ConnectorError::NotPermitted { .. } => "not_permitted",
        ConnectorError::Rejected { .. } => "rejected",
        ConnectorError::PeriodClosed { .. } => "period_closed",
        ConnectorError::Stale => "stale",
        ConnectorError::NotFound => "not_found",
        ConnectorError::CursorLost => "cursor_lost",
        ConnectorError::Malformed { .. } => "malformed",
        ConnectorError::Cancelled => "cancelled",
    }
}

impl Gap {
    /// One sentence that says what is missing and where. Holds no customer data.
    pub fn sentence(&self) -> String {
        match self {
            Self::Connection { connection, problem } => {
                format!("{connection}: {}", problem.text)
            }
            Self::Feed { connection, stream, problem } => {
                format!("{connection}: {} not read to the end: {}", stream.as_str(), problem.text)
            }
            Self::Quarantined { connection, stream, id, reason, path } => format!(
                "{connection}: {} record `{id}` is kept aside: {reason} at `{path}`",
                stream.as_str()
            ),
            Self::Total { connection, compared } => total_sentence(connection, compared),
            Self::Missing { connection, what, remedy } => {
                format!("{connection}: {what}; {remedy}")
            }
        }
    }
}

fn total_sentence(connection: &ConnectionId, compared: &Compared) -> String {
    let source_sum = compared.source_sum.map_or("?".into(), Money::to_plain);
    format!(
        "{connection}: {} in {} from {} to {}: the source has {} of {}, here are {} of {}",
        measure_word(compared.measure).replace('_', " "),
        compared.currency,
        compared.range.from,
        compared.range.to,
        compared.source_count,
        source_sum,
        compared.held_count,
        compared.held_sum.to_plain(),
    )
}
