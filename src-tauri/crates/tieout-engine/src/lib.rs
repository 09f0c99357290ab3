//! Runs, effects, resync and write-back. The engine knows ports, never brands.

mod books;
mod capabilities;
mod compare;
mod create;
mod customers;
mod decisions;
mod drive;
mod engine;
mod error;
mod payload;
mod progress;
mod read;
mod resync;
mod run;
mod write_back;
mod write_effects;

pub use books::{KnownAt, LedgerView};
pub use compare::{Compared, measure_word};
pub use create::{CreateReport, CreateRequest, Outcome, Planned};
pub use engine::{CrmConnection, Engine, LedgerConnection, RunIds};
pub use error::EngineError;
pub use progress::{Cancel, CrashPoints, Event, Immortal, Observer, Silent};
pub use resync::ResyncReport;
pub use run::{BalanceLine, FeedCount, Gap, Problem, RunReport, SyncRequest};
pub use write_back::WriteBackReport;
