//! The workpaper as files: its totals are those of the reconciliation, it is the same bytes twice,
//! and a changed byte is noticed.

use std::collections::BTreeMap;
use std::path::Path;

use calamine::{Data, Range, Reader, Xlsx, open_workbook};
use rust_decimal::Decimal;
use serde_json::json;
use tieout_api::commands::{verify_file, verify_workspace};
use tieout_api::views::Amount;
use tieout_api::{Code, ExportFormat};
use tieout_tests::expected::{figures, rows, text};
use tieout_tests::{World, print};

const FORMATS: [ExportFormat; 3] = [ExportFormat::Pdf, ExportFormat::Xlsx, ExportFormat::Csv];

// ---- workbook

struct Workbook(Xlsx<std::io::BufReader<std::fs::File>>);

fn workbook(world: &mut World) -> Workbook {
    let out = world.beside("workpaper.xlsx");
    world.export(ExportFormat::Xlsx, &out);
    Workbook(open_workbook(out).unwrap())
}

/// A cell as exact text: a binary number shows the shortest text that it stands for.
fn shown(cell: &Data) -> String {
    let text = cell.to_string();
    text.parse::<Decimal>().map_or(text, |number| format!("{number:.2}"))
}

impl Workbook {
    fn sheet(&mut self, name: &str) -> Range<Data> {
        self.0.worksheet_range(name).unwrap()
    }

    /// Members of a row by the names of the header, which has `first` in its first column.
    #[track_caller]
    fn row(&mut self, sheet: &str, first: &str, label: &str) -> BTreeMap<String, String> {
        let range = self.sheet(sheet);
        let header = range.rows().find(|row| row[0] == first).unwrap();
        let found = range.rows().find(|row| row[0] == label);
        let found = found.unwrap_or_else(|| panic!("{label} in {sheet}"));
        header.iter().map(ToString::to_string).zip(found.iter().map(shown)).collect()
    }
}

/// The total row of a sheet holds these amounts of the fixture.
#[track_caller]
fn check_total(sheet: &str, first: &str, label: &str, want: &[(&str, &str)]) {
    let mut world = World::played();
    let total = workbook(&mut world).row(sheet, first, label);
    for (column, amount) in want {
        assert_eq!(total.get(*column).map(String::as_str), Some(*amount), "{total:#?}");
    }
}

#[test]
fn the_workbook_has_the_receivables() {
    let want = figures()["aging_total"].clone();
    let columns = [
        ("Not due, USD", "not_due"),
        ("1-30, USD", "days_1_30"),
        ("31-60, USD", "days_31_60"),
        ("61-90, USD", "days_61_90"),
        ("90+, USD", "days_over_90"),
        ("Unapplied, USD", "unapplied"),
        ("Receivable, USD", "receivable"),
    ];
    let want: Vec<(&str, &str)> =
        columns.iter().map(|(column, member)| (*column, text(&want, member))).collect();
    check_total("Receivables by Account", "Account", "Receivables", &want);
}

#[test]
fn the_workbook_has_every_account() {
    let mut world = World::played();
    let mut workbook = workbook(&mut world);
    for row in rows("aging") {
        let found = workbook.row("Receivables by Account", "Account", text(&row, "account"));
        assert_eq!(found["Receivable, USD"], text(&row, "receivable"), "{found:#?}");
    }
}

#[test]
fn the_workbook_has_the_tie_outs() {
    let mut world = World::played();
    let range = workbook(&mut world).sheet("Five tie-outs");
    let cells: Vec<Vec<String>> = range.rows().map(|row| row.iter().map(shown).collect()).collect();
    for line in rows("now.lines").iter().filter(|line| text(line, "tie_out") != "T2") {
        let found = cells.iter().any(|row| {
            row[4] == text(line, "source")
                && row[6] == text(line, "held")
                && row[7] == text(line, "difference")
                && row[8] == text(line, "status")
        });
        assert!(found, "{line} in {cells:#?}");
    }
}

#[test]
fn the_workbook_has_the_roll_forward() {
    let roll_forward = figures()["now"]["roll_forward"].clone();
    let mut world = World::played();
    let mut workbook = workbook(&mut world);
    let opening = workbook.row("AR roll-forward", "Line", "Opening, 31 May 2026");
    assert_eq!(opening["Amount, USD"], text(&roll_forward, "opening"));
    let closing = workbook.row("AR roll-forward", "Line", "Closing, 30 Jun 2026");
    assert_eq!(closing["Amount, USD"], text(&roll_forward, "closing"));
}

