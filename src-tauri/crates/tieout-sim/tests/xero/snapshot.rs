//! The whole state goes to disk and comes back.

use serde_json::json;
use tieout_sim::clock::SimClock;

use crate::desk::{Desk, approved};

#[test]
fn a_restored_state_goes_on_where_it_stood() {
    let desk = Desk::new();
    let contact = desk.contact("Acme");
    let body = approved(&contact, "10.10", "2026-01-15").to_string();
    let key = [("idempotency-key", "K")];
    let first = desk.api("PUT", "/Invoices", &key, &body);
    let invoice = first.one();
    desk.pay(&invoice, "1.00", "2026-01-15").one();
    let snapshot = desk.sim.snapshot();
    let before = desk.get("/Invoices?page=1").rows();
    desk.invoice(&contact, "99");
    desk.sim.restore(&snapshot).unwrap();
    assert_eq!(desk.get("/Invoices?page=1").rows(), before);
    assert_eq!(desk.api("PUT", "/Invoices", &key, &body).text, first.text);
    assert!(desk.sim.restore(b"{}").is_err());
}

#[test]
fn a_fork_goes_its_own_way() {
    let desk = Desk::new();
    let contact = desk.contact("Acme");
    let fork = desk.sim.fork(SimClock::at(crate::desk::START.parse().unwrap()));
    desk.put("/Invoices", approved(&contact, "1", "2026-01-15")).one();
    let date = "2026-01-31".parse().unwrap();
    assert_eq!(desk.sim.truth(None).unwrap().control_balance(date), "1.15");
    assert_eq!(fork.truth(None).unwrap().control_balance(date), "0.00");
}

#[test]
fn truth_finds_documents_by_what_they_carry() {
    let desk = Desk::new();
    let mut body = approved(&desk.contact("Acme"), "1", "2026-01-15");
    body["Url"] = json!("https://example.my.salesforce.com/006?tieout=TIE-YIO2VH22ILF65RQE");
    desk.put("/Invoices", body).one();
    let found = desk.sim.truth(None).unwrap().noted("TIE-YIO2VH22ILF65RQE");
    assert_eq!((found.len(), found[0].by_app, found[0].status.as_str()), (1, true, "AUTHORISED"));
    assert!(desk.sim.truth(Some("nobody")).is_err());
}
