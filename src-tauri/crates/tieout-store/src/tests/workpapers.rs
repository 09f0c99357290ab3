//! Workpapers: frozen once signed, signed by two people.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::support::*;
use crate::WorkpaperState::{self, Draft, Locked, Prepared, Reopened, Reviewed, Suspended};
use crate::{Store, StoreError, WorkpaperRecord};

fn workpaper(snapshot: &[u8]) -> WorkpaperRecord {
    WorkpaperRecord {
        id: "w1".into(),
        version: 1,
        connection: books(),
        period: "2026-06".into(),
        state: Draft,
        known_at: time("07-01"),
        hash: HEXLOWER.encode(&Sha256::digest(snapshot)),
        created_at: time("07-01"),
        created_by: "ann".into(),
    }
}

pub(super) fn save(store: &mut Store, snapshot: &[u8]) {
    store.save_workpaper(&workpaper(snapshot), snapshot).unwrap();
}

fn go(store: &mut Store, actor: &str, to: WorkpaperState) -> Result<(), StoreError> {
    store.move_workpaper("w1", 1, to, &decided(actor, "07-02"))
}

#[test]
fn a_draft_is_replaced_and_comes_back_byte_for_byte() {
    let mut bench = Bench::new();
    save(&mut bench.store, b"one");
    save(&mut bench.store, b"two");
    let held = bench.store.workpaper("w1", 1).unwrap().unwrap();
    assert_eq!(held, (workpaper(b"two"), b"two".to_vec()));
    assert_eq!(bench.store.workpapers().unwrap(), [workpaper(b"two")]);
    assert_eq!(bench.store.workpaper("w1", 2).unwrap(), None);
}

#[test]
fn a_signed_snapshot_is_frozen() {
    let mut bench = Bench::new();
    save(&mut bench.store, b"one");
    go(&mut bench.store, "ann", Prepared).unwrap();
    let saved = bench.store.save_workpaper(&workpaper(b"two"), b"two");
    assert!(matches!(saved, Err(StoreError::AppendOnly(_))), "{saved:?}");
    assert_eq!(bench.store.workpaper("w1", 1).unwrap().unwrap().1, b"one");
}

#[test]
fn a_hash_of_other_bytes_is_refused() {
    let mut bench = Bench::new();
    let saved = bench.store.save_workpaper(&workpaper(b"one"), b"two");
    assert!(matches!(saved, Err(StoreError::SnapshotHash { .. })));
}

#[test]
fn whoever_prepared_cannot_review() {
    let mut bench = Bench::new();
    save(&mut bench.store, b"one");
    go(&mut bench.store, "ann", Prepared).unwrap();
    assert!(matches!(go(&mut bench.store, "ann", Reviewed), Err(StoreError::SamePerson { .. })));
    go(&mut bench.store, "ben", Reviewed).unwrap();
    go(&mut bench.store, "ben", Locked).unwrap();
    let moves: Vec<_> = bench
        .store
        .workpaper_moves("w1", 1)
        .unwrap()
        .into_iter()
        .map(|it| (it.decided.actor, it.to))
        .collect();
    let by = |actor: &str, to| (actor.to_owned(), to);
    assert_eq!(moves, [by("ann", Prepared), by("ben", Reviewed), by("ben", Locked)]);
}

#[test]
fn a_move_that_the_domain_does_not_know_is_refused() {
    let mut bench = Bench::new();
    save(&mut bench.store, b"one");
    for to in [Draft, Reviewed, Locked, Suspended, Reopened] {
        let moved = go(&mut bench.store, "ben", to);
        assert!(matches!(moved, Err(StoreError::IllegalWorkpaperMove { .. })), "{to:?}");
    }
    let nobody = bench.store.move_workpaper("w9", 1, Prepared, &decided("ann", "07-02"));
    assert!(matches!(nobody, Err(StoreError::NoSuchWorkpaper { .. })));
}

#[test]
fn a_suspended_workpaper_keeps_its_snapshot_and_can_only_be_reopened() {
    let mut bench = Bench::new();
    save(&mut bench.store, b"one");
    go(&mut bench.store, "ann", Prepared).unwrap();
    go(&mut bench.store, "ben", Reviewed).unwrap();
    go(&mut bench.store, "engine", Suspended).unwrap();
    assert!(go(&mut bench.store, "ann", Prepared).is_err());
    go(&mut bench.store, "ann", Reopened).unwrap();
    assert_eq!(bench.store.workpaper("w1", 1).unwrap().unwrap().1, b"one");
}

/// Even with a clock that is set back, or stands still, nothing slips into what was signed.
#[test]
fn what_is_observed_after_a_snapshot_was_not_known_to_it() {
    for observed in ["07-01", "06-15"] {
        let mut bench = Bench::new();
        save(&mut bench.store, b"one");
        bench.observe(observed, &[invoice_fact("1", "1", "06-10", 100)]);
        let stream = tieout_domain::facts::Stream::Invoices;
        let known = bench.store.facts(&books(), stream, Some(time("07-01"))).unwrap();
        assert_eq!(known, [], "{observed}");
        let changes = bench.store.changes_between(&books(), time("07-01"), time("07-31")).unwrap();
        assert_eq!(changes.len(), 1, "{observed}");
    }
}

#[test]
fn saving_and_signing_are_audited() {
    let mut bench = Bench::new();
    save(&mut bench.store, b"one");
    go(&mut bench.store, "ann", Prepared).unwrap();
    let actions: Vec<String> =
        bench.store.audit(10).unwrap().into_iter().map(|entry| entry.action).collect();
    assert_eq!(actions, ["workpaper.prepared", "workpaper.saved"]);
}
