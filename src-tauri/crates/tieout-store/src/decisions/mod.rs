//! What people and rules decided, with who, when and why. A decision is never changed: a later one
//! takes its place, and each has an audit entry of the same transaction with before and after.

mod assignment;
mod exclusions;
mod identity;
mod ledger_policy;
mod links;
mod log;
mod reasons;

pub use assignment::{AssignmentRule, DealAssignment};
pub use exclusions::Exclusion;
pub use identity::{IdentityLink, ItemMapping};
pub use ledger_policy::{AgingBasis, CreditPolicy, LedgerLimits, LimitPolicy};
pub use links::{DealDocumentLink, LinkVerdict};
pub use log::Decided;
pub use reasons::{ReasonItem, ReasonStanding};
