//! What competed with a link, and why each of them lost (`finance-domain §7` K6).

use std::collections::{BTreeMap, BTreeSet};

use super::board::{Board, Placed};
use super::compare::same_order;
use super::constraints;
use super::evidence::{Competitor, Lost, Rule};
use super::explicit::Named;
use super::output::Tier;
use super::pairs::in_window;
use super::scored::{self, Opens};
use crate::dates::days_between;
use crate::money::Money;

/// Competitors that are kept per link; the rest is counted.
const COMPETITORS_MAX: usize = 20;

/// Who names whom, over all documents, linked or not.
pub(super) struct Tables {
    of_deal: BTreeMap<usize, Vec<(usize, Rule)>>,
    of_document: BTreeMap<usize, Vec<(usize, Rule)>>,
}

impl Tables {
    pub(super) fn new(board: &Board<'_>) -> Self {
        let mut tables = Self { of_deal: BTreeMap::new(), of_document: BTreeMap::new() };
        for ((deal, document), rule) in Named::among(board, |_| true).pairs() {
            tables.of_deal.entry(deal).or_default().push((document, rule));
            tables.of_document.entry(document).or_default().push((deal, rule));
        }
        tables
    }

    fn rule(&self, deal: usize, document: usize) -> Option<Rule> {
        let named = self.of_deal.get(&deal)?;
        named.iter().find(|(at, _)| *at == document).map(|(_, rule)| *rule)
    }
}

/// Pairs that share a side with the link and come near it, ascending, and how many more there are.
pub(super) fn competitors(
    board: &Board<'_>,
    tables: &Tables,
    link: &Placed,
) -> (Vec<Competitor>, usize) {
    let mut pairs: BTreeSet<(usize, usize)> = BTreeSet::new();
    let named_documents = tables.of_deal.get(&link.deal).into_iter().flatten();
    pairs.extend(named_documents.map(|(document, _)| (link.deal, *document)));
    let named_deals = tables.of_document.get(&link.document).into_iter().flatten();
    pairs.extend(named_deals.map(|(deal, _)| (*deal, link.document)));
    if link.evidence.rule.tier() >= Tier::OrderNumber {
        let documents = board.documents_near(link.deal).into_iter();
        pairs.extend(
            documents.filter(|at| near(board, link, link.deal, *at)).map(|at| (link.deal, at)),
        );
        let deals = board.deals_near(link.document).iter();
        pairs.extend(
            deals
                .filter(|at| near(board, link, **at, link.document))
                .map(|at| (*at, link.document)),
        );
    }
    let mut competitors: Vec<Competitor> = pairs
        .into_iter()
        .filter(|(deal, document)| !belongs_together(board, link, *deal, *document))
        .map(|(deal, document)| Competitor {
            deal: board.deals[deal].deal.id.clone(),
            document: board.documents[document].document.reference.clone(),
            lost: lost(board, tables, link, deal, document),
        })
        .collect();
    let left_out = competitors.len().saturating_sub(COMPETITORS_MAX);
    competitors.truncate(COMPETITORS_MAX);
    (competitors, left_out)
}

/// A pair that is linked itself, or that is part of the link's own group, is no competitor.
fn belongs_together(board: &Board<'_>, link: &Placed, deal: usize, document: usize) -> bool {
    let same_kind = board.documents[document].document.reference.kind
        == board.documents[link.document].document.reference.kind;
    !same_kind || board.links_of(document).any(|other| other.deal == deal)
}

/// Whether a pair comes near enough to be worth a line: the same order number, or a net that
/// differs from the link's by no more than rounding; for sums and scores what these looked at.
fn near(board: &Board<'_>, link: &Placed, deal: usize, document: usize) -> bool {
    let rule = link.evidence.rule;
    let by = away(board, deal, document).map(i128::abs);
    let close = by.is_some_and(|by| by <= i128::from(board.policy.rounding_limit_minor));
    let summed = matches!(rule, Rule::SumOfDocuments | Rule::SumOfDeals)
        && board.documents[document].open > 0
        && board.deals[deal].deal.won;
    let scored = rule == Rule::Scored && scored::shares_items(board, deal, document);
    same_order(board, deal, document) || close || summed || scored
}

