//! Sums that fit a target exactly (`finance-domain §7 K3`). Pure and bounded.

use crate::money::{Money, MoneyError};

/// Fewest members of a sum: a single equal amount belongs to another tier.
pub const SUM_MEMBERS_MIN: usize = 2;
/// Most members of a sum.
pub const SUM_MEMBERS_MAX: usize = 6;
/// Most candidates among which a sum is looked for: at most 190,051 subsets are visited.
pub const SUM_CANDIDATES_MAX: usize = 24;
/// Solutions after which counting stops: more than one is already ambiguous.
pub const SUM_SOLUTIONS_MAX: usize = 256;

/// What a search for a sum found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SumOutcome {
    /// Exactly one subset fits; positions of its members, ascending.
    Suggested {
        members: Vec<usize>,
    },
    /// Several subsets fit: a lower bound where `more` is set.
    Ambiguous {
        solutions: usize,
        more: bool,
    },
    NoMatch,
    TooManyCandidates {
        candidates: usize,
    },
}

/// Looks for the subset of 2 to 6 candidates whose sum is at most `tolerance_minor` away from the
/// target; the tolerance is for the whole group and never per member.
///
/// Candidates of zero or less are no members: documents are positive.
///
/// # Errors
/// A candidate in another currency than the target.
pub fn sum_match(
    target: Money,
    candidates: &[Money],
    tolerance_minor: u32,
) -> Result<SumOutcome, MoneyError> {
    for candidate in candidates {
        candidate.compare(target)?;
    }
    let minors: Vec<i64> = candidates.iter().map(|candidate| candidate.minor()).collect();
    let Some(found) = fitting(target.minor(), &minors, tolerance_minor) else {
        return Ok(SumOutcome::TooManyCandidates { candidates: candidates.len() });
    };
    Ok(match found.subsets.as_slice() {
        [] => SumOutcome::NoMatch,
        [members] => SumOutcome::Suggested { members: members.clone() },
        several => SumOutcome::Ambiguous { solutions: several.len(), more: found.more },
    })
}

/// All subsets that fit, each ascending, in a fixed order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Fitting {
    pub(super) subsets: Vec<Vec<usize>>,
    /// The search stopped at `SUM_SOLUTIONS_MAX`.
    pub(super) more: bool,
}

/// `None`: too many candidates.
pub(super) fn fitting(target: i64, candidates: &[i64], tolerance_minor: u32) -> Option<Fitting> {
    if candidates.len() > SUM_CANDIDATES_MAX {
        return None;
    }
    let mut order: Vec<(i64, usize)> = candidates
        .iter()
        .copied()
        .enumerate()
        .filter(|(_, minor)| *minor > 0)
        .map(|(at, minor)| (minor, at))
        .collect();
    // Largest first, so that a branch that overshoots is cut early.
    order.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let tolerance = i128::from(tolerance_minor);
    let low = i128::from(target) - tolerance;
    let high = i128::from(target) + tolerance;
    Some(search(&order, low, high))
}

/// Depth-first over combinations with an explicit stack of chosen places.
fn search(order: &[(i64, usize)], low: i128, high: i128) -> Fitting {
    let mut found = Fitting::default();
    let mut chosen: Vec<usize> = Vec::with_capacity(SUM_MEMBERS_MAX);
    let mut sum: i128 = 0;
    let mut next = 0;
    loop {
        let fits_more = next < order.len() && chosen.len() < SUM_MEMBERS_MAX;
        if fits_more && reachable(order, next, chosen.len(), sum, low) {
            let amount = i128::from(order[next].0);
            if sum + amount <= high {
                chosen.push(next);
                sum += amount;
                if chosen.len() >= SUM_MEMBERS_MIN && sum >= low {
                    if found.subsets.len() == SUM_SOLUTIONS_MAX {
                        found.more = true;
                        break;
                    }
                    let mut members: Vec<usize> = chosen.iter().map(|at| order[*at].1).collect();
                    members.sort_unstable();
                    found.subsets.push(members);
                }
            }
            next += 1;
            continue;
        }
        let Some(last) = chosen.pop() else { break };
        sum -= i128::from(order[last].0);
        next = last + 1;
    }
    found.subsets.sort();
    found
}

/// Whether the largest amounts that are left can still lift the sum to the target.
fn reachable(order: &[(i64, usize)], next: usize, chosen: usize, sum: i128, low: i128) -> bool {
    let left = order[next..].iter().take(SUM_MEMBERS_MAX - chosen);
    sum + left.map(|(minor, _)| i128::from(*minor)).sum::<i128>() >= low
}
