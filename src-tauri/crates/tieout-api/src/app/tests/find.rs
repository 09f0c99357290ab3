use serde_json::{Value, json};

use super::Window;

fn found(window: &Window, text: &str) -> Value {
    window.told("find", json!({ "text": text }))["groups"].clone()
}

#[track_caller]
fn check(window: &Window, text: &str, want: &[(&str, &[&str])]) {
    let groups = found(window, text);
    let groups = groups.as_array().unwrap().iter().map(|group| {
        let labels = group["found"].as_array().unwrap().iter();
        let labels = labels.map(|it| it["label"].as_str().unwrap()).collect::<Vec<_>>();
        (group["title"].as_str().unwrap(), labels)
    });
    let groups: Vec<(&str, Vec<&str>)> = groups.collect();
    let want: Vec<(&str, Vec<&str>)> =
        want.iter().map(|(title, labels)| (*title, labels.to_vec())).collect();
    assert_eq!(groups, want, "{text}");
}

#[test]
fn the_palette_finds_by_words_ids_and_amounts() {
    let window = Window::new();
    assert_eq!(found(&window, "vantry"), json!([]));
    window.told("open_sample", json!({}));
    let kestrel = "Kestrel Ridge Aerospace, Test cell instrumentation";
    let equal: (&str, &[&str]) =
        ("Amounts equal to 118,400.00", &[kestrel, "Invoice 2275", "Kestrel Ridge Aerospace"]);
    check(&window, "118400", &[equal]);
    check(&window, "118,400.00 USD", &[equal]);
    check(&window, "118,400.01", &[]);
    check(&window, "699,053.36", &[("Amounts equal to 699,053.36", &["T3 Sub-ledger to control"])]);
    check(&window, "d-1030", &[("Deals", &[kestrel])]);
    check(&window, "  ", &[]);
    check(&window, "#", &[]);

    let missing = found(&window, "118400")[0]["found"][0].clone();
    assert_eq!(missing["note"], "D-1030, not invoiced");
    assert_eq!(missing["target"]["screen"], "deals");
    let deal = &missing["target"]["record"];
    let scope = json!({ "ledger": null, "as_of": "2026-06-30", "known_at": null });
    let drawer = window.told("deal", json!({ "scope": scope, "opportunity": deal }));
    assert_eq!(drawer["reference"], "D-1030");

    let vantry = found(&window, "vantry");
    let account = vantry.as_array().unwrap().iter().find(|it| it["title"] == "Accounts").unwrap();
    assert_eq!(account["found"][0]["amount"]["amount"], "198560.00", "{account}");
    let record = account["found"][0]["target"]["record"].as_str().unwrap().to_owned();
    assert!(record.ends_with(" USD"), "{record}");
}
