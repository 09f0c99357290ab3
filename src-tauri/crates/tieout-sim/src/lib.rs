//! Simulators of every connected system, written from the wire sheets with their own wire types.

pub mod clock;
pub mod fault;
pub mod quickbooks;
pub mod salesforce;
pub mod sample;
