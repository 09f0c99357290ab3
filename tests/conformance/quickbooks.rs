//! QuickBooks at its place of trial.

use std::sync::Arc;

use bytes::Bytes;
use http::{Method, Request};
use serde_json::{Value, json};
use tieout_connect::cancel::Cancel;
use tieout_connect::endpoint::BaseUrl;
use tieout_connect::oauth::OAuthConfig;
use tieout_connect::ports::{Answer, Ledger};
use tieout_connect::secret::Secret;
use tieout_domain::effect::Replay;
use tieout_domain::facts::Stream;
use tieout_quickbooks::{
    Agreement, App, Company, Endpoints, Environment, QuickBooks, RedirectKind, Wiring,
};
use tieout_sim::clock::SimClock;
use tieout_sim::quickbooks::{CompanyConfig, Consent, Edit, EditKind, QuickBooksSim};

use crate::ledger::{self, Terms};
use crate::line::{Accident, Act, target};
use crate::stand::{Brand, Later, SetUp, Shown, Stand, Word, World};

const HOST: &str = "http://127.0.0.1:2";
const ROWS: usize = 1_000;
const CUSTOMER: &str = "501";
const ITEM: &str = "11";
/// The connecting user is no administrator any more (`quickbooks §4.11`).
const NO_ADMINISTRATOR: &str = r#"{"Fault":{"Error":[{"Message":"Authorization Failure","Detail":"AuthorizationFailure: Permission denied","code":"120","element":""}],"type":"AUTHORIZATION"},"time":"2026-06-10T08:30:00.000-07:00"}"#;

/// `OURS`: documents that we make carry our key as their number; else the company numbers them.
pub struct QuickBooksStand<const OURS: bool> {
    world: World,
    sim: QuickBooksSim,
    begun: std::sync::Mutex<Option<jiff::Timestamp>>,
}

impl<const OURS: bool> QuickBooksStand<OURS> {
    fn app() -> (App, Endpoints) {
        let environment = Environment::At(BaseUrl::parse(HOST).expect("this computer"));
        let endpoints = Endpoints::known(&environment);
        let secret = Secret::new(QuickBooksSim::CLIENT_SECRET);
        let app = App::new(environment, QuickBooksSim::CLIENT_ID, secret, RedirectKind::Loopback);
        (app.expect("an app"), endpoints)
    }

    fn person(sim: &QuickBooksSim, entity: &str, operation: EditKind, body: Value) -> Value {
        let edit = Edit { entity: entity.to_owned(), operation, body };
        sim.edit(&edit).expect("the books take it")
    }

    fn invoice(amount: &str) -> Value {
        let amount: Value = serde_json::from_str(amount).expect("a number");
        json!({"CustomerRef": {"value": CUSTOMER}, "TxnDate": "2026-06-10",
            "Line": [{"Amount": amount, "DetailType": "SalesItemLineDetail",
                "SalesItemLineDetail": {"ItemRef": {"value": ITEM}}}]})
    }

    fn acts(&self, operation: EditKind, body: Value) -> Act {
        let sim = self.sim.clone();
        Box::new(move || {
            Self::person(&sim, "Invoice", operation, body);
        })
    }

    fn terms() -> Terms<'static> {
        Terms { ledger: "qbo:9130347957983546", customer: CUSTOMER, item: ITEM, currency: "USD" }
    }
}

impl<const OURS: bool> Stand for QuickBooksStand<OURS> {
    type Port = dyn Ledger;

    fn brand() -> Brand {
        Brand {
            name: if OURS { "quickbooks" } else { "quickbooks_with_its_own_numbers" },
            tool: "QuickBooks",
            stream: Stream::Invoices,
            page: ROWS,
            id: "Id",
            right: Shown::AtReading,
            replay: if OURS {
                Replay::NativeKey { ttl_secs: 3_600 }
            } else {
                Replay::MarkerSearch { visible_after_secs: 60 }
            },
            later: if OURS { Later::Refused } else { Later::Second },
            set_up: SetUp {
                requests: 9,
                reason: "the company, its settings in one batch, and seven counts of records",
            },
            cannot: &[],
        }
    }

    fn found() -> Self {
        let clock = SimClock::at(World::start());
        let company = CompanyConfig {
            consent: Consent::Allow,
            custom_txn_numbers: OURS,
            rotate_every_refresh: true,
            ..CompanyConfig::default()
        };
        let sim = QuickBooksSim::new(clock.clone(), company);
        let customer = json!({"Id": CUSTOMER, "DisplayName": "Harrow Creek"});
        Self::person(&sim, "Customer", EditKind::Create, customer);
        let item = json!({"Id": ITEM, "Name": "Edge", "Sku": "EDGE", "Type": "Service",
            "IncomeAccountRef": {"value": "1"}});
        Self::person(&sim, "Item", EditKind::Create, item);
        let world = World::around(sim.router(), sim.faults(), clock, None);
        Self { world, sim, begun: std::sync::Mutex::default() }
    }

