//! The workpaper of a period as files: PDF, workbook, CSV.
//!
//! `workpaper` turns a reconciliation into a report, `tieout-report` turns that into bytes,
//! `export` puts them on disk and into the audit trail.

mod completeness;
mod conclusion;
mod context;
mod deals;
mod definitions;
mod desk;
mod evidence;
mod exceptions;
mod files;
mod grid;
mod items;
mod movements;
mod open_items;
mod outside;
mod parameters;
mod parts;
mod receivables;
mod report;
mod results;
mod scope;
mod sheet;
mod tie_outs;
mod unpaid;
mod witness;
pub(crate) mod words;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use serde::Serialize;
use tieout_domain::books::reconciliation::Reconciliation;
use tieout_domain::facts::Stream;
use tieout_engine::LedgerView;

pub(crate) use context::{Lack, lacks};
pub(crate) use evidence::{Evidence, Proven, evidence};
pub(crate) use report::workpaper;
pub(crate) use tie_outs::title as tie_out_name;

use crate::commands::FrameOptions;
use crate::commands::frame::{month_of, view};
use crate::commands::verify::{EXPORTED, hash};
use crate::failure::Failure;
use crate::workspace::Workspace;

/// Who stands in the audit trail for an export: the product at a person's or a script's request.
const ACTOR: &str = "tieout";

/// What kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// One file to read, print and sign.
    Pdf,
    /// One workbook with live formulas, one sheet per section.
    Xlsx,
    /// A folder with one file per section and one per section's totals.
    Csv,
}

/// The paper that pages are made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaperSize {
    /// 210 x 297 mm.
    A4,
    /// 8.5 x 11 inches.
    Letter,
}

/// A file that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Written {
    /// Where it lies.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of its content in lower-case hex, as recorded in the audit trail.
    pub hash: String,
}

/// A total of an export that no independent total agreed with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unproved {
    /// Id of the section: `receivables-by-account`.
    pub section: String,
    /// Label of the line.
    pub line: String,
    pub column: String,
    pub why: String,
}

/// What an export came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Exported {
    /// Everything was read, and every total is proved.
    pub complete: bool,
    pub files: Vec<Written>,
    /// What was not read, one sentence each.
    pub gaps: Vec<String>,
    /// In the order of the report.
    pub unproved: Vec<Unproved>,
}

/// What to export and where to.
#[derive(Clone, Debug)]
pub struct ExportOptions {
    /// A month: `2026-06`. The as-of day is its last day.
    pub period: String,
    /// Kind of file.
    pub format: ExportFormat,
    /// The file; for CSV the folder. Missing folders are made.
    pub out: PathBuf,
    /// Paper of the print and of the workbook's page set-up.
    pub paper: PaperSize,
    /// RFC 3339 instant up to which facts count. `None`: now.
    pub known_at: Option<String>,
    /// Name of the ledger connection. `None`: the only one.
    pub ledger: Option<String>,
}

/// Writes the workpaper of a period, proved or not, and records each file with its hash in the
/// audit trail, so that `tieout verify FILE` knows it. Two exports of one state at one moment are
/// the same bytes.
///
/// # Errors
/// `Usage` for a period or moment that cannot be read; `NothingToReport` before the first run;
/// `DoesNotFoot` if amounts cannot be combined; `CannotWrite`, `DiskFull` for the files.
pub fn export(workspace: &mut Workspace, options: &ExportOptions) -> Result<Exported, Failure> {
    let frame = FrameOptions {
        as_of: Some(month_of(&options.period)?.end().to_string()),
        known_at: options.known_at.clone(),
        ledger: options.ledger.clone(),
    };
    let draft = Draft::of(workspace, &frame)?;
    draft.put(workspace, options.format, options.paper, &options.out)
}

/// A report that is not on disk yet, and what was not read for it.
pub(crate) struct Draft {
    pub(crate) report: tieout_report::Report,
    gaps: Vec<String>,
}

impl Draft {
    /// The workpaper of a frame.
    pub(crate) fn of(workspace: &Workspace, frame: &FrameOptions) -> Result<Self, Failure> {
        let view = view(workspace, frame)?;
        let reconciliation = view.reconcile()?;
        let (report, gaps) = report_of(workspace, &view, &reconciliation)?;
        Ok(Self { report, gaps })
    }

    /// Writes it and records each file in the audit trail.
    pub(crate) fn put(
        self,
        workspace: &mut Workspace,
        format: ExportFormat,
        paper: PaperSize,
        out: &Path,
    ) -> Result<Exported, Failure> {
        let Self { report, gaps } = self;
        let unproved = report::unproved(&report.sections);
        let rendered = files::render(&report, format, paper, out)?;
        let mut written = Vec::with_capacity(rendered.len());
        for (path, bytes) in rendered {
            files::write(&path, &bytes)?;
            written.push(record(workspace, &path, &bytes)?);
        }
        let complete = gaps.is_empty() && unproved.is_empty();
        Ok(Exported { complete, files: written, gaps, unproved })
    }
}

/// The report, and what was not read for it.
pub(crate) fn report_of(
    workspace: &Workspace,
    view: &LedgerView,
    reconciliation: &Reconciliation,
) -> Result<(tieout_report::Report, Vec<String>), Failure> {
    let ledger = workspace.engine.ledger(&view.connection)?.port.clone();
    let crm = workspace.engine.crm.as_ref().map(|crm| crm.port.clone());
    let link = |stream: Stream, id: &str| match (report::is_of_crm(stream), &crm) {
        (true, Some(crm)) => crm.deep_link(stream, id),
        (true, None) => None,
        (false, _) => ledger.deep_link(stream, id),
    };
    let context = context::gather(workspace, view, &link)?;
    let report = workpaper(view, reconciliation, &context)?;
    Ok((report, context.gaps.into_iter().map(|lack| lack.what).collect()))
}

/// One audit entry per file: its name alone, since a path may tell who works here.
fn record(workspace: &mut Workspace, path: &Path, bytes: &[u8]) -> Result<Written, Failure> {
    let hash = hash(bytes);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let now = workspace.engine.now();
    workspace.engine.store.append_audit(now, ACTOR, EXPORTED, &name, &hash)?;
    Ok(Written { path: path.display().to_string(), bytes: bytes.len() as u64, hash })
}
