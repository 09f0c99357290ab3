//! Ids of a feed, for the comparison that catches what the feed lost (`xero §10`).

use serde_json::Value;
use tieout_connect::ports::Answer;
use tieout_domain::facts::Stream;

use crate::Xero;
use crate::door::{Raw, malformed};
use crate::kind::{Kind, ROWS_MAX, receipt_id};
use crate::pages::some_pages;
use crate::read::listing;

/// Most ids that are listed.
const IDS_MAX: usize = 20_000;
/// Pages of one kind that are listed.
const PAGES_MAX: u32 = 20;

/// Words by which rows of a mixed list belong to a feed.
const RECEIPTS: [&str; 3] = ["ACCRECPAYMENT", "AROVERPAYMENTPAYMENT", "ARPREPAYMENTPAYMENT"];
const REFUNDS: [&str; 1] = [crate::payment::OF_CREDIT];
const RECEIVED: [&str; 4] =
    ["RECEIVE-OVERPAYMENT", "RECEIVE-PREPAYMENT", "AROVERPAYMENT", "ARPREPAYMENT"];

/// Ids that exist now, deleted and void ones included: the tool never forgets them. `None`: too
/// many to list.
pub(crate) async fn ids(xero: &Xero, stream: Stream) -> Answer<Option<Vec<String>>> {
    let mut ids = Vec::new();
    for kind in kinds_of(stream) {
        let records = match kind.page_rows() {
            None => xero.door().read(&listing(*kind)).await?.records(kind.name())?,
            Some(_) => {
                let request = summary(*kind);
                let rows = some_pages(xero.door(), *kind, &request, ROWS_MAX, PAGES_MAX).await?;
                if rows.cut {
                    return Ok(None);
                }
                rows.records
            }
        };
        for raw in &records {
            ids.extend(id_within(stream, *kind, raw)?);
        }
        if ids.len() > IDS_MAX {
            return Ok(None);
        }
    }
    ids.sort_unstable();
    ids.dedup();
    Ok(Some(ids))
}

/// The kinds whose rows make facts of a feed.
const fn kinds_of(stream: Stream) -> &'static [Kind] {
    match stream {
        Stream::Receipts => &[Kind::Payment, Kind::Overpayment, Kind::Prepayment, Kind::CreditNote],
        Stream::Refunds => &[Kind::Payment],
        _ => Kind::of_stream(stream),
    }
}

/// Rows without lines where the tool can leave them out.
fn summary(kind: Kind) -> crate::request::Request {
    let request = listing(kind).with("order", format!("{} ASC", kind.id_field()));
    match kind {
        Kind::Invoice | Kind::Contact => request.with("summaryOnly", "true"),
        _ => request,
    }
}

/// The id of a row as its fact has it, if the row makes a fact of this feed.
fn id_within(stream: Stream, kind: Kind, raw: &Raw) -> Answer<Option<String>> {
    let value: Value = serde_json::from_str(raw.get()).map_err(|_| malformed(kind.name()))?;
    let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
    let is_one_of = |name: &str, words: &[&str]| words.contains(&text(name));
    let belongs = match (stream, kind) {
        (Stream::Receipts, Kind::Payment) => is_one_of("PaymentType", &RECEIPTS),
        (Stream::Refunds, Kind::Payment) => is_one_of("PaymentType", &REFUNDS),
        (Stream::Receipts, Kind::CreditNote) => {
            value.get("Allocations").and_then(Value::as_array).is_some_and(|list| !list.is_empty())
        }
        (Stream::Receipts, _) => is_one_of("Type", &RECEIVED),
        _ => true,
    };
    if !belongs {
        return Ok(None);
    }
    let id = text(kind.id_field());
    if id.is_empty() {
        return Err(malformed(kind.id_field()));
    }
    Ok(Some(if stream == Stream::Receipts { receipt_id(kind, id) } else { id.to_owned() }))
}

#[cfg(test)]
mod tests;
