//! Rules of the smaller objects.

use super::Draft;
use crate::salesforce::org::Org;
use crate::salesforce::refusal::{Refusal, Refusals};
use crate::salesforce::value::Value;

/// Owners must be active, currencies known.
pub fn check_common(org: &Org, draft: &Draft<'_>) -> Result<(), Refusals> {
    if draft.gave("OwnerId") {
        let owner = draft.get("OwnerId").as_text().and_then(|id| org.row("User", id));
        if owner.is_some_and(|owner| !owner.get("IsActive").is_some_and(Value::is_true)) {
            let message = "operation performed with inactive user as owner";
            let fields = ["OwnerId".to_owned()];
            return Err(vec![Refusal::of_write("INACTIVE_OWNER_OR_USER", message, fields)]);
        }
    }
    if draft.gave("CurrencyIsoCode") {
        let iso = draft.get("CurrencyIsoCode");
        let rows = org.table("CurrencyType").into_iter().flat_map(|table| table.values());
        let mut active = rows
            .map(|row| &row.fields)
            .filter(|row| row.get("IsActive").is_some_and(Value::is_true));
        if !active.any(|row| row.get("IsoCode") == Some(iso)) {
            let message = format!("invalid currency: {}", iso.as_text().unwrap_or_default());
            let fields = ["CurrencyIsoCode".to_owned()];
            return Err(vec![Refusal::of_write("INVALID_CURRENCY_ISO", message, fields)]);
        }
    }
    Ok(())
}

/// Status and priority have defaults; the account follows from what the task is about.
pub fn prepare_task(org: &Org, draft: &mut Draft<'_>) -> Result<(), Refusals> {
    for (name, default) in [("Status", "Not Started"), ("Priority", "Normal")] {
        if draft.get(name).is_null() {
            draft.set(name, Value::text(default));
        }
    }
    let closed = draft.get("Status").as_text() == Some("Completed");
    draft.set("IsClosed", Value::Bool(closed));
    let high = draft.get("Priority").as_text() == Some("High");
    draft.set("IsHighPriority", Value::Bool(high));
    if draft.get("TaskSubtype").is_null() {
        draft.set("TaskSubtype", Value::text("Task"));
    }
    let account = match draft.get("WhatId").as_text() {
        Some(id) if id.starts_with("001") => Value::text(id),
        Some(id) => {
            let deal = org.row("Opportunity", id);
            deal.and_then(|deal| deal.get("AccountId")).cloned().unwrap_or(Value::Null)
        }
        None => Value::Null,
    };
    draft.set("AccountId", account);
    Ok(())
}

/// A custom price book takes only products that the standard one prices (salesforce §7).
pub fn prepare_pricebook_entry(org: &Org, draft: &mut Draft<'_>) -> Result<(), Refusals> {
    let book = draft.get("Pricebook2Id").as_text().and_then(|id| org.row("Pricebook2", id));
    let is_custom = book.is_some_and(|book| !book.get("IsStandard").is_some_and(Value::is_true));
    if draft.old.is_none() && is_custom && !has_standard_price(org, draft) {
        let message = "Before creating a custom price, create a standard price.";
        return Err(vec![Refusal::of_write("STANDARD_PRICE_NOT_DEFINED", message, [])]);
    }
    let product = draft.get("Product2Id").as_text().and_then(|id| org.row("Product2", id));
    if let Some(product) = product.cloned() {
        for name in ["Name", "ProductCode"] {
            draft.set(name, product.get(name).cloned().unwrap_or(Value::Null));
        }
    }
    Ok(())
}

fn has_standard_price(org: &Org, draft: &Draft<'_>) -> bool {
    let rows = org.table("PricebookEntry").into_iter().flat_map(|table| table.values());
    rows.map(|row| &row.fields).any(|entry| {
        let book = entry.get("Pricebook2Id").and_then(Value::as_text);
        let book = book.and_then(|id| org.row("Pricebook2", id));
        book.is_some_and(|book| book.get("IsStandard").is_some_and(Value::is_true))
            && entry.get("Product2Id") == Some(draft.get("Product2Id"))
            && entry.get("CurrencyIsoCode").unwrap_or(&Value::Null) == draft.get("CurrencyIsoCode")
    })
}

/// Names of rows that number themselves: `SE-000001`.
pub fn number(org: &mut Org, draft: &mut Draft<'_>) {
    if draft.old.is_some() {
        return;
    }
    let prefix = if draft.object.name == "Tieout_Sync_Error__c" { "SE" } else { "LA" };
    let serial = org.rows.serials.entry(format!("{}.Name", draft.object.name)).or_default();
    *serial += 1;
    let name = format!("{prefix}-{serial:06}");
    draft.set("Name", Value::Text(name));
}
