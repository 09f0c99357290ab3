//! The window of Tieout: native frame, menus, tray and dialogs around the application core.
//!
//! A library, so that the desktop tests can build the program with their own profile and features
//! and never run a stale one.

mod again;
mod commands;
mod core;
mod desktop;
mod editing;
mod menu;
mod preferences;
mod tray;
mod window;

use std::process::ExitCode;

use tauri::{Manager, RunEvent};
use tauri_plugin_autostart::MacosLauncher;
use tauri_plugin_window_state::StateFlags;
use tracing_subscriber::EnvFilter;

use crate::core::Core;

/// Opens the window and stays until it is closed.
pub fn main() -> ExitCode {
    start_log();
    let app = tauri::Builder::default()
        .plugin(tauri_plugin_single_instance::init(|handle, _, _| window::focus(handle)))
        .plugin(tauri_plugin_autostart::init(MacosLauncher::LaunchAgent, None))
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_notification::init())
        .plugin(tauri_plugin_opener::Builder::new().open_js_links_on_click(false).build())
        .plugin(
            // The window shows itself when its page is there, so its visibility is not remembered.
            tauri_plugin_window_state::Builder::new()
                .with_state_flags(StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED)
                .build(),
        )
        .invoke_handler(commands::handler())
        .setup(|app| {
            let handle = app.handle();
            app.manage(Core::start(handle)?);
            window::open(handle)?;
            tray::show(handle);
            desktop::follow_clicks(handle);
            Ok(())
        })
        .on_menu_event(|handle, event| menu::chosen(handle, event.id().as_ref()))
        .build(tauri::generate_context!());
    match app {
        Ok(app) => {
            app.run(|handle, event| {
                if matches!(event, RunEvent::Exit) {
                    handle.state::<Core>().close();
                }
            });
            ExitCode::SUCCESS
        }
        Err(error) => match again::after(&error) {
            Ok(()) => ExitCode::SUCCESS,
            Err(never_started) => {
                eprintln!("error: the window could not be opened: {error}{never_started}");
                ExitCode::FAILURE
            }
        },
    }
}

/// Logs go to standard error. They hold classes, counts and ids, never tokens or names.
fn start_log() {
    let filter = EnvFilter::try_from_env("TIEOUT_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .init();
}
