//! Tier 4: one deal and several documents, or one document and several deals, whose nets add up
//! (`finance-domain §7` K3). Many-to-many is a person's alone (K4).

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::ambiguity::{Way, entangle};
use super::board::{Board, Placed};
use super::compare;
use super::evidence::{Field, Rule};
use super::output::{LinkState, MatchError, MatchOutcome, Tier};
use super::sum::{SUM_MEMBERS_MIN, fitting};
use crate::allocate::allocate;
use crate::money::Money;

pub(super) fn settle(board: &mut Board<'_>) -> Result<(), MatchError> {
    let mut found = Found::default();
    for deal in board.free_deals() {
        let documents: Vec<usize> = board
            .documents_near(deal)
            .into_iter()
            .filter(|document| board.may_pair(deal, *document))
            .collect();
        found.search(board, &Anchor::Deal(deal), &documents);
    }
    for document in 0..board.documents.len() {
        let deals: Vec<usize> = board
            .deals_near(document)
            .iter()
            .copied()
            .filter(|deal| board.may_pair(*deal, document))
            .collect();
        found.search(board, &Anchor::Document(document), &deals);
    }
    board.outcomes.append(&mut found.too_many);
    for group in entangle(found.ways) {
        match group.only() {
            Some(way) => link(board, &way.clone())?,
            None => {
                let more = group.ways.iter().any(|way| found.unfinished.contains(way));
                board.ambiguous(Tier::Sum, &group, more);
            }
        }
    }
    Ok(())
}

/// The one on whose amount the others have to add up.
enum Anchor {
    Deal(usize),
    Document(usize),
}

#[derive(Default)]
struct Found {
    ways: Vec<Way>,
    /// Ways that stand for a search which stopped counting: they hold every candidate.
    unfinished: BTreeSet<Way>,
    too_many: Vec<MatchOutcome>,
}

impl Found {
    fn search(&mut self, board: &Board<'_>, anchor: &Anchor, candidates: &[usize]) {
        let target = match anchor {
            Anchor::Deal(deal) => board.deals[*deal].open.and_then(|open| i64::try_from(open).ok()),
            Anchor::Document(document) => Some(board.documents[*document].open),
        };
        let Some(target) = target.filter(|_| candidates.len() >= SUM_MEMBERS_MIN) else {
            return;
        };
        let open = |candidate: &usize| match anchor {
            Anchor::Deal(_) => Some(board.documents[*candidate].open),
            Anchor::Document(_) => {
                board.deals[*candidate].open.and_then(|open| i64::try_from(open).ok())
            }
        };
        let opens: Vec<i64> = candidates.iter().filter_map(open).collect();
        let Some(exact) = fitting(target, &opens, 0) else {
            self.too_many.push(too_many(board, anchor, candidates.len()));
            return;
        };
        // One rounding limit for the whole group, if every member carries the order number.
        let ordered: Vec<usize> =
            (0..candidates.len()).filter(|at| same_order(board, anchor, candidates[*at])).collect();
        let ordered_opens: Vec<i64> = ordered.iter().map(|at| opens[*at]).collect();
        let rounded = fitting(target, &ordered_opens, board.policy.rounding_limit_minor)
            .expect("a part of the candidates is not too many");
        let rounded_subsets =
            rounded.subsets.iter().map(|subset| subset.iter().map(|at| ordered[*at]).collect());
        let subsets: BTreeSet<Vec<usize>> =
            exact.subsets.into_iter().chain(rounded_subsets).collect();
        self.ways.extend(
            subsets
                .into_iter()
                .map(|subset| way(anchor, subset.into_iter().map(|at| candidates[at]).collect())),
        );
        if exact.more || rounded.more {
            let all = way(anchor, candidates.to_vec());
            self.unfinished.insert(all.clone());
            self.ways.push(all);
        }
    }
}

fn way(anchor: &Anchor, members: Vec<usize>) -> Way {
    match anchor {
        Anchor::Deal(deal) => Way { deals: vec![*deal], documents: members },
        Anchor::Document(document) => Way { deals: members, documents: vec![*document] },
    }
}

fn too_many(board: &Board<'_>, anchor: &Anchor, candidates: usize) -> MatchOutcome {
    let (deals, documents) = match anchor {
        Anchor::Deal(deal) => (board.deal_ids(&[*deal]), Vec::new()),
        Anchor::Document(document) => (Vec::new(), board.references(&[*document])),
    };
    MatchOutcome::TooManyCandidates { tier: Tier::Sum, deals, documents, candidates }
}

fn same_order(board: &Board<'_>, anchor: &Anchor, candidate: usize) -> bool {
    let (deal, document) = match anchor {
        Anchor::Deal(deal) => (*deal, candidate),
        Anchor::Document(document) => (candidate, *document),
    };
    compare::same_order(board, deal, document)
}

/// The group's own difference and tolerance go into the evidence of each of its links.
fn link(board: &mut Board<'_>, way: &Way) -> Result<(), MatchError> {
    let one_deal = way.deals.len() == 1;
    let rule = if one_deal { Rule::SumOfDocuments } else { Rule::SumOfDeals };
    let documents: i128 =
        way.documents.iter().map(|at| i128::from(board.documents[*at].open)).sum();
    let deals: i128 = way.deals.iter().filter_map(|at| board.deals[*at].open).sum();
    let currency = board.documents[way.documents[0]].document.net.currency();
    let by = i64::try_from(documents - deals).map_err(|_| crate::money::MoneyError::OutOfRange)?;
    let tolerance_minor = if by == 0 { 0 } else { board.policy.rounding_limit_minor };
    let shares = if one_deal { None } else { Some(shares(board, way)?) };
    let pairs: Vec<(usize, usize)> = way
        .deals
        .iter()
        .flat_map(|deal| way.documents.iter().map(|document| (*deal, *document)))
        .collect();
    let fields = [Field::Customer, Field::Currency, Field::OrderNumber, Field::Net, Field::Date];
    let placed: Vec<Placed> = pairs
        .into_iter()
        .enumerate()
        .map(|(at, pair)| {
            let mut evidence = compare::evidence(board, rule, pair, &fields);
            evidence.difference = Some(Money::from_minor(by, currency));
            evidence.tolerance_minor = tolerance_minor;
            let whole = compare::whole(board, pair, LinkState::Suggested, evidence);
            let allocated = shares.as_ref().map_or(whole.allocated, |shares| shares[at]);
            Placed { allocated, ..whole }
        })
        .collect();
    placed.into_iter().for_each(|placed| board.link(placed));
    Ok(())
}

/// One document over several deals: by their open amounts, which it equals up to rounding.
fn shares(board: &Board<'_>, way: &Way) -> Result<Vec<Money>, MatchError> {
    let slot = &board.documents[way.documents[0]];
    let whole = Money::from_minor(slot.open, slot.document.net.currency());
    let opens = way.deals.iter().map(|deal| board.deals[*deal].open.unwrap_or(0).max(0));
    let weights: Vec<Decimal> = opens.map(|open| Decimal::from_i128_with_scale(open, 0)).collect();
    Ok(allocate(whole, &weights)?)
}
