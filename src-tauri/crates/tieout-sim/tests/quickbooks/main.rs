//! What the QuickBooks simulator promises, written like a specification.

// A panic is how a test says that something is not as expected.
#![allow(clippy::unwrap_used)]

mod desk;

mod cdc_and_batch;
mod currency;
mod faults;
mod grammar;
mod hostile;
mod ledger_law;
mod lists;
mod names;
mod payments;
mod replay;
mod reports;
mod sales;
mod sample;
mod sign_in;
mod snapshot;
mod undo;
