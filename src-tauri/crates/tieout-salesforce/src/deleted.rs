//! Deletions of records that leave no row behind (`salesforce §5.6`).

use bytes::Bytes;
use http::Response;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::value::RawValue;
use tieout_connect::error::ConnectorError;
use tieout_connect::json::{Envelope, Reading, Record, read_records};
use tieout_connect::mark::server_time;
use tieout_connect::ports::{Answer, Page};
use tieout_connect::session::Session;
use tieout_domain::facts::{Fact, Gone, Stream};
use url::form_urlencoded::byte_serialize;

use crate::soql::get;

/// How far back is asked, in turn: about 15 days are kept, sometimes fewer, and a question that
/// goes further back is refused whole (`salesforce §5.6`).
const LOOK_BACKS_SECS: [i64; 4] = [14 * DAY_SECS, 7 * DAY_SECS, DAY_SECS, 3_600];
const TOO_FAR_BACK: &str = "INVALID_REPLICATION_DATE";
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

/// One page with everything deleted between two moments, as far back as Salesforce tells. Each
/// deletion is a fact; what is older shows up at the comparison of ids.
pub(crate) async fn read_deletions(
    session: &Session,
    stream: Stream,
    object: &str,
    from: Timestamp,
    to: Timestamp,
) -> Answer<Page> {
    let response = ask(session, object, from, to).await?;
    let body: DeletedBody = Envelope::read(response.body(), "deleted")?;
    let earliest = body.earliest_date_available.and_then(|text| text.parse::<Timestamp>().ok());
    if earliest.is_some_and(|earliest| earliest > from) {
        tracing::warn!(object, "deletions before the earliest available moment are not known");
    }
    let records = read_records(stream, &body.deleted_records, "id", |record| gone(stream, record));
    let time = server_time(response.headers(), session.clock().now());
    Ok(Page { records, next: None, mark: None, server_time: time, total: None })
}

/// Asks from `from` on, or from the earliest moment that is not refused.
async fn ask(
    session: &Session,
    object: &str,
    from: Timestamp,
    to: Timestamp,
) -> Answer<Response<Bytes>> {
    let mut refused = None;
    for look_back_secs in LOOK_BACKS_SECS {
        let start = start_of(from, to, look_back_secs);
        let path =
            format!("/sobjects/{object}/deleted/?start={}&end={}", encoded(start), encoded(to));
        match session.call(get(&path)).await {
            Err(ConnectorError::Rejected { code, field, text }) if code == TOO_FAR_BACK => {
                tracing::warn!(object, look_back_secs, "deletions are not kept for so long");
                refused = Some(ConnectorError::Rejected { code, field, text });
            }
            outcome => return outcome,
        }
    }
    Err(refused.unwrap_or(ConnectorError::Malformed { path: "deleted".to_owned() }))
}

fn gone(stream: Stream, record: &Record<'_>) -> Reading<Option<Fact>> {
    let (id, deleted_at) = (record.text("id")?, record.instant("deletedDate")?);
    Ok(Some(Fact::Gone(Gone { stream, id, deleted_at })))
}

fn start_of(from: Timestamp, to: Timestamp, look_back_secs: i64) -> Timestamp {
    let back = |secs: i64| to.checked_sub(SignedDuration::from_secs(secs)).unwrap_or(from);
    from.clamp(back(look_back_secs), back(WINDOW_SECS_MIN))
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
        assert_eq!(start_of(at(from), at(to), LOOK_BACKS_SECS[0]), at(want));
    }

    #[test]
    fn the_window_begins_at_the_mark() {
        check("2026-07-05T00:00:00Z", "2026-07-06T00:00:00Z", "2026-07-05T00:00:00Z");
    }

    #[test]
    fn the_window_is_never_too_long_or_too_short() {
        check("2026-01-01T00:00:00Z", "2026-07-06T00:00:00Z", "2026-06-22T00:00:00Z");
        check("2026-07-06T00:00:00Z", "2026-07-06T00:00:00Z", "2026-07-05T23:58:00Z");
        check("2026-07-07T00:00:00Z", "2026-07-06T00:00:00Z", "2026-07-05T23:58:00Z");
    }

    #[test]
    fn a_moment_is_encoded_with_its_offset() {
        assert_eq!(encoded(at("2026-11-01T00:00:00Z")), "2026-11-01T00%3A00%3A00%2B00%3A00");
    }
}
