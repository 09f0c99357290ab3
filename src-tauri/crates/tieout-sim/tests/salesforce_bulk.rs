//! Several records in one call: collections, composite, graph, batch (salesforce §9.3 to §9.5).

mod salesforce_support;

use salesforce_support::Client;
use serde_json::{Value, json};

/// Records in a text body: members keep their order there, which the call looks at.
fn records(kind: &str, rows: &[Value]) -> String {
    let rows: Vec<String> = rows
        .iter()
        .map(|row| {
            let rest = row.to_string();
            let rest = rest.trim_start_matches('{');
            let joint = if rest == "}" { "" } else { "," };
            format!("{{\"attributes\":{{\"type\":\"{kind}\"}}{joint}{rest}")
        })
        .collect();
    rows.join(",")
}

fn body(all_or_none: bool, kind: &str, rows: &[Value]) -> Value {
    json!(format!("{{\"allOrNone\":{all_or_none},\"records\":[{}]}}", records(kind, rows)))
}

fn tieout() -> Client {
    Client::empty(|switches| switches.tieout_fields = true)
}

/// `ok` or the code of each row of an answer.
fn outcomes(answer: &Value) -> Vec<String> {
    let rows = answer.as_array().expect("rows").iter();
    let outcome = |row: &Value| match row["success"].as_bool() {
        Some(true) => "ok".to_owned(),
        _ => row["errors"][0]["statusCode"].as_str().unwrap_or_default().to_owned(),
    };
    rows.map(outcome).collect()
}

fn statuses(answer: &Value, list: &str, status: &str) -> Vec<u64> {
    let parts = answer[list].as_array().expect("parts").iter();
    parts.map(|part| part[status].as_u64().expect("a status")).collect()
}

fn part(method: &str, url: &str, reference: &str, body: Value) -> Value {
    let url = format!("/services/data/v66.0/{url}");
    json!({ "method": method, "url": url, "referenceId": reference, "body": body })
}

fn composite(client: &Client, all_or_none: bool, parts: Value) -> Value {
    let body = json!({ "allOrNone": all_or_none, "compositeRequest": parts });
    client.post("composite", body).succeeded(200)
}

#[test]
fn rows_succeed_and_fail_by_themselves_in_order() {
    let client = Client::empty(|_| {});
    let rows = [json!({ "Name": "a" }), json!({}), json!({ "Name": "c" })];
    let answer = client.post("composite/sobjects", body(false, "Account", &rows)).succeeded(200);
    assert_eq!(outcomes(&answer), ["ok", "REQUIRED_FIELD_MISSING", "ok"]);
    let failed = &answer[1];
    assert_eq!(failed["errors"][0]["fields"], json!(["Name"]));
    assert!(failed.get("id").is_none() && failed.get("created").is_none());
    assert!(failed["errors"][0].get("errorCode").is_none());
    assert_eq!(client.sim.truth().count("Account"), 2);
}

#[test]
fn all_or_none_rolls_everything_back() {
    let client = Client::empty(|_| {});
    let rows = [json!({ "Name": "a" }), json!({})];
    let answer = client.post("composite/sobjects", body(true, "Account", &rows)).succeeded(200);
    let rolled_back = "ALL_OR_NONE_OPERATION_ROLLED_BACK";
    assert_eq!(outcomes(&answer), [rolled_back, "REQUIRED_FIELD_MISSING"]);
    assert_eq!(client.sim.truth().count("Account"), 0);
}

#[test]
fn attributes_must_come_first() {
    let client = Client::empty(|_| {});
    let late = "{\"records\":[{\"Name\":\"a\",\"attributes\":{\"type\":\"Account\"}}]}";
    client.post("composite/sobjects", json!(late)).refused(400, "JSON_PARSER_ERROR");
    let missing = "{\"records\":[{\"Name\":\"a\"}]}";
    client.post("composite/sobjects", json!(missing)).refused(400, "JSON_PARSER_ERROR");
}

