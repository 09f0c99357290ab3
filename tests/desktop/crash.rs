//! The power goes while something runs; afterwards everything is there and nothing is there twice.

use serde_json::Value;
use tieout_desktop_tests::stage::Stage;
use tieout_desktop_tests::window::Window;

use crate::played::{AS_OF, played, told, window_at};
use crate::stage;

/// Remembers in the page that this task has made progress.
const HEAR_PROGRESS: &str = "const done = arguments[0]; const internals = window.__TAURI_INTERNALS__; \
    window.progress = 0; \
    const hear = ({ payload }) => { if (payload.kind === 'progress') window.progress += 1; }; \
    internals.invoke('plugin:event|listen', { event: 'tieout', target: { kind: 'Any' }, \
      handler: internals.transformCallback(hear) }).then(() => done(true), done);";

fn kill_in_progress(stage: &Stage, window: Window) {
    window.wait_until("return window.progress > 0");
    window.kill(stage.window_process());
}

/// Every promised invoice with its end.
fn promises(stage: &Stage) -> Vec<(Value, Value)> {
    let view = told(stage, &["effects", "--kind", "document"]);
    let effects = view["effects"].as_array().expect("a list");
    effects.iter().map(|it| (it["opportunity"].clone(), it["state"].clone())).collect()
}

#[test]
fn a_run_that_is_cut_off_is_run_again_and_creates_nothing_twice() {
    let stage = played();
    let before = (promises(&stage), told(&stage, &["deals", "--as-of", AS_OF])["totals"].clone());
    let window = window_at(&stage, "Overview");
    window.ask_later(HEAR_PROGRESS, &[]);
    window.ask("window.__TAURI_INTERNALS__.invoke('run_now', { params: {} }).catch(() => {})", &[]);
    kill_in_progress(&stage, window);

    let window = window_at(&stage, "Deals");
    window.call("run_now", &serde_json::json!({ "params": {} })).expect("the run goes through");
    window.close();
    let after = (promises(&stage), told(&stage, &["deals", "--as-of", AS_OF])["totals"].clone());
    assert_eq!(after, before);
    let verified = told(&stage, &["verify"]);
    assert!(verified.get("error").is_none(), "{verified}");
}

#[test]
fn the_story_of_the_sample_company_goes_on_where_it_was_cut_off() {
    let stage = stage();
    let window = Window::open(&stage);
    window.ask_later(HEAR_PROGRESS, &[]);
    window.press("Open sample");
    kill_in_progress(&stage, window);

    let window = Window::open(&stage);
    window.open_sample();
    window.go("Deals");
    window.sees("unpaid");
}
