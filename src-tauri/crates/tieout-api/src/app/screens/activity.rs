//! What was read, promised and written; what failed, and what is kept aside.

use serde::Serialize;
use tieout_domain::effect::EffectState;
use tieout_domain::facts::{QuarantineReason, Stream};
use tieout_store::{Completeness, Effect, EffectKind, QuarantineRow as Kept, RunRow as StoredRun};
use ts_rs::TS;

use super::activity_decisions::{DecisionRow, approvals, decisions};
use super::activity_runs::{ControlTotals, RunRow, control_totals, run_rows};
use super::moments::Moments;
use super::outbox::{EffectRow, outbox, tool};
use crate::app::home::{Home, Open};
use crate::app::reader::Reader;
use crate::app::shapes::{Nothing, Scope, Status, Target, Tone};
use crate::codes::Code;
use crate::commands::frame;
use crate::export::words::typeset;
use crate::failure::Failure;
use crate::views::date;
use crate::views::reading::ReadingView;
use crate::workspace::Workspace;

/// Runs that the window lists.
const RUNS_MAX: u32 = 50;
/// Records kept aside that the window lists.
const QUARANTINE_MAX: usize = 500;
/// Longest excerpt of a record that is shown.
const EXCERPT_CHARS_MAX: usize = 120;

/// The screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ActivityView {
    /// "since 1 Jun: 1 unknown, 1 waiting, 1 refused, 13 confirmed".
    pub outbox_note: String,
    /// What waits first, then the latest.
    pub outbox: Vec<EffectRow>,
    pub outbox_more: u64,
    /// "every 30 min while open, next 10:00".
    pub runs_note: String,
    pub runs: Vec<RunRow>,
    /// Control totals of the newest run that fetched any.
    pub totals: Option<ControlTotals>,
    pub failures: Vec<FailureRow>,
    pub quarantine: Vec<QuarantineRow>,
    /// Newest first.
    pub decisions: Vec<DecisionRow>,
    pub running: Option<RunningTask>,
    /// Why a run cannot be started now.
    pub run_closed: Option<String>,
    pub reading: ReadingView,
}

/// Which retry helps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Retry {
    Run,
    Resync { opportunity: String },
    None,
}

/// Something that was refused or not read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct FailureRow {
    pub id: String,
    pub status: Status,
    pub title: String,
    /// What it means for figures and documents. Texts of other systems stand after a colon.
    pub detail: String,
    pub next_step: String,
    pub code: &'static str,
    /// "TIE-4002, 6 Jul 09:31:04".
    pub reference: String,
    pub retry: Retry,
    pub target: Option<Target>,
}

/// A record that could not be read: it is kept whole and enters no figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct QuarantineRow {
    pub id: String,
    pub source: String,
    /// "invoice 2040".
    pub record: String,
    pub why: String,
    pub since: String,
    pub remedy: String,
}

/// What is under way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct RunningTask {
    pub task: &'static str,
    pub name: String,
    /// Dates that it covers; empty where it covers all.
    pub period: String,
    pub done: Option<u64>,
    pub of: Option<u64>,
    pub sentence: String,
    /// Time left; empty while nobody can say.
    pub left: String,
    /// What it does not affect, and what cancelling keeps.
    pub promise: String,
}

/// The screen.
pub async fn activity(reader: &mut Reader, _: Nothing) -> Result<ActivityView, Failure> {
    let reading = reading(reader)?;
    let totals = control_totals(reader)?;
    let home = reader.home.clone();
    let workspace = reader.workspace()?;
    let moments = Moments::of(workspace)?;
    let approved = approvals(workspace)?;
    let outbox = outbox(workspace, &moments, &approved)?;
    let stored = workspace.engine.store.runs(RUNS_MAX)?;
    let busy = home.standing().running.is_some();
    let mut failures: Vec<FailureRow> = Vec::new();
    for (effect, row) in &outbox.failed {
        failures.push(of_effect(workspace, effect, row, &moments)?);
    }
    failures.extend(of_last_run(&stored, &moments));
    Ok(ActivityView {
        outbox_note: outbox.note,
        outbox: outbox.rows,
        outbox_more: outbox.more,
        runs_note: runs_note(&home, workspace, &moments)?,
        runs: run_rows(&stored, busy, &moments),
        totals,
        failures,
        quarantine: quarantine(workspace, &moments)?,
        decisions: decisions(&home, workspace, &moments)?,
        running: running(&home),
        run_closed: run_closed(&home, workspace),
        reading,
    })
}

