//! The one verdict of a reconciliation group (`finance-domain §8 V3, V7`).

use crate::limits::LimitTest;
use crate::money::{Money, MoneyError};

/// What a reader may conclude about a group. Uncertainty is not a pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// An input is missing, unreadable, quarantined or without a rate, or an outcome is unknown.
    Uncertain,
    /// Equal.
    Matched,
    /// Different, by no more than the limits allow.
    MatchedInTolerance,
    /// Different, and accepted reasons add up to exactly the variance.
    Explained,
    /// Different beyond the limits or on the zero-tolerance list, and not explained.
    Unexplained,
}

impl Verdict {
    /// The stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Uncertain => "UNCERTAIN",
            Self::Matched => "MATCHED",
            Self::MatchedInTolerance => "MATCHED_IN_TOLERANCE",
            Self::Explained => "EXPLAINED",
            Self::Unexplained => "UNEXPLAINED",
        }
    }
}

/// What a verdict depends on. Amounts in document currency.
#[derive(Clone, Copy, Debug)]
pub struct VerdictInput<'a> {
    /// Every input was read and no effect of the deal has an unknown outcome.
    pub complete: bool,
    /// `B - E`.
    pub variance: Money,
    /// `E`.
    pub base: Money,
    /// Amounts under reason codes that a person accepted, in the sign of the variance.
    pub accepted: &'a [Money],
    /// The group holds an item of the zero-tolerance list (`§8 V3`).
    pub zero_tolerance: bool,
}

/// The verdict: first match of `§8 V7` wins. Without a rate it is `Uncertain` (`§8 V2`).
///
/// # Errors
/// `CurrencyMismatch` for amounts of two currencies; `OutOfRange`.
pub fn verdict(input: &VerdictInput<'_>, test: &LimitTest<'_>) -> Result<Verdict, MoneyError> {
    if !input.complete || test.rate.is_none() {
        return Ok(Verdict::Uncertain);
    }
    let reasons = Money::sum(input.variance.currency(), input.accepted.iter().copied())?;
    let explained = !input.accepted.is_empty() && reasons == input.variance;
    Ok(if input.zero_tolerance {
        if explained { Verdict::Explained } else { Verdict::Unexplained }
    } else if input.variance.is_zero() {
        Verdict::Matched
    } else if !test.exceeds(input.variance, input.base)? {
        Verdict::MatchedInTolerance
    } else if explained {
        Verdict::Explained
    } else {
        Verdict::Unexplained
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::currency::Currency;
    use crate::limits::Limits;

    #[test]
    fn without_a_rate_nothing_is_certain() {
        let eur = Currency::parse("EUR").unwrap();
        let zero = Money::zero(eur);
        let limits = Limits::zero(eur);
        let input = VerdictInput {
            complete: true,
            variance: zero,
            base: zero,
            accepted: &[],
            zero_tolerance: false,
        };
        let test = LimitTest { limits: &limits, rate: None };
        assert_eq!(verdict(&input, &test), Ok(Verdict::Uncertain));
    }

    #[test]
    fn a_reason_in_another_currency_explains_nothing() {
        let (eur, usd) = (Currency::parse("EUR").unwrap(), Currency::parse("USD").unwrap());
        let limits = Limits::zero(eur);
        let input = VerdictInput {
            complete: true,
            variance: Money::from_minor(-100, eur),
            base: Money::from_minor(100, eur),
            accepted: &[Money::from_minor(-100, usd)],
            zero_tolerance: false,
        };
        let test = LimitTest { limits: &limits, rate: Some(crate::fx::Rate::one(eur)) };
        assert!(verdict(&input, &test).is_err());
    }
}
