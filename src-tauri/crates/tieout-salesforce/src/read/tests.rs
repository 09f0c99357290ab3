use jiff::Timestamp;
use tieout_connect::error::ConnectorError;
use tieout_connect::ports::{Page, PageToken, Read, ReadRequest, Source};
use tieout_connect::testing::json_answer;
use tieout_domain::facts::Stream;

use crate::fixtures::{World, page, world};

const USER_1: &str = r#"{"Id":"005Hs00000XyZ12IAF","Name":"A","IsActive":true,
    "SystemModstamp":"2026-07-01T00:00:01.000+0000"}"#;
const USER_2: &str = r#"{"Id":"005Hs00000XyZ13IAF","Name":"B","IsActive":true,
    "SystemModstamp":"2026-07-01T00:00:02.000+0000"}"#;
const LINE: &str = r#"{"Id":"00kHs00000ZxCvBIAV","OpportunityId":"006Hs00001AsDfGIAV",
    "Quantity":1,"TotalPrice":5,"SystemModstamp":"2026-07-01T00:00:01.000+0000",
    "IsDeleted":true}"#;

fn request(stream: Stream, since: Option<&str>, token: Option<PageToken>) -> ReadRequest {
    ReadRequest { stream, since: since.map(|at| at.parse().unwrap()), token }
}

async fn read(world: &World, stream: Stream, since: Option<&str>) -> Result<Page, ConnectorError> {
    world.salesforce.read(&request(stream, since, None)).await
}

async fn read_on(
    world: &World,
    stream: Stream,
    since: Option<&str>,
    page: Page,
) -> Result<Page, ConnectorError> {
    world.salesforce.read(&request(stream, since, page.next)).await
}

fn shown(page: &Page) -> Vec<String> {
    page.records
        .iter()
        .map(|read| match read {
            Read::Fact(fact) => fact.id().to_owned(),
            Read::Quarantined(record) => format!("{} {}", record.reason.as_str(), record.id),
        })
        .collect()
}

