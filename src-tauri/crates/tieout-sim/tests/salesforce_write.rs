//! One record: create, read, update, delete, upsert, and every refusal (salesforce §9, §10).

mod salesforce_support;

use salesforce_support::{Answer, Client, company, query_path};
use serde_json::{Value, json};
use tieout_sim::salesforce::{RowLock, ValidationRule};

fn deal(client: &Client) -> String {
    client.deal("Deal", "Prospecting", "2026-08-01", json!(100))
}

/// A deal with one line of 2 times 50.
fn deal_with_line(client: &Client) -> (String, String) {
    let (_, entry) = client.product("P1", json!(50));
    let deal = deal(client);
    let line = json!({
        "OpportunityId": deal, "PricebookEntryId": entry, "Quantity": 2, "UnitPrice": 50,
    });
    let line = client.make("OpportunityLineItem", line);
    (deal, line)
}

fn tieout() -> Client {
    Client::empty(|switches| switches.tieout_fields = true)
}

/// Creating this is refused with this code, about these fields.
#[track_caller]
fn refused(object: &str, body: Value, code: &str, fields: &[&str]) {
    let client = tieout();
    let answer = client.post(&format!("sobjects/{object}"), body);
    answer.refused(400, code);
    assert_eq!(answer.json()[0]["fields"], json!(fields), "{}", answer.text);
    assert_eq!(client.sim.truth().count(object), 0);
}

fn message(answer: &Answer) -> String {
    answer.json()[0]["message"].as_str().expect("a message").to_owned()
}

#[test]
fn a_record_is_made_read_changed_and_deleted() {
    let client = Client::empty(|_| {});
    let answer = client.post("sobjects/Account", json!({ "Name": "Acme", "Site": "" }));
    let made = answer.succeeded(201);
    assert_eq!((&made["success"], &made["errors"]), (&json!(true), &json!([])));
    let id = made["id"].as_str().expect("an id");
    assert!(id.starts_with("001") && id.len() == 18);
    let path = format!("/services/data/v66.0/sobjects/Account/{id}");
    assert_eq!(answer.header("location"), path);
    let read = client.get(&format!("{path}?fields=Name,Site")).succeeded(200);
    assert_eq!((&read["Name"], &read["Site"]), (&json!("Acme"), &Value::Null));
    assert_eq!(read["attributes"]["url"], path);
    assert_eq!(client.patch(&path, json!({ "Site": "Berlin" })).text, "");
    let read = client.get(&path).succeeded(200);
    assert_eq!((&read["Site"], &read["IsDeleted"]), (&json!("Berlin"), &json!(false)));
    client.delete(&path).succeeded(204);
    client.get(&path).refused(404, "ENTITY_IS_DELETED");
    client.patch(&path, json!({ "Site": "x" })).refused(404, "ENTITY_IS_DELETED");
}

#[test]
fn what_is_not_there_is_not_found() {
    let client = Client::empty(|_| {});
    client.get("sobjects/Account/001Hs00000000zzIAA").refused(404, "NOT_FOUND");
    client.patch("sobjects/Account/nonsense", json!({})).refused(404, "NOT_FOUND");
    client.get("sobjects/Nope/001Hs00000000zzIAA").refused(404, "NOT_FOUND");
    client.post("sobjects/Nope", json!({})).refused(404, "NOT_FOUND");
    client.get("nope").refused(404, "NOT_FOUND");
    client.call("PUT", "sobjects/Account", None).refused(405, "METHOD_NOT_ALLOWED");
    client.call("POST", "limits", None).refused(405, "METHOD_NOT_ALLOWED");
}

