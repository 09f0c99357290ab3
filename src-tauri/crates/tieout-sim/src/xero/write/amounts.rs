//! What a line comes to, and its tax (`xero §6.5, §7.6`).

use rust_decimal::Decimal;

use super::super::document::{AmountTypes, Line};
use super::super::exact::cents;

const HUNDRED: Decimal = Decimal::ONE_HUNDRED;
/// 9,999,999,999.99.
pub const LINE_AMOUNT_MAX: Decimal = Decimal::from_parts(0xD4A5_0FFF, 0xE8, 0, false, 2);

/// Quantity by price, less the discount, in cents (`xero §6.5`).
pub fn line_amount(line: &Line) -> Decimal {
    let whole = line.quantity.unwrap_or(Decimal::ONE) * line.unit;
    let share = HUNDRED - line.discount_rate.unwrap_or_default();
    cents(whole * share / HUNDRED - line.discount_amount.unwrap_or_default())
}

/// In or on an amount, half up per line (`xero §7.6`).
pub fn tax_on(amount: Decimal, percent: Decimal, types: AmountTypes) -> Decimal {
    match types {
        AmountTypes::Exclusive => cents(amount * percent / HUNDRED),
        AmountTypes::Inclusive => cents(amount * percent / (HUNDRED + percent)),
        AmountTypes::NoTax => Decimal::ZERO,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn taxes(amount: &str, percent: &str, types: AmountTypes, expected: &str) {
        let of = |text: &str| text.parse::<Decimal>().unwrap();
        assert_eq!(tax_on(of(amount), of(percent), types), of(expected));
    }

    #[test]
    fn tax_is_rounded_half_up_per_line() {
        taxes("2500.00", "15", AmountTypes::Exclusive, "375.00");
        taxes("0.10", "15", AmountTypes::Exclusive, "0.02");
        taxes("115.00", "15", AmountTypes::Inclusive, "15.00");
        taxes("9.99", "8.25", AmountTypes::Inclusive, "0.76");
        taxes("-0.10", "15", AmountTypes::Exclusive, "-0.02");
        taxes("100.00", "15", AmountTypes::NoTax, "0.00");
    }

    #[test]
    fn the_largest_line_is_just_below_ten_billion() {
        assert_eq!(LINE_AMOUNT_MAX.to_string(), "9999999999.99");
    }
}
