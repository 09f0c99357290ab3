//! Payments and refunds as they come, and what becomes of them.

use serde_json::{Value, json};
use tieout_connect::json::Reading;
use tieout_domain::facts::QuarantineReason::{
    self, Malformed, OutOfRange, TooPrecise, UnknownValue,
};
use tieout_domain::facts::{
    Application, ApplicationKind, Fact, LedgerDocumentKind, Receipt, Refund,
};

use crate::config::FieldLabels;
use crate::entity::Entity;
use crate::testing::{patched, read_with};

fn read(entity: Entity, text: &str) -> Reading<Option<Fact>> {
    read_with(json!({}), &FieldLabels::default(), entity, text)
}

#[track_caller]
fn fact(entity: Entity, text: &str) -> Fact {
    read(entity, text).unwrap().expect("a fact")
}

fn payment(patch: Value) -> String {
    patched(
        json!({
            "Id": "301", "SyncToken": "1", "MetaData": {"LastUpdatedTime": "2026-02-20T10:00:00-08:00"},
            "CustomerRef": {"value": "72"}, "TotalAmt": 500.00, "UnappliedAmt": 0,
            "PaymentRefNum": "WIRE-8841", "TxnDate": "2026-02-20", "ProcessPayment": false,
            "LinkedTxn": [{"TxnId": "310", "TxnType": "Deposit"}],
            "Line": [{"Amount": 500.00, "LinkedTxn": [{"TxnId": "266", "TxnType": "Invoice"}],
                      "LineEx": {"any": [{"value": {"Name": "txnOpenBalance", "Value": "952.56"}}]}}]
        }),
        patch,
    )
}

#[track_caller]
fn receipt(patch: Value) -> Receipt {
    match fact(Entity::Payment, &payment(patch)) {
        Fact::Receipt(receipt) => receipt,
        other => panic!("{other:?}"),
    }
}

fn shown(application: &Application) -> String {
    let credit = application.credit.as_ref().map(|id| format!(" from {id}")).unwrap_or_default();
    let word = match application.kind {
        ApplicationKind::Cash => "cash",
        ApplicationKind::Credit => "credit",
        ApplicationKind::Adjustment => "adjustment",
        ApplicationKind::Refund => "refund",
    };
    format!("{word} {} on {}{credit}", application.amount.to_plain(), application.document)
}

fn line(amount: Value, kind: &str, id: &str) -> Value {
    json!({"Amount": amount, "LinkedTxn": [{"TxnId": id, "TxnType": kind}]})
}

#[track_caller]
fn check_receipt(patch: Value, unapplied: &str, want: &[&str]) {
    let read = receipt(patch);
    assert_eq!(read.unapplied_now.to_plain(), unapplied);
    assert_eq!(read.applications.iter().map(shown).collect::<Vec<_>>(), want);
}

#[test]
fn a_payment() {
    let read = receipt(json!({}));
    assert_eq!(read.amount.to_string(), "500.00 USD");
    assert_eq!(read.reference.as_deref(), Some("WIRE-8841"));
    assert!(!read.voided);
    let [application] = read.applications.as_slice() else { panic!("one application") };
    assert_eq!(shown(application), "cash 500.00 on 266");
    assert_eq!(application.document_kind, LedgerDocumentKind::Invoice);
    assert_eq!(application.applied_on.to_string(), "2026-02-20");
}

#[test]
fn a_payment_without_lines_is_unapplied() {
    check_receipt(json!({"Line": null, "UnappliedAmt": 500.00}), "500.00", &[]);
    check_receipt(json!({"Line": null, "UnappliedAmt": null}), "500.00", &[]);
}

#[test]
fn cash_and_credit_in_one_payment() {
    let lines = json!([
        line(json!(300), "Invoice", "266"),
        line(json!(100), "CreditMemo", "270"),
        line(json!(250), "Invoice", "267")
    ]);
    check_receipt(
        json!({"Line": lines, "UnappliedAmt": 50}),
        "50.00",
        &["credit 100.00 on 266 from 270", "cash 200.00 on 266", "cash 250.00 on 267"],
    );
}

#[test]
fn a_write_off_stands_on_the_receipt_that_ties_it() {
    let lines =
        json!([line(json!(12.40), "Invoice", "261"), line(json!(12.40), "JournalEntry", "400")]);
    check_receipt(json!({"TotalAmt": 0, "Line": lines}), "0.00", &["adjustment 12.40 on 261"]);
}

