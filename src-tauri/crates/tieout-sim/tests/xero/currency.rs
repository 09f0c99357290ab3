//! Foreign currencies (`xero §7.7, §9.4`).

use serde_json::{Value, json};
use tieout_sim::xero::EditKind;

use crate::desk::{Desk, approved, id, number, printed};

/// An organisation with rates: 0.6 euros per dollar in January, 0.5 from February on.
fn company() -> (Desk, String) {
    let desk = Desk::new();
    for (date, rate) in [("2026-01-01", "0.6"), ("2026-02-01", "0.5")] {
        let body = json!({"CurrencyCode": "EUR", "Date": date, "Rate": number(rate)});
        desk.person("Rate", EditKind::Create, body);
    }
    let contact = desk.contact("Acme");
    (desk, contact)
}

fn foreign(desk: &Desk, contact: &str) -> Value {
    let mut body = approved(contact, "60", "2026-01-15");
    body["CurrencyCode"] = json!("EUR");
    body["LineItems"][0]["TaxType"] = json!("ZERORATED");
    desk.put("/Invoices", body).one()
}

#[test]
fn the_rate_is_foreign_units_per_base_unit_of_the_day() {
    let (desk, contact) = company();
    let invoice = foreign(&desk, &contact);
    assert_eq!(printed(&invoice, "CurrencyRate"), "0.6000000000");
    let balances = desk.read("Contacts", &contact)["Balances"].clone();
    assert_eq!(printed(&balances["AccountsReceivable"], "Outstanding"), "100.00");
    let mut own = approved(&contact, "60", "2026-01-15");
    own["CurrencyCode"] = json!("EUR");
    own["CurrencyRate"] = number("0.75");
    assert_eq!(printed(&desk.put("/Invoices", own).one(), "CurrencyRate"), "0.7500000000");
}

#[test]
fn rows_in_base_currency_often_lack_the_rate() {
    let (desk, contact) = company();
    for _ in 0..12 {
        desk.invoice(&contact, "1");
    }
    foreign(&desk, &contact);
    let rows = desk.get("/Invoices?page=1").rows();
    let (base, other): (Vec<&Value>, Vec<&Value>) =
        rows.iter().partition(|row| row["CurrencyCode"] == "NZD");
    assert!(base.iter().any(|row| row.get("CurrencyRate").is_none()));
    assert!(base.iter().any(|row| row.get("CurrencyRate").is_some()));
    assert!(other.iter().all(|row| row.get("CurrencyRate").is_some()));
    for row in base {
        let single = desk.read("Invoices", &id(row, "InvoiceID"));
        assert_eq!(printed(&single, "CurrencyRate"), "1.0000000000");
    }
}

#[test]
fn the_gain_is_realised_at_payment() {
    let (desk, contact) = company();
    let invoice = foreign(&desk, &contact);
    let accounts = desk.get("/Accounts").rows();
    let account = |key: &str, value: &str| {
        id(accounts.iter().find(|row| row[key] == value).unwrap(), "AccountID")
    };
    let payment = json!({"Invoice": {"InvoiceID": invoice["InvoiceID"]},
        "Account": {"Code": "091"}, "Date": "2026-02-02", "Amount": number("30.00")});
    let payment = desk.put("/Payments", payment).one();
    assert_eq!(printed(&payment, "CurrencyRate"), "0.5000000000");
    assert_eq!(printed(&payment, "BankAmount"), "30.00");
    let report = desk.get("/Reports/TrialBalance?date=2026-02-28").json();
    let ytd = |account: &str| {
        let rows = crate::reports::rows_with(&report, account);
        let text =
            |at: usize| rows[0]["Cells"][at]["Value"].as_str().unwrap_or_default().to_owned();
        (text(3), text(4))
    };
    // 60 euros stood at 100.00; half of them are worth 60.00 on the day of payment.
    assert_eq!(ytd(&account("SystemAccount", "DEBTORS")), ("50.00".into(), String::new()));
    assert_eq!(ytd(&account("Code", "091")), ("60.00".into(), String::new()));
    assert_eq!(
        ytd(&account("SystemAccount", "REALISEDCURRENCYGAIN")),
        (String::new(), "10.00".into())
    );
}

#[test]
fn an_absurd_rate_is_warned_about_and_a_negative_one_refused() {
    let (desk, contact) = company();
    let with = |rate: &str| {
        let mut body = approved(&contact, "60", "2026-01-15");
        body["CurrencyCode"] = json!("EUR");
        body["CurrencyRate"] = number(rate);
        desk.put("/Invoices?summarizeErrors=false", body).one()["StatusAttributeString"].clone()
    };
    assert_eq!(with("0.65"), "OK");
    assert_eq!(with("6.5"), "WARNING");
    assert_eq!(with("0.05"), "WARNING");
    assert_eq!(with("-0.6"), "ERROR");
}