fn code(code: &str) -> String {
    format!(r#"[{{"errorCode":"{code}","message":"x"}}]"#)
}

#[tokio::test]
async fn the_first_read_has_no_filter_and_a_stable_order() {
    let world = world(&[]).await;
    world.on("FROM User", || json_answer(200, &page(&[USER_1, USER_2], None, 2)));
    let page = read(&world, Stream::Users, None).await.unwrap();
    assert_eq!(
        world.asked(),
        ["GET /query?q=SELECT Id, Name, IsActive, SystemModstamp FROM User ORDER BY \
          SystemModstamp, Id"]
    );
    assert_eq!(shown(&page), ["005Hs00000XyZ12IAF", "005Hs00000XyZ13IAF"]);
    assert_eq!(page.mark, Some("2026-07-01T00:00:02Z".parse::<Timestamp>().unwrap()));
    assert_eq!(page.server_time.to_string(), "2026-07-06T16:42:00Z");
    assert_eq!((page.total, page.next), (Some(2), None));
}

#[tokio::test]
async fn a_later_read_begins_at_its_mark_and_includes_deleted_rows() {
    let world = world(&[]).await;
    world.on("FROM Account", || json_answer(200, &page(&[], None, 0)));
    read(&world, Stream::Accounts, Some("2026-07-01T10:00:00.9Z")).await.unwrap();
    let asked = world.asked();
    assert!(asked[0].starts_with("GET /queryAll?q=SELECT Id, Name,"), "{asked:?}");
    assert!(
        asked[0]
            .ends_with("WHERE SystemModstamp >= 2026-07-01T10:00:00Z ORDER BY SystemModstamp, Id"),
        "{asked:?}"
    );
}

#[tokio::test]
async fn pages_follow_their_locators_to_the_end() {
    let world = world(&[]).await;
    let next = "/services/data/v66.0/query/0r8Hs00000LoCaTAAA-2000";
    world.on("FROM User", move || json_answer(200, &page(&[USER_1], Some(next), 2)));
    world.on("/query/0r8Hs00000LoCaTAAA-2000", || json_answer(200, &page(&[USER_2], None, 2)));
    let first = read(&world, Stream::Users, None).await.unwrap();
    let last = read_on(&world, Stream::Users, None, first).await.unwrap();
    assert_eq!(shown(&last), ["005Hs00000XyZ13IAF"]);
    assert_eq!(last.next, None);
    assert_eq!(world.asked()[1], "GET /query/0r8Hs00000LoCaTAAA-2000");
}

#[tokio::test]
async fn a_locator_is_never_replayed_with_a_new_session() {
    let world = world(&[]).await;
    world.on("/query/0r8", || json_answer(401, &code("INVALID_SESSION_ID")));
    world.on("/services/oauth2/token", || {
        json_answer(200, r#"{"access_token":"a2","refresh_token":"r2"}"#)
    });
    let token = PageToken("locator|/services/data/v66.0/query/0r8-2000".to_owned());
    let outcome = world.salesforce.read(&request(Stream::Users, None, Some(token))).await;
    assert!(matches!(outcome, Err(ConnectorError::CursorLost)), "{outcome:?}");
    let asked = world.asked();
    let locators = asked.iter().filter(|line| line.contains("/query/0r8")).count();
    assert_eq!(locators, 1, "{asked:?}");
}

#[tokio::test]
async fn a_dead_locator_is_a_lost_cursor() {
    for (status, body) in
        [(400, code("INVALID_QUERY_LOCATOR")), (404, code("NOT_FOUND")), (404, String::new())]
    {
        let world = world(&[]).await;
        world.on("/query/0r8", move || json_answer(status, &body));
        let token = PageToken("locator|/services/data/v66.0/query/0r8-2000".to_owned());
        let outcome = world.salesforce.read(&request(Stream::Users, None, Some(token))).await;
        assert!(matches!(outcome, Err(ConnectorError::CursorLost)), "{outcome:?}");
    }
}

#[tokio::test]
async fn a_query_that_asks_too_much_is_asked_in_portions() {
    let world = world(&[]).await;
    world.on("LIMIT 1000", || json_answer(400, &code("QUERY_TIMEOUT")));
    world.on("Id > '005Hs00000XyZ13IAF'", || json_answer(200, &page(&[], None, 0)));
    let full = || json_answer(200, &page(&[USER_1, USER_2], None, 500));
    world.on("LIMIT 500", full);
    world.on("FROM User", || json_answer(400, &code("OPERATION_TOO_LARGE")));
    let first = read(&world, Stream::Users, None).await.unwrap();
    assert_eq!(shown(&first).len(), 2);
    let last = read_on(&world, Stream::Users, None, first).await.unwrap();
    assert_eq!(last.next, None);
    let asked = world.asked();
    assert_eq!(asked.len(), 4);
    assert!(
        asked[3].ends_with(
            "WHERE (SystemModstamp > 2026-07-01T00:00:02Z OR (SystemModstamp = \
             2026-07-01T00:00:02Z AND Id > '005Hs00000XyZ13IAF')) ORDER BY SystemModstamp, Id \
             LIMIT 500"
        ),
        "{asked:?}"
    );
}

#[tokio::test]
async fn portions_do_not_shrink_for_ever() {
    let world = world(&[]).await;
    world.on("FROM User", || json_answer(400, &code("QUERY_TIMEOUT")));
    let outcome = read(&world, Stream::Users, None).await;
    assert_eq!(outcome.unwrap_err().to_string(), "refused with code QUERY_TIMEOUT");
    assert_eq!(world.asked().len(), 5, "whole, 1000, 500, 250, 125");
}

#[tokio::test]
async fn lines_are_followed_by_what_was_deleted_hard() {
    let world = world(&[]).await;
    world.on("FROM OpportunityLineItem ", || json_answer(200, &page(&[LINE], None, 1)));
    world.on("/sobjects/OpportunityLineItem/deleted/", || {
        json_answer(
            200,
            r#"{"deletedRecords":[{"id":"00kHs00000ZxCvDIAV",
                "deletedDate":"2026-07-02T10:07:19.000+0000"},{"id":"00kHs00000ZxCvEIAV",
                "deletedDate":"soon"}],"earliestDateAvailable":"2026-06-18T15:57:00.000+0000",
                "latestDateCovered":"2026-07-06T16:41:00.000+0000"}"#,
        )
    });
    let since = Some("2026-07-01T00:00:00Z");
    let rows = read(&world, Stream::DealLines, since).await.unwrap();
    assert_eq!(shown(&rows), ["00kHs00000ZxCvBIAV"]);
    let gone = read_on(&world, Stream::DealLines, since, rows).await.unwrap();
    assert_eq!(shown(&gone), ["00kHs00000ZxCvDIAV", "MALFORMED 00kHs00000ZxCvEIAV"]);
    assert_eq!((gone.next, gone.mark), (None, None));
    assert_eq!(
        world.asked()[1],
        "GET /sobjects/OpportunityLineItem/deleted/?start=2026-07-01T00:00:00+00:00&\
         end=2026-07-06T16:42:00+00:00"
    );
}

