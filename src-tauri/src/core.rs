//! The application core, started beside the window so that the window never waits for it.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value;
use tauri::{AppHandle, Emitter, Manager, async_runtime};
use tokio::sync::Mutex;
use zeroize::Zeroizing;

use crate::app_stub::{App, AppEvent, AppOptions, FailureView};
use crate::desktop::Screen;
use crate::tray;

/// The one event channel to the web view.
pub const CHANNEL: &str = "tieout";

/// The core, once it stands. A core that could not start is started again at the next command, so
/// that the person can unlock a keyring or close another window and go on.
#[derive(Clone)]
pub struct Core {
    handle: AppHandle,
    home: PathBuf,
    running: Arc<Mutex<Option<App>>>,
}

impl Core {
    /// Begins to start the core and returns at once.
    pub fn start(handle: &AppHandle) -> tauri::Result<Self> {
        let home = match std::env::var_os("TIEOUT_HOME") {
            Some(home) => PathBuf::from(home),
            None => handle.path().app_data_dir()?,
        };
        let core = Self { handle: handle.clone(), home, running: Arc::default() };
        let starting = core.clone();
        async_runtime::spawn(async move {
            if let Err(failure) = starting.app().await {
                // The page asks for the same and shows what failed.
                tracing::warn!(code = %failure.code, "the core did not start");
            }
        });
        Ok(core)
    }

    /// Asks the core; waits for it to stand.
    pub async fn call(&self, name: &str, params: Value) -> Result<Value, FailureView> {
        self.app().await?.call(name, params).await
    }

    /// Ends what runs at its next safe point.
    pub fn close(&self) {
        if let Some(app) = async_runtime::block_on(self.running.lock()).as_ref() {
            app.close();
        }
    }

    async fn app(&self) -> Result<App, FailureView> {
        let mut running = self.running.lock().await;
        if let Some(app) = running.as_ref() {
            return Ok(app.clone());
        }
        let options = self.options();
        let started = async_runtime::spawn_blocking(move || App::start(options)).await;
        let app = started.expect("starting ends in an app or a failure")?;
        let handle = self.handle.clone();
        app.listen(Box::new(move |event| say(&handle, &event)));
        *running = Some(app.clone());
        Ok(app)
    }

    fn options(&self) -> AppOptions {
        let passphrase = std::env::var("TIEOUT_PASSPHRASE").ok().filter(|text| !text.is_empty());
        AppOptions {
            home: self.home.clone(),
            passphrase: passphrase.map(Zeroizing::new),
            desktop: Arc::new(Screen::new(&self.handle)),
            version: self.handle.package_info().version.to_string(),
        }
    }
}

/// Passes an event of the core on to the web view.
fn say(handle: &AppHandle, event: &AppEvent) {
    if let Err(error) = handle.emit(CHANNEL, event) {
        tracing::warn!(%error, "an event did not reach the web view");
    }
    tray::heard(handle, event);
}
