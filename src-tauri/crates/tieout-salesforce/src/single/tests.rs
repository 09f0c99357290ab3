use tieout_connect::ports::{Crm, DealSnapshot};
use tieout_connect::testing::json_answer;
use tieout_domain::ids::DealId;

use crate::fixtures::{World, composite, page, world};

const DEAL: &str = r#"{"Id":"006Hs00001AsDfGIAV","Name":"D",
    "AccountId":"001Hs00002QwErTIAV","StageName":"Won","IsWon":true,
    "IsClosed":true,"Amount":10,"CloseDate":"2026-06-30","HasOpportunityLineItem":true,
    "SystemModstamp":"2026-07-02T16:01:06.000+0000","Account":{"attributes":{"type":"Account"},
    "Id":"001Hs00002QwErTIAV","Name":"Acme","SystemModstamp":"2026-07-01T00:00:00.000+0000"}}"#;
const LINE: &str = r#"{"Id":"00kHs00000ZxCvBIAV","OpportunityId":"006Hs00001AsDfGIAV",
    "Quantity":1,"TotalPrice":10,"SystemModstamp":"2026-07-01T00:00:01.000+0000"}"#;
const PART: &str = r#"{"Id":"00oHs00000AbCdEIAV","OpportunityLineItemId":"00kHs00000ZxCvBIAV",
    "ScheduleDate":"2026-09-30","Revenue":10,
    "SystemModstamp":"2026-07-01T00:00:01.000+0000"}"#;
const EVENT: &str = r#"{"Id":"008Hs00000AbCdEIAV","OpportunityId":"006Hs00001AsDfGIAV",
    "StageName":"Won","Amount":10,"CloseDate":"2026-06-30",
    "CreatedDate":"2026-07-02T16:01:05.000+0000"}"#;

async fn deal(world: &World, id: &str) -> Result<DealSnapshot, String> {
    let id = DealId::new(id).unwrap();
    world.salesforce.deal(&id).await.map_err(|error| error.to_string())
}

async fn world_of(deals: &[&str], lines: &[&str]) -> World {
    let world = world(&[]).await;
    let pages = [deals, lines, &[PART], &[EVENT]].map(|records| page(records, None, records.len()));
    let parts: Vec<(u16, &str)> = pages.iter().map(|page| (200, page.as_str())).collect();
    let answer = composite(&parts);
    world.on("FROM Opportunity WHERE Id", move || json_answer(200, &answer));
    world
}

#[tokio::test]
async fn a_deal_comes_with_everything_in_one_call() {
    let world = world_of(&[DEAL], &[LINE]).await;
    let snapshot = deal(&world, "006Hs00001AsDfGIAV").await.unwrap();
    assert_eq!(snapshot.deal.unwrap().name, "D");
    assert_eq!(snapshot.account.unwrap().name, "Acme");
    assert_eq!((snapshot.lines.len(), snapshot.schedule.len(), snapshot.events.len()), (1, 1, 1));
    assert!(snapshot.quarantined.is_empty());
    assert_eq!(snapshot.server_time.to_string(), "2026-07-06T16:42:00Z");
    let asked = world.asked();
    assert_eq!(asked.len(), 1);
    assert!(asked[0].contains("Account.SystemModstamp"), "{asked:?}");
    assert!(asked[0].contains("OpportunityLineItem.OpportunityId = '006Hs00001AsDfGIAV'"));
    assert!(asked[0].contains("/queryAll"), "{asked:?}");
}

#[tokio::test]
async fn a_short_id_means_the_same_deal() {
    let world = world_of(&[DEAL], &[]).await;
    assert!(deal(&world, "006Hs00001AsDfG").await.is_ok());
    assert!(world.asked()[0].contains("Id = '006Hs00001AsDfGIAV'"));
}

#[tokio::test]
async fn an_id_that_cannot_be_one_is_not_asked_for() {
    let world = world_of(&[DEAL], &[]).await;
    assert_eq!(deal(&world, "' OR Id != '").await.unwrap_err(), "not found");
    assert!(world.asked().is_empty());
}

#[tokio::test]
async fn a_deal_that_is_not_there() {
    let world = world_of(&[], &[]).await;
    assert_eq!(deal(&world, "006Hs00001AsDfGIAV").await.unwrap_err(), "not found");
}

#[tokio::test]
async fn an_unreadable_line_is_kept_beside_the_deal() {
    let bad = LINE.replace("\"TotalPrice\":10", "\"TotalPrice\":1.0005");
    let world = world_of(&[DEAL], &[&bad]).await;
    let snapshot = deal(&world, "006Hs00001AsDfGIAV").await.unwrap();
    assert_eq!(snapshot.quarantined[0].path, "TotalPrice");
    assert_eq!(snapshot.quarantined[0].raw, bad);
}

#[tokio::test]
async fn an_unreadable_deal_is_kept_aside_whole() {
    let bad = DEAL.replace("\"Amount\":10", "\"Amount\":1.0005");
    let world = world_of(&[&bad], &[]).await;
    let snapshot = deal(&world, "006Hs00001AsDfGIAV").await.unwrap();
    assert!(snapshot.deal.is_none());
    assert_eq!(
        (snapshot.quarantined[0].path.as_str(), &snapshot.quarantined[0].raw),
        ("Amount", &bad)
    );
}

#[tokio::test]
async fn a_deal_without_an_account() {
    let alone = DEAL.split(r#","Account":"#).next().unwrap().to_owned() + r#","Account":null}"#;
    let world = world_of(&[&alone], &[]).await;
    assert!(deal(&world, "006Hs00001AsDfGIAV").await.unwrap().account.is_none());
}

#[tokio::test]
async fn a_long_deal_is_read_to_its_end() {
    let world = world(&[]).await;
    let second = LINE.replace("ZxCvBIAV", "ZxCvCIAV");
    let lines = page(&[LINE], Some("/services/data/v66.0/query/0r8-1"), 2);
    let (deals, none) = (page(&[DEAL], None, 1), page(&[], None, 0));
    let answer = composite(&[(200, &deals), (200, &lines), (200, &none), (200, &none)]);
    world.on("FROM Opportunity WHERE Id", move || json_answer(200, &answer));
    world.on("/query/0r8-1", move || json_answer(200, &page(&[&second], None, 2)));
    let snapshot = deal(&world, "006Hs00001AsDfGIAV").await.unwrap();
    assert_eq!(snapshot.lines.len(), 2);
}
