//! One deal's way to its invoice with everything that can go wrong, case by case. Nothing here is
//! left to chance.
//!
//! The whole product is lived with `TIEOUT_SWEEPS=all`; an ordinary run takes every so-manieth
//! case, the same ones each time.

use std::fmt::Debug;

use tieout_domain::ids::DealId;

use crate::crowd::side_by_side;
use crate::network::{Errand, Fault};
use crate::world::{Class, World};

/// Crash points that a create passes after faults beyond those of a quiet one.
const MORE_CRASH_POINTS: u32 = 6;
/// A wait after which what was not received is sent again, and what is unknown is asked about.
const LATER_SECS: i64 = 130;
/// A person asks again after so long.
const AGAIN_SECS: i64 = 10;
/// What the ledger made is shown after less than the wait that its answer needs to count.
const STALE_SECS: i64 = 55;
/// Taking a copy back takes a person a while, or is thought of days later.
const RESTORED_AFTER_SECS: [i64; 2] = [900, 2 * 86_400];
/// An ordinary run takes one case of so many.
const COPIES_EVERY: usize = 3;
const CREATES_EVERY: usize = 3;
const DEATHS_EVERY: usize = 2;
const STEPS_EVERY: usize = 41;
const PAIRS_EVERY: usize = 13;
const PAIRS_AND_DEATHS_EVERY: usize = 101;

#[derive(Clone, Debug)]
struct Case {
    class: Class,
    /// The request after so many others suffers this.
    at: Option<(usize, Fault)>,
    /// The next requests of these errands suffer these.
    faults: Vec<(Errand, Fault)>,
    /// Dies in the create after so many crash points.
    create_dies: Option<u32>,
    /// Dies in the run before the create after so many crash points.
    sync_dies: Option<u32>,
    twice: bool,
    /// A person asks again soon, before anything is read.
    again: Option<Again>,
    /// What the ledger made so lately is not shown then.
    stale_secs: i64,
    /// A copy from before the create takes the place of the store so long after it.
    restored_after_secs: Option<i64>,
    /// The Account gets another name meanwhile.
    renamed: bool,
}

/// What a person asks for again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Again {
    WhateverIsDue,
    /// Who names a deal does not wait.
    TheDeal,
}

impl Case {
    fn of(class: Class) -> Self {
        Self {
            class,
            at: None,
            faults: Vec::new(),
            create_dies: None,
            sync_dies: None,
            twice: false,
            again: None,
            stale_secs: 0,
            restored_after_secs: None,
            renamed: false,
        }
    }
}

/// How far the story went.
struct Lived {
    requests: usize,
    /// Crash points that the run before the create and the create itself passed.
    passed: (u32, u32),
}

/// A deal is won, read, approved and read back; then everything comes to rest, a person decides
/// what waits, and there is one invoice.
async fn story(case: &Case) -> Lived {
    let mut world = World::new(case.class, true).await;
    world.say(format!("{case:?}"));
    let deal = world.close_a_deal(0, 123_456);
    if let Some((at, fault)) = case.at {
        world.network.plan_at(at, fault);
    }
    let times = if case.twice { 2 } else { 1 };
    let before = world.network.sent();
    world.die_at(case.sync_dies);
    for _ in 0..times {
        world.sync(false).await;
    }
    let synced = world.fate.passed();
    for (errand, fault) in &case.faults {
        world.network.plan(*errand, *fault);
    }
    if case.restored_after_secs.is_some() {
        world.keep_a_copy();
    }
    world.die_at(case.create_dies);
    for _ in 0..times {
        world.create(&[]).await;
    }
    let created = world.fate.passed();
    if let Some(again) = case.again {
        world.network.stale(case.stale_secs);
        world.sleep(AGAIN_SECS);
        let named = [deal.clone()];
        world.create(if again == Again::TheDeal { &named } else { &[] }).await;
        world.network.stale(0);
    }
    world.die_at(None);
    if case.renamed {
        world.rename_an_account(0, 7).unwrap();
    }
    if let Some(secs) = case.restored_after_secs {
        world.sleep(secs);
        world.restore_the_copy().await;
        world.create(&[]).await;
    }
    world.sleep(LATER_SECS);
    world.sync(false).await;
    for _ in 0..times {
        world.resync(&deal).await;
    }
    for _ in 0..times {
        world.sync(false).await;
    }
    let requests = world.network.sent() - before;
    end_well(&mut world, &deal).await;
    Lived { requests, passed: (synced, created) }
}

async fn end_well(world: &mut World, deal: &DealId) {
    world.come_to_rest().await;
    world.check_at_rest();
    world.a_person_decides().await;
    world.check_one(deal);
}

