//! One world: a seed, virtual time, both simulators, a network, and a process that dies and is
//! started again on the store that it left.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use axum::body::Body;
use http_body_util::BodyExt;
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;
use tieout_connect::cancel::Cancel;
use tieout_connect::clock::Clock;
use tieout_connect::endpoint::BaseUrl;
use tieout_connect::ports::DateRange;
use tieout_connect::secret::Secret;
use tieout_connect::session::StoredGrant;
use tieout_connect::testing::{CountedEntropy, MemoryStore};
use tieout_domain::ids::{ConnectionId, CrmOrgId, DealId, RunId};
use tieout_engine::{
    CrashPoints, CreateReport, CreateRequest, CrmConnection, Engine, EngineError, LedgerConnection,
    RunIds, RunReport, SyncRequest,
};
use tieout_quickbooks::{
    Agreement, App, Company, Endpoints, Environment, QuickBooks, RedirectKind, Wiring,
};
use tieout_salesforce::{LoginHost, Salesforce, SalesforceConfig, SalesforceParts};
use tieout_sim::clock::SimClock;
use tieout_sim::quickbooks::{CompanyConfig, Consent, QuickBooksSim};
use tieout_sim::salesforce::{OrgConfig, SalesforceSim, Switches};
use tieout_sim::sample::{self, salesforce_id};
use tieout_store::{ConnectionRecord, DatabaseKey, Role, Store};
use tower::ServiceExt;

use crate::coverage;
use crate::network::{Network, QUICKBOOKS, SALESFORCE};

const NOW: &str = "2026-06-10T16:00:00Z";
const KEY: [u8; 32] = [7; 32];
/// Documents that one create may make.
const CREATE_MAX: u32 = 100;
/// A session of the CRM that was idle for so long may be dead; a person signs in again.
const SIGN_IN_AGAIN_SECS: i64 = 3_600;

/// How the ledger treats a second create with our key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// The company numbers its documents: we can only search for our mark.
    MarkerSearch,
    /// We number them: our request id is replayed for a time.
    NativeKey,
}

impl Class {
    pub const ALL: [Self; 2] = [Self::MarkerSearch, Self::NativeKey];
}

/// The laptop's clock: the world's, and wrong by as much as somebody set it wrong.
struct LaptopClock {
    world: SimClock,
    wrong_secs: Arc<AtomicI64>,
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

/// Counts the crash points that are passed and dies at the chosen one.
#[derive(Default)]
pub struct Fate {
    passed: Cell<u32>,
    die_at: Cell<Option<u32>>,
    died: RefCell<Option<&'static str>>,
}

struct Mortal(Rc<Fate>);

impl CrashPoints for Mortal {
    fn pass(&self, name: &'static str) -> Result<(), EngineError> {
        let at = self.0.passed.get();
        self.0.passed.set(at + 1);
        if self.0.die_at.get() == Some(at) {
            self.0.die_at.set(None);
            *self.0.died.borrow_mut() = Some(name);
            return Err(EngineError::Died(name));
        }
        Ok(())
    }
}

struct CountedRuns(Rc<Cell<u64>>);

impl RunIds for CountedRuns {
    fn next(&self, _: Timestamp) -> RunId {
        self.0.set(self.0.get() + 1);
        RunId::new(&format!("run-{}", self.0.get())).unwrap()
    }
}

pub struct World {
    pub class: Class,
    pub clock: SimClock,
    pub salesforce: SalesforceSim,
    pub quickbooks: QuickBooksSim,
    pub network: Arc<Network>,
    pub fate: Rc<Fate>,
    pub ledger: ConnectionId,
    pub crm: ConnectionId,
    /// Ids of every invoice that ever carried a key, even if a person deleted it since.
    pub ever: BTreeMap<String, Vec<String>>,
    story: RefCell<Vec<String>>,
    pub wrong_secs: Arc<AtomicI64>,
    folder: TempDir,
    runs: Rc<Cell<u64>>,
    grants: Option<[Arc<MemoryStore>; 2]>,
    signed_in_at: Timestamp,
    engine: Option<Engine>,
}

impl Drop for World {
    /// A failed check tells what happened before it.
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("\n{}", self.story.borrow().join("\n"));
        }
    }
}

