//! Contacts (`xero §6.2`).

use serde_json::{Value, json};
use tieout_sim::xero::EditKind;

use crate::desk::{Desk, approved, id, printed};

const NUMBER: &str = "001Hs00000AbCdEIAV";

#[test]
fn names_are_unique_among_active_contacts() {
    let desk = Desk::new();
    let first = desk.contact("Acme");
    let refused = desk.put("/Contacts", json!({"Name": "ACMÉ"})).messages();
    assert!(refused.contains("already assigned to another contact"), "{refused}");
    assert!(refused.contains("unique across all active contacts"), "{refused}");
    desk.post(&format!("/Contacts/{first}"), json!({"ContactStatus": "ARCHIVED"})).one();
    assert_ne!(desk.contact("Acme"), first);
}

#[test]
fn names_are_well_formed() {
    let desk = Desk::new();
    for name in ["", " Acme", "Acme ", "Ac  me", "A<b>"] {
        assert_eq!(desk.put("/Contacts", json!({"Name": name})).status, 400, "{name}");
    }
    let refused = desk.put("/Contacts", json!({"Name": "A", "EmailAddress": "nobody"})).messages();
    assert!(refused.contains("Email address must be valid"), "{refused}");
}

#[test]
fn post_matches_by_number_then_by_name() {
    let desk = Desk::new();
    let first = id(
        &desk.put("/Contacts", json!({"Name": "Acme", "ContactNumber": NUMBER})).one(),
        "ContactID",
    );
    let renamed =
        desk.post("/Contacts", json!({"ContactNumber": NUMBER, "Name": "Acme Ltd"})).one();
    assert_eq!(
        (id(&renamed, "ContactID"), renamed["Name"].clone()),
        (first.clone(), json!("Acme Ltd"))
    );
    let by_name = desk.post("/Contacts", json!({"Name": "acme ltd", "AccountNumber": "A-7"})).one();
    assert_eq!(
        (id(&by_name, "ContactID"), by_name["AccountNumber"].clone()),
        (first, json!("A-7"))
    );
}

#[test]
fn post_changes_only_what_is_sent() {
    let desk = Desk::new();
    let contact = json!({"Name": "Acme", "EmailAddress": "a@acme.example", "TaxNumber": "7"});
    let contact = id(&desk.put("/Contacts", contact).one(), "ContactID");
    let after = desk.post(&format!("/Contacts/{contact}"), json!({"TaxNumber": "8"})).one();
    assert_eq!(
        (after["EmailAddress"].clone(), after["TaxNumber"].clone()),
        (json!("a@acme.example"), json!("8"))
    );
}

#[test]
fn a_contact_is_read_by_its_number() {
    let desk = Desk::new();
    desk.put("/Contacts", json!({"Name": "Acme", "ContactNumber": NUMBER})).one();
    assert_eq!(desk.get(&format!("/Contacts/{NUMBER}")).one()["Name"], "Acme");
    assert_eq!(desk.get("/Contacts/001Hs00000AbCdEIAW").status, 404);
}

#[test]
fn every_slot_of_phones_and_addresses_comes_back() {
    let desk = Desk::new();
    let street = json!([{"AddressType": "STREET", "City": "Lyttelton"}]);
    let contact = desk.put("/Contacts", json!({"Name": "Acme", "Addresses": street})).one();
    let read = desk.read("Contacts", &id(&contact, "ContactID"));
    assert_eq!(read["Addresses"].as_array().unwrap().len(), 2);
    assert_eq!(read["Addresses"][0]["City"], "Lyttelton");
    let phones: Vec<&str> = read["Phones"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["PhoneType"].as_str().unwrap())
        .collect();
    assert_eq!(phones, ["DDI", "DEFAULT", "FAX", "MOBILE"]);
}

#[test]
fn archived_contacts_cannot_be_changed_and_are_left_out_of_lists() {
    let desk = Desk::new();
    let contact = desk.contact("Acme");
    desk.post(&format!("/Contacts/{contact}"), json!({"ContactStatus": "ARCHIVED"})).one();
    for change in [json!({"ContactStatus": "ACTIVE"}), json!({"TaxNumber": "1"})] {
        let refused = desk.post(&format!("/Contacts/{contact}"), change).messages();
        assert!(refused.contains("matched an archived contact"), "{refused}");
        assert!(refused.contains("cannot currently be edited via the API"), "{refused}");
    }
    assert_eq!(desk.get("/Contacts").rows().len(), 0);
    assert_eq!(desk.get("/Contacts?includeArchived=True").one()["ContactStatus"], "ARCHIVED");
    let answer = desk.put("/Invoices", approved(&contact, "1", "2026-01-15"));
    let element = answer.json()["Elements"][0].clone();
    let message = element["Contact"]["ValidationErrors"][0]["Message"].as_str().unwrap().to_owned();
    assert!(message.contains("archived contact"), "{message}");
}

