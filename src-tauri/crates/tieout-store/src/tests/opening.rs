//! Which files are opened, which are refused and why, and how older ones are brought up to date.

use std::fs;

use rusqlite::Connection;
use rusqlite_migration::M;

use super::support::*;
use crate::migrations::{self, V1, V2, V3};
use crate::{LOCK_FILE, Store, StoreError, WorkspaceLock};

#[track_caller]
fn check(prepare: impl Fn(&std::path::Path), want: fn(&StoreError) -> bool) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("workspace.db");
    prepare(&path);
    let before = fs::read(&path).ok();
    let error = Store::open(&path, &key()).unwrap_err();
    assert!(want(&error), "{error:?}");
    assert_eq!(fs::read(&path).ok(), before, "a refused file stays as it is");
}

fn encrypted(path: &std::path::Path, sql: &str) {
    let raw = Connection::open(path).unwrap();
    raw.execute_batch(&key().pragma()).unwrap();
    raw.execute_batch(sql).unwrap();
}

#[test]
fn a_plain_database_is_named_as_such() {
    let plain = |path: &std::path::Path| {
        Connection::open(path).unwrap().execute_batch("CREATE TABLE t (x)").unwrap();
    };
    check(plain, |error| matches!(error, StoreError::NotEncrypted));
}

#[test]
fn a_file_that_is_cut_off_is_damaged() {
    let cut = |path: &std::path::Path| {
        drop(Store::open(path, &key()).unwrap());
        let bytes = fs::read(path).unwrap();
        fs::write(path, &bytes[..1_000]).unwrap();
    };
    check(cut, |error| matches!(error, StoreError::Corrupt(_)));
}

#[test]
fn an_encrypted_database_of_somebody_else_is_refused() {
    check(
        |path| encrypted(path, "CREATE TABLE t (x)"),
        |error| matches!(error, StoreError::NotAWorkspace),
    );
}

#[test]
fn a_newer_file_is_refused_with_both_versions() {
    let newer = |path: &std::path::Path| {
        drop(Store::open(path, &key()).unwrap());
        encrypted(path, "PRAGMA user_version = 99");
    };
    check(newer, |error| matches!(error, StoreError::NewerFile { found: 99, known: 3 }));
}

#[test]
fn damage_inside_the_file_is_named() {
    let mut bench = Bench::new();
    let facts: Vec<_> =
        (0..500).map(|id| invoice_fact(&id.to_string(), "1", "06-10", 100)).collect();
    bench.observe("06-11", &facts);
    let path = bench.path();
    drop(bench.store);
    let mut bytes = fs::read(&path).unwrap();
    let last_page = bytes.len() - 100;
    bytes[last_page] ^= 1;
    fs::write(&path, bytes).unwrap();
    let defects = Store::open(&path, &key()).unwrap().check_integrity().unwrap();
    assert!(!defects.is_empty());
}

/// There is no released version yet, so the stored file of version 1 is made here.
#[test]
fn a_file_of_version_one_opens() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("workspace.db");
    encrypted(&path, &format!("{V1} PRAGMA user_version = 1"));
    let store = Store::open(&path, &key()).unwrap();
    assert_eq!(store.schema_version().unwrap(), 3);
    assert!(path.with_extension("v1.backup").exists());
}

/// Of what was read before there were rules, nobody knows what they ask for.
#[test]
fn an_older_version_of_a_deal_still_reads() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("workspace.db");
    let deal = "INSERT INTO connection VALUES ('crm', 'x', 'crm', 'X', '{}', 0, 0, NULL, NULL, NULL);
        INSERT INTO run VALUES ('r1', 'sync', 'test', 0, NULL, NULL, NULL, '', 0);
        INSERT INTO fact_deal VALUES (1, 'crm', 'd1', 1, 0, 'r1', '1', 0, 0, 'Renewal', NULL, 'Won', 1,
            1, 100, 'USD', 'USD', '2026-06-01', 'New', NULL, 0, NULL, NULL, NULL, NULL);";
    encrypted(&path, &format!("{V1} {V2} {deal} PRAGMA user_version = 2"));
    let store = Store::open(&path, &key()).unwrap();
    let facts = store.facts(&crm(), tieout_domain::facts::Stream::Deals, None).unwrap();
    let [tieout_domain::facts::Fact::Deal(deal)] = facts.as_slice() else { panic!("{facts:?}") };
    assert_eq!((deal.kind.as_deref(), &deal.record_type), (Some("New"), &None));
    assert!(deal.traits.is_empty());
}

