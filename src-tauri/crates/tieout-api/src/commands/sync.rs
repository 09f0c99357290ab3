//! Runs: everything that changed, or exactly one deal.

use serde::Serialize;
use tieout_connect::ports::WriteTarget;
use tieout_domain::dates::Period;
use tieout_domain::ids::{ConnectionId, DealId, RunId};
use tieout_domain::salesforce_id::salesforce_id_18;
use tieout_engine::{EngineError, Gap, Problem, RunReport, SyncRequest, WriteBackReport};

use super::create::{CreateView, create_view, way_to_write};
use super::frame::{last_month_end, month_of, ranges_for};
use crate::codes::Code;
use crate::failure::Failure;
use crate::views::deals::DealView;
use crate::views::runs::{GapView, RunView};
use crate::workspace::Workspace;

/// What to sync.
#[derive(Clone, Debug, Default)]
pub struct SyncOptions {
    pub connection: Option<String>,
    pub full: bool,
    /// `2026-06`. `None`: the last full month.
    pub period: Option<String>,
}

/// What writing back came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct WriteBackView {
    pub compared: u64,
    pub written: u64,
    pub failed: Vec<WriteFailure>,
}

/// A record that could not be written. The local figure stays right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WriteFailure {
    pub record: String,
    pub class: &'static str,
    pub text: String,
}

impl WriteBackView {
    /// Takes in what another write-back came to.
    pub(crate) fn append(&mut self, other: Self) {
        self.compared += other.compared;
        self.written += other.written;
        self.failed.extend(other.failed);
    }

    pub(crate) fn add(&mut self, report: &WriteBackReport) {
        self.compared += report.compared;
        self.written += report.written;
        self.failed.extend(report.failed.iter().map(|(target, problem)| WriteFailure {
            record: record(target),
            class: problem.class,
            text: problem.text.clone(),
        }));
    }
}

fn record(target: &WriteTarget) -> String {
    match target {
        WriteTarget::Deal(id) => id.to_string(),
        WriteTarget::Account(id) => id.to_string(),
        WriteTarget::LedgerAccount { key } => key.clone(),
        WriteTarget::Failure { fingerprint } => fingerprint.clone(),
        WriteTarget::Task { token } => token.clone(),
    }
}

/// One incremental run, with the write-back behind it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SyncView {
    #[serde(flatten)]
    pub run: RunView,
    pub written_back: WriteBackView,
}

/// Reads what changed, compares totals, sends what was promised, and writes changed figures back.
pub async fn sync(workspace: &mut Workspace, options: &SyncOptions) -> Result<SyncView, Failure> {
    let (report, written_back) = run_sync(workspace, options, "command").await?;
    Ok(SyncView { run: RunView::from(&report), written_back })
}

pub(crate) async fn run_sync(
    workspace: &mut Workspace,
    options: &SyncOptions,
    trigger: &str,
) -> Result<(RunReport, WriteBackView), Failure> {
    if !workspace.engine.is_connected() {
        let failure = Failure::new(Code::NoSuchConnection, "nothing is connected");
        return Err(failure.with_hint("`tieout connect` comes first."));
    }
    let period = period(workspace, options.period.as_deref())?;
    workspace.keep_alive().await;
    let only = options.connection.as_deref().map(|name| connection(workspace, name)).transpose()?;
    let mut report = workspace
        .engine
        .sync(&SyncRequest {
            trigger: trigger.into(),
            only,
            full: options.full,
            ranges: ranges_for(period),
            balances_at: vec![period.end()],
        })
        .await?;
    workspace.keep_learnt()?;
    let ledgers = workspace.engine.connected_ledgers();
    for ledger in &ledgers {
        let sent = workspace.engine.send_promised(ledger, &report.run).await;
        or_gap(sent.map(drop), ledger, &mut report)?;
    }
    let mut written_back = WriteBackView::default();
    let unread = |ledger: &ConnectionId| report.gaps.iter().any(|gap| is_unread(gap, ledger));
    let ledgers = workspace.engine.connected_ledgers();
    let ledgers: Vec<ConnectionId> = ledgers.into_iter().filter(|it| !unread(it)).collect();
    let written = write_back(workspace, &ledgers, &report.run, &mut written_back).await;
    if let Some(crm) = workspace.engine.crm.as_ref().map(|crm| crm.id.clone()) {
        or_gap(written, &crm, &mut report)?;
    }
    Ok((report, written_back))
}

