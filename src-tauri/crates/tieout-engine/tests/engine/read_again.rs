//! Everything is read again before a document is made: what was read last may be days old
//! (`finance-domain §6`: each gate is asked again at the moment of sending).

use tieout_domain::effect::Replay::{self, NativeKey};
use tieout_domain::facts::{Fact, Stream};

use crate::support::facts::{a_deal, a_document, deal, line, money};
use crate::support::ledger::Fault;
use crate::support::*;

const KEYED: Replay = NativeKey { ttl_secs: 3_600 };

/// What a run over everything, and one for the named deal, make of a change after the last sync.
#[track_caller]
fn check(change: impl Fn(&World), want: &str, documents: usize) {
    for request in [all_due(), only("006D1")] {
        block_on(async {
            let world = World::new(KEYED);
            let mut engine = world.synced().await;
            world.pass(60);
            change(&world);
            let report = engine.create(&request).await.unwrap();
            assert_eq!(words(&report), [want]);
            assert_eq!(world.documents(), documents, "{want}");
        });
    }
}

#[test]
fn an_invoice_that_was_keyed_by_hand_since_stands_against_another() {
    let by_hand = |world: &World| {
        world.ledger.feeds.put(Fact::Document(a_document("77", "C1", money(10_000))));
    };
    check(by_hand, "PossibleInvoice", 0);
}

#[test]
fn a_deal_that_was_lost_since_is_not_billed() {
    let lost = |world: &World| {
        let mut lost = a_deal("006D1", "001A", 10_000);
        lost.won = false;
        lost.stamp.version = "1".into();
        world.crm.feeds.put(Fact::Deal(lost));
    };
    check(lost, "NotWon", 0);
}

#[test]
fn a_price_that_was_corrected_since_is_the_one_that_is_billed() {
    block_on(async {
        let world = World::new(KEYED);
        let mut engine = world.synced().await;
        world.pass(60);
        world.crm.feeds.put(deal("006D1", "001A", 1_000));
        world.crm.feeds.put(line("00k1", "006D1", "01t1", 1_000));
        let report = engine.create(&all_due()).await.unwrap();
        assert_eq!(words(&report), ["confirmed"]);
        assert_eq!(world.ledger.made()[0].document.net, money(1_000));
        assert_eq!(report.planned[0].net, Some(money(1_000)));
    });
}

#[test]
fn a_deal_that_cannot_be_read_again_is_not_billed_and_the_run_is_incomplete() {
    block_on(async {
        let world = World::new(KEYED);
        let mut engine = world.synced().await;
        world.crm.deal_fails(true);
        let report = engine.create(&all_due()).await.unwrap();
        assert_eq!((words(&report), world.documents()), (vec!["NotReadAgain".to_owned()], 0));
        let end = engine.store.runs(1).unwrap()[0].end.clone().unwrap();
        assert!(!matches!(end.completeness, tieout_store::Completeness::Complete));
    });
}

#[test]
fn a_promise_that_waits_says_which_gates_hold_it() {
    block_on(async {
        let world = World::new(KEYED);
        let mut engine = world.synced().await;
        world.ledger.meet(&[Fault::NotSent]);
        create(&mut engine).await;
        let mut lost = a_deal("006D1", "001A", 10_000);
        lost.won = false;
        lost.stamp.version = "1".into();
        world.crm.feeds.put(Fact::Deal(lost));
        world.pass(600);
        let report = create(&mut engine).await;
        assert_eq!((words(&report), world.documents()), (vec!["NotWon".to_owned()], 0));
    });
}

#[test]
fn a_document_with_our_key_that_was_read_settles_an_unknown_promise_whatever_its_date() {
    block_on(async {
        let world = World::new(Replay::MarkerSearch { visible_after_secs: 60 });
        let mut engine = world.synced().await;
        world.ledger.meet(&[Fault::LostAnswer]);
        create(&mut engine).await;
        let mut moved = world.ledger.made().pop().unwrap().document;
        moved.effective_on = moved.effective_on.yesterday().unwrap();
        moved.stamp.version = "1".into();
        world.pass(5);
        world.ledger.feeds.put(Fact::Document(moved));
        sync(&mut engine).await;
        assert_eq!(state(&engine).as_str(), "confirmed");
        assert_eq!(engine.store.facts(&books_id(), Stream::Invoices, None).unwrap().len(), 1);
    });
}
