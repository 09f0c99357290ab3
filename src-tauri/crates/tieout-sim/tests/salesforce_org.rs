//! Discovery, limits, describe, control, faults, snapshots (salesforce §3, §4, §11).

mod salesforce_support;

use axum::body::Body;
use http::Request;
use salesforce_support::{Answer, Client, HOST, company, now, send};
use serde_json::{Value, json};
use tieout_sim::clock::SimClock;
use tieout_sim::fault::{FaultKind, FaultRule};
use tieout_sim::salesforce::{OrgConfig, SalesforceSim};

fn control(client: &Client, method: &str, path: &str, body: Value) -> Answer {
    let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
    let request = Request::builder().method(method).uri(path).body(body).expect("a request");
    send(client.sim.control(), request).expect("an answer")
}

fn rule(method: &str, path: &str, kind: FaultKind) -> FaultRule {
    FaultRule {
        method: method.to_owned(),
        path_contains: path.to_owned(),
        body_contains: String::new(),
        kind,
        times: 1,
    }
}

/// A request that may get no answer.
fn try_patch(client: &Client, path: &str, body: &Value) -> Option<Answer> {
    let request = Request::patch(format!("/services/data/v66.0/{path}"))
        .header("host", HOST)
        .header("authorization", format!("Bearer {}", client.token))
        .body(Body::from(body.to_string()))
        .expect("a request");
    send(client.sim.router(), request)
}

#[test]
fn versions_need_no_session() {
    let mut client = Client::empty(|_| {});
    client.token = "x".to_owned();
    let versions = client.get("/services/data").succeeded(200);
    let versions = versions.as_array().expect("versions");
    assert_eq!((&versions[0]["version"], versions.len()), (&json!("31.0"), 38));
    let spring = versions.iter().find(|row| row["version"] == "66.0").expect("v66");
    assert_eq!(
        (&spring["label"], &spring["url"]),
        (&json!("Spring '26"), &json!("/services/data/v66.0"))
    );
    assert_eq!(versions[37]["label"], "Winter '27");
}

#[test]
fn retired_versions_are_gone_and_future_ones_not_there() {
    let client = Client::empty(|_| {});
    client.get("/services/data/v30.0/limits").refused(410, "GONE");
    client.get("/services/data/v69.0/limits").refused(404, "NOT_FOUND");
    client.get("/services/data/v66/limits").refused(404, "NOT_FOUND");
    client.get("/services/data/v31.0/limits").succeeded(200);
}

#[test]
fn urls_echo_the_version() {
    let client = Client::sample();
    let page = client.get("/services/data/v50.0/query?q=SELECT+Id+FROM+Account+LIMIT+1").text;
    assert!(page.contains("/services/data/v50.0/sobjects/Account/"));
}

#[test]
fn resources_name_the_identity() {
    let resources = Client::empty(|_| {}).get("").succeeded(200);
    assert!(resources["identity"].as_str().is_some_and(|url| url.starts_with("http://acme.my")));
    assert_eq!(resources["query"], "/services/data/v66.0/query");
}

#[test]
fn every_counted_answer_tells_the_usage() {
    let client = Client::empty(|switches| switches.daily_limit = 100);
    let usage = |answer: Answer| answer.header("sforce-limit-info").to_owned();
    assert_eq!(usage(client.get("limits")), "api-usage=1/100");
    assert_eq!(usage(client.get("nope")), "api-usage=2/100");
    assert_eq!(usage(client.post("sobjects/Account", json!({ "Name": "a" }))), "api-usage=3/100");
    let id = client.sim.truth().ids("Account")[0].clone();
    let path = format!("sobjects/Account/{id}");
    assert_eq!(usage(client.patch(&path, json!({ "Name": "b" }))), "");
    client.switch(|switches| switches.app_limit = Some(50));
    let text = "api-usage=5/100; per-app-api-usage=5/50(appName=Tieout)";
    assert_eq!(usage(client.get("limits")), text);
}

