//! `Product2` (`salesforce §7 Product2`).

use tieout_connect::json::{Reading, Record};
use tieout_domain::facts::Product;
use tieout_domain::ids::ProductId;

use super::{Context, chosen_text, stamp};

pub(super) fn product(record: &Record<'_>, context: Context<'_>) -> Reading<Product> {
    Ok(Product {
        id: record.id("Id", ProductId::new)?,
        stamp: stamp(record, "SystemModstamp")?,
        name: record.text("Name")?,
        code: record.text_or_none("ProductCode")?,
        external_id: chosen_text(record, Some(&context.choices.item_code))?,
        family: record.text_or_none("Family")?,
        active: record.flag_or_none("IsActive")?.unwrap_or(true),
    })
}
