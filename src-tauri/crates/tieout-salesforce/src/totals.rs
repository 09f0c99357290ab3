//! Count and sum of won deals as Salesforce itself computes them (`salesforce §5.5`, tie-out T1).

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::Value;
use serde_json::value::RawValue;
use tieout_connect::error::ConnectorError;
use tieout_connect::json::{ReadError, Record};
use tieout_connect::ports::{Answer, ControlTotal, DateRange, Measure};
use tieout_connect::session::Session;
use tieout_domain::facts::QuarantineReason;
use tieout_domain::{Currency, Money};

use crate::composite::composite_queries;
use crate::organization::Organization;
use crate::soql::{Rows, date};

/// Formula field that repeats the amount as a plain number, which no aggregate converts.
pub(crate) const AMOUNT_NUMBER: &str = "Tieout_Amount_Number__c";

/// How Salesforce can be made to add.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Adding {
    /// One currency: the amounts themselves.
    Amounts,
    /// Several currencies: the plain-number mirror of the amount.
    Mirror,
    /// Several currencies without the mirror: Salesforce converts every sum, so it only counts.
    CountOnly,
}

/// Won deals whose close date lies in the range, per currency, in one call.
pub(crate) async fn won_totals(
    session: &Session,
    organization: &Organization,
    range: DateRange,
) -> Answer<Vec<ControlTotal>> {
    let adding = adding_of(organization);
    let [all, without_amount] = statements(adding, range);
    let queries = [(Rows::Existing, all.clone()), (Rows::Existing, without_amount)];
    let (_, pages) = composite_queries(session, &queries).await?;
    let mut parts = pages.into_iter();
    let mut next = || {
        let missing = || ConnectorError::Malformed { path: "compositeResponse".to_owned() };
        parts.next().ok_or_else(missing)?
    };
    let (totals, without) = (next()?, next()?);
    if totals.next.is_some() || without.next.is_some() {
        return Err(ConnectorError::Malformed { path: "totals.nextRecordsUrl".to_owned() });
    }
    let only = match adding {
        Adding::Amounts => Some(organization.only_currency()?),
        Adding::Mirror | Adding::CountOnly => None,
    };
    let read = |raw: Box<RawValue>| row_of(&raw, only, range.from).transpose();
    let without: Vec<TotalRow> =
        without.records.into_iter().filter_map(read).collect::<Answer<_>>()?;
    let without: BTreeMap<Currency, u64> =
        without.into_iter().map(|row| (row.currency, row.count)).collect();
    let mut rows: Vec<TotalRow> =
        totals.records.into_iter().filter_map(read).collect::<Answer<_>>()?;
    if rows.is_empty() && adding != Adding::Amounts {
        // A grouped answer has no row for nothing: no deal at all is nothing in every currency.
        let none = |currency: &Currency| TotalRow {
            currency: *currency,
            count: 0,
            sum: Money::zero(*currency),
        };
        rows.extend(organization.currencies.iter().map(none));
    }
    let mut found = Vec::new();
    for row in rows {
        found.push(ControlTotal {
            measure: Measure::WonDeals,
            currency: row.currency,
            count: row.count,
            sum: if adding == Adding::CountOnly { None } else { Some(row.sum) },
            count_without_amount: without.get(&row.currency).copied().unwrap_or(0),
            source: all.clone(),
            proof: proof(adding).to_owned(),
        });
    }
    Ok(found)
}

fn adding_of(organization: &Organization) -> Adding {
    let schema = &organization.schema;
    if !schema.multi_currency() {
        return Adding::Amounts;
    }
    match schema.field("Opportunity", AMOUNT_NUMBER) {
        Some(field) if field.aggregatable => Adding::Mirror,
        _ => Adding::CountOnly,
    }
}

fn proof(adding: Adding) -> &'static str {
    match adding {
        Adding::Amounts => {
            "Salesforce counted and added Amount; the organisation has one currency."
        }
        Adding::Mirror => {
            "Salesforce counted and added Tieout_Amount_Number__c per currency, a plain number \
             that repeats Amount and that no aggregate converts."
        }
        Adding::CountOnly => {
            "Salesforce counted per currency. It converts sums of several currencies, and the \
             field Tieout_Amount_Number__c that would prevent it is missing, so sums are not \
             compared."
        }
    }
}

fn statements(adding: Adding, range: DateRange) -> [String; 2] {
    let within = format!(
        "IsWon = true AND CloseDate >= {} AND CloseDate <= {}",
        date(range.from),
        date(range.to)
    );
    let (currency, by_currency) = match adding {
        Adding::Amounts => ("", ""),
        Adding::Mirror | Adding::CountOnly => ("CurrencyIsoCode, ", " GROUP BY CurrencyIsoCode"),
    };
    let sum = match adding {
        Adding::Amounts => ", SUM(Amount) s",
        Adding::Mirror => ", SUM(Tieout_Amount_Number__c) s",
        Adding::CountOnly => "",
    };
    [
        format!("SELECT {currency}COUNT(Id) n{sum} FROM Opportunity WHERE {within}{by_currency}"),
        format!(
            "SELECT {currency}COUNT(Id) n FROM Opportunity WHERE {within} AND Amount = \
             null{by_currency}"
        ),
    ]
}

struct TotalRow {
    currency: Currency,
    count: u64,
    sum: Money,
}

/// Sums are binary fractions on their side: they are rounded to the currency before comparing. A
/// code that is no currency has no total; its deals are quarantined one by one.
fn row_of(raw: &RawValue, only: Option<Currency>, on: Date) -> Answer<Option<TotalRow>> {
    let value: Value = serde_json::from_str(raw.get())
        .map_err(|_| ConnectorError::Malformed { path: "totals".to_owned() })?;
    let read = || {
        let record = Record::of(&value)?;
        let currency = match only {
            Some(only) => Ok(only),
            None => record.currency("CurrencyIsoCode", Some(on)),
        };
        let Ok(currency) = currency else {
            tracing::warn!("won deals in a code that is no currency have no control total");
            return Ok(None);
        };
        let count = u64::try_from(record.whole("n")?);
        let count = count.map_err(|_| record.error("n", QuarantineReason::OutOfRange))?;
        let sum = record.decimal_or_none("s")?.unwrap_or_default();
        let sum = Money::round_half_up(sum, currency);
        let sum = sum.map_err(|error| record.error("s", error.into()))?;
        Ok(Some(TotalRow { currency, count, sum }))
    };
    read().map_err(|error: ReadError| ConnectorError::Malformed {
        path: format!("totals.{}", error.path),
    })
}

#[cfg(test)]
mod tests;
