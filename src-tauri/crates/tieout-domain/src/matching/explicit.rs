//! Tiers 0 and 1: evidence that names the other side (`finance-domain §7`).

use std::collections::{BTreeMap, BTreeSet};

use super::ambiguity::{Way, entangle};
use super::board::{Board, Placed};
use super::compare;
use super::constraints::{self, Standing};
use super::evidence::{Field, Rule};
use super::output::{ConflictReason, LinkKind, LinkState, MatchError, MatchOutcome, Tier};
use crate::facts::LedgerDocumentKind;
use crate::money::Money;
use crate::salesforce_id::salesforce_id_18;

/// Tier 0. A key is one intent of one deal, so it confirms without asking for uniqueness: a second
/// document with the same key really bills the customer twice and must show.
pub(super) fn settle_keys(board: &mut Board<'_>) -> Result<(), MatchError> {
    let mut bearers: BTreeMap<(usize, String), Vec<usize>> = BTreeMap::new();
    for (deal, document) in named_by_key(board) {
        settle_pair(board, (deal, document), Rule::OurKey, &FIELDS_OF_KEY)?;
        let key = board.documents[document].document.key.as_ref().map(ToString::to_string);
        if constraints::is_live(board.documents[document].document.status) {
            bearers.entry((deal, key.unwrap_or_default())).or_default().push(document);
        }
    }
    for ((deal, _), documents) in bearers {
        if documents.len() > 1 {
            let outcome = MatchOutcome::DuplicateKey {
                deal: board.deals[deal].deal.id.clone(),
                documents: board.references(&documents),
            };
            board.outcomes.push(outcome);
        }
    }
    Ok(())
}

const FIELDS_OF_KEY: [Field; 5] =
    [Field::Key, Field::Customer, Field::Currency, Field::Net, Field::Date];

/// Deals and the documents that bear a key of theirs, credit memos last.
fn named_by_key(board: &Board<'_>) -> Vec<(usize, usize)> {
    let keys = board.deals.iter().enumerate();
    let owners: BTreeMap<_, usize> =
        keys.flat_map(|(at, slot)| slot.deal.keys.iter().map(move |key| (key, at))).collect();
    let documents = board.documents.iter().enumerate();
    let mut named: Vec<(usize, usize)> = documents
        .filter_map(|(at, slot)| Some((*owners.get(slot.document.key.as_ref()?)?, at)))
        .collect();
    named.sort_by_key(|(_, document)| is_credit_memo(board, *document));
    named
}

fn is_credit_memo(board: &Board<'_>, document: usize) -> bool {
    board.documents[document].document.reference.kind == LedgerDocumentKind::CreditMemo
}

/// Tier 1. A reference must name one deal, a stored number one document. Several documents that
/// name the same deal are several invoices of it, not a choice among them.
pub(super) fn settle_references(board: &mut Board<'_>) -> Result<(), MatchError> {
    let named = Named::collect(board);
    for (deal, document) in &named.refused {
        board.conflict(Tier::Reference, *deal, *document, ConflictReason::PersonDecided);
    }
    let mut doubtful: Vec<Way> = Vec::new();
    let mut certain: Vec<(usize, usize, Rule)> = Vec::new();
    for (document, deals) in named.by_document() {
        let slot = &board.documents[document];
        let decided = slot.by_person || slot.aside;
        match deals.iter().copied().collect::<Vec<_>>().as_slice() {
            several if decided => {
                let rule = |deal: &usize| (*deal, document, named.rule(*deal, document));
                certain.extend(several.iter().map(rule));
            }
            [deal] if !named.is_doubtful(*deal, document) => {
                certain.push((*deal, document, named.rule(*deal, document)));
            }
            several => doubtful.extend(
                several.iter().map(|deal| Way { deals: vec![*deal], documents: vec![document] }),
            ),
        }
    }
    certain.sort_by_key(|(_, document, _)| is_credit_memo(board, *document));
    for (deal, document, rule) in certain {
        let named_by = match rule {
            Rule::StoredDocument => Field::StoredDocument,
            _ => Field::DealReference,
        };
        let fields = [named_by, Field::Customer, Field::Currency, Field::Net, Field::Date];
        settle_pair(board, (deal, document), rule, &fields)?;
    }
    for group in entangle(doubtful) {
        board.ambiguous(Tier::Reference, &group, false);
    }
    // Credit memos whose key is known already, and whose invoice a reference has linked by now.
    let credits = named_by_key(board).into_iter();
    let late: Vec<_> = credits
        .filter(|(deal, at)| !board.deals[*deal].deal.won && is_credit_memo(board, *at))
        .collect();
    for pair in late {
        settle_pair(board, pair, Rule::OurKey, &FIELDS_OF_KEY)?;
    }
    Ok(())
}