#[test]
fn only_the_key_may_stand_before_attributes() {
    let client = tieout();
    let late = |key: &str, value: &str, kind: &str| {
        let attributes = format!("\"attributes\":{{\"type\":\"{kind}\"}}");
        json!(format!("{{\"records\":[{{\"{key}\":\"{value}\",{attributes},\"Name\":\"x\"}}]}}"))
    };
    let id = client.account("a");
    let answer = client.patch("composite/sobjects", late("id", &id, "Account"));
    assert_eq!(outcomes(&answer.succeeded(200)), ["ok"]);
    let body = late("Tieout_External_Id__c", "A", "Product2");
    let path = "composite/sobjects/Product2/Tieout_External_Id__c";
    assert_eq!(outcomes(&client.patch(path, body.clone()).succeeded(200)), ["ok"]);
    let path = "composite/sobjects/Product2/Id";
    client.patch(path, body).refused(400, "JSON_PARSER_ERROR");
}

#[test]
fn at_most_two_hundred_records_and_ten_chunks() {
    let client = Client::empty(|_| {});
    let rows: Vec<_> = (0..201).map(|at| json!({ "Name": at.to_string() })).collect();
    let answer = client.post("composite/sobjects", body(false, "Account", &rows));
    answer.refused(400, "EXCEEDED_ID_LIMIT");
    let mixed: Vec<_> = (0..11)
        .map(|at| {
            records(if at % 2 == 0 { "Account" } else { "Product2" }, &[json!({ "Name": "x" })])
        })
        .collect();
    let text = format!("{{\"records\":[{}]}}", mixed.join(","));
    client.post("composite/sobjects", json!(text)).refused(400, "LIMIT_EXCEEDED");
    let text = format!("{{\"records\":[{}]}}", mixed[..10].join(","));
    client.post("composite/sobjects", json!(text)).succeeded(200);
}

#[test]
fn collections_update_by_id() {
    let client = Client::empty(|_| {});
    let id = client.account("a");
    let rows = [
        json!({ "id": id, "Site": "x" }),
        json!({ "Id": "001Hs00000000zz", "Site": "x" }),
        json!({ "Site": "x" }),
        json!({ "id": id, "Site": "y" }),
    ];
    let answer = client.patch("composite/sobjects", body(false, "Account", &rows)).succeeded(200);
    let expected = ["ok", "INVALID_CROSS_REFERENCE_KEY", "MISSING_ARGUMENT", "DUPLICATE_VALUE"];
    assert_eq!(outcomes(&answer), expected);
    assert_eq!(client.field("Account", &id, "Site").as_deref(), Some("x"));
}

#[test]
fn collections_upsert_by_external_id() {
    let client = tieout();
    client.make("Product2", json!({ "Name": "old", "Tieout_External_Id__c": "A" }));
    let rows = [
        json!({ "Tieout_External_Id__c": "A", "Name": "new" }),
        json!({ "Tieout_External_Id__c": "B/1", "Name": "b" }),
        json!({ "Name": "no key" }),
        json!({ "Tieout_External_Id__c": "A", "Name": "again" }),
    ];
    let path = "composite/sobjects/Product2/Tieout_External_Id__c";
    let answer = client.patch(path, body(false, "Product2", &rows)).succeeded(200);
    assert_eq!(outcomes(&answer), ["ok", "ok", "MISSING_ARGUMENT", "DUPLICATE_VALUE"]);
    let created: Vec<_> = (0..4).map(|at| answer[at]["created"].clone()).collect();
    assert_eq!(created, [json!(false), json!(true), json!(false), json!(false)]);
    let names = client.column("SELECT Name FROM Product2 ORDER BY Name", "Name");
    assert_eq!(names, "b new");
}

#[test]
fn an_upsert_by_id_makes_where_the_id_is_null() {
    let client = Client::empty(|_| {});
    let id = client.account("a");
    let rows = [json!({ "Id": id, "Name": "b" }), json!({ "Id": null, "Name": "c" })];
    let answer = client.patch("composite/sobjects/Account/Id", body(false, "Account", &rows));
    assert_eq!(outcomes(&answer.succeeded(200)), ["ok", "ok"]);
    assert_eq!(client.column("SELECT Name FROM Account ORDER BY Name", "Name"), "b c");
}

