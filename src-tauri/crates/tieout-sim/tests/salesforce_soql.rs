//! SOQL over REST (salesforce §5): what is found, in which shape, and what is refused.

mod salesforce_support;

use salesforce_support::{Client, company, query_path, shown};
use serde_json::{Value, json};

/// Names of the deals that a condition finds in the sample, in the order of their names.
#[track_caller]
fn deals(condition: &str, expected: &str) {
    let soql =
        format!("SELECT Reference__c FROM Opportunity WHERE {condition} ORDER BY Reference__c");
    assert_eq!(Client::sample().column(&soql, "Reference__c"), expected, "{condition}");
}

/// The code with which a query is refused.
#[track_caller]
fn refused(soql: &str, code: &str) {
    Client::sample().query(soql).refused(400, code);
}

/// How many rows a query without columns of its own counts.
#[track_caller]
fn count(soql: &str, expected: u64) {
    let page = Client::sample().query(soql).succeeded(200);
    assert_eq!(page, json!({ "totalSize": expected, "done": true, "records": [] }));
}

/// The rows of a grouped query, columns joined with blanks.
#[track_caller]
fn groups(soql: &str, expected: &[&str]) {
    let rows = Client::sample().rows(soql);
    let found: Vec<_> = rows.iter().map(flat).collect();
    assert_eq!(found, expected);
}

fn flat(row: &Value) -> String {
    let members = row.as_object().expect("a row").iter();
    let texts = members.filter(|(name, _)| *name != "attributes").map(|(_, value)| shown(value));
    texts.collect::<Vec<_>>().join(" ")
}

#[test]
fn text_is_compared_without_case() {
    deals("Name = 'GMP monitoring'", "D-1034");
    deals("name = 'gmp MONITORING'", "D-1034");
    deals("Name = 'gmp'", "");
}

#[test]
fn comparisons_of_numbers_dates_and_flags() {
    deals("Amount >= 210000", "D-0951 D-1022 D-1030");
    deals("Amount > 210000", "D-1022 D-1030");
    deals("Amount < 8400", "D-2017 P-3011");
    deals("CloseDate = 2026-06-30", "D-1041");
    deals("CloseDate > 2026-06-30 AND CloseDate <= 2026-07-24", "P-3001");
    deals("IsClosed = false", "P-3001 P-3004 P-3011");
    deals("IsWon != true", "P-3001 P-3004 P-3011");
    deals("LastStageChangeDate > 2026-07-01T00:00:00Z", "D-1041");
    deals("LastStageChangeDate > 2026-07-02T20:19:59+02:00", "D-1041");
    deals("LastStageChangeDate > 2026-07-02T20:20:00+02:00", "");
}

#[test]
fn null_equals_null_alone_and_is_ordered_with_nothing() {
    deals("LastStageChangeDate = null", "P-3001 P-3004 P-3011");
    deals("IsWon = false AND LastStageChangeDate < 2027-01-01T00:00:00Z", "");
    deals("IsWon = false AND LastStageChangeDate != 2027-01-01T00:00:00Z", "P-3001 P-3004 P-3011");
    deals("AccountId = null", "");
}

#[test]
fn and_or_not_and_parentheses() {
    deals("(Amount = 8400 OR Amount = 9860) AND IsWon = true", "D-1036 D-1044");
    deals("NOT (CurrencyIsoCode = 'USD' OR CurrencyIsoCode = 'GBP')", "D-1999 D-2014 D-2016");
    deals("Amount = 8400 OR (Amount = 9860 AND IsWon = false)", "D-1044");
    refused(
        "SELECT Id FROM Opportunity WHERE IsWon = true AND Amount = 1 OR Amount = 2",
        "MALFORMED_QUERY",
    );
}

#[test]
fn in_and_not_in() {
    deals("Amount IN (8400, 9860.00)", "D-1036 D-1044");
    deals("CurrencyIsoCode NOT IN ('usd', 'GBP')", "D-1999 D-2014 D-2016");
    deals("CloseDate IN (2026-06-30, 2026-06-29)", "D-1035 D-1041 D-2020");
    deals("LastStageChangeDate IN (null)", "P-3001 P-3004 P-3011");
}

