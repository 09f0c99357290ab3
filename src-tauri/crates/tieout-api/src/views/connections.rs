//! Connected systems.

use serde::Serialize;
use ts_rs::TS;

/// One connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ConnectionView {
    pub name: String,
    pub brand: String,
    pub role: &'static str,
    pub company: Option<String>,
    pub sandbox: Option<bool>,
    /// The ledger id or the org id.
    pub id: String,
    pub connected_at: String,
    /// Off until a person turns it on.
    pub writing: bool,
    /// False as well where the tool refused the sign-in in the last run.
    pub signed_in: bool,
    /// What the last run found: `it wants a new sign-in`.
    pub finding: Option<String>,
}

/// All connections.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ConnectionsView {
    pub connections: Vec<ConnectionView>,
}
