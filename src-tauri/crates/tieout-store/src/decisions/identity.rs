//! Who is whom: Accounts and customers, products and items (`finance-domain §4`, gates R1 and R2).

use jiff::Timestamp;
use tieout_domain::ids::{AccountId, ConnectionId, CustomerId, ItemId, ProductId};

use super::log::{Decided, Decision};
use crate::cell::{Cells, Reading};
use crate::error::StoreError;
use crate::store::Store;

/// A CRM Account is, or is no longer, a customer of a ledger. Many to many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityLink {
    pub account: AccountId,
    /// The ledger.
    pub connection: ConnectionId,
    pub customer: CustomerId,
    /// False takes the link away.
    pub linked: bool,
    /// What it rests on: `external_id`, `tax_number`, `created`, `person`, …, or `WITHDRAWN`.
    pub basis: String,
    pub decided: Decided,
}

impl IdentityLink {
    /// The basis of a word that takes back whatever was said about the pair before: nothing is
    /// said any more, and rules may speak again.
    pub const WITHDRAWN: &'static str = "withdrawn";
}

/// Which item of a ledger stands for a product of the CRM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemMapping {
    /// The ledger.
    pub connection: ConnectionId,
    pub product: ProductId,
    pub item: ItemId,
    /// False takes the mapping away.
    pub active: bool,
    pub decided: Decided,
}

impl Store {
    /// Links or unlinks. False when it already holds.
    pub fn save_identity_link(&mut self, link: &IdentityLink) -> Result<bool, StoreError> {
        self.decide(link)
    }

    /// The last word on each pair as known at a moment (`None`: now). A pair that was taken apart
    /// is among them, not `linked`: a rule must not put it together again.
    pub fn identity_links_at(
        &self,
        known_at: Option<Timestamp>,
    ) -> Result<Vec<IdentityLink>, StoreError> {
        self.decided_at(known_at)
    }

    /// Every link and unlink, oldest first.
    pub fn identity_link_history(&self) -> Result<Vec<IdentityLink>, StoreError> {
        self.decided_ever()
    }

    /// Maps or unmaps a product. False when it already holds.
    pub fn save_item_mapping(&mut self, mapping: &ItemMapping) -> Result<bool, StoreError> {
        self.decide(mapping)
    }

    /// The mappings as known at a moment (`None`: now): at most one item per product and ledger.
    pub fn item_mappings_at(
        &self,
        known_at: Option<Timestamp>,
    ) -> Result<Vec<ItemMapping>, StoreError> {
        self.decided_at(known_at)
    }

    /// Every mapping, oldest first.
    pub fn item_mapping_history(&self) -> Result<Vec<ItemMapping>, StoreError> {
        self.decided_ever()
    }
}

impl Decision for IdentityLink {
    const TABLE: &'static str = "identity_link";
    const COLUMNS: &'static [&'static str] =
        &["account", "connection", "customer", "linked", "basis"];
    const KEYS: usize = 3;
    const STANDS: &'static str = "basis <> 'withdrawn'";

    fn cells(&self) -> Cells {
        Cells::new()
            .text(self.account.as_str())
            .text(self.connection.as_str())
            .text(self.customer.as_str())
            .flag(self.linked)
            .text(&self.basis)
    }

    fn read(cells: &mut Reading, decided: Decided) -> Result<Self, StoreError> {
        Ok(Self {
            account: cells.id(AccountId::new)?,
            connection: cells.id(ConnectionId::new)?,
            customer: cells.id(CustomerId::new)?,
            linked: cells.flag()?,
            basis: cells.text()?,
            decided,
        })
    }

    fn decided(&self) -> &Decided {
        &self.decided
    }

    fn verb(&self) -> &'static str {
        match (self.basis.as_str(), self.linked) {
            (Self::WITHDRAWN, _) => "withdrawn",
            (_, true) => "linked",
            (_, false) => "unlinked",
        }
    }
}

impl Decision for ItemMapping {
    const TABLE: &'static str = "item_mapping";
    const COLUMNS: &'static [&'static str] = &["connection", "product", "item", "active"];
    const KEYS: usize = 2;
    const STANDS: &'static str = "active = 1";

    fn cells(&self) -> Cells {
        Cells::new()
            .text(self.connection.as_str())
            .text(self.product.as_str())
            .text(self.item.as_str())
            .flag(self.active)
    }

    fn read(cells: &mut Reading, decided: Decided) -> Result<Self, StoreError> {
        Ok(Self {
            connection: cells.id(ConnectionId::new)?,
            product: cells.id(ProductId::new)?,
            item: cells.id(ItemId::new)?,
            active: cells.flag()?,
            decided,
        })
    }

    fn decided(&self) -> &Decided {
        &self.decided
    }

    fn verb(&self) -> &'static str {
        if self.active { "mapped" } else { "unmapped" }
    }
}
