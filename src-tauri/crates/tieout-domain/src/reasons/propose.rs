//! Proposals in a fixed order: each explains a part of what is left of the variance.

use super::code::ReasonCode;
use super::input::{ReasonInput, name};
use super::{excess, shortfall};
use crate::dates::in_words;
use crate::money::{Money, MoneyError};
use crate::rounding::prorate;

/// Which figure a reason explains.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BearsOn {
    /// `B - E`; only these add up to the variance.
    Variance,
    /// `A - E`, what is not due yet.
    NotDue,
    /// What was settled without cash.
    Settlement,
}

/// A reason that a person may accept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReasonProposal {
    pub code: ReasonCode,
    /// In the sign of the figure that it explains: negative is under-billed.
    pub amount: Money,
    pub bears_on: BearsOn,
    /// What was seen, in one sentence without customer names.
    pub evidence: String,
}

/// The proposals so far and what of the variance they leave.
pub(super) struct Draft {
    pub(super) left: Money,
    proposals: Vec<ReasonProposal>,
}

impl Draft {
    /// Enters a reason for a part of the variance. A zero amount is entered only by `flag`.
    pub(super) fn explain(
        &mut self,
        code: ReasonCode,
        amount: Money,
        evidence: String,
    ) -> Result<(), MoneyError> {
        if !amount.is_zero() {
            self.left = self.left.checked_sub(amount)?;
            self.add(code, amount, BearsOn::Variance, evidence);
        }
        Ok(())
    }

    /// Enters a reason that is open whatever its amount (`finance-domain §8 V3`).
    pub(super) fn flag(
        &mut self,
        code: ReasonCode,
        amount: Money,
        evidence: String,
    ) -> Result<(), MoneyError> {
        self.left = self.left.checked_sub(amount)?;
        self.add(code, amount, BearsOn::Variance, evidence);
        Ok(())
    }

    fn add(&mut self, code: ReasonCode, amount: Money, bears_on: BearsOn, evidence: String) {
        self.proposals.push(ReasonProposal { code, amount, bears_on, evidence });
    }

    pub(super) fn is_small(&self, amount: Money, input: &ReasonInput<'_>) -> bool {
        amount.minor().unsigned_abs() <= u64::from(input.rounding_limit_minor)
    }
}

/// Derives what can be derived. What the proposals leave is `unexplained`, never a plug.
///
/// # Errors
/// Amounts in two currencies, or too large to be held.
pub fn propose(input: &ReasonInput<'_>) -> Result<Vec<ReasonProposal>, MoneyError> {
    if !input.contract.is_negative() {
        return propose_positive(input);
    }
    let mirrored = ReasonInput {
        contract: input.contract.negated()?,
        expected: input.expected.negated()?,
        invoiced: input.invoiced.negated()?,
        billed: input.billed.negated()?,
        written_off: input.written_off.negated()?,
        contract_when_posted: input.contract_when_posted.map(Money::negated).transpose()?,
        // The lines of a downsell are negative and its documents positive: not compared.
        lines: &[],
        schedule: &[],
        ..input.clone()
    };
    let turned = propose_positive(&mirrored)?.into_iter().map(|proposal| {
        let amount = proposal.amount.negated()?;
        Ok(ReasonProposal { amount, ..proposal })
    });
    turned.collect()
}

/// The part of the variance that no proposal explains.
///
/// # Errors
/// Amounts in two currencies, or too large to be held.
pub fn unexplained(variance: Money, proposals: &[ReasonProposal]) -> Result<Money, MoneyError> {
    let explaining = proposals.iter().filter(|proposal| proposal.bears_on == BearsOn::Variance);
    explaining.map(|proposal| proposal.amount).try_fold(variance, Money::checked_sub)
}

fn propose_positive(input: &ReasonInput<'_>) -> Result<Vec<ReasonProposal>, MoneyError> {
    let variance = input.billed.checked_sub(input.expected)?;
    let mut draft = Draft { left: variance, proposals: Vec::new() };
    credits(input, &mut draft)?;
    conflicts(input, &mut draft)?;
    let billed_over = input.invoiced.checked_sub(input.expected)?;
    if !draft.is_small(billed_over, input) {
        if billed_over.is_negative() {
            shortfall::explain(input, &mut draft)?;
        } else {
            excess::explain(input, &mut draft)?;
        }
    }
    let left = draft.left;
    if draft.is_small(left, input) {
        draft.explain(ReasonCode::Rounding, left, "Within the rounding limit.".to_owned())?;
    }
    beside_the_variance(input, &mut draft)?;
    Ok(draft.proposals)
}

/// Figures that are no variance and still want a word.
fn beside_the_variance(input: &ReasonInput<'_>, draft: &mut Draft) -> Result<(), MoneyError> {
    let not_due = input.contract.checked_sub(input.expected)?;
    if not_due.is_positive() {
        let next = input.schedule.iter().map(|item| item.due_on).filter(|on| *on > input.as_of);
        let evidence = match next.min() {
            Some(on) => format!("The next part of the schedule is due on {}.", in_words(on)),
            None => "Not due by the schedule.".to_owned(),
        };
        draft.add(ReasonCode::Scheduled, not_due, BearsOn::NotDue, evidence);
    }
    if !input.written_off.is_zero() {
        let evidence = "Adjustments without cash settle the documents of the deal.".to_owned();
        draft.add(ReasonCode::WriteOff, input.written_off, BearsOn::Settlement, evidence);
    }
    Ok(())
}

/// Credit memos that are linked, split into what was paid back and what was not.
fn credits(input: &ReasonInput<'_>, draft: &mut Draft) -> Result<(), MoneyError> {
    for credit in input.credits() {
        let (document, number) = (credit.document, name(credit.document));
        let paid_back = if document.total.is_zero() {
            Money::zero(credit.allocated.currency())
        } else {
            prorate(credit.allocated, credit.refunded, document.total)?
        };
        let kept = credit.allocated.checked_sub(paid_back)?;
        let on = in_words(credit.effective_on);
        let refund = format!("Credit memo {number} of {on} was paid back.");
        draft.explain(ReasonCode::Refund, paid_back.negated()?, refund)?;
        let issued = format!("Credit memo {number} of {on}.");
        draft.explain(ReasonCode::CreditIssued, kept.negated()?, issued)?;
    }
    Ok(())
}

/// A conflict takes the whole shortfall with it; without one it stands for itself.
fn conflicts(input: &ReasonInput<'_>, draft: &mut Draft) -> Result<(), MoneyError> {
    let mut codes: Vec<ReasonCode> =
        input.conflicts.iter().filter_map(|conflict| conflict.zero_tolerance()).collect();
    codes.sort();
    codes.dedup();
    for code in codes {
        let nothing = Money::zero(input.contract.currency());
        let missing = input.invoiced.checked_sub(input.expected)?;
        let taken = draft.left.is_negative() && missing.is_negative();
        let amount = if taken && draft.left.minor() <= missing.minor() { missing } else { nothing };
        let evidence = format!("{}: it counts for nothing until a person decides.", code.meaning());
        draft.flag(code, amount, evidence)?;
    }
    Ok(())
}
