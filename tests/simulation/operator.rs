//! What people do in both systems, past the product.

use serde_json::{Value, json};
use tieout_domain::ids::DealId;
use tieout_sim::quickbooks::{Edit, EditKind, TruthDocument};
use tieout_sim::sample::salesforce_id;

use crate::world::{World, key_in};

/// Products that both sides know.
const CODES: [&str; 3] = ["EDGE", "SENSOR", "SUPPORT"];
const ACCOUNTS: [&str; 3] = ["Harrow Creek", "Linden Works", "Osprey Foods"];

/// A decimal as a JSON number, without going through a float.
fn number(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn cents(amount: u64) -> Value {
    number(&format!("{}.{:02}", amount / 100, amount % 100))
}

impl World {
    /// Accounts, products and prices in the CRM; items in the ledger.
    pub fn found_the_company(&self) {
        for name in ACCOUNTS {
            self.in_crm("Account", None, json!({ "Name": name })).unwrap();
        }
        for (at, code) in CODES.iter().enumerate() {
            let product = json!({"Name": code, "IsActive": true, "Tieout_External_Id__c": code});
            let product = self.in_crm("Product2", None, product).unwrap();
            let price = json!({"Pricebook2Id": salesforce_id("01s", 1), "Product2Id": product,
                "UnitPrice": 100, "IsActive": true});
            self.in_crm("PricebookEntry", None, price).unwrap();
            let item = json!({"Id": (11 + at).to_string(), "Name": code, "Sku": code,
                "Type": "Service", "IncomeAccountRef": {"value": "1"}});
            self.in_ledger("Item", EditKind::Create, item).unwrap();
        }
    }

    pub fn in_crm(&self, object: &str, id: Option<&str>, fields: Value) -> Result<String, String> {
        let edit = tieout_sim::salesforce::Edit {
            object: object.into(),
            id: id.map(str::to_owned),
            fields,
            raw: false,
            visible_after_secs: None,
        };
        self.salesforce.edit(&edit).map_err(|error| format!("{error:?}"))
    }

    pub fn in_ledger(
        &self,
        entity: &str,
        operation: EditKind,
        body: Value,
    ) -> Result<Value, String> {
        let edit = Edit { entity: entity.into(), operation, body };
        self.quickbooks.edit(&edit).map_err(|error| format!("{error:?}"))
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
        let entries = self.salesforce.truth().ids("PricebookEntry");
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
        let deleted = self.salesforce.delete("OpportunityLineItem", &line);
        deleted.map(|()| line).map_err(|error| format!("{error:?}"))
    }

    pub fn delete_the_deal(&self, deal: &str) -> Result<String, String> {
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

    /// Invoices in the ledger now.
    pub fn invoices(&self) -> Vec<TruthDocument> {
        let mut documents = self.quickbooks.truth().documents();
        documents.retain(|document| document.kind == "Invoice");
        documents
    }

    pub fn void(&self, invoice: &TruthDocument) -> Result<Value, String> {
        self.in_ledger("Invoice", EditKind::Void, json!({ "Id": invoice.id }))
    }

    pub fn delete(&self, invoice: &TruthDocument) -> Result<Value, String> {
        self.in_ledger("Invoice", EditKind::Delete, json!({ "Id": invoice.id }))
    }

    /// Moves an invoice to another day, as a person who backdates it.
    pub fn redate(&self, invoice: &TruthDocument, days: i64) -> Result<Value, String> {
        let on = invoice.on.saturating_add(jiff::Span::new().days(days)).to_string();
        self.in_ledger("Invoice", EditKind::Update, json!({"Id": invoice.id, "TxnDate": on}))
    }

    /// A payment of so many cents for the invoice; what is too much stays unapplied.
    pub fn pay(&self, invoice: &TruthDocument, amount: u64) -> Result<Value, String> {
        let open: String = invoice.open.chars().filter(char::is_ascii_digit).collect();
        let applied = amount.min(open.parse().unwrap_or(0));
        let link = json!([{"TxnId": invoice.id, "TxnType": "Invoice"}]);
        let mut body = json!({"CustomerRef": {"value": invoice.customer},
            "TotalAmt": cents(amount)});
        if applied > 0 {
            body["Line"] = json!([{"Amount": cents(applied), "LinkedTxn": link}]);
        }
        self.in_ledger("Payment", EditKind::Create, body)
    }

    /// A person keys the invoice of a deal by hand, for a customer that the ledger has.
    pub fn key_by_hand(&self, customer: &str, amount: u64) -> Result<Value, String> {
        let today = self.clock.now().to_zoned(jiff::tz::TimeZone::UTC).date();
        let line = json!({"Amount": cents(amount), "DetailType": "SalesItemLineDetail",
            "SalesItemLineDetail": {"ItemRef": {"value": "11"}}});
        let body = json!({"CustomerRef": {"value": customer}, "TxnDate": today.to_string(),
            "Line": [line]});
        self.in_ledger("Invoice", EditKind::Create, body)
    }

    /// Closes the books up to so many days before today.
    pub fn close_the_books(&self, days_ago: i64) -> Result<Value, String> {
        let today = self.clock.now().to_zoned(jiff::tz::TimeZone::UTC).date();
        let day = today.saturating_sub(jiff::Span::new().days(days_ago)).to_string();
        let switched = self.quickbooks.switch(&json!({ "book_close_date": day }));
        switched.map(|()| json!(day)).map_err(|error| format!("{error:?}"))
    }

    /// Invoices that are there now with this key.
    pub fn carrying(&self, key: &str) -> Vec<TruthDocument> {
        let mut invoices = self.invoices();
        invoices.retain(|invoice| key_in(&invoice.note).as_deref() == Some(key));
        invoices
    }
}
