//! Sharing an amount without losing a minor unit: largest remainder (`finance-domain §2 M7`).

use rust_decimal::Decimal;

use crate::exact::Exact;
use crate::money::{Money, MoneyError};
use crate::natural::Natural;

/// Why an amount could not be shared.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AllocateError {
    /// An amount other than zero, and nobody to take it.
    #[error("there is nothing to share the amount over")]
    NoWeights,
    /// Weights are zero or more.
    #[error("the weight at position {0} is negative")]
    NegativeWeight(usize),
    /// A sum or part that an amount cannot hold.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// One part per weight, in the order of the weights; the parts sum to `total`.
///
/// Remainders are compared exactly, ties go to the lowest position, a negative total is shared like
/// the positive one with its sign turned, and all weights zero means equal shares.
pub fn allocate(total: Money, weights: &[Decimal]) -> Result<Vec<Money>, AllocateError> {
    if let Some(position) = weights.iter().position(|weight| *weight < Decimal::ZERO) {
        return Err(AllocateError::NegativeWeight(position));
    }
    if weights.is_empty() && !total.is_zero() {
        return Err(AllocateError::NoWeights);
    }
    let magnitudes = whole_units(total.minor().unsigned_abs(), &integer_weights(weights))?;
    magnitudes.into_iter().map(|magnitude| signed(magnitude, total)).collect()
}

/// The weights as integers of one common scale.
fn integer_weights(weights: &[Decimal]) -> Vec<Natural> {
    if weights.iter().all(Decimal::is_zero) {
        return vec![Natural::new(1); weights.len()];
    }
    let exact: Vec<Exact> = weights.iter().map(|weight| Exact::from(weight.normalize())).collect();
    let scale = exact.iter().map(Exact::scale).max().unwrap_or(0);
    exact.iter().map(|weight| weight.units(scale)).collect()
}

fn whole_units(total: u64, weights: &[Natural]) -> Result<Vec<u64>, MoneyError> {
    let whole = weights.iter().fold(Natural::zero(), |sum, weight| sum.plus(weight));
    let total_units = Natural::new(u128::from(total));
    let mut parts = Vec::with_capacity(weights.len());
    let mut remainders = Vec::with_capacity(weights.len());
    for weight in weights {
        let divided = total_units.times(weight).divided(&whole);
        let (quotient, remainder) = divided.ok_or(MoneyError::OutOfRange)?;
        let part = quotient.to_u128().and_then(|part| u64::try_from(part).ok());
        parts.push(part.ok_or(MoneyError::OutOfRange)?);
        remainders.push(remainder);
    }
    // The floors fall short of the total by less than one unit per part.
    let spare = parts.iter().fold(total, |left, part| left.saturating_sub(*part));
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by(|a, b| remainders[*b].cmp(&remainders[*a]).then(a.cmp(b)));
    for position in order.into_iter().take(usize::try_from(spare).unwrap_or(usize::MAX)) {
        parts[position] += 1;
    }
    Ok(parts)
}

fn signed(magnitude: u64, total: Money) -> Result<Money, AllocateError> {
    let units = i128::from(magnitude) * if total.is_negative() { -1 } else { 1 };
    let minor = i64::try_from(units).map_err(|_| MoneyError::OutOfRange)?;
    Ok(Money::from_minor(minor, total.currency()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::currency::Currency;

    fn eur(minor: i64) -> Money {
        Money::from_minor(minor, Currency::parse("EUR").unwrap())
    }

    #[track_caller]
    fn check(total: i64, weights: &[&str], want: &[i64]) {
        let weights: Vec<Decimal> = weights.iter().map(|text| text.parse().unwrap()).collect();
        let parts = allocate(eur(total), &weights).unwrap();
        assert_eq!(parts, want.iter().map(|minor| eur(*minor)).collect::<Vec<_>>());
    }

    #[test]
    fn a_tie_goes_to_the_lowest_position() {
        check(2, &["1", "3"], &[1, 1]);
        check(2, &["3", "1"], &[2, 0]);
    }

    #[test]
    fn only_the_proportion_of_weights_counts() {
        check(
            10_000,
            &["0.0000000000000000000000000001", "0.00000000000000000000000000020"],
            &[3_333, 6_667],
        );
        check(
            10_000,
            &["79228162514264337593543950335", "0.0000000000000000000000000001"],
            &[10_000, 0],
        );
    }

    #[test]
    fn the_smallest_amount_of_all_is_shared_too() {
        check(i64::MIN, &["1"], &[i64::MIN]);
        check(i64::MIN, &["1", "1"], &[i64::MIN / 2, i64::MIN / 2]);
    }

    #[test]
    fn nothing_over_nobody_is_nothing() {
        check(0, &[], &[]);
        assert_eq!(allocate(eur(1), &[]), Err(AllocateError::NoWeights));
    }

    #[test]
    fn a_negative_weight_is_named() {
        let weights = [Decimal::ONE, Decimal::NEGATIVE_ONE];
        assert_eq!(allocate(eur(1), &weights), Err(AllocateError::NegativeWeight(1)));
    }
}
