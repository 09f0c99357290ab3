//! Price, quantity, discount and charges, from the lines of deal and documents.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::code::ReasonCode;
use super::input::{ReasonDocument, ReasonInput, ReasonLine};
use super::propose::Draft;
use crate::ids::{DocumentId, ItemId};
use crate::line::line_amount;
use crate::money::{Money, MoneyError};

/// Lines can be compared when everything is due, every deal line is mapped, every document belongs
/// to the deal whole, and at least one item stands on both sides.
pub(super) fn comparable(input: &ReasonInput<'_>, left_out: &[DocumentId]) -> bool {
    let whole = |bill: &ReasonDocument<'_>| bill.allocated == bill.document.net;
    let mut bills = compared(input, left_out);
    let all_due = input.contract == input.expected;
    let mapped = input.lines.iter().all(|line| line.item.is_some());
    let common = common(input, left_out);
    all_due && mapped && common && bills.all(whole)
}

/// Whether an item of the deal stands on a document: without one, a document is a deposit or a
/// milestone by words only.
pub(super) fn any_in_common(input: &ReasonInput<'_>) -> bool {
    common(input, &[])
}

fn common(input: &ReasonInput<'_>, left_out: &[DocumentId]) -> bool {
    let sold: BTreeSet<&ItemId> =
        input.lines.iter().filter_map(|line| line.item.as_ref()).collect();
    compared(input, left_out)
        .flat_map(|bill| &bill.document.lines)
        .filter_map(|line| line.item.as_ref())
        .any(|item| sold.contains(item))
}

fn compared<'a>(
    input: &ReasonInput<'a>,
    left_out: &[DocumentId],
) -> impl Iterator<Item = &'a ReasonDocument<'a>> {
    input.bills().filter(move |bill| !left_out.contains(&bill.document.id))
}

/// What the deal says about one item, over all its lines.
struct Sold {
    quantity: Decimal,
    total: Money,
    /// The same on every line, else `None`.
    unit_price: Option<Decimal>,
    discounted: bool,
    name: String,
}

/// What the documents say about one item.
struct Invoiced {
    /// `None`: a line states no quantity.
    quantity: Option<Decimal>,
    amount: Money,
}

pub(super) fn explain(
    input: &ReasonInput<'_>,
    draft: &mut Draft,
    left_out: &[DocumentId],
) -> Result<(), MoneyError> {
    let sold = sold(input)?;
    let (invoiced, charges) = invoiced(input, left_out, &sold)?;
    for (item, sold) in &sold {
        match invoiced.get(item) {
            Some(invoiced) => compare(input, draft, sold, invoiced)?,
            None => {
                let evidence = format!("`{}` is sold and on no invoice.", sold.name);
                draft.explain(ReasonCode::PartialBill, sold.total.negated()?, evidence)?;
            }
        }
    }
    for (amount, text) in charges {
        let (code, what) = if amount.is_negative() {
            (ReasonCode::Discount, "A discount that the deal does not have")
        } else {
            (ReasonCode::ShippingFee, "A charge that is no product of the deal")
        };
        draft.explain(code, amount, format!("{what}: `{text}` {}.", amount.in_words()))?;
    }
    Ok(())
}

fn sold(input: &ReasonInput<'_>) -> Result<BTreeMap<ItemId, Sold>, MoneyError> {
    let mut sold: BTreeMap<ItemId, Sold> = BTreeMap::new();
    for ReasonLine { line, item } in input.lines {
        let Some(item) = item.clone() else { continue };
        let discounted = line.discount.is_some_and(|discount| !discount.is_zero());
        match sold.get_mut(&item) {
            None => {
                let name = line.description.clone().or_else(|| line.product_code.clone());
                let entry = Sold {
                    quantity: line.quantity,
                    total: line.total,
                    unit_price: line.unit_price,
                    discounted,
                    name: name.unwrap_or_else(|| item.to_string()),
                };
                sold.insert(item, entry);
            }
            Some(entry) => {
                entry.quantity =
                    entry.quantity.checked_add(line.quantity).ok_or(MoneyError::OutOfRange)?;
                entry.total = entry.total.checked_add(line.total)?;
                entry.unit_price = entry.unit_price.filter(|price| Some(*price) == line.unit_price);
                entry.discounted |= discounted;
            }
        }
    }
    Ok(sold)
}

