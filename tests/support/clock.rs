//! A laptop whose clock is wrong.

use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use tieout_connect::clock::Clock;
use tieout_sim::clock::SimClock;

/// Shows the servers' time with an error of so many seconds; waiting moves the servers' time on.
pub struct WrongClock {
    servers: SimClock,
    ahead_secs: i64,
}

impl WrongClock {
    /// `ahead_secs` below zero: the laptop is behind.
    pub fn new(servers: SimClock, ahead_secs: i64) -> Self {
        Self { servers, ahead_secs }
    }
}

#[async_trait]
impl Clock for WrongClock {
    fn now(&self) -> Timestamp {
        let ahead = SignedDuration::from_secs(self.ahead_secs);
        self.servers.now().checked_add(ahead).expect("the story lies within the calendar")
    }

    async fn sleep(&self, duration: Duration) {
        let by = SignedDuration::try_from(duration).expect("a wait fits into a duration");
        self.servers.advance(by);
    }
}
