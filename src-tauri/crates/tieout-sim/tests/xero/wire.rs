//! Envelope, numbers, dates, headers, paths and errors (`xero §3, §4`).

use serde_json::{Value, json};

use crate::desk::{Desk, approved, id, printed};

#[test]
fn answers_are_xml_unless_json_is_asked_for() {
    let desk = Desk::new();
    for accept in ["*/*", "application/xml"] {
        let answer = desk.api("GET", "/Organisation", &[("accept", accept)], "");
        assert_eq!(answer.header("content-type"), Some("text/xml; charset=utf-8"));
        assert!(answer.text.starts_with("<?xml"), "{}", answer.text);
    }
}

#[test]
fn every_object_stands_in_the_envelope() {
    let desk = Desk::new();
    let body = desk.get("/Organisation").json();
    assert_eq!(body["Status"], "OK");
    assert_eq!(body["ProviderName"], "Tieout");
    assert_eq!(body["DateTimeUTC"], "/Date(1768428942318)/");
    assert_eq!(body["Organisations"][0]["OrganisationID"], desk.tenant());
    assert_ne!(body["Id"], desk.get("/Organisation").json()["Id"]);
}

#[test]
fn numbers_keep_their_places() {
    let desk = Desk::new();
    let contact = desk.contact("Acme");
    let invoice = desk.invoice(&contact, "90");
    assert_eq!(printed(&invoice, "SubTotal"), "90.00");
    assert_eq!(printed(&invoice, "TotalTax"), "13.50");
    assert_eq!(printed(&invoice, "AmountPaid"), "0.00");
    assert_eq!(printed(&invoice, "CurrencyRate"), "1.0000000000");
    let line = &desk.read("Invoices", &id(&invoice, "InvoiceID"))["LineItems"][0];
    assert_eq!(
        (printed(line, "Quantity"), printed(line, "UnitAmount")),
        ("1.0000".into(), "90.0000".into())
    );
}

#[test]
fn dates_are_days_at_midnight_and_stamps_are_instants() {
    let desk = Desk::new();
    let invoice = desk.invoice(&desk.contact("Acme"), "90");
    assert_eq!(invoice["DateString"], "2026-01-15T00:00:00");
    assert_eq!(invoice["Date"], "/Date(1768435200000+0000)/");
    assert_eq!(invoice["UpdatedDateUTC"], "/Date(1768428942318+0000)/");
    assert_eq!(invoice["UpdatedDateUTCString"], "2026-01-14T22:15:42Z");
}

#[test]
fn a_missing_date_is_today_where_the_organisation_is() {
    let desk = Desk::new();
    let contact = desk.contact("Acme");
    let mut body = approved(&contact, "1", "");
    body.as_object_mut().unwrap().remove("Date");
    let invoice = desk.put("/Invoices", body).one();
    assert_eq!(invoice["DateString"], "2026-01-15T00:00:00");
}

#[test]
fn paths_and_parameters_are_matched_in_any_case() {
    let desk = Desk::new();
    let invoice = desk.invoice(&desk.contact("Acme"), "90");
    let number = id(&invoice, "InvoiceNumber");
    let (bearer, tenant) = (desk.bearer(), desk.tenant());
    let headers = [
        ("authorization", bearer.as_str()),
        ("Xero-Tenant-Id", tenant.as_str()),
        ("accept", "application/json"),
    ];
    let answer = desk.send("GET", &format!("/API.xro/2.0/invoices/{number}"), &headers, "");
    assert_eq!(answer.one()["InvoiceID"], invoice["InvoiceID"]);
    let rows = desk.get("/invoices?PAGE=1&PageSize=5").json();
    assert_eq!(rows["pagination"]["pageSize"], 5);
}

#[test]
fn a_body_on_get_is_ignored() {
    let desk = Desk::new();
    assert_eq!(desk.api("GET", "/Organisation", &[], "{}").status, 200);
}

#[test]
fn an_unknown_thing_is_a_page() {
    let desk = Desk::new();
    for path in ["/Nothing", "/Invoices/7c1d0f2e-0b1a-4c2d-8e3f-405162738495", "/Items/NO-SUCH"] {
        let answer = desk.get(path);
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
    }
}

#[test]
fn a_long_query_is_as_if_nothing_were_there() {
    let desk = Desk::new();
    let ids = |count: usize| vec!["7c1d0f2e-0b1a-4c2d-8e3f-405162738495"; count].join(",");
    assert_eq!(desk.get(&format!("/Invoices?page=1&IDs={}", ids(40))).status, 200);
    let answer = desk.get(&format!("/Invoices?page=1&IDs={}", ids(60)));
    assert_eq!((answer.status, answer.text.contains("<html")), (404, true));
}

#[test]
fn bodies_that_cannot_be_used_have_their_numbers() {
    let desk = Desk::new();
    let refused =
        |body: &str| desk.api("PUT", "/Invoices", &[], body).json()["ErrorNumber"].clone();
    assert_eq!(refused("{not json"), 14);
    assert_eq!(refused(""), 17);
    assert_eq!(refused(r#"{"Contacts":[]}"#), 17);
    assert_eq!(refused(r#"{"Invoices":[]}"#), 17);
}

#[test]
fn requests_come_as_envelope_object_or_array() {
    let desk = Desk::new();
    let names = |answer: crate::desk::Answer| answer.one()["Name"].clone();
    assert_eq!(names(desk.put("/Contacts", json!({"Contacts": [{"Name": "A"}]}))), "A");
    assert_eq!(names(desk.put("/Contacts", json!({"contacts": [{"Name": "B"}]}))), "B");
    assert_eq!(names(desk.put("/Contacts", json!({"Name": "C"}))), "C");
    assert_eq!(names(desk.put("/Contacts", json!([{"Name": "D"}]))), "D");
}

#[test]
fn no_value_is_now_empty_and_now_absent() {
    let desk = Desk::new();
    let contact = desk.contact("Acme");
    let shown: Vec<Value> = (0..12).map(|_| desk.invoice(&contact, "1")).collect();
    assert!(shown.iter().any(|invoice| invoice.get("Reference") == Some(&json!(""))));
    assert!(shown.iter().any(|invoice| invoice.get("Reference").is_none()));
}

#[test]
fn write_answers_may_leave_keys_out() {
    let desk = Desk::new();
    let contact = desk.contact("Acme");
    let whole = desk.invoice(&contact, "1");
    assert!(whole.get("Payments").is_none() && whole.get("AmountCredited").is_none());
    assert!(whole.get("BrandingThemeID").is_some());
    desk.sim.switch(&json!({"omit_keys": true})).unwrap();
    let keys = |invoice: &Value| invoice.as_object().unwrap().len();
    let some: Vec<usize> = (0..6).map(|_| keys(&desk.invoice(&contact, "1"))).collect();
    assert!(some.iter().any(|count| *count < keys(&whole) - 1), "{some:?}");
}

#[test]
fn the_date_header_is_that_of_the_service() {
    let desk = Desk::new();
    assert_eq!(desk.get("/Organisation").header("date"), Some("Wed, 14 Jan 2026 22:15:42 GMT"));
}
