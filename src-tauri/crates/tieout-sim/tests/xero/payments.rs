//! Payments, batches and reversals (`xero §6.7, §6.9, §9.2`).

use serde_json::{Value, json};
use tieout_sim::xero::EditKind;

use crate::desk::{Desk, approved, id, number, payment, printed};

fn company() -> (Desk, Value) {
    let desk = Desk::new();
    let invoice = desk.invoice(&desk.contact("Acme"), "100");
    (desk, invoice)
}

fn read(desk: &Desk, invoice: &Value) -> Value {
    desk.read("Invoices", &id(invoice, "InvoiceID"))
}

#[test]
fn the_last_cent_makes_an_invoice_paid() {
    let (desk, invoice) = company();
    desk.pay(&invoice, "100.00", "2026-01-16").one();
    let part = read(&desk, &invoice);
    assert_eq!(
        (part["Status"].clone(), printed(&part, "AmountDue")),
        (json!("AUTHORISED"), "15.00".into())
    );
    assert!(part.get("FullyPaidOnDate").is_none());
    desk.pay(&invoice, "15.00", "2026-01-20").one();
    let paid = read(&desk, &invoice);
    assert_eq!(
        (paid["Status"].clone(), printed(&paid, "AmountPaid")),
        (json!("PAID"), "115.00".into())
    );
    assert_eq!(paid["FullyPaidOnDate"], "/Date(1768867200000+0000)/");
    assert_eq!(paid["Payments"].as_array().unwrap().len(), 2);
}

#[test]
fn a_deleted_payment_opens_the_invoice_and_leaves_the_paid_date() {
    let (desk, invoice) = company();
    let paid = desk.pay(&invoice, "115.00", "2026-01-16").one();
    desk.advance("PT1M");
    let path = format!("/Payments/{}", id(&paid, "PaymentID"));
    let gone = desk.post(&path, json!({"Status": "DELETED"})).one();
    assert_eq!(
        (gone["Status"].clone(), printed(&gone, "Amount")),
        (json!("DELETED"), "115.00".into())
    );
    let open = read(&desk, &invoice);
    assert_eq!(
        (open["Status"].clone(), printed(&open, "AmountDue")),
        (json!("AUTHORISED"), "115.00".into())
    );
    assert_eq!(open["Payments"], json!([]));
    assert!(open.get("FullyPaidOnDate").is_some());
    assert_eq!(open["UpdatedDateUTC"], gone["UpdatedDateUTC"]);
    let row = desk.get("/Payments?page=1").one();
    assert_eq!(
        (row["Status"].clone(), printed(&row, "Amount")),
        (json!("DELETED"), "115.00".into())
    );
    assert_eq!(desk.post(&path, json!({"Status": "DELETED"})).status, 400);
}

#[test]
fn a_payment_changes_by_its_status_alone() {
    let (desk, invoice) = company();
    let path =
        format!("/Payments/{}", id(&desk.pay(&invoice, "1.00", "2026-01-16").one(), "PaymentID"));
    let refused = desk.post(&path, json!({"Status": "DELETED", "Amount": 1})).messages();
    assert_eq!(refused, "Only Status accepted for updates");
    assert_eq!(desk.post(&path, json!({"Reference": "x"})).status, 400);
    let enveloped = json!({"Payments": [{"Status": "DELETED"}]});
    assert_eq!(desk.post(&path, enveloped).one()["Status"], "DELETED");
}

#[test]
fn payments_are_refused_for_the_reasons_of_the_sheet() {
    let (desk, invoice) = company();
    assert!(
        desk.pay(&invoice, "115.01", "2026-01-16")
            .messages()
            .contains("exceeds the amount outstanding on this document")
    );
    assert_eq!(desk.pay(&invoice, "0.00", "2026-01-16").status, 400);
    let mut wrong = payment(&invoice, "1.00", "2026-01-16");
    wrong["Account"] = json!({"Code": "200"});
    assert!(desk.put("/Payments", wrong.clone()).messages().contains("Account could not be found"));
    wrong["Account"] = json!({"Code": "880"});
    assert_eq!(desk.put("/Payments", wrong).status, 200);
    let mut draft = approved(&id(&invoice["Contact"], "ContactID"), "1", "2026-01-15");
    draft["Status"] = json!("DRAFT");
    let draft = desk.put("/Invoices", draft).one();
    assert!(desk.pay(&draft, "1.00", "2026-01-16").messages().contains("not of valid status"));
    let unknown = json!({"InvoiceID": "7c1d0f2e-0b1a-4c2d-8e3f-405162738495"});
    assert_eq!(desk.pay(&unknown, "1.00", "2026-01-16").status, 404);
}

#[test]
fn an_early_payment_is_only_warned_about() {
    let (desk, invoice) = company();
    let body = payment(&invoice, "1.00", "2026-01-01");
    let early = desk.put("/Payments?summarizeErrors=false", body).one();
    assert_eq!(early["StatusAttributeString"], "WARNING");
    let warning = early["Warnings"][0]["Message"].as_str().unwrap();
    assert!(warning.contains("payment date is prior to the invoice date"));
}

#[test]
fn post_creates_payments_too_and_numbers_find_invoices() {
    let (desk, invoice) = company();
    let mut body = payment(&invoice, "1.00", "2026-01-16");
    body["Invoice"] = json!({"InvoiceNumber": invoice["InvoiceNumber"]});
    let made = desk.post("/Payments", body).one();
    assert_eq!(
        (made["PaymentType"].clone(), made["Status"].clone()),
        (json!("ACCRECPAYMENT"), json!("AUTHORISED"))
    );
}

