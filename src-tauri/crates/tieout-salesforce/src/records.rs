//! From one record of the wire to one fact.

mod account;
mod deal;
mod line;
mod product;
mod traits;
mod user;

use tieout_connect::json::{Reading, Record};
use tieout_domain::Currency;
use tieout_domain::facts::{Fact, Gone, QuarantineReason, Stamp, Stream};

use crate::config::FieldChoices;
use crate::organization::Organization;

pub(crate) use account::account;
pub(crate) use deal::{deal, deal_event};
pub(crate) use line::{deal_line, schedule_line};

/// What a record does not say itself.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub organization: &'a Organization,
    pub choices: &'a FieldChoices,
}

/// The fact of a record. A deleted record whose rest cannot be read is still a deletion.
pub(crate) fn fact_of(
    stream: Stream,
    record: &Record<'_>,
    context: Context<'_>,
) -> Reading<Option<Fact>> {
    match whole_fact(stream, record, context) {
        Err(error) if record.flag_or_none("IsDeleted") == Ok(Some(true)) => {
            let deleted_at = record.instant("SystemModstamp").map_err(|_| error)?;
            Ok(Some(Fact::Gone(Gone { stream, id: record.text("Id")?, deleted_at })))
        }
        outcome => outcome.map(Some),
    }
}

fn whole_fact(stream: Stream, record: &Record<'_>, context: Context<'_>) -> Reading<Fact> {
    match stream {
        Stream::Users => user::user(record, context).map(Fact::User),
        Stream::Products => product::product(record, context).map(Fact::Product),
        Stream::Accounts => account(record, context).map(Fact::Account),
        Stream::Deals => deal(record, context).map(Fact::Deal),
        Stream::DealLines => deal_line(record, context).map(Fact::DealLine),
        Stream::ScheduleLines => schedule_line(record, context).map(Fact::ScheduleLine),
        Stream::DealEvents => deal_event(record, context).map(Fact::DealEvent),
        _ => Err(record.error("attributes", QuarantineReason::UnknownValue)),
    }
}

/// Version and change time from the field that the feed is ordered by.
fn stamp(record: &Record<'_>, cursor: &str) -> Reading<Stamp> {
    Ok(Stamp {
        version: record.text(cursor)?,
        modified_at: record.instant(cursor)?,
        deleted: record.flag_or_none("IsDeleted")?.unwrap_or(false),
    })
}

/// The currency of a record: its own, its parent's, or the only one of the organisation.
fn currency(
    record: &Record<'_>,
    parent: Option<&str>,
    on: Option<jiff::civil::Date>,
    context: Context<'_>,
) -> Reading<Currency> {
    const FIELD: &str = "CurrencyIsoCode";
    if record.has(FIELD) {
        return record.currency(FIELD, on);
    }
    let only = context.organization.currency;
    match (context.organization.schema.multi_currency(), parent, only) {
        (false, _, Some(only)) => Ok(only),
        (true, Some(parent), _) => record.record(parent)?.currency(FIELD, on),
        _ => record.currency(FIELD, on),
    }
}

/// A field that a person chose may be of any type; texts and numbers are taken.
fn chosen_text(record: &Record<'_>, field: Option<&str>) -> Reading<Option<String>> {
    let Some(field) = field else { return Ok(None) };
    match record.value(field) {
        Some(serde_json::Value::Number(number)) => Ok(Some(number.to_string())),
        _ => record.text_or_none(field),
    }
}

#[cfg(test)]
mod tests;
