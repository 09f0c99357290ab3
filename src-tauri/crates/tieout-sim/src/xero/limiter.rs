//! Calls of the app per organisation, in fixed windows (`xero §5`).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::answer::Answer;
use super::config::AppConfig;

const MINUTE: i64 = 60;
const DAY: i64 = 86_400;
/// Calls of the app per minute over all organisations, as the header states it.
const APP_MINUTE: u32 = 10_000;

/// The windows of one organisation.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Limiter {
    /// Where the windows of this organisation start, in seconds.
    offset: i64,
    minute: Window,
    day: Window,
}

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Window {
    number: i64,
    used: u32,
}

impl Window {
    fn at(self, now: i64, length: i64) -> Self {
        let number = now.div_euclid(length);
        if number == self.number { self } else { Self { number, used: 0 } }
    }
}

impl Limiter {
    pub fn of(tenant: &str) -> Self {
        let offset = tenant.bytes().map(i64::from).sum::<i64>() % MINUTE;
        Self { offset, minute: Window::default(), day: Window::default() }
    }

    /// Counts one call. One that is over a limit counts for nothing.
    pub fn admit(&mut self, config: &AppConfig, now: Timestamp) -> Result<(), Answer> {
        let seconds = now.as_second() - self.offset;
        self.minute = self.minute.at(seconds, MINUTE);
        self.day = self.day.at(seconds, DAY);
        let until = |length: i64| length - seconds.rem_euclid(length);
        if self.day.used >= config.day_limit {
            return Err(Answer::throttled("day", Some(until(DAY))));
        }
        if self.minute.used >= config.minute_limit {
            return Err(Answer::throttled("minute", Some(until(MINUTE))));
        }
        self.minute.used += 1;
        self.day.used += 1;
        Ok(())
    }

    /// The answer with what is left.
    pub fn stated(&self, answer: Answer, config: &AppConfig) -> Answer {
        let left = |limit: u32, used: u32| limit.saturating_sub(used).to_string();
        answer
            .with("X-DayLimit-Remaining", &left(config.day_limit, self.day.used))
            .with("X-MinLimit-Remaining", &left(config.minute_limit, self.minute.used))
            .with("X-AppMinLimit-Remaining", &left(APP_MINUTE, self.minute.used))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_ends_at_its_fixed_time() {
        let config = AppConfig { minute_limit: 2, ..AppConfig::default() };
        let mut limiter = Limiter::of("");
        let at = |seconds| Timestamp::from_second(seconds).unwrap();
        assert!(limiter.admit(&config, at(658)).is_ok());
        assert!(limiter.admit(&config, at(659)).is_ok());
        let refused = limiter.admit(&config, at(659)).unwrap_err();
        assert_eq!(refused.headers[1], ("Retry-After".to_owned(), "1".to_owned()));
        assert!(limiter.admit(&config, at(660)).is_ok());
    }
}
