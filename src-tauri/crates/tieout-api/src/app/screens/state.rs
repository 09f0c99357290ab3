//! What the frame of the window shows on every screen, and the commands that belong to no screen.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use tieout_domain::effect::EffectState;
use tieout_domain::tieouts::TieOutStatus;
use tieout_domain::verdict::Verdict;
use tieout_engine::{Cancel, LedgerView};
use tieout_report::print_date;
use tieout_store::{Completeness, RunRow};
use ts_rs::TS;

use crate::app::FailureView;
use crate::app::events::{ProgressView, Tag};
use crate::app::home::{Home, Open};
use crate::app::notices;
use crate::app::preferences::{PreferenceChange, Preferences};
use crate::app::reader::{Held, Reader};
use crate::app::shapes::{Nothing, Receipt, Scope};
use crate::app::writer::{Told, Writer};
use crate::commands::{SyncOptions, frame, run_sync};
use crate::demo::{DemoOptions, demo};
use crate::export::words::counted;
use crate::failure::Failure;
use crate::views::{date, instant};
use crate::workspace::Workspace;

/// Months that the scope bar offers.
const PERIODS_MAX: i32 = 13;
/// Runs that the scope bar offers to look back to.
const KNOWN_MAX: usize = 12;
/// What asks for a scheduled run.
const SCHEDULE: &str = "schedule";
/// Runs that are looked through for them.
const RUNS_SEARCHED_MAX: u32 = 100;

/// The workspace that is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct WorkspaceName {
    pub name: String,
    /// "sample", or empty.
    pub note: String,
    pub sample: bool,
}

/// Who decides here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Person {
    pub name: String,
    /// "Preparer".
    pub role: String,
}

/// A company that keeps books.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct LedgerName {
    pub id: String,
    pub name: String,
    pub currency: String,
}

/// A count that waits for a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct WaitingCount {
    pub screen: &'static str,
    pub count: u64,
    pub what: &'static str,
}

/// A text of the status bar whose figures stand out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct StatusPart {
    pub text: String,
    pub strong: bool,
}

/// One cell of the status bar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct StatusCell {
    pub parts: Vec<StatusPart>,
    pub glyph: Option<&'static str>,
    /// Left out first where the window is narrow.
    pub minor: bool,
}

/// A month of the scope bar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct PeriodChoice {
    pub label: String,
    pub as_of: String,
}

/// A moment to look back to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct KnownChoice {
    pub label: String,
    pub note: String,
    pub known_at: String,
}

/// How many of the printed totals were agreed to their source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ProofLine {
    pub text: String,
    pub proved: bool,
}

/// What the frame of the window shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct AppState {
    pub version: String,
    /// `null`: first run.
    pub workspace: Option<WorkspaceName>,
    /// A workspace of this person's own is there, whether or not it is the one that is open.
    pub has_workspace: bool,
    pub person: Option<Person>,
    pub ledgers: Vec<LedgerName>,
    /// The day that a new window begins with.
    pub as_of: String,
    pub periods: Vec<PeriodChoice>,
    pub known: Vec<KnownChoice>,
    pub waiting: Vec<WaitingCount>,
    pub proof: Option<ProofLine>,
    pub status: Vec<StatusCell>,
    /// Why this window cannot write.
    pub read_only: Option<String>,
    /// Why the workspace did not open.
    pub failure: Option<FailureView>,
    /// The task that was under way when the window asked.
    pub running: Option<ProgressView>,
}

/// What this person chose on this computer.
pub async fn preferences(home: &Arc<Home>, _: Nothing) -> Result<Preferences, Failure> {
    Ok(home.preferences())
}

/// Changes some of it.
pub async fn set_preferences(
    home: &Arc<Home>,
    change: PreferenceChange,
) -> Result<Receipt, Failure> {
    let before = home.preferences();
    let after = before.changed(change);
    if before.autostart != after.autostart {
        home.desktop.start_with_session(after.autostart);
    }
    home.keep(after)?;
    Ok(Receipt::said("Kept on this computer"))
}

