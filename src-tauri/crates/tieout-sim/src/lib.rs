//! Simulators of every connected system, written from the wire sheets with their own wire types.

pub mod clock;
pub mod drop;
pub mod fault;
pub mod faulting;
pub mod quickbooks;
pub mod salesforce;
pub mod sample;
pub mod serve;
pub mod xero;
