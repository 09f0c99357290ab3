//! The connector of QuickBooks Online: wire records into facts, and nothing else.
//!
//! ```text
//! config (keys + company + host) -> session -> door (envelope, faults) -> reading (facts)
//! ```

mod about;
mod body;
mod books;
mod changes;
mod config;
mod create;
mod customer;
mod customers;
mod deposit;
mod discovery;
mod document;
mod door;
mod entity;
mod errors;
mod feed;
mod find;
mod item;
mod journal;
mod lines;
mod links;
mod note;
mod probe;
mod query;
mod read;
mod reading;
mod receipt;
mod refund;
mod report;
mod settings;
mod settle;
mod single;
mod snapshot;
mod totals;

#[cfg(test)]
mod testing;

use std::sync::Arc;

use async_trait::async_trait;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use tieout_connect::budget::BudgetLimits;
use tieout_connect::cancel::Cancel;
use tieout_connect::clock::{Clock, Entropy};
use tieout_connect::ports::{
    Answer, ControlTotal, CustomerSnapshot, DateRange, Ledger, Page, Probe, ProposedCustomer,
    ProposedDocument, ReadRequest, Source,
};
use tieout_connect::session::{Base, RenewalPolicy, Session, SessionParts, TokenStore};
use tieout_connect::transport::Transport;
use tieout_domain::facts::{Customer, Document, LedgerDocumentKind, Receipt, Stream};
use tieout_domain::ids::{CustomerId, DocumentId, LedgerId, ReceiptId};
use tokio::sync::Mutex;

pub use config::{
    Agreement, App, Company, ConfigError, Environment, FieldLabels, REALM_FIELD, RedirectKind,
};
pub use discovery::Endpoints;
pub use document::NO_CUSTOMER;

use crate::about::About;
use crate::books::Books;
use crate::changes::{ChangeList, FeedChanges};
use crate::door::Door;
use crate::errors::QuickBooksDialect;

/// Renewed a few minutes before the token's hour ends (`quickbooks §1.4`).
const RENEW_EARLY_SECS: u32 = 300;
/// A replaced refresh token works for about a day longer.
const PREVIOUS_TOKEN_SECS: u32 = 24 * 3_600;
/// How long settings are taken for unchanged.
const SETTINGS_SECS_MAX: i64 = 3_600;

/// Our part of the company's ceiling, so that other apps of the company still work
/// (`quickbooks §5.1`).
pub const BUDGET: BudgetLimits = BudgetLimits {
    in_flight_max: 4,
    writes_in_flight_max: 1,
    per_minute_max: Some(300),
    daily: None,
};

/// What a connection is made of besides the company.
pub struct Wiring {
    pub transport: Arc<dyn Transport>,
    pub store: Arc<dyn TokenStore>,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
    pub cancel: Cancel,
    /// Discovered, or the known ones.
    pub endpoints: Endpoints,
}

/// One company of QuickBooks Online.
pub struct QuickBooks {
    company: Company,
    agreement: Agreement,
    door: Door,
    books: Mutex<Option<Arc<Books>>>,
    about: Mutex<Option<Arc<About>>>,
    changes: Mutex<ChangeList>,
}

impl QuickBooks {
    /// Makes a connection; nothing is sent before the first call.
    pub fn new(company: Company, agreement: Agreement, wiring: Wiring) -> Self {
        let session = Session::new(SessionParts {
            transport: wiring.transport,
            oauth: company.app().oauth(&wiring.endpoints),
            store: wiring.store,
            clock: wiring.clock,
            entropy: wiring.entropy,
            dialect: Arc::new(QuickBooksDialect),
            base: Base::Fixed(company.app().environment().api()),
            renewal: RenewalPolicy {
                early_secs: Some(RENEW_EARLY_SECS),
                previous_lives_secs: PREVIOUS_TOKEN_SECS,
            },
            budget: BUDGET,
            cancel: wiring.cancel,
        });
        let door = Door::new(session, company.realm());
        let (books, about, changes) = (Mutex::default(), Mutex::default(), Mutex::default());
        Self { company, agreement, door, books, about, changes }
    }

