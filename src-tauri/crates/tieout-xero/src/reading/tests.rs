use jiff::civil::date;
use proptest::prelude::*;
use serde_json::{Value, json};
use tieout_domain::facts::{
    ApplicationKind, Document, DocumentStatus, LedgerDocumentKind, Receipt, Refund,
};

use super::*;
use crate::testing::{
    ACCOUNT, CONTACT, CREDIT, DEAL, INVOICE, ITEM, KEY, PAYMENT, contact, context, credit_note,
    currency as parsed, invoice, overpayment, payment, raw_number, read, read_in,
};

fn document(kind: Kind, record: Value) -> Document {
    match read(kind, &record).unwrap().into_iter().next() {
        Some(Fact::Document(document)) => document,
        other => panic!("{other:?}"),
    }
}

fn receipt(kind: Kind, record: Value) -> Receipt {
    let facts = read(kind, &record).unwrap();
    let receipts = facts.into_iter().find_map(|fact| match fact {
        Fact::Receipt(receipt) => Some(receipt),
        _ => None,
    });
    receipts.expect("a receipt")
}

fn refund(record: Value) -> Refund {
    match read(Kind::Payment, &record).unwrap().pop() {
        Some(Fact::Refund(refund)) => refund,
        other => panic!("{other:?}"),
    }
}

/// `<reason> at <path>` of a record that cannot be read.
#[track_caller]
fn refused(kind: Kind, record: Value, want: &str) {
    let error = read(kind, &record).unwrap_err();
    assert_eq!(format!("{} at {}", error.reason.as_str(), error.path), want);
}

#[track_caller]
fn check_status(patch: Value, status: DocumentStatus, open: &str) {
    let document = document(Kind::Invoice, invoice(patch));
    assert_eq!((document.status, document.balance_now.to_plain()), (status, open.to_owned()));
}

#[test]
fn an_invoice_with_its_figures_as_given() {
    let document = document(Kind::Invoice, invoice(json!({})));
    assert_eq!(document.id.as_str(), INVOICE);
    assert_eq!(document.kind, LedgerDocumentKind::Invoice);
    assert_eq!(document.number.as_deref(), Some(KEY));
    assert_eq!(document.customer.as_str(), CONTACT);
    assert_eq!(
        (document.effective_on, document.due_on),
        (date(2026, 6, 1), Some(date(2026, 7, 1)))
    );
    let figures = [document.net, document.tax, document.total, document.balance_now];
    assert_eq!(figures.map(Money::to_plain), ["2500.00", "375.00", "2875.00", "2875.00"]);
    assert_eq!(document.stamp.version, "1780301730047");
    assert_eq!(document.key.unwrap().as_str(), KEY);
    assert_eq!(document.deal_reference.as_deref(), Some(DEAL));
    assert_eq!(document.order_number, None);
    assert_eq!(document.exchange_rate, None, "the home currency has no rate");
}

#[test]
fn lines_carry_item_price_and_tax_code() {
    let document = document(Kind::Invoice, invoice(json!({})));
    let [line] = document.lines.try_into().unwrap();
    assert_eq!(line.item.unwrap().as_str(), ITEM);
    assert_eq!(line.quantity.unwrap().normalize().to_string(), "2");
    assert_eq!(line.unit_price.unwrap().normalize().to_string(), "1250");
    assert_eq!(
        (line.amount.to_plain(), line.tax_code.as_deref()),
        ("2500.00".into(), Some("OUTPUT2"))
    );
}

#[test]
fn a_line_that_holds_its_tax_is_read_net() {
    let lines = json!([{"LineAmount": raw_number("2875.00"), "TaxAmount": raw_number("375.00"),
                        "UnitAmount": raw_number("2875.00"), "Quantity": 1}]);
    let patch = json!({"LineAmountTypes": "Inclusive", "LineItems": lines});
    let document = document(Kind::Invoice, invoice(patch));
    assert_eq!(document.lines[0].amount.to_plain(), "2500.00");
    assert_eq!(document.lines[0].unit_price, None);
}

#[test]
fn a_line_of_text_carries_no_money() {
    let patch = json!({"LineItems": [{"Description": "Order number 4711"}]});
    assert_eq!(document(Kind::Invoice, invoice(patch)).lines, []);
}

#[test]
fn a_bill_is_none_of_ours() {
    assert_eq!(read(Kind::Invoice, &invoice(json!({"Type": "ACCPAY"}))).unwrap(), []);
    refused(Kind::Invoice, invoice(json!({"Type": "NEWTYPE"})), "UNKNOWN_VALUE at Type");
}

