//! The one window: how it opens, what its web view may reach, how it comes to the front.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tauri::webview::{NewWindowResponse, PageLoadEvent, PermissionResponse, WebviewWindowBuilder};
use tauri::{AppHandle, Manager, Url, WebviewWindow, WindowEvent};
use tieout_api::app::Desktop;

use crate::core::Core;
use crate::desktop::Screen;
use crate::menu;

pub const MAIN: &str = "main";
/// The origin of our own page: a scheme of its own, on Windows a host of its own.
const SCHEME: &str = "tauri";
const HOST: &str = "tauri.localhost";

/// Steps of zoom; the middle ones are the usual ones of browsers.
static ZOOM: AtomicUsize = AtomicUsize::new(ZOOM_NORMAL);
const ZOOM_NORMAL: usize = 2;
const ZOOM_MAX: usize = 7;

/// Opens the window; it shows itself when its page is there, so nothing flashes.
pub fn open(handle: &AppHandle) -> tauri::Result<()> {
    let config = handle
        .config()
        .app
        .windows
        .iter()
        .find(|config| config.label == MAIN)
        .expect("tauri.conf.json describes the window");
    let window = WebviewWindowBuilder::from_config(handle, config)?
        .menu(menu::bar(handle)?)
        .on_navigation(is_ours)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, _| false)
        .on_permission_request(|_, _| PermissionResponse::Deny)
        .on_document_title_changed(|window, title| {
            if window.set_title(&title).is_err() {
                tracing::warn!("the window did not take its title");
            }
        })
        .on_page_load(|window, load| {
            if load.event() == PageLoadEvent::Finished && window.show().is_err() {
                tracing::warn!("the window could not be shown");
            }
        })
        .build()?;
    let closing = handle.clone();
    window.on_window_event(move |event| {
        if let WindowEvent::CloseRequested { api, .. } = event
            && closing.state::<Core>().keeps_in_tray()
            && hide(&closing)
        {
            api.prevent_close();
        }
    });
    Ok(())
}

/// Leaves the tray alone on the desktop and says so the first time.
fn hide(handle: &AppHandle) -> bool {
    static SAID: AtomicBool = AtomicBool::new(false);
    let hidden = main(handle).is_some_and(|window| window.hide().is_ok());
    if hidden && !SAID.swap(true, Ordering::Relaxed) {
        let screen = Screen::new(handle);
        screen.notify("Tieout is still running", "Open it or quit it from the tray.", None);
    }
    hidden
}

/// The web view stays on our page: whatever else is opened, the system's browser opens.
fn is_ours(address: &Url) -> bool {
    address.scheme() == SCHEME || address.host_str() == Some(HOST)
}

pub fn main(handle: &AppHandle) -> Option<WebviewWindow> {
    handle.get_webview_window(MAIN)
}

/// Brings the window to the front, wherever it was.
pub fn focus(handle: &AppHandle) {
    let Some(window) = main(handle) else {
        return;
    };
    let steps = [window.unminimize(), window.show(), window.set_focus()];
    if let Some(error) = steps.into_iter().find_map(Result::err) {
        tracing::warn!(%error, "the window did not come to the front");
    }
}

/// One step nearer or farther, or back to the middle.
pub fn zoom(handle: &AppHandle, change: isize) {
    let before = ZOOM.load(Ordering::Relaxed);
    let step = match change {
        0 => ZOOM_NORMAL,
        _ => before.saturating_add_signed(change).min(ZOOM_MAX),
    };
    ZOOM.store(step, Ordering::Relaxed);
    let factor = match step {
        0 => 0.8,
        1 => 0.9,
        ZOOM_NORMAL => 1.0,
        3 => 1.1,
        4 => 1.25,
        5 => 1.5,
        6 => 1.75,
        _ => 2.0,
    };
    if main(handle).is_some_and(|window| window.set_zoom(factor).is_err()) {
        tracing::warn!("the web view did not take the zoom");
    }
}

/// Closes, minimises or fills the screen.
pub fn change(handle: &AppHandle, what: &str) {
    let Some(window) = main(handle) else {
        return;
    };
    let changed = match what {
        "close" => window.close(),
        "minimise" => window.minimize(),
        "fullscreen" => window.is_fullscreen().and_then(|it| window.set_fullscreen(!it)),
        _ => unreachable!("the menu has no item `{what}`"),
    };
    if let Err(error) = changed {
        tracing::warn!(%error, what, "the window did not change");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_page_is_navigated_to() {
        let ours = |address: &str| is_ours(&address.parse().unwrap());
        assert!(ours("tauri://localhost/index.html#/deals"));
        assert!(ours("http://tauri.localhost/"));
        for other in ["https://login.salesforce.com/", "file:///etc/passwd", "data:text/html,x"] {
            assert!(!ours(other), "{other}");
        }
    }
}
