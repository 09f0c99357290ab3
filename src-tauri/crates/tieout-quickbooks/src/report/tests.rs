use serde_json::json;

use super::*;

fn aged() -> Value {
    json!({"Header": {"ReportName": "AgedReceivables", "Currency": "USD"},
     "Columns": {"Column": [
        {"ColTitle": "", "ColType": "Customer", "MetaData": [{"Name": "ColKey", "Value": "cust_name"}]},
        {"ColTitle": "Courant", "ColType": "Money", "MetaData": [{"Name": "ColKey", "Value": "current"}]},
        {"ColTitle": "Total", "ColType": "Money", "MetaData": [{"Name": "ColKey", "Value": "total"}]}]},
     "Rows": {"Row": [
        {"ColData": [{"value": "Northwind", "id": "72"}, {"value": ""}, {"value": "490.21"}]},
        {"type": "Section", "Header": {"ColData": [{"value": "Acme", "id": "8"}, {"value": ""}, {"value": ""}]},
         "Rows": {"Row": [{"ColData": [{"value": "Acme West", "id": "9"}, {"value": "1"}, {"value": "-233.27"}]}]},
         "Summary": {"ColData": [{"value": "Total Acme"}, {"value": "1"}, {"value": "-233.27"}]}},
        {"type": "Section", "group": "GrandTotal",
         "Summary": {"ColData": [{"value": "TOTAL"}, {"value": "1"}, {"value": "256.94"}]}}]}})
}

fn report(value: &Value) -> Report {
    Report::read(value, "AgedReceivables").unwrap()
}

#[test]
fn a_total_is_found_by_group_and_column_key() {
    let report = report(&aged());
    let total = report.column_of(&["total"]).unwrap();
    assert_eq!(report.total_of("GrandTotal").unwrap().amount(total).unwrap().to_string(), "256.94");
    assert_eq!(report.currency.as_deref(), Some("USD"));
}

#[test]
fn sections_nest_and_every_customer_counts_once() {
    let report = report(&aged());
    assert_eq!(report.first_column_ids(), ["72", "8", "9"]);
    let amounts: Vec<String> =
        report.records().map(|row| row.amount(2).unwrap().to_string()).collect();
    assert_eq!(amounts, ["490.21", "-233.27"]);
}

#[test]
fn blank_is_zero_and_so_is_a_cell_that_is_not_there() {
    let report = report(&aged());
    let row = report.records().next().unwrap();
    assert!(row.amount(1).unwrap().is_zero());
    assert!(row.amount(99).unwrap().is_zero());
}

#[test]
fn a_cell_that_is_no_number_is_an_error_never_zero() {
    let mut value = aged();
    value["Rows"]["Row"][0]["ColData"][2]["value"] = json!("1,490.21");
    let report = report(&value);
    assert!(report.records().next().unwrap().amount(2).is_err());
}

#[test]
fn grouped_columns_are_unfolded() {
    let value = json!({"Columns": {"Column": [
        {"ColType": "Account"},
        {"ColTitle": "2026", "Columns": {"Column": [{"ColType": "Money"}, {"ColType": "Money"}]}},
        {"ColType": "Text"}]}});
    assert_eq!(report(&value).money_columns(), [1, 2]);
}

#[test]
fn an_empty_report() {
    let value = json!({"Header": {"Option": [{"Name": "NoReportData", "Value": "true"}]},
        "Columns": {"Column": []}, "Rows": {"Row": [{"type": "Section", "Rows": {}}]}});
    assert!(report(&value).is_empty());
    assert!(report(&json!({"Columns": {}, "Rows": {}})).is_empty());
}

#[test]
fn endless_sections_are_refused() {
    let mut row = json!({"ColData": [{"value": "x"}]});
    let mut column = json!({"ColType": "Money"});
    for _ in 0..50 {
        row = json!({"Rows": {"Row": [row]}});
        column = json!({"Columns": {"Column": [column]}});
    }
    let rows = json!({"Columns": {}, "Rows": {"Row": [row]}});
    assert!(Report::read(&rows, "r").is_err());
    assert!(Report::read(&json!({"Columns": {"Column": [column]}}), "r").is_err());
}

#[test]
fn what_is_no_report_is_refused() {
    for value in [json!([]), json!({}), json!({"Columns": 1}), json!({"Columns": {}, "Rows": 1})] {
        assert!(Report::read(&value, "r").is_err(), "{value}");
    }
}
