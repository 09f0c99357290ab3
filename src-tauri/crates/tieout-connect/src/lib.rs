//! Ports between the engine and the connected systems, and what every connector shares.

pub mod clock;
pub mod error;
pub mod ports;
pub mod transport;