#[test]
fn ids_match_in_both_lengths() {
    let id = company().deal_id("D-1034").expect("known");
    deals(&format!("Id = '{id}'"), "D-1034");
    deals(&format!("Id = '{}'", &id[..15]), "D-1034");
    deals(&format!("Id IN ('{}')", &id[..15]), "D-1034");
    deals(&format!("Id > '{id}' AND IsWon = false"), "P-3001 P-3004 P-3011");
}

#[test]
fn like_and_its_escapes() {
    deals("Name LIKE 'gmp%'", "D-1034");
    deals("Name LIKE '%support%' AND CurrencyIsoCode = 'USD'", "D-1028 D-1038");
    deals("Name LIKE 'Line _ sensors'", "D-2014");
    deals(r"Name LIKE 'Line \_ sensors'", "");
    deals("(NOT Name LIKE '%e%')", "D-0969 D-1003 D-1024 D-1026 D-1028 D-1034 D-1044 D-1996");
}

#[test]
fn parents_can_be_asked_and_selected() {
    deals("Account.Name = 'Quillan Pharma' AND IsWon = true", "D-0969 D-1009 D-1025 D-1028 D-1034");
    deals("Account.Owner.Name = 'S. Brandt' AND Amount > 128000", "D-1009 D-1034");
    let rows = Client::sample().rows(
        "SELECT Name, Account.Name, Account.Owner.Name, Owner.Email FROM Opportunity \
         WHERE Reference__c = 'D-1034'",
    );
    assert_eq!(rows[0]["Account"]["Name"], "Quillan Pharma");
    assert_eq!(rows[0]["Account"]["Owner"]["Name"], "S. Brandt");
    assert_eq!(rows[0]["Account"]["attributes"]["type"], "Account");
    assert_eq!(rows[0]["Owner"]["Email"], "s.brandt@alderquay.example");
}

#[test]
fn an_empty_lookup_is_a_null_parent() {
    let client = Client::empty(|_| {});
    client.deal("Alone", "Prospecting", "2026-08-01", json!(null));
    let rows = client.rows("SELECT Name, Account.Name FROM Opportunity");
    assert_eq!(rows[0]["Account"], Value::Null);
    assert_eq!(rows[0]["Name"], "Alone");
}

#[test]
fn a_parent_of_any_kind_tells_its_type_and_name() {
    let client = Client::empty(|_| {});
    let account = client.account("Acme");
    client.make("Task", json!({ "WhatId": account, "Subject": "Call" }));
    let rows = client.rows("SELECT What.Type, What.Name FROM Task WHERE What.Type = 'Account'");
    assert_eq!(rows[0]["What"]["Type"], "Account");
    assert_eq!(rows[0]["What"]["Name"], "Acme");
}

#[test]
fn semi_joins() {
    deals("AccountId IN (SELECT Id FROM Account WHERE Name LIKE 'Brouwer%')", "D-2016");
    deals(
        "Id IN (SELECT OpportunityId FROM OpportunityLineItem WHERE ProductCode = 'AQ-EDGE-AI')",
        "D-1033 D-2016 P-3001 P-3004",
    );
    deals(
        "IsWon = false AND Id NOT IN (SELECT OpportunityId FROM OpportunityLineItem \
         WHERE ProductCode = 'AQ-EDGE-AI')",
        "P-3011",
    );
    refused("SELECT Id FROM Account WHERE Id IN (SELECT Name FROM Account)", "MALFORMED_QUERY");
    refused("SELECT Id FROM Account WHERE Name IN (SELECT Id FROM Account)", "MALFORMED_QUERY");
}

#[test]
fn aliases_of_the_object() {
    let client = Client::sample();
    let soql = "SELECT o.Name, o.Account.Name FROM Opportunity o WHERE o.Amount = 8400";
    assert_eq!(client.column(soql, "Name"), "Calibration days");
    let soql = "SELECT Opportunity.Name FROM Opportunity WHERE Opportunity.Amount = 8400";
    assert_eq!(client.column(soql, "Name"), "Calibration days");
}

