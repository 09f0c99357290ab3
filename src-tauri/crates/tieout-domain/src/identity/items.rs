//! Which item of a ledger a product is (`finance-domain §6 R1`): exact after trimming, one active
//! item, nothing guessed.

use std::collections::BTreeMap;

use crate::facts::{Item, Product};
use crate::ids::{ItemId, ProductId};

/// Where a product's external id leads. Only `Mapped` may be invoiced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ItemMapping {
    Mapped(ItemId),
    /// The product has no external id.
    NoCode,
    /// No item has this code.
    NoItem,
    /// `ITEM_INACTIVE`.
    Inactive(ItemId),
    /// Several active items have this code.
    Duplicate(Vec<ItemId>),
    /// Active items whose codes differ from it, or from each other, only in case.
    CaseCollision(Vec<ItemId>),
}

/// The items of one ledger by their codes.
#[derive(Clone, Debug, Default)]
pub struct ItemIndex<'a> {
    by_folded_code: BTreeMap<String, Vec<&'a Item>>,
}

impl<'a> ItemIndex<'a> {
    /// Deleted items and items without a code are left out.
    pub fn new(items: impl IntoIterator<Item = &'a Item>) -> Self {
        let mut by_folded_code: BTreeMap<String, Vec<&Item>> = BTreeMap::new();
        for item in items {
            let code = code_of(item);
            if !code.is_empty() && !item.stamp.deleted {
                by_folded_code.entry(code.to_lowercase()).or_default().push(item);
            }
        }
        for sharing in by_folded_code.values_mut() {
            sharing.sort_by(|a, b| a.id.cmp(&b.id));
        }
        Self { by_folded_code }
    }

    /// Follows a product's external id.
    pub fn map(&self, external_id: Option<&str>) -> ItemMapping {
        let code = external_id.unwrap_or_default().trim();
        if code.is_empty() {
            return ItemMapping::NoCode;
        }
        let Some(sharing) = self.by_folded_code.get(&code.to_lowercase()) else {
            return ItemMapping::NoItem;
        };
        let active: Vec<&Item> = sharing.iter().copied().filter(|item| item.active).collect();
        let ids = || active.iter().map(|item| item.id.clone()).collect::<Vec<_>>();
        match active.as_slice() {
            several if several.iter().any(|item| code_of(item) != code) => {
                ItemMapping::CaseCollision(ids())
            }
            [one] => ItemMapping::Mapped(one.id.clone()),
            [] => sharing
                .iter()
                .find(|item| code_of(item) == code)
                .map_or(ItemMapping::NoItem, |item| ItemMapping::Inactive(item.id.clone())),
            _ => ItemMapping::Duplicate(ids()),
        }
    }
}

fn code_of(item: &Item) -> &str {
    item.code.as_deref().unwrap_or_default().trim()
}

/// Codes that several active products carry: shown in the mapping workbench, no gate by itself.
pub fn codes_of_several_products<'a>(
    products: impl IntoIterator<Item = &'a Product>,
) -> BTreeMap<String, Vec<ProductId>> {
    let mut by_code: BTreeMap<String, Vec<ProductId>> = BTreeMap::new();
    for product in products {
        let code = product.external_id.as_deref().unwrap_or_default().trim();
        if !code.is_empty() && product.active && !product.stamp.deleted {
            by_code.entry(code.to_owned()).or_default().push(product.id.clone());
        }
    }
    by_code.retain(|_, products| products.len() > 1);
    by_code.values_mut().for_each(|products| products.sort());
    by_code
}
