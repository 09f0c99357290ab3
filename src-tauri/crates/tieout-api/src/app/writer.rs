//! The thread that writes: it owns the workspace with the only writing connection and takes one
//! thing after the other (`design §4 Runtime`).

use std::sync::Arc;
use std::time::Duration;

use tieout_engine::{Cancel, Event, Observer};
use tokio::runtime::Runtime;
use tokio::sync::mpsc;

use super::events::{Tag, progress_of};
use super::home::{Home, Open};
use super::reader::ReaderAsk;
use super::undo::Undo;
use super::{Call, FailureView, notices, screens, table};
use crate::beside::Beside;
use crate::codes::Code;
use crate::failure::Failure;
use crate::workspace::Workspace;

/// How often the thread looks whether a scheduled run is due. A computer that slept finds out
/// within this time.
const TICK: Duration = Duration::from_secs(20);

/// How often a workspace that is locked is tried again before it is opened for reading only: the
/// window that was closed a moment ago may still be letting it go.
const LOCK_TRIES_MAX: u32 = 10;
const LOCK_PAUSE: Duration = Duration::from_millis(100);

/// What the thread is told.
pub(crate) enum WriterAsk {
    Call(Call),
    /// A sign-in came to its end.
    SignedIn(Box<screens::connect::Finished>),
    /// A person chose an organisation, or will not any more.
    Chosen(Box<screens::connect_choice::Chosen>),
    Close,
}

pub(crate) struct Writer {
    pub home: Arc<Home>,
    /// Where what runs beside this thread tells its end. It does not keep the thread alive.
    pub asks: mpsc::WeakSender<WriterAsk>,
    reader: mpsc::Sender<ReaderAsk>,
    workspace: Option<Workspace>,
    pub undo: Undo,
    pub told: notices::Told,
}

/// A thread with a runtime of its own.
pub(super) fn thread(
    name: &str,
    work: impl FnOnce(Runtime) + Send + 'static,
) -> Result<(), Failure> {
    let started = std::thread::Builder::new().name(name.to_owned()).spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        match runtime {
            Ok(runtime) => work(runtime),
            Err(error) => tracing::error!(%error, "a thread has no runtime"),
        }
    });
    let cannot = |error| Failure::caused(Code::Unexpected, "a thread could not be started", error);
    started.map(drop).map_err(cannot)
}

/// Starts the thread.
pub(crate) fn spawn(
    home: Arc<Home>,
    (to_self, asks): (mpsc::WeakSender<WriterAsk>, mpsc::Receiver<WriterAsk>),
    reader: mpsc::Sender<ReaderAsk>,
) -> Result<(), Failure> {
    thread("writer", move |runtime| {
        runtime.block_on(async move {
            let mut writer = Writer {
                home,
                asks: to_self,
                reader,
                workspace: None,
                undo: Undo::default(),
                told: notices::Told::default(),
            };
            writer.open_last().await;
            writer.serve(asks).await;
        });
    })
}

impl Writer {
    async fn serve(&mut self, mut asks: mpsc::Receiver<WriterAsk>) {
        loop {
            match tokio::time::timeout(TICK, asks.recv()).await {
                Ok(None | Some(WriterAsk::Close)) => return,
                Ok(Some(WriterAsk::Call(call))) => self.answer(call).await,
                Ok(Some(WriterAsk::SignedIn(finished))) => {
                    screens::connect::finish(self, *finished).await;
                }
                Ok(Some(WriterAsk::Chosen(chosen))) => {
                    screens::connect_choice::chosen(self, *chosen).await;
                }
                Err(_) => screens::state::scheduled(self).await,
            }
        }
    }

    async fn answer(&mut self, call: Call) {
        let outcome = table::on_writer(self, call.name, call.params).await;
        let undoable = self.undo.last().is_some();
        self.home.stand(|standing| standing.undoable = undoable);
        self.home.changed(call.name.tags());
        // Whoever asked may be gone: a window that was closed.
        let _ = call.answer.send(outcome);
    }

    async fn open_last(&mut self) {
        let sample = self.home.showed_sample();
        if sample || self.home.has_workspace() {
            // Why it did not open is kept and shown.
            let _ = self.open(sample).await;
        }
        self.home.settle();
        self.home.changed(&[Tag::App]);
    }

