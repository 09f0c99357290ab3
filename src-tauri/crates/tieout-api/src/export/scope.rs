//! How a won deal stands to the comparison. The front table compares some deals, the detail lists
//! them all; these three groups lead from one to the other.

use tieout_domain::books::positions::DealRow;
use tieout_domain::status::BillingStatus;

/// Where a deal counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Scope {
    /// Something is due or billed, so there is something to compare.
    Compared,
    /// Nothing is due and nothing is billed yet.
    Idle,
    /// Left out by a person or by the rule for deals of zero.
    Excluded,
}

impl Scope {
    pub(super) fn of(row: &DealRow) -> Self {
        match row.verdict {
            Some(_) => Self::Compared,
            None if is_excluded(row) => Self::Excluded,
            None => Self::Idle,
        }
    }
}

pub(super) fn is_excluded(row: &DealRow) -> bool {
    row.billing == BillingStatus::Excluded
}

/// Why a deal is excluded; nothing for one that is not.
pub(super) fn exclusion_words(row: &DealRow) -> &str {
    match &row.exclusion {
        Some(decided) => &decided.reason,
        None if is_excluded(row) => "ZERO_AMOUNT: nothing to bill",
        None => "",
    }
}

/// The same deals, those of one scope after the other. Order inside a scope is kept.
pub(super) fn in_order<'a>(rows: &[&'a DealRow]) -> Vec<&'a DealRow> {
    let mut rows = rows.to_vec();
    rows.sort_by_key(|row| Scope::of(row));
    rows
}

/// The deals of one scope.
pub(super) fn within<'a>(rows: &[&'a DealRow], scope: Scope) -> Vec<&'a DealRow> {
    rows.iter().copied().filter(|row| Scope::of(row) == scope).collect()
}