#[test]
fn the_totals_of_the_workbook_are_formulas_over_real_numbers() {
    let mut world = World::played();
    let mut workbook = workbook(&mut world);
    let values = workbook.sheet("Receivables by Account");
    let formulas = workbook.0.worksheet_formula("Receivables by Account").unwrap();
    let live: Vec<String> = formulas.used_cells().map(|(_, _, formula)| formula.clone()).collect();
    assert!(live.iter().any(|formula| formula.contains("SUM(") || formula.contains("SUBTOTAL(")));
    let account = values.rows().find(|row| row[0] == "Osprey Medical Devices").unwrap();
    let numbers = account.iter().filter(|cell| matches!(cell, Data::Float(_) | Data::Int(_)));
    assert!(numbers.count() >= 7, "{account:?}");
}

// ---- text files

/// The records of a file by their header.
fn records(folder: &Path, name: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(folder.join(name)).unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}

fn csv_folder(world: &mut World) -> std::path::PathBuf {
    let out = world.beside("csv");
    world.export(ExportFormat::Csv, &out);
    out
}

fn sum(rows: &[BTreeMap<String, String>], column: &str) -> Decimal {
    rows.iter().map(|row| row[column].parse::<Decimal>().unwrap()).sum()
}

/// The rows of a file add up to an amount of the fixture, and its totals file says so.
#[track_caller]
fn check_file(name: &str, column: &str, want: &str) {
    let mut world = World::played();
    let folder = csv_folder(&mut world);
    let rows = records(&folder, &format!("{name}.csv"));
    assert_eq!(sum(&rows, column), want.parse().unwrap());
    let totals = records(&folder, &format!("{name}.totals.csv"));
    let total = totals.iter().find(|it| it["column"] == column && it["rank"] == "total").unwrap();
    assert_eq!((total["value"].as_str(), total["currency"].as_str()), (want, "USD"));
    assert_eq!(total["proof"], "proved");
}

#[test]
fn the_file_of_receivables_adds_up() {
    check_file("11-receivables-by-account", "receivable", "697803.36");
}

#[test]
fn the_file_of_unpaid_deals_adds_up() {
    check_file("09-unpaid-closed-won", "unpaid_net", text(&figures()["unpaid"], "unpaid_net"));
}

#[test]
fn the_file_of_differences_adds_up() {
    check_file("06-reconciling-items", "variance", "-423600.00");
}

#[test]
fn the_roll_forward_adds_up() {
    check_file("14-ar-roll-forward", "amount", "697803.36");
}

#[test]
fn the_bridge_adds_up() {
    check_file("15-bookings-to-billings", "amount", "875685.04");
}

#[test]
fn the_file_of_deals_has_every_deal() {
    let mut world = World::played();
    let folder = csv_folder(&mut world);
    let found = records(&folder, "07-deal-detail.csv");
    for deal in rows("deals") {
        let found = found.iter().find(|row| row["deal"] == text(&deal, "reference")).unwrap();
        for (column, member) in [
            ("contract", "contract"),
            ("expected", "expected"),
            ("billed", "billed"),
            ("billing", "billing"),
            ("cash", "cash"),
        ] {
            assert_eq!(found[column], text(&deal, member), "{deal}");
        }
    }
}

/// The sums of a column, by the label of their line; every one is proved.
#[track_caller]
fn proved(folder: &Path, name: &str, column: &str) -> BTreeMap<String, String> {
    let totals = records(folder, &format!("{name}.totals.csv"));
    let ours = totals.into_iter().filter(|total| total["column"] == column);
    let sums = ours.map(|total| {
        assert_eq!(total["proof"], "proved", "{total:?}");
        (total["label"].clone(), total["value"].clone())
    });
    sums.collect()
}

#[test]
fn the_excluded_deal_leads_from_the_front_table_to_the_detail() {
    let mut world = World::played();
    let folder = csv_folder(&mut world);
    let front = "03-deals-against-invoices";
    let rows = records(&folder, &format!("{front}.csv"));
    let beside: Vec<[&str; 3]> = rows[5..]
        .iter()
        .map(|row| [row["result"].as_str(), row["deals"].as_str(), row["net"].as_str()])
        .collect();
    let excluded = ["Excluded: INTERCOMPANY", "1", "-15000.00"];
    assert_eq!(beside, [["Nothing due, nothing billed", "1", "0.00"], excluded]);

    let compared = "All deals with something due or billed";
    let whole = "All won deals, as under \"Deal detail\"";
    let deals = proved(&folder, front, "deals");
    assert_eq!((deals[compared].as_str(), deals[whole].as_str()), ("37", "39"));
    let net = proved(&folder, front, "net");
    assert_eq!((net[compared].as_str(), net[whole].as_str()), ("-423685.04", "-438685.04"));

    let detail = proved(&folder, "07-deal-detail", "variance");
    assert_eq!(detail["37 deals compared"], net[compared]);
    assert_eq!(detail["1 deal excluded"], "-15000.00");
    assert_eq!(detail["39 deals"], net[whole]);
    let backlog = proved(&folder, "07-deal-detail", "backlog");
    let bridge = proved(&folder, "15-bookings-to-billings", "amount");
    assert_eq!(backlog["38 deals not excluded"], bridge["Backlog, 30 Jun 2026"]);
    let rows = records(&folder, "07-deal-detail.csv");
    assert_eq!(sum(&rows, "variance"), "-438685.04".parse().unwrap());
    assert_eq!(rows.last().unwrap()["excluded"], "INTERCOMPANY");
}

