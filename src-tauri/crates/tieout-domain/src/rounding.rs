//! The one rounding mode: half-up, away from zero on ties (`finance-domain §2 M5`).

use rust_decimal::Decimal;

use crate::exact::{Exact, money_of_units};
use crate::money::{Money, MoneyError};

/// Rounds to exactly `digits` decimals (0 to 28): 2.265 -> 2.27, -2.265 -> -2.27. Zero has no sign.
///
/// # Errors
/// `OutOfRange` if a decimal cannot hold that many digits of the value.
pub fn round_half_up(value: Decimal, digits: u32) -> Result<Decimal, MoneyError> {
    decimal_of_units(Exact::from(value).rounded_half_up(digits), digits)
}

/// `amount x part / whole`, rounded once, half-up.
///
/// Without a whole there is no ratio, and the amount is returned as it is: a document of total zero
/// has no tax share to take out.
///
/// # Errors
/// `CurrencyMismatch` unless all three are in one currency; `OutOfRange`.
pub fn prorate(amount: Money, part: Money, whole: Money) -> Result<Money, MoneyError> {
    amount.compare(part)?;
    amount.compare(whole)?;
    if whole.is_zero() {
        return Ok(amount);
    }
    let product = Exact::from(amount).times(&part.into());
    let currency = amount.currency();
    money_of_units(product.divided_half_up(&whole.into(), currency.digits()), currency)
}

/// A decimal of `units x 10^-digits`; `None` and what a decimal cannot hold are out of range.
pub(crate) fn decimal_of_units(units: Option<i128>, digits: u32) -> Result<Decimal, MoneyError> {
    let units = units.ok_or(MoneyError::OutOfRange)?;
    Decimal::try_from_i128_with_scale(units, digits).map_err(|_| MoneyError::OutOfRange)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::currency::Currency;

    fn eur(minor: i64) -> Money {
        Money::from_minor(minor, Currency::parse("EUR").unwrap())
    }

    #[test]
    fn more_digits_than_the_value_has_are_zeros() {
        let rounded = round_half_up(Decimal::ONE_HUNDRED, 3).unwrap();
        assert_eq!(rounded.to_string(), "100.000");
    }

    #[test]
    fn digits_that_a_decimal_cannot_hold_are_an_error() {
        assert_eq!(round_half_up(Decimal::ONE, 29), Err(MoneyError::OutOfRange));
        assert_eq!(round_half_up(Decimal::MAX, 1), Err(MoneyError::OutOfRange));
    }

    #[test]
    fn a_share_is_rounded_once() {
        assert_eq!(prorate(eur(3_000_000), eur(4_000_000), eur(4_330_000)), Ok(eur(2_771_363)));
        assert_eq!(prorate(eur(-3_000_000), eur(4_000_000), eur(4_330_000)), Ok(eur(-2_771_363)));
    }

    #[test]
    fn nothing_has_no_ratio() {
        assert_eq!(prorate(eur(5), eur(0), eur(0)), Ok(eur(5)));
    }

    #[test]
    fn a_share_of_another_currency_is_refused() {
        let usd = Money::zero(Currency::parse("USD").unwrap());
        assert!(matches!(prorate(eur(5), usd, eur(5)), Err(MoneyError::CurrencyMismatch(_, _))));
        assert!(matches!(prorate(eur(5), eur(5), usd), Err(MoneyError::CurrencyMismatch(_, _))));
    }
}