#[tokio::test]
async fn deletions_that_are_not_kept_so_long_are_asked_for_less_far_back() {
    let world = world(&[]).await;
    world.on("FROM OpportunityLineItem ", || json_answer(200, &page(&[], None, 0)));
    world.on("start=2026-06-22", || json_answer(400, &code("INVALID_REPLICATION_DATE")));
    world.on("start=2026-06-29", || {
        json_answer(200, r#"{"deletedRecords":[],"earliestDateAvailable":null}"#)
    });
    let since = Some("2026-01-01T00:00:00Z");
    let rows = read(&world, Stream::DealLines, since).await.unwrap();
    assert!(read_on(&world, Stream::DealLines, since, rows).await.is_ok());
    assert_eq!(world.asked().len(), 3);
}

#[tokio::test]
async fn a_first_read_asks_for_no_deletions() {
    let world = world(&[]).await;
    world.on("FROM OpportunityLineItem ", || json_answer(200, &page(&[], None, 0)));
    assert_eq!(read(&world, Stream::DealLines, None).await.unwrap().next, None);
}

#[tokio::test]
async fn a_poisoned_record_does_not_stop_the_page_and_counts_for_the_mark() {
    let world = world(&[]).await;
    let bad = USER_2.replace("true", "\"perhaps\"");
    world.on("FROM User", move || json_answer(200, &page(&[USER_1, &bad], None, 2)));
    let page = read(&world, Stream::Users, None).await.unwrap();
    assert_eq!(shown(&page), ["005Hs00000XyZ12IAF", "MALFORMED 005Hs00000XyZ13IAF"]);
    assert_eq!(page.mark.unwrap().to_string(), "2026-07-01T00:00:02Z");
}

#[tokio::test]
async fn a_record_that_comes_twice_is_seen() {
    let world = world(&[]).await;
    world.on("FROM User", || json_answer(200, &page(&[USER_1, USER_1], None, 2)));
    let page = read(&world, Stream::Users, None).await.unwrap();
    assert_eq!(shown(&page), ["005Hs00000XyZ12IAF", "DUPLICATE_ID 005Hs00000XyZ12IAF"]);
}

#[tokio::test]
async fn more_without_a_place_to_look_is_unexpected() {
    let world = world(&[]).await;
    world.on("FROM User", || json_answer(200, r#"{"totalSize":9,"done":false,"records":[]}"#));
    let error = read(&world, Stream::Users, None).await.unwrap_err();
    assert_eq!(error.to_string(), "unexpected answer at query.nextRecordsUrl");
}

#[tokio::test]
async fn a_locator_cannot_lead_to_another_host() {
    let world = world(&[]).await;
    let evil = "https://evil.example/query/0r8-2000";
    world.on("FROM User", move || json_answer(200, &page(&[USER_1], Some(evil), 2)));
    let first = read(&world, Stream::Users, None).await.unwrap();
    let outcome = read_on(&world, Stream::Users, None, first).await;
    assert!(matches!(outcome, Err(ConnectorError::NotSent(_))), "{outcome:?}");
    assert_eq!(world.asked().len(), 1);
}

#[tokio::test]
async fn a_feed_that_this_organisation_does_not_have_is_empty() {
    let world = world(&[]).await;
    let page = read(&world, Stream::Invoices, None).await.unwrap();
    assert_eq!((page.records.len(), page.next), (0, None));
}

#[tokio::test]
async fn every_request_says_who_asks() {
    let world = world(&[]).await;
    world.on("FROM User", || json_answer(200, &page(&[], None, 0)));
    read(&world, Stream::Users, None).await.unwrap();
    for request in world.transport.requests() {
        assert_eq!(request.headers()["sforce-call-options"], "client=tieout");
        assert_eq!(request.headers()["authorization"], "Bearer 00D!a1");
    }
}
