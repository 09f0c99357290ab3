//! Voiding and deleting (`quickbooks §3.4, §3.5`).

use serde_json::{Value, json};

use crate::desk::{Desk, id, invoice_body, printed};

fn paid_invoice() -> (Desk, String, String, String) {
    let desk = Desk::new();
    let customer = desk.customer("Northwind");
    let mut body = invoice_body(&customer, "100.00", "2026-02-01");
    body["PrivateNote"] = json!("tieout:TIE-1");
    let invoice = id(&desk.write("/invoice", body));
    let payment = id(&desk.payment(&customer, "80.00", &[("80.00", "Invoice", &invoice)]));
    (desk, customer, invoice, payment)
}

fn token(desk: &Desk, entity: &str, id: &str) -> Value {
    json!({"Id": id, "SyncToken": desk.read(entity, id)["SyncToken"]})
}

#[test]
fn a_voided_invoice_keeps_its_number_and_loses_its_amounts() {
    let (desk, customer, invoice, payment) = paid_invoice();
    let before = desk.read("invoice", &invoice);
    let voided = desk.write("/invoice?operation=void", token(&desk, "invoice", &invoice));
    for member in ["TotalAmt", "Balance"] {
        assert_eq!(printed(&voided, member), "0");
    }
    assert_eq!(printed(&voided["Line"][0], "Amount"), "0");
    assert_eq!(voided["Line"][0]["SalesItemLineDetail"]["ItemRef"]["value"], "1");
    assert_eq!(printed(&voided["TxnTaxDetail"], "TotalTax"), "0");
    assert_eq!(voided["PrivateNote"], "Voided - tieout:TIE-1");
    assert_eq!(
        (&voided["DocNumber"], &voided["TxnDate"]),
        (&before["DocNumber"], &before["TxnDate"])
    );
    assert_eq!(voided["SyncToken"], "2");
    let payment = desk.read("payment", &payment);
    assert_eq!((printed(&payment, "UnappliedAmt"), &payment["Line"]), ("80.00".into(), &json!([])));
    assert_eq!(printed(&desk.read("customer", &customer), "Balance"), "-80.00");
    let again = desk.write("/invoice?operation=void", token(&desk, "invoice", &invoice));
    assert_eq!(again, voided);
    assert_eq!(desk.sim.truth().invoices(None).count, 0);
}

#[test]
fn without_a_note_the_note_is_the_word() {
    let desk = Desk::new();
    let customer = desk.customer("Northwind");
    let invoice = id(&desk.invoice(&customer, "1.00", "2026-02-01"));
    let voided = desk.write("/invoice?operation=void", token(&desk, "invoice", &invoice));
    assert_eq!(voided["PrivateNote"], "Voided");
}

#[track_caller]
fn voids_payment(path: &str) {
    let (desk, customer, invoice, payment) = paid_invoice();
    let mut body = token(&desk, "payment", &payment);
    body["sparse"] = json!(true);
    let voided = desk.write(path, body);
    assert_eq!(
        (printed(&voided, "TotalAmt"), printed(&voided, "UnappliedAmt")),
        ("0".into(), "0".into())
    );
    assert_eq!((&voided["Line"], &voided["PrivateNote"]), (&json!([]), &json!("Voided")));
    assert_eq!(printed(&desk.read("invoice", &invoice), "Balance"), "100.00");
    assert_eq!(printed(&desk.read("customer", &customer), "Balance"), "100.00");
}

#[test]
fn a_payment_is_voided_by_include_with_or_without_an_operation() {
    voids_payment("/payment?operation=update&include=void");
    voids_payment("/payment?include=void");
}

#[test]
fn a_payment_is_not_voided_by_the_operation_and_credits_not_at_all() {
    let (desk, customer, _, payment) = paid_invoice();
    let body = token(&desk, "payment", &payment);
    desk.refused("/payment?operation=void", body, "500");
    let credit = id(&desk.write("/creditmemo", invoice_body(&customer, "1.00", "2026-02-01")));
    desk.refused("/creditmemo?include=void", token(&desk, "creditmemo", &credit), "500");
}

#[test]
fn a_sales_receipt_is_voided_like_a_payment() {
    let desk = Desk::new();
    let body = json!({"Line": [crate::desk::item_line("9.00")]});
    let receipt = id(&desk.write("/salesreceipt", body));
    let path = "/salesreceipt?operation=update&include=void";
    let voided = desk.write(path, token(&desk, "salesreceipt", &receipt));
    assert_eq!(printed(&voided, "TotalAmt"), "0");
}

#[test]
fn a_deleted_invoice_is_gone_and_its_payment_unapplied() {
    let (desk, customer, invoice, payment) = paid_invoice();
    let stub = desk.write("/invoice?operation=delete", token(&desk, "invoice", &invoice));
    assert_eq!(stub, json!({"domain": "QBO", "status": "Deleted", "Id": invoice}));
    assert_eq!(desk.get(&format!("/invoice/{invoice}")).code().1, "610");
    assert_eq!(desk.rows("SELECT * FROM Invoice").len(), 0);
    assert_eq!(printed(&desk.read("payment", &payment), "UnappliedAmt"), "80.00");
    assert_eq!(printed(&desk.read("customer", &customer), "Balance"), "-80.00");
}

#[test]
fn ids_are_never_given_out_again() {
    let (desk, customer, invoice, _) = paid_invoice();
    desk.write("/invoice?operation=delete", token(&desk, "invoice", &invoice));
    let next = id(&desk.invoice(&customer, "1.00", "2026-02-01"));
    assert_eq!(next, "3");
}

#[test]
fn undoing_needs_the_current_token() {
    let (desk, _, invoice, _) = paid_invoice();
    let stale = json!({"Id": invoice, "SyncToken": "0"});
    desk.refused("/invoice?operation=void", stale.clone(), "5010");
    desk.refused("/invoice?operation=delete", stale, "5010");
    desk.refused("/invoice?operation=delete", json!({"SyncToken": "0"}), "2020");
}

#[test]
fn a_credit_that_goes_takes_what_it_paid_with_it() {
    let desk = Desk::new();
    let customer = desk.customer("Northwind");
    let invoice = id(&desk.invoice(&customer, "100.00", "2026-02-01"));
    let credit = id(&desk.write("/creditmemo", invoice_body(&customer, "60.00", "2026-02-01")));
    let lines = [("70.00", "Invoice", invoice.as_str()), ("60.00", "CreditMemo", credit.as_str())];
    let paid = id(&desk.payment(&customer, "10.00", &lines));
    desk.write("/creditmemo?operation=delete", token(&desk, "creditmemo", &credit));
    let payment = desk.read("payment", &paid);
    assert_eq!(
        (printed(&payment["Line"][0], "Amount"), printed(&payment, "UnappliedAmt")),
        ("10.00".into(), "0".into())
    );
    assert_eq!(printed(&desk.read("invoice", &invoice), "Balance"), "90.00");
    desk.write("/invoice?operation=void", token(&desk, "invoice", &invoice));
    assert_eq!(printed(&desk.read("payment", &paid), "UnappliedAmt"), "10.00");
}
