//! Replies of the sample company, kept for the tests of the page: what the page is tested with is
//! what the program says. A drift fails here; `cargo xtask generate` writes them anew.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::generated::{check_committed, top};
use super::{COMMANDS, TO_OPEN, Window};

const REPLIES: &str = "ui/fixtures/replies";

/// Stands for the folder of the test.
const HOME: &str = "/home/priya";
/// Deals whose drawers are kept, by reference.
const DEALS: [&str; 9] =
    ["D-1003", "D-1027", "D-1030", "D-1031", "D-1032", "D-1033", "D-1034", "D-1039", "D-1043"];
/// What the palette is asked for.
const TYPED: [&str; 6] = ["118400", "vantry", "D-1027", "2275", "699053.36", "nothing like it"];

fn scope() -> Value {
    json!({ "ledger": null, "as_of": "2026-06-30", "known_at": null })
}

fn query() -> Value {
    json!({ "sort": [], "filters": [], "text": "", "offset": 0, "limit": 200 })
}

/// The sample company while its answers are taken down.
struct Record<'a> {
    window: &'a Window,
    files: BTreeMap<&'static str, Vec<Value>>,
}

/// Hashes cover the ids of runs, which are drawn at random: they are kept as zeros.
fn without_hashes(reply: &mut Value) {
    match reply {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value.as_str().filter(|_| name == "hash") {
                    Some(hash) => {
                        *value = hash.replace(|it: char| it.is_ascii_hexdigit(), "0").into();
                    }
                    None => without_hashes(value),
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(without_hashes),
        _ => {}
    }
}

impl Record<'_> {
    fn ask(&mut self, command: &'static str, params: Value) -> Value {
        let mut reply = self.window.told(command, params.clone());
        without_hashes(&mut reply);
        let kept = json!({ "command": command, "params": params, "reply": reply });
        self.files.entry(command).or_default().push(kept);
        reply
    }

    fn of_scope(&mut self, command: &'static str, further: &Value) -> Value {
        let mut params = json!({ "scope": scope() });
        for (name, value) in further.as_object().unwrap() {
            params[name] = value.clone();
        }
        self.ask(command, params)
    }

    /// What only reads.
    fn reads(&mut self) {
        for command in ["app_state", "preferences"] {
            self.ask(command, json!({}));
        }
        for command in ["activity", "network", "connections", "connect_forms"] {
            self.ask(command, json!({}));
        }
        self.of_scope("mapping", &json!({}));
        self.of_scope("settings", &json!({}));
        for known_at in [Value::Null, json!("2026-07-03T00:40:00Z")] {
            let scope = json!({ "ledger": null, "as_of": "2026-06-30", "known_at": known_at });
            self.ask("workpaper", json!({ "scope": scope }));
        }
        for range in ["quarter", "month", "year"] {
            self.of_scope("overview", &json!({ "range": range }));
        }
        self.receivables();
        self.deals();
        self.of_scope("reconciliation", &json!({ "query": query() }));
        for limit in [Value::Null, json!("500.00")] {
            self.of_scope("what_if", &json!({ "limit": limit }));
        }
        for text in TYPED {
            self.ask("find", json!({ "text": text }));
        }
        let amount = |amount: &str| json!({ "amount": amount, "currency": "USD" });
        let amounts = ["118400.00", "108200.00"].map(amount);
        self.ask("selection_sum", json!({ "amounts": amounts }));
    }

    fn receivables(&mut self) {
        let tabs = ["invoices", "unapplied", "accounts"];
        let grids =
            tabs.map(|tab| self.of_scope("receivables", &json!({ "tab": tab, "query": query() })));
        for row in grids[2]["accounts"]["rows"].as_array().unwrap() {
            let asked = json!({ "account": row["account"], "currency": row["currency"] });
            self.of_scope("account", &asked);
        }
    }

    fn deals(&mut self) {
        for view in ["unpaid", "not_invoiced", "leakage", "blocked", "excluded", "all"] {
            self.of_scope("deals", &json!({ "view": view, "query": query() }));
        }
        self.of_scope("duplicates", &json!({}));
        for reference in DEALS {
            let asked = json!({ "opportunity": self.deal(reference) });
            self.of_scope("deal", &asked);
        }
        let asked = json!({ "opportunity": self.deal("D-1030") });
        self.of_scope("link_candidates", &asked);
    }

    fn deal(&self, reference: &str) -> Value {
        let all = self.files["deals"].iter().find(|kept| kept["params"]["view"] == "all");
        let rows = all.expect("asked before")["reply"]["grid"]["rows"].as_array().unwrap();
        let row = rows.iter().find(|row| row["reference"] == reference);
        row.unwrap_or_else(|| panic!("no deal {reference}"))["key"].clone()
    }

    /// What writes, each taken back where that is possible.
    fn writes(&mut self) {
        for (what, format) in [("workpaper", "pdf"), ("receivables", "csv")] {
            let asked = json!({ "what": what, "format": format, "paper": "a4" });
            self.of_scope("export_report", &asked);
        }
        // The workpaper that was just exported, then a file that is no export.
        for (name, of) in [(Some("WP-2026-06-QUICKBOOKS.pdf"), "the workpaper"), (None, "another")]
        {
            let folder = self.window.home.path();
            std::fs::write(folder.join("another.pdf"), "%PDF-1.7").unwrap();
            std::fs::write(folder.join(TO_OPEN), name.unwrap_or("another.pdf")).unwrap();
            let reply = self.ask("verify_file", json!({}));
            assert_eq!(reply["kind"], "checked", "{of}: {reply}");
        }
        let opportunity = self.deal("D-1030");
        self.ask("create_invoice", json!({ "opportunity": opportunity, "confirm": false }));
        let opportunity = self.deal("D-1027");
        self.ask("resync_deal", json!({ "opportunity": opportunity }));
        let reason = json!({ "opportunity": opportunity, "reason": "a test deal" });
        self.of_scope("exclude_deal", &reason);
        for command in ["undo", "redo", "undo"] {
            self.ask(command, json!({}));
        }
        for connection in ["quickbooks", "salesforce"] {
            let asked = json!({ "connection": connection, "on": true, "confirm": false });
            self.ask("set_writing", asked);
        }
        self.ask("set_preferences", json!({ "theme": "dark" }));
        self.ask("cancel_task", json!({}));
        self.ask("run_now", json!({}));
        self.ask("open_sample", json!({}));
        self.ask("close_sample", json!({}));
    }
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

#[test]
fn the_kept_replies_are_those_of_the_sample_company() {
    let window = Window::new();
    window.told("set_preferences", json!({ "person": "Priya Raman" }));
    window.told("open_sample", json!({}));
    let mut record = Record { window: &window, files: BTreeMap::new() };
    record.reads();
    record.writes();
    let files = record.files;
    let home = window.home.path().to_string_lossy().into_owned();
    for (command, replies) in &files {
        let text = serde_json::to_string_pretty(replies).unwrap().replace(&home, HOME);
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

/// Every text of a reply.
fn texts<'a>(of: &'a Value, found: &mut Vec<&'a str>) {
    match of {
        Value::String(text) => found.push(text),
        Value::Array(values) => values.iter().for_each(|value| texts(value, found)),
        Value::Object(fields) => fields.values().for_each(|value| texts(value, found)),
        _ => {}
    }
}

/// Words that only somebody at a terminal can follow.
const OF_TERMINAL: [&str; 10] = [
    "`",
    "tieout sync",
    "tieout connect",
    "tieout create",
    "tieout decide",
    "tieout deals",
    "tieout effects",
    "tieout reconcile",
    "TIEOUT_",
    " --",
];

/// An amount inside a sentence that is not grouped: `1200.00 USD`.
fn raw_amount(text: &str) -> Option<&str> {
    let words = text.split_whitespace().filter(|word| *word != text);
    let mut bare = words.map(|word| word.trim_matches(|c: char| !c.is_ascii_digit()));
    bare.find(|word| {
        let Some((whole, digits)) = word.split_once('.') else { return false };
        let numeric = |part: &str| !part.is_empty() && part.bytes().all(|it| it.is_ascii_digit());
        whole.len() > 3 && numeric(whole) && numeric(digits)
    })
}

#[test]
fn no_reply_speaks_of_a_terminal_or_carries_a_raw_amount() {
    for file in std::fs::read_dir(top().join(REPLIES)).unwrap().flatten() {
        let kept = std::fs::read_to_string(file.path()).unwrap();
        let kept: Vec<Value> = serde_json::from_str(&kept).unwrap();
        let mut found = Vec::new();
        kept.iter().for_each(|one| texts(&one["reply"], &mut found));
        assert!(!found.is_empty() || kept.iter().all(|one| one["reply"].is_object()));
        for text in found {
            let unfit = OF_TERMINAL.into_iter().find(|words| text.contains(words));
            let unfit = unfit.or_else(|| raw_amount(text));
            assert_eq!(unfit, None, "{}: {text}", file.path().display());
        }
    }
}

#[test]
fn a_raw_amount_is_found_inside_a_sentence_alone() {
    assert_eq!(raw_amount("sold for 2500.00 USD."), Some("2500.00"));
    assert_eq!(raw_amount("sold for 2,500.00 USD"), None);
    assert_eq!(raw_amount("-2500.00"), None);
    assert_eq!(raw_amount("350.00 USD of 2026.06"), Some("2026.06"));
}

#[test]
fn ids_of_runs_are_the_same_in_every_run() {
    let told = "a run-20260706T162100Z-89abcdef, run-20260702T003000Z-00c0ffee and \
                run-20260706T162100Z-89abcdef; run-2026 is none";
    let want = "a run-20260706T162100Z-00000000, run-20260702T003000Z-00000001 and \
                run-20260706T162100Z-00000000; run-2026 is none";
    assert_eq!(steady(told), want);
}