#[test]
fn values_are_checked() {
    refused("Account", json!({}), "REQUIRED_FIELD_MISSING", &["Name"]);
    refused("Account", json!({ "Name": null }), "REQUIRED_FIELD_MISSING", &["Name"]);
    refused("Account", json!({ "Name": "a", "Nope__c": 1 }), "INVALID_FIELD", &[]);
    refused("Account", json!({ "Name": "x".repeat(256) }), "STRING_TOO_LONG", &["Name"]);
    let huge = json!({ "Name": "a", "Tieout_AR_Balance__c": "1e17" });
    refused("Account", huge, "NUMBER_OUTSIDE_VALID_RANGE", &["Tieout_AR_Balance__c"]);
    let parent = |id: &str| json!({ "Name": "a", "ParentId": id });
    refused("Account", parent("x"), "MALFORMED_ID", &["ParentId"]);
    let user = "005Hs00000000zz";
    refused("Account", parent(user), "FIELD_INTEGRITY_EXCEPTION", &["ParentId"]);
    let nobody = "001Hs00000000zz";
    refused("Account", parent(nobody), "INVALID_CROSS_REFERENCE_KEY", &["ParentId"]);
    let read_only = json!({ "Name": "a", "IsDeleted": true });
    refused("Account", read_only, "INVALID_FIELD_FOR_INSERT_UPDATE", &["IsDeleted"]);
    let state = json!({ "Dedupe_Key__c": "k", "State__c": "lost" });
    let code = "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST";
    refused("Tieout_Sync_Error__c", state, code, &["State__c"]);
    let stage = json!({ "Name": "a", "StageName": "Won!", "CloseDate": "2026-01-01" });
    refused("Opportunity", stage, code, &["StageName"]);
}

#[test]
fn unreadable_bodies_are_refused() {
    let client = Client::empty(|_| {});
    for body in ["{", "[]", "\"x\"", "", "{\"Name\":\"a\",\"NumberOfEmployees\":\"many\"}"] {
        client.post("sobjects/Account", json!(body)).refused(400, "JSON_PARSER_ERROR");
    }
    let bad = json!({ "Name": "a", "StageName": "Prospecting", "CloseDate": "soon" });
    client.post("sobjects/Opportunity", bad).refused(400, "JSON_PARSER_ERROR");
}

#[test]
fn amounts_are_exact_and_rounded_to_their_scale() {
    let client = tieout();
    let id = client.account("Acme");
    let path = format!("sobjects/Account/{id}");
    client.patch(&path, json!("{\"Tieout_AR_Balance__c\":1234567890123456.005}")).succeeded(204);
    let held = client.field("Account", &id, "Tieout_AR_Balance__c");
    assert_eq!(held.as_deref(), Some("1234567890123456.01"));
    client.patch(&path, json!("{\"Tieout_AR_Balance__c\":\"0.1\"}")).succeeded(204);
    assert_eq!(client.field("Account", &id, "Tieout_AR_Balance__c").as_deref(), Some("0.1"));
    client.patch(&path, json!({ "Tieout_AR_Balance__c": null })).succeeded(204);
    assert_eq!(client.field("Account", &id, "Tieout_AR_Balance__c"), None);
}

#[test]
fn the_id_does_not_belong_into_an_update() {
    let client = Client::empty(|_| {});
    let id = client.account("Acme");
    let path = format!("sobjects/Account/{id}");
    client.patch(&path, json!({ "Id": id })).refused(400, "INVALID_FIELD");
}

#[test]
fn an_update_of_a_record_that_moved_on_is_refused() {
    let client = Client::empty(|_| {}).with("if-unmodified-since", "Mon, 06 Jul 2026 16:41:00 GMT");
    let id = client.account("Acme");
    let path = format!("sobjects/Account/{id}");
    client.patch(&path, json!({ "Site": "x" })).refused(412, "PRECONDITION_FAILED");
}

