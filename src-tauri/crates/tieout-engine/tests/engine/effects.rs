//! One promised document: sent, refused, lost, asked about, never doubled.

use std::path::PathBuf;

use tieout_domain::effect::EffectState::{
    self, Cancelled, Confirmed, Conflict, Intended, Rejected, Unknown,
};
use tieout_domain::effect::Replay::{self, MarkerSearch, NativeKey, UniqueExternalId};
use tieout_domain::facts::{Fact, Stream};
use tieout_engine::Decision::{self, Accept, GiveUp, SendAgain};
use tieout_engine::{Engine, EngineError};

use crate::support::death::DieIn;
use crate::support::facts::{a_document, money};
use crate::support::ledger::{Fault, Look};
use crate::support::*;

const KEYED: Replay = NativeKey { ttl_secs: 3_600 };
const MARKED: Replay = MarkerSearch { visible_after_secs: 60 };
const CLASSES: [Replay; 3] = [UniqueExternalId, KEYED, MARKED];

/// The state right after one send that meets `fault`, and the documents that then exist.
#[track_caller]
fn check_send(fault: Fault, want: EffectState, documents: usize) {
    for replay in CLASSES {
        block_on(async {
            let world = World::new(replay);
            let mut engine = world.synced().await;
            world.ledger.meet(&[fault]);
            create(&mut engine).await;
            assert_eq!((state(&engine), world.documents()), (want, documents), "{replay:?}");
        });
    }
}

#[test]
fn a_document_is_created_once() {
    check_send(Fault::None, Confirmed, 1);
}

#[test]
fn what_never_left_stays_intended() {
    check_send(Fault::NotSent, Intended, 0);
    check_send(Fault::Throttled(90), Intended, 0);
    check_send(Fault::SignIn, Intended, 0);
}

#[test]
fn no_answer_is_an_unknown_outcome_whatever_happened() {
    check_send(Fault::LostRequest, Unknown, 0);
    check_send(Fault::LostAnswer, Unknown, 1);
    check_send(Fault::ServerErrorBefore, Unknown, 0);
    check_send(Fault::ServerErrorAfter, Unknown, 1);
    check_send(Fault::Unreadable, Unknown, 1);
}

#[test]
fn a_refusal_is_rejected() {
    check_send(Fault::Refused, Rejected, 0);
    check_send(Fault::PeriodClosed, Rejected, 0);
}

#[test]
fn a_document_with_other_content_is_a_conflict() {
    check_send(Fault::OtherContent, Conflict, 1);
}

/// A further create while the first is under way, done, refused or in conflict sends nothing.
#[track_caller]
fn check_again(replay: Replay, fault: Fault, times: usize) {
    block_on(async {
        let world = World::new(replay);
        let mut engine = world.synced().await;
        world.ledger.meet(&[fault]);
        create(&mut engine).await;
        let (before, documents) = (promise(&engine), world.documents());
        world.ledger.take_calls();
        for _ in 0..times {
            create(&mut engine).await;
        }
        assert_eq!(world.ledger.take_calls(), Vec::<String>::new(), "{replay:?} {fault:?}");
        assert_eq!((promise(&engine), world.documents()), (before, documents));
    });
}

#[test]
fn replaying_the_event_a_hundred_times_changes_nothing() {
    check_again(MARKED, Fault::None, 100);
}

#[test]
fn replaying_the_event_in_any_state_changes_nothing() {
    for replay in CLASSES {
        for fault in [Fault::LostAnswer, Fault::LostRequest, Fault::Refused] {
            check_again(replay, fault, 2);
        }
        for fault in [Fault::Throttled(90), Fault::OtherContent, Fault::NotSent] {
            check_again(replay, fault, 2);
        }
    }
}

#[test]
fn an_old_answer_about_an_invoice_that_was_deleted_since_is_not_taken_for_an_invoice() {
    block_on(async {
        let world = World::new(KEYED);
        let mut engine = world.synced().await;
        world.ledger.delay_feed();
        world.ledger.meet(&[Fault::LostAnswer]);
        create(&mut engine).await;
        let made = world.ledger.made().pop().unwrap().document;
        world.ledger.feeds.lose(Stream::Invoices, made.id.as_str());
        for _ in 0..3 {
            world.pass(70);
            round(&mut engine).await.unwrap();
        }
        assert_eq!((state(&engine), world.documents()), (Confirmed, 1));
        let held = engine.store.facts(&books_id(), Stream::Invoices, None).unwrap();
        assert!(held.iter().all(|it| matches!(it, Fact::Document(it) if it.stamp.deleted)));
        assert_eq!(words(&create(&mut engine).await), ["AlreadyCreated"]);
    });
}

