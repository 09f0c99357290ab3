//! One create with everything that can go wrong, case by case.

use crate::network::{Errand, Fault};
use crate::world::{Class, World};

/// More crash points than one create passes.
const CRASH_POINTS_MAX: u32 = 60;

fn run(future: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future);
}

/// One deal, these faults on its way, the process dying after so many crash points. Says whether it
/// died, so that the caller knows when it visited all.
async fn one_create(class: Class, faults: &[(Errand, Fault)], die_at: Option<u32>) -> bool {
    let mut world = World::new(class).await;
    world.say(format!("{class:?} {faults:?}, dies at {die_at:?}"));
    let deal = world.close_a_deal(0, 123_456);
    world.sync(false).await;
    for (errand, fault) in faults {
        world.network.plan(*errand, *fault);
    }
    world.die_at(die_at);
    let lived = world.create(&[]).await.is_some();
    world.come_to_rest().await;
    world.check_at_rest();
    world.a_person_decides().await;
    world.check_one(&deal);
    !lived
}

fn every_fault_and_crash_point(class: Class, faults: &[Fault]) {
    run(async {
        for fault in faults {
            one_create(class, &[(Errand::LookUp, *fault)], None).await;
            for at in 0..CRASH_POINTS_MAX {
                if !one_create(class, &[(Errand::Create, *fault)], Some(at)).await {
                    break;
                }
            }
        }
    });
}

fn every_pair(class: Class) {
    run(async {
        for first in Fault::ALL {
            for second in Fault::ALL {
                one_create(class, &[(Errand::Create, first), (Errand::Create, second)], None).await;
            }
        }
    });
}

#[test]
fn a_create_without_faults() {
    run(async {
        for class in Class::ALL {
            one_create(class, &[], None).await;
        }
    });
}

#[test]
fn marker_search_each_fault_at_each_crash_point() {
    every_fault_and_crash_point(Class::MarkerSearch, &Fault::ALL);
}

#[test]
fn native_key_each_fault_at_each_crash_point() {
    every_fault_and_crash_point(Class::NativeKey, &Fault::ALL);
}

#[test]
fn marker_search_each_pair_of_faults() {
    every_pair(Class::MarkerSearch);
}

#[test]
fn native_key_each_pair_of_faults() {
    every_pair(Class::NativeKey);
}
