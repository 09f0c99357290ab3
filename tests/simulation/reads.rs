//! The first read of everything, interrupted at each request and at each crash point: the reads
//! after it miss nothing. It begins with a renewal of both sign-ins, so that is interrupted too.

use serde_json::json;

use crate::network::Fault;
use crate::sweeps::sweep;
use crate::world::{Class, World};

/// Rows of a page in the CRM: every feed with content has several.
const PAGE_ROWS: usize = 2;
const DEALS: usize = 5;
/// What is read first is older than the overlap of any mark, and the tokens are too.
const OLD_SECS: i64 = 86_400;
/// Reads after which everything must be there.
const READS_MAX: usize = 3;
/// An ordinary run takes one case of so many.
const FAULTS_EVERY: usize = 29;
const DEATHS_EVERY: usize = 3;

/// What interrupts the first read.
#[derive(Clone, Copy, Debug)]
enum Cut {
    Nothing,
    /// The request after so many others suffers this.
    Fault(usize, Fault),
    /// It dies after so many crash points.
    Death(u32),
}

/// Requests and crash points of the first read.
struct Passed {
    requests: usize,
    points: u32,
}

async fn story(cut: Cut) -> Passed {
    let mut world = World::new(Class::MarkerSearch, false).await;
    world.say(format!("{cut:?}"));
    world.salesforce.switch(|switches| switches.page_rows = PAGE_ROWS);
    world.quickbooks.switch(&json!({ "rotate_every_refresh": true })).unwrap();
    for at in 0..DEALS {
        world.close_a_deal(at, 10_000);
    }
    world.sleep(OLD_SECS);
    match cut {
        Cut::Nothing => {}
        Cut::Fault(at, fault) => world.network.plan_at(at, fault),
        Cut::Death(at) => world.die_at(Some(at)),
    }
    let before = world.network.sent();
    world.sync(false).await;
    let passed = Passed { requests: world.network.sent() - before, points: world.fate.passed() };
    world.die_at(None);
    for _ in 0..READS_MAX {
        world.sleep(OLD_SECS);
        let read = world.sync(false).await;
        if read.is_some_and(|read| read.unwrap().is_complete()) {
            world.check_records();
            return passed;
        }
        // A person signs in where the renewal took the only living token along.
        if world.sign_in_needed {
            world.end();
            world.sign_in().await;
            world.start().await;
        }
    }
    panic!("not everything was read");
}

fn live(cut: &Cut) -> Passed {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(story(*cut))
}

#[test]
fn a_first_read_that_meets_each_fault_at_each_request() {
    let requests = live(&Cut::Nothing).requests;
    let at = |at| Fault::ALL.map(|fault| Cut::Fault(at, fault));
    let cuts: Vec<Cut> = (0..requests).flat_map(at).collect();
    sweep(&cuts, FAULTS_EVERY, |cut| {
        live(cut);
    });
}

#[test]
fn a_first_read_that_dies_at_each_crash_point() {
    let cuts: Vec<Cut> = (0..live(&Cut::Nothing).points).map(Cut::Death).collect();
    sweep(&cuts, DEATHS_EVERY, |cut| {
        live(cut);
    });
}
