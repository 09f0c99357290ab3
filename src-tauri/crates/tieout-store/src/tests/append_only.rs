//! What may never be changed or removed cannot be, not even past our own code.

use super::support::*;
use crate::{Completeness, RunEnd, StoreError, WorkpaperState};

/// Puts at least one row into every guarded table.
fn filled() -> Bench {
    let mut bench = Bench::new();
    super::decisions::decide_everything(&mut bench.store);
    super::schema::record_every_kind(&mut bench);
    bench.store.intend(&effect("k1")).unwrap();
    bench.store.save_totals(&run(), &[super::schema::total()]).unwrap();
    super::workpapers::save(&mut bench.store, b"snapshot");
    let ann = decided("ann", "07-02");
    bench.store.move_workpaper("w1", 1, WorkpaperState::Prepared, &ann).unwrap();
    let rows = [quarantined("1", "raw")];
    bench.record("06-11", &[], &rows, crate::CursorProgress::Unmoved);
    let completeness = Completeness::Incomplete { reasons: vec!["cut off".into()] };
    let end =
        RunEnd { ended_at: time("06-12"), completeness, counts: "{}".into(), http_requests: 0 };
    bench.store.finish_run(&run(), &end).unwrap();
    bench
}

/// Tables whose rows change by design; each has rules of its own.
const CHANGING: [&str; 9] = [
    "audit_head",
    "connection",
    "cursor",
    "effect",
    "observation_clock",
    "quarantine",
    "run",
    "sealed",
    "workpaper",
];

fn tables(bench: &Bench) -> Vec<String> {
    let raw = bench.raw();
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name";
    let mut query = raw.prepare(sql).unwrap();
    query.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
}

#[track_caller]
fn check_refused(bench: &Bench, sql: &str) {
    let error = bench.raw().execute(sql, []).unwrap_err();
    let error = StoreError::from(error);
    assert!(matches!(error, StoreError::AppendOnly(_)), "{sql}: {error:?}");
}

#[test]
fn no_row_of_an_append_only_table_is_changed_or_removed() {
    let bench = filled();
    let guarded: Vec<String> =
        tables(&bench).into_iter().filter(|table| !CHANGING.contains(&table.as_str())).collect();
    assert_eq!(guarded.len(), 30, "{guarded:?}");
    for table in guarded {
        let count: i64 = bench
            .raw()
            .query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0))
            .unwrap();
        assert!(count > 0, "{table} is empty, so nothing is proven");
        let first: String = bench
            .raw()
            .query_row(
                "SELECT name FROM pragma_table_info(?1) ORDER BY cid DESC LIMIT 1",
                [&table],
                |row| row.get(0),
            )
            .unwrap();
        check_refused(&bench, &format!("UPDATE {table} SET {first} = {first}"));
        check_refused(&bench, &format!("DELETE FROM {table}"));
    }
}

#[test]
fn what_a_changing_table_must_keep_is_kept() {
    let bench = filled();
    for sql in [
        "DELETE FROM audit_head",
        "DELETE FROM connection",
        "DELETE FROM effect",
        "UPDATE effect SET key = 'other'",
        "UPDATE effect SET deal = 'other'",
        "UPDATE effect SET connection = 'crm'",
        "DELETE FROM quarantine",
        "UPDATE quarantine SET raw = ''",
        "DELETE FROM run",
        "UPDATE run SET counts = '{}'",
        "DELETE FROM workpaper",
        "UPDATE workpaper SET snapshot = x'00'",
        "UPDATE workpaper SET period = '2026-07'",
    ] {
        check_refused(&bench, sql);
    }
}

#[test]
fn sent_content_is_frozen_in_the_file_itself() {
    let mut bench = filled();
    let sent = crate::EffectMove::at(time("06-12"), "sent");
    let (from, to) =
        (tieout_domain::effect::EffectState::Intended, tieout_domain::effect::EffectState::Sent);
    bench.store.move_effect("k1", from, to, &sent).unwrap();
    check_refused(&bench, "UPDATE effect SET payload = '{}'");
    check_refused(&bench, "UPDATE effect SET content_hash = ''");
}
