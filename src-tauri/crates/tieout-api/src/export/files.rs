//! Reports on disk: every file is written whole beside its place, made durable, then put there.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use tieout_report::{
    NamedFile, Paper, Report, ReportError, Section, csv, csv_files, csv_totals, pdf, xlsx,
};

use super::{ExportFormat, PaperSize};
use crate::codes::Code;
use crate::failure::Failure;
use crate::sandbox::cannot_write;

/// Ending of a file that is not finished.
const UNFINISHED: &str = "tieout-new";

/// The bytes of a report with the paths that they belong to. For CSV `out` is a folder, or the file
/// of the only section.
pub(super) fn render(
    report: &Report,
    format: ExportFormat,
    paper: PaperSize,
    out: &Path,
) -> Result<Vec<(PathBuf, Vec<u8>)>, Failure> {
    let paper = match paper {
        PaperSize::A4 => Paper::A4,
        PaperSize::Letter => Paper::Letter,
    };
    let one = |bytes: Vec<u8>| vec![(out.to_owned(), bytes)];
    match format {
        ExportFormat::Pdf => pdf(report, paper).map(one),
        ExportFormat::Xlsx => xlsx(report, paper).map(one),
        ExportFormat::Csv => match report.sections.as_slice() {
            [section] if out.extension().is_some_and(|it| it == "csv") => beside(section, out),
            _ => csv_files(report).map(|files| {
                files.into_iter().map(|NamedFile { name, bytes }| (out.join(name), bytes)).collect()
            }),
        },
    }
    .map_err(not_rendered)
}

/// One section as one file, with its control totals in a file beside it.
fn beside(section: &Section, out: &Path) -> Result<Vec<(PathBuf, Vec<u8>)>, ReportError> {
    let mut files = vec![(out.to_owned(), csv(section)?)];
    if !section.totals.is_empty() {
        files.push((out.with_extension("totals.csv"), csv_totals(section)?));
    }
    Ok(files)
}

fn not_rendered(error: ReportError) -> Failure {
    let code = match &error {
        ReportError::DoesNotFoot { .. }
        | ReportError::GapUnderProof { .. }
        | ReportError::Amount { .. } => Code::DoesNotFoot,
        _ => Code::Unexpected,
    };
    Failure::caused(code, error.to_string(), error)
}

/// Writes one file. Whoever looks sees the old file or the whole new one, also after a power cut.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder {
        fs::create_dir_all(folder).map_err(|error| cannot_write(folder, error))?;
    }
    let fresh = unfinished(path);
    let put = written(&fresh, bytes).and_then(|()| fs::rename(&fresh, path));
    if let Err(error) = put {
        // The failure to report is the first one; what is left of the file is of no use.
        let _ = fs::remove_file(&fresh);
        return Err(cannot_write(path, error));
    }
    sync_folder(folder.unwrap_or(Path::new("."))).map_err(|error| cannot_write(path, error))
}

fn unfinished(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(UNFINISHED);
    path.with_file_name(name)
}

fn written(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// The new name is durable once its folder is.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> std::io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Windows makes a rename durable by itself and opens no folders as files.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> std::io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_written_into_a_folder_that_did_not_exist() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b/report.pdf");
        write(&path, b"one").unwrap();
        write(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn a_place_that_cannot_be_written_is_said_and_nothing_is_left_behind() {
        let folder = tempfile::tempdir().unwrap();
        let taken = folder.path().join("taken");
        fs::create_dir(&taken).unwrap();
        fs::write(taken.join("inside"), b"x").unwrap();
        let failure = write(&taken, b"one").unwrap_err();
        assert_eq!(failure.code, Code::CannotWrite);
        assert!(failure.detail.contains("taken"));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_where_the_folder_should_be_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, b"x").unwrap();
        let failure = write(&file.join("report.pdf"), b"one").unwrap_err();
        assert_eq!(failure.code, Code::CannotWrite);
    }
}
