//! What a line needs to know of its item (`xero §6.3`, `§6.5`).

use std::collections::BTreeMap;

use serde_json::Value;
use tieout_connect::json::{Reading, Record};
use tieout_connect::ports::Answer;
use tieout_domain::ids::ItemId;

use crate::door::{Door, malformed};
use crate::kind::Kind;
use crate::reading::nested;
use crate::request::Request;

/// The sales side of one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Price {
    pub code: String,
    pub account: Option<String>,
    pub tax_code: Option<String>,
}

/// All items by their id; the list comes whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Prices(BTreeMap<String, Price>);

impl Prices {
    pub async fn load(door: &Door) -> Answer<Self> {
        let answered = door.read(&Request::list(Kind::Item)).await?;
        let mut prices = Self::default();
        for raw in answered.records(Kind::Item.name())? {
            let value: Value = serde_json::from_str(raw.get()).map_err(|_| malformed("Items"))?;
            let read = Record::of(&value).and_then(|record| read(&record));
            // An item that cannot be read is kept aside by its feed; no line can name it.
            prices.0.extend(read.ok());
        }
        Ok(prices)
    }

    #[cfg(test)]
    pub fn of_one(item: &str, price: Price) -> Self {
        Self(BTreeMap::from([(item.to_owned(), price)]))
    }

    pub fn of(&self, item: &ItemId) -> Option<&Price> {
        self.0.get(item.as_str())
    }
}

fn read(record: &Record<'_>) -> Reading<(String, Price)> {
    let sales = nested(record, "SalesDetails")?;
    let text = |field: &str| match &sales {
        Some(sales) => sales.text_or_none(field),
        None => Ok(None),
    };
    let price = Price {
        code: record.text("Code")?,
        account: text("AccountCode")?,
        tax_code: text("TaxType")?,
    };
    Ok((record.text("ItemID")?, price))
}
