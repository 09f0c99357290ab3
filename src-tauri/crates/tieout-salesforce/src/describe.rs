//! Asking what this user can see (`salesforce §4.3`).

use tieout_connect::error::ConnectorError;
use tieout_connect::ports::Answer;

use crate::batch::BatchPart;
use crate::config::api_path;
use crate::schema::Schema;

/// Custom object with one row per Account, company, customer and currency (`salesforce §14.1`).
pub(crate) const LEDGER_ACCOUNT: &str = "Tieout_Ledger_Account__c";
/// Custom object with the failure records (`finance-domain §16`).
pub(crate) const SYNC_ERROR: &str = "Tieout_Sync_Error__c";

/// Everything that is read or written.
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

/// Paths that describe every object, in the order in which [`schema_of`] takes the answers.
pub(crate) fn describe_paths() -> impl Iterator<Item = String> {
    OBJECTS.iter().map(|object| api_path(&format!("/sobjects/{object}/describe")))
}

/// Takes the described objects off the front of a batch. One that answers 404 is simply not there
/// for this user.
pub(crate) fn schema_of(parts: &mut impl Iterator<Item = BatchPart>) -> Answer<Schema> {
    let mut schema = Schema::default();
    for object in OBJECTS {
        let malformed = || ConnectorError::Malformed { path: format!("describe.{object}") };
        take_in(&mut schema, object, &parts.next().ok_or_else(malformed)?)?;
    }
    Ok(schema)
}

fn take_in(schema: &mut Schema, object: &str, part: &BatchPart) -> Answer<()> {
    let path = format!("describe.{object}");
    match part.status_code {
        200 if schema.add(object, part.result.get()) => Ok(()),
        404 => Ok(()),
        _ => match part.refusal(&path) {
            // Says the same as 404: the object is not there for this user.
            ConnectorError::NotFound | ConnectorError::NotPermitted { .. } => Ok(()),
            error => Err(error),
        },
    }
}
