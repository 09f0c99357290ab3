//! Deals, their decisions and their documents, as the window shows them.

use serde_json::{Value, json};

use super::Window;

const QUERY: &str = r#"{"sort":[],"filters":[],"text":"","offset":0,"limit":200}"#;

fn query() -> Value {
    serde_json::from_str(QUERY).unwrap()
}

fn scope() -> Value {
    json!({ "ledger": null, "as_of": "2026-06-30", "known_at": null })
}

fn opened() -> Window {
    let window = Window::new();
    window.told("open_sample", json!({}));
    window
}

fn deals(window: &Window, view: &str) -> Value {
    window.told("deals", json!({ "scope": scope(), "view": view, "query": query() }))
}

/// The row of the deal with this reference.
#[track_caller]
fn row(view: &Value, reference: &str) -> Value {
    let rows = view["grid"]["rows"].as_array().unwrap();
    rows.iter().find(|row| row["reference"] == reference).cloned().unwrap_or_else(|| {
        panic!("no {reference} in {rows:?}");
    })
}

fn worklist(window: &Window) -> Value {
    window.told("reconciliation", json!({ "scope": scope(), "query": query() }))
}

#[track_caller]
fn variance(view: &Value, opportunity: &Value) -> Value {
    let rows = view["grid"]["rows"].as_array().unwrap();
    rows.iter().find(|row| row["key"] == *opportunity).cloned().expect("the deal is compared")
}

#[test]
fn unpaid_deals_foot_to_what_the_command_line_says() {
    let window = opened();
    let view = deals(&window, "unpaid");
    let totals = &view["grid"]["totals"][0];
    assert_eq!(totals["currency"], "USD", "{totals}");
    let cell = |column: &str| {
        let cells = totals["cells"].as_array().unwrap();
        cells.iter().find(|cell| cell["column"] == column).cloned().unwrap()
    };
    assert_eq!(cell("overdue")["amount"], "384943.60", "{totals}");
    assert_eq!(cell("overdue")["proof"], "agreed", "{totals}");
    assert_eq!(cell("not_due")["amount"], "287759.76", "{totals}");
    let groups = view["grid"]["groups"].as_array().unwrap();
    let count: u64 = groups.iter().map(|group| group["count"].as_u64().unwrap()).sum();
    assert_eq!(count, view["grid"]["total"].as_u64().unwrap(), "groups hold every row once");
    assert_eq!(view["counts"]["unpaid"], view["grid"]["total"]);
}

#[test]
fn a_filter_takes_the_proof_from_the_totals() {
    let window = opened();
    let mut asked = query();
    asked["text"] = json!("vantry");
    let params = json!({ "scope": scope(), "view": "unpaid", "query": asked });
    let view = window.told("deals", params);
    let totals = &view["grid"]["totals"][0];
    assert!(view["grid"]["total"].as_u64() < view["grid"]["unfiltered"].as_u64(), "{view}");
    let cells = totals["cells"].as_array().unwrap();
    assert!(cells.iter().all(|cell| cell["proof"] == "sum"), "{totals}");
}

#[test]
fn an_unknown_outcome_is_told_as_such() {
    let window = opened();
    let deal = row(&deals(&window, "unpaid"), "D-1034");
    assert_eq!(deal["status"]["word"], "Outcome unknown", "{deal}");
    let params = json!({ "scope": scope(), "opportunity": deal["key"] });
    let drawer = window.told("deal", params);
    let told = drawer["events"].to_string();
    assert!(told.contains("No answer, outcome unknown"), "{told}");
    assert!(told.contains("Asked QuickBooks for the key"), "{told}");
}

#[test]
fn a_match_shows_both_records_and_its_rule() {
    let window = opened();
    let deal = row(&deals(&window, "unpaid"), "D-1027");
    let drawer = window.told("deal", json!({ "scope": scope(), "opportunity": deal["key"] }));
    let evidence = &drawer["evidence"][0];
    assert_eq!(evidence["crm"], "Salesforce", "{evidence}");
    assert!(!evidence["rows"].as_array().unwrap().is_empty(), "{evidence}");
    assert!(evidence["rule"].as_str().unwrap().starts_with("Rule "), "{evidence}");
}

#[test]
fn a_resync_reads_one_deal_and_says_what_changed() {
    let window = opened();
    let deal = row(&deals(&window, "unpaid"), "D-1027");
    let view = window.told("resync_deal", json!({ "opportunity": deal["key"] }));
    assert_eq!(view["failure"], Value::Null, "{view}");
    assert_eq!(view["changed"], false, "{view}");
    assert!(view["sentence"].as_str().unwrap().starts_with("Nothing changed"), "{view}");
}

