//! Which state follows which, locks and what stays editable (`xero §6.1, §6.6`).

use serde_json::{Value, json};
use tieout_sim::xero::{Edit, EditKind};

use crate::desk::{Desk, approved, id, line, printed};

fn company() -> (Desk, String) {
    let desk = Desk::new();
    let contact = desk.contact("Acme");
    (desk, contact)
}

fn made(desk: &Desk, contact: &str, status: &str) -> String {
    let mut body = approved(contact, "10", "2026-01-15");
    body["Status"] = json!(status);
    format!("/Invoices/{}", id(&desk.put("/Invoices", body).one(), "InvoiceID"))
}

#[track_caller]
fn moves(from: &str, to: &str, allowed: bool) {
    let (desk, contact) = company();
    let answer = desk.post(&made(&desk, &contact, from), json!({ "Status": to }));
    if allowed {
        assert_eq!(answer.one()["Status"], to);
    } else {
        assert!(answer.messages().contains("not of valid status for modification"));
    }
}

#[test]
fn drafts_are_approved_or_deleted() {
    for to in ["DRAFT", "SUBMITTED", "AUTHORISED", "DELETED"] {
        moves("DRAFT", to, true);
        moves("SUBMITTED", to, true);
    }
    moves("DRAFT", "VOIDED", false);
}

#[test]
fn approved_invoices_are_voided() {
    moves("AUTHORISED", "VOIDED", true);
    moves("AUTHORISED", "AUTHORISED", true);
    for to in ["DRAFT", "SUBMITTED", "DELETED", "PAID"] {
        moves("AUTHORISED", to, false);
    }
}

#[test]
fn voided_and_deleted_are_final() {
    let (desk, contact) = company();
    for (from, end) in [("AUTHORISED", "VOIDED"), ("DRAFT", "DELETED")] {
        let path = made(&desk, &contact, from);
        desk.post(&path, json!({ "Status": end })).one();
        for change in [json!({"Status": "AUTHORISED"}), json!({"Reference": "x"})] {
            assert!(desk.post(&path, change).messages().contains("not of valid status"));
        }
    }
}

#[test]
fn a_new_invoice_is_a_draft_and_never_paid_or_voided() {
    let (desk, contact) = company();
    let mut body = approved(&contact, "10", "2026-01-15");
    body.as_object_mut().unwrap().remove("Status");
    assert_eq!(desk.put("/Invoices", body.clone()).one()["Status"], "DRAFT");
    for status in ["PAID", "VOIDED", "NEW"] {
        body["Status"] = json!(status);
        assert_eq!(desk.put("/Invoices", body.clone()).status, 400, "{status}");
    }
}

#[test]
fn approval_needs_a_due_date_lines_accounts_and_texts() {
    let (desk, contact) = company();
    let without = |change: &dyn Fn(&mut Value)| {
        let mut body = approved(&contact, "10", "2026-01-15");
        change(&mut body);
        let strict = desk.put("/Invoices", body.clone());
        body["Status"] = json!("DRAFT");
        (strict.messages(), desk.put("/Invoices", body).status)
    };
    let (message, draft) = without(&|body| {
        body.as_object_mut().unwrap().remove("DueDate");
    });
    assert!(message.contains("DueDate") && draft == 200);
    let (_, draft) = without(&|body| body["LineItems"] = json!([]));
    assert_eq!(draft, 200);
    let (message, draft) = without(&|body| {
        body["LineItems"][0].as_object_mut().unwrap().remove("AccountCode");
    });
    assert!(message.contains("Account code must be specified") && draft == 200);
}

#[test]
fn the_plan_caps_approvals() {
    let (desk, contact) = company();
    desk.sim.switch_tenant(None, &json!({"approvals_left": 1})).unwrap();
    desk.invoice(&contact, "1");
    let refused = desk.put("/Invoices", approved(&contact, "1", "2026-01-15")).messages();
    assert!(refused.contains("reached the limit of invoices you can approve"));
    made(&desk, &contact, "DRAFT");
}

#[test]
fn the_echo_of_a_void_still_shows_what_was_open() {
    let (desk, contact) = company();
    let path = made(&desk, &contact, "AUTHORISED");
    let echo = desk.post(&path, json!({"Status": "VOIDED"})).one();
    assert_eq!(
        (echo["Status"].clone(), printed(&echo, "AmountDue")),
        (json!("VOIDED"), "11.50".into())
    );
    let read = desk.get(&path).one();
    for key in ["AmountDue", "AmountPaid", "AmountCredited"] {
        assert_eq!(printed(&read, key), "0.00");
    }
    assert_eq!(printed(&read, "Total"), "11.50");
}

#[test]
fn what_has_money_on_it_cannot_be_voided() {
    let (desk, contact) = company();
    let invoice = desk.invoice(&contact, "10");
    desk.pay(&invoice, "1.00", "2026-01-15").one();
    let path = format!("/Invoices/{}", id(&invoice, "InvoiceID"));
    let refused = desk.post(&path, json!({"Status": "VOIDED"})).messages();
    assert!(refused.contains("cannot be edited as it has a payment or credit note allocated"));
}

