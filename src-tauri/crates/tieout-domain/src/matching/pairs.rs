//! Tiers 2 and 3: one deal and one document whose amounts agree, unique on both sides
//! (`finance-domain §7`).

use std::collections::BTreeMap;

use super::ambiguity::{Way, entangle};
use super::board::Board;
use super::compare;
use super::evidence::{Field, Rule};
use super::output::{LinkState, MatchError};
use crate::dates::days_between;
use crate::ids::CustomerId;

/// Tier 2: the same order number and exactly the same net.
pub(super) fn settle_order_numbers(board: &mut Board<'_>) -> Result<(), MatchError> {
    settle(board, Rule::OrderNumberAndNet, 0, LinkState::Confirmed, compare::same_order)
}

/// Tier 3: the net within the rounding limit and the date in the window around the close date.
pub(super) fn settle_amounts(board: &mut Board<'_>) -> Result<(), MatchError> {
    let confirms = board.policy.confirm_amount_in_window;
    let state = if confirms { LinkState::Confirmed } else { LinkState::Suggested };
    settle(board, Rule::NetInWindow, board.policy.rounding_limit_minor, state, in_window)
}

/// Both ends of the window belong to it.
pub(super) fn in_window(board: &Board<'_>, deal: usize, document: usize) -> bool {
    let days = days_between(
        board.deals[deal].deal.close_date,
        board.documents[document].document.effective_on,
    );
    (-i64::from(board.policy.window_before_days)..=i64::from(board.policy.window_after_days))
        .contains(&days)
}

fn settle(
    board: &mut Board<'_>,
    rule: Rule,
    tolerance_minor: u32,
    state: LinkState,
    fits: impl Fn(&Board<'_>, usize, usize) -> bool,
) -> Result<(), MatchError> {
    let index = NetIndex::new(board);
    let mut ways = Vec::new();
    for deal in board.free_deals() {
        for document in index.within(board, deal, tolerance_minor) {
            if board.may_pair(deal, document) && fits(board, deal, document) {
                ways.push(Way { deals: vec![deal], documents: vec![document] });
            }
        }
    }
    for group in entangle(ways) {
        match group.only() {
            Some(way) => {
                link(board, (way.deals[0], way.documents[0]), rule, tolerance_minor, state)
            }
            None => board.ambiguous(rule.tier(), &group, false),
        }
    }
    Ok(())
}

fn link(
    board: &mut Board<'_>,
    pair: (usize, usize),
    rule: Rule,
    tolerance_minor: u32,
    state: LinkState,
) {
    let fields = [Field::Customer, Field::Currency, Field::OrderNumber, Field::Net, Field::Date];
    let mut evidence = compare::evidence(board, rule, pair, &fields);
    evidence.tolerance_minor = tolerance_minor;
    let placed = compare::whole(board, pair, state, evidence);
    board.link(placed);
}

/// Free documents by customer and net, so that a deal looks only at what fits.
struct NetIndex<'a> {
    by_net: BTreeMap<(&'a CustomerId, i64), Vec<usize>>,
}

impl<'a> NetIndex<'a> {
    fn new(board: &Board<'a>) -> Self {
        let mut by_net: BTreeMap<(&CustomerId, i64), Vec<usize>> = BTreeMap::new();
        for (at, slot) in board.documents.iter().enumerate() {
            if board.is_free_document(at) {
                by_net.entry((&slot.document.customer, slot.open)).or_default().push(at);
            }
        }
        Self { by_net }
    }

    fn within(&self, board: &Board<'a>, deal: usize, tolerance_minor: u32) -> Vec<usize> {
        let open = board.deals[deal].open.and_then(|open| i64::try_from(open).ok());
        let (Some(open), Some(customers)) = (open, board.customers_of(deal)) else {
            return Vec::new();
        };
        let tolerance = i64::from(tolerance_minor);
        let (low, high) = (open.saturating_sub(tolerance), open.saturating_add(tolerance));
        customers
            .iter()
            .flat_map(|customer| self.by_net.range((customer, low)..=(customer, high)))
            .flat_map(|(_, places)| places.iter().copied())
            .collect()
    }
}
