use serde_json::{Value, json};

use super::Window;
use crate::codes::Code;

fn unknown(view: &Value) -> &Value {
    let rows = view["outbox"].as_array().unwrap();
    rows.iter().find(|row| row["status"]["word"] == "Unknown").expect("one outcome is unknown")
}

#[test]
fn the_activity_tells_what_waits_first_and_proves_its_totals() {
    let window = Window::new();
    window.told("open_sample", json!({}));
    let view = window.told("activity", json!({}));
    assert_eq!(view["outbox"][0], *unknown(&view), "what is unknown stands first");
    let first = unknown(&view);
    assert_eq!(first["subject"], "Quillan Pharma", "{first}");
    assert_eq!(first["promise"], "create invoice for GMP monitoring");
    assert_eq!(first["net"], json!({ "amount": "128900.00", "currency": "USD" }));
    let history: Vec<&str> = first["history"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["title"].as_str().unwrap())
        .collect();
    assert_eq!(
        history,
        [
            "Approved, promise recorded",
            "Sent to QuickBooks",
            "No answer",
            "Asked for the key: not found",
            "Asked for the key: not found",
        ]
    );
    let choices: Vec<&str> =
        first["choices"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap()).collect();
    assert_eq!(choices, ["ask_now", "found", "give_up", "send_again"]);
    assert_eq!(first["choices"][3]["dangerous"], true);

    let totals = view["totals"]["rows"].as_array().unwrap();
    let invoices = totals.iter().find(|row| row["records"] == "Invoices, USD").unwrap();
    assert_eq!(invoices["source_sum"], invoices["held_sum"], "{invoices}");
    assert_eq!(invoices["status"]["word"], "equal");
    let control = totals.iter().find(|row| row["id"].as_str().unwrap().contains("control_account"));
    assert_eq!(control.unwrap()["status"]["word"], "explained", "{control:?}");
    assert_eq!(control.unwrap()["marks"], json!(["[E]"]), "{control:?}");
    assert_eq!(view["runs"][0]["status"]["word"], "Complete", "{}", view["runs"][0]);
    let text = view.to_string();
    assert!(!text.contains('`') && !text.contains("tieout "), "no command line in the window");
}

#[test]
fn an_unknown_outcome_is_asked_about_and_linked_only_to_what_was_promised() {
    let window = Window::new();
    window.told("open_sample", json!({}));
    let view = window.told("activity", json!({}));
    let key = unknown(&view)["key"].as_str().unwrap().to_owned();
    let resolve = |decision: &str, number: Option<&str>, reason: &str| {
        let params =
            json!({ "key": key, "decision": decision, "number": number, "reason": reason });
        window.call("resolve_effect", params)
    };
    let asked = window.told("ask_now", json!({ "key": key }));
    assert!(asked["said"].as_str().unwrap().contains("not found"), "{asked}");
    let after = window.told("activity", json!({}));
    let asks = |view: &Value| unknown(view)["history"].as_array().unwrap().len();
    assert_eq!(asks(&after), asks(&view) + 1, "each question has its own line");

    let other = resolve("found", Some("2281"), "Seen in QuickBooks").unwrap_err();
    assert_eq!(other.code, Code::LinkRefused.as_str(), "an invoice of another sale: {other:?}");
    let none = resolve("found", Some("999999"), "Seen in QuickBooks").unwrap_err();
    assert_eq!(none.code, Code::NoSuchRecord.as_str());
    let accept = resolve("accept", None, "It is fine").unwrap_err();
    assert_eq!(accept.code, Code::NotNow.as_str(), "nothing carries the key");
    let mute = resolve("give_up", None, " ").unwrap_err();
    assert_eq!(mute.code, Code::Usage.as_str());
    assert_eq!(unknown(&window.told("activity", json!({})))["key"], json!(key), "still unknown");

    resolve("give_up", None, "The customer cancelled").unwrap();
    let view = window.told("activity", json!({}));
    let row = view["outbox"].as_array().unwrap().iter().find(|row| row["key"] == json!(key));
    assert_eq!(row.unwrap()["status"]["word"], "Given up");
    let told = view["decisions"].as_array().unwrap();
    let decided = told.iter().find(|it| it["said"] == json!(format!("Decided about {key}")));
    assert_eq!(decided.unwrap()["reason"], "The customer cancelled");
}