/// Whether everything was read that the latest month of the first company rests on.
fn reading(reader: &mut Reader) -> Result<ReadingView, Failure> {
    let unread = ReadingView { complete: false, read_at: None, gaps: Vec::new() };
    let ledgers = &reader.workspace()?.engine.ledgers;
    let Some(ledger) = ledgers.first().map(|ledger| ledger.id.clone()) else { return Ok(unread) };
    let as_of = frame::last_month_end(reader.workspace()?, &ledger, None)?;
    let ledger = Some(ledger.to_string());
    match reader.look(&Scope { ledger, as_of: date(as_of), known_at: None }) {
        Ok(held) => Ok(held.reading.clone()),
        Err(failure) if failure.code == Code::NothingToReport => Ok(unread),
        Err(failure) => Err(failure),
    }
}

fn runs_note(home: &Home, workspace: &Workspace, moments: &Moments) -> Result<String, Failure> {
    let Some(secs) = home.preferences().schedule.secs() else {
        return Ok("only when you ask for one".to_owned());
    };
    Ok(match moments.next_run(home, workspace)? {
        Some(next) => format!("every {} min while open, next {}", secs / 60, moments.moment(next)),
        None => "only when you ask for one".to_owned(),
    })
}

fn run_closed(home: &Home, workspace: &Workspace) -> Option<String> {
    let standing = home.standing();
    if standing.read_only {
        return Some("This workspace is open in another window, which can run.".to_owned());
    }
    if standing.running.is_some() {
        return Some("A run is under way.".to_owned());
    }
    let nothing = !workspace.engine.is_connected();
    nothing.then(|| "Nothing is connected. Connect a system first.".to_owned())
}

fn running(home: &Home) -> Option<RunningTask> {
    let standing = home.standing();
    let progress = standing.running?;
    let name = match progress.task {
        "sample" => "Opening the sample company",
        "resync" => "Resyncing one deal",
        "create" => "Creating invoices",
        "export" => "Writing the workpaper",
        "ask" => "Asking about an unknown outcome",
        _ => "Reading what changed",
    };
    let promise = match (progress.task, standing.open) {
        ("create", _) => {
            "What was promised is finished first. Cancel stops before the next invoice."
        }
        (_, Open::Nothing) => "Cancel leaves nothing behind.",
        _ => {
            "Figures change when it has ended. Cancel keeps what was read; the next run goes on \
              from there."
        }
    };
    Some(RunningTask {
        task: progress.task,
        name: name.to_owned(),
        period: String::new(),
        done: progress.done,
        of: progress.of,
        sentence: progress.sentence,
        left: String::new(),
        promise: promise.to_owned(),
    })
}

fn of_effect(
    workspace: &Workspace,
    effect: &Effect,
    row: &EffectRow,
    moments: &Moments,
) -> Result<FailureRow, Failure> {
    let tool = tool(workspace, &effect.connection)?;
    let conflict = effect.state == EffectState::Conflict;
    let code = if conflict { Code::KeyConflict } else { Code::RefusedByLedger };
    let made = matches!(effect.kind, EffectKind::Document | EffectKind::Customer);
    let title = match (conflict, effect.kind) {
        (true, _) => format!("A document in {tool} carries the key of {}", row.subject),
        (_, EffectKind::Document) => format!("{tool} refused the invoice of {}", row.subject),
        (_, EffectKind::Customer) => format!("{tool} refused the customer {}", row.subject),
        _ => format!("{tool} refused the update of {}", row.subject),
    };
    let means = match (conflict, made) {
        (true, _) => "Its content is not what was promised. Nothing is sent until you decide.",
        (_, true) => "Nothing came to be, and nothing is sent until you promise it again.",
        _ => "The figures here are right; Salesforce shows the old ones.",
    };
    let said = effect.error_text.as_deref().filter(|text| !text.is_empty());
    let said = said.map(|text| format!(" {tool} says: “{text}”")).unwrap_or_default();
    let retry = match &effect.deal {
        // Only a decision ends a conflict.
        _ if conflict => Retry::None,
        Some(deal) => Retry::Resync { opportunity: deal.to_string() },
        None => Retry::Run,
    };
    let at = effect.last_sent_at.unwrap_or(effect.created_at);
    Ok(FailureRow {
        id: effect.key.clone(),
        status: row.status.clone(),
        title,
        detail: format!("{means}{said}"),
        next_step: code.step_in_window().to_owned(),
        code: code.as_str(),
        reference: format!("{}, {}", code.as_str(), moments.exact(at)),
        retry,
        target: row.target.clone(),
    })
}

