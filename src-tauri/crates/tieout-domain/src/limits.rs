//! When a difference is large enough to be flagged (`finance-domain §8` V1, V2, V4).

use rust_decimal::Decimal;

use crate::currency::Currency;
use crate::exact::Exact;
use crate::fx::Rate;
use crate::money::{Money, MoneyError};

/// Minor units of the document currency that rounding may leave, unless an entity differs.
pub const ROUNDING_MINOR_DEFAULT: u32 = 5;

/// Which of the absolute and the percentage limit must be exceeded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LimitPolicy {
    /// The larger one.
    #[default]
    Both,
    /// The smaller one.
    Either,
}

/// An entity's variance limits, with the rounding limit beside them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    absolute: Money,
    fraction: Decimal,
    policy: LimitPolicy,
    rounding_minor: u32,
}

/// A number that is no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a limit cannot be negative")]
pub struct LimitError;

impl Limits {
    /// `absolute` in functional currency, `fraction` of the base (0.01 is one percent), both zero
    /// or more; `rounding_minor` in minor units of the document currency.
    pub fn new(
        absolute: Money,
        fraction: Decimal,
        policy: LimitPolicy,
        rounding_minor: u32,
    ) -> Result<Self, LimitError> {
        if absolute.is_negative() || fraction < Decimal::ZERO {
            return Err(LimitError);
        }
        Ok(Self { absolute, fraction, policy, rounding_minor })
    }

    /// The product's default: nothing but rounding is tolerated.
    pub fn zero(functional: Currency) -> Self {
        Self {
            absolute: Money::zero(functional),
            fraction: Decimal::ZERO,
            policy: LimitPolicy::Both,
            rounding_minor: ROUNDING_MINOR_DEFAULT,
        }
    }

    /// Functional currency.
    pub const fn absolute(&self) -> Money {
        self.absolute
    }

    /// A fraction of the base.
    pub const fn fraction(&self) -> Decimal {
        self.fraction
    }

    /// Which of the two limits must be exceeded.
    pub const fn policy(&self) -> LimitPolicy {
        self.policy
    }

    /// Minor units of the document currency.
    pub const fn rounding_minor(&self) -> u32 {
        self.rounding_minor
    }

    /// At most the rounding limit: reason `ROUNDING`. A limit that is equalled passes.
    pub const fn within_rounding(&self, difference: Money) -> bool {
        difference.minor().unsigned_abs() <= self.rounding_minor as u64
    }
}

/// The V1 test of one deal: its entity's limits and the closing rate of its currency.
#[derive(Clone, Copy, Debug)]
pub struct LimitTest<'a> {
    /// Of the entity.
    pub limits: &'a Limits,
    /// From document to functional currency. Without one, nothing but rounding is tolerated, so
    /// that a missing rate never hides a difference (`§8 V2`).
    pub rate: Option<Rate>,
}

impl LimitTest<'_> {
    /// Whether `|difference|` is more than the rounding limit and, in functional currency, more
    /// than the variance limit against `base`. Nothing is rounded before the comparison.
    ///
    /// # Errors
    /// `CurrencyMismatch` unless difference and base are in the rate's document currency and the
    /// limits in its functional currency.
    pub fn exceeds(&self, difference: Money, base: Money) -> Result<bool, MoneyError> {
        difference.compare(base)?;
        if self.limits.within_rounding(difference) {
            return Ok(false);
        }
        let Some(rate) = self.rate else {
            return Ok(true);
        };
        self.limits.absolute.compare(Money::zero(rate.functional()))?;
        let size = rate.unrounded(difference)?.absolute();
        Ok(size.compare(&self.limit_against(base, rate)?).is_gt())
    }

    /// Without a base there is no percentage: only the absolute limit applies.
    fn limit_against(&self, base: Money, rate: Rate) -> Result<Exact, MoneyError> {
        let absolute = Exact::from(self.limits.absolute);
        if base.is_zero() {
            return Ok(absolute);
        }
        let share = rate.unrounded(base)?.absolute().times(&self.limits.fraction.into());
        let share_is_larger = share.compare(&absolute).is_gt();
        let take_larger = self.limits.policy == LimitPolicy::Both;
        Ok(if share_is_larger == take_larger { share } else { absolute })
    }
}

