//! The books as known now and as known then.

use tieout_domain::effect::Replay::NativeKey;
use tieout_domain::facts::{Deal, Fact, Stream};
use tieout_engine::{Engine, EngineError, KnownAt};
use tieout_store::Role;

use crate::support::facts::{a_deal, date, invoice, stamp, time, unreadable};
use crate::support::ledger::Fault;
use crate::support::*;

fn status(engine: &Engine, known_at: Option<&str>) -> String {
    let known_at = known_at.map(time);
    let view = engine.view(&books_id(), KnownAt { as_of: date("2026-07-06"), known_at }).unwrap();
    view.reconcile().unwrap().rows[0].billing.as_str().to_owned()
}

#[test]
fn a_promise_is_seen_as_it_stood_then() {
    block_on(async {
        let world = World::new(NativeKey { ttl_secs: 3_600 });
        let mut engine = world.synced().await;
        world.pass(60);
        world.ledger.meet(&[Fault::LostAnswer]);
        create(&mut engine).await;
        world.pass(600);
        sync(&mut engine).await;
        assert_eq!(status(&engine, None), "BILLED");
        assert_eq!(status(&engine, Some("2026-07-06T09:25:00Z")), "IN_FLIGHT");
        assert_eq!(status(&engine, Some("2026-07-06T09:21:30Z")), "UNBILLED");
    });
}

#[test]
fn a_record_kept_aside_is_seen_as_it_was_then() {
    block_on(async {
        let world = World::new(NativeKey { ttl_secs: 3_600 });
        world.ledger.feeds.put_unreadable(unreadable(Stream::Invoices, "8"));
        let mut engine = world.engine();
        sync(&mut engine).await;
        world.pass(600);
        world.ledger.feeds.put(invoice("8", "C1", 1_000));
        sync(&mut engine).await;
        let aside = |known_at: Option<&str>| {
            let wanted = KnownAt { as_of: date("2026-07-06"), known_at: known_at.map(time) };
            engine.view(&books_id(), wanted).unwrap().books.unreadable.len()
        };
        assert_eq!((aside(None), aside(Some("2026-07-06T09:25:00Z"))), (0, 1));
    });
}

#[test]
fn before_the_first_run_there_is_nothing_to_report() {
    let world = World::new(NativeKey { ttl_secs: 3_600 });
    let view = world.engine().view_today(&books_id());
    assert!(matches!(view, Err(EngineError::NothingToReport)));
}

#[test]
fn a_key_is_known_whatever_became_of_its_deal() {
    block_on(async {
        let world = World::new(NativeKey { ttl_secs: 3_600 });
        let mut engine = world.synced().await;
        create(&mut engine).await;
        world.pass(600);
        // Another workspace reads the same two systems after the deal was lost.
        for id in ["006D1", "006D2"] {
            let lost =
                Deal { won: false, stage: "Closed Lost".into(), ..a_deal(id, "001A", 10_000) };
            world
                .crm
                .feeds
                .put(Fact::Deal(Deal { stamp: stamp("2", "2026-07-06T09:30:00Z"), ..lost }));
        }
        let elsewhere = tempfile::tempdir().unwrap();
        let path = elsewhere.path().join("workspace.db");
        let mut store = open(&path);
        for (id, role) in [(crm_id(), Role::Crm), (books_id(), Role::Ledger)] {
            store.save_connection(&connection(id, role)).unwrap();
        }
        drop(store);
        let mut other = world.engine_over(&path);
        sync(&mut other).await;
        let view = other.view(&books_id(), KnownAt { as_of: date("2026-07-06"), known_at: None });
        let view = view.unwrap();
        assert!(view.books.promised.is_empty());
        let reconciliation = view.reconcile().unwrap();
        let rows: Vec<_> = reconciliation
            .rows
            .iter()
            .map(|row| (row.deal.as_str(), row.billing.as_str()))
            .collect();
        assert_eq!(rows, [("006D1", "OVER_BILLED")]);
        assert!(reconciliation.matches.orphans.is_empty());
    });
}