#[test]
fn the_daily_limit_ends_and_returns_after_a_day() {
    let client = Client::empty(|switches| switches.daily_limit = 2);
    let limits = client.get("limits").succeeded(200);
    assert_eq!(limits["DailyApiRequests"], json!({ "Max": 2, "Remaining": 1 }));
    client.get("limits").succeeded(200);
    client.get("limits").refused(403, "REQUEST_LIMIT_EXCEEDED");
    client.advance(24 * 3600);
    let client = Client { token: client.sim.open_session(), sim: client.sim, extra: Vec::new() };
    client.get("limits").succeeded(200);
}

#[test]
fn answers_carry_date_and_request_id() {
    let client = Client::empty(|_| {});
    let answer = client.get("limits");
    assert_eq!(answer.header("date"), "Mon, 06 Jul 2026 16:42:00 GMT");
    assert_eq!(answer.header("x-sfdc-request-id").len(), 32);
    client.switch(|switches| switches.date_skew_secs = 90);
    assert_eq!(client.get("limits").header("date"), "Mon, 06 Jul 2026 16:43:30 GMT");
}

#[test]
fn record_counts_leave_empty_objects_out() {
    let client = Client::sample();
    let counts = client.get("limits/recordCount?sObjects=Account,Task,Opportunity").succeeded(200);
    let expected = json!([
        { "count": 14, "name": "Account" },
        { "count": 56, "name": "Opportunity" },
    ]);
    assert_eq!(counts["sObjects"], expected);
}

#[test]
fn the_organisation_tells_its_currency() {
    let features =
        |client: Client| client.get("connect/organization").succeeded(200)["features"].clone();
    let single = features(Client::empty(|_| {}));
    assert_eq!(
        (&single["multiCurrency"], &single["defaultCurrencyIsoCode"]),
        (&json!(false), &json!("USD"))
    );
    assert_eq!(features(Client::sample())["multiCurrency"], true);
    let rows =
        Client::sample().rows("SELECT Name, IsSandbox, FiscalYearStartMonth FROM Organization");
    assert_eq!(rows[0]["Name"], "Alder Quay Instruments, Inc.");
}

#[test]
fn describe_lists_objects_and_fields_as_the_org_has_them() {
    let client = Client::sample();
    let global = client.get("sobjects").succeeded(200);
    let objects = global["sobjects"].as_array().expect("objects");
    let account = objects.iter().find(|row| row["name"] == "Account").expect("there");
    assert_eq!((&account["keyPrefix"], &account["queryable"]), (&json!("001"), &json!(true)));
    assert!(objects.iter().any(|row| row["name"] == "CurrencyType"));
    let describe = client.get("sobjects/Opportunity/describe").succeeded(200);
    let field = |name: &str| {
        let fields = describe["fields"].as_array().expect("fields");
        fields.iter().find(|row| row["name"] == name).cloned().unwrap_or(Value::Null)
    };
    let amount = field("Amount");
    assert_eq!(
        (&amount["type"], &amount["precision"], &amount["scale"]),
        (&json!("currency"), &json!(18), &json!(2))
    );
    let mirror = field("Tieout_Amount_Number__c");
    assert_eq!((&mirror["calculated"], &mirror["updateable"]), (&json!(true), &json!(false)));
    assert_eq!((&mirror["type"], &mirror["aggregatable"]), (&json!("double"), &json!(true)));
    assert_eq!(field("StageName")["picklistValues"][8]["value"], "Closed Won");
    let currencies = field("CurrencyIsoCode");
    assert_eq!(currencies["picklistValues"].as_array().map(Vec::len), Some(3));
    let children = describe["childRelationships"].as_array().expect("children");
    assert!(children.iter().any(|row| row["relationshipName"] == "OpportunityLineItems"));
    assert!(
        describe["urls"]["uiDetailTemplate"].as_str().is_some_and(|url| url.ends_with("/{ID}"))
    );
    client.get("sobjects/Nope/describe").refused(404, "NOT_FOUND");
}

