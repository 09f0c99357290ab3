//! Xero: the accounting API 2.0, the sign-in and the connections, from `xero.md`.
//!
//! One app, one user and several organisations live in memory. Everything that a client can see
//! follows from the stored documents: balances, reports and the control account come from them.

mod answer;
mod api;
mod books;
mod bulk;
mod call;
mod chart;
mod config;
mod contact;
mod control;
mod document;
mod edit;
mod exact;
mod guid;
mod http;
mod idempotency;
mod limiter;
mod list;
mod lists;
mod notes;
mod oauth;
mod platform;
mod posting;
mod reads;
mod reports;
mod seed;
mod show;
mod stamps;
mod truth;
mod under_way;
mod write;
mod writes;

use std::sync::{Arc, Mutex, MutexGuard};

use ::http::Response;
use axum::Router;
use axum::body::Body;
use jiff::Timestamp;
use serde_json::Value;

use crate::clock::SimClock;
use crate::fault::FaultPlan;
use crate::faulting::{RequestLog, with_faults};
use crate::sample::Company;
use call::Call;
use platform::{Platform, Tenant};
use under_way::UnderWay;

pub use bulk::Bulk;
pub use config::{AppConfig, Consent, ScopeFamily, TenantConfig};
pub use document::Kind;
pub use edit::{Edit, EditKind};
pub use truth::{CountAndSum, Period, Truth, TruthContact, TruthDocument, TruthPayment};

