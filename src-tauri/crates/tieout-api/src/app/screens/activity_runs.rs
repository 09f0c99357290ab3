//! Runs with what they read, and the control totals of the last one.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tieout_domain::Money;
use tieout_domain::books::proof::SourceMeasure;
use tieout_domain::facts::Stream;
use tieout_domain::tieouts::{TieOut, TieOutStatus};
use tieout_report::print_count;
use tieout_store::{Completeness, Role, RunRow as StoredRun, TotalRow};
use ts_rs::TS;

use super::moments::Moments;
use super::outbox::tool;
use crate::app::reader::Reader;
use crate::app::shapes::{Scope, Status, Tone};
use crate::codes::Code;
use crate::export::words::{counted, typeset};
use crate::failure::Failure;
use crate::views::{Amount, amount, date};
use crate::workspace::Workspace;

/// Runs that are looked through for control totals.
const RUNS_SEARCHED_MAX: u32 = 200;

/// One run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct RunRow {
    pub run: String,
    /// "09:30", with the day where it was not today.
    pub at: String,
    pub status: Status,
    /// "1 min 12 s"; empty while it runs.
    pub took: String,
    /// What is missing; empty where nothing is.
    pub note: String,
    /// "58 requests, 351 records, 2 changed".
    pub counts: String,
    pub feeds: Vec<RunFeed>,
    pub gaps: Vec<RunGap>,
}

/// Records of one feed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct RunFeed {
    pub connection: String,
    pub feed: String,
    pub records: u64,
    pub new: u64,
    pub changed: u64,
    pub deleted: u64,
}

/// What a run could not read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct RunGap {
    pub code: &'static str,
    pub what: String,
    pub remedy: String,
}

/// What the sources counted and added by themselves, beside what is held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ControlTotals {
    /// "Totals proved by the 09:30 run".
    pub title: String,
    /// "11 of 13".
    pub note: String,
    pub rows: Vec<ControlTotalRow>,
}

/// One total.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(rename = "ControlTotal")]
pub struct ControlTotalRow {
    pub id: String,
    pub source: String,
    /// "Closed Won deals, USD".
    pub records: String,
    pub source_count: Option<u64>,
    /// `null`: the source can count but not add.
    pub source_sum: Option<Amount>,
    pub held_count: Option<u64>,
    pub held_sum: Amount,
    pub status: Status,
    pub marks: Vec<&'static str>,
    /// How the source was asked and why that proves it.
    pub how: String,
}

/// What a run keeps of each feed, as JSON text.
#[derive(Deserialize)]
struct KeptFeed {
    connection: String,
    stream: String,
    records: u64,
    new: u64,
    changed: u64,
    deleted: u64,
}

/// The runs, newest first. `busy`: something is under way in this window.
pub(crate) fn run_rows(runs: &[StoredRun], busy: bool, moments: &Moments) -> Vec<RunRow> {
    let rows = runs.iter().enumerate();
    rows.map(|(at, row)| run_row(row, busy && at == 0, moments)).collect()
}

fn run_row(row: &StoredRun, runs_now: bool, moments: &Moments) -> RunRow {
    let gaps = gaps(row);
    let feeds = feeds(row);
    let status = match (&row.end, runs_now) {
        (None, true) => Status::new("arc", "Running", Tone::Soft),
        (None, false) => Status::new("half_square", "Cut off", Tone::Warn),
        (Some(_), _) if gaps.is_empty() => Status::new("tick", "Complete", Tone::Ok),
        (Some(_), _) => Status::new("half_square", "Incomplete", Tone::Warn),
    };
    let took = row.end.as_ref().map(|end| {
        let secs = end.ended_at.duration_since(row.run.started_at).as_secs();
        duration(u64::try_from(secs).unwrap_or_default())
    });
    RunRow {
        run: row.run.id.to_string(),
        at: moments.moment(row.run.started_at),
        status,
        took: took.unwrap_or_default(),
        note: note(&gaps),
        counts: counts(row, &feeds),
        feeds,
        gaps,
    }
}

fn note(gaps: &[RunGap]) -> String {
    match gaps {
        [] => String::new(),
        [one] => one.what.clone(),
        [first, rest @ ..] => format!("{} and {} more", first.what, print_count(rest.len() as u64)),
    }
}