#[test]
fn paid_invoices_take_only_the_harmless_changes() {
    let (desk, contact) = company();
    let invoice = desk.invoice(&contact, "10");
    desk.pay(&invoice, "11.50", "2026-01-15").one();
    let path = format!("/Invoices/{}", id(&invoice, "InvoiceID"));
    let other = desk.contact("Other");
    let line_id = invoice["LineItems"][0]["LineItemID"].clone();
    for change in [
        json!({"Reference": "PO"}),
        json!({"DueDate": "2026-03-01"}),
        json!({"InvoiceNumber": "NEW-1"}),
        json!({"Url": "https://example.com/"}),
        json!({"Contact": {"ContactID": other}}),
        json!({"LineItems": [{"LineItemID": line_id, "Description": "D", "AccountCode": "260"}]}),
    ] {
        assert_eq!(desk.post(&path, change.clone()).one()["Status"], "PAID", "{change}");
    }
    for change in [
        json!({"Date": "2026-01-01"}),
        json!({"LineItems": [line("11")]}),
        json!({"LineItems": [{"LineItemID": line_id, "UnitAmount": 11}]}),
        json!({"CurrencyCode": "EUR"}),
        json!({"LineAmountTypes": "Inclusive"}),
    ] {
        let refused = desk.post(&path, change.clone()).messages();
        assert!(refused.contains("cannot be edited as it has a payment"), "{change}: {refused}");
    }
}

#[test]
fn a_due_date_of_a_part_paid_invoice_moves_no_stamp() {
    let (desk, contact) = company();
    let invoice = desk.invoice(&contact, "10");
    desk.pay(&invoice, "1.00", "2026-01-15").one();
    let path = format!("/Invoices/{}", id(&invoice, "InvoiceID"));
    let before = desk.get(&path).one();
    desk.advance("PT1M");
    desk.post(&path, json!({"DueDate": "2026-03-01"})).one();
    let after = desk.get(&path).one();
    assert_eq!(after["DueDateString"], "2026-03-01T00:00:00");
    assert_eq!(after["UpdatedDateUTC"], before["UpdatedDateUTC"]);
    desk.post(&path, json!({"DueDate": "2026-03-02", "Reference": "PO"})).one();
    assert_ne!(desk.get(&path).one()["UpdatedDateUTC"], before["UpdatedDateUTC"]);
}

#[test]
fn people_move_due_dates_without_a_stamp() {
    let (desk, contact) = company();
    let invoice = desk.invoice(&contact, "10");
    desk.advance("PT1M");
    let body = json!({"InvoiceID": invoice["InvoiceID"], "DueDate": "2026-04-01"});
    let after = desk.person("Invoice", EditKind::MoveDueDate, body);
    assert_eq!(after["DueDateString"], "2026-04-01T00:00:00");
    assert_eq!(after["UpdatedDateUTC"], invoice["UpdatedDateUTC"]);
}

#[test]
fn nothing_dated_on_or_before_a_lock_date_is_written() {
    let (desk, contact) = company();
    let invoice = desk.invoice(&contact, "10");
    let path = format!("/Invoices/{}", id(&invoice, "InvoiceID"));
    desk.sim.switch_tenant(None, &json!({"period_lock_date": "2026-01-15"})).unwrap();
    let lock = "cannot be before the period lock date, 15 January 2026";
    for answer in [
        desk.put("/Invoices", approved(&contact, "1", "2026-01-15")),
        desk.post(&path, json!({"Reference": "x"})),
        desk.post(&path, json!({"Status": "VOIDED"})),
        desk.pay(&invoice, "1.00", "2026-01-10"),
    ] {
        let refused = answer.messages();
        assert!(refused.contains(lock), "{refused}");
    }
    assert_eq!(desk.put("/Invoices", approved(&contact, "1", "2026-01-16")).status, 200);
    assert_eq!(desk.pay(&invoice, "1.00", "2026-01-16").status, 200);
}

#[test]
fn the_period_lock_does_not_bind_people_and_the_year_lock_does() {
    let (desk, contact) = company();
    let create = || Edit {
        tenant: None,
        entity: "Invoice".to_owned(),
        operation: EditKind::Create,
        body: approved(&contact, "1", "2026-01-10"),
    };
    desk.sim.switch_tenant(None, &json!({"period_lock_date": "2026-01-15"})).unwrap();
    assert!(desk.sim.edit(&create()).is_ok());
    desk.sim.switch_tenant(None, &json!({"end_of_year_lock_date": "2026-01-15"})).unwrap();
    let refused = desk.sim.edit(&create()).unwrap_err().to_string();
    assert!(refused.contains("end of year lock date, 15 January 2026"), "{refused}");
}