/// Which task to stop; without a name everything that is under way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields)]
pub struct CancelTask {
    #[serde(default)]
    pub task: Option<String>,
}

/// Stops the task that is under way at its next safe point.
pub async fn cancel_task(home: &Arc<Home>, params: CancelTask) -> Result<Receipt, Failure> {
    if params.task.as_deref() == Some("connect") {
        home.sign_in.cancel();
        home.changed(&[Tag::Connect]);
        return Ok(Receipt::said("The sign-in was stopped. Nothing was kept."));
    }
    home.cancel();
    Ok(Receipt::said("It stops at the next safe point. What was read is kept."))
}

/// What the frame shows.
pub async fn app_state(reader: &mut Reader, _: Nothing) -> Result<AppState, Failure> {
    let standing = reader.home.standing();
    let mut state = AppState {
        version: reader.home.version.clone(),
        workspace: None,
        has_workspace: reader.home.has_workspace(),
        person: Some(Person { name: reader.home.person(), role: "Preparer".into() }),
        ledgers: Vec::new(),
        as_of: String::new(),
        periods: Vec::new(),
        known: Vec::new(),
        waiting: Vec::new(),
        proof: None,
        status: Vec::new(),
        read_only: standing
            .read_only
            .then(|| "This workspace is open in another window, so this one is read-only.".into()),
        failure: standing.failure,
        running: standing.running,
    };
    let Some(workspace) = reader.opened() else { return Ok(state) };
    if workspace.engine.store.connections()?.is_empty() {
        // Nobody has connected anything: that is still the first run.
        return Ok(state);
    }
    let sample = standing.open == Open::Sample;
    state.workspace = Some(workspace_name(workspace, sample)?);
    state.ledgers = ledgers(workspace)?;
    let Some(first) = state.ledgers.first().map(|ledger| ledger.id.clone()) else {
        state.as_of = date(workspace.clock.now().to_zoned(TimeZone::UTC).date());
        return Ok(state);
    };
    let id = workspace.ledger_named(Some(&first))?;
    let as_of = frame::last_month_end(workspace, &id, None)?;
    state.as_of = date(as_of);
    state.periods = periods(as_of);
    let runs = workspace.engine.store.runs(RUNS_SEARCHED_MAX)?;
    let scope = Scope { ledger: Some(first), as_of: date(as_of), known_at: None };
    let held = match reader.look(&scope) {
        Ok(held) => held,
        // Connected, and nothing was read yet.
        Err(failure) if failure.code == crate::Code::NothingToReport => return Ok(state),
        Err(failure) => return Err(failure),
    };
    let zone = held.view.frame.time_zone.clone();
    state.known = known(&runs, &zone, held.view.frame.today);
    let workspace = reader.workspace()?;
    state.waiting = waiting(workspace, &held)?;
    state.proof = Some(proof(&held, &zone));
    state.status = status(workspace, &held, &runs, &zone)?;
    Ok(state)
}

fn workspace_name(workspace: &Workspace, sample: bool) -> Result<WorkspaceName, Failure> {
    let ledgers = ledgers(workspace)?;
    let name = ledgers.first().map_or_else(|| "Tieout".to_owned(), |ledger| ledger.name.clone());
    let note = if sample { "sample".to_owned() } else { String::new() };
    Ok(WorkspaceName { name: short_name(&name).to_owned(), note, sample })
}

/// Endings that say what kind of company it is; grids leave them out.
const LEGAL_FORMS: [&str; 14] = [
    "inc", "inc.", "ltd", "ltd.", "llc", "plc", "gmbh", "ab", "b.v.", "corp.", "corp", "s.a.",
    "co", "co.",
];

/// A name without its legal form, for grids. Documents and dialogs keep it.
pub(crate) fn short_name(name: &str) -> &str {
    let Some((rest, last)) = name.trim().rsplit_once([' ', ',']) else { return name.trim() };
    let form = LEGAL_FORMS.iter().any(|form| last.eq_ignore_ascii_case(form));
    if form { rest.trim_end_matches([',', ' ']) } else { name.trim() }
}

