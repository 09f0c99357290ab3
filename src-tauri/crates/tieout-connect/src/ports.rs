//! What a connector answers. Differences between brands, and between two companies of one brand,
//! are data in `Capabilities`, never a special case in the engine.

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use tieout_domain::effect::{Replay, TransactionKey};
use tieout_domain::facts::{
    Account, Customer, Deal, DealEvent, DealLine, Document, Fact, LedgerDocumentKind, Quarantined,
    Receipt, ScheduleLine, Stream,
};
use tieout_domain::ids::{AccountId, CrmOrgId, CustomerId, DealId, DocumentId, ItemId, LedgerId};
use tieout_domain::{Currency, Money};

use crate::error::ConnectorError;

/// Shorthand for what every call returns.
pub type Answer<T> = Result<T, ConnectorError>;

/// Where a reading page goes on. Opaque to everybody but the connector; lives within one run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageToken(pub String);

/// One page to read of one feed.
#[derive(Clone, Debug)]
pub struct ReadRequest {
    pub stream: Stream,
    /// Inclusive lower bound of the change time, overlap already taken off. `None`: everything.
    pub since: Option<Timestamp>,
    pub token: Option<PageToken>,
}

/// One record of a page: a fact, or a record kept whole because it could not become one.
#[derive(Clone, Debug)]
pub enum Read {
    Fact(Box<Fact>),
    Quarantined(Box<Quarantined>),
}

/// A page of a feed.
#[derive(Clone, Debug)]
pub struct Page {
    pub records: Vec<Read>,
    /// `None`: the feed is read to its end.
    pub next: Option<PageToken>,
    /// The highest change time among the records of this page.
    pub mark: Option<Timestamp>,
    /// The server's time when this page was asked for. The mark never passes the first page's.
    pub server_time: Timestamp,
    /// How many records the source says the whole feed has, where it says so.
    pub total: Option<u64>,
}

/// A count and sum that the source itself computed (tie-outs T1 and T2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlTotal {
    pub measure: Measure,
    pub currency: Currency,
    pub count: u64,
    /// `None`: the source can count but not add.
    pub sum: Option<Money>,
    /// Deals only: won deals without an amount, counted in `count` and in no sum.
    pub count_without_amount: u64,
    /// Which query or report said so, for the workpaper.
    pub source: String,
    /// The proof used where the source cannot add raw amounts (`finance-domain §14 T1`).
    pub proof: String,
}

/// What a control total counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    WonDeals,
    Invoices,
    CreditMemos,
    Receipts,
    Refunds,
    /// Write-offs and other adjustments made by journal.
    Adjustments,
    /// The ledger's own aged receivables.
    AgedReceivables,
    /// Balance of the receivables control account.
    ControlAccount,
}

/// Dates of documents that a control total covers, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateRange {
    pub from: Date,
    pub to: Date,
}

/// What the probe found about this company, user and app.
#[derive(Clone, Debug)]
pub struct Probe {
    /// Name of the organisation or company, to confirm that the right one was connected.
    pub name: String,
    pub sandbox: bool,
    pub capabilities: Capabilities,
    /// Permissions and settings that are missing, in plain words. Empty: ready.
    pub missing: Vec<Missing>,
}

/// A permission, scope or setting that is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// What cannot be done without it.
    pub what: String,
    /// Who must do what to put it right.
    pub remedy: String,
    /// Reading is impossible without it; otherwise only a part of the product is off.
    pub blocks_reading: bool,
}

/// Everything that differs between brands, or between two companies of one brand.
#[derive(Clone, Debug, PartialEq)]
pub struct Capabilities {
    /// What people call the tool, for sentences: `QuickBooks`.
    pub tool: String,
    pub replay: Replay,
    /// Feeds this connection can be read by, in the order in which they must be read.
    pub streams: Vec<Stream>,
    pub overlap_secs: u32,
    pub page_records_max: u32,
    /// Largest difference between the server's clock and the moment a change becomes visible.
    pub settle_secs: u32,
    /// Currencies that documents or deals of this company can be in.
    pub currencies: Vec<Currency>,
    /// Home or corporate currency.
    pub functional_currency: Currency,
    /// A customer has one currency for ever.
    pub one_currency_per_customer: bool,
    /// Last day of the closed books; a document dated on or before it is refused.
    pub closed_to: Option<Date>,
    /// The tool has drafts through its interface.
    pub drafts: bool,
    /// IANA name of the company's time zone.
    pub time_zone: String,
    /// Tax codes that a line may carry.
    pub tax_codes: Vec<String>,
    /// Which tax code a line takes when the CRM names none. `None`: send no code.
    pub default_tax_code: Option<String>,
    /// Documents carry our number as their own.
    pub own_numbers: bool,
    pub line_description_max: u32,
    pub customer_name_max: u32,
}

/// One product line of a document to be created. Net of tax.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposedLine {
    pub item: ItemId,
    pub description: Option<String>,
    pub quantity: Decimal,
    /// `None`: the amount alone is stated, because price and quantity do not multiply to it.
    pub unit_price: Option<Decimal>,
    pub amount: Money,
    pub tax_code: Option<String>,
    pub service_date: Option<Date>,
}

/// A document that is to come to exist once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposedDocument {
    pub kind: LedgerDocumentKind,
    pub key: TransactionKey,
    pub deal: DealId,
    pub customer: CustomerId,
    pub currency: Currency,
    pub effective_on: Date,
    pub due_on: Option<Date>,
    pub order_number: Option<String>,
    pub lines: Vec<ProposedLine>,
    /// Functional per document unit, where the document is foreign.
    pub exchange_rate: Option<Decimal>,
}

