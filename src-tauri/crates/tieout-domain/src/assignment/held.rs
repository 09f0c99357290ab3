//! What a company's own books bear of deals: a document of a deal that stands, or a promise of one.

use std::collections::{BTreeMap, BTreeSet};

use crate::books::{DocumentDecision, Promised};
use crate::effect::{EffectState, TransactionKey};
use crate::facts::{Deal, Document, DocumentStatus, LedgerDocumentKind};
use crate::ids::{DealId, DocumentId, LedgerId};
use crate::salesforce_id::salesforce_id_18;

/// The companies that have billed a deal or promised to. Deals of none are left out.
pub type Held = BTreeMap<DealId, BTreeSet<LedgerId>>;

/// The books of one company as far as they bear deals.
#[derive(Clone, Copy, Debug)]
pub struct Bearing<'a> {
    pub deals: &'a [Deal],
    pub documents: &'a [Document],
    pub promised: &'a [Promised],
    /// Our keys of every intent that a deal can have had in this company.
    pub keys: &'a BTreeMap<DealId, Vec<TransactionKey>>,
    pub decisions: &'a [DocumentDecision],
}

/// Deals that this company has billed or promised to bill: a document that stands carries our key,
/// names the deal or was linked to it by a person, or a promise may still lead to one.
pub fn held_deals(of: &Bearing<'_>) -> BTreeSet<DealId> {
    let standing: Vec<&Document> = of.documents.iter().filter(|it| stands(it)).collect();
    let mut held = by_promise(of, &standing);
    held.extend(by_key(of, &standing));
    held.extend(by_name(of, &standing));
    let ids: BTreeSet<&DocumentId> = standing.iter().map(|document| &document.id).collect();
    let linked = of.decisions.iter().filter(|it| it.linked && ids.contains(&it.document));
    held.extend(linked.map(|decision| decision.deal.clone()));
    held
}

/// Whether the document bills somebody, a draft included: it will.
pub fn stands(document: &Document) -> bool {
    let gone = matches!(document.status, DocumentStatus::Void | DocumentStatus::Deleted);
    !document.stamp.deleted && !gone && document.kind != LedgerDocumentKind::CreditMemo
}

/// A promise holds its deal until it was refused or withdrawn, or its document was taken back.
fn by_promise(of: &Bearing<'_>, standing: &[&Document]) -> BTreeSet<DealId> {
    let carries = |document: &Document, key: &str| {
        document.key.as_ref().is_some_and(|carried| carried.as_str() == key)
    };
    let is_taken_back = |key: &str| {
        let was_read = of.documents.iter().any(|it| carries(it, key));
        was_read && !standing.iter().any(|it| carries(it, key))
    };
    let holding = of.promised.iter().filter(|promise| match promise.state {
        EffectState::Rejected | EffectState::Cancelled => false,
        EffectState::Confirmed => !is_taken_back(&promise.key),
        _ => true,
    });
    holding.map(|promise| promise.deal.clone()).collect()
}

fn by_key(of: &Bearing<'_>, standing: &[&Document]) -> BTreeSet<DealId> {
    let carried: BTreeSet<&TransactionKey> =
        standing.iter().filter_map(|document| document.key.as_ref()).collect();
    let held = of.keys.iter().filter(|(_, keys)| keys.iter().any(|key| carried.contains(key)));
    held.map(|(deal, _)| deal.clone()).collect()
}

/// Documents whose agreed field names the deal, unless a person keeps the two apart.
fn by_name(of: &Bearing<'_>, standing: &[&Document]) -> BTreeSet<DealId> {
    let mut named: BTreeMap<String, Vec<&DocumentId>> = BTreeMap::new();
    for document in standing {
        if let Some(reference) = document.deal_reference.as_deref() {
            named.entry(name_of(reference)).or_default().push(&document.id);
        }
    }
    if named.is_empty() {
        return BTreeSet::new();
    }
    let apart: BTreeSet<(&DealId, &DocumentId)> = of
        .decisions
        .iter()
        .filter(|decision| !decision.linked)
        .map(|decision| (&decision.deal, &decision.document))
        .collect();
    let names_of = |deal: &Deal| {
        let own = std::iter::once(name_of(deal.id.as_str()));
        own.chain(deal.reference.as_deref().map(name_of)).collect::<Vec<_>>()
    };
    let is_named = |deal: &&Deal| {
        let names = names_of(deal);
        let mut documents = names.iter().filter_map(|name| named.get(name)).flatten();
        documents.any(|document| !apart.contains(&(&deal.id, *document)))
    };
    of.deals.iter().filter(is_named).map(|deal| deal.id.clone()).collect()
}

/// An id of either length in its long form; another reference without spaces around it.
fn name_of(text: &str) -> String {
    let text = text.trim();
    salesforce_id_18(text).unwrap_or_else(|_| text.to_lowercase())
}
