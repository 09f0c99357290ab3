//! Faults of the plan in Xero's own words (`xero §4, §14.13`).

use serde_json::json;
use tieout_sim::drop::Dropped;
use tieout_sim::fault::{FaultKind, FaultRule};

use crate::desk::{Answer, Desk, approved};

fn rule(kind: FaultKind) -> FaultRule {
    FaultRule {
        method: "PUT".to_owned(),
        path_contains: "/Invoices".to_owned(),
        body_contains: String::new(),
        kind,
        times: 1,
    }
}

/// The answer to one create under a fault, and how many invoices there are afterwards.
fn under(kind: FaultKind) -> (Answer, usize) {
    let desk = Desk::new();
    let contact = desk.contact("Acme");
    desk.sim.faults().add(rule(kind));
    let answer = desk.put("/Invoices", approved(&contact, "1", "2026-01-15"));
    let stored = desk.get("/Invoices").rows().len();
    (answer, stored)
}

#[test]
fn throttles_are_empty() {
    let (answer, stored) = under(FaultKind::Throttle);
    assert_eq!((answer.status, answer.text.as_str(), stored), (429, "", 0));
    assert_eq!(answer.header("retry-after"), None);
    let (answer, _) = under(FaultKind::ThrottleWithHint);
    assert_eq!((answer.status, answer.header("retry-after")), (429, Some("7")));
    assert_eq!(answer.header("x-rate-limit-problem"), Some("minute"));
}

#[test]
fn servers_fail_before_or_after_the_write() {
    let (answer, stored) = under(FaultKind::ServerErrorBefore);
    assert_eq!((answer.status, stored), (500, 0));
    assert_eq!(answer.json()["Title"], "An error occurred");
    let (answer, stored) = under(FaultKind::ServerErrorAfter);
    assert_eq!((answer.status, stored), (503, 1));
    assert_eq!(answer.header("content-type"), Some("text/plain"));
    assert!(answer.text.contains("offline for maintenance"));
}

#[test]
fn bodies_break_and_faults_hide_in_200() {
    let (answer, stored) = under(FaultKind::TruncatedAfter);
    assert_eq!((answer.status, stored), (200, 1));
    assert!(serde_json::from_str::<serde_json::Value>(&answer.text).is_err());
    let (answer, stored) = under(FaultKind::FaultInside);
    assert_eq!(stored, 0);
    assert_eq!(answer.one()["StatusAttributeString"], "ERROR");
    let (answer, stored) = under(FaultKind::Unauthorized);
    assert_eq!((answer.status, stored), (401, 0));
    assert!(answer.json()["Detail"].as_str().unwrap().starts_with("TokenExpired"));
}

#[test]
fn connections_drop_before_or_after_the_write() {
    use axum::body::Body;
    use http::Request;
    use tower::ServiceExt;
    for (kind, expected) in [(FaultKind::DropBefore, 0), (FaultKind::DropAfter, 1)] {
        let desk = Desk::new();
        let contact = desk.contact("Acme");
        desk.sim.faults().add(rule(kind));
        let body = approved(&contact, "1", "2026-01-15").to_string();
        let request = Request::put("/api.xro/2.0/Invoices")
            .header("authorization", desk.bearer())
            .header("xero-tenant-id", desk.tenant())
            .body(Body::from(body))
            .unwrap();
        let response = desk.runtime.block_on(desk.sim.router().oneshot(request)).unwrap();
        assert!(Dropped::marks(&response));
        assert_eq!(desk.get("/Invoices").rows().len(), expected);
    }
}

#[test]
fn a_lost_answer_is_replayed_under_its_key() {
    let desk = Desk::new();
    let contact = desk.contact("Acme");
    desk.sim.faults().add(rule(FaultKind::ServerErrorAfter));
    let body = approved(&contact, "1", "2026-01-15").to_string();
    let key = [("idempotency-key", "TIE-A.1")];
    assert_eq!(desk.api("PUT", "/Invoices", &key, &body).status, 503);
    desk.api("PUT", "/Invoices", &key, &body).one();
    assert_eq!(desk.get("/Invoices").rows().len(), 1);
}

