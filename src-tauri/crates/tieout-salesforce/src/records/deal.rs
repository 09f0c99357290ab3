//! `Opportunity` and `OpportunityHistory` (`salesforce §7`).

use tieout_connect::json::{Reading, Record};
use tieout_domain::facts::{Deal, DealEvent, Stream};
use tieout_domain::ids::{AccountId, DealEventId, DealId, UserId};

use super::traits::{trait_text, traits};
use super::{Context, chosen_text, currency, stamp};
use crate::shapes::record_type_field;

/// A deal. Won is what `OpportunityStage` says of its stage, which `IsWon` repeats; the name of the
/// stage says nothing (`salesforce §6`).
pub(crate) fn deal(record: &Record<'_>, context: Context<'_>) -> Reading<Deal> {
    let close_date = record.date("CloseDate")?;
    let currency = currency(record, None, Some(close_date), context)?;
    Ok(Deal {
        id: record.id("Id", DealId::new)?,
        stamp: stamp(record, "SystemModstamp")?,
        name: record.text("Name")?,
        account: record.id_or_none("AccountId", AccountId::new)?,
        stage: record.text("StageName")?,
        won: record.flag("IsWon")?,
        closed: record.flag("IsClosed")?,
        amount: record.money_or_none("Amount", currency)?,
        currency,
        close_date,
        kind: record.text_or_none("Type")?,
        record_type: match record_type_field(&context.organization.schema, context.choices) {
            Some(path) => trait_text(record, &path)?,
            None => None,
        },
        owner: record.id_or_none("OwnerId", UserId::new)?,
        has_lines: record.flag("HasOpportunityLineItem")?,
        order_number: chosen_text(record, context.choices.order_number.as_deref())?,
        reference: chosen_text(record, context.choices.deal_reference.as_deref())?,
        stage_changed_at: record.instant_or_none("LastStageChangeDate")?,
        created_at: record.instant_or_none("CreatedDate")?,
        traits: traits(Stream::Deals, record, context)?,
    })
}

/// A row of the history: the values that held from its making on.
pub(crate) fn deal_event(record: &Record<'_>, context: Context<'_>) -> Reading<DealEvent> {
    let close_date = record.date_or_none("CloseDate")?;
    let amount = if record.has("Amount") {
        let currency = currency(record, Some("Opportunity"), close_date, context)?;
        record.money_or_none("Amount", currency)?
    } else {
        None
    };
    Ok(DealEvent {
        id: record.id("Id", DealEventId::new)?,
        stamp: stamp(record, "CreatedDate")?,
        deal: record.id("OpportunityId", DealId::new)?,
        at: record.instant("CreatedDate")?,
        stage: record.text("StageName")?,
        amount,
        close_date,
    })
}
