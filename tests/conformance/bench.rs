//! `cargo xtask bench sync`: what a first sync sends, and how much of the allowed rate a connector
//! uses when it has work without end. Time is virtual, so the figures are the same on every machine.
//! Prints one JSON document and asserts nothing about it.

#![allow(clippy::unwrap_used, reason = "a benchmark that cannot go on stops")]
#![allow(clippy::print_stdout, reason = "its figures are its output")]
#![allow(dead_code, reason = "the stands have more to offer than a benchmark asks for")]

mod changes;
mod driver;
mod first_sync;
mod keys;
mod ledger;
mod line;
mod pages;
mod quickbooks;
mod reader;
mod rows;
mod salesforce;
mod sign_in;
mod stand;
mod troubles;
mod unknown;
mod writes;
mod xero;
mod xero_wire;

use jiff::SignedDuration;
use serde_json::{Value, json};
use tieout_connect::error::ConnectorError;
use tieout_connect::ports::{ReadRequest, Source};

use driver::Trial;
use first_sync::{FirstSync, first_sync};
use quickbooks::QuickBooksStand;
use salesforce::SalesforceStand;
use stand::Stand;
use xero::XeroStand;

/// Sizes of first syncs, as multiples of the suite's own.
const SCALES: [usize; 2] = [1, 10];
/// How long work without end is watched.
const MINUTES: i64 = 20;
/// Most requests of that while, where only the day is limited.
const REQUESTS_MAX: usize = 20_000;

/// What a connection may send in the time that is watched.
#[derive(Clone, Copy)]
enum Allowance {
    PerMinute(u64),
    /// Our part of the day, used up without waiting.
    PerDay(u64),
}

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let xero = tieout_xero::budget(tieout_xero::CALLS_PER_DAY).per_minute_max.unwrap_or_default();
    let books = tieout_quickbooks::BUDGET.per_minute_max.unwrap_or_default();
    let brands = runtime.block_on(async {
        [
            brand::<QuickBooksStand<true>>(Allowance::PerMinute(books.into())).await,
            brand::<XeroStand<true>>(Allowance::PerMinute(xero.into())).await,
            // A quarter of the 15,000 calls that the simulated organisation has a day.
            brand::<SalesforceStand>(Allowance::PerDay(3_750)).await,
        ]
    });
    println!("{:#}", json!({ "brands": brands }));
}

async fn brand<S: Stand>(allowance: Allowance) -> Value {
    let mut syncs = Vec::new();
    for scale in SCALES {
        let FirstSync { records, requests, floor } = first_sync::<S>(scale).await;
        syncs.push(json!({
            "records": records,
            "requests": requests,
            "floor": floor,
            "percent_of_floor": tenths(requests, floor),
            "percent_of_floor_without_set_up":
                tenths(requests.saturating_sub(S::brand().set_up.requests), floor),
        }));
    }
    json!({
        "brand": S::brand().name,
        "set_up_requests": S::brand().set_up.requests,
        "first_sync": syncs,
        "full_budget": full_budget::<S>(allowance).await,
    })
}

/// Reads one page over and over, as fast as the budget lets it.
async fn full_budget<S: Stand>(allowance: Allowance) -> Value {
    let trial = Trial::<S>::begin().await;
    trial.stand.make(1, 1);
    let world = trial.stand.world();
    // What the probe sent is out of the window.
    world.pass(120);
    let (begun, before) = (world.clock.now(), world.line.count());
    let end = begun + SignedDuration::from_mins(MINUTES);
    let mut sent = 0;
    while sent < REQUESTS_MAX {
        let (stream, since, token) = (S::brand().stream, None, None);
        match trial.port.read(&ReadRequest { stream, since, token }).await {
            Ok(_) => {}
            Err(ConnectorError::BudgetSpent { .. }) => break,
            Err(error) => panic!("{error:?}"),
        }
        if world.clock.now() >= end {
            break;
        }
        sent = world.line.count() - before;
    }
    let exchanges = world.line.exchanges();
    let sent = u64::try_from(sent).expect("a count");
    let refused = |status: http::StatusCode| matches!(status.as_u16(), 403 | 429);
    let throttled =
        exchanges.iter().filter(|it| it.answer.as_ref().is_some_and(|it| refused(it.0)));
    let (allowed, measured_by) = match allowance {
        Allowance::PerMinute(requests) => {
            (requests * u64::try_from(MINUTES).expect("a while"), "minute")
        }
        Allowance::PerDay(requests) => (requests, "day"),
    };
    json!({
        "limited_by": measured_by,
        "allowed": allowed,
        "sent": sent,
        "percent_of_allowed": tenths(sent, allowed),
        "throttled": throttled.count(),
    })
}

/// A percentage with one decimal, as text.
fn tenths(part: u64, whole: u64) -> String {
    let tenths = part * 1_000 / whole.max(1);
    format!("{}.{}", tenths / 10, tenths % 10)
}