fn ledgers(workspace: &Workspace) -> Result<Vec<LedgerName>, Failure> {
    let mut named = Vec::new();
    for ledger in &workspace.engine.ledgers {
        let (name, currency) = match workspace.engine.company(&ledger.id)? {
            Some(company) => (company.name, company.currency.code().to_owned()),
            None => (ledger.id.to_string(), String::new()),
        };
        named.push(LedgerName { id: ledger.id.to_string(), name, currency });
    }
    Ok(named)
}

fn periods(latest: Date) -> Vec<PeriodChoice> {
    let month = |back: i32| {
        let first = latest.first_of_month();
        let first = first.checked_sub(jiff::Span::new().months(back)).ok()?;
        let last = first.last_of_month();
        Some(PeriodChoice { label: last.strftime("%B %Y").to_string(), as_of: date(last) })
    };
    (0..PERIODS_MAX).filter_map(month).collect()
}

/// The last runs as moments to look back to.
fn known(runs: &[RunRow], zone: &TimeZone, today: Date) -> Vec<KnownChoice> {
    let ended = runs.iter().filter_map(|row| Some((row, row.end.as_ref()?)));
    let choices = ended.map(|(row, end)| KnownChoice {
        label: local(end.ended_at, zone, today),
        note: match end.completeness {
            Completeness::Complete => format!("{}, complete", row.run.kind),
            Completeness::Incomplete { .. } => format!("{}, incomplete", row.run.kind),
        },
        known_at: instant(end.ended_at),
    });
    choices.take(KNOWN_MAX).collect()
}

/// `09:30` today, `2 Jul 17:40` before.
pub(crate) fn local(at: Timestamp, zone: &TimeZone, today: Date) -> String {
    let zoned = at.to_zoned(zone.clone());
    if zoned.date() == today {
        zoned.strftime("%H:%M").to_string()
    } else if zoned.date().year() == today.year() {
        zoned.strftime("%-d %b %H:%M").to_string()
    } else {
        zoned.strftime("%-d %b %Y %H:%M").to_string()
    }
}

/// `6 Jul` inside the year, with the year outside of it.
pub(crate) fn short_day(day: Date, view: &LedgerView) -> String {
    match day.year() == view.frame.as_of.year() {
        true => day.strftime("%-d %b").to_string(),
        false => print_date(day),
    }
}

fn waiting(workspace: &Workspace, held: &Held) -> Result<Vec<WaitingCount>, Failure> {
    let rows = &held.reconciliation.rows;
    let unpaid = held.reconciliation.unpaid().count() as u64;
    let open = |verdict: Option<Verdict>| {
        matches!(verdict, Some(Verdict::Unexplained | Verdict::Uncertain))
    };
    let decide = rows.iter().filter(|row| open(row.verdict)).count() as u64;
    let effects = workspace.engine.effects()?;
    let stuck = |state: EffectState| {
        matches!(state, EffectState::Unknown | EffectState::Conflict | EffectState::Rejected)
    };
    let stuck = effects.iter().filter(|effect| stuck(effect.state)).count() as u64;
    let aside = workspace.engine.store.quarantine(true)?.len() as u64;
    let counts = [
        WaitingCount { screen: "deals", count: unpaid, what: "unpaid" },
        WaitingCount { screen: "reconciliation", count: decide, what: "to decide" },
        WaitingCount { screen: "activity", count: stuck + aside, what: "unknown or refused" },
    ];
    Ok(counts.into_iter().filter(|it| it.count > 0).collect())
}

/// How many of the tie-outs' lines were agreed to their source or are explained.
pub(crate) fn proved_of(held: &Held) -> (u64, u64) {
    let lines = &held.reconciliation.proofs.lines;
    let proved = lines
        .iter()
        .filter(|line| matches!(line.status, TieOutStatus::Agreed | TieOutStatus::Explained));
    (proved.count() as u64, lines.len() as u64)
}

