//! Ports between the engine and the connected systems, and what every connector shares.

pub mod budget;
pub mod cancel;
pub mod clock;
pub mod endpoint;
pub mod error;
pub mod faulty;
pub mod http;
pub mod json;
pub mod key;
pub mod mark;
pub mod oauth;
pub mod ports;
pub mod secret;
pub mod session;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod transport;
