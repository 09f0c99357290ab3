//! Faults of the plan in QuickBooks' own words.

use serde_json::json;
use tieout_sim::drop::Dropped;
use tieout_sim::fault::{FaultKind, FaultRule};

use crate::desk::{Answer, Desk, invoice_body};

fn company() -> (Desk, String) {
    let desk = Desk::new();
    let customer = desk.customer("Acme");
    (desk, customer)
}

fn rule(kind: FaultKind) -> FaultRule {
    FaultRule {
        method: "POST".to_owned(),
        path_contains: "/invoice".to_owned(),
        body_contains: String::new(),
        kind,
        times: 1,
    }
}

/// The answer to one create under a fault, and how many invoices there are afterwards.
fn under(kind: FaultKind) -> (Answer, usize) {
    let (desk, customer) = company();
    desk.sim.faults().add(rule(kind));
    let answer = desk.post("/invoice", invoice_body(&customer, "1.00", "2026-02-01"));
    let stored = desk.rows("SELECT * FROM Invoice").len();
    (answer, stored)
}

#[test]
fn the_throttle_speaks_json_or_xml() {
    let (answer, stored) = under(FaultKind::Throttle);
    assert_eq!((answer.status, stored), (429, 0));
    assert_eq!(answer.json()["fault"]["error"][0]["code"], "3001");
    let (answer, _) = under(FaultKind::ThrottleWithHint);
    assert_eq!((answer.status, &answer.headers["retry-after"]), (429, &"7".parse().unwrap()));
    let (answer, _) = under(FaultKind::ThrottleXml);
    assert_eq!(answer.status, 429);
    assert!(answer.text.contains("<Fault type=\"SERVICE\"><Error code=\"3001\">"));
}

#[test]
fn servers_fail_before_or_after_the_write() {
    let (answer, stored) = under(FaultKind::ServerErrorBefore);
    assert_eq!((answer.code(), stored), ((500, "10000".to_owned()), 0));
    let (answer, stored) = under(FaultKind::ServerErrorAfter);
    assert_eq!((answer.status, stored), (503, 1));
    let (answer, stored) = under(FaultKind::Html);
    assert_eq!((answer.status, stored), (502, 0));
    let (answer, stored) = under(FaultKind::HtmlAfter);
    assert_eq!((answer.status, stored), (200, 1));
}

#[test]
fn bodies_break_and_faults_hide_in_200() {
    let (answer, stored) = under(FaultKind::TruncatedAfter);
    assert_eq!((answer.status, stored), (200, 1));
    assert!(serde_json::from_str::<serde_json::Value>(&answer.text).is_err());
    let (answer, stored) = under(FaultKind::FaultInside);
    assert_eq!((answer.code(), stored), ((200, "10000".to_owned()), 0));
    let (answer, stored) = under(FaultKind::Unauthorized);
    assert_eq!((answer.status, stored), (401, 0));
}

#[test]
fn connections_drop_before_or_after_the_write() {
    use axum::body::Body;
    use http::Request;
    use tower::ServiceExt;
    for (kind, expected) in [(FaultKind::DropBefore, 0), (FaultKind::DropAfter, 1)] {
        let (desk, customer) = company();
        desk.sim.faults().add(rule(kind));
        let body = invoice_body(&customer, "1.00", "2026-02-01").to_string();
        let request = Request::post(format!("/v3/company/{}/invoice", desk.sim.realm()))
            .header("authorization", desk.bearer())
            .body(Body::from(body))
            .unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let response = runtime.block_on(desk.sim.router().oneshot(request)).unwrap();
        assert!(Dropped::marks(&response));
        assert_eq!(desk.rows("SELECT * FROM Invoice").len(), expected);
    }
}

#[test]
fn requests_are_logged_as_they_were_sent() {
    let (desk, _) = company();
    desk.sim.requests().clear();
    desk.post("/customer?requestid=r.1", json!({"DisplayName": "Other"}));
    let lines = desk.sim.requests().lines();
    assert_eq!(lines.len(), 1);
    assert_eq!((lines[0].method.as_str(), lines[0].status), ("POST", Some(200)));
    assert!(lines[0].path.ends_with("/customer?requestid=r.1"));
}

#[test]
fn the_control_interface_does_what_tests_do_directly() {
    use axum::body::Body;
    use http::Request;
    use tower::ServiceExt;
    let (desk, customer) = company();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let control = |method: &str, path: &str, body: serde_json::Value| {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("content-type", "application/json")
            .body(Body::from(if body.is_null() { String::new() } else { body.to_string() }))
            .unwrap();
        let response = runtime.block_on(desk.sim.control().oneshot(request)).unwrap();
        let status = response.status().as_u16();
        let bytes =
            runtime.block_on(axum::body::to_bytes(response.into_body(), usize::MAX)).unwrap();
        (status, serde_json::from_slice::<serde_json::Value>(&bytes).unwrap_or_default())
    };
    let fault =
        json!({"method": "POST", "path_contains": "/invoice", "kind": "throttle", "times": 9});
    assert_eq!(control("POST", "/fault", fault).0, 200);
    let body = || invoice_body(&customer, "1.00", "2026-02-01");
    assert_eq!(desk.post("/invoice", body()).status, 429);
    assert_eq!(control("DELETE", "/faults", json!(null)).0, 200);
    assert_eq!(desk.post("/invoice", body()).status, 200);
    let (_, truth) = control("GET", "/truth?from=2026-02-01&to=2026-02-28", json!(null));
    assert_eq!(truth["invoices"]["period"], json!({"count": 1, "sum": "1.00"}));
    assert_eq!(truth["open_receivables"], "1.00");
    assert_eq!(control("POST", "/switch", json!({"custom_txn_numbers": true})).0, 200);
    assert_eq!(control("POST", "/switch", json!({"nonsense": true})).0, 400);
    assert!(desk.sim.config().custom_txn_numbers);
    let edit = json!({"edit": {"entity": "Invoice", "operation": "update",
        "body": {"Id": "1", "PrivateNote": "by a clerk"}}});
    assert_eq!(control("POST", "/edit", edit).1["PrivateNote"], "by a clerk");
    let later = json!({"at": "2026-02-04T00:00:00Z", "edit": {"entity": "Invoice",
        "operation": "void", "body": {"Id": "1"}}});
    assert_eq!(control("POST", "/edit", later).0, 200);
    assert_eq!(desk.read("invoice", "1")["SyncToken"], "1");
    let moved = control("POST", "/clock", json!({"to": "2026-02-05T00:00:00Z"}));
    assert_eq!(moved.1["now"], "2026-02-05T00:00:00Z");
    assert_eq!(desk.sim.truth().invoices(None).count, 0);
    assert!(control("GET", "/requests", json!(null)).1["requests"].is_array());
    assert_eq!(control("POST", "/disconnect", json!(null)).0, 200);
    assert_eq!(desk.get("/companyinfo/1").status, 401);
}
