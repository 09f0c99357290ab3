use std::path::PathBuf;

use serde_json::{Value, json};

use super::{DIALOGS_CLOSED, TO_OPEN, Window};

fn export(window: &Window, what: &str, format: &str) -> Value {
    export_shown(window, (what, format), &Value::Null)
}

fn export_shown(window: &Window, (what, format): (&str, &str), shown: &Value) -> Value {
    let scope = json!({ "ledger": null, "as_of": "2026-06-30", "known_at": null });
    let params = json!({
        "scope": scope, "what": what, "format": format, "paper": "a4", "shown": shown,
    });
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

/// The unpaid deals of one Account, the largest overdue first.
fn narrowed() -> Value {
    json!({
        "sort": [{ "column": "overdue", "descending": true }],
        "filters": [
            { "column": "account", "op": "contains", "value": "vantry" },
            { "column": "nothing", "op": "is", "value": "of an older program" },
        ],
        "text": "",
        "offset": 0,
        "limit": 0,
    })
}

#[test]
fn a_grid_is_written_as_the_window_shows_it() {
    let window = Window::new();
    window.told("open_sample", json!({}));
    let reply = export_shown(&window, ("unpaid", "csv"), &narrowed());
    let paths = written(&window, &reply);
    let [rows, totals] = paths.as_slice() else { panic!("{reply}") };
    assert!(rows.ends_with("WP-2026-06-QUICKBOOKS-UNPAID-AS-SHOWN.csv"), "{reply}");
    let mut rows = csv::Reader::from_path(rows).unwrap();
    let header = rows.headers().unwrap().clone();
    let at = |name: &str| header.iter().position(|it| it == name).unwrap();
    let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    let column = |name: &str| rows.iter().map(|row| row[at(name)].to_owned()).collect::<Vec<_>>();
    assert!(column("account").iter().all(|name| name == "Vantry Logistics"), "{rows:?}");
    assert_eq!(column("overdue"), shown_overdue(&window), "{rows:?}");
    let totals = std::fs::read_to_string(totals).unwrap();
    let line = totals.lines().find(|line| line.contains(",overdue,")).unwrap();
    assert!(line.contains(",unproved,"), "of a part there is no total elsewhere: {line}");
    assert!(line.contains("filtered, Account contains vantry."), "{line}");
    assert!(!totals.contains("older program"), "{totals}");
}

/// What the grid itself shows under the same query.
fn shown_overdue(window: &Window) -> Vec<String> {
    let scope = json!({ "ledger": null, "as_of": "2026-06-30", "known_at": null });
    let mut query = narrowed();
    query["limit"] = json!(200);
    let view = window.told("deals", json!({ "scope": scope, "view": "unpaid", "query": query }));
    let rows = view["grid"]["rows"].as_array().unwrap();
    assert!(rows.len() > 1, "{rows:?}");
    rows.iter().map(|row| row["overdue"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_grid_can_be_written_as_shown_and_keeps_its_proofs() {
    let window = Window::new();
    window.told("open_sample", json!({}));
    let mut all = narrowed();
    all["filters"] = json!([]);
    all["sort"] = json!([]);
    let text = json!({ "sort": [], "filters": [], "text": "a", "offset": 0, "limit": 0 });
    let grids = [
        "receivables",
        "invoices",
        "unapplied",
        "deals",
        "unpaid",
        "not_invoiced",
        "blocked",
        "excluded",
        "reconciliation",
    ];
    for what in grids {
        for query in [&all, &text] {
            let reply = export_shown(&window, (what, "xlsx"), query);
            written(&window, &reply);
            let whole = query["text"] == "";
            let unproved = reply["files"][0]["unproved"].as_u64().unwrap();
            // Unfiltered, a total keeps the proof that the grid shows.
            let proved = ["unpaid", "not_invoiced", "blocked", "reconciliation"].contains(&what);
            assert!(!whole || !proved || unproved == 0, "{what}: {reply}");
        }
    }
}

#[test]
fn a_file_is_verified_in_words_and_a_changed_one_is_told() {
    let window = Window::new();
    window.told("open_sample", json!({}));
    assert_eq!(window.told("verify_file", json!({})), json!({ "kind": "closed" }));
    let paths = written(&window, &export(&window, "unpaid", "pdf"));
    let renamed = window.home.path().join("mailed.pdf");
    std::fs::copy(&paths[0], &renamed).unwrap();
    std::fs::write(window.home.path().join(TO_OPEN), "mailed.pdf").unwrap();
    let reply = window.told("verify_file", json!({}));
    assert_eq!(reply["status"]["word"], "Unchanged", "{reply}");
    assert!(reply["facts"].to_string().contains("WP-2026-06-QUICKBOOKS-UNPAID.pdf"), "{reply}");
    let mut bytes = std::fs::read(&renamed).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&renamed, bytes).unwrap();
    let reply = window.told("verify_file", json!({}));
    assert_eq!(reply["status"]["word"], "Not as exported", "{reply}");
    assert!(reply["sentence"].as_str().unwrap().starts_with("mailed.pdf is no file"), "{reply}");
    std::fs::write(window.home.path().join(TO_OPEN), "gone.pdf").unwrap();
    let refused = window.call("verify_file", json!({})).unwrap_err();
    assert_eq!(refused.code, "TIE-1002", "{refused:?}");
}
