//! Snapshots and edits by people.

use serde_json::json;
use tieout_sim::quickbooks::{CompanyConfig, Edit, EditKind, QuickBooksSim};

use crate::desk::{Desk, id, invoice_body, printed};

#[test]
fn a_restored_company_goes_on_as_if_nothing_had_happened() {
    let desk = Desk::new();
    let customer = desk.customer("Acme");
    let body = invoice_body(&customer, "100.00", "2026-02-01");
    let invoice = id(&desk.write("/invoice?requestid=r.1", body.clone()));
    desk.payment(&customer, "30.00", &[("30.00", "Invoice", &invoice)]);
    let edit = Edit {
        entity: "Invoice".to_owned(),
        operation: EditKind::Update,
        body: json!({"Id": invoice, "PrivateNote": "later"}),
    };
    desk.sim.schedule("2026-02-03T18:00:00Z".parse().unwrap(), edit);
    let snapshot = desk.sim.snapshot();
    let restored = QuickBooksSim::new(desk.clock.clone(), CompanyConfig::default());
    restored.restore(&snapshot).unwrap();
    assert_eq!(restored.snapshot(), snapshot);
    let again = Desk::signed_out(restored, desk.clock.clone());
    *again.token.borrow_mut() = desk.token.borrow().clone();
    assert_eq!(again.read("invoice", &invoice), desk.read("invoice", &invoice));
    assert_eq!(id(&again.write("/invoice?requestid=r.1", body)), invoice);
    again.payment(&customer, "70.00", &[("70.00", "Invoice", &invoice)]);
    assert_eq!(printed(&again.read("invoice", &invoice), "Balance"), "0");
    assert_eq!(printed(&desk.read("invoice", &invoice), "Balance"), "70.00");
    again.pass("45m");
    assert_eq!(again.read("invoice", &invoice)["PrivateNote"], "later");
}

#[test]
fn a_snapshot_of_something_else_is_refused_and_changes_nothing() {
    let desk = Desk::new();
    let before = desk.sim.snapshot();
    assert!(desk.sim.restore(b"{}").is_err());
    assert_eq!(desk.sim.snapshot(), before);
}

#[test]
fn scheduled_edits_happen_in_order_at_their_own_time() {
    let desk = Desk::new();
    let customer = desk.customer("Acme");
    let invoice = id(&desk.invoice(&customer, "100.00", "2026-02-01"));
    let note = |text: &str| Edit {
        entity: "Invoice".to_owned(),
        operation: EditKind::Update,
        body: json!({"Id": invoice, "PrivateNote": text}),
    };
    desk.sim.schedule("2026-02-03T20:00:00Z".parse().unwrap(), note("second"));
    desk.sim.schedule("2026-02-03T18:00:00Z".parse().unwrap(), note("first"));
    desk.pass("59m");
    let seen = desk.read("invoice", &invoice);
    assert_eq!((&seen["PrivateNote"], &seen["SyncToken"]), (&json!("first"), &json!("1")));
    assert_eq!(seen["MetaData"]["LastUpdatedTime"], "2026-02-03T10:00:00-08:00");
    desk.pass("48h");
    let seen = desk.read("invoice", &invoice);
    assert_eq!((&seen["PrivateNote"], &seen["SyncToken"]), (&json!("second"), &json!("2")));
    assert_eq!(seen["MetaData"]["LastUpdatedTime"], "2026-02-03T12:00:00-08:00");
}

#[test]
fn an_edit_that_the_books_refuse_is_noted_and_does_not_stop_the_next() {
    let desk = Desk::new();
    let customer = desk.customer("Acme");
    let edit = |operation, body| Edit { entity: "Invoice".to_owned(), operation, body };
    let at = "2026-02-03T17:30:00Z".parse().unwrap();
    desk.sim.schedule(at, edit(EditKind::Void, json!({"Id": "99"})));
    let made = invoice_body(&customer, "5.00", "2026-02-01");
    desk.sim.schedule(at, edit(EditKind::Create, made));
    desk.pass("20m");
    assert_eq!(desk.rows("SELECT * FROM Invoice").len(), 1);
    assert_eq!(desk.sim.failed_edits().len(), 1);
}

#[test]
fn a_clerk_may_use_closed_books_and_leave_the_customer_out_of_a_journal() {
    let desk = Desk::with(json!({"book_close_date": "2026-01-31"}));
    let customer = desk.customer("Acme");
    let edit =
        |entity: &str, body| Edit { entity: entity.to_owned(), operation: EditKind::Create, body };
    desk.sim.edit(&edit("Invoice", invoice_body(&customer, "5.00", "2026-01-15"))).unwrap();
    let line = |side: &str, account: &str| {
        json!({"Amount": 3, "JournalEntryLineDetail":
        {"PostingType": side, "AccountRef": {"value": account}}})
    };
    let journal =
        json!({"TxnDate": "2026-01-15", "Line": [line("Debit", "84"), line("Credit", "1")]});
    desk.sim.edit(&edit("JournalEntry", journal)).unwrap();
    let truth = desk.sim.truth();
    let day = "2026-01-31".parse().unwrap();
    assert_eq!(
        (truth.open_receivables(day), truth.control_balance(day)),
        ("5.00".into(), "8.00".into())
    );
    assert!(desk.sim.edit(&edit("Nonsense", json!({}))).is_err());
}
