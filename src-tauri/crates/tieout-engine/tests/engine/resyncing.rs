//! Exactly one deal, end to end.

use tieout_connect::error::ConnectorError;
use tieout_domain::books::positions::DealRow;
use tieout_domain::effect::EffectState::{Confirmed, Intended, Unknown};
use tieout_domain::effect::Replay::{self, MarkerSearch, NativeKey};
use tieout_domain::facts::{Fact, Stream};
use tieout_engine::{Engine, EngineError, ResyncReport};
use tieout_store::Completeness;

use crate::support::facts::{a_customer, deal, line, schedule, unreadable};
use crate::support::ledger::Fault;
use crate::support::*;

const KEYED: Replay = NativeKey { ttl_secs: 3_600 };
const MARKED: Replay = MarkerSearch { visible_after_secs: 60 };

async fn resync(engine: &mut Engine, create: Option<&str>) -> ResyncReport {
    engine.resync(&books_id(), &deal_id(), create).await.unwrap()
}

#[test]
fn it_takes_four_calls_where_the_account_is_one_customer() {
    block_on(async {
        let world = World::new(KEYED);
        let mut engine = world.synced().await;
        let report = resync(&mut engine, None).await;
        assert_eq!(report.http_requests, 4);
        assert_eq!(report.gaps, []);
        assert_eq!(report.written_back.written, 1);
        let end = engine.store.runs(1).unwrap()[0].clone();
        assert_eq!((end.run.kind.as_str(), end.http_requests), ("resync", 4));
    });
}

#[test]
fn it_takes_six_calls_at_most_and_says_what_it_left_out() {
    for replay in [KEYED, MARKED] {
        for lost in [false, true] {
            block_on(async {
                let world = World::new(replay);
                for at in 2..=5 {
                    let name = format!("Harrow Creek {at}");
                    let other = a_customer(&format!("C{at}"), &name, Some("001A"));
                    world.ledger.feeds.put(Fact::Customer(other));
                }
                let mut engine = world.synced().await;
                if lost {
                    world.ledger.meet(&[Fault::LostRequest]);
                    // Ambiguous customers block a new document, so the promise comes from before.
                    promised(&world).await;
                }
                let report = resync(&mut engine, None).await;
                assert!(report.http_requests <= 6, "{} calls", report.http_requests);
                assert_eq!(report.gaps.len(), 1);
                assert!(report.gaps[0].sentence().contains("customers were not read"));
            });
        }
    }
}

/// A second workspace of the same company sends and gets no answer; its file is left alone.
async fn promised(world: &World) {
    let other = World::new(KEYED);
    let mut engine = other.synced().await;
    engine.ledgers[0].port = world.ledger.clone();
    create(&mut engine).await;
}

#[test]
fn a_line_that_was_deleted_at_the_source_is_gone_with_its_schedule() {
    block_on(async {
        let world = World::new(KEYED);
        world.crm.feeds.put(line("00k2", "006D1", "01t1", 5_000));
        world.crm.feeds.put(schedule("0os1", "00k2", "2026-07-01", 5_000));
        let mut engine = world.synced().await;
        world.crm.feeds.lose(Stream::DealLines, "00k2");
        world.crm.feeds.lose(Stream::ScheduleLines, "0os1");
        let report = resync(&mut engine, None).await;
        assert_eq!(report.changed, 2);
        let live = |stream| {
            let facts = engine.store.facts(&crm_id(), stream, None).unwrap().into_iter();
            facts
                .filter(|fact| match fact {
                    Fact::DealLine(line) => !line.stamp.deleted,
                    Fact::ScheduleLine(part) => !part.stamp.deleted,
                    _ => false,
                })
                .count()
        };
        assert_eq!((live(Stream::DealLines), live(Stream::ScheduleLines)), (1, 0));
        let of = |row: &Option<DealRow>| {
            let figures = row.as_ref().and_then(|row| row.figures).unwrap();
            figures.contract.to_plain()
        };
        assert_eq!((of(&report.before), of(&report.after)), ("150.00".into(), "100.00".into()));
    });
}

#[test]
fn an_invoice_that_was_deleted_at_the_source_is_gone() {
    block_on(async {
        let world = World::new(KEYED);
        let mut engine = world.synced().await;
        create(&mut engine).await;
        let invoice = world.ledger.made().pop().unwrap().document;
        world.pass(60);
        world.ledger.feeds.lose(Stream::Invoices, invoice.id.as_str());
        let report = resync(&mut engine, None).await;
        let billing = |row: &Option<DealRow>| row.as_ref().unwrap().billing.as_str();
        assert_eq!((billing(&report.before), billing(&report.after)), ("BILLED", "BLOCKED"));
        assert_eq!((report.changed, report.gaps), (1, Vec::new()));
    });
}

