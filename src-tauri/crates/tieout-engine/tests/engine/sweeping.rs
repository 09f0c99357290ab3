//! The comparison of ids, which finds what a feed lost.

use tieout_domain::effect::Replay;
use tieout_domain::facts::{Fact, Stream};
use tieout_engine::{Engine, Gap, RunReport, SyncRequest};

use crate::support::death::DieIn;
use crate::support::facts::{account, invoice};
use crate::support::*;

fn world() -> World {
    let world = World::new(Replay::UniqueExternalId);
    for at in 1..=3 {
        world.ledger.feeds.put(invoice(&format!("{at}"), "C1", 1_000 * at));
    }
    world
}

fn full() -> SyncRequest {
    SyncRequest { full: true, ..everything() }
}

fn live_invoices(engine: &Engine) -> Vec<String> {
    let facts = engine.store.facts(&books_id(), Stream::Invoices, None).unwrap();
    let live = facts.iter().filter(|fact| matches!(fact, Fact::Document(it) if !it.stamp.deleted));
    live.map(|fact| fact.id().to_owned()).collect()
}

fn classes(report: &RunReport) -> Vec<&'static str> {
    let class = |gap: &Gap| match gap {
        Gap::Feed { problem, .. } | Gap::Connection { problem, .. } => problem.class,
        Gap::Total { .. } => "total",
        Gap::Quarantined { .. } => "quarantined",
        Gap::Missing { .. } => "missing",
    };
    report.gaps.iter().map(class).collect()
}

#[test]
fn a_deletion_that_the_feed_never_told_is_found_by_the_total_and_believed_after_a_look() {
    block_on(async {
        let world = world();
        let mut engine = world.synced().await;
        world.ledger.feeds.lose(Stream::Invoices, "2");
        world.ledger.take_calls();
        let report = sync(&mut engine).await;
        assert_eq!(classes(&report), Vec::<&str>::new());
        assert_eq!(live_invoices(&engine), ["1", "3"]);
        assert_eq!(world.ledger.take_calls(), ["ids", "document"]);
    });
}

#[test]
fn totals_that_agree_ask_for_no_ids() {
    block_on(async {
        let world = world();
        let mut engine = world.synced().await;
        sync(&mut engine).await;
        assert_eq!(world.ledger.take_calls(), Vec::<String>::new());
    });
}

#[test]
fn a_difference_that_ids_could_not_mend_is_not_swept_again() {
    block_on(async {
        let world = world();
        let mut engine = world.synced().await;
        world.ledger.total_off(1);
        for asked in [vec!["ids".to_owned()], Vec::new(), Vec::new()] {
            let report = sync(&mut engine).await;
            assert_eq!(classes(&report), ["total"]);
            assert_eq!(world.ledger.take_calls(), asked);
        }
        world.ledger.total_off(2);
        sync(&mut engine).await;
        assert_eq!(world.ledger.take_calls(), ["ids"]);
    });
}

#[test]
fn a_record_that_the_feed_never_brings_is_named() {
    block_on(async {
        let world = world();
        let mut engine = world.synced().await;
        world.ledger.feeds.put_untold(invoice("9", "C1", 700));
        let report = sync(&mut engine).await;
        assert_eq!(classes(&report), ["lost_records", "total"]);
    });
}

#[test]
fn a_full_run_compares_the_ids_of_every_feed() {
    block_on(async {
        let world = world();
        world.crm.feeds.put(account("001Q", "Quillan Pharma"));
        let mut engine = world.synced().await;
        world.crm.feeds.lose(Stream::Accounts, "001Q");
        assert!(engine.sync(&full()).await.unwrap().is_complete());
        let accounts = engine.store.facts(&crm_id(), Stream::Accounts, None).unwrap();
        let gone = accounts.iter().filter(|it| matches!(it, Fact::Account(it) if it.stamp.deleted));
        assert_eq!(gone.count(), 1);
    });
}

#[test]
fn a_list_that_lost_most_of_its_rows_is_not_believed() {
    block_on(async {
        let world = world();
        for at in 10..=220 {
            world.ledger.feeds.put(invoice(&format!("{at}"), "C1", 100));
        }
        let mut engine = world.synced().await;
        let held = live_invoices(&engine).len();
        for at in 10..=220 {
            world.ledger.feeds.lose(Stream::Invoices, &format!("{at}"));
        }
        let report = sync(&mut engine).await;
        assert_eq!(classes(&report), ["not_listed", "total"]);
        assert_eq!(live_invoices(&engine).len(), held);
    });
}

#[test]
fn a_full_run_that_dies_owes_the_comparison_to_the_next_run() {
    block_on(async {
        let world = world();
        let mut engine = world.synced().await;
        engine.crash_points = Box::new(DieIn("page recorded"));
        engine.sync(&full()).await.unwrap_err();
        // Told by nobody: a feed that is begun anew tells what is there.
        world.crm.feeds.lose(Stream::DealLines, "00k1");
        let mut engine = world.engine();
        let report = sync(&mut engine).await;
        assert_eq!(classes(&report), Vec::<&str>::new());
        let lines = engine.store.facts(&crm_id(), Stream::DealLines, None).unwrap();
        assert!(lines.iter().all(|line| matches!(line, Fact::DealLine(it) if it.stamp.deleted)));
        world.ledger.take_calls();
        sync(&mut engine).await;
        assert_eq!(world.ledger.take_calls(), Vec::<String>::new(), "and to no further run");
    });
}
