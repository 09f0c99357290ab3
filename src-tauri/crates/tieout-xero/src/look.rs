//! A second look at records that a list shows in part (`xero §3.2`, `§9.4`).
//!
//! Which members a record has differs between a list and a single read, so a record is read alone
//! before it is kept aside because something is missing, and before a rate is taken for unknown.

use std::slice;

use tieout_connect::error::ConnectorError;
use tieout_connect::ports::{Answer, Read};
use tieout_domain::facts::{DocumentStatus, Fact, QuarantineReason};

use crate::door::Door;
use crate::kind::{Kind, receipt_record};
use crate::read::facts_within;
use crate::reading::Context;
use crate::request::is_guid;

/// Records of one page that are looked at again. More stay as the list shows them.
const LOOKS_MAX: usize = 10;

/// Looks again at records of a page, each at its own address, and puts what is better in place.
pub(crate) async fn look_again(
    door: &Door,
    kind: Kind,
    reads: &mut Vec<Read>,
    context: Context,
) -> Answer<()> {
    if kind.page_rows().is_none() {
        return Ok(());
    }
    let doubtful: Vec<String> = reads.iter().filter_map(|read| doubt(read, context)).collect();
    for id in doubtful.into_iter().take(LOOKS_MAX) {
        let raw = match door.record(kind, &id).await {
            Ok((raw, _)) => raw,
            Err(
                ConnectorError::NotFound
                | ConnectorError::Rejected { .. }
                | ConnectorError::Malformed { .. },
            ) => continue,
            Err(error) => return Err(error),
        };
        let again = facts_within(kind, slice::from_ref(&raw), context);
        let improved = again.iter().all(|read| matches!(read, Read::Fact(_)));
        if improved && !again.is_empty() {
            reads.retain(|read| own_id(read) != id);
            reads.extend(again);
        }
    }
    Ok(())
}

/// The id of a record that a single read may show more of.
fn doubt(read: &Read, context: Context) -> Option<String> {
    let doubtful = match read {
        Read::Quarantined(aside) => aside.reason == QuarantineReason::Malformed,
        Read::Fact(fact) => match fact.as_ref() {
            Fact::Document(document) => {
                let counts =
                    !matches!(document.status, DocumentStatus::Void | DocumentStatus::Deleted);
                let foreign = document.currency != context.home;
                counts && foreign && document.exchange_rate.is_none()
            }
            _ => false,
        },
    };
    doubtful.then(|| own_id(read).to_owned()).filter(|id| is_guid(id))
}

/// The record's id in Xero.
fn own_id(read: &Read) -> &str {
    let id = match read {
        Read::Quarantined(aside) => aside.id.as_str(),
        Read::Fact(fact) => fact.id(),
    };
    receipt_record(id).1
}
