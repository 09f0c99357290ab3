//! What people in sales do in the CRM, past the product.

use serde_json::{Value, json};
use tieout_domain::ids::DealId;
use tieout_sim::quickbooks::EditKind;
use tieout_sim::sample::salesforce_id;

use crate::world::World;

/// Products that both sides know.
const CODES: [&str; 3] = ["EDGE", "SENSOR", "SUPPORT"];
/// The ledger keeps the first one only.
const CURRENCIES: [&str; 2] = ["USD", "EUR"];
const ACCOUNTS: [&str; 3] = ["Harrow Creek", "Linden Works", "Osprey Foods"];

/// A decimal as a JSON number, without going through a float.
pub fn cents(amount: u64) -> Value {
    serde_json::from_str(&format!("{}.{:02}", amount / 100, amount % 100)).unwrap()
}

impl World {
    /// Accounts, products and prices in the CRM; items in the ledger.
    pub fn found_the_company(&self) {
        let euro = json!({"IsoCode": "EUR", "ConversionRate": 1, "DecimalPlaces": 2,
            "IsActive": true});
        self.in_crm("CurrencyType", None, euro).unwrap();
        for name in ACCOUNTS {
            self.in_crm("Account", None, json!({ "Name": name })).unwrap();
        }
        for (at, code) in CODES.iter().enumerate() {
            let product = json!({"Name": code, "IsActive": true, "Tieout_External_Id__c": code});
            let product = self.in_crm("Product2", None, product).unwrap();
            for currency in CURRENCIES {
                let price = json!({"Pricebook2Id": salesforce_id("01s", 1), "Product2Id": product,
                    "UnitPrice": 100, "IsActive": true, "CurrencyIsoCode": currency});
                self.in_crm("PricebookEntry", None, price).unwrap();
            }
            let item = json!({"Id": (11 + at).to_string(), "Name": code, "Sku": code,
                "Type": "Service", "IncomeAccountRef": {"value": "1"}});
            self.in_ledger("Item", EditKind::Create, item).unwrap();
        }
    }

    pub fn in_crm(&self, object: &str, id: Option<&str>, fields: Value) -> Result<String, String> {
        // A row that others are to point at has to be there at once.
        let visible_after_secs = Some(if id.is_some() { self.late_secs } else { 0 });
        let edit = tieout_sim::salesforce::Edit {
            object: object.into(),
            id: id.map(str::to_owned),
            fields,
            raw: false,
            visible_after_secs,
        };
        self.changed_at.set(self.clock.now());
        self.salesforce.edit(&edit).map_err(|error| format!("{error:?}"))
    }

    /// A deal of one line for one of the accounts is won. The amount is in cents.
    pub fn close_a_deal(&self, account: usize, amount: u64) -> DealId {
        let accounts = self.salesforce.truth().ids("Account");
        let count = self.salesforce.truth().count("Opportunity");
        let today = self.clock.now().to_zoned(jiff::tz::TimeZone::UTC).date();
        let deal = json!({"Name": format!("Deal {count}"), "Reference__c": format!("D-{count}"),
            "AccountId": accounts[account % accounts.len()], "CloseDate": today.to_string(),
            "StageName": "Prospecting", "Pricebook2Id": salesforce_id("01s", 1)});
        let deal = self.in_crm("Opportunity", None, deal).unwrap();
        self.add_a_line(&deal, amount).unwrap();
        self.in_crm("Opportunity", Some(&deal), json!({"StageName": "Closed Won"})).unwrap();
        DealId::new(&deal).unwrap()
    }

    pub fn add_a_line(&self, deal: &str, amount: u64) -> Result<String, String> {
        let truth = self.salesforce.truth();
        let currency = truth.field("Opportunity", deal, "CurrencyIsoCode").ok_or("no currency")?;
        let entries = truth.find("PricebookEntry", "CurrencyIsoCode", &currency);
        let entry = &entries[usize::try_from(amount).unwrap() % entries.len()];
        let line = json!({"OpportunityId": deal, "PricebookEntryId": entry, "Quantity": 1,
            "UnitPrice": cents(amount)});
        self.in_crm("OpportunityLineItem", None, line)
    }

    fn lines(&self, deal: &str) -> Vec<String> {
        self.salesforce.truth().find("OpportunityLineItem", "OpportunityId", deal)
    }

