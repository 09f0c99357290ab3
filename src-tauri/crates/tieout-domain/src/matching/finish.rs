//! From the board to the result.

use std::collections::BTreeSet;

use super::board::{Board, DocumentSlot, Placed};
use super::evidence::{Competitor, Evidence};
use super::input::DocumentRef;
use super::output::{Link, MatchOutcome, Matches, Remainder, Tier};
use super::{constraints, rivals};
use crate::facts::DocumentStatus;
use crate::ids::DealId;
use crate::money::Money;

impl Board<'_> {
    /// Turns the board into the result, with the competitors of every link.
    pub(super) fn finish(mut self) -> Matches {
        self.uncertain_leftovers();
        let tables = rivals::Tables::new(&self);
        let rivals: Vec<_> =
            self.links.iter().map(|link| rivals::competitors(&self, &tables, link)).collect();
        let remainders = self.remainders();
        let orphans = self.orphans();
        let mut outcomes = std::mem::take(&mut self.outcomes);
        outcomes.sort_by_key(outcome_order);
        let placed = std::mem::take(&mut self.links);
        let mut links: Vec<Link> = placed
            .into_iter()
            .zip(rivals)
            .map(|(placed, (competitors, left_out))| self.published(placed, competitors, left_out))
            .collect();
        links.sort_by(|a, b| {
            let key = |link: &Link| {
                (
                    link.deal.clone(),
                    link.document.clone(),
                    link.effective_on,
                    link.allocated.minor(),
                )
            };
            key(a).cmp(&key(b))
        });
        Matches { links, outcomes, orphans, remainders }
    }

    fn published(
        &self,
        placed: Placed,
        competitors: Vec<Competitor>,
        competitors_left_out: usize,
    ) -> Link {
        Link {
            deal: self.deals[placed.deal].deal.id.clone(),
            document: self.documents[placed.document].document.reference.clone(),
            kind: placed.kind,
            allocated: placed.allocated,
            effective_on: placed.effective_on,
            tier: placed.evidence.rule.tier(),
            state: placed.state,
            evidence: Evidence { competitors, competitors_left_out, ..placed.evidence },
        }
    }

    /// A status that nobody understands is never an orphan: it is uncertain.
    fn uncertain_leftovers(&mut self) {
        for slot in &mut self.documents {
            let unknown = slot.document.status == DocumentStatus::Unknown;
            if unknown && !slot.waits && !slot.aside {
                slot.waits = true;
                let document = slot.document.reference.clone();
                self.outcomes.push(MatchOutcome::Uncertain { deal: None, document });
            }
        }
    }

    fn linked_documents(&self) -> BTreeSet<usize> {
        self.links.iter().map(|link| link.document).collect()
    }

    fn remainders(&self) -> Vec<Remainder> {
        let counts = |slot: &DocumentSlot<'_>| constraints::is_live(slot.document.status);
        self.linked_documents()
            .into_iter()
            .map(|at| &self.documents[at])
            .filter(|slot| slot.open != 0 && counts(slot))
            .map(|slot| Remainder {
                document: slot.document.reference.clone(),
                amount: Money::from_minor(slot.open, slot.document.net.currency()),
            })
            .collect()
    }

    fn orphans(&self) -> Vec<DocumentRef> {
        let linked = self.linked_documents();
        self.documents
            .iter()
            .enumerate()
            .filter(|(at, slot)| {
                let live = constraints::is_live(slot.document.status);
                live && !slot.aside && !slot.waits && !linked.contains(at)
            })
            .map(|(_, slot)| slot.document.reference.clone())
            .collect()
    }
}

type OutcomeOrder = (Tier, &'static str, Vec<DealId>, Vec<DocumentRef>);

fn outcome_order(outcome: &MatchOutcome) -> OutcomeOrder {
    let code = outcome.code();
    match outcome {
        MatchOutcome::Ambiguous { tier, deals, documents, .. }
        | MatchOutcome::TooManyCandidates { tier, deals, documents, .. } => {
            (*tier, code, deals.clone(), documents.clone())
        }
        MatchOutcome::Conflict { tier, deal, document, .. } => {
            (*tier, code, vec![deal.clone()], vec![document.clone()])
        }
        MatchOutcome::Uncertain { deal, document } => {
            (Tier::Score, code, deal.iter().cloned().collect(), vec![document.clone()])
        }
        MatchOutcome::DuplicateKey { deal, documents } => {
            (Tier::Key, code, vec![deal.clone()], documents.clone())
        }
    }
}
