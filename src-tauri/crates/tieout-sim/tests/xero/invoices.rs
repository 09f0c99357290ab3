//! Creating and changing invoices: numbers, sums, tax, lines (`xero §6.4, §6.5, §7`).

use serde_json::{Value, json};

use crate::desk::{Desk, approved, id, line, number, printed};

fn company() -> (Desk, String) {
    let desk = Desk::new();
    let contact = desk.contact("Acme");
    (desk, contact)
}

/// SubTotal, TotalTax and Total of an invoice with these lines.
#[track_caller]
fn sums(types: &str, lines: Value) -> (String, String, String) {
    let (desk, contact) = company();
    let mut body = approved(&contact, "1", "2026-01-15");
    body["LineAmountTypes"] = json!(types);
    body["LineItems"] = lines;
    let invoice = desk.put("/Invoices?unitdp=4", body).one();
    (printed(&invoice, "SubTotal"), printed(&invoice, "TotalTax"), printed(&invoice, "Total"))
}

fn three(net: &str, tax: &str, total: &str) -> (String, String, String) {
    (net.to_owned(), tax.to_owned(), total.to_owned())
}

#[test]
fn put_creates_and_refuses_a_number_that_exists() {
    let (desk, contact) = company();
    let mut body = approved(&contact, "10", "2026-01-15");
    body["InvoiceNumber"] = json!("TIE-YIO2VH22ILF65RQE");
    let first = desk.put("/Invoices", body.clone()).one();
    assert_eq!(first["InvoiceNumber"], "TIE-YIO2VH22ILF65RQE");
    let answer = desk.put("/Invoices", body.clone());
    assert!(answer.messages().contains("Invoice # must be unique"));
    let path = format!("/Invoices/{}", id(&first, "InvoiceID"));
    desk.post(&path, json!({"Status": "VOIDED"})).one();
    assert_eq!(desk.put("/Invoices", body).status, 400);
}

#[test]
fn post_with_a_number_that_exists_overwrites_that_invoice() {
    let (desk, contact) = company();
    let mut body = approved(&contact, "10", "2026-01-15");
    body["InvoiceNumber"] = json!("A-1");
    let first = desk.post("/Invoices", body.clone()).one();
    body["LineItems"] = json!([line("99")]);
    let second = desk.post("/Invoices", body).one();
    assert_eq!(second["InvoiceID"], first["InvoiceID"]);
    assert_eq!(printed(&second, "SubTotal"), "99.00");
    assert_eq!(desk.get("/Invoices?page=1").rows().len(), 1);
}

#[test]
fn numbers_of_bills_repeat_freely() {
    let (desk, contact) = company();
    let mut body = approved(&contact, "10", "2026-01-15");
    body["Type"] = json!("ACCPAY");
    body["InvoiceNumber"] = json!("B-1");
    body["Reference"] = json!("not kept");
    body["LineItems"][0]["AccountCode"] = json!("429");
    let first = desk.put("/Invoices", body.clone()).one();
    let second = desk.put("/Invoices", body).one();
    assert_ne!(first["InvoiceID"], second["InvoiceID"]);
    assert!(first.get("Reference").is_none_or(|text| text == ""));
}

#[test]
fn numbers_are_given_when_none_is_sent() {
    let (desk, contact) = company();
    let mut body = approved(&contact, "1", "2026-01-15");
    body["InvoiceNumber"] = json!("INV-0002");
    desk.put("/Invoices", body).one();
    assert_eq!(desk.invoice(&contact, "1")["InvoiceNumber"], "INV-0001");
    assert_eq!(desk.invoice(&contact, "1")["InvoiceNumber"], "INV-0003");
    assert_eq!(desk.credit(&contact, "1")["CreditNoteNumber"], "CN-0001");
}

#[test]
fn tax_is_rounded_per_line_and_added() {
    let lines = json!([line("0.10"), line("0.10"), line("0.10")]);
    assert_eq!(sums("Exclusive", lines.clone()), three("0.30", "0.06", "0.36"));
    assert_eq!(sums("Inclusive", lines.clone()), three("0.27", "0.03", "0.30"));
    assert_eq!(sums("NoTax", lines), three("0.30", "0.00", "0.30"));
}

#[test]
fn sent_tax_overrides_the_computed_one() {
    let mut taxed = line("100");
    taxed["TaxAmount"] = number("14.99");
    assert_eq!(sums("Exclusive", json!([taxed])), three("100.00", "14.99", "114.99"));
}

