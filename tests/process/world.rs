//! A desk that is connected to both sides of a sandbox.

use serde_json::{Value, json};

use crate::desk::{Desk, Ran};
use crate::line::Line;
use crate::person::SigningIn;
use crate::sandbox::Sandbox;

pub struct World {
    pub sandbox: Sandbox,
    pub desk: Desk,
}

impl World {
    /// Both connections made in the browser, nothing read yet.
    pub fn connected() -> Self {
        let sandbox = Sandbox::serve();
        let desk = Desk::new();
        let world = Self { sandbox, desk };
        world.connect("salesforce");
        world.connect("quickbooks");
        world
    }

    /// Both connections made, and everything read once.
    pub fn synced() -> Self {
        let world = Self::connected();
        world.desk.run(&["sync"]).exits(0);
        world
    }

    /// QuickBooks behind a line that can be listened to and cut; Salesforce behind another.
    pub fn behind_lines() -> (Self, Line, Line) {
        let world = Self { sandbox: Sandbox::serve(), desk: Desk::new() };
        let salesforce = Line::to(world.sandbox.place("salesforce", "base_url"));
        let quickbooks = Line::to(world.sandbox.place("quickbooks", "base_url"));
        world.connect_at("salesforce", &salesforce.address(), &[]);
        world.connect_at("quickbooks", &quickbooks.address(), &[]);
        (world, salesforce, quickbooks)
    }

    pub fn connect(&self, brand: &str) -> Ran {
        self.connect_at(brand, self.sandbox.place(brand, "base_url"), &[])
    }

    pub fn connect_at(&self, brand: &str, at: &str, more: &[&str]) -> Ran {
        let signing_in = SigningIn::start(&self.desk, &self.sandbox, brand, at, more);
        let page = signing_in.press("Allow");
        assert_eq!(page.status, 200, "{}", page.body);
        assert!(page.body.contains("You can close this window"), "{}", page.body);
        signing_in.end().exits(0)
    }

    pub fn allow_writing(&self, name: &str) {
        self.desk.run(&["connections", "--allow-writing", name]).exits(0);
    }

    /// Deals that would be invoiced now, in the order of the document.
    pub fn ready(&self) -> Vec<String> {
        let view = self.desk.document(&["create", "--dry-run"]);
        let ready = list(&view["deals"]).iter().filter(|deal| deal["outcome"] == "ready");
        ready.map(|deal| text(&deal["opportunity"])).collect()
    }

    /// A deal that is won in Salesforce and has no invoice: same account and product as the deal of
    /// the story with this reference.
    pub fn win_a_deal(&self, like: &str, name: &str) -> String {
        self.win_a_deal_of(None, like, name)
    }

    /// The same of another account.
    pub fn win_a_deal_of(&self, account: Option<&str>, like: &str, name: &str) -> String {
        let truth = self.sandbox.truth("salesforce", "");
        let find = |object: &str, field: &str, is: &str| {
            let rows = list(&truth["records"][object]);
            rows.iter().find(|row| row[field] == is).expect("the neighbour is there").clone()
        };
        let deal = find("Opportunity", "Reference__c", like);
        let line = find("OpportunityLineItem", "OpportunityId", &text(&deal["Id"]));
        let id = self.sandbox.edit(
            "Opportunity",
            None,
            &json!({
                "AccountId": account.map_or(deal["AccountId"].clone(), Value::from),
                "CloseDate": deal["CloseDate"],
                "CurrencyIsoCode": deal["CurrencyIsoCode"], "Pricebook2Id": deal["Pricebook2Id"],
                "Name": name, "StageName": "Qualification",
            }),
        );
        let entry = &line["PricebookEntryId"];
        let fields = json!({"OpportunityId": id, "PricebookEntryId": entry, "Quantity": 1, "UnitPrice": 900});
        self.sandbox.edit("OpportunityLineItem", None, &fields);
        self.sandbox.edit("Opportunity", Some(&id), &json!({"StageName": "Closed Won"}));
        id
    }
}

/// The rows of a list.
#[track_caller]
pub fn list(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap_or_else(|| panic!("no list: {value}"))
}

/// A text.
#[track_caller]
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}
