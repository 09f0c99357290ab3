//! Virtual time, shared by the simulators of one sandbox.

use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};

/// A clock that moves only when it is told to. Clones share one time.
#[derive(Clone, Debug)]
pub struct SimClock {
    now: Arc<Mutex<Timestamp>>,
}

impl SimClock {
    pub fn at(now: Timestamp) -> Self {
        Self { now: Arc::new(Mutex::new(now)) }
    }

    pub fn now(&self) -> Timestamp {
        *self.now.lock().expect("no holder of the clock panics")
    }

    /// Moves on to `to`; a moment in the past leaves the clock where it is.
    pub fn advance_to(&self, to: Timestamp) {
        let mut now = self.now.lock().expect("no holder of the clock panics");
        *now = (*now).max(to);
    }

    /// Moves on by `by`; at the end of representable time the clock stays.
    pub fn advance(&self, by: SignedDuration) {
        let to = self.now().checked_add(by).unwrap_or(Timestamp::MAX);
        self.advance_to(to);
    }
}
