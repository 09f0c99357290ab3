//! Deletions of records that leave no row behind (`salesforce §5.6`).

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::value::RawValue;
use tieout_connect::json::{Envelope, Reading, Record, read_records};
use tieout_connect::mark::server_time;
use tieout_connect::ports::{Answer, Page};
use tieout_connect::session::Session;
use tieout_domain::facts::{Fact, Gone, Stream};
use url::form_urlencoded::byte_serialize;

use crate::soql::get;

/// Further back the question itself is refused (`salesforce §5.6`).
const LOOK_BACK_DAYS_MAX: i64 = 29;
/// Seconds are ignored, so a shorter window would be empty and is refused.
const WINDOW_SECS_MIN: i64 = 120;
const DAY_SECS: i64 = 86_400;

/// Product lines and their schedules are deleted hard: no deleted row ever shows up.
pub(crate) const fn is_deleted_hard(stream: Stream) -> bool {
    matches!(stream, Stream::DealLines | Stream::ScheduleLines)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DeletedBody {
    deleted_records: Vec<Box<RawValue>>,
    earliest_date_available: Option<String>,
}

/// One page with everything deleted between two moments. Each deletion is a fact.
pub(crate) async fn read_deletions(
    session: &Session,
    stream: Stream,
    object: &str,
    from: Timestamp,
    to: Timestamp,
) -> Answer<Page> {
    let (from, to) = window(from, to);
    let path = format!("/sobjects/{object}/deleted/?start={}&end={}", encoded(from), encoded(to));
    let response = session.call(get(&path)).await?;
    let body: DeletedBody = Envelope::read(response.body(), "deleted")?;
    let earliest = body.earliest_date_available.and_then(|text| text.parse::<Timestamp>().ok());
    if earliest.is_some_and(|earliest| earliest > from) {
        // The engine's comparison of ids finds what fell out of the recycle bin before.
        tracing::warn!(object, "deletions before the earliest available moment are not known");
    }
    let records = read_records(stream, &body.deleted_records, "id", |record| gone(stream, record));
    let time = server_time(response.headers(), session.clock().now());
    Ok(Page { records, next: None, mark: None, server_time: time, total: None })
}

fn gone(stream: Stream, record: &Record<'_>) -> Reading<Option<Fact>> {
    let (id, deleted_at) = (record.text("id")?, record.instant("deletedDate")?);
    Ok(Some(Fact::Gone(Gone { stream, id, deleted_at })))
}

fn window(from: Timestamp, to: Timestamp) -> (Timestamp, Timestamp) {
    let back = |secs: i64| to.checked_sub(SignedDuration::from_secs(secs)).unwrap_or(from);
    (from.clamp(back(LOOK_BACK_DAYS_MAX * DAY_SECS), back(WINDOW_SECS_MIN)), to)
}

fn encoded(at: Timestamp) -> String {
    let text = at.to_zoned(jiff::tz::TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00");
    byte_serialize(text.to_string().as_bytes()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[track_caller]
    fn check(from: &str, to: &str, want: &str) {
        assert_eq!(window(at(from), at(to)).0, at(want));
    }

    #[test]
    fn the_window_begins_at_the_mark() {
        check("2026-07-05T00:00:00Z", "2026-07-06T00:00:00Z", "2026-07-05T00:00:00Z");
    }

    #[test]
    fn the_window_is_never_too_long_or_too_short() {
        check("2026-01-01T00:00:00Z", "2026-07-06T00:00:00Z", "2026-06-07T00:00:00Z");
        check("2026-07-06T00:00:00Z", "2026-07-06T00:00:00Z", "2026-07-05T23:58:00Z");
        check("2026-07-07T00:00:00Z", "2026-07-06T00:00:00Z", "2026-07-05T23:58:00Z");
    }

    #[test]
    fn a_moment_is_encoded_with_its_offset() {
        assert_eq!(encoded(at("2026-11-01T00:00:00Z")), "2026-11-01T00%3A00%3A00%2B00%3A00");
    }
}