/// The snapshot is not one of this simulator.
#[derive(Debug, thiserror::Error)]
#[error("the snapshot cannot be read")]
pub struct SnapshotError(#[source] serde_json::Error);

/// An edit or a switch that is not taken.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// The books refuse it, with the message that a client of the API would get.
    #[error("the books refuse it: {0}")]
    Refused(String),
    /// There is no organisation of that id.
    #[error("there is no organisation `{0}`")]
    NoTenant(String),
    /// The settings have no such member, or it is of another type.
    #[error("the settings cannot be read")]
    Settings(#[source] serde_json::Error),
}

/// One app with its organisations and its sign-in. Clones share them.
#[derive(Clone, Debug)]
pub struct XeroSim {
    clock: SimClock,
    platform: Arc<Mutex<Platform>>,
    under_way: UnderWay,
    plan: FaultPlan,
    log: RequestLog,
}

impl XeroSim {
    /// The id of the app that may connect.
    pub const CLIENT_ID: &'static str = "0A1B2C3D4E5F60718293A4B5C6D7E8F9";
    /// The organisation of the default settings.
    pub const TENANT: &'static str = "9d3e2a51-7c44-4e0b-a1b7-5f1a2c3d4e5f";
    /// The organisation of the sample company.
    pub const SAMPLE_TENANT: &'static str = "5b1c7e02-64d8-4f0a-9b3e-0c2d4a6f8e11";

    /// Organisations with accounts, tax rates and currencies, and without documents.
    pub fn new(clock: SimClock, app: AppConfig, tenants: Vec<TenantConfig>) -> Self {
        let opened = clock.now();
        let tenants = tenants.into_iter().map(|config| Tenant::new(config, opened));
        Self::of(clock, Platform::new(app, tenants.collect()))
    }

    /// The UK entity of the sample company as it stands at the clock's time. What its people do
    /// later happens when the clock gets there.
    pub fn sample(clock: SimClock, company: &Company) -> Self {
        let platform = seed::platform(company, clock.now());
        Self::of(clock, platform)
    }

    fn of(clock: SimClock, platform: Platform) -> Self {
        Self {
            clock,
            platform: Arc::new(Mutex::new(platform)),
            under_way: UnderWay::default(),
            plan: FaultPlan::default(),
            log: RequestLog::default(),
        }
    }

    /// All hosts on one base URL, behind the fault plan and the request log.
    pub fn router(&self) -> Router {
        let inner = Router::new().fallback(http::answered).with_state(self.clone());
        with_faults(inner, self.plan.clone(), self.log.clone(), http::brand_answer)
    }

    /// The test's own way in: faults, clock, switches, edits and truth. Not part of the service.
    pub fn control(&self) -> Router {
        control::router(self.clone())
    }

    /// The whole state: tokens, ids, documents and scheduled edits, but not the clock.
    pub fn snapshot(&self) -> Vec<u8> {
        serde_json::to_vec(&*self.current()).expect("the state has text keys only")
    }

    /// Replaces the state by that of a snapshot.
    pub fn restore(&self, snapshot: &[u8]) -> Result<(), SnapshotError> {
        let platform: Platform = serde_json::from_slice(snapshot).map_err(SnapshotError)?;
        *self.lock() = platform;
        Ok(())
    }

    /// Another app that stands where this one stands, under another clock. Faults and the log of
    /// requests are not taken along.
    #[must_use]
    pub fn fork(&self, clock: SimClock) -> Self {
        Self::of(clock, self.current().clone())
    }

    /// What is really in an organisation's books now; `None` is the first organisation.
    pub fn truth(&self, tenant: Option<&str>) -> Result<Truth, EditError> {
        let platform = self.current();
        found(&platform, tenant).map(Truth::of)
    }

    /// The requests so far.
    pub fn requests(&self) -> RequestLog {
        self.log.clone()
    }

    /// The faults that the next requests will meet.
    pub fn faults(&self) -> FaultPlan {
        self.plan.clone()
    }

    /// The ids of all organisations, connected or not.
    pub fn tenant_ids(&self) -> Vec<String> {
        let platform = self.lock();
        platform.tenants.iter().map(|tenant| tenant.config.tenant_id.clone()).collect()
    }

    /// The settings of the app now.
    pub fn config(&self) -> AppConfig {
        self.lock().config.clone()
    }

    /// The settings of an organisation now; `None` is the first one.
    pub fn tenant_config(&self, tenant: Option<&str>) -> Result<TenantConfig, EditError> {
        let platform = self.lock();
        found(&platform, tenant).map(|tenant| tenant.config.clone())
    }

    /// Replaces the settings of the app that `changes` names, for example
    /// `{"consent": "allow", "minute_limit": 3}`.
    pub fn switch(&self, changes: &Value) -> Result<(), EditError> {
        let mut platform = self.current();
        platform.config =
            config::switched(&platform.config, changes).map_err(EditError::Settings)?;
        Ok(())
    }

    /// Replaces the settings of an organisation, for example `{"period_lock_date": "2026-05-31"}`.
    /// New currencies are added.
    pub fn switch_tenant(&self, tenant: Option<&str>, changes: &Value) -> Result<(), EditError> {
        let mut platform = self.current();
        let id = found(&platform, tenant)?.config.tenant_id.clone();
        let now = self.clock.now();
        if let Some(Tenant { config, books, .. }) = platform.tenant_mut(&id) {
            *config = config::switched(config, changes).map_err(EditError::Settings)?;
            chart::subscribe(books, config, now);
        }
        Ok(())
    }

    /// Does what a person in the product would do, now. Returns the object as the API shows it.
    pub fn edit(&self, edit: &Edit) -> Result<Value, EditError> {
        let now = self.clock.now();
        edit::perform(&mut self.current(), edit, now)
            .map_err(|refused| EditError::Refused(edit::reason(&refused)))
    }

    /// Lets a person do it at `at`: whoever looks after that finds it done at that time.
    pub fn schedule(&self, at: Timestamp, edit: Edit) {
        self.lock().schedule.push(edit::Scheduled { at, edit });
    }

    /// Lets a person do it right after the next page of a list was read.
    pub fn between_pages(&self, edit: Edit) {
        self.lock().between_pages.push(edit);
    }

    /// Scheduled edits that the books refused, as text.
    pub fn failed_edits(&self) -> Vec<String> {
        self.current().failed_edits.clone()
    }

    /// Another organisation of the same person: its books are opened now.
    pub fn open_tenant(&self, config: TenantConfig) {
        let opened = self.clock.now();
        self.lock().tenants.push(Tenant::new(config, opened));
    }

    /// A person disconnects the app inside the organisation.
    pub fn disconnect(&self, tenant: &str) {
        self.lock().grants.connections.retain(|known| known.tenant != tenant);
    }

    /// Adds many documents to an organisation, as an old file has them.
    pub fn fill(&self, tenant: Option<&str>, bulk: &Bulk) -> Result<(), EditError> {
        let mut platform = self.current();
        let id = found(&platform, tenant)?.config.tenant_id.clone();
        if let Some(tenant) = platform.tenant_mut(&id) {
            bulk::fill(tenant, bulk);
        }
        Ok(())
    }

    /// From now on answers of the API are worked out but held back.
    pub fn hold(&self) {
        self.under_way.hold();
    }

    /// Gives out what was held back.
    pub fn release(&self) {
        self.under_way.release();
    }

    /// The state with every edit done whose time has come.
    fn current(&self) -> MutexGuard<'_, Platform> {
        let mut platform = self.lock();
        edit::catch_up(&mut platform, self.clock.now());
        platform
    }

    fn lock(&self) -> MutexGuard<'_, Platform> {
        self.platform.lock().expect("no holder of the platform panics")
    }

    /// One request from end to end. The state is locked for the whole of it.
    fn respond(&self, call: &Call, crowded: bool) -> Response<Body> {
        let now = self.clock.now();
        let mut platform = self.current();
        platform.answers += 1;
        http::route(&mut platform, call, crowded, now).into_response(call.wants_json(), now)
    }
}

fn found<'a>(platform: &'a Platform, tenant: Option<&str>) -> Result<&'a Tenant, EditError> {
    let known = match tenant {
        Some(id) => platform.tenant(id),
        None => platform.tenants.first(),
    };
    known.ok_or_else(|| EditError::NoTenant(tenant.unwrap_or_default().to_owned()))
}