impl World {
    /// An empty company on both sides, signed in and read once.
    pub async fn new(class: Class) -> Self {
        let clock = SimClock::at(NOW.parse().unwrap());
        let mut switches = Switches { tieout_fields: true, ..Switches::default() };
        switches.extra_fields = vec!["Opportunity.Reference__c: string(40) cun".to_owned()];
        let org = OrgConfig { switches, ..OrgConfig::default() };
        let salesforce = SalesforceSim::new(clock.clone(), org);
        let company = CompanyConfig {
            consent: Consent::Allow,
            custom_txn_numbers: class == Class::NativeKey,
            ..CompanyConfig::default()
        };
        let quickbooks = QuickBooksSim::new(clock.clone(), company);
        let network = Network::new(salesforce.router(), quickbooks.router(), clock.clone());
        let mut world = Self {
            class,
            salesforce,
            quickbooks,
            network: Arc::new(network),
            fate: Rc::default(),
            ledger: ConnectionId::new("quickbooks").unwrap(),
            crm: ConnectionId::new("salesforce").unwrap(),
            ever: BTreeMap::new(),
            story: RefCell::default(),
            wrong_secs: Arc::default(),
            folder: folder(),
            runs: Rc::default(),
            grants: None,
            signed_in_at: clock.now(),
            engine: None,
            clock,
        };
        world.introduce_connections();
        world.found_the_company();
        world.start().await;
        world
    }

    pub fn say(&self, line: impl Into<String>) {
        let line = format!("{}  {}", self.clock.now(), line.into());
        self.story.borrow_mut().push(line);
    }

    fn store_path(&self) -> PathBuf {
        self.folder.path().join("tieout.db")
    }

    fn copy_path(&self) -> PathBuf {
        self.folder.path().join("yesterday.db")
    }

    fn introduce_connections(&mut self) {
        let mut store = Store::open(&self.store_path(), &DatabaseKey::new(KEY)).unwrap();
        for (id, brand, role) in
            [(&self.crm, "salesforce", Role::Crm), (&self.ledger, "quickbooks", Role::Ledger)]
        {
            let record = ConnectionRecord {
                id: id.clone(),
                brand: brand.into(),
                role,
                name: "Acme".into(),
                settings: "{}".into(),
                created_at: self.clock.now(),
                writing: true,
                disconnected_at: None,
            };
            store.save_connection(&record).unwrap();
        }
    }

    /// The process starts: a person signs in again if it was long, connectors and engine are new.
    async fn start(&mut self) {
        let idle = self.clock.now().duration_since(self.signed_in_at).as_secs();
        let grants = match self.grants.take().filter(|_| idle < SIGN_IN_AGAIN_SECS) {
            Some(grants) => grants,
            None => {
                self.signed_in_at = self.clock.now();
                let ledger_grant = self.sign_in_to_quickbooks().await;
                [MemoryStore::with(self.sign_in_to_salesforce()), MemoryStore::with(ledger_grant)]
            }
        };
        self.grants = Some(grants.clone());
        let [crm_grant, ledger_grant] = grants;
        let clock: Arc<dyn Clock> = Arc::new(LaptopClock {
            world: self.clock.clone(),
            wrong_secs: self.wrong_secs.clone(),
        });
        let host = LoginHost::parse(&format!("http://{SALESFORCE}")).unwrap();
        let config = SalesforceConfig::new(host, tieout_sim::salesforce::CLIENT_ID);
        let parts = SalesforceParts {
            transport: self.network.clone(),
            store: crm_grant,
            clock: clock.clone(),
            entropy: Arc::new(CountedEntropy::default()),
            cancel: Cancel::new(),
        };
        let org = CrmOrgId::new(sample::Company::ORG_ID).unwrap();
        let crm = Salesforce::open(config, org, parts).await.unwrap();
        let environment = Environment::At(BaseUrl::parse(&format!("http://{QUICKBOOKS}")).unwrap());
        let endpoints = Endpoints::known(&environment);
        let secret = Secret::new(QuickBooksSim::CLIENT_SECRET);
        let app = App::new(environment, QuickBooksSim::CLIENT_ID, secret, RedirectKind::Loopback);
        let company = Company::new(app.unwrap(), &self.quickbooks.realm()).unwrap();
        let own_numbers = self.class == Class::NativeKey;
        let agreement = Agreement { own_numbers, ..Agreement::default() };
        let wiring = Wiring {
            transport: self.network.clone(),
            store: ledger_grant,
            clock: clock.clone(),
            entropy: Arc::new(CountedEntropy::default()),
            cancel: Cancel::new(),
            endpoints,
        };
        let ledger = QuickBooks::new(company, agreement, wiring);
        let store = Store::open(&self.store_path(), &DatabaseKey::new(KEY)).unwrap();
        let mut engine = Engine::new(store, clock, Box::new(CountedRuns(self.runs.clone())));
        let crm = CrmConnection {
            id: self.crm.clone(),
            port: Arc::new(crm),
            writing: true,
            ended: false,
        };
        engine.crm = Some(crm);
        let (id, port) = (self.ledger.clone(), Arc::new(ledger));
        engine.ledgers.push(LedgerConnection { id, port, writing: true, ended: false });
        engine.crash_points = Box::new(Mortal(self.fate.clone()));
        self.engine = Some(engine);
    }

