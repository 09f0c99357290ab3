//! Which companies stand beside the CRM, what gives deals to them, and which deals have none.

use serde::Serialize;

use super::Amount;
use super::reconciliation::UnassignedView;

/// Won deals of one currency together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeptView {
    pub currency: String,
    pub deals: u64,
    /// Contract amounts before tax, of deals with an amount only.
    pub sum: Amount,
}

/// One ledger company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CompanyView {
    /// Names of its connections.
    pub connections: Vec<String>,
    /// The ledger id: it stays the same whatever a connection is called.
    pub ledger: String,
    pub company: String,
    pub connected: bool,
    /// Enabled in it; empty before it was read for the first time.
    pub currencies: Vec<String>,
    /// The won deals that it keeps.
    pub keeps: Vec<KeptView>,
}

/// A property is one of these values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConditionView {
    pub property: String,
    pub any_of: Vec<String>,
}

/// One rule with who set it and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleView {
    pub name: String,
    pub ledger: String,
    pub company: String,
    /// Empty: what no other rule takes.
    pub conditions: Vec<ConditionView>,
    pub by: String,
    pub at: String,
    pub reason: String,
}

/// A person's word on one deal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AssignedView {
    pub opportunity: String,
    pub ledger: String,
    pub company: String,
    pub by: String,
    pub at: String,
    pub reason: String,
}

/// The companies beside the CRM.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CompaniesView {
    pub as_of: String,
    pub known_at: String,
    pub companies: Vec<CompanyView>,
    pub rules: Vec<RuleView>,
    pub assigned: Vec<AssignedView>,
    /// Won deals that no company keeps, over all companies.
    pub unassigned: Vec<UnassignedView>,
    /// Every won deal has a company.
    pub complete: bool,
    pub conclusion: String,
}

/// One word about a rule or a deal, and what it changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AssignView {
    /// `rule` or `deal`.
    pub subject: &'static str,
    /// The rule's name or the Opportunity's id.
    pub name: String,
    /// `set`, `removed`, `assigned` or `withdrawn`.
    pub said: &'static str,
    pub ledger: String,
    pub company: String,
    /// False: it already held.
    pub changed: bool,
    /// Won deals that another company keeps now than before, or none.
    pub moved: u64,
    /// Won deals that no company keeps now.
    pub unassigned: Vec<UnassignedView>,
    /// Fields that a rule asks for and the next run reads: until then nobody keeps those deals.
    pub reads: Vec<String>,
}
