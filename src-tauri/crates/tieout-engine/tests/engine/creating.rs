//! From billable deals to documents: limits, gates asked again, refused promises corrected.

use tieout_domain::effect::EffectState::{Cancelled, Confirmed, Intended, Rejected, Unknown};
use tieout_domain::effect::Replay::{self, MarkerSearch, NativeKey, UniqueExternalId};
use tieout_domain::facts::{Fact, Stream};
use tieout_engine::{CreateRequest, Decision, Engine, EngineError, Event, Observer};
use tieout_store::Completeness;

use crate::support::facts::{a_deal, a_document, date, deal, invoice, line, money, time};
use crate::support::feeds::ReadFault;
use crate::support::ledger::Fault;
use crate::support::*;

const KEYED: Replay = NativeKey { ttl_secs: 3_600 };

/// `count` deals that could be billed now.
fn busy(count: usize) -> World {
    let world = World::new(KEYED);
    for at in 2..=count {
        world.crm.feeds.put(deal(&format!("006D{at}"), "001A", 10_000));
        let id = format!("00k{at}");
        world.crm.feeds.put(line(&id, &format!("006D{at}"), "01t1", 10_000));
    }
    world
}

#[test]
fn every_billable_deal_gets_its_document() {
    block_on(async {
        let world = busy(3);
        let report = create(&mut world.synced().await).await;
        assert_eq!(words(&report), ["confirmed"; 3]);
        assert_eq!((report.created(), world.documents()), (3, 3));
    });
}

#[test]
fn a_run_creates_no_more_than_its_limit() {
    block_on(async {
        let world = busy(3);
        let mut engine = world.synced().await;
        let refused = engine.create(&CreateRequest { limit: 2, ..all_due() }).await;
        assert!(matches!(refused, Err(EngineError::WriteLimit { wanted: 3, limit: 2 })));
        assert_eq!((world.documents(), documents_promised(&engine).len()), (0, 0));
    });
}

#[test]
fn a_dry_run_promises_and_sends_nothing() {
    block_on(async {
        let world = busy(3);
        let mut engine = world.synced().await;
        engine.ledgers[0].writing = false;
        let dry = CreateRequest { dry_run: true, limit: 2, ..all_due() };
        let report = engine.create(&dry).await.unwrap();
        assert_eq!(words(&report), ["ready"; 3]);
        assert_eq!((report.created(), documents_promised(&engine).len()), (0, 0));
    });
}

#[test]
fn a_read_only_connection_creates_nothing() {
    block_on(async {
        let world = busy(1);
        let mut engine = world.synced().await;
        engine.ledgers[0].writing = false;
        assert!(matches!(engine.create(&all_due()).await, Err(EngineError::ReadOnly)));
        assert_eq!(engine.send_promised(&books_id(), &run_of(&engine)).await.unwrap(), []);
    });
}

fn run_of(engine: &Engine) -> tieout_domain::ids::RunId {
    engine.store.runs(1).unwrap()[0].run.id.clone()
}

#[test]
fn a_deal_that_is_named_twice_is_billed_once() {
    block_on(async {
        let world = busy(1);
        let mut engine = world.synced().await;
        let twice = CreateRequest { deals: vec![deal_id(), deal_id()], ..all_due() };
        let report = engine.create(&twice).await.unwrap();
        assert_eq!((words(&report).len(), report.created(), world.documents()), (1, 1, 1));
    });
}

struct CancelAfter(tieout_engine::Cancel, u64);

impl Observer for CancelAfter {
    fn on(&self, event: &Event) {
        if matches!(event, Event::Creating { done, .. } if *done == self.1) {
            self.0.request();
        }
    }
}

#[test]
fn a_cancelled_run_stops_between_two_documents_and_is_not_complete() {
    block_on(async {
        let world = busy(3);
        let mut engine = world.synced().await;
        engine.observer = Box::new(CancelAfter(engine.cancel.clone(), 1));
        let report = engine.create(&all_due()).await.unwrap();
        assert_eq!(words(&report), ["confirmed", "ready", "ready"]);
        let last = &engine.store.runs(1).unwrap()[0];
        let end = last.end.as_ref().unwrap();
        assert_eq!(last.run.kind, "create");
        assert!(
            matches!(&end.completeness, Completeness::Incomplete { reasons } if reasons.len() == 1)
        );
    });
}

