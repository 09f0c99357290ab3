//! Several currencies (`quickbooks §7`).

use serde_json::{Value, json};

use crate::desk::{Desk, id, invoice_body, number, payment_body, printed};

fn company() -> (Desk, String) {
    let desk = Desk::with(json!({"multi_currency": true}));
    let body = json!({"DisplayName": "Northwind", "CurrencyRef": {"value": "EUR"}});
    let customer = id(&desk.write("/customer", body));
    (desk, customer)
}

fn invoice(customer: &str, amount: &str, rate: &str) -> Value {
    let mut body = invoice_body(customer, amount, "2026-02-01");
    body["ExchangeRate"] = number(rate);
    body
}

#[test]
fn a_new_currency_joins_the_list_and_gets_its_account() {
    let (desk, _) = company();
    let listed = desk.rows("SELECT * FROM CompanyCurrency");
    assert_eq!(listed[0]["Code"], "EUR");
    let accounts = desk.rows("SELECT * FROM Account WHERE AccountType = 'Accounts Receivable'");
    let currencies: Vec<&Value> = accounts.iter().map(|a| &a["CurrencyRef"]["value"]).collect();
    assert_eq!(currencies, ["USD", "EUR"]);
}

#[test]
fn a_document_is_in_its_customers_currency() {
    let (desk, customer) = company();
    let mut body = invoice(&customer, "100.00", "1.1");
    body["CurrencyRef"] = json!({"value": "USD"});
    desk.refused("/invoice", body.clone(), "6000");
    body["CurrencyRef"] = json!({"value": "1"});
    desk.refused("/invoice", body, "6000");
    let made = desk.write("/invoice", invoice(&customer, "100.00", "1.1"));
    assert_eq!(made["CurrencyRef"]["value"], "EUR");
    assert_eq!(printed(&made, "HomeTotalAmt"), "110.00");
}

#[test]
fn a_missing_rate_is_the_lists_and_one_for_payments() {
    let (desk, customer) = company();
    desk.write(
        "/exchangerate",
        json!({"SourceCurrencyCode": "EUR", "AsOfDate": "2026-01-15",
        "Rate": number("1.0832")}),
    );
    let made = desk.write("/invoice", invoice_body(&customer, "100.00", "2026-02-01"));
    assert_eq!(printed(&made, "ExchangeRate"), "1.0832");
    let paid = desk.write("/payment", payment_body(&customer, "10", &[]));
    assert_eq!(printed(&paid, "ExchangeRate"), "1");
    let path = "/exchangerate?sourcecurrencycode=EUR&asofdate=2026-01-31";
    assert_eq!(printed(&desk.get(path).json()["ExchangeRate"], "Rate"), "1.0832");
    let early = "/exchangerate?sourcecurrencycode=EUR&asofdate=2026-01-01";
    assert_eq!(desk.get(early).code().1, "2500");
}

#[test]
fn reports_show_foreign_debts_at_the_invoices_rate() {
    let (desk, customer) = company();
    let made = id(&desk.write("/invoice", invoice(&customer, "952.56", "1.0832")));
    let mut paid = payment_body(&customer, "500.00", &[("500.00", "Invoice", &made)]);
    paid["ExchangeRate"] = number("1.0791");
    desk.write("/payment", paid);
    assert_eq!(printed(&desk.read("customer", &customer), "Balance"), "452.56");
    let truth = desk.sim.truth();
    let day = "2026-02-28".parse().unwrap();
    assert_eq!(truth.open_receivables(day), "490.21");
    assert_eq!(truth.control_balance(day), "490.21");
    let accounts = desk.rows("SELECT * FROM Account WHERE AccountType = 'Accounts Receivable'");
    assert_eq!(printed(&accounts[1], "CurrentBalance"), "452.56");
    assert_eq!(printed(&accounts[0], "CurrentBalance"), "0");
}

#[test]
fn a_payment_cannot_cross_currencies() {
    let (desk, customer) = company();
    let made = id(&desk.write("/invoice", invoice(&customer, "10.00", "1.1")));
    let other = desk.customer("Home");
    desk.refused("/payment", payment_body(&other, "10", &[("10", "Invoice", &made)]), "6000");
}

#[test]
fn the_currency_of_a_customer_never_changes() {
    let (desk, customer) = company();
    let after =
        desk.sparse("customer", &customer, json!({"CurrencyRef": {"value": "USD"}, "Notes": "n"}));
    assert_eq!(after["CurrencyRef"]["value"], "EUR");
}
