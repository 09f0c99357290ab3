//! US Pacific time, the zone of every recorded answer (`quickbooks §8`).

use std::sync::OnceLock;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

const ZONE: &str = "America/Los_Angeles";

fn zone() -> TimeZone {
    static PACIFIC: OnceLock<TimeZone> = OnceLock::new();
    let zone = PACIFIC.get_or_init(|| TimeZone::get(ZONE).expect("the bundled database has it"));
    zone.clone()
}

/// `2026-02-03T09:15:42-08:00`: the form of `MetaData` and report headers.
pub fn stamp(at: Timestamp) -> String {
    at.to_zoned(zone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// `2026-02-03T09:15:42.318-08:00`: the form of the envelope's `time`.
pub fn stamp_with_millis(at: Timestamp) -> String {
    at.to_zoned(zone()).strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string()
}

/// The company's calendar day.
pub fn day(at: Timestamp) -> Date {
    at.to_zoned(zone()).date()
}

/// `at` without the part below a second: `MetaData` has no finer resolution.
pub fn whole_second(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}

/// `days` later, or the end of representable time.
pub fn later(at: Timestamp, days: i64) -> Timestamp {
    at.checked_add(SignedDuration::from_hours(days * 24)).unwrap_or(Timestamp::MAX)
}

/// An instant as clients write it: with offset or `Z`, or without one in company time; a day alone
/// is its first moment.
pub fn moment(text: &str) -> Option<Timestamp> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at);
    }
    let local = match text.parse::<DateTime>() {
        Ok(local) => local,
        Err(_) => text.parse::<Date>().ok()?.at(0, 0, 0, 0),
    };
    local.to_zoned(zone()).ok().map(|zoned| zoned.timestamp())
}

/// A calendar day, also from the front of a longer text such as `2026-02-03T00:00:00`.
pub fn calendar_day(text: &str) -> Option<Date> {
    text.get(..10)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(utc: &str, expected: &str) {
        assert_eq!(stamp(utc.parse().unwrap()), expected);
    }

    #[test]
    fn stamps_carry_the_offset_of_their_own_season() {
        check("2026-02-03T17:15:42Z", "2026-02-03T09:15:42-08:00");
        check("2026-07-06T16:30:00Z", "2026-07-06T09:30:00-07:00");
        check("2026-11-01T08:50:00Z", "2026-11-01T01:50:00-07:00");
        check("2026-11-01T09:10:00Z", "2026-11-01T01:10:00-08:00");
    }

    #[test]
    fn the_envelope_has_milliseconds_also_when_they_are_zero() {
        let at = "2026-02-03T17:15:42Z".parse().unwrap();
        assert_eq!(stamp_with_millis(at), "2026-02-03T09:15:42.000-08:00");
    }

    #[test]
    fn moments_are_read_with_and_without_an_offset() {
        let noon = Some("2026-06-01T19:00:00Z".parse().unwrap());
        assert_eq!(moment("2026-06-01T12:00:00-07:00"), noon);
        assert_eq!(moment("2026-06-01T12:00"), noon);
        assert_eq!(moment("2026-06-01"), Some("2026-06-01T07:00:00Z".parse().unwrap()));
        assert_eq!(moment("yesterday"), None);
    }
}
