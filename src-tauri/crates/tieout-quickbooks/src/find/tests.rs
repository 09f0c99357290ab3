use serde_json::{Value, json};
use tieout_connect::error::ConnectorError;
use tieout_connect::ports::Ledger;

use super::*;
use crate::body::tests::proposal;
use crate::config::Agreement;
use crate::testing::{Rig, Script, invoice, rig_of, rows, statement};

const DAY: &str = "CustomerRef = '72' AND TxnDate = '2026-02-03'";
const NUMBER: &str = "DocNumber = 'TIE-4WIP5NPYZH6ZVQOB'";

fn company(script: Script, own_numbers: bool) -> Rig {
    rig_of(script, json!({}), Agreement { own_numbers, ..Agreement::default() })
}

fn found(patches: &[Value]) -> String {
    rows(Entity::Invoice, &patches.iter().map(|patch| invoice(patch.clone())).collect::<Vec<_>>())
}

fn others() -> Value {
    json!({"Id": "1", "PrivateNote": "tieout:TIE-GHM43UDXZQ5IYJ5Z", "DocNumber": "7"})
}

#[tokio::test]
async fn by_the_note_among_the_customers_documents_of_the_day() {
    let rig = company(Script::default().with(DAY, found(&[others(), json!({})])), false);
    let document = rig.quickbooks.find(&proposal()).await.unwrap().unwrap();
    assert_eq!(document.id.as_str(), "266");
    let last = statement(rig.transport.requests().last().unwrap());
    assert!(last.starts_with("SELECT * FROM Invoice WHERE CustomerRef = '72' AND TxnDate"));
}

#[tokio::test]
async fn nothing_with_our_key_is_none() {
    let rig = company(Script::default().with(DAY, found(&[others()])), false);
    assert_eq!(rig.quickbooks.find(&proposal()).await.unwrap(), None);
    let rig = company(Script::default().with(DAY, "{}"), false);
    assert_eq!(rig.quickbooks.find(&proposal()).await.unwrap(), None);
}

#[tokio::test]
async fn by_the_number_where_it_is_ours() {
    let own = json!({"DocNumber": "TIE-4WIP5NPYZH6ZVQOB", "PrivateNote": null});
    let rig = company(Script::default().with(NUMBER, found(&[own])), true);
    assert_eq!(rig.quickbooks.find(&proposal()).await.unwrap().unwrap().id.as_str(), "266");
}

#[tokio::test]
async fn a_changed_number_does_not_hide_the_document() {
    let script = Script::default().with(NUMBER, "{}").with(DAY, found(&[json!({})]));
    let rig = company(script, true);
    assert_eq!(rig.quickbooks.find(&proposal()).await.unwrap().unwrap().id.as_str(), "266");
}

#[tokio::test]
async fn a_voided_document_is_found() {
    let void = json!({"PrivateNote": "Voided - tieout:TIE-4WIP5NPYZH6ZVQOB opp=x",
        "TotalAmt": 0, "Balance": 0, "TxnTaxDetail": {}});
    let rig = company(Script::default().with(DAY, found(&[void])), false);
    assert!(rig.quickbooks.find(&proposal()).await.unwrap().is_some());
}

#[tokio::test]
async fn our_document_that_cannot_be_read_is_never_none() {
    let odd = json!({"TotalAmt": "n/a"});
    let rig = company(Script::default().with(DAY, found(&[odd])), false);
    let error = rig.quickbooks.find(&proposal()).await.unwrap_err();
    assert!(matches!(error, ConnectorError::Malformed { path } if path == "Invoice.TotalAmt"));
    let torn = r#"{"Invoice":[{"PrivateNote":"\ud800"}]}"#;
    let rig = company(Script::default().with(DAY, torn), false);
    assert!(rig.quickbooks.find(&proposal()).await.is_err());
}

#[tokio::test]
async fn another_document_that_cannot_be_read_does_not_matter() {
    let mut odd = others();
    odd["TotalAmt"] = json!("n/a");
    let rig = company(Script::default().with(DAY, found(&[odd])), false);
    assert_eq!(rig.quickbooks.find(&proposal()).await.unwrap(), None);
}

#[tokio::test]
async fn too_many_candidates_are_never_none() {
    let many: Vec<String> = (0..1000).map(|_| invoice(others())).collect();
    let rig = company(Script::default().with(DAY, rows(Entity::Invoice, &many)), false);
    assert!(rig.quickbooks.find(&proposal()).await.is_err());
}
