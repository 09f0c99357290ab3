//! Merges: the loser goes to the bin with a pointer, its children move (salesforce §5.6).

use std::sync::Arc;

use super::delete::bin;
use super::{Actor, force, live_row};
use crate::salesforce::org::{Fields, Org};
use crate::salesforce::refusal::Refusals;
use crate::salesforce::value::Value;

/// Merges Account `loser` into `winner`.
pub fn merge_accounts(
    org: &mut Org,
    actor: Actor<'_>,
    winner: &str,
    loser: &str,
) -> Result<(), Refusals> {
    let schema = Arc::clone(&org.schema);
    let Some(account) = schema.object("Account") else { return Ok(()) };
    live_row(org, account, winner)?;
    live_row(org, account, loser)?;
    for child in schema.children("Account") {
        if child.field.name == "MasterRecordId" {
            continue;
        }
        for id in org.children(&child.child.name, &child.field.name, loser) {
            let change = Fields::from([(child.field.name.clone(), Value::text(winner))]);
            force(org, actor, &child.child, &id, change);
        }
    }
    let change = Fields::from([("MasterRecordId".to_owned(), Value::text(winner))]);
    force(org, actor, account, loser, change);
    bin(org, actor, account, loser);
    Ok(())
}
