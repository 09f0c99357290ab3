//! Small questions about a workspace's state.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tieout_domain::Currency;
use tieout_domain::facts::Stream;
use tieout_domain::ids::ConnectionId;
use tieout_store::LedgerLimits;

use crate::engine::Engine;
use crate::error::EngineError;
use crate::frame::default_limits;

/// What the last probe of a connection said of the company or organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProbedCompany {
    pub name: String,
    pub sandbox: bool,
    /// Home or corporate currency.
    pub currency: Currency,
    /// What people call the tool.
    pub tool: String,
    /// The zone in which its days begin.
    pub time_zone: TimeZone,
    /// Feeds that it can be read by.
    pub streams: Vec<Stream>,
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
            time_zone: TimeZone::get(&probe.capabilities.time_zone).unwrap_or(TimeZone::UTC),
            streams: probe.capabilities.streams,
        }))
    }

    /// The limits of a ledger that hold now; the product's own where nobody has set any.
    pub fn limits_of(&self, ledger: &ConnectionId) -> Result<LedgerLimits, EngineError> {
        let probe = self.stored_probe(ledger)?.ok_or(EngineError::NothingToReport)?;
        let set = self.store.limits_at(ledger, None)?;
        let functional = probe.capabilities.functional_currency;
        Ok(set.unwrap_or_else(|| default_limits(ledger, functional, self.clock.now())))
    }

    /// The moment of the engine's clock.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}
