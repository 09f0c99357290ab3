//! Paging, order, stamps and summaries (`xero §3.5, §3.6, §3.8`).

use serde_json::{Value, json};
use tieout_sim::xero::{Edit, EditKind};

use crate::desk::{Desk, id, printed};

fn company(count: usize) -> (Desk, Vec<String>) {
    let desk = Desk::new();
    let contact = desk.contact("Acme");
    let ids = (0..count).map(|_| {
        desk.advance("PT1S");
        id(&desk.invoice(&contact, "10"), "InvoiceID")
    });
    let ids = ids.collect();
    (desk, ids)
}

fn ids(rows: &[Value]) -> Vec<String> {
    rows.iter().map(|row| id(row, "InvoiceID")).collect()
}

#[test]
fn pages_are_counted_and_clamped() {
    let (desk, made) = company(5);
    let body = desk.get("/Invoices?page=2&pageSize=2").json();
    let pages = json!({"page": 2, "pageSize": 2, "pageCount": 3, "itemCount": 5});
    assert_eq!(body["pagination"], pages);
    assert_eq!(ids(body["Invoices"].as_array().unwrap()), made[2..4]);
    let size = |asked: &str| desk.get(&format!("/Invoices?page=1&pageSize={asked}")).json();
    assert_eq!(size("0")["pagination"]["pageSize"], 1);
    assert_eq!(size("5000")["pagination"]["pageSize"], 1000);
    assert_eq!(size("")["pagination"]["pageSize"], 100);
}

#[test]
fn a_page_past_the_end_is_empty() {
    let (desk, _) = company(1);
    let body = desk.get("/Invoices?page=7").json();
    assert_eq!(body["Invoices"], json!([]));
    assert_eq!(body["pagination"]["page"], 7);
}

#[test]
fn unpaged_lists_of_documents_have_no_lines() {
    let (desk, _) = company(1);
    let body = desk.get("/Invoices").json();
    assert!(body.get("pagination").is_none());
    assert_eq!(body["Invoices"][0]["LineItems"], json!([]));
    let body = desk.get("/Invoices?page=1").json();
    assert_eq!(body["Invoices"][0]["LineItems"].as_array().unwrap().len(), 1);
}

#[test]
fn statuses_and_summaries_imply_pages() {
    let (desk, _) = company(1);
    for query in ["Statuses=AUTHORISED", "summaryOnly=True"] {
        let body = desk.get(&format!("/Invoices?{query}")).json();
        assert_eq!(body["pagination"]["itemCount"], 1, "{query}");
    }
}

#[test]
fn summaries_leave_the_heavy_members_out() {
    let (desk, _) = company(1);
    let row = desk.get("/Invoices?summaryOnly=true").one();
    for key in ["Payments", "LineItems", "HasAttachments"] {
        assert!(row.get(key).is_none(), "{key}");
    }
    assert_eq!(printed(&row, "AmountDue"), "11.50");
    let row = desk.get("/Contacts?summaryOnly=true").one();
    for key in ["Addresses", "Balances", "ContactGroups", "ContactPersons", "IsCustomer"] {
        assert!(row.get(key).is_none(), "{key}");
    }
}

#[test]
fn stamps_are_compared_in_whole_seconds() {
    let (desk, made) = company(2);
    // Stamped 22:15:43.318 and 22:15:44.318.
    assert_eq!(ids(&desk.since("/Invoices?page=1", "2026-01-14T22:15:42")), made);
    assert_eq!(ids(&desk.since("/Invoices?page=1", "2026-01-14T22:15:43")), made[1..]);
    assert_eq!(ids(&desk.since("/Invoices?page=1", "2026-01-14T22:15:43.100Z")), made[1..]);
    let none =
        desk.api("GET", "/Invoices?page=1", &[("if-modified-since", "2026-01-15T00:00:00")], "");
    assert_eq!((none.status, none.rows().len()), (200, 0));
}

#[test]
fn lists_without_stamps_ignore_the_header() {
    let desk = Desk::new();
    assert!(!desk.since("/TaxRates", "2030-01-01T00:00:00").is_empty());
    assert!(desk.since("/Accounts", "2030-01-01T00:00:00").is_empty());
}

#[test]
fn voided_and_deleted_documents_stay_in_lists() {
    let (desk, made) = company(1);
    desk.post(&format!("/Invoices/{}", made[0]), json!({"Status": "VOIDED"})).one();
    let row = desk.get("/Invoices?page=1").one();
    assert_eq!(
        (row["Status"].clone(), printed(&row, "AmountDue")),
        (json!("VOIDED"), "0.00".into())
    );
}

#[test]
fn rows_come_by_stamp_then_by_id_or_as_asked() {
    let (desk, made) = company(3);
    desk.post(&format!("/Invoices/{}", made[0]), json!({"Reference": "late"})).one();
    desk.advance("PT1S");
    desk.post(&format!("/Invoices/{}", made[0]), json!({"Reference": "later"})).one();
    let rows = ids(&desk.get("/Invoices?page=1").rows());
    assert_eq!(rows, [made[1].clone(), made[2].clone(), made[0].clone()]);
    let rows = ids(&desk.get("/Invoices?page=1&order=InvoiceNumber%20DESC").rows());
    assert_eq!(rows, [made[2].clone(), made[1].clone(), made[0].clone()]);
    let mut sorted = made.clone();
    sorted.sort();
    assert_eq!(ids(&desk.get("/Invoices?page=1&order=InvoiceID").rows()), sorted);
    assert_eq!(desk.get("/Invoices?page=1&order=Nonsense").json()["ErrorNumber"], 16);
}

#[test]
fn a_row_edited_between_two_pages_shifts_the_others() {
    let (desk, made) = company(4);
    let edit = Edit {
        tenant: None,
        entity: "Invoice".to_owned(),
        operation: EditKind::Update,
        body: json!({"InvoiceID": made[0], "Reference": "edited"}),
    };
    desk.sim.between_pages(edit);
    desk.advance("PT1S");
    let first = ids(&desk.get("/Invoices?page=1&pageSize=2").rows());
    let second = ids(&desk.get("/Invoices?page=2&pageSize=2").rows());
    assert_eq!(first, made[..2]);
    assert_eq!(second, [made[3].clone(), made[0].clone()]);
}

#[test]
fn a_large_old_file_has_old_stamps_and_recent_dates() {
    let desk = Desk::new();
    let bulk = serde_json::from_value(json!({
        "invoices": 800, "until": "2026-01-14", "stamped": "2009-03-01T00:00:00Z",
    }));
    desk.sim.fill(None, &bulk.unwrap()).unwrap();
    let body = desk.get("/Invoices?page=1&pageSize=1000").json();
    assert_eq!(body["pagination"]["itemCount"], 800);
    let rows = body["Invoices"].as_array().unwrap();
    assert!(rows.iter().any(|row| row["CurrencyCode"] == "EUR"));
    assert!(rows.iter().all(|row| row["DateString"].as_str().unwrap() > "2025-01-01"));
    assert!(desk.since("/Invoices?page=1", "2020-01-01T00:00:00").is_empty());
    let payments = desk.get("/Payments?page=1&pageSize=1000").rows();
    let deleted = payments.iter().filter(|row| row["Status"] == "DELETED").count();
    assert_eq!((payments.len(), deleted), (400, 100));
}