/// What the newest run could not read. A later run that is complete ends it.
fn of_last_run(runs: &[StoredRun], moments: &Moments) -> Vec<FailureRow> {
    let Some((row, end)) = runs.iter().find_map(|row| Some((row, row.end.as_ref()?))) else {
        return Vec::new();
    };
    let Completeness::Incomplete { reasons } = &end.completeness else { return Vec::new() };
    let code = Code::RunIncomplete;
    let told = reasons.iter().enumerate().map(|(at, reason)| {
        let (what, remedy) = reason.split_once('\n').unwrap_or((reason, code.next_step()));
        FailureRow {
            id: format!("{}|{at}", row.run.id),
            status: Status::new("half_square", "Incomplete", Tone::Warn),
            title: typeset(what),
            detail: "Totals that rest on it are provisional until it is read.".to_owned(),
            next_step: typeset(remedy),
            code: code.as_str(),
            reference: format!("{}, {}", row.run.id, moments.exact(end.ended_at)),
            retry: Retry::Run,
            target: None,
        }
    });
    told.collect()
}

fn quarantine(workspace: &Workspace, moments: &Moments) -> Result<Vec<QuarantineRow>, Failure> {
    let rows = workspace.engine.store.quarantine(true)?;
    let mut shown = Vec::new();
    for row in rows.iter().take(QUARANTINE_MAX) {
        let source = tool(workspace, &row.connection)?;
        shown.push(QuarantineRow {
            id: format!("{}|{}|{}", row.connection, row.stream.as_str(), row.record_id),
            record: format!("{} {}", record_word(row.stream), row.record_id),
            why: why(row),
            since: moments.moment(row.first_seen_at),
            remedy: format!("Correct the record in {source}; the next run reads it again."),
            source,
        });
    }
    Ok(shown)
}

fn why(row: &Kept) -> String {
    let words = match row.reason {
        QuarantineReason::CurrencyUnknown => "names a currency that does not exist",
        QuarantineReason::CurrencyNotTransactional => "names a currency that is no money",
        QuarantineReason::TooPrecise => "has more decimals than its currency",
        QuarantineReason::OutOfRange => "is too large",
        QuarantineReason::Malformed => "cannot be read",
        QuarantineReason::UnknownValue => "holds a word that is not known here",
        QuarantineReason::DuplicateId => "came twice with one id",
    };
    let excerpt: String = row.excerpt.chars().take(EXCERPT_CHARS_MAX).collect();
    let place = if row.path.is_empty() { "The record".to_owned() } else { row.path.clone() };
    if excerpt.is_empty() {
        format!("{place} {words}")
    } else {
        format!("{place} {words}: “{excerpt}”")
    }
}

/// One record of a feed.
pub(crate) const fn record_word(stream: Stream) -> &'static str {
    match stream {
        Stream::Users => "user",
        Stream::Accounts => "Account",
        Stream::Products => "product",
        Stream::Deals => "Opportunity",
        Stream::DealLines => "Opportunity line",
        Stream::ScheduleLines => "schedule line",
        Stream::DealEvents => "stage change",
        Stream::Customers => "customer",
        Stream::Items => "item",
        Stream::Invoices => "invoice",
        Stream::CreditMemos => "credit memo",
        Stream::CashSales => "sales receipt",
        Stream::Receipts => "payment",
        Stream::Refunds => "refund",
        Stream::Journals => "journal entry",
    }
}
