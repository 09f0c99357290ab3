//! What the store promises, as tests.

mod append_only;
mod audit;
mod changes;
mod cursors;
mod decisions;
mod durability;
mod effects;
mod encryption;
mod facts;
mod opening;
mod quarantine;
mod round_trip;
mod runs;
mod schema;
mod support;
mod workpapers;
