//! The reconciliation of one ledger company: positions, receivables, proofs and what is left over.

use std::collections::BTreeMap;

use super::linking::matches;
use super::population::{Unassigned, unassigned};
use super::positions::{DealRow, positions};
use super::proof::{ProofInput, Proofs, SourceTotal};
use super::receivables::{Receivables, receivables};
use super::{Books, BooksError, Frame, Of};
use crate::fx::Rate;
use crate::limits::{Aggregation, LimitTest, aggregate};
use crate::matching::Matches;
use crate::money::Money;
use crate::status::BillingStatus;
use crate::tieouts::TieOutStatus;
use crate::verdict::Verdict;

/// Everything that a workpaper prints.
#[derive(Clone, Debug)]
pub struct Reconciliation {
    pub rows: Vec<DealRow>,
    pub matches: Matches,
    pub receivables: Receivables,
    pub proofs: Proofs,
    pub unassigned: Vec<Unassigned>,
    /// Variances that no limit flagged, together (`§8 V4`).
    pub tolerated: Aggregation,
}

/// Reconciles. The same books, frame and source totals give the same result.
pub fn reconcile(
    books: &Books,
    frame: &Frame,
    sources: &[SourceTotal],
) -> Result<Reconciliation, BooksError> {
    let matches = matches(books, frame)?;
    let rows = positions(books, frame, &matches)?;
    let receivables = receivables(books, frame)?;
    let proofs = ProofInput {
        books,
        frame,
        matches: &matches,
        rows: &rows,
        receivables: &receivables,
        sources,
    }
    .prove()?;
    let tolerated = tolerated(&rows, frame)?;
    let unassigned = unassigned(books, frame)?;
    Ok(Reconciliation { rows, matches, receivables, proofs, unassigned, tolerated })
}

fn tolerated(rows: &[DealRow], frame: &Frame) -> Result<Aggregation, BooksError> {
    let in_functional = rows.iter().filter_map(|row| {
        let figures = row.figures.as_ref()?;
        let tolerated = matches!(row.verdict, Some(Verdict::Matched | Verdict::MatchedInTolerance));
        let same = figures.variance.currency() == frame.functional;
        (tolerated && same).then_some(figures.variance)
    });
    aggregate(in_functional, frame.materiality).of("tolerated variances")
}

/// Count and net sum of deals per verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerdictCount {
    pub verdict: Verdict,
    pub deals: u64,
    pub net: Money,
    pub absolute: Money,
}

impl Reconciliation {
    /// Deals per verdict with their variances in `frame`'s functional currency.
    pub fn by_verdict(&self, frame: &Frame) -> Result<Vec<VerdictCount>, BooksError> {
        let zero = Money::zero(frame.functional);
        let mut counts: BTreeMap<Verdict, VerdictCount> = BTreeMap::new();
        for row in &self.rows {
            let Some(verdict) = row.verdict else { continue };
            let entry = counts.entry(verdict).or_insert(VerdictCount {
                verdict,
                deals: 0,
                net: zero,
                absolute: zero,
            });
            entry.deals += 1;
            let variance = row.figures.as_ref().map_or(zero, |figures| figures.variance);
            if variance.currency() == frame.functional {
                entry.net = entry.net.checked_add(variance).of(row.deal.as_str())?;
                let size = variance.absolute().of(row.deal.as_str())?;
                entry.absolute = entry.absolute.checked_add(size).of(row.deal.as_str())?;
            }
        }
        Ok(counts.into_values().collect())
    }

    /// Deals with an open decision: unexplained, uncertain, or flagged by the limits.
    pub fn flagged(&self, frame: &Frame) -> Result<Vec<&DealRow>, BooksError> {
        let test = LimitTest { limits: &frame.limits, rate: Some(Rate::one(frame.functional)) };
        let mut flagged = Vec::new();
        for row in &self.rows {
            let beyond = match &row.figures {
                Some(figures) if figures.variance.currency() == frame.functional => {
                    test.exceeds(figures.variance, figures.expected).of(row.deal.as_str())?
                }
                _ => false,
            };
            let open = matches!(row.verdict, Some(Verdict::Uncertain | Verdict::Unexplained));
            if row.verdict.is_some() && (beyond || open || !row.zero_tolerance.is_empty()) {
                flagged.push(row);
            }
        }
        Ok(flagged)
    }

    /// Won deals that are unpaid in the sense of `§10`.
    pub fn unpaid(&self) -> impl Iterator<Item = &DealRow> {
        self.rows.iter().filter(|row| row.is_unpaid())
    }

    /// Deals without a document that could be billed now: no gate fails.
    pub fn billable(&self) -> impl Iterator<Item = &DealRow> {
        self.rows.iter().filter(|row| row.is_billable())
    }

    /// Deals that are due and have no document that stands, and that are not billed unasked: a gate
    /// stops them, or what billed them was taken back.
    pub fn blocked(&self) -> impl Iterator<Item = &DealRow> {
        let stopped = |row: &&DealRow| match row.billing {
            BillingStatus::Blocked => true,
            BillingStatus::Reversed => row.won,
            _ => false,
        };
        self.rows.iter().filter(stopped).filter(|row| row.is_taken_back())
    }

    /// Whether every tie-out agrees or is explained.
    pub fn ties_out(&self) -> bool {
        self.proofs
            .lines
            .iter()
            .all(|line| matches!(line.status, TieOutStatus::Agreed | TieOutStatus::Explained))
    }
}
