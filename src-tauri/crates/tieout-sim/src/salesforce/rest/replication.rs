//! getDeleted and getUpdated (salesforce §5.6).

use jiff::{SignedDuration, Timestamp};

use super::{Answer, Call, known_object};
use crate::salesforce::http::Reply;
use crate::salesforce::json::Json;
use crate::salesforce::org::Org;
use crate::salesforce::refusal::{Refusal, Refusals};
use crate::salesforce::value::{Value, read_instant, wire_instant};

/// How far back deletions are told.
const DELETED_DAYS: i64 = 15;
/// How far back changes are told.
const UPDATED_DAYS: i64 = 30;

/// Start and end of the window, seconds cut off.
fn window(org: &Org, call: &Call, days: i64) -> Result<(Timestamp, Timestamp), Refusals> {
    let moment = |name: &str| {
        let text = call.param(name).unwrap_or_default().replace(' ', "+");
        read_instant(&text).map(whole_minute).ok_or_else(|| {
            let message = format!("{name}: value of incorrect type");
            vec![Refusal::new(400, "ILLEGAL_QUERY_PARAMETER_VALUE", message)]
        })
    };
    let (start, end) = (moment("start")?, moment("end")?);
    let refused = |message: &str| Err(vec![Refusal::new(400, "INVALID_REPLICATION_DATE", message)]);
    if start >= end {
        return refused("start date must be before end date");
    }
    if start < days_ago(org, days) {
        return refused("startDate before org replication enabled date or too far back");
    }
    Ok((start, end))
}

fn whole_minute(instant: Timestamp) -> Timestamp {
    let second = instant.as_second();
    Timestamp::from_second(second - second.rem_euclid(60)).unwrap_or(instant)
}

fn days_ago(org: &Org, days: i64) -> Timestamp {
    let span = SignedDuration::from_hours(24 * days);
    whole_minute(org.now.saturating_sub(span).unwrap_or(Timestamp::MIN))
}

pub fn deleted(org: &Org, call: &Call, object: &str) -> Answer {
    let object = known_object(org, object)?;
    let (start, end) = window(org, call, DELETED_DAYS)?;
    let rows = org.rows.deletions.iter().filter(|deletion| {
        deletion.object == object.name && deletion.at >= start && deletion.at < end
    });
    let rows = rows.map(|deletion| {
        Json::object([
            ("deletedDate", Json::text(wire_instant(deletion.at))),
            ("id", Json::text(&deletion.id)),
        ])
    });
    Ok(Reply::json(
        200,
        Json::object([
            ("deletedRecords", Json::list(rows)),
            ("earliestDateAvailable", Json::text(wire_instant(days_ago(org, DELETED_DAYS)))),
            ("latestDateCovered", Json::text(wire_instant(end.min(whole_minute(org.now))))),
        ]),
    ))
}

pub fn updated(org: &Org, call: &Call, object: &str) -> Answer {
    let object = known_object(org, object)?;
    let (start, end) = window(org, call, UPDATED_DAYS)?;
    let stamp = |name: &str| object.field(name).is_some();
    let name = if stamp("SystemModstamp") { "SystemModstamp" } else { "LastModifiedDate" };
    let rows = org.seen_rows(&object.name);
    let ids = rows.iter().filter(|(_, fields)| {
        let live = !fields.get("IsDeleted").is_some_and(Value::is_true);
        let at = fields.get(name).and_then(Value::as_instant);
        live && at.is_some_and(|at| at >= start && at < end)
    });
    let ids = ids.map(|(id, _)| Json::text(id.as_str()));
    Ok(Reply::json(
        200,
        Json::object([
            ("ids", Json::list(ids)),
            ("latestDateCovered", Json::text(wire_instant(end.min(whole_minute(org.now))))),
        ]),
    ))
}