#[test]
fn completeness_stands_in_its_file() {
    let mut world = World::played();
    let folder = csv_folder(&mut world);
    let rows = records(&folder, "02-completeness.csv");
    assert_eq!(rows.len(), 24);
    assert!(rows.iter().all(|row| row["result"] == "AGREED"), "{rows:#?}");
}

/// Everything that `tieout exceptions` lists stands in the export, under the same code and id.
#[track_caller]
fn check_exceptions(world: &mut World, kinds: &[&str]) {
    let listed = world.exceptions().exceptions;
    for kind in kinds {
        assert!(listed.iter().any(|it| it.kind == *kind), "{kind} in {listed:#?}");
    }
    let folder = csv_folder(world);
    let rows = records(&folder, "20-exceptions.csv");
    let sheet: Vec<Vec<String>> = workbook(world)
        .sheet("Exceptions")
        .rows()
        .map(|row| row.iter().map(ToString::to_string).collect())
        .collect();
    let print = printed(world).join(" ");
    for it in listed {
        let id = it.subject.rsplit(' ').next().unwrap();
        let row = rows.iter().find(|row| row["code"] == it.code && row["id"] == id);
        let row = row.unwrap_or_else(|| panic!("{it:#?} in {rows:#?}"));
        if let Some(amount) = &it.amount {
            assert_eq!(
                (&row["amount"], &row["amount_currency"]),
                (&amount.amount, &amount.currency)
            );
        }
        assert!(!row["what"].is_empty() && !row["remedy"].is_empty(), "{row:?}");
        let has = |cells: &Vec<String>| cells.contains(&it.code) && cells.iter().any(|c| c == id);
        assert!(sheet.iter().any(has), "{it:#?} in {sheet:#?}");
        assert!(print.contains(&row["subject"]) && print.contains(&it.code), "{it:#?}");
    }
}

#[test]
fn every_exception_stands_in_every_export() {
    let kinds = ["variance", "blocked", "orphan", "unknown_outcome", "unassigned"];
    check_exceptions(&mut World::played(), &kinds);
}

#[test]
fn a_record_kept_aside_stands_in_every_export() {
    let mut world = World::read();
    world.in_salesforce("Opportunity", &world.deal_id("D-1042"), json!({"Name": "Steam traps"}));
    world.forward(60);
    world.wire.set(&world.deal_id("D-1042"), "Amount", "1.005");
    world.sync();
    check_exceptions(&mut world, &["quarantine"]);
}

/// A name that a spreadsheet would run.
const FORMULA: &str = "=HYPERLINK(\"http://evil.example\",\"Open\")";

fn with_a_formula() -> World {
    let mut world = World::read();
    let id = world.deal_id("D-1042");
    world.in_salesforce("Opportunity", &id, json!({"Name": FORMULA}));
    world.forward(60);
    world.sync();
    assert_eq!(world.deal("D-1042").name, FORMULA);
    world
}

#[test]
fn no_field_of_a_file_begins_like_a_formula() {
    let mut world = with_a_formula();
    let folder = csv_folder(&mut world);
    let mut seen = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).from_path(entry.unwrap().path()).unwrap();
        for record in reader.records().map(Result::unwrap) {
            for field in &record {
                let is_number = field.parse::<Decimal>().is_ok();
                assert!(is_number || !field.starts_with(['=', '+', '-', '@', '\t']), "{field}");
                seen += usize::from(field.contains("evil.example"));
            }
        }
    }
    assert!(seen > 0, "the name itself is there");
}

#[test]
fn no_cell_of_the_workbook_runs_a_name() {
    let mut world = with_a_formula();
    let mut workbook = workbook(&mut world);
    let mut seen = 0;
    for sheet in workbook.0.sheet_names() {
        let formulas = workbook.0.worksheet_formula(&sheet).unwrap();
        assert!(formulas.used_cells().all(|(_, _, formula)| !formula.contains("evil")));
        let texts = workbook.sheet(&sheet);
        seen += texts.used_cells().filter(|(_, _, it)| it.to_string().contains(FORMULA)).count();
    }
    assert!(seen > 0, "the name itself is there");
}

// ---- print

#[test]
fn every_page_of_the_print_has_its_number() {
    let pages = printed(&mut World::played());
    assert!(pages.len() > 5);
    for (at, page) in pages.iter().enumerate() {
        let number = format!("Page {} of {}", at + 1, pages.len());
        assert!(page.lines().any(|line| line == number), "{number}");
    }
}

