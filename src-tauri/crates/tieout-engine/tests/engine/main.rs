//! What the engine promises, as cases: an honest little CRM and ledger in memory, a clock that moves
//! only when told, and a real store in a folder of its own.

#![allow(clippy::unwrap_used, reason = "a case that cannot be set up is a broken test")]

mod companies;
mod crashes;
mod creating;
mod customers;
mod effects;
mod further;
mod linking;
mod read_again;
mod reading;
mod resyncing;
mod support;
mod sweeping;
mod viewing;
mod writing_back;
