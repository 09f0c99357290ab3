//! Nothing readable on disk, and nobody without the key gets in.

use std::fs;

use super::support::*;
use crate::{CursorProgress, DatabaseKey, Store, StoreError};

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

/// Every file of the workspace folder.
fn files(bench: &Bench) -> Vec<(String, Vec<u8>)> {
    fs::read_dir(bench.folder.path())
        .unwrap()
        .map(|file| {
            let file = file.unwrap();
            (file.file_name().into_string().unwrap(), fs::read(file.path()).unwrap())
        })
        .collect()
}

#[test]
fn no_name_and_no_header_is_readable_in_any_file() {
    let mut bench = Bench::new();
    let rows = [quarantined("2", CUSTOMER_NAME)];
    bench.record("06-11", &[invoice_fact("1", "1", "06-10", 100)], &rows, CursorProgress::Unmoved);
    bench.store.intend(&crate::Effect { payload: CUSTOMER_NAME.into(), ..effect("k1") }).unwrap();
    bench.store.backup_to(&bench.folder.path().join("copy.db")).unwrap();
    let held = files(&bench);
    let names: Vec<&str> = held.iter().map(|(name, _)| name.as_str()).collect();
    for want in ["workspace.db", "workspace.db-wal", "copy.db"] {
        assert!(names.contains(&want), "{names:?}");
    }
    let mut sizes = 0;
    for (name, bytes) in &held {
        sizes += bytes.len();
        for needle in [CUSTOMER_NAME, "SQLite format 3", "fact_document", "CREATE TABLE"] {
            assert!(!contains(bytes, needle.as_bytes()), "`{needle}` is readable in {name}");
        }
    }
    assert!(sizes > 100_000, "the files hold something");
}

/// The same search finds the name where it is readable, so the test above proves something.
#[test]
fn the_search_for_readable_names_works() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plain.db");
    let plain = rusqlite::Connection::open(&path).unwrap();
    plain
        .execute_batch(&format!("CREATE TABLE t (x); INSERT INTO t VALUES ('{CUSTOMER_NAME}')"))
        .unwrap();
    let bytes = fs::read(&path).unwrap();
    assert!(contains(&bytes, CUSTOMER_NAME.as_bytes()) && contains(&bytes, b"SQLite format 3"));
}

#[test]
fn another_key_does_not_open_the_file() {
    let bench = Bench::new();
    for opened in [
        Store::open(&bench.path(), &DatabaseKey::new([1; 32])),
        Store::open_read_only(&bench.path(), &DatabaseKey::new([1; 32])),
    ] {
        assert!(matches!(opened, Err(StoreError::WrongKey)));
    }
}

#[test]
fn a_copy_opens_with_the_same_key_only() {
    let mut bench = Bench::new();
    bench.observe("06-11", &[invoice_fact("1", "1", "06-10", 100)]);
    let copy = bench.folder.path().join("copy.db");
    bench.store.backup_to(&copy).unwrap();
    let wrong = Store::open(&copy, &DatabaseKey::new([1; 32]));
    assert!(matches!(wrong, Err(StoreError::WrongKey)));
    let opened = Store::open(&copy, &key()).unwrap();
    let stream = tieout_domain::facts::Stream::Invoices;
    let held = opened.facts(&books(), stream, None).unwrap();
    assert_eq!(held, bench.store.facts(&books(), stream, None).unwrap());
    assert_eq!(opened.check_integrity().unwrap(), Vec::<String>::new());
}

#[test]
fn a_key_cannot_be_printed() {
    assert_eq!(format!("{:?}", key()), "<database key>");
}

#[test]
fn no_error_of_opening_shows_the_key() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing/workspace.db");
    let error = Store::open(&missing, &key()).unwrap_err();
    let shown = format!("{error:?} {error}");
    assert!(!shown.to_lowercase().contains("a7a7a7"), "{shown}");
    assert!(matches!(error, StoreError::CannotOpen(_)), "{shown}");
}
