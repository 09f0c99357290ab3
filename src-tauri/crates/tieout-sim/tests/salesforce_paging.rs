//! Pages, locators, and how they die (salesforce §5.1, §5.2).

mod salesforce_support;

use salesforce_support::{Client, query_path};
use serde_json::{Value, json};

const DEALS: &str = "SELECT Id FROM Opportunity ORDER BY Id";

/// An org with so many accounts.
fn accounts(count: usize) -> Client {
    let client = Client::empty(|_| {});
    let records: Vec<_> = (0..count)
        .map(|at| json!({ "attributes": { "type": "Account" }, "Name": format!("A{at:04}") }))
        .collect();
    for part in records.chunks(200) {
        // The macro sorts members; the text puts attributes first.
        let rows: Vec<String> = part
            .iter()
            .map(|row| {
                format!("{{\"attributes\":{{\"type\":\"Account\"}},\"Name\":{}}}", row["Name"])
            })
            .collect();
        let body = format!("{{\"allOrNone\":true,\"records\":[{}]}}", rows.join(","));
        client.post("composite/sobjects", json!(body)).succeeded(200);
    }
    client
}

fn next(page: &Value) -> Option<String> {
    page["nextRecordsUrl"].as_str().map(str::to_owned)
}

/// Sizes of all pages of a query, first to last.
fn sizes(client: &Client, soql: &str) -> Vec<usize> {
    let mut page = client.query(soql).succeeded(200);
    let mut sizes = vec![page["records"].as_array().expect("rows").len()];
    while let Some(url) = next(&page) {
        assert_eq!(page["done"], false);
        page = client.get(&url).succeeded(200);
        sizes.push(page["records"].as_array().expect("rows").len());
    }
    assert_eq!(page["done"], true);
    sizes
}

#[test]
fn the_org_may_force_small_pages() {
    let client = Client::sample();
    client.switch(|switches| switches.page_rows = 20);
    assert_eq!(sizes(&client, DEALS), [20, 20, 16]);
}

#[test]
fn sizes_are_the_servers_choice() {
    let client = Client::sample();
    client.switch(|switches| {
        switches.page_rows = 20;
        switches.uneven_pages = true;
    });
    assert_eq!(sizes(&client, DEALS), [20, 19, 17]);
}

#[test]
fn a_batch_size_is_honoured_within_bounds() {
    let client = accounts(450).with("sforce-query-options", "batchSize=200");
    assert_eq!(sizes(&client, "SELECT Id FROM Account"), [200, 200, 50]);
    let client = accounts(250).with("sforce-query-options", "batchSize=5");
    assert_eq!(sizes(&client, "SELECT Id FROM Account"), [200, 50]);
}

#[test]
fn pages_join_to_the_whole_and_repeat_the_total() {
    let client = Client::sample();
    client.switch(|switches| switches.page_rows = 7);
    let mut page = client.query(DEALS).succeeded(200);
    let mut ids = Vec::new();
    loop {
        assert_eq!(page["totalSize"], 56);
        let rows = page["records"].as_array().expect("rows");
        ids.extend(rows.iter().map(|row| row["Id"].as_str().expect("an id").to_owned()));
        let Some(url) = next(&page) else { break };
        page = client.get(&url).succeeded(200);
    }
    assert_eq!(ids, client.sim.truth().ids("Opportunity"));
}

#[test]
fn a_locator_is_served_under_query_for_query_all_too() {
    let client = Client::sample();
    client.switch(|switches| switches.page_rows = 50);
    let page = client.get(&query_path("queryAll", DEALS)).succeeded(200);
    let url = next(&page).expect("a second page");
    assert!(url.starts_with("/services/data/v66.0/query/0r8"), "{url}");
    client.get(&url).succeeded(200);
    client.get(&url.replace("/query/", "/queryAll/")).succeeded(200);
}

#[test]
fn a_page_can_be_asked_again() {
    let client = Client::sample();
    client.switch(|switches| switches.page_rows = 50);
    let url = next(&client.query(DEALS).succeeded(200)).expect("a second page");
    assert_eq!(client.get(&url).text, client.get(&url).text);
}

#[test]
fn a_locator_dies_after_fifteen_idle_minutes() {
    let client = Client::sample();
    client.switch(|switches| switches.page_rows = 20);
    let url = next(&client.query(DEALS).succeeded(200)).expect("a second page");
    client.advance(15 * 60);
    client.get(&url).succeeded(200);
    client.advance(15 * 60 + 1);
    client.get(&url).refused(400, "INVALID_QUERY_LOCATOR");
}

