//! When a read may be tried again, and after which pause.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};

use crate::clock::Entropy;
use crate::error::ConnectorError;

/// Times that one read is sent (`salesforce §11`).
pub const READ_TRIES_MAX: usize = 5;
/// Longest pause that a tool can ask us to wait inside one call; beyond it the caller decides.
pub const RETRY_AFTER_SECS_MAX: u64 = 120;
const PAUSE_MS_MIN: u64 = 500;
const PAUSE_SECS_MAX: u64 = 60;

/// The pauses of one read: exponential ceilings, of which a random part is waited (full jitter).
pub(super) struct Pauses<'a> {
    ceilings: ExponentialBackoff,
    entropy: &'a dyn Entropy,
}

impl<'a> Pauses<'a> {
    pub fn new(entropy: &'a dyn Entropy) -> Self {
        let ceilings = ExponentialBuilder::new()
            .with_min_delay(Duration::from_millis(PAUSE_MS_MIN))
            .with_max_delay(Duration::from_secs(PAUSE_SECS_MAX))
            .with_max_times(READ_TRIES_MAX - 1)
            .build();
        Self { ceilings, entropy }
    }

    /// `None`: the error is final, the tries are used up, or the wait would be too long.
    pub fn before_next_try(&mut self, fault: &ConnectorError) -> Option<Duration> {
        let hint = match fault {
            ConnectorError::NotSent(_) | ConnectorError::OutcomeUnknown(_) => None,
            ConnectorError::Throttled { retry_after } => *retry_after,
            _ => return None,
        };
        if hint.is_some_and(|hint| hint.as_secs() > RETRY_AFTER_SECS_MAX) {
            return None;
        }
        let ceiling = self.ceilings.next()?;
        let jittered = self.part_of(ceiling);
        Some(hint.unwrap_or_default().max(jittered))
    }

    fn part_of(&self, ceiling: Duration) -> Duration {
        let mut bytes = [0; 8];
        self.entropy.fill(&mut bytes);
        let ceiling_ms = u64::try_from(ceiling.as_millis()).unwrap_or(u64::MAX - 1);
        Duration::from_millis(u64::from_le_bytes(bytes) % (ceiling_ms + 1))
    }
}
