use std::path::PathBuf;

use serde_json::{Value, json};

use super::{DIALOGS_CLOSED, Window};

fn export(window: &Window, what: &str, format: &str) -> Value {
    let scope = json!({ "ledger": null, "as_of": "2026-06-30", "known_at": null });
    let params = json!({ "scope": scope, "what": what, "format": format, "paper": "a4" });
    window.told("export_report", params)
}

#[track_caller]
fn written(window: &Window, reply: &Value) -> Vec<PathBuf> {
    assert_eq!(reply["kind"], "written", "{reply}");
    let files = reply["files"].as_array().unwrap().iter();
    files.map(|file| window.home.path().join(file["name"].as_str().unwrap())).collect()
}

#[test]
fn grids_and_the_workpaper_are_written_where_the_person_says() {
    let window = Window::new();
    window.told("open_sample", json!({}));
    for (format, begins) in [("pdf", b"%PDF".as_slice()), ("xlsx", b"PK\x03\x04")] {
        let reply = export(&window, "workpaper", format);
        let name = format!("WP-2026-06-QUICKBOOKS.{format}");
        assert_eq!(reply["said"], format!("Receivables workpaper: {name}"), "{reply}");
        let paths = written(&window, &reply);
        assert!(std::fs::read(&paths[0]).unwrap().starts_with(begins));
        assert_eq!(reply["files"][0]["unproved"], 0);
    }
    let folder = export(&window, "workpaper", "csv");
    assert!(folder["files"].as_array().unwrap().len() > 20, "{folder}");
    assert!(window.home.path().join("WP-2026-06-QUICKBOOKS/01-tie-outs.csv").is_file());

    let grid = export(&window, "receivables", "csv");
    let paths = written(&window, &grid);
    let [rows, totals] = paths.as_slice() else { panic!("{grid}") };
    let rows = std::fs::read_to_string(rows).unwrap();
    assert_eq!(rows.lines().count(), 10, "{rows}");
    let totals = std::fs::read_to_string(totals).unwrap();
    let proved = totals.lines().find(|line| line.contains(",receivable,")).unwrap();
    assert!(proved.contains("697803.36,USD,1,9,proved"), "{proved}");
    for what in ["invoices", "unapplied", "deals", "unpaid", "not_invoiced", "excluded"] {
        written(&window, &export(&window, what, "pdf"));
    }
    let book = export(&window, "reconciliation", "xlsx");
    assert_eq!(book["files"].as_array().unwrap().len(), 1, "{book}");
}

#[test]
fn a_closed_dialog_writes_nothing() {
    let window = Window::new();
    window.told("open_sample", json!({}));
    std::fs::write(window.home.path().join(DIALOGS_CLOSED), "").unwrap();
    assert_eq!(export(&window, "unpaid", "pdf"), json!({ "kind": "closed" }));
}
