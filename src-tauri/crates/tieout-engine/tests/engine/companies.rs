//! Two ledger companies beside one CRM: no deal is billed in both, whatever is decided when.

use std::sync::Arc;

use tieout_connect::ports::WriteTarget;
use tieout_domain::assignment::{Condition, Property};
use tieout_domain::effect::EffectState;
use tieout_domain::effect::Replay::{self, MarkerSearch, NativeKey, UniqueExternalId};
use tieout_domain::facts::{Document, DocumentStatus, Fact};
use tieout_domain::ids::{ConnectionId, LedgerId};
use tieout_engine::{
    CreateRequest, Decision, Engine, KnownAt, LedgerConnection, LinkRequest, LinkSubject,
    SyncRequest, Word,
};
use tieout_store::{
    AgingBasis, AssignmentRule, DealAssignment, Decided, LedgerLimits, LimitPolicy, Role,
};

use crate::support::facts::*;
use crate::support::ledger::{FakeLedger, Fault};
use crate::support::*;

const KEYED: Replay = NativeKey { ttl_secs: 3_600 };
const FIRST: &str = "fake:1";
const SECOND: &str = "fake:2";

/// The world with one deal of 100.00 USD, and a second company that could bill it just as well.
struct Two {
    world: World,
    second: Arc<FakeLedger>,
}

fn second_id() -> ConnectionId {
    ConnectionId::new("books2").unwrap()
}

impl Two {
    fn new(replay: Replay) -> Self {
        let world = World::new(replay);
        let second = FakeLedger::named(world.clock.clone(), replay, (SECOND, "AQ-EU"));
        second.feeds.put(customer("K1", "Harrow Creek Ltd", Some("001A")));
        second.feeds.put(item("I1", "SENS-1"));
        world.store().save_connection(&connection(second_id(), Role::Ledger)).unwrap();
        Self { world, second: Arc::new(second) }
    }

    fn engine(&self) -> Engine {
        let mut engine = self.world.engine();
        let (id, port) = (second_id(), self.second.clone());
        engine.ledgers.push(LedgerConnection { id, port, writing: true, ended: false });
        engine
    }

    async fn synced(&self) -> Engine {
        let mut engine = self.engine();
        let report = sync(&mut engine).await;
        assert!(report.is_complete(), "{:?}", report.gaps);
        engine
    }

    /// How many documents with our keys the two ledgers really hold.
    fn documents(&self) -> (usize, usize) {
        (self.world.ledger.made().len(), self.second.made().len())
    }
}

fn decided(engine: &Engine) -> Decided {
    Decided { actor: "P. Raman".into(), at: engine.now(), reason: "as agreed".into() }
}

/// A rule without conditions takes what no other rule takes.
fn rule(engine: &mut Engine, name: &str, ledger: &str, condition: Option<(&str, &str)>) {
    let condition = condition.map(|(property, value)| Condition {
        property: Property::parse(property).unwrap(),
        any_of: vec![value.into()],
    });
    let rule = AssignmentRule {
        name: name.into(),
        ledger: LedgerId::new(ledger).unwrap(),
        conditions: condition.into_iter().collect(),
        active: true,
        decided: decided(engine),
    };
    assert!(engine.store.save_assignment_rule(&rule).unwrap());
}

fn everything_to(engine: &mut Engine, ledger: &str) {
    rule(engine, "everything", ledger, None);
}

fn assign(engine: &mut Engine, ledger: &str, active: bool) {
    let word = DealAssignment {
        deal: deal_id(),
        ledger: LedgerId::new(ledger).unwrap(),
        active,
        decided: decided(engine),
    };
    assert!(engine.store.save_deal_assignment(&word).unwrap());
}

async fn create_in(engine: &mut Engine, ledger: &ConnectionId) -> Vec<String> {
    let request = CreateRequest { ledger: ledger.clone(), ..all_due() };
    words(&engine.create(&request).await.unwrap())
}

/// The same for the deal, by name.
async fn create_named(engine: &mut Engine, ledger: &ConnectionId) -> Vec<String> {
    let request = CreateRequest { ledger: ledger.clone(), ..only("006D1") };
    words(&engine.create(&request).await.unwrap())
}

