//! One process of the product: an engine with its connectors, on the store that the last one left.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use jiff::{SignedDuration, Timestamp};
use tieout_connect::cancel::Cancel;
use tieout_connect::clock::Clock;
use tieout_connect::endpoint::BaseUrl;
use tieout_connect::ports::Ledger;
use tieout_connect::secret::Secret;
use tieout_connect::session::{StoreError, StoreLock, StoredGrant, TokenStore};
use tieout_connect::testing::CountedEntropy;
use tieout_connect::transport::{Transport, TransportError};
use tieout_domain::ids::{CrmOrgId, RunId};
use tieout_engine::{CrashPoints, EngineError, RunIds};
use tieout_quickbooks::{
    Agreement, App, Company, Endpoints, Environment, QuickBooks, RedirectKind, Wiring,
};
use tieout_salesforce::{LoginHost, Salesforce, SalesforceConfig, SalesforceParts};
use tieout_sim::clock::SimClock;
use tieout_sim::quickbooks::QuickBooksSim;
use tieout_sim::sample;

use crate::disk;
use crate::network::{Network, QUICKBOOKS, SALESFORCE};
use crate::unique::Unique;
use crate::world::Class;

/// Whether a process is still there. What a dead one left running never gets on.
#[derive(Clone)]
pub struct Alive(Arc<AtomicBool>);

impl Alive {
    pub fn new() -> Self {
        Self(Arc::new(AtomicBool::new(true)))
    }

    pub fn end(&self) {
        self.0.store(false, Ordering::Relaxed);
    }

    async fn or_never(&self) {
        if !self.0.load(Ordering::Relaxed) {
            std::future::pending().await
        }
    }
}

/// The laptop's clock: the world's, and wrong by as much as somebody set it wrong.
pub struct LaptopClock {
    pub world: SimClock,
    pub wrong_secs: Arc<AtomicI64>,
}

#[async_trait]
impl Clock for LaptopClock {
    fn now(&self) -> Timestamp {
        self.world.now() + SignedDuration::from_secs(self.wrong_secs.load(Ordering::Relaxed))
    }

    async fn sleep(&self, duration: Duration) {
        self.world.advance(SignedDuration::try_from(duration).unwrap());
    }
}

/// How a process ends at a crash point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    Death,
    /// From here on this store takes no row more.
    FullDisk(std::path::PathBuf),
}

/// At which crash point a process ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// The one passed after so many others.
    After(u32),
    /// One that the history has passed at most so often, after so many of these: pages are read all
    /// the time, and something is sent only now and then.
    Rare { passed_before: u32, after: u32 },
}

/// Counts the crash points that are passed, and ends the process at the chosen one.
#[derive(Default)]
pub struct Fate {
    passed: Cell<u32>,
    /// How often each place was passed in the whole history.
    places: RefCell<BTreeMap<&'static str, u32>>,
    ends: RefCell<Option<(When, End)>>,
    died: RefCell<Option<&'static str>>,
    filled: Cell<bool>,
}

impl Fate {
    /// The process ends so, and there.
    pub fn ends(&self, end: Option<(When, End)>) {
        self.passed.set(0);
        self.filled.set(false);
        *self.ends.borrow_mut() = end;
    }

    /// Where it ended, if it did since this was last asked.
    pub fn died(&self) -> Option<&'static str> {
        self.died.borrow_mut().take()
    }

    /// Crash points passed since the end was chosen.
    pub fn passed(&self) -> u32 {
        self.passed.get()
    }

    /// Whether the disk was filled since the end was chosen.
    pub fn filled(&self) -> bool {
        self.filled.get()
    }

    /// This place is passed; how the process ends here, if it does.
    fn pass(&self, name: &'static str) -> Option<End> {
        let at = self.passed.replace(self.passed.get() + 1);
        let mut places = self.places.borrow_mut();
        let times = places.entry(name).or_default();
        let before = std::mem::replace(times, *times + 1);
        let due = self.ends.borrow_mut().take_if(|(when, _)| match when {
            When::After(wanted) => *wanted == at,
            When::Rare { passed_before, .. } if before > *passed_before => false,
            When::Rare { after: 0, .. } => true,
            When::Rare { after, .. } => {
                *after -= 1;
                false
            }
        });
        due.map(|(_, end)| end)
    }
}

pub struct Mortal(pub Rc<Fate>);