#[test]
fn the_row_is_durable_before_the_first_byte_leaves() {
    block_on(async {
        let world = World::new(KEYED);
        let mut engine = world.synced().await;
        world.ledger.take_calls();
        engine.crash_points = Box::new(DieIn("intent recorded"));
        let died = engine.create(&all_due()).await;
        assert!(matches!(died, Err(EngineError::Died("intent recorded"))));
        let calls = world.ledger.take_calls();
        assert!(calls.iter().all(|call| !call.starts_with("create")), "{calls:?}");
        assert_eq!(state(&world.engine()), EffectState::Sent);
    });
}

#[test]
fn the_key_comes_from_the_intent_alone() {
    block_on(async {
        let mut keys = Vec::new();
        for replay in CLASSES {
            let world = World::new(replay);
            let mut engine = world.synced().await;
            world.ledger.meet(&[Fault::Throttled(5), Fault::LostRequest]);
            create(&mut engine).await;
            world.pass(10);
            round(&mut engine).await.unwrap();
            world.ledger.calm();
            keys.extend(
                world.ledger.take_calls().into_iter().filter(|it| it.starts_with("create")),
            );
            assert_eq!(promise(&engine).key, "TIE-5JPNS6MSJ5B5J22C");
        }
        let want = "create TIE-5JPNS6MSJ5B5J22C.1 100.00 USD";
        assert!(keys.len() == 6 && keys.iter().all(|key| key == want), "{keys:?}");
    });
}

#[test]
fn a_throttle_is_waited_out_to_the_second() {
    block_on(async {
        let world = World::new(KEYED);
        let mut engine = world.synced().await;
        world.ledger.meet(&[Fault::Throttled(90)]);
        create(&mut engine).await;
        world.pass(89);
        round(&mut engine).await.unwrap();
        assert_eq!((state(&engine), world.documents()), (Intended, 0));
        world.pass(1);
        round(&mut engine).await.unwrap();
        assert_eq!((state(&engine), world.documents()), (Confirmed, 1));
        assert_eq!(promise(&engine).attempt_group, 1);
    });
}

/// The seconds after the send at which the ledger is asked, in a year of minutes without an answer.
#[track_caller]
fn check_questions(replay: Replay, look: Option<Look>, want: &[u64]) {
    block_on(async {
        let world = World::new(replay);
        let mut engine = world.synced().await;
        world.ledger.meet(&[Fault::LostRequest]);
        create(&mut engine).await;
        world.ledger.take_calls();
        let (mut at, mut asked) = (0, Vec::new());
        for step in [64, 1, 599, 1, 1_199, 1, 3_599, 1, 21_599, 1, 86_399, 1, 86_399, 1] {
            world.pass(step);
            at += step;
            world.ledger.look(look.as_slice());
            sync(&mut world.engine()).await;
            if world.ledger.take_calls().contains(&"find".to_owned()) {
                asked.push(at);
            }
            world.ledger.calm();
        }
        assert_eq!(asked, want);
    });
}

#[test]
fn questions_come_at_65_seconds_ten_minutes_twenty_minutes_and_on() {
    let want = [65, 665, 1_865, 5_465, 27_065, 113_465, 199_865];
    check_questions(MARKED, None, &want);
    check_questions(MARKED, Some(Look::Stale), &want);
    check_questions(MARKED, Some(Look::NoAnswer), &want);
}

/// Every step of an effect whose first send meets `fault`, over rounds until nothing moves.
#[track_caller]
fn check_way(replay: Replay, faults: &[Fault], looks: &[Look], want: &str, documents: usize) {
    block_on(async {
        let world = World::new(replay);
        let mut engine = world.synced().await;
        world.ledger.delay_feed();
        world.ledger.meet(faults);
        create(&mut engine).await;
        world.ledger.look(looks);
        for secs in [66, 601, 1_201, 601, 1_201] {
            world.pass(secs);
            round(&mut engine).await.unwrap();
        }
        assert_eq!((way(&engine).as_str(), world.documents()), (want, documents), "{replay:?}");
    });
}

#[test]
fn a_lost_answer_is_found_and_adopted() {
    for replay in CLASSES {
        check_way(replay, &[Fault::LostAnswer], &[], "intended sent unknown confirmed", 1);
        check_way(replay, &[Fault::ServerErrorAfter], &[], "intended sent unknown confirmed", 1);
    }
}

