//! Revenue schedules: their sum is the total price of the line (salesforce §7).

use std::sync::Arc;

use rust_decimal::Decimal;

use super::{Actor, Draft, force, line};
use crate::salesforce::org::{Fields, Org};
use crate::salesforce::refusal::Refusals;
use crate::salesforce::schema::ObjectDef;
use crate::salesforce::value::Value;

pub fn prepare(org: &mut Org, draft: &mut Draft<'_>) -> Result<(), Refusals> {
    let parent = draft.get("OpportunityLineItemId").as_text().map(str::to_owned);
    let parent = parent.and_then(|id| org.row("OpportunityLineItem", &id));
    if let Some(currency) = parent.and_then(|line| line.get("CurrencyIsoCode")).cloned() {
        draft.set("CurrencyIsoCode", currency);
    }
    Ok(())
}

pub fn settle_parent(org: &mut Org, actor: Actor<'_>, object: &Arc<ObjectDef>, id: &str) {
    let row = org.row(&object.name, id);
    let parent = row.and_then(|row| row.get("OpportunityLineItemId")?.as_text());
    if let Some(parent) = parent.map(str::to_owned) {
        settle(org, actor, &parent);
    }
}

/// Total price and flag of a line follow its schedule, and the opportunity follows the line.
pub fn settle(org: &mut Org, actor: Actor<'_>, line_id: &str) {
    let name = "OpportunityLineItemSchedule";
    let ids = org.children(name, "OpportunityLineItemId", line_id);
    let rows = ids.iter().filter_map(|id| org.row(name, id));
    let amounts: Vec<Decimal> = rows.filter_map(|row| row.get("Revenue")?.as_number()).collect();
    let Some(item) = org.row("OpportunityLineItem", line_id) else { return };
    let opportunity = item.get("OpportunityId").and_then(Value::as_text).map(str::to_owned);
    let quantity = item.get("Quantity").and_then(Value::as_number).unwrap_or(Decimal::ONE);
    let mut change = Fields::new();
    change.insert("HasRevenueSchedule".to_owned(), Value::Bool(!amounts.is_empty()));
    if !amounts.is_empty() {
        let sum: Decimal = amounts.iter().sum();
        change.insert("TotalPrice".to_owned(), Value::Number(sum));
        if !quantity.is_zero() {
            let unit = (sum / quantity).round_dp(2);
            change.insert("UnitPrice".to_owned(), Value::Number(unit));
        }
    }
    if let Some(object) = org.schema.object("OpportunityLineItem").map(Arc::clone) {
        force(org, actor, &object, line_id, change);
    }
    if let Some(opportunity) = opportunity {
        line::settle(org, actor, &opportunity);
    }
}
