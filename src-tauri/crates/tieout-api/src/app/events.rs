//! What the application tells the window without being asked.

use std::sync::Mutex;

use serde::Serialize;
use tieout_domain::facts::Stream;
use tieout_engine::Event;
use ts_rs::TS;

/// What a reply rests on. A change of a tag makes every reply that reads it stale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Tag {
    App,
    Figures,
    Decisions,
    Effects,
    Runs,
    Connections,
    Connect,
    Settings,
    Preferences,
}

/// How far a task is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ProgressView {
    pub task: &'static str,
    pub stage: &'static str,
    /// "Reading invoices from quickbooks".
    pub sentence: String,
    pub done: Option<u64>,
    pub of: Option<u64>,
}

/// One thing that the window is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AppEvent {
    /// Replies that read one of these are stale.
    Changed {
        tags: Vec<Tag>,
    },
    Progress {
        progress: ProgressView,
    },
    /// A task came to its end, whatever the end.
    Ended {
        task: &'static str,
    },
    /// A menu of the system or the tray asked for a command of the window's registry.
    Command {
        id: String,
    },
}

type Listener = Box<dyn Fn(AppEvent) + Send + Sync>;

/// Everybody who listens.
#[derive(Default)]
pub(crate) struct Events {
    listeners: Mutex<Vec<Listener>>,
}

impl Events {
    pub(crate) fn add(&self, listener: Listener) {
        self.listeners.lock().expect("no listener panics").push(listener);
    }

    pub(crate) fn tell(&self, event: &AppEvent) {
        for listener in self.listeners.lock().expect("no listener panics").iter() {
            listener(event.clone());
        }
    }
}

/// An engine's event as progress of a task. `None`: the task's own end tells it.
pub(crate) fn progress_of(task: &'static str, event: &Event) -> Option<ProgressView> {
    let told = |stage, sentence: String, done: Option<u64>, of: Option<u64>| {
        Some(ProgressView { task, stage, sentence, done, of })
    };
    match event {
        Event::RunStarted { .. } => told("start", "Beginning".to_owned(), None, None),
        Event::Connecting { connection } => {
            told("start", format!("Asking {connection} what it allows"), None, None)
        }
        Event::Reading { connection, stream, done, total, .. } => {
            let records = records_of(*stream);
            told("read", format!("Reading {records} from {connection}"), Some(*done), *total)
        }
        Event::Comparing { connection } => {
            told("compare", format!("Comparing totals with {connection}"), None, None)
        }
        Event::Creating { done, total } => {
            told("create", "Creating invoices".to_owned(), Some(*done), Some(*total))
        }
        Event::WritingBack { done, total } => {
            told("write_back", "Writing to Salesforce".to_owned(), Some(*done), Some(*total))
        }
        Event::RunEnded { .. } => None,
    }
}

pub(crate) const fn records_of(stream: Stream) -> &'static str {
    match stream {
        Stream::Users => "users",
        Stream::Accounts => "accounts",
        Stream::Products => "products",
        Stream::Deals => "opportunities",
        Stream::DealLines => "opportunity lines",
        Stream::ScheduleLines => "schedules",
        Stream::DealEvents => "stage changes",
        Stream::Customers => "customers",
        Stream::Items => "items",
        Stream::Invoices => "invoices",
        Stream::CreditMemos => "credit memos",
        Stream::CashSales => "sales receipts",
        Stream::Receipts => "payments",
        Stream::Refunds => "refunds",
        Stream::Journals => "journal entries",
    }
}
