//! Recording: when a version is appended, and what is known when.

use expect_test::{Expect, expect};
use tieout_domain::facts::{Fact, Stream};

use super::support::*;
use crate::RecordOutcome;

/// `new/changed/unchanged/deleted` of each step.
fn counted(outcome: RecordOutcome) -> String {
    let RecordOutcome { new, changed, unchanged, deleted, .. } = outcome;
    format!("{new}/{changed}/{unchanged}/{deleted}")
}

fn shown(fact: &Fact) -> String {
    let Fact::Document(document) = fact else { return format!("{:?}", fact.stream()) };
    let deleted = if document.stamp.deleted { " deleted" } else { "" };
    format!("{}={}{deleted}", document.id, document.total.to_plain())
}

/// Records each step at noon of its day, then shows the versions of invoice 1.
#[track_caller]
fn check(steps: &[(&str, Fact)], want: Expect) {
    let mut bench = Bench::new();
    let mut lines = Vec::new();
    for (day, fact) in steps {
        lines.push(counted(bench.observe(day, std::slice::from_ref(fact))));
    }
    for version in bench.store.fact_versions(&books(), Stream::Invoices, "1").unwrap() {
        let day = version.observed_at.strftime("%m-%d");
        lines.push(format!("v{} {day} {}", version.version_no, shown(&version.fact)));
    }
    want.assert_eq(&lines.join("\n"));
}

