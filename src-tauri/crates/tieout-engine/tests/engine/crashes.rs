//! Dying at every place where the process may die, under every fault: one document, or an effect
//! that a person sees.

use tieout_domain::effect::EffectState::{self, Confirmed, Unknown};
use tieout_domain::effect::Replay::{self, MarkerSearch, NativeKey, UniqueExternalId};
use tieout_engine::EngineError;

use crate::support::death::DieAt;
use crate::support::ledger::{Fault, Look};
use crate::support::*;

const CLASSES: [Replay; 3] =
    [UniqueExternalId, NativeKey { ttl_secs: 3_600 }, MarkerSearch { visible_after_secs: 60 }];
const FAULTS: [Fault; 7] = [
    Fault::None,
    Fault::LostRequest,
    Fault::LostAnswer,
    Fault::ServerErrorAfter,
    Fault::Throttled(30),
    Fault::NotSent,
    Fault::Refused,
];
/// Seconds between the rounds after the first run; together more than any wait in between.
const ROUNDS: [u64; 4] = [66, 601, 1_201, 3_601];

struct End {
    state: EffectState,
    documents: usize,
    places: usize,
}

/// A create run and then rounds of the scheduler; the process dies once, at place `die_at`, and
/// starts again.
async fn run(replay: Replay, faults: &[Fault], looks: &[Look], die_at: Option<usize>) -> End {
    let world = World::new(replay);
    world.read_little();
    let mut engine = world.synced().await;
    world.ledger.delay_feed();
    world.ledger.meet(faults);
    world.ledger.look(looks);
    let (death, passed) = DieAt::beside_pages(die_at);
    engine.crash_points = Box::new(death);
    let mut died = died(engine.create(&all_due()).await.map(|_| ()));
    for secs in ROUNDS {
        if died {
            engine = world.engine();
            // Somebody presses the button again, because nothing seems to have happened.
            create(&mut engine).await;
            died = false;
        }
        world.pass(secs);
        died |= self::died(round(&mut engine).await);
    }
    let state = state(&engine);
    End { state, documents: world.documents(), places: passed.get() }
}

fn died(outcome: Result<(), EngineError>) -> bool {
    match outcome {
        Ok(()) => false,
        Err(EngineError::Died(_)) => true,
        Err(error) => panic!("{error}"),
    }
}

#[track_caller]
fn settled(end: &End, what: &str) {
    assert!(end.documents <= 1, "{what}: {} documents", end.documents);
    match end.state {
        Confirmed => assert_eq!(end.documents, 1, "{what}"),
        Unknown | EffectState::Rejected => {}
        state => panic!("{what}: still {state:?}"),
    }
}

/// Every place, one fault: the places are counted in a run that does not die.
#[track_caller]
fn check_every_place(replay: Replay) {
    for fault in FAULTS {
        block_on(async {
            let count = run(replay, &[fault], &[], None).await;
            settled(&count, &format!("{replay:?} {fault:?}"));
            assert!(count.places >= 4, "{} places", count.places);
            for die_at in 0..count.places {
                let end = run(replay, &[fault], &[], Some(die_at)).await;
                let what = format!("{replay:?} {fault:?} dies at {die_at}");
                settled(&end, &what);
                // Where the tool knows our key, one lost message never needs a person.
                let asks_a_person = matches!(replay, MarkerSearch { .. });
                if !asks_a_person && fault != Fault::Refused {
                    assert_eq!(end.state, Confirmed, "{what}");
                }
            }
        });
    }
}

#[test]
fn dying_anywhere_with_a_unique_external_id() {
    check_every_place(CLASSES[0]);
}

#[test]
fn dying_anywhere_with_a_native_key() {
    check_every_place(CLASSES[1]);
}

#[test]
fn dying_anywhere_with_a_marker_to_search_for() {
    check_every_place(CLASSES[2]);
}

/// Two faults in a row, with and without stale look-ups between them.
#[track_caller]
fn check_pairs(replay: Replay) {
    let firsts = [Fault::LostRequest, Fault::LostAnswer, Fault::Throttled(30), Fault::Refused];
    for (first, second) in firsts.into_iter().flat_map(|a| FAULTS.map(|b| (a, b))) {
        for looks in [&[][..], &[Look::Stale, Look::Stale]] {
            block_on(async {
                let end = run(replay, &[first, second], looks, None).await;
                settled(&end, &format!("{replay:?} {first:?} {second:?} {looks:?}"));
            });
        }
    }
}

#[test]
fn two_faults_in_a_row_with_a_unique_external_id() {
    check_pairs(CLASSES[0]);
}

#[test]
fn two_faults_in_a_row_with_a_native_key() {
    check_pairs(CLASSES[1]);
}

#[test]
fn two_faults_in_a_row_with_a_marker_to_search_for() {
    check_pairs(CLASSES[2]);
}
