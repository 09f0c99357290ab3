//! Marks of incremental reading: inclusive, overlapping, never ahead of what can be visible.

use http::HeaderMap;
use http::header::DATE;
use jiff::{SignedDuration, Timestamp};

/// Lower bound of the next read: the mark less the overlap. `None`: read everything.
///
/// Rows become visible after their own change time (`salesforce §6`), so each read looks back.
pub fn since(mark: Option<Timestamp>, overlap_secs: u32) -> Option<Timestamp> {
    mark.map(|at| minus_secs(at, overlap_secs))
}

/// The mark after a whole feed was read: the highest change time seen, but never later than the
/// server's time at the first page less the settle time, and never earlier than before.
pub fn next_mark(
    previous: Option<Timestamp>,
    highest_seen: Option<Timestamp>,
    first_page_server_time: Timestamp,
    settle_secs: u32,
) -> Option<Timestamp> {
    let ceiling = minus_secs(first_page_server_time, settle_secs);
    previous.max(highest_seen.map(|seen| seen.min(ceiling)))
}

/// The server's time from the `Date` header, or `fallback` where there is none that can be read.
pub fn server_time(headers: &HeaderMap, fallback: Timestamp) -> Timestamp {
    headers
        .get(DATE)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| jiff::fmt::rfc2822::parse(text).ok())
        .map_or(fallback, |zoned| zoned.timestamp())
}

fn minus_secs(at: Timestamp, secs: u32) -> Timestamp {
    at.checked_sub(SignedDuration::from_secs(i64::from(secs))).unwrap_or(Timestamp::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[track_caller]
    fn check(previous: Option<&str>, seen: Option<&str>, server: &str, want: Option<&str>) {
        let got = next_mark(previous.map(at), seen.map(at), at(server), 120);
        assert_eq!(got, want.map(at));
    }

    #[test]
    fn the_first_read_has_no_lower_bound() {
        assert_eq!(since(None, 600), None);
    }

    #[test]
    fn each_read_looks_back_by_the_overlap() {
        assert_eq!(since(Some(at("2026-07-06T16:42:00Z")), 600), Some(at("2026-07-06T16:32:00Z")));
    }

    #[test]
    fn the_mark_is_the_highest_change_seen() {
        check(
            None,
            Some("2026-07-01T00:00:00Z"),
            "2026-07-06T00:00:00Z",
            Some("2026-07-01T00:00:00Z"),
        );
    }

    #[test]
    fn the_mark_stays_behind_the_first_page_by_the_settle_time() {
        check(
            None,
            Some("2026-07-06T00:05:00Z"),
            "2026-07-06T00:00:00Z",
            Some("2026-07-05T23:58:00Z"),
        );
    }

    #[test]
    fn an_empty_feed_leaves_the_mark() {
        check(
            Some("2026-07-01T00:00:00Z"),
            None,
            "2026-07-06T00:00:00Z",
            Some("2026-07-01T00:00:00Z"),
        );
        check(None, None, "2026-07-06T00:00:00Z", None);
    }

    #[test]
    fn the_mark_never_goes_back() {
        check(
            Some("2026-07-05T00:00:00Z"),
            Some("2026-07-04T00:00:00Z"),
            "2026-07-06T00:00:00Z",
            Some("2026-07-05T00:00:00Z"),
        );
    }

    #[test]
    fn the_server_time_comes_from_the_date_header() {
        let mut headers = HeaderMap::new();
        headers.insert(DATE, "Mon, 06 Jul 2026 16:42:07 GMT".parse().unwrap());
        assert_eq!(server_time(&headers, Timestamp::UNIX_EPOCH), at("2026-07-06T16:42:07Z"));
    }

    #[test]
    fn without_a_readable_date_the_fallback_counts() {
        let mut headers = HeaderMap::new();
        headers.insert(DATE, "yesterday".parse().unwrap());
        assert_eq!(server_time(&headers, at("2026-07-06T00:00:00Z")), at("2026-07-06T00:00:00Z"));
    }
}