#[test]
fn a_locator_dies_with_the_session_that_opened_it() {
    let mut client = Client::sample();
    client.switch(|switches| switches.page_rows = 20);
    let url = next(&client.query(DEALS).succeeded(200)).expect("a second page");
    client.token = client.sim.open_session();
    client.get(&url).refused(401, "INVALID_SESSION_ID");
}

#[test]
fn the_eleventh_open_cursor_drops_the_oldest() {
    let client = Client::sample();
    client.switch(|switches| switches.page_rows = 20);
    let open = || next(&client.query(DEALS).succeeded(200)).expect("a second page");
    let first = open();
    let second = open();
    for _ in 0..9 {
        open();
    }
    client.get(&first).refused(400, "INVALID_QUERY_LOCATOR");
    client.get(&second).succeeded(200);
}

#[test]
fn an_invented_locator_is_refused() {
    let client = Client::sample();
    client.get("query/0r8Hs00000LoCaTAAA-2000").refused(400, "INVALID_QUERY_LOCATOR");
    client.get("query/nonsense").refused(400, "INVALID_QUERY_LOCATOR");
}

#[test]
fn data_read_later_is_as_it_was_when_the_query_ran() {
    let client = Client::sample();
    client.switch(|switches| switches.page_rows = 50);
    let soql = "SELECT Id, Name FROM Opportunity ORDER BY Id";
    let url = next(&client.query(soql).succeeded(200)).expect("a second page");
    let last = client.sim.truth().ids("Opportunity").pop().expect("a deal");
    client.patch(&format!("sobjects/Opportunity/{last}"), json!({ "Name": "x" })).succeeded(204);
    let page = client.get(&url).succeeded(200);
    assert_eq!(page["records"][5]["Name"], "Probe refresh");
}

#[test]
fn children_are_null_or_a_result_of_their_own() {
    let client = Client::sample();
    let rows = client.rows(
        "SELECT Name, (SELECT Quantity FROM OpportunityLineItems ORDER BY SortOrder) \
         FROM Opportunity WHERE Reference__c = 'D-1041'",
    );
    let lines = &rows[0]["OpportunityLineItems"];
    assert_eq!((&lines["totalSize"], &lines["done"]), (&json!(3), &json!(true)));
    assert_eq!(lines["records"][0]["attributes"]["type"], "OpportunityLineItem");
    let bare = Client::empty(|_| {});
    bare.deal("Bare", "Prospecting", "2026-08-01", json!(1));
    let rows = bare.rows("SELECT Id, (SELECT Id FROM OpportunityLineItems) FROM Opportunity");
    assert_eq!(rows[0]["OpportunityLineItems"], Value::Null);
}

#[test]
fn children_page_by_themselves_on_a_later_record() {
    let client = Client::sample();
    client.switch(|switches| switches.child_page_rows = 3);
    // The first deal has three lines, D-0963 the same; D-1024 has four.
    let rows = client.rows(
        "SELECT Reference__c, (SELECT ProductCode FROM OpportunityLineItems ORDER BY SortOrder) \
         FROM Opportunity WHERE Reference__c IN ('D-0951', 'D-0963', 'D-1024') \
         ORDER BY Reference__c",
    );
    assert!(next(&rows[0]["OpportunityLineItems"]).is_none());
    let lines = &rows[2]["OpportunityLineItems"];
    assert_eq!((&lines["totalSize"], &lines["done"]), (&json!(4), &json!(false)));
    let rest = client.get(&next(lines).expect("a child page")).succeeded(200);
    assert_eq!(rest["records"][0]["ProductCode"], "AQ-ONB-PKG");
    assert_eq!((&rest["totalSize"], &rest["done"]), (&json!(4), &json!(true)));
}

#[test]
fn children_filter_sort_and_limit_for_themselves() {
    let client = Client::sample();
    let rows = client.rows(
        "SELECT Name, (SELECT ProductCode FROM OpportunityLineItems WHERE Quantity > 10 \
         ORDER BY Quantity DESC LIMIT 1) FROM Opportunity WHERE Reference__c = 'D-1024'",
    );
    let lines = &rows[0]["OpportunityLineItems"];
    assert_eq!(lines["totalSize"], 1);
    assert_eq!(lines["records"][0]["ProductCode"], "AQ-SENS-100");
}

#[test]
fn lines_nest_their_schedules() {
    let client = Client::sample();
    let rows = client.rows(
        "SELECT Id, (SELECT ScheduleDate, Revenue FROM OpportunityLineItemSchedules \
         ORDER BY ScheduleDate) FROM OpportunityLineItem \
         WHERE Opportunity.Reference__c = 'D-1022'",
    );
    let schedule = &rows[0]["OpportunityLineItemSchedules"]["records"];
    assert_eq!(schedule[1]["ScheduleDate"], "2027-05-01");
    assert_eq!(schedule[1]["Revenue"], json!(120000.0));
}
