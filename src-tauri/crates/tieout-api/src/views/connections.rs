//! Connected systems.

use serde::Serialize;

/// One connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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
    pub signed_in: bool,
}

/// All connections.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConnectionsView {
    pub connections: Vec<ConnectionView>,
}
