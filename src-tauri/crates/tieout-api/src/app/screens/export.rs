//! The workpaper, or one of its grids, as a file where the person wants it.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::export_shown::shown;
use super::systems::Systems;
use crate::app::FileKind;
use crate::app::events::ProgressView;
use crate::app::reader::Held;
use crate::app::shapes::{GridQuery, Scope};
use crate::app::writer::Writer;
use crate::commands::{FrameOptions, frame};
use crate::export::words::{counted, listed};
use crate::export::{Draft, ExportFormat, Exported, PaperSize};
use crate::failure::Failure;
use crate::workspace::Workspace;

const TASK: &str = "export";

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ExportWhat {
    Workpaper,
    Receivables,
    Invoices,
    Unapplied,
    Deals,
    Unpaid,
    NotInvoiced,
    Leakage,
    Blocked,
    Excluded,
    Reconciliation,
}

/// Kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ExportForm {
    Pdf,
    Xlsx,
    Csv,
}

/// The paper that pages are made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ExportPaper {
    A4,
    Letter,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ExportParams {
    pub scope: Scope,
    pub what: ExportWhat,
    pub format: ExportForm,
    pub paper: ExportPaper,
    /// Filters and order of the grid as the window shows it; `null`: all rows, as the workpaper
    /// has them.
    pub shown: Option<GridQuery>,
}

/// A file that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ExportedFile {
    pub name: String,
    /// SHA-256, as recorded in the audit trail.
    pub hash: String,
    /// Totals in it that no independent total agreed with.
    pub unproved: u64,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ExportReply {
    Written {
        said: String,
        files: Vec<ExportedFile>,
    },
    /// The person closed the dialog.
    Closed,
}

/// Name, title and sections of a grid; `None`: the whole workpaper.
const fn part(what: ExportWhat) -> Option<(&'static str, &'static str, &'static [&'static str])> {
    Some(match what {
        ExportWhat::Workpaper => return None,
        ExportWhat::Receivables => {
            ("receivables", "Receivables by Account", &["receivables-by-account"])
        }
        ExportWhat::Invoices => ("invoices", "Open invoices", &["open-invoices"]),
        ExportWhat::Unapplied => ("unapplied", "Unapplied credits and cash", &["unapplied"]),
        ExportWhat::Deals => ("deals", "Closed Won deals", &["deal-detail"]),
        ExportWhat::Unpaid => ("unpaid", "Unpaid Closed Won", &["unpaid-closed-won"]),
        ExportWhat::NotInvoiced => ("not-invoiced", "Won, not invoiced", &["won-not-invoiced"]),
        ExportWhat::Leakage => ("leakage", "Won, not invoiced", &["won-not-invoiced"]),
        ExportWhat::Blocked => ("blocked", "Won, not invoiced", &["won-not-invoiced"]),
        ExportWhat::Excluded => ("excluded", "Excluded deals", &["exclusions"]),
        ExportWhat::Reconciliation => (
            "reconciliation",
            "Reconciliation",
            &["deals-against-invoices", "by-reason", "within-limits", "reconciling-items"],
        ),
    })
}

/// Makes the report, asks where it goes, and writes it there. It is made first: what cannot be made
/// is told before anybody chooses a place for it.
pub async fn export_report(
    writer: &mut Writer,
    params: ExportParams,
) -> Result<ExportReply, Failure> {
    writer.begin(TASK)?;
    writer.home.progress(ProgressView {
        task: TASK,
        stage: "write",
        sentence: "Making the file".to_owned(),
        done: None,
        of: None,
    });
    let exported = exported(writer, &params);
    writer.end(TASK)?;
    exported
}

