//! Records as they come, and what becomes of them.

use serde_json::{Value, json};
use tieout_domain::facts::QuarantineReason::{
    CurrencyNotTransactional, CurrencyUnknown, Malformed, OutOfRange, TooPrecise, UnknownValue,
};
use tieout_domain::facts::{Document, DocumentStatus};

use super::*;
use crate::testing::{invoice, multi_currency, read_with};

fn labels() -> FieldLabels {
    FieldLabels { order_number: Some("Order".to_owned()), ..FieldLabels::default() }
}

fn read(entity: Entity, text: &str) -> Reading<Option<Fact>> {
    read_with(json!({}), &labels(), entity, text)
}

#[track_caller]
fn fact(entity: Entity, text: &str) -> Fact {
    read(entity, text).unwrap().expect("a fact")
}

#[track_caller]
fn document(entity: Entity, patch: Value) -> Document {
    match fact(entity, &invoice(patch)) {
        Fact::Document(document) => document,
        other => panic!("{other:?}"),
    }
}

/// The reason and place of an invoice that is kept aside.
#[track_caller]
fn aside(patch: Value, reason: QuarantineReason, path: &str) {
    let error = read(Entity::Invoice, &invoice(patch)).unwrap_err();
    assert_eq!((error.reason, error.path.as_str()), (reason, path));
}

#[test]
fn the_note_names_the_deal_where_no_field_does() {
    let named = |patch| document(Entity::Invoice, patch).deal_reference;
    let other = json!([{"Name": "Opportunity", "StringValue": "D-1010"}]);
    assert_eq!(named(json!({"CustomField": other})).as_deref(), Some("D-1010"));
    let unnamed = named(json!({"CustomField": null}));
    assert_eq!(unnamed.as_deref(), Some("0065g00000AbCdEAAV"));
    assert_eq!(named(json!({"CustomField": null, "PrivateNote": "opp=0065g00000AbCdEAAV"})), None);
}

#[test]
fn an_invoice() {
    let invoice = document(Entity::Invoice, json!({}));
    assert_eq!(invoice.id.as_str(), "266");
    assert_eq!(invoice.stamp.version, "0");
    assert_eq!(invoice.stamp.modified_at.to_string(), "2026-02-03T17:20:00Z");
    assert_eq!(invoice.kind, LedgerDocumentKind::Invoice);
    assert_eq!(invoice.number.as_deref(), Some("1045"));
    assert_eq!(invoice.customer.as_str(), "72");
    assert_eq!(invoice.effective_on.to_string(), "2026-02-03");
    assert_eq!(invoice.due_on.unwrap().to_string(), "2026-03-05");
    assert_eq!(invoice.terms_days, Some(30));
    assert_eq!(invoice.net.to_string(), "1000.00 USD");
    assert_eq!(invoice.tax.to_string(), "70.56 USD");
    assert_eq!(invoice.total.to_string(), "1070.56 USD");
    assert_eq!(invoice.balance_now.to_string(), "1070.56 USD");
    assert_eq!(invoice.status, DocumentStatus::Open);
    assert_eq!(invoice.key.unwrap().as_str(), "TIE-4WIP5NPYZH6ZVQOB");
    assert_eq!(invoice.deal_reference.as_deref(), Some("0065g00000AbCdEAAV"));
    assert_eq!(invoice.exchange_rate, None);
    assert!(!invoice.disputed);
    let [line] = invoice.lines.as_slice() else { panic!("one line") };
    assert_eq!(line.position, 1);
    assert_eq!(line.item.as_ref().unwrap().as_str(), "31");
    assert_eq!(line.quantity.unwrap().to_string(), "20");
    assert_eq!(line.unit_price.unwrap().to_string(), "50");
    assert_eq!(line.amount.to_string(), "1000.00 USD");
    assert_eq!(line.tax_code.as_deref(), Some("TAX"));
}

#[track_caller]
fn check_status(patch: Value, want: DocumentStatus) {
    assert_eq!(document(Entity::Invoice, patch).status, want);
}

