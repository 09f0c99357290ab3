use serde_json::{Value, json};

use super::Window;

fn workpaper(window: &Window, known_at: Option<&str>) -> Value {
    let scope = json!({ "ledger": null, "as_of": "2026-06-30", "known_at": known_at });
    window.told("workpaper", json!({ "scope": scope }))
}

#[track_caller]
fn amounts<'a>(rows: &'a Value, field: &str) -> Vec<&'a str> {
    let rows = rows.as_array().unwrap().iter();
    rows.map(|row| row[field]["amount"].as_str().unwrap()).collect()
}

#[test]
fn the_workpaper_is_that_of_the_sample_company() {
    let window = Window::new();
    window.told("open_sample", json!({}));
    let paper = workpaper(&window, None);
    assert_eq!(paper["title"], "Receivables workpaper, June 2026");
    assert_eq!(paper["changes"], Value::Null);
    conclusion_and_tie_outs(&paper);
    figures(&paper);
    changes(&workpaper(&window, Some("2026-07-03T00:40:00Z")));
}

fn conclusion_and_tie_outs(paper: &Value) {
    let said = paper["conclusion"].as_array().unwrap().iter();
    let said: Vec<&str> = said.filter_map(|part| part["amount"]["amount"].as_str()).collect();
    let want = ["697803.36", "699053.36", "1250.00", "1250.00", "0.00", "-350.00", "-128900.00"];
    assert_eq!(said, want, "{}", paper["conclusion"]);
    let tie_outs = paper["tie_outs"].as_array().unwrap();
    let ids: Vec<&str> = tie_outs.iter().map(|it| it["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["T1", "T2", "T3", "T4", "T5"]);
    assert_eq!(tie_outs[1]["lines"].as_array().unwrap().len(), 5);
    assert_eq!(amounts(&tie_outs[0]["lines"], "source"), ["651960.00"]);
    let explained = &tie_outs[2]["explained"][0];
    assert_eq!(explained["mark"], "[E]", "{explained}");
    assert!(explained["sentence"].to_string().contains("JE-0619"), "{explained}");
    for tie_out in tie_outs {
        assert_eq!(tie_out["lines"][0]["status"]["glyph"], "tick", "{tie_out}");
        assert_eq!(tie_out["read"], "09:42");
    }
}

fn figures(paper: &Value) {
    let results = &paper["results"];
    let want = ["0.00", "-85.04", "-294350.00", "-350.00", "-128900.00"];
    assert_eq!(amounts(&results["rows"], "net"), want);
    assert_eq!(results["total"]["net"]["amount"], "-423685.04");
    assert_eq!(results["total"]["absolute"]["amount"], "527495.04");
    assert_eq!(
        (&results["total"]["deals"], &results["total"]["proof"]),
        (&json!(37), &json!("agreed"))
    );
    let moved = ["745346.00", "354059.76", "-6200.00", "-397540.00", "-12.40", "2150.00"];
    assert_eq!(amounts(&paper["roll_forward"]["rows"], "amount"), moved);
    assert_eq!(paper["roll_forward"]["total"]["amount"]["amount"], "697803.36");
    assert_eq!(paper["roll_forward"]["total"]["proof"], "agreed");
    let backlog = ["566550.00", "651960.00", "-338824.96", "-4000.00"];
    assert_eq!(amounts(&paper["backlog"]["rows"], "amount"), backlog);
    let steps = paper["backlog_bridge"]["steps"].as_array().unwrap();
    assert_eq!(steps.last().unwrap()["amount"]["amount"], "875685.04");
    assert!(steps.iter().all(|step| step["label"].as_str().unwrap().len() <= 16));
    assert_eq!(paper["tolerated"][3]["amount"]["amount"], "395.04");
    assert!(paper["tolerated"][4].to_string().contains("2.6% of materiality"));
    let counted = |id: &str| {
        let lines = paper["contents"].as_array().unwrap();
        lines.iter().find(|line| line["id"] == id).unwrap()["count"].clone()
    };
    assert_eq!(counted("unpaid-closed-won"), 21);
    assert_eq!(counted("receivables-by-account"), 9);
}

/// `sample-company §11`, "Changed since sign-off".
fn changes(paper: &Value) {
    let changes = &paper["changes"];
    assert_eq!(changes["before"]["amount"]["amount"], "700273.36", "{changes}");
    assert_eq!(changes["change"]["amount"]["amount"], "-2470.00");
    assert_eq!(changes["after"]["amount"]["amount"], "697803.36");
    assert_eq!(changes["after"]["proof"], "agreed");
    let mut effects = amounts(&changes["rows"], "effect");
    effects.sort_unstable();
    assert_eq!(effects, ["-12000.00", "-350.00", "9880.00"]);
}
