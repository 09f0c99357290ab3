use serde_json::{Value, json};
use tieout_connect::ports::{Ledger, Source};

use super::*;
use crate::testing::{Rig, Script, batch_statements, invoice, patched, rig, rows};

const CUSTOMER: &str = r#"{"Customer":[{"Id":"72","SyncToken":"0","DisplayName":"Acme",
    "MetaData":{"LastUpdatedTime":"2026-02-03T09:15:42-08:00"}}]}"#;

fn payment(id: &str, customer: &str) -> String {
    patched(
        json!({"SyncToken": "0", "TotalAmt": 5, "UnappliedAmt": 5, "TxnDate": "2026-02-20",
            "MetaData": {"LastUpdatedTime": "2026-02-20T10:00:00-08:00"}}),
        json!({"Id": id, "CustomerRef": {"value": customer}}),
    )
}

fn invoices(patches: &[Value]) -> String {
    rows(Entity::Invoice, &patches.iter().map(|patch| invoice(patch.clone())).collect::<Vec<_>>())
}

/// A company whose customer 72 has these invoices and payments.
fn company(invoices: String, payments: String) -> Script {
    Script::default()
        .with("FROM Customer", CUSTOMER)
        .with("FROM Invoice", invoices)
        .with("FROM Payment WHERE CustomerRef", payments)
        .with("FROM CreditMemo", "{}")
        .with("FROM SalesReceipt", "{}")
        .with("FROM RefundReceipt", "{}")
}

async fn snapshot(rig: &Rig) -> CustomerSnapshot {
    rig.quickbooks.customer(&CustomerId::new("72").unwrap()).await.unwrap()
}

fn ids(snapshot: &CustomerSnapshot) -> Vec<String> {
    snapshot.facts.iter().map(|fact| fact.id().to_owned()).collect()
}

#[tokio::test]
async fn everything_comes_in_one_request_once_the_settings_are_known() {
    let payments = rows(Entity::Payment, &[payment("301", "72")]);
    let rig = rig(company(invoices(&[json!({})]), payments));
    let first = snapshot(&rig).await;
    assert_eq!(rig.quickbooks.requests_sent(), 2, "one of them for the settings");
    assert_eq!(first.customer.unwrap().name, "Acme");
    assert_eq!(first.server_time, crate::testing::instant(crate::testing::TIME));
    let again = snapshot(&rig).await;
    assert_eq!(rig.quickbooks.requests_sent(), 3);
    assert_eq!(ids(&again), ["266", "301"]);
    let last = batch_statements(rig.transport.requests().last().unwrap());
    assert_eq!(last.len(), 6);
    assert!(last[1].ends_with(
        "WHERE CustomerRef = '72' ORDERBY MetaData.LastUpdatedTime DESC STARTPOSITION 1 MAXRESULTS 1000"
    ));
}

#[tokio::test]
async fn a_payment_by_the_parent_is_fetched_too() {
    let linked = json!({"LinkedTxn": [{"TxnId": "400", "TxnType": "Payment"},
        {"TxnId": "301", "TxnType": "Payment"}, {"TxnId": "9", "TxnType": "Estimate"}]});
    let own = rows(Entity::Payment, &[payment("301", "72")]);
    let parents = rows(Entity::Payment, &[payment("400", "70")]);
    let rig = rig(company(invoices(&[linked]), own).with("Id IN ('400')", parents));
    assert_eq!(ids(&snapshot(&rig).await), ["266", "301", "400"]);
    assert_eq!(rig.quickbooks.requests_sent(), 3);
}

#[tokio::test]
async fn a_long_history_takes_three_requests_at_most() {
    let page = |from: usize| {
        let many: Vec<Value> =
            (from..from + 1000).map(|id| json!({"Id": id.to_string()})).collect();
        invoices(&many)
    };
    let script = Script::default()
        .with("FROM Invoice WHERE CustomerRef = '72' ORDERBY MetaData.LastUpdatedTime DESC STARTPOSITION 1001", page(1000))
        .with("STARTPOSITION 2001", page(2000))
        .with("STARTPOSITION 3001", page(3000));
    let rest = company(page(0), "{}".to_owned());
    let rig = rig(Script { answers: [script.answers, rest.answers].concat() });
    let read = snapshot(&rig).await;
    assert_eq!(read.facts.len(), 3000);
    assert_eq!(rig.quickbooks.requests_sent(), 4, "one for the settings, three for the snapshot");
}

#[tokio::test]
async fn one_poisoned_record_does_not_stop_the_rest() {
    let odd = json!({"Id": "7", "TotalAmt": 1.005});
    let rig = rig(company(invoices(&[odd, json!({})]), "{}".to_owned()));
    let read = snapshot(&rig).await;
    assert_eq!(ids(&read), ["266"]);
    assert_eq!(read.quarantined[0].id, "7");
}

#[tokio::test]
async fn an_unknown_customer_is_none() {
    let script = Script::default().with("FROM Customer", "{}");
    let rest = company("{}".to_owned(), "{}".to_owned());
    let rig = rig(Script { answers: [script.answers, rest.answers].concat() });
    assert!(snapshot(&rig).await.customer.is_none());
}
