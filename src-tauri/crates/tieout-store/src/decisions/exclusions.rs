//! What is left out of the comparison. Always listed, with totals (`finance-domain §14`, item 11).

use jiff::Timestamp;
use tieout_domain::facts::Stream;
use tieout_domain::ids::ConnectionId;

use super::log::{Decided, Decision};
use crate::cell::{Cells, Reading};
use crate::error::StoreError;
use crate::store::Store;

/// A record is, or is no longer, left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exclusion {
    pub connection: ConnectionId,
    /// What kind of record: a deal, an invoice, a customer.
    pub stream: Stream,
    pub record: String,
    /// False takes it in again.
    pub excluded: bool,
    pub decided: Decided,
}

impl Store {
    /// Leaves a record out, or takes it in again. False when it already holds.
    pub fn save_exclusion(&mut self, exclusion: &Exclusion) -> Result<bool, StoreError> {
        self.decide(exclusion)
    }

    /// What was left out as known at a moment (`None`: now).
    pub fn exclusions_at(&self, known_at: Option<Timestamp>) -> Result<Vec<Exclusion>, StoreError> {
        self.decided_at(known_at)
    }

    /// Every exclusion and its end, oldest first.
    pub fn exclusion_history(&self) -> Result<Vec<Exclusion>, StoreError> {
        self.decided_ever()
    }
}

impl Decision for Exclusion {
    const TABLE: &'static str = "exclusion";
    const COLUMNS: &'static [&'static str] = &["connection", "stream", "record", "excluded"];
    const KEYS: usize = 3;
    const STANDS: &'static str = "excluded = 1";

    fn cells(&self) -> Cells {
        Cells::new()
            .text(self.connection.as_str())
            .text(self.stream.as_str())
            .text(&self.record)
            .flag(self.excluded)
    }

    fn read(cells: &mut Reading, decided: Decided) -> Result<Self, StoreError> {
        Ok(Self {
            connection: cells.id(ConnectionId::new)?,
            stream: cells.word(Stream::parse)?,
            record: cells.text()?,
            excluded: cells.flag()?,
            decided,
        })
    }

    fn decided(&self) -> &Decided {
        &self.decided
    }

    fn verb(&self) -> &'static str {
        if self.excluded { "excluded" } else { "included" }
    }
}
