//! Payments, credits, deposits and journals on receivables (`quickbooks §3.5, §3.6`).

use serde_json::{Value, json};

use crate::desk::{Desk, id, invoice_body, item_line, number, payment_body, printed};

fn company() -> (Desk, String) {
    let desk = Desk::new();
    let customer = desk.customer("Northwind");
    (desk, customer)
}

fn journal(customer: Option<&str>, amount: &str, side: &str) -> Value {
    let other = if side == "Credit" { "Debit" } else { "Credit" };
    let line = |side: &str, account: &str, customer: Option<&str>| {
        let mut detail = json!({"PostingType": side, "AccountRef": {"value": account}});
        if let Some(customer) = customer {
            detail["Entity"] = json!({"Type": "Customer", "EntityRef": {"value": customer}});
        }
        json!({"Amount": number(amount), "DetailType": "JournalEntryLineDetail",
            "JournalEntryLineDetail": detail})
    };
    json!({"TxnDate": "2026-02-02", "Line": [line(side, "84", customer), line(other, "90", None)]})
}

#[test]
fn a_payment_shows_on_both_sides() {
    let (desk, customer) = company();
    let invoice = id(&desk.invoice(&customer, "952.56", "2026-02-01"));
    desk.pass("1m");
    let paid = desk.payment(&customer, "500.00", &[("500.00", "Invoice", &invoice)]);
    assert_eq!(
        (printed(&paid, "TotalAmt"), printed(&paid, "UnappliedAmt")),
        ("500.00".into(), "0".into())
    );
    assert_eq!(paid["DepositToAccountRef"]["value"], "4");
    let any = &paid["Line"][0]["LineEx"]["any"];
    let pair = |at: usize| (any[at]["value"]["Name"].clone(), any[at]["value"]["Value"].clone());
    assert_eq!(pair(0), (json!("txnId"), json!(invoice)));
    assert_eq!(pair(1), (json!("txnOpenBalance"), json!("952.56")));
    assert_eq!(pair(2), (json!("txnReferenceNumber"), json!("1001")));
    let after = desk.read("invoice", &invoice);
    assert_eq!(printed(&after, "Balance"), "452.56");
    assert_eq!(after["SyncToken"], "1");
    assert_eq!(after["MetaData"]["LastUpdatedTime"], "2026-02-03T09:16:42-08:00");
    assert_eq!(after["LinkedTxn"], json!([{"TxnId": paid["Id"], "TxnType": "Payment"}]));
    desk.payment(&customer, "1.00", &[("1.00", "Invoice", &invoice)]);
    let newest = &desk.read("invoice", &invoice)["LinkedTxn"][0]["TxnId"];
    assert_ne!(*newest, paid["Id"]);
}

#[test]
fn what_is_not_applied_is_unapplied() {
    let (desk, customer) = company();
    let invoice = id(&desk.invoice(&customer, "100.00", "2026-02-01"));
    let whole = desk.payment(&customer, "70.00", &[]);
    assert_eq!(printed(&whole, "UnappliedAmt"), "70.00");
    let part = desk.payment(&customer, "70.00", &[("40.00", "Invoice", &invoice)]);
    assert_eq!(printed(&part, "UnappliedAmt"), "30.00");
    assert_eq!(printed(&desk.read("customer", &customer), "Balance"), "-40.00");
}