#[test]
fn discounts_are_in_percent_or_in_money() {
    let mut percent = line("100");
    percent["DiscountRate"] = json!(10);
    let mut money = line("100");
    money["DiscountAmount"] = number("25.00");
    assert_eq!(sums("NoTax", json!([percent, money])), three("165.00", "0.00", "165.00"));
}

#[test]
fn a_line_amount_must_be_what_the_line_says() {
    let (desk, contact) = company();
    let mut body = approved(&contact, "10", "2026-01-15");
    body["LineItems"][0]["LineAmount"] = number("10.00");
    assert_eq!(desk.put("/Invoices", body.clone()).status, 200);
    body["LineItems"][0]["LineAmount"] = number("10.01");
    let answer = desk.put("/Invoices", body).json();
    let of_line = &answer["Elements"][0]["LineItems"][0]["ValidationErrors"][0]["Message"];
    assert_eq!(of_line, "The line total 10.01 does not match the expected line total 10.00");
}

#[test]
fn unit_prices_have_two_places_unless_four_are_asked_for() {
    let (desk, contact) = company();
    let mut body = approved(&contact, "1.23456", "2026-01-15");
    body["LineItems"][0]["Quantity"] = json!(100);
    let two = desk.put("/Invoices", body.clone()).one();
    let four = desk.put("/Invoices?unitdp=4", body).one();
    assert_eq!(
        (printed(&two, "SubTotal"), printed(&four, "SubTotal")),
        ("123.00".into(), "123.46".into())
    );
    assert_eq!(printed(&four["LineItems"][0], "UnitAmount"), "1.2346");
    let path = format!("/Invoices/{}", id(&four, "InvoiceID"));
    assert_eq!(printed(&desk.get(&path).one()["LineItems"][0], "UnitAmount"), "1.23");
}

#[test]
fn lines_have_accounts_that_take_them() {
    let (desk, contact) = company();
    for code in ["610", "800", "090"] {
        let mut body = approved(&contact, "10", "2026-01-15");
        body["LineItems"][0]["AccountCode"] = json!(code);
        let refused = desk.put("/Invoices", body).messages();
        assert!(refused.contains("is not a valid code for this document"), "{code}: {refused}");
    }
    let mut body = approved(&contact, "10", "2026-01-15");
    body["LineItems"][0]["AccountCode"] = json!("999");
    assert!(desk.put("/Invoices", body.clone()).messages().contains("'999' is not a valid code"));
    body["Status"] = json!("DRAFT");
    let draft = desk.put("/Invoices?summarizeErrors=false", body).one();
    assert_eq!(draft["StatusAttributeString"], "WARNING");
    let warning = draft["Warnings"][0]["Message"].as_str().unwrap();
    assert!(warning.contains("has been removed as it does not match a recognised account"));
    assert!(draft["LineItems"][0].get("AccountCode").is_none());
}

#[test]
fn tax_types_exist_and_fit_the_account() {
    let (desk, contact) = company();
    let refused = |tax_type: &str| {
        let mut body = approved(&contact, "10", "2026-01-15");
        body["LineItems"][0]["TaxType"] = json!(tax_type);
        desk.put("/Invoices", body).messages()
    };
    assert!(
        refused("OUTPUT9")
            .contains("does not exist or cannot be used for this type of transaction")
    );
    assert!(refused("INPUT2").contains("cannot be used with account code '200'"));
}

#[test]
fn tax_comes_from_item_contact_or_account() {
    let (desk, contact) = company();
    desk.post(&format!("/Contacts/{contact}"), json!({"AccountsReceivableTaxType": "NONE"})).one();
    let tax_type = |invoice: Value| invoice["LineItems"][0]["TaxType"].clone();
    assert_eq!(tax_type(desk.invoice(&contact, "1")), "NONE");
    let other = desk.contact("Other");
    assert_eq!(tax_type(desk.invoice(&other, "1")), "OUTPUT2");
}

#[test]
fn a_line_may_be_only_a_description() {
    let (desk, contact) = company();
    let mut body = approved(&contact, "10", "2026-01-15");
    body["LineItems"].as_array_mut().unwrap().push(json!({"Description": "As agreed"}));
    let invoice = desk.put("/Invoices", body).one();
    assert_eq!(printed(&invoice, "SubTotal"), "10.00");
    assert!(invoice["LineItems"][1].get("LineAmount").is_none());
}

