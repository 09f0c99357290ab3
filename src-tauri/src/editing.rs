//! Cut, copy, paste and select all, as menu items.

use tauri::menu::IsMenuItem;
use tauri::{AppHandle, Wry};

#[derive(Clone, Copy)]
pub enum Editing {
    Cut,
    Copy,
    Paste,
    SelectAll,
}

/// Where the system knows the item itself, it is the system's.
#[cfg(not(target_os = "linux"))]
pub fn item(handle: &AppHandle, editing: Editing) -> tauri::Result<Box<dyn IsMenuItem<Wry>>> {
    use tauri::menu::PredefinedMenuItem;

    let item = match editing {
        Editing::Cut => PredefinedMenuItem::cut(handle, None),
        Editing::Copy => PredefinedMenuItem::copy(handle, None),
        Editing::Paste => PredefinedMenuItem::paste(handle, None),
        Editing::SelectAll => PredefinedMenuItem::select_all(handle, None),
    };
    Ok(Box::new(item?))
}

/// GTK has no such item that works; WebKit takes the command by name. The keys are WebKit's own.
#[cfg(target_os = "linux")]
pub fn item(handle: &AppHandle, editing: Editing) -> tauri::Result<Box<dyn IsMenuItem<Wry>>> {
    use tauri::menu::MenuItemBuilder;

    let (name, label) = match editing {
        Editing::Cut => ("Cut", "Cut"),
        Editing::Copy => ("Copy", "Copy"),
        Editing::Paste => ("Paste", "Paste"),
        Editing::SelectAll => ("SelectAll", "Select all"),
    };
    let item = MenuItemBuilder::with_id(format!("{PREFIX}{name}"), label).build(handle)?;
    Ok(Box::new(item))
}

#[cfg(target_os = "linux")]
const PREFIX: &str = "edit:";

/// Whether the chosen item was one of these; then it is done.
#[cfg(target_os = "linux")]
pub fn done(handle: &AppHandle, id: &str) -> bool {
    use webkit2gtk::WebViewExt;

    let Some(command) = id.strip_prefix(PREFIX).map(str::to_owned) else {
        return false;
    };
    let window = crate::window::main(handle);
    let passed = window
        .map(|it| it.with_webview(move |view| view.inner().execute_editing_command(&command)));
    if let Some(Err(error)) = passed {
        tracing::warn!(%error, "the web view did not take the command");
    }
    true
}

#[cfg(not(target_os = "linux"))]
pub fn done(_: &AppHandle, _: &str) -> bool {
    false
}
