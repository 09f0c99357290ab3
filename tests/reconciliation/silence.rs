//! Nothing of a customer and no secret stands in any log at any level, or in clear on the disk.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tieout_api::{Code, ExportFormat, Workspace};
use tieout_sim::fault::FaultKind;
use tieout_sim::quickbooks::QuickBooksSim;
use tieout_sim::sample::Company;
use tieout_tests::expected::rows;
use tieout_tests::trace::during;
use tieout_tests::{PASSPHRASE, World, cheap_key, opening, play};
use zeroize::Zeroizing;

/// Names of accounts, deals and people of the sample.
fn names() -> Vec<String> {
    let company = Company::alder_quay();
    let accounts = company.accounts.iter().flat_map(|it| [it.name.clone(), it.owner.clone()]);
    let deals = company.deals.iter().map(|it| it.name.clone());
    let excluded = company.excluded.iter().flat_map(|it| [it.name.clone(), it.by.clone()]);
    let notes = company.decisions.iter().map(|it| it.note.clone());
    accounts.chain(deals).chain(excluded).chain(notes).filter(|it| !it.is_empty()).collect()
}

/// Every amount of the sample as it may be written: `52700.00`, `52,700.00`, `52700.0`.
fn amounts() -> Vec<String> {
    let mut texts = Vec::new();
    for list in ["deals", "invoices", "aging", "now.lines", "completeness", "unpaid_rows"] {
        for row in rows(list) {
            texts.extend(row.as_object().unwrap().values().filter_map(Value::as_str).filter_map(
                |text| {
                    text.strip_prefix('-').unwrap_or(text).strip_suffix(".00").map(str::to_owned)
                },
            ));
        }
    }
    texts.retain(|whole| whole.len() > 3);
    let written = texts.into_iter().flat_map(|whole| {
        let (thousands, rest) = whole.split_at(whole.len() - 3);
        [format!("{whole}.0"), format!("{whole}.00"), format!("{thousands},{rest}")]
    });
    written.collect()
}

/// What may stand nowhere.
fn secrets() -> Vec<String> {
    vec![PASSPHRASE.into(), QuickBooksSim::CLIENT_SECRET.into()]
}

#[track_caller]
fn check_silent(heard: &str, never: &[String]) {
    assert!(!never.is_empty());
    for line in heard.lines() {
        let said = never.iter().find(|text| line.contains(text.as_str()));
        assert_eq!(said, None, "{line}");
    }
}

#[test]
fn what_is_logged_is_heard() {
    let ((), heard) = during(|| {
        tracing::trace!(name = "Harrow Creek Water District", "told");
        tracing::debug_span!("call", token = "abc").in_scope(|| tracing::info!(sum = 7, "inside"));
    });
    for part in ["Harrow Creek", "told", "abc", "sum=7", "TRACE", "INFO"] {
        assert!(heard.contains(part), "{part} in {heard}");
    }
}

#[test]
fn the_demonstration_logs_no_name_no_amount_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = folder.path().join("workspace");
    fs::create_dir(&workspace).unwrap();
    cheap_key(&workspace);
    let (report, heard) = during(|| play(&opening(&workspace), &folder.path().join("reports")));
    assert!(report.complete);
    check_silent(&heard, &names());
    check_silent(&heard, &amounts());
    check_silent(&heard, &secrets());
}

/// Everything that may go wrong goes wrong while everything is logged.
#[test]
fn trouble_logs_no_name_no_amount_no_secret() {
    let (secrets_used, heard) = during(|| {
        let mut world = World::fresh();
        world.sign_in();
        world.allow_writing("salesforce");
        world.allow_writing("quickbooks");
        let id = world.deal_id("D-1042");
        world.wire.set(&id, "Name", r#""Steam\u0000trap""#);
        world.wire.set(&world.deal_id("D-1035"), "Amount", "58400.001");
        world.sync();
        world.quickbooks_suffers(FaultKind::DropAfter, "POST", "/invoice", "");
        world.create(&[]);
        world.salesforce_suffers(FaultKind::Unauthorized, "GET", "", "");
        world.quickbooks_suffers(FaultKind::Unauthorized, "GET", "", "");
        world.forward(7_200);
        world.sync();
        world.heal();
        world.resync("D-1041");
        world.export(ExportFormat::Csv, &world.beside("csv"));
        world.wire.secrets()
    });
    assert!(secrets_used.len() >= 8, "{} tokens, codes and secrets", secrets_used.len());
    check_silent(&heard, &secrets_used.into_iter().collect::<Vec<_>>());
    check_silent(&heard, &names());
    check_silent(&heard, &amounts());
    check_silent(&heard, &secrets());
}

// ---- on the disk

/// Every file of a workspace but those of the simulators.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && path.file_name().is_some_and(|name| name != "sandbox") {
            found.extend(files(&path));
        } else if path.is_file() {
            found.push(path);
        }
    }
    found
}

#[track_caller]
fn check_closed(folder: &Path, never: &[String]) {
    let files = files(folder);
    assert!(files.iter().any(|file| file.ends_with("tieout.db")));
    for file in files {
        let bytes = fs::read(&file).unwrap();
        for text in never {
            let found = bytes.windows(text.len()).any(|window| window == text.as_bytes());
            assert!(!found, "`{text}` in {}", file.display());
        }
    }
}

#[test]
fn no_name_and_no_token_lies_in_clear_in_the_workspace() {
    let mut world = World::fresh();
    world.sign_in();
    world.sync();
    let mut never = names();
    never.extend(secrets());
    never.extend(world.wire.secrets());
    check_closed(world.folder(), &never);
    let folder = world.folder().to_owned();
    world.close();
    check_closed(&folder, &never);
}

#[test]
fn the_store_is_no_readable_database() {
    let mut world = World::read();
    world.close();
    let bytes = fs::read(world.folder().join("tieout.db")).unwrap();
    assert!(!bytes.starts_with(b"SQLite format 3"));
    let text = b"CREATE TABLE";
    assert!(!bytes.windows(text.len()).any(|window| window == text));
}

#[test]
fn another_passphrase_does_not_open_it() {
    let mut world = World::read();
    world.close();
    let mut opening = opening(world.folder());
    opening.passphrase = Some(Zeroizing::new("seven brass keys on a string".into()));
    let failure = world.block_on(Workspace::open(&opening)).err().unwrap();
    assert_eq!(failure.code, Code::WrongKey);
    opening.passphrase = None;
    let failure = world.block_on(Workspace::open(&opening)).err().unwrap();
    assert_eq!(failure.code, Code::WrongKey);
}

#[test]
fn a_second_process_does_not_open_it() {
    let world = World::read();
    let failure = world.block_on(Workspace::open(&opening(world.folder()))).err().unwrap();
    assert_eq!(failure.code, Code::SecondInstance);
}
