//! Runs, their completeness, control totals, connections and sealed grants.

use tieout_domain::ids::RunId;

use super::support::*;
use crate::{Completeness, Role, RunEnd, StoreError, TotalRow};

fn end(completeness: Completeness) -> RunEnd {
    RunEnd { ended_at: time("06-02"), completeness, counts: "{\"new\":1}".into(), http_requests: 7 }
}

fn incomplete() -> Completeness {
    Completeness::Incomplete { reasons: vec!["sign-in needed".into(), "feed cut off".into()] }
}

#[test]
fn a_run_under_way_has_no_end() {
    let mut bench = Bench::new();
    bench.store.run_progress(&run(), time("06-01"), "{\"new\":5}", 3).unwrap();
    let runs = bench.store.runs(10).unwrap();
    assert_eq!((runs.len(), runs[0].end.clone()), (1, None));
    assert_eq!((runs[0].counts.as_str(), runs[0].http_requests), ("{\"new\":5}", 3));
    assert_eq!(bench.store.interrupted_runs().unwrap(), runs);
}

#[test]
fn a_run_says_what_is_missing() {
    let mut bench = Bench::new();
    bench.store.finish_run(&run(), &end(incomplete())).unwrap();
    assert_eq!(bench.store.runs(10).unwrap()[0].end, Some(end(incomplete())));
    assert_eq!(bench.store.interrupted_runs().unwrap(), []);
    assert_eq!(bench.store.audit(1).unwrap()[0].action, "run.finished");
}

#[test]
fn a_finished_run_is_final() {
    let mut bench = Bench::new();
    bench.store.finish_run(&run(), &end(incomplete())).unwrap();
    let again = bench.store.finish_run(&run(), &end(Completeness::Complete));
    assert!(matches!(again, Err(StoreError::NoSuchRun { .. })));
    let more = bench.store.run_progress(&run(), time("06-03"), "{}", 0);
    assert!(matches!(more, Err(StoreError::NoSuchRun { .. })));
}

#[test]
fn the_latest_run_comes_first() {
    let mut bench = Bench::new();
    bench.store.start_run(&run_record("r2")).unwrap();
    let ids: Vec<String> =
        bench.store.runs(1).unwrap().into_iter().map(|row| row.run.id.to_string()).collect();
    assert_eq!(ids, ["r2"]);
}

fn total() -> TotalRow {
    TotalRow {
        connection: books(),
        measure: "invoices".into(),
        currency: usd(0).currency(),
        from: date("06-01"),
        to: date("06-30"),
        source_count: 12,
        source_sum: Some(usd(119_000)),
        held_count: 11,
        held_sum: usd(100_000),
        proof: "sum per currency".into(),
        source: "SELECT COUNT(*) FROM Invoice".into(),
    }
}

#[test]
fn totals_come_back_in_their_order() {
    let mut bench = Bench::new();
    let rows = [total(), TotalRow { source_sum: None, ..total() }];
    bench.store.save_totals(&run(), &rows).unwrap();
    assert_eq!(bench.store.totals(&run()).unwrap(), rows);
    assert_eq!(bench.store.totals(&RunId::new("r9").unwrap()).unwrap(), []);
}

#[test]
fn the_last_run_with_totals_is_found_among_those_that_ended_by_then() {
    let mut bench = Bench::new();
    let of_the_crm = TotalRow { connection: crm(), ..total() };
    bench.store.save_totals(&run(), &[total()]).unwrap();
    bench.store.start_run(&run_record("r2")).unwrap();
    bench.store.save_totals(&RunId::new("r2").unwrap(), &[of_the_crm]).unwrap();
    let last = |bench: &Bench, connection, by| {
        let found = bench.store.last_with_totals(&connection, by).unwrap();
        found.map(|run| run.to_string())
    };
    assert_eq!(last(&bench, crm(), None).as_deref(), Some("r2"));
    assert_eq!(last(&bench, books(), None).as_deref(), Some(run().as_str()));
    assert_eq!(last(&bench, books(), Some(time("06-30"))), None);
    bench.store.finish_run(&run(), &end(incomplete())).unwrap();
    let by = |day| last(&bench, books(), Some(time(day)));
    assert_eq!(by("06-02").as_deref(), Some(run().as_str()));
    assert_eq!(by("06-01"), None);
}

#[test]
fn a_sum_in_another_currency_is_refused_with_all_its_run() {
    let mut bench = Bench::new();
    let euro = tieout_domain::Money::zero(tieout_domain::Currency::parse("EUR").unwrap());
    let rows = [total(), TotalRow { held_sum: euro, ..total() }];
    let saved = bench.store.save_totals(&run(), &rows);
    assert!(matches!(saved, Err(StoreError::MixedCurrencies)));
    assert_eq!(bench.store.totals(&run()).unwrap(), []);
}

#[test]
fn connections_are_changed_in_place() {
    let mut bench = Bench::new();
    let mut books = connection_record("books", Role::Ledger);
    books.writing = false;
    books.disconnected_at = Some(time("06-20"));
    bench.store.save_connection(&books).unwrap();
    let want = [books.clone(), connection_record("crm", Role::Crm)];
    assert_eq!(bench.store.connections().unwrap(), want);
}

#[test]
fn nothing_is_written_into_a_disconnected_system() {
    let mut bench = Bench::new();
    let mut books = connection_record("books", Role::Ledger);
    books.disconnected_at = Some(time("06-20"));
    assert!(matches!(bench.store.save_connection(&books), Err(StoreError::Refused(_))));
}

#[test]
fn the_last_probe_is_kept_with_its_moment() {
    let mut bench = Bench::new();
    assert_eq!(bench.store.capabilities(&books()).unwrap(), None);
    bench.store.save_capabilities(&books(), "{\"drafts\":false}", time("06-02")).unwrap();
    let kept = bench.store.capabilities(&books()).unwrap();
    assert_eq!(kept, Some(("{\"drafts\":false}".to_owned(), time("06-02"))));
    let nobody = tieout_domain::ids::ConnectionId::new("nobody").unwrap();
    let saved = bench.store.save_capabilities(&nobody, "{}", time("06-02"));
    assert!(matches!(saved, Err(StoreError::NoSuchConnection { .. })));
}

#[test]
fn sealed_bytes_are_replaced_and_removed() {
    let mut bench = Bench::new();
    let sealed = |bench: &Bench| bench.store.sealed("grant/books").unwrap();
    assert_eq!(sealed(&bench), None);
    bench.store.put_sealed("grant/books", b"one").unwrap();
    bench.store.put_sealed("grant/books", b"two").unwrap();
    assert_eq!(sealed(&bench).as_deref(), Some(&b"two"[..]));
    bench.store.delete_sealed("grant/books").unwrap();
    bench.store.delete_sealed("grant/books").unwrap();
    assert_eq!(sealed(&bench), None);
}