#[test]
fn a_plain_org_has_none_of_our_fields() {
    let client = Client::empty(|_| {});
    let describe = client.get("sobjects/Opportunity/describe").text;
    assert!(!describe.contains("Tieout_") && !describe.contains("CurrencyIsoCode"));
    client.get("sobjects/Tieout_Sync_Error__c/describe").refused(404, "NOT_FOUND");
}

#[test]
fn describe_is_conditional() {
    let client = Client::sample();
    let answer = client.get("sobjects/Account/describe");
    let tag = answer.header("etag").to_owned();
    let client = client.with("if-none-match", &tag);
    assert_eq!(client.get("sobjects/Account/describe").status, 304);
    client.switch(|switches| {
        switches.hidden_fields.insert("Account.Site".to_owned());
    });
    assert_eq!(client.get("sobjects/Account/describe").status, 200);
    let since = Client::sample().with("if-modified-since", "Fri, 02 Jan 2026 00:00:00 GMT");
    assert_eq!(since.get("sobjects/Account/describe").status, 304);
}

#[test]
fn permissions_can_be_asked_for() {
    let client = Client::sample();
    let user = client.sim.truth().ids("User")[0].clone();
    let soql = format!(
        "SELECT PermissionsModifyMetadata FROM PermissionSet WHERE Id IN (SELECT PermissionSetId \
         FROM PermissionSetAssignment WHERE AssigneeId = '{user}') AND IsOwnedByProfile = true"
    );
    assert_eq!(client.rows(&soql)[0]["PermissionsModifyMetadata"], true);
    let soql = "SELECT SobjectType FROM ObjectPermissions WHERE PermissionsViewAllRecords = true \
                AND SobjectType = 'Opportunity'";
    assert_eq!(client.rows(soql).len(), 1);
}

#[test]
fn an_org_may_get_several_currencies_later() {
    let client = Client::empty(|_| {});
    client.deal("d", "Closed Won", "2026-06-30", json!(5));
    client.switch(|switches| switches.multi_currency = true);
    assert_eq!(client.column("SELECT CurrencyIsoCode FROM Opportunity", "CurrencyIsoCode"), "USD");
}

#[test]
fn an_edit_by_others_is_seen_late() {
    let client = Client::sample();
    let id = company().deal_id("D-1044").expect("known");
    let edit = json!({
        "object": "Opportunity", "id": id, "fields": { "NextStep": "x" }, "visible_after_secs": 300,
    });
    control(&client, "POST", "/edit", edit).succeeded(200);
    let soql = "SELECT NextStep, SystemModstamp FROM Opportunity WHERE Reference__c = 'D-1044'";
    assert_eq!(client.rows(soql)[0]["NextStep"], Value::Null);
    client.advance(300);
    let row = &client.rows(soql)[0];
    assert_eq!(row["NextStep"], "x");
    assert_eq!(row["SystemModstamp"], "2026-07-06T16:42:00.000+0000", "below a mark that moved on");
}

#[test]
fn a_new_row_of_others_is_seen_late() {
    let client = Client::empty(|switches| switches.late_commit_secs = 60);
    let edit = json!({ "object": "Account", "fields": { "Name": "late" } });
    control(&client, "POST", "/edit", edit).succeeded(200);
    assert_eq!(client.rows("SELECT Id FROM Account").len(), 0);
    client.advance(60);
    assert_eq!(client.rows("SELECT Id FROM Account").len(), 1);
}

