//! Where worlds begin: prepared once per process, and copied.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};
use tieout_connect::session::StoredGrant;
use tieout_domain::ids::ConnectionId;
use tieout_sim::clock::SimClock;
use tieout_sim::quickbooks::{CompanyConfig, Consent, QuickBooksSim};
use tieout_sim::salesforce::{OrgConfig, SalesforceSim, Switches};
use tieout_store::{ConnectionRecord, Role, Store};

use crate::disk;
use crate::world::{Class, Skew, World};

const FOUNDED: &str = "2026-06-10T15:30:00Z";
/// A world begins so long after its origin, so that no clock of it ever stands before what was.
const LATER_SECS: i64 = 1_200;

/// Both systems, the store's bytes and the sign-ins at one moment.
pub struct Origin {
    pub at: Timestamp,
    pub salesforce: SalesforceSim,
    pub quickbooks: QuickBooksSim,
    pub store: Vec<u8>,
    pub grants: [Option<StoredGrant>; 2],
    pub runs: u64,
}

static MADE: Mutex<BTreeMap<(Class, bool), Arc<Origin>>> = Mutex::new(BTreeMap::new());

impl Origin {
    /// A small company on both sides, signed in; with `read`, everything was read once.
    pub fn of(class: Class, read: bool) -> Arc<Self> {
        let mut made = MADE.lock().unwrap();
        let origin = made.entry((class, read)).or_insert_with(|| {
            // A thread of its own: whoever asks may be inside a runtime already.
            let making = std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
                runtime.block_on(Self::make(class, read))
            });
            Arc::new(making.join().unwrap())
        });
        origin.clone()
    }

    async fn make(class: Class, read: bool) -> Self {
        let mut world = World::of(class, &Self::empty(class), Skew::default());
        introduce_connections(&world);
        world.found_the_company();
        world.sign_in().await;
        if read {
            world.start().await;
            let report = world.sync(true).await.unwrap().unwrap();
            assert!(report.is_complete(), "the first run is not complete: {:?}", report.gaps);
        }
        world.end();
        let grant = |at: usize| world.grants[at].lock().unwrap().clone();
        Self {
            at: world.clock.now() + SignedDuration::from_secs(LATER_SECS),
            salesforce: world.salesforce.clone(),
            quickbooks: world.quickbooks.clone(),
            store: std::fs::read(world.store_path()).unwrap(),
            grants: [grant(0), grant(1)],
            runs: world.runs(),
        }
    }

    /// Before there was anything.
    fn empty(class: Class) -> Self {
        let clock = SimClock::at(FOUNDED.parse().unwrap());
        let mut switches = Switches { tieout_fields: true, ..Switches::default() };
        switches.extra_fields = vec!["Opportunity.Reference__c: string(40) cun".to_owned()];
        let org = OrgConfig { switches, ..OrgConfig::default() };
        let company = CompanyConfig {
            consent: Consent::Allow,
            custom_txn_numbers: class.own_numbers(),
            // Users report that ids of requests are forgotten. Nothing but what a class is named
            // after may keep a second invoice away.
            replay_request_ids: class == Class::NativeKey,
            warn_duplicate_numbers: class == Class::UniqueExternalId,
            ..CompanyConfig::default()
        };
        Self {
            at: clock.now(),
            salesforce: SalesforceSim::new(clock.clone(), org),
            quickbooks: QuickBooksSim::new(clock, company),
            store: Vec::new(),
            grants: [None, None],
            runs: 0,
        }
    }
}

fn introduce_connections(world: &World) {
    let mut store = Store::open(&world.store_path(), &disk::key()).unwrap();
    let both: [(&ConnectionId, &str, Role); 2] =
        [(&world.crm, "salesforce", Role::Crm), (&world.ledger, "quickbooks", Role::Ledger)];
    for (id, brand, role) in both {
        let record = ConnectionRecord {
            id: id.clone(),
            brand: brand.into(),
            role,
            name: "Acme".into(),
            settings: "{}".into(),
            created_at: world.clock.now(),
            writing: true,
            disconnected_at: None,
        };
        store.save_connection(&record).unwrap();
    }
}
