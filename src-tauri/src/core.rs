//! The application core, started beside the window so that the window never waits for it.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Value, json};
use tauri::{AppHandle, Emitter, Manager, async_runtime};
use tieout_api::Failure;
use tieout_api::app::{App, AppEvent, AppOptions, FailureView, Tag};
use tokio::sync::Mutex;
use zeroize::Zeroizing;

use crate::desktop::Screen;
use crate::{preferences, tray};

/// The one event channel to the web view.
pub const CHANNEL: &str = "tieout";
/// The folder in the user's data folder, shared with the command line.
const FOLDER: &str = "tieout";

/// The core, once it stands. A core that could not start is started again at the next command, so
/// that a person who made room on the disk can go on.
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
            None => handle.path().data_dir()?.join(FOLDER),
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

    /// Whether the window hides in the tray when it is closed.
    pub fn keeps_in_tray(&self) -> bool {
        let running = self.running.try_lock();
        running.is_ok_and(|running| running.as_ref().is_some_and(App::keeps_in_tray))
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
        let started = started.expect("starting ends in an app or in a failure");
        let app = started.map_err(|failure| refused(&failure))?;
        let handle = self.handle.clone();
        app.listen(Box::new(move |event| hear(&handle, &event)));
        *running = Some(app.clone());
        async_runtime::spawn(dress(self.handle.clone(), app.clone()));
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

/// A failure before there is a core that could tell it.
fn refused(failure: &Failure) -> FailureView {
    FailureView {
        code: failure.code.as_str(),
        title: failure.code.title().to_owned(),
        detail: failure.detail.clone(),
        next_step: failure.next_step().to_owned(),
        reference: failure.code.as_str().to_owned(),
    }
}

/// Passes an event of the core on to the page, and lets the frame follow it.
fn hear(handle: &AppHandle, event: &AppEvent) {
    if let Err(error) = handle.emit(CHANNEL, event) {
        tracing::warn!(%error, "an event did not reach the page");
    }
    let concerns_frame = match event {
        AppEvent::Changed { tags } => tags.iter().any(|tag| FRAME.contains(tag)),
        AppEvent::Ended { .. } => true,
        _ => false,
    };
    if concerns_frame {
        let core = handle.state::<Core>().inner().clone();
        async_runtime::spawn(async move {
            if let Ok(app) = core.app().await {
                dress(core.handle, app).await;
            }
        });
    }
}

/// What the frame shows besides the page.
const FRAME: [Tag; 3] = [Tag::App, Tag::Runs, Tag::Preferences];

/// Makes the frame and the tray as the core stands.
async fn dress(handle: AppHandle, app: App) {
    if let Ok(told) = app.call(preferences::COMMAND, json!({})).await {
        preferences::apply(&handle, told);
    }
    if let Ok(told) = app.call(tray::COMMAND, json!({})).await {
        tray::tell(&handle, told);
    }
}
