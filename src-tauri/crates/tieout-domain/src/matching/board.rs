//! The state of one matching: what is still open on both sides, what was linked, what waits.
//!
//! Deals and documents stand in the order of their ids, so that nothing depends on input order.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::ambiguity::Entangled;
use super::constraints;
use super::evidence::Evidence;
use super::input::{Decision, DocumentRef, MatchDeal, MatchDocument, MatchInput, MatchPolicy};
use super::output::{ConflictReason, LinkKind, LinkState, MatchOutcome, Tier};
use crate::identity::CustomersOfAccount;
use crate::ids::{CustomerId, DealId};
use crate::money::Money;

pub(super) struct DealSlot<'a> {
    pub(super) deal: &'a MatchDeal,
    /// Magnitude in minor units that no linked document bills yet. `None`: amount unknown.
    pub(super) open: Option<i128>,
    /// A person excluded the deal.
    pub(super) aside: bool,
    /// Waits for a person, or has a suggestion: weaker tiers leave it alone.
    pub(super) waits: bool,
    /// Places of its links.
    links: Vec<usize>,
}

pub(super) struct DocumentSlot<'a> {
    pub(super) document: &'a MatchDocument,
    /// Net in minor units that is not allocated yet.
    pub(super) open: i64,
    /// A person said that it belongs to no deal.
    pub(super) aside: bool,
    pub(super) waits: bool,
    /// A person allocated it; what is left over is a remainder, not a candidate.
    pub(super) by_person: bool,
    /// Places of its links.
    links: Vec<usize>,
}

/// A link between two places of the board.
pub(super) struct Placed {
    pub(super) deal: usize,
    pub(super) document: usize,
    pub(super) kind: LinkKind,
    pub(super) allocated: Money,
    pub(super) effective_on: Date,
    pub(super) state: LinkState,
    pub(super) evidence: Evidence,
}

pub(super) struct Board<'a> {
    pub(super) policy: MatchPolicy,
    pub(super) deals: Vec<DealSlot<'a>>,
    pub(super) documents: Vec<DocumentSlot<'a>>,
    pub(super) decisions: &'a [Decision],
    pub(super) links: Vec<Placed>,
    pub(super) outcomes: Vec<MatchOutcome>,
    /// Pairs that a person refused.
    pub(super) refused: BTreeSet<(usize, usize)>,
    /// Applications of credit memos that are linked already: credit memo and invoice.
    pub(super) followed: BTreeSet<(usize, usize)>,
    /// Pairs whose conflict is reported.
    conflicting: BTreeSet<(usize, usize)>,
    customers: &'a CustomersOfAccount,
    documents_of: BTreeMap<&'a CustomerId, Vec<usize>>,
    deals_of: BTreeMap<&'a CustomerId, Vec<usize>>,
}

impl<'a> Board<'a> {
    pub(super) fn new(input: &MatchInput<'a>) -> Self {
        let mut deals: Vec<&MatchDeal> = input.deals.iter().collect();
        deals.sort_by(|a, b| a.id.cmp(&b.id));
        let mut documents: Vec<&MatchDocument> = input.documents.iter().collect();
        documents.sort_by(|a, b| a.reference.cmp(&b.reference));
        let mut documents_of: BTreeMap<&CustomerId, Vec<usize>> = BTreeMap::new();
        for (at, document) in documents.iter().enumerate() {
            documents_of.entry(&document.customer).or_default().push(at);
        }
        let mut deals_of: BTreeMap<&CustomerId, Vec<usize>> = BTreeMap::new();
        for (at, deal) in deals.iter().enumerate() {
            let account = deal.account.as_ref().and_then(|account| input.customers.get(account));
            for customer in account.into_iter().flatten() {
                deals_of.entry(customer).or_default().push(at);
            }
        }
        Self {
            policy: input.policy,
            deals: deals.into_iter().map(DealSlot::new).collect(),
            documents: documents.into_iter().map(DocumentSlot::new).collect(),
            decisions: input.decisions,
            links: Vec::new(),
            outcomes: Vec::new(),
            refused: BTreeSet::new(),
            followed: BTreeSet::new(),
            conflicting: BTreeSet::new(),
            customers: input.customers,
            documents_of,
            deals_of,
        }
    }

    pub(super) fn deal_place(&self, id: &DealId) -> Option<usize> {
        self.deals.binary_search_by(|slot| slot.deal.id.cmp(id)).ok()
    }

    pub(super) fn document_place(&self, reference: &DocumentRef) -> Option<usize> {
        self.documents.binary_search_by(|slot| slot.document.reference.cmp(reference)).ok()
    }