#[test]
fn an_upsert_makes_then_changes() {
    let client = tieout();
    let path = "sobjects/Product2/Tieout_External_Id__c/PLAT-SEAT";
    let made = client.patch(path, json!({ "Name": "Seat" })).succeeded(201);
    assert_eq!(made["created"], true);
    let again = client.patch(path, json!({ "Name": "Seats" })).succeeded(200);
    assert_eq!((&again["created"], &again["id"]), (&json!(false), &made["id"]));
    let read = client.get(path).succeeded(200);
    assert_eq!(read["Name"], "Seats");
    client.delete(path).succeeded(204);
    client.get(path).refused(404, "NOT_FOUND");
}

#[test]
fn an_old_version_answers_an_upsert_without_a_body() {
    let client = tieout();
    let path = "/services/data/v45.0/sobjects/Product2/Tieout_External_Id__c/A";
    client.patch(path, json!({ "Name": "a" })).succeeded(201);
    client.patch(path, json!({ "Name": "b" })).succeeded(204);
}

#[test]
fn an_upsert_that_may_only_update_finds_or_fails() {
    let client = tieout();
    let path = "sobjects/Product2/Tieout_External_Id__c/A?updateOnly=true";
    client.patch(path, json!({ "Name": "a" })).refused(404, "NOT_FOUND");
    assert_eq!(client.sim.truth().count("Product2"), 0);
}

#[test]
fn a_key_that_is_none_is_not_found() {
    let client = tieout();
    let answer = client.patch("sobjects/Product2/ProductCode/A", json!({ "Name": "a" }));
    answer.refused(404, "NOT_FOUND");
    let text = "Provided external ID field does not exist or is not accessible: ProductCode";
    assert_eq!(message(&answer), text);
    client.switch(|switches| {
        switches.hidden_fields.insert("Product2.Tieout_External_Id__c".to_owned());
    });
    let path = "sobjects/Product2/Tieout_External_Id__c/A";
    client.patch(path, json!({ "Name": "a" })).refused(404, "NOT_FOUND");
}

#[test]
fn the_key_does_not_belong_into_the_body() {
    let body = json!({ "Name": "a", "Tieout_External_Id__c": "A" });
    let answer = tieout().patch("sobjects/Product2/Tieout_External_Id__c/A", body);
    answer.refused(400, "INVALID_FIELD");
}

#[test]
fn a_key_with_a_slash_breaks_the_path() {
    let path = "sobjects/Product2/Tieout_External_Id__c/A%2FB";
    tieout().patch(path, json!({ "Name": "a" })).refused(404, "NOT_FOUND");
}

#[test]
fn a_case_sensitive_key_knows_its_letters() {
    let client = tieout();
    client
        .patch("sobjects/Product2/Tieout_External_Id__c/a", json!({ "Name": "1" }))
        .succeeded(201);
    client
        .patch("sobjects/Product2/Tieout_External_Id__c/A", json!({ "Name": "2" }))
        .succeeded(201);
}

#[test]
fn a_key_without_case_and_not_unique_may_match_several() {
    let client = Client::empty(|switches| {
        switches.extra_fields = vec!["Account.Code__c: string(20) cun external".to_owned()];
    });
    client.make("Account", json!({ "Name": "a", "Code__c": "x" }));
    client.make("Account", json!({ "Name": "b", "Code__c": "X" }));
    let answer = client.patch("sobjects/Account/Code__c/x", json!({ "Name": "c" }));
    let urls = answer.succeeded(300);
    assert_eq!(urls.as_array().map(Vec::len), Some(2));
    assert!(urls[0].as_str().is_some_and(|url| url.starts_with("/services/data/v66.0/sobjects/")));
}

#[test]
fn a_taken_key_names_the_other_record() {
    let client = tieout();
    let first = client.make("Product2", json!({ "Name": "a", "Tieout_External_Id__c": "A" }));
    let body = json!({ "Name": "b", "Tieout_External_Id__c": "A" });
    let answer = client.post("sobjects/Product2", body);
    answer.refused(400, "DUPLICATE_VALUE");
    let text = format!(
        "duplicate value found: Tieout_External_Id__c duplicates value on record with id: {}",
        &first[..15]
    );
    assert_eq!(message(&answer), text);
}

