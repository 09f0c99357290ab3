//! The whole picture of one ledger company: facts in, positions, receivables and tie-outs out.
//!
//! Everything here is a function of `Books` and `Frame`. The same books and frame give the same
//! result on every machine at every time.

mod applications;
mod billed;
mod bridge;
pub mod duplicates;
mod foreign;
pub mod gating;
pub mod leaks;
pub mod linking;
pub mod population;
pub mod positions;
pub mod proof;
mod proposals;
pub mod receivables;
pub mod reconciliation;
pub mod rehearsal;
mod row;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::assignment::Assignments;
use crate::currency::Currency;
use crate::dates::{DateError, Period};
use crate::effect::{EffectState, TransactionKey};
use crate::facts::{
    Account, Customer, Deal, DealEvent, DealLine, Document, Item, Journal, Product, Receipt,
    Refund, ScheduleLine, User,
};
use crate::gates::LedgerRules;
use crate::identity::IdentityLinks;
use crate::ids::{AccountId, DealId, DocumentId, LedgerId};
use crate::money::{Money, MoneyError};

/// Facts of one CRM organisation and one ledger company as known at one moment, with what people
/// decided and what was promised.
#[derive(Clone, Debug)]
pub struct Books {
    pub ledger: LedgerId,
    /// Which company keeps which deal: these books are of one of them.
    pub assignments: Assignments,
    pub users: Vec<User>,
    pub accounts: Vec<Account>,
    pub products: Vec<Product>,
    pub deals: Vec<Deal>,
    pub deal_lines: Vec<DealLine>,
    pub schedule_lines: Vec<ScheduleLine>,
    pub deal_events: Vec<DealEvent>,
    pub customers: Vec<Customer>,
    pub items: Vec<Item>,
    pub documents: Vec<Document>,
    pub receipts: Vec<Receipt>,
    pub refunds: Vec<Refund>,
    pub journals: Vec<Journal>,
    /// Links between Accounts and customers, many to many (`finance-domain §4`).
    pub identity: IdentityLinks,
    /// Our transaction keys of every intent that a deal can have had.
    pub keys: BTreeMap<DealId, Vec<TransactionKey>>,
    pub exclusions: Vec<Exclusion>,
    pub reasons: Vec<ReasonDecision>,
    pub document_decisions: Vec<DocumentDecision>,
    pub promised: Vec<Promised>,
    pub promised_customers: Vec<PromisedCustomer>,
    /// Records that cannot be read; every figure that could hold one is uncertain.
    pub unreadable: Vec<Unreadable>,
}

impl Books {
    /// Whether this company keeps the deal.
    pub fn keeps(&self, deal: &DealId) -> bool {
        self.assignments.keeps(&self.ledger, deal)
    }
}

/// A deal that a person or a rule left out, always listed (`finance-domain §14`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exclusion {
    pub deal: DealId,
    pub reason: String,
    pub by: String,
    pub at: Timestamp,
}

/// A reason code that a person accepted, or that waits for one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReasonDecision {
    pub deal: DealId,
    /// A code of `finance-domain §9`.
    pub code: String,
    pub amount: Money,
    pub accepted: bool,
    pub owner: Option<String>,
    pub note: String,
    pub raised: Date,
    pub target: Option<Date>,
    /// The day as of which the amount was explained.
    pub at: Timestamp,
}

/// What a person decided about one deal and one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentDecision {
    pub deal: DealId,
    pub document: DocumentId,
    /// Linked by hand, otherwise kept apart by hand.
    pub linked: bool,
    /// Net amount of the document that belongs to the deal. `None`: all that is left.
    pub allocated: Option<Money>,
    pub by: String,
    pub reason: String,
    pub at: Timestamp,
}

/// A document-creating effect and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promised {
    pub deal: DealId,
    pub key: String,
    pub state: EffectState,
    pub sequence: u32,
    pub since: Timestamp,
    pub error_code: Option<String>,
}

/// A customer-creating effect and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromisedCustomer {
    pub account: AccountId,
    pub state: EffectState,
}

/// A quarantined record, as far as it can be placed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    pub stream: crate::facts::Stream,
    pub id: String,
    pub reason: String,
}

/// The question: as of which day, for which period, under which limits.
#[derive(Clone, Debug)]
pub struct Frame {
    pub as_of: Date,
    pub period: Period,
    /// The entity's zone: instants become dates in it (`finance-domain §3` D1).
    pub time_zone: TimeZone,
    pub functional: Currency,
    pub limits: crate::limits::Limits,
    pub grace_days: u32,
    /// Period materiality in functional currency.
    pub materiality: Money,
    pub aging_basis: AgingBasis,
    /// What the ledger company accepts.
    pub rules: LedgerRules,
    /// The day on which a document would be made now, in the entity's zone.
    pub today: Date,
    pub credit_policy: crate::aging::CreditPolicy,
}

/// What days past due are counted from (`finance-domain §11`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum AgingBasis {
    #[default]
    DueDate,
    DocumentDate,
}

/// A picture that cannot be drawn. Outside bytes were checked before, so this is an overflow or a
/// document whose parts are in two currencies.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BooksError {
    #[error("amounts of {subject} cannot be combined")]
    Money {
        subject: String,
        #[source]
        source: MoneyError,
    },
    #[error("deals and documents could not be matched")]
    Match(#[source] crate::matching::MatchError),
    #[error("the shares of {subject} cannot be formed")]
    Share {
        subject: String,
        #[source]
        source: crate::shares::ShareError,
    },
    #[error("a date of {subject} leads out of the calendar")]
    Date {
        subject: String,
        #[source]
        source: DateError,
    },
}

/// Names the record that an error belongs to; ids only, never names of customers.
pub(crate) trait Of<T> {
    fn of(self, subject: &str) -> Result<T, BooksError>;
}

impl<T> Of<T> for Result<T, MoneyError> {
    fn of(self, subject: &str) -> Result<T, BooksError> {
        self.map_err(|source| BooksError::Money { subject: subject.into(), source })
    }
}

impl<T> Of<T> for Result<T, DateError> {
    fn of(self, subject: &str) -> Result<T, BooksError> {
        self.map_err(|source| BooksError::Date { subject: subject.into(), source })
    }
}