#[test]
fn before_every_feed_was_read_once_nothing_is_created() {
    block_on(async {
        for stream in [Stream::Invoices, Stream::DealLines, Stream::Journals] {
            let world = busy(1);
            let feeds = match stream {
                Stream::DealLines => &world.crm.feeds,
                _ => &world.ledger.feeds,
            };
            feeds.fail(stream, 0, ReadFault::Unreachable);
            let mut engine = world.engine();
            assert!(!sync(&mut engine).await.is_complete());
            let refused = engine.create(&all_due()).await;
            assert!(matches!(refused, Err(EngineError::NothingToReport)), "{stream:?}");
            sync(&mut engine).await;
            assert_eq!(create(&mut engine).await.created(), 1);
        }
    });
}

#[test]
fn one_refused_document_does_not_stop_the_others() {
    block_on(async {
        let world = busy(3);
        let mut engine = world.synced().await;
        world.ledger.meet(&[Fault::None, Fault::Refused]);
        let report = create(&mut engine).await;
        assert_eq!(words(&report), ["confirmed", "rejected", "confirmed"]);
        assert_eq!(world.crm.failures(), ["rejected Opportunity 006D2: needs_person"]);
    });
}

#[test]
fn a_deal_that_is_there_in_name_only_is_refused_with_its_reason() {
    block_on(async {
        let world = busy(1);
        let lost = tieout_domain::facts::Deal { won: false, ..a_deal("006D8", "001A", 5_000) };
        let early = tieout_domain::facts::Deal {
            close_date: date("2026-07-20"),
            ..a_deal("006D9", "001A", 5_000)
        };
        for deal in [lost, early] {
            let id = deal.id.to_string();
            world.crm.feeds.put(Fact::Deal(deal));
            world.crm.feeds.put(line(&format!("l{id}"), &id, "01t1", 5_000));
        }
        let mut engine = world.synced().await;
        let report = engine.create(&only("006D8")).await.unwrap();
        assert_eq!(words(&report), ["NotWon"]);
        let report = engine.create(&only("006D9")).await.unwrap();
        assert_eq!(words(&report), ["NothingDue"]);
        let unknown = engine.create(&only("006D7")).await;
        assert!(matches!(unknown, Err(EngineError::NoSuchDeal(_))));
    });
}

#[test]
fn a_document_that_may_be_the_deals_own_stands_against_a_new_one() {
    block_on(async {
        let world = busy(1);
        world.ledger.feeds.put(invoice("77", "C1", 10_000));
        let report = create(&mut world.synced().await).await;
        assert_eq!(words(&report), ["PossibleInvoice"]);
        assert_eq!(world.documents(), 0);
    });
}

mod gates_are_asked_again_at_send {
    use super::*;

    /// A throttled promise, after something has changed and was read.
    #[track_caller]
    fn check(change: impl FnOnce(&World), want: &str) {
        block_on(async {
            let world = busy(1);
            let mut engine = world.synced().await;
            world.ledger.meet(&[Fault::Throttled(60)]);
            create(&mut engine).await;
            change(&world);
            world.pass(61);
            round(&mut engine).await.unwrap();
            assert_eq!(way(&engine), want);
        });
    }

    const HELD: &str = "intended sent intended";
    const SENT: &str = "intended sent intended sent confirmed";

    #[test]
    fn nothing_has_changed() {
        check(|_| {}, SENT);
    }

    #[test]
    fn the_item_is_inactive_now() {
        check(
            |world| {
                let Fact::Item(item) = facts::item("I1", "SENS-1") else { unreachable!() };
                let mut gone = tieout_domain::facts::Item { active: false, ..item };
                gone.stamp.modified_at = time(START);
                world.ledger.feeds.put(Fact::Item(gone));
            },
            HELD,
        );
    }