#[test]
fn a_lookup_may_be_set_through_an_external_id() {
    let client = tieout();
    let (product, _) = client.product("P1", json!(10));
    let path = format!("sobjects/Product2/{product}");
    client.patch(&path, json!({ "Tieout_External_Id__c": "A" })).succeeded(204);
    let line = json!({
        "OpportunityId": deal(&client), "Product2": { "Tieout_External_Id__c": "A" },
        "Quantity": 1, "UnitPrice": 10,
    });
    let line = client.make("OpportunityLineItem", line);
    assert_eq!(client.field("OpportunityLineItem", &line, "Product2Id"), Some(product));
    let unknown =
        json!({ "OpportunityId": deal(&client), "Product2": { "Tieout_External_Id__c": "B" } });
    client.post("sobjects/OpportunityLineItem", unknown).refused(400, "INVALID_FIELD");
}

#[test]
fn an_external_id_of_an_account_link_names_itself() {
    let client = tieout();
    let account = client.account("Acme");
    let path = "sobjects/Tieout_Ledger_Account__c/Key__c/qbo%3A1%7C42%7CUSD";
    let body = json!({ "Account__c": account, "AR_Balance__c": 12.3456, "Currency__c": "USD" });
    let made = client.patch(path, body).succeeded(201);
    let id = made["id"].as_str().expect("an id");
    let of = |name: &str| client.field("Tieout_Ledger_Account__c", id, name);
    assert_eq!(of("Key__c").as_deref(), Some("qbo:1|42|USD"));
    assert_eq!(of("Name").as_deref(), Some("LA-000001"));
    assert_eq!(of("AR_Balance__c").as_deref(), Some("12.3456"));
    let soql = "SELECT Name, (SELECT Key__c FROM Tieout_Ledger_Accounts__r) FROM Account";
    let rows = client.rows(soql);
    assert_eq!(rows[0]["Tieout_Ledger_Accounts__r"]["totalSize"], 1);
}

#[test]
fn a_won_stage_sets_the_flags_and_writes_history() {
    let client = Client::empty(|_| {});
    let id = deal(&client);
    assert_eq!(client.field("Opportunity", &id, "LastStageChangeDate"), None);
    client.advance(60);
    let path = format!("sobjects/Opportunity/{id}");
    client.patch(&path, json!({ "StageName": "Closed Won" })).succeeded(204);
    let of = |name: &str| client.field("Opportunity", &id, name).unwrap_or_default();
    assert_eq!((of("IsWon").as_str(), of("IsClosed").as_str()), ("true", "true"));
    assert_eq!((of("Probability").as_str(), of("ForecastCategory").as_str()), ("100", "Closed"));
    assert_eq!(of("LastStageChangeDate"), "2026-07-06T16:43:00Z");
    client.patch(&path, json!({ "StageName": "Prospecting", "Amount": 90 })).succeeded(204);
    assert_eq!(of("IsWon"), "false");
    client.patch(&path, json!({ "NextStep": "call" })).succeeded(204);
    let soql = "SELECT StageName, Amount, PrevAmount FROM OpportunityHistory ORDER BY Id";
    assert_eq!(client.column(soql, "StageName"), "Prospecting Closed Won Prospecting");
    assert_eq!(client.column(soql, "Amount"), "100.0 100.0 90.0");
    assert_eq!(client.column(soql, "PrevAmount"), "null 100.0 100.0");
}

