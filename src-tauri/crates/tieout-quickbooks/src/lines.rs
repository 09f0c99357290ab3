//! Product lines of sales forms, bundles unfolded (`quickbooks-fields`, Line).

use std::vec::IntoIter;

use tieout_connect::json::{Reading, Record};
use tieout_domain::facts::{DocumentLine, QuarantineReason};
use tieout_domain::ids::ItemId;
use tieout_domain::{Currency, Money};

use crate::reading::{reference, reference_text};

/// How deep bundles may nest; the tool itself allows one level.
const GROUP_DEPTH_MAX: usize = 4;

/// All lines that carry money, in their order. Lines of a bundle stand for the bundle, whose own
/// amount is their sum; subtotals and lines of text carry none.
pub(crate) fn read(record: &Record<'_>, currency: Currency) -> Reading<Vec<DocumentLine>> {
    let mut lines = Vec::new();
    let mut open: Vec<IntoIter<Record<'_>>> = vec![record.records("Line")?.into_iter()];
    while let Some(level) = open.last_mut() {
        let Some(line) = level.next() else {
            open.pop();
            continue;
        };
        let position = u32::try_from(lines.len() + 1)
            .map_err(|_| line.error("LineNum", QuarantineReason::OutOfRange))?;
        match line.raw_text("DetailType")? {
            Some("GroupLineDetail") => {
                if open.len() >= GROUP_DEPTH_MAX {
                    return Err(line.error("GroupLineDetail", QuarantineReason::OutOfRange));
                }
                open.push(line.record("GroupLineDetail")?.records("Line")?.into_iter());
            }
            Some("SubTotalLineDetail" | "DescriptionOnly" | "TaxLineDetail") => {}
            Some("SalesItemLineDetail") => lines.push(sales_line(&line, position, currency)?),
            Some("DiscountLineDetail") => lines.push(discount_line(&line, position, currency)?),
            _ => lines.extend(other_line(&line, position, currency)?),
        }
    }
    Ok(lines)
}

fn sales_line(line: &Record<'_>, position: u32, currency: Currency) -> Reading<DocumentLine> {
    let amount = line.money("Amount", currency)?;
    let mut sold = plain_line(line, position, amount)?;
    if let Some(detail) = line.record_or_none("SalesItemLineDetail")? {
        sold.item = reference(&detail, "ItemRef", ItemId::new)?;
        sold.quantity = detail.decimal_or_none("Qty")?;
        sold.unit_price = detail.decimal_or_none("UnitPrice")?;
        sold.tax_code = reference_text(&detail, "TaxCodeRef")?;
    }
    Ok(sold)
}

/// A discount is stated as a positive amount and acts against the others.
fn discount_line(line: &Record<'_>, position: u32, currency: Currency) -> Reading<DocumentLine> {
    let amount = line
        .money("Amount", currency)?
        .negated()
        .map_err(|_| line.error("Amount", QuarantineReason::OutOfRange))?;
    plain_line(line, position, amount)
}

/// A kind of line that we do not know: its amount counts, nothing else of it is understood.
fn other_line(
    line: &Record<'_>,
    position: u32,
    currency: Currency,
) -> Reading<Option<DocumentLine>> {
    match line.money_or_none("Amount", currency)? {
        Some(amount) => plain_line(line, position, amount).map(Some),
        None => Ok(None),
    }
}

fn plain_line(line: &Record<'_>, position: u32, amount: Money) -> Reading<DocumentLine> {
    Ok(DocumentLine {
        position,
        item: None,
        description: line.lines_or_none("Description")?,
        quantity: None,
        unit_price: None,
        amount,
        tax_code: None,
    })
}
