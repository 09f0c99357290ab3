//! Facts: what a connected system said about one record, in our words.
//!
//! A connector turns a wire record into one fact and nothing else. A fact is a whole version of its
//! record; the store keeps every version with the moment it was first observed.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::currency::Currency;
use crate::effect::TransactionKey;
use crate::ids::{
    AccountId, CustomerId, DealEventId, DealId, DealLineId, DocumentId, ItemId, JournalId,
    ProductId, ReceiptId, RefundId, ScheduleLineId, UserId,
};
use crate::money::Money;

/// What every version of every record carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The system's own version word (SyncToken, SystemModstamp); with the id it names one version.
    pub version: String,
    /// When the system says the record last changed.
    pub modified_at: Timestamp,
    /// The record is deleted at the source. A deletion is a fact, not an absence.
    pub deleted: bool,
}

/// A postal address as far as identity needs it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    pub street: Option<String>,
    pub city: Option<String>,
    pub region: Option<String>,
    pub postal_code: Option<String>,
    pub country: Option<String>,
}

/// Fields that a rule chose (`assignment`), by name. Empty: the record has none. A field that is
/// not among them was not read.
pub type Traits = BTreeMap<String, String>;

/// A company or person that sales sells to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub id: AccountId,
    pub stamp: Stamp,
    pub name: String,
    pub parent: Option<AccountId>,
    pub number: Option<String>,
    pub owner: Option<UserId>,
    pub website: Option<String>,
    pub address: Address,
    pub tax_number: Option<String>,
    pub currency: Option<Currency>,
    /// Set on the loser of a merge.
    pub merged_into: Option<AccountId>,
    pub traits: Traits,
}

/// A product in the CRM's catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    pub id: ProductId,
    pub stamp: Stamp,
    pub name: String,
    pub code: Option<String>,
    /// The item code of the accounting tool (gate R1); the mapping key.
    pub external_id: Option<String>,
    pub family: Option<String>,
    pub active: bool,
}

/// An Opportunity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deal {
    pub id: DealId,
    pub stamp: Stamp,
    pub name: String,
    pub account: Option<AccountId>,
    pub stage: String,
    pub won: bool,
    pub closed: bool,
    /// Net of tax, in the deal's currency. Unknown is not zero.
    pub amount: Option<Money>,
    pub currency: Currency,
    /// Entered by a person; the cut-off date by default (`finance-domain §3 D5`).
    pub close_date: Date,
    pub kind: Option<String>,
    /// Name of its record type; empty where it has none. `None`: it was not read.
    pub record_type: Option<String>,
    pub owner: Option<UserId>,
    pub has_lines: bool,
    pub order_number: Option<String>,
    /// The customer's own reference for the deal, if the org keeps one in an agreed field.
    pub reference: Option<String>,
    pub stage_changed_at: Option<Timestamp>,
    pub created_at: Option<Timestamp>,
    pub traits: Traits,
}

/// A product line of a deal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DealLine {
    pub id: DealLineId,
    pub stamp: Stamp,
    pub deal: DealId,
    pub product: Option<ProductId>,
    pub product_code: Option<String>,
    pub description: Option<String>,
    pub quantity: Decimal,
    pub unit_price: Option<Decimal>,
    /// A fraction: 0.10 is ten percent.
    pub discount: Option<Decimal>,
    /// Net of tax, after discount.
    pub total: Money,
    pub service_date: Option<Date>,
    pub position: i64,
}

/// One dated part of a deal line's revenue schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScheduleLine {
    pub id: ScheduleLineId,
    pub stamp: Stamp,
    pub line: DealLineId,
    pub due_on: Date,
    pub amount: Money,
}

/// One row of a deal's history: the values that held from `at` on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DealEvent {
    pub id: DealEventId,
    pub stamp: Stamp,
    pub deal: DealId,
    pub at: Timestamp,
    pub stage: String,
    pub amount: Option<Money>,
    pub close_date: Option<Date>,
}

/// A CRM user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    pub id: UserId,
    pub stamp: Stamp,
    pub name: String,
    pub active: bool,
    pub traits: Traits,
}

/// A customer record of a ledger company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customer {
    pub id: CustomerId,
    pub stamp: Stamp,
    pub name: String,
    pub legal_name: Option<String>,
    /// The one currency of this customer, where the tool gives it one.
    pub currency: Option<Currency>,
    pub address: Address,
    pub email: Option<String>,
    pub website: Option<String>,
    /// As printed by the tool; may be masked, and a masked number never matches.
    pub tax_number: Option<String>,
    /// The CRM Account that an earlier Tieout or the customer wrote into the record.
    pub account: Option<AccountId>,
    pub terms_days: Option<u32>,
    pub tax_code: Option<String>,
    pub active: bool,
    pub parent: Option<CustomerId>,
}