/// A customer that is to come to exist once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposedCustomer {
    pub account: AccountId,
    pub name: String,
    pub currency: Currency,
    pub address: tieout_domain::facts::Address,
}

/// One deal with everything that belongs to it, read at one moment.
#[derive(Clone, Debug)]
pub struct DealSnapshot {
    pub deal: Deal,
    pub account: Option<Account>,
    pub lines: Vec<DealLine>,
    pub schedule: Vec<ScheduleLine>,
    pub events: Vec<DealEvent>,
    pub quarantined: Vec<Quarantined>,
    pub server_time: Timestamp,
}

/// A customer's documents and what settles them, read at one moment.
#[derive(Clone, Debug)]
pub struct CustomerSnapshot {
    pub customer: Option<Customer>,
    pub facts: Vec<Fact>,
    pub quarantined: Vec<Quarantined>,
    pub server_time: Timestamp,
}

/// A typed value to be written into a CRM field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldValue {
    Text(String),
    Amount(Money),
    Count(i64),
    Number(Decimal),
    Date(Date),
    Instant(Timestamp),
    Empty,
}

/// Which CRM record a write-back is for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WriteTarget {
    Deal(DealId),
    Account(AccountId),
    /// One row per Account, company, customer and currency, upserted by its own key.
    LedgerAccount {
        key: String,
    },
    /// A failure record, upserted by its fingerprint (`finance-domain §16`).
    Failure {
        fingerprint: String,
    },
    /// An overdue task, once per (invoice, stage), named by its token.
    Task {
        token: String,
    },
}

/// One idempotent write into the CRM: only changed values, by names of `salesforce §14.1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrmWrite {
    pub target: WriteTarget,
    pub fields: Vec<(String, FieldValue)>,
}

/// A source of facts.
#[async_trait]
pub trait Source: Send + Sync {
    /// Signs in if needed, reads settings and says what is missing.
    async fn probe(&self) -> Answer<Probe>;
    /// Reads one page. The caller may stop between pages.
    async fn read(&self, request: &ReadRequest) -> Answer<Page>;
    /// Ids of one feed that exist now, for the comparison that catches what the feed lost. `None`:
    /// too many to list; compare control totals instead.
    async fn ids(&self, stream: Stream) -> Answer<Option<Vec<String>>>;
    /// What a feed's records consist of, as one text. When it differs from the last read's, records
    /// read before lack something: this feed is read again from its beginning. `None`: it never
    /// differs.
    async fn shape(&self, _stream: Stream) -> Answer<Option<String>> {
        Ok(None)
    }
    /// How many HTTP requests this connection has sent since it was made.
    fn requests_sent(&self) -> u64;
    /// Web address of a record for a person, or `None` where the tool has no such address.
    fn deep_link(&self, stream: Stream, id: &str) -> Option<String>;
}

/// A system of record for revenue.
#[async_trait]
pub trait Crm: Source {
    fn org(&self) -> &CrmOrgId;
    /// Count and sum of won deals whose close date lies in the range, per currency.
    async fn won_totals(&self, range: DateRange) -> Answer<Vec<ControlTotal>>;
    /// One deal with everything that belongs to it, in one call where the CRM can.
    async fn deal(&self, id: &DealId) -> Answer<DealSnapshot>;
    /// What the mirror fields of these records hold now (`salesforce §14.1`, as far as they are
    /// installed and visible), so that only changed values are written and a person's edit of a
    /// mirror is seen. Each field is given, empty ones as `Empty`. A record that is not visible is
    /// left out.
    async fn mirrored(
        &self,
        deals: &[DealId],
        accounts: &[AccountId],
        ledger_account_keys: &[String],
    ) -> Answer<Vec<CrmWrite>>;
    /// Writes records one by one in their order; one failing record never blocks the rest.
    async fn write(&self, writes: &[CrmWrite]) -> Answer<Vec<Answer<()>>>;
}

/// A system of record for cash.
#[async_trait]
pub trait Ledger: Source {
    fn ledger(&self) -> &LedgerId;
    /// Count and sum per kind of document dated in the range, as the tool itself says.
    async fn period_totals(&self, range: DateRange) -> Answer<Vec<ControlTotal>>;
    /// Aged receivables and control account at a date, as the tool itself says.
    async fn balance_totals(&self, as_of: Date) -> Answer<Vec<ControlTotal>>;
    /// Creates a document. `attempt_group` belongs to the tool's own idempotency value and rises
    /// only after a definite refusal (`finance-domain §6 R4`). Never retried inside.
    async fn create(&self, proposal: &ProposedDocument, attempt_group: u32) -> Answer<Document>;
    /// Asks whether a document with our key exists. `None`: the tool does not show one now.
    async fn find(&self, proposal: &ProposedDocument) -> Answer<Option<Document>>;
    /// Customers whose name, tax number or our mark could be this account's.
    async fn customer_candidates(&self, proposal: &ProposedCustomer) -> Answer<Vec<Customer>>;
    /// Creates a customer. A name that is taken is `Rejected`.
    async fn create_customer(&self, proposal: &ProposedCustomer) -> Answer<Customer>;
    /// What changed for one customer, for the resync of one deal.
    async fn customer(&self, id: &CustomerId) -> Answer<CustomerSnapshot>;
    /// One document by id, to verify a deletion before it is believed.
    async fn document(&self, kind: LedgerDocumentKind, id: &DocumentId)
    -> Answer<Option<Document>>;
    /// One receipt by id.
    async fn receipt(&self, id: &tieout_domain::ids::ReceiptId) -> Answer<Option<Receipt>>;
}
