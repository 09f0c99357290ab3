//! The application behind the window: one thread writes, one reads, and every command of the window
//! goes through one table (`design §4 Runtime`).
//!
//! The shell knows `App` and nothing else. It gives a `Desktop` (dialogs, browser, notifications),
//! hands every command on by name, and shows the events.

mod events;
mod failed;
mod grid;
mod home;
mod layout;
mod notices;
mod preferences;
mod reader;
mod screens;
mod shapes;
mod table;
mod typescript;
mod undo;
mod writer;

#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value;
use tokio::sync::{mpsc, oneshot};
use zeroize::Zeroizing;

pub use events::{AppEvent, ProgressView, Tag};
pub use failed::FailureView;
pub use table::{COMMANDS, CommandName};
pub use typescript::{GENERATED_FILES, generate};

use self::home::Home;
use self::reader::ReaderAsk;
use self::table::Place;
use self::writer::WriterAsk;
use crate::codes::Code;
use crate::failure::Failure;

/// Commands that may wait for a thread.
const WAITING_MAX: usize = 256;

/// What kind of file a person is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    Pdf,
    Xlsx,
    /// A folder of CSV files, or one CSV file of a grid.
    Csv,
}

/// What the application asks of the window system.
pub trait Desktop: Send + Sync {
    /// The native save dialog. Blocks; `None`: the person closed it.
    fn choose_file(&self, suggested: &str, kind: FileKind) -> Option<PathBuf>;
    /// The native dialog that opens a file. Blocks; `None`: the person closed it.
    fn choose_existing(&self, title: &str) -> Option<PathBuf>;
    /// Opens an http or https address in the system's browser.
    fn open_address(&self, address: &str);
    /// A notification of the system, without amounts. Where the system tells of a click on it, the
    /// window comes to the front and does the command `opens` of the page.
    fn notify(&self, title: &str, body: &str, opens: Option<&str>);
    /// Starts with the session, or no more.
    fn start_with_session(&self, on: bool);
}

/// Where the application lives and whom it asks.
pub struct AppOptions {
    /// The folder of the workspace; the sample company and the preferences lie beside its store.
    pub home: PathBuf,
    /// From `TIEOUT_PASSPHRASE`; otherwise the keyring holds the keys.
    pub passphrase: Option<Zeroizing<String>>,
    pub desktop: Arc<dyn Desktop>,
    pub version: String,
}

/// A command on its way to a thread, and where its answer goes.
pub(crate) struct Call {
    pub name: CommandName,
    pub params: Value,
    pub answer: oneshot::Sender<Result<Value, Failure>>,
}

/// The running application. Clones are the same one.
#[derive(Clone)]
pub struct App {
    home: Arc<Home>,
    writer: mpsc::Sender<WriterAsk>,
    reader: mpsc::Sender<ReaderAsk>,
}

impl App {
    /// Starts both threads and opens the workspace that was open last. Whether it opened is told by
    /// `app_state`, not here: a window can always be shown.
    ///
    /// # Errors
    /// `CannotWrite` where the home folder cannot be made; `Unexpected` where no thread starts.
    pub fn start(options: AppOptions) -> Result<Self, Failure> {
        let (writer, writes) = mpsc::channel(WAITING_MAX);
        let (reader, reads) = mpsc::channel(WAITING_MAX);
        let home = Arc::new(Home::new(options)?);
        reader::spawn(home.clone(), reads)?;
        writer::spawn(home.clone(), (writer.downgrade(), writes), reader.clone())?;
        Ok(Self { home, writer, reader })
    }

    /// Does what a command asks. Never blocks the caller's thread.
    ///
    /// # Errors
    /// What a person is told; nothing else comes back.
    pub async fn call(&self, name: &str, params: Value) -> Result<Value, FailureView> {
        let outcome = self.dispatch(name, params).await;
        outcome.map_err(|failure| {
            tracing::info!(command = name, code = failure.code.as_str(), "refused");
            FailureView::of(&failure, self.home.now())
        })
    }

    async fn dispatch(&self, name: &str, params: Value) -> Result<Value, Failure> {
        let Some(name) = CommandName::parse(name) else {
            return Err(Failure::new(Code::Usage, "the window asked for an unknown command"));
        };
        let (answer, answered) = oneshot::channel();
        let call = Call { name, params, answer };
        match name.place() {
            Place::Here => return table::on_home(&self.home, call.name, call.params).await,
            Place::Reader => {
                self.home.settled().await;
                self.reader.send(ReaderAsk::Call(call)).await.map_err(|_| gone())?;
            }
            Place::Writer => self.writer.send(WriterAsk::Call(call)).await.map_err(|_| gone())?,
        }
        answered.await.map_err(|_| gone())?
    }

    /// Tells this listener of every event from now on. It must return at once.
    pub fn listen(&self, listener: Box<dyn Fn(AppEvent) + Send + Sync>) {
        self.home.events.add(listener);
    }

    /// Whether the person wants the window's program to stay when the window is closed.
    pub fn keeps_in_tray(&self) -> bool {
        self.home.preferences().keep_in_tray
    }

    /// Ends a run at its next safe point, and both threads after it.
    pub fn close(&self) {
        self.home.cancel();
        // A thread that is gone already needs no word.
        let _ = self.writer.try_send(WriterAsk::Close);
        let _ = self.reader.try_send(ReaderAsk::Close);
    }
}

fn gone() -> Failure {
    Failure::new(Code::Interrupted, "the application is closing")
}
