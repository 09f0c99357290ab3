//! A person's word on deals and documents (`finance-domain §7`, tier M).

use jiff::Timestamp;
use tieout_domain::Money;
use tieout_domain::facts::LedgerDocumentKind;
use tieout_domain::ids::{ConnectionId, DealId, DocumentId};

use super::log::{Decided, Decision};
use crate::cell::{Cells, Reading};
use crate::error::StoreError;
use crate::store::Store;
use crate::words::{DOCUMENT_KINDS, words};

words! {
    /// What a person says about a deal and a document.
    LinkVerdict {
        /// They belong together.
        Link = "link",
        /// Nothing is said any more: whatever a person said before is taken back.
        Unlink = "unlink",
        /// They do not belong together, whatever a rule suggests.
        Exclude = "exclude",
    }
}

/// Whether a document belongs to a deal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DealDocumentLink {
    pub deal: DealId,
    /// The ledger.
    pub connection: ConnectionId,
    pub document_kind: LedgerDocumentKind,
    pub document: DocumentId,
    pub verdict: LinkVerdict,
    /// The part of the document's net total that is this deal's. `None`: what is not allocated yet.
    pub allocated: Option<Money>,
    pub decided: Decided,
}

impl Store {
    /// Saves a person's word. False when it already holds.
    pub fn save_deal_document_link(&mut self, link: &DealDocumentLink) -> Result<bool, StoreError> {
        self.decide(link)
    }

    /// Links and exclusions of pairs as known at a moment (`None`: now).
    pub fn deal_document_links_at(
        &self,
        known_at: Option<Timestamp>,
    ) -> Result<Vec<DealDocumentLink>, StoreError> {
        self.decided_at(known_at)
    }

    /// Everything that was said, oldest first.
    pub fn deal_document_link_history(&self) -> Result<Vec<DealDocumentLink>, StoreError> {
        self.decided_ever()
    }
}

impl Decision for DealDocumentLink {
    const TABLE: &'static str = "deal_document_link";
    const COLUMNS: &'static [&'static str] = &[
        "deal",
        "connection",
        "document_kind",
        "document",
        "verdict",
        "allocated_minor",
        "allocated_currency",
    ];
    const KEYS: usize = 4;
    const STANDS: &'static str = "verdict <> 'unlink'";

    fn cells(&self) -> Cells {
        Cells::new()
            .text(self.deal.as_str())
            .text(self.connection.as_str())
            .text(DOCUMENT_KINDS.word(self.document_kind))
            .text(self.document.as_str())
            .text(self.verdict.as_str())
            .opt_money(self.allocated)
    }

    fn read(cells: &mut Reading, decided: Decided) -> Result<Self, StoreError> {
        Ok(Self {
            deal: cells.id(DealId::new)?,
            connection: cells.id(ConnectionId::new)?,
            document_kind: cells.word(|word| DOCUMENT_KINDS.parse(word))?,
            document: cells.id(DocumentId::new)?,
            verdict: cells.word(LinkVerdict::parse)?,
            allocated: cells.opt_money()?,
            decided,
        })
    }

    fn decided(&self) -> &Decided {
        &self.decided
    }

    fn verb(&self) -> &'static str {
        match self.verdict {
            LinkVerdict::Link => "linked",
            LinkVerdict::Unlink => "unlinked",
            LinkVerdict::Exclude => "excluded",
        }
    }
}
