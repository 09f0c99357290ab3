//! A customer that the ledger does not have: made once, whatever happens.

use tieout_domain::effect::EffectState;
use tieout_domain::effect::Replay::NativeKey;
use tieout_domain::facts::{Fact, Stream};
use tieout_engine::Engine;
use tieout_store::{EffectKind, IdentityLink};

use crate::support::death::DieIn;
use crate::support::facts::{account, customer, deal, item, line, product};
use crate::support::ledger::Fault;
use crate::support::*;

/// A deal of an Account that the ledger does not know.
fn world() -> World {
    let world = World::empty(NativeKey { ttl_secs: 3_600 });
    world.crm.feeds.put(account("001A", "Harrow Creek Ltd"));
    world.crm.feeds.put(product("01t1", "SENS-1"));
    world.crm.feeds.put(deal("006D1", "001A", 10_000));
    world.crm.feeds.put(line("00k1", "006D1", "01t1", 10_000));
    world.ledger.feeds.put(item("I1", "SENS-1"));
    world
}

fn another_deal(world: &World, id: &str, account: &str) {
    world.crm.feeds.put(deal(id, account, 10_000));
    world.crm.feeds.put(line(&format!("k{id}"), id, "01t1", 10_000));
}

fn customers(world: &World) -> usize {
    world.ledger.feeds.ids(Stream::Customers).len()
}

fn promised_customers(engine: &Engine) -> Vec<EffectState> {
    let effects = engine.effects().unwrap().into_iter();
    effects.filter(|it| it.kind == EffectKind::Customer).map(|it| it.state).collect()
}

#[test]
fn two_deals_of_one_new_customer_make_one() {
    block_on(async {
        let world = world();
        another_deal(&world, "006D2", "001A");
        let mut engine = world.synced().await;
        assert_eq!(words(&create(&mut engine).await), ["confirmed", "confirmed"]);
        assert_eq!((customers(&world), world.documents()), (1, 2));
    });
}

#[test]
fn the_loser_of_a_merge_makes_no_customer_of_its_own() {
    block_on(async {
        let world = world();
        let Fact::Account(mut loser) = account("001B", "Harrow Creek") else { unreachable!() };
        loser.merged_into = Some(tieout_domain::ids::AccountId::new("001A").unwrap());
        world.crm.feeds.put(Fact::Account(loser));
        another_deal(&world, "006D2", "001B");
        let mut engine = world.synced().await;
        assert_eq!(words(&create(&mut engine).await), ["confirmed", "confirmed"]);
        assert_eq!(customers(&world), 1);
    });
}

#[test]
fn a_second_account_of_the_same_name_waits_for_a_person() {
    block_on(async {
        let world = world();
        world.crm.feeds.put(account("001B", "Harrow Creek Ltd"));
        another_deal(&world, "006D2", "001B");
        let mut engine = world.synced().await;
        assert_eq!(words(&create(&mut engine).await), ["confirmed", "ProbableDuplicate"]);
        assert_eq!((customers(&world), world.documents()), (1, 1));
    });
}

#[test]
fn a_customer_of_the_same_name_that_was_not_read_yet_stands_against_a_new_one() {
    block_on(async {
        let world = world();
        let mut engine = world.synced().await;
        world.ledger.feeds.put(customer("C9", "Harrow Creek Ltd", None));
        assert_eq!(words(&create(&mut engine).await), ["ProbableDuplicate"]);
        assert_eq!((customers(&world), world.documents()), (1, 0));
    });
}

#[test]
fn a_customer_with_our_mark_that_was_not_read_yet_is_taken_whatever_its_name_is_now() {
    for name in ["Harrow Creek Ltd", "Harrow & Sons"] {
        block_on(async {
            let world = world();
            let mut engine = world.synced().await;
            world.ledger.feeds.put(customer("C9", name, Some("001A")));
            assert_eq!(words(&create(&mut engine).await), ["confirmed"]);
            assert_eq!((customers(&world), promised_customers(&engine)), (1, vec![]));
        });
    }
}

/// What the first run and the second make of it, and how many customers there are in the end.
#[track_caller]
fn check(fault: Fault, first: &str, second: &str, want: usize) {
    block_on(async {
        let world = world();
        let mut engine = world.synced().await;
        world.ledger.meet_customers(&[fault]);
        assert_eq!(words(&create(&mut engine).await), [first], "{fault:?}");
        world.pass(60);
        assert_eq!(words(&create(&mut engine).await), [second], "{fault:?}");
        assert_eq!(customers(&world), want, "{fault:?}");
    });
}