#[test]
fn lines_own_the_amount() {
    let client = Client::empty(|_| {});
    let (deal, line) = deal_with_line(&client);
    let of = |name: &str| client.field("Opportunity", &deal, name).unwrap_or_default();
    assert_eq!((of("Amount").as_str(), of("HasOpportunityLineItem").as_str()), ("100", "true"));
    let path = format!("sobjects/Opportunity/{deal}");
    client.patch(&path, json!({ "Amount": 5 })).succeeded(204);
    assert_eq!(of("Amount"), "100", "silently ignored");
    let line_path = format!("sobjects/OpportunityLineItem/{line}");
    client.patch(&line_path, json!({ "Quantity": 3, "Discount": 10 })).succeeded(204);
    assert_eq!(of("Amount"), "135");
    client.patch(&line_path, json!({ "TotalPrice": 270 })).succeeded(204);
    assert_eq!(client.field("OpportunityLineItem", &line, "UnitPrice").as_deref(), Some("100"));
    let book = json!({ "Pricebook2Id": client.make("Pricebook2", json!({ "Name": "Mine" })) });
    client.patch(&path, book).refused(400, "FIELD_INTEGRITY_EXCEPTION");
}

#[test]
fn a_line_has_one_price_and_an_entry_in_the_deals_currency() {
    let client = Client::sample();
    let truth = client.sim.truth();
    let deal = company().deal_id("P-3011").expect("a deal in pounds");
    let product = truth.find("Product2", "ProductCode", "AQ-GATE-2")[0].clone();
    let line = |more: Value| {
        let mut body = json!({ "OpportunityId": deal, "Product2Id": product, "Quantity": 1 });
        body.as_object_mut().expect("one").extend(more.as_object().expect("one").clone());
        client.post("sobjects/OpportunityLineItem", body)
    };
    line(json!({ "UnitPrice": 1, "TotalPrice": 1 })).refused(400, "FIELD_INTEGRITY_EXCEPTION");
    line(json!({})).refused(400, "REQUIRED_FIELD_MISSING");
    let dollars = truth.find("PricebookEntry", "CurrencyIsoCode", "USD")[0].clone();
    line(json!({ "PricebookEntryId": dollars, "UnitPrice": 1 }))
        .refused(400, "FIELD_INTEGRITY_EXCEPTION");
    let made = line(json!({ "UnitPrice": 7 })).succeeded(201);
    let id = made["id"].as_str().expect("an id");
    let of = |name: &str| client.field("OpportunityLineItem", id, name).unwrap_or_default();
    assert_eq!(of("CurrencyIsoCode"), "GBP");
    assert_eq!((of("ListPrice").as_str(), of("ProductCode").as_str()), ("2300", "AQ-GATE-2"));
    assert_eq!(of("Name"), "Probe refresh Edge gateway, second generation");
}

#[test]
fn schedules_own_the_total_of_their_line() {
    let client = Client::empty(|_| {});
    let (deal, line) = deal_with_line(&client);
    for (date, revenue) in [("2026-09-01", 60), ("2026-10-01", 80)] {
        let row = json!({
            "OpportunityLineItemId": line, "Type": "Revenue", "Revenue": revenue,
            "ScheduleDate": date,
        });
        client.make("OpportunityLineItemSchedule", row);
    }
    assert_eq!(client.field("OpportunityLineItem", &line, "TotalPrice").as_deref(), Some("140"));
    assert_eq!(client.field("Opportunity", &deal, "Amount").as_deref(), Some("140"));
    let path = format!("sobjects/OpportunityLineItem/{line}");
    let code = "INVALID_FIELD_FOR_INSERT_UPDATE";
    client.patch(&path, json!({ "TotalPrice": 1 })).refused(400, code);
}

#[test]
fn an_edit_of_a_line_stamps_the_deal_only_with_its_amount() {
    let client = Client::empty(|_| {});
    let (deal, line) = deal_with_line(&client);
    let stamp = || client.field("Opportunity", &deal, "SystemModstamp").expect("a stamp");
    let before = stamp();
    client.advance(60);
    let path = format!("sobjects/OpportunityLineItem/{line}");
    client.patch(&path, json!({ "Description": "x" })).succeeded(204);
    assert_eq!(stamp(), before);
    client.patch(&path, json!({ "Quantity": 4 })).succeeded(204);
    assert_ne!(stamp(), before);
}