    /// The session, to disconnect, to keep an idle grant alive, and for the use of the budget.
    pub fn session(&self) -> &Session {
        self.door.session()
    }

    /// The company, with its app.
    pub fn company(&self) -> &Company {
        &self.company
    }

    /// What the customer decided for this connection.
    pub fn agreement(&self) -> &Agreement {
        &self.agreement
    }

    fn labels(&self) -> &FieldLabels {
        &self.agreement.labels
    }

    fn door(&self) -> &Door {
        &self.door
    }

    /// Settings and lists, read once and then trusted for `SETTINGS_SECS_MAX`.
    async fn books(&self) -> Answer<Arc<Books>> {
        let mut held = self.books.lock().await;
        let now = self.session().clock().now();
        if let Some(books) = held.as_ref().filter(|books| is_fresh(books.loaded_at, now)) {
            return Ok(books.clone());
        }
        let books = Arc::new(Books::load(&self.door).await?);
        *held = Some(books.clone());
        Ok(books)
    }

    async fn reload_books(&self) -> Answer<Arc<Books>> {
        *self.books.lock().await = None;
        self.books().await
    }

    /// The company itself, read once.
    async fn about(&self) -> Answer<Arc<About>> {
        let mut held = self.about.lock().await;
        if let Some(about) = held.as_ref() {
            return Ok(about.clone());
        }
        let about = Arc::new(About::load(&self.door, self.company.realm()).await?);
        *held = Some(about.clone());
        Ok(about)
    }

    async fn reload_about(&self) -> Answer<Arc<About>> {
        *self.about.lock().await = None;
        self.about().await
    }

    async fn changes(&self, stream: Stream, since: Timestamp) -> Answer<Option<FeedChanges>> {
        self.changes.lock().await.of(&self.door, stream, since).await
    }
}

fn is_fresh(loaded_at: Timestamp, now: Timestamp) -> bool {
    let age = now.duration_since(loaded_at);
    age >= SignedDuration::ZERO && age < SignedDuration::from_secs(SETTINGS_SECS_MAX)
}

#[async_trait]
impl Source for QuickBooks {
    async fn probe(&self) -> Answer<Probe> {
        probe::probe(self).await
    }

    async fn read(&self, request: &ReadRequest) -> Answer<Page> {
        read::read(self, request).await
    }

    async fn ids(&self, stream: Stream) -> Answer<Option<Vec<String>>> {
        read::ids(self, stream).await
    }

    fn requests_sent(&self) -> u64 {
        self.door.requests_sent()
    }

    fn deep_link(&self, stream: Stream, id: &str) -> Option<String> {
        let host = self.company.app().environment().pages();
        links::deep_link(host, self.company.realm(), stream, id)
    }
}

#[async_trait]
impl Ledger for QuickBooks {
    fn ledger(&self) -> &LedgerId {
        self.company.ledger()
    }

    async fn period_totals(&self, range: DateRange) -> Answer<Vec<ControlTotal>> {
        totals::period(self, range).await
    }

    async fn balance_totals(&self, as_of: Date) -> Answer<Vec<ControlTotal>> {
        totals::balances(self, as_of).await
    }

    async fn create(&self, proposal: &ProposedDocument, attempt_group: u32) -> Answer<Document> {
        create::create(self, proposal, attempt_group).await
    }

    async fn find(&self, proposal: &ProposedDocument) -> Answer<Option<Document>> {
        find::find(self, proposal).await
    }

    async fn customer_candidates(&self, proposal: &ProposedCustomer) -> Answer<Vec<Customer>> {
        customers::candidates(self, proposal).await
    }

    async fn create_customer(&self, proposal: &ProposedCustomer) -> Answer<Customer> {
        customers::create(self, proposal).await
    }

    async fn customer(&self, id: &CustomerId) -> Answer<CustomerSnapshot> {
        snapshot::read(self, id).await
    }

    async fn document(
        &self,
        kind: LedgerDocumentKind,
        id: &DocumentId,
    ) -> Answer<Option<Document>> {
        single::document(self, kind, id).await
    }

    async fn receipt(&self, id: &ReceiptId) -> Answer<Option<Receipt>> {
        single::receipt(self, id).await
    }
}
