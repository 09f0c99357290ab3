//! Which ledger company keeps which deal: rules, and a person's word on one deal.

use std::collections::BTreeMap;

use jiff::Timestamp;
use tieout_domain::assignment::{Condition, Property};
use tieout_domain::ids::{DealId, LedgerId};

use super::log::{Decided, Decision};
use crate::cell::{Cells, Reading};
use crate::error::StoreError;
use crate::store::Store;

/// A rule that gives deals to a company, or its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssignmentRule {
    /// Unique; saving it again replaces what it said.
    pub name: String,
    pub ledger: LedgerId,
    /// Empty: what no other rule takes.
    pub conditions: Vec<Condition>,
    /// False takes the rule away.
    pub active: bool,
    pub decided: Decided,
}

/// A person's word that a deal belongs to a company, or its withdrawal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DealAssignment {
    pub deal: DealId,
    pub ledger: LedgerId,
    /// False leaves the deal to the rules again.
    pub active: bool,
    pub decided: Decided,
}

impl Store {
    /// Adds, changes or takes away a rule. False when it already says this.
    pub fn save_assignment_rule(&mut self, rule: &AssignmentRule) -> Result<bool, StoreError> {
        self.decide(rule)
    }

    /// The rules as known at a moment (`None`: now).
    pub fn assignment_rules_at(
        &self,
        known_at: Option<Timestamp>,
    ) -> Result<Vec<AssignmentRule>, StoreError> {
        self.decided_at(known_at)
    }

    /// All rules that ever held, oldest first.
    pub fn assignment_rule_history(&self) -> Result<Vec<AssignmentRule>, StoreError> {
        self.decided_ever()
    }

    /// Gives a deal to a company, or leaves it to the rules again. False when it already holds.
    pub fn save_deal_assignment(&mut self, of: &DealAssignment) -> Result<bool, StoreError> {
        self.decide(of)
    }

    /// What people said of single deals as known at a moment (`None`: now).
    pub fn deal_assignments_at(
        &self,
        known_at: Option<Timestamp>,
    ) -> Result<Vec<DealAssignment>, StoreError> {
        self.decided_at(known_at)
    }

    /// Every word on any deal, oldest first.
    pub fn deal_assignment_history(&self) -> Result<Vec<DealAssignment>, StoreError> {
        self.decided_ever()
    }
}

/// One object per condition, so that a property may stand in several.
fn conditions_text(conditions: &[Condition]) -> String {
    let all: Vec<BTreeMap<String, &Vec<String>>> = conditions
        .iter()
        .map(|it| BTreeMap::from([(it.property.to_string(), &it.any_of)]))
        .collect();
    serde_json::to_string(&all).expect("lists of texts always serialise")
}

fn conditions_of(text: &str) -> Option<Vec<Condition>> {
    let all: Vec<BTreeMap<String, Vec<String>>> = serde_json::from_str(text).ok()?;
    let each = all.into_iter().flatten().map(|(property, any_of)| {
        Some(Condition { property: Property::parse(&property).ok()?, any_of })
    });
    each.collect()
}

impl Decision for AssignmentRule {
    const TABLE: &'static str = "assignment_rule";
    const COLUMNS: &'static [&'static str] = &["name", "ledger", "conditions", "active"];
    const KEYS: usize = 1;
    const STANDS: &'static str = "active = 1";

    fn cells(&self) -> Cells {
        Cells::new()
            .text(&self.name)
            .text(self.ledger.as_str())
            .text(&conditions_text(&self.conditions))
            .flag(self.active)
    }

    fn read(cells: &mut Reading, decided: Decided) -> Result<Self, StoreError> {
        Ok(Self {
            name: cells.text()?,
            ledger: cells.id(LedgerId::new)?,
            conditions: cells.word(conditions_of)?,
            active: cells.flag()?,
            decided,
        })
    }

    fn decided(&self) -> &Decided {
        &self.decided
    }

    fn verb(&self) -> &'static str {
        if self.active { "set" } else { "removed" }
    }
}

impl Decision for DealAssignment {
    const TABLE: &'static str = "deal_assignment";
    const COLUMNS: &'static [&'static str] = &["deal", "ledger", "active"];
    const KEYS: usize = 1;
    const STANDS: &'static str = "active = 1";

    fn cells(&self) -> Cells {
        Cells::new().text(self.deal.as_str()).text(self.ledger.as_str()).flag(self.active)
    }

    fn read(cells: &mut Reading, decided: Decided) -> Result<Self, StoreError> {
        Ok(Self {
            deal: cells.id(DealId::new)?,
            ledger: cells.id(LedgerId::new)?,
            active: cells.flag()?,
            decided,
        })
    }

    fn decided(&self) -> &Decided {
        &self.decided
    }

    fn verb(&self) -> &'static str {
        if self.active { "assigned" } else { "withdrawn" }
    }
}
