//! One customer with its documents and what settles them, for the resync of one deal.

use std::collections::BTreeSet;

use serde_json::Value;
use tieout_connect::ports::{Answer, CustomerSnapshot, Read};
use tieout_domain::facts::{Fact, Stream};
use tieout_domain::ids::CustomerId;

use crate::QuickBooks;
use crate::door::{BATCH_ITEMS_MAX, Raw, malformed};
use crate::entity::Entity;
use crate::feed::{head_of, without_copies};
use crate::query::{PAGE_ROWS_MAX, Select};
use crate::read::facts_within;
use crate::reading::Context;

/// Requests that one snapshot may take. Newest changes come first, so that what is left out of a
/// very long history is the oldest part, which the feeds have read long ago.
const REQUESTS_MAX: usize = 3;
/// Payments of other customers that are fetched because they settle an invoice of this one.
const LINKED_PAYMENTS_MAX: usize = 100;
/// Journals name customers in their lines only, which no statement can ask for: they come with
/// their feed. What ties them to invoices is on the payments, which are here.
const KINDS: [Entity; 5] = [
    Entity::Invoice,
    Entity::CreditMemo,
    Entity::SalesReceipt,
    Entity::Payment,
    Entity::RefundReceipt,
];

/// Reads everything of one customer, normally in one request.
pub(crate) async fn read(quickbooks: &QuickBooks, id: &CustomerId) -> Answer<CustomerSnapshot> {
    let books = quickbooks.books().await?;
    let context =
        Context { books: &books, labels: quickbooks.labels(), line_codes_are_flags: false };
    let mut waiting = vec![Select::all(Entity::Customer).equals("Id", id.as_str())];
    waiting.extend(KINDS.map(|kind| of_customer(kind, id)));
    let mut snapshot: Option<CustomerSnapshot> = None;
    let mut records: Vec<(Entity, Raw)> = Vec::new();
    for request in 0..REQUESTS_MAX {
        if waiting.is_empty() {
            break;
        }
        let now: Vec<Select> = waiting.drain(..waiting.len().min(BATCH_ITEMS_MAX)).collect();
        for (select, rows) in now.iter().zip(quickbooks.door().batch(&now).await?) {
            snapshot.get_or_insert_with(|| empty(rows.server_time));
            let count = rows.records.len();
            if count >= PAGE_ROWS_MAX as usize {
                let count = u32::try_from(count).map_err(|_| malformed("page"))?;
                waiting.push(select.clone().starting_at(select.start() + count));
            }
            records.extend(rows.records.into_iter().map(|raw| (select.entity(), raw)));
        }
        if request == 0 {
            waiting.extend(payments_of_others(&records));
        }
    }
    if !waiting.is_empty() {
        tracing::warn!("a customer's oldest documents were left to the feeds");
    }
    let mut snapshot = snapshot.ok_or_else(|| malformed("BatchItemResponse"))?;
    for kind in [Entity::Customer].into_iter().chain(KINDS) {
        let of_kind = records.iter().filter(|(entity, _)| *entity == kind);
        let raws = without_copies(of_kind.map(|(_, raw)| raw.clone()).collect());
        let stream = kind.stream().unwrap_or(Stream::Customers);
        for read in facts_within(stream, kind, &raws, context) {
            take(&mut snapshot, read);
        }
    }
    Ok(snapshot)
}

fn of_customer(kind: Entity, id: &CustomerId) -> Select {
    Select::all(kind).equals("CustomerRef", id.as_str()).newest_change_first()
}

fn empty(server_time: jiff::Timestamp) -> CustomerSnapshot {
    CustomerSnapshot { customer: None, facts: Vec::new(), quarantined: Vec::new(), server_time }
}

fn take(snapshot: &mut CustomerSnapshot, read: Read) {
    match read {
        Read::Quarantined(aside) => snapshot.quarantined.push(*aside),
        Read::Fact(fact) => match *fact {
            Fact::Customer(customer) => snapshot.customer = Some(customer),
            other => snapshot.facts.push(other),
        },
    }
}

/// A parent may pay the invoices of its sub-customers: the invoices name such payments, and the
/// customer's own list of payments does not hold them (`quickbooks §3.5`).
fn payments_of_others(records: &[(Entity, Raw)]) -> Option<Select> {
    let own: BTreeSet<String> = records
        .iter()
        .filter(|(entity, _)| *entity == Entity::Payment)
        .filter_map(|(_, raw)| head_of(raw).id)
        .collect();
    let linked: BTreeSet<String> = records
        .iter()
        .filter(|(entity, _)| matches!(entity, Entity::Invoice | Entity::CreditMemo))
        .flat_map(|(_, raw)| linked_payments(raw))
        .filter(|id| !own.contains(id))
        .take(LINKED_PAYMENTS_MAX)
        .collect();
    let select = || Select::all(Entity::Payment).among("Id", linked.iter().map(String::as_str));
    (!linked.is_empty()).then(select)
}

fn linked_payments(raw: &Raw) -> Vec<String> {
    let Ok(value) = serde_json::from_str::<Value>(raw.get()) else { return Vec::new() };
    let links = value.get("LinkedTxn").and_then(Value::as_array);
    let text = |link: &Value, name: &str| link.get(name).and_then(Value::as_str).map(str::to_owned);
    links
        .into_iter()
        .flatten()
        .filter(|link| text(link, "TxnType").as_deref() == Some("Payment"))
        .filter_map(|link| text(link, "TxnId"))
        .collect()
}

#[cfg(test)]
mod tests;
