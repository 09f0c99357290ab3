//! The organisation and its small lists (`xero §6.1, §6.12` to `§6.14`).

use serde_json::{Value, json};
use tieout_sim::xero::EditKind;

use crate::desk::{Desk, approved, printed};

fn find<'a>(rows: &'a [Value], key: &str, value: &str) -> &'a Value {
    rows.iter().find(|row| row[key] == value).unwrap_or_else(|| panic!("no {key} {value}"))
}

#[test]
fn the_organisation_says_who_it_is() {
    let desk = Desk::new();
    let own = desk.get("/Organisation").one();
    assert_eq!(own["ShortCode"], "!n4Qx7");
    assert_eq!(own["BaseCurrency"], "NZD");
    assert_eq!(own["Timezone"], "NEWZEALANDSTANDARDTIME");
    assert!(own.get("PeriodLockDate").is_none());
    desk.sim.switch_tenant(None, &json!({"period_lock_date": "2025-12-31"})).unwrap();
    assert_eq!(desk.get("/Organisation").one()["PeriodLockDate"], "/Date(1767139200000+0000)/");
    assert_eq!(desk.post("/Organisation", json!({"Name": "X"})).status, 501);
}

#[test]
fn actions_follow_the_rights() {
    let desk = Desk::with(json!({"approvals_left": 0}));
    let actions = desk.get("/Organisation/Actions").rows();
    assert_eq!(find(&actions, "Name", "CreateApprovedInvoice")["Status"], "NOT-ALLOWED");
    assert_eq!(find(&actions, "Name", "CreateDraftInvoice")["Status"], "ALLOWED");
    assert_eq!(find(&actions, "Name", "UseMulticurrency")["Status"], "ALLOWED");
}

#[test]
fn receivables_are_found_by_the_system_account() {
    let desk = Desk::new();
    let accounts = desk.get("/Accounts").rows();
    assert_eq!(find(&accounts, "SystemAccount", "DEBTORS")["Code"], "610");
    let bank = find(&accounts, "Code", "090");
    assert_eq!(
        (bank["SystemAccount"].clone(), bank["CurrencyCode"].clone()),
        (json!(""), json!("NZD"))
    );
    assert_eq!(find(&accounts, "Code", "200")["BankAccountType"], "");
    assert_eq!(find(&accounts, "Code", "880")["EnablePaymentsToAccount"], true);
    let filter = desk.filtered("Accounts", r#"Type=="BANK""#).rows();
    assert!(!filter.is_empty() && filter.iter().all(|row| row["Class"] == "ASSET"));
}

#[test]
fn accounts_come_whole_whatever_page_is_asked_for() {
    let desk = Desk::new();
    let body = desk.get("/Accounts?page=1&pageSize=2").json();
    assert!(body.get("pagination").is_none());
    assert!(body["Accounts"].as_array().unwrap().len() > 10);
}

#[test]
fn tax_rates_are_those_of_the_country() {
    let desk = Desk::new();
    let rates = desk.get("/TaxRates").rows();
    assert_eq!(printed(find(&rates, "TaxType", "OUTPUT2"), "EffectiveRate"), "15.0000");
    assert_eq!(find(&rates, "TaxType", "INPUT2")["CanApplyToRevenue"], false);
    let uk = Desk::sample("2026-07-06T16:42:00Z");
    let rates = uk.get("/TaxRates").rows();
    assert_eq!(printed(find(&rates, "TaxType", "OUTPUT2"), "EffectiveRate"), "20.0000");
}

#[test]
fn currencies_can_be_added() {
    let desk = Desk::new();
    let codes = |desk: &Desk| -> Vec<Value> {
        desk.get("/Currencies").rows().iter().map(|row| row["Code"].clone()).collect()
    };
    assert_eq!(codes(&desk), ["NZD", "EUR", "USD"]);
    let contact = desk.contact("Acme");
    let mut body = approved(&contact, "1", "2026-01-15");
    body["CurrencyCode"] = json!("SEK");
    let refused = desk.put("/Invoices", body.clone()).messages();
    assert!(refused.contains("not subscribed to currency SEK"), "{refused}");
    desk.put("/Currencies", json!({"Code": "SEK", "Description": "Swedish Krona"})).one();
    assert_eq!(codes(&desk), ["NZD", "EUR", "USD", "SEK"]);
    assert_eq!(desk.put("/Invoices", body).one()["CurrencyCode"], "SEK");
}

#[test]
fn themes_and_tracking_are_listed() {
    let desk = Desk::new();
    let themes = desk.get("/BrandingThemes").rows();
    assert_eq!(themes[0]["SortOrder"], 0);
    let category = desk.get("/TrackingCategories").one();
    assert_eq!(category["Name"], "Region");
    assert_eq!(category["Options"][1]["Name"], "South");
}

#[test]
fn people_add_accounts() {
    let desk = Desk::new();
    let account =
        json!({"Code": "205", "Name": "Licences", "Type": "REVENUE", "TaxType": "OUTPUT2"});
    desk.person("Account", EditKind::Create, account);
    let contact = desk.contact("Acme");
    let mut body = approved(&contact, "10", "2026-01-15");
    body["LineItems"][0]["AccountCode"] = json!("205");
    assert_eq!(printed(&desk.put("/Invoices", body).one(), "TotalTax"), "1.50");
}
