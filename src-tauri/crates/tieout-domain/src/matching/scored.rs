//! Tier 5: shared items and near amounts, scored (`finance-domain §7` K9). Suggested, never more.
//!
//! Contributions are hundredths of a natural-logarithm odds unit and add up: a reviewer can argue
//! about each of them, which nobody can about a percentage.

use super::ambiguity::{Way, entangle};
use super::board::Board;
use super::compare::{self, order_number};
use super::evidence::{Field, Rule, ScorePart};
use super::output::{LinkState, MatchError, MatchOutcome, Tier};
use super::pairs::in_window;
use crate::dates::days_between;

/// Points from which a pair is suggested.
pub(super) const SCORE_MIN: i32 = 200;
/// Most documents that are scored for one deal.
const SCORED_CANDIDATES_MAX: usize = 200;
/// Where every pair starts: most pairs of a customer do not belong together.
const START_POINTS: i32 = -200;
/// Within this many percent of the open amount, that many points.
const AMOUNT_POINTS: [(i128, i32); 4] = [(1, 250), (5, 150), (20, 50), (50, -50)];
const AMOUNT_FAR_POINTS: i32 = -300;
const ALL_ITEMS_POINTS: i32 = 250;
const SOME_ITEMS_POINTS: i32 = 120;
const SAME_ORDER_POINTS: i32 = 400;
const OTHER_ORDER_POINTS: i32 = -200;
const IN_WINDOW_POINTS: i32 = 100;
const NEAR_WINDOW_POINTS: i32 = 0;
const FAR_FROM_WINDOW_POINTS: i32 = -200;
/// Days around the close date that are still near.
const NEAR_WINDOW_DAYS_MAX: i64 = 120;

pub(super) fn settle(board: &mut Board<'_>) -> Result<(), MatchError> {
    let mut ways = Vec::new();
    for deal in board.free_deals() {
        let documents: Vec<usize> = board
            .documents_near(deal)
            .into_iter()
            .filter(|document| {
                board.may_pair(deal, *document) && shares_items(board, deal, *document)
            })
            .collect();
        if documents.len() > SCORED_CANDIDATES_MAX {
            let outcome = MatchOutcome::TooManyCandidates {
                tier: Tier::Score,
                deals: board.deal_ids(&[deal]),
                documents: Vec::new(),
                candidates: documents.len(),
            };
            board.outcomes.push(outcome);
            continue;
        }
        let likely = documents.into_iter().filter(|at| {
            total(&score(board, (deal, *at), Opens::now(board, deal, *at))) >= SCORE_MIN
        });
        ways.extend(likely.map(|at| Way { deals: vec![deal], documents: vec![at] }));
    }
    for group in entangle(ways) {
        match group.only() {
            Some(way) => link(board, (way.deals[0], way.documents[0])),
            None => board.ambiguous(Tier::Score, &group, false),
        }
    }
    Ok(())
}

fn link(board: &mut Board<'_>, pair: (usize, usize)) {
    let fields = [
        Field::Customer,
        Field::Currency,
        Field::Items,
        Field::Net,
        Field::OrderNumber,
        Field::Date,
    ];
    let mut evidence = compare::evidence(board, Rule::Scored, pair, &fields);
    evidence.score = score(board, pair, Opens::now(board, pair.0, pair.1));
    let placed = compare::whole(board, pair, LinkState::Suggested, evidence);
    board.link(placed);
}

/// Open nets of both sides in minor units, as magnitudes.
#[derive(Clone, Copy)]
pub(super) struct Opens {
    pub(super) deal: i128,
    pub(super) document: i128,
}

impl Opens {
    fn now(board: &Board<'_>, deal: usize, document: usize) -> Self {
        Self {
            deal: board.deals[deal].open.unwrap_or(0),
            document: i128::from(board.documents[document].open),
        }
    }
}

pub(super) fn total(parts: &[ScorePart]) -> i32 {
    parts.iter().map(|part| part.points).sum()
}

/// Without a common item there is nothing to score.
pub(super) fn shares_items(board: &Board<'_>, deal: usize, document: usize) -> bool {
    !board.deals[deal].deal.items.is_disjoint(&board.documents[document].document.items)
}

/// All contributions, in a fixed order.
pub(super) fn score(
    board: &Board<'_>,
    (deal, document): (usize, usize),
    opens: Opens,
) -> Vec<ScorePart> {
    let start = ScorePart {
        part: "start",
        points: START_POINTS,
        because: "most pairs of one customer do not belong together".to_owned(),
    };
    vec![
        start,
        items(board, deal, document),
        amount(opens),
        order(board, deal, document),
        date(board, deal, document),
    ]
}

fn items(board: &Board<'_>, deal: usize, document: usize) -> ScorePart {
    let (ours, theirs) = (&board.deals[deal].deal.items, &board.documents[document].document.items);
    let shared = ours.intersection(theirs).count();
    let (points, because) = match shared {
        0 => (0, "no item in common".to_owned()),
        all if all == ours.len() && all == theirs.len() => {
            (ALL_ITEMS_POINTS, format!("all {all} items the same"))
        }
        some => {
            let of = ours.union(theirs).count();
            (SOME_ITEMS_POINTS, format!("{some} of {of} items the same"))
        }
    };
    ScorePart { part: Field::Items.as_str(), points, because }
}

fn amount(opens: Opens) -> ScorePart {
    let away = (opens.document - opens.deal).abs();
    let within = AMOUNT_POINTS.iter().find(|(percent, _)| away * 100 <= percent * opens.deal.abs());
    let (points, because) = match within {
        Some((percent, points)) => (*points, format!("net within {percent} percent")),
        None => (AMOUNT_FAR_POINTS, "net more than 50 percent away".to_owned()),
    };
    ScorePart { part: Field::Net.as_str(), points, because }
}

fn order(board: &Board<'_>, deal: usize, document: usize) -> ScorePart {
    let ours = order_number(board.deals[deal].deal.order_number.as_deref());
    let theirs = order_number(board.documents[document].document.order_number.as_deref());
    let (points, because) = match (ours, theirs) {
        (Some(a), Some(b)) if a == b => (SAME_ORDER_POINTS, "the same order number"),
        (Some(_), Some(_)) => (OTHER_ORDER_POINTS, "another order number"),
        _ => (0, "no order number on one side"),
    };
    ScorePart { part: Field::OrderNumber.as_str(), points, because: because.to_owned() }
}

fn date(board: &Board<'_>, deal: usize, document: usize) -> ScorePart {
    let days = days_between(
        board.deals[deal].deal.close_date,
        board.documents[document].document.effective_on,
    );
    let points = if in_window(board, deal, document) {
        IN_WINDOW_POINTS
    } else if days.abs() <= NEAR_WINDOW_DAYS_MAX {
        NEAR_WINDOW_POINTS
    } else {
        FAR_FROM_WINDOW_POINTS
    };
    ScorePart {
        part: Field::Date.as_str(),
        points,
        because: format!("dated {days} days after the close date"),
    }
}
