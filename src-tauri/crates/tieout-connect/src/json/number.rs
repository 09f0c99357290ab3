//! Exact decimals from number text, exponents included. No number passes through a float.

use rust_decimal::Decimal;
use tieout_domain::facts::QuarantineReason::{self, Malformed, OutOfRange, TooPrecise};
use tieout_domain::{Currency, Money, MoneyError};

/// Longest number text that is looked at.
const NUMBER_LENGTH_MAX: usize = 128;
/// Digits that every `Decimal` can hold, before and after the point.
const DIGITS_MAX: usize = 28;
/// Largest exponent that is looked at; beyond it every number but zero is out of range.
const EXPONENT_MAX: i32 = 999;

/// Reads `-12.50`, `.5` or `3.5E8` exactly; grouping, signs of plus and spaces are `Malformed`.
pub fn decimal_from_text(text: &str) -> Result<Decimal, QuarantineReason> {
    if text.len() > NUMBER_LENGTH_MAX {
        return Err(OutOfRange);
    }
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (significand, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((significand, exponent)) => (significand, exponent_from_text(exponent)?),
        None => (unsigned, 0),
    };
    let (whole, fraction) = match significand.split_once('.') {
        Some((_, "")) => return Err(Malformed),
        Some(parts) => parts,
        None => (significand, ""),
    };
    if whole.is_empty() && fraction.is_empty() || !all_digits(whole) || !all_digits(fraction) {
        return Err(Malformed);
    }
    let shift = i32::try_from(fraction.len()).map_err(|_| OutOfRange)?;
    assemble(negative, &format!("{whole}{fraction}"), exponent - shift)
}

/// An amount of a currency: `TOO_PRECISE` and `OUT_OF_RANGE` as in `finance-domain §2 M3`.
pub fn money_from_text(text: &str, currency: Currency) -> Result<Money, QuarantineReason> {
    Money::from_decimal(decimal_from_text(text)?, currency).map_err(|error| reason_of(&error))
}

