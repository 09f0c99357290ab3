//! The body of a new invoice, every decimal a bare number (`xero §6.4`, `§7.6`).

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use tieout_connect::ports::{ProposedDocument, ProposedLine};
use tieout_domain::Currency;

use crate::config::{Agreement, Approval};
use crate::note;
use crate::prices::Prices;

/// Decimals of an amount, in every currency.
const AMOUNT_DECIMALS: u32 = 2;
/// Decimals of a price and of a quantity, with `unitdp=4`.
const PRICE_DECIMALS_MAX: u32 = 4;
/// Decimals of a rate.
const RATE_DECIMALS: u32 = 10;
/// Line amounts are net of tax.
const NET: &str = "Exclusive";

/// What the body depends on besides the proposal.
#[derive(Clone, Copy)]
pub(crate) struct Terms<'a> {
    pub home: Currency,
    pub currencies: &'a [Currency],
    pub prices: &'a Prices,
    pub agreement: &'a Agreement,
}

/// Why a proposal cannot be put into words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BodyError {
    #[error("the organisation is not subscribed to the currency {0}")]
    CurrencyNotThere(Currency),
    #[error("Xero keeps two decimals of an amount, a line has more")]
    AmountTooPrecise,
    #[error("a document needs at least one line")]
    NoLines,
    /// The item was deleted or is another organisation's.
    #[error("the item of line {0} is not there any more")]
    ItemNotThere(usize),
    /// Without own numbers the link back is the only place for our key.
    #[error("Xero's own numbers need a link back to the deal, and none can be made")]
    NoLink,
}

impl BodyError {
    pub const fn code(&self) -> &'static str {
        match self {
            Self::CurrencyNotThere(_) => "CURRENCY",
            Self::AmountTooPrecise => "PRECISION",
            Self::NoLines => "LINES",
            Self::ItemNotThere(_) => "ITEM",
            Self::NoLink => "LINK",
        }
    }

    pub const fn field(&self) -> &'static str {
        match self {
            Self::CurrencyNotThere(_) => "CurrencyCode",
            Self::AmountTooPrecise => "LineItems.UnitAmount",
            Self::NoLines => "LineItems",
            Self::ItemNotThere(_) => "LineItems.ItemCode",
            Self::NoLink => "Url",
        }
    }
}

/// The plural envelope, always with its exact case.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Body {
    invoices: [Invoice; 1],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Invoice {
    #[serde(rename = "Type")]
    kind: &'static str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    invoice_number: Option<String>,
    reference: String,
    contact: Contact,
    date: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    due_date: Option<String>,
    line_amount_types: &'static str,
    currency_code: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency_rate: Option<Bare>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    line_items: Vec<Line>,
}

/// The id alone: anything more would change the contact (`xero §6.2`).
#[derive(Debug, Serialize)]
struct Contact {
    #[serde(rename = "ContactID")]
    id: String,
}

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Line {
    #[serde(skip_serializing_if = "Option::is_none")]
    item_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quantity: Option<Bare>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit_amount: Option<Bare>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tax_type: Option<String>,
}

/// A decimal written as a bare number with exactly its own digits: `1250.00`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Bare(Decimal);

impl Serialize for Bare {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = RawValue::from_string(self.0.to_string());
        text.expect("the text of a decimal is a JSON number").serialize(serializer)
    }
}

/// Puts a proposal into the words of the tool. The date is always said: left out, it would become
/// today in the organisation's zone.
pub(crate) fn of(proposal: &ProposedDocument, terms: Terms<'_>) -> Result<Body, BodyError> {
    let agreement = terms.agreement;
    if proposal.currency != terms.home && !terms.currencies.contains(&proposal.currency) {
        return Err(BodyError::CurrencyNotThere(proposal.currency));
    }
    if proposal.lines.is_empty() {
        return Err(BodyError::NoLines);
    }
    let pages = agreement.deal_pages.as_ref();
    let url = pages.and_then(|pages| note::link(pages, &proposal.deal, &proposal.key));
    if url.is_none() && !agreement.own_numbers {
        return Err(BodyError::NoLink);
    }
    let mut line_items = Vec::with_capacity(proposal.lines.len() + 1);
    for (at, line) in proposal.lines.iter().enumerate() {
        line_items.push(product_line(line, at + 1, terms.prices)?);
    }
    line_items.extend(proposal.order_number.as_deref().map(order_line));
    Ok(Body {
        invoices: [Invoice {
            kind: "ACCREC",
            status: match agreement.approval {
                Approval::Draft => "DRAFT",
                Approval::Approved => "AUTHORISED",
            },
            invoice_number: agreement.own_numbers.then(|| proposal.key.to_string()),
            reference: proposal.deal.to_string(),
            contact: Contact { id: proposal.customer.to_string() },
            date: proposal.effective_on.to_string(),
            due_date: proposal.due_on.map(|date| date.to_string()),
            line_amount_types: NET,
            currency_code: proposal.currency.code().to_owned(),
            currency_rate: rate(proposal, terms.home),
            url,
            line_items,
        }],
    })
}

/// Foreign units for one home unit: the other way round than ours (`xero §9.4`).
fn rate(proposal: &ProposedDocument, home: Currency) -> Option<Bare> {
    let ours = proposal.exchange_rate.filter(|_| proposal.currency != home)?;
    let theirs = Decimal::ONE.checked_div(ours)?;
    let rounded =
        theirs.round_dp_with_strategy(RATE_DECIMALS, RoundingStrategy::MidpointAwayFromZero);
    Some(Bare(rounded.normalize()))
}

/// The line amount is never sent: one that differs by a rounding would be refused.
fn product_line(line: &ProposedLine, number: usize, prices: &Prices) -> Result<Line, BodyError> {
    let mut amount = line.amount.to_decimal().normalize();
    if amount.scale() > AMOUNT_DECIMALS {
        return Err(BodyError::AmountTooPrecise);
    }
    amount.rescale(AMOUNT_DECIMALS);
    let item = prices.of(&line.item).ok_or(BodyError::ItemNotThere(number))?;
    let priced = line.unit_price.filter(|price| multiplies(*price, line.quantity, amount));
    let (quantity, unit_amount) = match priced {
        Some(price) => (line.quantity.normalize(), price.normalize()),
        None => (Decimal::ONE, amount),
    };
    Ok(Line {
        item_code: Some(item.code.clone()),
        description: line.description.clone(),
        quantity: Some(Bare(quantity)),
        unit_amount: Some(Bare(unit_amount)),
        account_code: item.account.clone(),
        tax_type: line.tax_code.clone().or_else(|| item.tax_code.clone()),
    })
}

/// The customer's order number on a line of text: the reference holds the deal.
fn order_line(number: &str) -> Line {
    Line { description: Some(format!("Order number {number}")), ..Line::default() }
}

/// Whether the tool computes the same amount from price and quantity. Where it would not, the
/// amount stands alone as the price of one.
fn multiplies(price: Decimal, quantity: Decimal, amount: Decimal) -> bool {
    let places = price.normalize().scale().max(quantity.normalize().scale());
    if places > PRICE_DECIMALS_MAX {
        return false;
    }
    let product = price.checked_mul(quantity).map(|product| {
        product.round_dp_with_strategy(AMOUNT_DECIMALS, RoundingStrategy::MidpointAwayFromZero)
    });
    product == Some(amount)
}

#[cfg(test)]
pub(crate) mod tests;