    #[test]
    fn the_deal_is_not_won_any_more() {
        check(
            |world| {
                let mut lost = a_deal("006D1", "001A", 10_000);
                lost.won = false;
                lost.stamp = facts::stamp("2", START);
                world.crm.feeds.put(Fact::Deal(lost));
            },
            HELD,
        );
    }

    #[test]
    fn the_amount_is_another_now() {
        check(
            |world| {
                let mut dearer = a_deal("006D1", "001A", 20_000);
                dearer.stamp = facts::stamp("2", START);
                world.crm.feeds.put(Fact::Deal(dearer));
                let Fact::DealLine(line) = line("00k1", "006D1", "01t1", 20_000) else {
                    unreachable!()
                };
                let stamp = facts::stamp("2", START);
                world
                    .crm
                    .feeds
                    .put(Fact::DealLine(tieout_domain::facts::DealLine { stamp, ..line }));
            },
            HELD,
        );
    }

    #[test]
    fn the_books_are_closed_on_the_documents_own_date() {
        check(|world| world.ledger.able(|able| able.closed_to = Some(date("2026-07-06"))), HELD);
    }

    #[test]
    fn the_books_are_closed_up_to_the_day_before() {
        check(|world| world.ledger.able(|able| able.closed_to = Some(date("2026-07-05"))), SENT);
    }

    #[test]
    fn somebody_has_written_the_invoice_by_hand() {
        check(
            |world| {
                let mut by_hand = a_document("88", "C1", money(10_000));
                by_hand.deal_reference = Some("006D1".into());
                by_hand.stamp.modified_at = time(START);
                world.ledger.feeds.put(Fact::Document(by_hand));
            },
            HELD,
        );
    }
}

mod refused_promises {
    use super::*;

    async fn refused(world: &World) -> Engine {
        let mut engine = world.synced().await;
        world.ledger.meet(&[Fault::Refused]);
        create(&mut engine).await;
        assert_eq!(state(&engine), Rejected);
        world.ledger.take_calls();
        engine
    }

    fn dearer(world: &World) {
        let mut deal = a_deal("006D1", "001A", 25_000);
        deal.stamp = facts::stamp("2", START);
        world.crm.feeds.put(Fact::Deal(deal));
        let Fact::DealLine(mut line) = line("00k1", "006D1", "01t1", 25_000) else {
            unreachable!()
        };
        line.stamp = facts::stamp("2", START);
        world.crm.feeds.put(Fact::DealLine(line));
    }

    #[test]
    fn a_run_over_everything_leaves_them_alone() {
        block_on(async {
            let world = busy(1);
            let mut engine = refused(&world).await;
            round(&mut engine).await.unwrap();
            assert_eq!(words(&create(&mut engine).await), ["EffectRejected"]);
            assert_eq!(state(&engine), Rejected);
        });
    }

    #[test]
    fn named_and_corrected_they_are_sent_under_the_same_key_and_the_next_group() {
        block_on(async {
            let world = busy(1);
            let mut engine = refused(&world).await;
            let key = promise(&engine).key;
            dearer(&world);
            sync(&mut engine).await;
            let report = engine.create(&only("006D1")).await.unwrap();
            assert_eq!(words(&report), ["confirmed"]);
            let calls = world.ledger.take_calls();
            assert_eq!(calls.last().unwrap(), &format!("create {key}.2 250.00 USD"));
            assert_eq!(way(&engine), "intended sent rejected intended sent confirmed");
            assert_eq!(documents_promised(&engine).len(), 1);
        });
    }

    #[test]
    fn refused_twice_they_may_be_corrected_twice() {
        block_on(async {
            let world = busy(1);
            let mut engine = refused(&world).await;
            world.ledger.meet(&[Fault::Refused]);
            let again = engine.create(&only("006D1")).await.unwrap();
            assert_eq!(words(&again), ["rejected"]);
            let third = engine.create(&only("006D1")).await.unwrap();
            assert_eq!(words(&third), ["confirmed"]);
            assert_eq!((promise(&engine).attempt_group, world.documents()), (3, 1));
        });
    }

