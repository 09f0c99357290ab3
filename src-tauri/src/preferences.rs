//! What a person chose that concerns the frame of the window and not its page.

use serde::Deserialize;
use serde_json::Value;
use tauri::{AppHandle, Theme};

use crate::window;

/// The command that tells them.
pub const COMMAND: &str = "preferences";

#[derive(Deserialize)]
struct Preferences {
    theme: String,
}

/// Makes the frame as it was chosen; the page does the same to itself.
pub fn apply(handle: &AppHandle, told: Value) {
    let theme = match serde_json::from_value::<Preferences>(told) {
        Ok(chosen) if chosen.theme == "light" => Some(Theme::Light),
        Ok(chosen) if chosen.theme == "dark" => Some(Theme::Dark),
        Ok(_) => None,
        Err(error) => {
            tracing::warn!(%error, "the preferences were not understood");
            return;
        }
    };
    if window::main(handle).is_some_and(|window| window.set_theme(theme).is_err()) {
        tracing::warn!("the frame did not take the theme");
    }
}
