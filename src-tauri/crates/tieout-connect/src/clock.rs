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

/// The machine's own clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

#[async_trait]
impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}

/// The machine's own source of unpredictable bytes.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("every supported system gives unpredictable bytes");
    }
}
