use serde_json::{Value, json};
use tieout_connect::error::Action;
use tieout_connect::ports::Ledger;
use tieout_connect::testing::{ScriptedTransport, json_answer};
use tieout_connect::transport::TransportError;

use super::*;
use crate::body::tests::proposal;
use crate::config::Agreement;
use crate::testing::{
    Rig, Script, TIME, connect, fault, invoice, multi_currency, parameter, rig, rig_of,
};

fn answering(rig: Rig, status: u16, body: String) -> Rig {
    rig.transport.on(move |request| {
        let create = request.method() == "POST" && request.uri().path().ends_with("/invoice");
        create.then(|| json_answer(status, &body))
    });
    rig
}

fn stored(patch: Value) -> String {
    format!(r#"{{"Invoice":{},"time":"{TIME}"}}"#, invoice(patch))
}

fn writes(rig: &Rig) -> Vec<http::Request<bytes::Bytes>> {
    let create = |request: &http::Request<bytes::Bytes>| request.uri().path().ends_with("/invoice");
    rig.transport.requests().into_iter().filter(create).collect()
}

async fn refused(status: u16, body: String) -> ConnectorError {
    let rig = answering(rig(Script::default()), status, body);
    let error = rig.quickbooks.create(&proposal(), 1).await.unwrap_err();
    assert_eq!(writes(&rig).len(), 1, "a create is sent once");
    error
}

#[tokio::test]
async fn a_document_is_created_with_its_request_id() {
    let rig = answering(rig(Script::default()), 200, stored(json!({})));
    let document = rig.quickbooks.create(&proposal(), 2).await.unwrap();
    assert_eq!(document.id.as_str(), "266");
    assert_eq!(document.total.to_string(), "1070.56 USD", "as the tool has it");
    let [request] = writes(&rig).try_into().unwrap();
    assert_eq!(parameter(&request, "requestid").unwrap(), "TIE-4WIP5NPYZH6ZVQOB.2");
    assert_eq!(parameter(&request, "minorversion").unwrap(), "75");
    assert_eq!(request.headers()["content-type"], "application/json");
}

#[tokio::test]
async fn a_refusal_is_final() {
    for code in ["6140", "6000", "2500", "6070", "610"] {
        let error = refused(400, fault(code)).await;
        assert!(error.is_refusal() && !error.certainly_not_received(), "{code}: {error:?}");
    }
}

#[tokio::test]
async fn a_refusal_inside_a_success_is_final() {
    assert!(refused(200, fault("6140")).await.is_refusal());
}

#[tokio::test]
async fn a_closed_period_under_any_of_its_codes() {
    for code in ["6200", "6210", "5010"] {
        let error = refused(400, fault(code)).await;
        assert!(matches!(error, ConnectorError::PeriodClosed { .. }), "{code}: {error:?}");
    }
}

#[tokio::test]
async fn after_these_answers_only_asking_helps() {
    let answers = [
        (500, String::new()),
        (500, fault("10000")),
        (502, "<html>bad gateway</html>".to_owned()),
        (504, "<html>".to_owned()),
        (200, "<html>Please wait</html>".to_owned()),
        (200, String::new()),
        (200, stored(json!({})).chars().take(300).collect()),
        (200, "{}".to_owned()),
        (200, stored(json!({"TotalAmt": "n/a"}))),
        (200, stored(json!({"PrivateNote": null}))),
        (200, stored(json!({"PrivateNote": "tieout:TIE-GHM43UDXZQ5IYJ5Z opp=x"}))),
        (400, fault("600")),
    ];
    for (status, body) in answers {
        let error = refused(status, body.clone()).await;
        assert_eq!(error.action(), Action::AskFirst, "{status} {body}: {error:?}");
        assert!(!error.certainly_not_received() && !error.is_refusal());
    }
}

#[tokio::test]
async fn a_lost_answer_is_an_unknown_outcome() {
    let rig = rig(Script::default());
    rig.transport.on(|request| {
        let create = request.method() == "POST" && request.uri().path().ends_with("/invoice");
        create.then(|| Err(TransportError::NoAnswer("reset".into())))
    });
    let error = rig.quickbooks.create(&proposal(), 1).await.unwrap_err();
    assert!(matches!(error, ConnectorError::OutcomeUnknown(_)));
    assert_eq!(writes(&rig).len(), 1);
}

#[tokio::test]
async fn a_throttle_was_not_received() {
    let error = refused(429, "<IntuitResponse/>".to_owned()).await;
    assert!(error.certainly_not_received());
    let ConnectorError::Throttled { retry_after } = error else { panic!("{error:?}") };
    assert_eq!(retry_after.unwrap().as_secs(), 60);
}

#[tokio::test]
async fn settings_that_cannot_be_read_mean_that_nothing_was_sent() {
    for (status, body) in [(500, ""), (200, "<html>"), (200, "{}"), (200, r#"{"Preferences":{}}"#)]
    {
        let transport = ScriptedTransport::new();
        transport.on(move |_| Some(json_answer(status, body)));
        let rig = connect(transport, Agreement::default());
        let error = rig.quickbooks.create(&proposal(), 1).await.unwrap_err();
        assert!(error.certainly_not_received(), "{status} {body}: {error:?}");
        assert!(writes(&rig).is_empty());
    }
}

#[tokio::test]
async fn what_the_tool_would_refuse_is_not_sent() {
    let rig = rig(Script::default());
    let foreign = ProposedDocument { currency: crate::testing::currency("EUR"), ..proposal() };
    let error = rig.quickbooks.create(&foreign, 1).await.unwrap_err();
    assert!(matches!(error, ConnectorError::Rejected { code, .. } if code == "6000"));
    let sale = ProposedDocument { kind: LedgerDocumentKind::CashSale, ..proposal() };
    assert!(rig.quickbooks.create(&sale, 1).await.unwrap_err().is_refusal());
    assert!(writes(&rig).is_empty());
}

#[tokio::test]
async fn a_credit_memo_has_its_own_address() {
    let rig = rig_of(Script::default(), multi_currency(), Agreement::default());
    let body = format!(r#"{{"CreditMemo":{}}}"#, invoice(json!({"RemainingCredit": 5})));
    rig.transport.on(move |request| {
        request.uri().path().ends_with("/creditmemo").then(|| json_answer(200, &body))
    });
    let credit = ProposedDocument { kind: LedgerDocumentKind::CreditMemo, ..proposal() };
    let document = rig.quickbooks.create(&credit, 1).await.unwrap();
    assert_eq!(document.kind, LedgerDocumentKind::CreditMemo);
}

#[tokio::test]
async fn an_expired_token_is_renewed_and_the_create_sent_again() {
    let rig = rig(Script::default());
    let first = std::sync::atomic::AtomicBool::new(true);
    rig.transport.on(move |request| {
        if request.uri().path().ends_with("/tokens/bearer") {
            let answer = r#"{"access_token":"new","refresh_token":"r2","token_type":"bearer","expires_in":3600}"#;
            return Some(json_answer(200, answer));
        }
        if !request.uri().path().ends_with("/invoice") {
            return None;
        }
        let refused = first.swap(false, std::sync::atomic::Ordering::SeqCst);
        let (status, body) = if refused { (401, String::new()) } else { (200, stored(json!({}))) };
        Some(json_answer(status, &body))
    });
    assert!(rig.quickbooks.create(&proposal(), 1).await.is_ok());
    let ids: Vec<_> = writes(&rig).iter().map(|request| parameter(request, "requestid")).collect();
    assert_eq!(ids.len(), 2);
    assert_eq!(ids[0], ids[1]);
}
