//! Opportunities: stage flags, amounts that lines own, and the history (salesforce §7).

use std::sync::Arc;

use jiff::civil::Date;
use rust_decimal::{Decimal, RoundingStrategy};

use super::{Actor, Draft, stamp};
use crate::salesforce::org::{Fields, Org};
use crate::salesforce::refusal::{Refusal, Refusals};
use crate::salesforce::value::Value;

/// Fields that a history row repeats; a change of one of the first four makes one.
const REMEMBERED: [&str; 6] =
    ["StageName", "Amount", "CloseDate", "Probability", "ExpectedRevenue", "ForecastCategory"];

pub fn prepare(org: &mut Org, draft: &mut Draft<'_>) -> Result<(), Refusals> {
    if draft.old("HasOpportunityLineItem").is_true() {
        keep_what_lines_own(draft)?;
    }
    if draft.changes("StageName") && !draft.get("StageName").is_null() {
        take_stage(org, draft)?;
        if draft.old.is_some() {
            let now = org.now;
            draft.set("LastStageChangeDate", Value::Instant(now));
        }
    }
    derive(draft);
    Ok(())
}

/// With lines, Amount is silently kept; price book and currency are refused.
fn keep_what_lines_own(draft: &mut Draft<'_>) -> Result<(), Refusals> {
    let amount = draft.old("Amount").clone();
    draft.set("Amount", amount);
    for name in ["Pricebook2Id", "CurrencyIsoCode"] {
        if draft.gave(name) && draft.changes(name) {
            let message = format!("field integrity exception: {name} (opportunity has products)");
            let fields = [name.to_owned()];
            return Err(vec![Refusal::of_write("FIELD_INTEGRITY_EXCEPTION", message, fields)]);
        }
    }
    Ok(())
}

fn take_stage(org: &Org, draft: &mut Draft<'_>) -> Result<(), Refusals> {
    let name = draft.get("StageName").clone();
    let stages = org.table("OpportunityStage").into_iter().flat_map(|table| table.values());
    let stage = stages.map(|row| &row.fields).find(|stage| stage.get("ApiName") == Some(&name));
    let Some(stage) = stage else {
        let message = format!(
            "Stage: bad value for restricted picklist field: {}",
            name.as_text().unwrap_or_default()
        );
        let code = "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST";
        return Err(vec![Refusal::of_write(code, message, ["StageName".to_owned()])]);
    };
    let of = |name: &str| stage.get(name).cloned().unwrap_or(Value::Null);
    for flag in ["IsWon", "IsClosed", "ForecastCategory", "ForecastCategoryName"] {
        draft.set(flag, of(flag));
    }
    if !draft.gave("Probability") {
        draft.set("Probability", of("DefaultProbability"));
    }
    Ok(())
}

/// Everything that follows from amount, probability and close date.
pub fn derive(draft: &mut Draft<'_>) {
    let product = draft.get("Amount").as_number().zip(draft.get("Probability").as_number());
    let expected = product.map_or(Value::Null, |(amount, percent)| {
        let expected = amount * percent / Decimal::ONE_HUNDRED;
        let strategy = RoundingStrategy::MidpointAwayFromZero;
        Value::Number(expected.round_dp_with_strategy(2, strategy))
    });
    draft.set("ExpectedRevenue", expected);
    if let Some(close) = draft.get("CloseDate").as_date() {
        for (name, value) in fiscal(close) {
            draft.set(name, value);
        }
    }
}

/// Fiscal fields of a calendar-year org.
pub fn fiscal(close: Date) -> [(&'static str, Value); 3] {
    let quarter = (close.month() - 1) / 3 + 1;
    [
        ("FiscalQuarter", Value::Number(Decimal::from(quarter))),
        ("FiscalYear", Value::Number(Decimal::from(close.year()))),
        ("Fiscal", Value::Text(format!("{} {quarter}", close.year()))),
    ]
}

/// Writes a history row if stage, amount, close date or probability changed.
pub fn remember(org: &mut Org, actor: Actor<'_>, id: &str, old: Option<&Fields>) {
    let Some(new) = org.row("Opportunity", id).cloned() else { return };
    let of = |fields: &Fields, name: &str| fields.get(name).cloned().unwrap_or(Value::Null);
    let changed = |name: &str| old.is_none_or(|old| of(old, name) != of(&new, name));
    if !REMEMBERED[..4].iter().any(|name| changed(name)) {
        return;
    }
    let Some(history) = org.schema.object("OpportunityHistory").map(Arc::clone) else { return };
    let history_id = org.new_id(&history);
    let mut row: Fields =
        REMEMBERED.iter().map(|name| ((*name).to_owned(), of(&new, name))).collect();
    row.insert("Id".to_owned(), Value::text(&history_id));
    row.insert("OpportunityId".to_owned(), Value::text(id));
    row.insert("CurrencyIsoCode".to_owned(), of(&new, "CurrencyIsoCode"));
    row.insert("IsDeleted".to_owned(), Value::Bool(false));
    if let Some(old) = old {
        row.insert("PrevAmount".to_owned(), of(old, "Amount"));
        row.insert("PrevCloseDate".to_owned(), of(old, "CloseDate"));
    }
    stamp(org, actor, &history, &mut row, true);
    org.put_row("OpportunityHistory", &history_id, row);
    link_history(org, id, old, &history_id);
}

/// The deal points to the history rows of its last changes of amount and close date.
fn link_history(org: &mut Org, id: &str, old: Option<&Fields>, history_id: &str) {
    let Some((old, mut new)) = old.zip(org.row("Opportunity", id).cloned()) else { return };
    let links =
        [("LastAmountChangedHistoryId", "Amount"), ("LastCloseDateChangedHistoryId", "CloseDate")];
    for (link, name) in links {
        if old.get(name) != new.get(name) {
            new.insert(link.to_owned(), Value::text(history_id));
        }
    }
    org.put_row("Opportunity", id, new);
}
