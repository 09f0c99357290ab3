//! One world: a seed, virtual time on three clocks, both simulators, a network, and a process that
//! dies and is started again on the store that it left.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;
use tieout_connect::clock::Clock;
use tieout_connect::ports::DateRange;
use tieout_domain::ids::{ConnectionId, DealId};
use tieout_engine::{
    CreateReport, CreateRequest, CrmConnection, Engine, EngineError, Gap, LedgerConnection,
    RunReport, SyncRequest,
};
use tieout_sim::clock::SimClock;
use tieout_sim::quickbooks::QuickBooksSim;
use tieout_sim::salesforce::SalesforceSim;
use tieout_store::{Store, WorkspaceLock};

use crate::coverage;
use crate::disk;
use crate::network::Network;
use crate::origin::Origin;
use crate::process::{Alive, CountedRuns, End, Fate, Grant, LaptopClock, Mortal, Outside, When};

/// Documents that one create may make.
const CREATE_MAX: u32 = 100;

/// A change may take so long until everybody sees it, on whatever clock.
const SETTLE_SECS: i64 = 200;

/// How the ledger treats a second create with our key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// The company numbers its documents: we can only search for our mark.
    MarkerSearch,
    /// We number them: our request id is replayed for a time. A second document with one number
    /// would be taken.
    NativeKey,
    /// A second document with one number is refused, and request ids are forgotten.
    UniqueExternalId,
}

impl Class {
    pub const ALL: [Self; 3] = [Self::MarkerSearch, Self::NativeKey, Self::UniqueExternalId];

    pub fn own_numbers(self) -> bool {
        self != Self::MarkerSearch
    }
}

/// How far the clocks of both servers are from the world's time, in seconds.
#[derive(Clone, Copy, Debug, Default)]
pub struct Skew {
    pub salesforce_secs: i64,
    pub quickbooks_secs: i64,
}

/// A process that runs.
struct Running {
    engine: Engine,
    alive: Alive,
    _lock: WorkspaceLock,
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
    /// Ids of every invoice that ever carried a key, and that ever named a deal, even if a person
    /// deleted it since.
    pub ever: BTreeMap<String, Vec<String>>,
    /// Invoices that people deleted before they were known here.
    pub deleted_unread: BTreeSet<String>,
    /// The last thing that the process did met a fault.
    suffered: bool,
    /// When people last changed anything.
    pub changed_at: Cell<Timestamp>,
    /// Changes in the CRM are seen so long after their own stamp.
    pub late_secs: u32,
    /// Nothing can be written now.
    pub full_disk: bool,
    /// A run said that a person has to sign in again.
    pub sign_in_needed: bool,
    pub folder: TempDir,
    pub grants: [Grant; 2],
    pub wrong_secs: Arc<AtomicI64>,
    story: RefCell<Vec<String>>,
    runs: Rc<Cell<u64>>,
    running: Option<Running>,
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
    /// A company on both sides, signed in; with `read`, everything was read once.
    pub async fn new(class: Class, read: bool) -> Self {
        Self::with_clocks(class, read, Skew::default()).await
    }

    pub async fn with_clocks(class: Class, read: bool, skew: Skew) -> Self {
        let mut world = Self::of(class, &Origin::of(class, read), skew);
        world.start().await;
        world
    }

    /// A world that goes on where the origin stands. No process runs yet.
    pub fn of(class: Class, origin: &Origin, skew: Skew) -> Self {
        let clock = SimClock::at(origin.at);
        let wrong = |secs| clock.wrong_by(SignedDuration::from_secs(secs));
        let salesforce = origin.salesforce.fork(wrong(skew.salesforce_secs));
        let quickbooks = origin.quickbooks.fork(wrong(skew.quickbooks_secs));
        let ledger_clock = wrong(skew.quickbooks_secs);
        let network =
            Network::new(salesforce.clone(), quickbooks.clone(), clock.clone(), ledger_clock);
        let grant = |at: usize| Grant::new(std::sync::Mutex::new(origin.grants[at].clone()));
        let world = Self {
            class,
            salesforce,
            quickbooks,
            network: Arc::new(network),
            fate: Rc::default(),
            ledger: ConnectionId::new("quickbooks").unwrap(),
            crm: ConnectionId::new("salesforce").unwrap(),
            ever: BTreeMap::new(),
            deleted_unread: BTreeSet::new(),
            suffered: false,
            changed_at: Cell::new(clock.now()),
            late_secs: 0,
            full_disk: false,
            sign_in_needed: false,
            folder: folder(),
            grants: [grant(0), grant(1)],
            wrong_secs: Arc::default(),
            story: RefCell::default(),
            runs: Rc::new(Cell::new(origin.runs)),
            running: None,
            clock,
        };
        std::fs::write(world.store_path(), &origin.store).unwrap();
        world
    }

