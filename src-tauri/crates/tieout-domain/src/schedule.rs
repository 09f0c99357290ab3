//! Expected to date and leakage (`finance-domain §8`, `E` and leakage).

use jiff::civil::Date;

use crate::dates::days_between;
use crate::money::{Money, MoneyError};

/// Days after its due date during which a missing invoice is no leakage, unless an entity differs.
pub const GRACE_DAYS_DEFAULT: u32 = 5;

/// A dated part of what a deal is to be billed, net of tax.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScheduleItem {
    /// From this day on it is expected.
    pub due_on: Date,
    /// Net of tax.
    pub amount: Money,
}

/// `E`: the schedule lines due at or before `as_of`, or the contract amount without a schedule.
/// `None` when the contract amount is unknown and nothing else says what is due.
///
/// # Errors
/// `CurrencyMismatch` for a line in another currency; `OutOfRange`.
pub fn expected_to_date(
    contract: Option<Money>,
    schedule: &[ScheduleItem],
    as_of: Date,
) -> Result<Option<Money>, MoneyError> {
    let Some(first) = schedule.first() else {
        return Ok(contract);
    };
    sum_due(first, schedule, |item| item.due_on <= as_of).map(Some)
}

/// `max(0, what is due for more than `grace_days` - invoiced)`.
///
/// A deal without a schedule passes one line, due on its cut-off date. A negative deal is mirrored
/// by the caller (`§10`).
///
/// # Errors
/// `CurrencyMismatch` for a line in another currency; `OutOfRange`.
pub fn leakage(
    schedule: &[ScheduleItem],
    invoiced: Money,
    as_of: Date,
    grace_days: u32,
) -> Result<Money, MoneyError> {
    let nothing = Money::zero(invoiced.currency());
    let Some(first) = schedule.first() else {
        return Ok(nothing);
    };
    let late = |item: &ScheduleItem| days_between(item.due_on, as_of) > i64::from(grace_days);
    let missing = sum_due(first, schedule, late)?.checked_sub(invoiced)?;
    Ok(if missing.is_positive() { missing } else { nothing })
}

/// Adds every line, due or not, so that a foreign line is refused at any date.
fn sum_due(
    first: &ScheduleItem,
    schedule: &[ScheduleItem],
    is_due: impl Fn(&ScheduleItem) -> bool,
) -> Result<Money, MoneyError> {
    let zero = Money::zero(first.amount.currency());
    schedule.iter().try_fold(zero, |sum, item| {
        let with_item = sum.checked_add(item.amount)?;
        Ok(if is_due(item) { with_item } else { sum })
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::currency::Currency;

    fn item(due_on: Date, minor: i64, code: &str) -> ScheduleItem {
        let currency = Currency::parse(code).unwrap();
        ScheduleItem { due_on, amount: Money::from_minor(minor, currency) }
    }

    #[test]
    fn an_unknown_amount_is_not_zero() {
        assert_eq!(expected_to_date(None, &[], date(2026, 6, 30)), Ok(None));
    }

    #[test]
    fn a_line_in_another_currency_is_refused_even_before_it_is_due() {
        let schedule = [item(date(2026, 1, 1), 100, "EUR"), item(date(2027, 1, 1), 100, "USD")];
        let expected = expected_to_date(None, &schedule, date(2026, 6, 30));
        assert!(matches!(expected, Err(MoneyError::CurrencyMismatch(_, _))));
    }

    #[test]
    fn nothing_due_leaks_nothing() {
        let invoiced = item(date(2026, 1, 1), 100, "EUR").amount;
        let lost = leakage(&[], invoiced, date(2026, 6, 30), GRACE_DAYS_DEFAULT);
        assert_eq!(lost, Ok(Money::zero(invoiced.currency())));
    }

    #[test]
    fn invoices_in_another_currency_are_refused() {
        let schedule = [item(date(2026, 1, 1), 100, "EUR")];
        let usd = Money::zero(Currency::parse("USD").unwrap());
        let lost = leakage(&schedule, usd, date(2026, 6, 30), GRACE_DAYS_DEFAULT);
        assert!(matches!(lost, Err(MoneyError::CurrencyMismatch(_, _))));
    }
}
