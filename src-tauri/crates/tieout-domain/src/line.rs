//! From a line to the total of a document that we predict (`finance-domain §2 M4, M5, M6`).
//!
//! A prediction is compared with what the accounting tool posted and never replaces it.

use rust_decimal::Decimal;

use crate::currency::Currency;
use crate::exact::Exact;
use crate::money::{Money, MoneyError};

/// `round(quantity x unit_price x (1 - discount))`, rounded once. `discount` is a fraction.
///
/// # Errors
/// `OutOfRange` for a product that an amount cannot hold.
pub fn line_amount(
    quantity: Decimal,
    unit_price: Decimal,
    discount: Decimal,
    currency: Currency,
) -> Result<Money, MoneyError> {
    let kept = Exact::integer(1).minus(&discount.into());
    Exact::from(quantity).times(&unit_price.into()).times(&kept).to_money(currency)
}

/// A line with the tax rate that its code stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaxedLine {
    /// Net of tax.
    pub net: Money,
    /// A fraction: 0.19 is nineteen percent.
    pub rate: Decimal,
}

/// Tax predicted both ways; a posted tax equal to either is no difference (`§2 M5`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedTax {
    /// The rounded tax of each line, in the order of the lines.
    pub per_line: Vec<Money>,
    /// Rounded per line, then added.
    pub line_method: Money,
    /// Added per rate, then rounded per rate.
    pub document_method: Money,
}

/// Predicts the tax of a document in `currency`.
///
/// # Errors
/// `CurrencyMismatch` for a line in another currency; `OutOfRange`.
pub fn expected_tax(currency: Currency, lines: &[TaxedLine]) -> Result<ExpectedTax, MoneyError> {
    let mut per_line = Vec::with_capacity(lines.len());
    let mut bases: Vec<(Decimal, Money)> = Vec::new();
    for line in lines {
        per_line.push(tax_on(line.net, line.rate)?);
        match bases.iter_mut().find(|(rate, _)| *rate == line.rate) {
            Some((_, base)) => *base = base.checked_add(line.net)?,
            None => bases.push((line.rate, line.net)),
        }
    }
    let mut document_method = Money::zero(currency);
    for (rate, base) in bases {
        document_method = document_method.checked_add(tax_on(base, rate)?)?;
    }
    let line_method = Money::sum(currency, per_line.iter().copied())?;
    Ok(ExpectedTax { per_line, line_method, document_method })
}

/// `posted - expected`, measured to the nearer of the two methods; zero if equal to either.
///
/// # Errors
/// `CurrencyMismatch`; `OutOfRange`.
pub fn tax_difference(expected: &ExpectedTax, posted: Money) -> Result<Money, MoneyError> {
    let by_line = posted.checked_sub(expected.line_method)?;
    let by_document = posted.checked_sub(expected.document_method)?;
    let nearer = by_document.absolute()?.compare(by_line.absolute()?)?.is_lt();
    Ok(if nearer { by_document } else { by_line })
}

/// What the accounting tool's total is beside ours (`§2 M6`). The difference is `posted - ours`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PostedTotal {
    /// Equal to the minor unit.
    Equal,
    /// At most the rounding limit away: reason `ROUNDING`.
    Rounding(Money),
    /// Further away: a variance.
    Variance(Money),
}

/// Compares a posted total with our prediction. `rounding_minor`: minor units of the document.
///
/// # Errors
/// `CurrencyMismatch`; `OutOfRange`.
pub fn compare_posted_total(
    ours: Money,
    posted: Money,
    rounding_minor: u32,
) -> Result<PostedTotal, MoneyError> {
    let difference = posted.checked_sub(ours)?;
    Ok(if difference.is_zero() {
        PostedTotal::Equal
    } else if difference.absolute()?.minor() <= i64::from(rounding_minor) {
        PostedTotal::Rounding(difference)
    } else {
        PostedTotal::Variance(difference)
    })
}

fn tax_on(base: Money, rate: Decimal) -> Result<Money, MoneyError> {
    Exact::from(base).times(&rate.into()).to_money(base.currency())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn eur(minor: i64) -> Money {
        Money::from_minor(minor, Currency::parse("EUR").unwrap())
    }

    fn three_lines() -> ExpectedTax {
        let line = TaxedLine { net: eur(1005), rate: Decimal::new(10, 2) };
        expected_tax(eur(0).currency(), &[line; 3]).unwrap()
    }

    #[track_caller]
    fn check_difference(posted: i64, want: i64) {
        assert_eq!(tax_difference(&three_lines(), eur(posted)), Ok(eur(want)));
    }

    #[test]
    fn either_method_is_right() {
        check_difference(303, 0);
        check_difference(302, 0);
    }

    #[test]
    fn beyond_both_the_nearer_counts() {
        check_difference(305, 2);
        check_difference(300, -2);
    }

    #[test]
    fn each_rate_is_rounded_on_its_own() {
        let line = |minor, percent| TaxedLine { net: eur(minor), rate: Decimal::new(percent, 2) };
        let lines = [line(35, 7), line(35, 7), line(1999, 19), line(500, 0)];
        let tax = expected_tax(eur(0).currency(), &lines).unwrap();
        assert_eq!((tax.line_method, tax.document_method), (eur(384), eur(385)));
    }

    #[test]
    fn the_limit_itself_is_still_rounding() {
        let compare = |posted| compare_posted_total(eur(10_000), eur(posted), 5);
        assert_eq!(compare(10_000), Ok(PostedTotal::Equal));
        assert_eq!(compare(9_995), Ok(PostedTotal::Rounding(eur(-5))));
        assert_eq!(compare(10_006), Ok(PostedTotal::Variance(eur(6))));
    }

    #[test]
    fn a_line_that_no_amount_holds_is_an_error() {
        let line = line_amount(Decimal::MAX, Decimal::MAX, Decimal::ZERO, eur(0).currency());
        assert_eq!(line, Err(MoneyError::OutOfRange));
    }
}
