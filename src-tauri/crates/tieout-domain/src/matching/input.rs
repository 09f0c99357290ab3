//! What matching looks at: plain copies of facts, of one ledger and one moment.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::currency::Currency;
use crate::effect::TransactionKey;
use crate::facts::{DocumentStatus, LedgerDocumentKind};
use crate::identity::CustomersOfAccount;
use crate::ids::{AccountId, CustomerId, DealId, DocumentId, ItemId};
use crate::money::Money;

/// Names one document: ids are unique within one kind only.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentRef {
    pub kind: LedgerDocumentKind,
    pub id: DocumentId,
}

impl DocumentRef {
    /// An invoice by its id.
    pub fn invoice(id: DocumentId) -> Self {
        Self { kind: LedgerDocumentKind::Invoice, id }
    }
}

/// A deal as matching sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchDeal {
    pub id: DealId,
    pub account: Option<AccountId>,
    pub currency: Currency,
    /// Contract amount net of tax, in `currency`; negative for a downsell or return. Unknown is
    /// not zero: such a deal is linked by keys and references only.
    pub net: Option<Money>,
    pub close_date: Date,
    /// Won and not deleted, as known now. Others keep their keys and references, nothing more.
    pub won: bool,
    pub order_number: Option<String>,
    /// The deal's own number or reference, as an agreed invoice field may carry it.
    pub reference: Option<String>,
    /// Ids or numbers of invoices that are stored on the deal.
    pub stored_documents: Vec<String>,
    /// Our transaction keys of every intent of this deal.
    pub keys: Vec<TransactionKey>,
    /// Mapped items of the deal's lines.
    pub items: BTreeSet<ItemId>,
}

/// What a credit memo settles, as the ledger states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreditApplication {
    pub invoice: DocumentRef,
    /// Incl. tax, positive.
    pub amount: Money,
    /// The latest of the application's, the credit's and the invoice's own date (`§3 D6`).
    pub effective_on: Date,
}

/// A ledger document as matching sees it. Amounts are positive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchDocument {
    pub reference: DocumentRef,
    pub number: Option<String>,
    pub customer: CustomerId,
    pub currency: Currency,
    pub effective_on: Date,
    pub net: Money,
    /// Incl. tax; the weight base for the applied share of a credit memo.
    pub total: Money,
    pub status: DocumentStatus,
    pub key: Option<TransactionKey>,
    /// Deal id or number in an agreed field. Text of a memo is no evidence and is not here.
    pub deal_reference: Option<String>,
    pub order_number: Option<String>,
    pub items: BTreeSet<ItemId>,
    /// Credit memos: invoices that an explicit field names.
    pub credited_invoices: Vec<DocumentRef>,
    /// Credit memos: what they are applied to.
    pub applications: Vec<CreditApplication>,
}

/// What a person said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decided {
    /// The document belongs to the deal, with this share of its net; `None`: what is left, shared
    /// by the deals' open amounts where there are several.
    Belongs { deal: DealId, document: DocumentRef, allocated: Option<Money> },
    /// It does not, whatever a rule says. Unlinking is this.
    DoesNotBelong { deal: DealId, document: DocumentRef },
    /// No deal: legitimately outside the CRM, intercompany and the like.
    DocumentAside { document: DocumentRef },
    /// The deal is excluded: no rule suggests anything for it.
    DealAside { deal: DealId },
}

/// A decision with its author. Only decisions that hold are given; the latest about a pair counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    pub decided: Decided,
    pub by: String,
    pub reason: String,
    pub at: Timestamp,
}

/// What the company chose. Nothing else is a tolerance of matching (K4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MatchPolicy {
    /// Minor units of the document currency.
    pub rounding_limit_minor: u32,
    /// Tier 3: the first day of the window, counted from the close date.
    pub window_before_days: u32,
    /// Tier 3: the last day of the window, counted from the close date.
    pub window_after_days: u32,
    /// Tier 3 confirms instead of suggesting.
    pub confirm_amount_in_window: bool,
}

impl Default for MatchPolicy {
    fn default() -> Self {
        Self {
            rounding_limit_minor: 5,
            window_before_days: 7,
            window_after_days: 45,
            confirm_amount_in_window: false,
        }
    }
}

/// One ledger's deals and documents. Ids are unique within their kind.
#[derive(Clone, Copy, Debug)]
pub struct MatchInput<'a> {
    pub deals: &'a [MatchDeal],
    pub documents: &'a [MatchDocument],
    /// Confirmed links only (`identity::Clusters::customers_in`).
    pub customers: &'a CustomersOfAccount,
    pub decisions: &'a [Decision],
    pub policy: MatchPolicy,
}
