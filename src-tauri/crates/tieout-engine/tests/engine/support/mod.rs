//! A whole small world: one deal that should be billed, one CRM, one ledger, one workspace.

pub mod crm;
pub mod death;
pub mod facts;
pub mod feeds;
pub mod ledger;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use tempfile::TempDir;
use tieout_connect::ports::{Capabilities, DateRange};
use tieout_connect::testing::VirtualClock;
use tieout_domain::effect::{EffectState, Replay};
use tieout_domain::facts::Stream;
use tieout_domain::ids::{ConnectionId, DealId, RunId};
use tieout_engine::{
    CreateReport, CreateRequest, CrmConnection, Engine, EngineError, LedgerConnection, Outcome,
    RunIds, RunReport, SyncRequest, WriteBackReport,
};
use tieout_store::{ConnectionRecord, DatabaseKey, Effect, Role, Store};

use crm::FakeCrm;
use facts::{date, usd};
use ledger::FakeLedger;

pub const START: &str = "2026-07-06T09:21:14Z";

pub fn crm_id() -> ConnectionId {
    ConnectionId::new("crm").unwrap()
}

pub fn books_id() -> ConnectionId {
    ConnectionId::new("books").unwrap()
}

pub fn deal_id() -> DealId {
    DealId::new("006D1").unwrap()
}

/// Differs over all engines of all tests.
struct CountedRuns;

impl RunIds for CountedRuns {
    fn next(&self, _: Timestamp) -> RunId {
        static COUNT: AtomicU64 = AtomicU64::new(1);
        RunId::new(&format!("run-{}", COUNT.fetch_add(1, Ordering::Relaxed))).unwrap()
    }
}

pub struct World {
    pub folder: TempDir,
    pub clock: Arc<VirtualClock>,
    pub crm: Arc<FakeCrm>,
    pub ledger: Arc<FakeLedger>,
}

impl World {
    /// One won deal of 100.00 USD with one line, its Account, product, customer and item.
    pub fn new(replay: Replay) -> Self {
        let world = Self::empty(replay);
        world.crm.feeds.put(facts::account("001A", "Harrow Creek Ltd"));
        world.crm.feeds.put(facts::product("01t1", "SENS-1"));
        world.crm.feeds.put(facts::deal("006D1", "001A", 10_000));
        world.crm.feeds.put(facts::line("00k1", "006D1", "01t1", 10_000));
        world.ledger.feeds.put(facts::customer("C1", "Harrow Creek Ltd", Some("001A")));
        world.ledger.feeds.put(facts::item("I1", "SENS-1"));
        world
    }

    pub fn empty(replay: Replay) -> Self {
        let clock = VirtualClock::at(START);
        let folder = tempfile::tempdir().unwrap();
        let world = Self {
            crm: Arc::new(FakeCrm::new(clock.clone())),
            ledger: Arc::new(FakeLedger::new(clock.clone(), replay)),
            clock,
            folder,
        };
        let mut store = world.store();
        for (id, role) in [(crm_id(), Role::Crm), (books_id(), Role::Ledger)] {
            store.save_connection(&connection(id, role)).unwrap();
        }
        world
    }

    /// Only the feeds that billing needs, for cases that read very often.
    pub fn read_little(&self) {
        use Stream::{Accounts, Customers, DealLines, Deals, Invoices, Items, Products};
        self.crm.able(|able| able.streams = vec![Accounts, Products, Deals, DealLines]);
        self.ledger.able(|able| able.streams = vec![Customers, Items, Invoices]);
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().join("workspace.db")
    }

    pub fn store(&self) -> Store {
        open(&self.path())
    }

    /// An engine over the workspace, as after a start of the program.
    pub fn engine(&self) -> Engine {
        self.engine_over(&self.path())
    }

    /// An engine over another copy of the workspace.
    pub fn engine_over(&self, path: &Path) -> Engine {
        let mut engine = Engine::new(open(path), self.clock.clone(), Box::new(CountedRuns));
        engine.crm = Some(CrmConnection {
            id: crm_id(),
            port: self.crm.clone(),
            writing: true,
            ended: false,
        });
        engine.ledgers.push(LedgerConnection {
            id: books_id(),
            port: self.ledger.clone(),
            writing: true,
            ended: false,
        });
        engine
    }

    /// An engine that has read everything.
    pub async fn synced(&self) -> Engine {
        let mut engine = self.engine();
        let report = sync(&mut engine).await;
        assert!(report.is_complete(), "{:?}", report.gaps);
        engine
    }