#[test]
fn a_merge_moves_children_and_points_to_the_winner() {
    let (client, company) = (Client::sample(), company());
    let (winner, loser) =
        (company.account_id("HAR").expect("known"), company.account_id("TAM").expect("known"));
    let merge = json!({ "winner": winner, "loser": loser });
    control(&client, "POST", "/merge", merge).succeeded(200);
    let soql = format!("SELECT COUNT() FROM Opportunity WHERE AccountId = '{loser}'");
    assert_eq!(client.query(&soql).succeeded(200)["totalSize"], 0);
    assert_eq!(client.field("Account", &loser, "MasterRecordId").as_deref(), Some(winner.as_str()));
    assert_eq!(client.field("Account", &loser, "IsDeleted").as_deref(), Some("true"));
    assert_eq!(client.sim.truth().count("Opportunity"), 56);
}

#[test]
fn control_tells_the_truth() {
    let client = Client::sample();
    let truth = control(&client, "GET", "/truth?from=2026-06-01&to=2026-06-30", Value::Null);
    let truth = truth.succeeded(200);
    assert_eq!(truth["won"]["USD"], json!({ "count": 13, "sum": "651960.00" }));
    assert_eq!(truth["objects"]["Opportunity"], json!({ "count": 56, "deleted": 0 }));
    assert_eq!(truth["records"]["Account"].as_array().map(Vec::len), Some(14));
    let id = company().deal_id("D-1044").expect("known");
    let gone = json!({ "object": "Opportunity", "id": id });
    control(&client, "POST", "/delete", gone).succeeded(200);
    let truth = control(&client, "GET", "/truth", Value::Null).succeeded(200);
    assert_eq!(truth["objects"]["Opportunity"], json!({ "count": 55, "deleted": 1 }));
}

#[test]
fn control_refuses_with_the_reason() {
    let client = Client::sample();
    let refused = |path: &str, body: Value| {
        let answer = control(&client, "POST", path, body);
        assert_eq!(answer.status, 400, "{}", answer.text);
        answer.json()["error"].as_str().expect("a reason").to_owned()
    };
    assert_eq!(
        refused("/edit", json!({ "object": "Nope", "fields": {} })),
        "no object is called Nope"
    );
    let body = json!({ "object": "Account", "fields": { "Site": "x" } });
    assert!(refused("/edit", body).starts_with("REQUIRED_FIELD_MISSING"));
    refused("/switch", json!({ "no_such_switch": true }));
    assert!(refused("/switch", json!({ "extra_fields": ["Account.X"] })).starts_with("Account.X"));
    refused("/clock", json!({ "to": "soon" }));
    refused("/fault", json!({ "kind": "nonsense", "times": 1 }));
}

#[test]
fn control_turns_switches_and_moves_time() {
    let client = Client::sample();
    let switches = control(&client, "POST", "/switch", json!({ "page_rows": 5, "story": true }));
    assert_eq!(switches.succeeded(200)["page_rows"], 5);
    assert!(client.sim.switches().story && client.sim.switches().multi_currency);
    let moved = control(&client, "POST", "/clock", json!({ "advance_secs": 60 })).succeeded(200);
    assert_eq!(moved["now"], "2026-07-06T16:43:00Z");
    let to = json!({ "to": "2026-07-07T00:00:00Z" });
    assert_eq!(
        control(&client, "POST", "/clock", to).succeeded(200)["now"],
        "2026-07-07T00:00:00Z"
    );
    let session = control(&client, "POST", "/session", Value::Null).succeeded(200);
    assert!(session["access_token"].as_str().is_some_and(|token| token.starts_with("00DHs")));
}

