//! Credit notes, overpayments, prepayments, refunds and bank transactions
//! (`xero §6.8, §6.10, §6.11`).

use serde_json::{Value, json};
use tieout_sim::xero::EditKind;

use crate::desk::{Answer, Desk, approved, id, line, number, printed};

fn company() -> (Desk, String, Value) {
    let desk = Desk::new();
    let contact = desk.contact("Acme");
    let invoice = desk.invoice(&contact, "100");
    (desk, contact, invoice)
}

fn allocate(desk: &Desk, credit: &str, invoice: &Value, amount: &str) -> Answer {
    let one = json!({"Amount": number(amount), "Date": "2026-01-20",
        "Invoice": {"InvoiceID": invoice["InvoiceID"]}});
    desk.put(&format!("/{credit}/Allocations"), json!({"Allocations": [one]}))
}

fn received(kind: &str, contact: &str, amount: &str) -> Value {
    let mut line = line(amount);
    if kind == "RECEIVE-OVERPAYMENT" {
        line.as_object_mut().unwrap().remove("AccountCode");
    }
    json!({
        "Type": kind,
        "Contact": {"ContactID": contact},
        "BankAccount": {"Code": "090"},
        "Date": "2026-01-18",
        "LineItems": [line],
    })
}

#[test]
fn a_credit_note_is_allocated_and_paid_up() {
    let (desk, contact, invoice) = company();
    let credit = desk.credit(&contact, "20");
    let path = format!("CreditNotes/{}", id(&credit, "CreditNoteID"));
    let made = allocate(&desk, &path, &invoice, "8.00").one();
    assert_eq!(
        (printed(&made, "Amount"), made["Invoice"]["InvoiceID"].clone()),
        ("8.00".into(), invoice["InvoiceID"].clone())
    );
    let part = desk.get(&format!("/{path}")).one();
    assert_eq!(
        (part["Status"].clone(), printed(&part, "RemainingCredit")),
        (json!("AUTHORISED"), "15.00".into())
    );
    assert_eq!(printed(&part["Allocations"][0], "Amount"), "8.00");
    allocate(&desk, &path, &invoice, "15.00").one();
    assert_eq!(desk.get(&format!("/{path}")).one()["Status"], "PAID");
    let read = desk.read("Invoices", &id(&invoice, "InvoiceID"));
    assert_eq!(
        (printed(&read, "AmountCredited"), printed(&read, "AmountDue")),
        ("23.00".into(), "92.00".into())
    );
    assert_eq!(printed(&read["CreditNotes"][0], "AppliedAmount"), "8.00");
    assert_eq!(printed(&read["CreditNotes"][0], "Total"), "23.00");
}

#[test]
fn embedded_credits_have_another_date_in_lists() {
    let (desk, contact, invoice) = company();
    let credit = desk.credit(&contact, "20");
    allocate(&desk, &format!("CreditNotes/{}", id(&credit, "CreditNoteID")), &invoice, "8.00")
        .one();
    let single = desk.read("Invoices", &id(&invoice, "InvoiceID"));
    assert_eq!(single["CreditNotes"][0]["DateString"], "2026-01-20T00:00:00");
    let row = desk.get("/Invoices?page=1").one();
    assert_eq!(row["CreditNotes"][0]["DateString"], "2026-01-15T00:00:00");
}

#[test]
fn both_documents_of_an_allocation_have_one_stamp() {
    let (desk, contact, invoice) = company();
    let credit = desk.credit(&contact, "20");
    let path = format!("CreditNotes/{}", id(&credit, "CreditNoteID"));
    desk.advance("PT1M");
    let made = allocate(&desk, &path, &invoice, "8.00").one();
    let stamps = |desk: &Desk| {
        let invoice = desk.read("Invoices", &id(&invoice, "InvoiceID"));
        let credit = desk.get(&format!("/{path}")).one();
        (invoice["UpdatedDateUTC"].clone(), credit["UpdatedDateUTC"].clone())
    };
    let first = stamps(&desk);
    assert_eq!(first.0, first.1);
    assert_ne!(first.0, invoice["UpdatedDateUTC"]);
    desk.advance("PT1M");
    let gone = desk.delete(&format!("/{path}/Allocations/{}", id(&made, "AllocationID"))).json();
    assert_eq!(gone["IsDeleted"], true);
    let second = stamps(&desk);
    assert_eq!(second.0, second.1);
    assert_ne!(first.0, second.0);
    assert_eq!(printed(&desk.get(&format!("/{path}")).one(), "RemainingCredit"), "23.00");
    assert_eq!(
        desk.delete(&format!("/{path}/Allocations/{}", id(&made, "AllocationID"))).status,
        404
    );
}

