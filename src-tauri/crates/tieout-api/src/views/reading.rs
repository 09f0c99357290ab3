//! Whether everything was read that the figures of a document rest on.

use serde::Serialize;
use ts_rs::TS;

/// Stands in every document with figures: a total without it could be taken for the whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ReadingView {
    /// Every feed was read to its end, no record is kept aside, and nothing is disconnected.
    pub complete: bool,
    /// When the run that fetched the control totals ended.
    pub read_at: Option<String>,
    pub gaps: Vec<LackView>,
}

/// Something that was not read, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct LackView {
    pub what: String,
    pub remedy: String,
}