/// What was tolerated, together (`§8 V4`). One entity, functional currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aggregation {
    /// Variances other than zero.
    pub count: u64,
    /// With their signs.
    pub net_sum: Money,
    /// Of their magnitudes.
    pub absolute_sum: Money,
    /// The absolute sum is more than the period materiality.
    pub alert: bool,
}

/// Adds up the variances that were not flagged; zeros are passed over.
///
/// # Errors
/// `CurrencyMismatch` for a variance in another currency than `materiality`; `OutOfRange`.
pub fn aggregate(
    unflagged: impl IntoIterator<Item = Money>,
    materiality: Money,
) -> Result<Aggregation, MoneyError> {
    let zero = Money::zero(materiality.currency());
    let mut sums = Aggregation { count: 0, net_sum: zero, absolute_sum: zero, alert: false };
    for variance in unflagged {
        sums.count += u64::from(!variance.is_zero());
        sums.net_sum = sums.net_sum.checked_add(variance)?;
        sums.absolute_sum = sums.absolute_sum.checked_add(variance.absolute()?)?;
    }
    sums.alert = sums.absolute_sum.compare(materiality)?.is_gt();
    Ok(sums)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn currency(code: &str) -> Currency {
        Currency::parse(code).unwrap()
    }

    fn eur(minor: i64) -> Money {
        Money::from_minor(minor, currency("EUR"))
    }

    fn usd(minor: i64) -> Money {
        Money::from_minor(minor, currency("USD"))
    }

    #[test]
    fn a_negative_limit_is_none() {
        let limits = |absolute, fraction| Limits::new(absolute, fraction, LimitPolicy::Both, 5);
        assert_eq!(limits(eur(-1), Decimal::ZERO), Err(LimitError));
        assert_eq!(limits(eur(0), Decimal::NEGATIVE_ONE), Err(LimitError));
    }

    #[test]
    fn without_a_rate_only_rounding_is_tolerated() {
        let limits = Limits::new(usd(1_000_000), Decimal::ONE, LimitPolicy::Both, 5).unwrap();
        let test = LimitTest { limits: &limits, rate: None };
        assert_eq!(test.exceeds(eur(5), eur(100)), Ok(false));
        assert_eq!(test.exceeds(eur(-6), eur(100)), Ok(true));
    }

    #[test]
    fn a_limit_in_a_third_currency_is_refused() {
        let limits = Limits::zero(currency("GBP"));
        let rate = Rate::new(currency("EUR"), currency("USD"), Decimal::TWO).unwrap();
        let test = LimitTest { limits: &limits, rate: Some(rate) };
        assert!(test.exceeds(eur(6), eur(100)).is_err());
        assert!(test.exceeds(usd(6), usd(100)).is_err());
        assert!(test.exceeds(eur(6), usd(100)).is_err());
    }

    #[test]
    fn nothing_is_rounded_before_the_comparison() {
        let rate = "0.0066063288630507993657924291".parse().unwrap();
        let rate = Rate::new(currency("EUR"), currency("USD"), rate).unwrap();
        let limits = Limits::new(usd(0), "0.01".parse().unwrap(), LimitPolicy::Both, 5).unwrap();
        let test = LimitTest { limits: &limits, rate: Some(rate) };
        let base = eur(900_719_925_474_099_100);
        assert_eq!(test.exceeds(eur(9_007_199_254_740_991), base), Ok(false));
        assert_eq!(test.exceeds(eur(9_007_199_254_740_992), base), Ok(true));
    }

    #[test]
    fn zeros_are_not_counted() {
        let sums = aggregate([eur(0), eur(-400), eur(0)], eur(0)).unwrap();
        assert_eq!((sums.count, sums.net_sum, sums.absolute_sum), (1, eur(-400), eur(400)));
        assert!(sums.alert);
    }

    #[test]
    fn variances_of_two_currencies_do_not_add() {
        assert!(aggregate([eur(1), usd(1)], eur(0)).is_err());
    }
}
