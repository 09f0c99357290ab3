//! Opportunity lines: prices, and the amount of their parent (salesforce §7).

use std::sync::Arc;

use rust_decimal::{Decimal, RoundingStrategy};

use super::{Actor, Draft, force};
use crate::salesforce::org::{Fields, Org};
use crate::salesforce::refusal::{Refusal, Refusals};
use crate::salesforce::schema::ObjectDef;
use crate::salesforce::value::Value;

/// Digits of an amount on a line.
const AMOUNT_DIGITS: u32 = 2;

pub fn prepare(org: &mut Org, draft: &mut Draft<'_>) -> Result<(), Refusals> {
    let parent = draft.get("OpportunityId").as_text().map(str::to_owned);
    let parent = parent.and_then(|id| org.row("Opportunity", &id)).cloned();
    let Some(parent) = parent else { return Ok(()) };
    if let Some(currency) = parent.get("CurrencyIsoCode") {
        if draft.gave("CurrencyIsoCode") && draft.get("CurrencyIsoCode") != currency {
            let message = "The currency of a product is that of its opportunity";
            let fields = ["CurrencyIsoCode".to_owned()];
            return Err(vec![Refusal::of_write("FIELD_INTEGRITY_EXCEPTION", message, fields)]);
        }
        draft.set("CurrencyIsoCode", currency.clone());
    }
    if draft.old.is_none() {
        take_price_book_entry(org, draft, &parent)?;
    }
    price(draft)?;
    name(org, draft, &parent);
    Ok(())
}

/// A line hangs on a price book entry, or on a product that has one in the deal's currency.
fn take_price_book_entry(
    org: &Org,
    draft: &mut Draft<'_>,
    parent: &Fields,
) -> Result<(), Refusals> {
    let entries = || org.table("PricebookEntry").into_iter().flat_map(|table| table.values());
    let entry = match (draft.get("PricebookEntryId"), draft.get("Product2Id")) {
        (Value::Text(id), _) => org.row("PricebookEntry", id).cloned(),
        (_, Value::Null) => {
            let message = "Required fields are missing: [PricebookEntryId]";
            let fields = ["PricebookEntryId".to_owned()];
            return Err(vec![Refusal::of_write("REQUIRED_FIELD_MISSING", message, fields)]);
        }
        (_, product) => entries()
            .map(|row| &row.fields)
            .find(|entry| {
                entry.get("Product2Id") == Some(product)
                    && entry.get("CurrencyIsoCode") == parent.get("CurrencyIsoCode")
            })
            .cloned(),
    };
    let usable = entry.filter(|entry| {
        entry.get("IsActive").is_some_and(Value::is_true)
            && entry.get("CurrencyIsoCode") == parent.get("CurrencyIsoCode")
    });
    let Some(entry) = usable else {
        let message = "field integrity exception: PricebookEntryId (pricebook entry is inactive or \
                       in a different currency than the opportunity)";
        let fields = ["PricebookEntryId".to_owned()];
        return Err(vec![Refusal::of_write("FIELD_INTEGRITY_EXCEPTION", message, fields)]);
    };
    let of = |name: &str| entry.get(name).cloned().unwrap_or(Value::Null);
    draft.set("PricebookEntryId", of("Id"));
    draft.set("Product2Id", of("Product2Id"));
    draft.set("ListPrice", of("UnitPrice"));
    Ok(())
}