#[test]
fn reading_the_same_again_appends_nothing() {
    let one = || invoice_fact("1", "7", "06-10", 100);
    check(
        &[("06-11", one()), ("06-12", one())],
        expect![[r#"
            1/0/0/0
            0/0/1/0
            v1 06-11 1=1.00"#]],
    );
}

#[test]
fn a_later_edit_is_another_version() {
    check(
        &[
            ("06-11", invoice_fact("1", "7", "06-10", 100)),
            ("06-12", invoice_fact("1", "8", "06-12", 200)),
        ],
        expect![[r#"
            1/0/0/0
            0/1/0/0
            v1 06-11 1=1.00
            v2 06-12 1=2.00"#]],
    );
}

#[test]
fn a_change_that_the_source_did_not_stamp_is_another_version() {
    check(
        &[
            ("06-11", invoice_fact("1", "7", "06-10", 100)),
            ("06-12", invoice_fact("1", "7", "06-10", 200)),
        ],
        expect![[r#"
            1/0/0/0
            0/1/0/0
            v1 06-11 1=1.00
            v2 06-12 1=2.00"#]],
    );
}

#[test]
fn a_version_that_lies_behind_us_is_a_duplicate() {
    check(
        &[
            ("06-11", invoice_fact("1", "7", "06-10", 100)),
            ("06-12", invoice_fact("1", "8", "06-12", 200)),
            ("06-13", invoice_fact("1", "7", "06-10", 100)),
        ],
        expect![[r#"
            1/0/0/0
            0/1/0/0
            0/0/1/0
            v1 06-11 1=1.00
            v2 06-12 1=2.00"#]],
    );
}

#[test]
fn an_older_version_that_we_never_had_is_believed() {
    check(
        &[
            ("06-11", invoice_fact("1", "8", "06-10", 200)),
            ("06-12", invoice_fact("1", "7", "06-09", 100)),
        ],
        expect![[r#"
            1/0/0/0
            0/1/0/0
            v1 06-11 1=2.00
            v2 06-12 1=1.00"#]],
    );
}

#[test]
fn a_deletion_is_a_version_that_repeats_what_was_known() {
    check(
        &[
            ("06-11", invoice_fact("1", "7", "06-10", 100)),
            ("06-12", gone(Stream::Invoices, "1", "06-12")),
            ("06-13", gone(Stream::Invoices, "1", "06-12")),
        ],
        expect![[r#"
            1/0/0/0
            0/0/0/1
            0/0/1/0
            v1 06-11 1=1.00
            v2 06-12 1=1.00 deleted"#]],
    );
}

#[test]
fn a_deletion_of_a_record_that_we_never_had_appends_nothing() {
    check(&[("06-12", gone(Stream::Invoices, "1", "06-12"))], expect!["0/0/1/0"]);
}

#[test]
fn a_deletion_concerns_one_kind_of_document_only() {
    check(
        &[
            ("06-11", invoice_fact("1", "7", "06-10", 100)),
            ("06-12", gone(Stream::CreditMemos, "1", "06-12")),
        ],
        expect![[r#"
            1/0/0/0
            0/0/1/0
            v1 06-11 1=1.00"#]],
    );
}

/// A user without permission sees records vanish, and come back as they were.
#[test]
fn a_record_that_comes_back_unchanged_is_alive_again() {
    check(
        &[
            ("06-11", invoice_fact("1", "7", "06-10", 100)),
            ("06-12", gone(Stream::Invoices, "1", "06-12")),
            ("06-13", invoice_fact("1", "7", "06-10", 100)),
        ],
        expect![[r#"
            1/0/0/0
            0/0/0/1
            0/1/0/0
            v1 06-11 1=1.00
            v2 06-12 1=1.00 deleted
            v3 06-13 1=1.00"#]],
    );
}

#[test]
fn a_changed_line_is_a_changed_document() {
    let mut other = invoice("1", "7", "06-10", 100);
    other.lines[0].description = Some("Licence, second year".into());
    check(
        &[("06-11", invoice_fact("1", "7", "06-10", 100)), ("06-12", Fact::Document(other))],
        expect![[r#"
            1/0/0/0
            0/1/0/0
            v1 06-11 1=1.00
            v2 06-12 1=1.00"#]],
    );
}

/// Nanoseconds, trailing zeros and a negative zero are not kept, so they are no difference either.
#[test]
fn precision_that_is_not_kept_is_no_difference() {
    let mut fine = invoice("1", "7", "06-10", 100);
    fine.stamp.modified_at = "2026-06-10T12:00:00.000000999Z".parse().unwrap();
    fine.lines[0].quantity = Some("1.000".parse().unwrap());
    fine.exchange_rate = Some("-0.0".parse().unwrap());
    let mut coarse = invoice("1", "7", "06-10", 100);
    coarse.exchange_rate = Some("0".parse().unwrap());
    check(
        &[("06-11", Fact::Document(fine)), ("06-12", Fact::Document(coarse))],
        expect![[r#"
            1/0/0/0
            0/0/1/0
            v1 06-11 1=1.00"#]],
    );
}

/// Invoices as known at noon of a day, after three days of reading.
#[track_caller]
fn check_known(known_at: Option<&str>, want: Expect) {
    let mut bench = Bench::new();
    let (a, b) = (invoice_fact("1", "1", "06-11", 100), invoice_fact("2", "1", "06-11", 500));
    bench.observe("06-11", &[b, a]);
    bench.observe("06-12", &[invoice_fact("1", "2", "06-12", 200)]);
    bench.observe("06-13", &[gone(Stream::Invoices, "2", "06-13")]);
    let facts = bench.store.facts(&books(), Stream::Invoices, known_at.map(time)).unwrap();
    want.assert_eq(&facts.iter().map(shown).collect::<Vec<_>>().join(" "));
}

#[test]
fn nothing_is_known_before_the_first_observation() {
    check_known(Some("06-10"), expect![""]);
}

#[test]
fn what_was_observed_at_that_very_moment_is_known() {
    check_known(Some("06-11"), expect!["1=1.00 2=5.00"]);
}

#[test]
fn a_later_version_does_not_change_what_was_known() {
    check_known(Some("06-11T23:59:59"), expect!["1=1.00 2=5.00"]);
    check_known(Some("06-12"), expect!["1=2.00 2=5.00"]);
}

#[test]
fn now_shows_the_latest_versions_with_deleted_ones() {
    check_known(None, expect!["1=2.00 2=5.00 deleted"]);
}

#[test]
fn documents_of_one_id_and_different_kinds_are_different_records() {
    let mut bench = Bench::new();
    let mut credit = invoice("1", "1", "06-10", 40);
    credit.kind = tieout_domain::facts::LedgerDocumentKind::CreditMemo;
    bench.observe("06-11", &[invoice_fact("1", "1", "06-10", 100), Fact::Document(credit)]);
    for (stream, want) in [(Stream::Invoices, "1=1.00"), (Stream::CreditMemos, "1=0.40")] {
        let facts = bench.store.facts(&books(), stream, None).unwrap();
        assert_eq!(facts.iter().map(shown).collect::<Vec<_>>(), [want]);
    }
}

#[test]
fn connections_do_not_share_records() {
    let mut bench = Bench::new();
    bench.observe("06-11", &[invoice_fact("1", "1", "06-10", 100)]);
    assert_eq!(bench.store.facts(&crm(), Stream::Invoices, None).unwrap(), []);
}

#[test]
fn one_record_can_be_asked_for() {
    let mut bench = Bench::new();
    bench.observe("06-11", &[invoice_fact("1", "1", "06-10", 100)]);
    let fact = |id, at: Option<&str>| {
        bench.store.fact(&books(), Stream::Invoices, id, at.map(time)).unwrap()
    };
    assert_eq!(fact("1", None), Some(invoice_fact("1", "1", "06-10", 100)));
    assert_eq!(fact("1", Some("06-10")), None);
    assert_eq!(fact("2", None), None);
}

/// A laptop whose clock is set back must not slip versions into what was signed.
#[test]
fn a_clock_that_is_set_back_does_not_change_what_was_known() {
    let mut bench = Bench::new();
    bench.observe("06-20", &[invoice_fact("1", "1", "06-10", 100)]);
    bench.observe("06-15", &[invoice_fact("1", "2", "06-15", 200)]);
    let total = |at: &str| {
        let facts = bench.store.facts(&books(), Stream::Invoices, Some(time(at))).unwrap();
        facts.iter().map(shown).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(total("06-15"), "");
    assert_eq!(total("06-20"), "1=1.00");
    let now = bench.store.known_now(time("06-16")).unwrap();
    assert!(now > time("06-20"));
    let facts = bench.store.facts(&books(), Stream::Invoices, Some(now)).unwrap();
    assert_eq!(facts.iter().map(shown).collect::<Vec<_>>(), ["1=2.00"]);
}

#[test]
fn ten_thousand_facts_go_in_with_one_call_and_come_back() {
    let mut bench = Bench::new();
    let facts: Vec<Fact> = (0..10_000_i64)
        .map(|number| invoice_fact(&format!("{number:05}"), "1", "06-10", number))
        .collect();
    assert_eq!(counted(bench.observe("06-11", &facts)), "10000/0/0/0");
    assert_eq!(counted(bench.observe("06-12", &facts)), "0/0/10000/0");
    assert_eq!(bench.store.facts(&books(), Stream::Invoices, None).unwrap(), facts);
}

#[test]
fn a_fact_of_an_unknown_run_is_refused() {
    let mut bench = Bench::new();
    let recorded = bench.store.record(crate::RecordedPage {
        connection: &books(),
        run: &tieout_domain::ids::RunId::new("nobody").unwrap(),
        stream: Stream::Invoices,
        observed_at: time("06-11"),
        facts: &[invoice_fact("1", "1", "06-10", 100)],
        quarantined: &[],
        progress: crate::CursorProgress::Unmoved,
    });
    assert!(matches!(recorded, Err(crate::StoreError::UnknownReference(_))), "{recorded:?}");
}