#[test]
fn payments_have_their_own_refusals() {
    let (desk, customer) = company();
    let other = desk.customer("Other");
    let invoice = id(&desk.invoice(&customer, "100.00", "2026-02-01"));
    let pay = |customer: &str, total: &str, line: (&str, &str, &str)| {
        payment_body(customer, total, &[line])
    };
    desk.refused("/payment", pay(&customer, "200", ("100.01", "Invoice", &invoice)), "6000");
    desk.refused("/payment", pay(&customer, "50", ("60", "Invoice", &invoice)), "6000");
    desk.refused("/payment", pay(&other, "50", ("50", "Invoice", &invoice)), "6000");
    desk.refused("/payment", pay(&customer, "50", ("-1", "Invoice", &invoice)), "6000");
    desk.refused("/payment", pay(&customer, "50", ("50", "Invoice", "999")), "610");
    desk.refused("/payment", pay(&customer, "50", ("50", "SalesReceipt", &invoice)), "620");
    desk.refused("/payment", pay("999", "50", ("50", "Invoice", &invoice)), "2500");
    desk.refused("/payment", json!({"CustomerRef": {"value": customer}}), "2020");
    desk.refused("/payment", json!({"TotalAmt": 1}), "2020");
    let mut long = payment_body(&customer, "1", &[]);
    long["PaymentRefNum"] = json!("a number of 22 letters");
    desk.refused("/payment", long, "2050");
    let two = json!({"Amount": 1, "LinkedTxn": [
        {"TxnId": invoice, "TxnType": "Invoice"}, {"TxnId": invoice, "TxnType": "Invoice"}]});
    let body = json!({"CustomerRef": {"value": customer}, "TotalAmt": 1, "Line": [two]});
    desk.refused("/payment", body, "620");
    assert_eq!(printed(&desk.read("invoice", &invoice), "Balance"), "100.00");
}

#[test]
fn two_lines_on_one_invoice_count_together() {
    let (desk, customer) = company();
    let invoice = id(&desk.invoice(&customer, "100.00", "2026-02-01"));
    let lines = [("60.00", "Invoice", invoice.as_str()), ("41.00", "Invoice", invoice.as_str())];
    desk.refused("/payment", payment_body(&customer, "101", &lines), "6000");
}

#[test]
fn a_changed_payment_moves_the_balances_with_it() {
    let (desk, customer) = company();
    let first = id(&desk.invoice(&customer, "100.00", "2026-02-01"));
    let second = id(&desk.invoice(&customer, "100.00", "2026-02-01"));
    let paid = desk.payment(&customer, "80.00", &[("80.00", "Invoice", &first)]);
    let lines = payment_body(&customer, "80.00", &[("50.00", "Invoice", &second)])["Line"].clone();
    let after = desk.sparse("payment", &id(&paid), json!({"Line": lines}));
    assert_eq!(printed(&after, "UnappliedAmt"), "30.00");
    assert_eq!(printed(&desk.read("invoice", &first), "Balance"), "100.00");
    assert_eq!(desk.read("invoice", &first)["LinkedTxn"], json!([]));
    assert_eq!(printed(&desk.read("invoice", &second), "Balance"), "50.00");
}

#[test]
fn a_document_keeps_what_was_applied_to_it() {
    let (desk, customer) = company();
    let other = desk.customer("Other");
    let invoice = id(&desk.invoice(&customer, "100.00", "2026-02-01"));
    desk.payment(&customer, "80.00", &[("80.00", "Invoice", &invoice)]);
    let less = desk.changed("invoice", &invoice, json!({"Line": [item_line("79.99")]}));
    desk.refused("/invoice", less, "6000");
    let moved = desk.changed("invoice", &invoice, json!({"CustomerRef": {"value": other}}));
    desk.refused("/invoice", moved, "6000");
    let enough = desk.sparse("invoice", &invoice, json!({"Line": [item_line("80.00")]}));
    assert_eq!(printed(&enough, "Balance"), "0");
}

#[test]
fn a_payment_of_zero_applies_a_credit() {
    let (desk, customer) = company();
    let invoice = id(&desk.invoice(&customer, "100.00", "2026-02-01"));
    let credit = id(&desk.write("/creditmemo", invoice_body(&customer, "60.00", "2026-02-01")));
    let lines = [("50.00", "Invoice", invoice.as_str()), ("50.00", "CreditMemo", credit.as_str())];
    let applied = desk.payment(&customer, "0", &lines);
    assert_eq!(
        (printed(&applied, "TotalAmt"), printed(&applied, "UnappliedAmt")),
        ("0".into(), "0".into())
    );
    let invoice = desk.read("invoice", &invoice);
    assert_eq!(printed(&invoice, "Balance"), "50.00");
    assert_eq!(invoice["LinkedTxn"][0]["TxnType"], "Payment");
    let credit = desk.read("creditmemo", &credit);
    assert_eq!(
        (printed(&credit, "RemainingCredit"), &credit["SyncToken"]),
        ("10.00".into(), &json!("1"))
    );
    assert_eq!(printed(&desk.read("customer", &customer), "Balance"), "40.00");
}

