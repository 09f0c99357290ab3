//! Ids that exist now, for the comparison that catches what a feed lost (`salesforce §5.6`).

use serde_json::value::RawValue;
use tieout_connect::error::ConnectorError;
use tieout_connect::ports::Answer;
use tieout_connect::session::Session;
use tieout_domain::facts::Stream;

use crate::query::all_records;
use crate::schema::Schema;
use crate::shapes::object_of;
use crate::soql::Rows;

/// Above this many the comparison costs more of the day's calls than it is worth.
const IDS_MAX: usize = 200_000;

#[derive(serde::Deserialize)]
struct IdRow {
    #[serde(rename = "Id")]
    id: String,
}

/// Every id of a feed, or `None` where there are too many, or no such object.
pub(crate) async fn ids_of(
    session: &Session,
    schema: &Schema,
    stream: Stream,
) -> Answer<Option<Vec<String>>> {
    let object = object_of(stream).filter(|object| schema.object(object).is_some());
    let Some(object) = object else { return Ok(None) };
    let statement = format!("SELECT Id FROM {object}");
    let Some(records) = all_records(session, Rows::Existing, &statement, IDS_MAX).await? else {
        return Ok(None);
    };
    let id = |(position, raw): (usize, Box<RawValue>)| {
        let malformed = |_| ConnectorError::Malformed { path: format!("ids[{position}]") };
        serde_json::from_str::<IdRow>(raw.get()).map(|row| row.id).map_err(malformed)
    };
    records.into_iter().enumerate().map(id).collect::<Answer<Vec<String>>>().map(Some)
}
