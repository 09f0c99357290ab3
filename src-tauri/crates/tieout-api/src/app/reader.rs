//! The thread that answers what only reads. It looks at the store through a connection of its own,
//! so a run never makes a person wait; what it computed is kept until something is committed.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use tieout_domain::books::reconciliation::Reconciliation;
use tieout_engine::LedgerView;
use tieout_report::Report;
use tieout_store::Sheet;
use tokio::sync::mpsc;

use super::home::{Home, Open};
use super::shapes::Scope;
use super::{Call, table};
use crate::beside::Beside;
use crate::codes::Code;
use crate::commands::{FrameOptions, frame, reading};
use crate::export::words::typeset;
use crate::export::{Evidence, evidence, report_of};
use crate::failure::Failure;
use crate::views::reading::ReadingView;
use crate::workspace::Workspace;

/// States of the books that are kept computed: the present one and what was looked back to.
const HELD_MAX: usize = 4;

/// What the thread is told.
pub(crate) enum ReaderAsk {
    Call(Call),
    /// Another workspace is open now.
    Open(Box<Beside>),
    /// None is.
    Leave,
    Close,
}

/// The books of one scope, reconciled.
pub(crate) struct Held {
    scope: Scope,
    commits: i64,
    today: jiff::civil::Date,
    pub view: LedgerView,
    pub reconciliation: Reconciliation,
    pub evidence: Evidence,
    pub reading: ReadingView,
    report: RefCell<Option<Rc<Report>>>,
    /// Grids that were asked for, by name.
    pub sheets: RefCell<BTreeMap<&'static str, Rc<Sheet>>>,
}

pub(crate) struct Reader {
    pub home: Arc<Home>,
    workspace: Option<Workspace>,
    held: Vec<Rc<Held>>,
}

impl Held {
    /// The books of a scope as they stand, reconciled.
    pub(crate) fn of(workspace: &Workspace, scope: &Scope) -> Result<Self, Failure> {
        computed(workspace, scope, workspace.engine.store.commits_seen()?, today(workspace))
    }
}

fn today(workspace: &Workspace) -> jiff::civil::Date {
    workspace.clock.now().to_zoned(jiff::tz::TimeZone::UTC).date()
}

/// Starts the thread.
pub(crate) fn spawn(home: Arc<Home>, asks: mpsc::Receiver<ReaderAsk>) -> Result<(), Failure> {
    super::writer::thread("reader", move |runtime| runtime.block_on(serve(home, asks)))
}

async fn serve(home: Arc<Home>, mut asks: mpsc::Receiver<ReaderAsk>) {
    let mut reader = Reader { home, workspace: None, held: Vec::new() };
    while let Some(ask) = asks.recv().await {
        match ask {
            ReaderAsk::Call(call) => {
                let outcome = table::on_reader(&mut reader, call.name, call.params).await;
                // Whoever asked may be gone: a window that was closed.
                let _ = call.answer.send(outcome);
            }
            ReaderAsk::Open(beside) => reader.open(*beside).await,
            ReaderAsk::Leave => reader.leave(),
            ReaderAsk::Close => return,
        }
    }
}

impl Reader {
    async fn open(&mut self, beside: Beside) {
        self.leave();
        match beside.open().await {
            Ok(workspace) => self.workspace = Some(workspace),
            Err(failure) => {
                let told = super::FailureView::of(&failure, self.home.now());
                self.home.stand(|standing| {
                    standing.open = Open::Nothing;
                    standing.failure = Some(told);
                });
            }
        }
    }

    /// The workpaper of these books, made when it is first asked for.
    pub(crate) fn report(&self, held: &Held) -> Result<Rc<Report>, Failure> {
        if let Some(report) = held.report.borrow().clone() {
            return Ok(report);
        }
        let (report, _) = report_of(self.workspace()?, &held.view, &held.reconciliation)?;
        let report = Rc::new(report);
        *held.report.borrow_mut() = Some(report.clone());
        Ok(report)
    }

    fn leave(&mut self) {
        self.held.clear();
        self.workspace = None;
    }

    /// The open workspace.
    ///
    /// # Errors
    /// `NoWorkspace` where none is open.
    pub(crate) fn workspace(&self) -> Result<&Workspace, Failure> {
        self.workspace
            .as_ref()
            .ok_or_else(|| Failure::new(Code::NoWorkspace, "no workspace is open"))
    }

    pub(crate) fn opened(&self) -> Option<&Workspace> {
        self.workspace.as_ref()
    }

    /// The books of a scope, reconciled; computed anew only where something was committed.
    pub(crate) fn look(&mut self, scope: &Scope) -> Result<Rc<Held>, Failure> {
        let workspace = self.workspace()?;
        let commits = workspace.engine.store.commits_seen()?;
        let today = today(workspace);
        // The only company may be asked for with or without its name: its books are held once.
        let ledger = workspace.ledger_named(scope.ledger.as_deref())?;
        let scope = &Scope { ledger: Some(ledger.to_string()), ..scope.clone() };
        let fresh = |held: &Rc<Held>| held.commits == commits && held.today == today;
        // What is out of date goes before the new is computed: two of them take twice the memory.
        self.held.retain(fresh);
        if let Some(held) = self.held.iter().find(|held| held.scope == *scope) {
            return Ok(held.clone());
        }
        self.held.truncate(HELD_MAX - 1);
        let held = Rc::new(computed(self.workspace()?, scope, commits, today)?);
        self.held.insert(0, held.clone());
        Ok(held)
    }
}

fn computed(
    workspace: &Workspace,
    scope: &Scope,
    commits: i64,
    today: jiff::civil::Date,
) -> Result<Held, Failure> {
    let view = frame::view(workspace, &FrameOptions::from(scope))?;
    let reconciliation = view.reconcile()?;
    let evidence = evidence(workspace, &view, &reconciliation)?;
    let mut reading = reading(workspace, &view)?;
    for gap in &mut reading.gaps {
        (gap.what, gap.remedy) = (typeset(&gap.what), typeset(&gap.remedy));
    }
    Ok(Held {
        scope: scope.clone(),
        commits,
        today,
        view,
        reconciliation,
        evidence,
        reading,
        report: RefCell::default(),
        sheets: RefCell::default(),
    })
}