#[test]
fn lists_show_a_stub_and_single_reads_the_whole() {
    let (desk, invoice) = company();
    let made = desk.pay(&invoice, "1.00", "2026-01-16").one();
    let row = desk.get("/Payments?page=1").one();
    assert_eq!(printed(&row, "CurrencyRate"), "0.0000000000");
    for key in ["Status", "Total", "AmountDue"] {
        assert!(row["Invoice"].get(key).is_none(), "{key}");
    }
    assert!(row["Account"].get("Name").is_none());
    let single = desk.read("Payments", &id(&made, "PaymentID"));
    assert_eq!(printed(&single, "CurrencyRate"), "1.0000000000");
    assert_eq!(
        (single["Invoice"]["Status"].clone(), printed(&single["Invoice"], "AmountDue")),
        (json!("AUTHORISED"), "114.00".into())
    );
    assert_eq!(single["Account"]["Name"], "Business Bank Account");
}

#[test]
fn reconciling_moves_only_the_payment() {
    let (desk, invoice) = company();
    let made = desk.pay(&invoice, "1.00", "2026-01-16").one();
    let before = read(&desk, &invoice);
    desk.advance("PT1M");
    let after =
        desk.person("Payment", EditKind::Reconcile, json!({"PaymentID": made["PaymentID"]}));
    assert_eq!(after["IsReconciled"], true);
    assert_ne!(after["UpdatedDateUTC"], made["UpdatedDateUTC"]);
    assert_eq!(read(&desk, &invoice)["UpdatedDateUTC"], before["UpdatedDateUTC"]);
}

fn batched() -> (Desk, Vec<Value>, Value) {
    let desk = Desk::new();
    let contact = desk.contact("Acme");
    let invoices = vec![desk.invoice(&contact, "100"), desk.invoice(&contact, "10")];
    let parts: Vec<Value> = invoices
        .iter()
        .map(|one| json!({"Invoice": {"InvoiceID": one["InvoiceID"]}, "Amount": number("11.50")}))
        .collect();
    let body = json!({"Account": {"Code": "090"}, "Date": "2026-01-16", "Payments": parts});
    let batch = desk.put("/BatchPayments", body).one();
    (desk, invoices, batch)
}

#[test]
fn a_batch_pays_several_invoices_at_once() {
    let (desk, invoices, batch) = batched();
    assert_eq!(
        (batch["Type"].clone(), batch["TotalAmount"].clone()),
        (json!("RECBATCH"), json!("23.00"))
    );
    assert_eq!(read(&desk, &invoices[1])["Status"], "PAID");
    let rows = desk.get("/Payments?page=1").rows();
    assert!(rows.iter().all(|row| row["BatchPaymentID"] == batch["BatchPaymentID"]));
}

#[test]
fn parts_of_a_batch_go_only_with_it() {
    let (desk, invoices, batch) = batched();
    let part = desk.get("/Payments?page=1").rows()[0].clone();
    let path = format!("/Payments/{}", id(&part, "PaymentID"));
    assert_eq!(desk.post(&path, json!({"Status": "DELETED"})).status, 400);
    let path = format!("/BatchPayments/{}", id(&batch, "BatchPaymentID"));
    assert_eq!(desk.post(&path, json!({"Status": "DELETED"})).one()["Status"], "DELETED");
    assert_eq!(read(&desk, &invoices[1])["Status"], "AUTHORISED");
}

#[test]
fn the_nested_list_of_a_batched_payment_has_the_id_of_the_batch() {
    let (desk, _, batch) = batched();
    let part = desk.get("/Payments?page=1").rows()[0].clone();
    let single = desk.read("Payments", &id(&part, "PaymentID"));
    assert_eq!(single["Invoice"]["Payments"][0]["PaymentID"], batch["BatchPaymentID"]);
    let invoice = desk.read("Invoices", &id(&single["Invoice"], "InvoiceID"));
    assert_eq!(invoice["Payments"][0]["PaymentID"], single["PaymentID"]);
}

#[test]
fn a_batch_is_made_wholly_or_not_at_all() {
    let (desk, invoice) = company();
    let part = |amount: &str| json!({"Invoice": {"InvoiceID": invoice["InvoiceID"]}, "Amount": number(amount)});
    let parts = json!([part("1.00"), part("900.00")]);
    let body = json!({"Account": {"Code": "090"}, "Date": "2026-01-16", "Payments": parts});
    assert_eq!(desk.put("/BatchPayments", body).status, 400);
    assert_eq!(desk.get("/Payments").rows().len(), 0);
    assert_eq!(printed(&read(&desk, &invoice), "AmountDue"), "115.00");
}

#[test]
fn batches_are_read_by_their_stamp() {
    let (desk, _, batch) = batched();
    assert_eq!(desk.since("/BatchPayments", "2026-01-14T22:15:41").len(), 1);
    assert_eq!(desk.since("/BatchPayments", "2026-01-14T22:15:42").len(), 0);
    let path = format!("/BatchPayments/{}", id(&batch, "BatchPaymentID"));
    assert_eq!(desk.get(&path).one()["Status"], "AUTHORISED");
    assert_eq!(desk.get("/BatchPayments/none").status, 404);
}
