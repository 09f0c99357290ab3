//! Exactly once, tested as histories: seeded worlds in which people, the network and the machine do
//! what they do, and a judge that shares no code with the engine says whether the promise held.
//! What it promises and what it leaves out is in `src-tauri/docs/reliability.md`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod chance;
mod clerk;
mod coverage;
mod crowd;
mod disk;
mod history;
mod judge;
mod network;
mod operator;
mod oracle;
mod origin;
mod planted;
mod process;
mod reads;
mod sign_in;
mod small_disk;
mod spoilt;
mod sweeps;
mod unique;
mod world;
