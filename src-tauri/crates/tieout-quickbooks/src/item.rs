//! Products and services (`quickbooks §3.3`).

use tieout_connect::json::{Reading, Record};
use tieout_domain::facts::Item;
use tieout_domain::ids::ItemId;

use crate::books::{TAXED, UNTAXED};
use crate::reading::{Context, plain_name, reference_text, stamp};

/// A heading of the item list; no line can carry it, so it has no code.
const CATEGORY: &str = "Category";

/// The code is the Sku; where a company keeps none, the item's own name stands in for it.
pub(crate) fn read(record: &Record<'_>, context: Context<'_>) -> Reading<Item> {
    let active = record.flag_or_none("Active")?.unwrap_or(true);
    let name = plain_name(&record.text("Name")?, active);
    let kind = record.text_or_none("Type")?.unwrap_or_default();
    let code = match record.text_or_none("Sku")? {
        _ if kind == CATEGORY => None,
        Some(sku) => Some(sku.trim().to_owned()),
        None => Some(name.trim().to_owned()),
    };
    let tax_code = match reference_text(record, "SalesTaxCodeRef")? {
        Some(code) => Some(code),
        None if context.line_codes_are_flags => record
            .flag_or_none("Taxable")?
            .map(|taxed| if taxed { TAXED } else { UNTAXED }.to_owned()),
        None => None,
    };
    Ok(Item {
        id: record.id("Id", ItemId::new)?,
        stamp: stamp(record)?,
        name,
        code,
        kind,
        active,
        tax_code,
    })
}