fn nothing() -> Vec<String> {
    Vec::new()
}

const REFUSED: [&str; 1] = ["NotOfThisCompany"];

#[test]
fn a_deal_of_two_companies_is_billed_by_none_until_a_rule_decides() {
    block_on(async {
        for replay in [KEYED, UniqueExternalId, MarkerSearch { visible_after_secs: 60 }] {
            let two = Two::new(replay);
            let mut engine = two.synced().await;
            for ledger in [books_id(), second_id()] {
                assert_eq!(create_in(&mut engine, &ledger).await, nothing(), "{replay:?}");
                assert_eq!(create_named(&mut engine, &ledger).await, REFUSED, "{replay:?}");
                let view = engine.view_today(&ledger).unwrap();
                let unassigned = view.reconcile().unwrap().unassigned;
                let reasons: Vec<&str> = unassigned
                    .iter()
                    .flat_map(|it| &it.reasons)
                    .map(|it| it.why.as_str())
                    .collect();
                assert_eq!(reasons, ["CONTESTED"], "{replay:?}");
            }
            assert_eq!((two.documents(), documents_promised(&engine).len()), ((0, 0), 0));
            everything_to(&mut engine, SECOND);
            assert_eq!(create_in(&mut engine, &books_id()).await, nothing());
            assert_eq!(create_named(&mut engine, &books_id()).await, REFUSED);
            assert_eq!(create_in(&mut engine, &second_id()).await, ["confirmed"]);
            assert_eq!(create_named(&mut engine, &books_id()).await, REFUSED);
            assert_eq!(two.documents(), (0, 1), "{replay:?}");
        }
    });
}

#[test]
fn the_refusal_names_the_companies_and_what_to_do() {
    block_on(async {
        let two = Two::new(KEYED);
        let mut engine = two.synced().await;
        let report = engine.create(&only("006D1")).await.unwrap();
        let tieout_engine::Outcome::Blocked(findings) = &report.planned[0].outcome else {
            panic!("{report:?}")
        };
        assert_eq!(findings[0].sentence.what, "It could belong to `AQ-US` and `AQ-EU`");
        assert!(findings[0].sentence.remedy.contains("assign the deal"));
    });
}

/// The promise was made, and the answer is lost: it may stand there.
#[test]
fn a_rule_that_changes_after_a_promise_creates_nothing_elsewhere() {
    block_on(async {
        for fault in [Fault::LostAnswer, Fault::LostRequest, Fault::NotSent, Fault::OtherContent] {
            let two = Two::new(KEYED);
            let mut engine = two.synced().await;
            everything_to(&mut engine, FIRST);
            two.world.ledger.meet(&[fault]);
            create_in(&mut engine, &books_id()).await;
            everything_to(&mut engine, SECOND);
            assert_eq!(create_in(&mut engine, &second_id()).await, nothing(), "{fault:?}");
            assert_eq!(create_named(&mut engine, &second_id()).await, REFUSED, "{fault:?}");
            assert_eq!(two.documents().1, 0, "{fault:?}");
            let unassigned = engine.view_today(&second_id()).unwrap().reconcile().unwrap();
            let why = &unassigned.unassigned[0].reasons[0].why;
            assert_eq!(why.as_str(), "HELD_ELSEWHERE", "{fault:?}");
        }
    });
}

#[test]
fn a_promise_that_has_not_left_is_not_sent_when_its_deal_is_given_to_another() {
    block_on(async {
        let two = Two::new(KEYED);
        let mut engine = two.synced().await;
        everything_to(&mut engine, FIRST);
        two.world.ledger.meet(&[Fault::NotSent]);
        assert_eq!(create_in(&mut engine, &books_id()).await, ["intended"]);
        everything_to(&mut engine, SECOND);
        two.world.pass(86_400);
        round(&mut engine).await.unwrap();
        assert_eq!(create_in(&mut engine, &books_id()).await, REFUSED);
        assert_eq!(two.documents(), (0, 0));
        let key = promise(&engine).key;
        engine.resolve(&key, Decision::GiveUp, "P. Raman", "the other company bills it").unwrap();
        assert_eq!(create_in(&mut engine, &second_id()).await, ["confirmed"]);
        round(&mut engine).await.unwrap();
        assert_eq!(two.documents(), (0, 1));
    });
}

