use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::Window;

fn scope() -> Value {
    json!({ "ledger": null, "as_of": "2026-06-30", "known_at": null })
}

fn overview(window: &Window, range: &str) -> Value {
    window.told("overview", json!({ "scope": scope(), "range": range }))
}

fn decimal(amount: &Value) -> Decimal {
    amount["amount"].as_str().unwrap().parse().unwrap()
}

/// The steps of `sample-company §9`, in USD.
const BRIDGE: [(&str, &str); 11] = [
    ("won", "1988000.00"),
    ("scheduled", "-434000.00"),
    ("missing", "-173850.00"),
    ("blocked", "-164250.00"),
    ("unknown", "-128900.00"),
    ("other", "45464.96"),
    ("billed", "1132464.96"),
    ("tax", "13145.30"),
    ("collected", "-552540.00"),
    ("older", "104733.10"),
    ("ar", "697803.36"),
];
/// `sample-company §13`.
const DSO: [(&str, &str, &str); 6] = [
    ("31 Jan 2026", "34.42", "27.08"),
    ("28 Feb 2026", "33.76", "29.80"),
    ("31 Mar 2026", "60.83", "53.24"),
    ("30 Apr 2026", "57.46", "39.70"),
    ("31 May 2026", "56.78", "39.40"),
    ("30 Jun 2026", "54.28", "25.99"),
];

#[test]
fn the_overview_is_that_of_the_sample_company() {
    let window = Window::new();
    window.told("open_sample", json!({}));
    let view = overview(&window, "quarter");
    the_bridge_is_footed(&view);
    the_months_are_those_of_the_sheet(&view);
    what_waits_stands_in_order(&view);
    receivables_and_tie_outs(&view);
    for range in ["month", "year"] {
        foots(&overview(&window, range));
    }
}

fn the_bridge_is_footed(view: &Value) {
    foots(view);
    let steps = view["bridge"]["steps"].as_array().unwrap();
    let steps: Vec<(&str, &str)> = steps
        .iter()
        .map(|step| (step["id"].as_str().unwrap(), step["amount"]["amount"].as_str().unwrap()))
        .collect();
    assert_eq!(steps, BRIDGE);
    let claimed: Vec<&str> = view["claim"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|part| part["amount"]["amount"].as_str())
        .collect();
    assert_eq!(claimed, ["1988000.00", "1132464.96", "552540.00", "467000.00"]);
    assert_eq!(view["bridge"]["bracket"]["sentence"][0]["amount"]["amount"], "467000.00");
    let left_out = view["left_out"][0]["sentence"].as_str().unwrap();
    assert_eq!(left_out, "14 won deals in EUR and GBP belong to no connected company.");
}

/// Adds the steps between the totals and compares.
#[track_caller]
fn foots(view: &Value) {
    let steps = view["bridge"]["steps"].as_array().unwrap();
    let mut level = Decimal::ZERO;
    for (at, step) in steps.iter().enumerate() {
        let amount = decimal(&step["amount"]);
        if step["kind"] == "total" {
            assert!(at == 0 || level == amount, "{}: {level} against {amount}", step["id"]);
            level = amount;
        } else {
            level += amount;
        }
    }
    assert_eq!(steps.iter().filter(|step| step["kind"] == "total").count(), 3);
}

fn the_months_are_those_of_the_sheet(view: &Value) {
    let points = view["dso"]["points"].as_array().unwrap();
    let points: Vec<(&str, &str, &str)> = points
        .iter()
        .map(|point| {
            let text = |name: &str| point[name].as_str().unwrap();
            (text("date"), text("value"), text("best"))
        })
        .collect();
    assert_eq!(points, DSO);
    assert_eq!(view["dso"]["axis"], "axis from 25 to 61 days");
}

fn what_waits_stands_in_order(view: &Value) {
    let decisions = view["decisions"].as_array().unwrap();
    let told: Vec<(&str, &str, &str)> = decisions
        .iter()
        .map(|decision| {
            let word = decision["status"]["word"].as_str().unwrap();
            let amount = decision["amount"]["amount"].as_str().unwrap();
            (word, decision["name"].as_str().unwrap(), amount)
        })
        .collect();
    let want = [
        ("Unknown", "Quillan Pharma", "128900.00"),
        ("Blocked", "Sable Point Energy", "164250.00"),
        ("Not invoiced", "Kestrel Ridge Aerospace", "118400.00"),
        ("Billed twice", "Osprey Medical Devices", "18750.00"),
        ("To decide", "Northgate Municipal Transit", "-350.00"),
        ("No deal", "Northgate Municipal Transit", "4300.00"),
    ];
    assert_eq!(told, want);
    assert_eq!(decisions[2]["age"], "12 d", "{}", decisions[2]);
    for decision in decisions {
        assert!(!decision["reason"].as_str().unwrap().contains('`'), "{decision}");
    }
}

fn receivables_and_tie_outs(view: &Value) {
    let column = &view["aging"]["columns"][0];
    assert_eq!((&column["late"], &column["proof"]), (&json!("54% late"), &json!("agreed")));
    let shares = column["segments"].as_array().unwrap().iter();
    let shares: i64 = shares.map(|it| it["share"].as_str().unwrap().parse::<i64>().unwrap()).sum();
    assert_eq!(shares, 1_000);
    let rows = view["tie_outs"]["rows"].as_array().unwrap();
    let cell = |at: usize| (&rows[at]["cells"][0]["difference"]["amount"], &rows[at]["cells"][0]);
    assert_eq!(cell(0).0, "0.00");
    assert_eq!(cell(2).0, "1250.00");
    assert_eq!(cell(2).1["status"]["word"], "explained by 1 item");
    assert_eq!(cell(2).1["marks"], json!(["[E]"]));
    assert_eq!(view["completeness"]["complete"], true);
}