#[test]
fn allocations_stay_within_amount_contact_and_currency() {
    let (desk, contact, invoice) = company();
    let credit = desk.credit(&contact, "200");
    let path = format!("CreditNotes/{}", id(&credit, "CreditNoteID"));
    assert!(
        allocate(&desk, &path, &invoice, "116.00")
            .messages()
            .contains("greater than amount outstanding")
    );
    assert_eq!(allocate(&desk, &path, &invoice, "0.00").status, 400);
    let other = desk.invoice(&desk.contact("Other"), "100");
    assert!(allocate(&desk, &path, &other, "1.00").messages().contains("same contact"));
    let mut foreign = approved(&contact, "100", "2026-01-15");
    foreign["CurrencyCode"] = json!("EUR");
    let foreign = desk.put("/Invoices", foreign).one();
    assert!(allocate(&desk, &path, &foreign, "1.00").messages().contains("same currency"));
    allocate(&desk, &path, &invoice, "115.00").one();
    assert!(allocate(&desk, &path, &invoice, "1.00").messages().contains("already been paid off"));
    let voided = desk.post(&format!("/{path}"), json!({"Status": "VOIDED"})).messages();
    assert!(voided.contains("payment or credit note allocated"));
}

#[test]
fn an_allocation_is_never_before_its_documents() {
    let (desk, contact, _) = company();
    let invoice = desk.put("/Invoices", approved(&contact, "10", "2026-01-25")).one();
    let credit = desk.credit(&contact, "5");
    let path = format!("CreditNotes/{}", id(&credit, "CreditNoteID"));
    let made = allocate(&desk, &path, &invoice, "1.00").one();
    assert_eq!(made["Date"], "/Date(1769299200000+0000)/");
}

#[test]
fn a_credit_is_refunded() {
    let (desk, contact, _) = company();
    let mut places = std::collections::BTreeSet::new();
    for _ in 0..8 {
        let credit = desk.credit(&contact, "20");
        let refund = json!({"CreditNote": {"CreditNoteID": credit["CreditNoteID"]},
            "Account": {"Code": "090"}, "Date": "2026-01-20", "Amount": number("23.00")});
        let refund = desk.put("/Payments", refund).one();
        assert_eq!(refund["PaymentType"], "ARCREDITPAYMENT");
        // Now under its own name, now as an invoice.
        let place = if refund.get("Invoice").is_some() { "Invoice" } else { "CreditNote" };
        places.insert(place);
        assert_eq!(refund[place]["Type"], "ACCRECCREDIT");
        assert_eq!(refund[place][format!("{place}ID")], credit["CreditNoteID"]);
        let read = desk.read("CreditNotes", &id(&credit, "CreditNoteID"));
        assert_eq!(read["Status"], "PAID");
        assert_eq!(read["Payments"].as_array().unwrap().len(), 1);
    }
    assert_eq!(places.len(), 2);
}