#[test]
fn an_invoice_that_was_moved_to_another_customer_is_not_gone() {
    block_on(async {
        let world = World::new(KEYED);
        let mut engine = world.synced().await;
        create(&mut engine).await;
        let mut invoice = world.ledger.made().pop().unwrap().document;
        world.pass(60);
        invoice.customer = tieout_domain::ids::CustomerId::new("C9").unwrap();
        invoice.stamp.version = "1".into();
        world.ledger.feeds.put(Fact::Document(invoice.clone()));
        resync(&mut engine, None).await;
        let facts = engine.store.facts(&books_id(), Stream::Invoices, None).unwrap();
        assert_eq!(facts, [Fact::Document(invoice)]);
    });
}

#[test]
fn a_line_that_is_kept_aside_is_not_deleted() {
    block_on(async {
        let world = World::new(KEYED);
        world.crm.feeds.put(line("00k2", "006D1", "01t1", 5_000));
        let mut engine = world.synced().await;
        world.crm.feeds.lose(Stream::DealLines, "00k2");
        world.crm.keep_aside(unreadable(Stream::DealLines, "00k2"));
        let report = resync(&mut engine, Some("P. Raman")).await;
        assert_eq!(report.changed, 0);
        assert_eq!(report.gaps.len(), 1);
        assert!(report.created.is_none(), "a deal that is not read whole is not billed");
        assert_eq!(world.documents(), 0);
    });
}

#[test]
fn an_unknown_outcome_is_asked_about_at_once() {
    block_on(async {
        let world = World::new(KEYED);
        world.ledger.delay_feed();
        let mut engine = world.synced().await;
        world.ledger.meet(&[Fault::LostAnswer]);
        create(&mut engine).await;
        assert_eq!(state(&engine), Unknown);
        let report = resync(&mut engine, None).await;
        assert_eq!((state(&engine), world.documents()), (Confirmed, 1));
        assert_eq!(report.after.unwrap().billing.as_str(), "BILLED");
    });
}

#[test]
fn an_outcome_of_another_deal_is_left_to_its_schedule() {
    block_on(async {
        let world = World::new(KEYED);
        world.crm.feeds.put(deal("006D2", "001A", 10_000));
        world.crm.feeds.put(line("00k2", "006D2", "01t1", 10_000));
        let mut engine = world.synced().await;
        world.ledger.meet(&[Fault::LostAnswer]);
        engine.create(&only("006D2")).await.unwrap();
        world.ledger.take_calls();
        resync(&mut engine, None).await;
        assert!(!world.ledger.take_calls().contains(&"find".to_owned()));
        assert_eq!(state(&engine), Unknown);
    });
}

#[test]
fn with_a_person_behind_it_the_missing_document_is_created() {
    block_on(async {
        let world = World::new(KEYED);
        let mut engine = world.synced().await;
        let report = resync(&mut engine, Some("P. Raman")).await;
        assert_eq!(words(&report.created.unwrap()), ["confirmed"]);
        assert_eq!(report.after.unwrap().billing.as_str(), "BILLED");
        assert_eq!(world.documents(), 1);
    });
}

#[test]
fn a_promise_that_may_be_sent_again_is_sent() {
    block_on(async {
        let world = World::new(KEYED);
        let mut engine = world.synced().await;
        world.ledger.meet(&[Fault::LostRequest]);
        create(&mut engine).await;
        resync(&mut engine, None).await;
        assert_eq!((state(&engine), world.documents()), (Intended, 0));
        resync(&mut engine, Some("P. Raman")).await;
        assert_eq!((state(&engine), world.documents()), (Confirmed, 1));
    });
}

#[test]
fn a_deal_that_cannot_be_read_leaves_an_incomplete_run() {
    block_on(async {
        let world = World::new(KEYED);
        let mut engine = world.synced().await;
        world.crm.deal_fails(true);
        let failed = engine.resync(&books_id(), &deal_id(), Some("P. Raman")).await;
        let asked =
            matches!(failed, Err(EngineError::Connector(ConnectorError::OutcomeUnknown(_))));
        assert!(asked);
        assert_eq!(world.documents(), 0);
        let last = engine.store.runs(1).unwrap()[0].clone();
        let end = last.end.expect("the run is ended");
        assert!(matches!(end.completeness, Completeness::Incomplete { .. }));
    });
}

#[test]
fn nothing_else_is_written_back() {
    block_on(async {
        let world = World::new(KEYED);
        world.crm.feeds.put(deal("006D2", "001A", 10_000));
        world.crm.feeds.put(line("00k2", "006D2", "01t1", 10_000));
        let mut engine = world.synced().await;
        resync(&mut engine, None).await;
        let targets: Vec<_> = world.crm.take_writes().into_iter().map(|it| it.target).collect();
        assert_eq!(targets, [tieout_connect::ports::WriteTarget::Deal(deal_id())]);
    });
}

#[test]
fn marks_do_not_move() {
    block_on(async {
        let world = World::new(KEYED);
        let mut engine = world.synced().await;
        let cursors = |engine: &Engine| {
            let of = |connection, stream| engine.store.cursor(&connection, stream).unwrap();
            (of(crm_id(), Stream::Deals), of(books_id(), Stream::Invoices))
        };
        let before = cursors(&engine);
        world.pass(3_600);
        resync(&mut engine, None).await;
        assert_eq!(cursors(&engine), before);
    });
}
