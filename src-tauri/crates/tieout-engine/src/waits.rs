//! How long to wait before a ledger is asked or sent to again.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// Waits between two questions about one unknown outcome, in seconds. The last one repeats.
const ASK_AFTER_SECS: [i64; 6] = [65, 600, 1_200, 3_600, 21_600, 86_400];
/// Wait before an effect that certainly was not received is sent again, in seconds.
const SEND_AGAIN_AFTER_SECS: [i64; 5] = [5, 30, 120, 600, 1_800];
/// Longest wish of a tool that is kept to the letter; after it the tool is tried and may wish
/// again.
const WISH_SECS_MAX: i64 = 86_400;

/// When to ask next about an outcome that was asked about so many times since the last send.
pub(crate) fn ask_at(now: Timestamp, asked: usize) -> Timestamp {
    later(now, step(&ASK_AFTER_SECS, asked))
}

/// When to send next what was sent so many times without being received. A tool's own wish counts
/// before our schedule.
pub(crate) fn send_at(now: Timestamp, attempts: u32, wish: Option<Duration>) -> Timestamp {
    let longest = SignedDuration::from_secs(WISH_SECS_MAX);
    let wait = match wish {
        Some(wish) => SignedDuration::try_from(wish).unwrap_or(longest).min(longest),
        None => step(&SEND_AGAIN_AFTER_SECS, usize::try_from(attempts).unwrap_or(usize::MAX)),
    };
    later(now, wait)
}

/// Whole seconds since a moment. `None`: the clock stands before it, so nothing is known.
pub(crate) fn age_secs(since: Timestamp, now: Timestamp) -> Option<u64> {
    u64::try_from(now.duration_since(since).as_secs()).ok().filter(|_| now >= since)
}

fn step(steps: &[i64], at: usize) -> SignedDuration {
    SignedDuration::from_secs(steps[at.min(steps.len() - 1)])
}

fn later(now: Timestamp, wait: SignedDuration) -> Timestamp {
    now.checked_add(wait).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-07-06T09:21:14Z".parse().unwrap()
    }

    #[track_caller]
    fn check_ask(asked: usize, want_secs: i64) {
        assert_eq!(ask_at(now(), asked).duration_since(now()).as_secs(), want_secs);
    }

    #[test]
    fn questions_come_after_65_seconds_ten_minutes_twenty_minutes_and_then_ever_more_rarely() {
        for (asked, want_secs) in [(0, 65), (1, 600), (2, 1_200), (3, 3_600), (4, 21_600)] {
            check_ask(asked, want_secs);
        }
        check_ask(5, 86_400);
        check_ask(500, 86_400);
    }

    #[track_caller]
    fn check_send(attempts: u32, wish: Option<Duration>, want_secs: i64) {
        assert_eq!(send_at(now(), attempts, wish).duration_since(now()).as_secs(), want_secs);
    }

    #[test]
    fn a_tools_wish_counts_before_our_schedule() {
        check_send(0, None, 5);
        check_send(4, None, 1_800);
        check_send(900, None, 1_800);
        check_send(0, Some(Duration::from_secs(90)), 90);
    }

    #[test]
    fn no_wish_is_longer_than_a_day() {
        check_send(0, Some(Duration::from_secs(10_000_000)), 86_400);
        check_send(0, Some(Duration::MAX), 86_400);
    }

    #[test]
    fn a_clock_that_was_set_back_tells_no_age() {
        let earlier = now().checked_sub(SignedDuration::from_millis(1)).unwrap();
        assert_eq!(age_secs(now(), earlier), None);
        assert_eq!(age_secs(earlier, now()), Some(0));
    }
}