#[test]
fn a_payment_may_mix_cash_and_credit_but_not_waste_credit() {
    let (desk, customer) = company();
    let invoice = id(&desk.invoice(&customer, "100.00", "2026-02-01"));
    let credit = id(&desk.write("/creditmemo", invoice_body(&customer, "60.00", "2026-02-01")));
    let mixed = [("90.00", "Invoice", invoice.as_str()), ("60.00", "CreditMemo", credit.as_str())];
    desk.refused("/payment", payment_body(&customer, "29.99", &mixed), "6000");
    let paid = desk.payment(&customer, "35.00", &mixed);
    assert_eq!(printed(&paid, "UnappliedAmt"), "5.00");
    let other = id(&desk.write("/creditmemo", invoice_body(&customer, "20.00", "2026-02-01")));
    let waste = [("10.00", "Invoice", invoice.as_str()), ("20.00", "CreditMemo", other.as_str())];
    desk.refused("/payment", payment_body(&customer, "0", &waste), "6000");
}

#[test]
fn a_parent_pays_for_those_billed_with_it() {
    let (desk, parent) = company();
    let child = |name: &str, with_parent: bool| {
        id(&desk.write(
            "/customer",
            json!({"DisplayName": name, "Job": true,
            "BillWithParent": with_parent, "ParentRef": {"value": parent}}),
        ))
    };
    let (with, alone) = (child("With", true), child("Alone", false));
    let invoice = id(&desk.invoice(&with, "10.00", "2026-02-01"));
    desk.payment(&parent, "10.00", &[("10.00", "Invoice", &invoice)]);
    assert_eq!(printed(&desk.read("invoice", &invoice), "Balance"), "0");
    let own = id(&desk.invoice(&alone, "10.00", "2026-02-01"));
    desk.refused("/payment", payment_body(&parent, "10", &[("10", "Invoice", &own)]), "6000");
}

#[test]
fn banking_leaves_the_payment_as_it_was() {
    let (desk, customer) = company();
    let paid = desk.payment(&customer, "80.00", &[]);
    desk.pass("1h");
    let line =
        json!({"LinkedTxn": [{"TxnId": paid["Id"], "TxnType": "Payment", "TxnLineId": "0"}]});
    let body = json!({"DepositToAccountRef": {"value": "35"}, "Line": [line]});
    let deposit = desk.write("/deposit", body.clone());
    assert_eq!(printed(&deposit, "TotalAmt"), "80.00");
    assert!(
        deposit["Line"][0].get("Id").is_none() && deposit["Line"][0].get("DetailType").is_none()
    );
    let after = desk.read("payment", &id(&paid));
    assert_eq!(after["LinkedTxn"], json!([{"TxnId": deposit["Id"], "TxnType": "Deposit"}]));
    assert_eq!((&after["SyncToken"], &after["MetaData"]), (&json!("0"), &paid["MetaData"]));
    desk.refused("/deposit", body, "620");
    let change = desk.changed("payment", &id(&paid), json!({"TotalAmt": 90}));
    desk.refused("/payment", change, "6540");
    let gone = json!({"Id": paid["Id"], "SyncToken": "0"});
    desk.refused("/payment?operation=delete", gone.clone(), "6540");
    desk.refused("/payment?operation=update&include=void", gone, "6540");
    let noted = desk.sparse("payment", &id(&paid), json!({"PrivateNote": "n"}));
    assert_eq!(noted["SyncToken"], "1");
    let token = json!({"Id": deposit["Id"], "SyncToken": "0"});
    desk.write("/deposit?operation=delete", token);
    assert!(desk.read("payment", &id(&paid)).get("LinkedTxn").is_none());
}