    pub fn change_an_amount(&self, deal: &str, amount: u64) -> Result<String, String> {
        let line = self.lines(deal).into_iter().next().ok_or("no line")?;
        self.in_crm("OpportunityLineItem", Some(&line), json!({"UnitPrice": cents(amount)}))
    }

    pub fn delete_a_line(&self, deal: &str) -> Result<String, String> {
        let line = self.lines(deal).into_iter().last().ok_or("no line")?;
        self.changed_at.set(self.clock.now());
        let deleted = self.salesforce.delete("OpportunityLineItem", &line);
        deleted.map(|()| line).map_err(|error| format!("{error:?}"))
    }

    pub fn delete_the_deal(&self, deal: &str) -> Result<String, String> {
        self.changed_at.set(self.clock.now());
        let deleted = self.salesforce.delete("Opportunity", deal);
        deleted.map(|()| deal.to_owned()).map_err(|error| format!("{error:?}"))
    }

    pub fn reopen_the_deal(&self, deal: &str) -> Result<String, String> {
        self.in_crm("Opportunity", Some(deal), json!({"StageName": "Negotiation/Review"}))
    }

    /// Won deals that nobody deleted.
    pub fn won_deals(&self) -> Vec<String> {
        self.salesforce.truth().find("Opportunity", "StageName", "Closed Won")
    }

    fn account_at(&self, at: usize) -> String {
        let accounts = self.salesforce.truth().ids("Account");
        accounts[at % accounts.len()].clone()
    }

    /// Half of the deal goes into a deal of its own.
    pub fn split_the_deal(&self, deal: &str, amount: u64) -> Result<String, String> {
        let account = self.salesforce.truth().field("Opportunity", deal, "AccountId");
        let accounts = self.salesforce.truth().ids("Account");
        let place = accounts.iter().position(|known| Some(known) == account.as_ref());
        let half = amount / 2 + 1;
        self.change_an_amount(deal, half)?;
        Ok(self.close_a_deal(place.unwrap_or(0), half).to_string())
    }

    pub fn change_the_owner(&self, deal: &str, to: u64) -> Result<String, String> {
        let owner = salesforce_id("005", 1 + to % 2);
        self.in_crm("Opportunity", Some(deal), json!({ "OwnerId": owner }))
    }

    pub fn change_the_account(&self, deal: &str, at: usize) -> Result<String, String> {
        let account = self.account_at(at);
        self.in_crm("Opportunity", Some(deal), json!({ "AccountId": account }))
    }

    pub fn move_the_close_date(&self, deal: &str, days: i64) -> Result<String, String> {
        let today = self.clock.now().to_zoned(jiff::tz::TimeZone::UTC).date();
        let day = today.saturating_add(jiff::Span::new().days(days)).to_string();
        self.in_crm("Opportunity", Some(deal), json!({ "CloseDate": day }))
    }

    /// The deal goes over to the other currency, and so do its lines.
    pub fn change_the_currency(&self, deal: &str, amount: u64) -> Result<String, String> {
        let had = self.salesforce.truth().field("Opportunity", deal, "CurrencyIsoCode");
        let other = CURRENCIES.into_iter().find(|it| Some(*it) != had.as_deref());
        while self.delete_a_line(deal).is_ok() {}
        self.in_crm("Opportunity", Some(deal), json!({ "CurrencyIsoCode": other }))?;
        self.add_a_line(deal, amount)
    }

    pub fn rename_an_account(&self, at: usize, to: u64) -> Result<String, String> {
        let account = self.account_at(at);
        let name = format!("Renamed Works {to}");
        self.in_crm("Account", Some(&account), json!({ "Name": name }))
    }

    /// One Account goes into another. The last two stay apart.
    pub fn merge_accounts(&self, at: usize) -> Result<String, String> {
        let accounts = self.salesforce.truth().ids("Account");
        if accounts.len() < 3 {
            return Err("too few".into());
        }
        let (winner, loser) =
            (&accounts[at % accounts.len()], &accounts[(at + 1) % accounts.len()]);
        self.changed_at.set(self.clock.now());
        let merged = self.salesforce.merge_accounts(winner, loser);
        merged.map(|()| loser.clone()).map_err(|error| format!("{error:?}"))
    }
}