#[test]
fn amounts_decide_the_status() {
    check_status(json!({"Balance": 0}), DocumentStatus::Paid);
    check_status(json!({"Balance": 0.01}), DocumentStatus::PartPaid);
    check_status(json!({"Balance": 1070.56}), DocumentStatus::Open);
}

const ZERO: [&str; 2] = ["TotalAmt", "Balance"];

fn zeroed(note: &str) -> Value {
    let mut patch = json!({"TxnTaxDetail": {"TotalTax": 0}, "PrivateNote": note, "Line": []});
    for name in ZERO {
        patch[name] = json!(0);
    }
    patch
}

#[test]
fn a_void_is_a_total_of_zero_whose_note_says_so() {
    check_status(zeroed("Voided"), DocumentStatus::Void);
    check_status(zeroed("Voided - tieout:TIE-4WIP5NPYZH6ZVQOB"), DocumentStatus::Void);
    check_status(zeroed("free sample"), DocumentStatus::Paid);
    check_status(json!({"PrivateNote": "Voided the old one"}), DocumentStatus::Open);
}

#[test]
fn a_void_keeps_our_key() {
    let void = document(Entity::Invoice, zeroed("Voided - tieout:TIE-4WIP5NPYZH6ZVQOB opp=x"));
    assert_eq!(void.key.unwrap().as_str(), "TIE-4WIP5NPYZH6ZVQOB");
}

#[test]
fn the_number_can_be_our_key() {
    let own = json!({"PrivateNote": null, "DocNumber": "TIE-GHM43UDXZQ5IYJ5Z"});
    assert_eq!(document(Entity::Invoice, own).key.unwrap().as_str(), "TIE-GHM43UDXZQ5IYJ5Z");
    let none = json!({"PrivateNote": "by hand", "DocNumber": null});
    assert_eq!(document(Entity::Invoice, none).key, None);
}

#[test]
fn a_dispute_is_a_field_that_is_not_empty() {
    let with = |field: Value| {
        let field = json!({"CustomField": [field]});
        document(Entity::Invoice, field).disputed
    };
    assert!(with(json!({"Name": "Dispute", "StringValue": "price"})));
    assert!(with(json!({"Name": "Dispute", "BooleanValue": true})));
    assert!(!with(json!({"Name": "Dispute", "BooleanValue": false})));
    assert!(!with(json!({"Name": "Dispute", "StringValue": " "})));
    assert!(!with(json!({"Name": "Dispute"})));
}

#[test]
fn the_order_number_has_its_field() {
    let field = json!({"CustomField": [{"Name": "Order", "StringValue": "PO 4711"}]});
    let order = |patch| document(Entity::Invoice, patch).order_number;
    assert_eq!(order(field).as_deref(), Some("PO 4711"));
    assert_eq!(order(json!({"PONumber": "4712"})).as_deref(), Some("4712"));
    assert_eq!(order(json!({})), None);
}