#[test]
fn date_literals_follow_the_users_zone() {
    deals("CloseDate = LAST_N_DAYS:7", "D-1035 D-1041 D-2020");
    deals("CloseDate = THIS_MONTH", "P-3001 P-3011");
    deals("CloseDate = NEXT_MONTH", "P-3004");
    deals("CloseDate > TODAY", "P-3001 P-3004 P-3011");
    deals("CloseDate >= NEXT_MONTH", "P-3004");
    deals("CloseDate < LAST_N_YEARS:0 AND Amount > 1000000", "");
    deals("LastStageChangeDate = THIS_WEEK", "");
    deals("LastStageChangeDate = N_DAYS_AGO:4", "D-1041");
    // 5 July 23:30 Pacific is still the 5th, although it is the 6th in UTC.
    let client = Client::empty(|_| {});
    let id = client.deal("Late", "Prospecting", "2026-08-01", json!(1));
    let fields = json!({ "CreatedDate": "2026-07-06T06:30:00.000+0000" });
    let edit = json!({ "object": "Opportunity", "id": id, "fields": fields, "raw": true });
    client.sim.edit(&serde_json::from_value(edit).expect("an edit")).expect("made");
    let found = |literal: &str| {
        client
            .column(&format!("SELECT Name FROM Opportunity WHERE CreatedDate = {literal}"), "Name")
    };
    assert_eq!((found("TODAY").as_str(), found("YESTERDAY").as_str()), ("", "Late"));
}

#[test]
fn amounts_of_a_currency_are_compared_converted() {
    deals("Amount > USD142400 AND CurrencyIsoCode = 'GBP'", "");
    deals("Amount > USD142300 AND CurrencyIsoCode = 'GBP'", "D-2012");
}

#[test]
fn order_limit_and_offset() {
    let client = Client::sample();
    let soql = "SELECT Reference__c FROM Opportunity ORDER BY Amount DESC, Name LIMIT 3";
    assert_eq!(client.column(soql, "Reference__c"), "D-1022 D-1030 D-0951");
    let soql = "SELECT Reference__c FROM Opportunity ORDER BY Amount DESC, Name LIMIT 2 OFFSET 1";
    assert_eq!(client.column(soql, "Reference__c"), "D-1030 D-0951");
    let soql = "SELECT Name FROM Account ORDER BY Owner.Name, Name DESC LIMIT 2";
    assert_eq!(client.column(soql, "Name"), "Vantry Logistics, Inc. Tamarack Foods Co.");
}

#[test]
fn nulls_stand_where_they_are_told() {
    let client = Client::empty(|_| {});
    for (name, amount) in [("a", json!(2)), ("b", json!(null)), ("c", json!(1))] {
        client.deal(name, "Prospecting", "2026-08-01", amount);
    }
    let order = |order: &str| {
        client.column(&format!("SELECT Name FROM Opportunity ORDER BY Amount {order}"), "Name")
    };
    assert_eq!(order(""), "b c a");
    assert_eq!(order("ASC NULLS LAST"), "c a b");
    assert_eq!(order("DESC NULLS FIRST"), "b a c");
    assert_eq!(order("DESC NULLS LAST"), "a c b");
}

#[test]
fn counting_alone() {
    count("SELECT COUNT() FROM Opportunity", 56);
    count("SELECT COUNT() FROM Opportunity WHERE IsWon = true", 53);
    count("SELECT count() FROM Account WHERE Name = 'nobody'", 0);
}

#[test]
fn a_query_without_rows() {
    count("SELECT Id FROM Account WHERE Name = 'nobody'", 0);
}

#[test]
fn aggregates_with_and_without_names() {
    groups("SELECT COUNT(Id), COUNT_DISTINCT(AccountId) d FROM Opportunity", &["14 56"]);
    groups(
        "SELECT MIN(CloseDate) a, MAX(CloseDate) b FROM Opportunity",
        &["2025-10-28 2026-08-14"],
    );
    groups(
        "SELECT AVG(Quantity) q FROM OpportunityLineItem WHERE ProductCode = 'AQ-SENS-250'",
        &["22.083333"],
    );
    groups("SELECT SUM(Amount) s, COUNT(Id) n FROM Opportunity WHERE Amount = 1", &["0 null"]);
}

