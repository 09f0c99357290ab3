//! Shared fixtures and worlds for every test suite.

pub mod clock;
pub mod consent;
pub mod expected;
pub mod http;
pub mod prepared;
pub mod print;
pub mod trace;
pub mod wire;
mod world;
pub mod xero;

pub use prepared::Stage;
pub use world::{ACTOR, AS_OF, PASSPHRASE, PERIOD, World, cheap_key, local, opening, play};
