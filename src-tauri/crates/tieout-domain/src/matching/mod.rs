//! Which documents of a ledger belong to which deals, with evidence (`finance-domain §7`).
//!
//! Deterministic: the same deals, documents and decisions give the same result in any order. There
//! is no "best" candidate and no lowest id: what can pair more than one way is `AMBIGUOUS`.
//! Payments are not matched at all; their applications are the ledger's own (K8).

mod ambiguity;
mod board;
mod compare;
mod constraints;
mod credits;
mod decided;
mod evidence;
mod explicit;
mod finish;
mod input;
mod output;
mod pairs;
mod rivals;
mod scored;
mod sum;
mod sums;

pub use evidence::{Actor, Compared, Competitor, Evidence, Field, Lost, Rule, ScorePart};
pub use input::{
    CreditApplication, Decided, Decision, DocumentRef, MatchDeal, MatchDocument, MatchInput,
    MatchPolicy,
};
pub use output::{
    ConflictReason, Link, LinkKind, LinkState, MatchError, MatchOutcome, Matches, Remainder, Tier,
};
pub use sum::{
    SUM_CANDIDATES_MAX, SUM_MEMBERS_MAX, SUM_MEMBERS_MIN, SUM_SOLUTIONS_MAX, SumOutcome, sum_match,
};

use board::Board;

/// Groups deals and documents of one ledger.
///
/// A person's decisions come first and stay; then explicit keys and references; then what only
/// amounts and dates say. A stronger tier takes its documents and deals out of the weaker ones.
///
/// # Errors
/// A sum that an amount cannot hold.
pub fn match_documents(input: &MatchInput<'_>) -> Result<Matches, MatchError> {
    let mut board = Board::new(input);
    decided::settle(&mut board)?;
    explicit::settle_keys(&mut board)?;
    explicit::settle_references(&mut board)?;
    credits::follow_invoices(&mut board)?;
    pairs::settle_order_numbers(&mut board)?;
    pairs::settle_amounts(&mut board)?;
    sums::settle(&mut board)?;
    scored::settle(&mut board)?;
    credits::follow_invoices(&mut board)?;
    Ok(board.finish())
}

#[cfg(test)]
mod tests;