#[test]
fn a_lost_request_is_sent_again_under_the_same_key_where_the_class_allows_it() {
    let want = "intended sent unknown intended sent confirmed";
    check_way(UniqueExternalId, &[Fault::LostRequest], &[], want, 1);
    check_way(KEYED, &[Fault::LostRequest], &[], want, 1);
}

#[test]
fn a_lost_request_waits_for_a_person_where_we_can_only_search() {
    check_way(MARKED, &[Fault::LostRequest], &[], "intended sent unknown ? ? ?", 0);
}

#[test]
fn a_stale_look_up_doubles_nothing() {
    let (lost, stale) = ([Fault::LostAnswer], [Look::Stale]);
    // The tool replays the key.
    check_way(KEYED, &lost, &stale, "intended sent unknown intended sent confirmed", 1);
    // The tool refuses a second document, and shows the first.
    check_way(UniqueExternalId, &lost, &stale, "intended sent unknown intended sent confirmed", 1);
    check_way(MARKED, &lost, &stale, "intended sent unknown ? confirmed", 1);
}

#[test]
fn a_refused_duplicate_that_is_not_shown_yet_stays_unknown_until_it_is() {
    let want = "intended sent unknown intended sent unknown confirmed";
    check_way(UniqueExternalId, &[Fault::LostAnswer], &[Look::Stale, Look::Stale], want, 1);
}

#[test]
fn a_look_up_without_an_answer_changes_nothing() {
    for replay in CLASSES {
        let want = "intended sent unknown ? confirmed";
        check_way(replay, &[Fault::LostAnswer], &[Look::NoAnswer], want, 1);
        check_way(replay, &[Fault::LostAnswer], &[Look::Throttled], want, 1);
    }
}

#[test]
fn answers_that_are_lost_again_and_again_end_with_a_person() {
    let want = "intended sent unknown intended sent unknown intended sent unknown ? ? ?";
    check_way(UniqueExternalId, &[Fault::LostRequest; 9], &[], want, 0);
}

#[test]
fn a_native_key_is_not_used_after_the_tool_has_forgotten_it() {
    block_on(async {
        let world = World::new(KEYED);
        let mut engine = world.synced().await;
        world.ledger.delay_feed();
        world.ledger.meet(&[Fault::LostAnswer]);
        create(&mut engine).await;
        world.ledger.look(&[Look::Stale]);
        world.pass(3_600);
        round(&mut engine).await.unwrap();
        assert_eq!((way(&engine).as_str(), world.documents()), ("intended sent unknown ?", 1));
    });
}

#[test]
fn a_clock_that_was_set_back_revives_no_key() {
    block_on(async {
        let world = World::new(KEYED);
        let mut engine = world.synced().await;
        world.pass(86_400);
        world.ledger.meet(&[Fault::LostRequest]);
        create(&mut engine).await;
        drop(engine);
        let earlier = World { clock: tieout_connect::testing::VirtualClock::at(START), ..world };
        let mut engine = earlier.engine();
        engine.ask_now().await.unwrap();
        assert_eq!(way(&engine), "intended sent unknown ?");
    });
}

#[test]
fn what_must_become_visible_is_counted_from_the_last_send() {
    block_on(async {
        let world = World::new(MARKED);
        let mut engine = world.synced().await;
        world.ledger.meet(&[Fault::LostRequest, Fault::LostRequest]);
        create(&mut engine).await;
        world.pass(7_200);
        engine.ask_now().await.unwrap();
        let key = promise(&engine).key;
        engine.resolve(&key, SendAgain, "P. Raman", "not in the ledger").unwrap();
        round(&mut engine).await.unwrap();
        assert_eq!(state(&engine), Unknown);
        engine.ask_now().await.unwrap();
        assert_eq!(promise(&engine).empty_answers, 0);
        world.pass(60);
        engine.ask_now().await.unwrap();
        assert_eq!(promise(&engine).empty_answers, 1);
    });
}

#[test]
fn a_refusal_is_believed_only_after_asking() {
    for replay in CLASSES {
        block_on(async {
            let world = World::new(replay);
            let mut engine = world.synced().await;
            world.ledger.take_calls();
            world.ledger.meet(&[Fault::Refused]);
            create(&mut engine).await;
            assert_eq!(world.ledger.take_calls().last().unwrap(), "find", "{replay:?}");
            assert_eq!(promise(&engine).error_code.as_deref(), Some("6000"));
        });
    }
}

