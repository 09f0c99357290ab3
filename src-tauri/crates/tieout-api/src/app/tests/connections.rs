use serde_json::{Value, json};

use super::Window;

fn scope() -> Value {
    json!({ "ledger": null, "as_of": "2026-06-30", "known_at": null })
}

fn mapping(window: &Window) -> Value {
    window.told("mapping", json!({ "scope": scope() }))
}

fn usd(amount: &str) -> Value {
    json!({ "amount": amount, "currency": "USD" })
}

fn row_of<'a>(rows: &'a Value, field: &str, value: &str) -> &'a Value {
    let mut rows = rows.as_array().unwrap().iter();
    rows.find(|row| row[field] == value).unwrap_or_else(|| panic!("no row with {value}"))
}

#[test]
fn the_mapping_says_what_money_waits_for_which_record() {
    let window = Window::new();
    window.told("open_sample", json!({}));
    let view = mapping(&window);
    let products = &view["products"];
    assert_eq!(products["open"], 1);
    assert_eq!(products["coverage"][0]["counted"], "9 of 10");
    assert_eq!(products["coverage"][0]["share"], "900");
    let edge = row_of(&products["rows"], "code", "AQ-EDGE-AI");
    assert_eq!(products["rows"][0], *edge, "what waits stands first");
    assert_eq!(edge["blocked"], json!([usd("164250.00")]), "{edge}");
    assert_eq!(edge["at_risk"], json!([usd("88000.00")]));
    let waits = &edge["detail"]["waits_totals"];
    assert_eq!(*waits, json!([{ "amount": usd("252250.00"), "proof": "sum" }]));
    assert_eq!(edge["detail"]["waits"][0]["note"], "this product, 22 × 1,675.00");
    assert_eq!(edge["detail"]["candidates"][0]["code"], "EDGE-INF");
    let total = row_of(&products["totals"], "currency", "USD");
    assert_eq!(total["blocked"], usd("164250.00"), "{total}");

    let currencies = &view["currencies"];
    assert_eq!(currencies["open"], 2, "{currencies}");
    let eur = row_of(&currencies["rows"], "name", "EUR");
    assert_eq!((&eur["deals"], &eur["amounts"][0]["amount"]), (&json!(3), &json!("113500.00")));
    assert_eq!(row_of(&currencies["rows"], "name", "USD")["deals"], 39);
    assert!(!view.to_string().contains('`'));

    let customers = &view["customers"];
    let harrow = row_of(&customers["rows"], "name", "Harrow Creek Water District");
    assert_eq!(harrow["status"]["word"], "Linked");
    let apart = json!({
        "account": harrow["account"], "ledger": harrow["ledger"],
        "customer": harrow["links"][0]["customer"], "reason": "Another water district",
    });
    assert_eq!(window.told("unlink_customer", apart)["undo"], true);
    let after = mapping(&window);
    let moved = row_of(&after["customers"]["rows"], "name", "Harrow Creek Water District");
    assert_eq!(moved["links"], json!([]), "{moved}");
    window.told("undo", json!({}));
    let back = mapping(&window);
    let back = row_of(&back["customers"]["rows"], "name", "Harrow Creek Water District");
    assert_eq!((&back["status"], &back["links"][0]["in_use"]), (&harrow["status"], &json!(true)));
}

#[test]
fn writing_is_switched_on_only_after_its_rehearsal_and_a_confirmation() {
    let window = Window::new();
    window.told("open_sample", json!({}));
    let books = || {
        let view = window.told("connections", json!({}));
        row_of(&view["connections"], "name", "quickbooks").clone()
    };
    let switch = |on: bool, confirm: bool| {
        let params = json!({ "connection": "quickbooks", "on": on, "confirm": confirm });
        window.told("set_writing", params)
    };
    assert_eq!(books()["writing"]["on"], true);
    assert_eq!(switch(false, false)["kind"], "done", "off needs no question");
    assert_eq!(books()["writing"]["on"], false);
    assert_eq!(books()["may"], "Reads 8 kinds of records");
    let told = switch(true, false);
    assert_eq!(books()["writing"]["on"], false, "a rehearsal switches nothing");
    let rehearsal = &told["rehearsal"];
    assert_eq!(rehearsal["period"], "1 Apr to 30 Jun 2026, 35 won deals", "{told}");
    let fates = rehearsal["fates"].as_array().unwrap().iter();
    let deals: u64 = fates.map(|fate| fate["deals"].as_u64().unwrap()).sum();
    assert_eq!(json!(deals), rehearsal["won"]["deals"], "every deal has one fate");
    assert_eq!(row_of(&rehearsal["fates"], "id", "blocked")["amounts"], json!([usd("164250.00")]));
    assert_eq!(switch(true, true)["kind"], "done");
    assert_eq!(books()["writing"]["on"], true);
}

#[test]
fn every_host_is_counted_and_a_disconnected_system_keeps_what_was_read() {
    let window = Window::new();
    window.told("open_sample", json!({}));
    let quiet = window.told("network", json!({}));
    assert_eq!(quiet["hosts"], json!([]), "opening sends nothing");
    window.told("run_now", json!({}));
    let view = window.told("network", json!({}));
    let hosts = view["hosts"].as_array().unwrap();
    let of = |connection: &str| {
        let ours = hosts.iter().filter(|host| host["connection"] == connection);
        ours.map(|host| host["requests"].as_u64().unwrap()).sum::<u64>()
    };
    assert!(of("salesforce") > 0 && of("quickbooks") > 0, "{view}");
    assert_eq!(of(""), 0, "every host has a purpose: {view}");
    let runs = window.told("activity", json!({}))["runs"][0]["counts"].clone();
    let sent = of("salesforce") + of("quickbooks");
    let counted = runs.as_str().unwrap().split(' ').next().unwrap().parse::<u64>().unwrap();
    assert!(sent >= counted, "the run counted {counted}, the network {sent}");

    let receipt = window.told("disconnect", json!({ "connection": "quickbooks" }));
    assert!(receipt["said"].as_str().unwrap().contains("What was read stays here"), "{receipt}");
    let left = window.told("connections", json!({}));
    assert_eq!(left["connections"].as_array().unwrap().len(), 1, "{left}");
    let settings = window.told("settings", json!({ "scope": scope() }));
    assert_eq!(settings["limits"]["columns"][0]["flag_amount"], "250.00", "figures stay");
}