/// The quarantine reason of an amount that could not be made.
pub(super) fn reason_of(error: &MoneyError) -> QuarantineReason {
    match error {
        MoneyError::TooPrecise(_) => TooPrecise,
        MoneyError::OutOfRange => OutOfRange,
        MoneyError::Malformed | MoneyError::CurrencyMismatch(..) => Malformed,
    }
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

fn exponent_from_text(text: &str) -> Result<i32, QuarantineReason> {
    let (sign, digits) = match text.as_bytes().first() {
        Some(b'-') => (-1, &text[1..]),
        Some(b'+') => (1, &text[1..]),
        _ => (1, text),
    };
    if digits.is_empty() || !all_digits(digits) {
        return Err(Malformed);
    }
    let size = digits
        .parse::<i32>()
        .map_or(EXPONENT_MAX, |size| size.min(EXPONENT_MAX));
    Ok(sign * size)
}

/// `digits` times ten to the power of `exponent`, if a `Decimal` holds that exactly.
fn assemble(negative: bool, digits: &str, exponent: i32) -> Result<Decimal, QuarantineReason> {
    let significant = digits.trim_start_matches('0');
    let kept = significant.trim_end_matches('0');
    if kept.is_empty() {
        return Ok(Decimal::ZERO);
    }
    let dropped = i32::try_from(significant.len() - kept.len()).map_err(|_| OutOfRange)?;
    let exponent = exponent + dropped;
    let length = i32::try_from(kept.len()).map_err(|_| OutOfRange)?;
    let digits_max = i32::try_from(DIGITS_MAX).map_err(|_| OutOfRange)?;
    if length + exponent > digits_max {
        return Err(OutOfRange);
    }
    if length > digits_max || -exponent > digits_max {
        return Err(TooPrecise);
    }
    let mantissa: i128 = kept.parse().map_err(|_| OutOfRange)?;
    let power = u32::try_from(exponent.max(0)).map_err(|_| OutOfRange)?;
    let scaled = 10_i128
        .checked_pow(power)
        .and_then(|factor| mantissa.checked_mul(factor))
        .ok_or(OutOfRange)?;
    let scale = u32::try_from((-exponent).max(0)).map_err(|_| OutOfRange)?;
    let signed = if negative { -scaled } else { scaled };
    Decimal::try_from_i128_with_scale(signed, scale).map_err(|_| OutOfRange)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, currency: &str, want: Result<i64, QuarantineReason>) {
        let currency = Currency::parse(currency).unwrap();
        assert_eq!(money_from_text(text, currency).map(Money::minor), want);
    }

    #[test]
    fn plain() {
        check("1250", "EUR", Ok(125_000));
    }

    #[test]
    fn trailing_zero() {
        check("15000.0", "USD", Ok(1_500_000));
    }

    #[test]
    fn exponent() {
        check("3.5E8", "JPY", Ok(350_000_000));
        check("1.25e+2", "USD", Ok(12_500));
        check("12500e-4", "USD", Ok(125));
    }

    #[test]
    fn no_leading_zero() {
        check(".5", "USD", Ok(50));
    }

    #[test]
    fn negative() {
        check("-125", "GBP", Ok(-12_500));
        check("-0.0", "GBP", Ok(0));
    }

    #[test]
    fn padded_scale() {
        check("1190.000", "EUR", Ok(119_000));
    }

    #[test]
    fn one_decimal() {
        check("742.5", "EUR", Ok(74_250));
    }

    #[test]
    fn three_digits() {
        check("10.005", "KWD", Ok(10_005));
    }

    #[test]
    fn yen_with_zero_decimals() {
        check("100.00", "JPY", Ok(100));
    }

    #[test]
    fn four_digits() {
        check("12.3456", "CLF", Ok(123_456));
    }

    #[test]
    fn too_precise() {
        check("10.005", "EUR", Err(TooPrecise));
        check("100.5", "JPY", Err(TooPrecise));
        check("1e-29", "JPY", Err(TooPrecise));
        check("0.30000000000000004", "USD", Err(TooPrecise));
    }

    #[test]
    fn not_a_number() {
        for text in [
            "", "NaN", "1,861.07", "1.", ".", "-", "+1", " 1", "1e", "1e+", "0x1", "１", "1_0",
        ] {
            check(text, "USD", Err(Malformed));
        }
    }

    #[test]
    fn out_of_range() {
        check("1e999", "USD", Err(OutOfRange));
        check("1e99999999999999999999", "USD", Err(OutOfRange));
        check("92233720368547758.08", "USD", Err(OutOfRange));
        check(&"9".repeat(200), "USD", Err(OutOfRange));
    }

    #[test]
    fn the_largest_amount_is_held() {
        check("92233720368547758.07", "USD", Ok(i64::MAX));
    }

    #[test]
    fn zero_stays_zero_whatever_the_exponent() {
        check("0e999", "USD", Ok(0));
        check("0.000e-999", "USD", Ok(0));
    }

    proptest! {
        #[test]
        fn every_amount_survives_its_own_text(minor in any::<i64>()) {
            let usd = Currency::parse("USD").unwrap();
            let text = Money::from_minor(minor, usd).to_plain();
            prop_assert_eq!(money_from_text(&text, usd).map(Money::minor), Ok(minor));
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,40}") {
            let _ = decimal_from_text(&text);
        }

        #[test]
        fn an_exponent_only_moves_the_point(mantissa in 1_i64..1_000_000, shift in 0_i32..6) {
            let plain = decimal_from_text(&mantissa.to_string()).unwrap();
            let moved = decimal_from_text(&format!("{mantissa}e{shift}")).unwrap();
            let back = decimal_from_text(&format!("{moved}E-{shift}")).unwrap();
            prop_assert_eq!(plain, back);
        }
    }
}