#[test]
fn the_word_decides_drafts_voids_and_deletions() {
    check_status(json!({"Status": "DRAFT"}), DocumentStatus::Draft, "2875.00");
    check_status(json!({"Status": "SUBMITTED"}), DocumentStatus::Draft, "2875.00");
    let zeroed = json!({"Status": "VOIDED", "AmountDue": raw_number("0.00")});
    check_status(zeroed, DocumentStatus::Void, "0.00");
    refused(Kind::Invoice, invoice(json!({"Status": "ON-HOLD"})), "UNKNOWN_VALUE at Status");
}

#[test]
fn a_void_answer_that_still_shows_the_old_amount_has_nothing_open() {
    check_status(json!({"Status": "VOIDED"}), DocumentStatus::Void, "0.00");
    check_status(json!({"Status": "DELETED"}), DocumentStatus::Deleted, "0.00");
}

#[test]
fn a_deletion_is_a_fact_that_keeps_its_total() {
    let deleted = document(Kind::Invoice, invoice(json!({"Status": "DELETED"})));
    assert!(deleted.stamp.deleted);
    assert_eq!(deleted.total.to_plain(), "2875.00");
    let void = document(Kind::Invoice, invoice(json!({"Status": "VOIDED"})));
    assert!(!void.stamp.deleted);
}

#[test]
fn amounts_decide_between_open_part_paid_and_paid() {
    check_status(json!({}), DocumentStatus::Open, "2875.00");
    check_status(json!({"AmountDue": raw_number("2000.00")}), DocumentStatus::PartPaid, "2000.00");
    let paid = json!({"Status": "PAID", "AmountDue": raw_number("0.00")});
    check_status(paid, DocumentStatus::Paid, "0.00");
    check_status(json!({"Status": "PAID", "AmountDue": null}), DocumentStatus::Paid, "0.00");
}

#[test]
fn a_day_of_full_payment_that_stayed_behind_says_nothing() {
    let stale = json!({"FullyPaidOnDate": "/Date(1781913600000+0000)/"});
    check_status(stale, DocumentStatus::Open, "2875.00");
}

#[test]
fn an_absent_amount_is_not_zero() {
    refused(Kind::Invoice, invoice(json!({"AmountDue": null})), "MALFORMED at AmountDue");
    refused(Kind::Invoice, invoice(json!({"Total": null})), "MALFORMED at Total");
    refused(Kind::Invoice, invoice(json!({"TotalTax": ""})), "MALFORMED at TotalTax");
}

#[test]
fn more_open_than_there_is_cannot_be() {
    let patch = json!({"AmountDue": raw_number("2875.01")});
    refused(Kind::Invoice, invoice(patch), "OUT_OF_RANGE at AmountDue");
}

#[test]
fn a_third_decimal_is_kept_aside_and_never_rounded() {
    let patch = json!({"Total": raw_number("2875.005")});
    refused(Kind::Invoice, invoice(patch), "TOO_PRECISE at Total");
}

#[test]
fn an_amount_may_come_as_text() {
    assert_eq!(
        document(Kind::Invoice, invoice(json!({"Total": "2875.00"}))).total.minor(),
        287_500
    );
}

#[test]
fn a_rate_is_foreign_for_home_and_is_turned_round() {
    let foreign = |rate: Value| json!({"CurrencyCode": "EUR", "CurrencyRate": rate});
    let rate = |patch| document(Kind::Invoice, invoice(patch)).exchange_rate;
    let half = rate(foreign(raw_number("0.5000000000"))).unwrap();
    assert_eq!(half.to_string(), "2", "one euro is two dollars");
    assert_eq!(rate(foreign(raw_number("0.0000000000"))), None, "0 is unknown, never 1");
    assert_eq!(rate(foreign(Value::Null)), None);
    refused(Kind::Invoice, invoice(foreign(raw_number("-0.5"))), "OUT_OF_RANGE at CurrencyRate");
}

#[test]
fn a_currency_that_is_left_out_is_home_only_where_there_is_no_other() {
    let record = invoice(json!({"CurrencyCode": null}));
    let only_home = Context { one_currency: true, ..context() };
    let facts = read_in(only_home, Kind::Invoice, &record).unwrap();
    assert!(matches!(&facts[..], [Fact::Document(it)] if it.currency == parsed("NZD")));
    refused(Kind::Invoice, record, "MALFORMED at CurrencyCode");
}

