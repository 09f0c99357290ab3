//! Fields of a pair with both raw values, for the evidence record.

use std::collections::BTreeSet;

use super::board::{Board, Placed};
use super::evidence::{Actor, Compared, Evidence, Field, Rule};
use super::output::{LinkKind, LinkState};
use crate::dates::{days_between, in_words};
use crate::ids::ItemId;
use crate::money::Money;

/// Evidence of a rule, with the given fields of the pair as they stand on the board now.
pub(super) fn evidence(
    board: &Board<'_>,
    rule: Rule,
    pair: (usize, usize),
    fields: &[Field],
) -> Evidence {
    let compared = fields.iter().map(|field| compared(board, pair, *field)).collect();
    Evidence {
        rule,
        version: rule.version(),
        actor: Actor::Rule,
        compared,
        difference: fields.contains(&Field::Net).then(|| difference(board, pair)).flatten(),
        tolerance_minor: 0,
        competitors: Vec::new(),
        competitors_left_out: 0,
        score: Vec::new(),
    }
}

/// A document with all that is left of its net, as a billing link of a deal.
pub(super) fn whole(
    board: &Board<'_>,
    (deal, document): (usize, usize),
    state: LinkState,
    evidence: Evidence,
) -> Placed {
    let slot = &board.documents[document];
    Placed {
        deal,
        document,
        kind: LinkKind::Bills,
        allocated: Money::from_minor(slot.open, slot.document.net.currency()),
        effective_on: slot.document.effective_on,
        state,
        evidence,
    }
}

/// The order number of either side: outer blanks do not count, an empty one is none.
pub(super) fn order_number(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

/// Both sides carry the same order number.
pub(super) fn same_order(board: &Board<'_>, deal: usize, document: usize) -> bool {
    let ours = order_number(board.deals[deal].deal.order_number.as_deref());
    let theirs = order_number(board.documents[document].document.order_number.as_deref());
    ours.is_some() && ours == theirs
}

/// Net of the document less the open net of the deal, as magnitudes.
fn difference(board: &Board<'_>, (deal, document): (usize, usize)) -> Option<Money> {
    let slot = &board.documents[document];
    let minor = i128::from(slot.open) - board.deals[deal].open?;
    let minor = i64::try_from(minor).ok()?;
    Some(Money::from_minor(minor, slot.document.net.currency()))
}

fn compared(board: &Board<'_>, pair: (usize, usize), field: Field) -> Compared {
    let (deal, document) = (board.deals[pair.0].deal, board.documents[pair.1].document);
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let (ours, theirs, difference) = match field {
        Field::Key => {
            let key = document.key.as_ref().map(ToString::to_string).unwrap_or_default();
            let ours = deal.keys.iter().find(|ours| Some(*ours) == document.key.as_ref());
            (ours.map(ToString::to_string).unwrap_or_default(), key, String::new())
        }
        Field::DealReference => {
            let ours = match &deal.reference {
                Some(reference) => format!("{} {reference}", deal.id),
                None => deal.id.to_string(),
            };
            (ours, text(&document.deal_reference), String::new())
        }
        Field::StoredDocument => {
            let theirs = match &document.number {
                Some(number) => format!("{} {number}", document.reference.id),
                None => document.reference.id.to_string(),
            };
            (deal.stored_documents.join(" "), theirs, String::new())
        }
        Field::Customer => {
            let account = deal.account.as_ref().map(ToString::to_string).unwrap_or_default();
            (account, document.customer.to_string(), String::new())
        }
        Field::Currency => {
            (deal.currency.to_string(), document.currency.to_string(), String::new())
        }
        Field::OrderNumber => {
            (text(&deal.order_number), text(&document.order_number), String::new())
        }
        Field::Net => net(board, pair),
        Field::Date => {
            let days = days_between(deal.close_date, document.effective_on);
            let dates = (in_words(deal.close_date), in_words(document.effective_on));
            (dates.0, dates.1, format!("{days} days"))
        }
        Field::Items => (items(&deal.items), items(&document.items), String::new()),
        // Filled in by the rules that follow credit memos.
        Field::Invoice | Field::Applied => Default::default(),
    };
    Compared { field, deal: ours, document: theirs, difference }
}

fn net(board: &Board<'_>, pair: (usize, usize)) -> (String, String, String) {
    let (deal, document) = (&board.deals[pair.0], &board.documents[pair.1]);
    let ours = match (deal.deal.net, deal.open) {
        (Some(net), Some(open)) if open != i128::from(net.minor()).abs() => {
            let open = i64::try_from(open).map(|open| Money::from_minor(open, net.currency()));
            let net = net.in_words();
            open.map_or_else(
                |_| net.clone(),
                |open| format!("{net}, of it open {}", open.in_words()),
            )
        }
        (Some(net), _) => net.in_words(),
        (None, _) => String::new(),
    };
    let by = difference(board, pair).filter(|by| !by.is_zero());
    let by = by.map(Money::in_words).unwrap_or_default();
    (ours, document.document.net.in_words(), by)
}

fn items(items: &BTreeSet<ItemId>) -> String {
    items.iter().map(ItemId::as_str).collect::<Vec<_>>().join(" ")
}