#[test]
fn a_deleted_line_is_known_to_get_deleted_alone() {
    let client = Client::empty(|_| {});
    let (deal, line) = deal_with_line(&client);
    client.advance(120);
    client.delete(&format!("sobjects/OpportunityLineItem/{line}")).succeeded(204);
    client.advance(120);
    let all = query_path("queryAll", "SELECT Id FROM OpportunityLineItem");
    assert_eq!(client.get(&all).succeeded(200)["totalSize"], 0);
    let path = "sobjects/OpportunityLineItem/deleted/?start=2026-07-06T16%3A00%3A00%2B00%3A00\
                &end=2026-07-06T17%3A00%3A00%2B00%3A00";
    let told = client.get(path).succeeded(200);
    assert_eq!(told["deletedRecords"][0]["id"], json!(line));
    assert_eq!(told["deletedRecords"][0]["deletedDate"], "2026-07-06T16:44:00.000+0000");
    assert_eq!(told["earliestDateAvailable"], "2026-06-21T16:46:00.000+0000");
    assert_eq!(told["latestDateCovered"], "2026-07-06T16:46:00.000+0000");
    assert_eq!(
        client.field("Opportunity", &deal, "HasOpportunityLineItem").as_deref(),
        Some("false")
    );
}

#[test]
fn get_updated_follows_the_stamp_and_checks_its_window() {
    let client = Client::empty(|_| {});
    let first = client.account("a");
    client.advance(3600);
    let second = client.account("b");
    let window = |start: &str, end: &str| {
        client.get(&format!("sobjects/Account/updated/?start={start}&end={end}"))
    };
    let ids = |start: &str, end: &str| window(start, end).succeeded(200)["ids"].clone();
    assert_eq!(ids("2026-07-06T16:42:00Z", "2026-07-06T17:42:00Z"), json!([first]));
    assert_eq!(ids("2026-07-06T17:42:00Z", "2026-07-06T17:43:00Z"), json!([second]));
    window("2026-07-06T17:42:00Z", "2026-07-06T17:42:59Z").refused(400, "INVALID_REPLICATION_DATE");
    window("2026-05-06T17:42:00Z", "2026-07-06T17:42:00Z").refused(400, "INVALID_REPLICATION_DATE");
    window("soon", "later").refused(400, "ILLEGAL_QUERY_PARAMETER_VALUE");
}

#[test]
fn deleting_a_deal_takes_lines_and_history_along() {
    let client = Client::empty(|_| {});
    let (deal, _) = deal_with_line(&client);
    client.delete(&format!("sobjects/Opportunity/{deal}")).succeeded(204);
    let truth = client.sim.truth();
    assert_eq!((truth.count("OpportunityLineItem"), truth.count("OpportunityHistory")), (0, 0));
    let all = query_path("queryAll", "SELECT Id, IsDeleted FROM OpportunityLineItem");
    assert_eq!(client.get(&all).succeeded(200)["records"][0]["IsDeleted"], true);
}

#[test]
fn a_product_in_use_and_a_user_stay() {
    let client = Client::empty(|_| {});
    deal_with_line(&client);
    let product = client.sim.truth().ids("Product2")[0].clone();
    client.delete(&format!("sobjects/Product2/{product}")).refused(400, "DELETE_FAILED");
    let user = client.sim.truth().ids("User")[0].clone();
    let answer = client.delete(&format!("sobjects/User/{user}"));
    answer.refused(403, "INSUFFICIENT_ACCESS_OR_READONLY");
}

#[test]
fn an_inactive_owner_is_refused() {
    let client = Client::empty(|_| {});
    let user = client.sim.truth().ids("User")[1].clone();
    client.patch(&format!("sobjects/User/{user}"), json!({ "IsActive": false })).succeeded(204);
    let body = json!({ "Name": "a", "OwnerId": user });
    client.post("sobjects/Account", body).refused(400, "INACTIVE_OWNER_OR_USER");
}