fn the_invoice(two: &Two) -> Document {
    two.world.ledger.made().pop().expect("it was made").document
}

#[test]
fn what_is_billed_moves_only_when_its_invoice_is_void() {
    block_on(async {
        let two = Two::new(KEYED);
        let mut engine = two.synced().await;
        everything_to(&mut engine, FIRST);
        assert_eq!(create_in(&mut engine, &books_id()).await, ["confirmed"]);
        everything_to(&mut engine, SECOND);
        assign(&mut engine, SECOND, true);
        two.world.pass(60);
        sync(&mut engine).await;
        assert_eq!(create_named(&mut engine, &second_id()).await, REFUSED);
        let mut void = the_invoice(&two);
        void.status = DocumentStatus::Void;
        (void.net, void.total, void.balance_now) = (money(0), money(0), money(0));
        void.stamp.version = "1".into();
        two.world.pass(60);
        two.world.ledger.feeds.put(Fact::Document(void));
        sync(&mut engine).await;
        assert_eq!(create_in(&mut engine, &second_id()).await, ["confirmed"]);
        assert_eq!(create_named(&mut engine, &books_id()).await.len(), 1);
        assert_eq!(two.documents(), (1, 1));
    });
}

/// A restored copy of the workspace has forgotten the promise, not what the ledger says.
#[test]
fn a_document_with_our_key_holds_its_deal_without_a_promise() {
    block_on(async {
        let two = Two::new(KEYED);
        let mut engine = two.synced().await;
        let copy = two.world.folder.path().join("copy.db");
        std::fs::copy(two.world.path(), &copy).unwrap();
        everything_to(&mut engine, FIRST);
        assert_eq!(create_in(&mut engine, &books_id()).await, ["confirmed"]);
        let mut restored = two.world.engine_over(&copy);
        restored.ledgers.extend(two.engine().ledgers.pop());
        everything_to(&mut restored, SECOND);
        two.world.pass(60);
        sync(&mut restored).await;
        assert_eq!(create_named(&mut restored, &second_id()).await, REFUSED);
        assert_eq!(two.documents(), (1, 0));
    });
}

#[test]
fn what_was_billed_by_hand_and_names_its_deal_stays_too() {
    block_on(async {
        let two = Two::new(KEYED);
        let mut by_hand = a_document("77", "C1", money(10_000));
        by_hand.deal_reference = Some(deal_id().to_string());
        two.world.ledger.feeds.put(Fact::Document(by_hand));
        let mut engine = two.synced().await;
        everything_to(&mut engine, SECOND);
        assert_eq!(create_in(&mut engine, &second_id()).await, nothing());
        assert_eq!(create_named(&mut engine, &second_id()).await, REFUSED);
        assert_eq!(two.documents(), (0, 0));
    });
}

/// Nothing says so, but the customer, the amount and the days do.
#[test]
fn what_another_company_may_have_billed_by_hand_waits_for_a_person() {
    block_on(async {
        let two = Two::new(KEYED);
        two.world.ledger.feeds.put(Fact::Document(a_document("77", "C1", money(10_000))));
        let mut engine = two.synced().await;
        everything_to(&mut engine, SECOND);
        for told in [
            create_in(&mut engine, &second_id()).await,
            create_named(&mut engine, &second_id()).await,
        ] {
            assert_eq!(told, REFUSED);
        }
        let apart = LinkRequest {
            ledger: books_id(),
            deal: deal_id(),
            subject: LinkSubject::Document("77".into()),
            word: Word::IsNot,
            actor: "P. Raman".into(),
            reason: "for the training".into(),
        };
        engine.link(&apart).unwrap();
        assert_eq!(create_in(&mut engine, &second_id()).await, ["confirmed"]);
        assert_eq!(two.documents(), (0, 1));
    });
}