#[test]
fn grouping_having_and_order() {
    groups(
        "SELECT CurrencyIsoCode c, COUNT(Id) n FROM Opportunity GROUP BY CurrencyIsoCode \
         HAVING COUNT(Id) > 3 ORDER BY COUNT(Id) DESC",
        &["USD 41", "GBP 12"],
    );
    groups(
        "SELECT Account.Name, COUNT(Id) FROM Opportunity WHERE IsWon = true \
         GROUP BY Account.Name HAVING Account.Name LIKE 'x' OR COUNT(Id) = 6",
        &[],
    );
    groups(
        "SELECT Account.Name, SUM(Tieout_Amount_Number__c) s FROM Opportunity \
         WHERE CurrencyIsoCode = 'EUR' GROUP BY Account.Name ORDER BY Account.Name",
        &["Brouwer Agri B.V. 24500.0", "Lindqvist Maskin AB 89000.0"],
    );
    let rows = Client::sample().rows("SELECT COUNT(Id) FROM Opportunity");
    assert_eq!(rows[0], json!({ "attributes": { "type": "AggregateResult" }, "expr0": 56 }));
}

#[test]
fn an_aggregate_over_a_currency_is_corporate_even_without_groups() {
    groups("SELECT SUM(Amount) s FROM Opportunity WHERE Reference__c = 'D-2017'", &["4829.800377"]);
    groups(
        "SELECT SUM(Tieout_Amount_Number__c) s FROM Opportunity WHERE Reference__c = 'D-2017'",
        &["3800.0"],
    );
}

#[test]
fn dated_rates_hold_by_close_date() {
    let client = Client::sample();
    client.switch(|switches| switches.dated_rates = true);
    let rate = json!({ "IsoCode": "GBP", "ConversionRate": 0.5, "StartDate": "2026-06-01" });
    client.make("DatedConversionRate", rate);
    let soql = "SELECT SUM(Amount) s FROM Opportunity WHERE Reference__c = 'D-2017'";
    assert_eq!(flat(&client.rows(soql)[0]), "7600.0");
    let soql = "SELECT SUM(Amount) s FROM Opportunity WHERE Reference__c = 'D-2012'";
    assert_eq!(flat(&client.rows(soql)[0]), "142352.011103");
}

#[test]
fn a_converted_amount_is_in_the_users_currency() {
    let client = Client::sample();
    let soql = "SELECT Amount, convertCurrency(Amount) c FROM Opportunity \
                WHERE Reference__c = 'D-2017'";
    assert_eq!(flat(&client.rows(soql)[0]), "3800.0 4829.800377");
    let single = Client::empty(|_| {});
    single.query("SELECT convertCurrency(Amount) c FROM Opportunity").refused(400, "INVALID_FIELD");
}

#[test]
fn all_fields_need_a_limit() {
    refused("SELECT FIELDS(ALL) FROM Account", "MALFORMED_QUERY");
    refused("SELECT FIELDS(ALL) FROM Account LIMIT 201", "MALFORMED_QUERY");
    let rows = Client::sample().rows("SELECT FIELDS(CUSTOM), Id FROM Account LIMIT 200");
    assert_eq!(rows.len(), 14);
    assert!(rows[0].get("Tieout_AR_Balance__c").is_some() && rows[0].get("Name").is_none());
}

#[test]
fn attributes_come_first_and_fields_as_asked() {
    let text = Client::sample()
        .query("SELECT StageName, Id FROM Opportunity WHERE Reference__c = 'D-1034'")
        .text;
    let id = company().deal_id("D-1034").expect("known");
    let row = format!(
        "{{\"attributes\":{{\"type\":\"Opportunity\",\
         \"url\":\"/services/data/v66.0/sobjects/Opportunity/{id}\"}},\
         \"StageName\":\"Closed Won\",\"Id\":\"{id}\"}}"
    );
    assert_eq!(text, format!("{{\"totalSize\":1,\"done\":true,\"records\":[{row}]}}"));
}