/// Which documents name which deals, and the other way round. Rebuilt for the competitors.
#[derive(Default)]
pub(super) struct Named {
    /// The document's agreed field names the deal.
    referenced: BTreeSet<(usize, usize)>,
    /// The deal stores the document's id or number.
    stored: BTreeSet<(usize, usize)>,
    /// A stored number that fits several pairs.
    doubtful: BTreeSet<(usize, usize)>,
    /// Named, but a person said that they do not belong together.
    refused: BTreeSet<(usize, usize)>,
}

impl Named {
    /// Looks at documents that no stronger evidence has linked.
    fn collect(board: &Board<'_>) -> Self {
        Self::among(board, |document| {
            let slot = &board.documents[document];
            let linked = board.links_of(document).any(|link| link.evidence.rule == Rule::OurKey);
            !linked && !slot.waits
        })
    }

    /// Looks at all documents that `counts` accepts.
    pub(super) fn among(board: &Board<'_>, counts: impl Fn(usize) -> bool) -> Self {
        let mut named = Self::default();
        let deals = deals_by_name(board);
        let mut documents: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, slot) in board.documents.iter().enumerate().filter(|(at, _)| counts(*at)) {
            let reference = slot.document.deal_reference.as_deref().unwrap_or_default().trim();
            let long = salesforce_id_18(reference).ok();
            let names = [Some(reference), long.as_deref()].into_iter().flatten();
            let found = names.filter_map(|name| deals.get(name)).flatten();
            let (refused, holding) = found
                .map(|deal| (*deal, at))
                .partition::<Vec<_>, _>(|pair| board.refused.contains(pair));
            named.referenced.extend(holding);
            named.refused.extend(refused);
            if slot.document.reference.kind != LedgerDocumentKind::CreditMemo {
                let id = slot.document.reference.id.as_str();
                let number = slot.document.number.as_deref().map(str::trim);
                for name in BTreeSet::from([Some(id), number]).into_iter().flatten() {
                    documents.entry(name).or_default().push(at);
                }
            }
        }
        named.collect_stored(board, &documents);
        named
    }

    fn collect_stored(&mut self, board: &Board<'_>, documents: &BTreeMap<&str, Vec<usize>>) {
        let mut holders: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, slot) in board.deals.iter().enumerate() {
            let stored = slot.deal.stored_documents.iter().map(|text| text.trim());
            for name in stored.filter(|text| !text.is_empty()).collect::<BTreeSet<_>>() {
                holders.entry(name).or_default().push(at);
            }
        }
        for (name, deals) in holders {
            let found = documents.get(name).map_or(&[][..], Vec::as_slice);
            let (refused, pairs): (Vec<_>, Vec<_>) = deals
                .iter()
                .flat_map(|deal| found.iter().map(|document| (*deal, *document)))
                .partition(|pair| board.refused.contains(pair));
            self.refused.extend(refused);
            let both: Vec<(usize, usize)> =
                pairs.iter().copied().filter(|pair| self.referenced.contains(pair)).collect();
            match (both.is_empty(), pairs.as_slice()) {
                (false, _) => self.stored.extend(both),
                (true, [one]) => {
                    self.stored.insert(*one);
                }
                (true, several) => {
                    self.stored.extend(several);
                    self.doubtful.extend(several);
                }
            }
        }
    }

    fn by_document(&self) -> BTreeMap<usize, BTreeSet<usize>> {
        let mut by_document: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        for (deal, document) in self.referenced.iter().chain(&self.stored) {
            by_document.entry(*document).or_default().insert(*deal);
        }
        by_document
    }

    fn is_doubtful(&self, deal: usize, document: usize) -> bool {
        let pair = (deal, document);
        self.doubtful.contains(&pair) && !self.referenced.contains(&pair)
    }

    /// How the pair is named. The caller knows that it is.
    fn rule(&self, deal: usize, document: usize) -> Rule {
        match self.referenced.contains(&(deal, document)) {
            true => Rule::DealReference,
            false => Rule::StoredDocument,
        }
    }

    /// All pairs with how they are named, ascending.
    pub(super) fn pairs(&self) -> impl Iterator<Item = ((usize, usize), Rule)> {
        let all: BTreeSet<(usize, usize)> = self.referenced.union(&self.stored).copied().collect();
        all.into_iter().map(|pair| (pair, self.rule(pair.0, pair.1)))
    }
}

