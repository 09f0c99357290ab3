//! Salesforce at its place of trial.

use std::sync::Arc;

use bytes::Bytes;
use http::{Method, Request};
use serde_json::{Value, json};
use tieout_connect::cancel::Cancel;
use tieout_connect::oauth::OAuthConfig;
use tieout_connect::ports::{Answer, Crm, CrmWrite, DateRange, FieldValue, WriteTarget};
use tieout_domain::effect::Replay;
use tieout_domain::facts::Stream;
use tieout_domain::ids::{CrmOrgId, DealId};
use tieout_salesforce::{LoginHost, Salesforce, SalesforceConfig, SalesforceParts};
use tieout_sim::clock::SimClock;
use tieout_sim::salesforce::{CLIENT_ID, Edit, OrgConfig, SalesforceSim, Switches};
use tieout_sim::sample::Company;

use crate::line::{Act, target};
use crate::stand::{Brand, Later, SetUp, Shown, Stand, Word, World};

const HOST: &str = "http://127.0.0.1:1";
const ROWS: usize = 2_000;
/// The rows that the rules write, and their key.
const LEDGER_ACCOUNT: &str = "Tieout_Ledger_Account__c";
const KEY_FIELD: &str = "Key__c";
const KEY: &str = "001Hs00000AbCdEIAV|qbo:9130347957983546|501|USD";

pub struct SalesforceStand {
    world: World,
    sim: SalesforceSim,
    account: String,
    late: std::sync::Mutex<Option<String>>,
}

impl SalesforceStand {
    fn config() -> SalesforceConfig {
        let host = LoginHost::parse(HOST).expect("this computer");
        SalesforceConfig::new(host, CLIENT_ID)
    }

    fn person(sim: &SalesforceSim, object: &str, id: Option<&str>, fields: Value) -> String {
        Self::late_person(sim, object, id, fields, 0)
    }

    fn late_person(
        sim: &SalesforceSim,
        object: &str,
        id: Option<&str>,
        fields: Value,
        secs: u32,
    ) -> String {
        let (object, id) = (object.to_owned(), id.map(str::to_owned));
        let edit = Edit { object, id, fields, raw: false, visible_after_secs: Some(secs) };
        sim.edit(&edit).expect("the org takes it")
    }

    fn deal(&self, amount: &str) -> Value {
        let amount: Value = serde_json::from_str(amount).expect("a number");
        json!({"Name": "Edge controllers", "AccountId": self.account, "CloseDate": "2026-06-10",
            "StageName": "Closed Won", "Amount": amount})
    }

    fn row() -> CrmWrite {
        let text = |name: &str, text: &str| (name.to_owned(), FieldValue::Text(text.to_owned()));
        CrmWrite {
            target: WriteTarget::LedgerAccount { key: KEY.to_owned() },
            fields: vec![
                text("Ledger__c", "qbo:9130347957983546"),
                text("Customer_Id__c", "501"),
                text("Currency__c", "USD"),
            ],
        }
    }
}

impl Stand for SalesforceStand {
    type Port = dyn Crm;

    fn brand() -> Brand {
        Brand {
            name: "salesforce",
            tool: "Salesforce",
            stream: Stream::Deals,
            page: ROWS,
            id: "Id",
            right: Shown::ByTheProbe,
            replay: Replay::UniqueExternalId,
            later: Later::Same,
            set_up: SetUp {
                requests: 4,
                reason: "the organisation in one batch, the versions, and two on what the user sees",
            },
            cannot: &[(
                "a_void",
                "an Opportunity is open, won, lost or deleted: there is nothing to void",
            )],
        }
    }

    fn found() -> Self {
        let clock = SimClock::at(World::start());
        let mut switches =
            Switches { tieout_fields: true, multi_currency: true, ..Switches::default() };
        switches.extra_fields = vec!["Opportunity.Reference__c: string(40) cun".to_owned()];
        let config = OrgConfig { switches, ..OrgConfig::default() };
        let sim = SalesforceSim::new(clock.clone(), config);
        let account = Self::person(&sim, "Account", None, json!({"Name": "Harrow Creek"}));
        let world = World::around(sim.router(), sim.faults().clone(), clock, None);
        Self { world, sim, account, late: std::sync::Mutex::default() }
    }

    fn world(&self) -> &World {
        &self.world
    }

    fn oauth(&self) -> OAuthConfig {
        Self::config().oauth().expect("addresses of this computer")
    }