    fn sign_in_to_salesforce(&self) -> StoredGrant {
        let user = salesforce_id("005", 1);
        let id = format!("http://{SALESFORCE}/id/{}/{user}", tieout_sim::sample::Company::ORG_ID);
        StoredGrant {
            access: Secret::new(self.salesforce.open_session()),
            refresh: None,
            previous_refresh: None,
            obtained_at: self.clock.now(),
            expires_at: None,
            instance_url: Some(format!("http://{SALESFORCE}")),
            extra: BTreeMap::from([("id".to_owned(), id)]),
        }
    }

    async fn sign_in_to_quickbooks(&self) -> StoredGrant {
        use base64::Engine as _;
        let redirect = "http://localhost:53682/quickbooks";
        let mut address = url::Url::parse("http://127.0.0.1:2/connect/oauth2").unwrap();
        address.query_pairs_mut().extend_pairs([
            ("client_id", QuickBooksSim::CLIENT_ID),
            ("redirect_uri", redirect),
            ("response_type", "code"),
            ("scope", "com.intuit.quickbooks.accounting"),
            ("state", "s"),
        ]);
        let ask = http::Request::get(address.as_str()).header("host", QUICKBOOKS);
        let answer = self.direct(ask.body(Body::empty()).unwrap()).await.0;
        let location = answer.headers["location"].to_str().unwrap();
        let location = url::Url::parse(location).unwrap();
        let code = location.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
        let form = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("grant_type", "authorization_code"), ("code", code.as_str())])
            .append_pair("redirect_uri", redirect)
            .finish();
        let client = format!("{}:{}", QuickBooksSim::CLIENT_ID, QuickBooksSim::CLIENT_SECRET);
        let client = base64::engine::general_purpose::STANDARD.encode(client);
        let exchange = http::Request::post("/oauth2/v1/tokens/bearer")
            .header("host", QUICKBOOKS)
            .header("authorization", format!("Basic {client}"))
            .header("accept", "application/json")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(form));
        let (_, body) = self.direct(exchange.unwrap()).await;
        let tokens: serde_json::Value = serde_json::from_slice(&body).unwrap();
        let secret = |name: &str| Secret::new(tokens[name].as_str().unwrap());
        StoredGrant {
            access: secret("access_token"),
            refresh: Some(secret("refresh_token")),
            previous_refresh: None,
            obtained_at: self.clock.now(),
            expires_at: Some(self.clock.now() + SignedDuration::from_secs(3_600)),
            instance_url: None,
            extra: BTreeMap::from([("realmId".to_owned(), self.quickbooks.realm())]),
        }
    }

    /// A person's browser: past the faults.
    async fn direct(&self, request: http::Request<Body>) -> (http::response::Parts, Vec<u8>) {
        let response = self.quickbooks.router().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        (parts, body.collect().await.unwrap().to_bytes().to_vec())
    }

    /// The process dies at the crash point passed after so many others.
    pub fn die_at(&self, at: Option<u32>) {
        self.fate.passed.set(0);
        self.fate.die_at.set(at);
    }

    /// Ends the process, tidily or not, and starts it again.
    pub async fn restart(&mut self) {
        drop(self.engine.take());
        self.start().await;
    }

    pub fn engine(&mut self) -> &mut Engine {
        self.engine.as_mut().expect("a process is running")
    }

    pub async fn sleep(&mut self, secs: i64) {
        self.clock.advance(SignedDuration::from_secs(secs));
        if secs >= SIGN_IN_AGAIN_SECS {
            self.restart().await;
        }
    }

    /// Sets the laptop's clock wrong by so many seconds.
    pub fn set_clock_wrong(&self, secs: i64) {
        self.wrong_secs.store(secs, Ordering::Relaxed);
    }

    pub async fn keep_a_copy(&mut self) {
        drop(self.engine.take());
        std::fs::copy(self.store_path(), self.copy_path()).unwrap();
        self.start().await;
    }

    /// Puts the kept copy in the place of the store, as a person restores a backup. Nothing happens
    /// without a copy.
    pub async fn restore_the_copy(&mut self) {
        if !self.copy_path().exists() {
            return;
        }
        drop(self.engine.take());
        for ending in ["-wal", "-shm"] {
            let beside = self.folder.path().join(format!("tieout.db{ending}"));
            drop(std::fs::remove_file(beside));
        }
        std::fs::copy(self.copy_path(), self.store_path()).unwrap();
        self.start().await;
    }

    /// Lets the process do something. `None`: it died, and was started again.
    pub async fn act<T>(
        &mut self,
        name: &str,
        step: impl AsyncFnOnce(&mut Engine) -> Result<T, EngineError>,
    ) -> Option<Result<T, EngineError>> {
        let mut engine = self.engine.take().expect("a process is running");
        let network = self.network.clone();
        let ended = tokio::select! {
            biased;
            ended = step(&mut engine) => Some(ended),
            () = network.death() => None,
        };
        let point = self.fate.died.borrow_mut().take();
        let died_at = match &ended {
            None => Some("killed during a request"),
            Some(Err(EngineError::Died(point))) => Some(*point),
            Some(_) => point,
        };
        let faults = self.network.suffered();
        coverage::note(&faults, died_at, self.class);
        let told = died_at.map_or(String::new(), |point| format!(", died: {point}"));
        self.say(format!("{name} {faults:?}{told}"));
        self.engine = Some(engine);
        self.count_invoices();
        match (ended, died_at) {
            (Some(ended), None) => {
                if let Err(error) = &ended {
                    self.say(format!("{name} refused: {error:?}"));
                    assert!(is_tolerable(error), "{name} failed: {error:?}");
                }
                Some(ended)
            }
            _ => {
                self.restart().await;
                None
            }
        }
    }

    /// One run as the product does it: read, ask, send what was promised, write back.
    pub async fn sync(&mut self, full: bool) -> Option<Result<RunReport, EngineError>> {
        let ledger = self.ledger.clone();
        self.act(if full { "sync everything" } else { "sync" }, async |engine| {
            let from = "2026-01-01".parse().unwrap();
            let to = "2027-12-31".parse().unwrap();
            let request = SyncRequest {
                trigger: "schedule".into(),
                only: None,
                full,
                ranges: vec![DateRange { from, to }],
                balances_at: Vec::new(),
            };
            let report = engine.sync(&request).await?;
            if engine.view_today(&ledger).is_ok() {
                engine.send_promised(&ledger, &report.run).await?;
                let view = engine.view_today(&ledger)?;
                let reconciliation = view.reconcile()?;
                engine.write_back(&view, &reconciliation, None, &report.run).await?;
            }
            Ok(report)
        })
        .await
    }

    /// A person approves everything that is due, or these deals.
    pub async fn create(&mut self, deals: &[DealId]) -> Option<Result<CreateReport, EngineError>> {
        let request = CreateRequest {
            ledger: self.ledger.clone(),
            deals: deals.to_vec(),
            further: false,
            dry_run: false,
            limit: CREATE_MAX,
            approved_by: "Priya Raman".into(),
        };
        let name = format!("create {deals:?}");
        self.act(&name, async |engine| engine.create(&request).await).await
    }

    pub async fn resync(&mut self, deal: &DealId) {
        let (ledger, deal) = (self.ledger.clone(), deal.clone());
        let name = format!("resync {deal}");
        self.act(&name, async |engine| engine.resync(&ledger, &deal, Some("Priya Raman")).await)
            .await;
    }

    /// Remembers every invoice with a key that is in the ledger now.
    pub fn count_invoices(&mut self) {
        for document in self.quickbooks.truth().documents() {
            let Some(key) = key_in(&document.note).filter(|_| document.kind == "Invoice") else {
                continue;
            };
            let ids = self.ever.entry(key).or_default();
            if !ids.contains(&document.id) {
                ids.push(document.id);
            }
        }
    }
}

/// The key in a note, found without the product's reader.
pub fn key_in(note: &str) -> Option<String> {
    let at = note.find("TIE-")?;
    note.get(at..at + 20).map(str::to_owned)
}

/// Errors that a person may be told. A damaged store or a figure that cannot be computed is not one.
fn is_tolerable(error: &EngineError) -> bool {
    !matches!(
        error,
        EngineError::Store(_)
            | EngineError::Money(_)
            | EngineError::Books(_)
            | EngineError::Payload { .. }
            | EngineError::NoSuchConnection(_)
            | EngineError::NoSuchEffect(_)
    )
}

/// In memory where the machine has such a place: what is tested is the death of the process, which
/// loses nothing that was handed to the operating system.
fn folder() -> TempDir {
    let memory = std::path::Path::new("/dev/shm");
    if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() }.unwrap()
}
