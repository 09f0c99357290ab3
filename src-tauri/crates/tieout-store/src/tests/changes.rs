//! What became known between two moments.

use expect_test::{Expect, expect};
use tieout_domain::facts::{Fact, Stream};

use super::support::*;
use crate::Change;

fn total(fact: &Fact) -> String {
    let Fact::Document(document) = fact else { return fact.id().to_owned() };
    let deleted = if document.stamp.deleted { " deleted" } else { "" };
    format!("{}{deleted}", document.total.to_plain())
}

fn shown(change: &Change) -> String {
    let before = change.before.as_ref().map_or_else(|| "nothing".to_owned(), total);
    let (stream, day) = (change.stream.as_str(), change.observed_at.strftime("%m-%d"));
    format!("{stream} {}: {before} -> {} on {day}", change.id, total(&change.after))
}

/// Three days of reading, then the changes between two noons.
#[track_caller]
fn check(from: &str, to: &str, want: Expect) {
    let mut bench = Bench::new();
    bench.observe("06-11", &[invoice_fact("1", "1", "06-11", 100)]);
    bench.observe("06-12", &[invoice_fact("1", "2", "06-12", 200), Fact::Receipt(receipt("9", 5))]);
    bench.observe(
        "06-13",
        &[invoice_fact("1", "3", "06-13", 100), invoice_fact("2", "1", "06-13", 7)],
    );
    bench.observe("06-14", &[gone(Stream::Invoices, "2", "06-14")]);
    let changes = bench.store.changes_between(&books(), time(from), time(to)).unwrap();
    want.assert_eq(&changes.iter().map(shown).collect::<Vec<_>>().join("\n"));
}

#[test]
fn new_and_changed_records_by_feed_and_id() {
    check(
        "06-11",
        "06-12",
        expect![[r#"
            invoices 1: 1.00 -> 2.00 on 06-12
            receipts 9: nothing -> 9 on 06-12"#]],
    );
}

#[test]
fn the_earlier_moment_is_not_part_of_it() {
    check("06-12", "06-12", expect![""]);
}

#[test]
fn only_the_last_of_several_versions_is_shown() {
    check(
        "06-12",
        "06-14",
        expect![[r#"
            invoices 1: 2.00 -> 1.00 on 06-13
            invoices 2: nothing -> 0.07 deleted on 06-14"#]],
    );
}

#[test]
fn a_deletion_is_a_change() {
    check("06-13", "06-14", expect!["invoices 2: 0.07 -> 0.07 deleted on 06-14"]);
}

#[test]
fn what_changed_and_changed_back_is_no_change() {
    let mut bench = Bench::new();
    for (day, total) in [("06-11", 100), ("06-12", 200), ("06-13", 100)] {
        bench.observe(day, &[invoice_fact("1", "1", "06-11", total)]);
    }
    let changes = bench.store.changes_between(&books(), time("06-11"), time("06-13")).unwrap();
    assert_eq!(changes, []);
}