#[test]
fn lines_that_are_not_sent_are_deleted() {
    let (desk, contact) = company();
    let mut body = approved(&contact, "10", "2026-01-15");
    body["LineItems"] = json!([line("10"), line("20")]);
    let invoice = desk.put("/Invoices", body).one();
    let kept = invoice["LineItems"][1]["LineItemID"].clone();
    let path = format!("/Invoices/{}", id(&invoice, "InvoiceID"));
    let change = json!({"LineItems": [{"LineItemID": kept, "Description": "Kept"}, line("5")]});
    let after = desk.post(&path, change).one();
    assert_eq!(printed(&after, "SubTotal"), "25.00");
    assert_eq!(after["LineItems"][0]["LineItemID"], kept);
    assert_eq!(after["LineItems"][0]["Description"], "Kept");
    let header = desk.post(&path, json!({"Reference": "PO 7"})).one();
    assert_eq!(
        (printed(&header, "SubTotal"), header["Reference"].clone()),
        ("25.00".into(), json!("PO 7"))
    );
}

#[test]
fn tracking_is_by_name_or_id() {
    let (desk, contact) = company();
    let mut body = approved(&contact, "10", "2026-01-15");
    body["LineItems"][0]["Tracking"] = json!([{"Name": "Region", "Option": "South"}]);
    let invoice = desk.put("/Invoices", body.clone()).one();
    let tracking = &invoice["LineItems"][0]["Tracking"][0];
    assert!(tracking["TrackingOptionID"].is_string() && tracking.get("Options").is_none());
    let listed = desk.get("/Invoices?page=1").one();
    let tracking = &listed["LineItems"][0]["Tracking"][0];
    assert_eq!(tracking["Options"], json!([]));
    assert!(tracking.get("TrackingOptionID").is_none());
    body["LineItems"][0]["Tracking"] = json!([{"Name": "Region", "Option": "East"}]);
    assert_eq!(desk.put("/Invoices", body).status, 400);
}

#[test]
fn links_are_https_and_do_not_name_the_service() {
    let (desk, contact) = company();
    let with = |url: &str| {
        let mut body = approved(&contact, "1", "2026-01-15");
        body["Url"] = json!(url);
        desk.put("/Invoices", body)
    };
    let good = "https://example.my.salesforce.com/006Hs00001AsDfGIAV?tieout=TIE-A";
    assert_eq!(with(good).one()["Url"], good);
    assert_eq!(with("http://example.com/").status, 400);
    assert_eq!(with("https://go.xero.com/").status, 400);
}

#[test]
fn rounding_amounts_need_the_organisation_to_have_them() {
    let (desk, contact) = company();
    let mut body = approved(&contact, "10.02", "2026-01-15");
    body["RoundingAmount"] = number("-0.02");
    assert_eq!(printed(&desk.put("/Invoices", body.clone()).one(), "Total"), "11.52");
    desk.sim.switch_tenant(None, &json!({"rounding_amounts": true})).unwrap();
    let rounded = desk.put("/Invoices", body.clone()).one();
    assert_eq!(
        (printed(&rounded, "Total"), printed(&rounded, "RoundingAmount")),
        ("11.50".into(), "-0.02".into())
    );
    let rows = desk.get("/Invoices?page=1").rows();
    assert!(rows.iter().all(|row| row.get("RoundingAmount").is_none()));
    body["RoundingAmount"] = number("0.11");
    assert_eq!(desk.put("/Invoices", body).status, 400);
}

#[test]
fn zero_lines_may_lose_their_account() {
    let (desk, contact) = company();
    desk.sim.switch_tenant(None, &json!({"zero_lines_lose_account": true})).unwrap();
    let mut body = approved(&contact, "10", "2026-01-15");
    body["Status"] = json!("DRAFT");
    body["LineItems"].as_array_mut().unwrap().push(line("0"));
    let invoice = desk.put("/Invoices", body).one();
    assert!(invoice["LineItems"][0].get("AccountCode").is_some());
    assert!(invoice["LineItems"][1].get("AccountCode").is_none());
}

#[test]
fn single_reads_lists_and_writes_show_different_keys() {
    let (desk, contact) = company();
    let written = desk.invoice(&contact, "10");
    let single = desk.read("Invoices", &id(&written, "InvoiceID"));
    let paged = desk.get("/Invoices?page=1").one();
    for key in ["Payments", "CreditNotes", "AmountCredited", "HasAttachments"] {
        assert!(written.get(key).is_none(), "{key}");
        assert!(single.get(key).is_some() && paged.get(key).is_some(), "{key}");
    }
    assert!(paged["Contact"].get("ContactStatus").is_none());
    assert_eq!(single["Contact"]["Phones"].as_array().unwrap().len(), 4);
}

#[test]
fn an_invoice_without_contact_and_lines_breaks_the_service() {
    let (desk, _) = company();
    let answer = desk.put("/Invoices", json!({"Type": "ACCREC"}));
    assert_eq!((answer.status, answer.json()["Status"].clone()), (500, json!(500)));
}