impl CrashPoints for Mortal {
    fn pass(&self, name: &'static str) -> Result<(), EngineError> {
        match self.0.pass(name) {
            None => Ok(()),
            Some(End::FullDisk(store)) => {
                disk::fill(&store);
                self.0.filled.set(true);
                Ok(())
            }
            Some(End::Death) => {
                *self.0.died.borrow_mut() = Some(name);
                Err(EngineError::Died(name))
            }
        }
    }
}

pub struct CountedRuns(pub Rc<Cell<u64>>);

impl RunIds for CountedRuns {
    fn next(&self, _: Timestamp) -> RunId {
        self.0.set(self.0.get() + 1);
        RunId::new(&format!("run-{}", self.0.get())).unwrap()
    }
}

/// The stored tokens of one connection. They outlive the process.
pub type Grant = Arc<Mutex<Option<StoredGrant>>>;

struct Keys {
    grant: Grant,
    alive: Alive,
    turn: Arc<tokio::sync::Mutex<()>>,
}

impl Keys {
    fn new(grant: &Grant, alive: &Alive) -> Arc<Self> {
        Arc::new(Self { grant: grant.clone(), alive: alive.clone(), turn: Arc::default() })
    }
}

struct Turn(#[expect(dead_code)] tokio::sync::OwnedMutexGuard<()>);

impl StoreLock for Turn {}

#[async_trait]
impl TokenStore for Keys {
    async fn load(&self) -> Result<Option<StoredGrant>, StoreError> {
        Ok(self.grant.lock().unwrap().clone())
    }

    async fn save(&self, grant: &StoredGrant) -> Result<(), StoreError> {
        self.alive.or_never().await;
        *self.grant.lock().unwrap() = Some(grant.clone());
        Ok(())
    }

    async fn clear(&self) -> Result<(), StoreError> {
        *self.grant.lock().unwrap() = None;
        Ok(())
    }

    async fn lock(&self) -> Result<Box<dyn StoreLock>, StoreError> {
        Ok(Box::new(Turn(self.turn.clone().lock_owned().await)))
    }
}

/// The network as one process has it.
struct Line {
    network: Arc<Network>,
    alive: Alive,
}

#[async_trait]
impl Transport for Line {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        self.alive.or_never().await;
        let answer = self.network.send(request).await;
        self.alive.or_never().await;
        answer
    }
}

/// What both connectors of a process share.
pub struct Outside<'a> {
    pub network: &'a Arc<Network>,
    pub clock: Arc<dyn Clock>,
    pub alive: &'a Alive,
}

impl Outside<'_> {
    fn line(&self) -> Arc<Line> {
        Arc::new(Line { network: self.network.clone(), alive: self.alive.clone() })
    }

    pub async fn salesforce(&self, grant: &Grant) -> Salesforce {
        let host = LoginHost::parse(&format!("http://{SALESFORCE}")).unwrap();
        let config = SalesforceConfig::new(host, tieout_sim::salesforce::CLIENT_ID);
        let parts = SalesforceParts {
            transport: self.line(),
            store: Keys::new(grant, self.alive),
            clock: self.clock.clone(),
            entropy: Arc::new(CountedEntropy::default()),
            cancel: Cancel::new(),
        };
        let org = CrmOrgId::new(sample::Company::ORG_ID).unwrap();
        Salesforce::open(config, org, parts).await.unwrap()
    }

    pub fn ledger(&self, grant: &Grant, realm: &str, class: Class) -> Arc<dyn Ledger> {
        let quickbooks = self.quickbooks(grant, realm, class.own_numbers());
        match class {
            Class::UniqueExternalId => Arc::new(Unique(quickbooks)),
            Class::MarkerSearch | Class::NativeKey => Arc::new(quickbooks),
        }
    }

    fn quickbooks(&self, grant: &Grant, realm: &str, own_numbers: bool) -> QuickBooks {
        let environment = Environment::At(BaseUrl::parse(&format!("http://{QUICKBOOKS}")).unwrap());
        let endpoints = Endpoints::known(&environment);
        let secret = Secret::new(QuickBooksSim::CLIENT_SECRET);
        let app = App::new(environment, QuickBooksSim::CLIENT_ID, secret, RedirectKind::Loopback);
        let company = Company::new(app.unwrap(), realm).unwrap();
        let agreement = Agreement { own_numbers, ..Agreement::default() };
        let wiring = Wiring {
            transport: self.line(),
            store: Keys::new(grant, self.alive),
            clock: self.clock.clone(),
            entropy: Arc::new(CountedEntropy::default()),
            cancel: Cancel::new(),
            endpoints,
        };
        QuickBooks::new(company, agreement, wiring)
    }
}
