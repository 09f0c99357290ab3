//! The company's list of exchange rates.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::super::amount::{number_at, plain, text};
use super::super::books::Books;
use super::super::entity::Entity;
use super::super::pacific;
use super::super::refusal::Refusal;
use super::super::row::Body;
use super::super::schema;
use super::Writing;
use jiff::Timestamp;
use jiff::civil::Date;

/// Keeps the rate of one currency and day. The object has no id.
pub fn store(writing: &mut Writing<'_>, input: &Body) -> Result<Value, Refusal> {
    let mut members = input.clone();
    for frame in ["Id", "SyncToken", "sparse"] {
        members.remove(frame);
    }
    let given = schema::clean(Entity::ExchangeRate, &members)?;
    let source = text(&given, "SourceCurrencyCode");
    let source = source.ok_or_else(|| Refusal::missing("SourceCurrencyCode"))?.to_owned();
    let rate = number_at(&given, "Rate").ok_or_else(|| Refusal::missing("Rate"))?;
    if rate <= Decimal::ZERO {
        return Err(Refusal::bad_number("Rate"));
    }
    let day = text(&given, "AsOfDate").and_then(|day| day.parse().ok());
    let day = day.unwrap_or_else(|| writing.today());
    let rates = writing.books.rates.entry(source.clone()).or_default();
    rates.insert(day, rate.normalize().to_string());
    Ok(shown(writing.books, &source, day, rate, writing.now))
}

/// The rate in force on a day, as the read operation shows it.
pub fn read(books: &Books, source: &str, day: Date, now: Timestamp) -> Result<Value, Refusal> {
    let rate = books.rate_on(source, day);
    let rate = rate.ok_or_else(|| Refusal::bad_reference(Entity::CompanyCurrency, source))?;
    Ok(shown(books, source, day, rate, now))
}

fn shown(books: &Books, source: &str, day: Date, rate: Decimal, now: Timestamp) -> Value {
    json!({
        "SourceCurrencyCode": source,
        "TargetCurrencyCode": books.config.home_currency,
        "Rate": plain(rate),
        "AsOfDate": day.to_string(),
        "MetaData": {"LastUpdatedTime": pacific::stamp(now)},
        "domain": "QBO",
        "sparse": false,
    })
}
