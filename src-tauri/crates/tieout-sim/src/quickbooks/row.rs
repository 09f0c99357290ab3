//! Stored rows and their ids.

use std::cmp::Ordering;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The members of one object.
pub type Body = Map<String, Value>;

/// An id as the wire writes it. Ordered as numbers: a shorter run of digits comes first.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RowId(String);

impl RowId {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Ord for RowId {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.len().cmp(&other.0.len()).then_with(|| self.0.cmp(&other.0))
    }
}

impl PartialOrd for RowId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// One object as stored. `Id`, `SyncToken`, `MetaData`, `domain` and `sparse` are not in `body`:
/// they are added when the row is shown.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Row {
    pub token: u64,
    pub created: Timestamp,
    pub updated: Timestamp,
    /// The highest line id ever given out in this document.
    pub lines_used: u64,
    pub body: Body,
}

impl Row {
    pub fn new(at: Timestamp, body: Body) -> Self {
        Self { token: 0, created: at, updated: at, lines_used: 0, body }
    }
}
