//! What a person may say about deals, documents and customers, and what the records contradict.

use tieout_domain::Money;
use tieout_domain::facts::{Customer, Document, DocumentStatus, Fact, LedgerDocumentKind, Stamp};
use tieout_domain::ids::DealId;
use tieout_engine::{EngineError, LinkReport, LinkRequest, LinkSubject, Word};

use crate::support::facts::{a_customer, a_deal, a_document, customer, eur, invoice, money, stamp};
use crate::support::*;

fn say(world: &World, subject: LinkSubject, word: Word) -> Result<LinkReport, EngineError> {
    block_on(async {
        let mut engine = world.engine();
        sync(&mut engine).await;
        engine.link(&LinkRequest {
            ledger: books_id(),
            deal: DealId::new("006D1").unwrap(),
            subject,
            word,
            actor: "P. Raman".into(),
            reason: "looked at the order".into(),
        })
    })
}

fn document(id: &str) -> LinkSubject {
    LinkSubject::Document(id.into())
}

#[track_caller]
fn check_refused(world: &World, subject: LinkSubject, named: &str) {
    match say(world, subject, Word::Is) {
        Err(EngineError::LinkRefused(why)) => assert!(why.contains(named), "{why}"),
        other => panic!("{other:?}"),
    }
    let engine = world.engine();
    assert_eq!(engine.store.deal_document_link_history().unwrap(), []);
    assert_eq!(engine.store.identity_link_history().unwrap(), []);
}

fn world_with(fact: Fact) -> World {
    let world = World::new(tieout_domain::effect::Replay::NativeKey { ttl_secs: 3_600 });
    world.ledger.feeds.put(fact);
    world
}

#[test]
fn a_document_in_another_currency_is_refused() {
    let net = Money::from_minor(10_000, eur());
    let world = world_with(Fact::Document(a_document("77", "C1", net)));
    check_refused(&world, document("77"), "the deal is in USD, the document in EUR");
}

#[test]
fn a_document_of_another_customer_is_refused() {
    let world = world_with(customer("C9", "Somebody else", None));
    world.ledger.feeds.put(invoice("77", "C9", 10_000));
    check_refused(&world, document("77"), "customer `C9`");
}

#[test]
fn a_document_that_is_gone_is_refused() {
    let gone = Stamp { deleted: true, ..stamp("2", "2026-07-02T11:00:00Z") };
    let gone = Document { stamp: gone, ..a_document("77", "C1", money(10_000)) };
    check_refused(&world_with(Fact::Document(gone)), document("77"), "deleted");
}

#[test]
fn an_invoice_for_a_negative_deal_is_refused() {
    let world = world_with(invoice("77", "C1", 10_000));
    world.crm.feeds.put(Fact::Deal(a_deal("006D1", "001A", -10_000)));
    world.crm.feeds.put(facts::line("00k1", "006D1", "01t1", -10_000));
    check_refused(&world, document("77"), "negative");
}

#[test]
fn a_customer_that_is_billed_in_another_currency_is_refused() {
    let other = Customer { currency: Some(eur()), ..a_customer("C9", "Elsewhere", None) };
    let world = world_with(Fact::Customer(other));
    check_refused(&world, LinkSubject::Customer("C9".into()), "billed in EUR");
}

#[test]
fn a_void_document_may_be_the_deals_own_and_bills_nothing() {
    let void = Document { status: DocumentStatus::Void, ..a_document("77", "C1", money(10_000)) };
    let report = say(&world_with(Fact::Document(void)), document("77"), Word::Is).unwrap();
    assert!(report.changed && report.before.is_none());
    assert_eq!(report.stands.billing.unwrap().as_str(), "REVERSED");
}

#[test]
fn a_credit_memo_takes_billing_back_where_a_person_says_so() {
    let credit =
        Document { kind: LedgerDocumentKind::CreditMemo, ..a_document("78", "C1", money(10_000)) };
    let world = world_with(invoice("77", "C1", 10_000));
    world.ledger.feeds.put(Fact::Document(credit));
    say(&world, document("77"), Word::Is).unwrap();
    let report = say(&world, document("78"), Word::Is).unwrap();
    let billing = |of: &tieout_engine::DealStanding| of.billing.unwrap().as_str();
    assert_eq!((billing(&report.stood), billing(&report.stands)), ("BILLED", "REVERSED"));
}
