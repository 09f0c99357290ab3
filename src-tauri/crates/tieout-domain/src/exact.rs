//! Exact decimals of any size, so that no product on the way to a rounding or to a comparison is
//! itself rounded (`finance-domain §2 M1, M7, §8 V1`).
//!
//! `Decimal` holds 28 digits and rounds a longer product silently; an amount times an inverted
//! exchange rate times a percentage is longer.

use std::cmp::Ordering;

use rust_decimal::Decimal;

use crate::currency::Currency;
use crate::money::{Money, MoneyError};
use crate::natural::Natural;

/// A decimal number of any size: `magnitude / 10^scale`.
#[derive(Clone, Debug)]
pub(crate) struct Exact {
    negative: bool,
    magnitude: Natural,
    scale: u32,
}

impl From<Decimal> for Exact {
    fn from(value: Decimal) -> Self {
        let magnitude = Natural::new(value.mantissa().unsigned_abs());
        Self { negative: value.mantissa() < 0, magnitude, scale: value.scale() }
    }
}

impl From<Money> for Exact {
    fn from(amount: Money) -> Self {
        Self { scale: amount.currency().digits(), ..Self::integer(i128::from(amount.minor())) }
    }
}

impl Exact {
    pub(crate) fn integer(value: i128) -> Self {
        let magnitude = Natural::new(value.unsigned_abs());
        Self { negative: value < 0, magnitude, scale: 0 }
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.magnitude.is_zero()
    }

    pub(crate) fn is_positive(&self) -> bool {
        !self.negative && !self.is_zero()
    }

    pub(crate) fn absolute(self) -> Self {
        Self { negative: false, ..self }
    }

    pub(crate) fn negated(self) -> Self {
        Self { negative: !self.negative && !self.is_zero(), ..self }
    }

    pub(crate) fn times(&self, other: &Self) -> Self {
        let magnitude = self.magnitude.times(&other.magnitude);
        let negative = self.negative != other.negative && !magnitude.is_zero();
        Self { negative, magnitude, scale: self.scale + other.scale }
    }

    pub(crate) fn plus(&self, other: &Self) -> Self {
        let scale = self.scale.max(other.scale);
        let (a, b) = (self.units(scale), other.units(scale));
        let (negative, magnitude) = if self.negative == other.negative {
            (self.negative, a.plus(&b))
        } else if a >= b {
            (self.negative, a.distance(&b))
        } else {
            (other.negative, a.distance(&b))
        };
        Self { negative: negative && !magnitude.is_zero(), magnitude, scale }
    }

    pub(crate) fn minus(&self, other: &Self) -> Self {
        self.plus(&other.clone().negated())
    }

    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        let difference = self.minus(other);
        match (difference.is_zero(), difference.negative) {
            (true, _) => Ordering::Equal,
            (false, true) => Ordering::Less,
            (false, false) => Ordering::Greater,
        }
    }

    /// The magnitude counted in units of `10^-scale`. `scale` is at least the number's own.
    pub(crate) fn units(&self, scale: u32) -> Natural {
        self.magnitude.times(&Natural::pow10(scale.saturating_sub(self.scale)))
    }

    pub(crate) const fn scale(&self) -> u32 {
        self.scale
    }

    /// The quotient counted in units of `10^-digits`, rounded half-up, away from zero on ties
    /// (`finance-domain §2 M5`). `None`: the divisor is zero or the quotient too large.
    pub(crate) fn divided_half_up(&self, divisor: &Self, digits: u32) -> Option<i128> {
        let above = self.magnitude.times(&Natural::pow10(divisor.scale + digits));
        let below = divisor.magnitude.times(&Natural::pow10(self.scale));
        // floor(a / b + 1/2) on magnitudes is half-up away from zero.
        let (rounded, _) = above.plus(&above).plus(&below).divided(&below.plus(&below))?;
        let units = i128::try_from(rounded.to_u128()?).ok()?;
        Some(if self.negative == divisor.negative { units } else { -units })
    }

    /// The number counted in units of `10^-digits`, rounded half-up, away from zero on ties.
    pub(crate) fn rounded_half_up(&self, digits: u32) -> Option<i128> {
        self.divided_half_up(&Self::integer(1), digits)
    }

    /// An amount of this size, rounded half-up to the digits of `currency`.
    pub(crate) fn to_money(&self, currency: Currency) -> Result<Money, MoneyError> {
        money_of_units(self.rounded_half_up(currency.digits()), currency)
    }
}

/// Minor units that came out of a rounding; `None` and what an amount cannot hold are out of range.
pub(crate) fn money_of_units(units: Option<i128>, currency: Currency) -> Result<Money, MoneyError> {
    let minor = units.and_then(|units| i64::try_from(units).ok()).ok_or(MoneyError::OutOfRange)?;
    Ok(Money::from_minor(minor, currency))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(text: &str) -> Exact {
        text.parse::<Decimal>().unwrap().into()
    }

    #[test]
    fn a_product_longer_than_a_decimal_stays_exact() {
        let long = exact("0.0066063288630507993657924291");
        let product = long.times(&long).times(&long);
        assert_eq!(product.compare(&product.plus(&exact("0"))), Ordering::Equal);
        let more = product.plus(&Exact { negative: false, magnitude: Natural::new(1), scale: 84 });
        assert_eq!(product.compare(&more), Ordering::Less);
    }

    #[test]
    fn division_by_zero_has_no_result() {
        assert_eq!(exact("1").divided_half_up(&exact("0.00"), 2), None);
    }

    #[test]
    fn signs_are_those_of_arithmetic() {
        assert_eq!(exact("-2").times(&exact("3")).compare(&exact("-6")), Ordering::Equal);
        assert_eq!(exact("-2").plus(&exact("3")).compare(&exact("1")), Ordering::Equal);
        assert_eq!(exact("2").minus(&exact("3")).compare(&exact("-1")), Ordering::Equal);
        assert_eq!(exact("-1").divided_half_up(&exact("-8"), 2), Some(13));
        assert_eq!(exact("1").divided_half_up(&exact("-8"), 2), Some(-13));
    }
}
