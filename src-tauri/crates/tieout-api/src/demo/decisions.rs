//! What the people of the story decided: limits, exclusions, reasons of variances.

use jiff::Timestamp;
use rust_decimal::Decimal;
use tieout_domain::facts::Stream;
use tieout_domain::ids::DealId;
use tieout_domain::{Currency, Money};
use tieout_sim::sample::Decision;
use tieout_store::{
    AgingBasis, CreditPolicy, Decided, Exclusion, LedgerLimits, LimitPolicy, ReasonItem,
    ReasonStanding,
};

use super::CONTROLLER;
use super::story::Story;
use crate::codes::Code;
use crate::failure::Failure;

impl Story<'_> {
    pub(super) fn limits(&mut self) -> Result<(), Failure> {
        let entity = self.company.entities.first().cloned();
        let Some(entity) = entity else { return Ok(()) };
        let currency = currency(&entity.functional)?;
        let limits = LedgerLimits {
            connection: self.ledger()?,
            absolute: money(&entity.flag_abs, currency)?,
            fraction: decimal(&entity.flag_pct)?,
            policy: LimitPolicy::Both,
            rounding_minor: tieout_domain::limits::ROUNDING_MINOR_DEFAULT,
            grace_days: tieout_domain::schedule::GRACE_DAYS_DEFAULT,
            materiality: money(&entity.materiality, currency)?,
            aging_basis: AgingBasis::DueDate,
            credit_policy: CreditPolicy::Separate,
            decided: Decided {
                actor: CONTROLLER.into(),
                at: self.workspace.engine.now(),
                reason: "limits of the entity".into(),
            },
        };
        self.workspace.engine.store.save_limits(&limits)?;
        Ok(())
    }

    pub(super) fn exclusions(&mut self) -> Result<(), Failure> {
        let crm = self.workspace.engine.crm.as_ref().map(|crm| crm.id.clone());
        let Some(connection) = crm else { return Ok(()) };
        for excluded in self.company.excluded.clone() {
            let decided = Decided {
                actor: excluded.by.clone(),
                at: self.clock.at(&format!("{}T12:00", excluded.on))?,
                reason: excluded.reason.clone(),
            };
            self.workspace.engine.store.save_exclusion(&Exclusion {
                connection: connection.clone(),
                stream: Stream::Deals,
                record: self.deal(&excluded.reference)?.to_string(),
                excluded: true,
                decided,
            })?;
        }
        Ok(())
    }

    /// What people decided about variances by this moment: the amount is the variance at 30 June.
    pub(super) fn reasons(&mut self, local: &str) -> Result<(), Failure> {
        let at = self.clock.at(local)?;
        let view = self.view(None)?;
        let reconciliation = view.reconcile()?;
        for decision in self.company.decisions.clone() {
            let raised = self.clock.at(&format!("{}T00:00", decision.raised))?;
            let deal = self.deal(&decision.deal)?;
            let row = reconciliation.rows.iter().find(|row| row.deal == deal);
            let variance = row.and_then(|row| row.figures.as_ref()).map(|it| it.variance);
            let (Some(variance), true) = (variance, raised <= at) else { continue };
            self.save_reason(&decision, deal, variance, at)?;
        }
        Ok(())
    }

    fn save_reason(
        &mut self,
        decision: &Decision,
        deal: DealId,
        amount: Money,
        at: Timestamp,
    ) -> Result<(), Failure> {
        let day = |text: &str| {
            text.parse().map_err(|error| {
                Failure::caused(Code::Unexpected, format!("`{text}` in the story"), error)
            })
        };
        let connection = self.ledger()?;
        let standing =
            if decision.accepted { ReasonStanding::Accepted } else { ReasonStanding::Proposed };
        self.workspace.engine.store.save_reason(&ReasonItem {
            id: format!("{connection}|{deal}|{}", decision.code),
            deal: Some(deal),
            connection,
            document: None,
            code: decision.code.clone(),
            amount,
            owner: decision.owner.clone().unwrap_or_default(),
            note: decision.note.clone(),
            evidence: None,
            raised: day(&decision.raised)?,
            target: decision.target.as_deref().map(day).transpose()?,
            standing,
            decided: Decided {
                actor: decision.owner.clone().unwrap_or_else(|| "engine".into()),
                at,
                reason: decision.note.clone(),
            },
        })?;
        Ok(())
    }
}

fn currency(code: &str) -> Result<Currency, Failure> {
    Currency::parse(code).map_err(|error| Failure::caused(Code::Unexpected, "a currency", error))
}

fn decimal(text: &str) -> Result<Decimal, Failure> {
    text.parse().map_err(|error| Failure::caused(Code::Unexpected, "a number", error))
}

fn money(text: &str, currency: Currency) -> Result<Money, Failure> {
    Money::from_decimal(decimal(text)?, currency)
        .map_err(|error| Failure::caused(Code::Unexpected, "an amount", error))
}
