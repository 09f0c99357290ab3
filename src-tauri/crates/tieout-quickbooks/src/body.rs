//! The body of a new document, every decimal a bare number (`quickbooks §3.4`, `§9`).

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use tieout_connect::ports::{ProposedDocument, ProposedLine};
use tieout_domain::facts::LedgerDocumentKind;

use crate::books::Books;
use crate::config::FieldLabels;
use crate::note;

/// Decimals of an amount, in every currency.
const AMOUNT_DECIMALS: u32 = 2;
/// Decimals of a unit price that are certain to be kept.
const PRICE_DECIMALS_MAX: u32 = 7;
/// Characters of a legacy custom field.
const CUSTOM_FIELD_CHARS_MAX: usize = 31;
/// Asks for the next number of the company's own scheme; not known for credit memos.
const NEXT_NUMBER: &str = "AUTO_GENERATE";
/// Line amounts are net of tax, in companies that must say so.
const NET: &str = "TaxExcluded";

/// What the body depends on besides the proposal.
#[derive(Clone, Copy)]
pub(crate) struct Terms<'a> {
    pub books: &'a Books,
    pub labels: &'a FieldLabels,
    pub own_numbers: bool,
    /// A US company, whose lines carry flags instead of tax codes.
    pub line_codes_are_flags: bool,
}

/// Why a proposal cannot be put into words. The codes are those of the tool for the same refusal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BodyError {
    #[error("the company keeps one currency only, the document is in another")]
    OtherCurrency,
    #[error("QuickBooks keeps two decimals of an amount, a line has more")]
    AmountTooPrecise,
    #[error("a document needs at least one line")]
    NoLines,
}

impl BodyError {
    pub const fn code(&self) -> &'static str {
        match self {
            Self::OtherCurrency => "6000",
            Self::AmountTooPrecise => "2080",
            Self::NoLines => "2020",
        }
    }

    pub const fn field(&self) -> &'static str {
        match self {
            Self::OtherCurrency => "CurrencyRef",
            Self::AmountTooPrecise => "Line.Amount",
            Self::NoLines => "Line",
        }
    }
}

/// Members in the order in which the tool's own documents have them.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Body {
    #[serde(skip_serializing_if = "Option::is_none")]
    doc_number: Option<String>,
    txn_date: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    due_date: Option<String>,
    customer_ref: Reference,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency_ref: Option<Reference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exchange_rate: Option<Bare>,
    #[serde(skip_serializing_if = "Option::is_none")]
    global_tax_calculation: Option<&'static str>,
    private_note: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_memo: Option<Reference>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    custom_field: Vec<CustomField>,
    line: Vec<Line>,
}

