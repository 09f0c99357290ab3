use serde_json::json;

use super::Window;
use crate::codes::Code;

fn scope() -> serde_json::Value {
    json!({ "ledger": null, "as_of": "2026-06-30", "known_at": null })
}

#[test]
fn a_limit_flags_other_deals_at_once_and_can_be_undone() {
    let window = Window::new();
    window.told("open_sample", json!({}));
    let shown =
        || window.told("settings", json!({ "scope": scope() }))["limits"]["columns"][0].clone();
    let before = shown();
    assert_eq!(before["flag_amount"], "250.00", "{before}");
    assert_eq!(before["flag_percent"], "0.50", "{before}");
    assert_eq!(before["effect"], "10 deals flagged, 4 within the limit", "{before}");
    assert_eq!(before["effect_net"]["amount"], "-423600.00", "{before}");

    let change = |changes: serde_json::Value, reason: &str| {
        let params = json!({ "ledger": before["ledger"], "changes": changes, "reason": reason });
        window.call("set_limits", params)
    };
    let refused = change(json!({ "flag_amount": "500" }), " ").unwrap_err();
    assert_eq!(refused.code, Code::Usage.as_str(), "without a reason nothing changes");
    let refused = change(json!({ "flag_amount": "-500" }), "Agreed").unwrap_err();
    assert_eq!(refused.code, Code::Usage.as_str());
    let refused = change(json!({ "flag_amounts": "500" }), "Agreed").unwrap_err();
    assert_eq!(refused.code, Code::Usage.as_str(), "a name nobody knows changes nothing");
    assert_eq!(shown(), before);

    let receipt = change(json!({ "flag_amount": "500.00" }), "Agreed with T. Aldous").unwrap();
    assert_eq!(receipt["said"], "Limits changed: flag above 500.00 USD");
    assert_eq!(receipt["undo"], true);
    let after = shown();
    assert_eq!(after["effect"], "9 deals flagged, 5 within the limit", "{after}");
    assert_eq!(after["effect_net"]["amount"], "-423250.00", "{after}");
    window.told("undo", json!({}));
    assert_eq!(shown(), before);
}
