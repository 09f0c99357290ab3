//! What a brand says about an answer. Classified by status and structure, never by text.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Response};

use super::call::Call;
use crate::budget::DailyUse;
use crate::error::ConnectorError;

/// What an answer means for the session.
#[derive(Debug)]
pub enum Verdict {
    /// Hand the answer to the caller, who reads it.
    Deliver,
    /// The access token was refused; a new one may help. The request was certainly not acted on.
    TokenRefused,
    /// Certainly not acted on; the tool asks us to wait. Reads wait and try again.
    Throttled { retry_after: Option<Duration> },
    /// 5xx, HTML or the like: reads try again, for a write the outcome is unknown.
    ServerFault,
    /// A definite answer that is an error.
    Fail(ConnectorError),
}

/// How one brand speaks: the only part of a session that knows it.
pub trait Dialect: Send + Sync {
    /// Judges a complete answer.
    fn judge(&self, call: &Call, response: &Response<Bytes>) -> Verdict;

    /// The use of the day's calls, where the tool says so in its headers.
    fn daily_use(&self, _headers: &HeaderMap) -> Option<DailyUse> {
        None
    }
}

/// `Retry-After` in seconds or as a date, against the `Date` of the same answer.
pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(http::header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(secs) = text.parse::<u64>() {
        return Some(Duration::from_secs(secs));
    }
    let until = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
    let now = headers.get(http::header::DATE)?.to_str().ok()?;
    let now = jiff::fmt::rfc2822::parse(now).ok()?.timestamp();
    Duration::try_from(until.duration_since(now)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(headers: &[(&'static str, &str)], want_secs: Option<u64>) {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, value.parse().unwrap());
        }
        assert_eq!(retry_after(&map), want_secs.map(Duration::from_secs));
    }

    #[test]
    fn seconds() {
        check(&[("retry-after", "7")], Some(7));
    }

    #[test]
    fn a_date_counts_from_the_servers_own_time() {
        let date = ("date", "Mon, 06 Jul 2026 16:42:00 GMT");
        check(&[date, ("retry-after", "Mon, 06 Jul 2026 16:43:00 GMT")], Some(60));
        check(&[date, ("retry-after", "Mon, 06 Jul 2026 16:41:00 GMT")], None);
    }

    #[test]
    fn nonsense_is_no_hint() {
        check(&[("retry-after", "soon")], None);
        check(&[("retry-after", "-5")], None);
        check(&[], None);
    }
}