#[test]
fn types_look_as_on_the_wire() {
    let client = Client::sample();
    let soql = "SELECT Amount, CloseDate, IsWon, FiscalYear, SystemModstamp, NextStep, Probability \
                FROM Opportunity WHERE Reference__c = 'D-1041'";
    let text = client.query(soql).text;
    for part in [
        "\"Amount\":52700.0,",
        "\"CloseDate\":\"2026-06-30\"",
        "\"IsWon\":true",
        "\"FiscalYear\":2026",
        "\"SystemModstamp\":\"2026-07-02T18:20:00.000+0000\"",
        "\"NextStep\":null",
        "\"Probability\":100.0",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    client.switch(|switches| switches.exponents = true);
    let id = client.deal("Huge", "Closed Won", "2026-06-30", json!(350_000_000));
    let soql = format!("SELECT Amount FROM Opportunity WHERE Id = '{id}'");
    assert!(client.query(&soql).text.contains("\"Amount\":3.5E8"));
}

#[test]
fn an_address_is_one_object() {
    let client = Client::sample();
    let rows =
        client.rows("SELECT BillingAddress, ShippingAddress FROM Account WHERE Name LIKE 'Lind%'");
    assert_eq!(rows[0]["BillingAddress"]["country"], "Sweden");
    assert_eq!(rows[0]["ShippingAddress"], Value::Null);
}

#[test]
fn deleted_rows_come_with_query_all_alone() {
    let client = Client::sample();
    let id = company().deal_id("D-1044").expect("known");
    client.delete(&format!("sobjects/Opportunity/{id}")).succeeded(204);
    let soql = "SELECT Id, IsDeleted FROM Opportunity WHERE Reference__c = 'D-1044'";
    assert_eq!(client.rows(soql).len(), 0);
    let all = client.get(&query_path("queryAll", soql)).succeeded(200);
    assert_eq!(all["records"][0]["IsDeleted"], true);
}

#[test]
fn a_missing_column_is_quoted_with_a_caret() {
    let client = Client::empty(|_| {});
    let answer = client.query("SELECT Id, CurrencyIsoCode FROM Opportunity");
    answer.refused(400, "INVALID_FIELD");
    let message = "\nSELECT Id, CurrencyIsoCode FROM Opportunity\n           ^\nERROR at \
                   Row:1:Column:12\nNo such column 'CurrencyIsoCode' on entity 'Opportunity'. If \
                   you are attempting to use a custom field, be sure to append the '__c' after \
                   the custom field name. Please reference your WSDL or the describe call for \
                   the appropriate names.";
    assert_eq!(answer.json()[0]["message"], message);
    assert!(answer.json()[0].get("fields").is_none());
}

#[test]
fn syntax_is_refused() {
    for soql in [
        "",
        "SELECT",
        "SELECT Id",
        "SELECT Id FORM Account",
        "SELECT Id FROM Account WHERE",
        "SELECT Id FROM Account WHERE Name = ",
        "SELECT Id FROM Account WHERE (Name = 'a'",
        "SELECT Id FROM Account WHERE Name = 'a' Name = 'b'",
        "SELECT Id FROM Account LIMIT x",
        "SELECT Id FROM Account LIMIT 5.5",
        "SELECT Id, FROM Account",
        "SELECT COUNT(), Id FROM Account",
        "SELECT Name n FROM Account",
        "SELECT Name FROM Account GROUP BY Id",
        "SELECT Id FROM Account WHERE COUNT(Id) > 1",
        "SELECT SUM(Name) FROM Account",
        "SELECT FOO(Name) FROM Account",
        "SELECT Id FROM Account WHERE Name = 'it's'",
        "SELECT Id FROM Opportunity WHERE CreatedDate > 2026-07-01T00:00:00 02:00",
        "SELECT Amount, COUNT(Id) FROM Opportunity GROUP BY Amount",
        "SELECT Id FROM Account FOR UPDATE",
    ] {
        refused(soql, "MALFORMED_QUERY");
    }
}

#[test]
fn names_are_checked() {
    refused("SELECT Nope FROM Account", "INVALID_FIELD");
    refused("SELECT Id FROM Account WHERE Nope = 1", "INVALID_FIELD");
    refused("SELECT Id FROM Account ORDER BY Nope", "INVALID_FIELD");
    refused("SELECT Nope.Name FROM Account", "INVALID_FIELD");
    refused("SELECT Id, (SELECT Id FROM Nopes) FROM Account", "INVALID_FIELD");
    refused("SELECT Id FROM Nope", "INVALID_TYPE");
    refused("SELECT Id, Id FROM Account", "INVALID_FIELD");
    refused("SELECT Id FROM Account WHERE Description = 'x'", "INVALID_FIELD");
    refused("SELECT Id FROM Account ORDER BY Description", "INVALID_FIELD");
    Client::empty(|_| {}).query("SELECT Id FROM CurrencyType").refused(400, "INVALID_TYPE");
}

#[test]
fn literals_are_checked_against_types() {
    refused("SELECT Id FROM Opportunity WHERE CloseDate = '2026-06-30'", "INVALID_FIELD");
    refused("SELECT Id FROM Opportunity WHERE CloseDate = 2026-06-30T00:00:00Z", "INVALID_FIELD");
    refused("SELECT Id FROM Opportunity WHERE SystemModstamp > 2026-06-30", "INVALID_FIELD");
    refused("SELECT Id FROM Opportunity WHERE Amount = '5'", "INVALID_FIELD");
    refused("SELECT Id FROM Opportunity WHERE Name = 5", "INVALID_FIELD");
    refused("SELECT Id FROM Opportunity WHERE IsWon = 'true'", "INVALID_FIELD");
    refused("SELECT Id FROM Opportunity WHERE Id = 'x'", "INVALID_QUERY_FILTER_OPERATOR");
    refused("SELECT Id FROM Opportunity WHERE IsWon > true", "INVALID_QUERY_FILTER_OPERATOR");
    refused("SELECT Id FROM Opportunity WHERE Amount LIKE '5%'", "INVALID_QUERY_FILTER_OPERATOR");
    refused("SELECT Id FROM Opportunity OFFSET 2001", "NUMBER_OUTSIDE_VALID_RANGE");
}

#[test]
fn hostile_depth_and_length_are_refused() {
    let open = "(".repeat(5000);
    refused(&format!("SELECT Id FROM Account WHERE {open}Name = 'a'"), "MALFORMED_QUERY");
    let nots = "NOT ".repeat(3000);
    refused(&format!("SELECT Id FROM Account WHERE {nots}Name = 'a'"), "MALFORMED_QUERY");
    let long = "x".repeat(20_000);
    let answer = Client::sample().query(&format!("SELECT Id FROM Account WHERE Name = '{long}'"));
    answer.refused(414, "URI_TOO_LONG");
}

#[test]
fn hidden_fields_are_as_if_they_were_not_there() {
    let client = Client::sample();
    client.switch(|switches| {
        switches.hidden_fields.insert("Opportunity.Amount".to_owned());
    });
    client.query("SELECT Amount FROM Opportunity").refused(400, "INVALID_FIELD");
    client.query("SELECT Id FROM Opportunity WHERE Amount > 1").refused(400, "INVALID_FIELD");
    let describe = client.get("sobjects/Opportunity/describe").text;
    assert!(!describe.contains("\"name\":\"Amount\""));
}

#[test]
fn rows_that_are_not_shared_are_as_if_they_were_not_there() {
    let client = Client::sample();
    let id = company().deal_id("D-1034").expect("known");
    client.switch(|switches| {
        switches.hidden_records.insert(id.clone());
    });
    let soql = "SELECT Id FROM Opportunity WHERE Reference__c = 'D-1034'";
    assert_eq!(client.rows(soql).len(), 0);
    client.get(&format!("sobjects/Opportunity/{id}")).refused(404, "NOT_FOUND");
}
