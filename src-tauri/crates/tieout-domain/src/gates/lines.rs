//! The gates that look at product lines: R1, and currency and tax per line.

use super::GateInput;
use super::finding::{GateDetail, NamedLine};
use crate::currency::Currency;
use crate::facts::DealLine;
use crate::identity::ItemMapping;
use crate::money::{Money, MoneyError};

/// Adds the lines. `Err(None)`: a line is in another currency, which `line_details` reports.
pub(super) fn line_sum(
    currency: Currency,
    lines: &[&DealLine],
) -> Result<Money, Option<GateDetail>> {
    Money::sum(currency, lines.iter().map(|line| line.total)).map_err(|error| match error {
        MoneyError::CurrencyMismatch(..) => None,
        _ => Some(GateDetail::LinesOutOfRange),
    })
}

pub(super) fn line_details(input: &GateInput<'_>) -> Vec<GateDetail> {
    let lines = input.live_lines();
    if lines.is_empty() {
        let unread = input.deal.has_lines && input.lines.is_empty();
        return vec![if unread { GateDetail::LinesNotRead } else { GateDetail::NoLines }];
    }
    let mut details = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let named = named(input, line, at + 1);
        details.extend(item_detail(input, line, &named));
        if line.total.currency() != input.deal.currency {
            details.push(GateDetail::LineCurrency {
                line: named.clone(),
                currency: line.total.currency(),
            });
        }
        details.extend(tax_detail(input, line, &named));
    }
    details
}

fn named(input: &GateInput<'_>, line: &DealLine, place: usize) -> NamedLine {
    let product = input.product(line).map(|product| product.name.clone());
    let product = product.or_else(|| line.product_code.clone());
    NamedLine { id: line.id.clone(), place, product: product.or_else(|| line.description.clone()) }
}

fn item_detail(input: &GateInput<'_>, line: &DealLine, named: &NamedLine) -> Option<GateDetail> {
    let named = named.clone();
    if line.product.is_none() {
        return Some(GateDetail::LineWithoutProduct { line: named });
    }
    let Some(product) = input.product(line).filter(|product| !product.stamp.deleted) else {
        return Some(GateDetail::ProductNotRead { line: named });
    };
    let code = product.external_id.as_deref().unwrap_or_default().trim().to_owned();
    match input.items.map(product.external_id.as_deref()) {
        ItemMapping::Mapped(_) => None,
        ItemMapping::NoCode => Some(GateDetail::NoItemCode { line: named }),
        ItemMapping::NoItem => Some(GateDetail::NoItem { line: named, code }),
        ItemMapping::Inactive(item) => Some(GateDetail::ItemInactive { line: named, code, item }),
        ItemMapping::Duplicate(items) => {
            Some(GateDetail::ItemDuplicate { line: named, code, items })
        }
        ItemMapping::CaseCollision(items) => {
            Some(GateDetail::ItemCaseCollision { line: named, code, items })
        }
    }
}

/// A ledger without codes determines tax by itself, and then no code is unmapped.
fn tax_detail(input: &GateInput<'_>, line: &DealLine, named: &NamedLine) -> Option<GateDetail> {
    let code = input.tax_code(line)?;
    let known = &input.rules.tax_codes;
    if known.is_empty() || known.iter().any(|entry| entry == code) {
        return None;
    }
    Some(GateDetail::TaxCodeUnmapped { line: named.clone(), code: code.to_owned() })
}