#[test]
fn a_key_that_is_none_fails_the_whole_call() {
    let path = "composite/sobjects/Product2/ProductCode";
    tieout().patch(path, body(false, "Product2", &[json!({})])).refused(404, "NOT_FOUND");
}

#[test]
fn collections_delete_and_retrieve() {
    let client = Client::empty(|_| {});
    let (first, second) = (client.account("a"), client.account("b"));
    let ids = json!({ "ids": [first, "001Hs00000000zz", second], "fields": ["Name"] });
    let found = client.post("composite/sobjects/Account", ids.clone()).succeeded(200);
    assert_eq!(
        (&found[0]["Name"], &found[1], &found[2]["Name"]),
        (&json!("a"), &Value::Null, &json!("b"))
    );
    let path = format!("composite/sobjects?ids={first},001Hs00000000zz&allOrNone=false");
    let answer = client.delete(&path).succeeded(200);
    assert_eq!(outcomes(&answer), ["ok", "INVALID_CROSS_REFERENCE_KEY"]);
    let path = format!("composite/sobjects?ids={second},{first}&allOrNone=true");
    let answer = client.delete(&path).succeeded(200);
    assert_eq!(outcomes(&answer), ["ALL_OR_NONE_OPERATION_ROLLED_BACK", "ENTITY_IS_DELETED"]);
    let found = client.post("composite/sobjects/Account", ids).succeeded(200);
    assert_eq!((&found[0], &found[2]["Name"]), (&Value::Null, &json!("b")));
}

#[test]
fn a_part_may_refer_to_an_earlier_answer() {
    let client = tieout();
    let answer = composite(
        &client,
        true,
        json!([
            part("POST", "sobjects/Account", "acc", json!({ "Name": "Acme" })),
            part(
                "POST",
                "sobjects/Task",
                "t1",
                json!({ "WhatId": "@{acc.id}", "Subject": "Call" })
            ),
            part("GET", "query?q=SELECT+Id,Name+FROM+Account", "q", Value::Null),
            part(
                "PATCH",
                "sobjects/Account/@{q.records[0].Id}",
                "p",
                json!({ "Site": "@{q.records[0].Name}" })
            ),
        ]),
    );
    assert_eq!(statuses(&answer, "compositeResponse", "httpStatusCode"), [201, 201, 200, 204]);
    let first = &answer["compositeResponse"][0];
    assert_eq!(first["referenceId"], "acc");
    let id = first["body"]["id"].as_str().expect("an id");
    let location = format!("/services/data/v66.0/sobjects/Account/{id}");
    assert_eq!(first["httpHeaders"]["Location"], location);
    assert_eq!(answer["compositeResponse"][3]["body"], Value::Null);
    let truth = client.sim.truth();
    assert_eq!(truth.find("Task", "WhatId", id).len(), 1);
    assert_eq!(client.field("Account", id, "Site").as_deref(), Some("Acme"));
}

#[test]
fn one_failed_part_halts_and_undoes_all() {
    let client = Client::empty(|_| {});
    let answer = composite(
        &client,
        true,
        json!([
            part("POST", "sobjects/Account", "a", json!({ "Name": "Acme" })),
            part("POST", "sobjects/Account", "b", json!({})),
            part("POST", "sobjects/Account", "c", json!({ "Name": "Late" })),
        ]),
    );
    let code = |at: usize| answer["compositeResponse"][at]["body"][0]["errorCode"].clone();
    assert_eq!(statuses(&answer, "compositeResponse", "httpStatusCode"), [400, 400, 400]);
    assert_eq!(code(0), "PROCESSING_HALTED");
    assert_eq!(code(1), "REQUIRED_FIELD_MISSING");
    assert_eq!(code(2), "PROCESSING_HALTED");
    assert_eq!(client.sim.truth().count("Account"), 0);
}