pub(crate) fn proof(held: &Held, zone: &TimeZone) -> ProofLine {
    let (proved, of) = proved_of(held);
    let complete = held.reading.complete;
    let at = held.reading.read_at.as_ref().and_then(|at| at.parse::<Timestamp>().ok());
    let at = at.map(|at| format!(" at {}", local(at, zone, held.view.frame.today)));
    let text = match (complete, proved == of) {
        (true, true) => format!("All {of} totals proved{}", at.unwrap_or_default()),
        (false, true) => "Totals proved for what was read".to_owned(),
        _ => format!("{proved} of {of} totals proved"),
    };
    ProofLine { text, proved: complete && proved == of }
}

fn status(
    workspace: &Workspace,
    held: &Held,
    runs: &[RunRow],
    zone: &TimeZone,
) -> Result<Vec<StatusCell>, Failure> {
    let today = held.view.frame.today;
    let mut cells = Vec::new();
    for gap in held.reading.gaps.iter().take(1) {
        let more = held.reading.gaps.len() - 1;
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        cells.push(cell(&[(&gap.what, false), (&more, false)], Some("half_square"), false));
    }
    let last = runs.iter().find_map(|row| row.end.as_ref().map(|end| (row, end)));
    if let Some((_, end)) = last {
        let word = match end.completeness {
            Completeness::Complete => ", complete",
            Completeness::Incomplete { .. } => ", incomplete",
        };
        let at = local(end.ended_at, zone, today);
        cells.push(cell(&[("Last run ", false), (&at, true), (word, false)], None, false));
        let complete = runs.iter().filter_map(|row| row.end.as_ref());
        let complete = complete.filter(|end| end.completeness == Completeness::Complete);
        if end.completeness != Completeness::Complete
            && let Some(before) = complete.map(|end| end.ended_at).next()
        {
            let at = local(before, zone, today);
            cells.push(cell(&[("Last complete run ", false), (&at, false)], None, true));
        }
    }
    let effects = workspace.engine.effects()?;
    let unknown = effects.iter().filter(|it| it.state == EffectState::Unknown).count() as u64;
    if unknown > 0 {
        let words = counted(unknown, "outcome unknown", "outcomes unknown");
        cells.push(cell(&[(&words, false)], Some("diamond"), false));
    }
    Ok(cells)
}

fn cell(parts: &[(&str, bool)], glyph: Option<&'static str>, minor: bool) -> StatusCell {
    let parts = parts.iter().filter(|(text, _)| !text.is_empty());
    let part = |(text, strong): &(&str, bool)| StatusPart { text: (*text).into(), strong: *strong };
    StatusCell { parts: parts.map(part).collect(), glyph, minor }
}

/// Opens the sample company; the first time its story is played.
pub async fn open_sample(writer: &mut Writer, _: Nothing) -> Result<Receipt, Failure> {
    writer.leave().await;
    let home = writer.home.clone();
    let opened = play_sample(writer).await;
    home.ended("sample");
    match opened {
        Ok(()) => {
            home.show_sample(true)?;
            Ok(Receipt::said("The sample company is open. Nothing leaves this computer."))
        }
        Err(failure) => {
            // Back to what was open before; why the sample did not open is what is told.
            if home.has_workspace() {
                let _ = writer.open(false).await;
            }
            Err(failure)
        }
    }
}

async fn play_sample(writer: &mut Writer) -> Result<(), Failure> {
    let home = writer.home.clone();
    let mut opening = home.opening(true);
    opening.create = true;
    if !is_played(&opening.folder) {
        let cancel = Cancel::default();
        home.stand(|standing| standing.cancel = Some(cancel.clone()));
        let out = opening.folder.join("reports");
        let observer = Box::new(Told { home: home.clone(), task: "sample" });
        let tell = |line: &str| tracing::info!("{line}");
        demo(&opening, DemoOptions { out, cancel, observer, tell }).await?;
    }
    writer.open(true).await
}

