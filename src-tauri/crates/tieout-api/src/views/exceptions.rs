//! What needs a person, ordered by kind.

use serde::Serialize;
use ts_rs::TS;

use super::Amount;
use super::reading::ReadingView;

/// One thing that waits for a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ExceptionView {
    /// `variance`, `blocked`, `unknown_outcome`, `refused`, `conflict`, `quarantine`, `match`,
    /// `orphan`, `unassigned`.
    pub kind: &'static str,
    /// A `TIE-` code, a gate or a match code.
    pub code: String,
    /// Id of the deal, document or record.
    pub subject: String,
    /// How people call it: the deal's reference, the document's number.
    pub reference: Option<String>,
    /// The deal that it is about.
    pub opportunity: Option<String>,
    pub account_id: Option<String>,
    pub account: String,
    /// Of a variance or a blocked deal what is billed less what is expected, of a document what
    /// is in it; net of tax.
    pub amount: Option<Amount>,
    pub age_days: Option<i64>,
    pub what: String,
    pub remedy: String,
}

/// All of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ExceptionsView {
    pub as_of: String,
    pub known_at: String,
    pub reading: ReadingView,
    pub count: usize,
    pub exceptions: Vec<ExceptionView>,
}