#[test]
fn a_service_whose_clock_is_wrong_dates_by_it() {
    use jiff::SignedDuration;
    use tieout_sim::clock::SimClock;
    use tieout_sim::xero::{AppConfig, TenantConfig, XeroSim};
    let right = SimClock::at(crate::desk::START.parse().unwrap());
    let late = right.wrong_by(SignedDuration::from_secs(-90));
    let sim = XeroSim::new(late, AppConfig::default(), vec![TenantConfig::default()]);
    let desk = Desk::around(sim, right);
    desk.sign_in();
    assert_eq!(desk.get("/Organisation").header("date"), Some("Wed, 14 Jan 2026 22:14:12 GMT"));
}

#[test]
fn the_control_interface_does_what_tests_do_directly() {
    let desk = Desk::new();
    let contact = desk.contact("Acme");
    let control =
        |method: &str, path: &str, body: serde_json::Value| control(&desk, method, path, body);
    let fault =
        json!({"method": "PUT", "path_contains": "/Invoices", "kind": "throttle", "times": 9});
    assert_eq!(control("POST", "/fault", fault).0, 200);
    let body = || approved(&contact, "1", "2026-01-15");
    assert_eq!(desk.put("/Invoices", body()).status, 429);
    assert_eq!(control("DELETE", "/faults", json!(null)).0, 200);
    let invoice = desk.put("/Invoices", body()).one();
    let (_, truth) = control("GET", "/truth?from=2026-01-01&to=2026-01-31", json!(null));
    assert_eq!(truth["invoices"]["period"]["NZD"], json!({"count": 1, "sum": "1.15"}));
    assert_eq!(
        (truth["open_receivables"].clone(), truth["control_balance"].clone()),
        (json!("1.15"), json!("1.15"))
    );
    assert_eq!(control("POST", "/switch", json!({"minute_limit": 7})).1["minute_limit"], 7);
    assert_eq!(control("POST", "/switch", json!({"nonsense": true})).0, 400);
    let lock = json!({"changes": {"period_lock_date": "2025-12-31"}});
    assert_eq!(control("POST", "/switch-tenant", lock).1["period_lock_date"], "2025-12-31");
    let edit = json!({"edit": {"entity": "Invoice", "operation": "update",
        "body": {"InvoiceID": invoice["InvoiceID"], "Reference": "by a clerk"}}});
    assert_eq!(control("POST", "/edit", edit).1["Reference"], "by a clerk");
    let later = json!({"at": "2026-01-20T00:00:00Z", "edit": {"entity": "Invoice",
        "operation": "void", "body": {"InvoiceID": invoice["InvoiceID"]}}});
    assert_eq!(control("POST", "/edit", later).0, 200);
    let moved = control("POST", "/clock", json!({"to": "2026-01-21T00:00:00Z"}));
    assert_eq!(moved.1["now"], "2026-01-21T00:00:00Z");
    assert_eq!(control("GET", "/truth", json!(null)).1["open_receivables"], "0.00");
    assert!(control("GET", "/requests", json!(null)).1["requests"].is_array());
    assert_eq!(control("POST", "/disconnect", json!({"tenant": desk.tenant()})).0, 200);
    desk.refreshed(&desk.refresh.borrow().clone());
    assert_eq!(desk.sim.failed_edits(), [""; 0]);
}

fn control(
    desk: &Desk,
    method: &str,
    path: &str,
    body: serde_json::Value,
) -> (u16, serde_json::Value) {
    use axum::body::Body;
    use http::Request;
    use tower::ServiceExt;
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("content-type", "application/json")
        .body(Body::from(if body.is_null() { String::new() } else { body.to_string() }))
        .unwrap();
    let response = desk.runtime.block_on(desk.sim.control().oneshot(request)).unwrap();
    let status = response.status().as_u16();
    let bytes = axum::body::to_bytes(response.into_body(), usize::MAX);
    let bytes = desk.runtime.block_on(bytes).unwrap();
    (status, serde_json::from_slice(&bytes).unwrap_or_default())
}
