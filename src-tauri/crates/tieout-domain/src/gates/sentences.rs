//! Findings in plain English: what, where, and what to do.

use super::GateInput;
use super::finding::{GateDetail, NamedLine, Sentence};
use crate::dates::in_words;
use crate::facts::Deal;

/// Id of the record that a finding is about.
pub(super) fn subject(deal: &Deal, detail: &GateDetail) -> String {
    match detail {
        GateDetail::TaxIdConflict { customer }
        | GateDetail::CustomerNamesUnlike { customer }
        | GateDetail::CustomerInactive { customer } => customer.to_string(),
        _ => detail.line().map_or_else(|| deal.id.to_string(), |line| line.id.to_string()),
    }
}

pub(super) fn sentence(input: &GateInput<'_>, detail: &GateDetail) -> Sentence {
    let (what, remedy) = deal_words(detail)
        .or_else(|| line_words(input, detail))
        .or_else(|| customer_words(input, detail))
        .or_else(|| ledger_words(input, detail))
        .expect("every detail belongs to one of the four lists: a test walks them all");
    Sentence { what, place: place(input, detail), remedy }
}

/// Deal and its value; for a line also its place and product (`§6 R1`).
fn place(input: &GateInput<'_>, detail: &GateDetail) -> String {
    let value =
        input.deal.amount.map_or_else(String::new, |amount| format!(", {}", amount.in_words()));
    let deal = format!("deal `{}`{value}", input.deal.id);
    match detail.line() {
        Some(NamedLine { place, product: Some(product), .. }) => {
            format!("line {place} `{product}` of {deal}")
        }
        Some(NamedLine { place, product: None, .. }) => format!("line {place} of {deal}"),
        None => deal,
    }
}

/// Ids as sentences list them, cut to a few.
fn listed<T: std::fmt::Display>(ids: &[T]) -> String {
    const LISTED_MAX: usize = 5;
    let shown: Vec<String> = ids.iter().take(LISTED_MAX).map(|id| format!("`{id}`")).collect();
    let more = ids.len().saturating_sub(LISTED_MAX);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    shown.join(", ") + &rest
}

type Words = Option<(String, String)>;

fn words(what: impl Into<String>, remedy: impl Into<String>) -> Words {
    Some((what.into(), remedy.into()))
}

fn deal_words(detail: &GateDetail) -> Words {
    match detail {
        GateDetail::NotWon => words(
            "The deal is not won",
            "Set its stage to a won stage in Salesforce, or leave it out.",
        ),
        GateDetail::DealDeleted => {
            words("The deal is deleted in Salesforce", "Restore it there, or leave it out.")
        }
        GateDetail::NotOfThisCompany { what, remedy } => words(what.as_str(), remedy.as_str()),
        GateDetail::NotReadAgain => words(
            "The deal or its customer's documents could not be read again just now",
            "Start a run to see what is in the way, then ask for the invoice again.",
        ),
        GateDetail::AmountMissing => {
            words("The deal has no amount and no lines", "Enter product lines in Salesforce.")
        }
        GateDetail::AmountZero => {
            words("The deal's amount is zero", "Correct it in Salesforce, or exclude the deal.")
        }
        GateDetail::WrongSign { amount, credit_memo: false } => words(
            format!(
                "The deal's amount {} is negative: an invoice cannot be negative",
                amount.in_words()
            ),
            "Ask for a credit memo instead.",
        ),
        GateDetail::WrongSign { amount, credit_memo: true } => words(
            format!(
                "The deal's amount {} is positive: a credit memo would reverse it",
                amount.in_words()
            ),
            "Ask for an invoice instead.",
        ),
        GateDetail::LinesDoNotAdd { lines, deal } => words(
            format!("The lines add up to {}, the deal says {}", lines.in_words(), deal.in_words()),
            "Correct the lines or the amount in Salesforce.",
        ),
        GateDetail::LinesOutOfRange => words(
            "The lines add up to more than can be held exactly",
            "Correct quantity or price of the lines in Salesforce.",
        ),
        GateDetail::NothingDue { on } => words(
            format!("Nothing of the schedule is due by {}", in_words(*on)),
            "Wait for the next date of the schedule, or choose a later document date.",
        ),
        _ => None,
    }
}

/// The tool and the company in it: both are needed by somebody who looks there.
fn company(input: &GateInput<'_>) -> String {
    let rules = &input.rules;
    format!("{} company `{}`", rules.ledger_name, rules.company)
}

fn product(line: &NamedLine) -> String {
    let named = line.product.as_ref().map(|name| format!("The product `{name}`"));
    named.unwrap_or_else(|| "The product of the line".to_owned())
}

