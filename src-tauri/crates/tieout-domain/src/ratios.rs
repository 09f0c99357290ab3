//! Ratios of the receivables (`finance-domain §13`). `None` is "n/a", never zero or infinity.
//!
//! Two decimals, half-up, rounded once at the end. All amounts of one ratio are in one currency,
//! and credit sales are invoices less credits of the window.

use rust_decimal::Decimal;

use crate::exact::Exact;
use crate::money::{Money, MoneyError};
use crate::rounding::decimal_of_units;

const RATIO_DIGITS: u32 = 2;
const MEDIAN_DIGITS: u32 = 1;

/// Days of sales outstanding: `receivables / credit_sales x days`.
///
/// With the receivables that are not overdue it is the best possible DSO. `None` unless sales are
/// above zero.
///
/// # Errors
/// `CurrencyMismatch`; `OutOfRange`.
pub fn dso_simple(
    receivables: Money,
    credit_sales: Money,
    days: u32,
) -> Result<Option<Decimal>, MoneyError> {
    receivables.compare(credit_sales)?;
    quotient(Exact::from(receivables).times(&Exact::integer(days.into())), credit_sales.into())
}

/// DSO less the best possible DSO, rounded once.
///
/// # Errors
/// `CurrencyMismatch`; `OutOfRange`.
pub fn average_days_delinquent(
    receivables: Money,
    not_overdue: Money,
    credit_sales: Money,
    days: u32,
) -> Result<Option<Decimal>, MoneyError> {
    dso_simple(receivables.checked_sub(not_overdue)?, credit_sales, days)
}

/// What the collection effectiveness index is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Collection {
    /// Receivables at the beginning of the window.
    pub beginning: Money,
    /// Credit sales of the window.
    pub credit_sales: Money,
    /// Receivables at the end.
    pub ending: Money,
    /// The part of them that is not overdue.
    pub ending_not_overdue: Money,
}

/// Collected of what could have been collected, in percent.
///
/// # Errors
/// `CurrencyMismatch`; `OutOfRange`.
pub fn collection_effectiveness(of: &Collection) -> Result<Option<Decimal>, MoneyError> {
    let available = of.beginning.checked_add(of.credit_sales)?;
    percentage(available.checked_sub(of.ending)?, available.checked_sub(of.ending_not_overdue)?)
}

/// `part / whole x 100`: billing coverage is of `B` in `E`, cash realisation of `C` in `G`.
///
/// # Errors
/// `CurrencyMismatch`; `OutOfRange`.
pub fn percentage(part: Money, whole: Money) -> Result<Option<Decimal>, MoneyError> {
    part.compare(whole)?;
    quotient(Exact::from(part).times(&Exact::integer(100)), whole.into())
}

fn quotient(above: Exact, below: Exact) -> Result<Option<Decimal>, MoneyError> {
    if !below.is_positive() {
        return Ok(None);
    }
    decimal_of_units(above.divided_half_up(&below, RATIO_DIGITS), RATIO_DIGITS).map(Some)
}

/// A whole month's credit sales.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SalesMonth {
    /// Invoices less credits of the month.
    pub credit_sales: Money,
    /// Calendar days of the month.
    pub days: u32,
}

/// DSO by counting back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountBack {
    /// Two decimals.
    Days(Decimal),
    /// Receivables are larger than all months supplied: "more than n days", incomplete.
    MoreThan(u64),
}

/// Subtracts whole months of sales from the receivables, newest first, and adds their days; the
/// last part-month counts pro rata.
///
/// # Errors
/// `CurrencyMismatch`; `OutOfRange`.
pub fn dso_count_back(
    receivables: Money,
    months_newest_first: &[SalesMonth],
) -> Result<CountBack, MoneyError> {
    let mut left = receivables;
    let mut whole_days = 0_u64;
    for month in months_newest_first {
        if !left.is_positive() {
            break;
        }
        if left.compare(month.credit_sales)?.is_le() {
            return part_month(left, month, whole_days).map(CountBack::Days);
        }
        left = left.checked_sub(month.credit_sales)?;
        whole_days += u64::from(month.days);
    }
    if left.is_positive() {
        return Ok(CountBack::MoreThan(whole_days));
    }
    let units = Exact::integer(whole_days.into()).rounded_half_up(RATIO_DIGITS);
    decimal_of_units(units, RATIO_DIGITS).map(CountBack::Days)
}

