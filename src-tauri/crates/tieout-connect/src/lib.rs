//! Ports between the engine and the connected systems, and what every connector shares.

pub mod cancel;
pub mod clock;
pub mod endpoint;
pub mod error;
pub mod json;
pub mod key;
pub mod mark;
pub mod ports;
pub mod secret;
pub mod transport;
