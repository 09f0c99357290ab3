//! No greedy first-wins (`finance-domain §7 K2`): ways to pair are looked at all together, and a
//! way is taken only if nothing else touches its deal or its document.

use std::collections::BTreeMap;

/// One way to pair under a tier: places of deals and documents on the board.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Way {
    pub(super) deals: Vec<usize>,
    pub(super) documents: Vec<usize>,
}

/// Ways that share deals or documents, however remotely.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entangled {
    pub(super) ways: Vec<Way>,
}

impl Entangled {
    /// The only way of its group: unique on both sides.
    pub(super) fn only(&self) -> Option<&Way> {
        match self.ways.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }

    /// Every deal of the group, ascending.
    pub(super) fn deals(&self) -> Vec<usize> {
        sorted(self.ways.iter().flat_map(|way| way.deals.iter().copied()))
    }

    /// Every document of the group, ascending.
    pub(super) fn documents(&self) -> Vec<usize> {
        sorted(self.ways.iter().flat_map(|way| way.documents.iter().copied()))
    }
}

fn sorted(places: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut places: Vec<usize> = places.collect();
    places.sort_unstable();
    places.dedup();
    places
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    Deal(usize),
    Document(usize),
}

/// Groups ways that touch each other. Equal ways count once. In ascending order.
pub(super) fn entangle(mut ways: Vec<Way>) -> Vec<Entangled> {
    ways.sort();
    ways.dedup();
    let mut parents: Vec<usize> = (0..ways.len()).collect();
    let mut first_with: BTreeMap<Side, usize> = BTreeMap::new();
    for (at, way) in ways.iter().enumerate() {
        let deals = way.deals.iter().map(|deal| Side::Deal(*deal));
        let documents = way.documents.iter().map(|document| Side::Document(*document));
        for side in deals.chain(documents) {
            let first = *first_with.entry(side).or_insert(at);
            let (a, b) = (root(&parents, first), root(&parents, at));
            parents[a.max(b)] = a.min(b);
        }
    }
    let mut groups: BTreeMap<usize, Vec<Way>> = BTreeMap::new();
    for (at, way) in ways.into_iter().enumerate() {
        groups.entry(root(&parents, at)).or_default().push(way);
    }
    groups.into_values().map(|ways| Entangled { ways }).collect()
}

/// Parents are never larger than their children, so the walk ends.
fn root(parents: &[usize], mut at: usize) -> usize {
    while parents[at] != at {
        at = parents[at];
    }
    at
}
