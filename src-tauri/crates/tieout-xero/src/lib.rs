//! The connector of Xero: wire records into facts, and nothing else.
//!
//! ```text
//! config (app + organisation) -> session -> door (envelope, tenant, time) -> reading (facts)
//! ```

mod body;
mod config;
mod contact;
mod create;
mod credit;
mod customers;
mod document;
mod door;
mod errors;
mod find;
mod ids;
mod item;
mod kind;
mod lines;
mod links;
mod lists;
mod look;
mod note;
mod organisation;
mod pages;
mod payment;
mod prepaid;
mod prices;
mod probe;
mod read;
mod reading;
mod report;
mod request;
mod scopes;
mod settings;
mod single;
mod snapshot;
mod tenants;
mod totals;
mod wire;
mod wiring;
mod zones;

#[cfg(test)]
mod testing;

use std::sync::Arc;

use async_trait::async_trait;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use tieout_connect::ports::{
    Answer, ControlTotal, CustomerSnapshot, DateRange, Ledger, Page, Probe, ProposedCustomer,
    ProposedDocument, ReadRequest, Source,
};
use tieout_connect::session::Session;
use tieout_domain::facts::{Customer, Document, LedgerDocumentKind, Receipt, Stream};
use tieout_domain::ids::{CustomerId, DocumentId, LedgerId, ReceiptId};
use tokio::sync::Mutex;

pub use config::{
    Agreement, App, Approval, CALLS_PER_DAY, CALLS_PER_DAY_FREE, Company, ConfigError, Environment,
};
pub use scopes::{Access, Names, Scopes};
pub use tenants::{Left, Tenant, chosen, grant_key, tenants};
pub use wiring::{Wiring, budget};

use crate::door::Door;
use crate::lists::Lists;
use crate::organisation::Organisation;
use crate::prices::Prices;
use crate::reading::Context;
use crate::wiring::session;

/// How long the organisation is taken for unchanged between two probes.
const ORGANISATION_SECS_MAX: i64 = 3_600;
/// How long accounts, currencies and tax rates are taken for unchanged.
const LISTS_SECS_MAX: i64 = 24 * 3_600;
/// Something that was read and is trusted for a while.
type Kept<T> = Mutex<Option<(Timestamp, Arc<T>)>>;

/// One organisation of Xero.
pub struct Xero {
    company: Company,
    agreement: Agreement,
    door: Door,
    organisation: Kept<Organisation>,
    lists: Kept<Lists>,
    prices: Kept<Prices>,
    /// Of the last probe, for addresses of pages.
    short_code: std::sync::RwLock<Option<String>>,
    /// The server's time at the last answer of a feed.
    time: std::sync::Mutex<Option<Timestamp>>,
}

impl Xero {
    /// Makes a connection; nothing is sent before the first call.
    pub fn new(company: Company, agreement: Agreement, wiring: Wiring) -> Self {
        let door = Door::new(session(company.app(), wiring), company.tenant_header());
        let short_code = std::sync::RwLock::new(agreement.short_code.clone());
        Self {
            company,
            agreement,
            door,
            organisation: Mutex::default(),
            lists: Mutex::default(),
            prices: Mutex::default(),
            short_code,
            time: std::sync::Mutex::default(),
        }
    }

    /// The session, to keep an idle grant alive and for the use of the budget. Its `disconnect`
    /// ends the grant of **all** organisations; for this one alone see `leave`.
    pub fn session(&self) -> &Session {
        self.door.session()
    }

    pub fn company(&self) -> &Company {
        &self.company
    }

    pub fn agreement(&self) -> &Agreement {
        &self.agreement
    }

    /// The organisation's short code, as the last probe or the agreement has it; to be kept.
    pub fn short_code(&self) -> Option<String> {
        self.short_code.read().expect("no holder of the short code panics").clone()
    }

