//! Lines of documents (`xero §6.5`).

use tieout_connect::json::{Reading, Record};
use tieout_domain::facts::{DocumentLine, QuarantineReason};
use tieout_domain::ids::ItemId;
use tieout_domain::{Currency, Money};

use crate::reading::{list, nested};

/// Line amounts hold their tax.
const INCLUSIVE: &str = "Inclusive";

/// All lines that carry money, in their order. A line of text carries none.
pub(crate) fn read(record: &Record<'_>, currency: Currency) -> Reading<Vec<DocumentLine>> {
    let inclusive = record.raw_text("LineAmountTypes")? == Some(INCLUSIVE);
    let mut lines = Vec::new();
    for line in list(record, "LineItems")? {
        let Some(amount) = line.money_or_none("LineAmount", currency)? else { continue };
        let position = u32::try_from(lines.len() + 1)
            .map_err(|_| line.error("LineItemID", QuarantineReason::OutOfRange))?;
        let item = match nested(&line, "Item")? {
            Some(item) => item.id_or_none("ItemID", ItemId::new)?,
            None => None,
        };
        lines.push(DocumentLine {
            position,
            item,
            description: line.lines_or_none("Description")?,
            quantity: line.decimal_or_none("Quantity")?,
            // A price that holds tax is not the price of a net amount.
            unit_price: match inclusive {
                true => None,
                false => line.decimal_or_none("UnitAmount")?,
            },
            amount: if inclusive { net(&line, amount)? } else { amount },
            tax_code: line.text_or_none("TaxType")?,
        });
    }
    Ok(lines)
}

fn net(line: &Record<'_>, amount: Money) -> Reading<Money> {
    let tax = line.money_or_none("TaxAmount", amount.currency())?;
    let tax = tax.unwrap_or(Money::zero(amount.currency()));
    amount.checked_sub(tax).map_err(|_| line.error("TaxAmount", QuarantineReason::OutOfRange))
}