    #[test]
    fn a_gate_still_stands_against_them() {
        block_on(async {
            let world = busy(1);
            let mut engine = refused(&world).await;
            world.ledger.able(|able| able.closed_to = Some(date("2026-07-31")));
            sync(&mut engine).await;
            let report = engine.create(&only("006D1")).await.unwrap();
            assert_eq!(words(&report), ["BooksClosed"]);
            assert_eq!(state(&engine), Rejected);
        });
    }

    #[test]
    fn what_was_given_up_in_doubt_goes_on_with_its_own_content_only() {
        block_on(async {
            let world = World::new(MarkerSearch { visible_after_secs: 60 });
            let mut engine = world.synced().await;
            world.ledger.meet(&[Fault::LostRequest]);
            create(&mut engine).await;
            assert_eq!(state(&engine), Unknown);
            let key = promise(&engine).key;
            engine.resolve(&key, Decision::GiveUp, "P. Raman", "not there").unwrap();
            world.pass(86_400);
            dearer(&world);
            sync(&mut engine).await;
            let report = engine.create(&only("006D1")).await.unwrap();
            assert_eq!(words(&report), ["EffectRejected"]);
            assert_eq!(state(&engine), Rejected);
        });
    }

    #[test]
    fn what_was_given_up_in_doubt_is_asked_for_before_it_is_sent_again() {
        block_on(async {
            let world = World::new(MarkerSearch { visible_after_secs: 60 });
            world.ledger.delay_feed();
            let mut engine = world.synced().await;
            world.ledger.meet(&[Fault::LostAnswer]);
            create(&mut engine).await;
            let key = promise(&engine).key;
            engine.resolve(&key, Decision::GiveUp, "P. Raman", "not there").unwrap();
            world.pass(86_400);
            let report = engine.create(&only("006D1")).await.unwrap();
            assert_eq!((words(&report), world.documents()), (vec!["confirmed".into()], 1));
        });
    }

    #[test]
    fn a_duplicate_that_is_refused_is_found_and_not_corrected() {
        block_on(async {
            let world = World::new(UniqueExternalId);
            world.ledger.delay_feed();
            let mut engine = world.synced().await;
            let copy = world.folder.path().join("copy.db");
            engine.store.backup_to(&copy).unwrap();
            create(&mut world.engine_over(&copy)).await;
            let report = create(&mut engine).await;
            assert_eq!((words(&report), world.documents()), (vec!["confirmed".into()], 1));
        });
    }
}

mod withdrawn_promises {
    use super::*;

    async fn withdrawn(world: &World) -> Engine {
        let mut engine = world.synced().await;
        world.ledger.meet(&[Fault::NotSent]);
        create(&mut engine).await;
        let key = promise(&engine).key;
        engine.resolve(&key, Decision::GiveUp, "P. Raman", "the wrong customer").unwrap();
        world.pass(60);
        engine
    }

    #[test]
    fn a_run_over_everything_leaves_them_alone() {
        block_on(async {
            let world = busy(1);
            let mut engine = withdrawn(&world).await;
            assert_eq!(words(&create(&mut engine).await), ["cancelled"]);
            assert_eq!((state(&engine), world.documents()), (Cancelled, 0));
        });
    }

    #[test]
    fn a_person_may_promise_them_again() {
        block_on(async {
            let world = busy(1);
            let mut engine = withdrawn(&world).await;
            let report = engine.create(&only("006D1")).await.unwrap();
            assert_eq!((words(&report), world.documents()), (vec!["confirmed".into()], 1));
            assert_eq!(promise(&engine).attempt_group, 1);
        });
    }
}

#[test]
fn the_approval_stands_in_the_audit_trail_before_the_promise() {
    block_on(async {
        let world = busy(1);
        let mut engine = world.synced().await;
        create(&mut engine).await;
        let mut audit = engine.store.audit(1_000).unwrap();
        audit.reverse();
        let place = |action: &str, detail: &str| {
            audit.iter().position(|it| it.action == action && it.detail.contains(detail)).unwrap()
        };
        let approved = place("document.approved", "invoice of 100.00");
        assert_eq!(audit[approved].actor, "P. Raman");
        assert!(approved < place("effect.moved", "intended"));
    });
}

