//! Xero at its place of trial.

use std::sync::Arc;

use bytes::Bytes;
use http::{Method, Request};
use serde_json::{Value, json};
use tieout_connect::cancel::Cancel;
use tieout_connect::endpoint::BaseUrl;
use tieout_connect::oauth::OAuthConfig;
use tieout_connect::ports::{Answer, Ledger};
use tieout_domain::effect::Replay;
use tieout_domain::facts::Stream;
use tieout_sim::clock::SimClock;
use tieout_sim::xero::{AppConfig, Bulk, Consent, Edit, EditKind, TenantConfig, XeroSim};
use tieout_xero::{Agreement, App, Company, Environment, Scopes, Wiring, Xero};

use crate::ledger::{self, Terms};
use crate::line::Act;
use crate::stand::{Brand, Later, SetUp, Shown, Stand, Word, World};
use crate::xero_wire;

const HOST: &str = "http://127.0.0.1:3";
/// Where the pages of deals are: documents link back to them.
const PAGES: &str = "https://example.my.salesforce.com";
/// Rows of a page of documents, which carry lines, and of anything shorter.
const DOCUMENT_ROWS: usize = 200;
const ROWS: usize = 1_000;

/// `OURS`: documents that we make carry our key as their number; else Xero numbers them.
pub struct XeroStand<const OURS: bool> {
    world: World,
    sim: XeroSim,
    contact: String,
    item: String,
    begun: std::sync::Mutex<Option<jiff::Timestamp>>,
}

impl<const OURS: bool> XeroStand<OURS> {
    fn app() -> App {
        let base = BaseUrl::parse(HOST).expect("this computer");
        App::new(Environment::At(base), XeroSim::CLIENT_ID, Scopes::default()).expect("an app")
    }

    fn person(sim: &XeroSim, entity: &str, operation: EditKind, body: Value) -> Value {
        let edit = Edit { tenant: None, entity: entity.to_owned(), operation, body };
        sim.edit(&edit).expect("the books take it")
    }

    fn invoice(&self, status: &str, amount: &str) -> Value {
        let amount: Value = serde_json::from_str(amount).expect("a number");
        json!({"Type": "ACCREC", "Status": status, "Contact": {"ContactID": self.contact},
            "Date": "2026-06-10", "DueDate": "2026-07-10", "LineAmountTypes": "NoTax",
            "LineItems": [{"Description": "Goods", "Quantity": 1, "UnitAmount": amount,
                "AccountCode": "200"}]})
    }

    fn invoice_made(&self, status: &str, amount: &str) -> String {
        let body = self.invoice(status, amount);
        let made = Self::person(&self.sim, "Invoice", EditKind::Create, body);
        made["InvoiceID"].as_str().expect("an id").to_owned()
    }

    fn acts(&self, operation: EditKind, body: Value) -> Act {
        let sim = self.sim.clone();
        Box::new(move || {
            Self::person(&sim, "Invoice", operation, body);
        })
    }
}

impl<const OURS: bool> Stand for XeroStand<OURS> {
    type Port = dyn Ledger;

    fn brand() -> Brand {
        Brand {
            name: if OURS { "xero" } else { "xero_with_its_own_numbers" },
            tool: "Xero",
            stream: Stream::Invoices,
            page: DOCUMENT_ROWS,
            id: "InvoiceID",
            right: Shown::AtReading,
            replay: if OURS {
                Replay::UniqueExternalId
            } else {
                Replay::NativeKey { ttl_secs: 360 }
            },
            later: if OURS { Later::Refused } else { Later::Second },
            set_up: SetUp {
                requests: 5,
                reason: "the organisation and what its user may do, accounts, currencies, tax rates",
            },
            cannot: &[],
        }
    }

    fn found() -> Self {
        let clock = SimClock::at(World::start());
        let app = AppConfig {
            consent: Consent::Allow,
            registered_redirects: App::callback_urls(),
            ..AppConfig::default()
        };
        let sim = XeroSim::new(clock.clone(), app, vec![TenantConfig::default()]);
        let contact = json!({"Name": "Harrow Creek"});
        let contact = Self::person(&sim, "Contact", EditKind::Create, contact);
        let item = json!({"Code": "EDGE", "Name": "Edge",
            "SalesDetails": {"UnitPrice": 100, "AccountCode": "200"}});
        let item = Self::person(&sim, "Item", EditKind::Create, item);
        let id = |of: &Value, name: &str| of[name].as_str().expect("an id").to_owned();
        let (contact, item) = (id(&contact, "ContactID"), id(&item, "ItemID"));
        let world = World::around(sim.router(), sim.faults(), clock, Some(xero_wire::check));
        Self { world, sim, contact, item, begun: std::sync::Mutex::default() }
    }

    fn world(&self) -> &World {
        &self.world
    }

    fn oauth(&self) -> OAuthConfig {
        Self::app().oauth()
    }

