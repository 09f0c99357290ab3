//! Small questions about a workspace's state.

use jiff::Timestamp;
use tieout_domain::Currency;
use tieout_domain::ids::ConnectionId;

use crate::engine::Engine;
use crate::error::EngineError;

/// What the last probe of a connection said of the company or organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProbedCompany {
    pub name: String,
    pub sandbox: bool,
    /// Home or corporate currency.
    pub currency: Currency,
    /// What people call the tool.
    pub tool: String,
}

impl Engine {
    /// A connected company as its last probe said; `None` before the first run.
    pub fn company(&self, connection: &ConnectionId) -> Result<Option<ProbedCompany>, EngineError> {
        let probe = self.stored_probe(connection)?;
        Ok(probe.map(|probe| ProbedCompany {
            tool: probe.tool().to_owned(),
            name: probe.name,
            sandbox: probe.sandbox,
            currency: probe.capabilities.functional_currency,
        }))
    }

    /// The moment of the engine's clock.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}
