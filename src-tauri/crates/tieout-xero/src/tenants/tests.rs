use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tieout_connect::ports::Source;
use tieout_connect::testing::{MemoryStore, ScriptedTransport, VirtualClock, json_answer};
use tieout_domain::facts::Stream;

use super::*;
use crate::Xero;
use crate::testing::{
    NOW, TENANT, app, connect, envelope, grant, own_numbers, path_of, rig, wiring,
};

const EVENT: &str = "c2b1f7a0-6a70-4d2e-8f04-93b0d1f6e2aa";
const SECOND: &str = "11112222-3333-4444-8555-666677778888";
const CONNECTION: &str = "4f0c6f8b-52a1-4b7d-9a55-2f7f0f4d8c01";

/// A token whose claims say who signed in and in which sign-in.
fn token(user: &str, event: &str) -> String {
    let claims = json!({"xero_userid": user, "authentication_event_id": event}).to_string();
    format!("eyJ.{}.sig", BASE64URL_NOPAD.encode(claims.as_bytes()))
}

fn connection(id: &str, tenant: &str, event: &str, updated: &str) -> serde_json::Value {
    json!({"id": id, "tenantId": tenant, "authEventId": event, "tenantType": "ORGANISATION",
        "tenantName": "Northwind Tools Ltd", "createdDateUtc": "2026-06-01T08:15:30.1274560",
        "updatedDateUtc": updated})
}

fn listing(connections: serde_json::Value) -> Arc<ScriptedTransport> {
    let transport = ScriptedTransport::new();
    transport.on(move |request| {
        (request.uri().path() == "/connections").then(|| json_answer(200, &connections.to_string()))
    });
    transport
}

async fn listed(connections: serde_json::Value, access: &str) -> Vec<Tenant> {
    let store = MemoryStore::with(grant(access, None));
    let parts = wiring(listing(connections), store, VirtualClock::at(NOW));
    tenants(&app(), parts).await.unwrap()
}

#[tokio::test]
async fn the_organisation_chosen_now_is_known_by_its_sign_in() {
    let both = json!([
        connection(SECOND, SECOND, "other", "2026-07-01T00:00:00.0000000"),
        connection(CONNECTION, TENANT, EVENT, "2026-06-01T08:15:30.1301230"),
        {"id": "x", "tenantId": "y", "tenantType": "PRACTICE"},
    ]);
    let tenants = listed(both, &token("user", EVENT)).await;
    let known: Vec<(&str, bool)> =
        tenants.iter().map(|it| (it.tenant.as_str(), it.chosen_now)).collect();
    assert_eq!(known, [(TENANT, true), (SECOND, false)], "practices have no books");
    let company = chosen(app(), &tenants, None).unwrap().unwrap();
    assert_eq!(company.tenant(), TENANT);
}

#[tokio::test]
async fn the_list_is_asked_for_without_naming_an_organisation() {
    let transport = listing(json!([]));
    let store = MemoryStore::with(grant("access", None));
    let tenants = tenants(&app(), wiring(transport.clone(), store, VirtualClock::at(NOW))).await;
    assert_eq!(tenants.unwrap(), []);
    assert!(!transport.requests()[0].headers().contains_key("xero-tenant-id"));
}

#[tokio::test]
async fn where_several_are_reached_a_person_says_which() {
    let both = json!([
        connection(SECOND, SECOND, "a", "2026-07-01T00:00:00.0000000"),
        connection(CONNECTION, TENANT, "b", "2026-06-01T00:00:00.0000000"),
    ]);
    let tenants = listed(both, "no-claims").await;
    assert!(chosen(app(), &tenants, None).unwrap().is_none());
    assert_eq!(chosen(app(), &tenants[..1], None).unwrap().unwrap().tenant(), SECOND);
}

#[tokio::test]
async fn a_new_sign_in_must_reach_the_organisation_of_its_connection() {
    let one = json!([connection(SECOND, SECOND, EVENT, "2026-07-01T00:00:00.0000000")]);
    let tenants = listed(one, &token("user", EVENT)).await;
    let expected = |tenant| Company::new(app(), tenant).unwrap().ledger().clone();
    let same = chosen(app(), &tenants, Some(&expected(SECOND))).unwrap().unwrap();
    assert_eq!(same.tenant(), SECOND);
    let other = chosen(app(), &tenants, Some(&expected(TENANT))).unwrap_err();
    assert_eq!(other, ConfigError::OtherTenant);
}

