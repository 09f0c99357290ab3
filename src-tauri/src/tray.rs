//! The tray: when everything was last read, and the few things that need no window.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tauri::image::Image;
use tauri::menu::{MenuBuilder, MenuItem, MenuItemBuilder};
use tauri::tray::TrayIconBuilder;
use tauri::{AppHandle, Manager, Wry, include_image};

use crate::app_stub::AppEvent;

const ID: &str = "tieout";
const PLAIN: Image<'_> = include_image!("../icons/tray.png");
const WAITING: Image<'_> = include_image!("../icons/tray-waiting.png");

/// The line that tells when everything was last read.
struct LastRun(MenuItem<Wry>);

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
    let last = MenuItemBuilder::new("No complete run yet").enabled(false).build(handle)?;
    let menu = MenuBuilder::new(handle)
        .item(&last)
        .separator()
        .text("run.now", "Run now")
        .text("view.hide_amounts", "Hide amounts")
        .separator()
        .text("shell:open", "Open Tieout")
        .text("shell:quit", "Quit Tieout")
        .build()?;
    TrayIconBuilder::with_id(ID).icon(PLAIN).icon_as_template(false).menu(&menu).build(handle)?;
    handle.manage(LastRun(last));
    Ok(())
}

/// After a run the line tells when it was.
pub fn heard(_handle: &AppHandle, _event: &AppEvent) {}
