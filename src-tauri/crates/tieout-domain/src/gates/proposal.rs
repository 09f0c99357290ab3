//! The document that a deal with no failing gate proposes (`finance-domain §4` Invoice, Proposal).

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::GateInput;
use super::check::check;
use super::finding::GateFinding;
use crate::currency::Currency;
use crate::dates::days_after;
use crate::effect::DocumentKind;
use crate::facts::DealLine;
use crate::identity::{CustomerDecision, ItemMapping};
use crate::ids::{CustomerId, DealId, DealLineId, ItemId};
use crate::line::line_amount;
use crate::money::{Money, MoneyError};

/// Decimals that a unit price may have on the wire of every connected ledger.
const UNIT_PRICE_DIGITS_MAX: u32 = 7;

/// One line of a proposed document. Net of tax; positive on an invoice and on a credit memo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposalLine {
    pub line: DealLineId,
    pub item: ItemId,
    pub description: Option<String>,
    /// Of the deal line; 1 where only a part of the line's schedule is billed.
    pub quantity: Decimal,
    /// After discount. `None`: the amount alone is stated, because quantity times price does not
    /// round to it.
    pub unit_price: Option<Decimal>,
    pub amount: Money,
    pub tax_code: Option<String>,
    pub service_date: Option<Date>,
}

/// The content of one intended document. Frozen once it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    pub kind: DocumentKind,
    pub deal: DealId,
    /// `None`: the customer is made first.
    pub customer: Option<CustomerId>,
    pub currency: Currency,
    pub effective_on: Date,
    /// By the customer's terms; `None` where it has none and the ledger decides.
    pub due_on: Option<Date>,
    pub order_number: Option<String>,
    pub lines: Vec<ProposalLine>,
    /// Sum of the lines.
    pub net: Money,
}

/// Why nothing is proposed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProposalError {
    #[error("gates are failing: {}", .0.len())]
    Gates(Vec<GateFinding>),
    #[error("an amount of the proposal cannot be held exactly")]
    Money(#[from] MoneyError),
    #[error("the due date lies outside the calendar")]
    DueDate,
}

/// Proposes the document of a deal whose gates all pass.
///
/// A line with a schedule bills what is due after `billed_through` up to `proposed_on`; a line
/// without one is billed whole by the first document.
///
/// # Errors
/// All failing gates; amounts or dates that cannot be held.
pub fn propose(input: &GateInput<'_>) -> Result<Proposal, ProposalError> {
    let findings = check(input);
    if !findings.is_empty() {
        return Err(ProposalError::Gates(findings));
    }
    let mut lines = Vec::new();
    for line in input.live_lines() {
        let due = due_amount(input, line)?;
        if !due.is_zero() {
            lines.push(proposal_line(input, line, due)?);
        }
    }
    let net = Money::sum(input.deal.currency, lines.iter().map(|line| line.amount))?;
    let customer = input.customer.and_then(|customer| match &customer.decision {
        CustomerDecision::Link { customer, .. } => Some(customer.clone()),
        _ => None,
    });
    let terms = input.customer.and_then(|customer| customer.terms_days);
    let due_on = terms
        .map(|days| days_after(input.proposed_on, days).map_err(|_| ProposalError::DueDate))
        .transpose()?;
    Ok(Proposal {
        kind: input.kind,
        deal: input.deal.id.clone(),
        customer,
        currency: input.deal.currency,
        effective_on: input.proposed_on,
        due_on,
        order_number: trimmed(input.deal.order_number.as_deref()),
        lines,
        net,
    })
}

/// Whether the schedule, or an earlier document, leaves nothing to bill on the proposed date. An
/// amount that cannot be added is something: another gate reports it.
pub(super) fn nothing_due(input: &GateInput<'_>) -> bool {
    let lines = input.live_lines();
    let phased = input.billed_through.is_some() || !input.schedule.is_empty();
    let nothing = |line: &&DealLine| due_amount(input, line).is_ok_and(Money::is_zero);
    phased && !lines.is_empty() && lines.iter().all(nothing)
}

/// What a line bills, with the sign of the deal line.
fn due_amount(input: &GateInput<'_>, line: &DealLine) -> Result<Money, MoneyError> {
    let parts: Vec<_> =
        input.schedule.iter().filter(|part| part.line == line.id && !part.stamp.deleted).collect();
    if parts.is_empty() {
        let first = input.billed_through.is_none();
        return Ok(if first { line.total } else { Money::zero(line.total.currency()) });
    }
    let due = parts.into_iter().filter(|part| {
        let open = input.billed_through.is_none_or(|billed| part.due_on > billed);
        open && part.due_on <= input.proposed_on
    });
    Money::sum(line.total.currency(), due.map(|part| part.amount))
}

fn proposal_line(
    input: &GateInput<'_>,
    line: &DealLine,
    due: Money,
) -> Result<ProposalLine, MoneyError> {
    let external_id = input.product(line).and_then(|product| product.external_id.as_deref());
    let ItemMapping::Mapped(item) = input.items.map(external_id) else {
        unreachable!("the gates let only mapped lines through");
    };
    let amount = if input.kind == DocumentKind::CreditMemo { due.negated()? } else { due };
    let whole = due == line.total;
    let quantity = if whole { signed(line.quantity.normalize(), input.kind) } else { Decimal::ONE };
    Ok(ProposalLine {
        line: line.id.clone(),
        item,
        description: trimmed(line.description.as_deref()),
        quantity,
        unit_price: stated_price(line).filter(|_| whole),
        amount,
        tax_code: input.tax_code(line).map(str::to_owned),
        service_date: line.service_date,
    })
}

/// The price after discount, where quantity times price rounds to the line's own total and the
/// price fits the wire.
fn stated_price(line: &DealLine) -> Option<Decimal> {
    let discount = line.discount.unwrap_or(Decimal::ZERO);
    let kept = Decimal::ONE.checked_sub(discount)?;
    let price = line.unit_price?.checked_mul(kept)?.normalize();
    let fits = price.scale() <= UNIT_PRICE_DIGITS_MAX && !line.quantity.is_zero();
    let product = line_amount(line.quantity, price, Decimal::ZERO, line.total.currency());
    (fits && product == Ok(line.total)).then_some(price)
}

/// A credit memo is stored positive: the quantity turns its sign with the amount.
fn signed(quantity: Decimal, kind: DocumentKind) -> Decimal {
    match kind {
        DocumentKind::Invoice => quantity,
        DocumentKind::CreditMemo => -quantity,
    }
}

fn trimmed(text: Option<&str>) -> Option<String> {
    text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}