#[test]
fn the_date_may_come_as_text_alone() {
    let document = document(Kind::Invoice, invoice(json!({"Date": null})));
    assert_eq!(document.effective_on, date(2026, 6, 1));
}

#[test]
fn the_key_is_in_the_number_or_in_the_link() {
    let link = format!("https://example.my.salesforce.com/{DEAL}?tieout={KEY}");
    let patch = json!({"InvoiceNumber": "INV-0045", "Url": link, "Reference": "PO 9"});
    let document = document(Kind::Invoice, invoice(patch));
    assert_eq!(document.key.unwrap().as_str(), KEY);
    assert_eq!(document.deal_reference.as_deref(), Some(DEAL));
    assert_eq!(document.order_number.as_deref(), Some("PO 9"));
}

#[test]
fn a_reference_of_the_customer_may_be_an_order_number_or_a_name() {
    let document =
        document(Kind::Invoice, invoice(json!({"InvoiceNumber": "INV-1", "Reference": "PO 9"})));
    assert_eq!(document.key, None);
    assert_eq!(document.deal_reference.as_deref(), Some("PO 9"));
    assert_eq!(document.order_number.as_deref(), Some("PO 9"));
}

#[test]
fn a_credit_note_is_a_document_and_what_it_is_used_for() {
    let credit = document(Kind::CreditNote, credit_note(json!({})));
    assert_eq!(credit.kind, LedgerDocumentKind::CreditMemo);
    assert_eq!(
        (credit.total.to_plain(), credit.balance_now.to_plain()),
        ("250.00".into(), "150.00".into())
    );
    assert_eq!(credit.status, DocumentStatus::PartPaid);
    let uses = receipt(Kind::CreditNote, credit_note(json!({})));
    assert_eq!(uses.id.as_str(), format!("credit-{CREDIT}"));
    assert!(uses.amount.is_zero() && uses.unapplied_now.is_zero());
    let [used] = uses.applications.try_into().unwrap();
    assert_eq!((used.kind, used.amount.to_plain()), (ApplicationKind::Credit, "100.00".into()));
    assert_eq!((used.document.as_str(), used.credit.unwrap().as_str()), (INVOICE, CREDIT));
    assert_eq!(used.applied_on, date(2026, 6, 20), "the allocation's own date");
    assert_eq!(used.source_effective_on, date(2026, 6, 5), "the credit note's date");
}

#[test]
fn an_allocation_that_was_taken_back_is_gone() {
    let facts = read(Kind::CreditNote, &credit_note(json!({"Allocations": []}))).unwrap();
    let [Fact::Document(_), Fact::Gone(gone)] = &facts[..] else { panic!("{facts:?}") };
    assert_eq!(gone.id, format!("credit-{CREDIT}"));
}

#[test]
fn more_allocated_than_there_was_cannot_be() {
    let patch = json!({"RemainingCredit": raw_number("150.01")});
    refused(Kind::CreditNote, credit_note(patch), "OUT_OF_RANGE at Allocations");
}

#[test]
fn a_suppliers_credit_is_none_of_ours() {
    assert_eq!(read(Kind::CreditNote, &credit_note(json!({"Type": "ACCPAYCREDIT"}))).unwrap(), []);
}

#[test]
fn a_payment_is_cash_for_its_invoice() {
    let receipt = receipt(Kind::Payment, payment(json!({})));
    assert_eq!(receipt.id.as_str(), PAYMENT);
    assert_eq!((receipt.amount.to_plain(), receipt.unapplied_now.minor()), ("875.00".into(), 0));
    assert_eq!(receipt.customer.as_str(), CONTACT);
    assert!(!receipt.voided && !receipt.stamp.deleted);
    let [cash] = receipt.applications.try_into().unwrap();
    assert_eq!((cash.kind, cash.document.as_str()), (ApplicationKind::Cash, INVOICE));
    assert_eq!((cash.amount.to_plain(), cash.applied_on), ("875.00".into(), date(2026, 6, 20)));
}

#[test]
fn a_reversed_payment_keeps_its_amount_and_counts_for_nothing() {
    let receipt = receipt(Kind::Payment, payment(json!({"Status": "DELETED"})));
    assert!(receipt.voided && receipt.stamp.deleted);
    assert_eq!(receipt.amount.to_plain(), "875.00");
}