fn exported(writer: &mut Writer, params: &ExportParams) -> Result<ExportReply, Failure> {
    let home = writer.home.clone();
    let workspace = writer.workspace()?;
    frame::day(&params.scope.as_of)?;
    let (draft, sections) = drafted(workspace, params)?;
    let (kind, format, ending) = match params.format {
        ExportForm::Pdf => (FileKind::Pdf, ExportFormat::Pdf, "pdf"),
        ExportForm::Xlsx => (FileKind::Xlsx, ExportFormat::Xlsx, "xlsx"),
        ExportForm::Csv => (FileKind::Csv, ExportFormat::Csv, "csv"),
    };
    let is_folder = params.format == ExportForm::Csv && sections > 1;
    let paper = match params.paper {
        ExportPaper::A4 => PaperSize::A4,
        ExportPaper::Letter => PaperSize::Letter,
    };
    let suggested = match is_folder {
        true => draft.report.id.clone(),
        false => format!("{}.{ending}", draft.report.id),
    };
    let Some(chosen) = home.desktop.choose_file(&suggested, kind) else {
        return Ok(ExportReply::Closed);
    };
    let out = if is_folder { chosen } else { with_ending(chosen, ending) };
    let title = draft.report.title.clone();
    let written = draft.put(workspace, format, paper, &out)?;
    Ok(ExportReply::Written { said: said(&title, &out, &written), files: files(&written) })
}

/// The report, and how many sections it has.
fn drafted(workspace: &Workspace, params: &ExportParams) -> Result<(Draft, usize), Failure> {
    let whole = Draft::of(workspace, &FrameOptions::from(&params.scope))?;
    let Some((name, title, ids)) = part(params.what) else { return Ok((whole, usize::MAX)) };
    if let Some(query) = &params.shown {
        let held = Held::of(workspace, &params.scope)?;
        let systems = Systems::of(workspace, &held)?;
        if let Some(section) = shown(&held, &systems, params.what, query)? {
            let title = match params.what {
                ExportWhat::Blocked => "Blocked deals",
                ExportWhat::Leakage => "Due and never invoiced",
                _ => title,
            };
            return Ok((whole.shown(name, title, section), 1));
        }
    }
    Ok((whole.only(name, title, ids)?, ids.len()))
}

/// A name that was typed without its ending gets it.
fn with_ending(path: PathBuf, ending: &str) -> PathBuf {
    match path.extension().is_some_and(|it| it.eq_ignore_ascii_case(ending)) {
        true => path,
        false => {
            let mut name = path.file_name().unwrap_or_default().to_owned();
            name.push(".");
            name.push(ending);
            path.with_file_name(name)
        }
    }
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn said(title: &str, out: &Path, written: &Exported) -> String {
    let mut said = format!("{title}: {}", name_of(out));
    let mut but = Vec::new();
    if !written.gaps.is_empty() {
        but.push("not everything was read".to_owned());
    }
    let unproved = written.unproved.len() as u64;
    if unproved > 0 {
        but.push(format!("{} not proved", counted(unproved, "total is", "totals are")));
    }
    if !but.is_empty() {
        said.push_str(&format!("; {}, as the file says", listed(&but)));
    }
    said
}

/// Of several files each has the totals of its own section.
fn files(written: &Exported) -> Vec<ExportedFile> {
    let alone =
        written.files.iter().filter(|file| !file.path.ends_with(".totals.csv")).count() == 1;
    let file = |of: &crate::export::Written| {
        let name = name_of(Path::new(&of.path));
        let ours = |it: &&crate::export::Unproved| {
            alone
                || name
                    .trim_end_matches(".totals.csv")
                    .trim_end_matches(".csv")
                    .ends_with(&it.section)
        };
        let unproved = written.unproved.iter().filter(ours).count() as u64;
        ExportedFile { name, hash: of.hash.clone(), unproved }
    };
    written.files.iter().map(file).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_gets_its_ending_once() {
        let named = |name: &str| with_ending(PathBuf::from(name), "pdf");
        assert_eq!(named("a/WP-2026-06.pdf"), Path::new("a/WP-2026-06.pdf"));
        assert_eq!(named("a/WP-2026-06.PDF"), Path::new("a/WP-2026-06.PDF"));
        assert_eq!(named("a/June 2026.v2"), Path::new("a/June 2026.v2.pdf"));
    }
}
