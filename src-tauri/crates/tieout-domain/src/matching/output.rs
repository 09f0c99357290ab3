//! What matching says: links, what it refused to decide, and what is left over.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::evidence::Evidence;
use super::input::DocumentRef;
use crate::allocate::AllocateError;
use crate::ids::{DealId, DocumentId};
use crate::money::{Money, MoneyError};
use crate::reasons::ReasonCode;

/// How strong the evidence of a link is (`finance-domain §7`), strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// M: a person, with a reason.
    Person,
    /// 0: our key.
    Key,
    /// 1: an explicit reference, also one that a credit memo makes to a linked invoice.
    Reference,
    /// 2: order number and exactly equal net.
    OrderNumber,
    /// 3: net within the rounding limit, date in the window.
    Amount,
    /// 4: a sum of several.
    Sum,
    /// 5: scored.
    Score,
}

impl Tier {
    /// The name in `finance-domain §7`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Person => "M",
            Self::Key => "0",
            Self::Reference => "1",
            Self::OrderNumber => "2",
            Self::Amount => "3",
            Self::Sum => "4",
            Self::Score => "5",
        }
    }
}

/// Which way a linked document acts on the deal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkKind {
    /// An invoice of a deal, or the credit memo that a negative deal expects.
    Bills,
    /// A credit memo that takes billing back.
    Credits,
}

/// Whether a link feeds figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkState {
    /// Feeds the figures of `finance-domain §8`.
    Confirmed,
    /// Shown beside them.
    Suggested,
}

/// A document, or a share of it, that belongs to a deal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub deal: DealId,
    pub document: DocumentRef,
    pub kind: LinkKind,
    /// Share of the document's net; zero or more. Zero for a voided, deleted or free document that
    /// is known to be the deal's.
    pub allocated: Money,
    /// From when the share counts: the accounting date, or the application's date for the applied
    /// share of a credit memo.
    pub effective_on: Date,
    pub tier: Tier,
    pub state: LinkState,
    pub evidence: Evidence,
}

/// Why explicit evidence is no link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConflictReason {
    /// Deal and document are in different currencies.
    Currency,
    /// The document's customer is not the deal's customer.
    Customer,
    /// An invoice for a negative deal, or a credit memo for a deal that never was billed.
    Sign,
    /// A person decided otherwise; the decision holds (K5).
    PersonDecided,
    /// A person gave away more than the document's net.
    OverAllocated,
}

impl ConflictReason {
    /// Stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Currency => "CURRENCY_MISMATCH",
            Self::Customer => "CUSTOMER_MISMATCH",
            Self::Sign => "SIGN_MISMATCH",
            Self::PersonDecided => "PERSON_DECIDED",
            Self::OverAllocated => "OVER_ALLOCATED",
        }
    }

    /// The zero-tolerance item that the conflict raises (`finance-domain §7 K1, §8 V3`).
    pub const fn zero_tolerance(self) -> Option<ReasonCode> {
        match self {
            Self::Currency => Some(ReasonCode::CurrencyMismatch),
            Self::Customer => Some(ReasonCode::CustomerMismatch),
            Self::Sign | Self::PersonDecided | Self::OverAllocated => None,
        }
    }
}

/// What matching refused to decide. Each waits for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MatchOutcome {
    /// More than one way to pair under one tier: none is taken (K2).
    Ambiguous {
        tier: Tier,
        deals: Vec<DealId>,
        documents: Vec<DocumentRef>,
        /// How many ways there are; a lower bound where `more` is set.
        ways: usize,
        more: bool,
    },
    /// Too many candidates to search (K3); the deal or the document that looked for partners.
    TooManyCandidates {
        tier: Tier,
        deals: Vec<DealId>,
        documents: Vec<DocumentRef>,
        candidates: usize,
    },
    /// Explicit evidence that breaks a hard constraint or a person's decision (K1, K5).
    Conflict { tier: Tier, deal: DealId, document: DocumentRef, why: ConflictReason },
    /// The document's status is not understood: it counts as uncertain for the deal it names.
    Uncertain { deal: Option<DealId>, document: DocumentRef },
    /// Several documents carry our key of one intent. All are linked, all but one are duplicates.
    DuplicateKey { deal: DealId, documents: Vec<DocumentRef> },
}

impl MatchOutcome {
    /// Stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Ambiguous { .. } => "AMBIGUOUS",
            Self::TooManyCandidates { .. } => "TOO_MANY_CANDIDATES",
            Self::Conflict { .. } => "CONFLICT",
            Self::Uncertain { .. } => "UNCERTAIN",
            Self::DuplicateKey { .. } => "DUPLICATE_KEY",
        }
    }
}

/// The part of a linked document's net that belongs to no deal. Listed, not lost (`§4`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remainder {
    pub document: DocumentRef,
    pub amount: Money,
}

/// The result for one ledger. Every list is in a fixed order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matches {
    /// By deal, document and date.
    pub links: Vec<Link>,
    pub outcomes: Vec<MatchOutcome>,
    /// Documents that count, have no link, wait in no outcome and were not set aside.
    pub orphans: Vec<DocumentRef>,
    pub remainders: Vec<Remainder>,
}

impl Matches {
    /// For each deal the documents that may belong to it and wait for a person. What a person
    /// decided already waits no more.
    pub fn suspected(&self) -> BTreeMap<&DealId, BTreeSet<DocumentId>> {
        let mut suspected: BTreeMap<&DealId, BTreeSet<DocumentId>> = BTreeMap::new();
        let mut suspect = |deal, document: &DocumentRef| {
            suspected.entry(deal).or_default().insert(document.id.clone());
        };
        for link in self.links.iter().filter(|link| link.state == LinkState::Suggested) {
            suspect(&link.deal, &link.document);
        }
        for outcome in &self.outcomes {
            match outcome {
                MatchOutcome::Ambiguous { deals, documents, .. }
                | MatchOutcome::TooManyCandidates { deals, documents, .. } => {
                    for deal in deals {
                        documents.iter().for_each(|document| suspect(deal, document));
                    }
                }
                MatchOutcome::Conflict { why: ConflictReason::PersonDecided, .. }
                | MatchOutcome::Uncertain { deal: None, .. }
                | MatchOutcome::DuplicateKey { .. } => {}
                MatchOutcome::Conflict { deal, document, .. }
                | MatchOutcome::Uncertain { deal: Some(deal), document } => suspect(deal, document),
            }
        }
        suspected
    }
}

/// Matching could not be carried out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MatchError {
    #[error("an amount cannot be held exactly")]
    Money(#[from] MoneyError),
    #[error("a net amount cannot be shared over its deals")]
    Allocate(#[from] AllocateError),
}
