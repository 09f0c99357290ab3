//! All gates over one deal, in a fixed order.

use super::dates::first_open_day;
use super::finding::{GateDetail, GateFinding};
use super::lines::{line_details, line_sum};
use super::proposal::nothing_due;
use super::sentences::{sentence, subject};
use super::{GateInput, Moment};
use crate::effect::{DocumentKind, EffectState};
use crate::identity::{AskReason, CustomerDecision};

/// Every gate that fails, all at once. Empty: the document may be proposed or sent.
pub fn check(input: &GateInput<'_>) -> Vec<GateFinding> {
    let mut details = deal_details(input);
    details.extend(amount_details(input));
    details.extend(line_details(input));
    details.extend(customer_details(input));
    details.extend(currency_details(input));
    details.extend(books_details(input));
    details.extend(idempotency_details(input));
    details.into_iter().map(|detail| finding(input, detail)).collect()
}

fn finding(input: &GateInput<'_>, detail: GateDetail) -> GateFinding {
    GateFinding {
        gate: detail.gate(),
        subject: subject(input.deal, &detail),
        sentence: sentence(input, &detail),
        detail,
    }
}

fn deal_details(input: &GateInput<'_>) -> Vec<GateDetail> {
    let mut details = Vec::new();
    if input.deal.stamp.deleted {
        details.push(GateDetail::DealDeleted);
    } else if !input.deal.won {
        details.push(GateDetail::NotWon);
    }
    if let Some((what, remedy)) = input.outside {
        let (what, remedy) = (what.clone(), remedy.clone());
        details.push(GateDetail::NotOfThisCompany { what, remedy });
    }
    details
}

/// The contract amount is the sum of the lines where there are lines, else the deal's amount
/// (`finance-domain §8` A).
fn amount_details(input: &GateInput<'_>) -> Vec<GateDetail> {
    let lines = input.live_lines();
    let sum = match line_sum(input.deal.currency, &lines) {
        Ok(sum) => sum,
        Err(detail) => return detail.into_iter().collect(),
    };
    let contract = if lines.is_empty() { input.deal.amount } else { Some(sum) };
    let Some(contract) = contract else {
        return vec![GateDetail::AmountMissing];
    };
    let mut details = Vec::new();
    let credit_memo = input.kind == DocumentKind::CreditMemo;
    if contract.is_zero() {
        details.push(GateDetail::AmountZero);
    } else if contract.is_negative() != credit_memo {
        details.push(GateDetail::WrongSign { amount: contract, credit_memo });
    }
    if let Some(deal) = input.deal.amount.filter(|amount| *amount != contract) {
        details.push(GateDetail::LinesDoNotAdd { lines: contract, deal });
    }
    if nothing_due(input) {
        details.push(GateDetail::NothingDue { on: input.proposed_on });
    }
    details
}

fn customer_details(input: &GateInput<'_>) -> Vec<GateDetail> {
    let Some(known) = input.customer.filter(|_| input.deal.account.is_some()) else {
        return vec![GateDetail::AccountMissing];
    };
    let detail = match &known.decision {
        CustomerDecision::Link { .. } => return Vec::new(),
        CustomerDecision::Create => match input.customer_promise {
            Some(state @ (EffectState::Rejected | EffectState::Cancelled)) => {
                GateDetail::CustomerRefused { state }
            }
            _ => return Vec::new(),
        },
        CustomerDecision::Ambiguous { customers, .. } => {
            GateDetail::CustomerAmbiguous { customers: customers.clone() }
        }
        CustomerDecision::ProbableDuplicate { candidates } => GateDetail::ProbableDuplicate {
            customers: candidates.iter().map(|candidate| candidate.customer.clone()).collect(),
        },
        CustomerDecision::TaxIdConflict { customer, .. } => {
            GateDetail::TaxIdConflict { customer: customer.clone() }
        }
        CustomerDecision::Ask { customer, why: AskReason::NamesUnlike, .. } => {
            GateDetail::CustomerNamesUnlike { customer: customer.clone() }
        }
        CustomerDecision::Ask { customer, why: AskReason::Inactive, .. } => {
            GateDetail::CustomerInactive { customer: customer.clone() }
        }
    };
    vec![detail]
}

fn currency_details(input: &GateInput<'_>) -> Vec<GateDetail> {
    let currency = input.deal.currency;
    let mut details = Vec::new();
    if !input.rules.currencies.contains(&currency) {
        details.push(GateDetail::CurrencyNotEnabled { currency });
    }
    match input.customer.and_then(|customer| customer.currency) {
        Some(customer) if customer != currency => {
            details.push(GateDetail::CustomerCurrency { deal: currency, customer });
        }
        _ => {}
    }
    details
}

fn books_details(input: &GateInput<'_>) -> Vec<GateDetail> {
    match input.rules.closed_to {
        Some(closed_to) if input.proposed_on <= closed_to => vec![GateDetail::BooksClosed {
            on: input.proposed_on,
            closed_to,
            first_open: first_open_day(closed_to),
        }],
        _ => Vec::new(),
    }
}

fn idempotency_details(input: &GateInput<'_>) -> Vec<GateDetail> {
    let mut details = Vec::new();
    match (input.effect, input.moment) {
        (None | Some(EffectState::Cancelled), _) | (Some(EffectState::Intended), Moment::Send) => {}
        (Some(state @ (EffectState::Intended | EffectState::Sent | EffectState::Unknown)), _) => {
            details.push(GateDetail::EffectInFlight { state });
        }
        (Some(EffectState::Conflict), _) => details.push(GateDetail::IdempConflict),
        (Some(EffectState::Rejected), _) => details.push(GateDetail::EffectRejected),
        (Some(EffectState::Confirmed), _) => details.push(GateDetail::AlreadyCreated),
    }
    if !input.linked.is_empty() {
        details.push(GateDetail::AlreadyInvoiced { documents: input.linked.to_vec() });
    }
    if !input.suspected.is_empty() {
        details.push(GateDetail::PossibleInvoice { documents: input.suspected.to_vec() });
    }
    details
}
