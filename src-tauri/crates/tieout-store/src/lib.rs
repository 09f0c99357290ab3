//! The store of one workspace: an encrypted SQLite file with every version of every record that a
//! connected system told, the marks of the feeds, promised effects, decisions, and the audit chain.
//!
//! One `Store` opened for writing belongs to the engine; others read the same file beside it. Every
//! write method is one `BEGIN IMMEDIATE` transaction, so a crash leaves all of it or nothing. Time
//! comes in through parameters; instants are kept with a precision of one microsecond.

mod audit;
mod backup;
mod cell;
mod clock;
mod connections;
mod cursors;
mod decisions;
mod effects;
mod error;
mod facts;
mod key;
mod lock;
mod migrations;
mod quarantine;
mod runs;
mod sealed;
mod sheet;
mod store;
mod totals;
mod words;
mod workpapers;

#[cfg(test)]
mod tests;

pub use audit::{AuditEntry, AuditVerdict};
pub use connections::{ConnectionRecord, Role};
pub use cursors::{Cursor, CursorProgress, PendingRead};
pub use decisions::{
    AgingBasis, AssignmentRule, CreditPolicy, DealAssignment, DealDocumentLink, Decided, Exclusion,
    IdentityLink, ItemMapping, LedgerLimits, LimitPolicy, LinkVerdict, ReasonItem, ReasonStanding,
};
pub use effects::{
    Effect, EffectBatch, EffectEvent, EffectFilter, EffectKind, EffectMove, Intended,
};
pub use error::{BoxError, StoreError};
pub use facts::{Change, FactVersion, RecordOutcome, RecordedPage};
pub use key::DatabaseKey;
pub use lock::{LOCK_FILE, WorkspaceLock};
pub use quarantine::QuarantineRow;
pub use runs::{Completeness, RunEnd, RunRecord, RunRow};
pub use sheet::{
    Comparison, Condition, CurrencySum, GroupCount, PAGE_ROWS_MAX, Sheet, SheetColumn, SheetKind,
    SheetPage, SheetQuery, SheetRow, SheetValue,
};
pub use store::Store;
pub use totals::TotalRow;
pub use workpapers::{WorkpaperMove, WorkpaperRecord, WorkpaperState};