#[test]
fn a_lost_answer_makes_no_second_customer() {
    check(Fault::LostAnswer, "unknown", "confirmed", 1);
}

#[test]
fn a_lost_request_waits_for_a_person() {
    check(Fault::LostRequest, "unknown", "unknown", 0);
}

#[test]
fn what_never_left_is_sent_again() {
    check(Fault::NotSent, "intended", "confirmed", 1);
}

#[test]
fn a_refused_name_is_not_tried_again_by_a_run_over_everything() {
    check(Fault::Refused, "rejected", "CustomerRefused", 0);
}

#[test]
fn a_refused_customer_is_tried_again_for_a_deal_that_a_person_names() {
    block_on(async {
        let world = world();
        let mut engine = world.synced().await;
        world.ledger.meet_customers(&[Fault::Refused]);
        create(&mut engine).await;
        assert_eq!(world.crm.failures(), ["rejected Account 001A: needs_person"]);
        let report = engine.create(&only("006D1")).await.unwrap();
        assert_eq!(words(&report), ["confirmed"]);
        assert_eq!(world.crm.failures(), ["rejected Account 001A: resolved"]);
    });
}

#[test]
fn one_refused_customer_does_not_stop_the_other_deals() {
    block_on(async {
        let world = world();
        world.crm.feeds.put(account("001Z", "Strathmoor Distillers plc"));
        another_deal(&world, "006D2", "001Z");
        let mut engine = world.synced().await;
        world.ledger.meet_customers(&[Fault::Refused]);
        assert_eq!(words(&create(&mut engine).await), ["rejected", "confirmed"]);
    });
}

/// The status of the first deal, and whether a create run looks at it.
fn standing(engine: &Engine) -> (&'static str, bool) {
    let rows = engine.view_today(&books_id()).unwrap().reconcile().unwrap().rows;
    let row = rows.iter().find(|row| row.deal == deal_id()).unwrap();
    (row.billing.as_str(), row.is_billable())
}

#[track_caller]
fn check_standing(fault: Fault, want: (&'static str, bool)) {
    block_on(async {
        let world = world();
        let mut engine = world.synced().await;
        world.ledger.meet_customers(&[fault]);
        create(&mut engine).await;
        assert_eq!(standing(&engine), want, "{fault:?}");
    });
}

#[test]
fn a_deal_whose_customer_is_on_its_way_is_in_flight_and_is_looked_at_again() {
    check_standing(Fault::LostRequest, ("IN_FLIGHT", true));
}

#[test]
fn a_deal_whose_customer_never_left_is_unbilled() {
    check_standing(Fault::NotSent, ("UNBILLED", true));
}

#[test]
fn a_deal_whose_customer_was_refused_is_blocked() {
    check_standing(Fault::Refused, ("BLOCKED", false));
}

#[test]
fn dying_around_the_customer_makes_no_second_one() {
    for place in [
        "customer candidates in hand, not recorded",
        "customer promise recorded as sent",
        "customer in hand, not recorded",
        "document promised",
    ] {
        block_on(async {
            let world = world();
            let mut engine = world.synced().await;
            engine.crash_points = Box::new(DieIn(place));
            engine.create(&all_due()).await.unwrap_err();
            let mut engine = world.engine();
            for _ in 0..3 {
                world.pass(70);
                round(&mut engine).await.unwrap();
                create(&mut engine).await;
            }
            assert!(customers(&world) <= 1, "{place}");
            assert_eq!(world.documents(), customers(&world), "{place}");
        });
    }
}

#[test]
fn a_person_who_takes_the_link_away_is_obeyed() {
    block_on(async {
        let world = world();
        let mut engine = world.synced().await;
        create(&mut engine).await;
        another_deal(&world, "006D2", "001A");
        sync(&mut engine).await;
        let made = world.ledger.feeds.ids(Stream::Customers)[0].clone();
        engine
            .store
            .save_identity_link(&IdentityLink {
                account: tieout_domain::ids::AccountId::new("001A").unwrap(),
                connection: books_id(),
                customer: tieout_domain::ids::CustomerId::new(&made).unwrap(),
                linked: false,
                basis: "person".into(),
                decided: tieout_store::Decided {
                    reason: "another company".into(),
                    actor: "P. Raman".into(),
                    at: START.parse().unwrap(),
                },
            })
            .unwrap();
        let report = engine.create(&only("006D2")).await.unwrap();
        assert_eq!((words(&report), customers(&world)), (vec!["CustomerAmbiguous".into()], 1));
    });
}
