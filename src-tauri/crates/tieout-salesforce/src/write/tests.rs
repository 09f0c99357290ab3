use jiff::civil::date;
use tieout_connect::error::ConnectorError;
use tieout_connect::ports::{Crm, CrmWrite, FieldValue, WriteTarget};
use tieout_connect::testing::json_answer;
use tieout_connect::transport::TransportError;
use tieout_domain::ids::{AccountId, DealId};
use tieout_domain::{Currency, Money};

use crate::fixtures::{World, composite, page, world};

const DEAL_1: &str = "006Hs00001AsDfGIAV";
const DEAL_2: &str = "006Hs00001AsDfHIAV";
const ACCOUNT: &str = "001Hs00002QwErTIAV";
const FIELDS: &[&str] = &[
    "Opportunity.Tieout_Open__c",
    "Opportunity.Tieout_Billing_Status__c",
    "Account.Tieout_AR_Balance__c",
    "Account.Tieout_Overdue_Count__c",
    "Account.Tieout_As_Of__c",
    "Tieout_Ledger_Account__c.Key__c",
    "Tieout_Ledger_Account__c.AR_Balance__c",
    "Tieout_Sync_Error__c.Dedupe_Key__c",
    "Tieout_Sync_Error__c.State__c",
    "Task.Tieout_Client_Token__c",
];
const OK: &str = r#"{"id":"x","success":true,"errors":[]}"#;

fn usd(minor: i64) -> Money {
    Money::from_minor(minor, Currency::parse("USD").unwrap())
}

fn deal(id: &str) -> CrmWrite {
    let target = WriteTarget::Deal(DealId::new(id).unwrap());
    CrmWrite { target, fields: vec![("Tieout_Open__c".to_owned(), FieldValue::Amount(usd(1_050)))] }
}

fn account() -> CrmWrite {
    let fields = vec![("Tieout_AR_Balance__c".to_owned(), FieldValue::Empty)];
    CrmWrite { target: WriteTarget::Account(AccountId::new(ACCOUNT).unwrap()), fields }
}

fn failure(fingerprint: &str) -> CrmWrite {
    let fields = vec![("State__c".to_owned(), FieldValue::Text("open".to_owned()))];
    CrmWrite { target: WriteTarget::Failure { fingerprint: fingerprint.to_owned() }, fields }
}

fn task(token: &str) -> CrmWrite {
    let fields = vec![("Subject".to_owned(), FieldValue::Text("Overdue".to_owned()))];
    CrmWrite { target: WriteTarget::Task { token: token.to_owned() }, fields }
}

async fn write(world: &World, writes: &[CrmWrite]) -> Vec<String> {
    let outcomes = world.salesforce.write(writes).await.unwrap();
    let shown = |outcome: &Result<(), ConnectorError>| match outcome {
        Ok(()) => "written".to_owned(),
        Err(error) => error.to_string(),
    };
    outcomes.iter().map(shown).collect()
}

fn results(rows: &[&str]) -> String {
    format!("[{}]", rows.join(","))
}