#[test]
fn what_leaks_is_what_was_due_and_never_invoiced() {
    let window = opened();
    let view = deals(&window, "leakage");
    let rows = view["grid"]["rows"].as_array().unwrap();
    let references: Vec<&str> = rows.iter().map(|row| row["reference"].as_str().unwrap()).collect();
    assert_eq!(references.len(), 2, "{view}");
    assert!(references.contains(&"D-1033") && references.contains(&"D-1034"), "{view}");
    assert_eq!(view["counts"]["leakage"], 2);
    let said = view["sentence"].to_string();
    assert!(said.contains("never invoiced") && said.contains("293150.00"), "{said}");
    let cells = view["grid"]["totals"][0]["cells"].as_array().unwrap();
    assert!(cells.iter().all(|cell| cell["proof"] == "sum"), "{cells:?}");
}

#[test]
fn a_pair_of_the_radar_is_kept_as_two_and_taken_back() {
    let window = opened();
    let radar = || window.told("duplicates", json!({ "scope": scope() }));
    let view = radar();
    let pair = &view["rows"][0];
    assert_eq!((&view["open"], &pair["at_risk"]["amount"]), (&json!(0), &json!("18750.00")));
    assert!(pair["evidence"].as_str().unwrap().contains("same deal"), "{pair}");
    let accepted = pair["cleared"].as_str().unwrap();
    assert!(accepted.contains("accepted as the reason"), "{accepted}");
    let word = json!({
        "scope": scope(),
        "first": pair["first"]["id"],
        "second": pair["second"]["id"],
        "cleared": true,
        "reason": "two deliveries",
    });
    assert_eq!(window.told("clear_pair", word.clone())["undo"], true);
    let cleared = radar()["rows"][0]["cleared"].as_str().unwrap().to_owned();
    assert!(cleared.ends_with(": two deliveries"), "{cleared}");
    window.told("undo", json!({}));
    assert_eq!(radar(), view);
    let blank = window.call("clear_pair", {
        let mut it = word;
        it["reason"] = json!(" ");
        it
    });
    assert_eq!(blank.unwrap_err().code, "TIE-1001");
}

#[test]
fn what_was_sent_stands_in_the_outbox_line_by_line() {
    let window = opened();
    let view = window.told("activity", json!({}));
    let effects = view["outbox"].as_array().unwrap();
    let unknown = effects.iter().find(|it| it["status"]["word"] == "Unknown").unwrap();
    let facts = unknown["facts"].as_array().unwrap();
    let value = |label: &str| {
        let fact = facts.iter().find(|it| it["label"] == label);
        fact.map(|it| it["value"].as_str().unwrap().to_owned())
    };
    assert!(value("Customer").is_some() && value("Due").is_some(), "{facts:?}");
    let line = value("Line 1").unwrap();
    assert!(line.contains(" x ") && line.ends_with(" USD"), "{line}");
}

#[test]
fn a_reason_is_accepted_taken_back_and_given_again() {
    let window = opened();
    let before = worklist(&window);
    let rows = before["grid"]["rows"].as_array().unwrap();
    let open = rows.iter().find(|row| row["proposed"].is_string()).expect("a proposal waits");
    let (deal, code) = (open["key"].clone(), open["proposed"].clone());
    let params = json!({ "scope": scope(), "opportunity": deal, "code": code });
    let receipt = window.told("accept_reason", params);
    assert_eq!(receipt["undo"], true, "{receipt}");
    let after = variance(&worklist(&window), &deal);
    assert_eq!(after["proposed"], Value::Null, "{after}");
    window.told("undo", json!({}));
    assert_eq!(variance(&worklist(&window), &deal)["proposed"], code);
    window.told("redo", json!({}));
    assert_eq!(variance(&worklist(&window), &deal), after);
    window.told("undo", json!({}));
    let refused = window.call("undo", json!({})).unwrap_err();
    assert_eq!(refused.code, "TIE-4010", "{refused:?}");
}

#[test]
fn a_deal_is_left_out_and_taken_in_again() {
    let window = opened();
    let deal = row(&deals(&window, "unpaid"), "D-1027");
    let params = json!({ "scope": scope(), "opportunity": deal["key"], "reason": "a test deal" });
    window.told("exclude_deal", params);
    row(&deals(&window, "excluded"), "D-1027");
    window.told("undo", json!({}));
    row(&deals(&window, "unpaid"), "D-1027");
}

