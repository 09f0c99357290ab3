//! Small questions about a workspace's state.

use jiff::Timestamp;
use tieout_domain::ids::ConnectionId;

use crate::engine::Engine;
use crate::error::EngineError;

impl Engine {
    /// Name of a connected company as its last probe said, and whether it is a sandbox.
    pub fn company(
        &self,
        connection: &ConnectionId,
    ) -> Result<Option<(String, bool)>, EngineError> {
        let probe = self.stored_probe(connection)?;
        Ok(probe.map(|probe| (probe.name, probe.sandbox)))
    }

    /// The moment of the engine's clock.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}