fn live(case: &Case) -> Lived {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(story(case))
}

/// Every case, or in an ordinary run every so-manieth.
pub fn sweep<T: Debug + Sync>(cases: &[T], every: usize, each: impl Fn(&T) + Sync) {
    let all = std::env::var("TIEOUT_SWEEPS").is_ok_and(|which| which == "all");
    let every = if all { 1 } else { every };
    let chosen: Vec<&T> = cases.iter().step_by(every).collect();
    let failed = side_by_side(&chosen, |case| each(case));
    eprintln!("{} of {} cases lived", chosen.len(), cases.len());
    assert!(failed.is_empty(), "{} cases failed: {failed:#?}", failed.len());
}

fn lived(cases: &[Case], every: usize) {
    sweep(cases, every, |case| {
        live(case);
    });
}

/// What a story without faults asks and passes.
fn quiet(class: Class) -> Lived {
    live(&Case::of(class))
}

#[test]
fn every_step_twice() {
    let twice = |class| Case { twice: true, ..Case::of(class) };
    lived(&Class::ALL.map(twice), 1);
}

/// Nobody reads between the copy's return and the next create.
#[test]
fn a_copy_from_before_each_fault_and_each_death() {
    let mut cases = Vec::new();
    for class in Class::ALL {
        let points = quiet(class).passed.1;
        for secs in RESTORED_AFTER_SECS {
            let restored_after_secs = Some(secs);
            let whole = Case { restored_after_secs, ..Case::of(class) };
            for fault in Fault::ALL {
                cases.push(Case { faults: vec![(Errand::Create, fault)], ..whole.clone() });
            }
            for renamed in [false, true] {
                let whole = Case { renamed, ..whole.clone() };
                let dies = |at| Case { create_dies: Some(at), ..whole.clone() };
                cases.extend((0..points).map(dies));
                cases.push(whole);
            }
        }
    }
    lived(&cases, COPIES_EVERY);
}

#[test]
fn each_fault_at_each_request() {
    let mut cases = Vec::new();
    for class in Class::ALL {
        for at in 0..quiet(class).requests {
            for fault in Fault::ALL {
                cases.push(Case { at: Some((at, fault)), ..Case::of(class) });
            }
        }
    }
    lived(&cases, STEPS_EVERY);
}

#[test]
fn each_fault_on_the_create_and_on_the_look_up() {
    let mut cases = Vec::new();
    for class in Class::ALL {
        for fault in Fault::ALL {
            for errand in [Errand::Create, Errand::LookUp] {
                let faults = vec![(errand, fault)];
                cases.push(Case { faults: faults.clone(), ..Case::of(class) });
                for again in [Again::WhateverIsDue, Again::TheDeal].map(Some) {
                    for stale_secs in [0, STALE_SECS] {
                        let faults = faults.clone();
                        cases.push(Case { faults, again, stale_secs, ..Case::of(class) });
                    }
                }
            }
        }
    }
    lived(&cases, CREATES_EVERY);
}

#[test]
fn a_death_at_each_crash_point() {
    let mut cases = Vec::new();
    for class in Class::ALL {
        let (synced, created) = quiet(class).passed;
        let dies = |at| Case { sync_dies: Some(at), ..Case::of(class) };
        cases.extend((0..synced).map(dies));
        for again in [None, Some(Again::WhateverIsDue), Some(Again::TheDeal)] {
            let dies = |at| Case { create_dies: Some(at), again, ..Case::of(class) };
            cases.extend((0..created).map(dies));
        }
    }
    lived(&cases, DEATHS_EVERY);
}

/// A fault on the create, and a second one on the next create or on whatever comes next.
fn pairs() -> Vec<Case> {
    let mut cases = Vec::new();
    for class in Class::ALL {
        for first in Fault::ALL {
            for second in Fault::ALL {
                for errand in [Errand::Create, Errand::Any] {
                    let faults = vec![(Errand::Create, first), (errand, second)];
                    cases.push(Case { faults, ..Case::of(class) });
                }
            }
        }
    }
    cases
}

#[test]
fn each_pair_of_faults() {
    lived(&pairs(), PAIRS_EVERY);
}

#[test]
fn a_death_at_each_crash_point_after_each_pair_of_faults() {
    let points = Class::ALL.map(|class| quiet(class).passed.1).into_iter().max().unwrap_or(0);
    let mut cases = Vec::new();
    for pair in pairs() {
        let dies = |at| Case { create_dies: Some(at), ..pair.clone() };
        cases.extend((0..points + MORE_CRASH_POINTS).map(dies));
    }
    lived(&cases, PAIRS_AND_DEATHS_EVERY);
}
