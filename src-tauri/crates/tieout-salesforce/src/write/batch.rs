//! Up to 200 records in one request, each with its own outcome (`salesforce §9.3`).

use std::collections::{BTreeSet, VecDeque};

use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tieout_connect::error::ConnectorError;
use tieout_connect::json::Envelope;
use tieout_connect::ports::Answer;
use tieout_connect::session::{Call, Session};

use super::row::Row;
use crate::config::api_path;
use crate::errors::{class_of, refusals_of};
use crate::soql::ours;

/// Records that one request takes.
const ROWS_MAX: usize = 200;

/// Where a batch goes.
pub(super) struct Batch {
    method: Method,
    path: String,
}

impl Batch {
    /// Changes records by id.
    pub fn update() -> Self {
        Self { method: Method::PATCH, path: api_path("/composite/sobjects") }
    }

    /// Changes or makes records by a unique key of ours.
    pub fn upsert(object: &str, key: &str) -> Self {
        let path = api_path(&format!("/composite/sobjects/{object}/{key}"));
        Self { method: Method::PATCH, path }
    }

    /// Makes records. Not repeatable: what was made is looked up before.
    pub fn create() -> Self {
        Self { method: Method::POST, path: api_path("/composite/sobjects") }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a, 'b> {
    all_or_none: bool,
    records: &'a [Row<'b>],
}

#[derive(Deserialize)]
struct RowOutcome {
    success: bool,
    #[serde(default)]
    errors: Vec<Value>,
}

/// Sends the rows in portions and enters each outcome at its row's place.
pub(super) async fn send(
    session: &Session,
    batch: &Batch,
    rows: Vec<Row<'_>>,
    outcomes: &mut [Answer<()>],
) {
    let mut portions = portions_of(rows, ROWS_MAX);
    while let Some(portion) = portions.pop_front() {
        match send_portion(session, batch, &portion).await {
            Ok(results) => {
                for (row, result) in portion.iter().zip(results) {
                    outcomes[row.position] = result;
                }
            }
            // Refused as a whole because of one row: nothing was done, so the rest can go again
            // without it. Each portion is halved until the row stands alone.
            Err(ConnectorError::Rejected { .. }) if portion.len() > 1 => {
                let mut first = portion;
                let second = first.split_off(first.len() / 2);
                portions.push_front(second);
                portions.push_front(first);
            }
            Err(error) => {
                for row in &portion {
                    outcomes[row.position] = Err(same_class(&error));
                }
            }
        }
    }
}

/// At most `rows_max` rows, and no record twice: Salesforce refuses both (`salesforce §9.3`).
pub(super) fn portions_of(rows: Vec<Row<'_>>, rows_max: usize) -> VecDeque<Vec<Row<'_>>> {
    let mut portions = VecDeque::new();
    let mut portion = Vec::new();
    let mut seen = BTreeSet::new();
    for row in rows {
        let again = !seen.insert((row.object, row.identity.clone()));
        if portion.len() == rows_max || again {
            portions.push_back(std::mem::take(&mut portion));
            seen = BTreeSet::from([(row.object, row.identity.clone())]);
        }
        portion.push(row);
    }
    if !portion.is_empty() {
        portions.push_back(portion);
    }
    portions
}

async fn send_portion(
    session: &Session,
    batch: &Batch,
    rows: &[Row<'_>],
) -> Answer<Vec<Answer<()>>> {
    let body = Body { all_or_none: false, records: rows };
    let body = serde_json::to_vec(&body).expect("texts and numbers serialise");
    let call = ours(Call::write(batch.method.clone(), batch.path.clone(), body));
    let response = session.call(call).await?;
    let results: Vec<RowOutcome> = Envelope::read(response.body(), "collections")?;
    if results.len() != rows.len() {
        return Err(ConnectorError::Malformed { path: "collections".to_owned() });
    }
    Ok(results.into_iter().map(outcome_of).collect())
}

fn outcome_of(result: RowOutcome) -> Answer<()> {
    if result.success {
        return Ok(());
    }
    let first = refusals_of(&Value::Array(result.errors)).and_then(|all| all.into_iter().next());
    Err(first.map_or(ConnectorError::Malformed { path: "collections.errors".to_owned() }, class_of))
}

/// What befell a whole request befell each of its rows.
pub(super) fn same_class(error: &ConnectorError) -> ConnectorError {
    use ConnectorError as E;
    match error {
        E::NotSent(cause) => E::NotSent(cause.to_string().into()),
        E::OutcomeUnknown(cause) => E::OutcomeUnknown(cause.to_string().into()),
        E::Throttled { retry_after } => E::Throttled { retry_after: *retry_after },
        E::BudgetSpent { retry_after } => E::BudgetSpent { retry_after: *retry_after },
        E::SignInNeeded => E::SignInNeeded,
        E::NotPermitted { what } => E::NotPermitted { what: what.clone() },
        E::Rejected { code, field, text } => {
            E::Rejected { code: code.clone(), field: field.clone(), text: text.clone() }
        }
        E::PeriodClosed { code } => E::PeriodClosed { code: code.clone() },
        E::Stale => E::Stale,
        E::NotFound => E::NotFound,
        E::CursorLost => E::CursorLost,
        E::Malformed { path } => E::Malformed { path: path.clone() },
        E::Cancelled => E::Cancelled,
    }
}
