//! The tray: when everything was last read, and the few things that need no window.

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::Deserialize;
use serde_json::Value;
use tauri::image::Image;
use tauri::menu::{MenuBuilder, MenuItem, MenuItemBuilder};
use tauri::tray::TrayIconBuilder;
use tauri::{AppHandle, Manager, Wry, include_image};

/// The command that tells what the tray shows.
pub const COMMAND: &str = "app_state";
const ID: &str = "tieout";
const NO_RUN: &str = "No complete run yet";

/// A template of one colour on macOS; elsewhere the icon on its ground, which every panel can show.
#[cfg(target_os = "macos")]
const ICONS: [Image<'_>; 2] = [
    include_image!("../icons/tray-template.png"),
    include_image!("../icons/tray-template-waiting.png"),
];
#[cfg(not(target_os = "macos"))]
const ICONS: [Image<'_>; 2] =
    [include_image!("../icons/tray.png"), include_image!("../icons/tray-waiting.png")];

/// The line that tells when everything was last read.
struct LastRun(MenuItem<Wry>);

/// Of what the frame of the page shows, what the tray shows too. None of it is an amount.
#[derive(Deserialize)]
struct Standing {
    status: Vec<Cell>,
    waiting: Vec<Waiting>,
}

#[derive(Deserialize)]
struct Cell {
    parts: Vec<Part>,
}

#[derive(Deserialize)]
struct Part {
    text: String,
}

#[derive(Deserialize)]
struct Waiting {
    screen: String,
}

impl Standing {
    /// When everything was last read: the last of the cells about runs.
    fn last_run(&self) -> Option<String> {
        let text = |cell: &Cell| cell.parts.iter().map(|it| it.text.as_str()).collect::<String>();
        self.status.iter().rev().map(text).find(|text| text.starts_with("Last "))
    }

    /// Unpaid deals are the daily work; anything else waits for a decision.
    fn waits_for_a_person(&self) -> bool {
        self.waiting.iter().any(|it| it.screen != "deals")
    }
}

/// Shows the tray where there is one. On a desktop without a tray the window is all there is.
pub fn show(handle: &AppHandle) {
    // A missing indicator library is reported by a panic of the binding to it.
    match catch_unwind(AssertUnwindSafe(|| build(handle))) {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, "no tray"),
        Err(_) => tracing::warn!("no tray: the indicator library is missing"),
    }
}

fn build(handle: &AppHandle) -> tauri::Result<()> {
    let last = MenuItemBuilder::new(NO_RUN).enabled(false).build(handle)?;
    let menu = MenuBuilder::new(handle)
        .item(&last)
        .separator()
        .text("run.now", "Run now")
        .text("view.hide_amounts", "Hide amounts")
        .separator()
        .text("shell:open", "Open Tieout")
        .text("shell:quit", "Quit Tieout")
        .build()?;
    let [plain, _] = ICONS;
    let template = cfg!(target_os = "macos");
    TrayIconBuilder::with_id(ID)
        .icon(plain)
        .icon_as_template(template)
        .menu(&menu)
        .build(handle)?;
    handle.manage(LastRun(last));
    Ok(())
}

/// Shows when everything was last read, and whether something waits.
pub fn tell(handle: &AppHandle, told: Value) {
    let standing: Standing = match serde_json::from_value(told) {
        Ok(standing) => standing,
        Err(error) => {
            tracing::warn!(%error, "the state for the tray was not understood");
            return;
        }
    };
    let (Some(line), Some(tray)) = (handle.try_state::<LastRun>(), handle.tray_by_id(ID)) else {
        return;
    };
    let [plain, waiting] = ICONS;
    let icon = if standing.waits_for_a_person() { waiting } else { plain };
    let text = standing.last_run().unwrap_or_else(|| NO_RUN.to_owned());
    let steps = [line.0.set_text(text), tray.set_icon(Some(icon))];
    if let Some(error) = steps.into_iter().find_map(Result::err) {
        tracing::warn!(%error, "the tray was not changed");
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_tray_tells_the_last_complete_run() {
        let part = |text: &str| json!({ "text": text, "strong": false });
        let told = json!({
            "status": [
                { "parts": [part("Xero payments: 3 of 4 read")] },
                { "parts": [part("Last run "), part("10:31"), part(", incomplete")] },
                { "parts": [part("Last complete run "), part("09:30")] },
                { "parts": [part("1 outcome unknown")] },
            ],
            "waiting": [{ "screen": "deals", "count": 32 }],
        });
        let mut standing: Standing = serde_json::from_value(told).unwrap();
        assert_eq!(standing.last_run().as_deref(), Some("Last complete run 09:30"));
        assert!(!standing.waits_for_a_person());
        standing.waiting.push(Waiting { screen: "activity".into() });
        assert!(standing.waits_for_a_person());
        standing.status.clear();
        assert_eq!(standing.last_run(), None);
    }
}
