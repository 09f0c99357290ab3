//! Virtual time, shared by the simulators of one sandbox.

use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};

/// A clock that moves only when it is told to. Clones share one time.
#[derive(Clone, Debug)]
pub struct SimClock {
    now: Arc<Mutex<Timestamp>>,
    /// What this clock shows beyond the shared time.
    ahead: SignedDuration,
}

impl SimClock {
    pub fn at(now: Timestamp) -> Self {
        Self { now: Arc::new(Mutex::new(now)), ahead: SignedDuration::ZERO }
    }

    /// The same time on the wall of a machine whose clock is wrong by so much; below zero it is
    /// behind. Moving either moves both.
    #[must_use]
    pub fn wrong_by(&self, ahead: SignedDuration) -> Self {
        Self { now: self.now.clone(), ahead }
    }

    pub fn now(&self) -> Timestamp {
        let now = *self.now.lock().expect("no holder of the clock panics");
        now.saturating_add(self.ahead).unwrap_or(now)
    }

    /// Moves on to `to`; a moment in the past leaves the clock where it is.
    pub fn advance_to(&self, to: Timestamp) {
        let mut now = self.now.lock().expect("no holder of the clock panics");
        *now = (*now).max(to.saturating_sub(self.ahead).unwrap_or(to));
    }

    /// Moves on by `by`; at the end of representable time the clock stays.
    pub fn advance(&self, by: SignedDuration) {
        let to = self.now().checked_add(by).unwrap_or(Timestamp::MAX);
        self.advance_to(to);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_clock_shows_another_time_and_moves_with_the_others() {
        let right = SimClock::at("2026-06-10T16:00:00Z".parse().unwrap());
        let late = right.wrong_by(SignedDuration::from_secs(-90));
        assert_eq!(late.now().to_string(), "2026-06-10T15:58:30Z");
        late.advance(SignedDuration::from_secs(60));
        assert_eq!(right.now().to_string(), "2026-06-10T16:01:00Z");
        late.advance_to("2026-06-10T16:00:30Z".parse().unwrap());
        assert_eq!(right.now().to_string(), "2026-06-10T16:02:00Z");
    }
}
