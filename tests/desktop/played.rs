//! The sample company on 6 July, made once per build and copied for each test.

use std::process::Command;

use serde_json::Value;
use tieout_desktop_tests::stage::Stage;
use tieout_desktop_tests::window::Window;
use tieout_tests::{PASSPHRASE, Stage as Chapter, prepared};

use crate::{LINE, WINDOW};

/// The day up to which the figures of the sample company count.
pub const AS_OF: &str = "2026-06-30";
/// Where the window keeps the sample company, and the mark that it is open.
const FOLDER: &str = "home/tieout/sample";
const OPEN: &str = "home/tieout/sample.open";

/// A stage on which the window opens with the sample company.
pub fn played() -> Stage {
    let stage = Stage::new(WINDOW, &[("TIEOUT_PASSPHRASE", PASSPHRASE)]);
    prepared::copy(Chapter::Played, &stage.path(FOLDER));
    std::fs::File::create(stage.path(OPEN)).expect("the stage is ours");
    stage
}

/// The window at this place of its navigation.
pub fn window_at(stage: &Stage, place: &str) -> Window {
    let window = Window::open(stage);
    window.find("//h1[normalize-space(.)='Overview']");
    window.go(place);
    window
}

/// `tieout … --json` on the same workspace.
#[track_caller]
pub fn told(stage: &Stage, arguments: &[&str]) -> Value {
    let mut command: Command = stage.command(LINE);
    command.args(arguments).arg("--json").arg("--workspace").arg(stage.path(FOLDER));
    let output = command.output().expect("the program starts");
    let said = String::from_utf8_lossy(&output.stdout);
    let failed = String::from_utf8_lossy(&output.stderr);
    serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}\n{failed}"))
}

/// `2492909.85` as it is printed: `2,492,909.85`, negative in brackets.
pub fn printed(amount: &Value) -> String {
    let text = amount["amount"].as_str().expect("an amount is text");
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = text.split_once('.').expect("dollars have cents");
    let digits: Vec<char> = whole.chars().collect();
    let groups: Vec<String> = digits.rchunks(3).rev().map(|it| it.iter().collect()).collect();
    let shown = format!("{}.{fraction}", groups.join(","));
    if negative { format!("({shown})") } else { shown }
}
