//! A further document for a deal whose earlier ones were taken back (`finance-domain §6 R4`).

use tieout_domain::effect::Replay::{self, MarkerSearch, NativeKey, UniqueExternalId};
use tieout_domain::facts::{Document, DocumentStatus, Fact, Stream};
use tieout_engine::{CreateRequest, Engine};

use crate::support::facts::{a_document, money};
use crate::support::ledger::Fault;
use crate::support::*;

const KEYED: Replay = NativeKey { ttl_secs: 3_600 };

fn further() -> CreateRequest {
    CreateRequest { further: true, ..only("006D1") }
}

/// Everything is billed, and the books are as they are read again a minute later.
async fn billed(world: &World) -> Engine {
    let mut engine = world.synced().await;
    assert_eq!(words(&create(&mut engine).await), ["confirmed"]);
    world.pass(60);
    engine
}

fn the_invoice(world: &World) -> Document {
    world.ledger.made().pop().expect("it was made").document
}

async fn voided(world: &World) -> Engine {
    let mut engine = billed(world).await;
    let mut document = the_invoice(world);
    document.status = DocumentStatus::Void;
    (document.net, document.total, document.balance_now) = (money(0), money(0), money(0));
    document.stamp.version = "1".into();
    world.ledger.feeds.put(Fact::Document(document));
    sync(&mut engine).await;
    engine
}

async fn deleted(world: &World) -> Engine {
    let mut engine = billed(world).await;
    world.ledger.feeds.delete(Stream::Invoices, the_invoice(world).id.as_str());
    sync(&mut engine).await;
    engine
}

fn keys(engine: &Engine) -> Vec<(u32, String)> {
    let promised = documents_promised(engine);
    promised.into_iter().map(|effect| (effect.sequence, effect.key)).collect()
}

#[test]
fn a_voided_invoice_is_followed_by_another_only_where_a_person_asks_for_it() {
    block_on(async {
        for replay in [KEYED, UniqueExternalId, MarkerSearch { visible_after_secs: 60 }] {
            let world = World::new(replay);
            let mut engine = voided(&world).await;
            let told = words(&create(&mut engine).await);
            assert_eq!(told, ["AlreadyCreated AlreadyInvoiced"], "{replay:?}");
            let named = engine.create(&only("006D1")).await.unwrap();
            assert_eq!(words(&named), ["AlreadyCreated AlreadyInvoiced"], "{replay:?}");
            let report = engine.create(&further()).await.unwrap();
            assert_eq!((words(&report), world.documents()), (vec!["confirmed".to_owned()], 2));
            let keys = keys(&engine);
            assert_eq!((keys.len(), keys[0].0, keys[1].0), (2, 1, 2));
            assert_ne!(keys[0].1, keys[1].1);
        }
    });
}

#[test]
fn a_deleted_invoice_is_followed_by_another_only_where_a_person_asks_for_it() {
    block_on(async {
        let world = World::new(KEYED);
        let mut engine = deleted(&world).await;
        assert_eq!(words(&create(&mut engine).await), ["AlreadyCreated"]);
        let report = engine.create(&further()).await.unwrap();
        assert_eq!((words(&report), world.documents()), (vec!["confirmed".to_owned()], 2));
    });
}

#[test]
fn one_of_other_people_that_was_deleted_is_as_if_it_had_never_been() {
    block_on(async {
        let world = World::new(KEYED);
        let mut by_hand = a_document("77", "C1", money(10_000));
        by_hand.deal_reference = Some(deal_id().to_string());
        world.ledger.feeds.put(Fact::Document(by_hand));
        let mut engine = world.synced().await;
        assert_eq!(words(&create(&mut engine).await), Vec::<String>::new());
        world.pass(60);
        world.ledger.feeds.delete(Stream::Invoices, "77");
        sync(&mut engine).await;
        assert_eq!(words(&create(&mut engine).await), ["confirmed"]);
    });
}

#[test]
fn a_further_one_is_not_asked_for_by_naming_nobody() {
    block_on(async {
        let world = World::new(KEYED);
        let mut engine = deleted(&world).await;
        let everything = CreateRequest { further: true, ..all_due() };
        let report = engine.create(&everything).await.unwrap();
        assert_eq!(words(&report), ["AlreadyCreated"]);
        assert_eq!(world.documents(), 1);
    });
}

#[test]
fn an_invoice_that_stands_is_followed_by_none() {
    block_on(async {
        let world = World::new(KEYED);
        let mut engine = billed(&world).await;
        sync(&mut engine).await;
        let report = engine.create(&further()).await.unwrap();
        assert_eq!(words(&report), ["AlreadyCreated AlreadyInvoiced"]);
        assert_eq!(world.documents(), 1);
    });
}

#[test]
fn the_further_one_is_followed_by_none_while_it_stands() {
    block_on(async {
        let world = World::new(KEYED);
        let mut engine = voided(&world).await;
        engine.create(&further()).await.unwrap();
        for _ in 0..2 {
            let report = engine.create(&further()).await.unwrap();
            assert_eq!(words(&report), ["AlreadyCreated AlreadyInvoiced"]);
            assert_eq!(world.documents(), 2);
            sync(&mut engine).await;
        }
    });
}

#[test]
fn a_lost_answer_of_the_further_one_is_asked_about_and_makes_no_third() {
    block_on(async {
        for replay in [KEYED, MarkerSearch { visible_after_secs: 60 }] {
            let world = World::new(replay);
            let mut engine = voided(&world).await;
            world.ledger.meet(&[Fault::LostAnswer]);
            engine.create(&further()).await.unwrap();
            let again = engine.create(&further()).await.unwrap();
            assert!(world.documents() == 2, "{replay:?} {:?}", words(&again));
            for _ in 0..3 {
                world.pass(70);
                round(&mut engine).await.unwrap();
            }
            let last = documents_promised(&engine).pop().unwrap();
            assert_eq!((last.sequence, last.state.as_str()), (2, "confirmed"), "{replay:?}");
            assert_eq!(world.documents(), 2, "{replay:?}");
        }
    });
}

#[test]
fn one_that_was_keyed_by_hand_meanwhile_stands_against_it() {
    block_on(async {
        let world = World::new(KEYED);
        let mut engine = voided(&world).await;
        let mut by_hand = a_document("77", "C1", money(10_000));
        by_hand.stamp.modified_at = the_invoice(&world).stamp.modified_at;
        world.ledger.feeds.put(Fact::Document(by_hand));
        sync(&mut engine).await;
        let report = engine.create(&further()).await.unwrap();
        assert_eq!(words(&report), ["PossibleInvoice"]);
        assert_eq!(world.documents(), 1);
    });
}