#[test]
fn the_print_has_the_control_totals() {
    let text = printed(&mut World::played()).join("\n");
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    for total in [
        "697,803.36",
        "699,053.36",
        "1,250.00",
        "651,960.00",
        "354,059.76",
        "397,540.00",
        "745,346.00",
        "875,685.04",
        "3,173,150.00",
        "2,310,743.36",
        "(423,600.00)",
    ] {
        assert!(lines.contains(&total), "{total}");
    }
}

#[test]
fn the_print_of_an_incomplete_run_says_so() {
    let mut world = World::read();
    world.in_salesforce("Opportunity", &world.deal_id("D-1042"), json!({"Name": "Steam traps"}));
    world.forward(60);
    world.wire.set(&world.deal_id("D-1042"), "Amount", "1.005");
    assert!(!world.sync().run.complete);
    let text = printed(&mut world).join("\n").to_lowercase();
    assert!(text.contains("incomplete"), "{text}");
}

fn printed(world: &mut World) -> Vec<String> {
    let out = world.beside("workpaper.pdf");
    world.export(ExportFormat::Pdf, &out);
    print::pages(&std::fs::read(out).unwrap())
}

// ---- the same bytes, and no others

#[track_caller]
fn check_same(format: ExportFormat) {
    let mut world = World::played();
    let (one, two) = (world.beside("one"), world.beside("two"));
    let first = world.export(format, &one);
    let second = world.export(format, &two);
    assert!(!first.is_empty());
    assert_eq!(first.len(), second.len());
    for (first, second) in first.iter().zip(&second) {
        assert_eq!(first.hash, second.hash, "{}", first.path);
        assert_eq!(std::fs::read(&first.path).unwrap(), std::fs::read(&second.path).unwrap());
    }
}

#[test]
fn two_prints_at_one_moment_are_the_same_bytes() {
    check_same(ExportFormat::Pdf);
}

#[test]
fn two_workbooks_at_one_moment_are_the_same_bytes() {
    check_same(ExportFormat::Xlsx);
}

#[test]
fn two_folders_at_one_moment_are_the_same_bytes() {
    check_same(ExportFormat::Csv);
}

#[test]
fn every_written_file_is_known_until_a_byte_is_changed() {
    let mut world = World::played();
    for format in FORMATS {
        let out = world.beside("export");
        for file in world.export(format, &out) {
            let path = Path::new(&file.path);
            let verdict = verify_file(world.workspace(), path).unwrap();
            assert!(verdict.verified && verdict.hash.as_ref() == Some(&file.hash));
            let mut bytes = std::fs::read(path).unwrap();
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            std::fs::write(path, bytes).unwrap();
            let failure = verify_file(world.workspace(), path).unwrap_err();
            assert_eq!(failure.code, Code::HashDiffers, "{}", file.path);
        }
        let _ = std::fs::remove_dir_all(&out);
        let _ = std::fs::remove_file(&out);
    }
}

#[test]
fn a_file_of_another_workspace_is_not_ours() {
    let mut world = World::played();
    let foreign = world.beside("foreign.pdf");
    World::read().export(ExportFormat::Pdf, &foreign);
    let failure = verify_file(world.workspace(), &foreign).unwrap_err();
    assert_eq!(failure.code, Code::HashDiffers);
    let failure = verify_file(world.workspace(), &world.beside("nothing")).unwrap_err();
    assert_eq!(failure.code, Code::UnreadableFile);
    world.close();
}

#[test]
fn the_audit_trail_holds_every_export() {
    let mut world = World::played();
    let before = verify_workspace(world.workspace()).unwrap();
    assert!(before.verified);
    let out = world.beside("one.pdf");
    world.export(ExportFormat::Pdf, &out);
    let after = verify_workspace(world.workspace()).unwrap();
    assert_eq!(after.audit_entries, before.audit_entries + 1);
}

#[test]
fn what_was_signed_is_exported_as_it_was_known() {
    let mut world = World::played();
    let out = world.beside("signed.pdf");
    let options = tieout_api::ExportOptions {
        period: "2026-06".into(),
        format: ExportFormat::Pdf,
        out: out.clone(),
        paper: tieout_api::PaperSize::A4,
        known_at: Some("2026-07-02T17:40:00-07:00".into()),
        ledger: None,
    };
    tieout_api::export(world.workspace_mut(), &options).unwrap();
    let text = print::pages(&std::fs::read(out).unwrap()).join("\n");
    let signed: Amount =
        world.reconcile_known("2026-07-02T17:40").receivables[0].receivable.clone();
    assert_eq!(signed.amount, "700273.36");
    assert!(text.contains("700,273.36") && text.contains("701,523.36"));
    assert!(!text.contains("697,803.36"));
}