    pub fn say(&self, line: impl Into<String>) {
        let line = format!("{}  {}", self.clock.now(), line.into());
        self.story.borrow_mut().push(line);
    }

    pub fn store_path(&self) -> PathBuf {
        self.folder.path().join("tieout.db")
    }

    pub fn copy_path(&self) -> PathBuf {
        self.folder.path().join("yesterday.db")
    }

    pub fn runs(&self) -> u64 {
        self.runs.get()
    }

    pub fn laptop_now(&self) -> Timestamp {
        self.clock.now() + SignedDuration::from_secs(self.wrong_secs.load(Ordering::Relaxed))
    }

    /// The process starts: connectors and engine are new.
    pub async fn start(&mut self) {
        let lock = WorkspaceLock::acquire(self.folder.path()).unwrap();
        let alive = Alive::new();
        let clock: Arc<dyn Clock> = Arc::new(LaptopClock {
            world: self.clock.clone(),
            wrong_secs: self.wrong_secs.clone(),
        });
        let outside = Outside { network: &self.network, clock: clock.clone(), alive: &alive };
        let crm = Arc::new(outside.salesforce(&self.grants[0]).await);
        let realm = self.quickbooks.realm();
        let ledger = outside.ledger(&self.grants[1], &realm, self.class);
        let store = Store::open(&self.store_path(), &disk::key()).unwrap();
        let mut engine = Engine::new(store, clock, Box::new(CountedRuns(self.runs.clone())));
        engine.crm =
            Some(CrmConnection { id: self.crm.clone(), port: crm, writing: true, ended: false });
        engine.ledgers.push(LedgerConnection {
            id: self.ledger.clone(),
            port: ledger,
            writing: true,
            ended: false,
        });
        engine.crash_points = Box::new(Mortal(self.fate.clone()));
        self.running = Some(Running { engine, alive, _lock: lock });
    }

    /// The process is gone, tidily or not.
    pub fn end(&mut self) {
        if let Some(running) = self.running.take() {
            running.alive.end();
        }
    }

    /// Ends the process and starts it again.
    pub async fn restart(&mut self) {
        self.end();
        self.start().await;
    }

    pub fn engine(&mut self) -> &mut Engine {
        &mut self.running.as_mut().expect("a process is running").engine
    }

    /// The process dies at the crash point passed after so many others.
    pub fn die_at(&self, at: Option<u32>) {
        self.fate.ends(at.map(|at| (When::After(at), End::Death)));
    }

    /// The process dies, or its disk is full, at a place that this history has hardly passed.
    pub fn end_at_a_rare_place(&self, passed_before: u32, after: u32, full: bool) {
        let end = if full { End::FullDisk(self.store_path()) } else { End::Death };
        self.fate.ends(Some((When::Rare { passed_before, after }, end)));
    }

    /// The disk is full from the crash point on that is passed after so many others.
    pub fn fill_at(&self, at: u32) {
        self.fate.ends(Some((When::After(at), End::FullDisk(self.store_path()))));
    }

    pub fn sleep(&self, secs: i64) {
        self.clock.advance(SignedDuration::from_secs(secs));
    }

    /// Sets the laptop's clock wrong by so many seconds.
    pub fn set_clock_wrong(&self, secs: i64) {
        self.wrong_secs.store(secs, Ordering::Relaxed);
    }

    /// Lets the process do something. `None`: it died, and was started again.
    pub async fn act<T>(
        &mut self,
        name: &str,
        step: impl AsyncFnOnce(&mut Engine) -> Result<T, EngineError>,
    ) -> Option<Result<T, EngineError>> {
        let mut running = self.running.take().expect("a process is running");
        let network = self.network.clone();
        let ended = tokio::select! {
            biased;
            ended = step(&mut running.engine) => Some(ended),
            () = network.death() => None,
        };
        let point = self.fate.died();
        let died_at = match &ended {
            None => Some("killed during a request"),
            Some(Err(EngineError::Died(point))) => Some(*point),
            Some(_) => point,
        };
        let faults = self.network.suffered();
        self.suffered = !faults.is_empty();
        coverage::note(&faults, died_at, self.class);
        let told = died_at.map_or(String::new(), |point| format!(", died: {point}"));
        self.say(format!("{name} {faults:?}{told}"));
        self.running = Some(running);
        self.count_invoices();
        match (ended, died_at) {
            (Some(Err(EngineError::Store(error))), None) if self.disk_is_full() => {
                self.say(format!("{name} stopped: {error}"));
                coverage::did("the disk was full");
                if self.full_disk {
                    self.restart().await
                } else {
                    self.make_room().await
                }
                None
            }
            (Some(ended), None) => {
                if let Err(error) = &ended {
                    self.say(format!("{name} refused: {error:?}"));
                    assert!(is_tolerable(error), "{name} failed: {error:?}");
                }
                self.check_refused();
                Some(ended)
            }
            _ => {
                self.restart().await;
                None
            }
        }
    }