/// A sellable item of a ledger company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub id: ItemId,
    pub stamp: Stamp,
    pub name: String,
    /// The code that a CRM product's external id must equal (gate R1).
    pub code: Option<String>,
    pub kind: String,
    pub active: bool,
    pub tax_code: Option<String>,
}

/// Invoice or the reverse of one; both with positive amounts (`finance-domain §1`, signs).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LedgerDocumentKind {
    Invoice,
    CreditMemo,
    /// Invoice and payment in one.
    CashSale,
}

/// What a platform's status word means (`finance-domain §10`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocumentStatus {
    Draft,
    Open,
    PartPaid,
    Paid,
    Void,
    Deleted,
    /// A word we do not know: the document is quarantined and counts as uncertain.
    Unknown,
}

/// A line of a ledger document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentLine {
    pub position: u32,
    pub item: Option<ItemId>,
    pub description: Option<String>,
    pub quantity: Option<Decimal>,
    pub unit_price: Option<Decimal>,
    /// Net of tax; a discount line is negative.
    pub amount: Money,
    pub tax_code: Option<String>,
}

/// An invoice, credit memo or cash sale, with the figures exactly as the tool gave them
/// (`finance-domain §2 M6`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    pub id: DocumentId,
    pub stamp: Stamp,
    pub kind: LedgerDocumentKind,
    pub number: Option<String>,
    pub customer: CustomerId,
    pub currency: Currency,
    /// Accounting date.
    pub effective_on: Date,
    pub due_on: Option<Date>,
    pub terms_days: Option<u32>,
    pub net: Money,
    pub tax: Money,
    pub total: Money,
    /// Open (invoice) or unapplied (credit memo) at the moment of reading, never as of a date.
    pub balance_now: Money,
    pub status: DocumentStatus,
    /// Our key, where the document carries it (matching tier 0).
    pub key: Option<TransactionKey>,
    /// The deal id or reference in an agreed field (matching tier 1).
    pub deal_reference: Option<String>,
    pub order_number: Option<String>,
    pub memo: Option<String>,
    /// Functional currency per unit of document currency, in a foreign document.
    pub exchange_rate: Option<Decimal>,
    pub disputed: bool,
    pub lines: Vec<DocumentLine>,
}

/// What settles part of an invoice or of a credit memo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ApplicationKind {
    /// Cash received.
    Cash,
    /// A credit memo used up by an invoice.
    Credit,
    /// A write-off, discount taken, withholding or other non-cash adjustment.
    Adjustment,
    /// Cash returned that uses up a credit memo.
    Refund,
}

/// The record that a source settles part of a document: source, document, amount, dates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    pub kind: ApplicationKind,
    /// The invoice, or for `Refund` the credit memo, that is settled.
    pub document: DocumentId,
    pub document_kind: LedgerDocumentKind,
    /// For `Credit` the credit memo that is used up.
    pub credit: Option<DocumentId>,
    /// Positive.
    pub amount: Money,
    /// The application's own date, where the tool has one, else its source's date.
    pub applied_on: Date,
    /// Accounting date of the payment, credit or adjustment.
    pub source_effective_on: Date,
}

/// Money received, with all its applications as the ledger states them (`finance-domain §7 K8`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    pub id: ReceiptId,
    pub stamp: Stamp,
    pub customer: CustomerId,
    pub effective_on: Date,
    /// Cash of this receipt. Zero when it only ties a credit to an invoice; below zero when it
    /// gives back money that another receipt left unapplied.
    pub amount: Money,
    /// The part of `amount` that is applied to nothing, at the moment of reading.
    pub unapplied_now: Money,
    pub reference: Option<String>,
    pub voided: bool,
    pub applications: Vec<Application>,
}

/// Cash returned to a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refund {
    pub id: RefundId,
    pub stamp: Stamp,
    pub number: Option<String>,
    pub customer: Option<CustomerId>,
    pub effective_on: Date,
    pub amount: Money,
    /// The credit memo it uses up. `None`: it does not touch receivables.
    pub credit: Option<DocumentId>,
    pub voided: bool,
}

/// One line of a journal that moves the receivables control account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalLine {
    pub position: u32,
    /// `None`: nobody's receivable, a `DIRECT_JOURNAL` item of tie-out T3.
    pub customer: Option<CustomerId>,
    /// Positive raises receivables.
    pub amount: Money,
}

/// A journal entry, as far as it touches the receivables control account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Journal {
    pub id: JournalId,
    pub stamp: Stamp,
    pub number: Option<String>,
    pub effective_on: Date,
    pub memo: Option<String>,
    pub lines: Vec<JournalLine>,
    /// Where a credit line of this journal settles an invoice, e.g. a write-off.
    pub applications: Vec<Application>,
}

/// One version of one record of any connected system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    Account(Account),
    Product(Product),
    Deal(Deal),
    DealLine(DealLine),
    ScheduleLine(ScheduleLine),
    DealEvent(DealEvent),
    User(User),
    Customer(Customer),
    Item(Item),
    Document(Document),
    Receipt(Receipt),
    Refund(Refund),
    Journal(Journal),
    /// The source says that this record is gone and gives nothing else.
    Gone(Gone),
}

