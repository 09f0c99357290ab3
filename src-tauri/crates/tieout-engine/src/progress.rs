//! What a run tells while it works, how it is cancelled, and where it may die.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tieout_domain::facts::Stream;
use tieout_domain::ids::{ConnectionId, RunId};

use crate::error::EngineError;

/// One thing that happened in a run, for a progress bar and a log. Holds no customer data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    RunStarted {
        run: RunId,
    },
    Connecting {
        connection: ConnectionId,
    },
    Reading {
        connection: ConnectionId,
        stream: Stream,
        done: u64,
        total: Option<u64>,
        remaining_secs: Option<u64>,
    },
    Comparing {
        connection: ConnectionId,
    },
    Creating {
        done: u64,
        total: u64,
    },
    WritingBack {
        done: u64,
        total: u64,
    },
    RunEnded {
        run: RunId,
        complete: bool,
    },
}

/// Receives events. Implementations return at once.
pub trait Observer {
    fn on(&self, event: &Event);
}

/// An observer that ignores everything.
pub struct Silent;

impl Observer for Silent {
    fn on(&self, _: &Event) {}
}

/// Cancels a run between two pages or two effects. Clones share one flag.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    pub fn request(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub fn requested(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Places where the process may die. Tests count and visit them all; in production they pass.
pub trait CrashPoints {
    fn pass(&self, name: &'static str) -> Result<(), EngineError>;
}

/// Never dies.
pub struct Immortal;

impl CrashPoints for Immortal {
    fn pass(&self, _: &'static str) -> Result<(), EngineError> {
        Ok(())
    }
}