#[test]
fn a_refusal_that_cannot_be_checked_is_no_refusal_yet() {
    block_on(async {
        let world = World::new(UniqueExternalId);
        let mut engine = world.synced().await;
        world.ledger.meet(&[Fault::Refused]);
        world.ledger.look(&[Look::NoAnswer]);
        create(&mut engine).await;
        assert_eq!((state(&engine), promise(&engine).attempt_group), (Unknown, 1));
    });
}

#[test]
fn the_attempt_group_rises_with_a_definite_refusal_and_with_nothing_else() {
    for (fault, want) in [(Fault::Refused, 2), (Fault::Throttled(1), 1), (Fault::LostRequest, 1)] {
        block_on(async {
            let world = World::new(KEYED);
            let mut engine = world.synced().await;
            world.ledger.meet(&[fault]);
            create(&mut engine).await;
            assert_eq!(promise(&engine).attempt_group, want, "{fault:?}");
        });
    }
}

#[test]
fn an_error_shows_no_customer() {
    block_on(async {
        let world = World::new(KEYED);
        let mut engine = world.synced().await;
        world.ledger.meet(&[Fault::Refused]);
        create(&mut engine).await;
        let audit = engine.store.audit(1_000).unwrap();
        assert!(audit.iter().all(|entry| !entry.detail.contains("Harrow Creek")));
    });
}

mod after_a_crash {
    use super::*;

    #[test]
    fn what_was_sent_is_unknown_and_asked_about_at_once() {
        block_on(async {
            let world = World::new(KEYED);
            let mut engine = world.synced().await;
            engine.crash_points = Box::new(DieIn("answer in hand, not recorded"));
            engine.create(&all_due()).await.unwrap_err();
            let mut engine = world.engine();
            assert_eq!(state(&engine), EffectState::Sent);
            sync(&mut engine).await;
            assert_eq!(way(&engine), "intended sent unknown confirmed");
            assert_eq!(world.documents(), 1);
        });
    }

    #[test]
    fn another_create_run_sends_nothing_more() {
        block_on(async {
            let world = World::new(KEYED);
            let mut engine = world.synced().await;
            engine.crash_points = Box::new(DieIn("answer in hand, not recorded"));
            engine.create(&all_due()).await.unwrap_err();
            let mut engine = world.engine();
            let report = create(&mut engine).await;
            assert_eq!(world.documents(), 1, "{:?}", words(&report));
        });
    }
}

mod copies_of_one_workspace {
    use super::*;

    fn backup(world: &World, engine: &Engine) -> PathBuf {
        let copy = world.folder.path().join("restored.db");
        engine.store.backup_to(&copy).unwrap();
        copy
    }

    /// Yesterday's copy is restored after the live one has sent `after_secs` ago.
    #[track_caller]
    fn check_restored(replay: Replay, fault: Fault, after_secs: u64) {
        block_on(async {
            let world = World::new(replay);
            let mut live = world.synced().await;
            let copy = backup(&world, &live);
            world.ledger.delay_feed();
            world.ledger.meet(&[fault]);
            create(&mut live).await;
            world.pass(after_secs);
            let mut restored = world.engine_over(&copy);
            let report = create(&mut restored).await;
            assert_eq!(words(&report), ["confirmed"], "{replay:?} {fault:?} {after_secs}");
            world.pass(3_600);
            for engine in [&mut live, &mut restored] {
                round(engine).await.unwrap();
                assert_eq!(state(engine), Confirmed, "{replay:?} {fault:?} {after_secs}");
            }
            assert_eq!(world.documents(), 1, "{replay:?} {fault:?} {after_secs}");
        });
    }

    #[test]
    fn a_restored_backup_asks_before_it_sends() {
        for fault in [Fault::None, Fault::LostAnswer, Fault::ServerErrorAfter] {
            check_restored(UniqueExternalId, fault, 0);
            check_restored(UniqueExternalId, fault, 86_400);
            check_restored(KEYED, fault, 0);
            // The tool has forgotten the key by then: only the question protects.
            check_restored(KEYED, fault, 86_400);
            check_restored(MARKED, fault, 60);
            check_restored(MARKED, fault, 86_400);
        }
    }

