//! Crashes and full disks.

use std::fs;

use tieout_domain::effect::EffectState;
use tieout_domain::facts::Stream;

use super::support::*;
use crate::{CursorProgress, EffectMove, Store, StoreError};

/// What a crash at this moment would leave: a copy of the file and its journal as they lie on disk.
fn crashed(bench: &Bench) -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    for name in ["workspace.db", "workspace.db-wal"] {
        let from = bench.folder.path().join(name);
        if from.exists() {
            fs::copy(from, folder.path().join(name)).unwrap();
        }
    }
    let store = Store::open(&folder.path().join("workspace.db"), &key()).unwrap();
    (folder, store)
}

#[test]
fn what_was_committed_survives_a_crash() {
    let mut bench = Bench::new();
    bench.store.intend(&effect("k1")).unwrap();
    let sent = EffectMove::at(time("06-11"), "sent");
    bench.store.move_effect("k1", EffectState::Intended, EffectState::Sent, &sent).unwrap();
    let (_folder, mut store) = crashed(&bench);
    assert_eq!(store.effect("k1").unwrap().unwrap().state, EffectState::Sent);
    assert_eq!(store.recover_sent(time("06-12")).unwrap(), ["k1"]);
}

#[test]
fn what_was_not_committed_does_not() {
    let mut bench = Bench::new();
    bench.observe("06-11", &[invoice_fact("1", "1", "06-10", 100)]);
    let folder;
    let store;
    {
        let path = bench.path();
        let tx = bench.store.write().unwrap();
        crate::facts::record_one(
            &tx,
            &books(),
            &run(),
            time("06-12"),
            &invoice_fact("1", "2", "06-12", 999),
        )
        .unwrap();
        tx.cache_flush().unwrap();
        assert!(fs::metadata(path.with_extension("db-wal")).unwrap().len() > 0);
        let half = tempfile::tempdir().unwrap();
        for name in ["workspace.db", "workspace.db-wal"] {
            fs::copy(path.with_file_name(name), half.path().join(name)).unwrap();
        }
        store = Store::open(&half.path().join("workspace.db"), &key()).unwrap();
        folder = half;
    }
    let held = store.facts(&books(), Stream::Invoices, None).unwrap();
    assert_eq!(held, [invoice_fact("1", "1", "06-10", 100)]);
    assert_eq!(bench.store.facts(&books(), Stream::Invoices, None).unwrap(), held);
    assert_eq!(store.check_integrity().unwrap(), Vec::<String>::new());
    drop(folder);
}

#[test]
fn a_full_disk_is_named_and_loses_nothing() {
    let mut bench = Bench::new();
    bench.observe("06-11", &[invoice_fact("1", "1", "06-10", 100)]);
    let pages: i64 =
        bench.store.db.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
    bench.store.db.pragma_update(None, "max_page_count", pages + 2).unwrap();
    let facts: Vec<_> =
        (0..2_000).map(|id| invoice_fact(&id.to_string(), "2", "06-12", 200)).collect();
    let done = || CursorProgress::Done { mark: time("06-12") };
    let full = bench.try_record("06-12", &facts, &[], done());
    assert!(matches!(full, Err(StoreError::DiskFull(_))), "{full:?}");
    let held = bench.store.facts(&books(), Stream::Invoices, None).unwrap();
    assert_eq!(held, [invoice_fact("1", "1", "06-10", 100)]);
    assert_eq!(bench.store.cursor(&books(), Stream::Invoices).unwrap(), None);
    bench.store.db.pragma_update(None, "max_page_count", 1_000_000).unwrap();
    assert_eq!(bench.record("06-12", &facts, &[], done()).new, 1_999);
}

#[test]
fn writes_are_forced_to_the_disk() {
    let bench = Bench::new();
    let pragma = |name: &str| -> String {
        bench
            .store
            .db
            .pragma_query_value(None, name, |row| row.get::<_, rusqlite::types::Value>(0))
            .map(|value| format!("{value:?}"))
            .unwrap()
    };
    assert_eq!(pragma("synchronous"), "Integer(2)");
    assert_eq!(pragma("journal_mode"), "Text(\"wal\")");
    assert_eq!(pragma("foreign_keys"), "Integer(1)");
    assert_eq!(pragma("recursive_triggers"), "Integer(1)");
    assert_eq!(pragma("temp_store"), "Integer(2)");
}