/// Net of the document less the contract amount of the deal, as magnitudes, as both came.
fn away(board: &Board<'_>, deal: usize, document: usize) -> Option<i128> {
    let net = i128::from(board.deals[deal].deal.net?.minor()).abs();
    Some(i128::from(board.documents[document].document.net.minor()) - net)
}

fn lost(board: &Board<'_>, tables: &Tables, link: &Placed, deal: usize, document: usize) -> Lost {
    let (ours, theirs) = (board.deals[deal].deal, board.documents[document].document);
    if board.refused.contains(&(deal, document)) {
        return Lost::RefusedByPerson;
    }
    if !constraints::is_live(theirs.status) {
        return Lost::NotLive;
    }
    if ours.currency != theirs.currency {
        return Lost::OtherCurrency;
    }
    if let Some(lost) = pair_rule_fails(board, link, deal, document) {
        return lost;
    }
    let other_document = document != link.document;
    let taken = if other_document {
        board.links_of(document).map(tier_of).min()
    } else {
        board.links_of_deal(deal).map(tier_of).min()
    };
    if let Some(tier) = taken.filter(|tier| *tier <= link.evidence.rule.tier()) {
        return Lost::Taken(tier);
    }
    if let Some(rule) = tables.rule(deal, document).filter(|rule| *rule > link.evidence.rule) {
        return Lost::WeakerEvidence(rule);
    }
    if board.documents[document].waits || board.deals[deal].waits && !other_document {
        return Lost::Undecided;
    }
    search_fails(board, link, deal, document)
}

fn tier_of(link: &Placed) -> Tier {
    link.evidence.rule.tier()
}

/// The first condition of tier 2 or 3 that the other pair does not meet, whoever took it.
fn pair_rule_fails(board: &Board<'_>, link: &Placed, deal: usize, document: usize) -> Option<Lost> {
    let (ours, theirs) = (board.deals[deal].deal, board.documents[document].document);
    let by = away(board, deal, document)?;
    let differs = by.abs() > i128::from(link.evidence.tolerance_minor);
    let net_differs = || net_differs(board, document, by);
    match link.evidence.rule {
        Rule::OrderNumberAndNet if !same_order(board, deal, document) => {
            Some(Lost::OrderNumberDiffers)
        }
        Rule::OrderNumberAndNet | Rule::NetInWindow if differs => Some(net_differs()),
        Rule::NetInWindow if !in_window(board, deal, document) => Some(Lost::OutsideWindow {
            days_after_close: days_between(ours.close_date, theirs.effective_on),
        }),
        _ => None,
    }
}

/// Why the search of the link's rule did not take the pair.
fn search_fails(board: &Board<'_>, link: &Placed, deal: usize, document: usize) -> Lost {
    let opens = opens_at_decision(board, link, deal, document);
    match link.evidence.rule {
        Rule::Scored => {
            Lost::ScoreTooLow(scored::total(&scored::score(board, (deal, document), opens)))
        }
        Rule::SumOfDocuments | Rule::SumOfDeals => Lost::NotInTheOnlySum,
        _ => net_differs(board, document, opens.document - opens.deal),
    }
}

fn net_differs(board: &Board<'_>, document: usize, by: i128) -> Lost {
    let currency = board.documents[document].document.net.currency();
    let minor = by.clamp(i128::from(i64::MIN), i128::from(i64::MAX));
    let minor = i64::try_from(minor).expect("the value is held between the ends of the range");
    Lost::NetDiffers(Money::from_minor(minor, currency))
}

/// What was open on both sides when the link was made.
fn opens_at_decision(board: &Board<'_>, link: &Placed, deal: usize, document: usize) -> Opens {
    let taken = |same: bool| if same { link.allocated.minor() } else { 0 };
    let deal_open = board.deals[deal].open.unwrap_or(0);
    Opens {
        deal: deal_open + i128::from(taken(deal == link.deal)),
        document: i128::from(board.documents[document].open)
            + i128::from(taken(document == link.document)),
    }
}
