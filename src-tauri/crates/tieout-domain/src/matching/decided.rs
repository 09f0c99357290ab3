//! What people decided: it comes first and stays (`finance-domain §7` tier M, K5, K7).

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::board::{Board, Placed};
use super::compare;
use super::constraints::{self, Standing};
use super::evidence::{Actor, Field, Rule};
use super::input::{Decided, Decision};
use super::output::{ConflictReason, LinkKind, LinkState, MatchError, MatchOutcome, Tier};
use crate::allocate::allocate;
use crate::money::Money;

/// Applies all decisions. One that names a deal or document of another ledger is not for us.
pub(super) fn settle(board: &mut Board<'_>) -> Result<(), MatchError> {
    let mut ordered: Vec<&Decision> = board.decisions.iter().collect();
    ordered.sort_by(|a, b| (a.at, &a.by, &a.reason).cmp(&(b.at, &b.by, &b.reason)));
    let mut pairs: BTreeMap<(usize, usize), &Decision> = BTreeMap::new();
    for decision in ordered {
        match &decision.decided {
            Decided::DealAside { deal } => {
                if let Some(deal) = board.deal_place(deal) {
                    board.deals[deal].aside = true;
                }
            }
            Decided::DocumentAside { document } => {
                if let Some(document) = board.document_place(document) {
                    board.documents[document].aside = true;
                    pairs.retain(|(_, named), _| *named != document);
                }
            }
            Decided::Belongs { deal, document, .. } | Decided::DoesNotBelong { deal, document } => {
                let places = (board.deal_place(deal), board.document_place(document));
                if let (Some(deal), Some(document)) = places {
                    let belongs = matches!(decision.decided, Decided::Belongs { .. });
                    board.documents[document].aside &= !belongs;
                    pairs.insert((deal, document), decision);
                }
            }
        }
    }
    link_all(board, &pairs)
}

/// What a person wants of one document for one deal.
struct Wanted<'a> {
    deal: usize,
    decision: &'a Decision,
    allocated: Option<Money>,
}

fn link_all(
    board: &mut Board<'_>,
    pairs: &BTreeMap<(usize, usize), &Decision>,
) -> Result<(), MatchError> {
    let mut by_document: BTreeMap<usize, Vec<Wanted<'_>>> = BTreeMap::new();
    for ((deal, document), decision) in pairs {
        match decision.decided {
            Decided::Belongs { allocated, .. } => {
                by_document.entry(*document).or_default().push(Wanted {
                    deal: *deal,
                    decision,
                    allocated,
                });
            }
            _ => {
                board.refused.insert((*deal, *document));
            }
        }
    }
    for (document, wanted) in by_document {
        link_document(board, document, &wanted)?;
    }
    Ok(())
}

fn link_document(
    board: &mut Board<'_>,
    document: usize,
    wanted: &[Wanted<'_>],
) -> Result<(), MatchError> {
    board.documents[document].by_person = true;
    let mut kinds = Vec::new();
    for Wanted { deal, .. } in wanted {
        match constraints::explicit(board, *deal, document) {
            Standing::Counts(kind) | Standing::CountsNothing(kind) => kinds.push(kind),
            Standing::Uncertain => {
                let outcome = MatchOutcome::Uncertain {
                    deal: Some(board.deals[*deal].deal.id.clone()),
                    document: board.documents[document].document.reference.clone(),
                };
                board.outcomes.push(outcome);
                board.withdraw(&[*deal], &[document]);
                return Ok(());
            }
            Standing::Conflict(why) => {
                board.conflict(Tier::Person, *deal, document, why);
                return Ok(());
            }
        }
    }
    let Some(shares) = shares(board, document, wanted)? else {
        for Wanted { deal, .. } in wanted {
            board.conflict(Tier::Person, *deal, document, ConflictReason::OverAllocated);
        }
        return Ok(());
    };
    for ((wanted, share), kind) in wanted.iter().zip(shares).zip(kinds) {
        link_share(board, (wanted.deal, document), kind, share, wanted.decision);
    }
    Ok(())
}

fn link_share(
    board: &mut Board<'_>,
    pair: (usize, usize),
    kind: LinkKind,
    share: Money,
    decision: &Decision,
) {
    let fields = [Field::Customer, Field::Currency, Field::Net, Field::Date];
    let mut evidence = compare::evidence(board, Rule::PersonLinked, pair, &fields);
    evidence.actor =
        Actor::Person { by: decision.by.clone(), reason: decision.reason.clone(), at: decision.at };
    board.link(Placed {
        deal: pair.0,
        document: pair.1,
        kind,
        allocated: share,
        effective_on: board.documents[pair.1].document.effective_on,
        state: LinkState::Confirmed,
        evidence,
    });
}

/// Named shares as they are; what is left goes to the deals without one, by their open amounts.
/// `None`: the named shares are not within the document's net.
fn shares(
    board: &Board<'_>,
    document: usize,
    wanted: &[Wanted<'_>],
) -> Result<Option<Vec<Money>>, MatchError> {
    let slot = &board.documents[document];
    let currency = slot.document.net.currency();
    if slot.open == 0 {
        return Ok(Some(vec![Money::zero(currency); wanted.len()]));
    }
    let mut left = Money::from_minor(slot.open, currency);
    for named in wanted.iter().filter_map(|wanted| wanted.allocated) {
        if named.currency() != currency || named.is_negative() || named.minor() > left.minor() {
            return Ok(None);
        }
        left = left.checked_sub(named)?;
    }
    let open_of = |deal: usize| board.deals[deal].open.unwrap_or(0).max(0);
    let unnamed: Vec<Decimal> = wanted
        .iter()
        .filter(|wanted| wanted.allocated.is_none())
        .map(|wanted| Decimal::from_i128_with_scale(open_of(wanted.deal), 0))
        .collect();
    let shared = if unnamed.is_empty() { Vec::new() } else { allocate(left, &unnamed)? };
    let mut shared = shared.into_iter();
    let all = wanted
        .iter()
        .map(|wanted| wanted.allocated.or_else(|| shared.next()).unwrap_or(Money::zero(currency)));
    Ok(Some(all.collect()))
}
