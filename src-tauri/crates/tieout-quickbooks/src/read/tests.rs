use std::time::Duration;

use serde_json::{Value, json};
use tieout_connect::ports::Source;
use tieout_connect::testing::{ScriptedAnswer, ScriptedTransport, json_answer};

use super::*;
use crate::config::Agreement;
use crate::testing::{
    Rig, Script, TIME, connect, fault, instant, invoice, parameter, patched, preferences, raw, rig,
    rows, shown, statement,
};

const SINCE: &str = "2026-07-06T16:00:00Z";

fn request(stream: Stream, since: Option<&str>) -> ReadRequest {
    ReadRequest { stream, since: since.map(instant), token: None }
}

fn changed(id: &str, at: &str, patch: Value) -> String {
    let base: Value = serde_json::from_str(&invoice(patch)).unwrap();
    patched(base, json!({"Id": id, "MetaData": {"LastUpdatedTime": at}}))
}

fn stub(id: &str) -> String {
    json!({"Id": id, "status": "Deleted", "domain": "QBO",
        "MetaData": {"LastUpdatedTime": "2026-07-06T09:10:00-07:00"}})
    .to_string()
}

/// The parts of a list of changes: JSON of each kind that has any.
fn cdc(parts: &[(Entity, Vec<String>)]) -> String {
    let parts: Vec<String> = parts.iter().map(|(kind, list)| rows(*kind, list)).collect();
    format!(r#"{{"CDCResponse":[{{"QueryResponse":[{}]}}],"time":"{TIME}"}}"#, parts.join(","))
}

/// A company that answers `cdc` with this, and single records from the list of paths.
fn company(cdc: String, records: &'static [(&'static str, u16, &'static str)]) -> Rig {
    let rig = rig(Script::default().with("COUNT(*)", r#"{"totalCount":1}"#).with("FROM ", "{}"));
    rig.transport.on(move |request| -> Option<ScriptedAnswer> {
        let path = request.uri().path();
        if path.ends_with("/cdc") {
            return Some(json_answer(200, &cdc));
        }
        let (_, status, body) = records.iter().find(|(tail, ..)| path.ends_with(tail))?;
        Some(json_answer(*status, body))
    });
    rig
}

fn cdc_calls(rig: &Rig) -> usize {
    rig.transport.lines().iter().filter(|line| line.contains("/cdc?")).count()
}

async fn read_first(rig: &Rig, stream: Stream) -> Page {
    rig.quickbooks.read(&request(stream, Some(SINCE))).await.unwrap()
}

fn words(page: &Page) -> Vec<String> {
    page.records.iter().map(shown).collect()
}

#[tokio::test]
async fn eight_feeds_cost_one_list_of_changes() {
    let rig = company(cdc(&[]), &[]);
    for stream in crate::entity::STREAMS {
        let page = read_first(&rig, stream).await;
        assert_eq!((page.records.len(), page.next), (0, None));
        assert_eq!(page.server_time, instant(TIME));
    }
    assert_eq!(cdc_calls(&rig), 1);
}

#[tokio::test]
async fn the_next_run_asks_afresh() {
    let rig = company(cdc(&[]), &[]);
    read_first(&rig, Stream::Customers).await;
    read_first(&rig, Stream::Customers).await;
    assert_eq!(cdc_calls(&rig), 2);
}

#[tokio::test]
async fn a_list_that_does_not_reach_back_far_enough_is_not_used() {
    let rig = company(cdc(&[]), &[]);
    read_first(&rig, Stream::Customers).await;
    rig.quickbooks.read(&request(Stream::Invoices, Some("2026-07-06T15:59:59Z"))).await.unwrap();
    assert_eq!(cdc_calls(&rig), 2);
}

#[tokio::test]
async fn an_old_list_is_not_used() {
    let rig = company(cdc(&[]), &[]);
    read_first(&rig, Stream::Customers).await;
    rig.clock.advance(Duration::from_secs(301));
    read_first(&rig, Stream::Invoices).await;
    assert_eq!(cdc_calls(&rig), 2);
}

#[tokio::test]
async fn changes_become_facts() {
    let list = vec![
        changed("1", "2026-07-06T09:05:00-07:00", json!({})),
        changed("2", "2026-07-06T09:06:00-07:00", json!({"TotalAmt": 1.001})),
        changed("3", "2026-07-06T08:00:00-07:00", json!({})),
    ];
    let rig = company(cdc(&[(Entity::Invoice, list)]), &[]);
    let page = read_first(&rig, Stream::Invoices).await;
    assert_eq!(words(&page), ["fact 1", "TOO_PRECISE 2 at TotalAmt"], "3 is older than asked for");
    assert_eq!(page.mark, Some(instant("2026-07-06T16:06:00Z")));
}

#[tokio::test]
async fn a_quarantined_record_is_kept_as_it_came() {
    let odd = changed("2", "2026-07-06T09:06:00-07:00", json!({"TotalAmt": "1,861.07"}));
    let rig = company(cdc(&[(Entity::Invoice, vec![odd.clone()])]), &[]);
    let page = read_first(&rig, Stream::Invoices).await;
    let Read::Quarantined(aside) = &page.records[0] else { panic!("aside") };
    assert_eq!((aside.excerpt.as_str(), aside.raw.as_str()), ("1,861.07", odd.as_str()));
}

#[tokio::test]
async fn contradicting_copies_are_kept_aside_and_equal_ones_are_one() {
    let at = "2026-07-06T09:05:00-07:00";
    let list = vec![
        changed("1", at, json!({})),
        changed("1", at, json!({})),
        changed("2", at, json!({})),
        changed("2", at, json!({"SyncToken": "1"})),
    ];
    let rig = company(cdc(&[(Entity::Invoice, list)]), &[]);
    let page = read_first(&rig, Stream::Invoices).await;
    assert_eq!(words(&page), ["fact 1", "DUPLICATE_ID 2 at Id", "DUPLICATE_ID 2 at Id"]);
}

#[tokio::test]
async fn a_deletion_is_believed_after_a_look() {
    const ALIVE: &str = r#"{"Invoice":{"Id":"272","SyncToken":"0","TxnDate":"2026-07-01",
        "MetaData":{"LastUpdatedTime":"2026-07-06T09:12:00-07:00"},"CustomerRef":{"value":"7"},
        "TotalAmt":5,"Balance":5},"time":"2026-07-06T09:42:00-07:00"}"#;
    const DELETED: &str = r#"{"Invoice":{"Id":"273","status":"Deleted","domain":"QBO"}}"#;
    const GONE: &str = r#"{"Fault":{"Error":[{"code":"610","Detail":"Object Not Found"}]}}"#;
    let list = vec![stub("271"), stub("272"), stub("273")];
    let rig = company(
        cdc(&[(Entity::Invoice, list)]),
        &[
            ("/invoice/271", 400, GONE),
            ("/invoice/272", 200, ALIVE),
            ("/invoice/273", 200, DELETED),
        ],
    );
    let page = read_first(&rig, Stream::Invoices).await;
    assert_eq!(words(&page), ["gone 271", "gone 273", "fact 272"]);
    let Read::Fact(fact) = &page.records[0] else { panic!("a fact") };
    let Fact::Gone(gone) = fact.as_ref() else { panic!("gone") };
    assert_eq!((gone.stream, gone.deleted_at), (Stream::Invoices, instant("2026-07-06T16:10:00Z")));
}

#[tokio::test]
async fn a_wrong_address_is_not_taken_for_a_deletion() {
    let rig = company(
        cdc(&[(Entity::Invoice, vec![stub("271")])]),
        &[("/invoice/271", 404, "<html>not here</html>")],
    );
    let error = rig.quickbooks.read(&request(Stream::Invoices, Some(SINCE))).await.unwrap_err();
    assert!(matches!(error, ConnectorError::NotPermitted { .. }), "{error:?}");
}

#[tokio::test]
async fn a_deleted_deposit_is_gone_under_our_id() {
    const GONE: &str = r#"{"Fault":{"Error":[{"code":"610"}]}}"#;
    let rig = company(cdc(&[(Entity::Deposit, vec![stub("310")])]), &[("/deposit/310", 400, GONE)]);
    assert_eq!(words(&read_first(&rig, Stream::Journals).await), ["gone deposit-310"]);
}

#[tokio::test]
async fn a_list_that_was_cut_short_is_not_used_by_any_feed() {
    let at = "2026-07-06T09:05:00-07:00";
    let list = (0..1000).map(|id| changed(&id.to_string(), at, json!({}))).collect();
    let rig = company(cdc(&[(Entity::Payment, list)]), &[]);
    for stream in [Stream::Customers, Stream::Invoices, Stream::Receipts] {
        assert_eq!(read_first(&rig, stream).await.records.len(), 0, "read by pages");
    }
    assert_eq!(cdc_calls(&rig), 1);
    let last = statement(rig.transport.requests().last().unwrap());
    assert!(last.starts_with(
        "SELECT * FROM Payment WHERE MetaData.LastUpdatedTime >= '2026-07-06T16:00:00+00:00'"
    ));
}

#[tokio::test]
async fn a_gap_beyond_the_look_back_is_read_by_pages() {
    let rig = company(cdc(&[]), &[]);
    let far = request(Stream::Invoices, Some("2026-06-11T16:42:00Z"));
    rig.quickbooks.read(&far).await.unwrap();
    assert_eq!(cdc_calls(&rig), 0);
    let near = request(Stream::Invoices, Some("2026-06-11T16:42:01Z"));
    rig.quickbooks.read(&near).await.unwrap();
    assert_eq!(cdc_calls(&rig), 1);
}

#[tokio::test]
async fn a_first_read_says_how_much_there_is() {
    let response = rows(Entity::Invoice, &[changed("1", "2026-02-03T09:20:00-08:00", json!({}))]);
    let rig = rig(Script::default()
        .with("COUNT(*)", r#"{"totalCount":17}"#)
        .with("FROM Invoice", response));
    let page = rig.quickbooks.read(&request(Stream::Invoices, None)).await.unwrap();
    assert_eq!((page.total, page.next.is_some()), (Some(17), false));
    assert_eq!(words(&page), ["fact 1"]);
    assert_eq!(page.mark, Some(instant("2026-02-03T17:20:00Z")));
}

#[tokio::test]
async fn journals_go_on_with_deposits() {
    let rig = rig(Script::default().with("FROM JournalEntry", "{}").with("FROM Deposit", "{}"));
    let first = rig.quickbooks.read(&request(Stream::Journals, None)).await.unwrap();
    let token = first.next.expect("deposits are still to come");
    let next = ReadRequest { token: Some(token), ..request(Stream::Journals, None) };
    let second = rig.quickbooks.read(&next).await.unwrap();
    assert_eq!(second.next, None);
    let last = statement(
        rig.transport.requests().iter().rev().find(|r| r.uri().path().ends_with("/query")).unwrap(),
    );
    assert!(last.starts_with("SELECT * FROM Deposit"));
}

#[tokio::test]
async fn a_token_goes_on_where_it_was_left() {
    let at = |second: usize| format!("2026-02-03T09:{:02}:{:02}-08:00", second / 60, second % 60);
    let first: Vec<String> =
        (0..1000).map(|id| changed(&id.to_string(), &at(id), json!({}))).collect();
    let second = vec![changed("999", &at(999), json!({})), changed("1000", &at(1000), json!({}))];
    let script = Script::default()
        .with("COUNT(*)", r#"{"totalCount":1001}"#)
        .with("LastUpdatedTime >=", rows(Entity::Invoice, &second))
        .with("FROM Invoice", rows(Entity::Invoice, &first));
    let rig = rig(script);
    let page = rig.quickbooks.read(&request(Stream::Invoices, None)).await.unwrap();
    assert_eq!(page.records.len(), 1000);
    let next = ReadRequest { token: page.next, ..request(Stream::Invoices, None) };
    let page = rig.quickbooks.read(&next).await.unwrap();
    assert_eq!(
        (words(&page), page.total, page.next),
        (vec!["fact 1000".to_owned()], Some(1001), None)
    );
}

#[tokio::test]
async fn a_foreign_token_starts_the_read_again() {
    let rig = rig(Script::default());
    for token in [
        "",
        "{}",
        "7",
        r#"{"kind":9,"position":{"bound":null,"start":1,"first":null,"seen":[]},"total":null}"#,
    ] {
        let request = ReadRequest {
            token: Some(PageToken(token.to_owned())),
            ..request(Stream::Invoices, None)
        };
        let error = rig.quickbooks.read(&request).await.unwrap_err();
        assert!(matches!(error, ConnectorError::CursorLost), "{token}");
    }
}

#[tokio::test]
async fn a_ledger_has_no_deals() {
    let rig = rig(Script::default());
    let error = rig.quickbooks.read(&request(Stream::Deals, None)).await.unwrap_err();
    assert!(matches!(error, ConnectorError::NotPermitted { .. }));
}

/// Settings that learn of account 86 only when they are read a second time.
#[tokio::test]
async fn a_new_account_makes_the_settings_be_read_again() {
    let journal = json!({"Id": "619", "SyncToken": "0", "TxnDate": "2026-07-06",
        "MetaData": {"LastUpdatedTime": "2026-07-06T09:05:00-07:00"},
        "Line": [{"Amount": 5, "JournalEntryLineDetail": {"PostingType": "Debit",
                  "AccountRef": {"value": "86"}}}]});
    let cdc = cdc(&[(Entity::JournalEntry, vec![journal.to_string()])]);
    let transport = ScriptedTransport::new();
    let settings = json!({"Preferences": [preferences(json!({}))]});
    let loads = std::sync::atomic::AtomicU32::new(0);
    transport.on(move |request| {
        let path = request.uri().path();
        if path.ends_with("/cdc") {
            return Some(json_answer(200, &cdc));
        }
        let known = loads.fetch_add(1, std::sync::atomic::Ordering::SeqCst) > 0;
        let id = if known { "86" } else { "84" };
        let account = json!({"Account": [{"Id": id, "AccountType": "Accounts Receivable"}]});
        path.ends_with("/batch").then(|| {
            json_answer(
                200,
                &json!({"BatchItemResponse": [
                {"bId": "q0", "QueryResponse": settings},
                {"bId": "q1", "QueryResponse": account}, {"bId": "q2", "QueryResponse": {}},
                {"bId": "q3", "QueryResponse": {}}, {"bId": "q4", "QueryResponse": {}}]})
                .to_string(),
            )
        })
    });
    let rig = connect(transport, Agreement::default());
    assert_eq!(words(&read_first(&rig, Stream::Journals).await), ["fact 619"]);
}

#[tokio::test]
async fn ids_are_listed_for_the_comparison() {
    let list: Vec<String> = ["30", "4", "5"]
        .iter()
        .map(|id| changed(id, "2026-02-03T09:20:00-08:00", json!({"TotalAmt": "unreadable"})))
        .collect();
    let rig = rig(Script::default()
        .with("COUNT(*)", r#"{"totalCount":3}"#)
        .with("FROM Invoice", rows(Entity::Invoice, &list)));
    let ids = rig.quickbooks.ids(Stream::Invoices).await.unwrap().unwrap();
    assert_eq!(ids, ["30", "4", "5"]);
    assert_eq!(rig.quickbooks.ids(Stream::Journals).await.unwrap(), None);
}

#[tokio::test]
async fn too_many_ids_are_not_listed() {
    let rig = rig(Script::default().with("COUNT(*)", r#"{"totalCount":20001}"#));
    assert_eq!(rig.quickbooks.ids(Stream::Invoices).await.unwrap(), None);
    assert_eq!(rig.quickbooks.requests_sent(), 1);
}

#[tokio::test]
async fn an_id_that_cannot_be_read_is_an_error_not_a_loss() {
    let rig = rig(Script::default()
        .with("COUNT(*)", r#"{"totalCount":1}"#)
        .with("FROM Invoice", r#"{"Invoice":[{"Id":7}]}"#));
    assert!(rig.quickbooks.ids(Stream::Invoices).await.is_err());
}

#[tokio::test]
async fn a_dead_grant_is_said_as_it_is() {
    let transport = ScriptedTransport::new();
    transport.on(|request| {
        let token = request.uri().path().ends_with("/tokens/bearer");
        let (status, body) = if token {
            (400, r#"{"error":"invalid_grant"}"#.to_owned())
        } else {
            (401, fault("3200"))
        };
        Some(json_answer(status, &body))
    });
    let rig = connect(transport, Agreement::default());
    let error = rig.quickbooks.read(&request(Stream::Invoices, None)).await.unwrap_err();
    assert!(matches!(error, ConnectorError::SignInNeeded), "{error:?}");
}

#[test]
fn the_changes_are_asked_for_all_feeds_at_once() {
    let rig = company(cdc(&[]), &[]);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(read_first(&rig, Stream::Items));
    let request = &rig.transport.requests()[0];
    assert_eq!(
        parameter(request, "entities").unwrap(),
        "Customer,Item,Invoice,CreditMemo,SalesReceipt,Payment,RefundReceipt,JournalEntry,Deposit"
    );
    assert_eq!(head_of(&raw(&stub("1"))).id.as_deref(), Some("1"));
}