    fn world(&self) -> &World {
        &self.world
    }

    fn oauth(&self) -> OAuthConfig {
        let (app, endpoints) = Self::app();
        app.oauth(&endpoints)
    }

    async fn connect(&self) -> Arc<dyn Ledger> {
        let (app, endpoints) = Self::app();
        let company = Company::new(app, &self.sim.realm()).expect("a realm");
        let agreement = Agreement { own_numbers: OURS, ..Agreement::default() };
        let wiring = Wiring {
            transport: self.world.line.clone(),
            store: self.world.keys.clone(),
            clock: self.world.laptop(),
            entropy: self.world.entropy.clone(),
            cancel: Cancel::new(),
            endpoints,
        };
        Arc::new(QuickBooks::new(company, agreement, wiring))
    }

    fn make(&self, count: usize, apart_secs: i64) -> Vec<String> {
        let one = |_| {
            self.world.pass(apart_secs);
            self.make_of("100")
        };
        (0..count).map(one).collect()
    }

    fn make_of(&self, amount: &str) -> String {
        let made = Self::person(&self.sim, "Invoice", EditKind::Create, Self::invoice(amount));
        made["Id"].as_str().expect("an id").to_owned()
    }

    fn touch(&self, id: &str) -> Act {
        self.acts(EditKind::Update, json!({"Id": id, "PrivateNote": "seen"}))
    }

    fn make_removable(&self) -> String {
        self.make_of("100")
    }

    fn remove(&self, id: &str) -> Act {
        self.acts(EditKind::Delete, json!({ "Id": id }))
    }

    fn void(&self, id: &str) -> Act {
        self.acts(EditKind::Void, json!({ "Id": id }))
    }

    fn begin_late(&self, _: u32) {
        *self.begun.lock().expect("nobody panics") = Some(self.world.clock.now());
    }

    fn end_late(&self) -> String {
        let ids = || -> Vec<String> {
            self.sim.truth().documents().into_iter().map(|document| document.id).collect()
        };
        let (before, at) = (ids(), self.begun.lock().expect("nobody panics").take());
        let (entity, operation) = ("Invoice".to_owned(), EditKind::Create);
        let edit = Edit { entity, operation, body: Self::invoice("100") };
        self.sim.schedule(at.expect("it began"), edit);
        ids().into_iter().find(|id| !before.contains(id)).expect("the books took it")
    }

    fn lapse(&self) {
        self.world.pass(3_601);
    }

    fn take_a_right_away(&self) {
        let refused = Accident::Answered(400, NO_ADMINISTRATOR.to_owned());
        self.world.line.happens(refused, u32::MAX, Self::is_page);
    }

    fn misname(record: &mut Value, word: Word) {
        match word {
            Word::Decides => record["CurrencyRef"] = json!({"value": "QQQ"}),
            Word::DecidesNothing => record["Line"][0]["DetailType"] = json!("BarterLineDetail"),
        }
    }

    fn is_page(request: &Request<Bytes>) -> bool {
        let target = target(request);
        target.contains("SELECT * FROM Invoice") || target.contains("/cdc?")
    }

    fn is_write(request: &Request<Bytes>) -> bool {
        request.method() == Method::POST && request.uri().path().ends_with("/invoice")
    }

    async fn write(&self, port: &(dyn Ledger + 'static), attempt: u32) -> Answer<()> {
        ledger::write(port, Self::terms(), attempt).await
    }

    async fn look_up(&self, port: &(dyn Ledger + 'static)) -> Answer<bool> {
        ledger::look_up(port, Self::terms()).await
    }

    async fn ask_everything(&self, port: &(dyn Ledger + 'static)) {
        let made = self.make(2, 1);
        ledger::ask_everything(port, Self::terms(), &made).await;
    }

    fn written(&self) -> usize {
        let key = ledger::proposal(Self::terms()).key;
        let documents = self.sim.truth().documents();
        documents.iter().filter(|document| document.note.contains(key.as_str())).count()
    }

    fn fill(&self, scale: usize) -> Vec<(&'static str, usize, usize)> {
        let invoices = self.make(scale * 2 * ROWS + 1, 1).len();
        vec![
            ("Customer", 1, ROWS),
            ("Item", 3, ROWS),
            ("Invoice", invoices, ROWS),
            ("CreditMemo", 0, ROWS),
            ("SalesReceipt", 0, ROWS),
            ("Payment", 0, ROWS),
            ("RefundReceipt", 0, ROWS),
            ("JournalEntry", 0, ROWS),
            ("Deposit", 0, ROWS),
        ]
    }
}
