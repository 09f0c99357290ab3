//! Limits of one ledger (`finance-domain §8, §11`).

use jiff::Timestamp;
use rust_decimal::Decimal;
use tieout_domain::Money;
use tieout_domain::ids::ConnectionId;

use super::log::{Decided, Decision};
use crate::cell::{Cells, Reading};
use crate::error::StoreError;
use crate::store::Store;
use crate::words::words;

words! {
    /// How the absolute and the relative limit work together (V1).
    LimitPolicy {
        /// The larger of the two counts.
        Both = "both",
        /// The smaller of the two counts.
        Either = "either",
    }
}

words! {
    /// From which date a document ages.
    AgingBasis {
        /// The default.
        DueDate = "due_date",
        /// For customers whose terms are not kept in the tool.
        InvoiceDate = "invoice_date",
    }
}

words! {
    /// Where unapplied credits and cash stand in the aging (G2).
    CreditPolicy {
        /// In a column of their own; the default.
        Separate = "separate",
        /// Negative, in the bucket of their own accounting date.
        ByOwnDate = "by_own_date",
        /// Used up by invoices in order of due date, for display only.
        Fifo = "fifo",
    }
}

/// Tolerances and policies of one ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerLimits {
    pub connection: ConnectionId,
    /// Variance limit in functional currency.
    pub absolute: Money,
    /// Variance limit as a fraction: 0.01 is one percent.
    pub fraction: Decimal,
    pub policy: LimitPolicy,
    /// In minor units of the document currency (M6).
    pub rounding_minor: u32,
    /// Days.
    pub grace_days: u32,
    /// Period materiality in functional currency (V4).
    pub materiality: Money,
    pub aging_basis: AgingBasis,
    pub credit_policy: CreditPolicy,
    pub decided: Decided,
}

impl Store {
    /// Sets the limits of a ledger. False when they are already these.
    pub fn save_limits(&mut self, limits: &LedgerLimits) -> Result<bool, StoreError> {
        self.decide(limits)
    }

    /// The limits of a ledger as known at a moment (`None`: now). `None`: nobody has set any, and
    /// the defaults of §8 hold.
    pub fn limits_at(
        &self,
        connection: &ConnectionId,
        known_at: Option<Timestamp>,
    ) -> Result<Option<LedgerLimits>, StoreError> {
        let all = self.decided_at::<LedgerLimits>(known_at)?;
        Ok(all.into_iter().find(|limits| limits.connection == *connection))
    }

    /// All limits that ever held, oldest first.
    pub fn limits_history(&self) -> Result<Vec<LedgerLimits>, StoreError> {
        self.decided_ever()
    }
}

impl Decision for LedgerLimits {
    const TABLE: &'static str = "ledger_limits";
    const COLUMNS: &'static [&'static str] = &[
        "connection",
        "absolute_minor",
        "absolute_currency",
        "fraction",
        "policy",
        "rounding_minor",
        "grace_days",
        "materiality_minor",
        "materiality_currency",
        "aging_basis",
        "credit_policy",
    ];
    const KEYS: usize = 1;
    const STANDS: &'static str = "1 = 1";

    fn cells(&self) -> Cells {
        Cells::new()
            .text(self.connection.as_str())
            .money(self.absolute)
            .decimal(self.fraction)
            .text(self.policy.as_str())
            .int(i64::from(self.rounding_minor))
            .int(i64::from(self.grace_days))
            .money(self.materiality)
            .text(self.aging_basis.as_str())
            .text(self.credit_policy.as_str())
    }

    fn read(cells: &mut Reading, decided: Decided) -> Result<Self, StoreError> {
        Ok(Self {
            connection: cells.id(ConnectionId::new)?,
            absolute: cells.money()?,
            fraction: cells.decimal()?,
            policy: cells.word(LimitPolicy::parse)?,
            rounding_minor: cells.number()?,
            grace_days: cells.number()?,
            materiality: cells.money()?,
            aging_basis: cells.word(AgingBasis::parse)?,
            credit_policy: cells.word(CreditPolicy::parse)?,
            decided,
        })
    }

    fn decided(&self) -> &Decided {
        &self.decided
    }

    fn verb(&self) -> &'static str {
        "set"
    }
}