fn failed(code: &str) -> String {
    format!(r#"{{"success":false,"errors":[{{"statusCode":"{code}","message":"m","fields":[]}}]}}"#)
}

#[tokio::test]
async fn attributes_come_first_and_amounts_are_digits() {
    let world = world(FIELDS).await;
    world.on("PATCH", || json_answer(200, &results(&[OK])));
    assert_eq!(write(&world, &[deal(DEAL_1)]).await, ["written"]);
    assert_eq!(
        world.asked(),
        [format!(
            concat!(
                "PATCH /composite/sobjects {{\"allOrNone\":false,\"records\":[",
                "{{\"attributes\":{{\"type\":\"Opportunity\"}},\"id\":\"{}\",",
                "\"Tieout_Open__c\":10.50}}]}}"
            ),
            DEAL_1
        )]
    );
}

#[tokio::test]
async fn one_failing_record_does_not_block_the_rest() {
    let world = world(FIELDS).await;
    world.on("PATCH", || {
        json_answer(200, &results(&[OK, &failed("FIELD_CUSTOM_VALIDATION_EXCEPTION"), OK]))
    });
    let writes = [deal(DEAL_1), account(), deal(DEAL_2)];
    // Accounts are sent before deals; outcomes come back in the order asked.
    assert_eq!(
        write(&world, &writes).await,
        ["refused with code FIELD_CUSTOM_VALIDATION_EXCEPTION", "written", "written"]
    );
    assert_eq!(world.asked().len(), 1);
}

#[tokio::test]
async fn the_classes_of_row_errors() {
    for (code, want) in [
        ("UNABLE_TO_LOCK_ROW", "asked to wait"),
        ("ENTITY_IS_DELETED", "not found"),
        ("INVALID_CROSS_REFERENCE_KEY", "not found"),
        ("ENTITY_IS_LOCKED", "refused with code ENTITY_IS_LOCKED"),
        (
            "INSUFFICIENT_ACCESS_OR_READONLY",
            "not permitted: this user may not change the record (INSUFFICIENT_ACCESS_OR_READONLY)",
        ),
    ] {
        let world = world(FIELDS).await;
        world.on("PATCH", move || json_answer(200, &results(&[&failed(code)])));
        assert_eq!(write(&world, &[deal(DEAL_1)]).await, [want]);
    }
}

#[tokio::test]
async fn a_field_that_is_not_there_stops_only_its_own_record() {
    let world = world(FIELDS).await;
    world.on("PATCH", || json_answer(200, &results(&[OK])));
    let mut hidden = deal(DEAL_2);
    hidden.fields.push(("Tieout_Paid_Date__c".to_owned(), FieldValue::Date(date(2026, 6, 30))));
    assert_eq!(
        write(&world, &[hidden, deal(DEAL_1)]).await,
        [
            "not permitted: Opportunity.Tieout_Paid_Date__c is missing or not visible to this user",
            "written"
        ]
    );
}

#[tokio::test]
async fn a_lost_answer_is_unknown_for_every_record_and_nothing_is_repeated() {
    let world = world(FIELDS).await;
    world.on("PATCH", || Err(TransportError::NoAnswer("reset".into())));
    let outcome = write(&world, &[deal(DEAL_1), deal(DEAL_2)]).await;
    assert_eq!(outcome, ["the outcome is unknown", "the outcome is unknown"]);
    assert_eq!(world.asked().len(), 1);
}

#[tokio::test]
async fn half_an_answer_is_told_from_success() {
    let world = world(FIELDS).await;
    world.on("PATCH", || json_answer(200, r#"[{"success":tr"#));
    assert_eq!(write(&world, &[deal(DEAL_1)]).await, ["unexpected answer at collections"]);
    let short = crate::fixtures::world(FIELDS).await;
    short.on("PATCH", || json_answer(200, "[]"));
    assert_eq!(write(&short, &[deal(DEAL_1)]).await, ["unexpected answer at collections"]);
}

#[tokio::test]
async fn a_request_refused_for_one_record_goes_again_without_it() {
    let world = world(FIELDS).await;
    world.transport.on(|request| {
        let body = String::from_utf8_lossy(request.body()).into_owned();
        if request.method() != "PATCH" {
            return None;
        }
        if body.contains(DEAL_2) {
            let refused = r#"[{"errorCode":"JSON_PARSER_ERROR","message":"x"}]"#;
            return Some(json_answer(400, refused));
        }
        let rows = vec![OK; body.matches("\"attributes\"").count()];
        Some(json_answer(200, &results(&rows)))
    });
    let writes = [deal(DEAL_1), deal(DEAL_2), deal("006Hs00001AsDfIIAV")];
    assert_eq!(
        write(&world, &writes).await,
        ["written", "refused with code JSON_PARSER_ERROR", "written"]
    );
}

#[tokio::test]
async fn no_record_is_twice_in_one_request() {
    let world = world(FIELDS).await;
    world.on("PATCH", || json_answer(200, &results(&[OK])));
    assert_eq!(write(&world, &[deal(DEAL_1), deal(DEAL_1)]).await, ["written", "written"]);
    assert_eq!(world.asked().len(), 2);
}

#[tokio::test]
async fn two_hundred_records_fill_a_request() {
    let world = world(FIELDS).await;
    world.transport.on(|request| {
        let body = String::from_utf8_lossy(request.body()).into_owned();
        let rows = vec![OK; body.matches("\"attributes\"").count()];
        (request.method() == "PATCH").then(|| json_answer(200, &results(&rows)))
    });
    let writes: Vec<CrmWrite> = (0..201).map(|number| failure(&format!("f{number}"))).collect();
    assert!(write(&world, &writes).await.iter().all(|outcome| outcome == "written"));
    assert_eq!(world.asked().len(), 2);
}

#[tokio::test]
async fn rows_of_our_own_objects_are_upserted_by_their_key() {
    let world = world(FIELDS).await;
    world.on("PATCH", || json_answer(200, &results(&[OK])));
    let key = "qbo:9130|0104|USD";
    let fields = vec![("AR_Balance__c".to_owned(), FieldValue::Number("10.5".parse().unwrap()))];
    let row = CrmWrite { target: WriteTarget::LedgerAccount { key: key.to_owned() }, fields };
    assert_eq!(write(&world, &[failure("f1"), row]).await, ["written", "written"]);
    let asked = world.asked();
    assert!(asked[0].starts_with("PATCH /composite/sobjects/Tieout_Ledger_Account__c/Key__c "));
    assert!(asked[0].contains(&format!(r#""Key__c":"{key}","AR_Balance__c":10.5"#)), "{asked:?}");
    assert!(asked[1].starts_with("PATCH /composite/sobjects/Tieout_Sync_Error__c/Dedupe_Key__c "));
}

#[tokio::test]
async fn a_write_without_values_sends_nothing() {
    let world = world(FIELDS).await;
    let empty = CrmWrite { fields: Vec::new(), ..deal(DEAL_1) };
    assert_eq!(write(&world, &[empty]).await, ["written"]);
    assert!(world.asked().is_empty());
}

#[tokio::test]
async fn an_organisation_that_cannot_be_asked_means_nothing_was_sent() {
    let world = crate::fixtures::bare_world().await;
    world.transport.on(|_| Some(json_answer(503, "")));
    let outcome = world.salesforce.write(&[deal(DEAL_1)]).await;
    assert!(matches!(outcome, Err(ConnectorError::NotSent(_))), "{outcome:?}");
}

mod tasks {
    use super::*;

    #[tokio::test]
    async fn a_task_that_is_there_is_changed_and_another_is_made() {
        let world = world(FIELDS).await;
        world.on("FROM Task", || {
            let found =
                r#"{"Id":"00THs00000AbCdEIAV","Tieout_Client_Token__c":"t1","IsDeleted":false}"#;
            json_answer(200, &page(&[found], None, 1))
        });
        world.on("PATCH", || json_answer(200, &results(&[OK])));
        world.on("POST /composite/sobjects", || json_answer(200, &results(&[OK])));
        assert_eq!(write(&world, &[task("t1"), task("t2")]).await, ["written", "written"]);
        let asked = world.asked();
        assert!(asked[0].starts_with("GET /queryAll"), "{asked:?}");
        assert!(asked[0].ends_with("IN ('t1','t2')"), "{asked:?}");
        assert!(asked[1].contains(r#""id":"00THs00000AbCdEIAV""#), "{asked:?}");
        assert!(asked[2].contains(r#""Tieout_Client_Token__c":"t2""#), "{asked:?}");
    }

    #[tokio::test]
    async fn one_token_makes_one_task_even_when_it_is_asked_for_twice() {
        let world = world(FIELDS).await;
        let made = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
        let seen = made.clone();
        world.on("FROM Task", move || {
            let found = r#"{"Id":"00THs00000AbCdEIAV","Tieout_Client_Token__c":"t1"}"#;
            let there = seen.load(std::sync::atomic::Ordering::SeqCst);
            json_answer(200, &if there { page(&[found], None, 1) } else { page(&[], None, 0) })
        });
        world.on("PATCH", || json_answer(200, &results(&[OK])));
        world.on("POST /composite/sobjects", move || {
            made.store(true, std::sync::atomic::Ordering::SeqCst);
            json_answer(200, &results(&[OK]))
        });
        assert_eq!(write(&world, &[task("t1"), task("t1")]).await, ["written", "written"]);
        let posts = world.asked().iter().filter(|line| line.starts_with("POST")).count();
        assert_eq!(posts, 1);
    }

    #[tokio::test]
    async fn a_look_up_that_fails_means_that_nothing_was_written() {
        let world = world(FIELDS).await;
        world.on("FROM Task", || json_answer(503, ""));
        assert_eq!(write(&world, &[task("t1")]).await, ["the request was not sent"]);
    }

    #[tokio::test]
    async fn without_the_token_field_no_task_is_made() {
        let world = world(&[]).await;
        assert_eq!(
            write(&world, &[task("t1")]).await,
            ["not permitted: Task.Tieout_Client_Token__c is missing or not visible to this user"]
        );
    }
}

mod mirror {
    use super::*;

    async fn mirrored(world: &World, deals: &[&str], keys: &[&str]) -> Vec<CrmWrite> {
        let deals: Vec<DealId> = deals.iter().map(|id| DealId::new(id).unwrap()).collect();
        let accounts = [AccountId::new(ACCOUNT).unwrap()];
        let keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
        world.salesforce.mirrored(&deals, &accounts, &keys).await.unwrap()
    }

    #[tokio::test]
    async fn installed_fields_are_given_as_they_would_be_written() {
        let world = world(FIELDS).await;
        world.on("POST /composite {", || {
            let deal = r#"{"Id":"006Hs00001AsDfGIAV","Tieout_Open__c":10.5,
                "Tieout_Billing_Status__c":null}"#;
            let account = r#"{"Id":"001Hs00002QwErTIAV","Tieout_AR_Balance__c":-0.5,
                "Tieout_Overdue_Count__c":3.0,"Tieout_As_Of__c":"2026-06-30"}"#;
            let ledger_account = r#"{"Key__c":"k","AR_Balance__c":7.25}"#;
            let pages = [deal, account, ledger_account].map(|row| page(&[row], None, 1));
            json_answer(200, &composite(&pages.each_ref().map(|page| (200, page.as_str()))))
        });
        let found = mirrored(&world, &[DEAL_1, DEAL_2], &["k"]).await;
        let name = |name: &str| name.to_owned();
        assert_eq!(
            found,
            [
                CrmWrite {
                    target: WriteTarget::Deal(DealId::new(DEAL_1).unwrap()),
                    fields: vec![
                        (name("Tieout_Billing_Status__c"), FieldValue::Empty),
                        (name("Tieout_Open__c"), FieldValue::Amount(usd(1_050))),
                    ],
                },
                CrmWrite {
                    target: WriteTarget::Account(AccountId::new(ACCOUNT).unwrap()),
                    fields: vec![
                        (name("Tieout_AR_Balance__c"), FieldValue::Amount(usd(-50))),
                        (name("Tieout_Overdue_Count__c"), FieldValue::Count(3)),
                        (name("Tieout_As_Of__c"), FieldValue::Date(date(2026, 6, 30))),
                    ],
                },
                CrmWrite {
                    target: WriteTarget::LedgerAccount { key: "k".to_owned() },
                    fields: vec![(
                        name("AR_Balance__c"),
                        FieldValue::Number("7.25".parse().unwrap())
                    )],
                },
            ]
        );
    }

    #[tokio::test]
    async fn without_installed_fields_nothing_is_asked() {
        let world = world(&[]).await;
        assert!(mirrored(&world, &[DEAL_1], &["k"]).await.is_empty());
        assert!(world.asked().is_empty());
    }

    #[tokio::test]
    async fn a_value_that_does_not_fit_differs_from_everything() {
        let world = world(FIELDS).await;
        world.on("POST /composite {", || {
            let row = r#"{"Id":"006Hs00001AsDfGIAV","Tieout_Open__c":10.505}"#;
            let (deals, accounts) = (page(&[row], None, 1), page(&[], None, 0));
            json_answer(200, &composite(&[(200, &deals), (200, &accounts)]))
        });
        let found = mirrored(&world, &[DEAL_1], &[]).await;
        let open = &found[0].fields[1].1;
        assert_eq!(*open, FieldValue::Number("10.505".parse().unwrap()));
    }
}