fn gaps(row: &StoredRun) -> Vec<RunGap> {
    let code = Code::RunIncomplete;
    match row.end.as_ref().map(|end| &end.completeness) {
        Some(Completeness::Incomplete { reasons }) => reasons
            .iter()
            .map(|reason| {
                let (what, remedy) = reason.split_once('\n').unwrap_or((reason, code.next_step()));
                RunGap { code: code.as_str(), what: typeset(what), remedy: typeset(remedy) }
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// Runs of an older form kept other counts: they are not guessed at.
fn feeds(row: &StoredRun) -> Vec<RunFeed> {
    let text = row.end.as_ref().map_or(&row.counts, |end| &end.counts);
    let kept: Vec<KeptFeed> = serde_json::from_str(text).unwrap_or_default();
    let feed = |of: KeptFeed| RunFeed {
        feed: Stream::parse(&of.stream).map_or(of.stream, |it| it.as_str().replace('_', " ")),
        connection: of.connection,
        records: of.records,
        new: of.new,
        changed: of.changed,
        deleted: of.deleted,
    };
    kept.into_iter().map(feed).collect()
}

fn counts(row: &StoredRun, feeds: &[RunFeed]) -> String {
    let requests = row.end.as_ref().map_or(row.http_requests, |end| end.http_requests);
    let records: u64 = feeds.iter().map(|feed| feed.records).sum();
    let changed: u64 = feeds.iter().map(|feed| feed.new + feed.changed + feed.deleted).sum();
    let kind = match row.run.kind.as_str() {
        "sync" => String::new(),
        "ask" => "question, ".to_owned(),
        other => format!("{}, ", other.replace('_', " ")),
    };
    let mut told = format!("{kind}{}", counted(requests, "request", "requests"));
    if records > 0 {
        told = format!("{told}, {}", counted(records, "record", "records"));
    }
    if changed > 0 {
        told = format!("{told}, {} changed", print_count(changed));
    }
    told
}

/// `48 s`, `1 min 12 s`, `2 h 5 min`.
pub(crate) fn duration(secs: u64) -> String {
    match (secs / 3_600, secs / 60 % 60, secs % 60) {
        (0, 0, secs) => format!("{secs} s"),
        (0, minutes, secs) => format!("{minutes} min {secs:02} s"),
        (hours, minutes, _) => format!("{} h {minutes} min", print_count(hours)),
    }
}

/// Control totals of the newest run that fetched any: everything that was ever dated, and each
/// ledger's own balances.
pub(crate) fn control_totals(reader: &mut Reader) -> Result<Option<ControlTotals>, Failure> {
    let workspace = reader.workspace()?;
    let moments = Moments::of(workspace)?;
    let mut found = None;
    for row in workspace.engine.store.runs(RUNS_SEARCHED_MAX)? {
        let Some(end) = &row.end else { continue };
        let totals = workspace.engine.store.totals(&row.run.id)?;
        if !totals.is_empty() {
            found = Some((moments.moment(end.ended_at), totals));
            break;
        }
    }
    let Some((at, totals)) = found else { return Ok(None) };
    let mut rows = Vec::new();
    for total in widest(&totals) {
        rows.push(counted_row(workspace, total)?);
    }
    let balances: Vec<TotalRow> = totals.into_iter().filter(is_control_account).collect();
    for balance in &balances {
        rows.extend(balance_row(reader, balance)?);
    }
    let proved = rows.iter().filter(|row| row.status.tone == Tone::Ok).count();
    let note = format!("{} of {}", print_count(proved as u64), print_count(rows.len() as u64));
    Ok(Some(ControlTotals { title: format!("Totals proved by the {at} run"), note, rows }))
}

fn measure(total: &TotalRow) -> Option<SourceMeasure> {
    SourceMeasure::parse(&total.measure)
}

fn is_control_account(total: &TotalRow) -> bool {
    measure(total) == Some(SourceMeasure::ControlAccount)
}

/// Of each measure and currency the row that covers the most days, without balances and without
/// what neither side has.
fn widest(totals: &[TotalRow]) -> Vec<&TotalRow> {
    let counts = |of: &&TotalRow| {
        let balance = [Some(SourceMeasure::AgedReceivables), Some(SourceMeasure::ControlAccount)];
        !balance.contains(&measure(of)) && (of.source_count > 0 || of.held_count > 0)
    };
    let days = |of: &TotalRow| (of.from, std::cmp::Reverse(of.to));
    let same = |a: &TotalRow, b: &TotalRow| {
        (&a.connection, &a.measure, a.currency) == (&b.connection, &b.measure, b.currency)
    };
    let wider = |a: &TotalRow, b: &TotalRow| same(a, b) && days(a) < days(b);
    let rows = totals.iter().filter(counts);
    rows.filter(|row| !totals.iter().any(|other| wider(other, row))).collect()
}

fn records_word(of: SourceMeasure) -> &'static str {
    match of {
        SourceMeasure::WonDeals => "Closed Won deals",
        SourceMeasure::Invoices => "Invoices",
        SourceMeasure::CreditMemos => "Credits",
        SourceMeasure::Receipts => "Payments",
        SourceMeasure::Refunds => "Refunds",
        SourceMeasure::Adjustments => "Journal write-offs",
        SourceMeasure::AgedReceivables => "Aged receivables",
        SourceMeasure::ControlAccount => "Control account",
    }
}

fn counted_row(workspace: &Workspace, total: &TotalRow) -> Result<ControlTotalRow, Failure> {
    let records = measure(total).map_or("Records", records_word);
    let sums = total.source_sum.is_none_or(|sum| sum == total.held_sum);
    let equal = total.source_count == total.held_count && sums;
    let status = match (equal, total.source_sum) {
        (true, Some(_)) => Status::new("tick", "equal", Tone::Ok),
        (true, None) => Status::new("tick", "count equal", Tone::Ok),
        (false, _) if total.source_count > total.held_count => {
            Status::new("half_square", "short", Tone::Warn)
        }
        (false, _) => Status::new("half_square", "differs", Tone::Warn),
    };
    let connections = workspace.engine.store.connections()?;
    let role = connections.iter().find(|it| it.id == total.connection).map(|it| it.role);
    let marks = match (equal && total.source_sum.is_some(), role) {
        (true, Some(Role::Crm)) => vec!["[S]"],
        (true, _) => vec!["[A]"],
        (false, _) => Vec::new(),
    };
    Ok(ControlTotalRow {
        id: format!("{}|{}|{}", total.connection, total.measure, total.currency),
        source: tool(workspace, &total.connection)?,
        records: format!("{records}, {}", total.currency),
        source_count: Some(total.source_count),
        source_sum: amount(total.source_sum),
        held_count: Some(total.held_count),
        held_sum: total.held_sum.into(),
        status,
        marks,
        how: how(&total.source, &total.proof),
    })
}

fn how(source: &str, proof: &str) -> String {
    if proof.is_empty() { source.to_owned() } else { format!("{source}. {proof}") }
}

/// A control account beside the receivables that are held for its day (tie-out T3).
fn balance_row(
    reader: &mut Reader,
    balance: &TotalRow,
) -> Result<Option<ControlTotalRow>, Failure> {
    let Some(source_sum) = balance.source_sum else { return Ok(None) };
    let held = reader.look(&scope_of(balance))?;
    let lines = &held.reconciliation.proofs.lines;
    let name = balance.measure.replace('_', " ");
    let mut of_account = lines.iter().filter(|line| line.tie_out == TieOut::ControlAccount);
    let line = of_account.find(|line| line.name == name && line.source.is_some());
    let Some(line) = line else { return Ok(None) };
    let status = match line.status {
        TieOutStatus::Agreed => Status::new("tick", "equal", Tone::Ok),
        TieOutStatus::Explained => Status::new("tick", "explained", Tone::Ok),
        TieOutStatus::Failed => Status::new("half_square", "differs", Tone::Warn),
        TieOutStatus::Unproved => Status::new("half_square", "not proved", Tone::Warn),
    };
    // Two unequal figures never carry the mark of equal ones.
    let marks = match line.status {
        TieOutStatus::Agreed => vec!["[A]"],
        TieOutStatus::Explained => vec!["[E]"],
        TieOutStatus::Failed | TieOutStatus::Unproved => Vec::new(),
    };
    Ok(Some(ControlTotalRow {
        id: format!("{}|{}|{}", balance.connection, balance.measure, balance.currency),
        source: tool(reader.workspace()?, &balance.connection)?,
        records: format!("Control account at {}, {}", day(balance.from), balance.currency),
        source_count: None,
        source_sum: Some(source_sum.into()),
        held_count: None,
        held_sum: line.held.amount.into(),
        status,
        marks,
        how: how(
            &balance.source,
            &explained(line.explained_by.iter().map(|it| (&it.reference, it.amount))),
        ),
    }))
}

fn explained<'a>(items: impl Iterator<Item = (&'a String, Money)>) -> String {
    let items: Vec<String> = items
        .map(|(reference, amount)| {
            format!("{reference} {}", crate::export::words::amount_in(amount))
        })
        .collect();
    if items.is_empty() { String::new() } else { format!("Explained by {}", items.join(", ")) }
}

fn scope_of(balance: &TotalRow) -> Scope {
    let ledger = Some(balance.connection.to_string());
    Scope { ledger, as_of: date(balance.from), known_at: None }
}

fn day(of: Date) -> String {
    crate::export::words::day(of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_says_what_a_person_would() {
        assert_eq!(duration(48), "48 s");
        assert_eq!(duration(72), "1 min 12 s");
        assert_eq!(duration(123), "2 min 03 s");
        assert_eq!(duration(7_500), "2 h 5 min");
    }
}
