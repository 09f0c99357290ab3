//! Invoiced less than expected: why.

use jiff::civil::Date;

use super::code::ReasonCode;
use super::input::{EndedDocument, ReasonInput, name};
use super::lines;
use super::propose::Draft;
use crate::dates::{in_words, is_backdated_close};
use crate::effect::EffectState;
use crate::gates::Gate;
use crate::money::{Money, MoneyError};

pub(super) fn explain(input: &ReasonInput<'_>, draft: &mut Draft) -> Result<(), MoneyError> {
    let mut missing = Missing { amount: input.expected.checked_sub(input.invoiced)? };
    if draft.left.is_zero() {
        return Ok(());
    }
    ended(input, draft, &mut missing)?;
    if missing.amount.is_zero() {
        return Ok(());
    }
    if let Some(evidence) = failed(input.effect) {
        return missing.take_all(draft, ReasonCode::SyncFailed, evidence.to_owned());
    }
    later_documents(input, draft, &mut missing)?;
    if missing.amount.is_zero() {
        return Ok(());
    }
    if input.invoiced.is_zero() {
        return never_billed(input, draft, &mut missing);
    }
    amended(input, draft, &mut missing)?;
    if milestone(input, &missing)? {
        let part = missing.amount.in_words();
        let evidence = format!("A part of the schedule of {part} is not invoiced.");
        return missing.take_all(draft, ReasonCode::NotInvoiced, evidence);
    }
    if missing.amount.is_zero() || draft.is_small(missing.amount, input) {
        return Ok(());
    }
    if lines::comparable(input, &[]) {
        return lines::explain(input, draft, &[]);
    }
    if input.contract == input.expected && !lines::any_in_common(input) {
        let (invoiced, expected) = (input.invoiced.in_words(), input.expected.in_words());
        let evidence = format!("{invoiced} of {expected} is invoiced.");
        missing.take_all(draft, ReasonCode::PartialBill, evidence)?;
    }
    Ok(())
}

/// What is expected and not invoiced, less what has a reason by now. Positive.
struct Missing {
    amount: Money,
}

impl Missing {
    fn take(
        &mut self,
        draft: &mut Draft,
        code: ReasonCode,
        at_most: Money,
        evidence: String,
    ) -> Result<(), MoneyError> {
        let taken = Money::from_minor(
            self.amount.minor().min(at_most.minor()).max(0),
            self.amount.currency(),
        );
        self.amount = self.amount.checked_sub(taken)?;
        draft.explain(code, taken.negated()?, evidence)
    }

    fn take_all(
        &mut self,
        draft: &mut Draft,
        code: ReasonCode,
        evidence: String,
    ) -> Result<(), MoneyError> {
        self.take(draft, code, self.amount, evidence)
    }
}

/// Billed once, and taken back by a void or a deletion. What the ledger keeps no amount of explains
/// all that is left.
fn ended(
    input: &ReasonInput<'_>,
    draft: &mut Draft,
    missing: &mut Missing,
) -> Result<(), MoneyError> {
    for EndedDocument { document, deleted } in input.ended {
        let (number, on, net) = (name(document), in_words(document.effective_on), document.net);
        let (code, what) = match deleted {
            true => (ReasonCode::Deleted, "deleted in the ledger"),
            false => (ReasonCode::VoidedLater, "voided in the ledger"),
        };
        let over = match net.is_zero() {
            true => String::new(),
            false => format!(" over {}", net.in_words()),
        };
        let evidence = format!("Document {number} of {on}{over} was {what}.");
        let at_most = if net.is_zero() { missing.amount } else { net.absolute()? };
        missing.take(draft, code, at_most, evidence)?;
    }
    Ok(())
}

fn failed(effect: Option<EffectState>) -> Option<&'static str> {
    match effect? {
        EffectState::Unknown => Some("The document was sent and its outcome is unknown."),
        EffectState::Rejected => Some("The ledger refused the document."),
        EffectState::Conflict => Some("The ledger has a document with our key, other content."),
        _ => None,
    }
}

/// Invoiced, but dated after the day: a matter of cut-off.
fn later_documents(
    input: &ReasonInput<'_>,
    draft: &mut Draft,
    missing: &mut Missing,
) -> Result<(), MoneyError> {
    for later in input.later_bills() {
        let number = name(later.document);
        let evidence = format!(
            "Closed on {}, document {number} is dated {}.",
            in_words(input.close_date),
            in_words(later.effective_on)
        );
        missing.take(draft, ReasonCode::Cutoff, later.allocated, evidence)?;
    }
    Ok(())
}

fn never_billed(
    input: &ReasonInput<'_>,
    draft: &mut Draft,
    missing: &mut Missing,
) -> Result<(), MoneyError> {
    let backdated = |on: &Date| is_backdated_close(input.close_period, *on);
    if let Some(won_on) = input.became_won_on.filter(backdated) {
        let (close, won) = (in_words(input.close_date), in_words(won_on));
        let evidence = format!("Close date {close}, stage changed to won on {won}.");
        return missing.take_all(draft, ReasonCode::BackdatedClose, evidence);
    }
    if input.failing.contains(&Gate::Currency) {
        let evidence = "The currency gate blocks the invoice: nothing is converted.".to_owned();
        return missing.take_all(draft, ReasonCode::CurrencyMismatch, evidence);
    }
    let due = input.schedule.iter().map(|item| item.due_on).min().unwrap_or(input.close_date);
    let due = in_words(due);
    let gates: Vec<&str> = input.failing.iter().map(|gate| gate.guards()).collect();
    let evidence = if gates.is_empty() {
        format!("Due since {due}, nothing is invoiced.")
    } else {
        format!(
            "Due since {due}, nothing is invoiced; stopped by the gate for {}.",
            gates.join(" and ")
        )
    };
    missing.take_all(draft, ReasonCode::NotInvoiced, evidence)
}

/// The deal grew after it was invoiced.
fn amended(
    input: &ReasonInput<'_>,
    draft: &mut Draft,
    missing: &mut Missing,
) -> Result<(), MoneyError> {
    let Some(before) = input.contract_when_posted else {
        return Ok(());
    };
    let grown = input.contract.checked_sub(before)?;
    let (was, now) = (before.in_words(), input.contract.in_words());
    let evidence = format!("The deal was {was} when it was invoiced, it is {now} now.");
    missing.take(draft, ReasonCode::AmendedAfterInvoice, grown, evidence)
}

/// Whether what is missing is exactly the last parts of the schedule that are due, and not all of
/// them.
fn milestone(input: &ReasonInput<'_>, missing: &Missing) -> Result<bool, MoneyError> {
    let mut due: Vec<_> = input.schedule.iter().filter(|item| item.due_on <= input.as_of).collect();
    due.sort_by_key(|item| (item.due_on, item.amount.minor()));
    let mut sum = Money::zero(missing.amount.currency());
    for item in due.iter().skip(1).rev() {
        sum = sum.checked_add(item.amount)?;
        if sum == missing.amount {
            return Ok(true);
        }
    }
    Ok(false)
}