#[test]
fn payments_to_suppliers_are_none_of_ours() {
    for kind in ["ACCPAYPAYMENT", "APCREDITPAYMENT", "APOVERPAYMENTPAYMENT", "APPREPAYMENTPAYMENT"]
    {
        assert_eq!(read(Kind::Payment, &payment(json!({"PaymentType": kind}))).unwrap(), []);
    }
    refused(Kind::Payment, payment(json!({"PaymentType": "X"})), "UNKNOWN_VALUE at PaymentType");
    refused(Kind::Payment, payment(json!({"Status": "PENDING"})), "UNKNOWN_VALUE at Status");
}

#[test]
fn a_credit_note_paid_back_is_a_refund() {
    let source =
        json!({"CreditNoteID": CREDIT, "CurrencyCode": "NZD", "Contact": {"ContactID": CONTACT}});
    let patch = json!({"PaymentType": "ARCREDITPAYMENT", "Invoice": null, "CreditNote": source});
    let refund = refund(payment(patch));
    assert_eq!(refund.credit.unwrap().as_str(), CREDIT);
    assert_eq!(
        (refund.amount.to_plain(), refund.effective_on),
        ("875.00".into(), date(2026, 6, 20))
    );
}

#[test]
fn a_refund_may_name_its_credit_note_as_if_it_were_an_invoice() {
    let source = json!({"Type": "ACCRECCREDIT", "InvoiceID": CREDIT, "CurrencyCode": "NZD",
                        "Contact": {"ContactID": CONTACT}});
    let refund = refund(payment(json!({"PaymentType": "ARCREDITPAYMENT", "Invoice": source})));
    assert_eq!(refund.credit.unwrap().as_str(), CREDIT);
}

#[test]
fn money_on_account_paid_back_lowers_cash_on_its_own_day() {
    let source =
        json!({"OverpaymentID": "66ff", "CurrencyCode": "NZD", "Contact": {"ContactID": CONTACT}});
    let patch =
        json!({"PaymentType": "AROVERPAYMENTPAYMENT", "Invoice": null, "Overpayment": source});
    let back = receipt(Kind::Payment, payment(patch));
    assert_eq!(
        (back.amount.to_plain(), back.unapplied_now.to_plain()),
        ("-875.00".into(), "-875.00".into())
    );
    assert_eq!((back.effective_on, back.applications.len()), (date(2026, 6, 20), 0));
}

#[test]
fn money_on_account_is_a_receipt_with_what_is_left() {
    let receipt = receipt(Kind::Overpayment, overpayment(json!({})));
    assert_eq!(receipt.id.as_str(), "overpayment-66ff0000-0000-4000-8000-000000000001");
    assert_eq!(
        (receipt.amount.to_plain(), receipt.unapplied_now.to_plain()),
        ("50.00".into(), "50.00".into())
    );
    assert_eq!(receipt.applications, []);
}

#[test]
fn money_on_account_that_is_used_is_cash_for_the_invoice() {
    let used = json!([{"Amount": raw_number("20.00"), "Date": "/Date(1782864000000+0000)/",
                       "Invoice": {"InvoiceID": INVOICE}}]);
    let patch = json!({"Allocations": used, "RemainingCredit": raw_number("30.00")});
    let receipt = receipt(Kind::Overpayment, overpayment(patch));
    let [cash] = receipt.applications.try_into().unwrap();
    assert_eq!((cash.kind, cash.credit), (ApplicationKind::Cash, None));
    assert_eq!((cash.applied_on, cash.source_effective_on), (date(2026, 7, 1), date(2026, 6, 20)));
}

#[test]
fn a_void_overpayment_counts_for_nothing() {
    let receipt = receipt(Kind::Overpayment, overpayment(json!({"Status": "VOIDED"})));
    assert!(receipt.voided && receipt.unapplied_now.is_zero());
}

#[test]
fn money_spent_on_account_is_none_of_ours() {
    let record = overpayment(json!({"Type": "SPEND-OVERPAYMENT"}));
    assert_eq!(read(Kind::Overpayment, &record).unwrap(), []);
}

#[test]
fn a_contact_with_the_slot_that_holds_its_address() {
    let facts = read(Kind::Contact, &contact(json!({}))).unwrap();
    let [Fact::Customer(customer)] = &facts[..] else { panic!("{facts:?}") };
    assert_eq!(customer.account.as_ref().unwrap().as_str(), ACCOUNT);
    assert_eq!(customer.address.street.as_deref(), Some("1 Quay"));
    assert_eq!(customer.terms_days, Some(30));
    assert_eq!(customer.currency, None, "documents may be in any currency");
    assert!(customer.active);
}

