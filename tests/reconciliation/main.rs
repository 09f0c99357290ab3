//! From Closed Won to a reconciled, exported month: the product's own commands against both
//! simulators, on one virtual clock.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod bad_input;
mod companies;
mod connecting;
mod decisions;
mod disconnected;
mod duplicates;
mod exports;
mod figures;
mod inbox;
mod leakage;
mod links;
mod once;
mod rehearsal;
mod resync;
mod sample;
mod silence;
mod totals;
mod two_times;
mod xero;
mod xero_sign_in;