#[derive(Debug, Serialize)]
struct Reference {
    value: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct CustomField {
    definition_id: String,
    #[serde(rename = "Type")]
    kind: &'static str,
    string_value: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Line {
    amount: Bare,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    detail_type: &'static str,
    sales_item_line_detail: Detail,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Detail {
    item_ref: Reference,
    #[serde(skip_serializing_if = "Option::is_none")]
    qty: Option<Bare>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit_price: Option<Bare>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tax_code_ref: Option<Reference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_date: Option<String>,
}

/// A decimal written as a bare number with exactly its own digits: `980.00`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Bare(Decimal);

impl Serialize for Bare {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = RawValue::from_string(self.0.to_string());
        text.expect("the text of a decimal is a JSON number").serialize(serializer)
    }
}

/// Puts a proposal into the words of the tool.
pub(crate) fn of(proposal: &ProposedDocument, terms: Terms<'_>) -> Result<Body, BodyError> {
    let foreign = proposal.currency != terms.books.home;
    if foreign && !terms.books.multi_currency {
        return Err(BodyError::OtherCurrency);
    }
    if proposal.lines.is_empty() {
        return Err(BodyError::NoLines);
    }
    let multi = terms.books.multi_currency;
    let invoice = proposal.kind == LedgerDocumentKind::Invoice;
    let mut custom_field = Vec::new();
    custom_field.extend(field(terms.books, &terms.labels.deal, proposal.deal.as_str()));
    let order = proposal.order_number.as_deref();
    let order_field = order
        .zip(terms.labels.order_number.as_deref())
        .and_then(|(number, label)| field(terms.books, label, number));
    // A customer knows its own order number, so the printed memo may carry it.
    let customer_memo = order
        .filter(|_| order_field.is_none())
        .map(|number| Reference { value: order_words(number) });
    custom_field.extend(order_field);
    Ok(Body {
        doc_number: number(proposal, terms),
        txn_date: proposal.effective_on.to_string(),
        due_date: proposal.due_on.filter(|_| invoice).map(|date| date.to_string()),
        customer_ref: Reference { value: proposal.customer.to_string() },
        currency_ref: multi.then(|| Reference { value: proposal.currency.code().to_owned() }),
        exchange_rate: proposal.exchange_rate.filter(|_| foreign).map(Bare),
        global_tax_calculation: (terms.books.sales_tax && !terms.line_codes_are_flags)
            .then_some(NET),
        private_note: note::document_note(&proposal.key, &proposal.deal),
        customer_memo,
        custom_field,
        line: proposal.lines.iter().map(line).collect::<Result<_, _>>()?,
    })
}

/// `PO 4711`; a number that says so itself is left as it is.
fn order_words(number: &str) -> String {
    let says_so = number.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("PO"));
    if says_so { number.to_owned() } else { format!("PO {number}") }
}

/// Our key, where the customer accepts our numbers. Else the company's own scheme: the server
/// numbers by itself, or has to be asked to; a number is never left empty (`quickbooks §3.9`).
fn number(proposal: &ProposedDocument, terms: Terms<'_>) -> Option<String> {
    if terms.own_numbers {
        return Some(proposal.key.to_string());
    }
    match (terms.books.custom_numbers, proposal.kind) {
        (false, _) => None,
        (true, LedgerDocumentKind::Invoice | LedgerDocumentKind::CashSale) => {
            Some(NEXT_NUMBER.to_owned())
        }
        (true, LedgerDocumentKind::CreditMemo) => Some(proposal.key.to_string()),
    }
}

/// A custom field, if it is switched on and the value fits: a cut value would match nothing.
fn field(books: &Books, label: &str, value: &str) -> Option<CustomField> {
    let definition = books.custom_fields.get(label)?;
    (value.chars().count() <= CUSTOM_FIELD_CHARS_MAX).then(|| CustomField {
        definition_id: definition.clone(),
        kind: "StringType",
        string_value: value.to_owned(),
    })
}

fn line(line: &ProposedLine) -> Result<Line, BodyError> {
    let mut amount = line.amount.to_decimal().normalize();
    if amount.scale() > AMOUNT_DECIMALS {
        return Err(BodyError::AmountTooPrecise);
    }
    amount.rescale(AMOUNT_DECIMALS);
    let priced = line.unit_price.filter(|price| multiplies(*price, line.quantity, amount));
    Ok(Line {
        amount: Bare(amount),
        description: line.description.clone(),
        detail_type: "SalesItemLineDetail",
        sales_item_line_detail: Detail {
            item_ref: Reference { value: line.item.to_string() },
            qty: priced.map(|_| Bare(line.quantity.normalize())),
            unit_price: priced.map(|price| Bare(price.normalize())),
            tax_code_ref: line.tax_code.clone().map(|value| Reference { value }),
            service_date: line.service_date.map(|date| date.to_string()),
        },
    })
}

/// Whether the tool would accept price and quantity beside the amount (code 6070). Where it would
/// not, the amount alone is stated, which it takes as it is (`quickbooks §9`).
fn multiplies(price: Decimal, quantity: Decimal, amount: Decimal) -> bool {
    if price.normalize().scale() > PRICE_DECIMALS_MAX {
        return false;
    }
    let product = price.checked_mul(quantity).map(|product| {
        product.round_dp_with_strategy(AMOUNT_DECIMALS, RoundingStrategy::MidpointAwayFromZero)
    });
    product == Some(amount)
}

#[cfg(test)]
pub(crate) mod tests;
