//! Conversion between the currencies of an org (salesforce §8).

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::salesforce::org::{Fields, Org};
use crate::salesforce::value::Value;

/// Digits that a converted aggregate keeps, about those of Salesforce's doubles.
const CONVERTED_DIGITS: u32 = 6;

/// Units of `iso` per unit of the corporate currency: the dated rate where one holds, else the
/// static one, else one.
pub fn rate(org: &Org, iso: &str, on: Option<Date>) -> Decimal {
    let dated = on.and_then(|on| dated_rate(org, iso, on));
    let fixed = || {
        let rows = org.table("CurrencyType").into_iter().flat_map(|table| table.values());
        rows.map(|row| &row.fields)
            .find(|fields| fields.get("IsoCode").and_then(Value::as_text) == Some(iso))
            .and_then(|fields| fields.get("ConversionRate")?.as_number())
    };
    dated.or_else(fixed).filter(|rate| !rate.is_zero()).unwrap_or(Decimal::ONE)
}

fn dated_rate(org: &Org, iso: &str, on: Date) -> Option<Decimal> {
    let rows = org.table("DatedConversionRate")?.values().map(|row| &row.fields);
    let holds = |fields: &&Fields| {
        let date = |name: &str| fields.get(name).and_then(Value::as_date);
        fields.get("IsoCode").and_then(Value::as_text) == Some(iso)
            && date("StartDate").is_some_and(|start| start <= on)
            && date("NextStartDate").is_none_or(|next| next > on)
    };
    rows.into_iter().find(holds)?.get("ConversionRate")?.as_number()
}

/// An amount of a row in the corporate currency.
pub fn to_corporate(org: &Org, object: &str, fields: &Fields, amount: Decimal) -> Decimal {
    let Some(iso) = fields.get("CurrencyIsoCode").and_then(Value::as_text) else { return amount };
    let dated = org.switches().dated_rates && object.starts_with("Opportunity");
    let on = fields.get("CloseDate").and_then(Value::as_date).filter(|_| dated);
    (amount / rate(org, iso, on)).round_dp(CONVERTED_DIGITS)
}

/// An amount of `iso` in the corporate currency at the static rate.
pub fn literal_to_corporate(org: &Org, iso: &str, amount: Decimal) -> Decimal {
    (amount / rate(org, iso, None)).round_dp(CONVERTED_DIGITS)
}
