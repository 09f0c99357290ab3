//! `requestid` (`quickbooks §4.8`).

use serde_json::json;

use crate::desk::{Desk, id, invoice_body};

#[test]
fn a_repeat_gets_the_stored_first_answer() {
    let desk = Desk::new();
    let customer = desk.customer("Acme");
    let body = invoice_body(&customer, "10.00", "2026-02-01");
    let path = "/invoice?requestid=TIE-4WIP5NPYZH6ZVQOB.1&minorversion=75";
    let first = desk.write(path, body.clone());
    desk.sparse("invoice", &id(&first), json!({"PrivateNote": "edited since"}));
    assert_eq!(desk.write(path, body.clone()), first);
    assert_eq!(desk.write(path, invoice_body(&customer, "99.00", "2026-02-01")), first);
    assert_eq!(desk.rows("SELECT * FROM Invoice").len(), 1);
    let other = desk.write("/invoice?requestid=TIE-4WIP5NPYZH6ZVQOB.2", body);
    assert_ne!(other["Id"], first["Id"]);
}

#[test]
fn a_refusal_is_replayed_as_well() {
    let desk = Desk::new();
    let path = "/invoice?requestid=r.1";
    desk.refused(path, invoice_body("1", "10.00", "2026-02-01"), "2500");
    let customer = desk.customer("Acme");
    desk.refused(path, invoice_body(&customer, "10.00", "2026-02-01"), "2500");
    desk.write("/invoice?requestid=r.2", invoice_body(&customer, "10.00", "2026-02-01"));
}

#[test]
fn items_of_a_batch_are_replayed_by_their_own_id() {
    let desk = Desk::new();
    let customer = desk.customer("Acme");
    let body = |amount: &str| {
        json!({"BatchItemRequest": [{"bId": "a", "operation": "create",
        "Invoice": invoice_body(&customer, amount, "2026-02-01")}]})
    };
    let first = desk.post("/batch?requestid=b.1", body("1.00")).json();
    let again = desk.post("/batch?requestid=b.1", body("2.00")).json();
    assert_eq!(first["BatchItemResponse"], again["BatchItemResponse"]);
    assert_eq!(desk.rows("SELECT * FROM Invoice").len(), 1);
}

#[test]
fn an_id_of_more_than_50_characters_is_refused() {
    let desk = Desk::new();
    let path = format!("/customer?requestid={}", "x".repeat(51));
    desk.refused(&path, json!({"DisplayName": "Acme"}), "2050");
}

#[test]
fn a_company_may_ignore_the_id() {
    let desk = Desk::with(json!({"replay_request_ids": false}));
    let customer = desk.customer("Acme");
    for _ in 0..2 {
        desk.write("/invoice?requestid=r.1", invoice_body(&customer, "1.00", "2026-02-01"));
    }
    assert_eq!(desk.rows("SELECT * FROM Invoice").len(), 2);
}