const NEXT: &[M<'static>] =
    &[M::up(V1), M::up(V2), M::up(V3), M::up("CREATE TABLE next (x TEXT) STRICT;")];
const BROKEN: &[M<'static>] = &[
    M::up(V1),
    M::up(V2),
    M::up(V3),
    M::up("CREATE TABLE next (x TEXT) STRICT; INSERT INTO nowhere VALUES (1);"),
];

#[test]
fn an_older_file_is_copied_and_then_brought_up_to_date() {
    let mut bench = Bench::new();
    bench.observe("06-11", &[invoice_fact("1", "1", "06-10", 100)]);
    let path = bench.path();
    drop(bench.store);
    let next = migrations::of(NEXT);
    let store = Store::open_at(&path, &key(), &next).unwrap();
    let version: i64 = store.db.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert_eq!(version, 4);
    let stream = tieout_domain::facts::Stream::Invoices;
    assert_eq!(store.facts(&books(), stream, None).unwrap().len(), 1);
    let copy = path.with_extension("v3.backup");
    let copied = Store::open(&copy, &key()).unwrap();
    assert_eq!(copied.schema_version().unwrap(), 3);
    assert_eq!(copied.facts(&books(), stream, None).unwrap().len(), 1);
    drop(store);
    let older = Store::open(&path, &key());
    assert!(matches!(older, Err(StoreError::NewerFile { found: 4, known: 3 })));
}

#[test]
fn a_migration_that_fails_leaves_the_file_as_it_was() {
    let bench = Bench::new();
    let path = bench.path();
    drop(bench.store);
    let failed = Store::open_at(&path, &key(), &migrations::of(BROKEN));
    assert!(failed.is_err());
    let store = Store::open(&path, &key()).unwrap();
    assert_eq!(store.schema_version().unwrap(), 3);
    let next: i64 = store
        .db
        .query_row("SELECT count(*) FROM sqlite_schema WHERE name = 'next'", [], |row| row.get(0))
        .unwrap();
    assert_eq!(next, 0);
    assert!(path.with_extension("v3.backup").exists());
}

#[test]
fn a_new_file_needs_no_copy() {
    let bench = Bench::new();
    let names: Vec<_> = fs::read_dir(bench.folder.path())
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains("backup") || name.contains("partial"))
        .collect();
    assert_eq!(names, Vec::<String>::new());
}

#[test]
fn a_reader_sees_what_the_writer_commits_and_cannot_write() {
    let mut bench = Bench::new();
    let mut reader = Store::open_read_only(&bench.path(), &key()).unwrap();
    bench.observe("06-11", &[invoice_fact("1", "1", "06-10", 100)]);
    let stream = tieout_domain::facts::Stream::Invoices;
    assert_eq!(reader.facts(&books(), stream, None).unwrap().len(), 1);
    let written = reader.put_sealed("grant", b"x");
    assert!(matches!(written, Err(StoreError::ReadOnly(_))), "{written:?}");
}

#[test]
fn a_reader_needs_no_writer() {
    let mut bench = Bench::new();
    bench.observe("06-11", &[invoice_fact("1", "1", "06-10", 100)]);
    let path = bench.path();
    drop(bench.store);
    let reader = Store::open_read_only(&path, &key()).unwrap();
    let stream = tieout_domain::facts::Stream::Invoices;
    assert_eq!(reader.facts(&books(), stream, None).unwrap().len(), 1);
}

#[test]
fn a_reader_makes_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("workspace.db");
    let opened = Store::open_read_only(&path, &key());
    assert!(matches!(opened, Err(StoreError::CannotOpen(_))), "{opened:?}");
    assert!(!path.exists());
}

#[test]
fn a_file_that_was_only_begun_is_finished() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("workspace.db");
    fs::write(&path, b"").unwrap();
    assert_eq!(Store::open(&path, &key()).unwrap().schema_version().unwrap(), 3);
}

#[test]
fn only_one_instance_may_write() {
    let folder = tempfile::tempdir().unwrap();
    let held = WorkspaceLock::acquire(folder.path()).unwrap();
    let second = WorkspaceLock::acquire(folder.path());
    assert!(matches!(second, Err(StoreError::WorkspaceInUse)), "{second:?}");
    drop(held);
    WorkspaceLock::acquire(folder.path()).unwrap();
    assert!(folder.path().join(LOCK_FILE).exists());
}

#[test]
fn the_lock_of_a_folder_that_is_not_there_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let locked = WorkspaceLock::acquire(&folder.path().join("missing"));
    assert!(matches!(locked, Err(StoreError::File { action: "opened", .. })));
}

#[test]
fn a_copy_never_overwrites_a_file() {
    let bench = Bench::new();
    let target = bench.folder.path().join("copy.db");
    fs::write(&target, b"precious").unwrap();
    assert!(matches!(bench.store.backup_to(&target), Err(StoreError::TargetExists)));
    assert_eq!(fs::read(&target).unwrap(), b"precious");
}
