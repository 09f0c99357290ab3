//! Records as they come, and what becomes of them.

use serde_json::{Value, json};
use tieout_domain::facts::QuarantineReason::{
    CurrencyNotTransactional, CurrencyUnknown, Malformed, OutOfRange, TooPrecise, UnknownValue,
};
use tieout_domain::facts::{
    Application, ApplicationKind, Customer, Document, DocumentStatus, Item, Journal, Receipt,
    Refund,
};

use super::*;
use crate::testing::{invoice, multi_currency, patched, read_with};

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

fn journal_line(amount: Value, account: &str, posting: &str, customer: Option<&str>) -> Value {
    let mut detail = json!({"PostingType": posting, "AccountRef": {"value": account}});
    if let Some(id) = customer {
        detail["Entity"] = json!({"Type": "Customer", "EntityRef": {"value": id}});
    }
    json!({"Amount": amount, "DetailType": "JournalEntryLineDetail", "JournalEntryLineDetail": detail})
}

fn journal_text(token: &str, lines: Value) -> String {
    json!({"Id": "619", "SyncToken": token, "DocNumber": "JE-0619", "TxnDate": "2026-06-19",
        "MetaData": {"LastUpdatedTime": "2026-06-19T10:00:00-07:00"}, "PrivateNote": "reclass",
        "TxnTaxDetail": {}, "Line": lines})
    .to_string()
}

#[track_caller]
fn check_journal(fact: Option<Fact>, want: &[&str]) {
    let Some(Fact::Journal(Journal { lines, applications, .. })) = fact else { panic!("{fact:?}") };
    let shown = lines.iter().map(|line| {
        let customer = line.customer.as_ref().map_or("nobody", |id| id.as_str());
        format!("{} {} {customer}", line.position, line.amount.to_plain())
    });
    assert_eq!(shown.collect::<Vec<_>>(), want);
    assert!(applications.is_empty());
}

#[test]
fn only_lines_on_receivables_count() {
    let lines = json!([
        journal_line(json!(12.40), "79", "Debit", None),
        journal_line(json!(12.40), "84", "Credit", Some("7")),
        journal_line(json!(1250), "85", "Debit", None)
    ]);
    check_journal(
        read(Entity::JournalEntry, &journal_text("0", lines)).unwrap(),
        &["2 -12.40 7", "3 1250.00 nobody"],
    );
}

#[test]
fn a_journal_beside_the_point_says_nothing_until_it_was_edited() {
    let lines = json!([journal_line(json!(1), "79", "Debit", None)]);
    assert_eq!(read(Entity::JournalEntry, &journal_text("0", lines.clone())), Ok(None));
    check_journal(read(Entity::JournalEntry, &journal_text("1", lines)).unwrap(), &[]);
}

#[test]
fn a_vendor_on_a_journal_line_is_no_customer() {
    let mut line = journal_line(json!(5), "84", "Debit", None);
    line["JournalEntryLineDetail"]["Entity"] =
        json!({"Type": "Vendor", "EntityRef": {"value": "7"}});
    check_journal(
        read(Entity::JournalEntry, &journal_text("0", json!([line]))).unwrap(),
        &["1 5.00 nobody"],
    );
}

#[track_caller]
fn journal_aside(line: Value, reason: QuarantineReason, path: &str) {
    let error = read(Entity::JournalEntry, &journal_text("0", json!([line]))).unwrap_err();
    assert_eq!((error.reason, error.path.as_str()), (reason, path));
}

#[test]
fn journal_lines_that_cannot_be_read() {
    let detail = "Line[0].JournalEntryLineDetail";
    journal_aside(
        journal_line(json!(5), "999", "Debit", None),
        UnknownValue,
        &format!("{detail}.AccountRef"),
    );
    journal_aside(
        journal_line(json!(5), "84", "Sideways", None),
        UnknownValue,
        &format!("{detail}.PostingType"),
    );
    journal_aside(journal_line(json!(5.001), "84", "Debit", None), TooPrecise, "Line[0].Amount");
    journal_aside(journal_line(Value::Null, "84", "Debit", None), Malformed, "Line[0].Amount");
}

#[test]
fn a_deposit_line_on_receivables_is_told_as_a_journal() {
    let text = |lines: Value| {
        json!({"Id": "310", "SyncToken": "0", "TxnDate": "2026-06-19", "TotalAmt": 540,
            "MetaData": {"LastUpdatedTime": "2026-06-19T10:00:00-07:00"}, "Line": lines})
        .to_string()
    };
    let banked = json!({"Amount": 500, "LinkedTxn": [{"TxnId": "301", "TxnType": "Payment", "TxnLineId": "0"}]});
    let direct = |account: &str| {
        json!({"Amount": 40, "DetailType": "DepositLineDetail",
        "DepositLineDetail": {"AccountRef": {"value": account},
                              "Entity": {"value": "7", "type": "CUSTOMER"}}})
    };
    let read = |lines| read(Entity::Deposit, &text(lines)).unwrap();
    assert_eq!(read(json!([banked, direct("79")])), None);
    let journal = read(json!([banked, direct("84")]));
    assert_eq!(journal.as_ref().map(Fact::id), Some("deposit-310"));
    check_journal(journal, &["2 -40.00 7"]);
}