#[test]
fn a_persons_word_overrides_the_rules_and_can_be_taken_back() {
    block_on(async {
        let two = Two::new(KEYED);
        let mut engine = two.synced().await;
        everything_to(&mut engine, FIRST);
        assign(&mut engine, SECOND, true);
        assert_eq!(create_named(&mut engine, &books_id()).await, REFUSED);
        assign(&mut engine, SECOND, false);
        assert_eq!(create_named(&mut engine, &second_id()).await, REFUSED);
        assert_eq!(create_in(&mut engine, &books_id()).await, ["confirmed"]);
        assert_eq!(two.documents(), (1, 0));
    });
}

#[test]
fn a_deal_whose_currency_changes_after_billing_is_not_billed_again() {
    block_on(async {
        let two = Two::new(KEYED);
        two.second.able(|able| able.currencies = vec![eur()]);
        let mut engine = two.synced().await;
        assert_eq!(create_in(&mut engine, &books_id()).await, ["confirmed"]);
        let mut changed = a_deal("006D1", "001A", 10_000);
        changed.currency = eur();
        changed.amount = Some(tieout_domain::Money::from_minor(10_000, eur()));
        changed.stamp.version = "2".into();
        two.world.pass(60);
        two.world.crm.feeds.put(Fact::Deal(changed));
        // The CRM of these cases adds in one currency only, so it is not asked to.
        let unadded = SyncRequest { ranges: Vec::new(), ..everything() };
        engine.sync(&unadded).await.unwrap();
        assert_eq!(create_in(&mut engine, &second_id()).await, nothing());
        let told = create_named(&mut engine, &second_id()).await;
        assert!(told[0].starts_with("NotOfThisCompany"), "{told:?}");
        assert_eq!(two.documents(), (1, 0));
    });
}

/// The ledger id is the company, not the name of the connection.
#[test]
fn a_company_that_is_connected_twice_bills_once() {
    block_on(async {
        for (fault, ended) in [(Fault::LostAnswer, true), (Fault::LostAnswer, false)] {
            let world = World::new(KEYED);
            world.store().save_connection(&connection(second_id(), Role::Ledger)).unwrap();
            let mut engine = world.engine();
            let (id, port) = (second_id(), world.ledger.clone());
            engine.ledgers.push(LedgerConnection { id, port, writing: true, ended: false });
            sync(&mut engine).await;
            world.ledger.meet(&[fault]);
            assert_eq!(create_in(&mut engine, &books_id()).await, ["unknown"]);
            engine.ledgers[0].ended = ended;
            engine.ledgers[0].writing = !ended;
            for _ in 0..2 {
                let told = create_named(&mut engine, &second_id()).await;
                assert!(told[0].contains("EffectInFlight"), "{told:?}");
                world.pass(7_200);
            }
            assert_eq!(world.documents(), 1);
        }
    });
}

#[test]
fn a_company_that_was_disconnected_keeps_its_deals() {
    block_on(async {
        let two = Two::new(KEYED);
        let mut engine = two.synced().await;
        engine.ledgers[0].ended = true;
        engine.ledgers[0].writing = false;
        assert_eq!(create_named(&mut engine, &second_id()).await, REFUSED);
        everything_to(&mut engine, FIRST);
        assert_eq!(create_named(&mut engine, &second_id()).await, REFUSED);
        assert_eq!(engine.view_today(&books_id()).unwrap().reconcile().unwrap().rows.len(), 1);
        everything_to(&mut engine, SECOND);
        assert_eq!(create_in(&mut engine, &second_id()).await, ["confirmed"]);
        assert_eq!(two.documents(), (0, 1));
    });
}

