//! Facts: every version of every record, appended and never changed.

mod changes;
mod crm;
mod form;
mod ledger;
mod read;
mod record;
mod version;

pub use changes::Change;
pub use read::FactVersion;
pub use record::{RecordOutcome, RecordedPage};

pub(crate) use record::record_one;

#[cfg(test)]
pub(crate) use form::layout;