#[test]
fn a_custom_price_needs_a_standard_one() {
    let client = Client::empty(|_| {});
    let product = client.make("Product2", json!({ "Name": "P" }));
    let book = client.make("Pricebook2", json!({ "Name": "Mine" }));
    let entry = json!({ "Pricebook2Id": book, "Product2Id": product, "UnitPrice": 1 });
    client.post("sobjects/PricebookEntry", entry).refused(400, "STANDARD_PRICE_NOT_DEFINED");
}

#[test]
fn an_unknown_currency_is_refused() {
    let client = Client::sample();
    let body = json!({ "Name": "a", "CurrencyIsoCode": "CHF" });
    client.post("sobjects/Account", body).refused(400, "INVALID_CURRENCY_ISO");
}

#[test]
fn a_task_derives_its_account_and_closes_with_its_status() {
    let client = tieout();
    let account = client.account("Acme");
    let deal = json!({
        "Name": "d", "StageName": "Prospecting", "CloseDate": "2026-08-01", "AccountId": account,
    });
    let deal = client.make("Opportunity", deal);
    let task = json!({
        "WhatId": deal, "Subject": "Invoice 1042 is overdue", "Tieout_Client_Token__c": "t1",
    });
    let task = client.make("Task", task);
    let of = |name: &str| client.field("Task", &task, name).unwrap_or_default();
    assert_eq!((of("Status").as_str(), of("Priority").as_str()), ("Not Started", "Normal"));
    assert_eq!(of("AccountId"), account);
    let path = "sobjects/Task/Tieout_Client_Token__c/t1";
    client.patch(path, json!({ "Status": "Completed" })).succeeded(200);
    assert_eq!(of("IsClosed"), "true");
}

#[test]
fn a_validation_rule_speaks_in_the_administrators_words() {
    let client = Client::empty(|switches| {
        switches.validation_rules.push(ValidationRule {
            name: "No_Small_Deals".to_owned(),
            object: "Opportunity".to_owned(),
            when: "Amount < 10 AND StageName = 'Closed Won'".to_owned(),
            on_write_of: Vec::new(),
            message: "Zu klein – bitte prüfen".to_owned(),
            active: true,
            story: false,
        });
    });
    let id = client.deal("d", "Prospecting", "2026-08-01", json!(5));
    let path = format!("sobjects/Opportunity/{id}");
    let answer = client.patch(&path, json!({ "StageName": "Closed Won" }));
    answer.refused(400, "FIELD_CUSTOM_VALIDATION_EXCEPTION");
    assert_eq!(message(&answer), "Zu klein – bitte prüfen");
    client.patch(&path, json!({ "StageName": "Closed Won", "Amount": 10 })).succeeded(204);
}

#[test]
fn a_lock_holds_until_its_moment() {
    let client = Client::empty(|_| {});
    let id = client.account("Acme");
    client.switch(|switches| {
        let until = "2026-07-06T16:43:00Z".parse().expect("a moment");
        switches.locks.push(RowLock { record_id: id.clone(), until, story: false });
    });
    let path = format!("sobjects/Account/{id}");
    let answer = client.patch(&path, json!({ "Site": "x" }));
    answer.refused(400, "UNABLE_TO_LOCK_ROW");
    assert!(message(&answer).ends_with(&id[..15]));
    client.delete(&path).refused(400, "UNABLE_TO_LOCK_ROW");
    client.advance(60);
    client.patch(&path, json!({ "Site": "x" })).succeeded(204);
}

#[test]
fn messages_may_come_in_another_language() {
    let client = Client::empty(|switches| switches.localised = true);
    let answer = client.post("sobjects/Account", json!({}));
    answer.refused(400, "REQUIRED_FIELD_MISSING");
    assert!(message(&answer).starts_with("A operação"));
}
