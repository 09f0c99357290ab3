//! Lists and the workpaper as files, read back.

use std::path::PathBuf;

use calamine::{Reader, Xlsx, open_workbook};
use tieout_desktop_tests::stage::Stage;
use tieout_desktop_tests::window::Window;
use tieout_tests::print;

use crate::played::{AS_OF, played, printed, told, window_at};

/// Exports what is shown and returns the file with this end that was written.
fn exported(stage: &Stage, window: &Window, entry: &str, end: &str) -> PathBuf {
    window.press("Export");
    window.click(&format!("//*[@role='menuitem'][contains(normalize-space(.), '{entry}')]"));
    let written = || {
        let saved = std::fs::read_dir(stage.path("saved")).expect("the stage is ours");
        let mut paths = saved.filter_map(|it| Some(it.ok()?.path()));
        paths.find(|path| path.to_string_lossy().ends_with(end))
    };
    window.wait_until("return document.body.innerText.includes('Export')");
    window.until(|| written().is_some(), end);
    written().expect("it was there a moment ago")
}

/// Every cell of a workbook as it reads.
fn cells(path: PathBuf) -> Vec<String> {
    let mut book: Xlsx<_> = open_workbook(path).expect("it is a workbook");
    let sheets = book.worksheets().into_iter();
    let rows = |sheet: calamine::Range<calamine::Data>| {
        sheet.rows().flatten().map(ToString::to_string).collect::<Vec<_>>()
    };
    sheets.flat_map(|(_, sheet)| rows(sheet)).collect()
}

#[test]
fn an_exported_file_is_verified_and_a_changed_one_is_told() {
    let stage = played();
    let window = window_at(&stage, "Workpapers");
    let pdf = exported(&stage, &window, "PDF", ".pdf");
    let chosen = stage.path("to verify");
    std::fs::copy(&pdf, &chosen).expect("the stage is ours");
    window.press("Verify a file…");
    window.wait_until("return document.body.innerText.includes('Unchanged')");
    window.press("Close");
    std::fs::write(&chosen, b"%PDF-1.7, written by somebody else").expect("the stage is ours");
    window.press("Verify a file…");
    window.wait_until("return document.body.innerText.includes('Not as exported')");
}

#[test]
fn receivables_are_exported_in_each_format_and_read_back() {
    let stage = played();
    let totals = told(&stage, &["ar", "--as-of", AS_OF])["totals"][0].clone();
    let window = window_at(&stage, "Receivables");

    let pdf = exported(&stage, &window, "PDF", ".pdf");
    let text = print::pages(&std::fs::read(pdf).expect("it was written")).join("\n");
    assert!(text.contains(&printed(&totals["receivable"])), "{text}");

    let xlsx = exported(&stage, &window, "XLSX", ".xlsx");
    let amount = totals["receivable"]["amount"].as_str().expect("text").to_owned();
    assert!(cells(xlsx).contains(&amount), "no {amount} in the workbook");

    // The control totals of a list lie beside it.
    let csv = exported(&stage, &window, "CSV", ".totals.csv");
    let rows = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_path(csv);
    let rows: Result<Vec<_>, _> = rows.expect("it was written").into_records().collect();
    let rows = rows.expect("every line is CSV");
    let found = rows.iter().any(|row| row.iter().any(|cell| cell == amount));
    assert!(found, "no {amount} in {rows:?}");
}

#[test]
fn the_workpaper_is_exported_and_read_back() {
    let stage = played();
    let told = told(&stage, &["reconcile", "--as-of", AS_OF]);
    let window = window_at(&stage, "Workpapers");

    let pdf = exported(&stage, &window, "PDF", ".pdf");
    let text = print::pages(&std::fs::read(pdf).expect("it was written")).join("\n");
    let tie_outs = told["tie_outs"].as_array().expect("a list");
    for amount in tie_outs.iter().flat_map(|it| [printed(&it["source"]), printed(&it["held"])]) {
        assert!(text.contains(&amount), "no {amount} in the printed workpaper:\n{text}");
    }

    let xlsx = exported(&stage, &window, "XLSX", ".xlsx");
    let closing = told["roll_forward"]["closing"]["amount"].as_str().expect("text").to_owned();
    assert!(cells(xlsx).contains(&closing), "no {closing} in the workbook");
}
