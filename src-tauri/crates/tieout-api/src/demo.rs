//! The sample company from sign-in to reports, as its story tells it (`sample-company §1`).
//!
//! The first run plays the story: the books of 2 July, three late changes by the clerks, one
//! invoice without an answer, one created. Every further run finds nothing to do.

mod decisions;
mod story;
mod truth;
mod unfinished;

#[cfg(test)]
mod tests;

use std::path::PathBuf;

use serde::Serialize;
use tieout_engine::{Cancel, Observer};
use tieout_sim::sample::Company;

use self::story::{Story, StoryClock};
use self::truth::TruthLine;
use crate::commands::{CreateView, FrameOptions, WriteBackView};
use crate::export::Written;
use crate::failure::Failure;
use crate::sandbox::Sandbox;
use crate::views::reconciliation::ReconciliationView;
use crate::views::runs::RunView;
use crate::workspace::{Opening, Workspace};

/// The people of the story.
const CONTROLLER: &str = "Priya Raman";
const PERIOD: &str = "2026-06";
const AS_OF: &str = "2026-06-30";

/// What the demo did and what it shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DemoReport {
    /// False: an earlier demo already played the story in this workspace.
    pub first_run: bool,
    pub complete: bool,
    /// Documents that this run created.
    pub created: usize,
    /// Records that this run wrote back to Salesforce.
    pub written_back: u64,
    pub unknown_outcomes: usize,
    pub runs: Vec<RunView>,
    pub creation: CreateView,
    pub write_back: WriteBackView,
    pub reconciliation: ReconciliationView,
    /// As the workpaper was prepared on 2 July.
    pub as_signed: ReconciliationView,
    pub truth: Vec<TruthLine>,
    pub files: Vec<Written>,
}

/// Where the demo writes, and who listens to it.
pub struct DemoOptions {
    /// Folder for PDF, XLSX and CSV.
    pub out: PathBuf,
    pub cancel: Cancel,
    pub observer: Box<dyn Observer>,
    /// Takes one line for the person who started the demo.
    pub tell: fn(&str),
}

/// Plays or continues the story in the workspace and writes PDF, XLSX and CSV into `out`.
pub async fn demo(opening: &Opening, options: DemoOptions) -> Result<DemoReport, Failure> {
    let company = Company::alder_quay();
    let clock = StoryClock::new(&company)?;
    let beginning = clock.at("2026-07-02T17:30")?;
    let first_run = unfinished::begin(opening, options.tell)?;
    let sandbox = match first_run {
        true => Sandbox::sample(beginning),
        false => Sandbox::load_state(&opening.folder)?,
    };
    let mut workspace = Workspace::open_sandbox(opening, sandbox).await?;
    unfinished::refuse_real(&workspace.engine.store.connections()?)?;
    // Not before it opened: a mistyped passphrase must not cost the sample.
    Sandbox::mark_unfinished(&opening.folder)?;
    workspace.engine.observer = options.observer;
    workspace.engine.cancel = options.cancel;
    let mut story = Story {
        workspace: &mut workspace,
        company,
        clock,
        runs: Vec::new(),
        written: WriteBackView::default(),
    };
    if first_run {
        // A story that stops halfway is not saved: no later demo could go on with it, and the mark
        // that stays behind lets the next one begin anew.
        story.play().await?;
    }
    let report = story.end(first_run, &options.out).await;
    workspace.save_sandbox()?;
    Sandbox::mark_finished(&workspace.folder)?;
    report
}

/// The frame of the story, for commands that follow the demo.
impl From<&DemoReport> for FrameOptions {
    fn from(_: &DemoReport) -> Self {
        Self { as_of: Some(AS_OF.into()), ..Self::default() }
    }
}