/// A system that cannot be reached leaves a gap; what was read before stays told.
fn or_gap(
    done: Result<(), EngineError>,
    connection: &ConnectionId,
    report: &mut RunReport,
) -> Result<(), Failure> {
    match done {
        Err(EngineError::Connector(error)) => {
            let problem = Problem::from(&error);
            let known = |gap: &Gap| match gap {
                Gap::Connection { connection: of, .. } => of == connection,
                _ => false,
            };
            if !report.gaps.iter().any(known) {
                report.gaps.push(Gap::Connection { connection: connection.clone(), problem });
            }
            Ok(())
        }
        other => Ok(other?),
    }
}

/// Whether the run did not read all of this ledger: then its figures may be old, and no figure is
/// written into the CRM as if it were of today.
fn is_unread(gap: &Gap, ledger: &ConnectionId) -> bool {
    match gap {
        Gap::Connection { connection, .. }
        | Gap::Feed { connection, .. }
        | Gap::Missing { connection, .. } => connection == ledger,
        Gap::Quarantined { .. } | Gap::Total { .. } => false,
    }
}

/// Writes changed figures of these ledgers back.
async fn write_back(
    workspace: &mut Workspace,
    ledgers: &[ConnectionId],
    run: &RunId,
    written: &mut WriteBackView,
) -> Result<(), EngineError> {
    for ledger in ledgers {
        let view = match workspace.engine.view_today(ledger) {
            Ok(view) => view,
            Err(EngineError::NothingToReport) => continue,
            Err(error) => return Err(error),
        };
        let reconciliation = view.reconcile()?;
        let report = workspace.engine.write_back(&view, &reconciliation, None, run).await?;
        written.add(&report);
    }
    Ok(())
}

fn period(workspace: &Workspace, typed: Option<&str>) -> Result<Period, Failure> {
    match (typed, workspace.engine.ledgers.first()) {
        (Some(text), _) => month_of(text),
        (None, Some(ledger)) => {
            let end = last_month_end(workspace, &ledger.id, None)?;
            Ok(Period::month_of(end))
        }
        (None, None) => {
            let today = workspace.engine.now().to_zoned(jiff::tz::TimeZone::UTC).date();
            let first = today.first_of_month();
            Ok(Period::month_of(first.yesterday().unwrap_or(first)))
        }
    }
}

fn connection(workspace: &Workspace, name: &str) -> Result<ConnectionId, Failure> {
    let known = workspace.engine.store.connections()?;
    let found = known.into_iter().map(|record| record.id).find(|id| id.as_str() == name);
    found.ok_or_else(|| Failure::new(Code::NoSuchConnection, format!("`{name}`")))
}

/// One deal, end to end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ResyncView {
    pub run: String,
    pub complete: bool,
    /// Records that were new, changed or deleted.
    pub changed: u64,
    pub http_requests: u64,
    pub before: Option<DealView>,
    pub after: Option<DealView>,
    pub created: Option<CreateView>,
    pub written_back: WriteBackView,
    pub gaps: Vec<GapView>,
}

/// Reads and evaluates exactly one deal.
pub async fn resync(
    workspace: &mut Workspace,
    opportunity: &str,
    create: Option<&str>,
    ledger: Option<&str>,
) -> Result<ResyncView, Failure> {
    let ledger = workspace.ledger_named(ledger)?;
    let deal = deal_id(opportunity)?;
    let report = workspace.engine.resync(&ledger, &deal, create).await;
    let report = report.map_err(|error| way_to_write(workspace, &ledger, error))?;
    let mut written_back = WriteBackView::default();
    written_back.add(&report.written_back);
    let created =
        report.created.as_ref().map(|report| create_view(workspace, report)).transpose()?;
    Ok(ResyncView {
        run: report.run.to_string(),
        complete: report.gaps.is_empty(),
        changed: report.changed,
        http_requests: report.http_requests,
        before: report.before.as_ref().map(DealView::from),
        after: report.after.as_ref().map(DealView::from),
        created,
        written_back,
        gaps: report.gaps.iter().map(GapView::from).collect(),
    })
}

/// An Opportunity's id as a person pastes it: 15 or 18 characters, or the address of its page.
pub(crate) fn deal_id(text: &str) -> Result<DealId, Failure> {
    let parts = text.trim().split(['/', '?', '#', '&', '=']);
    let id =
        parts.filter(|part| part.starts_with("006")).find_map(|part| salesforce_id_18(part).ok());
    id.and_then(|id| DealId::new(&id).ok()).ok_or_else(|| {
        Failure::new(Code::NoSuchDeal, format!("`{}` is not an Opportunity id", shown(text)))
    })
}

/// What was typed, cut to a readable length.
fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(80).collect()
}