    #[test]
    fn two_engines_that_both_promised_make_one_document() {
        for replay in [UniqueExternalId, KEYED] {
            block_on(async {
                let world = World::new(replay);
                let mut live = world.synced().await;
                world.ledger.delay_feed();
                live.crash_points = Box::new(DieIn("document promised"));
                live.create(&all_due()).await.unwrap_err();
                let copy = backup(&world, &live);
                let mut live = world.engine();
                let mut other = world.engine_over(&copy);
                for engine in [&mut live, &mut other] {
                    round(engine).await.unwrap();
                    assert_eq!(state(engine), Confirmed, "{replay:?}");
                }
                assert_eq!(world.documents(), 1);
            });
        }
    }

    #[test]
    fn a_question_that_gets_no_answer_sends_nothing() {
        for look in [Look::NoAnswer, Look::Throttled, Look::SignIn] {
            block_on(async {
                let world = World::new(MARKED);
                let mut engine = world.synced().await;
                world.ledger.look(&[look]);
                create(&mut engine).await;
                assert_eq!((state(&engine), world.documents()), (Intended, 0), "{look:?}");
                world.pass(90);
                round(&mut engine).await.unwrap();
                assert_eq!((state(&engine), world.documents()), (Confirmed, 1), "{look:?}");
            });
        }
    }
}

mod decided_by_a_person {
    use super::*;

    async fn in_state(world: &World, fault: Fault) -> Engine {
        let mut engine = world.synced().await;
        world.ledger.meet(&[fault]);
        create(&mut engine).await;
        engine
    }

    #[track_caller]
    fn check(fault: Fault, decision: Decision, want: Option<EffectState>) {
        block_on(async {
            let world = World::new(MARKED);
            let mut engine = in_state(&world, fault).await;
            let key = promise(&engine).key;
            let moved = engine.resolve(&key, decision, "P. Raman", "looked");
            assert_eq!(moved.ok(), want, "{fault:?} {decision:?}");
        });
    }

    #[test]
    fn each_state_has_its_ways_out() {
        check(Fault::LostRequest, SendAgain, Some(Intended));
        check(Fault::LostRequest, GiveUp, Some(Rejected));
        check(Fault::Refused, SendAgain, Some(Intended));
        check(Fault::Refused, GiveUp, None);
        check(Fault::NotSent, GiveUp, Some(Cancelled));
        check(Fault::NotSent, SendAgain, None);
        check(Fault::None, SendAgain, None);
        check(Fault::OtherContent, SendAgain, None);
        check(Fault::OtherContent, GiveUp, None);
        check(Fault::OtherContent, Accept, Some(Confirmed));
        check(Fault::LostRequest, Accept, None);
        check(Fault::None, Accept, None);
    }

    #[test]
    fn who_and_why_stand_in_the_audit_trail() {
        block_on(async {
            let world = World::new(MARKED);
            let mut engine = in_state(&world, Fault::LostRequest).await;
            let key = promise(&engine).key;
            engine.resolve(&key, GiveUp, "P. Raman", "typed by hand").unwrap();
            let audit = engine.store.audit(10).unwrap();
            let found = audit.iter().any(|entry| {
                entry.actor == "P. Raman" && entry.subject == key && entry.detail == "typed by hand"
            });
            assert!(found);
        });
    }

    #[test]
    fn sending_again_asks_first() {
        block_on(async {
            let world = World::new(MARKED);
            world.ledger.delay_feed();
            let mut engine = in_state(&world, Fault::LostAnswer).await;
            let key = promise(&engine).key;
            world.pass(60);
            engine.resolve(&key, SendAgain, "P. Raman", "it is not there").unwrap();
            round(&mut engine).await.unwrap();
            assert_eq!((state(&engine), world.documents()), (Confirmed, 1));
        });
    }
}

mod read_before_it_is_asked_about {
    use super::*;

    #[test]
    fn a_document_with_our_key_settles_a_promise_that_waits() {
        block_on(async {
            let world = World::new(KEYED);
            let mut engine = world.synced().await;
            world.ledger.meet(&[Fault::Throttled(600)]);
            create(&mut engine).await;
            let key = promise(&engine).key;
            let mut document = a_document("9", "C1", money(10_000));
            document.key = Some(tieout_domain::effect::TransactionKey::parse(&key).unwrap());
            document.stamp.modified_at = START.parse().unwrap();
            world.ledger.feeds.put(Fact::Document(document));
            world.pass(601);
            round(&mut engine).await.unwrap();
            assert_eq!((state(&engine), world.documents()), (Confirmed, 0));
            assert_eq!(engine.store.facts(&books_id(), Stream::Invoices, None).unwrap().len(), 1);
        });
    }
}
