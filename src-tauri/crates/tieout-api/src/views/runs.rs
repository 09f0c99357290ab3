//! What a run came to.

use serde::Serialize;
use tieout_domain::ids::ConnectionId;
use tieout_engine::{Compared, Gap, Problem, RunReport, measure_word};
use ts_rs::TS;

use super::reconciliation::CompletenessView;
use super::{amount, date, instant};
use crate::codes::Code;

/// Records of one feed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct FeedView {
    pub connection: String,
    pub feed: &'static str,
    pub records: u64,
    pub new: u64,
    pub changed: u64,
    pub deleted: u64,
}

/// Why a run is incomplete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct GapView {
    /// `TIE-NNNN`.
    pub code: &'static str,
    /// What is missing and where.
    pub sentence: String,
    pub remedy: String,
}

impl From<&Gap> for GapView {
    fn from(gap: &Gap) -> Self {
        let code = match gap {
            Gap::Connection { problem, .. } | Gap::Feed { problem, .. } => code_of(problem),
            Gap::Quarantined { .. } => Code::RecordQuarantined,
            Gap::Total { .. } => Code::TotalsDiffer,
            Gap::Missing { .. } => Code::PermissionMissing,
        };
        Self { code: code.as_str(), sentence: gap.sentence(), remedy: gap.remedy() }
    }
}

/// The code whose page says what to do about this class of problem.
fn code_of(problem: &Problem) -> Code {
    match problem.class {
        "not_reachable" | "no_answer" => Code::NotReachable,
        "throttled" | "budget_spent" => Code::AskedToWait,
        "sign_in_needed" => Code::SignInNeeded,
        "not_permitted" => Code::PermissionMissing,
        "malformed" | "cursor_lost" => Code::UnexpectedAnswer,
        "cancelled" => Code::Interrupted,
        _ => Code::RunIncomplete,
    }
}

/// One run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct RunView {
    pub run: String,
    pub started_at: String,
    pub ended_at: String,
    pub complete: bool,
    pub http_requests: u64,
    pub feeds: Vec<FeedView>,
    pub completeness: Vec<CompletenessView>,
    pub gaps: Vec<GapView>,
}

impl From<&RunReport> for RunView {
    fn from(report: &RunReport) -> Self {
        Self {
            run: report.run.to_string(),
            started_at: instant(report.started_at),
            ended_at: instant(report.ended_at),
            complete: report.is_complete(),
            http_requests: report.http_requests,
            feeds: report
                .feeds
                .iter()
                .map(|feed| FeedView {
                    connection: feed.connection.to_string(),
                    feed: feed.stream.as_str(),
                    records: feed.records,
                    new: feed.new,
                    changed: feed.changed,
                    deleted: feed.deleted,
                })
                .collect(),
            completeness: report
                .totals
                .iter()
                .map(|(connection, compared)| completeness_view(connection, compared))
                .collect(),
            gaps: report.gaps.iter().map(GapView::from).collect(),
        }
    }
}

fn completeness_view(connection: &ConnectionId, compared: &Compared) -> CompletenessView {
    CompletenessView {
        connection: connection.to_string(),
        measure: measure_word(compared.measure).into(),
        currency: compared.currency.code().into(),
        from: date(compared.range.from),
        to: date(compared.range.to),
        source_count: compared.source_count,
        source_sum: amount(compared.source_sum),
        held_count: compared.held_count,
        held_sum: compared.held_sum.into(),
        agrees: compared.agrees(),
        source: compared.source.clone(),
        proof: compared.proof.clone(),
    }
}
