//! Time, randomness and waiting as ports. Nothing else in the product asks the machine for them.

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

/// The laptop's clock. It may be wrong by minutes; marks use the server's time instead.
#[async_trait]
pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;
    /// Waits; a virtual clock moves on at once.
    async fn sleep(&self, duration: Duration);
}

/// Unpredictable bytes for states, verifiers and nonces.
pub trait Entropy: Send + Sync {
    fn fill(&self, bytes: &mut [u8]);
}