/// A deletion of which the source tells only the id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gone {
    pub stream: Stream,
    pub id: String,
    pub deleted_at: Timestamp,
}

/// A kind of record that is read as one feed, with its own mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stream {
    Accounts,
    Products,
    Deals,
    DealLines,
    ScheduleLines,
    DealEvents,
    Users,
    Customers,
    Items,
    Invoices,
    CreditMemos,
    CashSales,
    Receipts,
    Refunds,
    Journals,
}

impl Stream {
    pub const ALL: [Self; 15] = [
        Self::Accounts,
        Self::Products,
        Self::Deals,
        Self::DealLines,
        Self::ScheduleLines,
        Self::DealEvents,
        Self::Users,
        Self::Customers,
        Self::Items,
        Self::Invoices,
        Self::CreditMemos,
        Self::CashSales,
        Self::Receipts,
        Self::Refunds,
        Self::Journals,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accounts => "accounts",
            Self::Products => "products",
            Self::Deals => "deals",
            Self::DealLines => "deal_lines",
            Self::ScheduleLines => "schedule_lines",
            Self::DealEvents => "deal_events",
            Self::Users => "users",
            Self::Customers => "customers",
            Self::Items => "items",
            Self::Invoices => "invoices",
            Self::CreditMemos => "credit_memos",
            Self::CashSales => "cash_sales",
            Self::Receipts => "receipts",
            Self::Refunds => "refunds",
            Self::Journals => "journals",
        }
    }

    /// Reads the stored word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stream| stream.as_str() == text)
    }
}

impl Fact {
    /// The feed this record belongs to.
    pub fn stream(&self) -> Stream {
        match self {
            Self::Account(_) => Stream::Accounts,
            Self::Product(_) => Stream::Products,
            Self::Deal(_) => Stream::Deals,
            Self::DealLine(_) => Stream::DealLines,
            Self::ScheduleLine(_) => Stream::ScheduleLines,
            Self::DealEvent(_) => Stream::DealEvents,
            Self::User(_) => Stream::Users,
            Self::Customer(_) => Stream::Customers,
            Self::Item(_) => Stream::Items,
            Self::Document(document) => match document.kind {
                LedgerDocumentKind::Invoice => Stream::Invoices,
                LedgerDocumentKind::CreditMemo => Stream::CreditMemos,
                LedgerDocumentKind::CashSale => Stream::CashSales,
            },
            Self::Receipt(_) => Stream::Receipts,
            Self::Refund(_) => Stream::Refunds,
            Self::Journal(_) => Stream::Journals,
            Self::Gone(gone) => gone.stream,
        }
    }

    /// The record's id in its own system.
    pub fn id(&self) -> &str {
        match self {
            Self::Account(x) => x.id.as_str(),
            Self::Product(x) => x.id.as_str(),
            Self::Deal(x) => x.id.as_str(),
            Self::DealLine(x) => x.id.as_str(),
            Self::ScheduleLine(x) => x.id.as_str(),
            Self::DealEvent(x) => x.id.as_str(),
            Self::User(x) => x.id.as_str(),
            Self::Customer(x) => x.id.as_str(),
            Self::Item(x) => x.id.as_str(),
            Self::Document(x) => x.id.as_str(),
            Self::Receipt(x) => x.id.as_str(),
            Self::Refund(x) => x.id.as_str(),
            Self::Journal(x) => x.id.as_str(),
            Self::Gone(x) => &x.id,
        }
    }
}

/// Why a record could not become a fact (`finance-domain §9`, quarantine codes).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum QuarantineReason {
    CurrencyUnknown,
    CurrencyNotTransactional,
    TooPrecise,
    OutOfRange,
    Malformed,
    /// A status or kind word that we do not know.
    UnknownValue,
    /// Two records with one id in one answer.
    DuplicateId,
}

impl QuarantineReason {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CurrencyUnknown => "CURRENCY_UNKNOWN",
            Self::CurrencyNotTransactional => "CURRENCY_NOT_TRANSACTIONAL",
            Self::TooPrecise => "TOO_PRECISE",
            Self::OutOfRange => "OUT_OF_RANGE",
            Self::Malformed => "MALFORMED",
            Self::UnknownValue => "UNKNOWN_VALUE",
            Self::DuplicateId => "DUPLICATE_ID",
        }
    }
}

/// A record that is kept whole and counted, but enters no figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarantined {
    pub stream: Stream,
    /// Where the record's id itself cannot be read, its place in the answer.
    pub id: String,
    pub reason: QuarantineReason,
    /// Where in the record: `Line[2].Amount`.
    pub path: String,
    /// At most 80 characters around the offending value, without control characters.
    pub excerpt: String,
    /// The whole record as it came, for the store only: it holds customer data.
    pub raw: String,
}
