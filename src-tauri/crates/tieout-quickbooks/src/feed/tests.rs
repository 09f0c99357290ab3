use serde_json::json;

use super::*;
use crate::config::Agreement;
use crate::testing::{Rig, connect, door, instant, raw, rows, statement};
use tieout_connect::error::ConnectorError;
use tieout_connect::testing::{ScriptedTransport, json_answer};

fn row(id: usize, second: i64) -> String {
    let at = Timestamp::from_second(1_770_000_000 + second).unwrap();
    json!({"Id": id.to_string(), "MetaData": {"LastUpdatedTime": at.to_string()}}).to_string()
}

fn page(rows_of: impl Iterator<Item = (usize, i64)>) -> Vec<String> {
    rows_of.map(|(id, second)| row(id, second)).collect()
}

/// A company whose invoices come in these pages, whatever is asked.
fn company(pages: Vec<Vec<String>>) -> Rig {
    let transport = ScriptedTransport::new();
    for page in pages {
        let response = rows(Entity::Invoice, &page);
        transport.push(json_answer(200, &format!(r#"{{"QueryResponse":{response}}}"#)));
    }
    connect(transport, Agreement::default())
}

/// Reads to the end; the number of new rows per page.
async fn read_all(rig: &Rig, since: Option<Timestamp>) -> Answer<Vec<usize>> {
    let mut counts = Vec::new();
    let mut position = Some(Position::first(since));
    while let Some(at) = position {
        let page = read_page(door(rig), Entity::Invoice, &at).await?;
        counts.push(page.records.len());
        position = page.next;
    }
    Ok(counts)
}

fn statements(rig: &Rig) -> Vec<String> {
    let tail = |text: String| {
        text.replace("SELECT * FROM Invoice ", "")
            .replace("ORDERBY MetaData.LastUpdatedTime ASC ", "")
            .replace("MetaData.LastUpdatedTime", "changed")
            .replace(" MAXRESULTS 1000", "")
    };
    rig.transport.requests().iter().map(|request| tail(statement(request))).collect()
}

const FULL: usize = PAGE_ROWS_MAX as usize;

#[tokio::test]
async fn a_short_page_is_the_last() {
    let rig = company(vec![page((0..3).map(|id| (id, 0)))]);
    assert_eq!(read_all(&rig, None).await.unwrap(), [3]);
    assert_eq!(statements(&rig), ["STARTPOSITION 1"]);
}

#[tokio::test]
async fn an_empty_feed() {
    let rig = company(vec![vec![]]);
    assert_eq!(read_all(&rig, Some(instant("2026-02-02T02:40:00Z"))).await.unwrap(), [0]);
    assert_eq!(statements(&rig), ["WHERE changed >= '2026-02-02T02:40:00+00:00' STARTPOSITION 1"]);
}

#[tokio::test]
async fn the_bound_moves_with_the_last_row_and_its_second_comes_again() {
    let first = page((0..FULL).map(|id| (id, id as i64 / 2)));
    // The two rows of the last second come again, then three new ones.
    let second = page([(998, 499), (999, 499), (1000, 499), (1001, 500), (1002, 500)].into_iter());
    let rig = company(vec![first, second]);
    assert_eq!(read_all(&rig, None).await.unwrap(), [FULL, 3]);
    assert_eq!(
        statements(&rig),
        ["STARTPOSITION 1", "WHERE changed >= '2026-02-02T02:48:19+00:00' STARTPOSITION 1"]
    );
}

#[tokio::test]
async fn a_page_of_exactly_the_size_means_asking_again() {
    let rig =
        company(vec![page((0..FULL).map(|id| (id, id as i64))), page([(999, 999)].into_iter())]);
    assert_eq!(read_all(&rig, None).await.unwrap(), [FULL, 0]);
}

#[tokio::test]
async fn a_page_may_be_longer_than_asked() {
    let rig =
        company(vec![page((0..=FULL).map(|id| (id, id as i64))), page([(1000, 1000)].into_iter())]);
    assert_eq!(read_all(&rig, None).await.unwrap(), [FULL + 1, 0]);
}

#[tokio::test]
async fn an_import_of_one_second_is_stepped_through() {
    let rig = company(vec![
        page((0..FULL).map(|id| (id, 7))),
        page((0..FULL).map(|id| (id, 7))),
        page((FULL..FULL + 20).map(|id| (id, 7))),
    ]);
    assert_eq!(read_all(&rig, None).await.unwrap(), [FULL, 0, 20]);
    let bound = "WHERE changed >= '2026-02-02T02:40:07+00:00'";
    assert_eq!(
        statements(&rig),
        [
            "STARTPOSITION 1".to_owned(),
            format!("{bound} STARTPOSITION 1"),
            format!("{bound} STARTPOSITION 1001")
        ]
    );
}

#[tokio::test]
async fn a_row_of_the_bound_that_changed_again_is_new() {
    let first = page((0..FULL).map(|id| (id, id as i64)));
    let second = page([(999, 2000), (5, 2001)].into_iter());
    let rig = company(vec![first, second]);
    assert_eq!(read_all(&rig, None).await.unwrap(), [FULL, 2]);
}

#[tokio::test]
async fn a_copy_within_a_page_is_dropped_and_a_contradiction_is_not() {
    let rig = company(vec![page([(1, 0), (1, 0), (2, 0), (2, 1)].into_iter())]);
    assert_eq!(read_all(&rig, None).await.unwrap(), [3]);
}

#[tokio::test]
async fn a_position_without_effect_is_noticed() {
    let same = || page((0..FULL).map(|id| (id, 7)));
    let rig = company(vec![same(), same(), same()]);
    let error = read_all(&rig, None).await.unwrap_err();
    assert!(matches!(error, ConnectorError::Malformed { path } if path == "STARTPOSITION"));
}

#[tokio::test]
async fn an_order_that_is_not_kept_is_noticed() {
    let since = instant("2026-03-01T00:00:00Z");
    let rig = company(vec![page((0..FULL).map(|id| (id, 0)))]);
    assert!(matches!(read_all(&rig, Some(since)).await, Err(ConnectorError::Malformed { .. })));
}

#[tokio::test]
async fn a_full_page_without_any_change_time_cannot_be_left() {
    let nameless = (0..FULL).map(|id| json!({"Id": id.to_string()}).to_string()).collect();
    let rig = company(vec![nameless]);
    assert!(matches!(read_all(&rig, None).await, Err(ConnectorError::Malformed { .. })));
}

#[test]
fn the_head_of_a_row_survives_the_rest() {
    let head = head_of(&raw(
        r#"{"Id":"7","status":"Deleted","TotalAmt":"x","MetaData":{"LastUpdatedTime":"2026-02-03T10:02:11-08:00"}}"#,
    ));
    assert_eq!(head.id.as_deref(), Some("7"));
    assert_eq!(head.changed_at, Some(instant("2026-02-03T18:02:11Z")));
    assert!(head.deleted);
    for text in ["7", "[]", "{}", r#"{"Id":7,"MetaData":1}"#] {
        assert_eq!(head_of(&raw(text)), Head::default(), "{text}");
    }
}
