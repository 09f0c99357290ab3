//! `OpportunityLineItem` and `OpportunityLineItemSchedule` (`salesforce §7`).

use rust_decimal::Decimal;
use tieout_connect::json::{Reading, Record};
use tieout_domain::facts::{DealLine, QuarantineReason, ScheduleLine};
use tieout_domain::ids::{DealId, DealLineId, ProductId, ScheduleLineId};

use super::{Context, currency, stamp};

/// Decimals by which a percentage is larger than its fraction.
const PERCENT_SCALE: u32 = 2;

/// A product line. Its price is the agreed one; list price and product name follow the catalogue
/// and are not read.
pub(crate) fn deal_line(record: &Record<'_>, context: Context<'_>) -> Reading<DealLine> {
    let service_date = record.date_or_none("ServiceDate")?;
    let currency = currency(record, Some("Opportunity"), service_date, context)?;
    Ok(DealLine {
        id: record.id("Id", DealLineId::new)?,
        stamp: stamp(record, "SystemModstamp")?,
        deal: record.id("OpportunityId", DealId::new)?,
        product: record.id_or_none("Product2Id", ProductId::new)?,
        product_code: record.text_or_none("ProductCode")?,
        description: record.text_or_none("Description")?,
        quantity: record.decimal("Quantity")?,
        unit_price: record.decimal_or_none("UnitPrice")?,
        discount: discount(record)?,
        total: record.money("TotalPrice", currency)?,
        service_date,
        position: record.whole_or_none("SortOrder")?.unwrap_or(0),
    })
}

/// A dated part of a line's revenue.
pub(crate) fn schedule_line(record: &Record<'_>, context: Context<'_>) -> Reading<ScheduleLine> {
    let due_on = record.date("ScheduleDate")?;
    let currency = currency(record, Some("OpportunityLineItem"), Some(due_on), context)?;
    Ok(ScheduleLine {
        id: record.id("Id", ScheduleLineId::new)?,
        stamp: stamp(record, "SystemModstamp")?,
        line: record.id("OpportunityLineItemId", DealLineId::new)?,
        due_on,
        amount: record.money("Revenue", currency)?,
    })
}

/// The wire says percent, the fact says fraction.
fn discount(record: &Record<'_>) -> Reading<Option<Decimal>> {
    let Some(percent) = record.decimal_or_none("Discount")? else { return Ok(None) };
    let fraction = percent.checked_mul(Decimal::new(1, PERCENT_SCALE));
    let too_precise = || record.error("Discount", QuarantineReason::TooPrecise);
    fraction.map(|fraction| Some(fraction.normalize())).ok_or_else(too_precise)
}
