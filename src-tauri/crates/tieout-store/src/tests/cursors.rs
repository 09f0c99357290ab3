//! Marks and pending reads, and that they move with the facts or not at all.

use tieout_domain::facts::Stream;

use super::support::*;
use crate::{Cursor, CursorProgress, PendingRead, Store, StoreError};

fn pending(token: &str, pages: u32) -> PendingRead {
    PendingRead {
        since: Some(time("06-01")),
        token: Some(token.into()),
        began_server_time: Some(time("06-11")),
        highest_mark: Some(time("06-10")),
        pages,
        records: u64::from(pages) * 1_000,
    }
}

fn cursor(store: &Store) -> Option<Cursor> {
    store.cursor(&books(), Stream::Invoices).unwrap()
}

fn done(mark: &str) -> CursorProgress {
    CursorProgress::Done { mark: time(mark) }
}

#[test]
fn a_feed_that_was_never_read_has_no_cursor() {
    assert_eq!(cursor(&Bench::new().store), None);
}

#[test]
fn a_page_leaves_the_mark_and_says_where_to_go_on() {
    let mut bench = Bench::new();
    bench.record("06-10", &[], &[], done("06-09"));
    bench.record("06-11", &[], &[], CursorProgress::Page(pending("p2", 1)));
    bench.record("06-11", &[], &[], CursorProgress::Page(pending("p3", 2)));
    let want =
        Cursor { mark: Some(time("06-09")), fields_hash: None, pending: Some(pending("p3", 2)) };
    assert_eq!(cursor(&bench.store), Some(want));
}

#[test]
fn the_end_of_a_feed_moves_the_mark() {
    let mut bench = Bench::new();
    bench.record("06-11", &[], &[], CursorProgress::Page(pending("p2", 1)));
    bench.record("06-11", &[], &[], done("06-10"));
    let want = Cursor { mark: Some(time("06-10")), fields_hash: None, pending: None };
    assert_eq!(cursor(&bench.store), Some(want));
}

#[test]
fn a_mark_never_goes_back() {
    let mut bench = Bench::new();
    bench.record("06-11", &[], &[], done("06-10"));
    bench.record("06-12", &[], &[], done("06-08"));
    assert_eq!(cursor(&bench.store).unwrap().mark, Some(time("06-10")));
}

#[test]
fn a_mark_never_passes_the_moment_the_read_began() {
    let mut bench = Bench::new();
    bench.record("06-11", &[], &[], CursorProgress::Page(pending("p2", 1)));
    let facts = [invoice_fact("1", "1", "06-10", 100)];
    let late = bench.try_record("06-11", &facts, &[], done("06-12"));
    assert!(matches!(late, Err(StoreError::MarkTooLate)), "{late:?}");
    assert_eq!(bench.store.facts(&books(), Stream::Invoices, None).unwrap(), []);
}

#[test]
fn facts_and_cursor_move_together_or_not_at_all() {
    let mut bench = Bench::new();
    bench
        .raw()
        .execute_batch(
            "CREATE TRIGGER dies BEFORE INSERT ON cursor
             BEGIN SELECT RAISE(ABORT, 'the process dies here'); END;",
        )
        .unwrap();
    let facts = [invoice_fact("1", "1", "06-10", 100)];
    let recorded = bench.try_record("06-11", &facts, &[], done("06-10"));
    assert!(recorded.is_err());
    assert_eq!(bench.store.facts(&books(), Stream::Invoices, None).unwrap(), []);
    assert_eq!(cursor(&bench.store), None);
    bench.raw().execute_batch("DROP TRIGGER dies").unwrap();
    bench.record("06-11", &facts, &[], done("06-10"));
    assert_eq!(bench.store.facts(&books(), Stream::Invoices, None).unwrap(), facts);
    assert!(cursor(&bench.store).is_some());
}

#[test]
fn other_fields_mean_a_new_read() {
    let mut bench = Bench::new();
    let set =
        |store: &mut Store, hash| store.set_fields_hash(&books(), Stream::Invoices, hash).unwrap();
    assert!(!set(&mut bench.store, "a"), "there was nothing before");
    bench.record("06-11", &[], &[], done("06-10"));
    assert!(!set(&mut bench.store, "a"));
    assert_eq!(cursor(&bench.store).unwrap().mark, Some(time("06-10")));
    assert!(set(&mut bench.store, "b"));
    let want = Cursor { mark: None, fields_hash: Some("b".into()), pending: None };
    assert_eq!(cursor(&bench.store), Some(want));
}

#[test]
fn forgetting_cursors_keeps_facts() {
    let mut bench = Bench::new();
    bench.record("06-11", &[invoice_fact("1", "1", "06-10", 100)], &[], done("06-10"));
    bench.store.forget_cursors(&books()).unwrap();
    let want = Cursor { mark: None, fields_hash: None, pending: None };
    assert_eq!(cursor(&bench.store), Some(want));
    assert_eq!(bench.store.facts(&books(), Stream::Invoices, None).unwrap().len(), 1);
}

#[test]
fn a_feed_that_is_begun_anew_owes_a_comparison_until_it_was_made() {
    let mut bench = Bench::new();
    let owes = |store: &Store| store.owes_comparison(&books(), Stream::Invoices).unwrap();
    let set = |store: &mut Store, hash: &str| {
        store.set_fields_hash(&books(), Stream::Invoices, hash).unwrap();
    };
    set(&mut bench.store, "a");
    assert!(!owes(&bench.store), "nothing is held yet");
    bench.record("06-11", &[], &[], done("06-10"));
    for anew in [true, false] {
        match anew {
            true => bench.store.forget_cursors(&books()).unwrap(),
            false => set(&mut bench.store, "b"),
        }
        set(&mut bench.store, "b");
        bench.record("06-12", &[], &[], done("06-11"));
        assert!(owes(&bench.store), "reading it to its end is not enough");
        bench.store.note_compared(&books(), Stream::Invoices).unwrap();
        assert!(!owes(&bench.store));
        set(&mut bench.store, "a");
        bench.store.note_compared(&books(), Stream::Invoices).unwrap();
    }
}
