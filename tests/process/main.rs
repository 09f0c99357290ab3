//! The program `tieout` as a person or a script runs it: real processes, sockets and files.
//!
//! Cargo builds the program beside these tests from the library of the command line, so it is never
//! stale and no second build runs inside a test. Both sides are served by `tieout sandbox serve`.

mod autopsy;
#[path = "../simulation/chance.rs"]
mod chance;
mod desk;
mod disk;
mod failures;
mod full;
mod keyring;
mod kills;
mod line;
mod person;
mod renewal;
mod sandbox;
mod sign_in;
mod silence;
mod storm;
mod story;
mod two;
mod usage;
mod world;
