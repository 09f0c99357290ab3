//! The audit chain, and that changing it outside the product is noticed.

use super::support::*;
use crate::AuditVerdict;

fn bench() -> Bench {
    let mut bench = Bench::new();
    for subject in ["one", "two", "three", "four"] {
        bench.store.append_audit(time("06-11"), "ann", "test", subject, "detail").unwrap();
    }
    bench
}

/// Runs SQL on the file behind our back, then says where the chain is broken.
#[track_caller]
fn check(sql: &str, want: Option<u64>) {
    let bench = bench();
    bench.raw().execute_batch(sql).unwrap();
    assert_eq!(bench.store.verify_audit().unwrap().broken_at, want, "{sql}");
}

const NO_GUARD: &str = "DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete;";

#[test]
fn an_untouched_chain_is_whole() {
    check("", None);
}

#[test]
fn an_empty_chain_is_whole() {
    let want = AuditVerdict { entries: 0, broken_at: None, head: [0; 32] };
    assert_eq!(Bench::new().store.verify_audit().unwrap(), want);
}

#[test]
fn a_changed_word_is_noticed() {
    for column in ["actor", "action", "subject", "detail"] {
        check(&format!("{NO_GUARD} UPDATE audit SET {column} = 'x' WHERE seq = 2"), Some(2));
    }
    check(&format!("{NO_GUARD} UPDATE audit SET at = at + 1 WHERE seq = 3"), Some(3));
}

#[test]
fn moving_text_between_columns_is_noticed() {
    let moved = "UPDATE audit SET actor = 'an', action = 'ntest' WHERE seq = 2";
    check(&format!("{NO_GUARD} {moved}"), Some(2));
}

#[test]
fn a_changed_hash_is_noticed() {
    check(&format!("{NO_GUARD} UPDATE audit SET hash = zeroblob(32) WHERE seq = 2"), Some(2));
    check(&format!("{NO_GUARD} UPDATE audit SET previous = zeroblob(32) WHERE seq = 2"), Some(2));
}

#[test]
fn a_missing_entry_is_noticed() {
    check(&format!("{NO_GUARD} DELETE FROM audit WHERE seq = 2"), Some(2));
}

#[test]
fn a_missing_end_is_noticed() {
    check(&format!("{NO_GUARD} DELETE FROM audit WHERE seq = 4"), Some(4));
    check(&format!("{NO_GUARD} DELETE FROM audit"), Some(1));
}

#[test]
fn an_added_entry_is_noticed() {
    let added = "INSERT INTO audit SELECT 5, at, actor, action, subject, detail, hash, hash
                 FROM audit WHERE seq = 4";
    check(added, Some(5));
}

#[test]
fn an_earlier_head_can_be_compared() {
    let mut bench = bench();
    let head = bench.store.verify_audit().unwrap().head;
    assert_eq!(head, bench.store.audit(1).unwrap()[0].hash);
    bench.store.append_audit(time("06-12"), "ann", "test", "five", "").unwrap();
    assert_ne!(head, bench.store.verify_audit().unwrap().head);
    assert_eq!(head, bench.store.audit(2).unwrap()[1].hash);
}

#[test]
fn entries_are_listed_from_the_latest() {
    let entries = bench().store.audit(2).unwrap();
    let subjects: Vec<&str> = entries.iter().map(|entry| entry.subject.as_str()).collect();
    assert_eq!(subjects, ["four", "three"]);
    assert_eq!(entries[0].seq, 4);
}
