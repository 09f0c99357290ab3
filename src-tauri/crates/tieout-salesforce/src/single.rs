//! One deal with everything that belongs to it, in one call (`salesforce §9.4`).

use serde_json::value::RawValue;
use tieout_connect::error::ConnectorError;
use tieout_connect::json::{Record, quarantined, read_records};
use tieout_connect::mark::server_time;
use tieout_connect::ports::{Answer, DealSnapshot, Read};
use tieout_connect::session::Session;
use tieout_domain::facts::{Account, Deal, Fact, Quarantined, Stream};
use tieout_domain::ids::DealId;
use tieout_domain::salesforce_id::salesforce_id_18;

use crate::composite::composite_queries;
use crate::config::SalesforceConfig;
use crate::organization::Organization;
use crate::query::rest_of;
use crate::records::{Context, account, fact_of};
use crate::shapes::{Shape, shape_of};
use crate::soql::{Rows, text};

/// Parts of a deal, each with the path from its records to the deal.
const PARTS: [(Stream, &str); 4] = [
    (Stream::Deals, "Id"),
    (Stream::DealLines, "OpportunityId"),
    (Stream::ScheduleLines, "OpportunityLineItem.OpportunityId"),
    (Stream::DealEvents, "OpportunityId"),
];

/// Reads the deal and its Account, lines, schedules and history as they are now. `NotFound`: there
/// is no such deal, or this user cannot see it.
pub(crate) async fn read_deal(
    session: &Session,
    config: &SalesforceConfig,
    organization: &Organization,
    id: &DealId,
) -> Answer<DealSnapshot> {
    let id = salesforce_id_18(id.as_str()).map_err(|_| ConnectorError::NotFound)?;
    let context = Context { organization, choices: &config.fields };
    let account_shape = shape_of(Stream::Accounts, &organization.schema, &config.fields)?;
    let mut parts = Vec::new();
    for (stream, path) in PARTS {
        if let Some(shape) = shape_of(stream, &organization.schema, &config.fields)? {
            let statement = statement(stream, &shape, path, &id, account_shape.as_ref());
            parts.push((stream, shape, statement));
        }
    }
    let queries: Vec<(Rows, String)> =
        parts.iter().map(|(_, shape, statement)| (shape.rows, statement.clone())).collect();
    let (headers, pages) = composite_queries(session, &queries).await?;
    let mut read = Gathered::default();
    for ((stream, ..), page) in parts.iter().zip(pages) {
        let records = rest_of(session, page?).await?;
        if *stream == Stream::Deals {
            read.account = account_of(&records, context, &mut read.quarantined);
        }
        let reads =
            read_records(*stream, &records, "Id", |record| fact_of(*stream, record, context));
        read.take_in(reads);
    }
    read.snapshot(server_time(&headers, session.clock().now()))
}

/// The fields of the Account come with the deal, so that all of it is one moment and one call.
fn statement(
    stream: Stream,
    shape: &Shape,
    path: &str,
    id: &str,
    account: Option<&Shape>,
) -> String {
    let mut fields = shape.fields.clone();
    if let (Stream::Deals, Some(account)) = (stream, account) {
        fields.extend(account.fields.iter().map(|field| format!("Account.{field}")));
    }
    let condition = format!("{path} = {}", text(id));
    format!("SELECT {} FROM {} WHERE {condition}", fields.join(", "), shape.object)
}

#[derive(Default)]
struct Gathered {
    facts: Vec<Fact>,
    account: Option<Account>,
    quarantined: Vec<Quarantined>,
}

impl Gathered {
    fn take_in(&mut self, reads: Vec<Read>) {
        for read in reads {
            match read {
                Read::Fact(fact) => self.facts.push(*fact),
                Read::Quarantined(record) => self.quarantined.push(*record),
            }
        }
    }

    fn snapshot(self, server_time: jiff::Timestamp) -> Answer<DealSnapshot> {
        let mut deal: Option<Deal> = None;
        let (mut lines, mut schedule, mut events) = (Vec::new(), Vec::new(), Vec::new());
        for fact in self.facts {
            match fact {
                Fact::Deal(found) => deal = Some(found),
                Fact::DealLine(line) => lines.push(line),
                Fact::ScheduleLine(part) => schedule.push(part),
                Fact::DealEvent(event) => events.push(event),
                _ => {}
            }
        }
        let kept_aside = self.quarantined.iter().any(|record| record.stream == Stream::Deals);
        if deal.is_none() && !kept_aside {
            return Err(ConnectorError::NotFound);
        }
        let (account, quarantined) = (self.account, self.quarantined);
        Ok(DealSnapshot { deal, account, lines, schedule, events, quarantined, server_time })
    }
}

fn account_of(
    records: &[Box<RawValue>],
    context: Context<'_>,
    unreadable: &mut Vec<Quarantined>,
) -> Option<Account> {
    let raw = records.first()?;
    let value: serde_json::Value = serde_json::from_str(raw.get()).ok()?;
    let record = Record::of(&value).ok()?.record_or_none("Account").ok()??;
    let id = record.text("Id").unwrap_or_else(|_| "Account".to_owned());
    match account(&record, context) {
        Ok(account) => Some(account),
        Err(error) => {
            let raw = value.get("Account").map(ToString::to_string).unwrap_or_default();
            unreadable.push(quarantined(Stream::Accounts, &id, &raw, error));
            None
        }
    }
}

#[cfg(test)]
mod tests;