#[test]
fn what_was_found_for_a_list_goes_with_the_books_it_was_found_in() {
    let window = opened();
    let asked = |as_of: &str| {
        let scope = json!({ "ledger": null, "as_of": as_of, "known_at": null });
        let sort = [json!({ "column": "account", "descending": true })];
        let query = json!({ "sort": sort, "filters": [], "text": "", "offset": 0, "limit": 200 });
        let view =
            window.told("deals", json!({ "scope": scope, "view": "unpaid", "query": query }));
        let keys = view["grid"]["rows"].as_array().unwrap().iter();
        (keys.map(|row| row["key"].clone()).collect::<Vec<_>>(), view["grid"]["totals"].clone())
    };
    let before = asked("2026-06-30");
    assert_eq!(asked("2026-06-30"), before);
    assert_ne!(asked("2026-03-31"), before, "another day, other figures");
    let deal = row(&deals(&window, "unpaid"), "D-1027");
    let params = json!({ "scope": scope(), "opportunity": deal["key"], "reason": "a test deal" });
    window.told("exclude_deal", params);
    let after = asked("2026-06-30");
    assert!(before.0.contains(&deal["key"]) && !after.0.contains(&deal["key"]), "{after:?}");
    assert_ne!(after.1, before.1, "and it is added no more");
    window.told("undo", json!({}));
    assert_eq!(asked("2026-06-30"), before);
}

#[test]
fn a_document_is_kept_apart_and_the_word_is_taken_back() {
    let window = opened();
    let deal = row(&deals(&window, "unpaid"), "D-1027");
    let drawer = window.told("deal", json!({ "scope": scope(), "opportunity": deal["key"] }));
    let document = drawer["evidence"][0]["document"].clone();
    let params = json!({
        "scope": scope(), "opportunity": deal["key"], "document": document, "reason": "not theirs"
    });
    window.told("unlink", params);
    let apart = window.told("deal", json!({ "scope": scope(), "opportunity": deal["key"] }));
    assert!(apart["evidence"].as_array().unwrap().is_empty(), "{apart}");
    window.told("undo", json!({}));
    let again = window.told("deal", json!({ "scope": scope(), "opportunity": deal["key"] }));
    assert_eq!(again["evidence"], drawer["evidence"]);
}

#[test]
fn a_larger_limit_flags_less_and_the_small_ones_are_footed() {
    let window = opened();
    let view = window.told("what_if", json!({ "scope": scope(), "limit": null }));
    let rows = view["rows"].as_array().unwrap();
    let items: Vec<u64> = rows.iter().map(|row| row["items"].as_u64().unwrap()).collect();
    assert!(items.windows(2).all(|pair| pair[0] >= pair[1]), "{items:?}");
    assert_eq!(view["small"]["net"], "-85.04", "{view}");
    assert_eq!(view["small"]["absolute"], "395.04", "{view}");
    assert_eq!(view["by_reason"]["total"]["amount"], "-423685.04", "{view}");
    let refused = window.call("what_if", json!({ "scope": scope(), "limit": "many" })).unwrap_err();
    assert_eq!(refused.code, "TIE-1001");
}

#[test]
fn an_account_foots_to_its_open_invoices() {
    let window = opened();
    let params = json!({ "scope": scope(), "tab": "accounts", "query": query() });
    let view = window.told("receivables", params);
    let rows = view["accounts"]["rows"].as_array().unwrap();
    let vantry = rows.iter().find(|row| row["name"] == "Vantry Logistics").unwrap();
    assert_eq!(vantry["receivable"], "198560.00");
    let totals = &view["accounts"]["totals"][0];
    let cells = totals["cells"].as_array().unwrap();
    let receivable = cells.iter().find(|cell| cell["column"] == "receivable").unwrap();
    assert_eq!(
        (&receivable["amount"], &receivable["proof"]),
        (&json!("697803.36"), &json!("agreed"))
    );
    let params = json!({ "scope": scope(), "account": vantry["account"], "currency": "USD" });
    let drawer = window.told("account", params);
    assert_eq!(drawer["invoices"]["total"]["amount"], "198560.00", "{drawer}");
    let bands = drawer["aging"].as_array().unwrap();
    let shares: i64 = bands.iter().map(|band| band["permille"].as_i64().unwrap()).sum();
    assert_eq!(shares, 1000, "{bands:?}");
}

#[test]
fn a_deal_that_has_an_invoice_is_never_proposed_a_second_one() {
    let window = opened();
    let rows = deals(&window, "all");
    let billed = rows["grid"]["rows"].as_array().unwrap();
    let part = billed.iter().find(|row| row["name"] == "Test cell instrumentation").unwrap();
    let params = json!({ "opportunity": part["key"], "confirm": false });
    let view = window.told("create_invoice", params);
    assert_eq!(view["proposal"], Value::Null, "{view}");
    assert_eq!(view["outcome"]["status"]["word"], "Already there", "{view}");
}