#[test]
fn faults_before_leave_nothing_and_faults_after_leave_everything() {
    let client = Client::sample();
    let id = company().deal_id("D-1044").expect("known");
    let path = format!("sobjects/Opportunity/{id}");
    let suffer = |kind: FaultKind| {
        client.patch(&path, json!({ "NextStep": "before" })).succeeded(204);
        client.sim.faults().add(rule("PATCH", &path, kind));
        let answer = try_patch(&client, &path, &json!({ "NextStep": "after" }));
        let done = client.field("Opportunity", &id, "NextStep").as_deref() == Some("after");
        (answer.map(|answer| answer.status), done)
    };
    assert_eq!(suffer(FaultKind::Throttle), (Some(429), false));
    assert_eq!(suffer(FaultKind::ThrottleWithHint), (Some(429), false));
    assert_eq!(suffer(FaultKind::ServerErrorBefore), (Some(500), false));
    assert_eq!(suffer(FaultKind::ServerErrorAfter), (Some(503), true));
    assert_eq!(suffer(FaultKind::Html), (Some(502), false));
    assert_eq!(suffer(FaultKind::HtmlAfter), (Some(200), true));
    assert_eq!(suffer(FaultKind::TruncatedAfter), (Some(200), true));
    assert_eq!(suffer(FaultKind::DropBefore), (None, false));
    assert_eq!(suffer(FaultKind::DropAfter), (None, true));
    assert_eq!(suffer(FaultKind::FaultInside), (Some(200), false));
    assert_eq!(suffer(FaultKind::Unauthorized), (Some(401), false));
}

#[test]
fn a_fault_is_worded_as_salesforce_words_it() {
    let client = Client::sample();
    client.sim.faults().add(rule("GET", "limits", FaultKind::ThrottleWithHint));
    let answer = client.get("limits");
    answer.refused(429, "REQUEST_LIMIT_EXCEEDED");
    assert_eq!(answer.header("retry-after"), "7");
    assert_eq!(answer.header("date"), "Mon, 06 Jul 2026 16:42:00 GMT");
    client.get("limits").succeeded(200);
}

#[test]
fn a_fault_can_name_the_decoded_query() {
    let client = Client::sample();
    client.sim.faults().add(rule("GET", "FROM Account", FaultKind::ServerErrorBefore));
    client.query("SELECT Id FROM Opportunity").succeeded(200);
    client.query("SELECT Id FROM Account").refused(500, "UNKNOWN_EXCEPTION");
}

#[test]
fn requests_are_logged_with_their_fate() {
    let client = Client::sample();
    let id = company().deal_id("D-1044").expect("known");
    let path = format!("sobjects/Opportunity/{id}");
    client.sim.clear_requests();
    client.get("limits");
    client.sim.faults().add(rule("", "", FaultKind::DropAfter));
    try_patch(&client, &path, &json!({ "NextStep": "x" }));
    let lines = client.sim.requests();
    assert_eq!((lines[0].method.as_str(), lines[0].status), ("GET", Some(200)));
    assert_eq!((lines[1].path.ends_with(&path), lines[1].status), (true, None));
}

#[test]
fn a_snapshot_goes_on_where_it_was() {
    let client = Client::sample();
    client.switch(|switches| switches.page_rows = 20);
    client.advance(60);
    let page = client.query("SELECT Id FROM Opportunity").succeeded(200);
    let url = page["nextRecordsUrl"].as_str().expect("a second page").to_owned();
    let snapshot = client.sim.snapshot();

    let fresh = SalesforceSim::new(SimClock::at(now()), OrgConfig::default());
    fresh.restore(&snapshot).expect("a snapshot");
    let resumed = Client { sim: fresh, token: client.token.clone(), extra: Vec::new() };
    assert_eq!(resumed.sim.snapshot(), snapshot);
    assert_eq!(resumed.get(&url).text, client.get(&url).text);
    let make = |client: &Client| client.account("next");
    assert_eq!(make(&resumed), make(&client), "ids go on alike");
    assert_eq!(resumed.sim.truth().document(None, None), client.sim.truth().document(None, None));
}

#[test]
fn other_bytes_are_no_snapshot() {
    let client = Client::sample();
    assert!(client.sim.restore(b"{}").is_err());
    assert!(client.sim.restore(b"\xff\x00").is_err());
    assert_eq!(client.sim.truth().count("Opportunity"), 56);
}

#[test]
fn two_orgs_of_one_seed_are_alike_to_the_byte() {
    assert_eq!(Client::sample().sim.snapshot(), Client::sample().sim.snapshot());
}
