//! Strict reading of wire records: every value with its path, every number from its own text, every
//! record that cannot be read kept whole (`finance-domain §2 M1, M3`).

mod page;
mod record;
mod text;

pub use page::{Envelope, fact_or_quarantined, quarantined, read_records};
pub use record::Record;
pub use text::{LINES_CHARS_MAX, TEXT_CHARS_MAX, excerpt, plain_word, said};

use tieout_domain::facts::QuarantineReason;

/// Why one record could not become a fact. `Display` shows the place and the reason, not the value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unreadable at {path}: {}", .reason.as_str())]
pub struct ReadError {
    /// Where in the record: `Line[2].Amount`.
    pub path: String,
    /// The class, as it is counted and shown.
    pub reason: QuarantineReason,
    /// At most 80 characters of the value, without control characters. Customer data.
    pub excerpt: String,
}

/// Shorthand of the readers.
pub type Reading<T> = Result<T, ReadError>;
