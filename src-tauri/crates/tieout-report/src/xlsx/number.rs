//! The one place where figures become binary numbers: a workbook has no others.
//!
//! Excel keeps every number as a 64-bit float. The step goes from integer minor units over
//! decimal text to the nearest float, so nothing is computed in floating point, and what is
//! shown with the currency's digits is exact as long as the minor units are below 2^53.

use rust_decimal::Decimal;
use tieout_domain::Money;

/// Largest number of minor units, and of digits of a decimal, that a workbook holds exactly.
pub(crate) const EXACT_MAX: u64 = 1 << 53;

/// The amount as a number of its currency's main unit; `None` above [`EXACT_MAX`] minor units.
pub(crate) fn amount(money: Money) -> Option<f64> {
    if money.minor().unsigned_abs() > EXACT_MAX { None } else { money.to_plain().parse().ok() }
}

/// A decimal as a number; `None` if it has more digits than a workbook holds exactly.
pub(crate) fn decimal(value: Decimal) -> Option<f64> {
    let exact = value.normalize();
    let digits = exact.mantissa().unsigned_abs();
    if digits > u128::from(EXACT_MAX) { None } else { exact.to_string().parse().ok() }
}

/// A number of things as a number; `None` above [`EXACT_MAX`].
pub(crate) fn count(count: u64) -> Option<f64> {
    if count > EXACT_MAX { None } else { count.to_string().parse().ok() }
}

#[cfg(test)]
mod tests {
    use tieout_domain::Currency;

    use super::*;

    #[track_caller]
    fn check(minor: i64, code: &str, expected: Option<f64>) {
        assert_eq!(amount(Money::from_minor(minor, Currency::parse(code).unwrap())), expected);
    }

    #[test]
    fn an_amount_is_the_nearest_number_of_its_decimal_text() {
        check(123_450, "USD", Some(1234.5));
        check(-4, "USD", Some(-0.04));
        check(1_234, "JPY", Some(1234.0));
        check(1_234_567, "KWD", Some(1234.567));
    }

    #[test]
    fn an_amount_that_would_not_be_exact_is_refused() {
        check(1 << 53, "JPY", Some(9_007_199_254_740_992.0));
        check((1 << 53) + 1, "JPY", None);
        check(-(1 << 53) - 1, "USD", None);
        check(i64::MIN, "USD", None);
    }

    #[test]
    fn a_decimal_with_too_many_digits_is_refused() {
        let of = |text: &str| decimal(Decimal::from_str_exact(text).unwrap());
        assert_eq!(of("1.0850"), Some(1.085));
        assert_eq!(of("1.12345678901234567890"), None);
    }
}