#[track_caller]
fn customer(patch: Value) -> Customer {
    let base = json!({"Id": "72", "SyncToken": "3", "DisplayName": "Northwind Traders GmbH",
        "MetaData": {"LastUpdatedTime": "2026-02-03T09:15:42-08:00"}, "Active": true, "Balance": 12.5,
        "CompanyName": "Northwind", "CurrencyRef": {"value": "EUR"},
        "BillAddr": {"Id": "105", "Line1": "Hauptstr. 1", "Line2": "Hof", "City": "Berlin",
                     "CountrySubDivisionCode": "BE", "PostalCode": "10115", "Country": "DE"},
        "PrimaryEmailAddr": {"Address": "ap@northwind.example"},
        "WebAddr": {"URI": "https://northwind.example"}, "SalesTermRef": {"value": "3"},
        "Notes": "Net 30\ntieout:account=0015g00000XyZabAAF", "PrimaryTaxIdentifier": "XXXXXX56789",
        "DefaultTaxCodeRef": {"value": "2"}, "ParentRef": {"value": "70"}});
    match fact(Entity::Customer, &patched(base, patch)) {
        Fact::Customer(customer) => customer,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_customer() {
    let read = customer(json!({}));
    assert_eq!(read.name, "Northwind Traders GmbH");
    assert_eq!(read.legal_name.as_deref(), Some("Northwind"));
    assert_eq!(read.currency.unwrap().code(), "EUR");
    assert_eq!(read.address.street.as_deref(), Some("Hauptstr. 1\nHof"));
    assert_eq!(read.address.country.as_deref(), Some("DE"));
    assert_eq!(read.email.as_deref(), Some("ap@northwind.example"));
    assert_eq!(read.website.as_deref(), Some("https://northwind.example"));
    assert_eq!(read.tax_number.as_deref(), Some("XXXXXX56789"));
    assert_eq!(read.account.unwrap().as_str(), "0015g00000XyZabAAF");
    assert_eq!(read.terms_days, Some(30));
    assert_eq!(read.parent.unwrap().as_str(), "70");
    assert!(read.active);
}

#[test]
fn an_inactive_name_loses_its_suffix() {
    let inactive = customer(json!({"Active": false, "DisplayName": "Acme (deleted)"}));
    assert_eq!((inactive.name.as_str(), inactive.active), ("Acme", false));
    assert_eq!(customer(json!({"DisplayName": "Acme (deleted)"})).name, "Acme (deleted)");
}

#[test]
fn long_and_strange_names_are_names() {
    let long = "Ł".repeat(300);
    assert_eq!(customer(json!({"DisplayName": long})).name, long);
    assert_eq!(customer(json!({"DisplayName": "=1+1"})).name, "=1+1");
    assert_eq!(customer(json!({"DisplayName": "Acme\u{0}Inc"})).name, "Acme Inc");
}

#[test]
fn terms_by_day_of_month_have_no_days() {
    assert_eq!(customer(json!({"SalesTermRef": {"value": "9"}})).terms_days, None);
}

#[track_caller]
fn item(patch: Value) -> Item {
    let base = json!({"Id": "31", "SyncToken": "0", "Name": "Platform seat", "Sku": "PLAT-SEAT",
        "MetaData": {"LastUpdatedTime": "2026-02-03T09:15:42-08:00"}, "Active": true,
        "Type": "Service", "Taxable": true, "UnitPrice": 49});
    match fact(Entity::Item, &patched(base, patch)) {
        Fact::Item(item) => item,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_item() {
    let read = item(json!({}));
    assert_eq!(read.code.as_deref(), Some("PLAT-SEAT"));
    assert_eq!(read.kind, "Service");
    assert_eq!(read.tax_code.as_deref(), Some("TAX"));
    assert_eq!(item(json!({"Taxable": false})).tax_code.as_deref(), Some("NON"));
    assert_eq!(item(json!({"SalesTaxCodeRef": {"value": "5"}})).tax_code.as_deref(), Some("5"));
}

#[test]
fn without_a_sku_the_name_is_the_code() {
    assert_eq!(item(json!({"Sku": null})).code.as_deref(), Some("Platform seat"));
    assert_eq!(item(json!({"Sku": null, "Type": "Category"})).code, None);
}
