//! `Idempotency-Key` and the limits of calls (`xero §5, §7.2`).

use serde_json::{Value, json};

use crate::desk::{Answer, Desk, approved};

fn keyed(desk: &Desk, method: &str, path: &str, key: &str, body: &Value) -> Answer {
    desk.api(method, path, &[("idempotency-key", key)], &body.to_string())
}

#[test]
fn the_first_answer_is_replayed_for_six_minutes() {
    let desk = Desk::new();
    let body = approved(&desk.contact("Acme"), "10", "2026-01-15");
    let first = keyed(&desk, "PUT", "/Invoices", "TIE-A.1", &body);
    desk.advance("PT5M59S");
    let again = keyed(&desk, "PUT", "/Invoices", "TIE-A.1", &body);
    assert_eq!(first.text, again.text);
    assert_eq!(desk.get("/Invoices").rows().len(), 1);
    desk.advance("PT1S");
    keyed(&desk, "PUT", "/Invoices", "TIE-A.1", &body).one();
    assert_eq!(desk.get("/Invoices").rows().len(), 2);
}

#[test]
fn a_key_belongs_to_one_request() {
    let desk = Desk::new();
    let body = approved(&desk.contact("Acme"), "10", "2026-01-15");
    keyed(&desk, "PUT", "/Invoices", "K", &body).one();
    let other = approved("x", "11", "2026-01-15");
    for (method, path, body) in [
        ("PUT", "/Invoices", &other),
        ("POST", "/Invoices", &body),
        ("PUT", "/Invoices?unitdp=4", &body),
    ] {
        let answer = keyed(&desk, method, path, "K", body);
        assert_eq!(answer.status, 400);
        assert_eq!(
            answer.json()["Message"],
            "Idempotency Key: K is used with a different request."
        );
    }
    assert_eq!(keyed(&desk, "PUT", "/Invoices", &"K".repeat(129), &body).status, 400);
}

#[test]
fn errors_are_kept_as_well() {
    let desk = Desk::new();
    let mut body = approved(&desk.contact("Acme"), "10", "2026-01-15");
    body["CurrencyCode"] = json!("SEK");
    let refused = keyed(&desk, "PUT", "/Invoices", "K.1", &body);
    assert!(refused.messages().contains("not subscribed"));
    desk.put("/Currencies", json!({"Code": "SEK"})).one();
    assert_eq!(keyed(&desk, "PUT", "/Invoices", "K.1", &body).text, refused.text);
    assert_eq!(keyed(&desk, "PUT", "/Invoices", "K.2", &body).status, 200);
}

#[test]
fn replays_count_against_the_limits() {
    let desk = Desk::new();
    let body = approved(&desk.contact("Acme"), "10", "2026-01-15");
    keyed(&desk, "PUT", "/Invoices", "K", &body).one();
    desk.advance("PT1M");
    desk.sim.switch(&json!({"minute_limit": 1})).unwrap();
    assert_eq!(keyed(&desk, "PUT", "/Invoices", "K", &body).status, 200);
    assert_eq!(keyed(&desk, "PUT", "/Invoices", "K", &body).status, 429);
}

#[test]
fn the_minute_ends_with_an_empty_429() {
    let desk = Desk::new();
    desk.advance("PT1M");
    desk.sim.switch(&json!({"minute_limit": 60, "day_limit": 5000})).unwrap();
    let left = |answer: &Answer, name: &str| answer.header(name).unwrap().parse::<u32>().unwrap();
    let first = desk.get("/Organisation");
    assert_eq!(left(&first, "x-minlimit-remaining"), 59);
    assert!(left(&first, "x-appminlimit-remaining") < 10_000);
    for _ in 0..59 {
        assert_eq!(desk.get("/Organisation").status, 200);
    }
    let refused = desk.get("/Organisation");
    assert_eq!((refused.status, refused.text.as_str()), (429, ""));
    assert_eq!(refused.header("content-type"), None);
    assert_eq!(refused.header("x-rate-limit-problem"), Some("minute"));
    assert_eq!(left(&refused, "x-minlimit-remaining"), 0);
    let wait = refused.header("retry-after").unwrap().to_owned();
    assert!((1..=60).contains(&wait.parse::<u32>().unwrap()));
    desk.advance(&format!("PT{wait}S"));
    assert_eq!(desk.get("/Organisation").status, 200);
}

#[test]
fn the_day_ends_with_a_long_wait() {
    let desk = Desk::new();
    desk.advance("PT24H");
    desk.sign_in();
    desk.sim.switch(&json!({"day_limit": 2})).unwrap();
    desk.get("/Organisation");
    assert_eq!(desk.get("/Organisation").header("x-daylimit-remaining"), Some("0"));
    let refused = desk.get("/Organisation");
    assert_eq!((refused.status, refused.header("x-rate-limit-problem")), (429, Some("day")));
    assert!(refused.header("retry-after").unwrap().parse::<u32>().unwrap() > 60);
    assert_ne!(refused.header("x-minlimit-remaining"), Some("0"));
}

#[test]
fn limits_are_per_organisation() {
    let desk = Desk::new();
    desk.sign_in();
    desk.advance("PT1M");
    desk.sim.switch(&json!({"minute_limit": 1})).unwrap();
    desk.get("/Organisation");
    assert_eq!(desk.get("/Organisation").status, 429);
    let other = [("xero-tenant-id", crate::desk::SECOND)];
    assert_eq!(desk.api("GET", "/Organisation", &other, "").status, 200);
}

#[test]
fn five_requests_are_under_way_at_a_time() {
    use axum::body::Body;
    use http::Request;
    use tower::ServiceExt;
    let desk = Desk::new();
    desk.sim.hold();
    let request = || {
        Request::get("/api.xro/2.0/Organisation")
            .header("authorization", desk.bearer())
            .header("xero-tenant-id", desk.tenant())
            .header("accept", "application/json")
            .body(Body::empty())
            .unwrap()
    };
    desk.runtime.block_on(async {
        let held: Vec<_> =
            (0..5).map(|_| tokio::spawn(desk.sim.router().oneshot(request()))).collect();
        tokio::task::yield_now().await;
        let sixth = desk.sim.router().oneshot(request()).await.unwrap();
        assert_eq!(sixth.status().as_u16(), 429);
        assert_eq!(sixth.headers()["x-rate-limit-problem"], "concurrent");
        assert!(sixth.headers().get("retry-after").is_none());
        desk.sim.release();
        for one in held {
            assert_eq!(one.await.unwrap().unwrap().status().as_u16(), 200);
        }
    });
    assert_eq!(desk.get("/Organisation").status, 200);
}