/// Exactly one of UnitPrice and TotalPrice; the other follows.
fn price(draft: &mut Draft<'_>) -> Result<(), Refusals> {
    let (by_unit, by_total) = (draft.gave("UnitPrice"), draft.gave("TotalPrice"));
    let named = || ["UnitPrice".to_owned(), "TotalPrice".to_owned()];
    if by_unit && by_total {
        let message = "You can specify either UnitPrice or TotalPrice, not both";
        return Err(vec![Refusal::of_write("FIELD_INTEGRITY_EXCEPTION", message, named())]);
    }
    if draft.old.is_none() && !by_unit && !by_total {
        let message = "Required fields are missing: [UnitPrice]";
        return Err(vec![Refusal::of_write("REQUIRED_FIELD_MISSING", message, named())]);
    }
    if by_total && draft.old("HasRevenueSchedule").is_true() {
        let message = "TotalPrice is read-only: the product has a revenue schedule";
        let code = "INVALID_FIELD_FOR_INSERT_UPDATE";
        return Err(vec![Refusal::of_write(code, message, ["TotalPrice".to_owned()])]);
    }
    let Some(quantity) = draft.get("Quantity").as_number().filter(|number| !number.is_zero())
    else {
        return Ok(());
    };
    let discount = draft.get("Discount").as_number().unwrap_or_default();
    let kept = (Decimal::ONE_HUNDRED - discount) / Decimal::ONE_HUNDRED;
    if by_total {
        let total = draft.get("TotalPrice").as_number().unwrap_or_default();
        let full = if kept.is_zero() { total } else { total / kept };
        draft.set("UnitPrice", Value::Number(rounded(full / quantity)));
    } else if by_unit || draft.gave("Quantity") || draft.gave("Discount") {
        let unit = draft.get("UnitPrice").as_number().unwrap_or_default();
        draft.set("TotalPrice", Value::Number(rounded(unit * quantity * kept)));
    }
    let unit = draft.get("UnitPrice").as_number().unwrap_or_default();
    draft.set("Subtotal", Value::Number(rounded(unit * quantity)));
    Ok(())
}

fn rounded(amount: Decimal) -> Decimal {
    amount.round_dp_with_strategy(AMOUNT_DIGITS, RoundingStrategy::MidpointAwayFromZero)
}

fn name(org: &Org, draft: &mut Draft<'_>, parent: &Fields) {
    let product = draft.get("Product2Id").as_text().and_then(|id| org.row("Product2", id));
    let of = |fields: &Fields, name: &str| fields.get(name).cloned().unwrap_or(Value::Null);
    let Some(product) = product else { return };
    let code = of(product, "ProductCode");
    let names = [of(parent, "Name"), of(product, "Name")];
    let names: Vec<_> = names.iter().filter_map(Value::as_text).collect();
    let name = Value::Text(names.join(" "));
    draft.set("ProductCode", code);
    draft.set("Name", name);
}

pub fn settle_parent(org: &mut Org, actor: Actor<'_>, object: &Arc<ObjectDef>, id: &str) {
    let parent = org.row(&object.name, id).and_then(|line| line.get("OpportunityId")?.as_text());
    if let Some(parent) = parent.map(str::to_owned) {
        settle(org, actor, &parent);
    }
}

/// Amount and the flag of an opportunity follow its live lines. An edit of a line stamps the
/// opportunity only if one of them changes (salesforce §6).
pub fn settle(org: &mut Org, actor: Actor<'_>, opportunity_id: &str) {
    let ids = org.children("OpportunityLineItem", "OpportunityId", opportunity_id);
    let lines = ids.iter().filter_map(|id| org.row("OpportunityLineItem", id));
    let sum: Decimal = lines.filter_map(|line| line.get("TotalPrice")?.as_number()).sum();
    let has_lines = Value::Bool(!ids.is_empty());
    let Some(parent) = org.row("Opportunity", opportunity_id) else { return };
    let of = |name: &str| parent.get(name).cloned().unwrap_or(Value::Null);
    let mut change = Fields::new();
    if of("HasOpportunityLineItem") != has_lines {
        change.insert("HasOpportunityLineItem".to_owned(), has_lines.clone());
    }
    if has_lines.is_true() && of("Amount").as_number() != Some(sum) {
        change.insert("Amount".to_owned(), Value::Number(sum));
        let percent = of("Probability").as_number().unwrap_or_default();
        let expected = rounded(sum * percent / Decimal::ONE_HUNDRED);
        change.insert("ExpectedRevenue".to_owned(), Value::Number(expected));
    }
    let object = org.schema.object("Opportunity").map(Arc::clone);
    if let Some(object) = object.filter(|_| !change.is_empty()) {
        force(org, actor, &object, opportunity_id, change);
    }
}