#[test]
fn without_all_or_none_only_dependents_are_halted() {
    let client = Client::empty(|_| {});
    let answer = composite(
        &client,
        false,
        json!([
            part("POST", "sobjects/Account", "a", json!({})),
            part("POST", "sobjects/Task", "t", json!({ "WhatId": "@{a.id}" })),
            part("POST", "sobjects/Account", "c", json!({ "Name": "Late" })),
        ]),
    );
    assert_eq!(statuses(&answer, "compositeResponse", "httpStatusCode"), [400, 400, 201]);
    assert_eq!(answer["compositeResponse"][1]["body"][0]["errorCode"], "PROCESSING_HALTED");
}

#[test]
fn a_composite_has_limits_and_rules() {
    let client = Client::empty(|_| {});
    let post = |parts: Value| client.post("composite", json!({ "compositeRequest": parts }));
    let part_of = |at: usize| part("GET", "limits", &format!("r{at}"), Value::Null);
    let parts: Vec<_> = (0..26).map(part_of).collect();
    post(json!(parts)).refused(400, "LIMIT_EXCEEDED");
    post(json!(parts[..25])).succeeded(200);
    let query = |at: usize| part("GET", "query?q=x", &format!("q{at}"), Value::Null);
    post(json!((0..6).map(query).collect::<Vec<_>>())).refused(400, "LIMIT_EXCEEDED");
    post(json!([part_of(1), part_of(1)])).refused(400, "INVALID_INPUT");
    let mut with_header = part_of(1);
    with_header["httpHeaders"] = json!({ "Content-Type": "x" });
    post(json!([with_header])).refused(400, "INVALID_INPUT");
    let nested = post(json!([part("POST", "composite", "n", json!({}))])).succeeded(200);
    assert_eq!(statuses(&nested, "compositeResponse", "httpStatusCode"), [400]);
}

#[test]
fn a_composite_counts_as_one_request() {
    let client = Client::empty(|_| {});
    let before = client.sim.truth().requests_used();
    composite(
        &client,
        false,
        json!([part("GET", "limits", "a", Value::Null), part("GET", "limits", "b", Value::Null),]),
    );
    assert_eq!(client.sim.truth().requests_used(), before + 1);
}

#[test]
fn each_graph_is_all_or_nothing() {
    let client = Client::empty(|_| {});
    let good = part("POST", "sobjects/Account", "a", json!({ "Name": "A" }));
    let bad = part("POST", "sobjects/Account", "b", json!({}));
    let answer = client.post(
        "composite/graph",
        json!({ "graphs": [
        { "graphId": "g1", "compositeRequest": [good] },
        { "graphId": "g2", "compositeRequest": [good, bad] },
    ] }),
    );
    let answer = answer.succeeded(200);
    let graphs = &answer["graphs"];
    assert_eq!(
        (&graphs[0]["isSuccessful"], &graphs[1]["isSuccessful"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(client.sim.truth().count("Account"), 1);
}

#[test]
fn a_batch_runs_independent_calls() {
    let client = Client::empty(|_| {});
    let calls = json!([
        { "method": "GET", "url": "/services/data/v66.0/sobjects/Account/describe" },
        { "method": "GET", "url": "v66.0/sobjects/Nope/describe" },
        { "method": "POST", "url": "v66.0/sobjects/Account", "richInput": { "Name": "a" } },
    ]);
    let body = json!({ "batchRequests": calls, "haltOnError": false });
    let answer = client.post("composite/batch", body).succeeded(200);
    assert_eq!(answer["hasErrors"], true);
    assert_eq!(statuses(&answer, "results", "statusCode"), [200, 404, 201]);
    assert_eq!(answer["results"][0]["result"]["name"], "Account");
    let body = json!({ "batchRequests": calls, "haltOnError": true });
    let answer = client.post("composite/batch", body).succeeded(200);
    assert_eq!(statuses(&answer, "results", "statusCode"), [200, 404, 412]);
}