/// Else all its deals would go to whoever takes the rest, until the next run.
#[test]
fn a_rule_about_a_field_that_was_not_read_gives_nothing_to_anybody() {
    block_on(async {
        let two = Two::new(KEYED);
        let mut engine = two.synced().await;
        rule(&mut engine, "eu", SECOND, Some(("deal.Region__c", "EMEA")));
        rule(&mut engine, "rest", FIRST, None);
        for ledger in [books_id(), second_id()] {
            assert_eq!(create_named(&mut engine, &ledger).await, REFUSED);
        }
        let mut told = a_deal("006D1", "001A", 10_000);
        told.traits.insert("Region__c".into(), "emea".into());
        two.world.pass(60);
        two.world.crm.feeds.put(Fact::Deal(told));
        sync(&mut engine).await;
        assert_eq!(create_named(&mut engine, &books_id()).await, REFUSED);
        assert_eq!(create_in(&mut engine, &second_id()).await, ["confirmed"]);
        assert_eq!(two.documents(), (0, 1));
    });
}

#[test]
fn only_the_company_that_keeps_a_deal_tells_the_crm_of_it() {
    block_on(async {
        let two = Two::new(KEYED);
        let mut engine = two.synced().await;
        let told = async |engine: &mut Engine, ledger: &ConnectionId| {
            let view = engine.view_today(ledger).unwrap();
            let reconciliation = view.reconcile().unwrap();
            let run = engine.store.runs(1).unwrap()[0].run.id.clone();
            engine.write_back(&view, &reconciliation, None, &run).await.unwrap();
            let writes = two.world.crm.take_writes().into_iter();
            writes.filter(|it| matches!(it.target, WriteTarget::Deal(_))).count()
        };
        two.world.crm.take_writes();
        assert_eq!(told(&mut engine, &books_id()).await, 0);
        assert_eq!(told(&mut engine, &second_id()).await, 0);
        everything_to(&mut engine, SECOND);
        assert_eq!(told(&mut engine, &books_id()).await, 0);
        assert_eq!(told(&mut engine, &second_id()).await, 1);
    });
}

#[test]
fn what_was_known_before_a_rule_stays_as_it_was() {
    block_on(async {
        let two = Two::new(KEYED);
        let mut engine = two.synced().await;
        two.world.pass(60);
        let before = engine.now();
        two.world.pass(60);
        everything_to(&mut engine, SECOND);
        let rows = |known_at| {
            let wanted = KnownAt { as_of: date("2026-07-06"), known_at };
            engine.view(&second_id(), wanted).unwrap().reconcile().unwrap().rows.len()
        };
        assert_eq!((rows(Some(before)), rows(None)), (0, 1));
    });
}

#[test]
fn each_company_has_its_own_limits_closing_date_and_aging_basis() {
    block_on(async {
        let two = Two::new(KEYED);
        two.second.able(|able| able.closed_to = Some(date("2026-05-31")));
        let mut engine = two.synced().await;
        let limits = LedgerLimits {
            connection: second_id(),
            absolute: money(25_000),
            fraction: "0.005".parse().unwrap(),
            policy: LimitPolicy::Both,
            rounding_minor: 9,
            grace_days: 12,
            materiality: money(7),
            aging_basis: AgingBasis::InvoiceDate,
            credit_policy: tieout_store::CreditPolicy::Fifo,
            decided: decided(&engine),
        };
        engine.store.save_limits(&limits).unwrap();
        let first = engine.view_today(&books_id()).unwrap().frame;
        let second = engine.view_today(&second_id()).unwrap().frame;
        assert_eq!((first.limits.rounding_minor(), second.limits.rounding_minor()), (5, 9));
        assert_eq!((first.grace_days, second.grace_days), (5, 12));
        assert_ne!(first.aging_basis, second.aging_basis);
        assert_ne!(first.credit_policy, second.credit_policy);
        let closed = date("2026-05-31");
        assert_eq!((first.rules.closed_to, second.rules.closed_to), (None, Some(closed)));
        assert_eq!(second.rules.company, "AQ-EU");
    });
}

/// Nothing of what is decided changes what a company alone does.
#[test]
fn a_company_alone_keeps_the_deals_of_its_currencies() {
    block_on(async {
        let world = World::new(KEYED);
        let mut engine = world.synced().await;
        assert_eq!(words(&create(&mut engine).await), ["confirmed"]);
        assert_eq!(state(&engine), EffectState::Confirmed);
    });
}
