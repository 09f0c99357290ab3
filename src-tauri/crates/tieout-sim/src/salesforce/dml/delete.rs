//! Deletes: into the recycle bin, or for good (salesforce §5.6).

use std::sync::Arc;

use super::{Actor, line, live_row, schedule, stamp, unlocked};
use crate::salesforce::org::{Deletion, Org};
use crate::salesforce::refusal::{Refusal, Refusals};
use crate::salesforce::schema::ObjectDef;
use crate::salesforce::value::Value;

/// Children that go with their parent: parent, child, the child's reference.
const CASCADES: [(&str, &str, &str); 3] = [
    ("Account", "Opportunity", "AccountId"),
    ("Account", "Tieout_Ledger_Account__c", "Account__c"),
    ("Opportunity", "OpportunityLineItem", "OpportunityId"),
];

pub fn delete(
    org: &mut Org,
    actor: Actor<'_>,
    object: &Arc<ObjectDef>,
    id: &str,
) -> Result<(), Refusals> {
    live_row(org, object, id)?;
    if !object.deletable {
        let message = format!("entity type {} cannot be deleted", object.name);
        let mut refusal = Refusal::of_write("INSUFFICIENT_ACCESS_OR_READONLY", message, []);
        refusal.status = 403;
        return Err(vec![refusal]);
    }
    if actor.is_ordinary {
        unlocked(org, id)?;
    }
    unused(org, object, id)?;
    match object.name.as_str() {
        "OpportunityLineItem" => delete_line(org, actor, id),
        "OpportunityLineItemSchedule" => delete_schedule(org, actor, id),
        _ if object.keeps_deleted() => bin(org, actor, object, id),
        _ => {
            org.drop_row(&object.name, id);
        }
    }
    Ok(())
}

/// A product that lines refer to cannot go.
fn unused(org: &Org, object: &ObjectDef, id: &str) -> Result<(), Refusals> {
    let used = object.name == "Product2"
        && !org.children("OpportunityLineItem", "Product2Id", id).is_empty();
    if !used {
        return Ok(());
    }
    let message = "Your attempt to delete the product could not be completed because it is \
                   associated with opportunities";
    Err(vec![Refusal::of_write("DELETE_FAILED", message, [])])
}

/// Directly deleted lines never see the recycle bin: only getDeleted knows of them.
fn delete_line(org: &mut Org, actor: Actor<'_>, id: &str) {
    let parent = parent_of(org, "OpportunityLineItem", id, "OpportunityId");
    remove(org, "OpportunityLineItem", id);
    for schedule in org.children("OpportunityLineItemSchedule", "OpportunityLineItemId", id) {
        remove(org, "OpportunityLineItemSchedule", &schedule);
    }
    if let Some(parent) = parent {
        line::settle(org, actor, &parent);
    }
}

fn delete_schedule(org: &mut Org, actor: Actor<'_>, id: &str) {
    let parent = parent_of(org, "OpportunityLineItemSchedule", id, "OpportunityLineItemId");
    remove(org, "OpportunityLineItemSchedule", id);
    if let Some(parent) = parent {
        schedule::settle(org, actor, &parent);
    }
}

fn parent_of(org: &Org, object: &str, id: &str, field: &str) -> Option<String> {
    Some(org.row(object, id)?.get(field)?.as_text()?.to_owned())
}

fn remove(org: &mut Org, object: &str, id: &str) {
    org.drop_row(object, id);
    tell(org, object, id);
}

fn tell(org: &mut Org, object: &str, id: &str) {
    let deletion = Deletion { object: object.to_owned(), id: id.to_owned(), at: org.now };
    org.rows.deletions.push(deletion);
}

/// Marks a row and what goes with it.
pub fn bin(org: &mut Org, actor: Actor<'_>, object: &Arc<ObjectDef>, id: &str) {
    let Some(mut fields) = org.row(&object.name, id).cloned() else { return };
    fields.insert("IsDeleted".to_owned(), Value::Bool(true));
    stamp(org, actor, object, &mut fields, false);
    org.put_row(&object.name, id, fields);
    tell(org, &object.name, id);
    for (parent, child, field) in CASCADES {
        let Some(child) = org.schema.object(child).filter(|_| parent == object.name) else {
            continue;
        };
        let child = Arc::clone(child);
        for child_id in org.children(&child.name, field, id) {
            bin(org, actor, &child, &child_id);
        }
    }
    if object.name == "Opportunity" {
        for history in org.children("OpportunityHistory", "OpportunityId", id) {
            org.drop_row("OpportunityHistory", &history);
        }
    }
}
