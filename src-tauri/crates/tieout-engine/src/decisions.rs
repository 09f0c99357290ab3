//! Decisions as they held at a moment: the latest word on each subject by then.

use jiff::Timestamp;
use tieout_domain::books::{DocumentDecision, Exclusion, ReasonDecision};
use tieout_domain::facts::Stream;
use tieout_domain::identity::{IdentityLink, LinkedBy, Standing};
use tieout_domain::ids::{ConnectionId, DealId, LedgerId};
use tieout_store::{LinkVerdict, ReasonStanding, Store};

use crate::duplicates::is_pair;
use crate::error::EngineError;

/// Deals that were left out of this ledger's or the CRM's comparison.
pub(crate) fn exclusions(store: &Store, at: Timestamp) -> Result<Vec<Exclusion>, EngineError> {
    let held = store.exclusions_at(Some(at))?;
    let deals =
        held.into_iter().filter(|it| it.excluded && it.stream == Stream::Deals && !is_pair(it));
    Ok(deals
        .filter_map(|it| {
            Some(Exclusion {
                deal: DealId::new(&it.record).ok()?,
                reason: it.decided.reason,
                by: it.decided.actor,
                at: it.decided.at,
            })
        })
        .collect())
}

/// Reason codes given for deals of this ledger.
pub(crate) fn reasons(
    store: &Store,
    ledger: &ConnectionId,
    at: Timestamp,
) -> Result<Vec<ReasonDecision>, EngineError> {
    let held = store.reasons_at(Some(at))?;
    let ours = held
        .into_iter()
        .filter(|it| it.connection == *ledger && it.standing != ReasonStanding::Withdrawn);
    Ok(ours
        .filter_map(|it| {
            Some(ReasonDecision {
                deal: it.deal?,
                code: it.code,
                amount: it.amount,
                accepted: it.standing == ReasonStanding::Accepted,
                owner: Some(it.owner).filter(|owner| !owner.is_empty()),
                note: it.note,
                raised: it.raised,
                target: it.target,
                at: it.decided.at,
            })
        })
        .collect())
}

/// What people said about deals and documents of this ledger.
pub(crate) fn document_decisions(
    store: &Store,
    ledger: &ConnectionId,
    at: Timestamp,
) -> Result<Vec<DocumentDecision>, EngineError> {
    let held = store.deal_document_links_at(Some(at))?;
    let ours =
        held.into_iter().filter(|it| it.connection == *ledger && it.verdict != LinkVerdict::Unlink);
    Ok(ours
        .map(|it| DocumentDecision {
            deal: it.deal,
            document: it.document,
            linked: it.verdict == LinkVerdict::Link,
            allocated: it.allocated,
            by: it.decided.actor,
            reason: it.decided.reason,
            at: it.decided.at,
        })
        .collect())
}

/// What people said about Accounts and customers of this ledger.
pub(crate) fn identity_links(
    store: &Store,
    connection: &ConnectionId,
    ledger: &LedgerId,
    at: Timestamp,
) -> Result<Vec<IdentityLink>, EngineError> {
    let held = store.identity_links_at(Some(at))?;
    let ours = held.into_iter().filter(|it| it.connection == *connection);
    Ok(ours
        .map(|it| IdentityLink {
            ledger: ledger.clone(),
            account: it.account,
            customer: it.customer,
            standing: if it.linked { Standing::Confirmed } else { Standing::Rejected },
            by: LinkedBy::Person(it.decided.actor),
            reason: it.decided.reason,
            at: it.decided.at,
            billed: it.linked,
        })
        .collect())
}
