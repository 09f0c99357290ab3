//! Records that could not become facts.

use tieout_domain::facts::{QuarantineReason, Stream};

use super::support::*;
use crate::{CursorProgress, QuarantineRow};

fn put(bench: &mut Bench, at: &str, raw: &str) -> u64 {
    let rows = [quarantined("1", raw)];
    bench.record(at, &[], &rows, CursorProgress::Unmoved).quarantined
}

fn open(bench: &Bench) -> Vec<QuarantineRow> {
    bench.store.quarantine(true).unwrap()
}

#[test]
fn a_record_is_kept_whole() {
    let mut bench = Bench::new();
    assert_eq!(put(&mut bench, "06-11", "{\"TotalAmt\": 10.005}"), 1);
    let rows = open(&bench);
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].raw, "{\"TotalAmt\": 10.005}");
    assert_eq!(rows[0].reason, QuarantineReason::TooPrecise);
    assert_eq!((rows[0].record_id.as_str(), rows[0].stream), ("1", Stream::Invoices));
    assert_eq!((rows[0].path.as_str(), rows[0].excerpt.as_str()), ("TotalAmt", "10.005"));
}

#[test]
fn the_same_defect_again_is_counted() {
    let mut bench = Bench::new();
    put(&mut bench, "06-11", "a");
    put(&mut bench, "06-12", "a");
    let rows = open(&bench);
    assert_eq!((rows.len(), rows[0].times), (1, 2));
    assert_eq!((rows[0].first_seen_at, rows[0].last_seen_at), (time("06-11"), time("06-12")));
}

#[test]
fn another_defect_of_the_record_opens_another_row_and_keeps_the_first() {
    let mut bench = Bench::new();
    put(&mut bench, "06-11", "a");
    put(&mut bench, "06-12", "b");
    assert_eq!(open(&bench).iter().map(|row| row.raw.as_str()).collect::<Vec<_>>(), ["b"]);
    let all = bench.store.quarantine(false).unwrap();
    assert_eq!(all.len(), 2);
    assert_eq!(all[0].resolved_at, Some(time("06-12")));
}

#[test]
fn reading_the_record_well_resolves_it() {
    let mut bench = Bench::new();
    put(&mut bench, "06-11", "a");
    bench.observe("06-12", &[invoice_fact("1", "1", "06-12", 100)]);
    assert_eq!(open(&bench), []);
    assert_eq!(bench.store.quarantine(false).unwrap()[0].resolved_at, Some(time("06-12")));
}

#[test]
fn reading_it_well_resolves_it_even_when_it_is_unchanged() {
    let mut bench = Bench::new();
    bench.observe("06-10", &[invoice_fact("1", "1", "06-10", 100)]);
    put(&mut bench, "06-11", "a");
    bench.observe("06-12", &[invoice_fact("1", "1", "06-10", 100)]);
    assert_eq!(open(&bench), []);
}

#[test]
fn a_deletion_resolves_it() {
    let mut bench = Bench::new();
    put(&mut bench, "06-11", "a");
    bench.observe("06-12", &[gone(Stream::Invoices, "1", "06-12")]);
    assert_eq!(open(&bench), []);
}

#[test]
fn another_record_does_not_resolve_it() {
    let mut bench = Bench::new();
    put(&mut bench, "06-11", "a");
    bench.observe("06-12", &[invoice_fact("2", "1", "06-12", 100)]);
    assert_eq!(open(&bench).len(), 1);
}

/// One page may bring a good and a bad record with one id: then the id counts as uncertain.
#[test]
fn a_record_that_is_good_and_bad_in_one_page_stays_in_quarantine() {
    let mut bench = Bench::new();
    let rows = [quarantined("1", "a")];
    let facts = [invoice_fact("1", "1", "06-12", 100)];
    bench.record("06-11", &facts, &rows, CursorProgress::Unmoved);
    assert_eq!(open(&bench).len(), 1);
    assert_eq!(bench.store.facts(&books(), Stream::Invoices, None).unwrap().len(), 1);
}