#[test]
fn money_paid_out_against_a_credit() {
    let lines = json!([line(json!(80), "CreditMemo", "270"), line(json!(80), "Check", "500")]);
    let read = receipt(json!({"TotalAmt": 0, "Line": lines}));
    assert_eq!(shown(&read.applications[0]), "refund 80.00 on 270 from 270");
    assert_eq!(read.applications[0].document_kind, LedgerDocumentKind::CreditMemo);
}

#[test]
fn an_unapplied_part_that_is_left_out_follows_from_the_lines() {
    check_receipt(
        json!({"UnappliedAmt": null, "TotalAmt": 620}),
        "120.00",
        &["cash 500.00 on 266"],
    );
}

#[test]
fn a_voided_payment() {
    let void = json!({"TotalAmt": 0, "UnappliedAmt": 0, "Line": [], "PrivateNote": "Voided"});
    let read = receipt(void);
    assert!(read.voided && read.applications.is_empty());
    assert!(!receipt(json!({"TotalAmt": 0, "Line": []})).voided);
}

#[track_caller]
fn payment_aside(patch: Value, reason: QuarantineReason, path: &str) {
    let error = read(Entity::Payment, &payment(patch)).unwrap_err();
    assert_eq!((error.reason, error.path.as_str()), (reason, path));
}

#[test]
fn payments_that_cannot_be_told_apart() {
    payment_aside(json!({"UnappliedAmt": 20}), Malformed, "Line");
    payment_aside(json!({"UnappliedAmt": 501}), OutOfRange, "UnappliedAmt");
    payment_aside(json!({"UnappliedAmt": -1}), OutOfRange, "UnappliedAmt");
    payment_aside(json!({"UnappliedAmt": null, "TotalAmt": 400}), OutOfRange, "UnappliedAmt");
    let unknown = json!({"Line": [line(json!(500), "Barter", "1")]});
    payment_aside(unknown, UnknownValue, "Line[0].LinkedTxn[0].TxnType");
    let two = json!({"Line": [{"Amount": 500, "LinkedTxn": [
        {"TxnId": "1", "TxnType": "Invoice"}, {"TxnId": "2", "TxnType": "Invoice"}]}]});
    payment_aside(two, Malformed, "Line[0].LinkedTxn");
    let negative = json!({"Line": [line(json!(-500), "Invoice", "266")]});
    payment_aside(negative, OutOfRange, "Line[0].Amount");
    payment_aside(json!({"CustomerRef": null}), Malformed, "CustomerRef");
    payment_aside(json!({"TotalAmt": 500.001}), TooPrecise, "TotalAmt");
}

#[track_caller]
fn refund(patch: Value) -> Refund {
    let base = json!({"Id": "42", "SyncToken": "0", "DocNumber": "RF-0042",
        "MetaData": {"LastUpdatedTime": "2026-06-11T10:00:00-07:00"}, "CustomerRef": {"value": "8"},
        "TxnDate": "2026-06-11", "TotalAmt": 2150, "Line": []});
    match fact(Entity::RefundReceipt, &patched(base, patch)) {
        Fact::Refund(refund) => refund,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_refund_uses_up_the_credit_that_it_links() {
    let link = json!([{"TxnId": "311", "TxnType": "CreditMemo"}]);
    let on_head = refund(json!({"LinkedTxn": link}));
    assert_eq!(on_head.credit.unwrap().as_str(), "311");
    let on_line = refund(json!({"Line": [{"Amount": 2150, "LinkedTxn": link}]}));
    assert_eq!(on_line.credit.unwrap().as_str(), "311");
    let free = refund(json!({"CustomerRef": null}));
    assert_eq!((free.credit, free.customer), (None, None));
}

#[test]
fn a_refund_of_two_credits_is_for_a_person() {
    let links =
        json!([{"TxnId": "1", "TxnType": "CreditMemo"}, {"TxnId": "2", "TxnType": "CreditMemo"}]);
    let text = patched(
        json!({"Id": "42", "SyncToken": "0", "TxnDate": "2026-06-11", "TotalAmt": 1,
            "MetaData": {"LastUpdatedTime": "2026-06-11T10:00:00-07:00"}}),
        json!({"LinkedTxn": links}),
    );
    assert_eq!(read(Entity::RefundReceipt, &text).unwrap_err().reason, UnknownValue);
}
