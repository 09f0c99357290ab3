//! The workpaper of a month on the screen, made from the very report that is exported: screen and
//! paper cannot differ.

mod changes;
mod movements;
mod prose;
mod results;
mod tie_outs;

use serde::Serialize;
use tieout_domain::ratios::percentage;
use tieout_report::{Prose, Report, Section};
use ts_rs::TS;

pub(crate) use self::prose::phrase_of;

use self::changes::{ChangesView, changes};
use self::movements::{MovementTable, backlog_bridge, movement_table};
use self::results::{WorkpaperResults, results};
use self::tie_outs::{WorkpaperTieOut, tie_outs};
use super::charts::{BridgeView, does_not_add};
use crate::app::reader::{Held, Reader};
use crate::app::shapes::{
    AmountTone, FactLine, Phrase, PhrasePart, ScopeParams, Status, Target, Tone,
};
use crate::codes::Code;
use crate::export::words::counted;
use crate::failure::Failure;
use crate::views::reading::ReadingView;
use crate::workspace::Workspace;

/// Letters of a hash that are printed.
const HASH_LETTERS: usize = 8;

/// A section of the export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ContentsLine {
    pub id: String,
    pub title: String,
    /// `null`: it has no rows to count.
    pub count: Option<u64>,
    pub target: Option<Target>,
}

/// What anybody can check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct VerifyLine {
    /// "1,284 entries of the audit trail, unbroken".
    pub sentence: String,
    /// The beginning of the report's content hash: "9b1e 44c7".
    pub hash: String,
}

/// The screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct WorkpaperView {
    pub ledger: String,
    /// "Receivables workpaper, June 2026".
    pub title: String,
    /// Entity, books, basis, workpaper, version.
    pub meta: Vec<FactLine>,
    pub status: Status,
    pub conclusion: Phrase,
    pub tie_outs: Vec<WorkpaperTieOut>,
    pub results: WorkpaperResults,
    pub roll_forward: MovementTable,
    /// The table of T5, and its picture where it can be drawn.
    pub backlog: MovementTable,
    pub backlog_bridge: Option<BridgeView>,
    /// Small differences within the limit, with their share of materiality.
    pub tolerated: Phrase,
    /// Sections of the export with their counts.
    pub contents: Vec<ContentsLine>,
    /// Filled where known-at was set back.
    pub changes: Option<ChangesView>,
    pub verify: VerifyLine,
    pub reading: ReadingView,
}

/// The screen.
pub async fn workpaper(reader: &mut Reader, params: ScopeParams) -> Result<WorkpaperView, Failure> {
    let held = reader.look(&params.scope)?;
    let report = reader.report(&held)?;
    let changes = match &params.scope.known_at {
        Some(_) => Some(changes(&held, &*reader.look(&params.scope.as_known_now())?)?),
        None => None,
    };
    let movements = |id: &str| movement_table(&report, section(&report, id)?);
    Ok(WorkpaperView {
        ledger: held.view.connection.to_string(),
        title: format!("{}, {}", report.title, report.period),
        meta: meta(&report),
        status: status(&report),
        conclusion: phrase_of(&report.conclusion, held.view.frame.functional),
        tie_outs: tie_outs(&held, section(&report, "tie-outs")?),
        results: results(&held, section(&report, "deals-against-invoices")?)?,
        roll_forward: movements("ar-roll-forward")?,
        backlog: movements("bookings-to-billings")?,
        backlog_bridge: backlog_bridge(&report, section(&report, "bookings-to-billings")?)?,
        tolerated: tolerated(&held)?,
        contents: contents(&report),
        changes,
        verify: verify(reader.workspace()?, &report)?,
        reading: held.reading.clone(),
    })
}

fn section<'a>(report: &'a Report, id: &str) -> Result<&'a Section, Failure> {
    let missing = || Failure::new(Code::Unexpected, format!("the workpaper has no section `{id}`"));
    report.section(id).ok_or_else(missing)
}

fn meta(report: &Report) -> Vec<FactLine> {
    let mut meta = vec![FactLine::new("Entity", &report.legal_name)];
    meta.extend(report.basis.iter().map(|fact| FactLine::new(&fact.label, &fact.text)));
    meta.push(FactLine::new("Workpaper", &report.id));
    meta.push(FactLine::new("Version", &report.status));
    meta
}

