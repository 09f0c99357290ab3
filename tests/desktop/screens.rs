//! Every screen opens, says what the command line says, and can be used by everybody.

use std::path::Path;

use serde_json::{Value, json};
use tieout_desktop_tests::window::Window;

use crate::played::{AS_OF, played, printed, told, window_at};

const SCREENS: [&str; 8] = [
    "Overview",
    "Receivables",
    "Deals",
    "Reconciliation",
    "Workpapers",
    "Activity",
    "Connections & mapping",
    "Settings",
];
/// Verdicts and what the workpaper calls them.
const VERDICTS: &[(&str, &str)] = &[
    ("MATCHED", "Agree exactly"),
    ("MATCHED_IN_TOLERANCE", "Within the limits"),
    ("EXPLAINED", "Explained by items listed"),
    ("UNEXPLAINED", "No accepted reason yet"),
    ("UNCERTAIN", "Uncertain"),
];
/// What the page says when a screen is not there.
const BROKEN: [&str; 2] = ["could not be drawn", "The window cannot reach the program"];
const AXE: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../ui/node_modules/axe-core/axe.min.js"));

/// Keeps a picture beside the build, for whoever wants to look.
fn keep(window: &Window, theme: &str, screen: &str) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("screens");
    std::fs::create_dir_all(&folder).expect("the build folder is ours");
    let name = screen.to_lowercase().replace(" & ", "-");
    let path = folder.join(format!("{name}-{theme}.png"));
    std::fs::write(path, window.picture()).expect("the build folder is ours");
}

/// What axe finds wrong with what is shown.
fn findings(window: &Window) -> Vec<String> {
    window.ask(&format!("{AXE}; return true;"), &[]);
    let found = window.ask_later(
        "const done = arguments[0]; \
         axe.run(document, { resultTypes: ['violations'] }).then((result) => \
           done(result.violations.map(({ id, nodes }) => \
             `${id}: ${nodes.map((node) => node.html).join(' ')}`)), \
           (broken) => done([String(broken)]));",
        &[],
    );
    let found = found.as_array().expect("a list of findings");
    found.iter().map(|it| it.as_str().unwrap_or_default().to_owned()).collect()
}

fn every_screen_in(theme: &str) {
    let stage = played();
    let window = window_at(&stage, "Overview");
    window.call("set_preferences", &json!({ "params": { "theme": theme } })).expect("it is kept");
    window.wait_until(&format!("return document.documentElement.dataset.theme === '{theme}'"));
    let mut wrong = Vec::new();
    for screen in SCREENS {
        window.go(screen);
        keep(&window, theme, screen);
        if BROKEN.iter().any(|words| window.text().contains(words)) {
            wrong.push(format!("{screen} failed:\n{}", window.text()));
        }
        wrong.extend(findings(&window).into_iter().map(|it| format!("{screen}: {it}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_screen_opens_in_the_light_and_can_be_used_by_everybody() {
    every_screen_in("light");
}

#[test]
fn every_screen_opens_in_the_dark_and_can_be_used_by_everybody() {
    every_screen_in("dark");
}

/// The amounts of these fields as the screen prints them.
fn shows(window: &Window, screen: &str, of: &Value, fields: &[&str]) {
    window.go(screen);
    for field in fields {
        let amount = printed(&of[field]);
        let text = window.text();
        assert!(text.contains(&amount), "{screen} lacks {field} {amount}:\n{text}");
    }
}

#[test]
fn the_totals_are_those_of_the_command_line() {
    let stage = played();
    let receivables = told(&stage, &["ar", "--as-of", AS_OF]);
    let deals = told(&stage, &["deals", "--as-of", AS_OF]);
    let reconciliation = told(&stage, &["reconcile", "--as-of", AS_OF]);
    let window = window_at(&stage, "Overview");
    let aging = ["not_due", "days_1_30", "days_31_60", "days_61_90", "days_over_90", "unapplied"];
    shows(&window, "Receivables", &receivables["totals"][0], &aging);
    shows(&window, "Receivables", &receivables["totals"][0], &["receivable"]);
    let columns = ["not_invoiced", "open_not_due", "part_paid_remainder", "overdue"];
    shows(&window, "Deals", &deals["totals"][0], &columns);
    let list = |of: &Value| of.as_array().expect("a list").clone();
    shows(&window, "Reconciliation", &reconciliation["tolerated"], &["net", "absolute"]);
    let text = window.text();
    for row in list(&reconciliation["flagged"]) {
        let name = row["name"].as_str().expect("a deal has a name");
        assert!(text.contains(name), "no `{name}` in:\n{text}");
    }
    let flagged = list(&reconciliation["flagged"]).len();
    assert!(text.contains(&format!("USD, {flagged} flagged")), "not {flagged} flagged:\n{text}");
}

#[test]
fn the_workpaper_says_what_the_command_line_says() {
    let stage = played();
    let reconciliation = told(&stage, &["reconcile", "--as-of", AS_OF]);
    let window = window_at(&stage, "Workpapers");
    let parts = ["opening", "invoices", "credits", "cash", "write_offs", "refunds", "closing"];
    shows(&window, "Workpapers", &reconciliation["roll_forward"], &parts);
    let parts = ["opening", "new_won", "billed", "reductions"];
    shows(&window, "Workpapers", &reconciliation["bridge"], &parts);
    for tie_out in reconciliation["tie_outs"].as_array().expect("a list") {
        shows(&window, "Workpapers", tie_out, &["source", "held", "difference"]);
    }
    let squeezed: String = window.text().split_whitespace().collect();
    for (verdict, label) in VERDICTS {
        let rows = reconciliation["verdicts"].as_array().expect("a list");
        let row = rows.iter().find(|row| row["verdict"] == *verdict).expect("the sample has each");
        let (net, absolute) = (printed(&row["net"]), printed(&row["absolute"]));
        let line = format!("{label} {} {net} {absolute}", row["deals"]);
        let line: String = line.split_whitespace().collect();
        assert!(squeezed.contains(&line), "no `{line}` in:\n{}", window.text());
    }
}