fn part_month(left: Money, month: &SalesMonth, whole_days: u64) -> Result<Decimal, MoneyError> {
    let sales = Exact::from(month.credit_sales);
    let before = Exact::integer(whole_days.into()).times(&sales);
    let days = Exact::from(left).times(&Exact::integer(month.days.into()));
    decimal_of_units(before.plus(&days).divided_half_up(&sales, RATIO_DIGITS), RATIO_DIGITS)
}

/// Median and 90th percentile of a lag in days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lag {
    /// One decimal; of an even number the mean of the two middle values.
    pub median: Decimal,
    /// Nearest rank: the `ceil(0.9 n)`-th smallest.
    pub percentile_90: i64,
}

/// The lag over some deals, which may be negative. `None` without a deal.
///
/// # Errors
/// `OutOfRange`.
pub fn lag(days: &[i64]) -> Result<Option<Lag>, MoneyError> {
    let mut ordered = days.to_vec();
    ordered.sort_unstable();
    let rank_90 = (ordered.len() * 9).div_ceil(10);
    let (Some(low), Some(high), Some(percentile_90)) = (
        ordered.get(ordered.len().saturating_sub(1) / 2),
        ordered.get(ordered.len() / 2),
        ordered.get(rank_90.saturating_sub(1)),
    ) else {
        return Ok(None);
    };
    let middle = Exact::integer(i128::from(*low) + i128::from(*high));
    let median = middle.divided_half_up(&Exact::integer(2), MEDIAN_DIGITS);
    let median = decimal_of_units(median, MEDIAN_DIGITS)?;
    Ok(Some(Lag { median, percentile_90: *percentile_90 }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::currency::Currency;

    fn usd(units: i64) -> Money {
        Money::from_minor(units * 100, Currency::parse("USD").unwrap())
    }

    #[track_caller]
    fn check_count_back(receivables: i64, months: &[(i64, u32)], want: &str) {
        let months: Vec<_> = months
            .iter()
            .map(|(sales, days)| SalesMonth { credit_sales: usd(*sales), days: *days })
            .collect();
        let found = match dso_count_back(usd(receivables), &months).unwrap() {
            CountBack::Days(days) => days.to_string(),
            CountBack::MoreThan(days) => format!("more than {days} days"),
        };
        assert_eq!(found, want);
    }

    #[test]
    fn nothing_receivable_takes_no_days() {
        check_count_back(0, &[(100, 30)], "0.00");
        check_count_back(-5, &[], "0.00");
    }

    #[test]
    fn a_month_without_sales_counts_its_days() {
        check_count_back(50, &[(0, 30), (100, 31)], "45.50");
        check_count_back(50, &[(-50, 30), (100, 31)], "61.00");
    }

    #[test]
    fn beyond_the_months_supplied_the_days_are_a_lower_bound() {
        check_count_back(300, &[(100, 30), (100, 31)], "more than 61 days");
        check_count_back(1, &[], "more than 0 days");
    }

    #[test]
    fn without_a_denominator_there_is_no_ratio() {
        assert_eq!(percentage(usd(1), usd(0)), Ok(None));
        assert_eq!(dso_simple(usd(1), usd(-10), 91), Ok(None));
        assert_eq!(lag(&[]), Ok(None));
    }

    #[test]
    fn coverage_is_a_percentage() {
        assert_eq!(percentage(usd(2), usd(3)).unwrap().unwrap().to_string(), "66.67");
    }
}
