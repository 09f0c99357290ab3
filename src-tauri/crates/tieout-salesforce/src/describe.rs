//! Asking what this user can see: one call for all objects (`salesforce §4.3`).

use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;
use tieout_connect::error::ConnectorError;
use tieout_connect::json::Envelope;
use tieout_connect::ports::Answer;
use tieout_connect::session::Session;

use crate::config::api_path;
use crate::errors;
use crate::schema::Schema;
use crate::soql::post_to_read;

/// Custom object with one row per Account, company, customer and currency (`salesforce §14.1`).
pub(crate) const LEDGER_ACCOUNT: &str = "Tieout_Ledger_Account__c";
/// Custom object with the failure records (`finance-domain §16`).
pub(crate) const SYNC_ERROR: &str = "Tieout_Sync_Error__c";

/// Everything that is read or written. A batch takes 25.
const OBJECTS: [&str; 10] = [
    "Account",
    "Opportunity",
    "OpportunityLineItem",
    "OpportunityLineItemSchedule",
    "OpportunityHistory",
    "Product2",
    "User",
    "Task",
    LEDGER_ACCOUNT,
    SYNC_ERROR,
];

#[derive(Deserialize)]
struct BatchBody {
    results: Vec<BatchResult>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct BatchResult {
    status_code: u16,
    result: Box<RawValue>,
}

/// Describes every object. One that answers 404 is simply not there for this user.
pub(crate) async fn describe(session: &Session) -> Answer<Schema> {
    let requests: Vec<_> = OBJECTS
        .iter()
        .map(|object| {
            let url = api_path(&format!("/sobjects/{object}/describe"));
            json!({ "method": "GET", "url": url })
        })
        .collect();
    let body = json!({ "haltOnError": false, "batchRequests": requests }).to_string();
    let response = session.call(post_to_read("/composite/batch", body)).await?;
    let batch: BatchBody = Envelope::read(response.body(), "describe")?;
    if batch.results.len() != OBJECTS.len() {
        return Err(ConnectorError::Malformed { path: "describe.results".to_owned() });
    }
    let mut schema = Schema::default();
    for (object, result) in OBJECTS.iter().zip(&batch.results) {
        take_in(&mut schema, object, result)?;
    }
    Ok(schema)
}

fn take_in(schema: &mut Schema, object: &str, result: &BatchResult) -> Answer<()> {
    let path = || format!("describe.{object}");
    match result.status_code {
        200 if schema.add(object, result.result.get()) => Ok(()),
        404 => Ok(()),
        status => {
            let body = serde_json::from_str(result.result.get()).unwrap_or_default();
            match errors::of_part(status, &body, &path()) {
                // Says the same as 404: the object is not there for this user.
                ConnectorError::NotFound | ConnectorError::NotPermitted { .. } => Ok(()),
                error => Err(error),
            }
        }
    }
}