    pub fn pass(&self, secs: u64) {
        self.clock.advance(Duration::from_secs(secs));
    }

    /// How many documents of the deal the ledger really holds.
    pub fn documents(&self) -> usize {
        self.ledger.made().len()
    }
}

pub fn open(path: &Path) -> Store {
    Store::open(path, &DatabaseKey::new([0xA7; 32])).unwrap()
}

pub fn connection(id: ConnectionId, role: Role) -> ConnectionRecord {
    ConnectionRecord {
        name: id.to_string(),
        id,
        brand: "fake".into(),
        role,
        settings: "{}".into(),
        created_at: START.parse().unwrap(),
        writing: true,
        disconnected_at: None,
    }
}

pub fn capabilities(replay: Replay, streams: &[Stream]) -> Capabilities {
    Capabilities {
        tool: "Books".into(),
        replay,
        streams: streams.to_vec(),
        overlap_secs: 600,
        page_records_max: 100,
        settle_secs: 60,
        currencies: vec![usd()],
        functional_currency: usd(),
        one_currency_per_customer: true,
        closed_to: None,
        drafts: false,
        time_zone: "UTC".into(),
        tax_codes: Vec::new(),
        default_tax_code: None,
        own_numbers: true,
        line_description_max: 4_000,
        customer_name_max: 500,
    }
}

pub fn july() -> DateRange {
    DateRange { from: date("2026-07-01"), to: date("2026-07-31") }
}

pub fn everything() -> SyncRequest {
    SyncRequest {
        trigger: "test".into(),
        only: None,
        full: false,
        ranges: vec![july()],
        balances_at: Vec::new(),
    }
}

/// Runs a case on one thread, as the engine does.
pub fn block_on<F: Future>(case: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(case)
}

pub async fn sync(engine: &mut Engine) -> RunReport {
    engine.sync(&everything()).await.unwrap()
}

/// What the scheduler does in one round: read and ask, then send what may be sent.
pub async fn round(engine: &mut Engine) -> Result<(), EngineError> {
    let report = engine.sync(&everything()).await?;
    engine.send_promised(&books_id(), &report.run).await.map(|_| ())
}

pub fn all_due() -> CreateRequest {
    CreateRequest {
        ledger: books_id(),
        deals: Vec::new(),
        further: false,
        dry_run: false,
        limit: 50,
        approved_by: "P. Raman".into(),
    }
}

pub fn only(deal: &str) -> CreateRequest {
    CreateRequest { deals: vec![DealId::new(deal).unwrap()], ..all_due() }
}

pub async fn create(engine: &mut Engine) -> CreateReport {
    engine.create(&all_due()).await.unwrap()
}

/// `confirmed`, `ready`, or the details of the failing gates.
pub fn word(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Ready => "ready".into(),
        Outcome::Found(id) => format!("found {id}"),
        Outcome::Driven(state) => state.as_str().into(),
        Outcome::Blocked(findings) => {
            let details = findings.iter().map(|finding| {
                let text = format!("{:?}", finding.detail);
                text.split([' ', '{']).next().unwrap_or_default().to_owned()
            });
            details.collect::<Vec<_>>().join(" ")
        }
    }
}

/// One word for each deal of a create run.
pub fn words(report: &CreateReport) -> Vec<String> {
    report.planned.iter().map(|planned| word(&planned.outcome)).collect()
}

pub fn documents_promised(engine: &Engine) -> Vec<Effect> {
    let mut effects = engine.effects().unwrap();
    effects.retain(|effect| effect.kind == tieout_store::EffectKind::Document);
    effects
}

/// The one promised document.
pub fn promise(engine: &Engine) -> Effect {
    let effects = documents_promised(engine);
    let [effect] = effects.as_slice() else { panic!("{} promises", effects.len()) };
    effect.clone()
}

pub fn state(engine: &Engine) -> EffectState {
    promise(engine).state
}

/// Every step of the one promised document: `sent`, `unknown`, a question as `?`.
pub fn way(engine: &Engine) -> String {
    let history = engine.store.effect_history(&promise(engine).key).unwrap();
    let steps = history.iter().map(|event| match event.from {
        Some(from) if from == event.to => "?",
        _ => event.to.as_str(),
    });
    steps.collect::<Vec<_>>().join(" ")
}

pub async fn write_back(engine: &mut Engine) -> WriteBackReport {
    let view = engine.view_today(&books_id()).unwrap();
    let reconciliation = view.reconcile().unwrap();
    let run = engine.store.runs(1).unwrap()[0].run.id.clone();
    engine.write_back(&view, &reconciliation, None, &run).await.unwrap()
}
