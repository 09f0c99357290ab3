//! Several elements in one request (`xero §4.1, §7.5`).

use serde_json::{Value, json};

use crate::desk::{Desk, approved, id, messages};

fn pair() -> (Desk, Value, Value) {
    let desk = Desk::new();
    let contact = desk.contact("Acme");
    let mut good = approved(&contact, "10", "2026-01-15");
    good["InvoiceNumber"] = json!("GOOD");
    let mut bad = approved(&contact, "10", "2026-01-15");
    bad["InvoiceNumber"] = json!("BAD");
    bad["LineItems"][0]["AccountCode"] = json!("610");
    (desk, good, bad)
}

#[test]
fn one_bad_element_refuses_them_all() {
    let (desk, good, bad) = pair();
    let answer = desk.put("/Invoices", json!({"Invoices": [good, bad]}));
    let body = answer.json();
    assert_eq!((answer.status, body["ErrorNumber"].clone()), (400, json!(10)));
    let elements = body["Elements"].as_array().unwrap();
    assert_eq!(elements.len(), 1);
    assert_eq!(elements[0]["InvoiceNumber"], "BAD");
    assert_eq!(elements[0]["InvoiceID"], "00000000-0000-0000-0000-000000000000");
    assert_eq!(desk.get("/Invoices").rows().len(), 0);
}

#[test]
fn each_element_may_stand_for_itself() {
    let (desk, good, bad) = pair();
    let answer = desk.put("/Invoices?summarizeErrors=False", json!({"Invoices": [bad, good]}));
    let rows = answer.rows();
    assert_eq!(rows[0]["StatusAttributeString"], "ERROR");
    assert_eq!(
        (rows[0]["HasErrors"].clone(), rows[0]["Status"].clone()),
        (json!(true), json!("AUTHORISED"))
    );
    assert!(messages(&rows[0]).contains("not a valid code"));
    assert_eq!(rows[1]["StatusAttributeString"], "OK");
    assert_eq!(desk.get("/Invoices").one()["InvoiceNumber"], "GOOD");
}

#[test]
fn a_failed_element_echoes_what_was_asked() {
    let (desk, good, _) = pair();
    let made = desk.put("/Invoices", good).one();
    let asked = json!({"InvoiceID": made["InvoiceID"], "Status": "DELETED"});
    let row = desk.post("/Invoices?summarizeErrors=false", asked).one();
    assert_eq!(row["StatusAttributeString"], "ERROR");
    assert_eq!(
        (row["Status"].clone(), row["InvoiceID"].clone()),
        (json!("DELETED"), made["InvoiceID"].clone())
    );
    assert_eq!(desk.read("Invoices", &id(&made, "InvoiceID"))["Status"], "AUTHORISED");
}

#[test]
fn an_unknown_id_fails_the_whole_request() {
    let (desk, good, _) = pair();
    let unknown = json!({"InvoiceID": "7c1d0f2e-0b1a-4c2d-8e3f-405162738495", "Status": "VOIDED"});
    let body = json!({"Invoices": [good, unknown]});
    assert_eq!(desk.post("/Invoices?summarizeErrors=false", body).status, 404);
    assert_eq!(desk.get("/Invoices").rows().len(), 0);
}

#[test]
fn the_same_number_twice_in_one_request_is_refused() {
    let (desk, good, _) = pair();
    let answer = desk.put("/Invoices", json!({"Invoices": [good, good]}));
    assert!(answer.messages().contains("Invoice # must be unique"));
    assert_eq!(desk.get("/Invoices").rows().len(), 0);
}

#[test]
fn messages_stand_where_they_belong() {
    let (desk, _, bad) = pair();
    let element = desk.put("/Invoices", bad).json()["Elements"][0].clone();
    let of_line = element["LineItems"][0]["ValidationErrors"][0]["Message"].as_str().unwrap();
    assert!(of_line.contains("not a valid code"));
    assert!(messages(&element).contains(of_line));
}