#[test]
fn one_person_and_app_have_one_grant_for_all_organisations() {
    let key = |access: &str| grant_key(&app(), &grant(access, None));
    assert_eq!(key(&token("u-1", "first")), "xero.0A1B2C3D4E5F.u-1");
    assert_eq!(key(&token("u-1", "first")), key(&token("u-1", "second")));
    assert_ne!(key(&token("u-1", "first")), key(&token("u-2", "first")));
    for odd in ["opaque", "a.b.c", "a.!!.c", ""] {
        assert_eq!(key(odd), "xero.0A1B2C3D4E5F.unknown");
    }
}

#[tokio::test]
async fn two_organisations_renew_their_one_grant_once() {
    let transport = ScriptedTransport::new();
    transport.on(|request| match path_of(request) {
        "/connect/token" => Some(json_answer(
            200,
            r#"{"access_token":"new","refresh_token":"next","expires_in":1800,"token_type":"Bearer"}"#,
        )),
        "/Items" => Some(json_answer(200, &envelope("Items", &[], None))),
        _ => None,
    });
    let (store, clock) = (MemoryStore::with(grant("old", None)), VirtualClock::at(NOW));
    clock.advance(Duration::from_secs(26 * 60));
    let of = |tenant| {
        let company = Company::new(app(), tenant).unwrap();
        Xero::new(company, own_numbers(), wiring(transport.clone(), store.clone(), clock.clone()))
    };
    let (first, second) = (of(TENANT), of(SECOND));
    let (one, two) = tokio::join!(first.ids(Stream::Items), second.ids(Stream::Items));
    assert!(one.is_ok() && two.is_ok());
    let renewals = transport.lines().iter().filter(|line| line.contains("/connect/token")).count();
    assert_eq!((renewals, store.saves()), (1, 1));
    let requests = transport.requests();
    let calls: Vec<_> = requests.iter().filter(|it| path_of(it) == "/Items").collect();
    assert!(calls.iter().all(|call| call.headers()["authorization"] == "Bearer new"));
}

#[tokio::test]
async fn a_renewal_names_the_app_and_no_secret() {
    let transport = ScriptedTransport::new();
    transport.on(|request| match path_of(request) {
        "/connect/token" => Some(json_answer(
            200,
            r#"{"access_token":"new","refresh_token":"next","expires_in":1800}"#,
        )),
        _ => None,
    });
    let rig = connect(transport, own_numbers(), grant("old", None));
    rig.clock.advance(Duration::from_secs(3_600));
    assert!(rig.xero.session().renew_if_older(1_500).await.unwrap());
    let [request] = rig.transport.requests().try_into().unwrap();
    let form = String::from_utf8(request.body().to_vec()).unwrap();
    assert!(form.contains("grant_type=refresh_token") && form.contains("refresh_token=refresh"));
    assert!(form.contains("client_id=0A1B2C3D4E5F") && !form.contains("client_secret"), "{form}");
    assert!(!request.headers().contains_key("authorization"));
    let stored = rig.store.stored().unwrap();
    assert!(stored.previous_refresh.is_some(), "the token before still works for half an hour");
}

#[tokio::test]
async fn leaving_ends_one_connection_and_keeps_the_grant() {
    let rig = rig(own_numbers(), |request| match request.uri().path() {
        "/connections" => {
            let both = json!([
                connection(CONNECTION, TENANT, EVENT, "2026-07-01T00:00:00.0000000"),
                connection(SECOND, SECOND, EVENT, "2026-07-01T00:00:00.0000000"),
            ]);
            Some(json_answer(200, &both.to_string()))
        }
        path if path.ends_with(CONNECTION) => Some(json_answer(204, "")),
        _ => None,
    });
    let left = rig.xero.leave().await.unwrap();
    assert_eq!(left, Left { was_connected: true, remaining: 1 });
    assert_eq!(rig.transport.lines()[1], format!("DELETE /connections/{CONNECTION}"));
    assert!(rig.store.stored().is_some());
}

#[tokio::test]
async fn an_organisation_that_left_already_is_left() {
    let rig = connect(listing(json!([])), own_numbers(), grant("access", None));
    let left = rig.xero.leave().await.unwrap();
    assert_eq!(left, Left { was_connected: false, remaining: 0 });
}

#[tokio::test]
async fn ending_the_whole_grant_names_the_app() {
    let transport = ScriptedTransport::new();
    transport.on(|request| {
        (request.uri().path() == "/connect/revocation").then(|| json_answer(200, ""))
    });
    let rig = connect(transport, own_numbers(), grant("access", None));
    rig.xero.session().disconnect().await.unwrap().unwrap();
    let [request] = rig.transport.requests().try_into().unwrap();
    assert_eq!(request.body(), "token=refresh&client_id=0A1B2C3D4E5F");
    assert!(rig.store.stored().is_none());
}