    /// Opens the real workspace or the sample company; for reading where another instance writes.
    pub(crate) async fn open(&mut self, sample: bool) -> Result<(), Failure> {
        self.leave().await;
        let opening = self.home.opening(sample);
        let mut opened = Workspace::open(&opening).await;
        for _ in 0..LOCK_TRIES_MAX {
            if !opened.as_ref().is_err_and(Failure::is_locked) {
                break;
            }
            tokio::time::sleep(LOCK_PAUSE).await;
            opened = Workspace::open(&opening).await;
        }
        match opened {
            Ok(workspace) => self.take(workspace, sample).await,
            Err(failure) if failure.is_locked() => {
                let beside = Beside::found(&opening)?;
                self.show(beside, sample, true).await;
            }
            Err(failure) => {
                let told = FailureView::of(&failure, self.home.now());
                self.home.stand(|standing| standing.failure = Some(told));
                return Err(failure);
            }
        }
        Ok(())
    }

    /// Works with this workspace from here.
    pub(crate) async fn take(&mut self, mut workspace: Workspace, sample: bool) {
        workspace.engine.cancel = Cancel::default();
        let beside = workspace.beside();
        let traffic = workspace.traffic.clone();
        self.home.stand(|standing| standing.traffic = Some(traffic));
        self.workspace = Some(workspace);
        self.show(beside, sample, false).await;
    }

    async fn show(&mut self, beside: Beside, sample: bool, read_only: bool) {
        let clock = beside.clock();
        self.home.stand(|standing| {
            standing.open = if sample { Open::Sample } else { Open::Real };
            standing.read_only = read_only;
            standing.failure = None;
            standing.clock = Some(clock);
        });
        // A reader that is gone means that the application closes.
        let _ = self.reader.send(ReaderAsk::Open(Box::new(beside))).await;
    }

    /// The connections changed: the reader builds its own anew.
    pub(crate) async fn reopened(&mut self) {
        if let Some(workspace) = &self.workspace {
            let beside = workspace.beside();
            let _ = self.reader.send(ReaderAsk::Open(Box::new(beside))).await;
        }
    }

    /// Lets go of the workspace, its lock and what can be undone.
    pub(crate) async fn leave(&mut self) {
        self.workspace = None;
        self.undo = Undo::default();
        self.home.stand(|standing| {
            standing.open = Open::Nothing;
            standing.read_only = false;
            standing.traffic = None;
            standing.clock = None;
        });
        let _ = self.reader.send(ReaderAsk::Leave).await;
    }

    /// The workspace, to change something in it.
    ///
    /// # Errors
    /// `SecondInstance` where another instance writes, `NoWorkspace` where none is open.
    pub(crate) fn workspace(&mut self) -> Result<&mut Workspace, Failure> {
        let read_only = self.home.standing().read_only;
        self.workspace.as_mut().ok_or_else(|| match read_only {
            true => Failure::new(
                Code::SecondInstance,
                "this workspace is open in another window, so this one is read-only",
            ),
            false => Failure::new(Code::NoWorkspace, "no workspace is open"),
        })
    }

    /// Begins a task that can be cancelled and tells how far it is.
    pub(crate) fn begin(&mut self, task: &'static str) -> Result<(), Failure> {
        let home = self.home.clone();
        let cancel = Cancel::default();
        let workspace = self.workspace()?;
        workspace.engine.cancel = cancel.clone();
        workspace.engine.observer = Box::new(Told { home: home.clone(), task });
        home.stand(|standing| standing.cancel = Some(cancel));
        Ok(())
    }

    /// Ends a task, and keeps what its requests changed in the simulators of a sample company.
    pub(crate) fn end(&mut self, task: &'static str) -> Result<(), Failure> {
        self.home.ended(task);
        match &mut self.workspace {
            Some(workspace) => {
                workspace.engine.cancel = Cancel::default();
                workspace.save_sandbox()
            }
            None => Ok(()),
        }
    }
}

/// Tells the window how far the engine is.
pub(crate) struct Told {
    pub home: Arc<Home>,
    pub task: &'static str,
}

impl Observer for Told {
    fn on(&self, event: &Event) {
        if let Some(progress) = progress_of(self.task, event) {
            self.home.progress(progress);
        }
    }
}