type Charges = Vec<(Money, String)>;

fn invoiced(
    input: &ReasonInput<'_>,
    left_out: &[DocumentId],
    sold: &BTreeMap<ItemId, Sold>,
) -> Result<(BTreeMap<ItemId, Invoiced>, Charges), MoneyError> {
    let mut invoiced: BTreeMap<ItemId, Invoiced> = BTreeMap::new();
    let mut charges = Charges::new();
    for line in compared(input, left_out).flat_map(|bill| &bill.document.lines) {
        let Some(item) = line.item.as_ref().filter(|item| sold.contains_key(*item)) else {
            let text =
                line.description.clone().unwrap_or_else(|| format!("line {}", line.position));
            charges.push((line.amount, text));
            continue;
        };
        match invoiced.get_mut(item) {
            None => {
                let entry = Invoiced { quantity: line.quantity, amount: line.amount };
                invoiced.insert(item.clone(), entry);
            }
            Some(entry) => {
                let both = entry.quantity.zip(line.quantity);
                entry.quantity = both.and_then(|(a, b)| a.checked_add(b));
                entry.amount = entry.amount.checked_add(line.amount)?;
            }
        }
    }
    Ok((invoiced, charges))
}

/// Quantity first, at the price of the deal; what is left is price or a discount not given.
fn compare(
    input: &ReasonInput<'_>,
    draft: &mut Draft,
    sold: &Sold,
    invoiced: &Invoiced,
) -> Result<(), MoneyError> {
    let by_quantity = by_quantity(sold, invoiced)?;
    if let Some(quantity) = invoiced.quantity {
        let evidence = format!(
            "`{}`: {} sold, {} invoiced.",
            sold.name,
            sold.quantity.normalize(),
            quantity.normalize()
        );
        draft.explain(ReasonCode::Qty, by_quantity, evidence)?;
    }
    let rest = invoiced.amount.checked_sub(sold.total)?.checked_sub(by_quantity)?;
    if draft.is_small(rest, input) {
        return Ok(());
    }
    let code = if at_list_price(sold, invoiced) { ReasonCode::Discount } else { ReasonCode::Price };
    let (total, amount) = (sold.total.in_words(), invoiced.amount.in_words());
    let evidence = format!("`{}`: sold for {total}, invoiced for {amount}.", sold.name);
    draft.explain(code, rest, evidence)
}

fn by_quantity(sold: &Sold, invoiced: &Invoiced) -> Result<Money, MoneyError> {
    let nothing = Money::zero(sold.total.currency());
    let Some(quantity) = invoiced.quantity.filter(|_| !sold.quantity.is_zero()) else {
        return Ok(nothing);
    };
    let more = quantity.checked_sub(sold.quantity).ok_or(MoneyError::OutOfRange)?;
    let amount = sold.total.to_decimal().checked_mul(more).ok_or(MoneyError::OutOfRange)?;
    let amount = amount.checked_div(sold.quantity).ok_or(MoneyError::OutOfRange)?;
    Money::round_half_up(amount, sold.total.currency())
}

/// The deal gives a discount and the invoice bills the price before it.
fn at_list_price(sold: &Sold, invoiced: &Invoiced) -> bool {
    let (Some(price), Some(quantity)) = (sold.unit_price, invoiced.quantity) else {
        return false;
    };
    let list = line_amount(quantity, price, Decimal::ZERO, sold.total.currency());
    sold.discounted && list == Ok(invoiced.amount)
}