    pub fn disk_is_full(&self) -> bool {
        self.full_disk || self.fate.filled()
    }

    /// One run as the product does it: read, ask, send what was promised, write back.
    pub async fn sync(&mut self, full: bool) -> Option<Result<RunReport, EngineError>> {
        let ledger = self.ledger.clone();
        let name = if full { "sync everything" } else { "sync" };
        let settled =
            self.clock.now().duration_since(self.changed_at.get()).as_secs() > SETTLE_SECS;
        let quiet = self.network.is_quiet() && settled;
        let ended = self
            .act(name, async |engine| {
                let report = engine.sync(&request(full)).await?;
                engine.send_promised(&ledger, &report.run).await?;
                let view = match engine.view_today(&ledger) {
                    Err(EngineError::NothingToReport) => return Ok(report),
                    view => view?,
                };
                let reconciliation = view.reconcile()?;
                engine.write_back(&view, &reconciliation, None, &report.run).await?;
                Ok(report)
            })
            .await;
        if let Some(Ok(report)) = &ended {
            self.sign_in_needed = report.gaps.iter().any(needs_sign_in);
            if !report.gaps.is_empty() {
                let classes: Vec<&str> = report.gaps.iter().map(word).collect();
                self.say(format!("incomplete: {}", classes.join(", ")));
            }
            let readable = report.gaps.iter().all(is_about_records);
            if readable && quiet && !self.suffered {
                self.check_records();
                self.check_kept_aside();
            }
        }
        ended
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
        let ended = self.act(&name, async |engine| engine.create(&request).await).await;
        if let Some(Ok(report)) = &ended {
            for planned in &report.planned {
                self.say(format!("  {} {:?}", planned.deal, planned.outcome));
            }
        }
        ended
    }

    /// A run and a create, without looking at what they say.
    pub async fn try_everything(&mut self) -> Result<(), EngineError> {
        let ledger = self.ledger.clone();
        let create = CreateRequest {
            ledger: ledger.clone(),
            deals: Vec::new(),
            further: false,
            dry_run: false,
            limit: CREATE_MAX,
            approved_by: "Priya Raman".into(),
        };
        let engine = self.engine();
        engine.sync(&request(false)).await?;
        engine.create(&create).await?;
        Ok(())
    }

    pub async fn resync(&mut self, deal: &DealId) {
        let (ledger, deal) = (self.ledger.clone(), deal.clone());
        let name = format!("resync {deal}");
        self.act(&name, async |engine| engine.resync(&ledger, &deal, Some("Priya Raman")).await)
            .await;
    }

    /// Remembers every invoice with a key, and every one that names a deal, that is in the ledger
    /// now: two keys for one deal would be as bad as two invoices for one key.
    pub fn count_invoices(&mut self) {
        for document in self.quickbooks.truth().documents() {
            if document.kind != "Invoice" {
                continue;
            }
            for name in key_in(&document.note).into_iter().chain(deal_in(&document.note)) {
                let ids = self.ever.entry(name).or_default();
                if !ids.contains(&document.id) {
                    ids.push(document.id.clone());
                }
            }
        }
    }
}

fn request(full: bool) -> SyncRequest {
    let (from, to) = ("2026-01-01".parse().unwrap(), "2027-12-31".parse().unwrap());
    SyncRequest {
        trigger: "schedule".into(),
        only: None,
        full,
        ranges: vec![DateRange { from, to }],
        balances_at: Vec::new(),
    }
}

fn word(gap: &Gap) -> &str {
    match gap {
        Gap::Connection { problem, .. } | Gap::Feed { problem, .. } => problem.class,
        Gap::Quarantined { reason, .. } => reason,
        Gap::Total { .. } => "a total differs",
        Gap::Missing { what, .. } => what,
    }
}

/// Everything was read, and some of it is kept aside.
fn is_about_records(gap: &Gap) -> bool {
    matches!(gap, Gap::Quarantined { .. } | Gap::Total { .. })
}

fn needs_sign_in(gap: &Gap) -> bool {
    word(gap) == "sign_in_needed"
}

/// The key in a note, found without the product's reader.
pub fn key_in(note: &str) -> Option<String> {
    let at = note.find("TIE-")?;
    note.get(at..at + 20).map(str::to_owned)
}

/// The deal in a note, found without the product's reader.
fn deal_in(note: &str) -> Option<String> {
    let (_, rest) = note.split_once("opp=")?;
    Some(rest.chars().take_while(char::is_ascii_alphanumeric).collect())
}

/// Errors that a person may be told; a damaged store or a figure that cannot be computed is none.
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