#[test]
fn a_direct_deposit_on_receivables_is_a_credit_of_the_customer() {
    let (desk, customer) = company();
    let invoice = id(&desk.invoice(&customer, "100.00", "2026-02-01"));
    let line = |named: bool| {
        let mut detail = json!({"AccountRef": {"value": "84"}});
        if named {
            detail["Entity"] = json!({"value": customer, "type": "CUSTOMER"});
        }
        json!({"Amount": 30, "DetailType": "DepositLineDetail", "DepositLineDetail": detail})
    };
    let body = |named| json!({"DepositToAccountRef": {"value": "35"}, "Line": [line(named)]});
    desk.refused("/deposit", body(false), "6000");
    let deposit = id(&desk.write("/deposit", body(true)));
    assert_eq!(printed(&desk.read("customer", &customer), "Balance"), "70.00");
    let lines = [("30.00", "Invoice", invoice.as_str()), ("30.00", "Deposit", deposit.as_str())];
    desk.payment(&customer, "0", &lines);
    assert_eq!(printed(&desk.read("invoice", &invoice), "Balance"), "70.00");
}

#[test]
fn a_journal_writes_an_invoice_off_through_a_payment_of_zero() {
    let (desk, customer) = company();
    let invoice = id(&desk.invoice(&customer, "12.40", "2026-02-01"));
    let written = id(&desk.write("/journalentry", journal(Some(&customer), "12.40", "Credit")));
    let lines =
        [("12.40", "Invoice", invoice.as_str()), ("12.40", "JournalEntry", written.as_str())];
    desk.payment(&customer, "0", &lines);
    assert_eq!(printed(&desk.read("invoice", &invoice), "Balance"), "0");
    assert_eq!(printed(&desk.read("customer", &customer), "Balance"), "0");
    assert_eq!(desk.sim.truth().write_offs(None).sum, "12.40");
}

#[test]
fn journals_balance_and_name_the_customer_on_receivables() {
    let (desk, customer) = company();
    desk.refused("/journalentry", journal(None, "5", "Debit"), "6000");
    desk.refused("/journalentry", json!({"TxnDate": "2026-02-01"}), "2020");
    let mut uneven = journal(Some(&customer), "5", "Debit");
    uneven["Line"][0]["Amount"] = json!(6);
    desk.refused("/journalentry", uneven, "6000");
    let made = desk.write("/journalentry", journal(Some(&customer), "5", "Debit"));
    assert_eq!((&made["Adjustment"], printed(&made, "TotalAmt")), (&json!(false), "5.00".into()));
    assert_eq!(printed(&desk.read("customer", &customer), "Balance"), "5.00");
}

#[test]
fn a_debit_by_journal_can_be_paid() {
    let (desk, customer) = company();
    let owed = id(&desk.write("/journalentry", journal(Some(&customer), "40", "Debit")));
    desk.payment(&customer, "40", &[("40", "JournalEntry", &owed)]);
    assert_eq!(printed(&desk.read("customer", &customer), "Balance"), "0");
    let less = desk.changed(
        "journalentry",
        &owed,
        json!({"Line": journal(Some(&customer), "30", "Debit")["Line"]}),
    );
    desk.refused("/journalentry", less, "6000");
}

#[test]
fn a_refund_linked_to_a_credit_memo_uses_the_credit_up() {
    let (desk, customer) = company();
    let credit = id(&desk.write("/creditmemo", invoice_body(&customer, "60.00", "2026-02-01")));
    let refund = |amount: &str| {
        json!({"CustomerRef": {"value": customer},
        "DepositToAccountRef": {"value": "35"}, "Line": [item_line(amount)],
        "LinkedTxn": [{"TxnId": credit, "TxnType": "CreditMemo"}]})
    };
    desk.refused("/refundreceipt", refund("60.01"), "6000");
    let made = desk.write("/refundreceipt", refund("45.00"));
    assert_eq!(made["LinkedTxn"][0]["TxnType"], "CreditMemo");
    assert_eq!(printed(&desk.read("creditmemo", &credit), "RemainingCredit"), "15.00");
    assert_eq!(printed(&desk.read("customer", &customer), "Balance"), "-15.00");
    desk.refused("/refundreceipt", refund("15.01"), "6000");
}
