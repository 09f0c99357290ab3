//! Replies of the sample company, kept for the tests of the page: what the page is tested with is
//! what the program says. A drift fails here; `cargo xtask generate` writes them anew.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::generated::{check_committed, top};
use super::{COMMANDS, Window};

const REPLIES: &str = "ui/fixtures/replies";

fn scope() -> Value {
    json!({ "ledger": null, "as_of": "2026-06-30", "known_at": null })
}

/// Every question whose answer is kept, in the order of asking; the writes stand last.
fn questions() -> Vec<(&'static str, Value)> {
    let query = json!({ "sort": [], "filters": [], "text": "", "offset": 0, "limit": 200 });
    let grid = |name: &'static str, part: &str, of: &str| {
        (name, json!({ "scope": scope(), part: of, "query": query }))
    };
    vec![
        ("app_state", json!({})),
        ("preferences", json!({})),
        grid("receivables", "tab", "accounts"),
        grid("receivables", "tab", "invoices"),
        grid("receivables", "tab", "unapplied"),
    ]
}

/// A program's ids that are drawn at random, as the same ids in every run: the suffix of a run's
/// id, by order of appearance.
fn steady(text: &str) -> String {
    let mut seen: Vec<String> = Vec::new();
    let mut steady = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("run-20") {
        let end = at + "run-20260706T162100Z-01234567".len();
        let id = rest.get(at..end).filter(|id| is_run_id(id));
        let Some(id) = id else {
            steady.push_str(&rest[..=at]);
            rest = &rest[at + 1..];
            continue;
        };
        let known = seen.iter().position(|it| it == id);
        let place = known.unwrap_or_else(|| {
            seen.push(id.to_owned());
            seen.len() - 1
        });
        steady.push_str(&rest[..at]);
        steady.push_str(&format!("{}{place:08x}", &id[..id.len() - 8]));
        rest = &rest[end..];
    }
    steady + rest
}

fn is_run_id(id: &str) -> bool {
    let (stamp, suffix) = id.split_at(id.len() - 8);
    stamp.ends_with("Z-") && suffix.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn kept(window: &Window) -> BTreeMap<&'static str, Vec<Value>> {
    let mut files = BTreeMap::<&str, Vec<Value>>::new();
    for (command, params) in questions() {
        let reply = window.told(command, params.clone());
        let kept = json!({ "command": command, "params": params, "reply": reply });
        files.entry(command).or_default().push(kept);
    }
    files
}

#[test]
fn the_kept_replies_are_those_of_the_sample_company() {
    let window = Window::new();
    window.told("set_preferences", json!({ "person": "Priya Raman" }));
    window.told("open_sample", json!({}));
    let files = kept(&window);
    for (command, replies) in &files {
        let text = serde_json::to_string_pretty(replies).unwrap();
        check_committed(&format!("{REPLIES}/{command}.json"), &format!("{}\n", steady(&text)));
    }
    let kept = std::fs::read_dir(top().join(REPLIES)).unwrap().flatten();
    for file in kept {
        let name = file.file_name().to_string_lossy().into_owned();
        let command = name.trim_end_matches(".json");
        assert!(files.contains_key(command), "{REPLIES}/{name} is kept for no question");
        assert!(COMMANDS.contains(&command));
    }
}

#[test]
fn ids_of_runs_are_the_same_in_every_run() {
    let told = "a run-20260706T162100Z-89abcdef, run-20260702T003000Z-00c0ffee and \
                run-20260706T162100Z-89abcdef; run-2026 is none";
    let want = "a run-20260706T162100Z-00000000, run-20260702T003000Z-00000001 and \
                run-20260706T162100Z-00000000; run-2026 is none";
    assert_eq!(steady(told), want);
}
