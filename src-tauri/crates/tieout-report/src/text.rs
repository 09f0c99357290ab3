//! How figures, dates and words are written for people (`finance-domain §2 M8`, `design §8`).

use std::borrow::Cow;

use jiff::Zoned;
use jiff::civil::Date;
use rust_decimal::Decimal;
use tieout_domain::Money;
use tieout_domain::dates::in_words;
use tieout_domain::money::grouped;

/// How a negative amount is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Negatives {
    /// `(1,234.00)`
    Brackets,
    /// `-1,234.00`
    Minus,
}

/// How zero is written. A missing amount is an empty cell, never zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zeros {
    /// `-`, in reports.
    Dash,
    /// `0.00`, in grids.
    Digits,
}

/// How amounts are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MoneyStyle {
    /// Negative amounts.
    pub negatives: Negatives,
    /// Zero.
    pub zeros: Zeros,
}

impl MoneyStyle {
    /// Printed reports: brackets, zero as a dash.
    pub const REPORT: Self = Self { negatives: Negatives::Brackets, zeros: Zeros::Dash };
    /// Grids on the screen: brackets, zero in digits.
    pub const GRID: Self = Self { negatives: Negatives::Brackets, zeros: Zeros::Digits };
}

/// The amount without its currency, grouped by commas, with the digits of its currency.
pub fn print_money(money: Money, style: MoneyStyle) -> String {
    if money.is_zero() && style.zeros == Zeros::Dash {
        return "-".to_owned();
    }
    signed(&money.to_plain(), style.negatives)
}

/// A number of things, grouped by commas.
pub fn print_count(count: u64) -> String {
    grouped(&count.to_string())
}

/// A quantity, price or rate with the decimals it has, grouped by commas.
pub fn print_decimal(value: Decimal, negatives: Negatives) -> String {
    signed(&value.to_string(), negatives)
}

/// A ratio as a percentage with at least one decimal: 0.026 is `2.6%`, 1 is `100.0%`. A ratio
/// beyond the range of decimals is printed as the ratio itself.
pub fn print_percent(ratio: Decimal, negatives: Negatives) -> String {
    match ratio.checked_mul(Decimal::ONE_HUNDRED) {
        Some(percent) => {
            let mut plain = percent.normalize();
            if plain.scale() == 0 {
                plain.rescale(1);
            }
            signed(&format!("{plain}%"), negatives)
        }
        None => print_decimal(ratio, negatives),
    }
}

/// `6 Jul 2026`: the month is a word, so that no reader takes it for the day.
pub fn print_date(date: Date) -> String {
    in_words(date)
}

/// `6 Jul 2026 09:44 PDT`.
pub fn print_moment(moment: &Zoned) -> String {
    moment.strftime("%-d %b %Y %H:%M %Z").to_string()
}

/// Text as a spreadsheet may open it: a leading apostrophe before text that would be read as a
/// formula (`finance-domain §2 M8`). Only for words, never for figures.
pub fn neutralised(text: &str) -> Cow<'_, str> {
    if looks_like_formula(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// Whether a spreadsheet could take the text for a formula.
pub(crate) fn looks_like_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n'])
}

/// Hex digits in groups of four, the first `groups` of them: `9b1e 44c7 0d52 a1f8`.
pub(crate) fn grouped_hash(hash: &str, groups: usize) -> String {
    let digits: Vec<char> = hash.chars().filter(|digit| !digit.is_whitespace()).collect();
    let parts = digits.chunks(4).take(groups).map(|part| part.iter().collect::<String>());
    parts.collect::<Vec<_>>().join(" ")
}

fn signed(plain: &str, negatives: Negatives) -> String {
    match (plain.strip_prefix('-'), negatives) {
        (None, _) => grouped(plain),
        (Some(digits), Negatives::Brackets) => format!("({})", grouped(digits)),
        (Some(digits), Negatives::Minus) => format!("-{}", grouped(digits)),
    }
}

#[cfg(test)]
mod tests {
    use tieout_domain::Currency;

    use super::*;

    #[track_caller]
    fn check(style: MoneyStyle, minor: i64, code: &str, expected: &str) {
        let currency = Currency::parse(code).unwrap();
        assert_eq!(print_money(Money::from_minor(minor, currency), style), expected);
    }

    const MINUS: MoneyStyle = MoneyStyle { negatives: Negatives::Minus, zeros: Zeros::Dash };

    #[test]
    fn an_amount_is_grouped_with_the_digits_of_its_currency() {
        check(MoneyStyle::REPORT, 123_450, "USD", "1,234.50");
        check(MoneyStyle::REPORT, 5, "USD", "0.05");
        check(MoneyStyle::REPORT, 100_000_000, "USD", "1,000,000.00");
        check(MoneyStyle::REPORT, 99_999, "USD", "999.99");
        check(MoneyStyle::REPORT, 1_234, "JPY", "1,234");
        check(MoneyStyle::REPORT, 1_234_567, "KWD", "1,234.567");
        check(MoneyStyle::REPORT, i64::MAX, "USD", "92,233,720,368,547,758.07");
        check(MoneyStyle::REPORT, i64::MIN, "USD", "(92,233,720,368,547,758.08)");
    }

    #[test]
    fn a_negative_amount_stands_in_brackets_or_behind_a_minus() {
        check(MoneyStyle::REPORT, -123_450, "USD", "(1,234.50)");
        check(MINUS, -123_450, "USD", "-1,234.50");
        check(MoneyStyle::GRID, -4, "USD", "(0.04)");
    }

    #[test]
    fn zero_is_a_dash_in_reports_and_digits_in_grids() {
        check(MoneyStyle::REPORT, 0, "USD", "-");
        check(MoneyStyle::GRID, 0, "USD", "0.00");
        check(MoneyStyle::GRID, 0, "JPY", "0");
    }

    #[test]
    fn a_ratio_is_printed_as_a_percentage_without_losing_digits() {
        let ratio = |text: &str| Decimal::from_str_exact(text).unwrap();
        assert_eq!(print_percent(ratio("0.026"), Negatives::Brackets), "2.6%");
        assert_eq!(print_percent(ratio("1"), Negatives::Brackets), "100.0%");
        assert_eq!(print_percent(ratio("-12.345"), Negatives::Brackets), "(1,234.5%)");
        assert_eq!(print_percent(ratio("0"), Negatives::Brackets), "0.0%");
    }

    #[test]
    fn the_month_is_a_word() {
        assert_eq!(print_date(jiff::civil::date(2026, 7, 6)), "6 Jul 2026");
        let moment: Zoned = "2026-07-06T09:44:30-07:00[America/Los_Angeles]".parse().unwrap();
        assert_eq!(print_moment(&moment), "6 Jul 2026 09:44 PDT");
    }

    #[test]
    fn text_that_looks_like_a_formula_gets_an_apostrophe() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx"] {
            assert_eq!(neutralised(text), format!("'{text}"));
        }
        for text in ["", "a=1", " =1", "'=1", "1-2"] {
            assert_eq!(neutralised(text), text);
        }
    }

    #[test]
    fn a_hash_is_shown_in_groups_of_four() {
        assert_eq!(grouped_hash("9b1e44c70d52a1f86c33", 4), "9b1e 44c7 0d52 a1f8");
        assert_eq!(grouped_hash("9b1e44", 4), "9b1e 44");
    }
}
