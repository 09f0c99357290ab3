use tieout_connect::ports::{Missing, Probe, Source};
use tieout_connect::testing::json_answer;
use tieout_domain::facts::Stream;

use crate::fixtures::{World, bare_world, page, world};
use crate::write::{ACCOUNT_FIELDS, DEAL_FIELDS};

const VERSIONS: &str = r#"[{"label":"Winter '26","url":"/services/data/v65.0","version":"65.0"},
    {"label":"Spring ’26","url":"/services/data/v66.0","version":"66.0"}]"#;
const ASSIGNMENTS: &str = r#"{"PermissionSetId":"0PSHs00000AbCdEIAV"}"#;

fn view_all(objects: &[&str]) -> String {
    let rows: Vec<String> = objects
        .iter()
        .map(|name| format!(r#"{{"SobjectType":"{name}","PermissionsViewAllRecords":true}}"#))
        .collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    page(&rows, None, rows.len())
}

async fn world_seeing(extra: &[&str], objects: &'static [&'static str]) -> World {
    let world = world(extra).await;
    world.on("GET /services/data ", || json_answer(200, VERSIONS));
    world.transport.on(|request| {
        (request.uri().path() == "/services/data").then(|| json_answer(200, VERSIONS))
    });
    world.on("FROM PermissionSetAssignment", || json_answer(200, &page(&[ASSIGNMENTS], None, 1)));
    world.on("FROM ObjectPermissions", move || json_answer(200, &view_all(objects)));
    world
}

const ALL: &[&str] = &["Account", "Opportunity", "Product2"];

async fn probe(world: &World) -> Probe {
    world.salesforce.probe().await.unwrap()
}

fn lines(missing: &[Missing]) -> Vec<String> {
    missing.iter().map(|missing| missing.what.clone()).collect()
}

/// Everything that the set-up step adds.
fn set_up() -> Vec<String> {
    let of = |object: &str, fields: &[(&str, crate::write::Kind)]| {
        fields.iter().map(|(name, _)| format!("{object}.{name}")).collect::<Vec<_>>()
    };
    let mut names = of("Account", ACCOUNT_FIELDS);
    names.extend(of("Opportunity", DEAL_FIELDS));
    for name in [
        "Account.VAT__c",
        "Opportunity.PO__c",
        "Product2.Tieout_External_Id__c",
        "Task.Tieout_Client_Token__c",
        "Tieout_Ledger_Account__c.Key__c",
        "Tieout_Sync_Error__c.Dedupe_Key__c",
    ] {
        names.push(name.to_owned());
    }
    names
}

#[tokio::test]
async fn an_organisation_that_is_ready() {
    let extra = set_up();
    let extra: Vec<&str> = extra.iter().map(String::as_str).collect();
    let world = world_seeing(&extra, ALL).await;
    let probe = probe(&world).await;
    assert_eq!(lines(&probe.missing), Vec::<String>::new());
    assert_eq!((probe.name.as_str(), probe.sandbox), ("Alder Quay Instruments", true));
    let capabilities = probe.capabilities;
    assert_eq!(capabilities.functional_currency.code(), "USD");
    assert_eq!(capabilities.time_zone, "America/Los_Angeles");
    assert_eq!(capabilities.streams.first(), Some(&Stream::Users));
    assert_eq!(capabilities.streams.len(), 7);
}

#[tokio::test]
async fn a_plain_organisation_can_be_read_and_is_told_what_set_up_adds() {
    let world = world_seeing(&[], ALL).await;
    let probe = probe(&world).await;
    assert!(probe.missing.iter().all(|missing| !missing.blocks_reading), "{:?}", probe.missing);
    let all = lines(&probe.missing).join("\n");
    for part in [
        "Account.VAT__c, the tax number of an Account, is missing",
        "Figures cannot be written to Account",
        "Tieout_AR_Balance__c",
        "Figures cannot be written to Opportunity",
        "Tieout_Ledger_Account__c, for receivables per company, is missing",
        "Tieout_Sync_Error__c, for failure records, is missing",
        "Overdue tasks cannot be created",
    ] {
        assert!(all.contains(part), "{part} in {all}");
    }
    assert!(!all.contains("Reference__c"), "the default is only a guess");
}

#[tokio::test]
async fn shared_records_only_is_said() {
    let world = world_seeing(&[], &["Account"]).await;
    let all = lines(&probe(&world).await.missing).join("\n");
    assert!(all.contains("This user sees only shared records of Opportunity, Product2."), "{all}");
}

#[tokio::test]
async fn visibility_that_cannot_be_checked_is_said() {
    let world = world(&[]).await;
    world.transport.on(|request| {
        (request.uri().path() == "/services/data").then(|| json_answer(200, VERSIONS))
    });
    world.on("FROM PermissionSetAssignment", || {
        json_answer(400, r#"[{"errorCode":"INVALID_TYPE","message":"x"}]"#)
    });
    let all = lines(&probe(&world).await.missing).join("\n");
    assert!(all.contains("could not be checked"), "{all}");
}

#[tokio::test]
async fn a_version_that_is_not_offered_blocks_reading() {
    let world = world(&[]).await;
    world.transport.on(|request| {
        let versions = r#"[{"label":"x","url":"/x","version":"70.0"}]"#;
        (request.uri().path() == "/services/data").then(|| json_answer(200, versions))
    });
    world.on("FROM PermissionSetAssignment", || json_answer(200, &page(&[ASSIGNMENTS], None, 1)));
    world.on("FROM ObjectPermissions", move || json_answer(200, &view_all(ALL)));
    let probe = probe(&world).await;
    assert!(probe.missing[0].blocks_reading);
    assert!(probe.missing[0].what.contains("version 66.0"));
}

#[tokio::test]
async fn several_currencies_come_from_their_table() {
    let world = world_seeing(&["Opportunity.CurrencyIsoCode"], ALL).await;
    let probe = probe(&world).await;
    let codes: Vec<&str> =
        probe.capabilities.currencies.iter().map(tieout_domain::Currency::code).collect();
    assert_eq!(codes, ["USD", "EUR"], "active ones that are currencies");
    assert_eq!(probe.capabilities.functional_currency.code(), "USD");
    let all = lines(&probe.missing).join("\n");
    assert!(all.contains("Tieout_Amount_Number__c is missing"), "{all}");
}

#[tokio::test]
async fn a_currency_is_never_assumed() {
    let world = bare_world().await;
    let refused = r#"[{"errorCode":"API_DISABLED_FOR_ORG","message":"x"}]"#;
    world.settings_saying(&[], (403, refused));
    world.on("GET /connect/organization", move || json_answer(403, refused));
    let error = world.salesforce.probe().await.unwrap_err();
    assert!(error.to_string().contains("currency of this Salesforce organisation is not known"));
}

#[tokio::test]
async fn a_currency_that_a_batch_does_not_tell_is_asked_for_alone() {
    let world = bare_world().await;
    let refused = r#"[{"errorCode":"NOT_FOUND","message":"x"}]"#;
    world.settings_saying(&[], (404, refused));
    world.on("GET /connect/organization", || {
        json_answer(200, r#"{"features":{"defaultCurrencyIsoCode":"USD"}}"#)
    });
    world.transport.on(|request| {
        (request.uri().path() == "/services/data").then(|| json_answer(200, VERSIONS))
    });
    world.on("FROM PermissionSetAssignment", || json_answer(200, &page(&[ASSIGNMENTS], None, 1)));
    world.on("FROM ObjectPermissions", move || json_answer(200, &view_all(ALL)));
    let currency = probe(&world).await.capabilities.functional_currency;
    assert_eq!(currency.code(), "USD");
}

#[tokio::test]
async fn the_organisation_is_asked_once_an_hour_and_at_each_probe() {
    let world = world_seeing(&[], ALL).await;
    world.on("FROM User", || json_answer(200, &page(&[], None, 0)));
    let batches = || {
        let lines = world.transport.lines();
        lines.iter().filter(|line| line.ends_with("/composite/batch")).count()
    };
    let read =
        tieout_connect::ports::ReadRequest { stream: Stream::Users, since: None, token: None };
    world.salesforce.read(&read).await.unwrap();
    world.salesforce.read(&read).await.unwrap();
    assert_eq!(batches(), 1);
    probe(&world).await;
    assert_eq!(batches(), 2);
    world.clock.advance(std::time::Duration::from_secs(3_600));
    world.salesforce.read(&read).await.unwrap();
    assert_eq!(batches(), 3);
}
