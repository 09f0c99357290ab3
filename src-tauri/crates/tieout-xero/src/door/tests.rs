use serde_json::json;
use tieout_connect::testing::json_answer;

use super::*;
use crate::config::Agreement;
use crate::testing::{TENANT, TIME, envelope, instant, path_of, rig};

async fn answered(body: &'static str) -> Answer<Answered> {
    let rig = rig(Agreement::default(), move |request| {
        (path_of(request) == "/Payments").then(|| json_answer(200, body))
    });
    rig.xero.door().read(&Request::list(Kind::Payment)).await
}

#[tokio::test]
async fn every_call_names_its_organisation_and_asks_for_json() {
    let rig = rig(Agreement::default(), |_| None);
    let since = Some(instant("2026-06-20T03:02:11Z"));
    rig.xero.door().read(&Request::list(Kind::Item).changed_since(since)).await.unwrap();
    let [request] = rig.transport.requests().try_into().unwrap();
    assert_eq!(request.uri().path(), "/api.xro/2.0/Items");
    assert_eq!(request.headers()["xero-tenant-id"], TENANT);
    assert_eq!(request.headers()["accept"], "application/json");
    assert_eq!(request.headers()["if-modified-since"], "2026-06-20T03:02:10");
    assert_eq!(request.headers()["authorization"], "Bearer access");
}

#[tokio::test]
async fn the_time_is_the_envelopes() {
    let rig =
        rig(Agreement::default(), |_| Some(json_answer(200, &envelope("Payments", &[], None))));
    let answered = rig.xero.door().read(&Request::list(Kind::Payment)).await.unwrap();
    assert_eq!(answered.at, instant(TIME));
}

#[tokio::test]
async fn else_the_time_is_the_headers() {
    let answered = answered(r#"{"Payments":[]}"#).await.unwrap();
    assert_eq!(answered.at, instant("2026-07-06T16:42:00Z"));
}

#[tokio::test]
async fn the_clock_of_this_computer_is_never_the_servers() {
    let rig = rig(Agreement::default(), |_| {
        Some(Ok(Response::new(Bytes::from_static(br#"{"Payments":[]}"#))))
    });
    let answer = rig.xero.door().read(&Request::list(Kind::Payment)).await;
    assert!(matches!(answer, Err(ConnectorError::Malformed { path }) if path == "DateTimeUTC"));
}

#[tokio::test]
async fn an_answer_without_its_list_is_none() {
    let answered = answered(r#"{"Status":"OK","Invoices":[]}"#).await.unwrap();
    assert!(answered.records("Payments").is_err());
}

#[tokio::test]
async fn a_single_read_has_one_record() {
    let none = answered(r#"{"Payments":[]}"#).await.unwrap();
    let two = answered(r#"{"Payments":[{},{}]}"#).await.unwrap();
    assert!(none.only("Payments").is_err() && two.only("Payments").is_err());
}

#[tokio::test]
async fn pages_are_told_where_the_call_was_paged() {
    let body =
        r#"{"Payments":[],"pagination":{"page":1,"pageSize":200,"pageCount":3,"itemCount":541}}"#;
    let pages = answered(body).await.unwrap().pages.unwrap();
    assert_eq!((pages.page_count, pages.item_count), (3, 541));
    assert_eq!(answered(r#"{"Payments":[]}"#).await.unwrap().pages, None);
}

#[tokio::test]
async fn a_create_carries_its_idempotency_value() {
    let rig = rig(Agreement::default(), |request| {
        (request.method() == "PUT").then(|| json_answer(200, &envelope("Invoices", &[], None)))
    });
    let request = Request::at("/Invoices");
    rig.xero.door().create(&request, Some("TIE-A.1"), &json!({"Invoices": []})).await.unwrap();
    let [request] = rig.transport.requests().try_into().unwrap();
    assert_eq!(request.method(), "PUT");
    assert_eq!(request.headers()["idempotency-key"], "TIE-A.1");
    assert_eq!(request.headers()["content-type"], "application/json");
}