#[test]
fn overpayments_come_by_the_bank_and_are_read_apart() {
    let (desk, contact, invoice) = company();
    let made =
        desk.put("/BankTransactions", received("RECEIVE-OVERPAYMENT", &contact, "50.00")).one();
    assert_eq!(made["Type"], "RECEIVE-OVERPAYMENT");
    let over = desk.get("/Overpayments?page=1").one();
    assert_eq!(over["OverpaymentID"], made["OverpaymentID"]);
    assert_eq!(
        (printed(&over, "RemainingCredit"), printed(&over, "TotalTax")),
        ("50.00".into(), "0.00".into())
    );
    let path = format!("Overpayments/{}", id(&over, "OverpaymentID"));
    allocate(&desk, &path, &invoice, "20.00").one();
    let read = desk.read("Invoices", &id(&invoice, "InvoiceID"));
    assert_eq!(printed(&read["Overpayments"][0], "AppliedAmount"), "20.00");
    assert_eq!(printed(&read, "AmountCredited"), "20.00");
    let refund = json!({"Overpayment": {"OverpaymentID": over["OverpaymentID"]},
        "Account": {"Code": "090"}, "Date": "2026-01-20", "Amount": number("30.00")});
    let refund = desk.put("/Payments", refund).one();
    assert_eq!(refund["PaymentType"], "AROVERPAYMENTPAYMENT");
    assert_eq!(refund["Overpayment"]["OverpaymentID"], over["OverpaymentID"]);
    assert_eq!(desk.get(&format!("/{path}")).one()["Status"], "PAID");
    let as_bank = desk.get("/BankTransactions?page=1").one();
    assert_eq!(as_bank["OverpaymentID"], over["OverpaymentID"]);
    let path = format!("/BankTransactions/{}", id(&made, "BankTransactionID"));
    assert_eq!(desk.post(&path, json!({"Status": "DELETED"})).status, 400);
}

#[test]
fn prepayments_have_lines_with_tax() {
    let (desk, contact, invoice) = company();
    let mut body = received("RECEIVE-PREPAYMENT", &contact, "11.50");
    body["Reference"] = invoice["InvoiceNumber"].clone();
    desk.put("/BankTransactions", body).one();
    let number = id(&invoice, "InvoiceNumber");
    let pre = desk.get(&format!("/Prepayments?page=1&InvoiceNumbers={number}")).one();
    assert_eq!(
        (printed(&pre, "TotalTax"), printed(&pre, "RemainingCredit")),
        ("1.50".into(), "11.50".into())
    );
    allocate(&desk, &format!("Prepayments/{}", id(&pre, "PrepaymentID")), &invoice, "11.50").one();
    let read = desk.read("Invoices", &id(&invoice, "InvoiceID"));
    assert_eq!(printed(&read["Prepayments"][0], "AppliedAmount"), "11.50");
}

#[test]
fn plain_money_leaves_invoices_alone() {
    let (desk, contact, invoice) = company();
    let made = desk.put("/BankTransactions", received("RECEIVE", &contact, "115.00")).one();
    assert_eq!(
        (made["LineAmountTypes"].clone(), printed(&made, "TotalTax")),
        (json!("Inclusive"), "15.00".into())
    );
    assert_eq!(printed(&desk.read("Invoices", &id(&invoice, "InvoiceID")), "AmountDue"), "115.00");
    let path = format!("/BankTransactions/{}", id(&made, "BankTransactionID"));
    assert_eq!(desk.post(&path, json!({"Status": "DELETED"})).one()["Status"], "DELETED");
    assert_eq!(desk.get("/BankTransactions?page=1").one()["Status"], "DELETED");
}

#[test]
fn people_allocate_and_take_back() {
    let (desk, contact, invoice) = company();
    let credit = desk.credit(&contact, "20");
    let body = json!({"CreditNoteID": credit["CreditNoteID"], "Amount": number("5.00"),
        "Invoice": {"InvoiceID": invoice["InvoiceID"]}});
    let made = desk.person("Allocation", EditKind::Create, body);
    let gone = json!({"AllocationID": made["AllocationID"]});
    assert_eq!(printed(&desk.read("Invoices", &id(&invoice, "InvoiceID")), "AmountDue"), "110.00");
    desk.person("Allocation", EditKind::Delete, gone);
    assert_eq!(printed(&desk.read("Invoices", &id(&invoice, "InvoiceID")), "AmountDue"), "115.00");
}