    async fn connect(&self) -> Arc<dyn Ledger> {
        let company = Company::new(Self::app(), XeroSim::TENANT).expect("a tenant id");
        let pages = BaseUrl::parse(PAGES).expect("an https address");
        let agreement =
            Agreement { own_numbers: OURS, deal_pages: Some(pages), ..Agreement::default() };
        let wiring = Wiring {
            transport: self.world.line.clone(),
            store: self.world.keys.clone(),
            clock: self.world.laptop(),
            entropy: self.world.entropy.clone(),
            cancel: Cancel::new(),
        };
        Arc::new(Xero::new(company, agreement, wiring))
    }

    fn make(&self, count: usize, apart_secs: i64) -> Vec<String> {
        let one = |_| {
            self.world.pass(apart_secs);
            self.invoice_made("AUTHORISED", "100")
        };
        (0..count).map(one).collect()
    }

    fn make_of(&self, amount: &str) -> String {
        self.invoice_made("AUTHORISED", amount)
    }

    fn touch(&self, id: &str) -> Act {
        self.acts(EditKind::Update, json!({"InvoiceID": id, "Reference": "seen"}))
    }

    /// Only drafts can be deleted.
    fn make_removable(&self) -> String {
        self.invoice_made("DRAFT", "100")
    }

    fn remove(&self, id: &str) -> Act {
        self.acts(EditKind::Delete, json!({ "InvoiceID": id }))
    }

    fn void(&self, id: &str) -> Act {
        self.acts(EditKind::Void, json!({ "InvoiceID": id }))
    }

    fn begin_late(&self, _: u32) {
        *self.begun.lock().expect("nobody panics") = Some(self.world.clock.now());
    }

    fn end_late(&self) -> String {
        let ids = || -> Vec<String> {
            let truth = self.sim.truth(None).expect("the first organisation");
            truth.documents().into_iter().map(|document| document.id).collect()
        };
        let (before, at) = (ids(), self.begun.lock().expect("nobody panics").take());
        let edit = Edit {
            tenant: None,
            entity: "Invoice".to_owned(),
            operation: EditKind::Create,
            body: self.invoice("AUTHORISED", "100"),
        };
        self.sim.schedule(at.expect("it began"), edit);
        ids().into_iter().find(|id| !before.contains(id)).expect("the books took it")
    }

    fn lapse(&self) {
        self.world.pass(1_801);
    }

    fn take_a_right_away(&self) {
        self.sim.switch_tenant(None, &json!({"forbidden": ["Invoices"]})).expect("a setting");
    }

    fn misname(record: &mut Value, word: Word) {
        match word {
            Word::Decides => record["Status"] = json!("PARKED"),
            Word::DecidesNothing => record["LineAmountTypes"] = json!("Partly"),
        }
    }

    fn is_page(request: &Request<Bytes>) -> bool {
        request.method() == Method::GET && request.uri().path().ends_with("/Invoices")
    }

    fn is_write(request: &Request<Bytes>) -> bool {
        request.method() == Method::PUT && request.uri().path().ends_with("/Invoices")
    }

    async fn write(&self, port: &(dyn Ledger + 'static), attempt: u32) -> Answer<()> {
        ledger::write(port, self.terms(), attempt).await
    }

    async fn look_up(&self, port: &(dyn Ledger + 'static)) -> Answer<bool> {
        ledger::look_up(port, self.terms()).await
    }

    async fn ask_everything(&self, port: &(dyn Ledger + 'static)) {
        let made = self.make(2, 1);
        ledger::ask_everything(port, self.terms(), &made).await;
    }

    fn written(&self) -> usize {
        let key = ledger::proposal(self.terms()).key;
        self.sim.truth(None).expect("the first organisation").noted(key.as_str()).len()
    }

    fn fill(&self, scale: usize) -> Vec<(&'static str, usize, usize)> {
        let invoices = u32::try_from(scale * 10 * DOCUMENT_ROWS + 1).expect("a count");
        let until = "2026-06-10".parse().expect("a day");
        let stamped = "2024-01-10T00:00:00Z".parse().expect("an instant");
        let bulk = Bulk { invoices, until, stamped };
        self.sim.fill(None, &bulk).expect("the first organisation");
        let truth = self.sim.truth(None).expect("the first organisation");
        let of = |kind: &str| truth.documents().iter().filter(|it| it.kind == kind).count();
        vec![
            ("Contacts", truth.contacts().len(), ROWS),
            ("Items", 1, ROWS),
            ("Invoices", of("Invoice"), DOCUMENT_ROWS),
            ("CreditNotes", of("CreditNote"), DOCUMENT_ROWS),
            ("Payments", truth.payments().len(), ROWS),
            ("Overpayments", of("Overpayment"), DOCUMENT_ROWS),
            ("Prepayments", of("Prepayment"), DOCUMENT_ROWS),
        ]
    }
}

impl<const OURS: bool> XeroStand<OURS> {
    fn terms(&self) -> Terms<'_> {
        Terms {
            ledger: "xero:9d3e2a51-7c44-4e0b-a1b7-5f1a2c3d4e5f",
            customer: &self.contact,
            item: &self.item,
            currency: "NZD",
        }
    }
}