    /// Ends the connection of this organisation at the tool. The stored grant stays as it is: it
    /// may serve other organisations (`xero §2.6`).
    pub async fn leave(&self) -> Answer<Left> {
        tenants::leave(self.session(), &self.company).await
    }

    fn door(&self) -> &Door {
        &self.door
    }

    async fn organisation(&self) -> Answer<Arc<Organisation>> {
        let mut kept = self.organisation.lock().await;
        let now = self.session().clock().now();
        if let Some(fresh) = fresh(kept.as_ref(), now, ORGANISATION_SECS_MAX) {
            return Ok(fresh);
        }
        let organisation = Arc::new(Organisation::load(&self.door).await?);
        let code = organisation.short_code.clone();
        if code.is_some() {
            *self.short_code.write().expect("no holder of the short code panics") = code;
        }
        *kept = Some((now, organisation.clone()));
        Ok(organisation)
    }

    async fn reload_organisation(&self) -> Answer<Arc<Organisation>> {
        *self.organisation.lock().await = None;
        self.organisation().await
    }

    async fn lists(&self) -> Answer<Arc<Lists>> {
        let mut kept = self.lists.lock().await;
        let now = self.session().clock().now();
        if let Some(fresh) = fresh(kept.as_ref(), now, LISTS_SECS_MAX) {
            return Ok(fresh);
        }
        let lists = Arc::new(Lists::load(&self.door).await?);
        *kept = Some((now, lists.clone()));
        Ok(lists)
    }

    async fn reload_lists(&self) -> Answer<Arc<Lists>> {
        *self.lists.lock().await = None;
        self.lists().await
    }

    async fn prices(&self) -> Answer<Arc<Prices>> {
        let mut kept = self.prices.lock().await;
        let now = self.session().clock().now();
        if let Some(fresh) = fresh(kept.as_ref(), now, ORGANISATION_SECS_MAX) {
            return Ok(fresh);
        }
        let prices = Arc::new(Prices::load(&self.door).await?);
        *kept = Some((now, prices.clone()));
        Ok(prices)
    }

    async fn reload_prices(&self) -> Answer<Arc<Prices>> {
        *self.prices.lock().await = None;
        self.prices().await
    }

    async fn context(&self) -> Answer<Context> {
        let organisation = self.organisation().await?;
        let lists = self.lists().await?;
        let one_currency = lists.currencies.iter().all(|known| *known == organisation.home);
        Ok(Context { home: organisation.home, one_currency })
    }

    fn note_time(&self, at: Timestamp) {
        let mut time = self.time.lock().expect("no holder of the time panics");
        *time = (*time).max(Some(at));
    }

    /// The server's time at the last answer of a feed. Where none was read yet, it is asked for.
    async fn last_time(&self) -> Answer<Timestamp> {
        let known = *self.time.lock().expect("no holder of the time panics");
        match known {
            Some(at) => Ok(at),
            None => Ok(self.door.read(&request::Request::at("/Organisation")).await?.at),
        }
    }
}

fn fresh<T>(kept: Option<&(Timestamp, Arc<T>)>, now: Timestamp, secs_max: i64) -> Option<Arc<T>> {
    let (loaded_at, value) = kept?;
    let age = now.duration_since(*loaded_at);
    let is_fresh = age >= SignedDuration::ZERO && age < SignedDuration::from_secs(secs_max);
    is_fresh.then(|| value.clone())
}

#[async_trait]
impl Source for Xero {
    async fn probe(&self) -> Answer<Probe> {
        probe::probe(self).await
    }

    async fn read(&self, request: &ReadRequest) -> Answer<Page> {
        read::read(self, request).await
    }

    async fn ids(&self, stream: Stream) -> Answer<Option<Vec<String>>> {
        ids::ids(self, stream).await
    }

    fn requests_sent(&self) -> u64 {
        self.door.requests_sent()
    }

    fn deep_link(&self, stream: Stream, id: &str) -> Option<String> {
        links::deep_link(&self.short_code()?, stream, id)
    }
}

#[async_trait]
impl Ledger for Xero {
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
