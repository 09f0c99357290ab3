//! Amounts: integer minor units with a currency (`finance-domain §2 M1, M2, M5`).

use std::fmt;

use rust_decimal::{Decimal, RoundingStrategy};

use crate::currency::Currency;

/// An amount that is exactly representable in its currency.
///
/// There is no `Add`, no `Default` and no zero without a currency: adding two currencies is an
/// error that the caller sees (`finance-domain §2 M2`).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

/// Why an amount could not be made or combined.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Quarantine reason `TOO_PRECISE`.
    #[error("the amount has more decimals than {0} has")]
    TooPrecise(Currency),
    /// Quarantine reason `OUT_OF_RANGE`.
    #[error("the amount is too large to be held exactly")]
    OutOfRange,
    /// Quarantine reason `MALFORMED`.
    #[error("the text is not an amount")]
    Malformed,
    /// Two currencies never add.
    #[error("{0} and {1} cannot be combined without a rate")]
    CurrencyMismatch(Currency, Currency),
}

impl Money {
    /// Zero in a currency.
    pub const fn zero(currency: Currency) -> Self {
        Self { minor: 0, currency }
    }

    /// From minor units: `Money::from_minor(1999, usd)` is 19.99 USD.
    pub const fn from_minor(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Exact: refuses a value with more significant decimals than the currency has.
    pub fn from_decimal(amount: Decimal, currency: Currency) -> Result<Self, MoneyError> {
        let digits = currency.digits();
        let mut exact = amount.normalize();
        if exact.scale() > digits {
            return Err(MoneyError::TooPrecise(currency));
        }
        exact.rescale(digits);
        if exact.scale() != digits {
            return Err(MoneyError::OutOfRange);
        }
        i64::try_from(exact.mantissa())
            .map(|minor| Self { minor, currency })
            .map_err(|_| MoneyError::OutOfRange)
    }

    /// Rounds half-up, away from zero on ties (`finance-domain §2 M5`).
    pub fn round_half_up(amount: Decimal, currency: Currency) -> Result<Self, MoneyError> {
        Self::from_decimal(
            amount
                .round_dp_with_strategy(currency.digits(), RoundingStrategy::MidpointAwayFromZero),
            currency,
        )
    }

    /// Minor units of the currency.
    pub const fn minor(self) -> i64 {
        self.minor
    }

    /// The currency.
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// The amount as a decimal with exactly the digits of its currency.
    pub fn to_decimal(self) -> Decimal {
        Decimal::from_i128_with_scale(i128::from(self.minor), self.currency.digits())
    }

    /// Canonical text without currency and without grouping: `-1234.50`.
    pub fn to_plain(self) -> String {
        self.to_decimal().to_string()
    }

    /// As a sentence says it: grouped by commas, a negative amount in brackets, with the currency:
    /// `1,234.50 USD`, `(350.00) USD` (`finance-domain §2 M8`).
    pub fn in_words(self) -> String {
        let plain = self.to_plain();
        match plain.strip_prefix('-') {
            None => format!("{} {}", grouped(&plain), self.currency),
            Some(digits) => format!("({}) {}", grouped(digits), self.currency),
        }
    }

    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }

    pub const fn is_negative(self) -> bool {
        self.minor < 0
    }

    pub const fn is_positive(self) -> bool {
        self.minor > 0
    }

    /// Sum of two amounts of one currency.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        self.minor
            .checked_add(other.minor)
            .map(|minor| Self { minor, ..self })
            .ok_or(MoneyError::OutOfRange)
    }

    /// Difference of two amounts of one currency.
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        self.minor
            .checked_sub(other.minor)
            .map(|minor| Self { minor, ..self })
            .ok_or(MoneyError::OutOfRange)
    }

    /// The amount with its sign turned.
    pub fn negated(self) -> Result<Self, MoneyError> {
        self.minor.checked_neg().map(|minor| Self { minor, ..self }).ok_or(MoneyError::OutOfRange)
    }

    /// Magnitude.
    pub fn absolute(self) -> Result<Self, MoneyError> {
        if self.is_negative() { self.negated() } else { Ok(self) }
    }

    /// Compares two amounts of one currency.
    pub fn compare(self, other: Self) -> Result<std::cmp::Ordering, MoneyError> {
        self.same_currency(other)?;
        Ok(self.minor.cmp(&other.minor))
    }

    /// Adds amounts that must all be in `currency`; the empty sum is zero in it.
    pub fn sum(
        currency: Currency,
        amounts: impl IntoIterator<Item = Self>,
    ) -> Result<Self, MoneyError> {
        amounts.into_iter().try_fold(Self::zero(currency), Self::checked_add)
    }

    fn same_currency(self, other: Self) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            Ok(())
        } else {
            Err(MoneyError::CurrencyMismatch(self.currency, other.currency))
        }
    }
}

/// Digits with commas between the thousands; what follows the whole digits stays as it is.
pub fn grouped(plain: &str) -> String {
    let whole_digits = plain.find(|sign: char| !sign.is_ascii_digit()).unwrap_or(plain.len());
    let (whole, rest) = plain.split_at(whole_digits);
    let mut text = String::with_capacity(plain.len() + whole.len() / 3);
    for (position, digit) in whole.chars().enumerate() {
        if position > 0 && (whole.len() - position) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text.push_str(rest);
    text
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.to_decimal(), self.currency)
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_groups_an_amount_and_brackets_a_negative_one() {
        let words =
            |minor, code| Money::from_minor(minor, Currency::parse(code).unwrap()).in_words();
        assert_eq!(words(123_456_789, "USD"), "1,234,567.89 USD");
        assert_eq!(words(-35_000, "USD"), "(350.00) USD");
        assert_eq!(words(1_000, "JPY"), "1,000 JPY");
        assert_eq!(words(0, "KWD"), "0.000 KWD");
    }
}
