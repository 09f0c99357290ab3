//! Amounts and decimals out of the text of a record (`finance-domain §2 M1, M3, M4`).
//!
//! The text is the literal one of the wire. It never passes through a binary fraction.

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::currency::{Currency, CurrencyError};
use crate::facts::QuarantineReason;
use crate::money::{Money, MoneyError};

/// The longest number text that is read; a longer one is `MALFORMED`.
pub const NUMBER_TEXT_LENGTH_MAX: usize = 400;

/// `i64` holds every integer of 18 digits; one of 19 may fit, one of 20 never does.
const MONEY_DIGITS_MAX: usize = 19;
/// A 96-bit mantissa never holds an integer of 30 digits.
const DECIMAL_DIGITS_MAX: usize = 29;
const DECIMAL_SCALE_MAX: u32 = 28;

/// Reads an amount of a known currency.
///
/// Accepts `-`, digits with or without a point, and an exponent. Trailing zeros beyond the
/// currency's digits are no precision (`1190.000` EUR is 1,190.00).
///
/// # Errors
/// `Malformed` for any other text (grouping, `+`, blanks, `NaN`, nothing at all), `TooPrecise` for
/// a significant decimal that the currency does not have, `OutOfRange` beyond 64-bit minor units.
pub fn read_amount(text: &str, currency: Currency) -> Result<Money, MoneyError> {
    let literal = Literal::read(text).ok_or(MoneyError::Malformed)?;
    let digits = currency.digits();
    let magnitude = match literal.integer(digits, MONEY_DIGITS_MAX) {
        Ok(magnitude) => magnitude,
        Err(Unfit::TooPrecise) => return Err(MoneyError::TooPrecise(currency)),
        Err(Unfit::TooLarge) => return Err(MoneyError::OutOfRange),
    };
    let minor = i64::try_from(literal.signed(magnitude)).map_err(|_| MoneyError::OutOfRange)?;
    Ok(Money::from_minor(minor, currency))
}

/// Reads an amount beside its currency code, as a record carries them.
///
/// `document_date` lets a withdrawn currency through on a document older than its withdrawal.
///
/// # Errors
/// The reason under which the record is quarantined.
pub fn read_amount_with_code(
    text: &str,
    code: &str,
    document_date: Option<Date>,
) -> Result<Money, QuarantineReason> {
    let currency = Currency::parse_on(code, document_date)?;
    Ok(read_amount(text, currency)?)
}

/// Reads a price, quantity, discount, tax rate or exchange rate: a decimal, not money (`§2 M4`).
///
/// # Errors
/// `Malformed` as for an amount, `TooPrecise` for more than 28 decimals, `OutOfRange` for more
/// digits than a decimal holds exactly.
pub fn read_decimal(text: &str) -> Result<Decimal, QuarantineReason> {
    let literal = Literal::read(text).ok_or(QuarantineReason::Malformed)?;
    let scale = u32::try_from(-literal.exponent.min(0)).unwrap_or(u32::MAX);
    if scale > DECIMAL_SCALE_MAX {
        return Err(QuarantineReason::TooPrecise);
    }
    let magnitude =
        literal.integer(scale, DECIMAL_DIGITS_MAX).map_err(|_| QuarantineReason::OutOfRange)?;
    Decimal::try_from_i128_with_scale(literal.signed(magnitude), scale)
        .map_err(|_| QuarantineReason::OutOfRange)
}

impl From<MoneyError> for QuarantineReason {
    /// Two currencies inside one record make it unreadable as a whole.
    fn from(error: MoneyError) -> Self {
        match error {
            MoneyError::TooPrecise(_) => Self::TooPrecise,
            MoneyError::OutOfRange => Self::OutOfRange,
            MoneyError::Malformed | MoneyError::CurrencyMismatch(_, _) => Self::Malformed,
        }
    }
}

impl From<CurrencyError> for QuarantineReason {
    /// A withdrawn currency is, on a later document, any other unknown code (`§2 M3`).
    fn from(error: CurrencyError) -> Self {
        match error {
            CurrencyError::Unknown(_) | CurrencyError::Withdrawn(_) => Self::CurrencyUnknown,
            CurrencyError::NotTransactional(_) => Self::CurrencyNotTransactional,
        }
    }
}

/// A number as written: `digits x 10^exponent`, without zeros at either end of the digits.
struct Literal {
    negative: bool,
    digits: String,
    exponent: i64,
}

/// Why a literal is no integer of the wanted unit.
enum Unfit {
    TooPrecise,
    TooLarge,
}

