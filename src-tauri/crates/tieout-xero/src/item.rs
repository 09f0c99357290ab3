//! Items (`xero §6.3`).

use jiff::Timestamp;
use tieout_connect::json::{Reading, Record};
use tieout_domain::facts::{Item, Stamp};
use tieout_domain::ids::ItemId;

use crate::reading::{is_on, nested, stamp};

/// The version word of an item that carries no change time.
const NO_STAMP: &str = "none";

/// An item that is not sold cannot stand on an invoice.
pub(crate) fn read(record: &Record<'_>) -> Reading<Item> {
    let code = record.text("Code")?.trim().to_owned();
    let tracked = is_on(record, "IsTrackedAsInventory")?.unwrap_or(false);
    let sales = nested(record, "SalesDetails")?;
    let name = record.text_or_none("Name")?;
    Ok(Item {
        id: record.id("ItemID", ItemId::new)?,
        stamp: item_stamp(record)?,
        name: name.unwrap_or_else(|| code.clone()),
        code: Some(code),
        kind: if tracked { "tracked" } else { "untracked" }.to_owned(),
        active: is_on(record, "IsSold")?.unwrap_or(true),
        tax_code: match sales {
            Some(sales) => sales.text_or_none("TaxType")?,
            None => None,
        },
    })
}

fn item_stamp(record: &Record<'_>) -> Reading<Stamp> {
    if record.has("UpdatedDateUTC") {
        return stamp(record, false);
    }
    let (version, modified_at) = (NO_STAMP.to_owned(), Timestamp::UNIX_EPOCH);
    Ok(Stamp { version, modified_at, deleted: false })
}