#[test]
fn a_discount_is_negative_and_a_bundle_is_unfolded() {
    let detail = |item: &str| json!({"ItemRef": {"value": item}});
    let lines = json!({"Line": [
        {"DetailType": "GroupLineDetail", "Amount": 30, "GroupLineDetail": {
            "GroupItemRef": {"value": "9"}, "Quantity": 1, "Line": [
                {"Amount": 10, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": detail("1")},
                {"Amount": 20, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": detail("2")}]}},
        {"DetailType": "DescriptionOnly", "Description": "thank you", "DescriptionLineDetail": {}},
        {"Amount": 30, "DetailType": "SubTotalLineDetail", "SubTotalLineDetail": {}},
        {"Amount": 3, "DetailType": "DiscountLineDetail",
         "DiscountLineDetail": {"PercentBased": true, "DiscountPercent": 10}},
        {"Amount": 5, "DetailType": "SomethingNew"}]});
    let read = document(Entity::Invoice, lines);
    let shown: Vec<String> = read
        .lines
        .iter()
        .map(|line| format!("{} {}", line.position, line.amount.to_plain()))
        .collect();
    assert_eq!(shown, ["1 10.00", "2 20.00", "3 -3.00", "4 5.00"]);
}

#[test]
fn endless_bundles_are_kept_aside() {
    let mut line = json!({"Amount": 1, "DetailType": "SalesItemLineDetail"});
    for _ in 0..20 {
        line = json!({"DetailType": "GroupLineDetail", "GroupLineDetail": {"Line": [line]}});
    }
    let error = read(Entity::Invoice, &invoice(json!({"Line": [line]}))).unwrap_err();
    assert_eq!(error.reason, OutOfRange);
}

#[test]
fn untaxed_documents_come_in_three_shapes() {
    for tax in [json!({"TotalTax": 0}), json!({}), Value::Null] {
        let untaxed = document(Entity::Invoice, json!({"TxnTaxDetail": tax}));
        assert_eq!(untaxed.net, untaxed.total);
    }
}

#[test]
fn a_foreign_invoice_has_its_rate() {
    let text = invoice(json!({"CurrencyRef": {"value": "EUR"}, "ExchangeRate": 1.0832}));
    let read = read_with(multi_currency(), &labels(), Entity::Invoice, &text);
    let Ok(Some(Fact::Document(foreign))) = read else { panic!("a document") };
    assert_eq!(foreign.exchange_rate.unwrap().to_string(), "1.0832");
    assert_eq!(foreign.total.to_string(), "1070.56 EUR");
}

#[test]
fn a_credit_memo_has_a_remaining_credit() {
    let credit = |patch| document(Entity::CreditMemo, patch);
    let read = credit(json!({"RemainingCredit": 70.56, "Balance": 70.56, "DueDate": null}));
    assert_eq!(read.kind, LedgerDocumentKind::CreditMemo);
    assert_eq!((read.balance_now.to_plain().as_str(), read.due_on), ("70.56", None));
    assert_eq!(read.status, DocumentStatus::PartPaid);
    assert_eq!(credit(json!({"Balance": 12})).balance_now.to_plain(), "12.00");
}

#[test]
fn a_cash_sale_may_have_no_customer() {
    let sale = document(Entity::SalesReceipt, json!({"CustomerRef": null, "Balance": null}));
    assert_eq!(sale.customer.as_str(), crate::NO_CUSTOMER);
    assert_eq!(sale.status, DocumentStatus::Paid);
}

#[test]
fn text_is_kept_as_it_is() {
    let formula = "=HYPERLINK(\"http://evil.example\")";
    let read = document(Entity::Invoice, json!({"DocNumber": formula, "PrivateNote": "-1+1"}));
    assert_eq!(read.number.as_deref(), Some(formula));
    assert_eq!(read.memo.as_deref(), Some("-1+1"));
}

#[test]
fn unknown_members_are_no_obstacle() {
    document(Entity::Invoice, json!({"NewMember": {"deep": [1, 2, {"x": null}]}, "Tag": []}));
}

#[test]
fn too_many_decimals() {
    aside(json!({"TotalAmt": 1070.565}), TooPrecise, "TotalAmt");
    aside(json!({"TxnTaxDetail": {"TotalTax": 0.001}}), TooPrecise, "TxnTaxDetail.TotalTax");
    aside(
        json!({"Line": [{"Amount": 0.005, "DetailType": "DiscountLineDetail"}]}),
        TooPrecise,
        "Line[0].Amount",
    );
}

#[test]
fn trailing_zeros_are_no_precision() {
    let text = invoice(json!({})).replace("1070.56,", "1070.5600,");
    assert!(read(Entity::Invoice, &text).is_ok());
}

#[test]
fn amounts_beyond_any_ledger() {
    let text = invoice(json!({})).replace(r#""TotalAmt":1070.56"#, r#""TotalAmt":1e40"#);
    assert_eq!(read(Entity::Invoice, &text).unwrap_err().reason, OutOfRange);
}

#[test]
fn amounts_that_cannot_be() {
    aside(json!({"TotalAmt": -5, "TxnTaxDetail": null}), OutOfRange, "TotalAmt");
    aside(json!({"Balance": 1070.57}), OutOfRange, "Balance");
    aside(json!({"Balance": -1}), OutOfRange, "Balance");
    aside(json!({"TotalAmt": "n/a"}), Malformed, "TotalAmt");
    aside(json!({"TotalAmt": [1]}), Malformed, "TotalAmt");
}

#[test]
fn unknown_is_never_zero() {
    for member in ["TotalAmt", "Balance", "TxnDate", "SyncToken", "MetaData", "CustomerRef", "Id"] {
        aside(json!({member: null}), Malformed, member);
    }
    let line = json!({"DetailType": "SalesItemLineDetail"});
    aside(json!({"Line": [line]}), Malformed, "Line[0].Amount");
    aside(json!({"MetaData": {}}), Malformed, "MetaData.LastUpdatedTime");
    aside(json!({"CustomerRef": {"name": "Acme"}}), Malformed, "CustomerRef");
}

#[test]
fn currencies() {
    let currency = |code: &str| json!({"CurrencyRef": {"value": code}});
    aside(currency("ZZZ"), CurrencyUnknown, "CurrencyRef.value");
    aside(currency("usd"), CurrencyUnknown, "CurrencyRef.value");
    aside(currency("XAU"), CurrencyNotTransactional, "CurrencyRef.value");
    aside(currency("HRK"), CurrencyUnknown, "CurrencyRef.value");
    assert_eq!(document(Entity::Invoice, json!({"CurrencyRef": null})).currency.code(), "USD");
}

#[test]
fn with_several_currencies_an_absent_one_is_not_guessed() {
    let text = invoice(json!({"CurrencyRef": null}));
    let error = read_with(multi_currency(), &labels(), Entity::Invoice, &text).unwrap_err();
    assert_eq!((error.reason, error.path.as_str()), (Malformed, "CurrencyRef"));
}

#[test]
fn yen_come_with_two_decimals() {
    let yen = json!({"CurrencyRef": {"value": "JPY"}, "TotalAmt": 1000.00, "Balance": 1000.00,
        "ExchangeRate": 0.0067, "TxnTaxDetail": {}, "Line": []});
    let read = read_with(multi_currency(), &labels(), Entity::Invoice, &invoice(yen));
    let Ok(Some(Fact::Document(yen))) = read else { panic!("a document") };
    assert_eq!(yen.total.to_string(), "1000 JPY");
}

#[test]
fn ids_are_never_mended() {
    aside(json!({"Id": "26\u{0}6"}), Malformed, "Id");
    aside(json!({"Id": "6".repeat(300)}), Malformed, "Id");
    aside(json!({"CustomerRef": {"value": "7\n2"}}), Malformed, "CustomerRef.value");
    aside(json!({"Id": 266}), Malformed, "Id");
}

#[test]
fn a_control_character_in_a_text_becomes_a_space() {
    let read = document(Entity::Invoice, json!({"DocNumber": "10\u{0}45"}));
    assert_eq!(read.number.as_deref(), Some("10 45"));
}

#[test]
fn dates_are_dates() {
    aside(json!({"TxnDate": "2026-02-30"}), Malformed, "TxnDate");
    aside(json!({"TxnDate": "03/02/2026"}), Malformed, "TxnDate");
    aside(json!({"DueDate": "soon"}), Malformed, "DueDate");
}

#[test]
fn a_rate_of_zero_is_no_rate() {
    let text = invoice(json!({"CurrencyRef": {"value": "EUR"}, "ExchangeRate": 0}));
    let error = read_with(multi_currency(), &labels(), Entity::Invoice, &text).unwrap_err();
    assert_eq!((error.reason, error.path.as_str()), (OutOfRange, "ExchangeRate"));
}

#[test]
fn money_taken_inside_an_invoice_is_for_a_person() {
    aside(json!({"Deposit": 100, "Balance": 970.56}), UnknownValue, "Deposit");
    document(Entity::Invoice, json!({"Deposit": 0}));
}
