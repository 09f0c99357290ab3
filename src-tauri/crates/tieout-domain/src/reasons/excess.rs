//! Invoiced more than expected: why.

use super::code::ReasonCode;
use super::input::{ReasonDocument, ReasonInput, name};
use super::lines;
use super::propose::Draft;
use crate::dates::{days_between, in_words};
use crate::ids::DocumentId;
use crate::money::{Money, MoneyError};

/// Two documents of the same net this many days apart, or fewer, may be one intent done twice.
const DUPLICATE_DAYS_MAX: i64 = 7;

pub(super) fn explain(input: &ReasonInput<'_>, draft: &mut Draft) -> Result<(), MoneyError> {
    if !input.won {
        let over = input.invoiced.checked_sub(input.expected)?;
        let evidence = "The deal is no longer won, and it is invoiced.".to_owned();
        return draft.explain(ReasonCode::AmendedAfterInvoice, over, evidence);
    }
    let duplicates = duplicates(input, draft)?;
    ahead(input, draft)?;
    amended(input, draft)?;
    if draft.left.is_positive() && lines::comparable(input, &duplicates) {
        lines::explain(input, draft, &duplicates)?;
    }
    Ok(())
}

/// Documents that repeat an earlier one, as far as more is invoiced than the contract says. Our own
/// document is the right one; the others repeat it.
fn duplicates(input: &ReasonInput<'_>, draft: &mut Draft) -> Result<Vec<DocumentId>, MoneyError> {
    let mut over = input.invoiced.checked_sub(input.contract)?;
    let mut bills: Vec<&ReasonDocument<'_>> = input.bills().collect();
    bills.sort_by_key(|bill| {
        (bill.document.key.is_none(), bill.effective_on, bill.document.id.clone())
    });
    let mut originals: Vec<&ReasonDocument<'_>> = Vec::new();
    let mut found = Vec::new();
    for bill in bills {
        let original = originals.iter().find(|original| repeats(original, bill)).copied();
        match original {
            Some(original) if bill.allocated.minor() <= over.minor() => {
                over = over.checked_sub(bill.allocated)?;
                let evidence = format!(
                    "{} of {} repeats {} of {}: the same net, {} days apart.",
                    name(bill.document),
                    in_words(bill.effective_on),
                    name(original.document),
                    in_words(original.effective_on),
                    days_between(original.effective_on, bill.effective_on).abs()
                );
                draft.explain(ReasonCode::DuplicateInvoice, bill.allocated, evidence)?;
                found.push(bill.document.id.clone());
            }
            _ => originals.push(bill),
        }
    }
    Ok(found)
}

fn repeats(original: &ReasonDocument<'_>, bill: &ReasonDocument<'_>) -> bool {
    let days = days_between(original.effective_on, bill.effective_on).abs();
    original.document.net == bill.document.net
        && original.document.kind == bill.document.kind
        && bill.allocated.is_positive()
        && days <= DUPLICATE_DAYS_MAX
}

/// Billed before the schedule, within the contract amount.
fn ahead(input: &ReasonInput<'_>, draft: &mut Draft) -> Result<(), MoneyError> {
    let within = if input.invoiced.minor() <= input.contract.minor() {
        input.invoiced
    } else {
        input.contract
    };
    let ahead = within.checked_sub(input.expected)?;
    if !ahead.is_positive() {
        return Ok(());
    }
    let next = input.schedule.iter().map(|item| item.due_on).filter(|on| *on > input.as_of).min();
    let evidence = match next {
        Some(on) => format!("Invoiced before the schedule, next due on {}.", in_words(on)),
        None => "Invoiced before the schedule.".to_owned(),
    };
    draft.explain(ReasonCode::BilledAhead, ahead, evidence)
}

/// The deal shrank after it was invoiced.
fn amended(input: &ReasonInput<'_>, draft: &mut Draft) -> Result<(), MoneyError> {
    let Some(before) = input.contract_when_posted else {
        return Ok(());
    };
    let shrunk = before.checked_sub(input.contract)?;
    let over = draft.left;
    if shrunk.is_positive() && over.is_positive() {
        let taken = Money::from_minor(shrunk.minor().min(over.minor()), over.currency());
        let (before, now) = (before.in_words(), input.contract.in_words());
        let evidence = format!("The deal was {before} when it was invoiced, it is {now} now.");
        draft.explain(ReasonCode::AmendedAfterInvoice, taken, evidence)?;
    }
    Ok(())
}
