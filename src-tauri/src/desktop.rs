//! What the core asks of the window system.

use std::path::PathBuf;

use tauri::AppHandle;
use tauri_plugin_autostart::ManagerExt;
use tauri_plugin_dialog::DialogExt;
use tauri_plugin_notification::NotificationExt;
use tauri_plugin_opener::OpenerExt;
use tieout_api::app::{Desktop, FileKind};

use crate::{menu, window};

/// Under this name a notification holds the command of the page that a click on it asks for.
const OPENS: &str = "opens";

/// The suggested name of one file; any other name is of a folder.
const CSV: &str = ".csv";

pub struct Screen {
    handle: AppHandle,
}

impl Screen {
    pub fn new(handle: &AppHandle) -> Self {
        Self { handle: handle.clone() }
    }
}

impl Desktop for Screen {
    fn choose_file(&self, suggested: &str, kind: FileKind) -> Option<PathBuf> {
        #[cfg(debug_assertions)]
        if let Some(folder) = std::env::var_os("TIEOUT_TEST_SAVE_FOLDER") {
            return Some(PathBuf::from(folder).join(suggested));
        }
        let mut dialog = self.handle.dialog().file();
        if let Some(window) = window::main(&self.handle) {
            dialog = dialog.set_parent(&window);
        }
        match kind {
            FileKind::Pdf => save(dialog, suggested, "PDF", "pdf"),
            FileKind::Xlsx => save(dialog, suggested, "Excel workbook", "xlsx"),
            FileKind::Csv if suggested.ends_with(CSV) => save(dialog, suggested, "CSV", "csv"),
            FileKind::Csv => {
                let dialog = dialog.set_title("Choose where the folder of CSV files goes");
                let folder = dialog.blocking_pick_folder()?;
                Some(folder.into_path().ok()?.join(suggested))
            }
        }
    }

    fn choose_existing(&self, title: &str) -> Option<PathBuf> {
        #[cfg(debug_assertions)]
        if let Some(file) = std::env::var_os("TIEOUT_TEST_OPEN_FILE") {
            return Some(PathBuf::from(file));
        }
        let mut dialog = self.handle.dialog().file().set_title(title);
        if let Some(window) = window::main(&self.handle) {
            dialog = dialog.set_parent(&window);
        }
        dialog.blocking_pick_file()?.into_path().ok()
    }

    fn open_address(&self, address: &str) {
        if !address.starts_with("https://") && !address.starts_with("http://") {
            tracing::warn!("an address that is not of the web was not opened");
            return;
        }
        #[cfg(debug_assertions)]
        if let Some(file) = std::env::var_os("TIEOUT_TEST_ADDRESS_FILE") {
            std::fs::write(file, address).expect("the test's own file can be written");
            return;
        }
        if let Err(error) = self.handle.opener().open_url(address, None::<&str>) {
            tracing::warn!(%error, "the browser did not open");
        }
    }

    fn notify(&self, title: &str, body: &str, opens: Option<&str>) {
        let notification = self.handle.notification().builder().title(title).body(body);
        let notification = match opens {
            Some(command) => notification.extra(OPENS, command),
            None => notification,
        };
        if let Err(error) = notification.show() {
            tracing::warn!(%error, "the notification was not shown");
        }
    }

    fn start_with_session(&self, on: bool) {
        let autostart = self.handle.autolaunch();
        if autostart.is_enabled().is_ok_and(|now| now == on) {
            return;
        }
        let changed = if on { autostart.enable() } else { autostart.disable() };
        if let Err(error) = changed {
            tracing::warn!(%error, on, "the start with the session was not changed");
        }
    }
}

/// From now on a click on a notification brings the window to its place. Systems that do not tell
/// of clicks leave it where it is.
pub fn follow_clicks(handle: &AppHandle) {
    let clicked = handle.clone();
    let followed = handle.notification().on_action(move |action| {
        window::focus(&clicked);
        let extra = action.notification().map(|notification| notification.extra());
        if let Some(command) = extra.and_then(|extra| extra.get(OPENS)?.as_str()) {
            menu::ask_page(&clicked, command);
        }
    });
    if let Err(error) = followed {
        tracing::warn!(%error, "clicks on notifications are not followed");
    }
}

fn save(
    dialog: tauri_plugin_dialog::FileDialogBuilder<tauri::Wry>,
    suggested: &str,
    name: &str,
    extension: &str,
) -> Option<PathBuf> {
    let dialog = dialog.set_file_name(suggested).add_filter(name, &[extension]);
    dialog.blocking_save_file()?.into_path().ok()
}
