use tieout_connect::error::ConnectorError;
use tieout_connect::ports::{Crm, Source};
use tieout_connect::testing::json_answer;
use tieout_domain::facts::Stream;

use super::Salesforce;
use crate::fixtures::{grant, page, world};

#[tokio::test]
async fn the_organisation_comes_from_the_sign_in() {
    let world = world(&[]).await;
    assert_eq!(world.salesforce.org().as_str(), "00DHs00000AbCdEMAV");
    assert_eq!(world.salesforce.requests_sent(), 0);
}

#[test]
fn a_sign_in_without_an_identity_is_unexpected() {
    let mut grant = grant();
    grant.extra.insert("id".to_owned(), "https://login.salesforce.com/id/x/y".to_owned());
    let outcome = Salesforce::org_of(&grant);
    assert!(matches!(outcome, Err(ConnectorError::Malformed { path }) if path == "id"));
}

#[tokio::test]
async fn a_record_has_an_address_for_people() {
    let world = world(&[]).await;
    assert_eq!(
        world.salesforce.deep_link(Stream::Deals, "006Hs00001AsDfGIAV").as_deref(),
        Some("https://acme.my.salesforce.com/006Hs00001AsDfGIAV")
    );
}

#[tokio::test]
async fn ids_are_those_that_exist_now() {
    let world = world(&[]).await;
    world.on("SELECT Id FROM Opportunity", || {
        json_answer(200, &page(&[r#"{"Id":"006Hs00001AsDfGIAV"}"#], None, 1))
    });
    let ids = world.salesforce.ids(Stream::Deals).await.unwrap();
    assert_eq!(ids, Some(vec!["006Hs00001AsDfGIAV".to_owned()]));
    assert_eq!(world.asked(), ["GET /query?q=SELECT Id FROM Opportunity"]);
}

#[tokio::test]
async fn too_many_ids_are_not_listed() {
    let world = world(&[]).await;
    let next = "/services/data/v66.0/query/0r8-2000";
    world.on("SELECT Id FROM Opportunity", move || {
        json_answer(200, &page(&[], Some(next), 200_001))
    });
    assert_eq!(world.salesforce.ids(Stream::Deals).await.unwrap(), None);
    assert_eq!(world.asked().len(), 1);
}

#[tokio::test]
async fn a_feed_says_what_it_consists_of() {
    let plain = world(&[]).await.salesforce.shape(Stream::Deals).await.unwrap().unwrap();
    let more = world(&["Opportunity.PO__c"]).await.salesforce.shape(Stream::Deals).await.unwrap();
    assert!(plain.starts_with("SELECT Id, Name, AccountId"));
    assert_ne!(Some(plain), more);
}

#[tokio::test]
async fn requests_are_counted() {
    let world = world(&[]).await;
    world.on("FROM User", || json_answer(200, &page(&[], None, 0)));
    world.salesforce.ids(Stream::Users).await.unwrap();
    let sent = u64::try_from(world.transport.requests().len()).unwrap();
    assert_eq!((world.salesforce.requests_sent(), sent), (2, 2));
}
