use serde_json::json;

use super::*;
use crate::config::Agreement;
use crate::testing::{Rig, Script, TIME, connect, door, fault, instant, parameter, rig, rows};
use tieout_connect::testing::{ScriptedTransport, json_answer};

fn answering(status: u16, body: &str) -> Rig {
    let transport = ScriptedTransport::new();
    let body = body.to_owned();
    transport.on(move |_| Some(json_answer(status, &body)));
    connect(transport, Agreement::default())
}

#[track_caller]
fn malformed_at(error: &ConnectorError, want: &str) {
    assert!(matches!(error, ConnectorError::Malformed { path } if path == want), "{error:?}");
}

async fn query_error(body: &str) -> ConnectorError {
    let rig = answering(200, body);
    door(&rig).rows(&Select::all(Entity::Invoice)).await.unwrap_err()
}

#[tokio::test]
async fn every_call_names_company_and_minor_version() {
    let rig = rig(Script::default().with("FROM Invoice", "{}"));
    door(&rig).rows(&Select::all(Entity::Invoice)).await.unwrap();
    let line = &rig.transport.lines()[0];
    assert!(line.starts_with("GET /v3/company/9130347957983546/query?query=SELECT%20%2A%20"));
    assert!(line.ends_with("&minorversion=75"));
}

#[tokio::test]
async fn the_time_of_an_answer() {
    let stated = answering(200, &format!(r#"{{"QueryResponse":{{}},"time":"{TIME}"}}"#));
    let rows = door(&stated).rows(&Select::all(Entity::Invoice)).await.unwrap();
    assert_eq!(rows.server_time, instant("2026-07-06T16:41:59.120Z"));
    let epoch = answering(200, r#"{"QueryResponse":{},"time":1601391072830}"#);
    let rows = door(&epoch).rows(&Select::all(Entity::Invoice)).await.unwrap();
    assert_eq!(rows.server_time, instant("2026-07-06T16:42:00Z"), "the Date header");
}

#[tokio::test]
async fn a_page_of_html_is_no_answer() {
    let rig = answering(200, "<html>Please wait</html>");
    let error = door(&rig).rows(&Select::all(Entity::Invoice)).await.unwrap_err();
    assert!(matches!(error, ConnectorError::OutcomeUnknown(_)), "{error:?}");
    assert_eq!(rig.transport.requests().len(), 5, "a read is tried again");
}

#[tokio::test]
async fn an_answer_without_its_envelope() {
    malformed_at(&query_error("{}").await, "QueryResponse");
    malformed_at(&query_error(r#"{"QueryResponse":7}"#).await, "QueryResponse");
    malformed_at(&query_error(r#"{"QueryResponse":{"Invoice":{}}}"#).await, "Invoice");
    malformed_at(&query_error(r#"{"QueryResponse":{"totalCount":"x"}}"#).await, "totalCount");
}

#[tokio::test]
async fn a_fault_inside_a_success_is_a_fault() {
    let error = query_error(&fault("4001")).await;
    assert!(matches!(error, ConnectorError::Rejected { code, .. } if code == "4001"));
}

#[tokio::test]
async fn a_fault_inside_a_large_success_is_a_fault() {
    let filler = "x".repeat(100_000);
    let body = fault("4001").replacen('{', &format!(r#"{{"Filler":"{filler}","#), 1);
    let error = query_error(&body).await;
    assert!(matches!(error, ConnectorError::Rejected { code, .. } if code == "4001"));
}

#[tokio::test]
async fn a_throttle_is_waited_for() {
    let transport = ScriptedTransport::new();
    transport.push(json_answer(429, "<IntuitResponse/>"));
    transport.push(json_answer(200, r#"{"QueryResponse":{"totalCount":26}}"#));
    let rig = connect(transport, Agreement::default());
    let rows = door(&rig).rows(&Select::count(Entity::Invoice)).await.unwrap();
    assert_eq!(rows.total, Some(26));
    assert_eq!(rig.clock.slept()[0].as_secs(), 60);
}

#[tokio::test]
async fn a_batch_answers_in_the_order_of_its_statements() {
    let invoice = rows(Entity::Invoice, &[r#"{"Id":"1"}"#.to_owned()]);
    let rig = rig(Script::default().with("FROM Invoice", invoice).with("FROM Payment", "{}"));
    let selects = [Select::all(Entity::Payment), Select::all(Entity::Invoice)];
    let answers = door(&rig).batch(&selects).await.unwrap();
    assert_eq!(answers.iter().map(|rows| rows.records.len()).collect::<Vec<_>>(), [0, 1]);
    assert_eq!(rig.transport.requests().len(), 1);
}

async fn batch_error(items: serde_json::Value) -> ConnectorError {
    let rig = answering(200, &json!({"BatchItemResponse": items}).to_string());
    let selects = [Select::all(Entity::Payment), Select::all(Entity::Invoice)];
    door(&rig).batch(&selects).await.unwrap_err()
}

#[tokio::test]
async fn one_failing_statement_fails_the_batch() {
    let fault: serde_json::Value = serde_json::from_str(&fault("4000")).unwrap();
    let error = batch_error(json!([
        {"bId": "q0", "QueryResponse": {}}, {"bId": "q1", "Fault": fault["Fault"]}]))
    .await;
    assert!(matches!(error, ConnectorError::Rejected { code, .. } if code == "4000"));
}

#[tokio::test]
async fn a_statement_without_an_answer_fails_the_batch() {
    let error = batch_error(json!([{"bId": "q0", "QueryResponse": {}}])).await;
    malformed_at(&error, "BatchItemResponse");
}

#[tokio::test]
async fn changes_come_per_kind() {
    let body = json!({"CDCResponse": [{"QueryResponse": [
        {"Payment": [{"Id": "1"}], "startPosition": 1}, {},
        {"Invoice": [{"Id": "2"}, {"Id": "3"}]}]}], "time": TIME});
    let rig = answering(200, &body.to_string());
    let kinds = [Entity::Invoice, Entity::Customer, Entity::Payment];
    let since = instant("2026-07-01T00:00:00Z");
    let (lists, server_time) = door(&rig).changes(&kinds, since).await.unwrap();
    assert_eq!(lists.iter().map(Vec::len).collect::<Vec<_>>(), [2, 0, 1]);
    assert_eq!(server_time, instant(TIME));
    let request = &rig.transport.requests()[0];
    assert_eq!(parameter(request, "entities").unwrap(), "Invoice,Customer,Payment");
    assert_eq!(parameter(request, "changedSince").unwrap(), "2026-07-01T00:00:00+00:00");
}

#[tokio::test]
async fn a_write_is_sent_once() {
    let rig = answering(500, "");
    let sent = door(&rig).create(Entity::Invoice, Some("TIE-X.1"), &json!({})).await;
    assert!(matches!(sent, Err(ConnectorError::OutcomeUnknown(_))));
    assert_eq!(rig.transport.requests().len(), 1);
}

#[tokio::test]
async fn a_report_has_columns() {
    let rig = answering(200, r#"{"Header":{}}"#);
    malformed_at(&door(&rig).report("TrialBalance", &[]).await.unwrap_err(), "Columns");
}
