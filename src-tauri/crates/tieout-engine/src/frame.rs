//! The frame to look at a ledger's books in, and the totals that its sources gave.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use tieout_domain::aging::CreditPolicy;
use tieout_domain::books::proof::{SourceMeasure, SourceTotal};
use tieout_domain::books::{AgingBasis, Frame};
use tieout_domain::dates::{Period, date_in_zone};
use tieout_domain::gates::LedgerRules;
use tieout_domain::ids::{ConnectionId, RunId};
use tieout_domain::limits::{LimitPolicy, Limits};
use tieout_domain::{Currency, Money};
use tieout_store::LedgerLimits;

use crate::capabilities::StoredProbe;
use crate::engine::Engine;
use crate::error::EngineError;

/// Days a missing invoice is no leakage, unless the ledger's limits say otherwise.
const GRACE_DAYS_DEFAULT: u32 = tieout_domain::schedule::GRACE_DAYS_DEFAULT;

impl Engine {
    /// The frame of a ledger: what the probe found, and the limits that hold at the moment.
    pub(crate) fn frame(
        &self,
        connection: &ConnectionId,
        probe: &StoredProbe,
        as_of: Date,
        at: Timestamp,
    ) -> Result<Frame, EngineError> {
        let capabilities = &probe.capabilities;
        let functional = capabilities.functional_currency;
        let time_zone = TimeZone::get(&capabilities.time_zone).unwrap_or(TimeZone::UTC);
        let stored = self.store.limits_at(connection, Some(at))?;
        let stored = stored.unwrap_or_else(|| default_limits(connection, functional, at));
        let limits = Limits::new(
            stored.absolute,
            stored.fraction,
            match stored.policy {
                tieout_store::LimitPolicy::Both => LimitPolicy::Both,
                tieout_store::LimitPolicy::Either => LimitPolicy::Either,
            },
            stored.rounding_minor,
        )
        .map_err(|error| EngineError::Rule(error.to_string()))?;
        Ok(Frame {
            as_of,
            period: Period::month_of(as_of),
            today: date_in_zone(self.clock.now(), &time_zone),
            time_zone,
            functional,
            limits,
            grace_days: stored.grace_days,
            materiality: stored.materiality,
            aging_basis: match stored.aging_basis {
                tieout_store::AgingBasis::DueDate => AgingBasis::DueDate,
                tieout_store::AgingBasis::InvoiceDate => AgingBasis::DocumentDate,
            },
            rules: LedgerRules {
                ledger_name: probe.tool().to_owned(),
                company: probe.name.clone(),
                currencies: capabilities.currencies.clone(),
                closed_to: capabilities.closed_to,
                tax_codes: capabilities.tax_codes.clone(),
                default_tax_code: capabilities.default_tax_code.clone(),
            },
            credit_policy: match stored.credit_policy {
                tieout_store::CreditPolicy::Separate => CreditPolicy::Separate,
                tieout_store::CreditPolicy::ByOwnDate => CreditPolicy::ByOwnDate,
                tieout_store::CreditPolicy::Fifo => CreditPolicy::Fifo,
            },
        })
    }

    /// The totals of the last run that ended by the moment and fetched any for this ledger.
    pub(crate) fn sources_known(
        &self,
        connection: &ConnectionId,
        at: Timestamp,
    ) -> Result<(Option<RunId>, Vec<SourceTotal>), EngineError> {
        let crm = self.crm.as_ref().map(|crm| crm.id.clone());
        let Some(run) = self.store.last_with_totals(connection, Some(at))? else {
            return Ok((None, Vec::new()));
        };
        let totals = self.store.totals(&run)?.into_iter();
        let ours = totals
            .filter(|it| it.connection == *connection || Some(&it.connection) == crm.as_ref());
        let sources = ours.filter_map(|total| {
            Some(SourceTotal {
                measure: SourceMeasure::parse(&total.measure)?,
                currency: total.currency,
                from: total.from,
                to: total.to,
                count: total.source_count,
                sum: total.source_sum,
                source: total.source,
                proof: total.proof,
            })
        });
        Ok((Some(run), sources.collect()))
    }
}

pub(crate) fn default_limits(
    connection: &ConnectionId,
    functional: Currency,
    at: Timestamp,
) -> LedgerLimits {
    LedgerLimits {
        connection: connection.clone(),
        absolute: Money::zero(functional),
        fraction: Decimal::ZERO,
        policy: tieout_store::LimitPolicy::Both,
        rounding_minor: tieout_domain::limits::ROUNDING_MINOR_DEFAULT,
        grace_days: GRACE_DAYS_DEFAULT,
        materiality: Money::zero(functional),
        aging_basis: tieout_store::AgingBasis::DueDate,
        credit_policy: tieout_store::CreditPolicy::Separate,
        decided: tieout_store::Decided {
            reason: "the product's default".into(),
            actor: "tieout".into(),
            at,
        },
    }
}