#[test]
fn a_failure_that_is_over_is_resolved_in_the_crm() {
    block_on(async {
        let world = busy(1);
        let mut engine = world.synced().await;
        world.ledger.meet(&[Fault::Refused]);
        create(&mut engine).await;
        assert_eq!(world.crm.failures(), ["rejected Opportunity 006D1: needs_person"]);
        engine.create(&only("006D1")).await.unwrap();
        assert_eq!(world.crm.failures(), ["rejected Opportunity 006D1: resolved"]);
        assert_eq!(state(&engine), Confirmed);
    });
}

mod promises_that_wait {
    use super::*;

    async fn throttled(world: &World) -> Engine {
        let mut engine = world.synced().await;
        world.ledger.meet(&[Fault::Throttled(60)]);
        create(&mut engine).await;
        world.ledger.take_calls();
        engine
    }

    #[test]
    fn they_are_told_and_left_while_they_wait() {
        block_on(async {
            let world = busy(1);
            let mut engine = throttled(&world).await;
            world.pass(59);
            assert_eq!(words(&create(&mut engine).await), ["intended"]);
            assert_eq!(world.ledger.take_calls(), Vec::<String>::new());
        });
    }

    #[test]
    fn they_are_sent_when_they_are_due_named_or_not() {
        for request in [all_due(), only("006D1")] {
            block_on(async {
                let world = busy(1);
                let mut engine = throttled(&world).await;
                world.pass(60);
                let report = engine.create(&request).await.unwrap();
                assert_eq!((words(&report), world.documents()), (vec!["confirmed".into()], 1));
            });
        }
    }

    #[test]
    fn they_count_against_the_limit() {
        block_on(async {
            let world = busy(1);
            let mut engine = throttled(&world).await;
            world.crm.feeds.put(deal("006D2", "001A", 10_000));
            world.crm.feeds.put(line("00k2", "006D2", "01t1", 10_000));
            sync(&mut engine).await;
            world.pass(60);
            let refused = engine.create(&CreateRequest { limit: 1, ..all_due() }).await;
            assert!(matches!(refused, Err(EngineError::WriteLimit { wanted: 2, limit: 1 })));
            assert_eq!(world.documents(), 0);
            let report = create(&mut engine).await;
            assert_eq!((report.created(), world.documents()), (2, 2));
        });
    }

    #[test]
    fn while_they_wait_they_take_nothing_from_the_limit() {
        block_on(async {
            let world = busy(1);
            let mut engine = throttled(&world).await;
            world.crm.feeds.put(deal("006D2", "001A", 10_000));
            world.crm.feeds.put(line("00k2", "006D2", "01t1", 10_000));
            sync(&mut engine).await;
            let report = engine.create(&CreateRequest { limit: 1, ..all_due() }).await.unwrap();
            assert_eq!(
                (words(&report), report.created()),
                (vec!["intended".into(), "confirmed".into()], 1)
            );
        });
    }

    #[test]
    fn an_unknown_outcome_is_told_and_never_sent() {
        block_on(async {
            let world = busy(1);
            let mut engine = world.synced().await;
            world.ledger.meet(&[Fault::LostRequest]);
            create(&mut engine).await;
            world.pass(86_400);
            assert_eq!(words(&create(&mut engine).await), ["unknown"]);
            assert_eq!(words(&engine.create(&only("006D1")).await.unwrap()), ["EffectInFlight"]);
            assert_eq!(world.documents(), 0);
        });
    }
}

#[test]
fn a_promise_that_waits_is_in_flight() {
    block_on(async {
        let world = busy(1);
        let mut engine = world.synced().await;
        world.ledger.meet(&[Fault::Throttled(60)]);
        create(&mut engine).await;
        let rows = engine.view_today(&books_id()).unwrap().reconcile().unwrap().rows;
        assert_eq!(rows[0].billing.as_str(), "IN_FLIGHT");
        assert_eq!(state(&engine), Intended);
    });
}