impl Literal {
    /// `None` when the text is not a plain number.
    fn read(text: &str) -> Option<Self> {
        if text.len() > NUMBER_TEXT_LENGTH_MAX {
            return None;
        }
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (number, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((number, exponent)) => (number, read_exponent(exponent)?),
            None => (unsigned, 0),
        };
        let (whole, fraction) = match number.split_once('.') {
            Some((_, "")) => return None,
            Some((whole, fraction)) => (whole, fraction),
            None => (number, ""),
        };
        let all = format!("{whole}{fraction}");
        if all.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let significant = all.trim_end_matches('0');
        if significant.is_empty() {
            return Some(Self { negative: false, digits: String::new(), exponent: 0 });
        }
        let dropped = i64::try_from(all.len() - significant.len()).ok()?;
        let decimals = i64::try_from(fraction.len()).ok()?;
        Some(Self {
            negative,
            digits: significant.trim_start_matches('0').to_owned(),
            exponent: exponent.saturating_add(dropped).saturating_sub(decimals),
        })
    }

    /// The magnitude in units of `10^-scale`, of at most `digits_max` digits.
    fn integer(&self, scale: u32, digits_max: usize) -> Result<i128, Unfit> {
        if self.digits.is_empty() {
            return Ok(0);
        }
        let shift = self.exponent.saturating_add(i64::from(scale));
        if shift < 0 {
            return Err(Unfit::TooPrecise);
        }
        let zeros = usize::try_from(shift).map_err(|_| Unfit::TooLarge)?;
        if self.digits.len().saturating_add(zeros) > digits_max {
            return Err(Unfit::TooLarge);
        }
        format!("{}{}", self.digits, "0".repeat(zeros)).parse().map_err(|_| Unfit::TooLarge)
    }

    const fn signed(&self, magnitude: i128) -> i128 {
        if self.negative { -magnitude } else { magnitude }
    }
}

/// An exponent too long for a machine integer is as good as endless.
fn read_exponent(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let endless = if text.starts_with('-') { i64::MIN / 2 } else { i64::MAX / 2 };
    Some(text.parse().unwrap_or(endless))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, code: &str, want: Result<&str, QuarantineReason>) {
        let read = read_amount_with_code(text, code, None).map(|amount| amount.to_string());
        assert_eq!(read.as_deref(), want.as_ref().copied());
    }

    #[test]
    fn zero_has_no_sign_and_no_size() {
        check("-0.000", "EUR", Ok("0.00 EUR"));
        check("0e999999999999999999999", "EUR", Ok("0.00 EUR"));
    }

    #[test]
    fn the_largest_amount_is_the_last_that_fits() {
        check("92233720368547758.07", "EUR", Ok("92233720368547758.07 EUR"));
        check("-92233720368547758.08", "EUR", Ok("-92233720368547758.08 EUR"));
        check("92233720368547758.08", "EUR", Err(QuarantineReason::OutOfRange));
        check("9".repeat(60).as_str(), "EUR", Err(QuarantineReason::OutOfRange));
    }

    #[test]
    fn an_endless_exponent_is_out_of_range_and_its_inverse_too_precise() {
        check("1e99999999999999999999", "EUR", Err(QuarantineReason::OutOfRange));
        check("1e-99999999999999999999", "EUR", Err(QuarantineReason::TooPrecise));
        check("125e-2", "EUR", Ok("1.25 EUR"));
    }

    #[test]
    fn what_is_not_a_plain_number_is_malformed() {
        for text in
            ["+5", "5.", ".", "-", "--5", " 5", "5 ", "1e", "1e+", "1.2.3", "0x10", "Inf", "１"]
        {
            check(text, "EUR", Err(QuarantineReason::Malformed));
        }
        check("1".repeat(401).as_str(), "EUR", Err(QuarantineReason::Malformed));
    }

    #[test]
    fn a_withdrawn_currency_lives_on_in_older_documents() {
        let before = jiff::civil::date(2022, 12, 31);
        let read = read_amount_with_code("7.50", "HRK", Some(before)).unwrap();
        assert_eq!(read.to_string(), "7.50 HRK");
        check("7.50", "HRK", Err(QuarantineReason::CurrencyUnknown));
    }

    #[test]
    fn a_decimal_keeps_every_digit_that_counts() {
        assert_eq!(read_decimal("33.333333333333336").unwrap().to_string(), "33.333333333333336");
        assert_eq!(read_decimal("1.0850").unwrap().to_string(), "1.085");
        assert_eq!(read_decimal("-2.5e3").unwrap().to_string(), "-2500");
        assert_eq!(read_decimal("1e-29"), Err(QuarantineReason::TooPrecise));
        assert_eq!(read_decimal("1e29"), Err(QuarantineReason::OutOfRange));
        assert_eq!(
            read_decimal("79228162514264337593543950336"),
            Err(QuarantineReason::OutOfRange)
        );
        assert_eq!(read_decimal("a"), Err(QuarantineReason::Malformed));
    }
}