#[test]
fn people_restore_archived_contacts() {
    let desk = Desk::new();
    let contact = desk.contact("Acme");
    let set = |status: &str| {
        desk.person(
            "Contact",
            EditKind::Update,
            json!({"ContactID": contact, "ContactStatus": status}),
        )
    };
    set("ARCHIVED");
    assert_eq!(set("ACTIVE")["ContactStatus"], "ACTIVE");
}

#[test]
fn a_document_changes_the_contact_that_it_describes() {
    let desk = Desk::new();
    let persons = json!([{"FirstName": "Ann"}]);
    let contact = desk.put("/Contacts", json!({"Name": "Acme", "ContactPersons": persons})).one();
    let contact = id(&contact, "ContactID");
    desk.invoice(&contact, "1");
    assert_eq!(desk.read("Contacts", &contact)["ContactPersons"].as_array().unwrap().len(), 1);
    let mut body = approved(&contact, "1", "2026-01-15");
    body["Contact"] = json!({"ContactID": contact, "EmailAddress": "new@acme.example"});
    desk.put("/Invoices", body).one();
    let after = desk.read("Contacts", &contact);
    assert_eq!(after["EmailAddress"], "new@acme.example");
    assert_eq!(after["ContactPersons"], json!([]));
}

#[test]
fn a_document_makes_the_contact_that_it_names() {
    let desk = Desk::new();
    let mut body = approved("", "1", "2026-01-15");
    body["Contact"] = json!({"Name": "Fresh"});
    let invoice = desk.put("/Invoices", body.clone()).one();
    assert_eq!(desk.get("/Contacts").one()["ContactID"], invoice["Contact"]["ContactID"]);
    body["Contact"] = json!({"EmailAddress": "a@b.example"});
    let refused = desk.put("/Invoices", body).messages();
    assert!(
        refused.contains("must contain at least 1 of the following elements to identify"),
        "{refused}"
    );
}

#[test]
fn a_refused_document_leaves_no_contact_behind() {
    let desk = Desk::new();
    let mut body = approved("", "1", "2026-01-15");
    body["Contact"] = json!({"Name": "Fresh"});
    body["LineItems"][0]["AccountCode"] = json!("610");
    assert_eq!(desk.put("/Invoices", body).status, 400);
    assert_eq!(desk.get("/Contacts").rows().len(), 0);
}

#[test]
fn balances_follow_from_the_documents() {
    let desk = Desk::new();
    let contact = desk.contact("Acme");
    let fresh = desk.read("Contacts", &contact);
    assert!(fresh.get("Balances").is_none());
    assert_eq!(fresh["IsCustomer"], false);
    let invoice = desk.invoice(&contact, "100");
    desk.pay(&invoice, "15.00", "2026-01-15").one();
    desk.credit(&contact, "10");
    let of = |desk: &Desk, key: &str| {
        printed(&desk.read("Contacts", &contact)["Balances"]["AccountsReceivable"], key)
    };
    assert_eq!(desk.read("Contacts", &contact)["IsCustomer"], true);
    assert_eq!(of(&desk, "Outstanding"), "88.50");
    assert_eq!(of(&desk, "Overdue"), "0.00");
    desk.pass("PT25M");
    for _ in 0..35 {
        desk.advance("PT24H");
    }
    desk.sign_in();
    assert_eq!(of(&desk, "Overdue"), "100.00");
}

#[test]
fn merging_moves_the_documents_and_leaves_a_shell() {
    let desk = Desk::new();
    let (loser, winner) = (desk.contact("Acme Old"), desk.contact("Acme"));
    let invoice = desk.invoice(&loser, "10");
    desk.advance("PT1M");
    let merge = json!({"ContactID": loser, "MergedToContactID": winner});
    desk.person("Contact", EditKind::Merge, merge);
    let shell = desk.read("Contacts", &loser);
    assert_eq!(
        (shell["ContactStatus"].clone(), id(&shell, "MergedToContactID")),
        (json!("ARCHIVED"), winner.clone())
    );
    let moved = desk.read("Invoices", &id(&invoice, "InvoiceID"));
    assert_eq!(moved["Contact"]["ContactID"], Value::String(winner));
    assert_ne!(moved["UpdatedDateUTC"], invoice["UpdatedDateUTC"]);
}

#[test]
fn an_unknown_contact_is_404() {
    let desk = Desk::new();
    let path = "/Contacts/7c1d0f2e-0b1a-4c2d-8e3f-405162738495";
    assert_eq!(desk.post(path, json!({"Name": "A"})).status, 404);
}