#[test]
fn the_postal_slot_comes_first_where_it_holds_anything() {
    let slots = json!([{"AddressType": "STREET", "City": "Lyttelton"},
                       {"AddressType": "POBOX", "AddressLine1": "PO Box 4", "AddressLine2": "Level 2"}]);
    let facts = read(Kind::Contact, &contact(json!({"Addresses": slots}))).unwrap();
    let [Fact::Customer(customer)] = &facts[..] else { panic!("{facts:?}") };
    assert_eq!(customer.address.street.as_deref(), Some("PO Box 4\nLevel 2"));
}

#[test]
fn a_number_of_the_customers_own_names_no_account() {
    for patch in [json!({"ContactNumber": "HM-77"}), json!({"ContactNumber": ""})] {
        let facts = read(Kind::Contact, &contact(patch)).unwrap();
        assert!(matches!(&facts[..], [Fact::Customer(customer)] if customer.account.is_none()));
    }
}

#[test]
fn an_archived_contact_is_inactive() {
    let facts = read(Kind::Contact, &contact(json!({"ContactStatus": "ARCHIVED"}))).unwrap();
    assert!(matches!(&facts[..], [Fact::Customer(customer)] if !customer.active));
}

#[test]
fn an_item_is_known_by_its_code() {
    let record = json!({"ItemID": ITEM, "Code": "LIC-PRO", "IsSold": false, "Name": "",
        "IsTrackedAsInventory": "true", "SalesDetails": {"TaxType": "OUTPUT2"}});
    let facts = read(Kind::Item, &record).unwrap();
    let [Fact::Item(item)] = &facts[..] else { panic!("{facts:?}") };
    assert_eq!((item.name.as_str(), item.code.as_deref()), ("LIC-PRO", Some("LIC-PRO")));
    assert_eq!((item.active, item.kind.as_str()), (false, "tracked"));
    assert_eq!(item.tax_code.as_deref(), Some("OUTPUT2"));
}

#[test]
fn empty_texts_absent_members_and_nulls_are_all_none() {
    let empty = json!({"Reference": "", "Url": "", "DueDate": "", "LineItems": "", "Payments": ""});
    let empty = document(Kind::Invoice, invoice(empty));
    let absent = json!({"Reference": null, "DueDate": null, "LineItems": null, "Payments": null});
    let absent = document(Kind::Invoice, invoice(absent));
    assert_eq!(empty, absent);
}

#[test]
fn unknown_members_break_nothing() {
    let more =
        json!({"RoundingAmount": raw_number("0.02"), "TaxBreakdown": {"x": [1]}, "New": null});
    assert_eq!(document(Kind::Invoice, invoice(more)), document(Kind::Invoice, invoice(json!({}))));
}

proptest! {
    #[test]
    fn every_cent_comes_back(
        net in 0_i64..9_000_000_000,
        tax in 0_i64..900_000_000,
        zeros in 0_usize..6,
    ) {
        let text = |minor: i64| {
            raw_number(&format!("{}.{:02}{}", minor / 100, minor % 100, "0".repeat(zeros)))
        };
        let patch = json!({"Total": text(net + tax), "TotalTax": text(tax), "AmountDue": text(net),
            "LineItems": []});
        let document = document(Kind::Invoice, invoice(patch));
        prop_assert_eq!(document.total.minor(), net + tax);
        prop_assert_eq!((document.net.minor(), document.tax.minor()), (net, tax));
        prop_assert_eq!(document.balance_now.minor(), net);
    }

    #[test]
    fn no_record_makes_a_reader_panic(
        field in "(Total|AmountDue|Date|Status|Contact|LineItems|Allocations|PaymentType|Type)",
        value in prop_oneof![
            Just(json!(null)), Just(json!(true)), Just(json!([[]])), Just(json!({"a": {}})),
            any::<i64>().prop_map(|number| json!(number)),
            ".{0,20}".prop_map(|text| json!(text)),
        ],
    ) {
        let records = [
            (Kind::Invoice, invoice(json!({}))),
            (Kind::CreditNote, credit_note(json!({}))),
            (Kind::Payment, payment(json!({}))),
            (Kind::Overpayment, overpayment(json!({}))),
            (Kind::Contact, contact(json!({}))),
        ];
        for (kind, mut record) in records {
            record[&field] = value.clone();
            let _ = read(kind, &record);
        }
    }
}