fn line_words(input: &GateInput<'_>, detail: &GateDetail) -> Words {
    let ledger = &input.rules.ledger_name;
    match detail {
        GateDetail::NoLines => words(
            "The deal has no product line, so there is nothing to put on a document",
            "Add product lines in Salesforce, or bill it by hand and link the invoice.",
        ),
        GateDetail::LinesNotRead => words(
            "Salesforce says that the deal has lines, and none has been read",
            "Resync the deal.",
        ),
        GateDetail::LineWithoutProduct { .. } => {
            words("The line names no product", "Choose a product for it in Salesforce.")
        }
        GateDetail::ProductNotRead { .. } => words(
            "The product of the line is deleted or has not been read",
            "Start a run, or choose an existing product in Salesforce.",
        ),
        GateDetail::NoItemCode { line } => words(
            format!("{} names no item of {}", product(line), company(input)),
            "Enter the code of its item on the product in Salesforce, then start a run.",
        ),
        GateDetail::NoItem { code, .. } => words(
            format!("{} has no item with the code `{code}`", company(input)),
            format!("Map the product to an existing item, or add the item in {ledger}."),
        ),
        GateDetail::ItemInactive { code, .. } => words(
            format!("The item `{code}` is inactive in {ledger}"),
            format!("Activate it in {ledger}, or map the product to another item."),
        ),
        GateDetail::ItemDuplicate { code, items, .. } => words(
            format!("{ledger} has {} active items with the code `{code}`", items.len()),
            format!("Leave one of them active in {ledger}."),
        ),
        GateDetail::ItemCaseCollision { code, .. } => words(
            format!("Item codes in {ledger} differ from `{code}` only in upper and lower case"),
            "Give the items different codes, or correct the product's code.",
        ),
        GateDetail::LineCurrency { currency, .. } => words(
            format!("The line is in {currency}, the deal in {}", input.deal.currency),
            "Correct the currency in Salesforce. Nothing is converted.",
        ),
        GateDetail::TaxCodeUnmapped { code, .. } => words(
            format!("{ledger} has no tax code `{code}`"),
            "Map the tax code, or correct it on the line.",
        ),
        _ => None,
    }
}

fn customer_words(input: &GateInput<'_>, detail: &GateDetail) -> Words {
    let ledger = &input.rules.ledger_name;
    match detail {
        GateDetail::AccountMissing => words(
            "The deal has no Account, or the Account has not been read",
            "Choose the Account in Salesforce, then resync the deal.",
        ),
        GateDetail::CustomerAmbiguous { customers } => words(
            format!("Customers of {ledger} that are linked to this Account: {}", listed(customers)),
            "Say which one is billed.",
        ),
        GateDetail::ProbableDuplicate { customers } => words(
            format!("Customers of {ledger} that look like this Account: {}", listed(customers)),
            "Link the right one, or say of each that it is not.",
        ),
        GateDetail::TaxIdConflict { customer } => words(
            format!("Account and customer `{customer}` have different tax numbers"),
            "Correct the wrong one, or link another customer.",
        ),
        GateDetail::CustomerNamesUnlike { customer } => words(
            format!("Customer `{customer}` has the Account's tax number and an unlike name"),
            "Confirm that they are the same, or say that they are not.",
        ),
        GateDetail::CustomerInactive { customer } => words(
            format!("Customer `{customer}` is inactive in {ledger}"),
            format!("Activate it in {ledger}, or link another customer."),
        ),
        GateDetail::CustomerRefused { state: crate::effect::EffectState::Cancelled } => words(
            format!("A person withdrew the new customer of {ledger} for this Account"),
            "Link a customer, or ask for the invoice of this deal by name.",
        ),
        GateDetail::CustomerRefused { .. } => words(
            format!("{ledger} refused the new customer for this Account"),
            "Correct the Account or link a customer, then ask for the invoice by name.",
        ),
        GateDetail::CurrencyNotEnabled { currency } => words(
            format!("{currency} is not enabled in {ledger}"),
            format!("Enable it in {ledger}, or correct the deal. Nothing is converted."),
        ),
        GateDetail::CustomerCurrency { deal, customer } => words(
            format!("The deal is in {deal}, the customer in {customer}"),
            format!("Link a customer in {deal}, or correct the deal. Nothing is converted."),
        ),
        _ => None,
    }
}

fn ledger_words(input: &GateInput<'_>, detail: &GateDetail) -> Words {
    let ledger = &input.rules.ledger_name;
    match detail {
        GateDetail::BooksClosed { on, closed_to, first_open } => {
            let open = first_open.map_or_else(
                || "Hold the document.".to_owned(),
                |day| format!("Use the first open day {}, or hold the document.", in_words(day)),
            );
            words(
                format!(
                    "The document would be dated {}, the books are closed to {}",
                    in_words(*on),
                    in_words(*closed_to)
                ),
                open,
            )
        }
        GateDetail::EffectInFlight { state: crate::effect::EffectState::Unknown } => words(
            format!("{ledger} did not answer when this document was sent: it may exist"),
            "Wait until it is found by its key. It is never sent blindly again.",
        ),
        GateDetail::EffectInFlight { .. } => {
            words("This document is already on its way", "Wait for its outcome.")
        }
        GateDetail::IdempConflict => words(
            format!("{ledger} has a document with our key and other content"),
            "Compare the two and decide which one holds.",
        ),
        GateDetail::PromiseOutdated => words(
            "The deal has changed since its invoice was promised, and nothing was sent",
            "Withdraw the promise, then ask for the invoice again.",
        ),
        GateDetail::EffectRejected => words(
            format!("{ledger} refused this document"),
            "Correct what it objected to, then ask for the document again.",
        ),
        GateDetail::AlreadyCreated => words(
            "This document was created already",
            format!("If it is gone from {ledger}: start a run, then ask for a further document."),
        ),
        GateDetail::AlreadyInvoiced { documents } => words(
            format!("Documents that are linked to this deal already: {}", listed(documents)),
            "If they were voided or credited in full: start a run, then ask for a further one.",
        ),
        GateDetail::PossibleInvoice { documents } => words(
            format!("Documents that may be the invoice of this deal: {}", listed(documents)),
            "Link the right one, or say of each that it is not.",
        ),
        _ => None,
    }
}
