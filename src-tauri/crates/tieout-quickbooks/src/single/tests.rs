use serde_json::json;
use tieout_connect::ports::Ledger;
use tieout_connect::testing::json_answer;

use super::*;
use crate::testing::{Script, fault, invoice, rig};

async fn ask(status: u16, body: String) -> Answer<Option<Document>> {
    let rig = rig(Script::default());
    rig.transport.on(move |request| {
        request.uri().path().ends_with("/invoice/266").then(|| json_answer(status, &body))
    });
    let id = DocumentId::new("266").unwrap();
    rig.quickbooks.document(LedgerDocumentKind::Invoice, &id).await
}

#[tokio::test]
async fn a_document_that_is_there() {
    let body = format!(r#"{{"Invoice":{}}}"#, invoice(json!({})));
    assert_eq!(ask(200, body).await.unwrap().unwrap().id.as_str(), "266");
}

#[tokio::test]
async fn a_document_that_is_gone() {
    assert_eq!(ask(400, fault("610")).await.unwrap(), None);
    let stub = r#"{"Invoice":{"Id":"266","status":"Deleted"}}"#;
    assert_eq!(ask(200, stub.to_owned()).await.unwrap(), None);
}

#[tokio::test]
async fn no_other_answer_means_gone() {
    for (status, body) in [(404, "<html>"), (400, ""), (500, ""), (200, "{}"), (403, "")] {
        assert!(ask(status, body.to_owned()).await.is_err(), "{status} {body}");
    }
    assert!(
        ask(200, format!(r#"{{"Invoice":{}}}"#, invoice(json!({"Balance": null})))).await.is_err()
    );
}

#[tokio::test]
async fn a_payment_by_its_id() {
    let rig = rig(Script::default());
    let body = json!({"Payment": {"Id": "301", "SyncToken": "0", "TxnDate": "2026-02-20",
        "MetaData": {"LastUpdatedTime": "2026-02-20T10:00:00-08:00"}, "TotalAmt": 5,
        "UnappliedAmt": 5, "CustomerRef": {"value": "7"}}})
    .to_string();
    rig.transport.on(move |request| {
        request.uri().path().ends_with("/payment/301").then(|| json_answer(200, &body))
    });
    let receipt = rig.quickbooks.receipt(&ReceiptId::new("301").unwrap()).await.unwrap().unwrap();
    assert_eq!(receipt.unapplied_now.to_plain(), "5.00");
}