    async fn connect(&self) -> Arc<dyn Crm> {
        let parts = SalesforceParts {
            transport: self.world.line.clone(),
            store: self.world.keys.clone(),
            clock: self.world.laptop(),
            entropy: self.world.entropy.clone(),
            cancel: Cancel::new(),
        };
        let org = CrmOrgId::new(Company::ORG_ID).expect("an id");
        Arc::new(Salesforce::open(Self::config(), org, parts).await.expect("nothing is sent"))
    }

    fn make(&self, count: usize, apart_secs: i64) -> Vec<String> {
        let one = |_| {
            self.world.pass(apart_secs);
            self.make_of("100")
        };
        (0..count).map(one).collect()
    }

    fn make_of(&self, amount: &str) -> String {
        Self::person(&self.sim, "Opportunity", None, self.deal(amount))
    }

    fn touch(&self, id: &str) -> Act {
        let (sim, id) = (self.sim.clone(), id.to_owned());
        Box::new(move || {
            Self::person(&sim, "Opportunity", Some(&id), json!({"Type": "Existing Business"}));
        })
    }

    fn make_removable(&self) -> String {
        self.make_of("100")
    }

    fn remove(&self, id: &str) -> Act {
        let (sim, id) = (self.sim.clone(), id.to_owned());
        Box::new(move || sim.delete("Opportunity", &id).expect("the org takes it"))
    }

    fn void(&self, _: &str) -> Act {
        unreachable!("declared: there is nothing to void")
    }

    fn begin_late(&self, secs: u32) {
        let id = Self::late_person(&self.sim, "Opportunity", None, self.deal("100"), secs);
        *self.late.lock().expect("nobody panics") = Some(id);
    }

    fn end_late(&self) -> String {
        self.late.lock().expect("nobody panics").take().expect("it began")
    }

    fn lapse(&self) {
        self.sim.end_sessions();
    }

    fn take_a_right_away(&self) {
        self.sim.switch(|switches| {
            switches.hidden_fields.insert("Opportunity.Amount".to_owned());
        });
    }

    fn misname(record: &mut Value, word: Word) {
        match word {
            Word::Decides => record["CurrencyIsoCode"] = json!("QQQ"),
            Word::DecidesNothing => record["StageName"] = json!("Handshake"),
        }
    }

    fn is_page(request: &Request<Bytes>) -> bool {
        let target = target(request);
        target.contains("/queryAll") && target.contains("FROM Opportunity ")
            || target.contains("/query/")
    }

    fn is_write(request: &Request<Bytes>) -> bool {
        request.method() != Method::GET && target(request).contains(LEDGER_ACCOUNT)
    }

    async fn write(&self, port: &(dyn Crm + 'static), _: u32) -> Answer<()> {
        let mut outcomes = port.write(&[Self::row()]).await?;
        outcomes.pop().expect("one for each write")
    }

    async fn look_up(&self, port: &(dyn Crm + 'static)) -> Answer<bool> {
        let found = port.mirrored(&[], &[], &[KEY.to_owned()]).await?;
        Ok(found.iter().any(|row| row.target == Self::row().target))
    }

    async fn ask_everything(&self, port: &(dyn Crm + 'static)) {
        let made = self.make(2, 1);
        let deal = DealId::new(&made[0]).expect("an id");
        let snapshot = port.deal(&deal).await.expect("read");
        assert_eq!(snapshot.deal.map(|deal| deal.id), Some(deal.clone()));
        let account = snapshot.account.expect("it has one").id;
        let mirrored = port.mirrored(&[deal], &[account], &[]).await.expect("read");
        assert_eq!(mirrored.len(), 2, "{mirrored:?}");
        let day = "2026-06-10".parse().expect("a day");
        let totals = port.won_totals(DateRange { from: day, to: day }).await.expect("counted");
        assert_eq!(totals.iter().map(|total| total.count).sum::<u64>(), 2, "{totals:?}");
        assert!(port.deep_link(Stream::Deals, &made[0]).is_some_and(|at| at.contains(&made[0])));
    }

    fn written(&self) -> usize {
        self.sim.truth().find(LEDGER_ACCOUNT, KEY_FIELD, KEY).len()
    }

    fn fill(&self, scale: usize) -> Vec<(&'static str, usize, usize)> {
        let deals = self.make(scale * 2 * ROWS + 1, 0).len();
        let truth = self.sim.truth();
        vec![
            ("User", truth.count("User"), ROWS),
            ("Account", truth.count("Account"), ROWS),
            ("Product2", truth.count("Product2"), ROWS),
            ("Opportunity", deals, ROWS),
            ("OpportunityLineItem", 0, ROWS),
            ("OpportunityLineItemSchedule", 0, ROWS),
            ("OpportunityHistory", truth.count("OpportunityHistory"), ROWS),
        ]
    }
}
