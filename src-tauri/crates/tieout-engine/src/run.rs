//! What a run is asked to do, what it came to, and how it is kept.
//!
//! What goes wrong with one connection or one feed makes the run incomplete and is named; the rest
//! goes through.

use jiff::Timestamp;
use jiff::civil::Date;
use tieout_connect::ports::{ControlTotal, DateRange};
use tieout_domain::Money;
use tieout_domain::facts::Stream;
use tieout_domain::ids::{ConnectionId, RunId};
use tieout_store::{Completeness, RunEnd, RunRecord, TotalRow};

use crate::compare::{Compared, measure_word};
use crate::engine::Engine;
use crate::error::EngineError;
use crate::problem::Problem;
use crate::progress::Event;

pub(crate) use crate::gap::Gap;

/// Records kept aside that one run names; the rest is counted.
const QUARANTINED_NAMED_MAX: usize = 500;

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

    /// Whether a feed of this connection was not read to its end: then totals differ anyway.
    pub(crate) fn lacks_a_feed(&self, of: &ConnectionId) -> bool {
        self.gaps.iter().any(|gap| matches!(gap, Gap::Feed { connection, .. } if connection == of))
    }
}

impl Engine {
    /// Begins a run. What an earlier run sent and nobody answered has an unknown outcome from now
    /// on: nothing else can be under way.
    pub(crate) fn begin(&mut self, kind: &str, trigger: &str) -> Result<RunReport, EngineError> {
        let started_at = self.clock.now();
        let run = self.run_ids.next(started_at);
        self.store.start_run(&RunRecord {
            id: run.clone(),
            kind: kind.into(),
            started_at,
            trigger: trigger.into(),
        })?;
        self.store.recover_sent(started_at)?;
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

    /// Ends a run. It is complete exactly when nothing stands among its gaps.
    pub(crate) fn end(&mut self, mut report: RunReport) -> Result<RunReport, EngineError> {
        report.ended_at = self.clock.now();
        let rows: Vec<TotalRow> = total_rows(&report);
        self.store.save_totals(&report.run, &rows)?;
        let completeness = if report.is_complete() {
            Completeness::Complete
        } else {
            Completeness::Incomplete { reasons: report.gaps.iter().map(Gap::kept).collect() }
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

    /// Names every record of the connected systems that is kept aside: a run beside one is not
    /// complete.
    pub(crate) fn note_quarantine(&self, report: &mut RunReport) -> Result<(), EngineError> {
        let connected: Vec<ConnectionId> =
            self.sources().into_iter().map(|(connection, _)| connection).collect();
        let open = self.store.quarantine(true)?;
        let ours = || open.iter().filter(|row| connected.contains(&row.connection));
        for row in ours().take(QUARANTINED_NAMED_MAX) {
            report.gaps.push(Gap::Quarantined {
                connection: row.connection.clone(),
                stream: row.stream,
                id: row.record_id.clone(),
                reason: row.reason.as_str().into(),
                path: row.path.clone(),
            });
        }
        if let Some(next) = ours().nth(QUARANTINED_NAMED_MAX) {
            let more = ours().count() - QUARANTINED_NAMED_MAX;
            let text = format!("{more} more records are kept aside");
            let problem = Problem { class: "quarantined", text };
            report.gaps.push(Gap::Connection { connection: next.connection.clone(), problem });
        }
        Ok(())
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
