//! Reason codes of reconciling items (`finance-domain §9`).

use jiff::Timestamp;
use jiff::civil::Date;
use tieout_domain::Money;
use tieout_domain::facts::LedgerDocumentKind;
use tieout_domain::ids::{ConnectionId, DealId, DocumentId};

use super::log::{Decided, Decision};
use crate::cell::{Cells, Reading};
use crate::error::StoreError;
use crate::store::Store;
use crate::words::{DOCUMENT_KINDS, words};

words! {
    /// How far a reason has come. Only an accepted one explains anything.
    ReasonStanding {
        /// By a rule; a person has not accepted it.
        Proposed = "proposed",
        /// By a person: `decided` says by whom and when.
        Accepted = "accepted",
        /// It explains nothing any more.
        Withdrawn = "withdrawn",
    }
}

/// One reconciling item: a listed, dated, owned and explained part of a difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReasonItem {
    /// Chosen by the caller; saving the same id again replaces what it said.
    pub id: String,
    pub deal: Option<DealId>,
    /// The ledger.
    pub connection: ConnectionId,
    pub document: Option<(LedgerDocumentKind, DocumentId)>,
    /// A stable code of §9.
    pub code: String,
    /// The part of the variance that it explains, with the variance's sign.
    pub amount: Money,
    pub owner: String,
    pub note: String,
    /// Where the proof is.
    pub evidence: Option<String>,
    pub raised: Date,
    /// When it is to clear.
    pub target: Option<Date>,
    pub standing: ReasonStanding,
    pub decided: Decided,
}

impl Store {
    /// Saves an item. False when it already says exactly this.
    pub fn save_reason(&mut self, item: &ReasonItem) -> Result<bool, StoreError> {
        self.decide(item)
    }

    /// Proposed and accepted items as known at a moment (`None`: now).
    pub fn reasons_at(&self, known_at: Option<Timestamp>) -> Result<Vec<ReasonItem>, StoreError> {
        self.decided_at(known_at)
    }

    /// Everything that any item ever said, oldest first.
    pub fn reason_history(&self) -> Result<Vec<ReasonItem>, StoreError> {
        self.decided_ever()
    }
}

impl Decision for ReasonItem {
    const TABLE: &'static str = "accepted_reason";
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "deal",
        "connection",
        "document_kind",
        "document",
        "code",
        "amount_minor",
        "amount_currency",
        "owner",
        "note",
        "evidence",
        "raised_on",
        "target_on",
        "standing",
    ];
    const KEYS: usize = 1;
    const STANDS: &'static str = "standing <> 'withdrawn'";

    fn cells(&self) -> Cells {
        let document = self.document.as_ref();
        Cells::new()
            .text(&self.id)
            .opt_text(self.deal.as_ref().map(DealId::as_str))
            .text(self.connection.as_str())
            .opt_text(document.map(|(kind, _)| DOCUMENT_KINDS.word(*kind)))
            .opt_text(document.map(|(_, id)| id.as_str()))
            .text(&self.code)
            .money(self.amount)
            .text(&self.owner)
            .text(&self.note)
            .opt_text(self.evidence.as_deref())
            .date(self.raised)
            .opt_date(self.target)
            .text(self.standing.as_str())
    }

    fn read(cells: &mut Reading, decided: Decided) -> Result<Self, StoreError> {
        let (id, deal) = (cells.text()?, cells.opt_id(DealId::new)?);
        let connection = cells.id(ConnectionId::new)?;
        let kind = cells.opt_word(|word| DOCUMENT_KINDS.parse(word))?;
        let document = kind.zip(cells.opt_id(DocumentId::new)?);
        Ok(Self {
            id,
            deal,
            connection,
            document,
            code: cells.text()?,
            amount: cells.money()?,
            owner: cells.text()?,
            note: cells.text()?,
            evidence: cells.opt_text()?,
            raised: cells.date()?,
            target: cells.opt_date()?,
            standing: cells.word(ReasonStanding::parse)?,
            decided,
        })
    }

    fn decided(&self) -> &Decided {
        &self.decided
    }

    fn verb(&self) -> &'static str {
        self.standing.as_str()
    }
}