    /// The customers that are the same customer as the deal's Account.
    pub(super) fn customers_of(&self, deal: usize) -> Option<&'a BTreeSet<CustomerId>> {
        self.customers.get(self.deals[deal].deal.account.as_ref()?)
    }

    /// Documents of the deal's customers, ascending.
    pub(super) fn documents_near(&self, deal: usize) -> Vec<usize> {
        let customers = self.customers_of(deal).into_iter().flatten();
        let mut places: Vec<usize> = customers
            .filter_map(|customer| self.documents_of.get(customer))
            .flatten()
            .copied()
            .collect();
        places.sort_unstable();
        places
    }

    /// Deals whose Account is the document's customer, ascending.
    pub(super) fn deals_near(&self, document: usize) -> &[usize] {
        let customer = &self.documents[document].document.customer;
        self.deals_of.get(customer).map_or(&[], Vec::as_slice)
    }

    /// Deals that rules of tiers 2 to 5 may still pair.
    pub(super) fn free_deals(&self) -> Vec<usize> {
        (0..self.deals.len()).filter(|deal| self.is_free_deal(*deal)).collect()
    }

    pub(super) fn is_free_deal(&self, deal: usize) -> bool {
        let slot = &self.deals[deal];
        slot.deal.won && !slot.aside && !slot.waits && slot.open.is_some_and(|open| open > 0)
    }

    pub(super) fn is_free_document(&self, document: usize) -> bool {
        let slot = &self.documents[document];
        constraints::is_live(slot.document.status)
            && slot.open > 0
            && !slot.aside
            && !slot.waits
            && !slot.by_person
    }

    /// Whether tiers 2 to 5 may look at the pair at all: every hard constraint of K1 holds.
    pub(super) fn may_pair(&self, deal: usize, document: usize) -> bool {
        self.is_free_deal(deal)
            && self.is_free_document(document)
            && !self.refused.contains(&(deal, document))
            && constraints::pairs(self, deal, document)
    }

    /// Enters a link and takes its share off both sides.
    pub(super) fn link(&mut self, placed: Placed) {
        let minor = placed.allocated.minor();
        let deal = &mut self.deals[placed.deal];
        if placed.kind == LinkKind::Bills {
            deal.open = deal.open.map(|open| open - i128::from(minor));
        }
        deal.waits |= placed.state == LinkState::Suggested;
        deal.links.push(self.links.len());
        let document = &mut self.documents[placed.document];
        document.open -= minor;
        document.links.push(self.links.len());
        self.links.push(placed);
    }

    /// Takes deals and documents out of weaker tiers until a person has decided.
    pub(super) fn withdraw(&mut self, deals: &[usize], documents: &[usize]) {
        deals.iter().for_each(|deal| self.deals[*deal].waits = true);
        documents.iter().for_each(|document| self.documents[*document].waits = true);
    }

    pub(super) fn conflict(
        &mut self,
        tier: Tier,
        deal: usize,
        document: usize,
        why: ConflictReason,
    ) {
        if !self.conflicting.insert((deal, document)) {
            return;
        }
        let outcome = MatchOutcome::Conflict {
            tier,
            deal: self.deals[deal].deal.id.clone(),
            document: self.documents[document].document.reference.clone(),
            why,
        };
        self.outcomes.push(outcome);
        // A decision of a person holds by itself; everything else waits for one.
        if why != ConflictReason::PersonDecided {
            self.withdraw(&[deal], &[document]);
        }
    }

    pub(super) fn ambiguous(&mut self, tier: Tier, group: &Entangled, more: bool) {
        let (deals, documents) = (group.deals(), group.documents());
        let outcome = MatchOutcome::Ambiguous {
            tier,
            deals: self.deal_ids(&deals),
            documents: self.references(&documents),
            ways: group.ways.len(),
            more,
        };
        self.outcomes.push(outcome);
        self.withdraw(&deals, &documents);
    }

    pub(super) fn deal_ids(&self, places: &[usize]) -> Vec<DealId> {
        places.iter().map(|deal| self.deals[*deal].deal.id.clone()).collect()
    }

    pub(super) fn references(&self, places: &[usize]) -> Vec<DocumentRef> {
        places.iter().map(|at| self.documents[*at].document.reference.clone()).collect()
    }

    pub(super) fn links_of(&self, document: usize) -> impl Iterator<Item = &Placed> {
        self.documents[document].links.iter().map(|at| &self.links[*at])
    }

    pub(super) fn links_of_deal(&self, deal: usize) -> impl Iterator<Item = &Placed> {
        self.deals[deal].links.iter().map(|at| &self.links[*at])
    }
}

impl<'a> DealSlot<'a> {
    fn new(deal: &'a MatchDeal) -> Self {
        let open = deal.net.map(|net| i128::from(net.minor()).abs());
        Self { deal, open, aside: false, waits: false, links: Vec::new() }
    }
}

impl<'a> DocumentSlot<'a> {
    /// What no longer counts has nothing to allocate, whatever total the tool keeps on it.
    fn new(document: &'a MatchDocument) -> Self {
        let live = constraints::is_live(document.status);
        let open = if live { document.net.minor() } else { 0 };
        Self { document, open, aside: false, waits: false, by_person: false, links: Vec::new() }
    }
}
