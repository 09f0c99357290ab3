//! What the Xero simulator promises, written like a specification.

// A panic is how a test says that something is not as expected.
#![allow(clippy::unwrap_used)]

mod desk;

mod batches;
mod contacts;
mod credits;
mod currency;
mod faults;
mod filters;
mod hostile;
mod invoices;
mod items;
mod ledger_law;
mod lists;
mod notes;
mod payments;
mod replay;
mod reports;
mod sample;
mod settings;
mod sign_in;
mod snapshot;
mod states;
mod wire;