/// What the paper is worth, as it stands on each of its pages.
fn status(report: &Report) -> Status {
    if report.status.starts_with("Draft, incomplete") {
        Status::new("half_square", "Draft, incomplete", Tone::Warn)
    } else if report.status.starts_with("Draft, unproved") {
        Status::new("ring", "Draft, not all proved", Tone::Warn)
    } else {
        Status::new("ring", "Draft", Tone::Soft)
    }
}

/// "4 small differences, (85.04) net and 395.04 absolute: 2.6% of materiality."
fn tolerated(held: &Held) -> Result<Phrase, Failure> {
    let together = held.reconciliation.tolerated;
    let within = held
        .reconciliation
        .rows
        .iter()
        .filter(|row| row.verdict == Some(tieout_domain::verdict::Verdict::MatchedInTolerance));
    let count = within.count() as u64;
    if count == 0 {
        return Ok(vec![PhrasePart::text("No difference was tolerated.")]);
    }
    let materiality = held.view.frame.materiality;
    let share = percentage(together.absolute_sum, materiality);
    let share = share.map_err(does_not_add("small differences"))?;
    let end = match share {
        Some(share) => format!(" absolute: {}% of materiality.", share.round_dp(1)),
        None => " absolute; no materiality is set.".to_owned(),
    };
    let alert = if together.alert { " Together they exceed it." } else { "" };
    let differences = counted(count, "small difference", "small differences");
    Ok(vec![
        PhrasePart::text(format!("{differences}, ")),
        PhrasePart::money(together.net_sum, AmountTone::Plain),
        PhrasePart::text(" net and "),
        PhrasePart::money(together.absolute_sum, AmountTone::Plain),
        PhrasePart::text(format!("{end}{alert}")),
    ])
}

fn contents(report: &Report) -> Vec<ContentsLine> {
    let line = |section: &Section| ContentsLine {
        id: section.id.clone(),
        title: section.title.clone(),
        count: Some(section.rows.len() as u64),
        target: place_of(&section.id),
    };
    let uncounted = |id: &str, title: &str| ContentsLine {
        id: id.to_owned(),
        title: title.to_owned(),
        count: None,
        target: None,
    };
    let mut contents: Vec<ContentsLine> = report.sections.iter().map(line).collect();
    contents.push(uncounted("parameters", "Parameters and sources"));
    contents.push(uncounted("definitions", "Definitions"));
    contents
}

/// Where the window shows what a section lists.
fn place_of(section: &str) -> Option<Target> {
    Some(match section {
        "completeness" | "exceptions" => Target::screen("activity"),
        "reconciling-items" | "by-reason" | "within-limits" | "link-decisions" => {
            Target::screen("reconciliation")
        }
        "deal-detail" | "linked-documents" => Target::view("deals", "all"),
        "unpaid-closed-won" => Target::view("deals", "unpaid"),
        "won-not-invoiced" => Target::view("deals", "not_invoiced"),
        "exclusions" => Target::view("deals", "excluded"),
        "receivables-by-account" => Target::view("receivables", "accounts"),
        "open-invoices" | "orphans" => Target::view("receivables", "invoices"),
        "unapplied" => Target::view("receivables", "unapplied"),
        "unassigned" => Target::screen("connections"),
        _ => return None,
    })
}

fn verify(workspace: &Workspace, report: &Report) -> Result<VerifyLine, Failure> {
    let trail = workspace.engine.store.verify_audit()?;
    let entries = counted(trail.entries, "entry", "entries");
    let sentence = match trail.broken_at {
        None => format!("{entries} of the audit trail, unbroken"),
        Some(at) => format!("The audit trail is broken at entry {at}"),
    };
    let letters: Vec<char> = report.content_hash.chars().take(HASH_LETTERS).collect();
    let groups: Vec<String> = letters.chunks(4).map(|four| four.iter().collect()).collect();
    Ok(VerifyLine { sentence, hash: groups.join(" ") })
}

/// A sentence of the paper.
pub(crate) fn plain(words: &str) -> Prose {
    Prose::from(words)
}