fn deals_by_name<'a>(board: &Board<'a>) -> BTreeMap<&'a str, BTreeSet<usize>> {
    let mut deals: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for (at, slot) in board.deals.iter().enumerate() {
        let reference = slot.deal.reference.as_deref().map(str::trim);
        let names = [Some(slot.deal.id.as_str()), reference].into_iter().flatten();
        for name in names.filter(|name| !name.is_empty()) {
            deals.entry(name).or_default().insert(at);
        }
    }
    deals
}

/// No longer won, and nothing billed it: a credit memo alone takes nothing back from it.
fn owes_nothing(board: &Board<'_>, deal: usize) -> bool {
    let mut links = board.links_of_deal(deal);
    !board.deals[deal].deal.won && !links.any(|link| link.kind == LinkKind::Bills)
}

/// Links a named pair, or says why not.
fn settle_pair(
    board: &mut Board<'_>,
    (deal, document): (usize, usize),
    rule: Rule,
    fields: &[Field],
) -> Result<(), MatchError> {
    if decided_otherwise(board, deal, document) {
        board.conflict(rule.tier(), deal, document, ConflictReason::PersonDecided);
        return Ok(());
    }
    if board.links_of(document).any(|link| link.deal == deal) || board.documents[document].waits {
        return Ok(());
    }
    match constraints::explicit(board, deal, document) {
        Standing::Counts(LinkKind::Credits) if owes_nothing(board, deal) => {}
        Standing::Counts(kind) => link(board, (deal, document), kind, rule, fields, true),
        Standing::CountsNothing(kind) => link(board, (deal, document), kind, rule, fields, false),
        Standing::Uncertain => {
            let outcome = MatchOutcome::Uncertain {
                deal: Some(board.deals[deal].deal.id.clone()),
                document: board.documents[document].document.reference.clone(),
            };
            board.outcomes.push(outcome);
            board.withdraw(&[deal], &[document]);
        }
        Standing::Conflict(why) => board.conflict(rule.tier(), deal, document, why),
    }
    Ok(())
}

fn link(
    board: &mut Board<'_>,
    pair: (usize, usize),
    kind: LinkKind,
    rule: Rule,
    fields: &[Field],
    counts: bool,
) {
    let evidence = compare::evidence(board, rule, pair, fields);
    let placed = compare::whole(board, pair, LinkState::Confirmed, evidence);
    let nothing = Money::zero(placed.allocated.currency());
    let allocated = if counts { placed.allocated } else { nothing };
    board.link(Placed { kind, allocated, ..placed });
}

/// A person refused the pair, set the document aside, or gave it to other deals (K5).
fn decided_otherwise(board: &Board<'_>, deal: usize, document: usize) -> bool {
    let slot = &board.documents[document];
    let mut linked = board.links_of(document).peekable();
    let to_others = slot.by_person && linked.peek().is_some() && linked.all(|at| at.deal != deal);
    slot.aside || to_others || board.refused.contains(&(deal, document))
}