fn is_played(folder: &std::path::Path) -> bool {
    use crate::sandbox::Sandbox;
    let store = folder.join(crate::workspace::STORE_FILE);
    store.is_file() && Sandbox::is_whole(folder) && !Sandbox::is_unfinished(folder)
}

/// Goes back from the sample company to the person's own workspace, or to the first run.
pub async fn close_sample(writer: &mut Writer, _: Nothing) -> Result<Receipt, Failure> {
    writer.home.show_sample(false)?;
    writer.leave().await;
    if writer.home.has_workspace() {
        writer.open(false).await?;
    }
    Ok(Receipt::said("The sample company is closed. It is kept as it is."))
}

/// Reads what changed on all sides.
pub async fn run_now(writer: &mut Writer, _: Nothing) -> Result<Receipt, Failure> {
    run(writer, "button").await
}

/// A run that was asked for; its progress is told, and its end.
async fn run(writer: &mut Writer, trigger: &str) -> Result<Receipt, Failure> {
    writer.begin("run")?;
    let ran = run_sync(writer.workspace()?, &SyncOptions::default(), trigger).await;
    writer.end("run")?;
    let (report, written) = ran?;
    let records: u64 = report.feeds.iter().map(|feed| feed.new + feed.changed + feed.deleted).sum();
    let changed = counted(records, "record changed", "records changed");
    let said = match (report.is_complete(), written.failed.len()) {
        (true, 0) => format!("Run complete: {changed}"),
        (true, failed) => {
            let failed = counted(failed as u64, "record", "records");
            format!("Run complete: {changed}; {failed} could not be written to Salesforce")
        }
        (false, _) => {
            let gaps = counted(report.gaps.len() as u64, "gap", "gaps");
            format!("Run incomplete: {gaps}. Activity lists them with what to do.")
        }
    };
    if trigger == SCHEDULE {
        notices::after_run(writer, &report, &said)?;
    }
    Ok(Receipt::said(said))
}

/// Runs where the schedule says that it is time; after sleep at once.
pub(crate) async fn scheduled(writer: &mut Writer) {
    let Some(every) = writer.home.preferences().schedule.secs() else { return };
    let standing = writer.home.standing();
    if standing.open != Open::Real || standing.read_only {
        return;
    }
    let Ok(workspace) = writer.workspace() else { return };
    let now = workspace.clock.now();
    let last = match workspace.engine.store.runs(1) {
        Ok(runs) => runs.first().map(|row| row.run.started_at),
        Err(error) => {
            tracing::warn!(%error, "the last run cannot be read");
            return;
        }
    };
    let due = last.is_none_or(|last| now.duration_since(last).as_secs() >= every);
    if !due || !workspace.engine.is_connected() {
        return;
    }
    let ran = run(writer, SCHEDULE).await;
    writer.home.changed(crate::app::CommandName::run_now.tags());
    if let Err(failure) = ran {
        tracing::warn!(code = failure.code.as_str(), "a scheduled run failed");
        notices::failed(writer, &failure);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grids_leave_the_legal_form_out() {
        assert_eq!(short_name("Vantry Logistics, Inc."), "Vantry Logistics");
        assert_eq!(short_name("Wexcombe Rail Services Ltd"), "Wexcombe Rail Services");
        assert_eq!(short_name("Brouwer Agri B.V."), "Brouwer Agri");
        assert_eq!(short_name("Quillan Pharma"), "Quillan Pharma");
        assert_eq!(short_name("Inc."), "Inc.");
    }

    #[test]
    fn the_months_end_with_the_last_full_one() {
        let months = periods(jiff::civil::date(2026, 3, 31));
        assert_eq!(months.len(), 13);
        assert_eq!(months[0].label, "March 2026");
        assert_eq!(months[1].as_of, "2026-02-28");
        assert_eq!(months[12].as_of, "2025-03-31");
    }
}
