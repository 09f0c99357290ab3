//! Dates and instants as the wire writes them (`xero §3.4`).

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use tieout_connect::json::{Reading, Record};
use tieout_domain::facts::QuarantineReason;

/// Milliseconds since the epoch out of `/Date(1780272000000+0000)/`. The offset says how the moment
/// was shown once and moves nothing; the digits may be negative and of any number.
fn milliseconds(text: &str) -> Option<i64> {
    let inner = text.strip_prefix("/Date(")?.strip_suffix(")/")?;
    let (sign, rest) = match inner.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, inner),
    };
    let end = rest.find(['+', '-']).unwrap_or(rest.len());
    let (digits, offset) = rest.split_at(end);
    let plain = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let offset_fits = offset.is_empty() || (offset.len() == "+0000".len() && plain(&offset[1..]));
    let number: i64 = digits.parse().ok().filter(|_| plain(digits) && offset_fits)?;
    number.checked_mul(sign)
}

/// A moment, from either form. A text without a zone is UTC (`xero §2.9`).
pub(crate) fn read_instant(text: &str) -> Option<Timestamp> {
    if let Some(ms) = milliseconds(text) {
        return Timestamp::from_millisecond(ms).ok();
    }
    if !text.contains('T') {
        return None;
    }
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at);
    }
    let plain: DateTime = text.parse().ok()?;
    plain.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

/// A calendar date of the books: the milliseconds are that day at 00:00 UTC, so its UTC day is
/// taken and no zone is ever applied.
pub(crate) fn read_day(text: &str) -> Option<Date> {
    if let Some(ms) = milliseconds(text) {
        let at = Timestamp::from_millisecond(ms).ok()?;
        return Some(at.to_zoned(TimeZone::UTC).date());
    }
    if text.len() == "2026-06-01".len() {
        return text.parse().ok();
    }
    text.parse::<DateTime>().ok().filter(|_| text.contains('T')).map(DateTime::date)
}

/// A calendar date of a record.
pub(crate) fn day(record: &Record<'_>, field: &str) -> Reading<Date> {
    day_or_none(record, field)?.ok_or_else(|| record.error(field, QuarantineReason::Malformed))
}

/// As `day`, where the field may be empty.
pub(crate) fn day_or_none(record: &Record<'_>, field: &str) -> Reading<Option<Date>> {
    let Some(text) = record.raw_text(field)? else { return Ok(None) };
    let day = read_day(text);
    day.map(Some).ok_or_else(|| record.error(field, QuarantineReason::Malformed))
}

/// The date of a document, from `Date` or, where an answer leaves that out, from `DateString`.
pub(crate) fn document_day(record: &Record<'_>) -> Reading<Date> {
    match day_or_none(record, "Date")? {
        Some(day) => Ok(day),
        None => day(record, "DateString"),
    }
}

/// A moment of a record.
pub(crate) fn instant(record: &Record<'_>, field: &str) -> Reading<Timestamp> {
    let malformed = || record.error(field, QuarantineReason::Malformed);
    let text = record.raw_text(field)?.ok_or_else(malformed)?;
    read_instant(text).ok_or_else(malformed)
}

/// The value of `If-Modified-Since` that lets a record through which changed at `since` or later.
/// The tool compares whole seconds and wants later ones, so the second before is named
/// (`xero §3.5`).
pub(crate) fn modified_since(since: Timestamp) -> String {
    let second = Timestamp::from_second(since.as_second().saturating_sub(1)).unwrap_or(since);
    second.to_zoned(TimeZone::UTC).datetime().strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check_instant(text: &str, want: Option<&str>) {
        assert_eq!(read_instant(text), want.map(|want| want.parse().unwrap()), "{text}");
    }

    #[track_caller]
    fn check_day(text: &str, want: Option<Date>) {
        assert_eq!(read_day(text), want, "{text}");
    }

    #[test]
    fn an_instant_in_milliseconds() {
        check_instant("/Date(1781924531400)/", Some("2026-06-20T03:02:11.4Z"));
        check_instant("/Date(1781924531400+0000)/", Some("2026-06-20T03:02:11.4Z"));
    }

    #[test]
    fn an_offset_moves_nothing() {
        check_instant("/Date(1439434356790+1200)/", Some("2015-08-13T02:52:36.79Z"));
        check_day("/Date(1780272000000+1300)/", Some(date(2026, 6, 1)));
    }

    #[test]
    fn few_digits_and_days_before_1970() {
        check_day("/Date(0)/", Some(date(1970, 1, 1)));
        check_day("/Date(86400000)/", Some(date(1970, 1, 2)));
        check_day("/Date(-86400000+0000)/", Some(date(1969, 12, 31)));
    }

    #[test]
    fn a_calendar_date_is_its_utc_day() {
        check_day("/Date(1780272000000+0000)/", Some(date(2026, 6, 1)));
        check_day("2026-06-01T00:00:00", Some(date(2026, 6, 1)));
        check_day("2026-06-01", Some(date(2026, 6, 1)));
    }

    #[test]
    fn a_stamp_of_a_connection_has_seven_digits_and_no_zone() {
        check_instant("2026-06-01T08:15:30.1274560", Some("2026-06-01T08:15:30.127456Z"));
        check_instant("2026-09-14T09:29:59Z", Some("2026-09-14T09:29:59Z"));
    }

    #[test]
    fn anything_else_is_no_date() {
        for text in ["", "/Date()/", "/Date(x)/", "/Date(1+1)/", "/Date(--1)/", "/Date(1", "1 June"]
        {
            check_day(text, None);
            check_instant(text, None);
        }
        check_instant("2026-06-01", None);
    }

    #[test]
    fn the_second_before_is_asked_for() {
        let since = "2026-06-20T03:02:11.9Z".parse().unwrap();
        assert_eq!(modified_since(since), "2026-06-20T03:02:10");
    }

    proptest! {
        #[test]
        fn every_millisecond_is_read_back(ms in -60_000_000_000_000_i64..4_000_000_000_000) {
            let want = Timestamp::from_millisecond(ms).unwrap();
            prop_assert_eq!(read_instant(&format!("/Date({ms})/")), Some(want));
            prop_assert_eq!(read_instant(&format!("/Date({ms}+0000)/")), Some(want));
        }

        #[test]
        fn a_day_never_shifts(days in -3_000_i64..60_000) {
            let want = date(1970, 1, 1).checked_add(SignedDuration::from_hours(24 * days)).unwrap();
            prop_assert_eq!(read_day(&format!("/Date({})/", days * 86_400_000)), Some(want));
            prop_assert_eq!(read_day(&format!("{want}T00:00:00")), Some(want));
        }

        #[test]
        fn a_change_at_the_mark_is_never_left_out(ms in 0_i64..4_000_000_000_000) {
            let since = Timestamp::from_millisecond(ms).unwrap();
            let named: DateTime = modified_since(since).parse().unwrap();
            let named = named.to_zoned(TimeZone::UTC).unwrap().timestamp();
            prop_assert!(named.as_second() < since.as_second());
            prop_assert!(since.as_second() - named.as_second() == 1);
        }

        #[test]
        fn no_text_makes_it_panic(text in ".{0,40}") {
            let _ = (read_day(&text), read_instant(&text));
        }
    }
}
