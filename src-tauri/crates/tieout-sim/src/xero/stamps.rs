//! Dates and instants in the forms of `xero §3.4`.

use jiff::civil::{Date, DateTime};
use jiff::fmt::strtime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// `/Date(1780272000000+0000)/`: a calendar date at 00:00 UTC.
pub fn day(date: Date) -> String {
    instant(midnight(date))
}

/// `/Date(1780272000000+0000)/`.
pub fn instant(at: Timestamp) -> String {
    format!("/Date({}+0000)/", at.as_millisecond())
}

/// `/Date(1780272000000)/`: the envelope, reports and some created stamps.
pub fn bare_instant(at: Timestamp) -> String {
    format!("/Date({})/", at.as_millisecond())
}

/// `2026-06-01T00:00:00`: `DateString` and the like.
pub fn day_text(date: Date) -> String {
    format!("{date}T00:00:00")
}

/// `2026-09-14T09:29:59Z`: `UpdatedDateUTCString`.
pub fn second_text(at: Timestamp) -> String {
    strtime::format("%Y-%m-%dT%H:%M:%SZ", &at.to_zoned(TimeZone::UTC)).unwrap_or_default()
}

/// `2026-06-01T08:15:30.1274560`: seven digits and no zone, as connections have it.
pub fn connection_text(at: Timestamp) -> String {
    let zoned = at.to_zoned(TimeZone::UTC);
    let seconds = strtime::format("%Y-%m-%dT%H:%M:%S", &zoned).unwrap_or_default();
    format!("{seconds}.{:07}", zoned.subsec_nanosecond() / 100)
}

/// `30 June 2026`: reports and lock date messages.
pub fn long_day(date: Date) -> String {
    strtime::format("%-d %B %Y", date).unwrap_or_default()
}

/// `01 Jun 2026`: rows of reports.
pub fn short_day(date: Date) -> String {
    strtime::format("%d %b %Y", date).unwrap_or_default()
}

/// `06/20/2026 03:02:11`: in `TokenExpired`.
pub fn american(at: Timestamp) -> String {
    strtime::format("%m/%d/%Y %H:%M:%S", &at.to_zoned(TimeZone::UTC)).unwrap_or_default()
}

/// The `Date` header.
pub fn http_date(at: Timestamp) -> String {
    strtime::format("%a, %d %b %Y %H:%M:%S GMT", &at.to_zoned(TimeZone::UTC)).unwrap_or_default()
}

pub fn midnight(date: Date) -> Timestamp {
    date.to_zoned(TimeZone::UTC).map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp())
}

/// The day of an instant in a zone of the IANA list; an unknown zone is UTC.
pub fn day_in(at: Timestamp, zone: &str) -> Date {
    at.to_zoned(TimeZone::get(zone).unwrap_or(TimeZone::UTC)).date()
}

/// A date in a request: ISO with or without a time, or `/Date(...)/`.
pub fn read_day(text: &str) -> Option<Date> {
    if let Some(at) = read_wire(text) {
        return Some(at.to_zoned(TimeZone::UTC).date());
    }
    text.get(..10)?.parse().ok()
}

/// `If-Modified-Since`: ISO, UTC when it names no zone, or an HTTP date. In whole seconds.
pub fn read_since(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let zoned = text.parse::<Timestamp>().ok();
    let local = || text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok();
    let http = || strtime::parse("%a, %d %b %Y %H:%M:%S GMT", text).ok()?.to_datetime().ok();
    let at = zoned
        .or_else(|| local().map(|local| local.timestamp()))
        .or_else(|| http()?.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp()))?;
    Some(whole_second(at))
}

/// Cut to the second.
pub fn whole_second(at: Timestamp) -> Timestamp {
    at.checked_sub(SignedDuration::from_nanos(i64::from(at.subsec_nanosecond()))).unwrap_or(at)
}

/// `/Date(ms)/` or `/Date(ms+hhmm)/`; the offset does not move the instant.
fn read_wire(text: &str) -> Option<Timestamp> {
    let inner = text.strip_prefix("/Date(")?.strip_suffix(")/")?;
    let end = inner.char_indices().skip(1).find(|(_, c)| matches!(c, '+' | '-')).map(|(at, _)| at);
    let millis: i64 = inner[..end.unwrap_or(inner.len())].parse().ok()?;
    Timestamp::from_millisecond(millis).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(text: &str, date: &str) {
        assert_eq!(read_day(text), date.parse().ok());
    }

    #[test]
    fn dates_are_calendar_days_at_midnight_utc() {
        let first: Date = "2026-06-01".parse().unwrap();
        assert_eq!(day(first), "/Date(1780272000000+0000)/");
        assert_eq!(day_text(first), "2026-06-01T00:00:00");
        assert_eq!(day("1969-12-31".parse().unwrap()), "/Date(-86400000+0000)/");
        assert_eq!(
            (long_day(first), short_day(first)),
            ("1 June 2026".into(), "01 Jun 2026".into())
        );
    }

    #[test]
    fn requests_carry_dates_in_every_form() {
        reads("2026-06-01", "2026-06-01");
        reads("2026-06-01T00:00:00", "2026-06-01");
        reads("/Date(1780272000000+0000)/", "2026-06-01");
        reads("/Date(-86400000)/", "1969-12-31");
        reads("June", "");
    }

    #[test]
    fn instants_have_each_their_form() {
        let at: Timestamp = "2026-06-20T03:02:11.127456Z".parse().unwrap();
        assert_eq!(connection_text(at), "2026-06-20T03:02:11.1274560");
        assert_eq!(american(at), "06/20/2026 03:02:11");
        assert_eq!(second_text(at), "2026-06-20T03:02:11Z");
        assert_eq!(http_date(at), "Sat, 20 Jun 2026 03:02:11 GMT");
        let second = whole_second(at);
        for text in ["2026-06-20T03:02:11", "2026-06-20T03:02:11.9Z", &http_date(at)] {
            assert_eq!(read_since(text), Some(second), "{text}");
        }
        assert_eq!(read_since("yesterday"), None);
    }
}
